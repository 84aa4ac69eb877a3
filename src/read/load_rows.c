/*
 * load_rows.c
 *		Rows of the relations party and interest on their way into the graph: the SQL
 *		that asks for them, and what each column means.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "read/contract_words.h"
#include "read/country.h"
#include "read/load_rows.h"
#include "types/share.h"

/* Makes room for the graph's newest parties; new ones know nothing. */
void
reserve_parties(Neighbourhood *nb)
{
	uint32		n = graph_size(nb->graph);
	Party	   *grown;
	uint32		allocated;

	if (n <= nb->n_parties)
		return;
	allocated = Max(n, nb->n_parties * 2);
	allocated = Max(allocated, 64);
	grown = MemoryContextAllocHuge(nb->context, mul_size(sizeof(Party), allocated));
	for (uint32 i = 0; i < allocated; i++)
	{
		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (i < nb->n_parties)
			grown[i] = nb->parties[i];
		else
			grown[i] = (Party) {.kind = PARTY_KIND_UNKNOWN};
	}
	if (nb->parties)
		pfree(nb->parties);
	nb->parties = grown;
	nb->n_parties = allocated;
}

/* The text of a column of the current SPI result, or NULL; in the current context. */
char *
spi_text(uint64 row, int column)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);
}

static PartyKind
party_kind(const char *word)
{
	return (PartyKind) word_place(word, party_kind_words, lengthof(party_kind_words), PARTY_KIND_UNKNOWN);
}

static InterestKind
interest_kind(const char *word)
{
	return (InterestKind) word_place(word, interest_kind_words, lengthof(interest_kind_words), INTEREST_UNMAPPED);
}

/* Is any country of an array in the United States, in a country of concern? NULLs leave it open. */
static CountryClass
countries_class(const RuleBook *book, uint64 row, int column)
{
	CountryClass any = {TERNARY_UNKNOWN, TERNARY_UNKNOWN};
	bool		isnull;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull);
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	if (isnull)
		return any;
	any.united_states = any.concern = TERNARY_FALSE;
	deconstruct_array(DatumGetArrayTypeP(value), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		CountryClass one = country_class(book, nulls[i] ? NULL : TextDatumGetCString(elements[i]));

		any.united_states = ternary_or(any.united_states, one.united_states);
		any.concern = ternary_or(any.concern, one.concern);
	}
	return any;
}

/* What two rows about one party agree on. */
static Ternary
agreed(bool first, Ternary before, Ternary now)
{
	return first || before == now ? now : TERNARY_UNKNOWN;
}

/* The same of places: the alpha-2 code, or none. */
static void
agreed_country(bool first, char place[3], const char *code)
{
	char		now[3];

	country_of(code, now);
	strlcpy(place, first || strcmp(place, now) == 0 ? now : "", 3);
}

/* Reads one row of the party query into its place; several rows of one id must agree. */
void
read_party(Neighbourhood *nb, uint64 row)
{
	char	   *id = spi_text(row, 1);
	char	   *kind_word;
	char	   *register_word;
	NodeId		node;
	Party	   *party;
	GraphNode  *gnode;
	bool		first;
	PartyKind	kind;
	CountryClass class;
	RegisterState state;

	if (id == NULL || !graph_find(nb->graph, id, strlen(id), &node))
		return;
	party = &nb->parties[node];
	gnode = graph_node(nb->graph, node);
	first = !party->exists;
	party->exists = true;
	if (first)
		party->name = (register_word = spi_text(row, 2)) ? MemoryContextStrdup(nb->context, register_word) : NULL;
	kind_word = spi_text(row, 3);
	kind = party_kind(kind_word);
	party->kind = first || party->kind == kind ? kind : PARTY_KIND_UNKNOWN;
	class = countries_class(nb->book, row, 4);
	party->citizen_us = agreed(first, party->citizen_us, class.united_states);
	party->citizen_concern = agreed(first, party->citizen_concern, class.concern);
	class = countries_class(nb->book, row, 5);
	party->resident_us = agreed(first, party->resident_us, class.united_states);
	party->resident_concern = agreed(first, party->resident_concern, class.concern);
	class = country_class(nb->book, spi_text(row, 6));
	party->organized_us = agreed(first, party->organized_us, class.united_states);
	party->organized_concern = agreed(first, party->organized_concern, class.concern);
	class = country_class(nb->book, spi_text(row, 7));
	party->principal_place_concern = agreed(first, party->principal_place_concern, class.concern);
	class = country_class(nb->book, spi_text(row, 8));
	party->headquarters_concern = agreed(first, party->headquarters_concern, class.concern);
	class = country_class(nb->book, spi_text(row, 9));
	party->located_us = agreed(first, party->located_us, class.united_states);
	agreed_country(first, party->organized_in, spi_text(row, 6));
	agreed_country(first, party->principal_place_in, spi_text(row, 7));
	agreed_country(first, party->located_in, spi_text(row, 9));
	register_word = spi_text(row, 10);
	if (register_word == NULL)
		register_word = (char *) setting_value("register_default");
	state = (RegisterState) word_place(register_word, register_words, lengthof(register_words), REGISTER_OPEN);
	gnode->register_state = first || gnode->register_state == state ? state : REGISTER_OPEN;
	register_word = spi_text(row, 11);
	party->activity_complete = (first || party->activity_complete) &&
		register_word != NULL && strcmp(register_word, "complete") == 0;
	gnode->unheld = party->kind == PARTY_INDIVIDUAL || party->kind == PARTY_GOVERNMENT;
	gnode->pooled_fund = party->kind == PARTY_KIND_UNKNOWN ? TERNARY_UNKNOWN :
		ternary_of(party->kind == PARTY_POOLED_FUND);
}

