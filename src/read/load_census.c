/*
 * load_census.c
 *		Streams the relations into a census, as the current user.
 *
 * One query a relation, its rows straight from the executor into a receiver of our own: no row
 * is kept.  Ids are collected by the hundred, so that their places in the table are
 * fetched from memory together.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "compat.h"
#include "outbound.h"
#include "read/country.h"
#include "read/list_freshness.h"
#include "read/load_census.h"
#include "types/share.h"

#define MAX_COLUMNS		12
#define ID_BYTES		(64 * 1024)
#define N_COUNTRIES		1024	/* remembered codes */
#define BYTES_PER_INTEREST 64
#define SECONDS_PER_INTEREST 1e-6	/* about, parties and all */

/* a party's row in the census: two bits a Ternary, as below; three for the kind */
typedef enum PlaceFact
{
	FACT_CITIZEN_US,
	FACT_CITIZEN_CONCERN,
	FACT_RESIDENT_US,
	FACT_RESIDENT_CONCERN,
	FACT_ORGANIZED_US,
	FACT_ORGANIZED_CONCERN,
	FACT_PRINCIPAL_PLACE_CONCERN,
	FACT_HEADQUARTERS_CONCERN,
	FACT_LOCATED_US,
	N_PLACE_FACTS
} PlaceFact;

#define KIND_SHIFT		(2 * N_PLACE_FACTS)
#define EXISTS_BIT		(1u << (KIND_SHIFT + 3))

typedef struct CountryMemory
{
	uint64		code;			/* its bytes; 0 is empty */
	CountryClass class;
} CountryMemory;

/* a word among a few that come again and again */
typedef struct LastWord
{
	char		word[32];
	size_t		length;
	int			value;
} LastWord;

typedef struct Stream
{
	DestReceiver receiver;		/* first */
	LoadedCensus *loaded;
	CoreEnv    *env;			/* the census's two */
	CoreEnv    *build;
	Census	   *census;
	int			keys_per_row;
	void		(*take) (struct Stream *stream, int row);
	int			n;				/* rows in the batch */
	CensusKey	keys[CENSUS_BATCH];
	char		bytes[ID_BYTES];
	size_t		used;
	uint64		payload[CENSUS_BATCH];	/* what take() wants to know of a row */
	uint64		payload2[CENSUS_BATCH];
	MemoryContext row_context;
	LastWord	kind;
	LastWord	register_word;
	uint8		register_default;
	CountryMemory countries[N_COUNTRIES];
	CoreEnv		share_env;		/* over row_context */
	Datum		last_share;		/* a copy of the bytes of the last one */
	size_t		last_share_size;
	char		last_share_bytes[64];
	uint32		last_share_number;
	uint32		unknown_share;
	Census	   *sources;		/* texts of column source; its parties are the sources */
	int8	   *listed;
	const char *lists;			/* names with commas between */
} Stream;

/* The bytes of a text datum, in place unless it is toasted. */
static const char *
text_bytes(Datum datum, size_t *length)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(datum);

	*length = VARSIZE_ANY_EXHDR(value);
	return VARDATA_ANY(value);
}

/* Looks a word up among words; the last one is remembered. */
static int
word_value(LastWord *last, Datum datum, const char *const *words, int n, int otherwise)
{
	size_t		length;
	const char *bytes = text_bytes(datum, &length);

	if (length == last->length && length > 0 && memcmp(bytes, last->word, length) == 0)
		return last->value;
	last->value = otherwise;
	for (int i = 0; i < n; i++)
		if (strlen(words[i]) == length && memcmp(words[i], bytes, length) == 0)
			last->value = i;
	last->length = length < sizeof(last->word) ? length : 0;
	memcpy(last->word, bytes, last->length);
	return last->value;
}

