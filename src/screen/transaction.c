/*
 * transaction.c
 *		The facts of a deal: those given, and the derived ones (derived_facts.c), each
 *		computed when a condition asks, once.
 */
#include "postgres.h"

#include "screen/derived_facts.h"

const char *const deal_role_facts[N_DEAL_ROLES] = {
	"investor", "target", "joint_venture_partner", "fund_investee", "directing_person"
};

const FactValue *
transaction_given(Transaction *transaction, const char *name)
{
	int			fact = fact_lookup(transaction->given->dictionary, name);

	if (fact < 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("fact \"%s\" is not in the dictionary", name)));
	return &transaction->given->values[fact];
}

bool
transaction_carries(const Transaction *transaction, const char *name)
{
	int			fact = fact_lookup(transaction->given->dictionary, name);

	return fact >= 0 && transaction->given->carried[fact];
}

DealParty *
transaction_party(Transaction *transaction, DealRole role)
{
	DealParty  *party = &transaction->parties[role];
	const FactValue *id;
	MemoryContext old;

	if (party->asked)
		return party;
	party->asked = true;
	id = transaction_given(transaction, deal_role_facts[role]);
	if (id->state != FACT_KNOWN || id->text == NULL)
		return party;
	party->named = true;
	old = MemoryContextSwitchTo(transaction->inquiry->scratch);
	party->node = neighbourhood_load_cone(transaction->inquiry->nb, id->text);
	party->known = neighbourhood_knows(transaction->inquiry->nb, party->node);
	MemoryContextSwitchTo(old);
	return party;
}

ForeignPerson *
transaction_foreign_person(Transaction *transaction, DealRole role)
{
	DealParty  *party = transaction_party(transaction, role);

	if (party->named && party->person == NULL)
		party->person = foreign_person(transaction->inquiry, party->node);
	return party->person;
}

DealRole
transaction_relevant_role(Transaction *transaction)
{
	const FactValue *type = transaction_given(transaction, "transaction_type");
	const FactDefinition *fact;

	if (type->state != FACT_KNOWN || type->choice < 0)
		return DEAL_TARGET;
	fact = &transaction->given->dictionary->facts[fact_lookup(transaction->given->dictionary, "transaction_type")];
	return strcmp(fact->allowed[type->choice], "limited_partner") == 0 ? DEAL_FUND_INVESTEE : DEAL_TARGET;
}

/* FactSource: a given fact's value, or the derived one's. */
static const FactValue *
fact_value(void *arg, int fact)
{
	Transaction *transaction = arg;
	const FactDefinition *definition = &transaction->given->dictionary->facts[fact];
	FactValue  *value = &transaction->derived[fact];
	Ternary		answer;

	if (!definition->derived)
		return &transaction->given->values[fact];
	if (!transaction->computed[fact])
	{
		answer = derived_fact(definition->name)->ask(transaction);
		value->state = answer == TERNARY_UNKNOWN ? FACT_UNKNOWN : FACT_KNOWN;
		value->boolean = answer == TERNARY_TRUE;
		transaction->computed[fact] = true;
		transaction->asked[transaction->n_asked++] = fact;
	}
	return value;
}

Transaction *
transaction_begin(Inquiry *inquiry, Facts *facts)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	Transaction *transaction = palloc0(sizeof(Transaction));

	transaction->inquiry = inquiry;
	transaction->given = facts;
	transaction->derived = palloc0(mul_size(sizeof(FactValue), facts->dictionary->n_facts));
	transaction->computed = palloc0(facts->dictionary->n_facts);
	transaction->asked = palloc(mul_size(sizeof(int), Max(facts->dictionary->n_facts, 1)));
	MemoryContextSwitchTo(old);
	return transaction;
}

/* On which of these does an answer rest?  Knowledge that is stated rests on no record. */
static uint8
rests_on(const Transaction *transaction, int fact)
{
	uint8		rests = derived_fact(transaction->given->dictionary->facts[fact].name)->rests_on;

	if ((rests & RESTS_ON_KNOWLEDGE) && transaction_carries(transaction, "knowledge"))
		return RESTS_ON_KNOWLEDGE;
	return rests;
}

bool
transaction_rests_on(const Transaction *transaction, uint8 changed)
{
	for (int i = 0; i < transaction->n_asked; i++)
		if (rests_on(transaction, transaction->asked[i]) & changed)
			return true;
	return false;
}

Transaction *
transaction_under(const Transaction *chosen, Inquiry *inquiry, uint8 changed)
{
	Transaction *other = transaction_begin(inquiry, chosen->given);

	memcpy(other->parties, chosen->parties, sizeof(other->parties));
	if (changed & RESTS_ON_PERSON)
		for (DealRole role = DEAL_INVESTOR; role < N_DEAL_ROLES; role++)
			other->parties[role].person = NULL;
	for (int i = 0; i < chosen->n_asked; i++)
	{
		int			fact = chosen->asked[i];

		if (rests_on(chosen, fact) & changed)
			continue;
		other->derived[fact] = chosen->derived[fact];
		other->computed[fact] = true;
	}
	return other;
}

bool
transaction_differs(const Transaction *chosen, Transaction *other, uint8 changed)
{
	for (int i = 0; i < chosen->n_asked; i++)
	{
		int			fact = chosen->asked[i];
		const FactValue *value;

		if (!(rests_on(chosen, fact) & changed))
			continue;
		value = fact_value(other, fact);
		if (value->state != chosen->derived[fact].state || value->boolean != chosen->derived[fact].boolean)
			return true;
	}
	return false;
}

bool
transaction_fact_role(const char *fact, DealRole *role)
{
	for (DealRole r = DEAL_INVESTOR; r < N_DEAL_ROLES; r++)
		if (strncmp(fact, deal_role_facts[r], strlen(deal_role_facts[r])) == 0 && fact[strlen(deal_role_facts[r])] == '_')
		{
			*role = r;
			return true;
		}
	return false;
}

FactSource
transaction_facts(Transaction *transaction)
{
	FactSource	source = {fact_value, transaction};

	return source;
}

Ternary
transaction_boolean(Transaction *transaction, const char *name)
{
	int			fact = fact_lookup(transaction->given->dictionary, name);
	const FactValue *value;

	if (fact < 0)
		return TERNARY_FALSE;
	value = fact_value(transaction, fact);
	return value->state == FACT_UNKNOWN ? TERNARY_UNKNOWN :
		ternary_of(value->state == FACT_KNOWN && value->boolean);
}

void
transaction_missing(Transaction *transaction, const uint8 *missing, MissingList *list)
{
	const FactDictionary *dictionary = transaction->given->dictionary;

	for (int fact = 0; fact < dictionary->n_facts; fact++)
	{
		if (!missing[fact])
			continue;
		if (dictionary->facts[fact].derived)
			derived_fact(dictionary->facts[fact].name)->missing(transaction, list);
		else
			missing_add(list, dictionary->facts[fact].name);
	}
}
