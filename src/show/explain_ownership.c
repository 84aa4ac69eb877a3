/*
 * explain_ownership.c
 *		explain_ownership(holder, held, test): the minimal well-founded proof, link by
 *		link, and how far each amount is from its threshold.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "read/contract_words.h"
#include "utils/builtins.h"

#include "core/witness.h"
#include "screen/questions.h"
#include "types/share.h"

PG_FUNCTION_INFO_V1(outbound_explain_ownership);

#define N_COLUMNS 12

static const char *
basis_name(WitnessClass basis)
{
	static const char *const names[] = {"direct", "whole", "proportion", "role", "principal"};

	return names[basis];
}

/* Sets a column to an exact share. */
static void
set_fraction(Inquiry *inquiry, Datum *values, bool *nulls, int column, Fraction value)
{
	ShareValue	share = share_value_exact(value);

	values[column] = share_value_datum(&inquiry->env, &share);
	nulls[column] = false;
}

/* Is the party's amount on the side of its gate that makes a member, in this run? */
static bool
passes(Inquiry *inquiry, const ProofRun *proof, const Witness *witness)
{
	const Bound *amount = &proof->attribution->amount[witness->measure][witness->node];
	int			side = fraction_compare(&inquiry->env, amount->value, witness->threshold);
	bool		lower_bound = proof->grade == GRADE_DEFINITE || proof->grade == GRADE_NO;

	if (side != 0)
		return side > 0;
	/* at the line: an end that is not attained lies above it from below, and below it from above */
	if (witness->strict)
		return lower_bound && amount->strict;
	return lower_bound || !amount->strict;
}

