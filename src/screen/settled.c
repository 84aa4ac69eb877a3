/*
 * settled.c
 *		Who is a person of a country of concern, and who has a U.S. parent, asked for
 *		many deals and under many readings.
 *
 * Readings change how interests add up, not who counts from the start.  A party that
 * counts from the start is a member under every reading.  One above which nobody may
 * count, and whose holders are all disclosed, is none under any.  Only the others need a
 * computation for each reading: of the cone above them or, once such computations have
 * taken as long, of a census of everything.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "portability/instr_time.h"
#include "utils/memutils.h"

#include "screen/above.h"
#include "screen/census_members.h"
#include "screen/census_tiers.h"
#include "screen/settled.h"

/* what a pool of U.S. persons has in a party: of pool_has() */
#define POOL_HAS_NOT	0
#define POOL_MAY_HAVE	1
#define POOL_HAS		2

/* May the party count from the start, or somebody who holds it and is not disclosed? */
static bool
may_be_of_concern(Inquiry *inquiry, NodeId party)
{
	const Party *row = neighbourhood_party(inquiry->nb, party);

	return is_open(inquiry, party) || base_person_by_row(row) != TERNARY_FALSE ||
		government_by_row(row) != TERNARY_FALSE;
}

static bool
may_be_us_person(Inquiry *inquiry, NodeId party)
{
	return is_open(inquiry, party) || us_person(inquiry, party) != TERNARY_FALSE;
}

/* The readings that the test obeys as the inquiry has them, the others as the firm has chosen: so that answers are shared. */
static ReadingChoice *
choice_for_concern(Inquiry *inquiry)
{
	static const char *const tests[] = {TEST_COUNTRY_OF_CONCERN, TEST_GOVERNMENT};
	ReadingChoice *choice = reading_choice(inquiry->book);

	for (int t = 0; t < lengthof(tests); t++)
	{
		const TestRow *row = rule_test(inquiry->book, tests[t]);

		for (int i = 0; i < row->n_changes; i++)
			choice->option[row->changes[i].reading] = inquiry->choice->option[row->changes[i].reading];
	}
	return choice;
}

/* The grade from a census, where there is one or it pays by now. */
static bool
grade_by_census(Inquiry *inquiry, NodeId party, Grade *grade)
{
	const char *id = graph_node(inquiry->nb->graph, party)->id;
	const ReadingChoice *choice = inquiry->choice;
	MemoryContext old;
	bool		found;

	if (!census_pays(inquiry->nb))
		return false;
	old = MemoryContextSwitchTo(inquiry->scratch);
	inquiry->choice = choice_for_concern(inquiry);
	found = census_tiers(inquiry, TEST_COUNTRY_OF_CONCERN, id, grade) ||
		census_grade(inquiry, TEST_COUNTRY_OF_CONCERN, id, grade);
	inquiry->choice = choice;
	MemoryContextSwitchTo(old);
	return found;
}

/* A question to the cone above a party, in memory of its own, and the time it took. */
static Grade
grade_by_cone(Inquiry *inquiry, NodeId party, Grade (*ask) (Inquiry *inquiry, NodeId party))
{
	MemoryContext scratch = inquiry->scratch;
	instr_time	start;
	instr_time	end;
	Grade		grade;

	INSTR_TIME_SET_CURRENT(start);
	inquiry->scratch = graph_memory_create(scratch, "outbound question");
	grade = ask(inquiry, party);
	MemoryContextDelete(inquiry->scratch);
	inquiry->scratch = scratch;
	INSTR_TIME_SET_CURRENT(end);
	INSTR_TIME_SUBTRACT(end, start);
	inquiry->nb->seconds += INSTR_TIME_GET_DOUBLE(end);
	return grade;
}

static Grade
ask_concern(Inquiry *inquiry, NodeId party)
{
	return membership_grade(inquiry, TEST_COUNTRY_OF_CONCERN, party);
}

static Grade
ask_parent(Inquiry *inquiry, NodeId party)
{
	return controlled_foreign_entity(inquiry, party, NULL, NULL);
}

/* Do all members of the test count from the start by their own row, or by those above them? */
static bool
is_plain(const TestRow *row)
{
	return strcmp(row->seeds, "person_of_country_of_concern") == 0 && row->pooled && !row->excludes_us &&
		row->through == NULL && rule_test_applies(row);
}

static Grade concern_grade(Inquiry *inquiry, NodeId party);

