/*
 * census_test.c
 *		Pooled tests over a census say what the exact kernel says over the same graph: random
 *		graphs with ties, rings, ranges, roles, branches and dirty data.
 */
#include "core/census.h"
#include "unit.h"

static uint64_t random_state;

static uint32_t
pick(uint32_t n)
{
	return (uint32_t) (unit_random(&random_state) >> 33) % n;
}

/* A share as registers have them: ties, thirds, counts, bands, nonsense. */
static ShareValue
pick_share(CoreEnv *env, bool ranges)
{
	static const char *const exact[] = {
		"50%", "25%", "10%", "40%", "30%", "20%", "60%", "100%", "5%", "49%", "51%", "1/3", "2/3", "1/7", "0",
		"1234567/9876543", "12.5%", "0.000000001", "75%", "0.333333333333333333333333333333", "infinity",
		"49.99999999999999999%", "1/1099511627791", "3/4611686018427387847"
	};
	static const char *const ranged[] = {"(25%,50%]", "[25%,50%)", ">50%", "unknown", "[75%,100%]", "(50%,75%)", "[0,10%]", "[50%,60%]"};
	const char *text = ranges && pick(4) == 0 ? ranged[pick(8)] : exact[pick(3) == 0 ? pick(24) : pick(14)];
	size_t		at;

	return share_value_parse(env, text, &at);
}

typedef struct World
{
	CoreEnv		env;
	UnitMemory	memory;
	uint32_t	n;
	Graph	   *graph;
	Census	   *census;
	OwnershipTest test;
	bool		seeds[64];
} World;

static void
make_world(World *w, uint64_t number)
{
	static const InterestKind kinds[] = {
		INTEREST_EQUITY, INTEREST_EQUITY, INTEREST_EQUITY, INTEREST_VOTING, INTEREST_VOTING, INTEREST_BOARD, INTEREST_DIRECTION,
		INTEREST_ACTS_FOR, INTEREST_BRANCH_OF, INTEREST_LIMITED_PARTNER, INTEREST_INVESTMENT_ADVISER, INTEREST_UNMAPPED
	};
	static const char *const sources[] = {NULL, "a", "b"};
	bool		ranges,
				dirty,
				acyclic,
				typed;
	uint32_t	n_rows;
	char		id[32];

	random_state = number;
	memset(w, 0, sizeof(*w));
	w->env = unit_env(&w->memory);
	w->n = 2 + pick(pick(4) == 0 ? 24 : 8);
	ranges = pick(3) == 0;
	dirty = pick(4) == 0;
	acyclic = pick(2) == 0;
	typed = pick(2) == 0;
	w->graph = graph_create(&w->env);
	w->census = census_create(&w->env, &w->env, &w->env, pick(3) * 10, pick(3));
	for (uint32_t i = 0; i < w->n; i++)
	{
		CensusKey	key = {id, 0, 0, 0, false};
		NodeId		node;
		GraphNode  *g;
		CensusParty *p;

		key.length = (size_t) sprintf(id, "party number %u", i);
		census_intern(w->census, &key);
		node = graph_intern(w->graph, id, key.length, NULL);
		if (key.party != i || node != i || !key.is_new)
			ok(false, "ids are numbered in order");
		g = graph_node(w->graph, node);
		p = census_party(w->census, i);
		g->register_state = dirty ? pick(3) : pick(3) == 0 ? REGISTER_COMPLETE : REGISTER_CLOSED;
		p->register_state = g->register_state;
		p->unheld = pick(4) == 0;
		g->unheld = p->unheld;
		g->pooled_fund = (Ternary) (typed ? TERNARY_FALSE : (int) pick(3) - 1);
		p->pooled_fund = (int8_t) g->pooled_fund;
		w->seeds[i] = pick(5) == 0;
	}
	n_rows = 1 + pick(w->n * 3);
	for (uint32_t i = 0; i < n_rows; i++)
	{
		InterestKind kind = kinds[pick(dirty ? 12 : pick(6) == 0 ? 11 : 6)];
		uint32_t	holder = pick(w->n);
		uint32_t	held = pick(w->n);
		uint32_t	source = pick(6) == 0 ? pick(3) : 0;
		ShareValue	share = pick_share(&w->env, ranges);

		if (acyclic && holder > held)
		{
			uint32_t	swap = holder;

			holder = held;
			held = swap;
		}
		if (!dirty && holder == held && pick(4) != 0)
			continue;
		census_add(w->census, holder, held, kind, census_share(w->census, &share), source);
		if (!graph_node(w->graph, held)->unheld || kind == INTEREST_BRANCH_OF || kind == INTEREST_ACTS_FOR)
			graph_add_interest(w->graph, holder, held, kind, &share, false, sources[source]);
	}
	for (uint32_t i = 0; i < w->n; i++)
		graph_expand(w->graph, i);
	census_sort(w->census, &w->env, &w->env);
	census_link(w->census, &w->env);

	w->test.n_measures = 1 + (int) pick(3);
	for (int k = 0; k < w->test.n_measures; k++)
	{
		static const InterestKind measured[] = {INTEREST_EQUITY, INTEREST_VOTING, INTEREST_BOARD};

		w->test.measures[k].kind = measured[k];
		w->test.measures[k].threshold = pick(3) == 0 ? fraction_of(&w->env, 1, 1 + pick(10)) : fraction_of(&w->env, 1, 2);
		w->test.measures[k].strict = pick(3) == 0;
	}
	w->test.below = pick(3) == 0 ? PASS_NOTHING : PASS_PROPORTION;
	w->test.status_feeds_back = pick(4) != 0;
	w->test.roles_carry = true;
	w->test.roles = pick(2) == 0 ? UINT32_C(1) << INTEREST_DIRECTION : 0;
	w->test.fund_roles = pick(3) == 0 ? UINT32_C(1) << INTEREST_INVESTMENT_ADVISER : 0;
	w->test.principal_roles = UINT32_C(1) << INTEREST_BRANCH_OF | (pick(2) ? UINT32_C(1) << INTEREST_ACTS_FOR : 0);
}

