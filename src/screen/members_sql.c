/*
 * members_sql.c
 *		The whole graph at once: members(test) and controlled_foreign_entities().
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "screen/questions.h"

PG_FUNCTION_INFO_V1(outbound_members);
PG_FUNCTION_INFO_V1(outbound_controlled_foreign_entities);

/* What the rows share: where they go and which grades are wanted. */
typedef struct MemberRows
{
	ReturnSetInfo *rsinfo;
	Inquiry    *inquiry;
	bool		include_undisclosed;
	uint64		n_undisclosed;	/* left out */
} MemberRows;

/* One row: party_id, grade, tier, limb, parent_id. */
static void
put_member(MemberRows *rows, NodeId party, Grade grade, int tier, const char *limb, const char *parent)
{
	Datum		values[5] = {0};
	bool		nulls[5] = {false};

	if (grade == GRADE_NO)
		return;
	if (grade == GRADE_UNDISCLOSED && !rows->include_undisclosed)
	{
		rows->n_undisclosed++;
		return;
	}
	values[0] = CStringGetTextDatum(graph_node(rows->inquiry->nb->graph, party)->id);
	values[1] = CStringGetTextDatum(grade_name(grade));
	values[2] = Int32GetDatum(tier);
	nulls[2] = tier < 0;
	set_text(values, nulls, 3, limb);
	set_text(values, nulls, 4, parent);
	tuplestore_putvalues(rows->rsinfo->setResult, rows->rsinfo->setDesc, values,
						 nulls);
}

/* Says how many parties may be members only through holders nobody has disclosed. */
static void
report_undisclosed(const MemberRows *rows)
{
	if (rows->n_undisclosed > 0)
		ereport(NOTICE,
				(errmsg("%llu more parties are possible only through undisclosed holders",
						(unsigned long long) rows->n_undisclosed),
				 errhint("include_undisclosed => true lists them.")));
}

/* The members of a pooled test from one run over everything. */
static void
pooled_members(MemberRows *rows, const char *test)
{
	static const char *const kinds[] = {"voting", "board", "equity", "profits", "liquidation"};
	Membership *m = membership_run(rows->inquiry, test, NULL);

	for (uint32 i = 0; i < m->n_nodes; i++)
	{
		MembershipFinding finding = membership_finding(rows->inquiry, m, m->nodes[i]);
		int			reason = finding.reason;

		CHECK_FOR_INTERRUPTS();
		put_member(rows, m->nodes[i], finding.grade, finding.is_member ? (int) finding.tier : -1,
				   reason >= 0 ? kinds[m->test.base.measures[reason].kind] :
				   reason == -1 ? "seed" : reason == -2 ? "role" : reason == -3 ? "branch" : NULL, NULL);
	}
}

/* The parties of which some U.S. person is a parent, one after the other. */
static void
controlled_entities(MemberRows *rows)
{
	for (uint32 i = 0; i < graph_size(rows->inquiry->nb->graph); i++)
	{
		NodeId		parent = i;
		Grade		grade;

		CHECK_FOR_INTERRUPTS();
		grade = controlled_foreign_entity(rows->inquiry, i, NULL, &parent);
		put_member(rows, i, grade, -1, NULL,
				   parent != i ? graph_node(rows->inquiry->nb->graph, parent)->id : NULL);
	}
}

/* Loads everything and prepares the rows. */
static MemberRows
begin_members(FunctionCallInfo fcinfo, DateADT as_of, bool include_undisclosed)
{
	MemberRows	rows = {0};

	InitMaterializedSRF(fcinfo, 0);
	rows.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	rows.inquiry = inquiry_begin(rule_book(NULL, as_of), as_of, NULL);
	rows.include_undisclosed = include_undisclosed;
	neighbourhood_load_all(rows.inquiry->nb);
	return rows;
}

/* members(test, as_of, include_undisclosed) */
Datum
outbound_members(PG_FUNCTION_ARGS)
{
	char	   *test = text_to_cstring(PG_GETARG_TEXT_PP(0));
	MemberRows	rows = begin_members(fcinfo, PG_GETARG_DATEADT(1), PG_GETARG_BOOL(2));

	if (rule_test_under(rule_test(rows.inquiry->book, test), rows.inquiry->choice).pooled)
		pooled_members(&rows, test);
	else if (strcmp(test, TEST_PARENT) == 0)
		controlled_entities(&rows);
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("ownership test \"%s\" asks about one holder at a time", test),
				 errhint("Use holdings(party, test) for each holder.")));
	report_undisclosed(&rows);
	inquiry_end(rows.inquiry);
	return (Datum) 0;
}

/* controlled_foreign_entities(as_of, include_undisclosed): 850.206 */
Datum
outbound_controlled_foreign_entities(PG_FUNCTION_ARGS)
{
	MemberRows	rows = begin_members(fcinfo, PG_GETARG_DATEADT(0), PG_GETARG_BOOL(1));

	controlled_entities(&rows);
	report_undisclosed(&rows);
	inquiry_end(rows.inquiry);
	return (Datum) 0;
}
