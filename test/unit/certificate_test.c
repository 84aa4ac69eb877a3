/*
 * certificate_test.c
 *		The check of an attribution finds nothing wrong with what the kernel found, on
 *		random graphs with rings, ties, ranges and dirty sums under every kind of test, and
 *		finds every forgery.
 */
#include "core/certificate.h"
#include "kernel_fixture.h"

static uint64_t random_state = 7;

static uint32_t
below(uint32_t n)
{
	return (uint32_t) (unit_random(&random_state) % n);
}

/* A share that often ties, now and then a range. */
static ShareValue
random_share(CoreEnv *env, bool clean, uint32_t n)
{
	static const char *const exact[] = {"1/2", "1/4", "1/3", "2/3", "3/10", "51%", "49%", "1%", "1", "20%"};
	static const char *const ranges[] = {"[25%,50%]", "(25%,75%)", ">50%", "unknown", "[10%,1/2)", "(0,1/3]"};
	bool		range = below(6) == 0;
	const char *text = range ? ranges[below(6)] : exact[below(10)];
	size_t		error_at;
	ShareValue	share = share_value_parse(env, strcmp(text, "1") == 0 ? "100%" : text, &error_at);

	if (clean && !range)
		share = share_value_exact(fraction_divide(env, share.lower, fraction_of(env, n, 1)));
	return share;
}

static Graph *
random_graph(CoreEnv *env, uint32_t n, const OwnershipTest *test)
{
	Graph	   *graph = graph_create(env);
	bool		clean = below(2) == 0;
	bool		tree = below(3) == 0;
	uint32_t	edges = n + below(2 * n);

	for (uint32_t i = 0; i < n; i++)
	{
		char		name[2] = {(char) ('a' + i), '\0'};
		NodeId		node = graph_intern(graph, name, 1, NULL);

		graph_node(graph, node)->register_state = (uint8_t) below(3);
		graph_node(graph, node)->pooled_fund = below(4) == 0 ? TERNARY_UNKNOWN : TERNARY_FALSE;
	}
	for (uint32_t i = 0; i < edges; i++)
	{
		uint32_t	holder = below(n);
		uint32_t	held = tree ? holder + below(n - holder) : below(n);
		ShareValue	share = random_share(env, clean, n);

		graph_add_interest(graph, holder, held, test->measures[below((uint32_t) test->n_measures)].kind, &share, false, NULL);
		if (below(12) == 0)
			graph_add_interest(graph, holder, held, INTEREST_DIRECTION, NULL, false, NULL);
		if (below(15) == 0)
			graph_add_interest(graph, held, holder, INTEREST_BRANCH_OF, NULL, false, NULL);
		if (below(30) == 0)
			graph_add_interest(graph, holder, held, INTEREST_UNMAPPED, NULL, false, NULL);
	}
	for (uint32_t i = 0; i < n; i++)
		graph_expand(graph, i);
	return graph;
}

typedef struct Case
{
	OwnershipTest test;
	Graph	   *graph;
	uint32_t	n;
	NodeId		nodes[8];
	KernelRun	run;
	Kernel	   *kernel;
	CertificateClaim claims[8]; /* of each node as the only seed */
} Case;

/* a claim of an attribution that started from some nodes */
static CertificateClaim
claim_of(CoreEnv *env, const Case *c, const Attribution *attribution, const NodeId *seeds, uint32_t n_seeds)
{
	bool	   *is_seed = core_array(env, c->n, sizeof(bool));

	for (uint32_t i = 0; i < c->n; i++)
	{
		is_seed[i] = false;
		for (uint32_t j = 0; j < n_seeds; j++)
			is_seed[i] = is_seed[i] || c->nodes[i] == seeds[j];
	}
	return (CertificateClaim) {attribution, is_seed};
}

/* How many faults the check finds, and how many of them only say that it cannot tell. */
static uint32_t
faults(CoreEnv *env, const Case *c, const CertificateClaim *claim, uint32_t *unchecked)
{
	CertificateRow *rows;
	Certificate *certificate = certificate_create(env, c->graph, c->nodes, c->n, &c->test, c->run, below(2) == 0);
	uint32_t	n;

	if (c->claims[0].attribution != NULL)
		certificate_links(certificate, c->claims);
	n = certificate_check(certificate, claim, &rows);
	*unchecked = 0;
	for (uint32_t i = 0; i < n; i++)
		*unchecked += rows[i].fault == CERTIFICATE_UNCHECKED;
	return n;
}

