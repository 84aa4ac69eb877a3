/*
 * sweep_ring.c
 *		The tables of a strongly connected component: see sweep_parts.h.
 *
 * What flows in from outside is gathered for all roots first; then each root is solved for itself
 * (sweep_root.c).  Parent bits of links into the ring are guessed plain, and raised until no
 * root that has been solved under the guess may pass where it holds: the least joint fixpoint.
 */
#include <math.h>
#include <string.h>

#include "sweep_ring.h"

/* Weighs the links inside, whose parent bits may have changed. */
static void
weigh_links(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;
	const SweepGraph *graph = sweep->graph;
	uint32_t   *at = ring->queue;	/* free between roots */

	ring->plain = true;
	for (uint32_t m = 0; m < ring->n; m++)
	{
		at[m] = ring->out_start[m];
		if (graph->node[ring->members[m]] != 0)
			ring->plain = false;
	}
	for (uint32_t m = 0; m < ring->n; m++)
	{
		for (uint32_t i = ring->in_start[m]; i < ring->in_start[m + 1]; i++)
		{
			uint32_t	link = ring->in_link[i];
			uint32_t	to = at[ring->in_member[i]]++;

			core_step(sweep->env);
			ring->out_member[to] = m;
			ring->out_weight[to] = ring_link_weight(sweep, link);
			/* a status is passed on whatever the share */
			if ((graph->link[link] & SWEEP_ROLE) != 0 || sweep->test->below == PASS_NOTHING)
				ring->out_weight[to] = UINT64_MAX;
			if ((graph->link[link] & SWEEP_MAYBE) != 0)
				ring->plain = false;
		}
		for (uint32_t i = graph->principal_start[ring->members[m]]; i < graph->principal_start[ring->members[m] + 1]; i++)
			if (in_ring(sweep, graph->principal[i]))
			{
				uint32_t	to = at[sweep->position[graph->principal[i]]]++;

				ring->out_member[to] = m;
				ring->out_weight[to] = UINT64_MAX;
			}
	}
}

/* Lists the links inside. */
static void
list_links(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;
	const SweepGraph *graph = sweep->graph;
	CoreEnv    *env = &sweep->middle.env;
	size_t		n_out = 0;
	uint32_t	n_in = 0;

	ring->in_start = core_array(env, (size_t) ring->n + 1, sizeof(uint32_t));
	ring->out_start = core_array(env, (size_t) ring->n + 1, sizeof(uint32_t));
	if (arena_failed(&sweep->middle))
		return;
	for (int pass = 0; pass < 2; pass++)
	{
		n_in = 0;
		for (uint32_t m = 0; m < ring->n; m++)
		{
			uint32_t	node = ring->members[m];
			ring->in_start[m] = n_in;
			for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
			{
				core_step(sweep->env);
				if (!in_ring(sweep, graph->holder[i]))
					continue;
				if (pass == 1)
				{
					ring->in_link[n_in] = i;
					ring->in_member[n_in] = sweep->position[graph->holder[i]];
				}
				n_in++;
			}
		}
		ring->in_start[ring->n] = n_in;
		if (pass == 0)
		{
			ring->in_link = core_array(env, n_in, sizeof(uint32_t));
			ring->in_member = core_array(env, n_in, sizeof(uint32_t));
		}
		if (arena_failed(&sweep->middle))
			return;
	}
	for (uint32_t m = 0; m < ring->n; m++)
	{
		uint32_t	node = ring->members[m];

		ring->out_start[m] = (uint32_t) n_out;
		for (uint32_t i = graph->held_start[node]; i < graph->held_start[node + 1]; i++)
		{
			n_out += in_ring(sweep, graph->held[i]);
			ring->feeds = ring->feeds || !in_ring(sweep, graph->held[i]);
		}
	}
	ring->out_start[ring->n] = (uint32_t) n_out;
	ring->out_member = core_array(env, n_out, sizeof(uint32_t));
	ring->out_weight = core_array(env, n_out, sizeof(uint64_t));
	arena_failed(&sweep->middle);
}

