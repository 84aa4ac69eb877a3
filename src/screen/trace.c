/*
 * trace.c
 *		The way to a verdict, step by step, with the holdings it rests on.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/witness.h"
#include "screen/trace.h"
#include "types/share.h"

#define MAX_EVIDENCE_LINES 40

static const char *const kind_words[N_INTEREST_KINDS] = {
	"voting interest", "board voting power", "equity interest", "profits", "liquidation proceeds",
	"general partner", "managing member", "investment adviser", "board seat", "direction",
	"agent", "contingent equity", "limited partner", "branch", "an unmapped interest"
};

static const char *
ternary_name(Ternary value)
{
	return value == TERNARY_TRUE ? "yes" : value == TERNARY_FALSE ? "no" : "unknown";
}

static ScreenStep *
add_step(Screening *screening, int max_steps)
{
	return screening->n_steps < max_steps ? &screening->steps[screening->n_steps++] : NULL;
}

/* Appends "X holds 51% of the voting interest in Y, counted whole". */
static void
append_row(Inquiry *inquiry, StringInfo out, const WitnessRow *row, NodeId held)
{
	const Graph *graph = inquiry->nb->graph;
	const char *holder_id = graph_node(graph, row->holder)->id;
	const char *held_id = graph_node(graph, held)->id;

	if (out->len > 0)
		appendStringInfoString(out, "; ");
	if (row->basis == WITNESS_PRINCIPAL)
		appendStringInfo(out, "%s is the branch or agent of %s", held_id, holder_id);
	else if (row->kind == INTEREST_DIRECTION)
		appendStringInfo(out, "%s directs %s", holder_id, held_id);
	else if (row->kind >= N_PERCENTAGE_KINDS)
		appendStringInfo(out, "%s is %s of %s", holder_id, kind_words[row->kind], held_id);
	else
	{
		appendStringInfo(out, "%s holds %s of the %s in %s", holder_id,
						 share_value_print(&inquiry->env, &row->share), kind_words[row->kind], held_id);
		if (row->basis == WITNESS_PROPORTION)
		{
			ShareValue	factor = share_value_exact(row->factor);

			appendStringInfo(out, ", counted in the proportion of %s", share_value_print(&inquiry->env, &factor));
		}
	}
}

/* The proof of a membership in words, supports before what they support. */
static char *
proof_text(Inquiry *inquiry, const ProofRun *proof, NodeId party)
{
	Witness    *list;
	uint32		n;
	int			lines = 0;
	StringInfoData out;

	if (proof->open)
		return proof_open_text(inquiry, party);
	n = witness_proof(&inquiry->env, proof->kernel, proof->attribution, party, false, &list);
	inquiry_check(inquiry);
	initStringInfo(&out);
	for (uint32 i = 0; i < n; i++)
		for (uint32 j = 0; j < list[i].n_rows; j++)
		{
			if (++lines > MAX_EVIDENCE_LINES)
			{
				appendStringInfoString(&out, "; and more: see explain_ownership()");
				return out.data;
			}
			append_row(inquiry, &out, &list[i].rows[j], list[i].node);
		}
	if (out.len > 0 && proof->grade == GRADE_UNDISCLOSED)
		appendStringInfoString(&out, "; ");
	if (proof->grade == GRADE_UNDISCLOSED)
		appendStringInfoString(&out, "holders nobody has disclosed may hold the rest");
	return out.len > 0 ? out.data : NULL;
}

char *
root_evidence(Inquiry *inquiry, const TestRow *row, NodeId root, NodeId party)
{
	ProofRun	proof = root_proof(inquiry, row, root, party);

	return proof_text(inquiry, &proof, party);
}

char *
ownership_evidence(Inquiry *inquiry, const char *test, NodeId party)
{
	TestRow		row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);
	NodeId		parent = party;
	ProofRun	proof;

	if (row.seeds == NULL || strcmp(test, TEST_PARENT) != 0)
		proof = membership_proof(inquiry, test, party);
	else
	{
		(void) controlled_foreign_entity(inquiry, party, NULL, &parent);
		if (parent == party)
			return NULL;
		return root_evidence(inquiry, &row, parent, party);
	}
	return proof_text(inquiry, &proof, party);
}

/* The evidence behind a derived fact about a party, or NULL. */
static const char *
fact_evidence(Transaction *transaction, const char *fact, DealRole role)
{
	DealParty  *party = &transaction->parties[role];

	if (!party->named)
		return NULL;
	if (strstr(fact, "controlled_foreign_entity") != NULL)
		return ownership_evidence(transaction->inquiry, TEST_PARENT, party->node);
	if (strstr(fact, "country_of_concern") != NULL || strstr(fact, "is_covered_foreign_person") != NULL)
		return ownership_evidence(transaction->inquiry, TEST_COUNTRY_OF_CONCERN, party->node);
	return NULL;
}

