/*
 * certificate_fed.c
 *		Whether all that flows round a ring comes from outside it or from who passes on
 *		the whole; and whether the links that carry the whole round a ring are founded.
 */
#include <string.h>

#include "certificate_parts.h"

/* What is known to be fed: by number in the ring and measure. */
typedef struct Feeding
{
	Certificate *c;
	uint32_t	n;
	const uint32_t *places;
	size_t		n_measures;
	bool	   *fed;
} Feeding;

/* Does a holder pass on something that is fed? */
static bool
holder_feeds(const Feeding *f, uint32_t holder, size_t k)
{
	const Certificate *c = f->c;

	if (holder == NOWHERE || fraction_is_zero(c->factor[k][holder]))
		return false;
	return c->member[holder] == 0 || c->whole[holder] || f->fed[(c->member[holder] - 1) * f->n_measures + k];
}

/* Would a party have anything if only what is fed flowed?  For the lower run, which takes the least. */
static bool
least_is_fed(Feeding *f, CertificateParty *party, size_t k)
{
	CertificateRegister *reg = &party->registers[k];

	for (uint32_t j = 0; j < reg->n; j++)
		if (!holder_feeds(f, party->links[reg->lots[j].link].holder, k))
			reg->lots[j].factor = FRACTION_ZERO;
	return !fraction_is_zero(certificate_bound(&f->c->scratch.env, reg, false));
}

/* Has something fed weight where the amount is largest?  Of equals, what is fed is filled first. */
static bool
most_is_fed(Feeding *f, CertificateParty *party, size_t k)
{
	CertificateRegister *reg = &party->registers[k];
	bool		any = false;

	for (uint32_t j = 0; j < reg->n; j++)
		reg->lots[j].yields = !holder_feeds(f, party->links[reg->lots[j].link].holder, k);
	(void) certificate_bound(&f->c->scratch.env, reg, true);
	/* the rest, where it counts, counts as much as anybody: it may be filled first */
	any = !fraction_is_zero(reg->rest) || (reg->rest_counts && !fraction_is_zero(reg->slack));
	for (uint32_t j = 0; j < reg->n && !any; j++)
		any = !reg->lots[j].yields && !fraction_is_zero(reg->lots[j].factor) && !fraction_is_zero(reg->lots[j].weight);
	for (uint32_t j = 0; j < reg->n; j++)
		reg->lots[j].yields = false;
	return any;
}

/* Is what a party passes on by one measure fed, and all of what it passes on? */
static bool
is_fed_by(Feeding *f, uint32_t place, size_t k, Fraction claimed)
{
	Certificate *c = f->c;
	CertificateParty *party = certificate_party(c, c->env, place);
	Fraction	sum;

	arena_reset(&c->scratch);
	sum = certificate_upstream(c, &c->scratch.env, party, (int) k);
	if (fraction_compare(c->env, sum, claimed) < 0)
		return false;
	for (uint32_t j = 0; j < party->n_links; j++)
		if (certificate_carries(c, &party->links[j]) && holder_feeds(f, party->links[j].holder, k))
			return true;
	return c->upper ? most_is_fed(f, party, k) : least_is_fed(f, party, k);
}

/* Feeds one party if it can be; true if it could. */
static bool
feed(Feeding *f, uint32_t i)
{
	Certificate *c = f->c;
	bool		more = false;

	for (size_t k = 0; k < f->n_measures; k++)
	{
		Fraction	claimed = c->factor[k][f->places[i]];

		if (f->fed[i * f->n_measures + k] || fraction_is_zero(claimed) || !is_fed_by(f, f->places[i], k, claimed))
			continue;
		for (size_t other = 0; other < f->n_measures; other++)
			if (other == k || c->test.across_measures)
				f->fed[i * f->n_measures + other] = true;
		more = true;
	}
	return more;
}

bool
certificate_is_fed(Certificate *c, uint32_t component, uint32_t *place, int *measure)
{
	Feeding		f = {0};
	bool		more = c->test.below == PASS_PROPORTION;

	f.c = c;
	f.n = c->rings.start[component + 1] - c->rings.start[component];
	f.places = c->rings.members + c->rings.start[component];
	f.n_measures = (size_t) c->test.n_measures;
	f.fed = core_array(c->env, f.n * f.n_measures, sizeof(bool));
	if (c->env->status != CORE_OK)
		return false;
	memset(f.fed, 0, f.n * f.n_measures * sizeof(bool));
	for (uint32_t i = 0; i < f.n; i++)
		c->member[f.places[i]] = i + 1;
	while (more && !arena_failed(&c->scratch))
	{
		more = false;
		for (uint32_t i = 0; i < f.n; i++)
			if (!c->whole[f.places[i]])
				more = feed(&f, i) || more;
	}
	for (uint32_t i = 0; i < f.n * f.n_measures; i++)
	{
		*place = f.places[i / f.n_measures];
		*measure = (int) (i % f.n_measures);
		if (!c->whole[*place] && !f.fed[i] && !fraction_is_zero(c->factor[*measure][*place]))
			return false;
	}
	return c->env->status == CORE_OK;
}
