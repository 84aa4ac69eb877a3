/*
 * kernel_random_test.c
 *		The kernel against brute force on random small graphs: trees, rings, planted
 *		ties, dirty sums, roles, every reading; and ranges against random completions.
 *
 * OUTBOUND_RANDOM_GRAPHS sets how many (20000 take about a minute), OUTBOUND_RANDOM_SEED where to begin.
 */
#include "core/witness.h"
#include "kernel_fixture.h"
#include "reference.h"
#include "sweep_told.h"

static uint64_t random_state;

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

static OwnershipTest
random_test(CoreEnv *env)
{
	OwnershipTest test;
	bool		strict = one_in(2);

	memset(&test, 0, sizeof(test));
	fixture_measure(env, &test, INTEREST_VOTING, 1, one_in(4) ? 4 : 2, strict);
	if (one_in(2))
		fixture_measure(env, &test, INTEREST_BOARD, 1, 2, one_in(4) ? !strict : strict);
	test.below = one_in(4) ? PASS_NOTHING : PASS_PROPORTION;
	test.link = one_in(2) ? LINK_LITERAL : LINK_PRODUCT;
	test.across_measures = one_in(2);
	test.status_feeds_back = !one_in(5);
	test.roles_carry = !one_in(3);
	test.roles = 1u << INTEREST_GENERAL_PARTNER;
	test.fund_roles = 1u << INTEREST_INVESTMENT_ADVISER;
	test.principal_roles = 1u << INTEREST_BRANCH_OF;
	test.reports = one_in(4);
	for (int k = 0; k < test.n_measures; k++)
		test.measures[k].report = (Gate) {fraction_of(env, 1 + below(4), 4), one_in(2)};
	return test;
}

/* a share that ties often */
static ShareValue
random_share(CoreEnv *env, bool clean, uint32_t holders)
{
	static const int num[] = {1, 1, 1, 1, 2, 3, 3, 2, 1, 51, 49, 1, 9, 4};
	static const int den[] = {2, 2, 4, 3, 3, 4, 10, 5, 1, 100, 100, 100, 10, 5};
	uint32_t	i = below(sizeof(num) / sizeof(num[0]));

	return share_value_exact(fraction_of(env, num[i], clean ? den[i] * (int64_t) holders : den[i]));
}

typedef struct Sample
{
	OwnershipTest test;
	Graph	   *graph;
	RefGraph	exact;
	int			n;
} Sample;

static void
sample_interest(Sample *s, int holder, int held, InterestKind kind, const ShareValue *share)
{
	graph_add_interest(s->graph, (NodeId) holder, (NodeId) held, kind, share, false, NULL);
}

/* adds one interest to the graph and the reference */
static void
sample_edge(CoreEnv *env, Sample *s, int holder, int held, bool clean)
{
	int			k = (int) below((uint32_t) s->test.n_measures);
	ShareValue	share = random_share(env, clean, (uint32_t) s->n);

	sample_interest(s, holder, held, s->test.measures[k].kind, &share);
	s->exact.w[k][holder][held] = fraction_add(env, s->exact.w[k][holder][held], share.lower);
	if (one_in(12) && holder != held)
	{
		sample_interest(s, holder, held, INTEREST_GENERAL_PARTNER, NULL);
		s->exact.role[holder][held] = true;
	}
	if (one_in(12) && holder != held)
	{
		sample_interest(s, holder, held, INTEREST_INVESTMENT_ADVISER, NULL);
		if (graph_node(s->graph, (NodeId) held)->pooled_fund == TERNARY_TRUE)
			s->exact.role[holder][held] = true;
	}
	if (one_in(20) && holder != held)
	{
		sample_interest(s, held, holder, INTEREST_BRANCH_OF, NULL);
		s->exact.principal[holder][held] = true;
	}
}

/* takes self-holdings out of the reference and fills its rest */
static void
sample_finish(CoreEnv *env, Sample *s, bool undisclosed)
{
	for (int k = 0; k < s->test.n_measures; k++)
	{
		for (int e = 0; e < s->n; e++)
		{
			Fraction	self = s->exact.w[k][e][e];
			Fraction	sum = FRACTION_ZERO;
			uint8_t		state = graph_node(s->graph, (NodeId) e)->register_state;

			s->exact.w[k][e][e] = FRACTION_ZERO;
			for (int h = 0; h < s->n; h++)
			{
				if (fraction_compare(env, self, FRACTION_ONE) < 0)
					s->exact.w[k][h][e] = fraction_divide(env, s->exact.w[k][h][e],
														  fraction_subtract(env, FRACTION_ONE, self));
				sum = fraction_add(env, sum, s->exact.w[k][h][e]);
			}
			s->exact.rest[k][e] = FRACTION_ZERO;
			if (undisclosed && fraction_compare(env, sum, FRACTION_ONE) < 0 &&
				state == REGISTER_OPEN)
				s->exact.rest[k][e] = fraction_subtract(env, FRACTION_ONE, sum);
		}
	}
}

