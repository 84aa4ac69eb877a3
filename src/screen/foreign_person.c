/*
 * foreign_person.c
 *		Who is a covered foreign person (850.209)?
 *
 * (a)(1): a person of a country of concern that engages in a covered activity.
 * (a)(2): a person of any nationality that holds in (a)(1) persons and draws more than
 * half of a financial metric from or through them; see financial.c for the arithmetic.
 * Each holder is tested against the (a)(1) persons below it, never chained.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "screen/financial.h"
#include "screen/held.h"

bool
reading_is(const Inquiry *inquiry, const char *reading, const char *option)
{
	for (int i = 0; i < inquiry->book->n_readings; i++)
	{
		const Reading *r = &inquiry->book->readings[i];

		if (strcmp(r->name, reading) == 0)
			return strcmp(r->options[inquiry->choice->option[i]], option) == 0;
	}
	return false;
}

/* The (a)(1) persons that the party holds, or may hold. */
static void
find_sources(Inquiry *inquiry, NodeId party, ForeignPerson *person)
{
	const HeldParty *held;
	uint32		n = held_parties(inquiry, party, &held);
	ProfileSet *profiles;
	const uint8 *grades;		/* answers given before, without asking each time where they are */

	if (n == 0)
		return;
	profiles = activity_profiles(inquiry);
	grades = inquiry_test_memo(inquiry, TEST_COUNTRY_OF_CONCERN);
	person->sources = palloc_extended(mul_size(sizeof(FinancialSource), n), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n; i++)
	{
		FinancialSource *source = &person->sources[person->n_sources];

		CHECK_FOR_INTERRUPTS();
		source->party = held[i].party;
		source->held = held[i].held;
		source->activity = profile_among(inquiry, profiles, source->party);
		if (source->activity->covered == TERNARY_FALSE)
			continue;
		if (grades[source->party] != MEMO_EMPTY)
			source->of_concern = grade_ternary((Grade) grades[source->party]);
		else
		{
			source->of_concern = person_of_country_of_concern(inquiry, source->party);
			grades = inquiry_test_memo(inquiry, TEST_COUNTRY_OF_CONCERN);
		}
		source->counts = ternary_and(source->held, ternary_and(source->of_concern, source->activity->covered));
		if (source->counts != TERNARY_FALSE)
			person->n_sources++;
	}
}

/* 850.209(a)(2) and the classes that follow from it. */
static void
by_holding(Inquiry *inquiry, NodeId party, ForeignPerson *person)
{
	/* where row security hides rows, it may hold more */
	Ternary		none = inquiry->nb->row_security ? TERNARY_UNKNOWN : TERNARY_FALSE;
	Ternary		any_prohibited = none;
	Ternary		any_covered = none;

	person->by_holding = none;
	find_sources(inquiry, party, person);
	if (person->n_sources > 0)
	{
		ForeignPersonFinding *tests = &person->findings[person->n_findings];
		int			n = financial_tests(inquiry, party, person->sources, person->n_sources, tests);

		for (int i = 0; i < n; i++)
			person->by_holding = ternary_or(person->by_holding, tests[i].holds);
		person->n_findings += n;
	}
	for (int i = 0; i < person->n_sources; i++)
	{
		const FinancialSource *source = &person->sources[i];

		any_covered = ternary_or(any_covered, source->counts);
		/* 850.224(l) asks for a relation that makes it a covered foreign person: one from which nothing counts does not */
		any_prohibited = ternary_or(any_prohibited, ternary_and(source->draws, ternary_and(source->counts, source->activity->prohibited)));
	}
	person->holds_prohibited = ternary_and(person->by_holding, any_prohibited);
	person->holds_covered = ternary_and(person->by_holding, any_covered);
}

/* The finding under 850.209(a)(1). */
static void
by_activity(Inquiry *inquiry, NodeId party, ForeignPerson *person)
{
	ForeignPersonFinding *finding = &person->findings[person->n_findings++];

	person->of_concern = person_of_country_of_concern(inquiry, party);
	person->activity = activity_profile(inquiry, party);
	person->by_activity = ternary_and(person->of_concern, person->activity.covered);
	finding->limb = "(a)(1)";
	finding->holds = person->by_activity;
}

ForeignPerson *
foreign_person(Inquiry *inquiry, NodeId party)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	ForeignPerson *person = palloc0(sizeof(ForeignPerson));

	person->findings = palloc0(sizeof(ForeignPersonFinding) * (1 + N_FINANCIAL_METRICS));
	by_activity(inquiry, party, person);
	by_holding(inquiry, party, person);
	person->covered = ternary_or(person->by_activity, person->by_holding);
	MemoryContextSwitchTo(old);
	return person;
}

const char *
foreign_person_because(Inquiry *inquiry, NodeId party, const ForeignPerson *person, int finding)
{
	const char *limb;

	if (finding > 0)
		return financial_because(inquiry, &person->findings[finding], person->n_sources);
	limb = person_of_concern_limb(inquiry, party);
	return psprintf("%s; %s",
					person->of_concern == TERNARY_FALSE ? "not a person of a country of concern" :
					limb ? psprintf("a person of a country of concern, limb (%s)", limb) :
					"possibly a person of a country of concern",
					person->activity.n_cites > 0 ? psprintf("engages in %s", person->activity.cites[0].cite) :
					person->activity.covered == TERNARY_FALSE ? "no covered activity" :
					"possibly a covered activity");
}

void
foreign_person_finding_missing(Inquiry *inquiry, NodeId party, const ForeignPerson *person, int finding,
							   MissingList *missing)
{
	if (person->findings[finding].holds != TERNARY_UNKNOWN)
		return;
	if (finding > 0)
	{
		financial_missing(inquiry, party, &person->findings[finding], person->sources, person->n_sources, false, missing);
		return;
	}
	if (person->of_concern == TERNARY_UNKNOWN)
		person_of_concern_missing(inquiry, party, missing);
	if (person->activity.covered == TERNARY_UNKNOWN)
		missing_merge(missing, &person->activity.missing);
}

void
foreign_person_class_missing(Inquiry *inquiry, NodeId party, const ForeignPerson *person, MissingList *missing)
{
	foreign_person_missing(inquiry, party, person, missing);
	if (person->holds_prohibited != TERNARY_UNKNOWN)
		return;
	for (int i = 0; i < person->n_sources; i++)
		if (person->sources[i].draws != TERNARY_FALSE && person->sources[i].activity->prohibited == TERNARY_UNKNOWN)
			missing_merge(missing, &person->sources[i].activity->missing);
	for (int i = 1; i < person->n_findings; i++)
		if (person->findings[i].holds == TERNARY_TRUE)
			financial_missing(inquiry, party, &person->findings[i], person->sources, person->n_sources, true, missing);
}

void
foreign_person_missing(Inquiry *inquiry, NodeId party, const ForeignPerson *person, MissingList *missing)
{
	for (int i = 0; i < person->n_findings; i++)
		foreign_person_finding_missing(inquiry, party, person, i, missing);
}
