/*
 * kernel_interval_test.c
 *		Ranges: random completions lie within the bounds, and the bounds of one entity
 *		are those of all completions on a fine grid, open ends included.
 *
 * OUTBOUND_RANDOM_GRAPHS sets how many.
 */
#include "kernel_fixture.h"
#include "reference.h"
#include "sweep_told.h"

#define STEPS	32				/* grid of a share; ends lie on multiples of 8 */

static uint64_t random_state = 850;

static uint32_t
below(uint32_t n)
{
	return (uint32_t) (unit_random(&random_state) % n);
}

static bool
one_in(uint32_t n)
{
	return below(n) == 0;
}

/* a share whose ends are multiples of 1/4, in steps of the grid */
typedef struct Range
{
	int			lower;
	int			upper;
	bool		lower_open;
	bool		upper_open;
} Range;

static Range
random_range(void)
{
	Range		r = {(int) below(4) * 8, 0, false, false};

	r.upper = one_in(3) ? r.lower : r.lower + 8 * (1 + (int) below((uint32_t) (4 - r.lower / 8)));
	if (r.upper == r.lower)
		return r;
	r.lower_open = one_in(3);
	r.upper_open = one_in(3);
	return r;
}

static ShareValue
range_share(CoreEnv *env, const Range *r)
{
	ShareValue	s = {fraction_of(env, r->lower, STEPS), fraction_of(env, r->upper, STEPS),
	r->lower_open, r->upper_open};

	return s;
}

/* what all completions of one entity say */
typedef struct Star
{
	int			n;
	Range		ranges[3];
	bool		member[3];
	uint8_t		state;
	bool		strict;
	int			least;			/* steps held by members */
	int			most;
	bool		some;			/* some completion passes */
	bool		all;
} Star;

static bool
in_range(const Range *r, int w)
{
	return w >= r->lower && w <= r->upper && !(r->lower_open && w == r->lower) &&
		!(r->upper_open && w == r->upper);
}

/* enumerates the completions; false if there is none */
static bool
star_enumerate(Star *s)
{
	bool		any = false;
	int			w[3];

	s->some = false;
	s->all = true;
	for (int code = 0; code < (STEPS + 1) * (STEPS + 1) * (STEPS + 1); code++)
	{
		int			sum = 0;
		int			held = 0;
		bool		fits = true;
		bool		passes;

		w[0] = code % (STEPS + 1);
		w[1] = code / (STEPS + 1) % (STEPS + 1);
		w[2] = code / (STEPS + 1) / (STEPS + 1);
		if ((s->n < 3 && w[2] > 0) || (s->n < 2 && w[1] > 0))
			break;
		for (int i = 0; i < s->n; i++)
		{
			fits = fits && in_range(&s->ranges[i], w[i]);
			sum += w[i];
			held += s->member[i] ? w[i] : 0;
		}
		if (!fits || sum > STEPS || (s->state == REGISTER_COMPLETE && sum < STEPS))
			continue;
		passes = s->strict ? held * 2 > STEPS : held * 2 >= STEPS;
		s->least = any && s->least < held ? s->least : held;
		s->most = any && s->most > held ? s->most : held;
		s->some = s->some || passes;
		s->all = s->all && passes;
		any = true;
	}
	return any;
}

/* is the bound the end of what completions give, attained or not as it says? */
static bool
star_bound(CoreEnv *env, const Bound *b, int end, bool upper)
{
	int			c = fraction_compare(env, b->value, fraction_of(env, end, STEPS));

	if (!b->strict)
		return c == 0;
	if (upper ? c <= 0 : c >= 0)
		return false;
	end += upper ? 4 : -4;
	c = fraction_compare(env, b->value, fraction_of(env, end, STEPS));
	return upper ? c <= 0 : c >= 0;
}