/* a random graph with exact shares */
static Sample
random_sample(CoreEnv *env, bool undisclosed)
{
	Sample		s;
	bool		clean = one_in(2);
	uint32_t	shape = below(4);
	uint32_t	density = 1 + below(3);

	memset(&s, 0, sizeof(s));
	s.test = random_test(env);
	s.n = 2 + (int) below(s.test.n_measures > 1 && s.test.across_measures ? 3 : 4);
	s.exact.n = s.n;
	s.graph = graph_create(env);
	for (int k = 0; k < REF_KINDS; k++)
		for (int i = 0; i < REF_NODES; i++)
			for (int j = 0; j < REF_NODES; j++)
				s.exact.w[k][i][j] = s.exact.rest[k][i] = FRACTION_ZERO;
	for (int i = 0; i < s.n; i++)
	{
		char		name[2] = {(char) ('A' + i), '\0'};
		GraphNode  *node = graph_node(s.graph, graph_intern(s.graph, name, 1, NULL));

		node->register_state = (uint8_t) below(3);
		node->pooled_fund = one_in(2) ? TERNARY_TRUE : TERNARY_FALSE;
	}
	for (int i = 1; i < s.n; i++)
		sample_edge(env, &s, shape == 0 ? (int) below((uint32_t) i) : i - 1, i, clean);
	if (shape == 1)
		sample_edge(env, &s, s.n - 1, (int) below(2), clean);
	for (uint32_t e = 0; shape >= 2 && e < density * (uint32_t) s.n; e++)
	{
		int			held = (int) below((uint32_t) s.n);
		int			holder = (int) below((uint32_t) s.n);

		if (shape == 2 && holder > held)
			continue;
		sample_edge(env, &s, holder, held, clean);
	}
	for (int i = 0; i < s.n; i++)
		graph_expand(s.graph, (NodeId) i);
	sample_finish(env, &s, undisclosed);
	return s;
}

static void
describe(CoreEnv *env, const Sample *s, unsigned seeds)
{
	printf("# test: below %d literal %d across %d feeds %d carry %d measures %d strict %d seeds %x\n",
		   s->test.below, s->test.link, s->test.across_measures, s->test.status_feeds_back,
		   s->test.roles_carry, s->test.n_measures, s->test.measures[0].strict, seeds);
	for (int k = 0; k < s->test.n_measures && s->test.reports; k++)
		printf("# reports %s %s\n", s->test.measures[k].report.strict ? "above" : "from",
			   fraction_print(env, s->test.measures[k].report.threshold));
	for (NodeId i = 0; i < graph_size(s->graph); i++)
	{
		const GraphNode *node = graph_node(s->graph, i);

		printf("#   %s register %d fund %d\n", node->id, node->register_state, (int) node->pooled_fund);
		for (uint32_t j = 0; j < node->n_holdings; j++)
			printf("#   %s %s kind %d %s\n", graph_node(s->graph, node->holdings[j].holder)->id, node->id,
				   node->holdings[j].kind, share_value_print(env, &node->holdings[j].share));
		for (uint32_t j = 0; j < node->n_principals; j++)
			printf("#   %s branch of %s\n", node->id, graph_node(s->graph, node->principals[j].principal)->id);
	}
}

/* every member's rank above those it rests on, so no support is circular */
static bool
ranks_are_founded(const Sample *s, const Attribution *a)
{
	for (NodeId i = 0; i < graph_size(s->graph); i++)
	{
		const GraphNode *node = graph_node(s->graph, i);
		bool		founded = a->reason[i] == -1 || a->support[i] != NULL;

		if (a->status[i] != (a->rank[i] != UINT32_MAX) || a->status[i] != (a->reason[i] != -4))
			return false;
		if (!a->status[i] || founded)
			continue;
		for (uint32_t j = 0; j < node->n_holdings; j++)
			founded = founded || (a->reason[i] == -2 ? a->rank : a->depth)[node->holdings[j].holder] < a->rank[i] ||
				a->cause_rank[node->holdings[j].holder] < a->rank[i];
		for (uint32_t j = 0; j < node->n_principals; j++)
			founded = founded || a->rank[node->principals[j].principal] < a->rank[i];
		if (!founded && a->rank[i] != 1)
			return false;
	}
	return true;
}

