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

#include "screen/census_members.h"
#include "screen/census_tiers.h"
#include "screen/settled.h"

#define NOBODY_ABOVE	0
#define SOMEBODY_ABOVE	1

/* Does a party leave open who holds it? */
static bool
is_open(Inquiry *inquiry, NodeId party)
{
	const GraphNode *node = graph_node(inquiry->nb->graph, party);

	return !node->unheld && node->register_state == REGISTER_OPEN;
}

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

/* Has the party holders of a kind? */
static bool
is_held_by(Inquiry *inquiry, NodeId party, InterestKind kind)
{
	const GraphNode *node = graph_node(inquiry->nb->graph, party);

	for (uint32 i = 0; i < node->n_holdings; i++)
		if (node->holdings[i].kind == kind || node->holdings[i].kind == INTEREST_UNMAPPED)
			return true;
	return false;
}

static bool
has_votes(Inquiry *inquiry, NodeId party)
{
	return is_held_by(inquiry, party, INTEREST_VOTING);
}

static bool
has_equity_alone(Inquiry *inquiry, NodeId party)
{
	return is_held_by(inquiry, party, INTEREST_EQUITY) && !is_held_by(inquiry, party, INTEREST_VOTING);
}

static NodeId
above_at(const GraphNode *node, uint32 i)
{
	return i < node->n_holdings ? node->holdings[i].holder : node->principals[i - node->n_holdings].principal;
}

typedef struct Climb			/* a party on the way up, and how many of those above it were tried */
{
	NodeId		party;
	uint32		tried;			/* 0: not even the party itself */
} Climb;

/*
 * Is the party such a one, or anybody above it?  Whoever is on the way up to one has one
 * above, too; if there is none, nobody met has.  Kept under the label.
 */
