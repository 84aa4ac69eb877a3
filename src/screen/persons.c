/*
 * persons.c
 *		Who is a U.S. person (850.229), a person of a country of concern (850.221),
 *		and who stands on a list (850.224(m)).
 */
#include "postgres.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "read/list_freshness.h"
#include "screen/inquiry.h"

#define MAX_BRANCH_DEPTH 64

/* What a party is by its own row, branches apart (850.229). */
Ternary
us_person_by_row(const Party *party)
{
	Ternary		individual = ternary_or(party->citizen_us, party->resident_us);
	Ternary		entity = party->organized_us;

	switch (party->kind)
	{
		case PARTY_INDIVIDUAL:
			return ternary_or(individual, party->located_us);
		case PARTY_KIND_UNKNOWN:
			return ternary_or(ternary_or(individual, entity), party->located_us);
		default:
			return ternary_or(entity, party->located_us);
	}
}

/* A foreign branch of a U.S. entity is that entity (850.229). */
static Ternary
us_person_at(Inquiry *inquiry, NodeId node, int depth)
{
	const GraphNode *gnode = graph_node(inquiry->nb->graph, node);
	Ternary		result = us_person_by_row(neighbourhood_party(inquiry->nb, node));

	if (depth > MAX_BRANCH_DEPTH)
		return ternary_or(result, TERNARY_UNKNOWN);
	for (uint32 i = 0; i < gnode->n_principals && result != TERNARY_TRUE; i++)
		if (gnode->principals[i].kind == INTEREST_BRANCH_OF && gnode->principals[i].principal != node)
			result = ternary_or(result, us_person_at(inquiry, gnode->principals[i].principal, depth + 1));
	return result;
}

Ternary
us_person(Inquiry *inquiry, NodeId party)
{
	return us_person_at(inquiry, party, 0);
}

/* Adds the columns that are unknown among those named. */
static void
columns_missing(Inquiry *inquiry, NodeId node, MissingList *missing,
				const Ternary *values, const char *const *columns, int n)
{
	for (int i = 0; i < n; i++)
		if (values[i] == TERNARY_UNKNOWN)
			missing_party(missing, inquiry, node, columns[i]);
}

void
us_person_missing(Inquiry *inquiry, NodeId node, MissingList *missing)
{
	const Party *party = neighbourhood_party(inquiry->nb, node);
	Ternary		individual[] = {party->citizen_us, party->resident_us, party->located_us};
	Ternary		entity[] = {party->organized_us, party->located_us};
	static const char *const individual_columns[] = {"citizenship", "permanent_residence", "located_in"};
	static const char *const entity_columns[] = {"organized_under", "located_in"};

	if (us_person(inquiry, node) != TERNARY_UNKNOWN)
		return;
	if (party->kind == PARTY_KIND_UNKNOWN)
		missing_party(missing, inquiry, node, "kind");
	if (party->kind == PARTY_INDIVIDUAL)
		columns_missing(inquiry, node, missing, individual, individual_columns, 3);
	else if (party->kind != PARTY_KIND_UNKNOWN)
		columns_missing(inquiry, node, missing, entity, entity_columns, 2);
}

/* 850.221(a): a citizen or permanent resident there, and neither here. */
static Ternary
individual_of_concern(const Party *party)
{
	return ternary_and(ternary_or(party->citizen_concern, party->resident_concern),
					   ternary_and(ternary_not(party->citizen_us), ternary_not(party->resident_us)));
}

/* 850.221(b): principal place of business, headquarters or law of organization, any one. */
static Ternary
entity_of_concern(const Party *party)
{
	return ternary_or(party->principal_place_concern,
					  ternary_or(party->headquarters_concern, party->organized_concern));
}

Ternary
government_by_row(const Party *party)
{
	if (party->kind == PARTY_GOVERNMENT)
		return party->organized_concern;
	if (party->kind == PARTY_KIND_UNKNOWN)
		return ternary_and(party->organized_concern, TERNARY_UNKNOWN);
	return TERNARY_FALSE;
}

Ternary
government_of_concern(Inquiry *inquiry, NodeId node)
{
	return government_by_row(neighbourhood_party(inquiry->nb, node));
}

Ternary
base_person_by_row(const Party *party)
{
	switch (party->kind)
	{
		case PARTY_INDIVIDUAL:
			return individual_of_concern(party);
		case PARTY_GOVERNMENT:
			return party->organized_concern;
		case PARTY_KIND_UNKNOWN:
			/* places of an organization say that it is no individual */
			if (party->organized_concern != TERNARY_UNKNOWN)
				return entity_of_concern(party);
			return ternary_or(entity_of_concern(party) == TERNARY_TRUE ? TERNARY_TRUE : TERNARY_UNKNOWN,
							  individual_of_concern(party));
		default:
			return entity_of_concern(party);
	}
}

