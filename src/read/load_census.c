/*
 * load_census.c
 *		A census of everything the current user may read, one query a relation.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "outbound.h"
#include "read/census_rows.h"
#include "read/load_listing.h"

#define BYTES_PER_INTEREST 64
#define SECONDS_PER_INTEREST 1e-6	/* about, parties and all */

static void *
memory_allocate(void *arg, size_t size)
{
	CensusMemory *memory = arg;

	memory->allocated += size;
	memory->nb->allocated += size;
	if (memory->nb->allocated / 1024 > (size_t) outbound_max_graph_memory)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the ownership graph needs more than outbound.max_graph_memory (%d kB)",
						outbound_max_graph_memory),
				 errhint("Raise outbound.max_graph_memory, or ask about fewer parties in one statement.")));
	return MemoryContextAllocHuge(memory->context, size);
}

static void
memory_poll(void *arg)
{
	CHECK_FOR_INTERRUPTS();
}

void
census_memory_begin(CensusMemory *memory, Neighbourhood *nb, MemoryContext parent, const char *name)
{
	memset(memory, 0, sizeof(*memory));
	/* the name is a constant of the callers' */
	memory->context = AllocSetContextCreateInternal(parent, name, ALLOCSET_DEFAULT_SIZES);
	memory->nb = nb;
	memory->env.allocate = memory_allocate;
	memory->env.poll = memory_poll;
	memory->env.arg = memory;
}

void
census_memory_end(CensusMemory *memory)
{
	MemoryContextDelete(memory->context);
	memory->nb->allocated -= memory->allocated;
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

static void
take_interest(void *arg, const InterestRow *row)
{
	census_add(arg, row->holder, row->held, row->kind, row->share, row->source);
}

LoadedCensus *
census_load(Neighbourhood *nb, bool with_places)
{
	const SourceRelation *party = &nb->schema->relations[SOURCE_PARTY];
	const SourceRelation *interest = &nb->schema->relations[SOURCE_INTEREST];
	MemoryContext scratch;
	MemoryContext old;
	CensusMemory *memory;
	CensusMemory build;
	LoadedCensus *loaded;

	if (nb->census != NULL && (nb->census->with_places || !with_places))
		return nb->census;
	scratch = AllocSetContextCreate(CurrentMemoryContext, "outbound census rows", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(scratch);
	memory = MemoryContextAlloc(nb->context, sizeof(CensusMemory));
	census_memory_begin(memory, nb, nb->context, "outbound census");
	census_memory_begin(&build, nb, scratch, "outbound census rows");
	loaded = MemoryContextAllocZero(memory->context, sizeof(LoadedCensus));
	loaded->nb = nb;
	loaded->context = memory->context;
	loaded->with_places = with_places;
	loaded->census = census_create(&memory->env, &build.env, expected_rows(party));
	SPI_connect();
	stream_query(party_stream(loaded, &memory->env, &build.env),
				 psprintf("SELECT %s FROM %s p WHERE true%s", party_columns(nb, with_places), party->qualified_name,
						  source_validity(party, "p", 1)), (Datum) 0);
	stream_query(interest_stream(loaded, &memory->env, &build.env, take_interest, loaded->census),
				 psprintf("SELECT %s FROM %s i WHERE true%s", interest_columns(nb, false), interest->qualified_name,
						  source_validity(interest, "i", 1)), (Datum) 0);
	SPI_finish();
	core_check(&memory->env);
	core_check(&build.env);
	census_finish(loaded->census);
	core_check(&memory->env);
	core_check(&build.env);
	census_memory_end(&build);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	nb->census = loaded;
	return loaded;
}

/* Who is listed, by party of a census. */
typedef struct Listed
{
	const Census *census;
	int8	   *value;
} Listed;

static void
take_listing(void *arg, const char *id, size_t length, bool known)
{
	Listed	   *listed = arg;
	uint32		party;

	if (census_find(listed->census, id, length, &party))
		listed->value[party] = known ? TERNARY_TRUE : Max(listed->value[party], TERNARY_UNKNOWN);
}

int8 *
census_listed(LoadedCensus *loaded, const char *lists)
{
	Neighbourhood *nb = loaded->nb;
	uint32		n = census_size(loaded->census);
	Listed		listed = {loaded->census, palloc_extended(Max(n, 1), MCXT_ALLOC_HUGE)};

	/* where row security hides rows, or the list is not what it should be, nobody is told "no" */
	memset(listed.value, nb->row_security || listing_is_stale(nb, lists) ? TERNARY_UNKNOWN : TERNARY_FALSE, n);
	listing_read(nb, lists, take_listing, &listed);
	return listed.value;
}
