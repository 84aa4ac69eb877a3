/*
 * questions.h
 *		Shared by the SQL functions that ask about parties.
 */
#ifndef OUTBOUND_QUESTIONS_H
#define OUTBOUND_QUESTIONS_H

#include "postgres.h"

#include "fmgr.h"

#include "screen/inquiry.h"

/* a question about one party, its cone loaded */
typedef struct Question
{
	Inquiry    *inquiry;
	const char *id;
	NodeId		party;
	bool		known;
} Question;

extern char *id_argument(FunctionCallInfo fcinfo, int n);	/* text, bigint or uuid, as text */
extern Question *question_begin(FunctionCallInfo fcinfo, const char *id, DateADT as_of);
extern void warn_unknown_party(const char *id);
extern void require_known(const Question *question);	/* ERROR 42704 */

/* another party of the same question, its cone loaded; ERROR 42704 if it stands in no relation */
extern NodeId known_party(Inquiry *inquiry, const char *id);
extern Datum text_array(const char *const *items, int n);
extern void set_ternary(Datum *values, bool *nulls, int column, Ternary value);
extern void set_text(Datum *values, bool *nulls, int column, const char *value);

#endif							/* OUTBOUND_QUESTIONS_H */