Ternary
base_person_of_concern(Inquiry *inquiry, NodeId node)
{
	return base_person_by_row(neighbourhood_party(inquiry->nb, node));
}

void
base_person_missing(Inquiry *inquiry, NodeId node, MissingList *missing)
{
	const Party *party = neighbourhood_party(inquiry->nb, node);
	Ternary		individual[] = {ternary_or(party->citizen_concern == TERNARY_TRUE ? TERNARY_TRUE : TERNARY_FALSE,
										   party->citizen_concern), party->resident_concern};
	Ternary		entity[] = {party->organized_concern, party->headquarters_concern,
	party->principal_place_concern};
	static const char *const individual_columns[] = {"citizenship", "permanent_residence"};
	static const char *const entity_columns[] = {"organized_under", "headquarters",
	"principal_place_of_business"};

	if (base_person_of_concern(inquiry, node) != TERNARY_UNKNOWN)
		return;
	switch (party->kind)
	{
		case PARTY_INDIVIDUAL:
			if (party->citizen_us == TERNARY_UNKNOWN)
				individual[0] = TERNARY_UNKNOWN;
			if (party->resident_us == TERNARY_UNKNOWN)
				individual[1] = TERNARY_UNKNOWN;
			columns_missing(inquiry, node, missing, individual, individual_columns, 2);
			break;
		case PARTY_GOVERNMENT:
			columns_missing(inquiry, node, missing, entity, entity_columns, 1);
			break;
		case PARTY_KIND_UNKNOWN:
			missing_party(missing, inquiry, node, "kind");
			break;
		default:
			columns_missing(inquiry, node, missing, entity, entity_columns, 3);
	}
}

void
person_of_concern_missing(Inquiry *inquiry, NodeId party, MissingList *missing)
{
	membership_missing(inquiry, TEST_COUNTRY_OF_CONCERN, party, missing);
}

/* The limb of 850.221 by which a party is one: (a) and (b) by its row, (c) by the government's test, (d) and (e) by tier. */
static const char *
limb_at(Inquiry *inquiry, NodeId node, int depth)
{
	const Party *party = neighbourhood_party(inquiry->nb, node);
	const GraphNode *gnode = graph_node(inquiry->nb->graph, node);
	Membership *membership;
	int			tier;

	if (person_of_country_of_concern(inquiry, node) != TERNARY_TRUE)
		return NULL;
	if (government_of_concern(inquiry, node) == TERNARY_TRUE)
		return "c";
	if (base_person_of_concern(inquiry, node) == TERNARY_TRUE)
		return party->kind == PARTY_INDIVIDUAL ? "a" : "b";
	if (membership_grade(inquiry, TEST_GOVERNMENT, node) == GRADE_DEFINITE)
		return "c";
	/* a branch is its entity, and has its limb */
	for (uint32 i = 0; i < gnode->n_principals && depth < MAX_BRANCH_DEPTH; i++)
		if (gnode->principals[i].kind == INTEREST_BRANCH_OF &&
			person_of_country_of_concern(inquiry, gnode->principals[i].principal) == TERNARY_TRUE)
			return limb_at(inquiry, gnode->principals[i].principal, depth + 1);
	membership = membership_run(inquiry, TEST_COUNTRY_OF_CONCERN, &node);
	tier = membership_tier(inquiry, membership, node);
	return tier < 0 ? "d-e" : tier <= 1 ? "d" : "e";
}

const char *
person_of_concern_limb(Inquiry *inquiry, NodeId node)
{
	return limb_at(inquiry, node, 0);
}

/* The ids of a cone's parties whose listings have not been read yet; marks them read. */
static uint32
unread_ids(Inquiry *inquiry, NodeId target, uint8 *loaded, const char ***ids)
{
	NodeId	   *nodes;
	uint32		n = graph_cone(&inquiry->env, inquiry->nb->graph, target, &nodes);
	uint32		n_ids = 0;

	*ids = palloc_extended(mul_size(sizeof(char *), n), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n; i++)
		if (loaded[nodes[i]] == MEMO_EMPTY)
		{
			loaded[nodes[i]] = 1;
			(*ids)[n_ids++] = graph_node(inquiry->nb->graph, nodes[i])->id;
		}
	return n_ids;
}