static bool
check_star(CoreEnv *env)
{
	Star		s;
	Graph	   *graph = graph_create(env);
	OwnershipTest test = fixture_test(env, "R3");
	NodeId		e = fixture_node(graph, "E");
	NodeId		seeds[3];
	uint32_t	n_seeds = 0;
	Attribution *lower;
	Attribution *upper;

	s.n = 1 + (int) below(3);
	s.state = one_in(2) ? REGISTER_COMPLETE : REGISTER_CLOSED;
	s.strict = one_in(2);
	test.measures[0].strict = s.strict;
	graph_node(graph, e)->register_state = s.state;
	for (int i = 0; i < s.n; i++)
	{
		char		name[2] = {(char) ('A' + i), '\0'};
		NodeId		holder = fixture_node(graph, name);
		ShareValue	share;

		s.ranges[i] = random_range();
		s.member[i] = one_in(2);
		if (s.member[i])
			seeds[n_seeds++] = holder;
		share = range_share(env, &s.ranges[i]);
		graph_add_interest(graph, holder, e, INTEREST_EQUITY, &share, false, NULL);
	}
	for (NodeId i = 0; i < graph_size(graph); i++)
		graph_expand(graph, i);
	if (!star_enumerate(&s))
		return true;
	lower = kernel_attribute(fixture_kernel(env, graph, &test, RUN_DEFINITE), seeds, n_seeds);
	upper = kernel_attribute(fixture_kernel(env, graph, &test, RUN_DISCLOSED), seeds, n_seeds);
	if (lower->status[e] == s.all && upper->status[e] == s.some &&
		star_bound(env, &lower->amount[0][e], s.least, false) &&
		star_bound(env, &upper->amount[0][e], s.most, true))
		return true;
	printf("# state %d strict %d: all %d (got %d) some %d (got %d) least %d most %d lower %s%s upper %s%s\n",
		   s.state, s.strict, s.all, lower->status[e], s.some, upper->status[e], s.least, s.most,
		   fraction_print(env, lower->amount[0][e].value), lower->amount[0][e].strict ? "+" : "",
		   fraction_print(env, upper->amount[0][e].value), upper->amount[0][e].strict ? "-" : "");
	for (int i = 0; i < s.n; i++)
		printf("#   %s %c%d,%d%c\n", s.member[i] ? "member" : "other", s.ranges[i].lower_open ? '(' : '[',
			   s.ranges[i].lower, s.ranges[i].upper, s.ranges[i].upper_open ? ')' : ']');
	return false;
}

/* a random graph in ranges, one measure or two, and a completion of it */
typedef struct Draft
{
	OwnershipTest test;
	int			n;
	bool		listed[REF_KINDS][REF_NODES][REF_NODES];
	Range		range[REF_KINDS][REF_NODES][REF_NODES];
	bool		unmapped[REF_NODES][REF_NODES];
	bool		adviser[REF_NODES][REF_NODES];
	uint8_t		state[REF_NODES];
	Ternary		fund[REF_NODES];
} Draft;

static Draft
random_draft(CoreEnv *env)
{
	Draft		d;
	int			edges;

	memset(&d, 0, sizeof(d));
	fixture_measure(env, &d.test, INTEREST_VOTING, 1, 2, one_in(2));
	if (one_in(3))
		fixture_measure(env, &d.test, INTEREST_BOARD, 1, 2, one_in(2));
	d.test.below = one_in(4) ? PASS_NOTHING : PASS_PROPORTION;
	d.test.link = one_in(2) ? LINK_LITERAL : LINK_PRODUCT;
	d.test.across_measures = one_in(2);
	d.test.status_feeds_back = !one_in(6);
	d.test.roles_carry = !one_in(3);
	d.test.fund_roles = 1u << INTEREST_INVESTMENT_ADVISER;
	d.n = 2 + (int) below(3);
	edges = d.n + (int) below((uint32_t) d.n + 2);
	for (int i = 0; i < d.n; i++)
	{
		d.state[i] = (uint8_t) below(3);
		d.fund[i] = (Ternary) ((int) below(3) - 1);
	}
	for (int i = 0; i < edges; i++)
	{
		int			k = (int) below((uint32_t) d.test.n_measures);
		int			holder = (int) below((uint32_t) d.n);
		int			held = (int) below((uint32_t) d.n);

		if (holder == held && !one_in(3))
			continue;
		d.listed[k][holder][held] = true;
		d.range[k][holder][held] = random_range();
		if (one_in(15))
			d.unmapped[holder][held] = true;
		if (one_in(15))
			d.adviser[holder][held] = true;
	}
	return d;
}