/* One row of the proof: which holding of which party, how it counts, and the party's sum. */
static void
put_row(ReturnSetInfo *rsinfo, Inquiry *inquiry, const ProofRun *proof, int step,
		const Witness *witness, const WitnessRow *row)
{
	const Graph *graph = inquiry->nb->graph;
	Datum		values[N_COLUMNS] = {0};
	bool		nulls[N_COLUMNS];
	Fraction	margin = witness->margin;

	memset(nulls, true, sizeof(nulls));
	values[0] = Int32GetDatum(step);
	nulls[0] = false;
	set_text(values, nulls, 1, graph_node(graph, witness->node)->id);
	if (row != NULL)
	{
		set_text(values, nulls, 2, graph_node(graph, row->holder)->id);
		set_text(values, nulls, 3, interest_kind_words[row->kind]);
		set_text(values, nulls, 4, basis_name(row->basis));
		values[5] = share_value_datum(&inquiry->env, &row->share);
		nulls[5] = row->kind >= N_PERCENTAGE_KINDS;
		set_fraction(inquiry, values, nulls, 6, row->factor);
		set_fraction(inquiry, values, nulls, 7, row->contribution);
	}
	if (witness->measure >= 0)
	{
		set_fraction(inquiry, values, nulls, 8, witness->sum);
		set_fraction(inquiry, values, nulls, 9, witness->threshold);
		values[10] = BoolGetDatum(passes(inquiry, proof, witness));
		nulls[10] = false;
		margin.negative = false;
		set_fraction(inquiry, values, nulls, 11, margin);
	}
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* Writes what bounds there are of each amount, where a ring is too large for a proof. */
static Grade
put_bounds(ReturnSetInfo *rsinfo, Inquiry *inquiry, const TestRow *row, NodeId holder, NodeId held, int *step)
{
	ParentFinding finding = root_finding(inquiry, row, holder, held);

	ereport(NOTICE,
			(errmsg("%s", proof_open_text(inquiry, held)),
			 errdetail("Bounds of the amounts are told, and no proof.")));
	for (int k = 0; k < row->base.n_measures; k++)
	{
		const OwnershipTest *test = &row->base;
		Gate		line = test->reports ? test->measures[k].report :
			(Gate) {test->measures[k].threshold, test->measures[k].strict};
		ShareValue	threshold = share_value_exact(line.threshold);
		Datum		values[N_COLUMNS] = {0};
		bool		nulls[N_COLUMNS];

		memset(nulls, true, sizeof(nulls));
		values[0] = Int32GetDatum(++*step);
		nulls[0] = false;
		set_text(values, nulls, 1, graph_node(inquiry->nb->graph, held)->id);
		set_text(values, nulls, 3, interest_kind_words[test->measures[k].kind]);
		values[8] = share_value_datum(&inquiry->env, &finding.amount[k]);
		nulls[8] = false;
		set_fraction(inquiry, values, nulls, 9, line.threshold);
		set_ternary(values, nulls, 10, line.strict ? share_value_exceeds(&inquiry->env, &finding.amount[k], &threshold) :
					share_value_at_least(&inquiry->env, &finding.amount[k], &threshold));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return finding.grade;
}

/* what a proof is of: that one meets the test (and nothing where it does not), what there is of it, that one controls by it */
typedef enum ProofOf
{
	PROOF_IF_MEMBER,
	PROOF_ANYWAY,
	PROOF_OF_CONTROL
} ProofOf;

/* Writes the proof that a party meets a test in another, or what there is of it. */
static Grade
put_proof(ReturnSetInfo *rsinfo, Inquiry *inquiry, const TestRow *row, NodeId holder, NodeId held, ProofOf of, int *step)
{
	ProofRun	proof = root_proof(inquiry, row, holder, held);
	Witness    *list;
	uint32		n;

	if (proof.open)
		return put_bounds(rsinfo, inquiry, row, holder, held, step);
	if (of == PROOF_IF_MEMBER && proof.grade == GRADE_NO)
		return GRADE_NO;
	n = witness_proof(&inquiry->env, proof.kernel, proof.attribution, held, of == PROOF_OF_CONTROL, &list);
	inquiry_check(inquiry);
	for (uint32 i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (list[i].n_rows == 0)
			put_row(rsinfo, inquiry, &proof, ++*step, &list[i], NULL);
		for (uint32 j = 0; j < list[i].n_rows; j++)
			put_row(rsinfo, inquiry, &proof, ++*step, &list[i], &list[i].rows[j]);
	}
	return proof.grade;
}

/* Writes the proof that a party meets a test in another by way of a third, or what there is without one. */
static void
put_through(ReturnSetInfo *rsinfo, Inquiry *inquiry, const TestRow *row, NodeId holder, NodeId held, int *step)
{
	TestRow		through = rule_test_under(rule_test(inquiry->book, row->through), inquiry->choice);
	NodeId		via;

	if (!root_through(inquiry, row, holder, held, &via))
	{
		put_proof(rsinfo, inquiry, row, holder, held, PROOF_ANYWAY, step);
		return;
	}
	put_proof(rsinfo, inquiry, &through, holder, via, PROOF_ANYWAY, step);
	put_proof(rsinfo, inquiry, row, via, held, PROOF_OF_CONTROL, step);
}

/* explain_ownership(holder, held, test, as_of) */
Datum
outbound_explain_ownership(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	char	   *holder_id = id_argument(fcinfo, 0);
	char	   *test = text_to_cstring(PG_GETARG_TEXT_PP(2));
	Question   *question;
	NodeId		above;
	Inquiry    *inquiry;
	TestRow		row;
	int			step = 0;

	InitMaterializedSRF(fcinfo, 0);
	question = question_begin(fcinfo, id_argument(fcinfo, 1), PG_GETARG_DATEADT(3));
	require_known(question);
	inquiry = question->inquiry;
	above = known_party(inquiry, holder_id);
	row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);
	if (row.through == NULL)
		put_proof(rsinfo, inquiry, &row, above, question->party, PROOF_ANYWAY, &step);
	else if (put_proof(rsinfo, inquiry, &row, above, question->party, PROOF_IF_MEMBER, &step) == GRADE_NO)
		put_through(rsinfo, inquiry, &row, above, question->party, &step);
	inquiry_end(inquiry);
	return (Datum) 0;
}