/* Notes one entry of a list. */
static void
note_listing(Inquiry *inquiry, const char *id, const char *list)
{
	NodeId		node;
	int			l;

	if (id == NULL || !graph_find(inquiry->nb->graph, id, strlen(id), &node))
		return;
	for (l = 0; l < inquiry->book->n_lists; l++)
		if (list != NULL && strcmp(inquiry->book->lists[l].list, list) == 0)
			break;
	/* a list the rule book does not know might be any of them */
	inquiry_data_memo(inquiry, l < inquiry->book->n_lists ?
					  psprintf("list:%s", list) : "list unmapped")[node] = 1;
}

/* Reads the listings of some parties; of everybody, where the whole graph is at hand. */
static void
read_listings(Inquiry *inquiry, const char *const *ids, uint32 n)
{
	Neighbourhood *nb = inquiry->nb;
	const SourceRelation *r = &nb->schema->relations[SOURCE_LISTING];
	uint64		rows;

	SPI_connect();
	rows = neighbourhood_query(nb, psprintf("SELECT %s, %s FROM %s l WHERE %s%s",
											source_column(r, "l", "party_id", "text"), source_column(r, "l", "list", "text"),
											r->qualified_name, nb->whole ? "$1 IS NOT NULL" : "l.party_id OPERATOR(pg_catalog.=) ANY ($1)",
											source_validity(r, "l", 2)), source_id_array(nb->schema, ids, (int) n), true);
	for (uint64 row = 0; row < rows; row++)
	{
		CHECK_FOR_INTERRUPTS();
		note_listing(inquiry, SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, 1),
					 SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, 2));
	}
	SPI_finish();
}

/* Reads the listings of every party of a cone that has not been read yet. */
static void
load_listings(Inquiry *inquiry, NodeId target)
{
	Neighbourhood *nb = inquiry->nb;
	uint8	   *loaded = inquiry_data_memo(inquiry, "listings loaded");
	const char **ids;
	uint32		n;

	/* a party is read with its whole cone, so that what is above it has been read too */
	if (loaded[target] != MEMO_EMPTY)
		return;
	if (nb->whole)
	{
		memset(loaded, 1, graph_size(nb->graph));
		read_listings(inquiry, NULL, 0);
		return;
	}
	n = unread_ids(inquiry, target, loaded, &ids);
	for (uint32 at = 0; at < n; at += QUERY_IDS)
		read_listings(inquiry, ids + at, Min(n - at, QUERY_IDS));
}

/* Is the list too old, or shorter than before, so that whoever is not on it may be?  Asked once a neighbourhood. */
static bool
is_stale(Inquiry *inquiry, const char *list)
{
	const RuleBook *book = inquiry->book;
	uint8	   *some = inquiry_data_memo(inquiry, "some list stale");

	if (*some == MEMO_EMPTY)
	{
		bool	   *stale = stale_lists(book, inquiry->nb->as_of);

		*some = 0;
		for (int i = 0; i < book->n_lists; i++)
			if (stale[i])
			{
				*some = 1;
				inquiry_data_memo(inquiry, psprintf("list stale:%s", book->lists[i].list))[0] = 1;
			}
	}
	return *some == 1 && inquiry_data_memo(inquiry, psprintf("list stale:%s", list))[0] == 1;
}

Ternary
listed(Inquiry *inquiry, NodeId party, const char *list)
{
	load_listings(inquiry, party);
	if (inquiry_data_memo(inquiry, psprintf("list:%s", list))[party] == 1)
		return TERNARY_TRUE;
	return inquiry_data_memo(inquiry, "list unmapped")[party] == 1 || inquiry->nb->row_security ||
		is_stale(inquiry, list) ? TERNARY_UNKNOWN : TERNARY_FALSE;
}

void
listed_missing(Inquiry *inquiry, NodeId party, MissingList *missing)
{
	for (int i = 0; i < inquiry->book->n_lists; i++)
	{
		const ListRow *list = &inquiry->book->lists[i];

		if (list->relevant && listed(inquiry, party, list->list) == TERNARY_UNKNOWN && is_stale(inquiry, list->list))
			missing_add(missing, psprintf("list(%s)", list->list));
	}
}

/* 850.224(m): on a relevant list itself, or held so that the list extends to it. */
Ternary
on_relevant_list(Inquiry *inquiry, NodeId party, const char **cite)
{
	Ternary		result = TERNARY_FALSE;

	for (int i = 0; i < inquiry->book->n_lists; i++)
	{
		const ListRow *list = &inquiry->book->lists[i];
		Ternary		one;

		if (!list->relevant)
			continue;
		one = listed(inquiry, party, list->list);
		if (list->test != NULL && one != TERNARY_TRUE)
			one = ternary_or(one, grade_ternary(membership_grade(inquiry, list->test, party)));
		if (one == TERNARY_TRUE && result != TERNARY_TRUE)
			*cite = list->cite;
		result = ternary_or(result, one);
	}
	return result;
}
