/*
 * verdict.c
 *		From the rows of the law to a verdict.
 *
 * Each stage of the rule book gives a Kleene value: the worst of its rows.  The verdict
 * is a function of the stages; where stages are unknown it is taken over every way of
 * resolving them, and at_least and at_most are its ends.
 */
#include "postgres.h"

#include "screen/verdict.h"

/* The verdict when every part is known. */
static Outcome
decide(const bool *is)
{
	bool		prohibited = is[PART_PROHIBITED];

	if (is[PART_OUT_OF_SCOPE] || (!is[PART_OWN_DUTY] && !is[PART_DIRECTING]))
		return OUTCOME_OUT_OF_SCOPE;
	if (is[PART_EXCEPTED])
		return OUTCOME_EXCEPTED;
	if (!is[PART_LIMB] || (!prohibited && !is[PART_NOTIFIABLE]))
		return OUTCOME_NOT_COVERED;
	if (is[PART_EXEMPTED])
		return OUTCOME_EXEMPTED;
	return prohibited ? OUTCOME_PROHIBITED : OUTCOME_NOTIFIABLE;
}

/* The ends of the verdict over every resolution of what is unknown. */
static void
bound_verdict(Verdict *verdict)
{
	Part		open[N_PARTS];
	int			n_open = 0;
	bool		is[N_PARTS];

	for (Part p = 0; p < N_PARTS; p++)
	{
		is[p] = verdict->parts[p] == TERNARY_TRUE;
		if (verdict->parts[p] == TERNARY_UNKNOWN)
			open[n_open++] = p;
	}
	verdict->at_least = OUTCOME_PROHIBITED;
	verdict->at_most = OUTCOME_OUT_OF_SCOPE;
	for (int world = 0; world < 1 << n_open; world++)
	{
		Outcome		outcome;

		for (int i = 0; i < n_open; i++)
			is[open[i]] = (world >> i) & 1;
		outcome = decide(is);
		verdict->at_least = Min(verdict->at_least, outcome);
		verdict->at_most = Max(verdict->at_most, outcome);
	}
}

Part
verdict_part(const Provision *provision)
{
	switch (provision->stage)
	{
		case STAGE_SCOPE:
			return PART_OUT_OF_SCOPE;
		case STAGE_LIMB:
			return PART_LIMB;
		case STAGE_EXCEPTION:
			return PART_EXCEPTED;
		case STAGE_EXEMPTION:
			return PART_EXEMPTED;
		case STAGE_OBLIGATION:
			return strcmp(provision->obligation, "knowingly_directing") == 0 ? PART_DIRECTING : PART_OWN_DUTY;
		default:
			return provision->outcome == OUTCOME_PROHIBITED ? PART_PROHIBITED : PART_NOTIFIABLE;
	}
}

/* Evaluates one provision into its part. */
static void
evaluate_provision(Transaction *transaction, ProvisionTrace *trace, int i, Verdict *verdict)
{
	Inquiry    *inquiry = transaction->inquiry;
	FactSource	facts = transaction_facts(transaction);
	const Provision *provision = &inquiry->book->provisions[i];
	Ternary		holds;

	if (provision->stage == STAGE_ACTIVITY || !provision_applies(provision, inquiry->choice))
		return;
	holds = condition_evaluate(&inquiry->env, provision->condition, &facts, NULL);
	inquiry_check(inquiry);
	verdict->parts[verdict_part(provision)] = ternary_or(verdict->parts[verdict_part(provision)], holds);
	if (trace)
		trace[i] = (ProvisionTrace) {.asked = true, .holds = holds};
}

Verdict
verdict_evaluate(Transaction *transaction, ProvisionTrace *trace)
{
	Verdict		verdict;

	for (int p = 0; p < N_PARTS; p++)
	{
		verdict.parts[p] = TERNARY_FALSE;
		verdict.asked[p] = true;
	}
	for (int i = 0; i < transaction->inquiry->book->n_provisions; i++)
		evaluate_provision(transaction, trace, i, &verdict);
	bound_verdict(&verdict);
	return verdict;
}

Verdict
verdict_decide(Transaction *transaction, ProvisionTrace *trace)
{
	/* what is cheap to know and ends the matter, first */
	static const Part in_order[N_PARTS] = {
		PART_OUT_OF_SCOPE, PART_OWN_DUTY, PART_DIRECTING, PART_EXCEPTED, PART_LIMB, PART_EXEMPTED, PART_PROHIBITED,
		PART_NOTIFIABLE
	};
	const RuleBook *book = transaction->inquiry->book;
	Verdict		verdict;

	for (int p = 0; p < N_PARTS; p++)
	{
		verdict.parts[p] = TERNARY_UNKNOWN;
		verdict.asked[p] = false;
	}
	bound_verdict(&verdict);
	for (int p = 0; p < N_PARTS && verdict.at_least != verdict.at_most; p++)
	{
		verdict.parts[in_order[p]] = TERNARY_FALSE;
		verdict.asked[in_order[p]] = true;
		for (int i = 0; i < book->n_provisions; i++)
			if (verdict_part(&book->provisions[i]) == in_order[p])
				evaluate_provision(transaction, trace, i, &verdict);
		bound_verdict(&verdict);
	}
	return verdict;
}

bool
verdict_part_matters(const Verdict *verdict, Part part)
{
	Verdict		yes = *verdict;
	Verdict		no = *verdict;

	if (verdict->parts[part] != TERNARY_UNKNOWN)
		return false;
	yes.parts[part] = TERNARY_TRUE;
	no.parts[part] = TERNARY_FALSE;
	bound_verdict(&yes);
	bound_verdict(&no);
	return yes.at_least != verdict->at_least || yes.at_most != verdict->at_most ||
		no.at_least != verdict->at_least || no.at_most != verdict->at_most;
}
