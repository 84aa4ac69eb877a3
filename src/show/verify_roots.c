/*
 * verify_roots.c
 *		verify(test) for a test of one holder at a time: what members(), parents() and
 *		controlled_foreign_entities() say of a party, against certificates of the
 *		attributions of everybody above it.
 *
 * All that can matter to a party is its cone, so a cone is checked as a whole: every one
 * in it as the only root, and where links carry more than their shares their bits with
 * all of these.  That checks the answers about everybody in the cone.  The cost is the square of
 * the cone; the parties are taken in a fixed shuffled order as far as a budget goes.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "show/verify.h"

#define MAX_EVIDENCE	200000 /* attributions of one party to one root, over all runs */

/* the checked attributions of one cone */
typedef struct Cone
{
	NodeId	   *nodes;
	uint32		n;
	uint32	   *place;			/* by node of the graph; of those in the cone */
	bool		differs[3];		/* a run, from the one before */
	const CertificateClaim *claims[3];	/* by run, then by place of the root */
	const CertificateClaim *through[3]; /* of the test that the row's through names */
	const Attribution *nobody;	/* of a holder nobody has disclosed */
	const Attribution *pool[3]; /* of the seeds of a pooled test */
	bool		open;			/* has a ring too large for exact numbers: not checked */
} Cone;

/* Attributes the cone to seeds; leaves it open where exact numbers cannot be had. */
static const Attribution *
attribute(Verification *v, Cone *cone, Kernel *kernel, const NodeId *seeds, uint32 n)
{
	bool	   *open;
	const Attribution *attribution = kernel_attribute_affordable(kernel, seeds, n, true, RINGS_OF_POOL, &open);

	inquiry_check(v->inquiry);
	cone->open = cone->open || open != NULL || kernel_has_guessed(kernel);
	return attribution;
}

static const Grade run_grades[] = {GRADE_DEFINITE, GRADE_DISCLOSED, GRADE_UNDISCLOSED};

/* Which runs can differ at all? */
static void
find_openness(const Inquiry *inquiry, const TestRow *row, Cone *cone)
{
	cone->differs[RUN_DEFINITE] = true;
	cone->differs[RUN_DISCLOSED] = row->across_open;
	for (uint32 i = 0; i < cone->n; i++)
	{
		const GraphNode *node = graph_node(inquiry->nb->graph, cone->nodes[i]);

		if (!node->unheld && node->register_state == REGISTER_OPEN)
			cone->differs[RUN_UNDISCLOSED] = true;
		if (node->pooled_fund == TERNARY_UNKNOWN)
			cone->differs[RUN_DISCLOSED] = true;
		for (uint32 j = 0; j < node->n_holdings; j++)
			if (node->holdings[j].kind == INTEREST_UNMAPPED || !share_value_is_exact(&node->holdings[j].share))
				cone->differs[RUN_DISCLOSED] = true;
	}
}

/* Checks one claim and tells what is wrong with it. */
static void
check_claim(Verification *v, Certificate *certificate, KernelRun run, const CertificateClaim *claim,
			const char *holder, uint32 *n_put)
{
	CertificateRow *rows;
	uint32		n = certificate_check(certificate, claim, &rows);

	inquiry_check(v->inquiry);
	for (; *n_put < n; (*n_put)++)
		verify_put_fault(v, run, holder, &rows[*n_put]);
}

/* Attributes the cone to the pool of a test's seeds, or to nobody, and checks it. */
static const Attribution *
check_pool(Verification *v, Cone *cone, Kernel *kernel, Certificate *certificate, KernelRun run,
		   bool nobody, uint32 *n_put)
{
	NodeId	   *seeds = palloc(mul_size(sizeof(NodeId), cone->n));
	bool	   *is = palloc0(cone->n);
	uint32		n = 0;
	CertificateClaim *claim = palloc(sizeof(CertificateClaim));

	for (uint32 i = 0; i < cone->n && !nobody; i++)
	{
		Ternary		seed = is_seed(v->inquiry, v->row.seeds, cone->nodes[i], run);

		is[i] = seed == TERNARY_TRUE || (seed == TERNARY_UNKNOWN && run != RUN_DEFINITE);
		if (is[i])
			seeds[n++] = cone->nodes[i];
	}
	*claim = (CertificateClaim) {attribute(v, cone, kernel, seeds, n), is};
	if (!cone->open)
		check_claim(v, certificate, run, claim, NULL, n_put);
	return claim->attribution;
}

