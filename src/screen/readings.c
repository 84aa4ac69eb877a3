/*
 * readings.c
 *		Which readings of the law move the verdict on a deal?
 *
 * A verdict is a function of the answers that were asked for and of the provisions that
 * apply.  A reading changes some tests, some arithmetic or some provisions; what was asked
 * for and rests on these is asked again under the other option.  Only if an answer comes
 * out otherwise, or a provision comes or goes that does not fail, is the verdict taken
 * again.
 */
#include "postgres.h"

#include "screen/readings.h"

bool
reading_changes_test(const RuleBook *book, int reading, const char *test)
{
	for (int t = 0; t < book->n_tests; t++)
	{
		const TestRow *row = &book->tests[t];

		for (int i = 0; i < row->n_changes; i++)
			if (row->changes[i].reading == reading && strcmp(row->name, test) == 0)
				return true;
	}
	return false;
}

/* Does it change the test by which a relevant list reaches further? */
static bool
changes_lists(const RuleBook *book, int reading)
{
	for (int i = 0; i < book->n_lists; i++)
	{
		const ListRow *list = &book->lists[i];

		if (!list->relevant || list->test == NULL)
			continue;
		/* its seeds may be the members of the government's test */
		if (reading_changes_test(book, reading, list->test) || reading_changes_test(book, reading, TEST_GOVERNMENT))
			return true;
	}
	return false;
}

/* What a reading changes, as RESTS_ON_*. */
static uint8
find_changes(const RuleBook *book, int reading)
{
	/* readings that no row carries: the arithmetic of 850.209(a)(2), knowledge */
	static const struct
	{
		const char *reading;
		uint8		changes;
	}			engine[] = {
		{"A-13", RESTS_ON_FIGURES}, {"A-14", RESTS_ON_FIGURES}, {"A-16", RESTS_ON_FIGURES},
		{"A-44", RESTS_ON_KNOWLEDGE}, {"A-46", RESTS_ON_KNOWLEDGE}
	};
	uint8		changes = 0;

	if (book->readings[reading].n_options < 2)
		return 0;
	for (int i = 0; i < lengthof(engine); i++)
		if (strcmp(book->readings[reading].name, engine[i].reading) == 0)
			changes |= engine[i].changes;
	for (int i = 0; i < book->n_provisions; i++)
		if (book->provisions[i].reading == reading)
			changes |= book->provisions[i].stage == STAGE_ACTIVITY ? RESTS_ON_ACTIVITIES : RESTS_ON_RULES;
	if (reading_changes_test(book, reading, TEST_PARENT))
		changes |= RESTS_ON_PARENTS;
	if (reading_changes_test(book, reading, TEST_COUNTRY_OF_CONCERN) || reading_changes_test(book, reading, TEST_GOVERNMENT))
		changes |= RESTS_ON_CONCERN;
	if (changes_lists(book, reading))
		changes |= RESTS_ON_LISTS;
	return changes;
}

uint8
reading_changes(const RuleBook *book, int reading)
{
	if (unlikely(book->reading_changes == NULL))
	{
		uint8	   *changes = MemoryContextAllocZero(book->context, Max(book->n_readings, 1));

		for (int r = 0; r < book->n_readings; r++)
			changes[r] = find_changes(book, r);
		unconstify(RuleBook *, book)->reading_changes = changes;
	}
	return book->reading_changes[reading];
}

Inquiry *
inquiry_under(const Inquiry *chosen, int reading, int option)
{
	Size		size = add_size(offsetof(ReadingChoice, option), mul_size(sizeof(int), chosen->choice->n));
	Inquiry    *other = inquiry_like(chosen);
	ReadingChoice *choice = MemoryContextAlloc(other->scratch, size);

	memcpy(choice, chosen->choice, size);
	choice->option[reading] = option;
	other->choice = choice;
	return other;
}

/* Does a provision that the verdict asks for come or go with the other option, and not definitely fail? */
static bool
provisions_differ(const Alternatives *alternatives, Transaction *other, int reading)
{
	const RuleBook *book = other->inquiry->book;
	FactSource	facts = transaction_facts(other);

	for (int i = 0; i < book->n_provisions; i++)
	{
		const Provision *provision = &book->provisions[i];
		bool		applied;
		Ternary		holds;

		if (provision->reading != reading || provision->stage == STAGE_ACTIVITY ||
			!alternatives->verdict->asked[verdict_part(provision)])
			continue;
		applied = provision_applies(provision, alternatives->chosen->inquiry->choice);
		if (applied == provision_applies(provision, other->inquiry->choice))
			continue;
		holds = applied ? alternatives->trace[i].holds :
			condition_evaluate(&other->inquiry->env, provision->condition, &facts, NULL);
		inquiry_check(other->inquiry);
		if (holds != TERNARY_FALSE)
			return true;
	}
	return false;
}

Verdict
verdict_under(const Alternatives *alternatives, int reading, int option)
{
	Transaction *chosen = alternatives->chosen;
	uint8		changes = reading_changes(chosen->inquiry->book, reading);
	Verdict		verdict = *alternatives->verdict;
	Inquiry    *again;
	Transaction *other;

	if (option == chosen->inquiry->choice->option[reading] || changes == 0 ||
		(!(changes & RESTS_ON_RULES) && !transaction_rests_on(chosen, changes)))
		return verdict;
	again = inquiry_under(chosen->inquiry, reading, option);
	other = transaction_under(chosen, again, changes);
	if (transaction_differs(chosen, other, changes) ||
		((changes & RESTS_ON_RULES) && provisions_differ(alternatives, other, reading)))
		verdict = verdict_decide(other, NULL);
	inquiry_end(again);
	return verdict;
}

bool
reading_moves(const Alternatives *alternatives, int reading)
{
	const Inquiry *chosen = alternatives->chosen->inquiry;

	for (int option = 0; option < chosen->book->readings[reading].n_options; option++)
	{
		Verdict		verdict = verdict_under(alternatives, reading, option);

		if (verdict.at_least != alternatives->verdict->at_least || verdict.at_most != alternatives->verdict->at_most)
			return true;
	}
	return false;
}