/* the graph the kernel sees */
static Graph *
draft_graph(CoreEnv *env, const Draft *d)
{
	Graph	   *graph = graph_create(env);

	for (int i = 0; i < d->n; i++)
	{
		char		name[2] = {(char) ('A' + i), '\0'};
		GraphNode  *node = graph_node(graph, graph_intern(graph, name, 1, NULL));

		node->register_state = d->state[i];
		node->pooled_fund = d->fund[i];
	}
	for (int h = 0; h < d->n; h++)
	{
		for (int e = 0; e < d->n; e++)
		{
			for (int k = 0; k < d->test.n_measures; k++)
			{
				ShareValue	share = range_share(env, &d->range[k][h][e]);

				if (d->listed[k][h][e])
					graph_add_interest(graph, (NodeId) h, (NodeId) e, d->test.measures[k].kind, &share, false, NULL);
			}
			if (d->unmapped[h][e])
				graph_add_interest(graph, (NodeId) h, (NodeId) e, INTEREST_UNMAPPED, NULL, false, NULL);
			if (d->adviser[h][e])
				graph_add_interest(graph, (NodeId) h, (NodeId) e, INTEREST_INVESTMENT_ADVISER, NULL, false, NULL);
		}
	}
	for (int i = 0; i < d->n; i++)
		graph_expand(graph, (NodeId) i);
	return graph;
}

/* pours slack over lots in a random order up to their upper ends; what is left is the rest */
static int
random_pour(int n, const Range *ranges, int slack, bool whole, int *w)
{
	int			order[REF_NODES];

	for (int i = 0; i < n; i++)
	{
		int			j = (int) below((uint32_t) i + 1);

		order[i] = order[j];
		order[j] = i;
		w[i] = ranges[i].lower;
	}
	for (int pass = 0; pass < 2; pass++)
	{
		for (int i = 0; i < n; i++)
		{
			int			room = ranges[order[i]].upper - w[order[i]];
			int			take = pass == 0 && one_in(2) ? (int) below((uint32_t) room + 1) : room;

			if (pass == 1 && !whole)
				break;
			take = take > slack ? slack : take;
			w[order[i]] += take;
			slack -= take;
		}
	}
	return slack;
}

/*
 * One entity's completion of one measure, in units of 1/(STEPS * 1000): mostly one random
 * pouring and a little of two others, so that open ends are approached but not taken.
 */
static bool
complete_entity(const Draft *d, int k, int held, int64_t *shares, int64_t *rest)
{
	Range		ranges[REF_NODES];
	int			holders[REF_NODES];
	int			n = 0;
	int			slack = STEPS;
	bool		rows = false;
	bool		whole;

	for (int h = 0; h < d->n; h++)
	{
		Range		r = d->range[k][h][held];

		shares[h] = 0;
		if (!d->listed[k][h][held] && !d->unmapped[h][held])
			continue;
		rows = true;
		if (!d->listed[k][h][held])
			r = (Range) {0, 0, false, false};
		if (d->unmapped[h][held])
		{
			r.upper += STEPS;
			r.upper_open = false;
		}
		ranges[n] = r;
		slack -= r.lower;
		holders[n++] = h;
	}
	whole = d->state[held] == REGISTER_COMPLETE && rows;
	if (slack < 0)
		return false;
	*rest = 0;
	for (int part = 0; part < 3; part++)
	{
		int			w[REF_NODES];
		int			left = random_pour(n, ranges, slack, whole, w);
		int			share = part == 0 ? 998 : 1;

		if (whole && left > 0)
			return false;
		*rest += (int64_t) left * share;
		for (int i = 0; i < n; i++)
			shares[holders[i]] += (int64_t) w[i] * share;
	}
	for (int i = 0; i < n; i++)
	{
		int64_t		w = shares[holders[i]];

		if ((ranges[i].lower_open && w == ranges[i].lower * INT64_C(1000)) ||
			(ranges[i].upper_open && w == ranges[i].upper * INT64_C(1000)))
			return false;
	}
	return shares[held] < STEPS * INT64_C(1000);
}

