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
	inquiry_end(inquiry);
	return (Datum) 0;
}
