/*
 * activity.c
 *		What one activity is: 850.217 and 850.224(a)-(k), as the provisions of stage
 *		activity say it.
 *
 * Most provisions ask for one object and for certain verbs.  The plan of a book
 * therefore remembers, for each combination of the text fact and the set fact that
 * most provisions ask for, which provisions can still hold.  It finds out by
 * evaluating them with every other fact unknown: knowing more never turns false into
 * anything else.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/condition_form.h"
#include "screen/activity.h"

#define MAX_SET		8			/* allowed values of the set fact that the plan follows */

typedef struct Candidates
{
	int			n;
	const Provision *provisions[FLEXIBLE_ARRAY_MEMBER]; /* worst outcome first */
} Candidates;

typedef struct ActivityPlan
{
	int			n_provisions;
	const Provision **provisions;	/* of stage activity, worst outcome first */
	int			text_fact;		/* or -1 */
	int			set_fact;		/* or -1 */
	int			n_sets;			/* slots per value of the text fact */
	const Candidates **slots;	/* made when first needed */
} ActivityPlan;

/* two facts known, all others not: for the plan alone */
typedef struct PartialFacts
{
	int			text_fact;
	int			set_fact;
	const FactValue *text;
	const FactValue *set;
} PartialFacts;

static const FactValue unknown_fact = {.state = FACT_UNKNOWN, .choice = -1, .number = {0, 1, NULL, false}};

static const FactValue *
get_partial(void *arg, int fact)
{
	const PartialFacts *partial = arg;

	if (fact == partial->text_fact)
		return partial->text;
	if (fact == partial->set_fact)
		return partial->set;
	return &unknown_fact;
}

