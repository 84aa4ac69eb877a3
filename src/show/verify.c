/*
 * verify.c
 *		verify(test): checks the certificate of members(test) party by party, by other
 *		means than it was computed with.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/certificate.h"
#include "screen/census_members.h"
#include "screen/questions.h"
#include "types/share.h"

PG_FUNCTION_INFO_V1(outbound_verify);

#define N_COLUMNS 6

static const char *const run_names[] = {"definite", "possible", "undisclosed"};

static const char *const kind_names[N_PERCENTAGE_KINDS] = {
	"voting", "board", "equity", "profits", "liquidation"
};

static const char *
fault_text(CertificateFault fault)
{
	static const char *const texts[] = {
		"the amount is not what the holders make it",
		"what it passes on is not what it should be",
		"a member that nothing supports",
		"no member, and should be",
		"a ring that supports itself",
		"a ring that could not be solved again"
	};

	return texts[fault];
}

/* One row: run, party_id, kind, fault, claimed, found. */
static void
put_fault(ReturnSetInfo *rsinfo, Inquiry *inquiry, const TestRow *test, KernelRun run, const CertificateRow *row)
{
	Datum		values[N_COLUMNS] = {0};
	bool		nulls[N_COLUMNS];

	memset(nulls, true, sizeof(nulls));
	set_text(values, nulls, 0, run_names[run]);
	set_text(values, nulls, 1, graph_node(inquiry->nb->graph, row->node)->id);
	set_text(values, nulls, 3, fault_text(row->fault));
	if (row->measure >= 0)
	{
		ShareValue	claimed = share_value_exact(row->claimed);
		ShareValue	found = share_value_exact(row->found);

		set_text(values, nulls, 2, kind_names[test->base.measures[row->measure].kind]);
		values[4] = share_value_datum(&inquiry->env, &claimed);
		values[5] = share_value_datum(&inquiry->env, &found);
		nulls[4] = nulls[5] = false;
	}
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* Compares what members() tells from a census with the grades of the checked runs. */
static void
compare_members(ReturnSetInfo *rsinfo, Inquiry *inquiry, const char *test, const Membership *m)
{
	const CensusMembership *told = census_members(inquiry, test, GRADE_NO);
	uint8	   *grades = palloc_extended(Max(m->n_nodes, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (uint32 i = 0; told != NULL && i < census_size(told->loaded->census); i++)
	{
		const char *id = census_party(told->loaded->census, i)->id;
		NodeId		node;

		if (graph_find(inquiry->nb->graph, id, strlen(id), &node))
			grades[node] = told->grade[i];
	}
	for (uint32 i = 0; told != NULL && i < m->n_nodes; i++)
	{
		Grade		grade = membership_finding(inquiry, m, m->nodes[i]).grade;
		Datum		values[N_COLUMNS] = {0};
		bool		nulls[N_COLUMNS] = {false, false, true, false, true, true};

		CHECK_FOR_INTERRUPTS();
		if (grade == (Grade) grades[m->nodes[i]])
			continue;
		set_text(values, nulls, 0, "members");
		set_text(values, nulls, 1, graph_node(inquiry->nb->graph, m->nodes[i])->id);
		set_text(values, nulls, 3, psprintf("members() says %s, and it is %s", grade_name(grades[m->nodes[i]]), grade_name(grade)));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/* verify(test, as_of) */
Datum
outbound_verify(PG_FUNCTION_ARGS)
{
	char	   *test = text_to_cstring(PG_GETARG_TEXT_PP(0));
	DateADT		as_of = PG_GETARG_DATEADT(1);
	Inquiry    *inquiry;
	OwnershipTest base;
	TestRow		row;
	Membership *m;

	InitMaterializedSRF(fcinfo, 0);
	inquiry = inquiry_begin(rule_book(NULL, as_of), as_of, NULL);
	row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);
	base = kernel_test(&row);
	if (!row.pooled || row.tiers > 0 || !certificate_covers(&base))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("ownership test \"%s\" has no certificate", test),
				 errdetail("A pooled test has one, unless it goes tier by tier, reports by a line of its own, or lets links carry more than their shares.")));
	neighbourhood_load_all(inquiry->nb);
	m = membership_run(inquiry, test, NULL);
	for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
	{
		CertificateRow *rows;
		uint32		n = certificate_check(&inquiry->env, inquiry->nb->graph, m->nodes, m->n_nodes, &base, run,
										  m->runs[run], &rows);

		inquiry_check(inquiry);
		for (uint32 i = 0; i < n; i++)
		{
			CHECK_FOR_INTERRUPTS();
			put_fault((ReturnSetInfo *) fcinfo->resultinfo, inquiry, &row, run, &rows[i]);
		}
	}
	if (census_can(&row))
		compare_members((ReturnSetInfo *) fcinfo->resultinfo, inquiry, test, m);
	inquiry_end(inquiry);
	return (Datum) 0;
}