/* Makes room for one more in an array of the ring. */
static bool
make_room(Sweep *sweep, void *array, uint32_t n, uint32_t *allocated, size_t size)
{
	void	  **elements = array;
	void	   *grown;

	if (n < *allocated)
		return true;
	if (*allocated > UINT32_MAX / 4)
		core_fail(sweep->env, CORE_TOO_LARGE);
	grown = core_array(&sweep->middle.env, *allocated * (size_t) 2 + 64, size);
	if (arena_failed(&sweep->middle))
		return false;
	if (n > 0)
		memcpy(grown, *elements, n * size);
	*elements = grown;
	*allocated = *allocated * 2 + 64;
	return true;
}

/* Adds a root to the list, once; sweep->slots says with which row its chain begins. */
static void
list_root(Sweep *sweep, uint32_t root)
{
	SweepRing  *ring = sweep->ring;

	if (sweep->slots[root] != NO_SLOT)
		return;
	if (!make_room(sweep, &ring->roots, ring->n_roots, &ring->allocated_roots, sizeof(uint32_t)))
		return;
	ring->roots[ring->n_roots++] = root;
	sweep->slots[root] = NO_ROW;
}

/* Gathers what comes into the ring from outside, by root. */
static void
gather_inflow(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;

	for (uint32_t i = 0; i < ring->n_roots; i++)
		sweep->slots[ring->roots[i]] = NO_SLOT;
	ring->n_roots = ring->n_inflow = 0;
	weigh_links(sweep);
	ring_find_amplifiers(sweep);
	for (uint32_t m = 0; m < ring->n && sweep->env->status == CORE_OK; m++)
	{
		uint32_t	node = ring->members[m];

		node_loss(sweep, node, ring->component, &sweep->amount_loss[node], &sweep->loss[node]);
		rows_gather(sweep, &sweep->rows, ring->members[m], ring->component);
		for (uint32_t i = 0; i < sweep->rows.n; i++)
		{
			Row		   *row = row_at(sweep, &sweep->rows, i);

			if (!make_room(sweep, &ring->inflow, ring->n_inflow, &ring->allocated_inflow, sweep->row_size))
				return;
			list_root(sweep, row->root);
			row->member = m;
			row->next = sweep->slots[row->root];
			sweep->slots[row->root] = ring->n_inflow;
			if (sweep->with_rest && row->root == sweep->graph->n)
				ring->nobodys[m] = ring->n_inflow;
			memcpy(inflow_at(sweep, ring->n_inflow++), row, sweep->row_size);
		}
	}
	for (uint32_t m = 0; m < ring->n; m++)
		list_root(sweep, ring->members[m]);
	ring_bound_losses(sweep);
}

/* Is a holder's link into a node not decided? */
static bool
has_open_link(const SweepGraph *graph, uint32_t holder, uint32_t node)
{
	for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
		if (graph->holder[i] == holder)
			return (graph->link[i] & (SWEEP_PARENT | SWEEP_PLAIN)) == 0 && (graph->link[i] & SWEEP_REACHED) != 0;
	return false;
}

/*
 * Decides links that could not be parental if everybody in the ring counted in full: most of
 * a large ring's.
 */
