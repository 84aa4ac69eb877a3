/*
 * transaction.c
 *		Derived facts of a deal: computed when a condition asks, once.
 *
 * Each derived fact is one entry of a table: its name in the dictionary, the question
 * it stands for, and what it hangs on while it is unknown.  No rule is decided here.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "read/country.h"
#include "screen/settled.h"
#include "screen/transaction.h"

typedef struct DerivedFact
{
	const char *name;
	Ternary		(*ask) (Transaction *transaction);
	void		(*missing) (Transaction *transaction, MissingList *list);
	uint8		rests_on;		/* RESTS_ON_*: what of it readings can change */
} DerivedFact;

#define RESTS_ON_PERSON (RESTS_ON_CONCERN | RESTS_ON_FIGURES | RESTS_ON_ACTIVITIES)

static const char *const role_facts[N_DEAL_ROLES] = {
	"investor", "target", "joint_venture_partner", "fund_investee", "directing_person"
};

/* The given value of a fact by name. */
static const FactValue *
given(Transaction *transaction, const char *name)
{
	int			fact = fact_lookup(transaction->given->dictionary, name);

	if (fact < 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("fact \"%s\" is not in the dictionary", name)));
	return &transaction->given->values[fact];
}

static bool
is_carried(const Transaction *transaction, const char *name)
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
	id = given(transaction, role_facts[role]);
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
	const FactValue *type = given(transaction, "transaction_type");
	const FactDefinition *fact;

	if (type->state != FACT_KNOWN || type->choice < 0)
		return DEAL_TARGET;
	fact = &transaction->given->dictionary->facts[fact_lookup(transaction->given->dictionary, "transaction_type")];
	return strcmp(fact->allowed[type->choice], "limited_partner") == 0 ? DEAL_FUND_INVESTEE : DEAL_TARGET;
}

/* A question about a party that the deal may not name. */
static Ternary
ask_party(Transaction *transaction, DealRole role, Ternary (*question) (Inquiry *inquiry, NodeId party))
{
	DealParty  *party = transaction_party(transaction, role);

	return party->named ? question(transaction->inquiry, party->node) : TERNARY_UNKNOWN;
}

/* What a question about a party hangs on: its name, its rows, or what they leave open. */
static void
missing_of_party(Transaction *transaction, DealRole role, MissingList *list,
				 void (*missing) (Inquiry *inquiry, NodeId party, MissingList *list))
{
	DealParty  *party = transaction_party(transaction, role);

	if (!party->named)
		missing_add(list, role_facts[role]);
	else if (!party->known)
		missing_add(list, psprintf("party(%s)", graph_node(transaction->inquiry->nb->graph, party->node)->id));
	else
		missing(transaction->inquiry, party->node, list);
}

/* A part of what is known of a party as a covered foreign person. */
static Ternary
ask_foreign_person(Transaction *transaction, DealRole role, size_t offset)
{
	ForeignPerson *person = transaction_foreign_person(transaction, role);

	return person ? *(Ternary *) ((char *) person + offset) : TERNARY_UNKNOWN;
}

/* What a part of a covered foreign person hangs on. */
static void
missing_of_person(Transaction *transaction, DealRole role, MissingList *list,
				  void (*missing) (Inquiry *inquiry, NodeId party, const ForeignPerson *person, MissingList *list))
{
	ForeignPerson *person = transaction_foreign_person(transaction, role);

	if (!transaction->parties[role].named)
		missing_add(list, role_facts[role]);
	else if (!transaction->parties[role].known)
		missing_add(list, psprintf("party(%s)", graph_node(transaction->inquiry->nb->graph,
														   transaction->parties[role].node)->id));
	else
		missing(transaction->inquiry, transaction->parties[role].node, person, list);
}

static void
missing_foreign_person(Transaction *transaction, DealRole role, MissingList *list)
{
	missing_of_person(transaction, role, list, foreign_person_missing);
}

static void
missing_class(Transaction *transaction, DealRole role, MissingList *list)
{
	missing_of_person(transaction, role, list, foreign_person_class_missing);
}

static void
missing_activity(Transaction *transaction, DealRole role, MissingList *list)
{
	ForeignPerson *person = transaction_foreign_person(transaction, role);

	if (person == NULL || !transaction->parties[role].known)
		missing_foreign_person(transaction, role, list);
	else
		missing_merge(list, &person->activity.missing);
}

static Ternary
ask_on_list(Transaction *transaction, DealRole role)
{
	DealParty  *party = transaction_party(transaction, role);

	return party->named ? on_relevant_list(transaction->inquiry, party->node, &transaction->list_cite) :
		TERNARY_UNKNOWN;
}