/* Does the census agree with the kernel in every run? */
static bool
agrees(World *w)
{
	NodeId		nodes[64],
				seeds[64];
	uint32_t	n_seeds = 0;
	bool		wanted[64];
	bool		same = true;

	for (uint32_t i = 0; i < w->n; i++)
	{
		nodes[i] = i;
		if (w->seeds[i])
			seeds[n_seeds++] = i;
	}
	if (!census_supports(&w->test))
		return false;
	for (int run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
	{
		Kernel	   *kernel = kernel_create(&w->env, w->graph, nodes, w->n, &w->test, (KernelRun) run);
		Attribution *a = kernel_attribute(kernel, seeds, n_seeds);
		CensusResult *c = census_attribute(&w->env, w->census, &w->test, (KernelRun) run, w->seeds, NULL);

		if (w->env.status != CORE_OK)
		{
			printf("# status %d in run %d\n", (int) w->env.status, run);
			return false;
		}
		for (uint32_t i = 0; i < w->n; i++)
			if (a->status[i] != ((c->state[i] & CENSUS_STATUS) != 0) || (c->state[i] & CENSUS_LOOSE) != 0)
			{
				printf("# run %d, party %u: kernel %d, census state %d\n", run, i, a->status[i], c->state[i]);
				same = false;
			}

		/* of some alone: the same of them */
		for (uint32_t i = 0; i < w->n; i++)
			wanted[i] = pick(3) == 0;
		c = census_attribute(&w->env, w->census, &w->test, (KernelRun) run, w->seeds, wanted);
		for (uint32_t i = 0; i < w->n; i++)
			if (wanted[i] && (a->status[i] != ((c->state[i] & CENSUS_STATUS) != 0) || (c->state[i] & CENSUS_LOOSE) != 0))
			{
				printf("# run %d, wanted %u: kernel %d, census state %d\n", run, i, a->status[i], c->state[i]);
				same = false;
			}
	}
	return same;
}

static void
test_random(void)
{
	const char *rounds = getenv("CENSUS_ROUNDS");
	uint64_t	n = rounds != NULL ? strtoull(rounds, NULL, 10) : 3000;
	uint64_t	wrong = 0;

	for (uint64_t i = 1; i <= n; i++)
	{
		World		w;

		make_world(&w, i);
		if (!agrees(&w))
		{
			if (wrong++ < 5)
				printf("# graph %llu\n", (unsigned long long) i);
		}
		unit_free(&w.env);
	}
	is_long((long) wrong, 0, "random graphs on which a census and the kernel disagree");
}

/* Ids that share hashes, that are long, that are empty; a great many. */
static void
test_ids(void)
{
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);
	Census	   *census = census_create(&env, &env, &env, 20000, 8);
	char		id[64];
	bool		right = true;
	uint32_t	party;

	for (uint32_t i = 0; i < 30000; i++)
	{
		CensusKey	key = {id, 0, 0, 0, false};

		key.length = (size_t) sprintf(id, "%*s%u", (int) (i % 40), "", i / 2);
		census_intern(census, &key);
		right = right && strcmp(census_id(census, key.party), id) == 0;
		right = right && census_find(census, id, key.length, &party) && party == key.party;
	}
	ok(right, "every id is found under its own number");
	for (size_t length = 60; length < 700000 && right; length = length * 3 + 1)
		for (int last = 'a'; last < 'd'; last++)
		{
			char	   *longer = env.allocate(env.arg, length);
			CensusKey	key = {longer, length, 0, 0, false};

			memset(longer, 'x', length);
			longer[length - 1] = (char) last;
			census_intern(census, &key);
			right = key.is_new && strlen(census_id(census, key.party)) == length &&
				memcmp(census_id(census, key.party), longer, length) == 0 &&
				census_find(census, longer, length, &party) && party == key.party;
		}
	ok(right, "long ids too, longer than a block of them");
	census_forget_index(census);
	census_index(census);
	for (uint32_t i = 0; i < census_size(census); i++)
		right = right && census_find(census, census_id(census, i), strlen(census_id(census, i)), &party) && party == i;
	ok(right, "and once more by an index made again");
	ok(!census_find(census, "nobody", 6, &party), "an id that is not there is not found");
	ok(!census_find(census, "", 0, &party), "nor is an empty one");
	unit_free(&env);
}

