/*
 * outbound.c
 *		Module magic and settings.
 */
#include "postgres.h"

#include <limits.h>

#include "fmgr.h"
#include "utils/guc.h"

#include "compat.h"
#include "outbound.h"

EXT_MODULE_MAGIC("outbound", "0.1.0");

int			outbound_max_graph_memory = 1024 * 1024;

void		_PG_init(void);

/* define the settings when the module is loaded */
void
_PG_init(void)
{
	DefineCustomIntVariable("outbound.max_graph_memory",
							"Sets the memory that one answer may use for its ownership graph.",
							"A graph that needs more is an error, not an out-of-memory kill.",
							&outbound_max_graph_memory,
							1024 * 1024,
							1024,
							MAX_KILOBYTES,
							PGC_USERSET,
							GUC_UNIT_KB,
							NULL,
							NULL,
							NULL);
	MarkGUCPrefixReserved("outbound");
}
