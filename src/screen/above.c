/*
 * above.c
 *		What stands above a party, and which readings of the law can therefore change
 *		nothing about it.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "screen/above.h"

#define NOBODY_ABOVE	0
#define SOMEBODY_ABOVE	1

bool
is_open(Inquiry *inquiry, NodeId party)
{
	const GraphNode *node = graph_node(inquiry->nb->graph, party);

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
	uint32		tried;			/* 0: not even the party itself */
} Climb;

/* Whoever is on the way up to one has one above, too; if there is none, nobody met has. */
bool
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
has_equity_alone(Inquiry *inquiry, NodeId party)
{
	return is_held_by(inquiry, party, INTEREST_EQUITY) && !is_held_by(inquiry, party, INTEREST_VOTING);
}

/* Has somebody a role in the party, or a holding that may be one? */
static bool
has_roles(Inquiry *inquiry, NodeId party)
{
	const GraphNode *node = graph_node(inquiry->nb->graph, party);

	for (uint32 i = 0; i < node->n_holdings; i++)
		if (node->holdings[i].kind >= N_PERCENTAGE_KINDS)
			return true;
	return false;
}

#define HELD_BY(word, kind) \
static bool held_by_##word(Inquiry *inquiry, NodeId party) { return is_held_by(inquiry, party, kind); }

HELD_BY(voting, INTEREST_VOTING)
HELD_BY(board, INTEREST_BOARD)
HELD_BY(equity, INTEREST_EQUITY)
HELD_BY(profits, INTEREST_PROFITS)
HELD_BY(liquidation, INTEREST_LIQUIDATION)

/* by kind of percentage */
static const struct
{
	const char *label;
	bool		(*is_held) (Inquiry *inquiry, NodeId party);
}			held_by[N_PERCENTAGE_KINDS] = {
	{"votes above", held_by_voting}, {"board above", held_by_board}, {"equity above", held_by_equity},
	{"profits above", held_by_profits}, {"liquidation above", held_by_liquidation}
};

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

/* Is some entity above held by interests of that kind? */
static bool
kind_above(Inquiry *inquiry, NodeId party, InterestKind kind)
{
	return somebody_above(inquiry, party, held_by[kind].label, held_by[kind].is_held);
}

/*
 * Equity read as votes where an entity has no voting interest at all changes nothing
 * where no such entity is above; nor where nobody above has votes of its own, if equity by
 * itself passes like votes: then votes only say again what equity says.
 */
static bool
equity_votes_matter(Inquiry *inquiry, const TestRow *under, NodeId party)
{
	return somebody_above(inquiry, party, "equity alone above", has_equity_alone) &&
		(!votes_like_equity(under) || kind_above(inquiry, party, INTEREST_VOTING));
}

/* What passes on across kinds of interests matters only where there are several, or may be. */
static bool
kinds_matter(Inquiry *inquiry, const TestRow *under, NodeId party)
{
	int			n = 0;

	if (somebody_above(inquiry, party, "open register above", is_open))
		return true;
	for (int k = 0; k < under->base.n_measures; k++)
		if (kind_above(inquiry, party, under->base.measures[k].kind))
			n += under->base.equity_votes && under->base.measures[k].kind == INTEREST_EQUITY ? 2 : 1;
	return n > 1;
}

/* What roles pass on matters only where somebody has one, or may have. */
static bool
roles_matter(Inquiry *inquiry, NodeId party)
{
	return somebody_above(inquiry, party, "open register above", is_open) ||
		somebody_above(inquiry, party, "roles above", has_roles);
}

/* Can what an option says of a test change an answer about the party? */
static bool
change_matters(Inquiry *inquiry, const TestRow *under, const TestChange *change, NodeId party)
{
	return change->has_below || change->has_link || change->has_feeds_back || change->has_pooled || change->has_tiers ||
		change->has_last_pools_base ||
		(change->has_equity_votes && equity_votes_matter(inquiry, under, party)) ||
		(change->has_across && kinds_matter(inquiry, under, party)) ||
		(change->has_roles_carry && roles_matter(inquiry, party));
}

static bool
option_matters(Inquiry *inquiry, const TestRow *row, int reading, int option, NodeId party)
{
	TestRow		under = rule_test_under(row, inquiry->choice);

	for (int i = 0; i < row->n_changes; i++)
		if (row->changes[i].reading == reading && row->changes[i].option == option &&
			change_matters(inquiry, &under, &row->changes[i], party))
			return true;
	return false;
}

static bool
option_is_said(const TestRow *row, int reading, int option)
{
	for (int i = 0; i < row->n_changes; i++)
		if (row->changes[i].reading == reading && row->changes[i].option == option)
			return true;
	return false;
}

ReadingChoice *
without_immaterial(Inquiry *inquiry, const TestRow *row, const TestRow *second, NodeId party)
{
	ReadingChoice *choice = NULL;
	Size		size = add_size(offsetof(ReadingChoice, option), mul_size(sizeof(int), inquiry->choice->n));

	second = second ? second : row;
	for (int i = 0; i < row->n_changes; i++)
	{
		int			reading = row->changes[i].reading;
		int			chosen = inquiry->choice->option[reading];
		int			unsaid = 0;

		while (unsaid < inquiry->book->readings[reading].n_options &&
			   (option_is_said(row, reading, unsaid) || option_is_said(second, reading, unsaid)))
			unsaid++;
		if (chosen == unsaid || !option_is_said(row, reading, chosen) || unsaid == inquiry->book->readings[reading].n_options ||
			option_matters(inquiry, row, reading, chosen, party) || option_matters(inquiry, second, reading, chosen, party))
			continue;
		if (choice == NULL)
			choice = memcpy(MemoryContextAlloc(inquiry->scratch, size), inquiry->choice, size);
		choice->option[reading] = unsaid;
	}
	return choice;
}
