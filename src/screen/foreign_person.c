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
#include "utils/hsearch.h"

#include "screen/financial.h"
#include "screen/foreign_person.h"

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

/* Is the holding of a kind that 850.209(a)(2) counts, of any size, not excepted? */
static Ternary
holding_counts(Inquiry *inquiry, const Holding *holding)
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

/* What a root holds among the parties below it; those elsewhere it does not hold. */
typedef struct HeldBelow
{
	uint32		n;
	NodeId	   *party;			/* in order */
	Ternary    *held;
} HeldBelow;

static int
compare_parties(const void *a, const void *b)
{
	NodeId		x = *(const NodeId *) a;
	NodeId		y = *(const NodeId *) b;

	return x < y ? -1 : x > y;
}

/* Where a party stands among those below, or NULL. */
static Ternary *
held_place(const HeldBelow *below, NodeId party)
{
	NodeId	   *found = bsearch(&party, below->party, below->n, sizeof(NodeId), compare_parties);

	return found == NULL ? NULL : &below->held[found - below->party];
}

static Ternary
held_of(const HeldBelow *below, NodeId party)
{
	Ternary    *held = held_place(below, party);

	return held == NULL ? TERNARY_FALSE : *held;
}

/* What the root holds, directly or through others: a least fixpoint. */
static HeldBelow
held_below(Inquiry *inquiry, NodeId root, const NodeId *parties, uint32 n)
{
	HeldBelow	below = {n};
	bool		changed = true;

	below.party = palloc_extended(mul_size(sizeof(NodeId), n), MCXT_ALLOC_HUGE);
	memcpy(below.party, parties, sizeof(NodeId) * n);
	qsort(below.party, n, sizeof(NodeId), compare_parties);
	below.held = palloc_extended(mul_size(sizeof(Ternary), n), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n; i++)
		below.held[i] = ternary_of(below.party[i] == root);
	while (changed)
	{
		changed = false;
		for (uint32 i = 0; i < n; i++)
		{
			const GraphNode *node = graph_node(inquiry->nb->graph, below.party[i]);

			CHECK_FOR_INTERRUPTS();
			for (uint32 j = 0; j < node->n_holdings && below.party[i] != root; j++)
			{
				Ternary		here = ternary_and(held_of(&below, node->holdings[j].holder),
											   holding_counts(inquiry, &node->holdings[j]));

				if (here > below.held[i])
				{
					below.held[i] = here;
					changed = true;
				}
			}
		}
	}
	return below;
}

/* Adds a party to the sources if it may be an (a)(1) person that is held. */
static void
add_source(Inquiry *inquiry, NodeId party, Ternary held, FinancialSource *sources, int *n_sources)
{
	FinancialSource *source = &sources[*n_sources];

	source->activity = activity_profile(inquiry, party);
	if (source->activity.covered == TERNARY_FALSE)
		return;
	source->of_concern = person_of_country_of_concern(inquiry, party);
	source->counts = ternary_and(held, ternary_and(source->of_concern, source->activity.covered));
	if (source->counts == TERNARY_FALSE)
		return;
	source->party = party;
	source->held = held;
	(*n_sources)++;
}

/* whom a holder holds, or may hold, whoever they are */
typedef struct HeldParties
{
	NodeId		holder;			/* hash key */
	uint32		n;
	NodeId	   *party;
	Ternary    *held;
} HeldParties;

