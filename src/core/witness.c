/*
 * witness.c
 *		Evidence: see witness.h and engine notes 4.
 *
 * A member's support rests on smaller ranks alone: holders of larger depth count
 * nothing, and in a ring the factors are those of the moment the amount passed, so a
 * proof is never circular.  Which prefix of the holdings (largest contribution first)
 * passes is found by bisection: leaving holders out can only lower a bound.
 */
#include <string.h>

#include "kernel_parts.h"
#include "witness.h"

#define MAX_PROOF	((uint32_t) 1 << 20)

typedef struct Evidence
{
	CoreEnv    *env;
	const Kernel *kernel;
	const Attribution *a;
	const ModelNode *m;
	const Register *reg;
	Register	told;			/* the register, where seeds' own links count as told */
	bool		standing;		/* about the node's cause */
	int			measure;
	Bound	   *factors;		/* by lot */
	Fraction   *weights;		/* by lot */
} Evidence;

/* The share and kind a holder was told to have; an unmapped interest if no other. */
static void
told_share(const Evidence *e, NodeId holder, InterestKind kind, WitnessRow *row)
{
	const GraphNode *node = graph_node(e->kernel->model.graph, e->m->node);

	row->kind = INTEREST_UNMAPPED;
	row->share = share_value_unknown();
	for (uint32_t i = 0; i < node->n_holdings; i++)
	{
		core_step(e->env);
		if (node->holdings[i].holder != holder || node->holdings[i].kind != kind)
			continue;
		row->kind = (uint8_t) kind;
		row->share = node->holdings[i].share;
	}
}

/* How a holder counts towards evidence before a rank. */
static WitnessClass
holder_basis(const Evidence *e, NodeId holder, const Bound *factor, uint32_t before_rank)
{
	if (e->a->reason[holder] == -1)
		return WITNESS_SEED;
	if (e->a->whole[holder] && e->a->depth[holder] < before_rank &&
		fraction_compare(e->env, factor->value, FRACTION_ONE) == 0)
		return WITNESS_WHOLE;
	return WITNESS_PROPORTION;
}

/* Collects what each lot's holder passes on; before rank only what rests on less. */
static void
load_factors(Evidence *e, bool upstream, uint32_t before_rank)
{
	const Attribution *a = e->a;
	bool		kept = before_rank != UINT32_MAX && !upstream && (e->standing || !e->kernel->test.reports);
	const Bound *support = kept ? a->support[e->m->node] : NULL;

	e->factors = core_array(e->env, e->reg->n, sizeof(Bound));
	e->weights = core_array(e->env, e->reg->n, sizeof(Fraction));
	for (uint32_t i = 0; i < e->reg->n && e->env->status == CORE_OK; i++)
	{
		NodeId		holder = e->kernel->model.nodes[e->reg->lots[i].holder].node;

		core_step(e->env);
		e->factors[i] = support ? support[i] : a->factor[e->measure][holder];
		if (!support && before_rank != UINT32_MAX && a->depth[holder] >= before_rank)
			e->factors[i] = (Bound) {FRACTION_ZERO, false};
	}
}

/* Adds one row for every lot that contributes. */
static void
add_lot_rows(Evidence *e, Witness *w, uint32_t before_rank)
{
	for (uint32_t i = 0; i < e->reg->n; i++)
	{
		WitnessRow *row = &w->rows[w->n_rows];
		Fraction	contribution = fraction_multiply(e->env, e->factors[i].value, e->weights[i]);

		core_step(e->env);
		if (fraction_is_zero(contribution))
			continue;
		row->holder = e->kernel->model.nodes[e->reg->lots[i].holder].node;
		told_share(e, row->holder, e->kernel->test.measures[e->measure].kind, row);
		row->basis = holder_basis(e, row->holder, &e->factors[i], before_rank);
		row->lot = i;
		row->standing = true;
		row->carries = false;
		row->weight = e->weights[i];
		row->factor = e->factors[i].value;
		row->contribution = contribution;
		row->rank = e->a->rank[row->holder];
		w->n_rows++;
	}
}