/* Are two attributions alike in status and amounts? */
static bool
alike(CoreEnv *env, const Case *c, const Attribution *a, const Attribution *b)
{
	for (uint32_t i = 0; i < c->n; i++)
	{
		if (a->status[i] != b->status[i])
			return false;
		for (int k = 0; k < c->test.n_measures; k++)
			if (fraction_compare(env, a->amount[k][i].value, b->amount[k][i].value) != 0)
				return false;
	}
	return true;
}

/* Lines of their own for reports and controlling links, now and then. */
static void
random_lines(CoreEnv *env, OwnershipTest *test)
{
	test->reports = below(4) == 0;
	if (test->link == LINK_PRODUCT && below(4) == 0)
		test->control_counts = (ControlCounts) below(3);
	for (int k = 0; k < test->n_measures; k++)
	{
		test->measures[k].report = (Gate) {fraction_of(env, 1 + below(4), 4), below(2) == 0};
		test->measures[k].control = (Gate) {fraction_of(env, 1, 2), below(2) == 0};
	}
}

static Case
random_case(CoreEnv *env)
{
	static const char *const tests[] = {"R1", "R1 same", "R1 product", "R1 nocarry", "R1 at least", "R2", "R2 cascade", "R2 tier", "R3", "R3 strict", "R4", "R5"};
	Case		c = {0};

	c.test = fixture_test(env, tests[below(12)]);
	if (below(2) == 0)
	{
		c.test.roles = 1u << INTEREST_DIRECTION;
		c.test.roles_carry = below(2) == 0;
	}
	c.test.own_shares_count = c.test.below == PASS_NOTHING && below(3) == 0;
	random_lines(env, &c.test);
	c.n = 2 + below(6);
	c.run = (KernelRun) below(3);
	c.graph = random_graph(env, c.n, &c.test);
	for (uint32_t i = 0; i < c.n; i++)
		c.nodes[i] = c.n - 1 - i;
	c.kernel = kernel_create(env, c.graph, c.nodes, c.n, &c.test, c.run);
	for (uint32_t i = 0; i < c.n && c.test.link == LINK_LITERAL; i++)
		c.claims[i] = claim_of(env, &c, kernel_attribute_cone(c.kernel, &c.nodes[i], 1), &c.nodes[i], 1);
	return c;
}

typedef struct Tally
{
	int			wrong,
				unsure,
				missed,
				forged;
} Tally;

/* Random graphs under every kind of test: the truth stands, and no forgery does. */
static void
test_random(CoreEnv *env, Tally *tally)
{
	Case		c = random_case(env);
	NodeId		seeds[2] = {below(c.n), below(c.n)};
	Attribution *truth = kernel_attribute_cone(c.kernel, seeds, 1);
	Attribution *forgery = kernel_attribute_cone(c.kernel, seeds, 2);
	CertificateClaim claim = claim_of(env, &c, truth, seeds, 1);
	CertificateClaim forged = claim_of(env, &c, forgery, seeds, 1);
	uint32_t	unchecked;
	uint32_t	place = below(c.n);
	Fraction	amount = truth->amount[0][place].value;

	if (faults(env, &c, &claim, &unchecked) > unchecked)
		tally->wrong++;
	tally->unsure += unchecked > 0;

	/* a seed that is none: found out unless it makes no difference */
	if (!alike(env, &c, truth, forgery))
	{
		tally->forged++;
		tally->missed += faults(env, &c, &forged, &unchecked) == 0;
	}
	/* a status or an amount that is another */
	truth->status[place] = !truth->status[place];
	tally->missed += faults(env, &c, &claim, &unchecked) == 0;
	truth->status[place] = !truth->status[place];
	truth->amount[0][place].value = fraction_add(env, amount, fraction_of(env, 1, 1000));
	tally->missed += faults(env, &c, &claim, &unchecked) == 0;
	truth->amount[0][place].value = amount;
	tally->forged += 2;
}