static int
worst_first(const void *a, const void *b)
{
	const Provision *x = *(const Provision *const *) a;
	const Provision *y = *(const Provision *const *) b;

	if (x->outcome != y->outcome)
		return x->outcome > y->outcome ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* the fact of a type with few enough values that most provisions ask for, or -1 */
static int
most_asked(const RuleBook *book, const ActivityPlan *plan, FactType type, int max_allowed)
{
	const FactDictionary *dictionary = &book->dictionary;
	int		   *asked = palloc0(mul_size(sizeof(int), dictionary->n_facts + 1));
	int			best = -1;

	for (int i = 0; i < plan->n_provisions; i++)
	{
		int			n;
		const int  *facts = condition_facts(plan->provisions[i]->condition, &n);

		for (int j = 0; j < n; j++)
		{
			const FactDefinition *fact = &dictionary->facts[facts[j]];

			if (fact->type == type && fact->n_allowed > 0 && fact->n_allowed <= max_allowed)
				asked[facts[j]]++;
		}
	}
	for (int i = 0; i < dictionary->n_facts; i++)
		if (asked[i] > 0 && (best < 0 || asked[i] > asked[best]))
			best = i;
	return best;
}

/* the plan of a book, made at the first activity and kept with the book */
static const ActivityPlan *
activity_plan(const RuleBook *book)
{
	MemoryContext old;
	ActivityPlan *plan;
	int			n_texts;

	if (likely(book->activity_plan != NULL))
		return book->activity_plan;
	old = MemoryContextSwitchTo(book->context);
	plan = palloc0(sizeof(ActivityPlan));
	plan->provisions = palloc(mul_size(sizeof(Provision *), book->n_provisions + 1));
	for (int i = 0; i < book->n_provisions; i++)
		if (book->provisions[i].stage == STAGE_ACTIVITY)
			plan->provisions[plan->n_provisions++] = &book->provisions[i];
	qsort(plan->provisions, plan->n_provisions, sizeof(Provision *), worst_first);
	plan->text_fact = most_asked(book, plan, FACT_TEXT, 64);
	plan->set_fact = most_asked(book, plan, FACT_SET, MAX_SET);
	n_texts = plan->text_fact < 0 ? 0 : book->dictionary.facts[plan->text_fact].n_allowed;
	plan->n_sets = plan->set_fact < 0 ? 1 : (1 << book->dictionary.facts[plan->set_fact].n_allowed) + 1;
	plan->slots = palloc0(mul_size(sizeof(Candidates *), mul_size(n_texts + 1, plan->n_sets)));
	unconstify(RuleBook *, book)->activity_plan = plan;
	MemoryContextSwitchTo(old);
	return plan;
}

/* which provisions may hold, given the two facts and nothing else */
static const Candidates *
find_candidates(const RuleBook *book, const ActivityPlan *plan, const PartialFacts *partial)
{
	Candidates *candidates = MemoryContextAlloc(book->context,
												add_size(offsetof(Candidates, provisions),
														 mul_size(sizeof(Provision *), plan->n_provisions)));
	FactSource	source = {get_partial, unconstify(PartialFacts *, partial)};
	CoreEnv		env = backend_env();

	candidates->n = 0;
	for (int i = 0; i < plan->n_provisions; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (condition_evaluate(&env, plan->provisions[i]->condition, &source, NULL) != TERNARY_FALSE)
			candidates->provisions[candidates->n++] = plan->provisions[i];
	}
	core_check(&env);
	return candidates;
}

/* a fact that the plan follows, or unknown_fact where it is not wholly known */
static inline const FactValue *
followed_fact(const FactSource *source, int fact)
{
	const FactValue *value = fact < 0 ? &unknown_fact : source->get(source->arg, fact);

	return value->state == FACT_KNOWN && !value->set_open ? value : &unknown_fact;
}

/* the candidates for these facts, from the plan's slot */
static const Candidates *
candidates_of(const RuleBook *book, const ActivityPlan *plan, const FactSource *source)
{
	PartialFacts partial = {plan->text_fact, plan->set_fact, &unknown_fact, &unknown_fact};
	int			text = 0;
	int			set = 0;
	size_t		slot;

	partial.text = followed_fact(source, plan->text_fact);
	if (partial.text != &unknown_fact)
		text = partial.text->choice + 1;
	partial.set = followed_fact(source, plan->set_fact);
	if (partial.set != &unknown_fact)
		set = (int) partial.set->bits + 1;
	slot = (size_t) text * plan->n_sets + set;
	if (unlikely(plan->slots[slot] == NULL))
		plan->slots[slot] = find_candidates(book, plan, &partial);
	return plan->slots[slot];
}

ActivityClass
activity_class_from(const RuleBook *book, const ReadingChoice *choice, const FactSource *source)
{
	const ActivityPlan *plan = activity_plan(book);
	const Candidates *candidates = candidates_of(book, plan, source);
	ActivityClass class = {OUTCOME_NOT_COVERED, OUTCOME_NOT_COVERED, 0, NULL};
	CoreEnv		env = backend_env();

	for (int i = 0; i < candidates->n; i++)
	{
		const Provision *provision = candidates->provisions[i];
		Ternary		holds;

		if (provision->outcome <= class.at_least)
			break;
		if (!provision_applies(provision, choice))
			continue;
		holds = condition_evaluate(&env, provision->condition, source, NULL);
		if (holds == TERNARY_TRUE)
			class.at_least = provision->outcome;
		if (holds != TERNARY_FALSE)
			class.at_most = Max(class.at_most, provision->outcome);
	}
	core_check(&env);
	return class;
}

/* does the provision hold, and if that is unknown, for want of which facts? */
static ActivityFinding
find_provision(CoreEnv *env, const RuleBook *book, const Provision *provision, const FactSource *source)
{
	ActivityFinding finding = {provision, TERNARY_UNKNOWN, palloc0(book->dictionary.n_facts + 1)};

	finding.holds = condition_evaluate(env, provision->condition, source, finding.missing);
	if (finding.holds != TERNARY_UNKNOWN)
	{
		pfree(finding.missing);
		finding.missing = NULL;
	}
	return finding;
}

ActivityClass
activity_findings_from(const RuleBook *book, const ReadingChoice *choice, const FactSource *source)
{
	ActivityClass class = {OUTCOME_NOT_COVERED, OUTCOME_NOT_COVERED, 0, NULL};
	CoreEnv		env = backend_env();

	class.findings = palloc(mul_size(sizeof(ActivityFinding), book->n_provisions + 1));
	for (int i = 0; i < book->n_provisions; i++)
	{
		const Provision *provision = &book->provisions[i];
		ActivityFinding finding;

		CHECK_FOR_INTERRUPTS();
		if (provision->stage != STAGE_ACTIVITY || !provision_applies(provision, choice))
			continue;
		finding = find_provision(&env, book, provision, source);
		if (finding.holds == TERNARY_TRUE)
			class.at_least = Max(class.at_least, provision->outcome);
		if (finding.holds != TERNARY_FALSE)
		{
			class.at_most = Max(class.at_most, provision->outcome);
			class.findings[class.n_findings++] = finding;
		}
	}
	core_check(&env);
	return class;
}

ActivityClass
activity_findings(const RuleBook *book, const ReadingChoice *choice, const Facts *facts)
{
	FactSource	source = facts_source(facts);

	return activity_findings_from(book, choice, &source);
}
