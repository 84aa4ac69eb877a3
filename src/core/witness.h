/*
 * witness.h
 *		Evidence for what the kernel found: which holdings, at which factor, make an
 *		amount; for a member the fewest that pass, none resting on the member itself.
 */
#ifndef OUTBOUND_WITNESS_H
#define OUTBOUND_WITNESS_H

#include "kernel.h"

typedef enum WitnessClass
{
	WITNESS_SEED,				/* held by a seed itself */
	WITNESS_WHOLE,				/* by a member: counts in full */
	WITNESS_PROPORTION,			/* by somebody below the gate: its own attributed proportion */
	WITNESS_ROLE,				/* a role that confers the holder's status */
	WITNESS_PRINCIPAL			/* the holder is the principal of this branch or agent */
} WitnessClass;

typedef struct WitnessRow
{
	NodeId		holder;
	WitnessClass basis;
	uint8_t		kind;			/* InterestKind, as told */
	bool		carries;		/* a parent-subsidiary link, counted as the whole (upstream only) */
	ShareValue	share;			/* as told; [1,1] for roles */
	Fraction	weight;			/* share counted: of what is outstanding, within the register's 100% */
	Fraction	factor;			/* of the holder */
	Fraction	contribution;	/* weight * factor */
	uint32_t	rank;			/* of the holder; UINT32_MAX for no member */
	uint32_t	lot;			/* its place in the kernel's register */
	bool		standing;		/* rests on what the holder's cause is, else on its membership */
} WitnessRow;

typedef struct Witness
{
	NodeId		node;
	int			measure;		/* index in the test; -1 where a role or principal confers status */
	bool		upstream;		/* the rows make what the node passes on, not its amount */
	bool		standing;		/* the rows are the node's cause (kernel.h), not what makes it a member */
	bool		minimal;		/* the rows are the fewest of largest contribution that pass */
	int8_t		reason;			/* as in Attribution */
	uint32_t	rank;			/* which its support is below */
	Fraction	sum;			/* of the rows and the undisclosed */
	Fraction	undisclosed;	/* counted for holders nobody has disclosed (RUN_UNDISCLOSED) */
	Fraction	threshold;		/* the gate; with reports, the report's line where it is about a member */
	bool		strict;
	Fraction	margin;			/* the node's amount less the threshold; negative below it */
	uint32_t	n_rows;
	WitnessRow *rows;			/* by decreasing contribution */
} Witness;

/*
 * The whole proof that a node is a member, or (standing) of its cause, supports before what they
 * support: evidence for every member, and for what every non-member in it passes on.  For no member,
 * all that makes up its amount of the first measure.  Gives the number.
 */
extern uint32_t witness_proof(CoreEnv *env, const Kernel *kernel, const Attribution *attribution,
							  NodeId node, bool standing, Witness **list);

#endif							/* OUTBOUND_WITNESS_H */