static void
missing_on_list(Transaction *transaction, DealRole role, MissingList *list)
{
	DealParty  *party = transaction_party(transaction, role);

	if (!party->named)
		missing_add(list, role_facts[role]);
	else if (party->known)
	{
		listed_missing(transaction->inquiry, party->node, list);
		for (int i = 0; i < transaction->inquiry->book->n_lists; i++)
			if (transaction->inquiry->book->lists[i].test != NULL)
				membership_missing(transaction->inquiry, transaction->inquiry->book->lists[i].test,
								   party->node, list);
	}
}

/* 850.501(f): employment pays individuals. */
static Ternary
ask_individual(Inquiry *inquiry, NodeId party)
{
	PartyKind	kind = neighbourhood_party(inquiry->nb, party)->kind;

	return kind == PARTY_KIND_UNKNOWN ? TERNARY_UNKNOWN : ternary_of(kind == PARTY_INDIVIDUAL);
}

static void
individual_missing(Inquiry *inquiry, NodeId party, MissingList *missing)
{
	if (ask_individual(inquiry, party) == TERNARY_UNKNOWN)
		missing_party(missing, inquiry, party, "kind");
}

/* Note 1 to 850.210: does it act for a U.S. person, as an intermediary? */
static Ternary
acts_for_us_person(Inquiry *inquiry, NodeId party)
{
	const GraphNode *node = graph_node(inquiry->nb->graph, party);
	Ternary		any = TERNARY_FALSE;

	for (uint32 i = 0; i < node->n_principals; i++)
		if (node->principals[i].kind == INTEREST_ACTS_FOR)
			any = ternary_or(any, us_person(inquiry, node->principals[i].principal));
	return any == TERNARY_FALSE && inquiry->nb->row_security ? TERNARY_UNKNOWN : any;
}

static void
acts_for_us_person_missing(Inquiry *inquiry, NodeId party, MissingList *missing)
{
	const GraphNode *node = graph_node(inquiry->nb->graph, party);

	for (uint32 i = 0; i < node->n_principals; i++)
		if (node->principals[i].kind == INTEREST_ACTS_FOR)
			us_person_missing(inquiry, node->principals[i].principal, missing);
}

/* Do companies on the Entity List or the Military End-User List own half of it (850.224(m)(1), (2); A-26)? */
static Ternary
owned_by_listed(Inquiry *inquiry, NodeId party)
{
	return grade_ternary(membership_grade(inquiry, TEST_LISTED_AFFILIATES, party));
}

static void
owned_by_listed_missing(Inquiry *inquiry, NodeId party, MissingList *missing)
{
	listed_missing(inquiry, party, missing);
	membership_missing(inquiry, TEST_LISTED_AFFILIATES, party, missing);
}

/* One ask and one missing function per derived fact about a party. */
#define PARTY_FACT(fact, role, question, missing_function) \
static Ternary ask_##fact(Transaction *t) { return ask_party(t, role, question); } \
static void missing_##fact(Transaction *t, MissingList *l) { missing_of_party(t, role, l, missing_function); }

PARTY_FACT(investor_is_us_person, DEAL_INVESTOR, us_person, us_person_missing)
PARTY_FACT(investor_acts_for_us_person, DEAL_INVESTOR, acts_for_us_person, acts_for_us_person_missing)
PARTY_FACT(investor_is_individual, DEAL_INVESTOR, ask_individual, individual_missing)
PARTY_FACT(investor_is_cfe, DEAL_INVESTOR, has_us_parent, controlled_foreign_entity_missing)
PARTY_FACT(directing_is_us_person, DEAL_DIRECTING_PERSON, us_person, us_person_missing)
PARTY_FACT(target_is_us_person, DEAL_TARGET, us_person, us_person_missing)
PARTY_FACT(target_is_cfe, DEAL_TARGET, has_us_parent, controlled_foreign_entity_missing)
PARTY_FACT(target_is_pcc, DEAL_TARGET, person_of_country_of_concern, person_of_concern_missing)
PARTY_FACT(target_owned_by_listed, DEAL_TARGET, owned_by_listed, owned_by_listed_missing)
PARTY_FACT(investee_owned_by_listed, DEAL_FUND_INVESTEE, owned_by_listed, owned_by_listed_missing)
PARTY_FACT(partner_is_pcc, DEAL_JOINT_VENTURE_PARTNER, person_of_country_of_concern, person_of_concern_missing)
PARTY_FACT(investee_is_pcc, DEAL_FUND_INVESTEE, person_of_country_of_concern, person_of_concern_missing)

