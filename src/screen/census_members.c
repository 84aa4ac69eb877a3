/*
 * census_members.c
 *		Seeds, runs and grades of a pooled test over a census: what membership.c does over a
 *		cone.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/components.h"
#include "screen/census_members.h"
#include "screen/engine_statistics.h"

#define LARGE_RING		64

#define SEED_CONCERN	"person_of_country_of_concern"
#define SEED_GOVERNMENT "government_of_country_of_concern"

bool
census_can(const TestRow *row)
{
	OwnershipTest test = kernel_test(row);

	return row->pooled && row->tiers == 0 && census_supports(&test) &&
		row->through == NULL && strchr(row->seeds, ' ') == NULL &&
		(strcmp(row->seeds, SEED_CONCERN) == 0 || strcmp(row->seeds, SEED_GOVERNMENT) == 0 ||
		 (strncmp(row->seeds, "list:", 5) == 0 && row->seeds[5] != '\0'));
}

/* facts of parties come again and again, and decide alike */
typedef struct SeenFacts
{
	uint32		facts;
	int8		value;
	bool		known;
} SeenFacts;

/* Who is a seed, as is_seed() of membership.c: by party; possible ones are UNKNOWN. */
static int8 *
seed_values(Inquiry *inquiry, LoadedCensus *loaded, const char *seeds)
{
	uint32		n = census_size(loaded->census);
	bool		concern = strcmp(seeds, SEED_CONCERN) == 0;
	SeenFacts	memo[256];
	int8	   *values;

	if (loaded->listed != NULL)
		return loaded->listed;
	if (strncmp(seeds, "list:", 5) == 0)
		return census_listed(loaded, seeds + 5);
	values = palloc_extended(Max(n, 1), MCXT_ALLOC_HUGE);
	memset(memo, 0, sizeof(memo));
	for (uint32 i = 0; i < n; i++)
	{
		uint32		facts = census_party(loaded->census, i)->facts;
		SeenFacts  *seen = &memo[(facts ^ facts >> 8 ^ facts >> 17) & (lengthof(memo) - 1)];

		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (!seen->known || seen->facts != facts)
		{
			Party		party = census_party_row(loaded, i);

			*seen = (SeenFacts) {facts, concern ? base_person_by_row(&party) : government_by_row(&party), true};
		}
		values[i] = seen->value;
	}
	return values;
}

/* The seeds of one run: certain ones below, possible ones too above; government limb (c) included. */
static bool *
seeds_of_run(Inquiry *inquiry, const CensusMembership *m, const int8 *values, KernelRun run, bool *uncertain)
{
	uint32		n = census_size(m->loaded->census);
	bool	   *seeds = palloc_extended(Max(n, 1), MCXT_ALLOC_HUGE);
	CensusMembership *government = NULL;

	if (strcmp(m->row->seeds, SEED_CONCERN) == 0)
	{
		government = census_members(inquiry, TEST_GOVERNMENT, GRADE_NO);
		if (government == NULL)
			elog(ERROR, "the government's test is none for a census");
	}
	for (uint32 i = 0; i < n; i++)
	{
		Ternary		seed = (Ternary) values[i];

		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (government != NULL && seed != TERNARY_TRUE)
		{
			Grade		grade = (Grade) government->grade[i];

			if (grade == GRADE_UNDISCLOSED && run != RUN_UNDISCLOSED)
				grade = GRADE_NO;
			seed = ternary_or(seed, grade_ternary(grade));
		}
		if (seed == TERNARY_UNKNOWN)
			*uncertain = true;
		seeds[i] = seed == TERNARY_TRUE || (seed == TERNARY_UNKNOWN && run != RUN_DEFINITE);
	}
	return seeds;
}

/* Makes room for reasons and tiers, which an answer without members does without. */
static void
membership_details(CensusMembership *m)
{
	uint32		n = census_size(m->loaded->census);

	if (m->reason != NULL)
		return;
	m->reason = MemoryContextAllocHuge(m->loaded->context, Max(n, 1));
	m->tier = MemoryContextAllocHuge(m->loaded->context, Max(n, 1));
	memset(m->reason, -4, n);
	memset(m->tier, -1, n);
}