/* A country's class; codes come again and again. */
static CountryClass
remembered_class(Stream *stream, Datum datum)
{
	size_t		length;
	const char *bytes = text_bytes(datum, &length);
	uint64		code = 0;
	CountryMemory *memory;

	if (length > 7 || length == 0)
		return country_class(stream->loaded->nb->book, TextDatumGetCString(datum));
	memcpy(&code, bytes, length);
	memory = &stream->countries[(code ^ (code >> 13)) % N_COUNTRIES];
	if (memory->code != code)
	{
		memory->class = country_class(stream->loaded->nb->book, TextDatumGetCString(datum));
		memory->code = code;
	}
	return memory->class;
}

/* The class of a list of countries: any of them; NULLs leave it open. */
static CountryClass
countries_of(Stream *stream, Datum datum)
{
	CountryClass any = {TERNARY_FALSE, TERNARY_FALSE};
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	deconstruct_array(DatumGetArrayTypeP(datum), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		CountryClass one = {TERNARY_UNKNOWN, TERNARY_UNKNOWN};

		if (!nulls[i])
			one = remembered_class(stream, elements[i]);
		any.united_states = ternary_or(any.united_states, one.united_states);
		any.concern = ternary_or(any.concern, one.concern);
	}
	return any;
}

/* Numbers the batch's ids and hands its rows over. */
static void
flush_batch(Stream *stream)
{
	census_intern(stream->census, stream->keys, stream->n * stream->keys_per_row);
	core_check(stream->env);
	for (int row = 0; row < stream->n; row++)
		stream->take(stream, row);
	core_check(stream->env);
	core_check(stream->build);
	stream->n = 0;
	stream->used = 0;
	MemoryContextReset(stream->row_context);
	CHECK_FOR_INTERRUPTS();
}

/* Makes sure that so many more bytes and one more row fit. */
static void
reserve(Stream *stream, size_t bytes)
{
	if (stream->n > 0 && ((stream->n + 1) * stream->keys_per_row > CENSUS_BATCH || stream->used + bytes > ID_BYTES))
		flush_batch(stream);
}

/* Adds an id of the present row to the batch; long ones stay in row_context. */
static void
add_key(Stream *stream, int place, const char *id, size_t length)
{
	CensusKey  *key = &stream->keys[stream->n * stream->keys_per_row + place];

	if (stream->used + length <= ID_BYTES)
	{
		memcpy(stream->bytes + stream->used, id, length);
		key->id = stream->bytes + stream->used;
		stream->used += length;
	}
	else
		key->id = pnstrdup(id, length);
	key->length = length;
}

static uint32
get_facts(const CensusParty *party)
{
	uint32		facts;

	memcpy(&facts, party->facts, sizeof(facts));
	return facts;
}

static Ternary
fact_of(uint32 facts, PlaceFact fact)
{
	return (Ternary) ((int) (facts >> (2 * fact) & 3) - 1);
}

static void
set_fact(uint32 *facts, PlaceFact fact, Ternary value)
{
	*facts |= (uint32) (value + 1) << (2 * fact);
}

Party
census_party_row(const LoadedCensus *loaded, uint32 number)
{
	uint32		facts = get_facts(census_party(loaded->census, number));
	Party		party = {0};

	party.kind = PARTY_KIND_UNKNOWN;
	if ((facts & EXISTS_BIT) == 0)
		return party;
	party.exists = true;
	party.kind = (PartyKind) (facts >> KIND_SHIFT & 7);
	party.citizen_us = fact_of(facts, FACT_CITIZEN_US);
	party.citizen_concern = fact_of(facts, FACT_CITIZEN_CONCERN);
	party.resident_us = fact_of(facts, FACT_RESIDENT_US);
	party.resident_concern = fact_of(facts, FACT_RESIDENT_CONCERN);
	party.organized_us = fact_of(facts, FACT_ORGANIZED_US);
	party.organized_concern = fact_of(facts, FACT_ORGANIZED_CONCERN);
	party.principal_place_concern = fact_of(facts, FACT_PRINCIPAL_PLACE_CONCERN);
	party.headquarters_concern = fact_of(facts, FACT_HEADQUARTERS_CONCERN);
	party.located_us = fact_of(facts, FACT_LOCATED_US);
	return party;
}