static bool
somebody_above(Inquiry *inquiry, NodeId party, const char *label, bool (*is_such) (Inquiry *inquiry, NodeId party))
{
	const Graph *graph = inquiry->nb->graph;
	uint8	   *memo = inquiry_data_memo(inquiry, label);
	MemoryContext old;
	Climb	   *way;
	NodeId	   *met;
	uint32		allocated = 64;
	uint32		n_way = 0;
	uint32		n_met = 0;
	uint32		met_allocated = 64;

	if (memo[party] != MEMO_EMPTY)
		return memo[party] == SOMEBODY_ABOVE;
	old = MemoryContextSwitchTo(inquiry->scratch);
	way = palloc(mul_size(sizeof(Climb), allocated));
	met = palloc(mul_size(sizeof(NodeId), met_allocated));
	way[n_way++] = (Climb) {party, 0};
	met[n_met++] = party;
	memo[party] = NOBODY_ABOVE;	/* until shown otherwise */
	while (n_way > 0)
	{
		Climb	   *top = &way[n_way - 1];
		const GraphNode *node = graph_node(graph, top->party);
		NodeId		above;

		CHECK_FOR_INTERRUPTS();
		if (top->tried == 0 && is_such(inquiry, top->party))
			break;
		if (top->tried == node->n_holdings + node->n_principals)
		{
			n_way--;
			continue;
		}
		above = above_at(node, top->tried++);
		if (memo[above] == SOMEBODY_ABOVE)
			break;
		if (memo[above] == NOBODY_ABOVE)
			continue;
		if (n_way == allocated)
			way = repalloc_huge(way, mul_size(sizeof(Climb), allocated *= 2));
		if (n_met == met_allocated)
			met = repalloc_huge(met, mul_size(sizeof(NodeId), met_allocated *= 2));
		way[n_way++] = (Climb) {above, 0};
		met[n_met++] = above;
		memo[above] = NOBODY_ABOVE;
	}
	/* found: of those met beside the way nothing is known */
	for (uint32 i = 0; i < n_met && n_way > 0; i++)
		memo[met[i]] = MEMO_EMPTY;
	for (uint32 i = 0; i < n_way; i++)
		memo[way[i].party] = SOMEBODY_ABOVE;
	pfree(way);
	pfree(met);
	MemoryContextSwitchTo(old);
	return memo[party] == SOMEBODY_ABOVE;
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

/* Do votes and equity pass at the same share? */
static bool
votes_like_equity(const TestRow *row)
{
	const OwnershipTest *test = &row->base;
	int			votes = -1;
	int			equity = -1;

	for (int k = 0; k < test->n_measures; k++)
		if (test->measures[k].kind == INTEREST_VOTING)
			votes = k;
		else if (test->measures[k].kind == INTEREST_EQUITY)
			equity = k;
	return votes >= 0 && equity >= 0 && !test->across_measures && !test->reports &&
		test->control_counts == CONTROL_AS_SHARE && test->measures[votes].strict == test->measures[equity].strict &&
		test->measures[votes].threshold.num == test->measures[equity].threshold.num &&
		test->measures[votes].threshold.den == test->measures[equity].threshold.den &&
		test->measures[votes].threshold.big == NULL && test->measures[equity].threshold.big == NULL;
}

/*
 * A-47 reads equity as votes where an entity has no voting interest at all.  That changes
 * nothing where no such entity is above; nor where nobody above has votes of its own, if
 * equity by itself passes like votes: then votes only say again what equity says.
 * Returns the choice without it, or NULL where it may matter or is not chosen.
 */
static ReadingChoice *
without_equity_votes(Inquiry *inquiry, const char *test, NodeId party)
{
	const TestRow *row = rule_test(inquiry->book, test);
	TestRow		under = rule_test_under(row, inquiry->choice);
	ReadingChoice *choice;
	Size		size;

	if (!under.base.equity_votes || row->base.equity_votes ||
		(somebody_above(inquiry, party, "equity alone above", has_equity_alone) &&
		 (!votes_like_equity(&under) || somebody_above(inquiry, party, "votes above", has_votes))))
		return NULL;
	size = add_size(offsetof(ReadingChoice, option), mul_size(sizeof(int), inquiry->choice->n));
	choice = MemoryContextAlloc(inquiry->scratch, size);
	memcpy(choice, inquiry->choice, size);
	for (int i = 0; i < row->n_changes; i++)
	{
		const TestChange *change = &row->changes[i];

		/* an option that says more than that stays */
		if (!change->has_equity_votes || choice->option[change->reading] != change->option)
			continue;
		if (change->has_below || change->has_link || change->has_across || change->has_feeds_back ||
			change->has_roles_carry || change->has_pooled || change->has_tiers || change->has_last_pools_base ||
			inquiry->book->readings[change->reading].n_options != 2)
			return NULL;
		choice->option[change->reading] = 1 - change->option;
	}
	return rule_test_under(row, choice).base.equity_votes ? NULL : choice;
}

/* Do all members of the test count from the start by their own row, or by those above them? */
static bool
is_plain(const TestRow *row)
{
	return strcmp(row->seeds, "person_of_country_of_concern") == 0 && row->pooled && !row->excludes_us &&
		row->through == NULL && rule_test_applies(row);
}

Ternary
person_of_country_of_concern(Inquiry *inquiry, NodeId party)
{
	uint8	   *memo = inquiry_test_memo(inquiry, TEST_COUNTRY_OF_CONCERN);
	ReadingChoice *plain;
	Grade		grade;

	if (memo[party] != MEMO_EMPTY)
		return grade_ternary((Grade) memo[party]);
	if (is_plain(rule_test(inquiry->book, TEST_COUNTRY_OF_CONCERN)))
	{
		if (base_person_of_concern(inquiry, party) == TERNARY_TRUE)
			return TERNARY_TRUE;
		if (!inquiry->nb->row_security && !somebody_above(inquiry, party, "of concern above", may_be_of_concern))
			return TERNARY_FALSE;
	}
	if ((plain = without_equity_votes(inquiry, TEST_COUNTRY_OF_CONCERN, party)) != NULL)
	{
		const ReadingChoice *choice = inquiry->choice;
		Ternary		answer;

		inquiry->choice = plain;
		answer = person_of_country_of_concern(inquiry, party);
		inquiry->choice = choice;
		return answer;
	}
	if (grade_by_census(inquiry, party, &grade))
		inquiry_test_memo(inquiry, TEST_COUNTRY_OF_CONCERN)[party] = (uint8) grade;
	else
		grade = grade_by_cone(inquiry, party, ask_concern);
	return grade_ternary(grade);
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

/* Marks whom all possible U.S. persons together, and whoever is not disclosed, may be parents of. */
static void
mark_pooled(Inquiry *inquiry, uint8 *memo)
{
	TestRow		under = rule_test_under(rule_test(inquiry->book, TEST_PARENT), inquiry->choice);
	OwnershipTest test = kernel_test(&under);
	NodeId	   *nodes;
	uint32		n = membership_all_nodes(inquiry, &nodes);
	NodeId	   *seeds = palloc_extended(mul_size(sizeof(NodeId), Max(n, 1)), MCXT_ALLOC_HUGE);
	uint32		n_seeds = 0;
	bool		open = false;
	const NodeId *reached;
	const Ternary *status;
	uint32		n_reached;
	Kernel	   *kernel;

	for (uint32 i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		memo[i] = NOBODY_ABOVE;
		open |= is_open(inquiry, i);
		if (us_person(inquiry, i) != TERNARY_FALSE)
			seeds[n_seeds++] = i;
	}
	if (n_seeds == 0 && !open)
		return;
	kernel = kernel_create(&inquiry->env, inquiry->nb->graph, nodes, n, &test, open ? RUN_UNDISCLOSED : RUN_DISCLOSED);
	n_reached = kernel_reached(kernel, seeds, n_seeds, &reached, &status);
	inquiry_check(inquiry);
	for (uint32 i = 0; i < n_reached; i++)
		if (status[i] != TERNARY_FALSE)
			memo[reached[i]] = SOMEBODY_ABOVE;
}

/* May the pool be a parent of the party? */
static bool
pool_may_be_parent(Inquiry *inquiry, NodeId party)
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
	return memo[party] == SOMEBODY_ABOVE;
}

/*
 * Under A-43 pooled, with everything loaded: who has a parent of its own has one in the
 * pool, and who has none in the widest pool has none.  The few others are asked one by one.
 */
static bool
grade_by_pool(Inquiry *inquiry, NodeId party, Grade *grade)
{
	const TestRow *row = rule_test(inquiry->book, TEST_PARENT);
	const ReadingChoice *choice = inquiry->choice;
	TestRow		under = rule_test_under(row, choice);
	ReadingChoice *alone;
	NodeId		parent;
	Size		size = add_size(offsetof(ReadingChoice, option), mul_size(sizeof(int), choice->n));
	Ternary		answer;

	if (!under.pooled || row->pooled || !inquiry->nb->whole || inquiry->nb->row_security)
		return false;
	alone = MemoryContextAlloc(inquiry->scratch, size);
	memcpy(alone, choice, size);
	for (int i = 0; i < row->n_changes; i++)
		if (row->changes[i].has_pooled && choice->option[row->changes[i].reading] == row->changes[i].option)
			alone->option[row->changes[i].reading] = row->changes[i].option == 0 ? 1 : 0;
	if (rule_test_under(row, alone).pooled)
		return false;
	inquiry->choice = alone;
	answer = has_us_parent(inquiry, party);
	inquiry->choice = choice;
	*grade = answer == TERNARY_TRUE ? GRADE_DEFINITE : !pool_may_be_parent(inquiry, party) ? GRADE_NO :
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
	plain = without_equity_votes(inquiry, TEST_PARENT, party);
	if (plain != NULL)
		inquiry->choice = plain;
	if (!grade_by_pool(inquiry, party, &grade))
		grade = grade_by_cone(inquiry, party, ask_parent);
	inquiry->choice = choice;
	return grade_ternary(grade);
}
