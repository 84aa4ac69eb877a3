/*
 * sweep_root.c
 *		What one root has in a ring: see sweep_ring.h.
 *
 * Only members that what it has there reaches are touched.  From below: iteration from
 * zero, a lower bound whenever it stops.  From above: let g be an iterate, r the most that one
 * more step in upper arithmetic would raise it anywhere, and y a vector with 1 + M y <= y for the ring's largest
 * weights M, found once; then g + r y is raised nowhere by a step, so the least fixpoint is
 * below it (Park induction), as long as nobody passes a gate there who did not before.  Who may is
 * raised, and g with it.
 */
#include <string.h>

#include "sweep_ring.h"

#define MOST_RAISES			16	/* of members that only may pass */
#define MOST_EVALUATIONS	600 /* of a member for one root, on average */
#define FINER				4096	/* times, where the first way leaves a status open */
#define MOST_ROUNDS			1000	/* over all members, for a vector that bounds */
#define MOST_AMPLIFIED		1e9 /* what amplifies more is not bounded by one step */

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
	{
		portion->factor[slot] = own ? (AmountEnds) {SWEEP_ONE, SWEEP_ONE} : (AmountEnds) {0, 0};
		ring->passed[member * sweep->n_slots + slot] = 0;
	}
}

/* Asks again for what a member holds in the ring, unless hardly anything comes of it there. */
static void
ask_held(Sweep *sweep, uint32_t member, bool all)
{
	SweepRing  *ring = sweep->ring;
	const Portion *portion = portion_here(sweep, member);
	uint64_t	largest = 0;

	for (size_t slot = 0; slot < sweep->n_slots; slot++)
	{
		uint64_t	factor = ring->above ? portion->factor[slot].upper : portion->factor[slot].lower;

		ring->passed[member * sweep->n_slots + slot] = factor;
		largest = factor > largest ? factor : largest;
	}
	if (largest == 0 && portion->flags == 0)
		return;
	for (uint32_t i = ring->out_start[member]; i < ring->out_start[member + 1]; i++)
	{
		core_step(sweep->env);
		if (ring->members[ring->out_member[i]] == ring->root ||
			(!all && (unsigned __int128) largest * ring->out_weight[i] <= (unsigned __int128) ring->hair * SWEEP_ONE))
			continue;
		touch(sweep, ring->out_member[i], ring->nobodys == NULL ? NO_ROW : ring->nobodys[ring->out_member[i]]);
		enqueue(ring, ring->out_member[i]);
	}
}

/* Sums up what the root has in a member by now, and decides on it. */
Row *
ring_evaluate(Sweep *sweep, uint32_t member)
{
	SweepRing  *ring = sweep->ring;
	const SweepGraph *graph = sweep->graph;
	uint32_t	node = ring->members[member];
	uint64_t	room[(sizeof(Portion) + sizeof(AmountEnds) * MAX_MEASURES) / sizeof(uint64_t)];
	Portion    *portion = (Portion *) room;
	Row		   *row = ring->row;
	bool		misses = ring->residual > 0 || ring->grain > 0;

	if (is_touched(ring, member) && ring->outside[member] != NO_ROW)
		memcpy(row, inflow_at(sweep, ring->outside[member]), sweep->row_size);
	else
		row_clear(sweep, row, ring->root);
	row->root = ring->root;
	row->member = member;
	for (uint32_t i = ring->in_start[member]; i < ring->in_start[member + 1]; i++)
	{
		uint32_t	holder = ring->in_member[i];

		core_step(sweep->env);
		if (!misses && !is_touched(ring, holder))
			continue;
		if (!misses)
		{
			row_add(sweep, row, ring->in_link[i], portion_here(sweep, holder), 1);
			continue;
		}
		portion_of(sweep, ring->root, ring->members[holder], portion);
		row_add(sweep, row, ring->in_link[i], portion, 1);
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

/* Takes over what an evaluation has found, and asks again for whom that concerns. */
static void
take_over(Sweep *sweep, uint32_t member, Row *row)
{
	SweepRing  *ring = sweep->ring;
	Portion    *portion = portion_here(sweep, member);
	uint32_t	flags = ring->above ? row->flags & (MAY_STATUS | MAY_WHOLE) : row->flags & (SURE_STATUS | SURE_WHOLE);
	bool		turned;
	bool		rose = false;

	if ((flags & SURE_STATUS) != 0)
		flags |= MAY_STATUS;
	if ((flags & SURE_WHOLE) != 0)
		flags |= MAY_WHOLE;
	turned = (flags & ~portion->flags) != 0;
	portion->flags |= flags;
	row->flags = (row->flags & ~(uint32_t) (MAY_STATUS | MAY_WHOLE)) | portion->flags;
	for (size_t slot = 0; slot < sweep->n_slots; slot++)
	{
		AmountEnds *had = &portion->factor[slot];
		bool		over;
		AmountEnds	now = row_factor(sweep, row, slot, &over);
		uint64_t	passed = ring->passed[member * sweep->n_slots + slot];

		if (!ring->above)
		{
			turned = turned || (over && (portion->flags & (OVER_LOWER << slot)) == 0);
			if (now.lower > had->lower)
				had->lower = had->upper = now.lower;
			portion->flags = (portion->flags & ~(uint32_t) (OVER_LOWER << slot)) | (over ? OVER_LOWER << slot : 0);
			rose = rose || had->lower > passed + ring->hair;
		}
		else
		{
			if (now.upper > had->upper)
				had->upper = now.upper;
			rose = rose || had->upper > passed + ring->hair;
		}
	}
	if (turned || rose)
		ask_held(sweep, member, turned && (flags != 0 || ring->careful));
}

/* Evaluates whoever is asked for until nobody is left; false if that takes too long. */
static bool
iterate(Sweep *sweep)
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
			take_over(sweep, member, ring_evaluate(sweep, member));
	}
	return n <= limit;
}