/* Finds them: those below it, and those it draws from by the firm's own figures while their registers leave open who holds them. */
static void
find_held(Inquiry *inquiry, NodeId holder, HeldParties *parties)
{
	const NodeId *below;
	uint32		n_below = neighbourhood_load_reach(inquiry->nb, holder, &below);
	NodeId	   *drawn_from;
	uint32		n_drawn = financial_sources(inquiry, holder, &drawn_from);
	HeldBelow	held = held_below(inquiry, holder, below, n_below);

	parties->party = MemoryContextAllocHuge(inquiry->nb->context, mul_size(sizeof(NodeId), n_below + n_drawn));
	parties->held = MemoryContextAllocHuge(inquiry->nb->context, mul_size(sizeof(Ternary), n_below + n_drawn));
	for (uint32 i = 0; i < n_below; i++)
		if (below[i] != holder && held_of(&held, below[i]) != TERNARY_FALSE)
		{
			parties->party[parties->n] = below[i];
			parties->held[parties->n++] = held_of(&held, below[i]);
		}
	for (uint32 i = 0; i < n_drawn; i++)
	{
		const GraphNode *node = graph_node(inquiry->nb->graph, drawn_from[i]);

		if (drawn_from[i] != holder && held_of(&held, drawn_from[i]) == TERNARY_FALSE &&
			!node->unheld && node->register_state == REGISTER_OPEN)
		{
			parties->party[parties->n] = drawn_from[i];
			parties->held[parties->n++] = TERNARY_UNKNOWN;
		}
	}
}

/* The same, once a neighbourhood. */
static const HeldParties *
held_parties(Inquiry *inquiry, NodeId holder)
{
	Neighbourhood *nb = inquiry->nb;
	HeldParties found = {holder};
	HeldParties *known;

	if (nb->held == NULL)
	{
		HASHCTL		ctl = {0};

		ctl.keysize = sizeof(NodeId);
		ctl.entrysize = sizeof(HeldParties);
		ctl.hcxt = nb->context;
		nb->held = hash_create("outbound held parties", 64, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	known = hash_search(nb->held, &holder, HASH_FIND, NULL);
	if (known == NULL)
	{
		find_held(inquiry, holder, &found);
		known = hash_search(nb->held, &holder, HASH_ENTER, NULL);
		*known = found;
	}
	return known;
}

/* The (a)(1) persons that the holder holds, or may hold. */
static FinancialSource *
sources_below(Inquiry *inquiry, NodeId holder, int *n_sources)
{
	const HeldParties *parties = held_parties(inquiry, holder);
	FinancialSource *sources;

	*n_sources = 0;
	if (parties->n == 0)
		return NULL;
	sources = palloc0(mul_size(sizeof(FinancialSource), parties->n));
	for (uint32 i = 0; i < parties->n; i++)
		add_source(inquiry, parties->party[i], parties->held[i], sources, n_sources);
	return sources;
}

/* 850.209(a)(2) and the classes that follow from it. */
static void
by_holding(Inquiry *inquiry, NodeId party, ForeignPerson *person)
{
	int			n_sources;
	FinancialSource *sources = sources_below(inquiry, party, &n_sources);
	Ternary		any_prohibited = TERNARY_FALSE;
	Ternary		any_covered = TERNARY_FALSE;
	int			n;

	person->by_holding = inquiry->nb->row_security ? TERNARY_UNKNOWN : TERNARY_FALSE;
	if (n_sources > 0)
	{
		ForeignPersonFinding *tests = financial_tests(inquiry, party, sources, n_sources, &n);

		for (int i = 0; i < n; i++)
		{
			person->by_holding = ternary_or(person->by_holding, tests[i].holds);
			person->findings[person->n_findings++] = tests[i];
		}
	}
	for (int i = 0; i < n_sources; i++)
	{
		any_covered = ternary_or(any_covered, sources[i].counts);
		any_prohibited = ternary_or(any_prohibited,
									ternary_and(sources[i].counts, sources[i].activity.prohibited));
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
	if (finding->holds == TERNARY_UNKNOWN)
	{
		if (person->of_concern == TERNARY_UNKNOWN)
			person_of_concern_missing(inquiry, party, &finding->missing);
		if (person->activity.covered == TERNARY_UNKNOWN)
			missing_merge(&finding->missing, &person->activity.missing);
	}
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
		return person->findings[finding].because;
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
foreign_person_missing(Inquiry *inquiry, NodeId party, const ForeignPerson *person, MissingList *missing)
{
	for (int i = 0; i < person->n_findings; i++)
		if (person->findings[i].holds == TERNARY_UNKNOWN)
			missing_merge(missing, &person->findings[i].missing);
}