/* One run; parties that it makes members and that have no grade yet get this one. */
static EngineCounters
grade_run(CensusMembership *m, const OwnershipTest *test, KernelRun run, const bool *seeds, Grade grade)
{
	uint32		n = census_size(m->loaded->census);
	MemoryContext memory;
	MemoryContext old;
	CoreEnv		env;
	CensusResult *result;
	EngineCounters counters = {0};

	/* without seeds there are no members, unless those whom nobody has disclosed may be seeds */
	if (run != RUN_UNDISCLOSED && (n == 0 || memchr(seeds, true, n) == NULL))
		return counters;
	memory = graph_memory_create(CurrentMemoryContext, "outbound census run");
	old = MemoryContextSwitchTo(memory);
	env = backend_env();
	result = census_attribute(&env, m->loaded->census, test, run, seeds, NULL);
	core_check(&env);
	membership_details(m);
	for (uint32 i = 0; i < n; i++)
	{
		if (m->grade[i] != GRADE_NO || !(result->state[i] & CENSUS_STATUS))
			continue;
		m->grade[i] = (uint8) grade;
		m->reason[i] = result->reason[i];
		if (result->state[i] & CENSUS_DIRECT)
			m->tier[i] = 1;
	}
	counters = result->counters;
	counters_add(&m->counters, &counters);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
	return counters;
}

/* What a grade is worth on the test's days and for who is not left out: grade_in_scope() of membership.c. */
static Grade
in_scope(const CensusMembership *m, uint32 party)
{
	Ternary		organized = m->row->excludes_us ? census_party_row(m->loaded, party).organized_us : TERNARY_FALSE;

	/* seeds are what they are */
	if (rule_test_applies(m->row) && m->grade[party] == GRADE_DEFINITE && m->reason[party] == -1)
		return GRADE_DEFINITE;
	if (!rule_test_applies(m->row) || organized == TERNARY_TRUE)
		return GRADE_NO;
	return organized == TERNARY_UNKNOWN ? Min((Grade) m->grade[party], GRADE_DISCLOSED) : (Grade) m->grade[party];
}

/* All runs of a test that the data can make differ. */
static void
grade_all(Inquiry *inquiry, CensusMembership *m)
{
	OwnershipTest test = kernel_test(m->row);
	CensusOpenness openness = census_openness(m->loaded->census);
	int8	   *values = seed_values(inquiry, m->loaded, m->row->seeds);
	bool		uncertain = openness.ranges || (openness.kinds && test.fund_roles != 0);
	bool	   *seeds = seeds_of_run(inquiry, m, values, RUN_DEFINITE, &uncertain);

	if (grade_run(m, &test, RUN_DEFINITE, seeds, GRADE_DEFINITE).open > 0)
		uncertain = true;
	pfree(seeds);
	if (uncertain)
	{
		seeds = seeds_of_run(inquiry, m, values, RUN_DISCLOSED, &uncertain);
		(void) grade_run(m, &test, RUN_DISCLOSED, seeds, GRADE_DISCLOSED);
		pfree(seeds);
	}
	/* what the seeds reach is all there is to the other runs, not to this one */
	if (openness.undisclosed && m->loaded->listed == NULL)
	{
		seeds = seeds_of_run(inquiry, m, values, RUN_UNDISCLOSED, &uncertain);
		(void) grade_run(m, &test, RUN_UNDISCLOSED, seeds, GRADE_UNDISCLOSED);
		pfree(seeds);
	}
	engine_statistics_record(m->test, inquiry->nb->as_of, census_size(m->loaded->census), &m->counters);
	if (inquiry->nb->row_security)
		membership_details(m);
	for (uint32 i = 0; i < census_size(m->loaded->census); i++)
	{
		/* where row security hides rows, nobody is told "no" */
		if (inquiry->nb->row_security && m->grade[i] == GRADE_NO)
			m->grade[i] = GRADE_UNDISCLOSED;
		if (m->grade[i] != GRADE_NO)
			m->grade[i] = (uint8) in_scope(m, i);
	}
}