/* The query for a level's parties, or for all. */
char *
party_sql(Neighbourhood *nb, bool all)
{
	const SourceRelation *r = &nb->schema->relations[SOURCE_PARTY];
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT %s, %s, %s, %s, %s, ",
					 source_column(r, "p", "party_id", "text"), source_column(r, "p", "name", "text"),
					 source_column(r, "p", "kind", "text"), source_column(r, "p", "citizenship", "text[]"),
					 source_column(r, "p", "permanent_residence", "text[]"));
	appendStringInfo(&sql, "%s, %s, %s, %s, %s, %s FROM %s p WHERE %s%s",
					 source_column(r, "p", "organized_under", "text"),
					 source_column(r, "p", "principal_place_of_business", "text"),
					 source_column(r, "p", "headquarters", "text"), source_column(r, "p", "located_in", "text"),
					 source_column(r, "p", "register", "text"), source_column(r, "p", "activity_register", "text"),
					 r->qualified_name, all ? "true" : "p.party_id OPERATOR(pg_catalog.=) ANY ($1)",
					 source_validity(r, "p", 2));
	return sql.data;
}

/* The query for interests by one of their ends (NULL: all); only_principals restricts to branches and agents. */
char *
interest_sql(Neighbourhood *nb, const char *by, bool only_principals)
{
	const SourceRelation *r = &nb->schema->relations[SOURCE_INTEREST];
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT %s, %s, %s, %s, %s, %s FROM %s i WHERE %s%s",
					 source_column(r, "i", "holder_id", "text"), source_column(r, "i", "held_id", "text"),
					 source_column(r, "i", "kind", "text"),
					 source_column(r, "i", "share", "outbound.share"),
					 source_column(r, "i", "excepted", "boolean"), source_column(r, "i", "source", "text"),
					 r->qualified_name, by ? psprintf("i.%s OPERATOR(pg_catalog.=) ANY ($1)", by) : "true",
					 source_validity(r, "i", 2));
	if (only_principals)
		appendStringInfo(&sql, " AND %s OPERATOR(pg_catalog.=) ANY ('{branch_of,acts_for}'::pg_catalog.text[])",
						 source_column(r, "i", "kind", "text"));
	return sql.data;
}

/* The share of an interest row; NULL of a percentage kind is unknown, a role is whole. */
static ShareValue
interest_share(Neighbourhood *nb, uint64 row, InterestKind kind)
{
	bool		isnull;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, 4, &isnull);

	if (kind >= N_PERCENTAGE_KINDS && kind != INTEREST_UNMAPPED)
		return share_value_exact(FRACTION_ONE);
	return isnull ? share_value_unknown() : share_datum_value(&nb->env, value);
}

/* Is it one of the level's parties?  A case-insensitive collation finds others too, whose own turn comes or came. */
static bool
was_asked(Neighbourhood *nb, const char *id)
{
	NodeId		node;

	return graph_find(nb->graph, id, strlen(id), &node) && node < nb->n_parties && nb->parties[node].asked;
}

/* Adds the interest rows of the current SPI result. */
void
read_interests(Neighbourhood *nb, uint64 n, WantedInterests wanted)
{
	for (uint64 row = 0; row < n; row++)
	{
		char	   *holder_id = spi_text(row, 1);
		char	   *held_id = spi_text(row, 2);
		InterestKind kind = interest_kind(spi_text(row, 3));
		bool		is_principal = kind == INTEREST_BRANCH_OF || kind == INTEREST_ACTS_FOR;
		ShareValue	share;
		char	   *excepted;
		NodeId		holder,
					held;
		bool		is_new;

		CHECK_FOR_INTERRUPTS();
		if (holder_id == NULL || held_id == NULL ||
			(wanted != WANT_ALL && is_principal != (wanted == WANT_PRINCIPALS)) ||
			(wanted != WANT_ALL && !was_asked(nb, is_principal ? holder_id : held_id)))
			continue;
		holder = graph_intern(nb->graph, holder_id, strlen(holder_id), &is_new);
		held = graph_intern(nb->graph, held_id, strlen(held_id), &is_new);
		if (wanted == WANT_ALL)
		{
			NodeId		owner = is_principal ? holder : held;

			reserve_parties(nb);
			/* read with a cone before, or nobody holds it */
			if (nb->parties[owner].loaded || (!is_principal && graph_node(nb->graph, held)->unheld))
				continue;
		}
		excepted = spi_text(row, 5);
		share = interest_share(nb, row, kind);
		graph_add_interest(nb->graph, holder, held, kind, &share,
						   excepted != NULL && excepted[0] == 't', spi_text(row, 6));
	}
	core_check(&nb->env);
}
