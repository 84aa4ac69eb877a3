/*
 * certificate_parts.h
 *		What a check of attributions consists of.  Internal to certificate*.c.
 */
#ifndef OUTBOUND_CERTIFICATE_PARTS_H
#define OUTBOUND_CERTIFICATE_PARTS_H

#include "certificate.h"
#include "components.h"

#define NOWHERE		UINT32_MAX

/* who holds a measure of a party or has a role in it */
typedef struct CertificateLink
{
	uint32_t	holder;			/* place, or NOWHERE */
	bool		role;
	bool		parental;		/* LINK_LITERAL: its holder alone makes the held whole */
	bool		controls;		/* control_counts: in every completion of the data */
	bool		may_control;	/* ... in some */
} CertificateLink;

typedef struct CertificateLot
{
	uint32_t	link;
	Fraction	lower;
	Fraction	upper;
	bool		lower_open;
	bool		upper_open;
	ShareValue	told;			/* what is held; the four above are this or */
	ShareValue	counted;		/* control_counts: ... with a controlling link as the whole */
	Fraction	factor;			/* filled in for one evaluation */
	Fraction	weight;			/* the share at which the bound is reached */
	bool		yields;			/* of equals in an upper run, is filled last */
} CertificateLot;

/* the register of one measure as the check reads it */
typedef struct CertificateRegister
{
	uint32_t	n;
	CertificateLot *lots;
	bool		box;			/* no completion sums to 100%: every share for itself */
	bool		counted;		/* ... because controlling links count as the whole */
	bool		has_rest;		/* what the lots leave is somebody's */
	bool		rest_counts;
	bool		one_vertex;		/* the weights do not depend on the factors */
	Fraction	slack;			/* what the rest may count for where it is a box */
	Fraction	rest;			/* weight of the rest where it counts */
	bool		attained;		/* the bound is, if all factors are */
} CertificateRegister;

typedef struct CertificateParty
{
	const GraphNode *node;
	uint32_t	n_links;
	CertificateLink *links;
	CertificateRegister registers[MAX_MEASURES];
} CertificateParty;

struct Certificate
{
	CoreEnv    *env;
	Arena		scratch;		/* of one evaluation */
	const Graph *graph;
	const NodeId *nodes;
	uint32_t	n;
	uint32_t   *hash;			/* place + 1 of a NodeId */
	size_t		hash_size;
	OwnershipTest test;
	KernelRun	run;
	bool		upper;
	bool		open_ends;		/* some share has an end that is not attained */
	bool		many;
	CertificateParty **parties; /* by place; NULL where not kept */
	Components	rings;
	uint32_t   *member;			/* by place: in the ring under work its number + 1, else 0 */
	bool	   *may_stay_below; /* by place: in a ring whose definite bound need only be sound */

	/* the claim under check, and what is taken for it: in the ring under work what is founded so far */
	const CertificateClaim *claim;
	uint32_t	root;			/* place of the only seed, or NOWHERE */
	Fraction   *factor[MAX_MEASURES];
	bool	   *inner;			/* member inside the recursion, before reports */
	bool	   *whole;
	bool		doubtful;		/* in the ring under work something could not be decided: a tie rests on whether an end is
								 * attained, or a limit could not be found */
	bool		unsure;			/* ... and what was raised may rest on it */

	CertificateRow *rows;
	uint32_t	n_rows;
	uint32_t	max_rows;
	CertificateCounts counts;
};

/* does the claim have a party a member inside the recursion?  A report makes others members */
static inline bool
certificate_claims_inner(const Certificate *c, uint32_t place)
{
	const Attribution *claim = c->claim->attribution;

	return c->test.reports ? claim->cause_rank[place] != UINT32_MAX : claim->status[place];
}

extern void certificate_complain(Certificate *c, CertificateFault fault, uint32_t place, int measure,
								 Fraction claimed, Fraction found);
extern uint32_t certificate_place(const Certificate *c, NodeId node);
extern CertificateParty *certificate_party(Certificate *c, CoreEnv *env, uint32_t place);

/* what a lot counts for */
static inline void
certificate_take_lot(CertificateLot *lot, const ShareValue *share)
{
	lot->lower = share->lower;
	lot->upper = share->upper;
	lot->lower_open = share->lower_open;
	lot->upper_open = share->upper_open;
}

/* a party's shares, by what rows say and nothing computed (certificate_register.c) */
extern void certificate_read_party(Certificate *c, CoreEnv *env, uint32_t place, CertificateParty *party);
extern bool certificate_is_role(const Certificate *c, const GraphNode *node, uint8_t kind);

/* the least (or, in an upper run, largest) amount that the lots' factors give; sets the weights */
extern Fraction certificate_bound(CoreEnv *env, CertificateRegister *reg, bool upper);

/* one step from what is taken for the holders (certificate.c) */
extern void certificate_begin(Certificate *c, const CertificateClaim *claim);
extern bool certificate_carries(const Certificate *c, const CertificateLink *link);
extern Fraction certificate_amount(Certificate *c, CoreEnv *env, CertificateParty *party, int k);
extern Fraction certificate_upstream(Certificate *c, CoreEnv *env, CertificateParty *party, int k);
extern void certificate_factors(Certificate *c, CoreEnv *env, CertificateParty *party, Fraction *factors);
extern bool certificate_passes(Certificate *c, const CertificateParty *party, uint32_t place, int k, const Gate *gate,
							   Fraction amount);	/* party, if not NULL, was evaluated just before */
extern Gate certificate_gate(const Certificate *c, int k);
extern void certificate_conferred(const Certificate *c, const CertificateParty *party, bool *status, bool *whole);

/* is a ring's claim founded?  Complains if not (certificate_ring.c) */
extern void certificate_ring(Certificate *c, uint32_t component);

/* raises a ring from the seeds up as far as the claim goes; then puts the claim back */
extern bool certificate_raise(Certificate *c, uint32_t component);
extern void certificate_restore(Certificate *c, uint32_t component);

/* does all that flows round the ring, as it is taken now, come from outside or the whole? */
extern bool certificate_is_fed(Certificate *c, uint32_t component, uint32_t *place, int *measure);

#endif							/* OUTBOUND_CERTIFICATE_PARTS_H */