/* a completion of everything; false if none was found.  seeds_own: the rest of open registers */
static bool
complete_draft(CoreEnv *env, const Draft *d, bool seeds_own, RefGraph *g)
{
	memset(g, 0, sizeof(RefGraph));
	g->n = d->n;
	for (int e = 0; e < d->n; e++)
	{
		bool		fund = d->fund[e] == TERNARY_TRUE || (d->fund[e] == TERNARY_UNKNOWN && one_in(2));

		for (int h = 0; h < d->n; h++)
			g->role[h][e] = h != e && fund && (d->adviser[h][e] || (d->unmapped[h][e] && one_in(2)));
		for (int k = 0; k < d->test.n_measures; k++)
		{
			int64_t		shares[REF_NODES];
			int64_t		rest;
			int64_t		outstanding;

			if (!complete_entity(d, k, e, shares, &rest))
				return false;
			outstanding = STEPS * INT64_C(1000) - shares[e];
			for (int h = 0; h < d->n; h++)
				g->w[k][h][e] = h == e ? FRACTION_ZERO : fraction_of(env, shares[h], outstanding);
			g->rest[k][e] = FRACTION_ZERO;
			if (seeds_own && d->state[e] == REGISTER_OPEN)
				g->rest[k][e] = fraction_of(env, rest, outstanding);
		}
	}
	return true;
}

static bool
above(CoreEnv *env, const Bound *bound, Fraction value, bool upper)
{
	int			c = fraction_compare(env, bound->value, value);

	if (c == 0)
		return !bound->strict;
	return upper ? c > 0 : c < 0;
}

/* is all that a sweep is sure of, of any root, as the exact run finds it? */
static bool
sweep_agrees(CoreEnv *env, const Draft *d, Graph *graph, KernelRun run)
{
	static Told told;
	uint64_t	forget = below(2) == 0 ? 0 : ENDS_ONE / (10 + below(1000000));
	Kernel	   *kernel = fixture_kernel(env, graph, &d->test, run);

	memset(&told, 0, sizeof(told));
	if (!kernel_sweep(fixture_kernel(env, graph, &d->test, run), NULL, UINT32_MAX, forget, take_told, &told))
		return false;
	for (NodeId root = 0; root < (NodeId) d->n; root++)
	{
		Attribution *exact = kernel_attribute(kernel, &root, 1);

		for (NodeId i = 0; i < (NodeId) d->n; i++)
		{
			uint32_t	as = told.told[root][i] ? root : REF_NODES;
			const RootFinding *f = &told.finding[as][i];
			Ternary		status = told.told[as][i] ? f->status : TERNARY_FALSE;

			if (i == root)
				continue;
			if (status != TERNARY_UNKNOWN && status != ternary_of(exact->status[i]))
			{
				printf("# sweep: %c in %c is %d, not %d\n", 'A' + root, 'A' + i, status, exact->status[i]);
				return false;
			}
			for (int k = 0; k < d->test.n_measures; k++)
				if (!lies_between(env, told.told[as][i] ? f->amount[k] : (AmountEnds) {0, 0}, exact->amount[k][i].value))
				{
					printf("# sweep: %c in %c has %lld to %lld, not %s\n", 'A' + root, 'A' + i,
						   (long long) f->amount[k].lower, (long long) f->amount[k].upper,
						   fraction_print(env, exact->amount[k][i].value));
					return false;
				}
		}
	}
	return true;
}