/* The same for what is known of a party as a covered foreign person. */
#define PERSON_FACT(fact, role, member, missing_function) \
static Ternary ask_##fact(Transaction *t) { return ask_foreign_person(t, role, offsetof(ForeignPerson, member)); } \
static void missing_##fact(Transaction *t, MissingList *l) { missing_function(t, role, l); }

PERSON_FACT(target_covered, DEAL_TARGET, covered, missing_foreign_person)
PERSON_FACT(target_does_prohibited, DEAL_TARGET, activity.prohibited, missing_activity)
PERSON_FACT(target_does_covered, DEAL_TARGET, activity.covered, missing_activity)
PERSON_FACT(target_holds_prohibited, DEAL_TARGET, holds_prohibited, missing_class)
PERSON_FACT(target_holds_covered, DEAL_TARGET, holds_covered, missing_foreign_person)
PERSON_FACT(investee_covered, DEAL_FUND_INVESTEE, covered, missing_foreign_person)
PERSON_FACT(investee_does_prohibited, DEAL_FUND_INVESTEE, activity.prohibited, missing_activity)
PERSON_FACT(investee_does_covered, DEAL_FUND_INVESTEE, activity.covered, missing_activity)
PERSON_FACT(investee_holds_prohibited, DEAL_FUND_INVESTEE, holds_prohibited, missing_class)
PERSON_FACT(investee_holds_covered, DEAL_FUND_INVESTEE, holds_covered, missing_foreign_person)

static Ternary
ask_target_on_list(Transaction *t)
{
	return ask_on_list(t, DEAL_TARGET);
}

static void
missing_target_on_list(Transaction *t, MissingList *l)
{
	missing_on_list(t, DEAL_TARGET, l);
}

static Ternary
ask_investee_on_list(Transaction *t)
{
	return ask_on_list(t, DEAL_FUND_INVESTEE);
}

static void
missing_investee_on_list(Transaction *t, MissingList *l)
{
	missing_on_list(t, DEAL_FUND_INVESTEE, l);
}

/* 850.210(a)(4): where the asset is. */
static Ternary
ask_asset_in_country_of_concern(Transaction *t)
{
	const FactValue *country = given(t, "asset_country");

	if (country->state == FACT_NOT_CLAIMED)
		return TERNARY_FALSE;
	if (country->state != FACT_KNOWN || country->text == NULL)
		return TERNARY_UNKNOWN;
	return country_class(t->inquiry->book, country->text).concern;
}

static void
missing_asset_in_country_of_concern(Transaction *t, MissingList *l)
{
	missing_add(l, "asset_country");
}

/* The type of the transaction as text, or NULL where it is not known. */
static const char *
transaction_type(Transaction *t)
{
	const FactValue *type = given(t, "transaction_type");
	const FactDefinition *fact = &t->given->dictionary->facts[fact_lookup(t->given->dictionary, "transaction_type")];

	return type->state == FACT_KNOWN && type->choice >= 0 ? fact->allowed[type->choice] : NULL;
}

/* Whose country 850.501(g) looks at: the target's, and by type the partner's or the investee's. */
static int
third_country_roles(const char *type, DealRole *roles)
{
	int			n = 0;

	roles[n++] = DEAL_TARGET;
	if (type == NULL || strcmp(type, "joint_venture") == 0)
		roles[n++] = DEAL_JOINT_VENTURE_PARTNER;
	if (type == NULL || strcmp(type, "limited_partner") == 0)
		roles[n++] = DEAL_FUND_INVESTEE;
	return n;
}

/* Is the party organized in a country for which this type was determined?  NULL may be any type. */
static Ternary
in_third_country(Transaction *t, DealRole role, const char *type)
{
	const RuleBook *book = t->inquiry->book;
	DealParty  *party = transaction_party(t, role);
	const Party *row;
	Ternary		any = TERNARY_FALSE;

	if (!party->named)
		return role == DEAL_TARGET ? TERNARY_UNKNOWN : TERNARY_FALSE;
	row = neighbourhood_party(t->inquiry->nb, party->node);
	/* of individuals only the deal's own fact tells */
	if (row->kind == PARTY_INDIVIDUAL)
		return TERNARY_FALSE;
	for (int i = 0; i < book->n_third_countries; i++)
	{
		const ThirdCountry *third = &book->third_countries[i];
		Ternary		same_type = type == NULL ? TERNARY_UNKNOWN : ternary_of(strcmp(third->transaction_type, type) == 0);
		Ternary		same_country = row->organized_in[0] == '\0' ? TERNARY_UNKNOWN :
			ternary_of(strcmp(third->country, row->organized_in) == 0);

		any = ternary_or(any, ternary_and(same_type, same_country));
	}
	return any;
}

