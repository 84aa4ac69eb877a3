/*
 * ranking.c
 *		What is missing, most decisive first.
 *
 * For every fact that an undecided rule hangs on, given or derived, the verdict is taken
 * again under each answer it could have; what settles the verdict weighs most.  A derived
 * fact's weight is shared by the names it hangs on.  Of equal weight, what more rules ask
 * for comes first.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "screen/ranking.h"
#include "screen/verdict.h"

#define WEIGHT_UNIT		100000	/* divided by answers and names */
#define MAX_ANSWERS		64

/* The values that a fact is tried with: all of them, or for numbers and days the two ends. */
static int
possible_answers(CoreEnv *env, const FactDefinition *fact, FactValue *answers)
{
	int			n = 0;

	memset(answers, 0, sizeof(FactValue) * MAX_ANSWERS);
	for (int i = 0; i < MAX_ANSWERS; i++)
	{
		answers[i].state = FACT_KNOWN;
		answers[i].choice = -1;
		answers[i].number = FRACTION_ZERO;
	}
	switch (fact->type)
	{
		case FACT_BOOLEAN:
			answers[1].boolean = true;
			return 2;
		case FACT_NUMBER:
			answers[1].number = fraction_of(env, PG_INT64_MAX, 1);
			return 2;
		case FACT_DATE:
			answers[0].number = fraction_of(env, -POSTGRES_EPOCH_JDATE, 1);
			answers[1].number = fraction_of(env, POSTGRES_EPOCH_JDATE, 1);
			return 2;
		case FACT_TEXT:
			for (n = 0; n < Min(fact->n_allowed, MAX_ANSWERS); n++)
			{
				answers[n].choice = n;
				answers[n].text = fact->allowed[n];
			}
			return n;
		case FACT_SET:
			for (n = 1; n <= Min(fact->n_allowed, MAX_ANSWERS - 1); n++)
				answers[n].bits = UINT64CONST(1) << (n - 1);
			return n;
	}
	return 0;
}

/* The verdict if one fact had this value. */
static Verdict
verdict_with(Transaction *transaction, int fact, const FactValue *answer)
{
	const FactDictionary *dictionary = transaction->given->dictionary;
	Size		n = dictionary->n_facts;
	Transaction *other;
	Facts	   *facts = transaction->given;

	if (!dictionary->facts[fact].derived)
	{
		facts = palloc(sizeof(Facts));
		*facts = *transaction->given;
		facts->values = palloc(mul_size(sizeof(FactValue), n));
		memcpy(facts->values, transaction->given->values, mul_size(sizeof(FactValue), n));
		facts->carried = palloc(mul_size(sizeof(bool), n));
		memcpy(facts->carried, transaction->given->carried, mul_size(sizeof(bool), n));
		facts->values[fact] = *answer;
		facts->carried[fact] = true;
	}
	other = transaction_begin(transaction->inquiry, facts);
	if (dictionary->facts[fact].derived)
	{
		/* what else has been found out stays as it is */
		memcpy(other->derived, transaction->derived, mul_size(sizeof(FactValue), n));
		memcpy(other->computed, transaction->computed, mul_size(sizeof(bool), n));
		memcpy(other->parties, transaction->parties, sizeof(other->parties));
		other->derived[fact] = *answer;
		other->computed[fact] = true;
	}
	return verdict_decide(other, NULL);
}

/* How far knowing this fact would settle the verdict, on average over its answers. */
static int64
fact_weight(Transaction *transaction, int fact, const Verdict *verdict)
{
	FactValue	answers[MAX_ANSWERS];
	int			n = possible_answers(&transaction->inquiry->env,
									 &transaction->given->dictionary->facts[fact], answers);
	int64		weight = 0;

	for (int i = 0; i < n; i++)
	{
		Verdict		other;

		CHECK_FOR_INTERRUPTS();
		other = verdict_with(transaction, fact, &answers[i]);
		if (other.at_least == other.at_most)
			weight += 2 * WEIGHT_UNIT;
		else if (other.at_least != verdict->at_least || other.at_most != verdict->at_most)
			weight += WEIGHT_UNIT;
	}
	return n == 0 ? 0 : weight / n;
}