static void
rule_out_links(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;
	SweepGraph *graph = sweep->graph;

	for (uint32_t m = 0; m < ring->n; m++)
	{
		uint32_t	node = ring->members[m];
		uint64_t	inside[MAX_MEASURES] = {0};
		bool		role = (graph->node[node] & SWEEP_DIRTY) != 0;

		for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
			for (size_t k = 0; k < sweep->n_measures && in_ring(sweep, graph->holder[i]); k++)
			{
				inside[k] += graph->shares[graph->share[i * sweep->n_measures + k]].ends.upper;
				role = role || (graph->link[i] & SWEEP_ROLE) != 0;
			}
		for (uint32_t i = graph->principal_start[node]; i < graph->principal_start[node + 1]; i++)
			role = role || in_ring(sweep, graph->principal[i]);
		for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1] && !role; i++)
		{
			uint32_t	holder = graph->holder[i];
			uint32_t	at = sweep->slots[holder] < NO_SLOT ? sweep->slots[holder] : NO_ROW;

			core_step(sweep->env);
			if ((graph->link[i] & (SWEEP_PARENT | SWEEP_PLAIN)) != 0 || (graph->link[i] & SWEEP_REACHED) == 0)
				continue;
			while (at != NO_ROW && inflow_at(sweep, at)->member != m)
				at = inflow_at(sweep, at)->next;
			if (at == NO_ROW && ring->nobodys != NULL)
				at = ring->nobodys[m];
			if (!may_pass_with(sweep, node, at == NO_ROW ? NULL : inflow_at(sweep, at), inside))
				graph->link[i] = (uint8_t) ((graph->link[i] & ~SWEEP_MAYBE) | SWEEP_PLAIN);
		}
	}
}

/* Does what was found of a root leave a link of its into the ring open? */
static bool
leaves_open(const Sweep *sweep, uint32_t root)
{
	const SweepGraph *graph = sweep->graph;

	for (uint32_t i = graph->held_start[root]; i < graph->held_start[root + 1]; i++)
	{
		uint32_t	node = graph->held[i];
		uint32_t	member = in_ring(sweep, node) ? sweep->position[node] : NO_NODE;

		if (member != NO_NODE && node != root && is_touched(sweep->ring, member) && has_open_link(graph, root, node) &&
			(portion_here(sweep, member)->flags & (SURE_WHOLE | MAY_WHOLE)) == MAY_WHOLE)
			return true;
	}
	return false;
}

/* Solves whoever holds a link into the ring that is not decided, and decides by that; true if any changed. */
static bool
decide_round(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;
	SweepGraph *graph = sweep->graph;
	bool		changed = false;

	for (uint32_t r = 0; r < ring->n_roots && sweep->env->status == CORE_OK; r++)
	{
		uint32_t	root = ring->roots[r];
		bool		open = false;

		if (root == graph->n || sweep->needed_until[root] <= ring->component)
			continue;
		for (uint32_t i = graph->held_start[root]; i < graph->held_start[root + 1] && !open; i++)
			open = in_ring(sweep, graph->held[i]) && has_open_link(graph, root, graph->held[i]);
		if (!open)
			continue;
		if (sweep->options.forget == 0 || !ring_solve_root(sweep, root, sweep->slots[root], true) || leaves_open(sweep, root))
			(void) ring_solve_root(sweep, root, sweep->slots[root], false);
		for (uint32_t i = graph->held_start[root]; i < graph->held_start[root + 1]; i++)
		{
			uint32_t	node = graph->held[i];
			uint32_t	flags;

			if (!in_ring(sweep, node) || node == root)
				continue;
			flags = is_touched(ring, sweep->position[node]) ? portion_here(sweep, sweep->position[node])->flags : 0;
			for (uint32_t j = graph->link_start[node]; j < graph->link_start[node + 1]; j++)
			{
				core_step(sweep->env);
				if (graph->holder[j] != root || (graph->link[j] & SWEEP_REACHED) == 0 ||
					(graph->link[j] & (SWEEP_PARENT | SWEEP_PLAIN)) != 0)
					continue;
				if ((flags & SURE_WHOLE) != 0)
					graph->link[j] = (uint8_t) ((graph->link[j] & ~SWEEP_MAYBE) | SWEEP_PARENT);
				else if ((flags & MAY_WHOLE) != 0 && (graph->link[j] & SWEEP_MAYBE) == 0)
					graph->link[j] |= SWEEP_MAYBE;
				else
					continue;
				changed = true;
			}
		}
	}
	return changed;
}

