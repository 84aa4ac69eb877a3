/*
 * sweep_ring.c
 *		The tables of a strongly connected component: see sweep_parts.h.
 *
 * What flows in from outside is gathered for all roots first; then each root is solved for itself
 * and touches only the members that what it has there reaches.  From below: iteration from
 * zero, a lower bound whenever it stops.  From above: let g be such an iterate in upper
 * arithmetic, r the most that one more step would raise it anywhere, and y a vector with
 * 1 + M y <= y for the ring's largest weights M, found once; then g + r y is
 * raised nowhere by a step, so the least fixpoint is below it (Park induction), as long as nobody passes
 * a gate there who did not before; who may is raised, and g with it.
 *
 * Parent bits of links into the ring are guessed plain, and raised until no root that has been
 * solved under the guess may pass where it holds: the least joint fixpoint.
 */
#include <math.h>
#include <string.h>

#include "sweep_parts.h"

#define MOST_RAISES			16	/* of members that only may pass */
#define MOST_EVALUATIONS	600 /* of a member for one root, on average */
#define MOST_AMPLIFIED		1e9 /* what amplifies more is not bounded by one step */

struct SweepRing
{
	uint32_t	component;
	uint32_t	n;
	const uint32_t *members;
	double	   *amplifier;		/* y, by member; NULL: there is none */
	double		most_amplified;
	char	   *inflow;			/* rows of what comes from outside, all members', of one root chained */
	uint32_t	n_inflow;
	uint32_t	allocated_inflow;
	uint32_t	n_roots;
	uint32_t	allocated_roots;
	uint32_t   *roots;			/* whoever has something in the ring, or is in it */
	uint32_t   *nobodys;		/* by member: the row of undisclosed mass, or NO_ROW */

	/* of the root being solved */
	uint32_t	root;
	bool		above;			/* in upper arithmetic, else in lower */
	uint64_t	residual;		/* how much one more step may raise what was found from above */
	uint32_t   *outside;		/* by member, if touched: its row, or NO_ROW */
	uint32_t   *stamps;
	uint32_t	stamp;
	uint32_t	n_touched;
	uint32_t   *touched;
	uint32_t   *queue;			/* a ring buffer of members */
	uint32_t	queue_head;
	uint32_t	queue_length;
	bool	   *queued;
	char	   *portions;		/* by member, if touched */
	Row		   *row;			/* the evaluation at hand */

	/* of all roots solved */
	uint32_t	n_kept;
	uint32_t	allocated_kept;
	char	   *kept;			/* portions; */
	uint32_t   *kept_next;		/* ... chained by member */
	uint32_t   *kept_first;		/* by member */
	uint64_t   *forgotten;		/* by member */
	uint64_t	most_residual;
	uint32_t	n_reports;
	uint32_t	allocated_reports;
	char	   *reports;		/* rows, if anybody wants them */
};

static Portion *
portion_here(const Sweep *sweep, uint32_t member)
{
	return (Portion *) (sweep->ring->portions + member * sweep->portion_size);
}

static Row *
inflow_at(const Sweep *sweep, uint32_t i)
{
	return (Row *) (sweep->ring->inflow + i * sweep->row_size);
}

static bool
in_ring(const Sweep *sweep, uint32_t node)
{
	return sweep->graph->components->of[node] == sweep->ring->component;
}

static bool
is_touched(const SweepRing *ring, uint32_t member)
{
	return ring->stamps[member] == ring->stamp;
}

/* What the residual leaves open at a member. */
static uint64_t
residual_at(const SweepRing *ring, uint32_t member)
{
	return ring->residual == 0 ? 0 : (uint64_t) ceil((double) ring->residual * ring->amplifier[member] * (1 + 0x1p-40));
}

bool
ring_portion(const Sweep *sweep, uint32_t node, Portion *portion)
{
	const SweepRing *ring = sweep->ring;
	uint32_t	member = sweep->position[node];
	uint64_t	more;

	if (!in_ring(sweep, node))
		return false;
	if (is_touched(ring, member))
		memcpy(portion, portion_here(sweep, member), sweep->portion_size);
	more = node == portion->root ? 0 : residual_at(ring, member);
	for (size_t slot = 0; slot < sweep->n_slots && more > 0; slot++)
		portion->factor[slot].upper = portion->factor[slot].upper + more < SWEEP_ONE ?
			portion->factor[slot].upper + more : SWEEP_ONE;
	return true;
}

static void
enqueue(SweepRing *ring, uint32_t member)
{
	uint32_t	at = ring->queue_head + ring->queue_length;

	if (ring->queued[member])
		return;
	ring->queued[member] = true;
	ring->queue[at < ring->n ? at : at - ring->n] = member;
	ring->queue_length++;
}