/* The grade under the test of 850.221, by the shortest way. */
static Grade
grade_of_concern(Inquiry *inquiry, NodeId party)
{
	const TestRow *row = rule_test(inquiry->book, TEST_COUNTRY_OF_CONCERN);
	ReadingChoice *plain;
	Grade		grade;

	if (is_plain(row))
	{
		if (base_person_of_concern(inquiry, party) == TERNARY_TRUE)
			return GRADE_DEFINITE;
		if (!inquiry->nb->row_security && !somebody_above(inquiry, party, "of concern above", may_be_of_concern))
			return GRADE_NO;
	}
	plain = without_immaterial(inquiry, row, rule_test(inquiry->book, TEST_GOVERNMENT), party);
	if (plain != NULL)
	{
		const ReadingChoice *choice = inquiry->choice;

		inquiry->choice = plain;
		grade = concern_grade(inquiry, party);
		inquiry->choice = choice;
		return grade;
	}
	return grade_by_census(inquiry, party, &grade) ? grade : grade_by_cone(inquiry, party, ask_concern);
}

static Grade
concern_grade(Inquiry *inquiry, NodeId party)
{
	uint8	   *memo = inquiry_test_memo(inquiry, TEST_COUNTRY_OF_CONCERN);
	Grade		grade;

	if (memo[party] != MEMO_EMPTY)
		return (Grade) memo[party];
	grade = grade_of_concern(inquiry, party);
	/* what was asked may have made the memo grow */
	inquiry_test_memo(inquiry, TEST_COUNTRY_OF_CONCERN)[party] = (uint8) grade;
	return grade;
}

Ternary
person_of_country_of_concern(Inquiry *inquiry, NodeId party)
{
	return grade_ternary(concern_grade(inquiry, party));
}

/* A label of the parents' test under its readings, for what is kept of it. */
static const char *
label_of_parents(Inquiry *inquiry, const char *what)
{
	const TestRow *row = rule_test(inquiry->book, TEST_PARENT);
	const char *label = what;

	for (int i = 0; i < row->n_changes; i++)
		label = psprintf("%s %d", label, inquiry->choice->option[row->changes[i].reading]);
	return label;
}

/* Marks whom the seeds have in a run, for certain or (least unknown) perhaps; in memory that goes at once. */
static void
mark_reached(Inquiry *inquiry, const TestRow *row, KernelRun run, const NodeId *seeds, uint32 n_seeds,
			 Ternary least, uint8 mark, uint8 *memo)
{
	MemoryContext memory = graph_memory_create(CurrentMemoryContext, "outbound pool");
	MemoryContext old = MemoryContextSwitchTo(memory);
	CoreEnv		env = backend_env();
	NodeId	   *nodes;
	uint32		n = membership_all_nodes(inquiry, &nodes);
	OwnershipTest test = kernel_test_in_run(row, run);
	Kernel	   *kernel = kernel_create(&env, inquiry->nb->graph, nodes, n, &test, run);
	const NodeId *reached;
	const Ternary *status;
	uint32		n_reached = kernel_reached(kernel, seeds, n_seeds, &reached, &status);

	core_check(&env);
	for (uint32 i = 0; i < n_reached; i++)
		if (status[i] >= least)
			memo[reached[i]] = mark;
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
}

/*
 * Marks whom all possible U.S. persons together, and whoever is not disclosed, may be parents
 * of, and whom those who certainly are U.S. persons have without the others.
 */
static void
mark_pooled(Inquiry *inquiry, uint8 *memo)
{
	TestRow		under = rule_test_under(rule_test(inquiry->book, TEST_PARENT), inquiry->choice);
	uint32		n = graph_size(inquiry->nb->graph);
	NodeId	   *possible = palloc_extended(mul_size(sizeof(NodeId), Max(n, 1)), MCXT_ALLOC_HUGE);
	NodeId	   *certain = palloc_extended(mul_size(sizeof(NodeId), Max(n, 1)), MCXT_ALLOC_HUGE);
	uint32		n_possible = 0;
	uint32		n_certain = 0;
	bool		open = false;

	for (uint32 i = 0; i < n; i++)
	{
		Ternary		is_us = us_person(inquiry, i);

		CHECK_FOR_INTERRUPTS();
		memo[i] = POOL_HAS_NOT;
		open |= is_open(inquiry, i);
		if (is_us != TERNARY_FALSE)
			possible[n_possible++] = i;
		if (is_us == TERNARY_TRUE)
			certain[n_certain++] = i;
	}
	if (n_possible > 0 || open)
		mark_reached(inquiry, &under, open ? RUN_UNDISCLOSED : RUN_DISCLOSED, possible, n_possible, TERNARY_UNKNOWN,
					 POOL_MAY_HAVE, memo);
	if (n_certain > 0)
		mark_reached(inquiry, &under, RUN_DEFINITE, certain, n_certain, TERNARY_TRUE, POOL_HAS, memo);
	/* nobody is a parent of itself */
	for (uint32 i = 0; i < n_possible; i++)
		if (memo[possible[i]] == POOL_HAS)
			memo[possible[i]] = POOL_MAY_HAVE;
}