/* Whoever was never found to pass under the last guess does not; false if some link stays open. */
static bool
close_links(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;
	SweepGraph *graph = sweep->graph;
	bool		closed = true;

	for (uint32_t m = 0; m < ring->n; m++)
		for (uint32_t i = graph->link_start[ring->members[m]]; i < graph->link_start[ring->members[m] + 1]; i++)
		{
			if ((graph->link[i] & (SWEEP_PARENT | SWEEP_PLAIN)) != 0 || (graph->link[i] & SWEEP_REACHED) == 0)
				continue;
			if ((graph->link[i] & SWEEP_MAYBE) != 0)
				closed = false;
			else
				graph->link[i] |= SWEEP_PLAIN;
		}
	return closed;
}

/* Keeps what a root that was solved has in the members. */
static void
keep_root(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;

	for (uint32_t i = 0; i < ring->n_touched; i++)
	{
		uint32_t	member = ring->touched[i];
		Row		   *row;
		Portion    *portion;

		if (ring->members[member] == ring->root || (!ring->feeds && !sweep_tells_of(sweep, ring->members[member])))
			continue;
		row = ring_evaluate(sweep, member);
		row->flags = portion_here(sweep, member)->flags | (sweep->status_flows ? 0 : row->flags);
		if (sweep_tells_of(sweep, ring->members[member]) &&
			make_room(sweep, &ring->reports, ring->n_reports, &ring->allocated_reports, sweep->row_size))
			memcpy(ring->reports + ring->n_reports++ * sweep->row_size, row, sweep->row_size);
		if (ring->n_kept == ring->allocated_kept)
		{
			uint32_t	allocated = ring->allocated_kept;

			(void) make_room(sweep, &ring->kept, ring->n_kept, &allocated, sweep->portion_size);
			if (!make_room(sweep, &ring->kept_next, ring->n_kept, &ring->allocated_kept, sizeof(uint32_t)))
				return;
		}
		sweep->forget_now = forget_at(sweep, sweep->loss[ring->members[member]]);
		portion = (Portion *) (ring->kept + ring->n_kept * sweep->portion_size);
		if (!row_portion(sweep, row, ring->component,
						 ring->root < sweep->graph->n && sweep->forgotten[ring->root] ? sweep->loss[ring->members[member]] : 0,
						 portion, &ring->forgotten[member]))
			continue;
		ring->kept_next[ring->n_kept] = ring->kept_first[member];
		ring->kept_first[member] = ring->n_kept++;
	}
	if ((ring->residual > 0 || ring->grain > 0) && ring->root < sweep->graph->n)
	{
		sweep->forgotten[ring->root] = true;
		if (ring->residual > ring->most_residual)
			ring->most_residual = ring->residual;
		if (ring->grain > ring->most_grain)
			ring->most_grain = ring->grain;
	}
}

typedef struct KeptChain
{
	Sweep	   *sweep;
	uint32_t	at;
} KeptChain;

static Portion *
next_kept(void *arg, uint32_t i)
{
	KeptChain  *chain = arg;
	SweepRing  *ring = chain->sweep->ring;
	Portion    *portion = (Portion *) (ring->kept + chain->at * chain->sweep->portion_size);

	(void) i;
	chain->at = ring->kept_next[chain->at];
	return portion;
}

/* Writes the members' tables. */
static void
keep_tables(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;

	for (uint32_t m = 0; m < ring->n; m++)
	{
		KeptChain	chain = {sweep, ring->kept_first[m]};
		uint32_t	node = ring->members[m];
		uint32_t	n = 0;

		for (uint32_t i = ring->kept_first[m]; i != NO_ROW; i = ring->kept_next[i])
			n++;
		table_keep(sweep, node, n, next_kept, &chain);
		ring->residual = ring->most_residual;
		ring->grain = ring->most_grain;
		/* so may whom it did not follow as far as here */
		sweep->amount_loss[node] += residual_at(ring, m);
		sweep->loss[node] = loss_after(sweep, node, sweep->loss[node] + residual_at(ring, m), ring->forgotten[m]);
	}
}

