/*
 * load_census.c
 *		A census of everything the current user may read, one query a relation.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "outbound.h"
#include "core/census_reach.h"
#include "read/backend_env.h"
#include "read/census_rows.h"
#include "read/load_listing.h"

#define BYTES_PER_INTEREST 64
#define SECONDS_PER_INTEREST 1e-6	/* about, parties and all */
#define MAX_EXPECTED_ID	40

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

/* How long its ids are on average; 0 if the planner does not know. */
static size_t
expected_id(const SourceRelation *party)
{
	int			width = get_attavgwidth(party->relid, get_attnum(party->relid, "party_id"));

	return Min(Max(width, 1) - 1, MAX_EXPECTED_ID);
}

bool
census_fits(const Neighbourhood *nb)
{
	size_t		rows = expected_rows(&nb->schema->relations[SOURCE_INTEREST]);

	return rows > 0 && rows / 1024 < (size_t) outbound_max_graph_memory / (2 * BYTES_PER_INTEREST);
}

uint64
census_worth(const Neighbourhood *nb)
{
	if (nb->census != NULL)
		return 0;
	return census_fits(nb) ? expected_rows(&nb->schema->relations[SOURCE_INTEREST]) / (2 * PROBE_ROWS) : PG_UINT64_MAX;
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
	MemoryContext scratch;
	MemoryContext old;
	MemoryContext context;
	CoreEnv		build;			/* over scratch */
	LoadedCensus *loaded;

	if (nb->census != NULL && (nb->census->with_places || !with_places))
		return nb->census;
	scratch = graph_memory_create(CurrentMemoryContext, "outbound census rows");
	context = graph_memory_create(nb->context, "outbound census");
	old = MemoryContextSwitchTo(context);
	loaded = palloc0(sizeof(LoadedCensus));
	loaded->nb = nb;
	loaded->context = context;
	loaded->env = backend_env();
	loaded->index = AllocSetContextCreate(context, "outbound census index", ALLOCSET_SMALL_SIZES);
	MemoryContextSwitchTo(loaded->index);
	loaded->index_env = backend_env();
	MemoryContextSwitchTo(scratch);
	build = backend_env();
	loaded->with_places = with_places;
	/* what the planner believes may be far from the truth */
	loaded->census = census_create(&loaded->env, &build, &loaded->index_env,
								   Min(expected_rows(party), (size_t) outbound_max_graph_memory * 1024 / (2 * BYTES_PER_INTEREST)),
								   expected_id(party));
	SPI_connect();
	stream_relation(party_stream(loaded, &build), SOURCE_PARTY, "p", party_columns(nb, with_places));
	stream_relation(interest_stream(loaded, &build, take_interest, loaded->census), SOURCE_INTEREST, "i", interest_columns(nb, false));
	SPI_finish();
	core_check(&loaded->env);
	core_check(&loaded->index_env);
	core_check(&build);
	census_sort(loaded->census, &loaded->env, &build);
	core_check(&loaded->env);
	core_check(&build);
	elog(DEBUG1, "census of %u parties: %zu bytes, and %zu for the rows", census_size(loaded->census),
		 MemoryContextMemAllocated(context, true), MemoryContextMemAllocated(scratch, true));
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	census_link(loaded->census, &loaded->env);
	core_check(&loaded->env);
	nb->census = loaded;
	return loaded;
}

bool
census_lookup(LoadedCensus *loaded, const char *id, size_t length, uint32 *party)
{
	census_index(loaded->census);
	core_check(&loaded->index_env);
	return census_find(loaded->census, id, length, party);
}

void
census_drop_index(LoadedCensus *loaded)
{
	if (loaded->index == NULL)
		return;
	census_forget_index(loaded->census);
	MemoryContextReset(loaded->index);
}

/* Who is listed, by party of a census. */
typedef struct Listed
{
	LoadedCensus *loaded;
	int8	   *value;
} Listed;

static void
take_listing(void *arg, const char *id, size_t length, bool known)
{
	Listed	   *listed = arg;
	uint32		party;

	if (census_lookup(listed->loaded, id, length, &party))
		listed->value[party] = known ? TERNARY_TRUE : Max(listed->value[party], TERNARY_UNKNOWN);
}

int8 *
census_listed(LoadedCensus *loaded, const char *lists)
{
	Neighbourhood *nb = loaded->nb;
	uint32		n = census_size(loaded->census);
	Listed		listed = {loaded, palloc_extended(Max(n, 1), MCXT_ALLOC_HUGE)};

	/* where row security hides rows, or the list is not what it should be, nobody is told "no" */
	memset(listed.value, nb->row_security || listing_is_stale(nb, lists) ? TERNARY_UNKNOWN : TERNARY_FALSE, n);
	listing_read(nb, lists, take_listing, &listed);
	return listed.value;
}

BelowCensus
census_below(LoadedCensus *loaded, uint32 party)
{
	MemoryContext scratch = graph_memory_create(CurrentMemoryContext, "outbound reach");
	MemoryContext old = CurrentMemoryContext;
	CoreEnv		env = backend_env();
	CoreEnv		scratch_env;
	CensusReach reach;
	Graph	   *graph = graph_create(&env);
	BelowCensus below;

	MemoryContextSwitchTo(scratch);
	scratch_env = backend_env();
	reach = census_reach(&scratch_env, loaded->census, party);
	core_check(&scratch_env);
	MemoryContextSwitchTo(old);
	census_reach_graph(&env, loaded->census, &reach, graph);
	core_check(&env);
	below.n = reach.n_below;
	below.nb = neighbourhood_over(loaded->nb, old, graph);
	below.nb->whole = true;
	below.nb->n_parties = reach.n;
	below.nb->parties = palloc_extended(mul_size(sizeof(Party), Max(reach.n, 1)), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < reach.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		below.nb->parties[i] = census_party_row(loaded, reach.parties[i]);
		below.nb->parties[i].loaded = true;
	}
	MemoryContextDelete(scratch);
	return below;
}