/* is the proof founded: what a row rests on proved before, sums that pass or agree? */
static bool
proof_holds(CoreEnv *env, const Sample *s, const Kernel *kernel, const Attribution *a, NodeId target)
{
	Witness    *list;
	uint32_t	n = witness_proof(env, kernel, a, target, false, &list);
	bool		proved[2][REF_NODES] = {{false}};	/* its membership, its cause */
	bool		found = false;

	for (uint32_t i = 0; i < n; i++)
	{
		const Witness *w = &list[i];
		int			c = fraction_compare(env, w->sum, w->threshold);
		Fraction	factor;

		for (uint32_t j = 0; j < w->n_rows; j++)
		{
			const WitnessRow *row = &w->rows[j];

			if (row->basis == WITNESS_SEED ? a->rank[row->holder] != 0 :
				row->basis != WITNESS_PROPORTION && a->rank[row->holder] != 0 && !proved[row->standing][row->holder] &&
				(s->test.status_feeds_back || !s->test.reports))
				return false;
			if (!w->upstream && row->basis == WITNESS_WHOLE && w->minimal && a->depth[row->holder] >= w->rank)
				return false;
		}
		if (!w->upstream && w->reason != -4)
		{
			Gate		line = {s->test.measures[w->reason >= 0 ? w->measure : 0].threshold, s->test.measures[w->reason >= 0 ? w->measure : 0].strict};

			if (w->reason >= 0 && s->test.reports && !w->standing)
				line = s->test.measures[w->measure].report;
			if (w->reason >= 0 && (fraction_compare(env, line.threshold, w->threshold) != 0 || c < 0 || (c == 0 && line.strict)))
				return false;
			if (w->reason < -1 && w->n_rows != 1)
				return false;
			proved[w->standing][w->node] = true;
			/* one piece of evidence where both are the same */
			if (!s->test.reports && !w->standing && a->cause[w->node] == w->reason && a->cause_rank[w->node] == w->rank)
				proved[true][w->node] = true;
		}
		else if (!w->upstream && fraction_compare(env, w->sum, a->amount[w->measure][w->node].value) != 0)
			return false;
		factor = fraction_compare(env, w->sum, FRACTION_ONE) > 0 ? FRACTION_ONE : w->sum;
		if (w->upstream && !a->whole[w->node] &&
			fraction_compare(env, factor, a->factor[w->measure][w->node].value) != 0)
			return false;
		found = found || w->node == target;
	}
	return found;
}

/* nothing the quick enclosures are sure of is otherwise, and what they leave out is no member */
static bool
reached_agrees(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, const RefResult *r, int n_nodes)
{
	const NodeId *nodes;
	const Ternary *status;
	uint32_t	n = kernel_reached(kernel, seeds, n_seeds, &nodes, &status);
	bool		met[REF_NODES] = {false};

	for (uint32_t i = 0; i < n; i++)
	{
		met[nodes[i]] = true;
		if (status[i] != TERNARY_UNKNOWN && status[i] != ternary_of(r->member[nodes[i]]))
			return false;
	}
	for (int i = 0; i < n_nodes; i++)
		if (!met[i] && r->member[i])
			return false;
	return true;
}

static long sweeps_open;
static long sweeps_sure;

/* is all that a sweep is sure of, of any root, as in the reference? */
static bool
sweep_agrees(CoreEnv *env, const Sample *s, Kernel *kernel, RefBits bits)
{
	static Told told;
	uint64_t	forget = below(2) == 0 ? 0 : ENDS_ONE / (10 + below(1000000));

	memset(&told, 0, sizeof(told));
	if (!kernel_sweep(kernel, NULL, UINT32_MAX, forget, take_told, &told))
		return s->test.reports;
	for (int root = 0; root < s->n; root++)
	{
		RefResult	r;

		if (!ref_run(env, &s->exact, &s->test, (const bool (*)[REF_NODES]) bits, 1u << root, &r))
			return false;
		for (int i = 0; i < s->n; i++)
		{
			int			as = told.told[root][i] ? root : REF_NODES;
			const RootFinding *f = &told.finding[as][i];
			Ternary		status = told.told[as][i] ? f->status : TERNARY_FALSE;

			if (i == root)
				continue;
			if (status == TERNARY_UNKNOWN)
				sweeps_open++;
			else
				sweeps_sure++;
			if (status != TERNARY_UNKNOWN && status != ternary_of(r.status[i]))
			{
				printf("# sweep: %c in %c is %d, not %d\n", 'A' + root, 'A' + i, status, r.status[i]);
				return false;
			}
			for (int k = 0; k < s->test.n_measures; k++)
				if (!lies_between(env, told.told[as][i] ? f->amount[k] : (AmountEnds) {0, 0}, r.amount[k][i]))
				{
					printf("# sweep: %c in %c has %lld to %lld, not %s (measure %d)\n", 'A' + root, 'A' + i,
						   (long long) f->amount[k].lower, (long long) f->amount[k].upper,
						   fraction_print(env, r.amount[k][i]), k);
					return false;
				}
		}
	}
	return true;
}

