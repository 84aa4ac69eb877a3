/*
 * held.c
 *		Whom does a party hold, directly or through others, in the ways that
 *		850.209(a)(2) names, of any size?
 *
 * Only those are kept that may do anything at all: the others can be no persons of
 * 850.209(a)(1) under any ruleset or reading.  They are few.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/hsearch.h"

#include "screen/financial.h"
#include "screen/held.h"

typedef struct KnownHeld
{
	NodeId		holder;			/* hash key */
	uint32		n;
	HeldParty  *parties;
} KnownHeld;

/* Is the holding of a kind that 850.209(a)(2) counts, of any size, not excepted? */
static Ternary
holding_counts(const Holding *holding)
{
	switch (holding->kind)
	{
		case INTEREST_CONTINGENT_EQUITY:
		case INTEREST_ACTS_FOR:
		case INTEREST_BRANCH_OF:
			return TERNARY_FALSE;
		case INTEREST_UNMAPPED:
			return holding->excepted ? TERNARY_FALSE : TERNARY_UNKNOWN;
		default:
			break;
	}
	if (holding->excepted || fraction_is_zero(holding->share.upper))
		return TERNARY_FALSE;
	if (fraction_is_zero(holding->share.lower) && !holding->share.lower_open)
		return TERNARY_UNKNOWN;
	return TERNARY_TRUE;
}

/* A mark for what is known of a party below: no mark stands for not below. */
static inline uint8
mark_of(Ternary held)
{
	return (uint8) (2 + held);
}

static inline Ternary
held_of(const uint8 *marks, NodeId party)
{
	return marks[party] == 0 ? TERNARY_FALSE : (Ternary) (marks[party] - 2);
}

/* What one party's holders make of it. */
static Ternary
held_through(const Graph *graph, const uint8 *marks, NodeId party)
{
	const GraphNode *node = graph_node(graph, party);
	Ternary		held = TERNARY_FALSE;

	for (uint32 i = 0; i < node->n_holdings && held != TERNARY_TRUE; i++)
		if (held_of(marks, node->holdings[i].holder) > held)
			held = ternary_or(held, ternary_and(held_of(marks, node->holdings[i].holder), holding_counts(&node->holdings[i])));
	return held;
}

/* Marks what the first of those below holds: a least fixpoint. */
static void
mark_held(const Graph *graph, const NodeId *below, uint32 n, uint8 *marks)
{
	bool		changed = true;

	for (uint32 i = 0; i < n; i++)
		marks[below[i]] = mark_of(i == 0 ? TERNARY_TRUE : TERNARY_FALSE);
	while (changed)
	{
		changed = false;
		for (uint32 i = 1; i < n; i++)
		{
			Ternary		held;

			CHECK_FOR_INTERRUPTS();
			if (held_of(marks, below[i]) == TERNARY_TRUE)
				continue;
			held = held_through(graph, marks, below[i]);
			if (held > held_of(marks, below[i]))
			{
				marks[below[i]] = mark_of(held);
				changed = true;
			}
		}
	}
}

/* May the party do anything?  The answers are remembered. */
static bool
is_active(Inquiry *inquiry, uint8 *active, NodeId party)
{
	if (active[party] == MEMO_EMPTY)
		active[party] = may_be_active(inquiry, party);
	return active[party];
}

/* Keeps a party, in the neighbourhood's memory. */
static void
keep_held(Neighbourhood *nb, KnownHeld *known, uint32 *allocated, NodeId party, Ternary held)
{
	if (known->n == *allocated)
	{
		*allocated = Max(4, *allocated * 2);
		known->parties = known->n == 0 ? MemoryContextAlloc(nb->context, mul_size(sizeof(HeldParty), *allocated)) :
			repalloc_huge(known->parties, mul_size(sizeof(HeldParty), *allocated));
	}
	known->parties[known->n++] = (HeldParty) {party, held};
}

/* Finds them: those below it, and those it draws from by the firm's own figures while their registers leave open who holds them. */
static void
find_held(Inquiry *inquiry, KnownHeld *known)
{
	NodeId	   *below;
	uint32		n_below = neighbourhood_load_reach(inquiry->nb, known->holder, &below);
	NodeId	   *drawn_from;
	uint32		n_drawn = financial_sources(inquiry, known->holder, &drawn_from);
	uint8	   *marks = neighbourhood_marks(inquiry->nb);
	uint8	   *active = inquiry_data_memo(inquiry, "may be active");
	uint32		allocated = 0;

	mark_held(inquiry->nb->graph, below, n_below, marks);
	activities_load(inquiry, below, n_below);
	activities_load(inquiry, drawn_from, n_drawn);
	for (uint32 i = 1; i < n_below; i++)
		if (held_of(marks, below[i]) != TERNARY_FALSE && is_active(inquiry, active, below[i]))
			keep_held(inquiry->nb, known, &allocated, below[i], held_of(marks, below[i]));
	for (uint32 i = 0; i < n_drawn; i++)
	{
		const GraphNode *node = graph_node(inquiry->nb->graph, drawn_from[i]);

		if (drawn_from[i] != known->holder && held_of(marks, drawn_from[i]) == TERNARY_FALSE &&
			!node->unheld && node->register_state == REGISTER_OPEN && is_active(inquiry, active, drawn_from[i]))
			keep_held(inquiry->nb, known, &allocated, drawn_from[i], TERNARY_UNKNOWN);
	}
	for (uint32 i = 0; i < n_below; i++)
		marks[below[i]] = 0;
	pfree(below);
	pfree(drawn_from);
}

uint32
held_parties(Inquiry *inquiry, NodeId holder, const HeldParty **parties)
{
	Neighbourhood *nb = inquiry->nb;
	KnownHeld  *known;

	if (nb->held == NULL)
		nb->held = node_table_create(nb, "outbound held parties", sizeof(KnownHeld));
	known = hash_search(nb->held, &holder, HASH_FIND, NULL);
	if (known == NULL)
	{
		KnownHeld	found = {holder};

		find_held(inquiry, &found);
		known = hash_search(nb->held, &holder, HASH_ENTER, NULL);
		*known = found;
	}
	*parties = known->parties;
	return known->n;
}
