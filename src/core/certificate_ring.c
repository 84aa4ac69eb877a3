/*
 * certificate_ring.c
 *		Whether what is claimed round a ring is founded.
 *
 * Members are raised anew from the seeds up, on amounts that are iterated from below in
 * fixed point, rounded down.  Where a gate is met only in the limit, the system that the
 * iterate points to is solved, and taken if it is a fixpoint that is fed.  With the members
 * founded, the claimed amounts, a fixpoint, are the least if all that flows is fed from outside
 * the ring or by who passes on the whole (certificate.h).
 */
#include <string.h>

#include "certificate_parts.h"

#define ONE				(UINT64_C(1) << 60)
#define MOST			(8 * ONE)	/* shares beyond this are cut: only ever down */
#define MAX_PASSES		2000
#define MAX_WORK		20000000	/* lots evaluated for one ring and claim */
#define MAX_SOLVED		64		/* unknowns of a system that is solved */

typedef unsigned __int128 Wide;

/* a lot in units of 1 / ONE */
typedef struct FixedLot
{
	uint32_t	ring;			/* number of the holder in the ring, or NOWHERE */
	uint64_t	outside;		/* what a holder outside passes on */
	uint64_t	lower;			/* rounded down */
	uint64_t	room;			/* ... in an upper run, else up */
	uint64_t	factor;
	bool		carries;
} FixedLot;

typedef struct FixedRegister
{
	uint32_t	n;
	FixedLot   *lots;
	uint64_t	slack;			/* rounded down */
	uint64_t	rest;			/* what the rest counts for at least */
	bool		pours;
	uint32_t	n_carrying;		/* LINK_LITERAL */
	FixedLot   *carrying;
} FixedRegister;

typedef struct Ring
{
	Certificate *c;
	uint32_t	component;
	uint32_t	n;
	const uint32_t *places;
	size_t		n_measures;
	CertificateParty **parties;
	FixedRegister *fixed;		/* number * n_measures + measure */
	uint64_t   *x;				/* the same: what is passed on, at least */
	uint64_t	work;
} Ring;