/* Adds one row for every parent-subsidiary link that counts as the whole. */
static void
add_link_rows(Evidence *e, Witness *w, uint32_t before_rank)
{
	for (uint32_t i = 0; i < e->m->n_links; i++)
	{
		const Link *link = &e->m->links[i];
		WitnessRow *row = &w->rows[w->n_rows];
		NodeId		holder = e->kernel->model.nodes[link->holder].node;
		const Bound *factor = &e->a->factor[e->measure][holder];

		core_step(e->env);
		if (link->state != LINK_PARENT || e->kernel->test.link != LINK_LITERAL ||
			holder == e->a->root || fraction_is_zero(factor->value) ||
			(before_rank != UINT32_MAX && e->a->depth[holder] >= before_rank))
			continue;
		row->holder = holder;
		told_share(e, holder, e->kernel->test.measures[e->measure].kind, row);
		row->basis = holder_basis(e, holder, factor, before_rank);
		row->lot = UINT32_MAX;
		row->standing = true;
		row->carries = true;
		row->weight = FRACTION_ONE;
		row->factor = row->contribution = factor->value;
		row->rank = e->a->rank[holder];
		w->n_rows++;
	}
}

/* Sorts rows by decreasing contribution (insertion into a heap, no recursion). */
static void
sort_witness_rows(CoreEnv *env, WitnessRow *rows, uint32_t n)
{
	WitnessRow *spare = core_array(env, n, sizeof(WitnessRow));
	WitnessRow *from = rows;

	if (env->status != CORE_OK)
		return;
	for (size_t width = 1; width < n; width *= 2)
	{
		WitnessRow *swap = from;

		for (size_t at = 0; at < n; at += 2 * width)
		{
			size_t		a = at;
			size_t		middle = at + width < n ? at + width : n;
			size_t		b = middle;
			size_t		end = at + 2 * width < n ? at + 2 * width : n;

			for (size_t to = at; to < end; to++)
			{
				core_step(env);
				if (b == end || (a < middle && fraction_compare(env, from[a].contribution,
																 from[b].contribution) >= 0))
					spare[to] = from[a++];
				else
					spare[to] = from[b++];
			}
		}
		from = spare;
		spare = swap;
	}
	if (from != rows)
		memcpy(rows, from, n * sizeof(WitnessRow));
}

/* What the evidence is held against: the gate, or what makes a member. */
static Gate
evidence_line(const Evidence *e)
{
	const OwnershipTest *test = &e->kernel->test;
	Gate		gate = {test->measures[e->measure].threshold, test->measures[e->measure].strict};

	return test->reports && !e->standing ? test->measures[e->measure].report : gate;
}

/* Does the amount pass with only the first n of the rows' holders? */
static bool
prefix_passes(Evidence *e, const WitnessRow *rows, uint32_t n)
{
	const Model *model = &e->kernel->model;
	Bound	   *factors = core_array(e->env, e->reg->n, sizeof(Bound));
	Bound		amount;
	Gate		line;

	if (e->env->status != CORE_OK)
		return true;
	for (uint32_t i = 0; i < e->reg->n; i++)
		factors[i] = (Bound) {FRACTION_ZERO, false};
	for (uint32_t r = 0; r < n; r++)
		factors[rows[r].lot] = e->factors[rows[r].lot];
	amount = register_bound(e->env, e->reg, factors, model->upper, e->reg->rest_is_anybodys, NULL, NULL);
	line = evidence_line(e);
	return bound_passes(e->env, &amount, line.threshold, line.strict, model->upper);
}

/* Cuts the rows to the shortest prefix that passes. */
static void
cut_to_minimal(Evidence *e, Witness *w)
{
	uint32_t	low = 0;
	uint32_t	high = w->n_rows;

	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (prefix_passes(e, w->rows, middle))
			high = middle;
		else
			low = middle + 1;
	}
	w->n_rows = high;
	w->minimal = true;
}

/* Sums up the rows and the undisclosed. */
static void
add_up(CoreEnv *env, Witness *w)
{
	w->sum = w->undisclosed;
	for (uint32_t i = 0; i < w->n_rows; i++)
		w->sum = fraction_add(env, w->sum, w->rows[i].contribution);
}

/* The register as the run counted it: under CONTROL_BEYOND_SEEDS the seeds' own links as told. */
static const Register *
counted_register(Evidence *e)
{
	const Register *reg = &e->m->registers[e->measure];

	if (e->kernel->test.control_counts != CONTROL_BEYOND_SEEDS || reg->told == NULL)
		return reg;
	e->told = *reg;
	e->told.lots = core_array(e->env, reg->n, sizeof(Lot));
	for (uint32_t i = 0; i < reg->n && e->env->status == CORE_OK; i++)
		e->told.lots[i] = e->a->reason[e->kernel->model.nodes[reg->lots[i].holder].node] == -1 ?
			reg->told[i] : reg->counted[i];
	return &e->told;
}