/* What the pool has in the party: POOL_*. */
static uint8
pool_has(Inquiry *inquiry, NodeId party)
{
	uint8	   *memo = inquiry_data_memo(inquiry, label_of_parents(inquiry, "pooled U.S. persons above"));
	MemoryContext scratch = inquiry->scratch;
	MemoryContext old;

	if (memo[party] == MEMO_EMPTY)
	{
		inquiry->scratch = graph_memory_create(scratch, "outbound question");
		old = MemoryContextSwitchTo(inquiry->scratch);
		mark_pooled(inquiry, memo);
		MemoryContextSwitchTo(old);
		MemoryContextDelete(inquiry->scratch);
		inquiry->scratch = scratch;
	}
	return memo[party];
}

/* The choice without the pool; false where that is no choice. */
static bool
without_pool(Inquiry *inquiry, ReadingChoice **alone)
{
	const TestRow *row = rule_test(inquiry->book, TEST_PARENT);
	const ReadingChoice *choice = inquiry->choice;
	Size		size = add_size(offsetof(ReadingChoice, option), mul_size(sizeof(int), choice->n));

	*alone = MemoryContextAlloc(inquiry->scratch, size);
	memcpy(*alone, choice, size);
	for (int i = 0; i < row->n_changes; i++)
		if (row->changes[i].has_pooled && choice->option[row->changes[i].reading] == row->changes[i].option)
			(*alone)->option[row->changes[i].reading] = row->changes[i].option == 0 ? 1 : 0;
	return !rule_test_under(row, *alone).pooled;
}

/*
 * Under A-43 pooled, with everything loaded: who has a parent of its own has one in the
 * pool, who has none in the widest pool has none, and the narrowest has whom it has.  The
 * few others are asked one by one.
 */
static bool
grade_by_pool(Inquiry *inquiry, NodeId party, Grade *grade)
{
	const TestRow *row = rule_test(inquiry->book, TEST_PARENT);
	const ReadingChoice *choice = inquiry->choice;
	ReadingChoice *alone;
	NodeId		parent;
	Ternary		answer;
	uint8		pool;

	if (!rule_test_under(row, choice).pooled || row->pooled || !inquiry->nb->whole || inquiry->nb->row_security ||
		!without_pool(inquiry, &alone))
		return false;
	inquiry->choice = alone;
	answer = has_us_parent(inquiry, party);
	inquiry->choice = choice;
	pool = pool_has(inquiry, party);
	*grade = answer == TERNARY_TRUE ? GRADE_DEFINITE :
		pool == POOL_HAS_NOT ? GRADE_NO :
		pool == POOL_HAS ? foreign_grade(inquiry, party, GRADE_DEFINITE) :
		controlled_foreign_entity(inquiry, party, NULL, &parent);
	inquiry_test_memo(inquiry, TEST_PARENT)[party] = (uint8) *grade;
	return true;
}

Ternary
has_us_parent(Inquiry *inquiry, NodeId party)
{
	const TestRow *row = rule_test(inquiry->book, TEST_PARENT);
	uint8	   *memo = inquiry_test_memo(inquiry, TEST_PARENT);
	const ReadingChoice *choice = inquiry->choice;
	ReadingChoice *plain;
	Grade		grade;

	if (memo[party] != MEMO_EMPTY)
		return grade_ternary((Grade) memo[party]);
	if (strcmp(row->seeds, "us_person") == 0 && row->through == NULL && !inquiry->nb->row_security &&
		!somebody_above(inquiry, party, "U.S. person above", may_be_us_person))
		return TERNARY_FALSE;
	plain = without_immaterial(inquiry, row, NULL, party);
	if (plain != NULL)
		inquiry->choice = plain;
	if (!grade_by_pool(inquiry, party, &grade))
		grade = grade_by_cone(inquiry, party, ask_parent);
	inquiry->choice = choice;
	return grade_ternary(grade);
}
