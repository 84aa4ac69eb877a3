/*
 * row_security.c
 *		What row security and views make of a relation for this user and session.
 *
 * A policy on a table beneath a view filters the view: for the view's owner, or for the
 * caller of a view with security_invoker.  Policies inside functions that a view calls
 * cannot be seen from here.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "rewrite/rewriteHandler.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "compat.h"
#include "read/row_security.h"

/* a view, and who reads what is beneath it */
typedef struct ViewReader
{
	Oid			view;
	Oid			user;
} ViewReader;

static bool filtered_for(Oid relid, Oid user);

/* Finds a relation that is filtered for the reader of a view among what the view reads. */
static bool
filtered_walker(Node *node, void *arg)
{
	const ViewReader *reader = arg;

	if (node == NULL)
		return false;
	if (IsA(node, RangeTblEntry))
	{
		RangeTblEntry *entry = (RangeTblEntry *) node;

		/* a rule's query has entries for the view itself */
		return entry->rtekind == RTE_RELATION && entry->relid != reader->view &&
			filtered_for(entry->relid, reader->user);
	}
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, filtered_walker, arg, QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, filtered_walker, arg);
}

/* Is the relation, or a table beneath the view that it is, filtered for this user? */
static bool
filtered_for(Oid relid, Oid user)
{
	Relation	view;
	ViewReader	reader;
	bool		filtered;

	check_stack_depth();
	if (check_enable_rls(relid, user, true) == RLS_ENABLED)
		return true;
	if (get_rel_relkind(relid) != RELKIND_VIEW)
		return false;
	view = table_open(relid, AccessShareLock);
	reader.view = relid;
	reader.user = RelationHasSecurityInvoker(view) ? user : view->rd_rel->relowner;
	filtered = filtered_walker((Node *) get_view_query(view), &reader);
	table_close(view, NoLock);
	return filtered;
}

/* Would policies hide rows from the current user? See row_security.h. */
bool
rows_are_filtered(Oid relid)
{
	return filtered_for(relid, GetUserId());
}

/* A plain table without policies shows what its snapshot holds; anything else may ask the session. */
bool
rows_hang_on_session(Oid relid)
{
	char		kind = get_rel_relkind(relid);

	return check_enable_rls(relid, InvalidOid, true) == RLS_ENABLED ||
		(kind != RELKIND_RELATION && kind != RELKIND_PARTITIONED_TABLE && kind != RELKIND_MATVIEW);
}

/* Hashes one setting's name and value. */
static uint64
setting_fingerprint(const char *name)
{
	const char *value = GetConfigOption(name, true, false);
	uint64		hash = hash_bytes_extended((const unsigned char *) name, strlen(name), 0);

	return value == NULL ? hash : hash_bytes_extended((const unsigned char *) value, strlen(value), hash);
}

/*
 * Policies and views commonly ask current_setting('app.tenant'), the application's name or
 * the session's user; whatever else a statement may change is told by when it began.
 */
uint64
session_fingerprint(void)
{
	uint64		hash = hash_combine64((uint64) GetCurrentStatementStartTimestamp(), GetSessionUserId());
	int			n;
	struct config_generic **variables = ext_guc_variables(&n);

	hash = hash_combine64(hash, setting_fingerprint("application_name"));
	hash = hash_combine64(hash, setting_fingerprint("search_path"));
	for (int i = 0; i < n; i++)
	{
		/* in whatever order they come */
		if (variables[i]->group == CUSTOM_OPTIONS)
			hash += setting_fingerprint(variables[i]->name);
	}
	ext_guc_variables_free(variables);
	return hash;
}