/* Writes the rows of an amount (or of what the node passes on) of one measure. */
static void
write_rows(Evidence *e, Witness *w, uint32_t before_rank)
{
	CoreEnv    *env = e->env;
	const Model *model = &e->kernel->model;
	Fraction	rest;

	e->reg = counted_register(e);
	if (env->status != CORE_OK)
		return;
	load_factors(e, w->upstream, before_rank);
	w->rows = core_array(env, (size_t) e->reg->n + e->m->n_links, sizeof(WitnessRow));
	if (env->status != CORE_OK)
		return;
	if (w->upstream && e->kernel->test.link == LINK_LITERAL)
		for (uint32_t i = 0; i < e->reg->n; i++)
			if (e->m->links[e->reg->lots[i].link].state == LINK_PARENT &&
				model->nodes[e->reg->lots[i].holder].node != e->a->root)
				e->factors[i] = (Bound) {FRACTION_ZERO, false};
	register_bound(env, e->reg, e->factors, model->upper, e->reg->rest_is_anybodys, e->weights, &rest);
	if (e->reg->rest_is_anybodys)
		w->undisclosed = rest;
	add_lot_rows(e, w, before_rank);
	if (w->upstream)
		add_link_rows(e, w, before_rank);
	sort_witness_rows(env, w->rows, w->n_rows);
	w->threshold = evidence_line(e).threshold;
	w->strict = evidence_line(e).strict;
	w->margin = fraction_subtract(env, e->a->amount[e->measure][w->node].value, w->threshold);
}

/*
 * Can the status that a node's roles confer be told of before a rank?  As its cause, or else (where
 * it was a member before it came to count in full) as its membership.
 */
static bool
stands_before(const Evidence *e, NodeId node, uint32_t rank, bool *standing)
{
	const Attribution *a = e->a;
	bool		reports = e->kernel->test.reports;

	*standing = a->cause_rank[node] < rank;
	if (*standing || a->cause_rank[node] == UINT32_MAX)
		return *standing;
	if (a->rank[node] < rank && (!reports || a->reason[node] < 0))
		return true;
	/* counting in full by a principal, later than by a gate: rests on no status */
	*standing = reports && !e->kernel->test.status_feeds_back;
	return *standing;
}

/* Can a principal confer what the evidence is about? */
static bool
principal_before(const Evidence *e, NodeId principal, uint32_t rank, bool *standing)
{
	const Attribution *a = e->a;

	*standing = e->standing && a->whole[e->m->node];
	if (*standing)
		return a->whole[principal] && a->cause_rank[principal] < rank;
	if (e->standing && e->kernel->test.reports)
		return stands_before(e, principal, rank, standing);
	return a->status[principal] && a->rank[principal] < rank;
}

/* The kind of role or relation to a principal by which the holder confers its status. */
static uint8_t
status_kind(const Evidence *e, const Witness *w, NodeId holder)
{
	const GraphNode *node = graph_node(e->kernel->model.graph, w->node);
	uint8_t		kind = INTEREST_UNMAPPED;

	for (uint32_t j = 0; w->reason == -2 && j < node->n_holdings; j++)
		if (node->holdings[j].holder == holder && node->holdings[j].kind >= N_PERCENTAGE_KINDS &&
			((e->kernel->test.roles | e->kernel->test.fund_roles) >> node->holdings[j].kind & 1) != 0)
			kind = node->holdings[j].kind;
	for (uint32_t j = 0; w->reason == -3 && j < node->n_principals; j++)
		if (node->principals[j].principal == holder)
			kind = node->principals[j].kind;
	return kind;
}

/* Writes the one row of a status that a role or a principal confers. */
static void
write_status_row(Evidence *e, Witness *w)
{
	const Attribution *a = e->a;
	uint32_t	n = w->reason == -2 ? e->m->n_links : e->m->n_principals;

	w->measure = -1;
	w->rows = core_array(e->env, 1, sizeof(WitnessRow));
	for (uint32_t i = 0; i < n && w->n_rows == 0; i++)
	{
		uint32_t	from = w->reason == -2 ? e->m->links[i].holder : e->m->principals[i];
		NodeId		holder = e->kernel->model.nodes[from].node;
		WitnessRow *row = &w->rows[0];
		bool		standing;

		core_step(e->env);
		if (w->reason == -2 ? !e->m->links[i].role || !stands_before(e, holder, w->rank, &standing) :
			!principal_before(e, holder, w->rank, &standing))
			continue;
		memset(row, 0, sizeof(WitnessRow));
		row->holder = holder;
		row->basis = w->reason == -2 ? WITNESS_ROLE : WITNESS_PRINCIPAL;
		row->share = share_value_exact(FRACTION_ONE);
		row->weight = row->factor = row->contribution = FRACTION_ONE;
		row->rank = a->rank[holder];
		row->standing = standing;
		row->kind = status_kind(e, w, holder);
		w->n_rows = 1;
	}
}