/* Makes the ring's rooms. */
static bool
ring_create(Sweep *sweep, uint32_t component)
{
	const Components *c = sweep->graph->components;
	CoreEnv    *env;
	SweepRing  *ring;

	arena_reset(&sweep->middle);
	env = &sweep->middle.env;
	ring = core_array(env, 1, sizeof(SweepRing));
	memset(ring, 0, sizeof(SweepRing));
	ring->component = component;
	ring->members = c->members + c->start[component];
	ring->n = c->start[component + 1] - c->start[component];
	ring->outside = core_array(env, ring->n, sizeof(uint32_t));
	ring->stamps = core_array(env, ring->n, sizeof(uint32_t));
	ring->touched = core_array(env, ring->n, sizeof(uint32_t));
	ring->queue = core_array(env, ring->n, sizeof(uint32_t));
	ring->queued = core_array(env, ring->n, sizeof(bool));
	ring->portions = core_array(env, ring->n, sweep->portion_size);
	ring->passed = core_array(env, ring->n * sweep->n_slots, sizeof(uint64_t));
	ring->row = core_array(env, 1, sweep->row_size);
	ring->kept_first = core_array(env, ring->n, sizeof(uint32_t));
	ring->forgotten = core_array(env, ring->n, sizeof(uint64_t));
	if (sweep->with_rest)
		ring->nobodys = core_array(env, ring->n, sizeof(uint32_t));
	if (arena_failed(&sweep->middle))
		return false;
	memset(ring->stamps, 0, ring->n * sizeof(uint32_t));
	memset(ring->queued, 0, ring->n * sizeof(bool));
	memset(ring->forgotten, 0, ring->n * sizeof(uint64_t));
	memset(ring->kept_first, 0xff, ring->n * sizeof(uint32_t));
	for (uint32_t m = 0; m < ring->n; m++)
		sweep->position[ring->members[m]] = m;
	sweep->ring = ring;
	list_links(sweep);
	return !arena_failed(&sweep->middle);
}

bool
ring_sweep(Sweep *sweep, uint32_t component)
{
	SweepRing  *ring;
	bool		closed = true;

	if (!ring_create(sweep, component))
		return true;
	ring = sweep->ring;
	gather_inflow(sweep);
	if (sweep->literal)
	{
		rule_out_links(sweep);
		while (decide_round(sweep) && sweep->env->status == CORE_OK)
			gather_inflow(sweep);
		closed = close_links(sweep);
	}
	/* nobody's portion comes to stand first */
	for (uint32_t pass = 0; pass < 2; pass++)
		for (uint32_t r = 0; r < ring->n_roots && sweep->env->status == CORE_OK; r++)
		{
			uint32_t	root = ring->roots[r];

			if ((root == sweep->graph->n) != (pass == 1) || !root_matters(sweep, root, component))
				continue;
			(void) ring_solve_root(sweep, root, sweep->slots[root], false);
			keep_root(sweep);
		}
	if (!arena_failed(&sweep->middle))
		keep_tables(sweep);
	for (uint32_t r = 0; r < ring->n_roots; r++)
		sweep->slots[ring->roots[r]] = NO_SLOT;
	return closed;
}

void
ring_close(Sweep *sweep, uint32_t component)
{
	SweepRing  *ring = sweep->ring;

	(void) component;
	if (ring == NULL)
		return;
	for (uint32_t i = 0; i < ring->n_reports; i++)
	{
		Row		   *row = (Row *) (ring->reports + i * sweep->row_size);

		row_report(sweep, ring->members[row->member], row);
	}
	sweep->ring = NULL;
}
