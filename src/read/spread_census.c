/*
 * spread_census.c
 *		The part of a census that the parties on some lists reach, read level by level over
 *		the firm's own indexes.
 *
 * What members hold is asked; whom it may make a member, by the test itself, however the rest of
 * it is held and whatever it is, is loaded with all interests in it and its own row, and evaluated again.
 * Two kinds of rows escape that: what a party holds in itself raises all others' shares, and
 * who is a branch or agent of a member holds nothing.  They are read beforehand where an index has
 * them (create_relations() makes it); else everybody in whom a member holds anything is loaded.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "read/backend_env.h"
#include "read/census_rows.h"
#include "read/load_listing.h"


#define PARTY_SEEN		0x01	/* stands in some row */
#define PARTY_QUEUED	0x02	/* is, or is to be, loaded */
#define PARTY_LOADED	0x40	/* all interests in it are read, or being read */
#define PARTY_ASKED		0x04	/* by the present query */
#define PARTY_READ		0x08	/* its own row has been asked */
#define PARTY_EXPANDED	0x10	/* what it holds has been asked */
#define PARTY_HOLDS_ITSELF 0x20

/* numbers of parties */
typedef struct Level
{
	uint32	   *parties;
	uint32		n;
	uint32		allocated;
} Level;

typedef struct Spread
{
	Neighbourhood *nb;
	LoadedCensus *loaded;
	MemoryContext context;		/* of what follows */
	CensusStream *parties;
	CensusStream *interests;
	CensusStream *holdings;
	const char *party_sql;
	const char *interest_sql;
	const char *holding_sql;
	const char *odd_sql;		/* holdings in oneself, branches and agents; NULL: no index has them */
	uint8	   *flags;			/* by party */
	int8	   *listed;			/* Ternary by party, those on lists first */
	uint32		n_flags;
	uint32		n_listed;
	Level		unloaded;		/* to be loaded */
	bool		with_places;
	double		rows;			/* of relation interest, about */
	double		spent;			/* in rows of a scan */
} Spread;

/* Makes room for the census's newest parties. */
static void
reserve_flags(Spread *spread)
{
	uint32		n = census_size(spread->loaded->census);
	uint32		wanted = Max(n, spread->n_flags * 2);

	if (n <= spread->n_flags)
		return;
	wanted = Max(wanted, 1024);
	spread->flags = spread->flags ? repalloc_huge(spread->flags, wanted) : MemoryContextAllocHuge(spread->context, wanted);
	memset(spread->flags + spread->n_flags, 0, wanted - spread->n_flags);
	spread->n_flags = wanted;
}

/* Adds a party to a level. */
static void
level_add(Spread *spread, Level *level, uint32 party)
{
	if (level->n == level->allocated)
	{
		Size		size;

		level->allocated = Max(64, level->allocated * 2);
		size = mul_size(sizeof(uint32), level->allocated);
		level->parties = level->parties ? repalloc_huge(level->parties, size) : MemoryContextAllocHuge(spread->context, size);
	}
	level->parties[level->n++] = party;
}

/* Has a party loaded that is not. */
static void
load_later(Spread *spread, uint32 party)
{
	if (spread->flags[party] & PARTY_QUEUED)
		return;
	spread->flags[party] |= PARTY_QUEUED;
	level_add(spread, &spread->unloaded, party);
}

/* A party on one of the lists. */
static void
take_listing(void *arg, const char *id, size_t length, bool known)
{
	Spread	   *spread = arg;
	CensusKey	key = {id, length};
	Ternary		value = known ? TERNARY_TRUE : TERNARY_UNKNOWN;

	census_intern(spread->loaded->census, &key);
	if (key.party >= spread->n_listed)
	{
		uint32		wanted = Max(1024, spread->n_listed * 2);

		spread->listed = spread->listed ? repalloc_huge(spread->listed, wanted) :
			MemoryContextAllocHuge(spread->context, wanted);
		memset(spread->listed + spread->n_listed, TERNARY_FALSE, wanted - spread->n_listed);
		spread->n_listed = wanted;
	}
	spread->listed[key.party] = Max(spread->listed[key.party], value);
	reserve_flags(spread);
	if (spread->odd_sql == NULL)
		load_later(spread, key.party);
}