/* Begins evidence for a node; false if it is not in the kernel's cone. */
static bool
begin(Evidence *e, CoreEnv *env, const Kernel *kernel, const Attribution *a, NodeId node, bool standing, Witness *w)
{
	uint32_t	local = model_find(&kernel->model, node);

	memset(w, 0, sizeof(Witness));
	memset(e, 0, sizeof(Evidence));
	w->node = node;
	w->standing = standing;
	w->reason = standing ? a->cause[node] : a->reason[node];
	w->rank = standing ? a->cause_rank[node] : a->rank[node];
	w->sum = w->undisclosed = w->threshold = w->margin = FRACTION_ZERO;
	e->env = env;
	e->kernel = kernel;
	e->a = a;
	e->standing = standing;
	if (local == NO_NODE || env->status != CORE_OK)
		return false;
	e->m = &kernel->model.nodes[local];
	return true;
}

/* Gives the evidence for one node: its cause, or what makes it a member; for no member its first amount. */
static void
witness_of(CoreEnv *env, const Kernel *kernel, const Attribution *attribution, NodeId node, bool standing, Witness *result)
{
	Evidence	e;

	if (!begin(&e, env, kernel, attribution, node, standing, result) || result->reason == -1)
		return;
	if (result->reason == -2 || result->reason == -3)
	{
		write_status_row(&e, result);
		return;
	}
	e.measure = result->measure = result->reason >= 0 ? result->reason : 0;
	write_rows(&e, result, result->rank);
	if (result->reason >= 0 && env->status == CORE_OK)
		cut_to_minimal(&e, result);
	if (env->status == CORE_OK)
		add_up(env, result);
}

/*
 * Gives what makes up that which a node passes on below the gate in a measure.  Of one
 * that counts in full in the end (a ring) only what came before that.
 */
static void
witness_upstream(CoreEnv *env, const Kernel *kernel, const Attribution *a, NodeId node,
				 int measure, Witness *result)
{
	int			first = kernel->test.across_measures ? 0 : measure;
	int			last = kernel->test.across_measures ? kernel->test.n_measures - 1 : measure;

	for (int k = first; k <= last; k++)
	{
		Evidence	e;
		Witness		w;

		if (!begin(&e, env, kernel, a, node, a->whole[node], &w))
			return;
		e.measure = w.measure = k;
		w.rank = a->depth[node];
		w.upstream = true;
		write_rows(&e, &w, a->whole[node] ? a->depth[node] : UINT32_MAX);
		if (env->status != CORE_OK)
			return;
		add_up(env, &w);
		if (k == first || fraction_compare(env, w.sum, result->sum) > 0)
			*result = w;
	}
}

/* what a piece of evidence is about, besides a measure that is passed on */
#define OF_MEMBER	(-1)
#define OF_CAUSE	(-2)

/* A proof as it grows: nodes, or what they pass on in a measure, and their evidence. */
typedef struct Proof
{
	CoreEnv    *env;
	const Kernel *kernel;
	uint8_t    *seen;			/* by local number, a bit for what is wanted: its membership, a measure, its cause */
	uint32_t	n;
	uint32_t	max;
	NodeId	   *nodes;
	int8_t	   *wanted;			/* OF_MEMBER, OF_CAUSE or a measure */
	Witness    *list;
} Proof;

/* Orders evidence: small depth, members, earlier components first. */
static bool
proof_before(const Kernel *kernel, const Witness *x, const Witness *y)
{
	if (x->rank != y->rank)
		return x->rank < y->rank;
	if (x->upstream != y->upstream)
		return y->upstream;
	return kernel->model.components.of[model_find(&kernel->model, x->node)] <
		kernel->model.components.of[model_find(&kernel->model, y->node)];
}