/* The round in which those of one grade were found: the seeds alone count whole in the first. */
static void
find_tiers(Inquiry *inquiry, CensusMembership *m, const int8 *values, Grade grade)
{
	KernelRun	run = grade == GRADE_DEFINITE ? RUN_DEFINITE : grade == GRADE_DISCLOSED ? RUN_DISCLOSED : RUN_UNDISCLOSED;
	uint32		n = census_size(m->loaded->census);
	OwnershipTest test = kernel_test(m->row);
	bool		uncertain;
	bool		is_open = false;
	bool	   *seeds;
	bool	   *wanted;
	MemoryContext memory;
	MemoryContext old;
	CoreEnv		env;
	CensusResult *result;

	if (memchr(m->grade, grade, n) == NULL)
		return;
	memory = graph_memory_create(CurrentMemoryContext, "outbound census run");
	old = MemoryContextSwitchTo(memory);
	env = backend_env();
	seeds = seeds_of_run(inquiry, m, values, run, &uncertain);
	wanted = palloc_extended(n, MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n; i++)
	{
		wanted[i] = m->grade[i] == grade && !seeds[i] && m->tier[i] != 1;
		is_open = is_open || wanted[i];
		if (m->grade[i] == grade && seeds[i])
			m->tier[i] = 0;
	}
	if (is_open)
	{
		test.status_feeds_back = false;
		result = census_attribute(&env, m->loaded->census, &test, run, seeds, wanted);
		core_check(&env);
		for (uint32 i = 0; i < n; i++)
			if (wanted[i])
				m->tier[i] = result->state[i] & CENSUS_STATUS ? 1 : 2;
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
}

/* The membership of a test under the inquiry's readings, if it was computed before. */
CensusMembership *
census_membership_known(Inquiry *inquiry, const LoadedCensus *loaded, const char *test)
{
	CensusMembership *m;

	for (m = loaded->memberships; m != NULL; m = m->next)
		if (strcmp(m->test, test) == 0 && m->n_options == inquiry->choice->n &&
			memcmp(m->options, inquiry->choice->option, sizeof(int) * m->n_options) == 0)
			return m;
	return NULL;
}

CensusMembership *
census_membership_create(Inquiry *inquiry, LoadedCensus *loaded, const char *test, const TestRow *row)
{
	MemoryContext context = loaded->context;
	uint32		n = census_size(loaded->census);
	CensusMembership *m = MemoryContextAllocZero(context, sizeof(CensusMembership));

	m->test = MemoryContextStrdup(context, test);
	m->n_options = inquiry->choice->n;
	m->options = MemoryContextAlloc(context, sizeof(int) * Max(m->n_options, 1));
	if (m->n_options > 0)
		memcpy(m->options, inquiry->choice->option, sizeof(int) * m->n_options);
	m->loaded = loaded;
	m->tiers_down_to = GRADE_DEFINITE + 1;
	m->row = memcpy(MemoryContextAlloc(context, sizeof(TestRow)), row, sizeof(TestRow));
	m->grade = MemoryContextAllocHuge(context, Max(n, 1));
	memset(m->grade, GRADE_NO, n);
	return m;
}

void
census_membership_keep(CensusMembership *m)
{
	m->next = m->loaded->memberships;
	m->loaded->memberships = m;
}

/* Answers a test from a census, in the census's memory. */
static CensusMembership *
answer(Inquiry *inquiry, LoadedCensus *loaded, const char *test, const TestRow *row)
{
	CensusMembership *m = census_membership_create(inquiry, loaded, test, row);

	grade_all(inquiry, m);
	census_membership_keep(m);
	return m;
}

/* Adds the tiers of the members of this grade and better. */
static void
add_tiers(Inquiry *inquiry, CensusMembership *m, Grade down_to)
{
	LoadedCensus *loaded = m->loaded;
	const int8 *values;

	if (down_to == GRADE_NO || (int) down_to >= m->tiers_down_to)
		return;
	values = seed_values(inquiry, loaded, m->row->seeds);
	for (int grade = GRADE_DEFINITE; grade >= (int) down_to; grade--)
		find_tiers(inquiry, m, values, (Grade) grade);
	m->tiers_down_to = down_to;
}

CensusMembership *
census_members(Inquiry *inquiry, const char *test, Grade with_tiers)
{
	MemoryContext scratch;
	MemoryContext old;
	TestRow		row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);
	LoadedCensus *loaded;
	CensusMembership *m;

	if (!census_can(&row))
		return NULL;
	loaded = census_load(inquiry->nb, strncmp(row.seeds, "list:", 5) != 0 || row.excludes_us);
	scratch = graph_memory_create(CurrentMemoryContext, "outbound census members");
	old = MemoryContextSwitchTo(scratch);
	m = census_membership_known(inquiry, loaded, test);
	/* everybody is wanted, and nobody is looked up */
	if (m == NULL && with_tiers != GRADE_NO && strncmp(row.seeds, "list:", 5) != 0)
		census_drop_index(loaded);
	if (m == NULL)
		m = answer(inquiry, loaded, test, &row);
	add_tiers(inquiry, m, with_tiers);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	return m;
}