/* Nothing is known from above: the root may be a parent of everybody here. */
static void
give_up(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;

	ring->residual = ring->grain = 0;
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

/* Meets whom a step would raise from nothing: those held by somebody met who were asked about for less than a hair. */
static void
touch_held(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;
	uint32_t	n = ring->n_touched;

	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = ring->out_start[ring->touched[i]]; j < ring->out_start[ring->touched[i] + 1]; j++)
		{
			core_step(sweep->env);
			if (ring->members[ring->out_member[j]] != ring->root)
				touch(sweep, ring->out_member[j], ring->nobodys == NULL ? NO_ROW : ring->nobodys[ring->out_member[j]]);
		}
}

/* How much one more step from above would raise anybody. */
static uint64_t
find_residual(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;
	uint64_t	residual = 0;

	touch_held(sweep);
	for (uint32_t i = 0; i < ring->n_touched; i++)
	{
		uint32_t	member = ring->touched[i];
		Portion    *portion = portion_here(sweep, member);
		Row		   *row;

		if (ring->members[member] == ring->root)
			continue;
		row = ring_evaluate(sweep, member);
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
		flags = ring_evaluate(sweep, member)->flags & (MAY_STATUS | MAY_WHOLE);
		if ((flags & ~portion->flags) == 0)
			continue;
		portion->flags |= flags;
		for (size_t slot = 0; slot < sweep->n_slots && (flags & MAY_WHOLE) != 0; slot++)
			portion->factor[slot].upper = SWEEP_ONE;
		ask_held(sweep, member, true);
		raised = true;
	}
	return raised;
}

/* Is the residual too large to be bounded, or for the gates? */
static bool
is_too_coarse(const Sweep *sweep)
{
	const SweepRing *ring = sweep->ring;

	if (ring->residual == 0 && ring->grain == 0)
		return false;
	return ring->amplifier == NULL || (double) ring->residual * ring->most_amplified +
		(double) ring->grain * ring->most_spread > (double) sweep->least_gate / 2;
}

/* Has the iteration come to an end, over weights that are single numbers, so that only a hair is left out of each link? */
static bool
is_followed(const SweepRing *ring)
{
	return ring->plain && ring->settled && ring->nobodys == NULL && ring->hair > 0;
}

/*
 * Bounds the root by what its iteration from below can have left out: of each link inside
 * twice a hair and a rounding, and the width of what came from outside.  False if that leaves anybody's
 * status open.
 */
static bool
bound_quickly(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;

	if (!is_followed(ring))
		return false;
	ring->residual = sweep->test->below == PASS_NOTHING ? 0 : ring->width + 2;
	ring->grain = sweep->test->below == PASS_NOTHING ? 0 : 2 * ring->hair + 1;
	return !is_too_coarse(sweep) && (!sweep->status_flows || !raise_doubtful(sweep));
}

/* Asks for everybody met. */
static void
enqueue_touched(SweepRing *ring)
{
	for (uint32_t i = 0; i < ring->n_touched; i++)
		if (ring->members[ring->touched[i]] != ring->root)
			enqueue(ring, ring->touched[i]);
}

/* Asks for nobody any more. */
static void
forget_queue(SweepRing *ring)
{
	while (ring->queue_length > 0)
	{
		ring->queued[ring->queue[ring->queue_head]] = false;
		ring->queue_head = ring->queue_head + 1 < ring->n ? ring->queue_head + 1 : 0;
		ring->queue_length--;
	}
}

