/*
 * transaction.h
 *		The facts of one deal, given and derived: what the conditions of 850.210,
 *		850.217, 850.224 and 850.501 see.
 */
#ifndef OUTBOUND_TRANSACTION_H
#define OUTBOUND_TRANSACTION_H

#include "screen/foreign_person.h"

/* a party named by the deal */
typedef struct DealParty
{
	bool		asked;			/* looked up */
	bool		named;			/* the deal names one */
	bool		known;			/* it stands in some relation */
	NodeId		node;
	ForeignPerson *person;		/* when asked for */
} DealParty;

typedef enum DealRole
{
	DEAL_INVESTOR,
	DEAL_TARGET,
	DEAL_JOINT_VENTURE_PARTNER,
	DEAL_FUND_INVESTEE,
	DEAL_DIRECTING_PERSON,
	N_DEAL_ROLES
} DealRole;

typedef struct Transaction
{
	Inquiry    *inquiry;
	Facts	   *given;
	FactValue  *derived;		/* by fact number; computed when asked */
	bool	   *computed;
	int		   *asked;			/* derived facts in the order in which they were asked for */
	int			n_asked;
	DealParty	parties[N_DEAL_ROLES];
	const char *list_cite;		/* the list that made target_on_relevant_list hold */
} Transaction;

extern Transaction *transaction_begin(Inquiry *inquiry, Facts *given);
extern FactSource transaction_facts(Transaction *transaction);
extern Ternary transaction_boolean(Transaction *transaction, const char *fact);
extern DealParty *transaction_party(Transaction *transaction, DealRole role);
extern ForeignPerson *transaction_foreign_person(Transaction *transaction, DealRole role);

/* the party whose activity classifies the deal: the fund's investee for a limited partner, else the target */
extern DealRole transaction_relevant_role(Transaction *transaction);

/* the party a derived fact is about; false where it is about none */
extern bool transaction_fact_role(const char *fact, DealRole *role);

/* replaces derived facts among the missing by what they hang on */
extern void transaction_missing(Transaction *transaction, const uint8 *missing, MissingList *list);

#endif							/* OUTBOUND_TRANSACTION_H */