/* What two rows about one party agree on. */
static uint32
agreed_facts(uint32 before, uint32 now)
{
	uint32		facts = EXISTS_BIT;
	uint32		kind = now >> KIND_SHIFT & 7;

	for (int fact = 0; fact < N_PLACE_FACTS; fact++)
		set_fact(&facts, fact, fact_of(before, fact) == fact_of(now, fact) ? fact_of(now, fact) : TERNARY_UNKNOWN);
	if (kind != (before >> KIND_SHIFT & 7))
		kind = PARTY_KIND_UNKNOWN;
	return facts | kind << KIND_SHIFT;
}

/* Takes a party's row; several rows of one id must agree. */
static void
take_party(Stream *stream, int row)
{
	CensusParty *party = census_party(stream->census, stream->keys[row].party);
	uint32		facts = (uint32) stream->payload[row];
	uint8		state = (uint8) stream->payload2[row];
	PartyKind	kind;

	if (get_facts(party) & EXISTS_BIT)
	{
		facts = agreed_facts(get_facts(party), facts);
		state = state == party->register_state ? state : REGISTER_OPEN;
	}
	memcpy(party->facts, &facts, sizeof(facts));
	kind = (PartyKind) (facts >> KIND_SHIFT & 7);
	party->register_state = state;
	party->unheld = kind == PARTY_INDIVIDUAL || kind == PARTY_GOVERNMENT;
	party->pooled_fund = kind == PARTY_KIND_UNKNOWN ? TERNARY_UNKNOWN : ternary_of(kind == PARTY_POOLED_FUND);
}

/* One row of the party query: id, kind, register, then the places. */
static bool
receive_party(TupleTableSlot *slot, DestReceiver *self)
{
	static const char *const kinds[] = {"individual", "entity", "pooled_fund", "government", "branch"};
	static const char *const registers[] = {"open", "closed", "complete"};
	Stream	   *stream = (Stream *) self;
	MemoryContext old = MemoryContextSwitchTo(stream->row_context);
	CountryClass classes[6];
	uint32		facts = EXISTS_BIT;
	uint32		kind = PARTY_KIND_UNKNOWN;
	uint8		state = stream->register_default;
	const char *id;
	size_t		length;

	slot_getallattrs(slot);
	if (slot->tts_isnull[0])
	{
		MemoryContextSwitchTo(old);
		return true;
	}
	id = text_bytes(slot->tts_values[0], &length);
	reserve(stream, length);
	if (!slot->tts_isnull[1])
		kind = word_value(&stream->kind, slot->tts_values[1], kinds, lengthof(kinds), PARTY_KIND_UNKNOWN);
	if (!slot->tts_isnull[2])
		state = word_value(&stream->register_word, slot->tts_values[2], registers, lengthof(registers), REGISTER_OPEN);
	for (int i = 0; i < 6; i++)
	{
		classes[i].united_states = classes[i].concern = TERNARY_UNKNOWN;
		if (i + 3 < slot->tts_nvalid && !slot->tts_isnull[i + 3])
			classes[i] = i < 2 ? countries_of(stream, slot->tts_values[i + 3]) : remembered_class(stream, slot->tts_values[i + 3]);
	}
	set_fact(&facts, FACT_CITIZEN_US, classes[0].united_states);
	set_fact(&facts, FACT_CITIZEN_CONCERN, classes[0].concern);
	set_fact(&facts, FACT_RESIDENT_US, classes[1].united_states);
	set_fact(&facts, FACT_RESIDENT_CONCERN, classes[1].concern);
	set_fact(&facts, FACT_ORGANIZED_US, classes[2].united_states);
	set_fact(&facts, FACT_ORGANIZED_CONCERN, classes[2].concern);
	set_fact(&facts, FACT_PRINCIPAL_PLACE_CONCERN, classes[3].concern);
	set_fact(&facts, FACT_HEADQUARTERS_CONCERN, classes[4].concern);
	set_fact(&facts, FACT_LOCATED_US, classes[5].united_states);
	add_key(stream, 0, id, length);
	stream->payload[stream->n] = facts | kind << KIND_SHIFT;
	stream->payload2[stream->n] = state;
	stream->n++;
	MemoryContextSwitchTo(old);
	return true;
}

