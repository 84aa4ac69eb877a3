/*
 * certificate_links.c
 *		Links that carry the whole (A-01 link_literal): their bits are one fixpoint with
 *		the attributions of all roots.  Where no ring is, there is only one; round a ring the
 *		bits are taken away and must come back, root by root, from what is left.
 */
#include <string.h>

#include "certificate_parts.h"

/* Does the holder pass by what it holds itself, or by a role? */
static bool
passes_directly(Certificate *c, uint32_t held, const CertificateLink *link)
{
	CertificateParty *party = certificate_party(c, c->env, held);

	if (link->role && c->test.roles_carry)
		return true;
	for (int k = 0; k < c->test.n_measures; k++)
	{
		CertificateRegister *reg = &party->registers[k];
		Gate		gate = certificate_gate(c, k);
		Fraction	amount;

		arena_reset(&c->scratch);
		(void) certificate_amount(c, &c->scratch.env, party, k);
		for (uint32_t i = 0; i < reg->n; i++)
			reg->lots[i].factor = &party->links[reg->lots[i].link] == link ? FRACTION_ONE : FRACTION_ZERO;
		amount = certificate_bound(&c->scratch.env, reg, c->upper);
		if (fraction_compare(c->env, amount, gate.threshold) > 0 ||
			(!gate.strict && !c->open_ends && fraction_compare(c->env, amount, gate.threshold) == 0))
			return true;
	}
	return false;
}

/* one bit round a ring that is to come back */
typedef struct Bit
{
	uint32_t	held;
	CertificateLink *link;
} Bit;

/* Lists the bits into a ring that do not stand by themselves, and takes them away. */
static Bit *
take_away(Certificate *c, const CertificateClaim *claims, uint32_t component, uint32_t *n)
{
	uint32_t	first = c->rings.start[component];
	uint32_t	end = c->rings.start[component + 1];
	size_t		room = 0;
	Bit		   *bits;

	*n = 0;
	for (uint32_t i = first; i < end; i++)
		room += certificate_party(c, c->env, c->rings.members[i])->n_links;
	bits = core_array(c->env, room, sizeof(Bit));
	for (uint32_t i = first; i < end && c->env->status == CORE_OK; i++)
	{
		CertificateParty *party = certificate_party(c, c->env, c->rings.members[i]);

		for (uint32_t j = 0; j < party->n_links; j++)
		{
			CertificateLink *link = &party->links[j];

			core_step(c->env);
			if (!link->parental)
				continue;
			c->claim = &claims[link->holder];
			if (!passes_directly(c, c->rings.members[i], link))
				bits[(*n)++] = (Bit) {c->rings.members[i], link};
		}
	}
	for (uint32_t i = 0; i < *n; i++)
		bits[i].link->parental = false;
	return bits;
}

/* Gives back the bits that one root's raising of the ring shows; true if any. */
static bool
give_back(Certificate *c, const CertificateClaim *claims, uint32_t component, Bit *bits, uint32_t n, uint32_t root)
{
	bool		any = false;

	certificate_begin(c, &claims[root]);
	(void) certificate_raise(c, component);
	for (uint32_t i = 0; i < n; i++)
		if (bits[i].link->holder == root && !bits[i].link->parental && c->whole[bits[i].held])
			any = bits[i].link->parental = true;
	certificate_restore(c, component);
	return any;
}

/* Checks that the bits round one ring are founded. */
static void
check_ring(Certificate *c, const CertificateClaim *claims, uint32_t component)
{
	uint32_t	n;
	Bit		   *bits = take_away(c, claims, component, &n);
	bool		more = n > 0;
	bool		doubtful = false;

	while (more && c->env->status == CORE_OK)
	{
		more = false;
		for (uint32_t i = 0; i < n; i++)
		{
			if (bits[i].link->parental)
				continue;
			more = give_back(c, claims, component, bits, n, bits[i].link->holder) || more;
			doubtful = doubtful || c->doubtful;
		}
	}
	for (uint32_t i = 0; i < n; i++)
		if (!bits[i].link->parental)
		{
			certificate_complain(c, doubtful ? CERTIFICATE_UNCHECKED : CERTIFICATE_CIRCULAR, bits[i].held, -1, FRACTION_ZERO, FRACTION_ZERO);
			bits[i].link->parental = true;
		}
}

void
certificate_links(Certificate *c, const CertificateClaim *claims)
{
	if (c->test.link != LINK_LITERAL || c->test.below != PASS_PROPORTION || c->env->status != CORE_OK)
		return;
	for (uint32_t i = 0; i < c->n; i++)
	{
		CertificateParty *party = c->parties[i];

		for (uint32_t j = 0; j < party->n_links; j++)
		{
			core_step(c->env);
			if (party->links[j].holder != NOWHERE)
				party->links[j].parental = claims[party->links[j].holder].attribution->whole[i];
		}
	}
	for (uint32_t i = 0; i < c->rings.n && !arena_failed(&c->scratch); i++)
		if (c->rings.start[i + 1] - c->rings.start[i] > 1)
			check_ring(c, claims, i);
}