/* Follows the root everywhere and bounds it from above by an iteration in upper arithmetic. */
static void
bound_carefully(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;

	ring->careful = true;
	/* what one more step would raise is found out in the end: where roots are forgotten it need not be nothing */
	ring->hair = ring->nobodys == NULL ? sweep->options.forget >> 20 : 0;
	ring->residual = ring->grain = 0;
	ring->above = false;
	for (uint32_t i = 0; i < ring->n_touched; i++)
	{
		Portion    *portion = portion_here(sweep, ring->touched[i]);

		/* what only might have been is asked about again */
		if ((portion->flags & SURE_STATUS) == 0)
			portion->flags &= ~(uint32_t) MAY_STATUS;
		if ((portion->flags & SURE_WHOLE) == 0)
			portion->flags &= ~(uint32_t) MAY_WHOLE;
		for (size_t slot = 0; slot < sweep->n_slots; slot++)
			portion->factor[slot].upper = portion->factor[slot].lower;
	}
	enqueue_touched(ring);
	for (uint32_t i = 0; i < ring->n_touched; i++)
		ask_held(sweep, ring->touched[i], true);
	(void) iterate(sweep);
	ring->above = true;
	enqueue_touched(ring);
	for (int raises = 0; raises < MOST_RAISES; raises++)
	{
		ring->residual = 0;
		(void) iterate(sweep);
		ring->residual = find_residual(sweep);
		if (is_too_coarse(sweep))
			break;
		if (!sweep->status_flows || !raise_doubtful(sweep))
			return;
	}
	forget_queue(ring);
	give_up(sweep);
}

/* Begins with a row of what comes from outside. */
static void
begin_row(Sweep *sweep, uint32_t i)
{
	SweepRing  *ring = sweep->ring;
	Row		   *row = inflow_at(sweep, i);

	touch(sweep, row->member, i);
	for (size_t k = 0; k < sweep->n_measures; k++)
	{
		const Tally *down = sweep->literal ? row_down(sweep, row, k) : row_amount(row, k);

		if (down->upper - down->lower > ring->width)
			ring->width = down->upper - down->lower;
	}
}

/* Follows a root from where it comes into the ring, or is there itself, as far as a hair. */
static void
follow(Sweep *sweep, uint32_t root, uint32_t first, uint64_t hair)
{
	SweepRing  *ring = sweep->ring;

	ring->root = root;
	ring->above = ring->careful = false;
	ring->hair = hair;
	ring->residual = ring->grain = ring->width = 0;
	ring->n_touched = 0;
	if (++ring->stamp == 0)
	{
		memset(ring->stamps, 0, ring->n * sizeof(uint32_t));
		ring->stamp = 1;
	}
	for (uint32_t i = first; i != NO_ROW; i = inflow_at(sweep, i)->next)
		begin_row(sweep, i);
	for (uint32_t i = 0; i < ring->n && ring->nobodys != NULL; i++)
		touch(sweep, i, ring->nobodys[i]);
	if (root < sweep->graph->n && in_ring(sweep, root))
	{
		touch(sweep, sweep->position[root], NO_ROW);
		ask_held(sweep, sweep->position[root], true);
	}
	enqueue_touched(ring);
	ring->settled = iterate(sweep);
}

bool
ring_solve_root(Sweep *sweep, uint32_t root, uint32_t first, bool roughly)
{
	SweepRing  *ring = sweep->ring;
	uint64_t	hair = ring->amplifier == NULL ? 0 : sweep->options.forget / 2;

	if (roughly)
	{
		if (ring->amplifier == NULL)
			return false;
		hair = (uint64_t) ((double) sweep->least_gate / (8 * ring->most_spread));
	}
	follow(sweep, root, first, hair);
	if (bound_quickly(sweep))
		return true;
	forget_queue(ring);
	if (roughly)
		return false;
	/* going everywhere takes far longer than going a little further */
	if (hair > FINER)
	{
		follow(sweep, root, first, hair / FINER);
		if (bound_quickly(sweep))
			return true;
	}
	bound_carefully(sweep);
	return true;
}

/* At how much a link counts at most for what is passed on. */
uint64_t
ring_link_weight(const Sweep *sweep, uint32_t link)
{
	const SweepGraph *graph = sweep->graph;
	uint64_t	largest = 0;

	if (sweep->test->below == PASS_NOTHING)
		return 0;
	for (size_t k = 0; k < sweep->n_measures; k++)
	{
		uint64_t	w = graph->shares[graph->share[link * sweep->n_measures + k]].ends.upper;

		largest = w > largest ? w : largest;
	}
	if (sweep->literal && (graph->link[link] & (SWEEP_PARENT | SWEEP_MAYBE)) != 0 && largest < SWEEP_ONE)
		return SWEEP_ONE;
	return largest;
}