CensusMembership *
census_members_reached(Inquiry *inquiry, const char *test)
{
	MemoryContext old;
	TestRow		row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);
	OwnershipTest kernel = kernel_test(&row);
	LoadedCensus *loaded;
	CensusMembership *m = NULL;

	if (!census_can(&row) || strncmp(row.seeds, "list:", 5) != 0 || inquiry->nb->census != NULL)
		return NULL;
	old = MemoryContextSwitchTo(inquiry->scratch);
	loaded = census_spread(inquiry->nb, row.seeds + 5, row.excludes_us, &kernel);
	if (loaded != NULL)
	{
		m = answer(inquiry, loaded, test, &row);
		add_tiers(inquiry, m, GRADE_DISCLOSED);
	}
	MemoryContextSwitchTo(old);
	return m;
}

bool
census_grade(Inquiry *inquiry, const char *test, const char *id, Grade *grade)
{
	CensusMembership *m = NULL;
	uint32		party;

	if (inquiry->nb->census != NULL)
		m = census_membership_known(inquiry, inquiry->nb->census, test);
	if (m == NULL)
		m = census_members(inquiry, test, GRADE_NO);
	if (m == NULL || !census_lookup(m->loaded, id, strlen(id), &party))
		return false;
	*grade = (Grade) m->grade[party];
	return true;
}

/* The party above a node at a place among its holders and principals. */
static NodeId
above_at(const GraphNode *node, uint32 i)
{
	return i < node->n_holdings ? node->holdings[i].holder : node->principals[i - node->n_holdings].principal;
}

bool
census_spares(Inquiry *inquiry, NodeId party)
{
	const Graph *graph = inquiry->nb->graph;
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	NodeId	   *nodes;
	uint32		n = graph_cone(&inquiry->env, graph, party, &nodes);
	uint32		size = graph_size(graph);
	uint32	   *local;
	uint32	   *start;
	uint32	   *target;
	uint32		total = 0;
	Digraph		cone;
	Components	components;
	bool		large = false;

	MemoryContextSwitchTo(old);
	if (n <= LARGE_RING || !census_fits(inquiry->nb))
		return false;
	old = MemoryContextSwitchTo(inquiry->scratch);
	local = palloc_extended(mul_size(sizeof(uint32), size), MCXT_ALLOC_HUGE);
	start = palloc_extended(mul_size(sizeof(uint32), n + 1), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n; i++)
	{
		const GraphNode *node = graph_node(graph, nodes[i]);

		local[nodes[i]] = i;
		start[i] = total;
		total += node->n_holdings + node->n_principals;
	}
	start[n] = total;
	target = palloc_extended(mul_size(sizeof(uint32), Max(total, 1)), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n; i++)
		for (uint32 j = start[i]; j < start[i + 1]; j++)
			target[j] = local[above_at(graph_node(graph, nodes[i]), j - start[i])];
	cone.n = n;
	cone.start = start;
	cone.target = target;
	components_find(&inquiry->env, &cone, &components);
	for (uint32 i = 0; i < components.n && !large; i++)
		large = components.start[i + 1] - components.start[i] > LARGE_RING;
	MemoryContextSwitchTo(old);
	return large;
}