/* 850.501(g): by table third_country, unless the deal states it. */
static Ternary
ask_third_country(Transaction *t)
{
	const char *type = transaction_type(t);
	DealRole	roles[3];
	Ternary		any = TERNARY_FALSE;
	int			n;

	if (t->inquiry->book->n_third_countries == 0 || is_carried(t, "third_country_determination"))
		return TERNARY_FALSE;
	n = third_country_roles(type, roles);
	for (int i = 0; i < n; i++)
		any = ternary_or(any, in_third_country(t, roles[i], type));
	return any;
}

static void
missing_third_country(Transaction *t, MissingList *l)
{
	const char *type = transaction_type(t);
	DealRole	roles[3];
	int			n = third_country_roles(type, roles);

	if (type == NULL)
		missing_add(l, "transaction_type");
	for (int i = 0; i < n; i++)
	{
		DealParty  *party = &t->parties[roles[i]];

		if (in_third_country(t, roles[i], type) != TERNARY_UNKNOWN)
			continue;
		if (!party->named)
			missing_add(l, role_facts[roles[i]]);
		else if (neighbourhood_party(t->inquiry->nb, party->node)->organized_in[0] == '\0')
			missing_party(l, t->inquiry, party->node, "organized_under");
	}
}

/* Does the deal's own counterparty stand in the records as covered? */
static Ternary
records_say(Transaction *t)
{
	DealRole	role = transaction_relevant_role(t);
	const char *type = transaction_type(t);

	if (type != NULL && strcmp(type, "joint_venture") == 0)
		return ternary_and(ask_partner_is_pcc(t), ask_target_does_covered(t));
	if (type != NULL && strcmp(type, "asset") == 0)
		return ask_target_does_covered(t);
	return ask_foreign_person(t, role, offsetof(ForeignPerson, covered));
}

/* What not to know is worth: nothing where no inquiry was made (850.104(b), A-44). */
static Ternary
without_knowledge(Transaction *t)
{
	const FactValue *inquiry_made = given(t, "reasonable_inquiry");

	if (inquiry_made->state == FACT_KNOWN && inquiry_made->boolean)
		return TERNARY_FALSE;
	return reading_is(t->inquiry, "A-44", "undetermined") ? TERNARY_UNKNOWN : TERNARY_TRUE;
}

/* What is unknown of knowledge is settled where an inquiry certainly was not made: it would be held to have been there. */
static Ternary
with_unknown_knowledge(Transaction *t)
{
	const FactValue *inquiry_made = given(t, "reasonable_inquiry");

	return inquiry_made->state == FACT_KNOWN && !inquiry_made->boolean ? without_knowledge(t) : TERNARY_UNKNOWN;
}

/*
 * Knowledge as the limbs mean it (850.216, 850.104): as given; refused by an inquiry
 * that was not made; and not stated at all, what the records say.
 */
static Ternary
ask_knows(Transaction *t)
{
	const FactValue *knowledge = given(t, "knowledge");

	if (!is_carried(t, "knowledge"))
		return reading_is(t->inquiry, "A-46", "unknown") ? TERNARY_UNKNOWN : records_say(t);
	if (knowledge->state == FACT_UNKNOWN)
		return with_unknown_knowledge(t);
	if (knowledge->state == FACT_KNOWN && knowledge->boolean)
		return TERNARY_TRUE;
	return without_knowledge(t);
}

/* What was known, and whether there was an inquiry: each may settle it. */
static void
missing_either(Transaction *t, const char *known, MissingList *l)
{
	bool		open = given(t, known)->state == FACT_UNKNOWN;

	if (open)
		missing_add(l, known);
	if (given(t, "reasonable_inquiry")->state == FACT_UNKNOWN && !(open && reading_is(t->inquiry, "A-44", "undetermined")))
		missing_add(l, "reasonable_inquiry");
}

static void
missing_knows(Transaction *t, MissingList *l)
{
	if (!is_carried(t, "knowledge") && !reading_is(t->inquiry, "A-46", "unknown"))
		missing_foreign_person(t, transaction_relevant_role(t), l);
	else
		missing_either(t, "knowledge", l);
}