/* Attributes the cone to each of its parties as the only root, in one run, and checks it. */
static const CertificateClaim *
check_claims(Verification *v, Cone *cone, const TestRow *row, KernelRun run, bool own)
{
	OwnershipTest test = kernel_test_in_run(row, run);
	CoreEnv    *env = &v->inquiry->env;
	const Graph *graph = v->inquiry->nb->graph;
	Kernel	   *kernel = kernel_create(env, graph, cone->nodes, cone->n, &test, run);
	Certificate *certificate = certificate_create(env, graph, cone->nodes, cone->n, &test, run, true);
	CertificateClaim *claims = palloc(mul_size(sizeof(CertificateClaim), cone->n));
	uint32		n_put = 0;

	for (uint32 i = 0; i < cone->n; i++)
	{
		bool	   *seeds = palloc0(cone->n);

		CHECK_FOR_INTERRUPTS();
		seeds[i] = true;
		claims[i] = (CertificateClaim) {attribute(v, cone, kernel, &cone->nodes[i], 1), seeds};
		if (cone->open)
			return NULL;
	}
	certificate_links(certificate, claims);
	for (uint32 i = 0; i < cone->n; i++)
		check_claim(v, certificate, run, &claims[i], graph_node(graph, cone->nodes[i])->id, &n_put);
	if (own && run == RUN_UNDISCLOSED)
		cone->nobody = check_pool(v, cone, kernel, certificate, run, true, &n_put);
	if (own && row->pooled)
		cone->pool[run] = check_pool(v, cone, kernel, certificate, run, false, &n_put);
	return claims;
}

/* Checks all runs over a cone. */
static void
check_cone(Verification *v, Cone *cone)
{
	find_openness(v->inquiry, &v->row, cone);
	for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED && !cone->open; run++)
	{
		if (!cone->differs[run])
		{
			cone->claims[run] = cone->claims[run - 1];
			cone->through[run] = cone->through[run - 1];
			cone->pool[run] = cone->pool[run - 1];
			continue;
		}
		cone->claims[run] = check_claims(v, cone, &v->row, run, true);
		if (v->row.through != NULL && !cone->open)
		{
			TestRow		row = rule_test_under(rule_test(v->inquiry->book, v->row.through), v->inquiry->choice);

			cone->through[run] = check_claims(v, cone, &row, run, false);
		}
	}
}

/* Is the test met by the root in a party that by itself controls the target (Regulation (EU) 2024/1624 Art. 54(b))? */
static bool
meets_through(const Cone *cone, KernelRun run, uint32 root, uint32 target)
{
	for (uint32 i = 0; i < cone->n; i++)
		if (i != root && i != target && cone->through[run][root].attribution->status[i] &&
			cone->claims[run][i].attribution->whole[target])
			return true;
	return false;
}

/* What the checked runs say of one root in one party. */
static Grade
checked_grade(const Verification *v, const Cone *cone, uint32 root, uint32 target)
{
	for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
		if (cone->claims[run][root].attribution->status[target] ||
			(v->row.through != NULL && meets_through(cone, run, root, target)))
			return run_grades[run];
	return GRADE_NO;
}

/* Who of the cone is above one of its parties? */
static bool *
places_above(const Verification *v, const Cone *cone, uint32 target)
{
	bool	   *above = palloc0(cone->n);
	uint32	   *queue = palloc(mul_size(sizeof(uint32), cone->n));
	uint32		n = 0;

	queue[n++] = target;
	above[target] = true;
	for (uint32 at = 0; at < n; at++)
	{
		const GraphNode *node = graph_node(v->inquiry->nb->graph, cone->nodes[queue[at]]);

		for (uint32 i = 0; i < node->n_holdings + node->n_principals; i++)
		{
			uint32		place = cone->place[i < node->n_holdings ? node->holdings[i].holder :
											node->principals[i - node->n_holdings].principal];

			if (above[place])
				continue;
			above[place] = true;
			queue[n++] = place;
		}
	}
	above[target] = false;
	pfree(queue);
	return above;
}

/* Compares the rows of members() or parents() about one party with what was checked. */
static void
compare_roots(Verification *v, const Cone *cone, uint32 target)
{
	Inquiry    *inquiry = v->inquiry;
	bool	   *above = places_above(v, cone, target);
	uint8	   *told = palloc0(cone->n);
	int			n;
	ParentFinding *findings = root_findings(inquiry, &v->row, cone->nodes[target], false, &n);

	for (uint32 i = 0; i < cone->n; i++)
		for (int j = 0; j < n; j++)
			if (findings[j].root == cone->nodes[i])
				told[i] = (uint8) findings[j].grade;
	for (uint32 i = 0; i < cone->n; i++)
	{
		Grade		found = grade_in_scope(inquiry, &v->row, cone->nodes[target], checked_grade(v, cone, i, target));

		CHECK_FOR_INTERRUPTS();
		if (above[i] && found != (Grade) told[i])
			verify_put_grade(v, strcmp(v->row.name, TEST_PARENT) == 0 ? "parents()" : "members()", cone->nodes[target],
							 graph_node(inquiry->nb->graph, cone->nodes[i])->id, (Grade) told[i], found);
	}
}

/* Compares the grade of a pooled test. */
static void
compare_pool(Verification *v, const Cone *cone, uint32 target)
{
	NodeId		party = cone->nodes[target];
	Grade		told = membership_grade(v->inquiry, v->row.name, party);
	Grade		found = GRADE_NO;

	for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED && found == GRADE_NO; run++)
		if (cone->pool[run]->status[target])
			found = run_grades[run];
	if (found == GRADE_NO && v->inquiry->nb->row_security)
		found = GRADE_UNDISCLOSED;
	if (found != GRADE_NO)
		found = grade_in_scope(v->inquiry, &v->row, party, found);
	if (told != found)
		verify_put_grade(v, "members()", party, NULL, told, found);
}