/* A fraction in fixed point, rounded down. */
static uint64_t
fixed_floor(CoreEnv *env, Fraction f)
{
	uint64_t	low = 0;
	uint64_t	high = MOST;

	if (fraction_is_infinite(f) || fraction_compare(env, f, (Fraction) {8, 1, NULL, false}) >= 0)
		return MOST;
	if (f.big == NULL)
		return (uint64_t) (((Wide) f.num << 60) / f.den);
	while (high - low > 1)
	{
		uint64_t	middle = low + (high - low) / 2;

		core_step(env);
		if (fraction_compare(env, fraction_of(env, (int64_t) middle, (int64_t) ONE), f) <= 0)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static uint64_t
fixed_product(uint64_t a, uint64_t b)
{
	return (uint64_t) ((Wide) a * b >> 60);
}

/* One lot: who holds it, and what is passed on from outside. */
static FixedLot
fixed_lot(const Ring *ring, const CertificateLink *link, size_t k)
{
	Certificate *c = ring->c;
	FixedLot	lot = {NOWHERE, 0, 0, 0, 0, certificate_carries(c, link)};

	if (link->holder == NOWHERE)
		return lot;
	if (c->member[link->holder] > 0)
		lot.ring = c->member[link->holder] - 1;
	else
		lot.outside = fixed_floor(c->env, c->factor[k][link->holder]);
	return lot;
}

/* Puts a register into fixed point. */
static void
fix_register(Ring *ring, uint32_t i, size_t k)
{
	Certificate *c = ring->c;
	CoreEnv    *env = c->env;
	CertificateParty *party = ring->parties[i];
	CertificateRegister *reg = &party->registers[k];
	FixedRegister *fixed = &ring->fixed[i * ring->n_measures + k];

	*fixed = (FixedRegister) {0};
	fixed->n = reg->n;
	fixed->lots = core_array(env, reg->n, sizeof(FixedLot));
	fixed->carrying = core_array(env, c->test.link == LINK_LITERAL ? party->n_links : 0, sizeof(FixedLot));
	if (env->status != CORE_OK)
		return;
	(void) certificate_amount(c, &c->scratch.env, party, (int) k);	/* lots as the seeds have them */
	arena_reset(&c->scratch);
	for (uint32_t j = 0; j < reg->n; j++)
	{
		const CertificateLot *lot = &reg->lots[j];
		FixedLot   *to = &fixed->lots[j];
		Fraction	room = fraction_subtract(env, lot->upper, lot->lower);

		core_step(env);
		*to = fixed_lot(ring, &party->links[lot->link], k);
		to->lower = fixed_floor(env, reg->box && c->upper ? lot->upper : lot->lower);
		to->room = fixed_floor(env, room) + (c->upper || fraction_is_zero(room) ? 0 : 1);
	}
	for (uint32_t j = 0; c->test.link == LINK_LITERAL && j < party->n_links; j++)
		if (certificate_carries(c, &party->links[j]))
			fixed->carrying[fixed->n_carrying++] = fixed_lot(ring, &party->links[j], k);
	fixed->slack = fixed_floor(env, reg->slack);
	fixed->rest = reg->rest_counts ? fixed->slack : 0;
	/* nothing is poured where the rest counts as much as anybody */
	fixed->pours = !reg->one_vertex && !reg->rest_counts;
}

/* Pours the slack in order of what is passed on, least or most first. */
static uint64_t
fixed_pour(FixedRegister *fixed, bool upper)
{
	uint64_t	mass = fixed->slack;
	Wide		sum = 0;

	for (uint32_t gap = fixed->n / 2; gap > 0; gap /= 2)
		for (uint32_t i = gap; i < fixed->n; i++)
			for (uint32_t j = i; j >= gap &&
				 (upper ? fixed->lots[j - gap].factor < fixed->lots[j].factor : fixed->lots[j - gap].factor > fixed->lots[j].factor);
				 j -= gap)
			{
				FixedLot	swap = fixed->lots[j];

				fixed->lots[j] = fixed->lots[j - gap];
				fixed->lots[j - gap] = swap;
			}
	for (uint32_t i = 0; i < fixed->n && mass > 0; i++)
	{
		uint64_t	weight = fixed->lots[i].room < mass ? fixed->lots[i].room : mass;

		sum += fixed_product(weight, fixed->lots[i].factor);
		mass -= weight;
	}
	return sum > MOST ? MOST : (uint64_t) sum;
}

static uint64_t
fixed_passed_on(const Ring *ring, const FixedLot *lot, size_t k)
{
	return lot->ring == NOWHERE ? lot->outside : ring->x[lot->ring * ring->n_measures + k];
}

/* What a party passes on of a measure at the present x, at least, before it is capped. */
static uint64_t
fixed_upstream(Ring *ring, uint32_t i, size_t k)
{
	FixedRegister *fixed = &ring->fixed[i * ring->n_measures + k];
	Wide		sum = fixed->rest;

	ring->work += fixed->n + fixed->n_carrying + 1;
	for (uint32_t j = 0; j < fixed->n; j++)
	{
		FixedLot   *lot = &fixed->lots[j];

		core_step(ring->c->env);
		lot->factor = lot->carries ? 0 : fixed_passed_on(ring, lot, k);
		sum += fixed_product(lot->lower, lot->factor);
	}
	for (uint32_t j = 0; j < fixed->n_carrying; j++)
		sum += fixed_passed_on(ring, &fixed->carrying[j], k);
	if (fixed->pours)
		sum += fixed_pour(fixed, ring->c->upper);
	return sum > ONE ? ONE : (uint64_t) sum;
}

/* Raises x until it stands, or hardly moves any more. */
static void
iterate(Ring *ring)
{
	Certificate *c = ring->c;
	bool		rises = c->test.below == PASS_PROPORTION;

	for (int pass = 0; rises && pass < MAX_PASSES && ring->work < MAX_WORK; pass++)
	{
		rises = false;
		for (uint32_t i = 0; i < ring->n; i++)
		{
			uint64_t	most = 0;

			if (c->whole[ring->places[i]])
				continue;
			for (size_t k = 0; k < ring->n_measures; k++)
			{
				uint64_t   *x = &ring->x[i * ring->n_measures + k];
				uint64_t	value = fixed_upstream(ring, i, k);

				most = value > most ? value : most;
				if (c->test.across_measures || value <= *x)
					continue;
				*x = value;
				rises = true;
			}
			for (size_t k = 0; c->test.across_measures && k < ring->n_measures; k++)
				if (ring->x[i * ring->n_measures + k] < most)
				{
					ring->x[i * ring->n_measures + k] = most;
					rises = true;
				}
		}
	}
}

/* Makes what is taken for the ring what x says. */
static void
take_x(Ring *ring)
{
	Certificate *c = ring->c;

	for (uint32_t i = 0; i < ring->n; i++)
		for (size_t k = 0; k < ring->n_measures; k++)
			c->factor[k][ring->places[i]] = c->whole[ring->places[i]] ? FRACTION_ONE :
				fraction_of(c->env, (int64_t) ring->x[i * ring->n_measures + k], (int64_t) ONE);
}

/* Raises one party as far as gates, roles and principals do and the claim goes; true if it rose. */
static bool
raise_party(Ring *ring, uint32_t i)
{
	Certificate *c = ring->c;
	uint32_t	place = ring->places[i];
	bool		inner = c->inner[place];
	bool		whole = c->whole[place];
	bool		rose;

	if (whole)
		return false;
	arena_reset(&c->scratch);
	for (size_t k = 0; k < ring->n_measures; k++)
	{
		Gate		gate = certificate_gate(c, (int) k);

		if ((inner && !c->test.status_feeds_back) ||
			!certificate_passes(c, ring->parties[i], place, (int) k, &gate,
								 certificate_amount(c, &c->scratch.env, ring->parties[i], (int) k)))
			continue;
		inner = true;
		whole = whole || c->test.status_feeds_back;
	}
	certificate_conferred(c, ring->parties[i], &inner, &whole);
	rose = inner != c->inner[place] || whole != c->whole[place];
	c->inner[place] = inner;
	c->whole[place] = whole;
	for (size_t k = 0; whole && k < ring->n_measures; k++)
	{
		ring->x[i * ring->n_measures + k] = ONE;
		c->factor[k][place] = FRACTION_ONE;
	}
	return rose;
}

/* Raises whoever passes by what is taken now, and what follows from that at once. */
static bool
raise_all(Ring *ring)
{
	bool		rose = false;
	bool		more = true;

	while (more && !arena_failed(&ring->c->scratch))
	{
		more = false;
		for (uint32_t i = 0; i < ring->n; i++)
			if ((certificate_claims_inner(ring->c, ring->places[i]) || ring->c->claim->attribution->whole[ring->places[i]]) &&
				raise_party(ring, i))
				more = rose = true;
	}
	return rose;
}

/* Eliminates unknowns one after the other: x = b + m x; false where a pivot is not positive. */
static bool
eliminate(CoreEnv *env, size_t n, Fraction *m, Fraction *b)
{
	for (size_t p = n; p-- > 0;)
	{
		Fraction	pivot = fraction_subtract(env, FRACTION_ONE, m[p * n + p]);

		if (pivot.negative || fraction_is_zero(pivot) || env->status != CORE_OK)
			return false;
		b[p] = fraction_divide(env, b[p], pivot);
		for (size_t j = 0; j < p; j++)
			m[p * n + j] = fraction_divide(env, m[p * n + j], pivot);
		for (size_t i = 0; i < p; i++)
		{
			Fraction	share = m[i * n + p];

			core_step(env);
			if (fraction_is_zero(share))
				continue;
			b[i] = fraction_add(env, b[i], fraction_multiply(env, share, b[p]));
			for (size_t j = 0; j < p; j++)
				m[i * n + j] = fraction_add(env, m[i * n + j], fraction_multiply(env, share, m[p * n + j]));
		}
	}
	for (size_t p = 0; p < n; p++)
		for (size_t j = 0; j < p; j++)
			b[p] = fraction_add(env, b[p], fraction_multiply(env, m[p * n + j], b[j]));
	return env->status == CORE_OK;
}

/* the unknowns of a system: those that flow and are neither whole nor at the cap */
typedef struct System
{
	Ring	   *ring;
	size_t		n;
	uint32_t   *unknown;		/* number in the ring * n_measures + measure: + 1 */
	uint32_t	of[MAX_SOLVED];
	Fraction   *m;
	Fraction   *b;
} System;

/* Gathers the unknowns; false if there are too many. */
static bool
gather_unknowns(System *s)
{
	Ring	   *ring = s->ring;

	for (uint32_t i = 0; i < ring->n * ring->n_measures; i++)
	{
		s->unknown[i] = 0;
		if (ring->c->whole[ring->places[i / ring->n_measures]] || ring->x[i] == 0 || ring->x[i] >= ONE - (ONE >> 40) ||
			(ring->c->test.across_measures && i % ring->n_measures > 0))
			continue;
		if (s->n == MAX_SOLVED)
			return false;
		s->of[s->n++] = i;
		s->unknown[i] = (uint32_t) s->n;
	}
	return true;
}

/* Adds what one holder passes on, times a weight, to a row. */
static void
add_term(System *s, size_t row, uint32_t holder, size_t k, Fraction weight)
{
	Certificate *c = s->ring->c;
	CoreEnv    *env = c->env;
	uint32_t	column = 0;

	core_step(env);
	if (holder == NOWHERE || fraction_is_zero(weight))
		return;
	if (c->member[holder] > 0)
		column = s->unknown[(c->member[holder] - 1) * s->ring->n_measures + (c->test.across_measures ? 0 : k)];
	if (column > 0)
		s->m[row * s->n + column - 1] = fraction_add(env, s->m[row * s->n + column - 1], weight);
	else if (c->member[holder] > 0 && !c->whole[holder])
		s->b[row] = fraction_add(env, s->b[row], s->ring->x[(c->member[holder] - 1) * s->ring->n_measures + k] == 0 ? FRACTION_ZERO : weight);
	else
		s->b[row] = fraction_add(env, s->b[row], fraction_multiply(env, weight, c->factor[k][holder]));
}

/* Writes the row of an unknown with the weights that the iterate points to. */
static void
write_row(System *s, size_t row)
{
	Ring	   *ring = s->ring;
	Certificate *c = ring->c;
	uint32_t	i = s->of[row] / ring->n_measures;
	size_t		k = s->of[row] % ring->n_measures;
	CertificateParty *party = ring->parties[i];
	CertificateRegister *reg;

	for (size_t other = 0; c->test.across_measures && other < ring->n_measures; other++)
		if (fixed_upstream(ring, i, other) > fixed_upstream(ring, i, k))
			k = other;
	reg = &party->registers[k];
	(void) certificate_upstream(c, c->env, party, (int) k);
	s->b[row] = reg->rest;
	for (uint32_t j = 0; j < reg->n; j++)
		if (!certificate_carries(c, &party->links[reg->lots[j].link]))
			add_term(s, row, party->links[reg->lots[j].link].holder, k, reg->lots[j].weight);
	for (uint32_t j = 0; j < party->n_links; j++)
		if (certificate_carries(c, &party->links[j]))
			add_term(s, row, party->links[j].holder, k, FRACTION_ONE);
}

/* Is what is taken for the ring a fixpoint as far as it flows? */
static bool
stands(Ring *ring)
{
	Certificate *c = ring->c;

	for (uint32_t i = 0; i < ring->n && c->env->status == CORE_OK; i++)
	{
		Fraction	factors[MAX_MEASURES];

		if (c->whole[ring->places[i]])
			continue;
		arena_reset(&c->scratch);
		certificate_factors(c, &c->scratch.env, ring->parties[i], factors);
		for (size_t k = 0; k < ring->n_measures; k++)
			if (fraction_compare(c->env, factors[k], c->factor[k][ring->places[i]]) != 0)
				return false;
	}
	return c->env->status == CORE_OK;
}

/*
 * Guesses the exact limit: solves the system that x points to.  The guess is taken if it
 * is a fixpoint and fed; else x stays.
 */
static bool
guess_limit(Ring *ring)
{
	Certificate *c = ring->c;
	CoreEnv    *env = c->env;
	System		s = {0};
	uint32_t	place;
	int			measure;

	s.ring = ring;
	s.unknown = core_array(env, ring->n * ring->n_measures, sizeof(uint32_t));
	if (env->status != CORE_OK || !gather_unknowns(&s))
		return false;
	s.m = core_array(env, s.n * s.n, sizeof(Fraction));
	s.b = core_array(env, s.n, sizeof(Fraction));
	if (env->status != CORE_OK)
		return false;
	for (size_t i = 0; i < s.n * s.n; i++)
		s.m[i] = FRACTION_ZERO;
	for (size_t row = 0; row < s.n; row++)
		write_row(&s, row);
	if (!eliminate(env, s.n, s.m, s.b))
		return false;
	for (uint32_t i = 0; i < ring->n * ring->n_measures; i++)
	{
		uint32_t	slot = c->test.across_measures ? i - i % (uint32_t) ring->n_measures : i;
		Fraction   *factor = &c->factor[i % ring->n_measures][ring->places[i / ring->n_measures]];

		if (c->whole[ring->places[i / ring->n_measures]])
			continue;
		*factor = s.unknown[slot] > 0 ? s.b[s.unknown[slot] - 1] : ring->x[i] == 0 ? FRACTION_ZERO : FRACTION_ONE;
	}
	return stands(ring) && certificate_is_fed(c, ring->component, &place, &measure);
}

/* Prepares a ring in which nobody has anything but the seeds. */
static void
begin_ring(Certificate *c, uint32_t component, Ring *ring)
{
	CoreEnv    *env = c->env;

	*ring = (Ring) {0};
	ring->c = c;
	ring->component = component;
	ring->places = c->rings.members + c->rings.start[component];
	ring->n = c->rings.start[component + 1] - c->rings.start[component];
	ring->n_measures = (size_t) c->test.n_measures;
	ring->parties = core_array(env, ring->n, sizeof(CertificateParty *));
	ring->fixed = core_array(env, ring->n * ring->n_measures, sizeof(FixedRegister));
	ring->x = core_array(env, ring->n * ring->n_measures, sizeof(uint64_t));
	for (uint32_t i = 0; i < ring->n && env->status == CORE_OK; i++)
	{
		c->member[ring->places[i]] = i + 1;
		c->whole[ring->places[i]] = c->inner[ring->places[i]] = c->claim->seeds[ring->places[i]];
		ring->parties[i] = certificate_party(c, env, ring->places[i]);
		for (size_t k = 0; k < ring->n_measures; k++)
			ring->x[i * ring->n_measures + k] = c->whole[ring->places[i]] ? ONE : 0;
	}
	for (uint32_t i = 0; i < ring->n && env->status == CORE_OK && c->test.below == PASS_PROPORTION; i++)
		for (size_t k = 0; k < ring->n_measures && env->status == CORE_OK; k++)
			fix_register(ring, i, k);
}

bool
certificate_raise(Certificate *c, uint32_t component)
{
	Ring		ring;
	bool		rose = true;
	bool		all = false;

	begin_ring(c, component, &ring);
	c->unsure = c->doubtful = false;
	while (rose && !all && c->env->status == CORE_OK)
	{
		iterate(&ring);
		take_x(&ring);
		rose = raise_all(&ring);
		all = true;
		for (uint32_t i = 0; i < ring.n && all; i++)
			all = c->whole[ring.places[i]] == c->claim->attribution->whole[ring.places[i]] &&
				(c->inner[ring.places[i]] || !certificate_claims_inner(c, ring.places[i]));
		if (rose || all || c->test.below == PASS_NOTHING)
			continue;
		if (guess_limit(&ring))
			rose = raise_all(&ring);
		else
			c->doubtful = true;
	}
	return all && !c->unsure;
}

void
certificate_ring(Certificate *c, uint32_t component)
{
	uint32_t	n = c->rings.start[component + 1] - c->rings.start[component];
	uint32_t	place = c->rings.members[c->rings.start[component]];
	int			measure = -1;
	bool		founded;
	bool		flows = false;

	c->counts.rings++;
	c->counts.largest_ring = n > c->counts.largest_ring ? n : c->counts.largest_ring;
	for (uint32_t i = c->rings.start[component]; i < c->rings.start[component + 1]; i++)
	{
		flows = flows || c->inner[c->rings.members[i]];
		for (int k = 0; k < c->test.n_measures; k++)
			flows = flows || !fraction_is_zero(c->factor[k][c->rings.members[i]]);
	}
	if (!flows)
		return;
	founded = certificate_raise(c, component);
	for (uint32_t i = c->rings.start[component]; !founded && i < c->rings.start[component + 1]; i++)
		if (c->claim->attribution->whole[c->rings.members[i]] && !c->whole[c->rings.members[i]])
			place = c->rings.members[i];
	certificate_restore(c, component);
	if (!founded)
		certificate_complain(c, c->doubtful ? CERTIFICATE_UNCHECKED : CERTIFICATE_CIRCULAR, place, -1,
							 FRACTION_ZERO, FRACTION_ZERO);
	else if (!certificate_is_fed(c, component, &place, &measure))
		certificate_complain(c, CERTIFICATE_CIRCULAR, place, measure, c->factor[measure][place], FRACTION_ZERO);
	certificate_restore(c, component);
}
