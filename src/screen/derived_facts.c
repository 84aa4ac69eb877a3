/*
 * derived_facts.c
 *		The facts of a deal that follow from the records: a table of their names, the
 *		questions they stand for, and what they hang on while they are unknown.
 *
 * No rule is decided here.
 */
#include "postgres.h"

#include "read/country.h"
#include "screen/derived_facts.h"
#include "screen/settled.h"

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
		missing_add(list, deal_role_facts[role]);
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
		missing_add(list, deal_role_facts[role]);
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
		missing_add(list, deal_role_facts[role]);
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

/* The same for whether it is on a relevant list. */
#define LIST_FACT(fact, role) \
static Ternary ask_##fact(Transaction *t) { return ask_on_list(t, role); } \
static void missing_##fact(Transaction *t, MissingList *l) { missing_on_list(t, role, l); }

LIST_FACT(target_on_list, DEAL_TARGET)
LIST_FACT(investee_on_list, DEAL_FUND_INVESTEE)

/* 850.210(a)(4): where the asset is. */
static Ternary
ask_asset_in_country_of_concern(Transaction *t)
{
	const FactValue *country = transaction_given(t, "asset_country");

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
	const FactValue *type = transaction_given(t, "transaction_type");
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

	if (t->inquiry->book->n_third_countries == 0 || transaction_carries(t, "third_country_determination"))
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
			missing_add(l, deal_role_facts[roles[i]]);
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
	const FactValue *inquiry_made = transaction_given(t, "reasonable_inquiry");

	if (inquiry_made->state == FACT_KNOWN && inquiry_made->boolean)
		return TERNARY_FALSE;
	return reading_is(t->inquiry, "A-44", "undetermined") ? TERNARY_UNKNOWN : TERNARY_TRUE;
}

/* What is unknown of knowledge is settled where an inquiry certainly was not made: it would be held to have been there. */
static Ternary
with_unknown_knowledge(Transaction *t)
{
	const FactValue *inquiry_made = transaction_given(t, "reasonable_inquiry");

	return inquiry_made->state == FACT_KNOWN && !inquiry_made->boolean ? without_knowledge(t) : TERNARY_UNKNOWN;
}

/*
 * Knowledge as the limbs mean it (850.216, 850.104): as given; refused by an inquiry
 * that was not made; and not stated at all, what the records say.
 */
static Ternary
ask_knows(Transaction *t)
{
	const FactValue *knowledge = transaction_given(t, "knowledge");

	if (!transaction_carries(t, "knowledge"))
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
	bool		open = transaction_given(t, known)->state == FACT_UNKNOWN;

	if (open)
		missing_add(l, known);
	if (transaction_given(t, "reasonable_inquiry")->state == FACT_UNKNOWN && !(open && reading_is(t->inquiry, "A-44", "undetermined")))
		missing_add(l, "reasonable_inquiry");
}

static void
missing_knows(Transaction *t, MissingList *l)
{
	if (!transaction_carries(t, "knowledge") && !reading_is(t->inquiry, "A-46", "unknown"))
		missing_foreign_person(t, transaction_relevant_role(t), l);
	else
		missing_either(t, "knowledge", l);
}

/* The same of 850.210(a)(6), which asks what the fund likely will do. */
static Ternary
ask_knows_fund(Transaction *t)
{
	const FactValue *likely = transaction_given(t, "fund_likely_invests");

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

const DerivedFact *
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