/* A claim over a whole graph from text; seeds are names. */
static uint32_t
faults_of(CoreEnv *env, const char *text, const char *test, const char *claimed, const char *seeds)
{
	Case		c = {0};
	Attribution *attribution;
	NodeId		nodes[4];
	uint32_t	n = 0;
	uint32_t	unchecked;
	CertificateClaim claim;

	c.test = fixture_test(env, test);
	c.graph = fixture_graph(env, text);
	c.n = graph_size(c.graph);
	for (uint32_t i = 0; i < c.n; i++)
		c.nodes[i] = i;
	c.kernel = kernel_create(env, c.graph, c.nodes, c.n, &c.test, RUN_DEFINITE);
	attribution = fixture_attribute(c.graph, c.kernel, claimed);
	for (const char *at = seeds; *at != '\0'; at++)
		n += graph_find(c.graph, at, 1, &nodes[n]);
	claim = claim_of(env, &c, attribution, nodes, n);
	if (c.test.link == LINK_LITERAL)
		for (uint32_t i = 0; i < c.n; i++)
			c.claims[i] = claim_of(env, &c, kernel_attribute_cone(c.kernel, &i, 1), &i, 1);
	return faults(env, &c, &claim, &unchecked);
}

/* Fixpoints that are not the least ones. */
static void
test_circles(CoreEnv *env)
{
	const char *ring = "A B equity 60%; B A equity 60%; S A equity 10%";
	const char *closed = "X Y equity 100%; Y X equity 100%; S Z equity 50%; Z W equity 50%";
	const char *limit = "S X equity 25%; Y X equity 50%; X Y equity 100%; X Z equity 100%";

	is_long(faults_of(env, ring, "R3", "S", "S"), 0, "a ring that nobody feeds is nobody's");
	ok(faults_of(env, ring, "R3", "S A", "S") > 0, "a ring that supports itself is found out");
	ok(faults_of(env, ring, "R2", "S A", "S") > 0, "and where proportions flow");
	is_long(faults_of(env, closed, "R4", "S", "S"), 0, "a closed ring has nothing");
	ok(faults_of(env, closed, "R4", "S X", "S") > 0, "amounts that go round a closed ring are found out");
	is_long(faults_of(env, limit, "R2", "S", "S"), 0, "a gate that is met only in the limit is founded");
}

/* A closed ring claimed to own half of itself: a fixpoint, and not the least one. */
static void
test_doctored_amounts(CoreEnv *env)
{
	Case		c = {0};
	NodeId		seed;
	Attribution *a;
	CertificateClaim claim;
	uint32_t	unchecked;

	c.test = fixture_test(env, "R4");
	c.test.measures[0].threshold = fraction_of(env, 3, 4);
	c.graph = fixture_graph(env, "S Z equity 50%; X Y equity 100%; Y X equity 100%");
	c.n = graph_size(c.graph);
	for (uint32_t i = 0; i < c.n; i++)
		c.nodes[i] = i;
	graph_find(c.graph, "S", 1, &seed);
	c.kernel = kernel_create(env, c.graph, c.nodes, c.n, &c.test, RUN_DEFINITE);
	a = kernel_attribute_cone(c.kernel, &seed, 1);
	claim = claim_of(env, &c, a, &seed, 1);
	is_long(faults(env, &c, &claim, &unchecked), 0, "nothing is wrong with the least fixpoint");
	for (uint32_t i = 0; i < c.n; i++)
		if (graph_node(c.graph, i)->id[0] == 'X' || graph_node(c.graph, i)->id[0] == 'Y')
			a->amount[0][i].value = a->factor[0][i].value = fraction_of(env, 1, 2);
	ok(faults(env, &c, &claim, &unchecked) > 0 && unchecked == 0, "half of nothing that goes round is found out");
}

int
main(void)
{
	static UnitMemory memory;
	CoreEnv		env = unit_env(&memory);
	Tally		tally = {0};

	test_circles(&env);
	test_doctored_amounts(&env);
	unit_reset(&env);
	for (int i = 0; i < 6000 && env.status == CORE_OK; i++)
	{
		test_random(&env, &tally);
		unit_reset(&env);
	}
	ok(env.status == CORE_OK, "no failure");
	is_long(tally.wrong, 0, "nothing is wrong with what the kernel found");
	is_long(tally.missed, 0, "every forgery is found");
	ok(tally.forged > 8000, "of %d forgeries", tally.forged);
	ok(tally.unsure < 20, "%d rings could not be decided", tally.unsure);
	unit_free(&env);
	return unit_done();
}