/* The number of a stored share; the last one is remembered by its bytes. */
static uint32
share_number(Stream *stream, Datum datum)
{
	size_t		length;
	const char *bytes = text_bytes(datum, &length);
	ShareValue	value;

	if (length == stream->last_share_size && memcmp(bytes, stream->last_share_bytes, length) == 0)
		return stream->last_share_number;
	value = share_datum_value(&stream->share_env, datum);
	stream->last_share_number = census_share(stream->census, &value);
	stream->last_share_size = 0;
	if (length <= sizeof(stream->last_share_bytes))
	{
		memcpy(stream->last_share_bytes, bytes, length);
		stream->last_share_size = length;
	}
	return stream->last_share_number;
}

static void
take_interest(Stream *stream, int row)
{
	census_add(stream->census, stream->keys[row * 2].party, stream->keys[row * 2 + 1].party,
			   (InterestKind) (stream->payload[row] >> 32), (uint32) stream->payload[row], (uint32) stream->payload2[row]);
}

/* One row of the interest query: holder, held, kind, share, source. */
static bool
receive_interest(TupleTableSlot *slot, DestReceiver *self)
{
	static const char *const kinds[] = {
		"voting", "board", "equity", "profits", "liquidation", "general_partner", "managing_member",
		"investment_adviser", "board_seat", "direction", "acts_for", "contingent_equity",
	"limited_partner", "branch_of"};
	Stream	   *stream = (Stream *) self;
	MemoryContext old = MemoryContextSwitchTo(stream->row_context);
	uint64		kind = INTEREST_UNMAPPED;
	uint32		share = stream->unknown_share;
	uint32		source = 0;
	const char *id;
	size_t		length,
				length2;

	slot_getallattrs(slot);
	if (slot->tts_isnull[0] || slot->tts_isnull[1])
	{
		MemoryContextSwitchTo(old);
		return true;
	}
	(void) text_bytes(slot->tts_values[0], &length);
	(void) text_bytes(slot->tts_values[1], &length2);
	reserve(stream, length + length2);
	if (!slot->tts_isnull[2])
		kind = word_value(&stream->kind, slot->tts_values[2], kinds, lengthof(kinds), INTEREST_UNMAPPED);
	if (!slot->tts_isnull[3] && kind < N_PERCENTAGE_KINDS)
		share = share_number(stream, slot->tts_values[3]);
	if (!slot->tts_isnull[4])
	{
		CensusKey	key;

		key.id = text_bytes(slot->tts_values[4], &key.length);
		census_intern(stream->sources, &key, 1);
		source = key.party + 1;
	}
	id = text_bytes(slot->tts_values[0], &length);
	add_key(stream, 0, id, length);
	id = text_bytes(slot->tts_values[1], &length);
	add_key(stream, 1, id, length);
	stream->payload[stream->n] = kind << 32 | share;
	stream->payload2[stream->n] = source;
	stream->n++;
	MemoryContextSwitchTo(old);
	return true;
}

/* Does a name stand in a comma-separated list? */
static bool
name_among(const char *names, const char *name)
{
	size_t		length = strlen(name);

	for (const char *at = names; *at != '\0'; at += strcspn(at, ","), at += *at == ',')
		if (strcspn(at, ",") == length && strncmp(at, name, length) == 0)
			return true;
	return false;
}