/* Begins to follow the root at a member, with the row of what comes from outside. */
static void
touch(Sweep *sweep, uint32_t member, uint32_t outside)
{
	SweepRing  *ring = sweep->ring;
	Portion    *portion = portion_here(sweep, member);
	bool		own = ring->members[member] == ring->root;

	if (is_touched(ring, member))
		return;
	ring->stamps[member] = ring->stamp;
	ring->touched[ring->n_touched++] = member;
	ring->outside[member] = outside;
	portion->root = ring->root;
	portion->flags = own ? SURE_STATUS | SURE_WHOLE | MAY_STATUS | MAY_WHOLE : 0;
	for (size_t slot = 0; slot < sweep->n_slots; slot++)
		portion->factor[slot] = own ? (AmountEnds) {SWEEP_ONE, SWEEP_ONE} : (AmountEnds) {0, 0};
}

/* Follows the root to what a member holds in the ring, and asks for it again if the member rose. */
static void
reach_held(Sweep *sweep, uint32_t member, bool rose)
{
	SweepRing  *ring = sweep->ring;
	const SweepGraph *graph = sweep->graph;
	uint32_t	node = ring->members[member];

	for (uint32_t i = graph->held_start[node]; i < graph->held_start[node + 1]; i++)
	{
		core_step(sweep->env);
		if (!in_ring(sweep, graph->held[i]) || graph->held[i] == ring->root)
			continue;
		touch(sweep, sweep->position[graph->held[i]], NO_ROW);
		if (rose)
			enqueue(ring, sweep->position[graph->held[i]]);
	}
}

/* Sums up what the root has in a member by now, and decides on it. */
static Row *
evaluate(Sweep *sweep, uint32_t member)
{
	SweepRing  *ring = sweep->ring;
	const SweepGraph *graph = sweep->graph;
	uint32_t	node = ring->members[member];
	uint64_t	room[(sizeof(Portion) + sizeof(AmountEnds) * MAX_MEASURES) / sizeof(uint64_t)];
	Portion    *portion = (Portion *) room;
	Row		   *row = ring->row;

	if (is_touched(ring, member) && ring->outside[member] != NO_ROW)
		memcpy(row, inflow_at(sweep, ring->outside[member]), sweep->row_size);
	else
		row_clear(sweep, row, ring->root);
	row->root = ring->root;
	row->member = member;
	for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
	{
		core_step(sweep->env);
		if (!in_ring(sweep, graph->holder[i]))
			continue;
		portion_of(sweep, ring->root, graph->holder[i], portion);
		row_add(sweep, row, i, portion, 1);
	}
	for (uint32_t i = graph->principal_start[node]; i < graph->principal_start[node + 1]; i++)
		if (in_ring(sweep, graph->principal[i]))
		{
			portion_of(sweep, ring->root, graph->principal[i], portion);
			row_add_principal(row, portion);
		}
	row_decide(sweep, node, row);
	return row;
}

/* Takes over what an evaluation has found; true if a member rose, by more than a hair. */
static bool
take_over(Sweep *sweep, uint32_t member, Row *row, uint64_t hair)
{
	SweepRing  *ring = sweep->ring;
	Portion    *portion = portion_here(sweep, member);
	uint32_t	flags = ring->above ? row->flags & (MAY_STATUS | MAY_WHOLE) : row->flags & (SURE_STATUS | SURE_WHOLE);
	bool		rose = (flags & ~portion->flags) != 0;

	if ((flags & SURE_STATUS) != 0)
		flags |= MAY_STATUS;
	if ((flags & SURE_WHOLE) != 0)
		flags |= MAY_WHOLE;
	portion->flags |= flags;
	row->flags = (row->flags & ~(uint32_t) (MAY_STATUS | MAY_WHOLE)) | portion->flags;
	for (size_t slot = 0; slot < sweep->n_slots; slot++)
	{
		AmountEnds	   *had = &portion->factor[slot];
		bool		over;
		AmountEnds		now = row_factor(sweep, row, slot, &over);

		if (!ring->above)
		{
			rose = rose || now.lower > had->lower + hair || (over && (portion->flags & (OVER_LOWER << slot)) == 0);
			if (now.lower > had->lower)
				had->lower = had->upper = now.lower;
			portion->flags = (portion->flags & ~(uint32_t) (OVER_LOWER << slot)) | (over ? OVER_LOWER << slot : 0);
		}
		else if (now.upper > had->upper)
		{
			rose = rose || now.upper > had->upper + hair;
			had->upper = now.upper;
		}
	}
	return rose;
}