/* Finds y with b + M y <= y for b of ones, or of the numbers of links inside; NULL if there is none. */
static double *
find_vector(Sweep *sweep, bool of_links, double *most)
{
	SweepRing  *ring = sweep->ring;
	double	   *y = core_array(&sweep->middle.env, ring->n, sizeof(double));
	bool		holds = false;

	*most = 1;
	for (uint32_t i = 0; i < ring->n; i++)
		y[i] = of_links ? ring->in_start[i + 1] - ring->in_start[i] : 1;
	for (int round = 0; round < MOST_ROUNDS && !holds && *most < MOST_AMPLIFIED; round++)
	{
		holds = true;
		for (uint32_t m = 0; m < ring->n; m++)
		{
			double		sum = of_links ? ring->in_start[m + 1] - ring->in_start[m] : 1;

			for (uint32_t i = ring->in_start[m]; i < ring->in_start[m + 1]; i++)
			{
				core_step(sweep->env);
				sum += (double) ring_link_weight(sweep, ring->in_link[i]) / (double) SWEEP_ONE * y[ring->in_member[i]];
			}
			/* rounding, and so much more that it comes to an end */
			if (sum * (1 + 0x1p-30) > y[m])
			{
				holds = false;
				y[m] = sum * (1 + 0x1p-20);
			}
			if (y[m] > *most)
				*most = y[m];
		}
	}
	return holds ? y : NULL;
}

void
ring_find_amplifiers(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;

	ring->amplifier = find_vector(sweep, false, &ring->most_amplified);
	ring->spread = ring->amplifier == NULL ? NULL : find_vector(sweep, true, &ring->most_spread);
	if (ring->spread == NULL)
		ring->amplifier = NULL;
}

/* Raises what a member may be missing by what those who hold it may; true if it rose. */
static bool
raise_loss(Sweep *sweep, uint32_t member, const uint64_t *amounts, double *losses)
{
	SweepRing  *ring = sweep->ring;
	uint32_t	node = ring->members[member];
	double		inside = 0;
	double		loss;
	double		amount;

	for (uint32_t i = ring->in_start[member]; i < ring->in_start[member + 1]; i++)
	{
		core_step(sweep->env);
		inside += (double) ring_link_weight(sweep, ring->in_link[i]) / (double) SWEEP_ONE * losses[ring->in_member[i]];
	}
	/* roundings, and so much more that it comes to an end */
	amount = ((double) amounts[member] + inside) * (1 + 0x1p-30);
	loss = ((double) sweep->loss[node] + inside) * (1 + 0x1p-30);
	sweep->amount_loss[node] = amount < (double) MOST_LOSS ? (uint64_t) ceil(amount) : MOST_LOSS;
	if (loss > (double) SWEEP_ONE || (sweep->test->status_feeds_back && sweep_is_blind(sweep, node)))
		loss = (double) SWEEP_ONE;
	if (loss <= losses[member])
		return false;
	losses[member] = loss < (double) SWEEP_ONE ? loss * (1 + 0x1p-20) : loss;
	return true;
}

void
ring_bound_losses(Sweep *sweep)
{
	SweepRing  *ring = sweep->ring;
	double	   *losses = core_array(&sweep->middle.env, ring->n, sizeof(double));
	uint64_t   *amounts = core_array(&sweep->middle.env, ring->n, sizeof(uint64_t));
	bool		rises = false;

	if (arena_failed(&sweep->middle))
		return;
	for (uint32_t m = 0; m < ring->n; m++)
	{
		losses[m] = 0;
		amounts[m] = sweep->amount_loss[ring->members[m]];
		rises = rises || amounts[m] > 0 || sweep->loss[ring->members[m]] > 0;
	}
	for (int round = 0; round < MOST_ROUNDS && rises; round++)
	{
		rises = false;
		for (uint32_t m = 0; m < ring->n; m++)
			rises = raise_loss(sweep, m, amounts, losses) || rises;
	}
	for (uint32_t m = 0; m < ring->n; m++)
	{
		uint32_t	node = ring->members[m];

		sweep->loss[node] = rises ? SWEEP_ONE : (uint64_t) ceil(losses[m]);
		if (rises)
			sweep->amount_loss[node] = MOST_LOSS;
	}
}