/* One row of the listing query: party, list. */
static bool
receive_listing(TupleTableSlot *slot, DestReceiver *self)
{
	Stream	   *stream = (Stream *) self;
	const RuleBook *book = stream->loaded->nb->book;
	MemoryContext old = MemoryContextSwitchTo(stream->row_context);
	const char *id;
	char	   *list = NULL;
	size_t		length;
	uint32		party;
	bool		known = false;

	slot_getallattrs(slot);
	if (!slot->tts_isnull[1])
		list = TextDatumGetCString(slot->tts_values[1]);
	for (int i = 0; i < book->n_lists && list != NULL; i++)
		known = known || strcmp(book->lists[i].list, list) == 0;
	if (!slot->tts_isnull[0] && (!known || name_among(stream->lists, list)))
	{
		id = text_bytes(slot->tts_values[0], &length);
		if (census_find(stream->census, id, length, &party))
			/* a list the rule book does not know might be any of them */
			stream->listed[party] = known ? TERNARY_TRUE : Max(stream->listed[party], TERNARY_UNKNOWN);
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(stream->row_context);
	CHECK_FOR_INTERRUPTS();
	return true;
}

static void
stream_startup(DestReceiver *self, int operation, TupleDesc type)
{
}

static void
stream_end(DestReceiver *self)
{
}

/* Runs a query with the day as $1, its rows into the stream. */
static void
run_stream(Stream *stream, const char *sql, bool (*receive) (TupleTableSlot *, DestReceiver *))
{
	stream->receiver.receiveSlot = receive;
	stream->receiver.rStartup = stream_startup;
	stream->receiver.rShutdown = stream_end;
	stream->receiver.rDestroy = stream_end;
	stream->receiver.mydest = DestNone;
	neighbourhood_stream(stream->loaded->nb, sql, &stream->receiver);
	if (stream->n > 0)
		flush_batch(stream);
}

/* The query for parties, with or without what tells where they belong. */
static char *
party_query(const Neighbourhood *nb, bool with_places)
{
	const SourceRelation *r = &nb->schema->relations[SOURCE_PARTY];
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT %s, %s, %s", source_column(r, "p", "party_id", "text"),
					 source_column(r, "p", "kind", "text"), source_column(r, "p", "register", "text"));
	if (with_places)
		appendStringInfo(&sql, ", %s, %s, %s, %s, %s, %s", source_column(r, "p", "citizenship", "text[]"),
						 source_column(r, "p", "permanent_residence", "text[]"),
						 source_column(r, "p", "organized_under", "text"),
						 source_column(r, "p", "principal_place_of_business", "text"),
						 source_column(r, "p", "headquarters", "text"), source_column(r, "p", "located_in", "text"));
	appendStringInfo(&sql, " FROM %s p WHERE true%s", r->qualified_name, source_validity(r, "p", 1));
	return sql.data;
}

static char *
interest_query(const Neighbourhood *nb)
{
	const SourceRelation *r = &nb->schema->relations[SOURCE_INTEREST];

	return psprintf("SELECT %s, %s, %s, %s, %s FROM %s i WHERE true%s",
					source_column(r, "i", "holder_id", "text"), source_column(r, "i", "held_id", "text"),
					source_column(r, "i", "kind", "text"), source_column(r, "i", "share", psprintf("%s.share", extension_schema())),
					source_column(r, "i", "source", "text"), r->qualified_name, source_validity(r, "i", 1));
}

/* How many rows the planner believes a relation to have; 0 if it does not know. */
static size_t
expected_rows(const SourceRelation *relation)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation->relid));
	double		rows = 0;

	if (HeapTupleIsValid(tuple))
	{
		rows = ((Form_pg_class) GETSTRUCT(tuple))->reltuples;
		ReleaseSysCache(tuple);
	}
	return rows > 0 && rows < 4e9 ? (size_t) rows : 0;
}

bool
census_fits(const Neighbourhood *nb)
{
	size_t		rows = expected_rows(&nb->schema->relations[SOURCE_INTEREST]);

	return rows > 0 && rows / 1024 < (size_t) outbound_max_graph_memory / (2 * BYTES_PER_INTEREST);
}

bool
census_pays(const Neighbourhood *nb)
{
	if (nb->census != NULL)
		return true;
	return nb->seconds > 0.005 && census_fits(nb) &&
		nb->seconds >= (double) expected_rows(&nb->schema->relations[SOURCE_INTEREST]) * SECONDS_PER_INTEREST;
}

