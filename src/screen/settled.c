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

#include "screen/census_members.h"
#include "screen/census_tiers.h"
#include "screen/settled.h"

#define NOBODY_ABOVE	0
#define SOMEBODY_ABOVE	1

/* May the party count from the start? */
static bool
may_be_of_concern(Inquiry *inquiry, NodeId party)
{
	const Party *row = neighbourhood_party(inquiry->nb, party);

	return base_person_by_row(row) != TERNARY_FALSE || government_by_row(row) != TERNARY_FALSE;
}

static bool
may_be_us_person(Inquiry *inquiry, NodeId party)
{
	return us_person(inquiry, party) != TERNARY_FALSE;
}

/* Does a party leave open who holds it? */
static bool
is_open(const GraphNode *node)
{
	return !node->unheld && node->register_state == REGISTER_OPEN;
}

static NodeId
above_at(const GraphNode *node, uint32 i)
{
	return i < node->n_holdings ? node->holdings[i].holder : node->principals[i - node->n_holdings].principal;
}

typedef struct Climb			/* a party on the way up, and how many of those above it were tried */
{
	NodeId		party;
	uint32		tried;
} Climb;

/*
 * Is there, at the party or anywhere above it, somebody who may count or an open register?
 * Whoever is on the way up to one has one above, too; if there is none, nobody met has.
 */
static bool
somebody_above(Inquiry *inquiry, NodeId party, const char *label, bool (*may_count) (Inquiry *inquiry, NodeId party))
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
		if (top->tried == 0 && (is_open(node) || may_count(inquiry, top->party)))
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

/* The grade from the cone above, and the time that took. */
static Grade
grade_by_cone(Inquiry *inquiry, NodeId party)
{
	instr_time	start;
	instr_time	end;
	Grade		grade;

	INSTR_TIME_SET_CURRENT(start);
	grade = membership_grade(inquiry, TEST_COUNTRY_OF_CONCERN, party);
	INSTR_TIME_SET_CURRENT(end);
	INSTR_TIME_SUBTRACT(end, start);
	inquiry->nb->seconds += INSTR_TIME_GET_DOUBLE(end);
	return grade;
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
	if (grade_by_census(inquiry, party, &grade))
		inquiry_test_memo(inquiry, TEST_COUNTRY_OF_CONCERN)[party] = (uint8) grade;
	else
		grade = grade_by_cone(inquiry, party);
	return grade_ternary(grade);
}

Ternary
has_us_parent(Inquiry *inquiry, NodeId party)
{
	const TestRow *row = rule_test(inquiry->book, TEST_PARENT);

	if (strcmp(row->seeds, "us_person") == 0 && row->through == NULL && !inquiry->nb->row_security &&
		!somebody_above(inquiry, party, "U.S. person above", may_be_us_person))
		return TERNARY_FALSE;
	return grade_ternary(controlled_foreign_entity(inquiry, party, NULL, NULL));
}