/* Doubles the room of a proof. */
static void
proof_grow(Proof *p)
{
	uint32_t	max = p->max ? p->max * 2 : 16;
	NodeId	   *nodes = core_array(p->env, max, sizeof(NodeId));
	int8_t	   *wanted = core_array(p->env, max, sizeof(int8_t));
	Witness    *list = core_array(p->env, max, sizeof(Witness));

	if (max > MAX_PROOF)
		core_fail(p->env, CORE_TOO_LARGE);
	if (p->env->status != CORE_OK)
		return;
	if (p->n > 0)
	{
		memcpy(nodes, p->nodes, p->n * sizeof(NodeId));
		memcpy(wanted, p->wanted, p->n * sizeof(int8_t));
		memcpy(list, p->list, p->n * sizeof(Witness));
	}
	p->nodes = nodes;
	p->wanted = wanted;
	p->list = list;
	p->max = max;
}

/* Appends a node to a proof unless it is there. */
static void
proof_want(Proof *p, NodeId node, int wanted)
{
	uint8_t    *seen = &p->seen[model_find(&p->kernel->model, node)];
	int			bit = wanted == OF_CAUSE ? MAX_MEASURES + 1 : wanted + 1;

	if ((*seen >> bit & 1) != 0)
		return;
	if (p->n == p->max)
		proof_grow(p);
	if (p->env->status != CORE_OK)
		return;
	*seen |= (uint8_t) (1 << bit);
	p->nodes[p->n] = node;
	p->wanted[p->n++] = (int8_t) wanted;
}

/* Sorts evidence in proof_before order, stable. */
static void
sort_proof(CoreEnv *env, const Kernel *kernel, Witness *list, uint32_t n)
{
	Witness    *spare = core_array(env, n, sizeof(Witness));
	Witness    *from = list;

	if (env->status != CORE_OK)
		return;
	for (size_t width = 1; width < n; width *= 2)
	{
		Witness    *swap = from;

		for (size_t at = 0; at < n; at += 2 * width)
		{
			size_t		x = at;
			size_t		middle = at + width < n ? at + width : n;
			size_t		y = middle;
			size_t		end = at + 2 * width < n ? at + 2 * width : n;

			for (size_t to = at; to < end; to++)
			{
				core_step(env);
				if (y == end || (x < middle && !proof_before(kernel, &from[y], &from[x])))
					spare[to] = from[x++];
				else
					spare[to] = from[y++];
			}
		}
		from = spare;
		spare = swap;
	}
	if (from != list)
		memcpy(list, from, n * sizeof(Witness));
}

/* Of a holder, its cause or its membership: one piece of evidence where they are the same. */
static int
wanted_of(const Kernel *kernel, const Attribution *a, NodeId holder, bool standing)
{
	const OwnershipTest *test = &kernel->test;
	bool		same = (test->status_feeds_back && test->roles_carry) ||
		(a->reason[holder] != -3 && a->cause[holder] == a->reason[holder] && a->cause_rank[holder] == a->rank[holder]);

	return standing && (test->reports || !same) ? OF_CAUSE : OF_MEMBER;
}

/* Gives the whole proof above a node. */
uint32_t
witness_proof(CoreEnv *env, const Kernel *kernel, const Attribution *attribution, NodeId node,
			  bool standing, Witness **list)
{
	Proof		p = {env, kernel, NULL, 0, 0, NULL, NULL, NULL};

	*list = NULL;
	p.seen = core_array(env, kernel->model.n, sizeof(uint8_t));
	if (env->status != CORE_OK || model_find(&kernel->model, node) == NO_NODE)
		return 0;
	memset(p.seen, 0, kernel->model.n);
	proof_want(&p, node, wanted_of(kernel, attribution, node, standing));
	for (uint32_t at = 0; at < p.n && env->status == CORE_OK; at++)
	{
		Witness		w;

		memset(&w, 0, sizeof(w));
		if (p.wanted[at] < 0)
			witness_of(env, kernel, attribution, p.nodes[at], p.wanted[at] == OF_CAUSE, &w);
		else
			witness_upstream(env, kernel, attribution, p.nodes[at], p.wanted[at], &w);
		p.list[at] = w;
		for (uint32_t i = 0; i < w.n_rows && env->status == CORE_OK; i++)
		{
			const WitnessRow *row = &w.rows[i];

			core_step(env);
			if (row->basis == WITNESS_PROPORTION)
				proof_want(&p, row->holder, w.measure);
			else if (attribution->reason[row->holder] != -1)
				proof_want(&p, row->holder, wanted_of(kernel, attribution, row->holder, row->standing));
		}
	}
	if (env->status != CORE_OK)
		return 0;
	sort_proof(env, kernel, p.list, p.n);
	*list = p.list;
	return p.n;
}