/* An empty stream in a context of its own under the current one. */
static Stream *
begin_stream(LoadedCensus *loaded, CoreEnv *env, CoreEnv *build, int keys_per_row, void (*take) (Stream *, int))
{
	Stream	   *stream = palloc0(sizeof(Stream));
	const char *word = setting_value("register_default");
	MemoryContext old;

	stream->loaded = loaded;
	stream->env = env;
	stream->build = build;
	stream->census = loaded->census;
	stream->keys_per_row = keys_per_row;
	stream->take = take;
	stream->row_context = AllocSetContextCreate(CurrentMemoryContext, "outbound rows", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(stream->row_context);
	stream->share_env = backend_env();
	MemoryContextSwitchTo(old);
	stream->register_default = strcmp(word, "complete") == 0 ? REGISTER_COMPLETE :
		strcmp(word, "closed") == 0 ? REGISTER_CLOSED : REGISTER_OPEN;
	return stream;
}

LoadedCensus *
census_load(Neighbourhood *nb, bool with_places)
{
	MemoryContext scratch;
	MemoryContext old;
	MemoryContext context;
	CoreEnv		build;			/* over scratch */
	LoadedCensus *loaded;
	Stream	   *stream;
	ShareValue	unknown = share_value_unknown();

	if (nb->census != NULL && (nb->census->with_places || !with_places))
		return nb->census;
	scratch = graph_memory_create(CurrentMemoryContext, "outbound census rows");
	context = graph_memory_create(nb->context, "outbound census");
	old = MemoryContextSwitchTo(context);
	loaded = palloc0(sizeof(LoadedCensus));
	loaded->nb = nb;
	loaded->context = context;
	loaded->env = backend_env();
	MemoryContextSwitchTo(scratch);
	build = backend_env();
	loaded->with_places = with_places;
	loaded->census = census_create(&loaded->env, &build, expected_rows(&nb->schema->relations[SOURCE_PARTY]));
	SPI_connect();
	stream = begin_stream(loaded, &loaded->env, &build, 1, take_party);
	run_stream(stream, party_query(nb, with_places), receive_party);
	stream = begin_stream(loaded, &loaded->env, &build, 2, take_interest);
	stream->sources = census_create(&build, &build, 0);
	stream->unknown_share = census_share(loaded->census, &unknown);
	run_stream(stream, interest_query(nb), receive_interest);
	SPI_finish();
	core_check(&loaded->env);
	core_check(&build);
	census_finish(loaded->census);
	core_check(&loaded->env);
	core_check(&build);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	nb->census = loaded;
	return loaded;
}

int8 *
census_listed(LoadedCensus *loaded, const char *lists)
{
	Neighbourhood *nb = loaded->nb;
	const SourceRelation *r = &nb->schema->relations[SOURCE_LISTING];
	uint32		n = census_size(loaded->census);
	int8	   *listed = palloc_extended(Max(n, 1), MCXT_ALLOC_HUGE);
	Stream	   *stream;
	bool	   *stale = stale_lists(nb->book, nb->as_of);
	Ternary		otherwise = TERNARY_FALSE;

	/* where row security hides rows, or the list is not what it should be, nobody is told "no" */
	for (int i = 0; i < nb->book->n_lists; i++)
		if (stale[i] && name_among(lists, nb->book->lists[i].list))
			otherwise = TERNARY_UNKNOWN;
	memset(listed, nb->row_security ? TERNARY_UNKNOWN : otherwise, n);
	SPI_connect();
	stream = begin_stream(loaded, NULL, NULL, 1, NULL);
	stream->listed = listed;
	stream->lists = lists;
	run_stream(stream, psprintf("SELECT %s, %s FROM %s l WHERE true%s", source_column(r, "l", "party_id", "text"),
								source_column(r, "l", "list", "text"), r->qualified_name, source_validity(r, "l", 1)),
			   receive_listing);
	SPI_finish();
	return listed;
}