/* Where a party is organized: a branch as its principal (850.206(a)). */
static Ternary
organized_in_us(const Verification *v, NodeId party)
{
	const GraphNode *node = graph_node(v->inquiry->nb->graph, party);

	for (uint32 i = 0; i < node->n_principals; i++)
		if (node->principals[i].kind == INTEREST_BRANCH_OF && node->principals[i].principal != party)
			return neighbourhood_party(v->inquiry->nb, node->principals[i].principal)->organized_us;
	return neighbourhood_party(v->inquiry->nb, party)->organized_us;
}

/* Compares what controlled_foreign_entities() says of a party: the best that any U.S. person gives (850.206). */
static void
compare_controlled(Verification *v, const Cone *cone, uint32 target, Grade told)
{
	NodeId		party = cone->nodes[target];
	Ternary		organized = organized_in_us(v, party);
	bool	   *above = places_above(v, cone, target);
	Grade		found = GRADE_NO;

	for (uint32 i = 0; i < cone->n; i++)
	{
		Ternary		us = us_person(v->inquiry, cone->nodes[i]);
		Grade		grade = us == TERNARY_FALSE || !above[i] ? GRADE_NO : checked_grade(v, cone, i, target);

		found = Max(found, us == TERNARY_UNKNOWN ? Min(grade, GRADE_DISCLOSED) : grade);
	}
	if (found == GRADE_NO && cone->nobody != NULL && cone->nobody->status[target])
		found = GRADE_UNDISCLOSED;
	if (organized == TERNARY_UNKNOWN)
		found = Min(found, GRADE_DISCLOSED);
	if (found == GRADE_NO && v->inquiry->nb->row_security)
		found = GRADE_UNDISCLOSED;
	if (neighbourhood_party(v->inquiry->nb, party)->kind == PARTY_INDIVIDUAL || organized == TERNARY_TRUE)
		found = GRADE_NO;
	if (told != found)
		verify_put_grade(v, "controlled_foreign_entities()", party, NULL, told, found);
}

/* Checks the cone above one party, and what is said of all in it. */
static void
check_above(Verification *v, Cone *cone, const uint8 *controlled, uint8 *seen)
{
	check_cone(v, cone);
	for (uint32 i = 0; i < cone->n && !cone->open; i++)
	{
		if (seen[cone->nodes[i]])
			continue;
		seen[cone->nodes[i]] = true;
		v->checked++;
		if (v->row.pooled)
		{
			compare_pool(v, cone, i);
			continue;
		}
		compare_roots(v, cone, i);
		if (controlled != NULL)
			compare_controlled(v, cone, i, (Grade) controlled[cone->nodes[i]]);
	}
}

/* A step through n numbers that meets all of them in no order of theirs. */
static uint32
shuffling_step(uint32 n)
{
	uint32		step = (uint32) ((uint64) n * 618 / 1000) | 1;

	for (;; step += 2)
	{
		uint32		a = n;
		uint32		b = step % n;

		while (b != 0)
		{
			uint32		r = a % b;

			a = b;
			b = r;
		}
		if (a == 1)
			return step % n;
	}
}

void
verify_roots(Verification *v)
{
	Inquiry    *inquiry = v->inquiry;
	MemoryContext context = inquiry->scratch;
	MemoryContext one = AllocSetContextCreate(context, "outbound cone", ALLOCSET_DEFAULT_SIZES);
	uint32		size = graph_size(inquiry->nb->graph);
	uint8	   *seen = palloc0(Max(size, 1));
	uint8	   *controlled = NULL;
	NodeId	   *parents;
	uint32	   *place = palloc_extended(mul_size(sizeof(uint32), Max(size, 1)), MCXT_ALLOC_HUGE);
	uint64		evidence = 0;

	if (strcmp(v->row.name, TEST_PARENT) == 0 && !v->row.pooled)
		controlled_everywhere(inquiry, &controlled, &parents);
	for (uint32 i = 0, step = size > 2 ? shuffling_step(size) : 1, at = 0; i < size; i++, at = (uint32) (((uint64) at + step) % size))
	{
		Cone		cone = {0};
		MemoryContext old;

		CHECK_FOR_INTERRUPTS();
		if (seen[at])
			continue;
		inquiry->scratch = one;
		inquiry->env.arg = one;
		old = MemoryContextSwitchTo(one);
		cone.n = graph_cone(&inquiry->env, inquiry->nb->graph, at, &cone.nodes);
		if (evidence + (uint64) cone.n * cone.n <= MAX_EVIDENCE)
		{
			evidence += (uint64) cone.n * cone.n;
			cone.place = place;
			for (uint32 j = 0; j < cone.n; j++)
				place[cone.nodes[j]] = j;
			check_above(v, &cone, controlled, seen);
		}
		MemoryContextSwitchTo(old);
		inquiry->scratch = context;
		inquiry->env.arg = context;
		MemoryContextReset(one);
	}
}
