/*
 * certificate_test.c
 *		The check of an attribution finds nothing wrong with what the kernel found, on
 *		random graphs with rings, ties, ranges and dirty sums, and finds every forgery.
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
} Case;

/* How many faults the check finds, and how many of them only say that it cannot tell. */
static uint32_t
faults(CoreEnv *env, const Case *c, const Attribution *claim, uint32_t *unchecked)
{
	CertificateRow *rows;
	uint32_t	n = certificate_check(env, c->graph, c->nodes, c->n, &c->test, c->run, claim, &rows);

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

static Case
random_case(CoreEnv *env)
{
	static const char *const tests[] = {"R2", "R2 cascade", "R3", "R3 strict", "R4", "R5"};
	Case		c = {0};

	c.test = fixture_test(env, tests[below(6)]);
	c.test.roles = 1u << INTEREST_DIRECTION;
	c.test.roles_carry = below(2) == 0;
	c.n = 2 + below(6);
	c.run = (KernelRun) below(3);
	c.graph = random_graph(env, c.n, &c.test);
	for (uint32_t i = 0; i < c.n; i++)
		c.nodes[i] = c.n - 1 - i;
	c.kernel = kernel_create(env, c.graph, c.nodes, c.n, &c.test, c.run);
	return c;
}

int
main(void)
{
	static UnitMemory memory;
	CoreEnv		env = unit_env(&memory);
	int			wrong = 0,
				unsure = 0,
				missed = 0,
				forged = 0;

	for (int i = 0; i < 4000; i++)
	{
		Case		c = random_case(&env);
		NodeId		seeds[2] = {below(c.n), below(c.n)};
		Attribution *truth = kernel_attribute_cone(c.kernel, seeds, 1);
		Attribution *forgery = kernel_attribute_cone(c.kernel, seeds, 2);
		uint32_t	unchecked;
		uint32_t	other = c.n - 1 - seeds[1];
		uint32_t	place = below(c.n);
		Fraction	amount = truth->amount[0][place].value;

		if (faults(&env, &c, truth, &unchecked) > unchecked)
			wrong++;
		unsure += unchecked > 0;

		/* a seed that is none: found out unless it makes no difference */
		if (seeds[0] != seeds[1])
		{
			forgery->reason[other] = 0;
			if (!alike(&env, &c, truth, forgery))
			{
				forged++;
				missed += faults(&env, &c, forgery, &unchecked) == 0;
			}
		}
		/* a status or an amount that is another */
		truth->status[place] = !truth->status[place];
		missed += faults(&env, &c, truth, &unchecked) == 0;
		truth->status[place] = !truth->status[place];
		truth->amount[0][place].value = fraction_add(&env, amount, fraction_of(&env, 1, 1000));
		missed += faults(&env, &c, truth, &unchecked) == 0;
		forged += 2;
		if (env.status != CORE_OK)
			break;
		unit_reset(&env);
	}
	ok(env.status == CORE_OK, "no failure");
	is_long(wrong, 0, "nothing is wrong with what the kernel found");
	is_long(missed, 0, "every forgery is found");
	ok(forged > 5000, "of %d forgeries", forged);
	ok(unsure < 600, "%d rings could not be solved again", unsure);
	unit_free(&env);
	return unit_done();
}