/* Notes both ends of a row; was it asked for?  A case-insensitive collation finds others too, whose own turn comes or came. */
static bool
see_row(Spread *spread, const InterestRow *row, uint32 asked)
{
	reserve_flags(spread);
	spread->spent++;
	spread->flags[row->holder] |= PARTY_SEEN;
	spread->flags[row->held] |= PARTY_SEEN;
	return (spread->flags[asked] & PARTY_ASKED) != 0;
}

static bool
is_principal(const InterestRow *row)
{
	return row->kind == INTEREST_BRANCH_OF || row->kind == INTEREST_ACTS_FOR;
}

static void
add_row(Spread *spread, const InterestRow *row)
{
	census_add(spread->loaded->census, row->holder, row->held, row->kind, row->share, row->source);
}

/* An interest in a party asked about; what its holder's own turn has brought, or the odd rows, is there already. */
static void
take_interest(void *arg, const InterestRow *row)
{
	Spread	   *spread = arg;

	if (see_row(spread, row, row->held) &&
		(is_principal(row) ? spread->odd_sql == NULL : (spread->flags[row->holder] & PARTY_EXPANDED) == 0))
		add_row(spread, row);
}

/* An interest of a member; what is loaded has it already. */
static void
take_holding(void *arg, const InterestRow *row)
{
	Spread	   *spread = arg;

	if (!see_row(spread, row, row->holder) || is_principal(row))
		return;
	if ((spread->flags[row->held] & PARTY_LOADED) == 0)
		add_row(spread, row);
	if (spread->odd_sql == NULL || (spread->flags[row->held] & PARTY_HOLDS_ITSELF))
		load_later(spread, row->held);
}

/* A holding in oneself, or a branch or agent. */
static void
take_odd(void *arg, const InterestRow *row)
{
	Spread	   *spread = arg;

	(void) see_row(spread, row, row->held);
	if (is_principal(row))
		add_row(spread, row);
	else if (row->holder == row->held)
		spread->flags[row->held] |= PARTY_HOLDS_ITSELF;
}

/* Runs a query by the ids of some parties of a level. */
static void
probe_some(Spread *spread, const uint32 *parties, uint32 n, CensusStream *stream, const char *sql)
{
	const char **ids = palloc(mul_size(sizeof(char *), n));

	for (uint32 i = 0; i < n; i++)
	{
		ids[i] = census_id(spread->loaded->census, parties[i]);
		spread->flags[parties[i]] |= PARTY_ASKED;
	}
	stream_query(stream, sql, source_id_array(spread->nb->schema, ids, (int) n));
	for (uint32 i = 0; i < n; i++)
		spread->flags[parties[i]] &= ~PARTY_ASKED;
	pfree(ids);
}

static const char *
id_of(const void *census, uint32 party)
{
	return census_id(census, party);
}

/* Runs one query by the ids of a level. */
static void
probe(Spread *spread, Level *level, CensusStream *stream, const char *sql)
{
	source_order_ids(level->parties, level->n, id_of, spread->loaded->census);
	for (uint32 at = 0; at < level->n; at += QUERY_IDS)
		probe_some(spread, level->parties + at, Min(level->n - at, QUERY_IDS), stream, sql);
	spread->spent += (double) PROBE_ROWS * level->n;
}

/* A certain seed is a member whoever else holds it. */
static bool
is_certain_seed(const Spread *spread, uint32 party)
{
	return party < spread->n_listed && spread->listed[party] == TERNARY_TRUE;
}

