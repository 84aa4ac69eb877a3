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

/* the facts by which a deal names its parties */
extern const char *const deal_role_facts[N_DEAL_ROLES];

extern Transaction *transaction_begin(Inquiry *inquiry, Facts *given);

/* a fact as the deal gives it; an error where the dictionary has none of that name */
extern const FactValue *transaction_given(Transaction *transaction, const char *fact);

/* does the deal say anything of it? */
extern bool transaction_carries(const Transaction *transaction, const char *fact);

/* what an answer rests on, as far as readings can change it */
#define RESTS_ON_PARENTS	0x01	/* 850.206 */
#define RESTS_ON_CONCERN	0x02	/* 850.221 */
#define RESTS_ON_LISTS		0x04	/* tests by which lists reach further */
#define RESTS_ON_FIGURES	0x08	/* 850.209(a)(2) */
#define RESTS_ON_ACTIVITIES 0x10	/* provisions about activities */
#define RESTS_ON_KNOWLEDGE	0x20	/* 850.104, 850.216 */
#define RESTS_ON_RULES		0x40	/* provisions about deals */

/* does a derived fact that was asked for rest on any of these? */
extern bool transaction_rests_on(const Transaction *transaction, uint8 changed);

/* the same deal under other readings: what does not rest on what they change is taken over */
extern Transaction *transaction_under(const Transaction *chosen, Inquiry *inquiry, uint8 changed);

/* does any answer that was asked for come out otherwise there? */
extern bool transaction_differs(const Transaction *chosen, Transaction *other, uint8 changed);

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