/* Evaluates whoever is asked for until nobody rises by more than a hair; false if that takes too long. */
static bool
iterate(Sweep *sweep, uint64_t hair)
{
	SweepRing  *ring = sweep->ring;
	uint64_t	limit = (uint64_t) ring->n * MOST_EVALUATIONS + 10000;
	uint64_t	n = 0;

	while (ring->queue_length > 0 && sweep->env->status == CORE_OK)
	{
		uint32_t	member = ring->queue[ring->queue_head];

		ring->queue_head = ring->queue_head + 1 < ring->n ? ring->queue_head + 1 : 0;
		ring->queue_length--;
		ring->queued[member] = false;
		if (n++ < limit)
			reach_held(sweep, member, take_over(sweep, member, evaluate(sweep, member), hair));
	}
	return n <= limit;
}

/* Nothing is known from above: the root may be a parent of everybody here. */
static void
give_up(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;

	ring->residual = 0;
	for (uint32_t i = 0; i < ring->n; i++)
	{
		Portion    *portion = portion_here(sweep, i);

		core_step(sweep->env);
		touch(sweep, i, ring->nobodys == NULL ? NO_ROW : ring->nobodys[i]);
		portion->flags |= MAY_STATUS | MAY_WHOLE;
		for (size_t slot = 0; slot < sweep->n_slots; slot++)
			portion->factor[slot].upper = SWEEP_ONE;
	}
}

/* How much one more step from above would raise anybody. */
static uint64_t
find_residual(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;
	uint64_t	residual = 0;

	for (uint32_t i = 0; i < ring->n_touched; i++)
	{
		uint32_t	member = ring->touched[i];
		Portion    *portion = portion_here(sweep, member);
		Row		   *row;

		if (ring->members[member] == ring->root)
			continue;
		row = evaluate(sweep, member);
		row->flags = (row->flags & ~(uint32_t) (MAY_STATUS | MAY_WHOLE)) | portion->flags;
		for (size_t slot = 0; slot < sweep->n_slots; slot++)
		{
			bool		over;
			uint64_t	upper = row_factor(sweep, row, slot, &over).upper;

			if (upper > portion->factor[slot].upper && upper - portion->factor[slot].upper > residual)
				residual = upper - portion->factor[slot].upper;
		}
	}
	return residual;
}

/* Asks for everybody whom the residual may take over a gate; true if there was any. */
static bool
raise_doubtful(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;
	bool		raised = false;

	for (uint32_t i = 0; i < ring->n_touched; i++)
	{
		uint32_t	member = ring->touched[i];
		Portion    *portion = portion_here(sweep, member);
		uint32_t	flags;

		if (ring->members[member] == ring->root)
			continue;
		flags = evaluate(sweep, member)->flags & (MAY_STATUS | MAY_WHOLE);
		if ((flags & ~portion->flags) == 0)
			continue;
		portion->flags |= flags;
		for (size_t slot = 0; slot < sweep->n_slots && (flags & MAY_WHOLE) != 0; slot++)
			portion->factor[slot].upper = SWEEP_ONE;
		reach_held(sweep, member, true);
		raised = true;
	}
	return raised;
}

/* Bounds the root from above. */
static void
bound_root(Sweep *sweep, uint64_t hair)
{
	SweepRing  *ring = sweep->ring;

	ring->above = true;
	for (uint32_t i = 0; i < ring->n_touched; i++)
		if (ring->members[ring->touched[i]] != ring->root)
			enqueue(ring, ring->touched[i]);
	for (int raises = 0; raises < MOST_RAISES; raises++)
	{
		ring->residual = 0;
		if (!iterate(sweep, hair))
			hair = SWEEP_ONE;	/* whatever it is still rising by is in the residual */
		ring->residual = find_residual(sweep);
		if (ring->residual > 0 &&
			(ring->amplifier == NULL || (double) ring->residual * ring->most_amplified > (double) sweep->least_gate / 2))
			break;
		if (!raise_doubtful(sweep))
			return;
	}
	give_up(sweep);
}