static int
most_decisive_first(const void *a, const void *b)
{
	const RankedMissing *x = a;
	const RankedMissing *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (x->mentions != y->mentions)
		return x->mentions > y->mentions ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* In how many undecided rules that matter each fact is missing. */
static int *
count_undecided(Transaction *transaction, const Verdict *verdict, const ProvisionTrace *trace)
{
	const RuleBook *book = transaction->inquiry->book;
	int			n_facts = book->dictionary.n_facts;
	FactSource	facts = transaction_facts(transaction);
	int		   *undecided = palloc0(mul_size(sizeof(int), n_facts + 1));
	uint8	   *missing = palloc(n_facts + 1);

	for (int i = 0; i < book->n_provisions; i++)
	{
		const Provision *provision = &book->provisions[i];

		if (!trace[i].asked || trace[i].holds != TERNARY_UNKNOWN ||
			!verdict_part_matters(verdict, verdict_part(provision)))
			continue;
		memset(missing, 0, n_facts);
		(void) condition_evaluate(&transaction->inquiry->env, provision->condition, &facts, missing);
		for (int f = 0; f < n_facts; f++)
			undecided[f] += missing[f];
	}
	return undecided;
}

/* Adds the names that one fact hangs on. */
static void
rank_fact(Transaction *transaction, int fact, int undecided, const Verdict *verdict,
		  MissingList *names, int64 **weights)
{
	int			n_facts = transaction->inquiry->book->dictionary.n_facts;
	uint8	   *missing = palloc0(n_facts + 1);
	MissingList list = {0};
	int			before = names->n;
	int64		weight;

	missing[fact] = 1;
	transaction_missing(transaction, missing, &list);
	weight = fact_weight(transaction, fact, verdict) / Max(list.n, 1);
	for (int i = 0; i < list.n; i++)
		list.mentions[i] *= undecided;
	missing_merge(names, &list);
	*weights = *weights == NULL ? palloc0(mul_size(sizeof(int64), names->n + 1)) :
		repalloc(*weights, mul_size(sizeof(int64), names->n + 1));
	for (int at = before; at < names->n; at++)
		(*weights)[at] = 0;
	for (int i = 0; i < list.n; i++)
		for (int at = 0; at < names->n; at++)
			if (strcmp(names->names[at], list.names[i]) == 0)
				(*weights)[at] = Max((*weights)[at], weight);
}

RankedMissing *
rank_missing(const RuleBook *book, Facts *facts, DateADT as_of, int *n)
{
	Inquiry    *inquiry = inquiry_of_deal(book, as_of);
	ProvisionTrace *trace = palloc0(mul_size(sizeof(ProvisionTrace), Max(book->n_provisions, 1)));
	Transaction *transaction = transaction_begin(inquiry, facts);
	Verdict		verdict = verdict_decide(transaction, trace);
	MissingList names = {0};
	int64	   *weights = NULL;
	RankedMissing *ranked;

	if (verdict.at_least != verdict.at_most)
	{
		int		   *undecided = count_undecided(transaction, &verdict, trace);

		for (int f = 0; f < book->dictionary.n_facts; f++)
			if (undecided[f] > 0)
				rank_fact(transaction, f, undecided[f], &verdict, &names, &weights);
		if (inquiry->nb->row_security)
		{
			/* nobody can answer this one: last; rank_fact leaves room for it */
			missing_add(&names, "row_security");
			if (weights == NULL)
				weights = palloc(sizeof(int64));
			weights[names.n - 1] = -1;
		}
	}
	ranked = palloc(mul_size(sizeof(RankedMissing), Max(names.n, 1)));
	for (int i = 0; i < names.n; i++)
	{
		ranked[i].name = names.names[i];
		ranked[i].weight = weights[i];
		ranked[i].mentions = names.mentions[i];
	}
	qsort(ranked, names.n, sizeof(RankedMissing), most_decisive_first);
	*n = names.n;
	inquiry_end(inquiry);
	return ranked;
}

bool *
could_be_claimed(const RuleBook *book, Facts *facts, DateADT as_of)
{
	Inquiry    *inquiry = inquiry_of_deal(book, as_of);
	int			n_facts = book->dictionary.n_facts;
	Facts		open = *facts;
	bool	   *could = palloc0(mul_size(sizeof(bool), book->n_provisions + 1));
	FactSource	source;

	open.values = palloc(mul_size(sizeof(FactValue), n_facts + 1));
	memcpy(open.values, facts->values, mul_size(sizeof(FactValue), n_facts));
	for (int f = 0; f < n_facts; f++)
		if (open.values[f].state == FACT_NOT_CLAIMED)
			open.values[f].state = FACT_UNKNOWN;
	source = transaction_facts(transaction_begin(inquiry, &open));
	for (int i = 0; i < book->n_provisions; i++)
	{
		const Provision *provision = &book->provisions[i];

		if ((provision->stage == STAGE_EXCEPTION || provision->stage == STAGE_EXEMPTION) &&
			provision_applies(provision, inquiry->choice))
			could[i] = condition_evaluate(&inquiry->env, provision->condition, &source, NULL) != TERNARY_FALSE;
		inquiry_check(inquiry);
	}
	inquiry_end(inquiry);
	return could;
}