/* The same of 850.210(a)(6), which asks what the fund likely will do. */
static Ternary
ask_knows_fund(Transaction *t)
{
	const FactValue *likely = given(t, "fund_likely_invests");

	if (likely->state == FACT_UNKNOWN)
		return with_unknown_knowledge(t);
	return likely->state == FACT_KNOWN && likely->boolean ? TERNARY_TRUE : without_knowledge(t);
}

static void
missing_knows_fund(Transaction *t, MissingList *l)
{
	missing_either(t, "fund_likely_invests", l);
}

static const DerivedFact derived_facts[] = {
	{"investor_is_us_person", ask_investor_is_us_person, missing_investor_is_us_person, 0},
	{"investor_acts_for_us_person", ask_investor_acts_for_us_person, missing_investor_acts_for_us_person, 0},
	{"investor_is_individual", ask_investor_is_individual, missing_investor_is_individual, 0},
	{"investor_is_controlled_foreign_entity", ask_investor_is_cfe, missing_investor_is_cfe, RESTS_ON_PARENTS},
	{"directing_person_is_us_person", ask_directing_is_us_person, missing_directing_is_us_person, 0},
	{"target_is_us_person", ask_target_is_us_person, missing_target_is_us_person, 0},
	{"target_is_controlled_foreign_entity", ask_target_is_cfe, missing_target_is_cfe, RESTS_ON_PARENTS},
	{"target_is_person_of_country_of_concern", ask_target_is_pcc, missing_target_is_pcc, RESTS_ON_CONCERN},
	{"target_is_covered_foreign_person", ask_target_covered, missing_target_covered, RESTS_ON_PERSON},
	{"target_prohibited_activity", ask_target_does_prohibited, missing_target_does_prohibited, RESTS_ON_ACTIVITIES},
	{"target_covered_activity", ask_target_does_covered, missing_target_does_covered, RESTS_ON_ACTIVITIES},
	{"target_holds_prohibited", ask_target_holds_prohibited, missing_target_holds_prohibited, RESTS_ON_PERSON},
	{"target_holds_covered", ask_target_holds_covered, missing_target_holds_covered, RESTS_ON_PERSON},
	{"target_on_relevant_list", ask_target_on_list, missing_target_on_list, RESTS_ON_LISTS},
	{"joint_venture_partner_is_person_of_country_of_concern", ask_partner_is_pcc, missing_partner_is_pcc, RESTS_ON_CONCERN},
	{"fund_investee_is_person_of_country_of_concern", ask_investee_is_pcc, missing_investee_is_pcc, RESTS_ON_CONCERN},
	{"fund_investee_is_covered_foreign_person", ask_investee_covered, missing_investee_covered, RESTS_ON_PERSON},
	{"fund_investee_prohibited_activity", ask_investee_does_prohibited, missing_investee_does_prohibited, RESTS_ON_ACTIVITIES},
	{"fund_investee_covered_activity", ask_investee_does_covered, missing_investee_does_covered, RESTS_ON_ACTIVITIES},
	{"fund_investee_holds_prohibited", ask_investee_holds_prohibited, missing_investee_holds_prohibited, RESTS_ON_PERSON},
	{"fund_investee_holds_covered", ask_investee_holds_covered, missing_investee_holds_covered, RESTS_ON_PERSON},
	{"fund_investee_on_relevant_list", ask_investee_on_list, missing_investee_on_list, RESTS_ON_LISTS},
	{"asset_in_country_of_concern", ask_asset_in_country_of_concern, missing_asset_in_country_of_concern, 0},
	{"third_country_transaction", ask_third_country, missing_third_country, 0},
	{"target_owned_by_listed", ask_target_owned_by_listed, missing_target_owned_by_listed, 0},
	{"fund_investee_owned_by_listed", ask_investee_owned_by_listed, missing_investee_owned_by_listed, 0},
	{"knows_fund_likely_invests", ask_knows_fund, missing_knows_fund, RESTS_ON_KNOWLEDGE},
	{"knows", ask_knows, missing_knows, RESTS_ON_KNOWLEDGE | RESTS_ON_PERSON},
};

static const DerivedFact *
derived_fact(const char *name)
{
	for (int i = 0; i < lengthof(derived_facts); i++)
		if (strcmp(derived_facts[i].name, name) == 0)
			return &derived_facts[i];
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("derived fact \"%s\" has no computation", name)));
	return NULL;				/* keep the compiler quiet */
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

	if ((rests & RESTS_ON_KNOWLEDGE) && is_carried(transaction, "knowledge"))
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
		if (strncmp(fact, role_facts[r], strlen(role_facts[r])) == 0 && fact[strlen(role_facts[r])] == '_')
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