/* a large ring in which everybody's amount is half: of a tenth held by a seed, a tenth by another, the rest round the ring */
static CensusResult *
tied_ring(CoreEnv *env, uint32_t n, const char *of_last, bool strict)
{
	Census	   *census = census_create(env, env, env, n, 0);
	OwnershipTest test;
	bool	   *seeds = core_array(env, n + 3, sizeof(bool));
	char		id[16];

	memset(&test, 0, sizeof(test));
	memset(seeds, 0, n + 3);
	test.n_measures = 1;
	test.measures[0].kind = INTEREST_EQUITY;
	test.measures[0].threshold = fraction_of(env, 1, 2);
	test.measures[0].strict = strict;
	test.below = PASS_PROPORTION;
	test.status_feeds_back = test.roles_carry = true;
	for (uint32_t i = 0; i < n + 3; i++)
	{
		CensusKey	key = {id, (size_t) sprintf(id, "%u", i), 0, 0, false};

		census_intern(census, &key);
		census_party(census, i)->register_state = REGISTER_CLOSED;
	}
	seeds[n] = true;
	for (uint32_t i = 0; i <= n; i++)
	{
		static const char *const round[] = {"10%", "10%", "40%", "40%"};
		uint32_t	holders[] = {n, n + 1, (i + 1) % n, (i + 7) % n};

		/* and one below it, by half of a half and a quarter */
		for (uint32_t j = 0; j < 4 && (i < n || j < 3); j++)
		{
			static const char *const beneath[] = {"25%", "25%", "50%"};
			size_t		at;
			ShareValue	share = share_value_parse(env, i == n ? beneath[j] : i == n - 1 && j == 0 ? of_last : round[j], &at);

			census_add(census, i == n && j == 2 ? 5 : holders[j], i < n ? i : n + 2, INTEREST_EQUITY, census_share(census, &share), 0);
		}
	}
	census_sort(census, env, env);
	census_link(census, env);
	return census_attribute(env, census, &test, RUN_DEFINITE, seeds, NULL);
}

static uint32_t
members_of(const CensusResult *result, uint32_t n)
{
	uint32_t	members = 0;

	for (uint32_t i = 0; i < n; i++)
		members += (result->state[i] & CENSUS_STATUS) != 0;
	return members;
}

static void
test_large_rings(void)
{
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);
	CensusResult *r = tied_ring(&env, 400, "10%", false);

	is_long(members_of(r, 400), 400, "a tie round a ring of 400 passes a gate of at least half");
	ok((r->state[402] & CENSUS_STATUS) && r->counters.open == 0 && r->counters.exact >= 400 && r->counters.largest_ring == 400,
	   "and so does what hangs on it: nothing is left open");
	r = tied_ring(&env, 400, "10%", true);
	is_long(members_of(r, 400), 0, "it does not pass a gate of more than half");
	ok(!(r->state[402] & CENSUS_STATUS) && r->counters.open == 0, "nor does a tie below it");
	r = tied_ring(&env, 400, "9.999%", false);
	is_long(members_of(r, 400), 0, "and a hair less is less");
	r = tied_ring(&env, 400, "10.001%", true);
	is_long(members_of(r, 400), 400, "and a hair more is more");
	unit_free(&env);
}

int
main(void)
{
	test_large_rings();
	test_ids();
	test_random();
	return unit_done();
}
