/*
 * census_tiers.c
 *		Tests in tiers over a census: the passes of membership.c, of which only the
 *		status is kept (850.221(d) and (e) as may read them).
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "screen/census_tiers.h"

/* one run of a test in tiers */
typedef struct TierRun
{
	Inquiry    *inquiry;
	LoadedCensus *loaded;
	const TestRow *row;
	KernelRun	run;
	uint32		n;
	bool	   *seeds;			/* of the first pass */
	bool	   *status;			/* of all passes so far */
	bool		loose;			/* some party was left open */
} TierRun;

static bool
census_can_tiers(const TestRow *row)
{
	OwnershipTest test = kernel_test(row);

	return row->pooled && row->tiers > 0 && census_supports(&test) && row->through == NULL && !row->excludes_us &&
		rule_test_applies(row) && strcmp(row->seeds, "person_of_country_of_concern") == 0;
}

/* Who counts from the start in a run; *uncertain where runs may differ for that. */
static bool *
first_seeds(Inquiry *inquiry, LoadedCensus *loaded, KernelRun run, bool *uncertain)
{
	uint32		n = census_size(loaded->census);
	bool	   *seeds = palloc_extended(Max(n, 1), MCXT_ALLOC_HUGE);
	CensusMembership *government = census_members(inquiry, TEST_GOVERNMENT, GRADE_NO);

	if (government == NULL)
		return NULL;
	for (uint32 i = 0; i < n; i++)
	{
		Party		party = census_party_row(loaded, i);
		Ternary		seed = base_person_by_row(&party);
		Grade		grade = (Grade) government->grade[i];

		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		/* where row security hides rows, the census tells nobody "no" */
		if (grade == GRADE_UNDISCLOSED && run != RUN_UNDISCLOSED)
			grade = GRADE_NO;
		seed = ternary_or(seed, grade_ternary(grade));
		if (seed == TERNARY_UNKNOWN)
			*uncertain = true;
		seeds[i] = seed == TERNARY_TRUE || (seed == TERNARY_UNKNOWN && run != RUN_DEFINITE);
	}
	return seeds;
}

/* One pass from these seeds; true if it found anybody new. */
static bool
run_tier(TierRun *run, const bool *seeds)
{
	OwnershipTest test = kernel_test(run->row);
	MemoryContext memory = graph_memory_create(CurrentMemoryContext, "outbound census run");
	MemoryContext old = MemoryContextSwitchTo(memory);
	CoreEnv		env = backend_env();
	CensusResult *result = census_attribute(&env, run->loaded->census, &test, run->run, seeds, NULL);
	bool		grew = false;

	core_check(&env);
	MemoryContextSwitchTo(old);
	run->loose |= result->counters.open > 0;
	for (uint32 i = 0; i < run->n; i++)
		if ((result->state[i] & CENSUS_STATUS) && !run->status[i])
			run->status[i] = grew = true;
	MemoryContextDelete(memory);
	return grew;
}

/* As many passes as the test has tiers, or as find anybody. */
static void
run_tiers(TierRun *run)
{
	bool	   *seeds = palloc_extended(Max(run->n, 1), MCXT_ALLOC_HUGE);

	run->status = palloc_extended(Max(run->n, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	(void) run_tier(run, run->seeds);
	for (int tier = 2; tier <= run->row->tiers; tier++)
	{
		CHECK_FOR_INTERRUPTS();
		for (uint32 i = 0; i < run->n; i++)
			seeds[i] = run->status[i] && (run->row->last_tier_pools_base || !run->seeds[i]);
		if (!run_tier(run, seeds))
			break;
	}
	pfree(seeds);
}

/* Gives a grade to whoever a run makes a member and has none; false where the test cannot be run. */
static bool
grade_tiers(CensusMembership *m, TierRun *run, KernelRun which, Grade grade, bool *uncertain)
{
	run->run = which;
	run->seeds = first_seeds(run->inquiry, run->loaded, which, uncertain);
	if (run->seeds == NULL)
		return false;
	run_tiers(run);
	for (uint32 i = 0; i < run->n; i++)
		if (run->status[i] && m->grade[i] == GRADE_NO)
			m->grade[i] = (uint8) grade;
	return true;
}

/* All runs of the test that the data can make differ. */
static bool
grade_all_tiers(Inquiry *inquiry, CensusMembership *m)
{
	CensusOpenness openness = census_openness(m->loaded->census);
	TierRun		run = {inquiry, m->loaded, m->row};
	bool		uncertain = openness.ranges || openness.kinds;

	run.n = census_size(m->loaded->census);
	if (!grade_tiers(m, &run, RUN_DEFINITE, GRADE_DEFINITE, &uncertain))
		return false;
	if ((uncertain || run.loose) && !grade_tiers(m, &run, RUN_DISCLOSED, GRADE_DISCLOSED, &uncertain))
		return false;
	if (openness.undisclosed && !grade_tiers(m, &run, RUN_UNDISCLOSED, GRADE_UNDISCLOSED, &uncertain))
		return false;
	/* where row security hides rows, nobody is told "no" */
	for (uint32 i = 0; i < run.n && inquiry->nb->row_security; i++)
		if (m->grade[i] == GRADE_NO)
			m->grade[i] = GRADE_UNDISCLOSED;
	return true;
}

/* The grades of a test under the inquiry's readings, into the census's memory. */
static bool
answer_tiers(Inquiry *inquiry, LoadedCensus *loaded, const char *test, const TestRow *row)
{
	CensusMembership *m = census_membership_create(inquiry, loaded, test, row);

	if (!grade_all_tiers(inquiry, m))
		return false;
	census_membership_keep(m);
	return true;
}

bool
census_tiers(Inquiry *inquiry, const char *test, const char *id, Grade *grade)
{
	TestRow		row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);
	LoadedCensus *loaded;
	MemoryContext scratch;
	MemoryContext old;
	bool		answered = true;

	if (!census_can_tiers(&row))
		return false;
	loaded = census_load(inquiry->nb, true);
	if (census_membership_known(inquiry, loaded, test) == NULL)
	{
		scratch = graph_memory_create(CurrentMemoryContext, "outbound census tiers");
		old = MemoryContextSwitchTo(scratch);
		answered = answer_tiers(inquiry, loaded, test, &row);
		MemoryContextSwitchTo(old);
		MemoryContextDelete(scratch);
	}
	return answered && census_grade(inquiry, test, id, grade);
}
