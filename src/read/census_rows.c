/*
 * census_rows.c
 *		Rows of the relations party and interest on their way into a census.
 *
 * They come straight from the table or the executor: no row is kept.  Ids are
 * collected by the hundred, and their places in the dictionary are fetched from memory while
 * other rows are read.  What comes again and again, ranges and places, is remembered by its bytes.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "read/backend_env.h"
#include "read/census_rows.h"
#include "read/contract_words.h"
#include "read/country.h"
#include "read/plain_table.h"
#include "types/share.h"

#define BATCH_KEYS		64		/* ids numbered at a time */
#define FETCH_AHEAD		8		/* rows between two steps of fetching */
#define ID_BYTES		(64 * 1024)
#define N_REMEMBERED	1024	/* values, a power of two */
#define VALUE_BYTES		48

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

/* a value seen before: bytes, and what they stand for */
typedef struct SeenValue
{
	uint8		size;			/* 0 is empty */
	uint8		bytes[VALUE_BYTES];
	CountryClass class;
	uint32		number;
} SeenValue;

/* a word among a few that come again and again */
typedef struct LastWord
{
	char		word[32];
	size_t		length;
	int			value;
} LastWord;

struct CensusStream
{
	DestReceiver receiver;		/* first */
	TakeRow		read;
	LoadedCensus *loaded;
	CoreEnv    *build;
	Census	   *census;
	int			keys_per_row;
	int			n;				/* rows in the batch */
	int			n_fetched;		/* keys of it whose ids are fetched */
	CensusKey	keys[BATCH_KEYS];
	char		bytes[ID_BYTES];
	size_t		used;
	uint64		payload[BATCH_KEYS];	/* what is to be known of a row */
	uint64		payload2[BATCH_KEYS];
	MemoryContext row_context;
	LastWord	kind;
	LastWord	register_word;
	uint8		register_default;
	char		code[2];		/* the last one */
	CountryClass code_class;
	SeenValue	seen[N_REMEMBERED]; /* countries and lists of them, or shares */
	CoreEnv		share_env;		/* over row_context */
	uint32		unknown_share;
	Census	   *sources;		/* texts of column source; its parties are the sources */
	TakeInterest take;
	void	   *arg;
};

/* Looks a word up among words; the last one is remembered. */
static int
last_word(LastWord *last, Datum datum, const char *const *words, int n, int otherwise)
{
	size_t		length;
	const char *bytes = text_bytes(datum, &length);

	if (length == last->length && length > 0 && same_bytes(bytes, last->word, length))
		return last->value;
	last->value = otherwise;
	for (int i = 0; i < n; i++)
		if (strlen(words[i]) == length && memcmp(words[i], bytes, length) == 0)
			last->value = i;
	last->length = length < sizeof(last->word) ? length : 0;
	memcpy(last->word, bytes, last->length);
	return last->value;
}

/* The place of a value among those seen before, which may have another in it; NULL for one too long. */
static SeenValue *
seen_place(CensusStream *stream, const char *bytes, size_t length, bool *is_there)
{
	uint64		hash = length;
	uint64		word = 0;
	size_t		at = 0;
	SeenValue  *seen;

	if (length == 0 || length > VALUE_BYTES)
		return NULL;
	for (; at + 8 <= length; at += 8)
	{
		memcpy(&word, bytes + at, 8);
		hash = (hash ^ word) * UINT64CONST(0xff51afd7ed558ccd);
		hash ^= hash >> 32;
	}
	word = 0;
	memcpy(&word, bytes + at, length - at);
	hash = (hash ^ word) * UINT64CONST(0xc4ceb9fe1a85ec53);
	seen = &stream->seen[(hash >> 40) & (N_REMEMBERED - 1)];
	*is_there = seen->size == length && same_bytes((char *) seen->bytes, bytes, length);
	if (!*is_there)
		seen->size = 0;
	return seen;
}

/* Remembers whose class or number a place now has. */
static void
seen_keep(SeenValue *seen, const char *bytes, size_t length)
{
	seen->size = (uint8) length;
	memcpy(seen->bytes, bytes, length);
}