/* Finds what one root has in the ring: first is its first row of inflow, or NO_ROW. */
static void
solve_root(Sweep *sweep, uint32_t root, uint32_t first)
{
	SweepRing  *ring = sweep->ring;
	uint64_t	hair = ring->amplifier == NULL ? 0 : sweep->options.forget / 4;

	ring->root = root;
	ring->above = false;
	ring->residual = 0;
	ring->n_touched = 0;
	if (++ring->stamp == 0)
	{
		memset(ring->stamps, 0, ring->n * sizeof(uint32_t));
		ring->stamp = 1;
	}
	for (uint32_t i = first; i != NO_ROW; i = inflow_at(sweep, i)->next)
		touch(sweep, inflow_at(sweep, i)->member, i);
	for (uint32_t i = 0; i < ring->n && ring->nobodys != NULL; i++)
		touch(sweep, i, ring->nobodys[i]);
	if (root < sweep->graph->n && in_ring(sweep, root))
	{
		touch(sweep, sweep->position[root], NO_ROW);
		reach_held(sweep, sweep->position[root], true);
	}
	for (uint32_t i = 0; i < ring->n_touched; i++)
		if (ring->members[ring->touched[i]] != root)
			enqueue(ring, ring->touched[i]);
	(void) iterate(sweep, hair);
	bound_root(sweep, hair);
}

/* Finds y with 1 + M y <= y, or none. */
static void
find_amplifier(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;
	const SweepGraph *graph = sweep->graph;
	double	   *y = core_array(&sweep->middle.env, ring->n, sizeof(double));
	bool		holds = false;

	ring->amplifier = NULL;
	ring->most_amplified = 1;
	for (uint32_t i = 0; i < ring->n; i++)
		y[i] = 1;
	for (int round = 0; round < 1000 && !holds && ring->most_amplified < MOST_AMPLIFIED; round++)
	{
		holds = true;
		for (uint32_t m = 0; m < ring->n; m++)
		{
			double		sum = 1;
			uint32_t	node = ring->members[m];

			for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
			{
				uint64_t	largest = 0;

				core_step(sweep->env);
				if (!in_ring(sweep, graph->holder[i]) || sweep->test->below == PASS_NOTHING)
					continue;
				for (size_t k = 0; k < sweep->n_measures; k++)
				{
					uint64_t	w = graph->shares[graph->share[i * sweep->n_measures + k]].ends.upper;

					largest = w > largest ? w : largest;
				}
				if (sweep->literal && (graph->link[i] & (SWEEP_PARENT | SWEEP_MAYBE)) != 0)
					largest = SWEEP_ONE > largest ? SWEEP_ONE : largest;
				sum += (double) largest / (double) SWEEP_ONE * y[sweep->position[graph->holder[i]]];
			}
			/* rounding, and so much more that it comes to an end */
			if (sum * (1 + 0x1p-30) > y[m])
			{
				holds = false;
				y[m] = sum * (1 + 0x1p-20);
			}
			if (y[m] > ring->most_amplified)
				ring->most_amplified = y[m];
		}
	}
	if (holds)
		ring->amplifier = y;
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
	uint64_t	most_down = 0;

	for (uint32_t i = 0; i < ring->n_roots; i++)
		sweep->slots[ring->roots[i]] = NO_SLOT;
	ring->n_roots = ring->n_inflow = 0;
	find_amplifier(sweep);
	for (uint32_t m = 0; m < ring->n && sweep->env->status == CORE_OK; m++)
	{
		uint64_t	down;

		node_loss(sweep, ring->members[m], ring->component, &sweep->amount_loss[ring->members[m]], &down);
		most_down = down > most_down ? down : most_down;
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
	/* who was forgotten before the ring has no more in it than this */
	for (uint32_t m = 0; m < ring->n; m++)
	{
		uint32_t	node = ring->members[m];
		double		loss = (double) most_down * (ring->amplifier == NULL ? MOST_AMPLIFIED : ring->amplifier[m]) * (1 + 0x1p-40);

		sweep->loss[node] = loss < (double) SWEEP_ONE ? (uint64_t) ceil(loss) : SWEEP_ONE;
		sweep->amount_loss[node] += sweep->loss[node];
		if (sweep->amount_loss[node] > 2 * SWEEP_ONE)
			sweep->amount_loss[node] = 2 * SWEEP_ONE;
	}
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
		solve_root(sweep, root, sweep->slots[root]);
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

		if (ring->members[member] == ring->root)
			continue;
		row = evaluate(sweep, member);
		row->flags = portion_here(sweep, member)->flags;
		if (sweep->options.found != NULL &&
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
		if (!row_portion(sweep, row, ring->component, portion, &ring->forgotten[member]))
			continue;
		ring->kept_next[ring->n_kept] = ring->kept_first[member];
		ring->kept_first[member] = ring->n_kept++;
	}
	if (ring->residual > 0 && ring->root < sweep->graph->n)
	{
		sweep->forgotten[ring->root] = true;
		if (ring->residual > ring->most_residual)
			ring->most_residual = ring->residual;
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
		sweep->loss[node] = loss_after(sweep, node, sweep->loss[node], ring->forgotten[m] + residual_at(ring, m));
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
	return true;
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
			solve_root(sweep, root, sweep->slots[root]);
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