/* one random graph, one seed set, one run: all statuses, amounts and factors */
static bool
matches_reference(CoreEnv *env, KernelRun run)
{
	Sample		s = random_sample(env, run == RUN_UNDISCLOSED);
	unsigned	seeds = 1u << below((uint32_t) s.n);
	NodeId		list[REF_NODES];
	uint32_t	n_seeds = 0;
	Kernel	   *kernel = fixture_kernel(env, s.graph, &s.test, run);
	Attribution *a;
	RefBits		bits;
	RefResult	r;

	if (one_in(3))
		seeds |= 1u << below((uint32_t) s.n);
	for (int i = 0; i < s.n; i++)
		if (seeds >> i & 1)
			list[n_seeds++] = (NodeId) i;
	a = kernel_attribute(kernel, list, n_seeds);
	memset(bits, 0, sizeof(bits));
	if (s.test.link == LINK_LITERAL && s.test.below == PASS_PROPORTION && s.test.status_feeds_back)
		ref_bits(env, &s.exact, &s.test, bits);
	if (!ref_run(env, &s.exact, &s.test, (const bool (*)[REF_NODES]) bits, seeds, &r))
		return ok(false, "the reference finds a fixpoint");
	if (!sweep_agrees(env, &s, fixture_kernel(env, s.graph, &s.test, run), bits))
	{
		describe(env, &s, seeds);
		return false;
	}
	for (int i = 0; i < s.n; i++)
	{
		bool		same = a->status[i] == r.member[i] && a->whole[i] == r.whole[i] &&
			kernel_status(kernel, list, n_seeds, (NodeId) i) == ternary_of(r.member[i]) &&
			reached_agrees(kernel, list, n_seeds, &r, s.n);

		for (int k = 0; k < s.test.n_measures; k++)
		{
			same = same && fraction_compare(env, a->amount[k][i].value, r.amount[k][i]) == 0;
			same = same && fraction_compare(env, a->factor[k][i].value, r.factor[k][i]) == 0;
			same = same && !a->amount[k][i].strict;
		}
		if (same && !proof_holds(env, &s, kernel, a, (NodeId) i))
		{
			printf("# the proof does not hold\n");
			same = false;
		}
		if (same && env->status == CORE_OK && ranks_are_founded(&s, a))
			continue;
		printf("# node %c: status %d (reference %d), amount %s (%s), factor %s (%s)\n", 'A' + i,
			   a->status[i], r.member[i], fraction_print(env, a->amount[0][i].value),
			   fraction_print(env, r.amount[0][i]), fraction_print(env, a->factor[0][i].value),
			   fraction_print(env, r.factor[0][i]));
		describe(env, &s, seeds);
		return false;
	}
	return true;
}

int
main(void)
{
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);
	const char *count = getenv("OUTBOUND_RANDOM_GRAPHS");
	const char *seed = getenv("OUTBOUND_RANDOM_SEED");
	long		n = count ? atol(count) : 3000;
	static const char *const names[] = {"definite", "disclosed", "undisclosed"};

	random_state = seed ? strtoull(seed, NULL, 10) : 850206;
	for (int run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
	{
		long		good = 0;

		for (long i = 0; i < n; i++)
		{
			good += matches_reference(&env, (KernelRun) run);
			unit_reset(&env);
			if (good < i - 3)
				break;
		}
		ok(good == n, "%ld random graphs agree with brute force, %s run", n, names[run]);
	}
	ok(sweeps_open * 20 < sweeps_sure, "sweeps leave little open: %ld of %ld", sweeps_open, sweeps_open + sweeps_sure);
	unit_free(&env);
	return unit_done();
}