/* The seeds among a census's parties, certain or not. */
static bool *
possible_seeds(const Spread *spread)
{
	uint32		n = census_size(spread->loaded->census);
	bool	   *seeds = palloc_extended(Max(n, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (uint32 i = 0; i < Min(n, spread->n_listed); i++)
		seeds[i] = spread->listed[i] != TERNARY_FALSE;
	return seeds;
}

/*
 * Sorts out who may be a member by what is read, and is not expanded: some are members, of
 * the others more has to be read.
 */
static void
sort_out(Spread *spread, uint32 party, Level *members, Level *unread)
{
	bool		certain = is_certain_seed(spread, party);
	bool		is_open = false;

	if (!certain && (spread->flags[party] & PARTY_QUEUED) == 0)
	{
		load_later(spread, party);
		is_open = true;
	}
	if ((!certain || spread->with_places) && (spread->flags[party] & PARTY_READ) == 0)
	{
		spread->flags[party] |= PARTY_READ;
		level_add(spread, unread, party);
		is_open = true;
	}
	if (is_open)
		return;
	spread->flags[party] |= PARTY_EXPANDED;
	level_add(spread, members, party);
}

/* Finds out who may be a member by what is read. */
static void
find_members(Spread *spread, const OwnershipTest *test, Level *members, Level *unread)
{
	Census	   *census = spread->loaded->census;
	MemoryContext memory = graph_memory_create(CurrentMemoryContext, "outbound census level");
	MemoryContext old = MemoryContextSwitchTo(memory);
	CoreEnv		env = backend_env();
	CensusResult *result;

	members->n = unread->n = 0;
	census_sort(census, &env, &env);
	core_check(&env);
	census_link(census, &env);
	core_check(&env);
	result = census_attribute(&env, census, test, RUN_DISCLOSED, possible_seeds(spread), NULL);
	core_check(&env);
	reserve_flags(spread);
	for (uint32 i = 0; i < census_size(census); i++)
		if ((result->state[i] & CENSUS_STATUS) && (spread->flags[i] & PARTY_EXPANDED) == 0)
			sort_out(spread, i, members, unread);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
}

/* Writes the queries; is the shortest of levels shorter than reading everything? */
static bool
prepare(Spread *spread)
{
	Neighbourhood *nb = spread->nb;
	const SourceRelation *party = &nb->schema->relations[SOURCE_PARTY];
	const SourceRelation *interest = &nb->schema->relations[SOURCE_INTEREST];
	const char *period = source_validity(interest, "i", 2);
	/* without the period, of which the planner knows too little to tell how many rows there are */
	QueryCost	whole = neighbourhood_cost(nb, psprintf("SELECT %s FROM %s i", interest_columns(nb, false), interest->qualified_name));

	spread->party_sql = psprintf("SELECT %s FROM %s p WHERE p.party_id OPERATOR(pg_catalog.=) ANY ($1)%s",
								 party_columns(nb, spread->with_places), party->qualified_name, source_validity(party, "p", 2));
	spread->interest_sql = psprintf("SELECT %s FROM %s i WHERE i.held_id OPERATOR(pg_catalog.=) ANY ($1)%s",
									interest_columns(nb, false), interest->qualified_name, period);
	spread->holding_sql = psprintf("SELECT %s FROM %s i WHERE i.holder_id OPERATOR(pg_catalog.=) ANY ($1)%s",
								   interest_columns(nb, false), interest->qualified_name, period);
	spread->odd_sql = psprintf("SELECT %s FROM %s i WHERE (i.holder_id OPERATOR(pg_catalog.=) i.held_id OR "
							   "%s OPERATOR(pg_catalog.=) ANY ('{branch_of,acts_for}'::pg_catalog.text[]))%s",
							   interest_columns(nb, true), interest->qualified_name,
							   source_column(interest, "i", "kind", "text"), period);
	/* found by an index, or by a scan of everything */
	if (neighbourhood_cost(nb, spread->odd_sql).cost >= whole.cost)
		spread->odd_sql = NULL;
	spread->rows = whole.rows;
	return neighbourhood_cost(nb, spread->party_sql).cost + neighbourhood_cost(nb, spread->interest_sql).cost +
		neighbourhood_cost(nb, spread->holding_sql).cost < whole.cost;
}

/* Spreads until nobody new becomes a member; false where reading everything is the shorter way. */
static bool
spread_all(Spread *spread, const OwnershipTest *test)
{
	Level		level = {0};
	Level		members = {0};
	Level		unread = {0};

	do
	{
		Level		unloaded = spread->unloaded;

		CHECK_FOR_INTERRUPTS();
		if (spread->spent + (double) PROBE_ROWS * (unloaded.n + unread.n) > spread->rows / 2)
			return false;
		spread->unloaded = level;
		spread->unloaded.n = 0;
		level = unloaded;
		for (uint32 i = 0; i < level.n; i++)
			spread->flags[level.parties[i]] |= PARTY_LOADED;
		probe(spread, &level, spread->interests, spread->interest_sql);
		probe(spread, &unread, spread->parties, spread->party_sql);
		find_members(spread, test, &members, &unread);
		if (spread->spent + (double) PROBE_ROWS * members.n > spread->rows / 2)
			return false;
		probe(spread, &members, spread->holdings, spread->holding_sql);
	} while (spread->unloaded.n > 0 || unread.n > 0 || members.n > 0);
	return true;
}

/* Reads more of those seeds that stand in no row so far, to see whether they exist at all. */
static void
read_lone_seeds(Spread *spread)
{
	Level		lone = {0};
	Level		held = {0};

	for (uint32 i = 0; i < spread->n_listed; i++)
		if (spread->listed[i] != TERNARY_FALSE && (spread->flags[i] & (PARTY_SEEN | PARTY_READ)) == 0)
			level_add(spread, &lone, i);
	probe(spread, &lone, spread->parties, spread->party_sql);
	for (uint32 i = 0; i < spread->n_listed; i++)
		if (spread->listed[i] != TERNARY_FALSE && (spread->flags[i] & (PARTY_SEEN | PARTY_LOADED)) == 0 &&
			!census_party_row(spread->loaded, i).exists)
			level_add(spread, &held, i);
	probe(spread, &held, spread->interests, spread->interest_sql);
}

/* Who is listed, by party of the finished census; whoever stands in no other relation's rows is in no answer. */
static int8 *
listed_parties(const Spread *spread)
{
	uint32		n = census_size(spread->loaded->census);
	int8	   *listed = palloc_extended(Max(n, 1), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < n; i++)
		listed[i] = i < spread->n_listed && ((spread->flags[i] & PARTY_SEEN) || census_party_row(spread->loaded, i).exists) ?
			spread->listed[i] : TERNARY_FALSE;
	return listed;
}

LoadedCensus *
census_spread(Neighbourhood *nb, const char *lists, bool with_places, const OwnershipTest *test)
{
	MemoryContext context;
	MemoryContext old;
	CoreEnv		build;			/* over the current context */
	LoadedCensus *loaded;
	Spread	   *spread;
	bool		done;

	/* where nobody is told "no", everybody is wanted; more than all of a party is held only where dirt adds to it */
	for (int k = 0; k < test->n_measures; k++)
		if (test->measures[k].strict && test->measures[k].threshold.num == test->measures[k].threshold.den)
			return NULL;
	if (test->below != PASS_NOTHING || nb->row_security || listing_is_stale(nb, lists))
		return NULL;
	context = graph_memory_create(CurrentMemoryContext, "outbound census");
	build = backend_env();
	spread = palloc0(sizeof(Spread));
	old = MemoryContextSwitchTo(context);
	loaded = palloc0(sizeof(LoadedCensus));
	loaded->nb = nb;
	loaded->context = context;
	loaded->env = backend_env();
	loaded->with_places = with_places;
	loaded->census = census_create(&loaded->env, &build, &loaded->env, 0, 0);
	MemoryContextSwitchTo(old);
	spread->nb = nb;
	spread->loaded = loaded;
	spread->with_places = with_places;
	spread->context = old;
	SPI_connect();
	MemoryContextSwitchTo(old);
	done = prepare(spread);
	if (done)
	{
		spread->parties = party_stream(loaded, &build);
		spread->interests = interest_stream(loaded, &build, take_interest, spread);
		spread->holdings = interest_stream(loaded, &build, take_holding, spread);
		if (spread->odd_sql != NULL)
			stream_query(interest_stream(loaded, &build, take_odd, spread), spread->odd_sql,
						 source_id_array(nb->schema, NULL, 0));
		listing_read(nb, lists, take_listing, spread);
		done = spread_all(spread, test);
		if (done)
			read_lone_seeds(spread);
	}
	SPI_finish();
	if (done)
	{
		census_sort(loaded->census, &loaded->env, &build);
		core_check(&loaded->env);
		core_check(&build);
		census_link(loaded->census, &loaded->env);
		core_check(&loaded->env);
		reserve_flags(spread);
		loaded->listed = listed_parties(spread);
	}
	else
		MemoryContextDelete(context);
	return done ? loaded : NULL;
}