/* Why a derived fact about a party came out as it did. */
static const char *
fact_because(Transaction *transaction, const char *fact, DealRole role)
{
	DealParty  *party = &transaction->parties[role];
	StringInfoData out;

	if (!party->named)
		return "the deal does not name the party";
	if (!party->known)
		return psprintf("party %s stands in no relation", graph_node(transaction->inquiry->nb->graph, party->node)->id);
	initStringInfo(&out);
	appendStringInfo(&out, "party %s", graph_node(transaction->inquiry->nb->graph, party->node)->id);
	if (party->person != NULL && strstr(fact, "covered_foreign_person") != NULL)
		for (int i = 0; i < party->person->n_findings; i++)
			appendStringInfo(&out, "; %s %s: %s", party->person->findings[i].limb,
							 ternary_name(party->person->findings[i].holds),
							 foreign_person_because(transaction->inquiry, party->node, party->person, i));
	if (party->person != NULL && strstr(fact, "_activity") != NULL)
		for (int i = 0; i < party->person->activity.n_cites; i++)
			appendStringInfo(&out, "%s %s", i == 0 ? ":" : ",", party->person->activity.cites[i].cite);
	return out.data;
}

/* One step per derived fact that was asked for. */
static void
fact_steps(Screening *screening, Transaction *transaction, int max_steps)
{
	const FactDictionary *dictionary = transaction->given->dictionary;

	for (int i = 0; i < transaction->n_asked; i++)
	{
		int			fact = transaction->asked[i];
		ScreenStep *step = add_step(screening, max_steps);
		DealRole	role;
		uint8	   *missing;
		MissingList list = {0};

		if (step == NULL)
			break;
		step->fact = pstrdup(dictionary->facts[fact].name);
		step->question = step->fact;	/* explain() puts the dictionary's words in its place */
		step->holds = transaction_boolean(transaction, step->fact);
		step->answer = ternary_name(step->holds);
		if (transaction_fact_role(step->fact, &role))
		{
			const char *evidence = fact_evidence(transaction, step->fact, role);

			step->because = pstrdup(fact_because(transaction, step->fact, role));
			step->evidence = evidence ? pstrdup(evidence) : NULL;
		}
		if (step->holds != TERNARY_UNKNOWN)
			continue;
		missing = palloc0(dictionary->n_facts);
		missing[fact] = 1;
		transaction_missing(transaction, missing, &list);
		for (int m = 0; m < list.n; m++)
			step->because = psprintf("%s%s%s", step->because ? step->because : "",
									 m == 0 ? " missing: " : ", ", list.names[m]);
	}
}

/* One step per provision that decides or may hold. */
static void
provision_steps(Screening *screening, Transaction *transaction, const ProvisionTrace *trace, int max_steps)
{
	const RuleBook *book = transaction->inquiry->book;

	for (int i = 0; i < book->n_provisions; i++)
	{
		const Provision *provision = &book->provisions[i];
		ScreenStep *step;

		if (!trace[i].asked || (!trace[i].decides && trace[i].holds != TERNARY_UNKNOWN) || (step = add_step(screening, max_steps)) == NULL)
			continue;
		step->question = pstrdup(provision->summary);
		step->holds = trace[i].holds;
		step->answer = ternary_name(trace[i].holds);
		step->cite = pstrdup(provision->cite);
		step->because = provision->firm ? "house rule of the firm" : NULL;
	}
}

void
trace_steps(Screening *screening, Transaction *transaction, const ProvisionTrace *trace)
{
	int			max_steps = transaction->inquiry->book->n_provisions +
		transaction->inquiry->book->dictionary.n_facts + 1;
	ScreenStep *verdict;

	screening->steps = palloc0(mul_size(sizeof(ScreenStep), max_steps));
	fact_steps(screening, transaction, max_steps);
	provision_steps(screening, transaction, trace, max_steps);
	verdict = add_step(screening, max_steps);
	if (verdict == NULL)
		return;
	verdict->question = "verdict";
	verdict->holds = TERNARY_UNKNOWN;
	verdict->answer = outcome_name(screening->outcome);
	if (screening->outcome == OUTCOME_UNDETERMINED)
		verdict->because = psprintf("at least %s, at most %s", outcome_name(screening->at_least),
									outcome_name(screening->at_most));
}