/* one random graph and some completions: 1 sound, 0 not, -1 no completion found */
static int
check_completions(CoreEnv *env)
{
	Draft		d = random_draft(env);
	bool		seeds_own = one_in(2);
	Graph	   *graph = draft_graph(env, &d);
	NodeId		root = below((uint32_t) d.n);
	Attribution *lower = kernel_attribute(fixture_kernel(env, graph, &d.test, RUN_DEFINITE), &root, 1);
	Attribution *upper = kernel_attribute(fixture_kernel(env, graph, &d.test, seeds_own ? RUN_UNDISCLOSED :
														 RUN_DISCLOSED), &root, 1);
	int			found = -1;

	for (int run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
		if (!sweep_agrees(env, &d, graph, (KernelRun) run))
			return 0;
	for (int attempt = 0; attempt < 4; attempt++)
	{
		RefGraph	g;
		RefBits		bits;
		RefResult	r;

		if (!complete_draft(env, &d, seeds_own, &g))
			continue;
		found = 1;
		memset(bits, 0, sizeof(bits));
		if (d.test.link == LINK_LITERAL && d.test.below == PASS_PROPORTION && d.test.status_feeds_back)
			ref_bits(env, &g, &d.test, bits);
		if (!ref_run(env, &g, &d.test, (const bool (*)[REF_NODES]) bits, 1u << root, &r))
			return 0;
		for (int i = 0; i < d.n; i++)
		{
			bool		sound = (!lower->status[i] || r.status[i]) && (!r.status[i] || upper->status[i]);

			for (int k = 0; k < d.test.n_measures; k++)
			{
				sound = sound && above(env, &lower->amount[k][i], r.amount[k][i], false);
				sound = sound && above(env, &upper->amount[k][i], r.amount[k][i], true);
				sound = sound && above(env, &lower->factor[k][i], r.factor[k][i], false);
				sound = sound && above(env, &upper->factor[k][i], r.factor[k][i], true);
			}
			if (sound && env->status == CORE_OK)
				continue;
			printf("# node %c of %d root %u undisclosed %d: status %d true %d upper %d; amount %s%s true %s upper %s%s\n",
				   'A' + i, d.n, root, seeds_own, lower->status[i], r.status[i], upper->status[i],
				   fraction_print(env, lower->amount[0][i].value), lower->amount[0][i].strict ? "+" : "",
				   fraction_print(env, r.amount[0][i]),
				   fraction_print(env, upper->amount[0][i].value), upper->amount[0][i].strict ? "-" : "");
			return 0;
		}
	}
	return found;
}

/* In a ring two gates are reached, one just so: which one is named does not hang on an open end elsewhere. */
static void
check_apart(CoreEnv *env)
{
	static const char *const texts[] = {
		"u x voting [0%,50%]; u x board [0%,80%]; x y voting 10%; y x voting 10%",
	"u x voting [0%,50%]; u x board [0%,80%]; x y voting 10%; y x voting 10%; v w voting (25%,50%)"};
	OwnershipTest test = fixture_test(env, "R2");
	int8_t		reason[2];

	for (int i = 0; i < 2; i++)
	{
		Graph	   *graph = fixture_graph(env, texts[i]);
		Attribution *a = fixture_attribute(graph, fixture_kernel(env, graph, &test, RUN_DISCLOSED), "u");

		reason[i] = a->reason[fixture_node(graph, "x")];
	}
	ok(reason[0] == 0 && reason[1] == 0, "an open end beside a ring does not change what it passes by");
	unit_reset(env);
}

int
main(void)
{
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);
	const char *count = getenv("OUTBOUND_RANDOM_GRAPHS");
	long		n = count ? atol(count) : 3000;
	long		good = 0;
	long		tried = 0;
	long		sound = 0;

	for (long i = 0; i < n / 8; i++)
	{
		good += check_star(&env);
		unit_reset(&env);
	}
	ok(good == n / 8, "the bounds of %ld single entities are those of all their completions", n / 8);
	for (long i = 0; i < n && sound > tried - 4; i++)
	{
		int			result = check_completions(&env);

		tried += result >= 0;
		sound += result > 0;
		unit_reset(&env);
	}
	ok(sound == tried, "%ld random completions lie within the bounds", tried);
	check_apart(&env);
	unit_free(&env);
	return unit_done();
}