/* A country's class; codes come again and again. */
static CountryClass
remembered_class(CensusStream *stream, Datum datum)
{
	size_t		length;
	const char *bytes = text_bytes(datum, &length);
	bool		is_there = false;
	SeenValue  *seen;
	CountryClass class;

	if (length == 2 && memcmp(bytes, stream->code, 2) == 0)
		return stream->code_class;
	seen = length < 8 ? seen_place(stream, bytes, length, &is_there) : NULL;
	class = is_there ? seen->class : country_class(stream->loaded->nb->book, pnstrdup(bytes, length));
	if (length == 2)
	{
		memcpy(stream->code, bytes, 2);
		stream->code_class = class;
	}
	if (is_there)
		return class;
	if (seen != NULL)
	{
		seen->class = class;
		seen_keep(seen, bytes, length);
	}
	return class;
}

/* The class of a list of countries: any of them; NULLs leave it open. */
static CountryClass
countries_of(CensusStream *stream, Datum datum)
{
	CountryClass any = {TERNARY_FALSE, TERNARY_FALSE};
	size_t		length;
	const char *bytes = text_bytes(datum, &length); /* an array's own, 16 and more */
	bool		is_there = false;
	SeenValue  *seen = seen_place(stream, bytes, length, &is_there);
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	if (is_there)
		return seen->class;
	deconstruct_array(DatumGetArrayTypeP(datum), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		CountryClass one = {TERNARY_UNKNOWN, TERNARY_UNKNOWN};

		if (!nulls[i])
			one = country_class(stream->loaded->nb->book, TextDatumGetCString(elements[i]));
		any.united_states = ternary_or(any.united_states, one.united_states);
		any.concern = ternary_or(any.concern, one.concern);
	}
	if (seen != NULL)
	{
		seen->class = any;
		seen_keep(seen, bytes, length);
	}
	return any;
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
	uint32		facts = census_party(loaded->census, number)->facts;
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
take_party(CensusStream *stream, int row)
{
	CensusParty *party = census_party(stream->census, stream->keys[row].party);
	uint32		facts = (uint32) stream->payload[row];
	uint8		state = (uint8) stream->payload2[row];
	PartyKind	kind;

	if (party->facts & EXISTS_BIT)
	{
		facts = agreed_facts(party->facts, facts);
		state = state == party->register_state ? state : REGISTER_OPEN;
	}
	party->facts = facts;
	kind = (PartyKind) (facts >> KIND_SHIFT & 7);
	party->register_state = state;
	party->unheld = kind == PARTY_INDIVIDUAL || kind == PARTY_GOVERNMENT;
	party->pooled_fund = kind == PARTY_KIND_UNKNOWN ? TERNARY_UNKNOWN : ternary_of(kind == PARTY_POOLED_FUND);
}

static void
take_interest(CensusStream *stream, int row)
{
	InterestRow interest = {stream->keys[row * 2].party, stream->keys[row * 2 + 1].party,
		(InterestKind) (stream->payload[row] >> 32), (uint32) stream->payload[row], (uint32) stream->payload2[row]
	};

	stream->take(stream->arg, &interest);
}

/* Fetches the ids that the first so many of the batch may be. */
static inline void
fetch_ids(CensusStream *stream, int n)
{
	for (; stream->n_fetched < n; stream->n_fetched++)
		census_fetch_id(stream->census, &stream->keys[stream->n_fetched]);
}

/* Numbers the batch's ids and hands its rows over. */
static void
flush_batch(CensusStream *stream)
{
	fetch_ids(stream, stream->n * stream->keys_per_row);
	for (int key = 0; key < stream->n * stream->keys_per_row; key++)
		census_number(stream->census, &stream->keys[key]);
	core_check(&stream->loaded->env);
	for (int row = 0; row < stream->n; row++)
	{
		if (stream->keys_per_row == 1)
			take_party(stream, row);
		else
			take_interest(stream, row);
	}
	core_check(&stream->loaded->env);
	core_check(stream->build);
	stream->n = stream->n_fetched = 0;
	stream->used = 0;
	MemoryContextReset(stream->row_context);
	CHECK_FOR_INTERRUPTS();
}

/* Makes sure that one more row fits, before anything of it is in row_context. */
static void
make_room(CensusStream *stream)
{
	if ((stream->n + 1) * stream->keys_per_row > BATCH_KEYS || stream->used > ID_BYTES / 2)
		flush_batch(stream);
}

/* Adds an id of the present row to the batch; long ones stay in row_context. */
static void
add_key(CensusStream *stream, int place, const char *id, size_t length)
{
	CensusKey  *key = &stream->keys[stream->n * stream->keys_per_row + place];

	key->id = id;
	key->length = length;
	census_fetch(stream->census, key);
	if (stream->used + length <= ID_BYTES)
	{
		memcpy(stream->bytes + stream->used, id, length);
		key->id = stream->bytes + stream->used;
		stream->used += length;
	}
	else
		key->id = pnstrdup(id, length);
}

/* Ends a row, and fetches on for one some way back. */
static void
end_row(CensusStream *stream)
{
	stream->n++;
	fetch_ids(stream, (stream->n - FETCH_AHEAD) * stream->keys_per_row);
}

/* One row of the party query: id, kind, register, then the places. */
static void
read_party(void *arg, Datum *values, bool *isnull)
{
	CensusStream *stream = arg;
	MemoryContext old;
	CountryClass classes[6];
	uint32		facts = EXISTS_BIT;
	uint32		kind = PARTY_KIND_UNKNOWN;
	uint8		state = stream->register_default;
	const char *id;
	size_t		length;

	if (isnull[0])
		return;
	old = MemoryContextSwitchTo(stream->row_context);
	make_room(stream);
	id = text_bytes(values[0], &length);
	if (!isnull[1])
		kind = last_word(&stream->kind, values[1], party_kind_words, lengthof(party_kind_words), PARTY_KIND_UNKNOWN);
	if (!isnull[2])
		state = last_word(&stream->register_word, values[2], register_words, lengthof(register_words), REGISTER_OPEN);
	for (int i = 0; i < 6; i++)
	{
		classes[i].united_states = classes[i].concern = TERNARY_UNKNOWN;
		if (stream->loaded->with_places && !isnull[i + 3])
			classes[i] = i < 2 ? countries_of(stream, values[i + 3]) : remembered_class(stream, values[i + 3]);
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
	end_row(stream);
	MemoryContextSwitchTo(old);
}

/* The number of a stored share; many come again. */
static uint32
share_number(CensusStream *stream, Datum datum)
{
	size_t		length;
	const char *bytes = text_bytes(datum, &length);
	bool		is_there = false;
	SeenValue  *seen;
	ShareValue	value;
	uint32		number;
	uint64		num,
				den;

	if (share_bytes_small(bytes, length, &num, &den))
		return census_small_share(stream->census, num, den);
	seen = seen_place(stream, bytes, length, &is_there);
	if (is_there)
		return seen->number;
	value = share_datum_value(&stream->share_env, datum);
	number = census_share(stream->census, &value);
	if (seen != NULL)
	{
		seen->number = number;
		seen_keep(seen, bytes, length);
	}
	return number;
}

/* One row of the interest query: holder, held, kind, share, source. */
static void
read_interest(void *arg, Datum *values, bool *isnull)
{
	CensusStream *stream = arg;
	MemoryContext old;
	uint64		kind = INTEREST_UNMAPPED;
	uint32		share = stream->unknown_share;
	uint32		source = 0;
	const char *holder;
	const char *held;
	size_t		length,
				length2;

	if (isnull[0] || isnull[1])
		return;
	old = MemoryContextSwitchTo(stream->row_context);
	make_room(stream);
	holder = text_bytes(values[0], &length);
	held = text_bytes(values[1], &length2);
	if (!isnull[2])
		kind = last_word(&stream->kind, values[2], interest_kind_words, lengthof(interest_kind_words), INTEREST_UNMAPPED);
	if (!isnull[3] && kind < N_PERCENTAGE_KINDS)
		share = share_number(stream, values[3]);
	if (!isnull[4])
	{
		CensusKey	key;

		key.id = text_bytes(values[4], &key.length);
		census_intern(stream->sources, &key);
		source = key.party + 1;
	}
	add_key(stream, 0, holder, length);
	add_key(stream, 1, held, length2);
	stream->payload[stream->n] = kind << 32 | share;
	stream->payload2[stream->n] = source;
	end_row(stream);
	MemoryContextSwitchTo(old);
}

/* Takes a row from the executor. */
static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	CensusStream *stream = (CensusStream *) self;

	slot_getallattrs(slot);
	stream->read(stream, slot->tts_values, slot->tts_isnull);
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

/* An empty stream in a context of its own under the current one. */
static CensusStream *
begin_stream(LoadedCensus *loaded, CoreEnv *build, int keys_per_row, TakeRow read)
{
	CensusStream *stream = palloc0(sizeof(CensusStream));
	MemoryContext old;

	stream->receiver.receiveSlot = receive_row;
	stream->receiver.rStartup = stream_startup;
	stream->receiver.rShutdown = stream_end;
	stream->receiver.rDestroy = stream_end;
	stream->receiver.mydest = DestNone;
	stream->read = read;
	stream->loaded = loaded;
	stream->build = build;
	stream->census = loaded->census;
	stream->keys_per_row = keys_per_row;
	stream->row_context = AllocSetContextCreate(CurrentMemoryContext, "outbound rows", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(stream->row_context);
	stream->share_env = backend_env();
	MemoryContextSwitchTo(old);
	return stream;
}

CensusStream *
party_stream(LoadedCensus *loaded, CoreEnv *build)
{
	CensusStream *stream = begin_stream(loaded, build, 1, read_party);

	stream->register_default = word_place(setting_value("register_default"), register_words,
										  lengthof(register_words), REGISTER_OPEN);
	return stream;
}

CensusStream *
interest_stream(LoadedCensus *loaded, CoreEnv *build, TakeInterest take, void *arg)
{
	CensusStream *stream = begin_stream(loaded, build, 2, read_interest);
	ShareValue	unknown = share_value_unknown();

	stream->take = take;
	stream->arg = arg;
	stream->sources = census_create(build, build, build, 0, 0);
	stream->unknown_share = census_share(loaded->census, &unknown);
	return stream;
}

const char *
party_columns(const Neighbourhood *nb, bool with_places)
{
	const SourceRelation *r = &nb->schema->relations[SOURCE_PARTY];
	StringInfoData columns;

	initStringInfo(&columns);
	appendStringInfo(&columns, "%s, %s, %s", source_column(r, "p", "party_id", "text"),
					 source_column(r, "p", "kind", "text"), source_column(r, "p", "register", "text"));
	if (with_places)
		appendStringInfo(&columns, ", %s, %s, %s, %s, %s, %s", source_column(r, "p", "citizenship", "text[]"),
						 source_column(r, "p", "permanent_residence", "text[]"),
						 source_column(r, "p", "organized_under", "text"),
						 source_column(r, "p", "principal_place_of_business", "text"),
						 source_column(r, "p", "headquarters", "text"), source_column(r, "p", "located_in", "text"));
	return columns.data;
}

const char *
interest_columns(const Neighbourhood *nb, bool without_shares)
{
	const SourceRelation *r = &nb->schema->relations[SOURCE_INTEREST];
	const char *share = psprintf("%s.share", extension_schema());

	return psprintf("%s, %s, %s, %s, %s",
					source_column(r, "i", "holder_id", "text"), source_column(r, "i", "held_id", "text"),
					source_column(r, "i", "kind", "text"),
					without_shares ? psprintf("NULL::%s", share) : source_column(r, "i", "share", "outbound.share"),
					without_shares ? "NULL::pg_catalog.text" : source_column(r, "i", "source", "text"));
}

void
stream_relation(CensusStream *stream, SourceRelationId id, const char *alias, const char *columns)
{
	Neighbourhood *nb = stream->loaded->nb;
	const SourceRelation *r = &nb->schema->relations[id];

	if (!plain_scan(nb, psprintf("SELECT %s, %s FROM %s %s", columns, source_column(r, alias, "valid", "daterange"),
								 r->qualified_name, alias), stream->read, stream))
		neighbourhood_stream(nb, psprintf("SELECT %s FROM %s %s WHERE true%s", columns, r->qualified_name, alias,
										  source_validity(r, alias, 1)), (Datum) 0, &stream->receiver);
	if (stream->n > 0)
		flush_batch(stream);
}

void
stream_query(CensusStream *stream, const char *sql, Datum ids)
{
	neighbourhood_stream(stream->loaded->nb, sql, ids, &stream->receiver);
	if (stream->n > 0)
		flush_batch(stream);
}
