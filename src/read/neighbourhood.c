/*
 * neighbourhood.c
 *		Loads the cone above a party, level by level, and keeps it while nothing
 *		can have changed.
 *
 * Two index probes a level: the interests IN the frontier's parties, and the
 * parties of which a frontier member is the branch or agent.  Nothing is kept
 * across transactions; within one, the neighbourhood answers for a key of
 * snapshot (xmin, xmax, in-progress ids, command id), user, row security, source schema,
 * day and rule book, and where policies or views may ask the session, for its settings.
 * An aborted subtransaction drops it.  While a relation is being read, whoever its views
 * call cannot ask for another one.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "outbound.h"
#include "read/country.h"
#include "read/neighbourhood.h"
#include "read/row_security.h"
#include "types/share.h"

#define BYTES_PER_INTEREST 256	/* of the graph in memory, roughly */

typedef struct NeighbourhoodKey
{
	TransactionId xmin;
	TransactionId xmax;
	CommandId	curcid;
	uint32		xcnt;
	int32		subxcnt;
	bool		suboverflowed;
	TransactionId *xip;			/* xcnt, then subxcnt */
	Oid			user;
	int			security_context;
	bool		row_security;
	const SourceSchema *schema;
	char		schema_name[NAMEDATALEN];
	DateADT		as_of;
	const RuleBook *book;
	uint64		session;		/* 0 where rows hang on the snapshot alone */
} NeighbourhoodKey;

typedef struct Reach
{
	NodeId		root;			/* hash key */
	uint32		n;
	NodeId	   *nodes;
} Reach;

typedef struct PreparedQuery
{
	char	   *sql;			/* hash key by content; kept for the session */
	Oid			id_array_type;
	bool		with_date;
	SPIPlanPtr	plan;
	struct PreparedQuery *next;
} PreparedQuery;

static Neighbourhood *current = NULL;
static NeighbourhoodKey current_key;
static bool current_is_stale = false;	/* to be replaced; its memory waits for that */
static bool reading = false;	/* a source relation, whose views may call anything */
static PreparedQuery *prepared_queries = NULL;
static bool callbacks_registered = false;

/* Forgets the neighbourhood; its memory goes with the transaction. */
static void
forget_at_end(XactEvent event, void *arg)
{
	current = NULL;
}

/* An aborted subtransaction may take rows back that were read under the same command id, or have left a load halfway. */
static void
forget_at_subabort(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		current_is_stale = true;
}

/* Allocates for the core, in the neighbourhood's own context and within the limit. */
static void *
context_allocate(void *arg, size_t size)
{
	Neighbourhood *nb = arg;

	nb->allocated += size;
	if (nb->allocated / 1024 > (size_t) outbound_max_graph_memory)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the ownership graph needs more than outbound.max_graph_memory (%d kB)",
						outbound_max_graph_memory),
				 errhint("Raise outbound.max_graph_memory, or ask about fewer parties in one statement.")));
	return MemoryContextAllocHuge(nb->context, size);
}

static void
context_poll(void *arg)
{
	CHECK_FOR_INTERRUPTS();
}

/* Would every read come out as it did for this key? */
static bool
key_matches(const NeighbourhoodKey *key, Snapshot snapshot, const SourceSchema *schema,
			const RuleBook *book, DateADT as_of)
{
	Oid			user;
	int			security_context;

	GetUserIdAndSecContext(&user, &security_context);
	return key->as_of == as_of && key->book == book && key->schema == schema &&
		(!schema->hangs_on_session || key->session == session_fingerprint()) &&
		strcmp(key->schema_name, schema->name) == 0 &&
		key->user == user && key->security_context == security_context &&
		key->row_security == row_security &&
		key->xmin == snapshot->xmin && key->xmax == snapshot->xmax &&
		key->curcid == snapshot->curcid && key->xcnt == snapshot->xcnt &&
		key->subxcnt == snapshot->subxcnt && key->suboverflowed == snapshot->suboverflowed &&
		(snapshot->xcnt == 0 ||
		 memcmp(key->xip, snapshot->xip, snapshot->xcnt * sizeof(TransactionId)) == 0) &&
		(snapshot->subxcnt <= 0 ||
		 memcmp(key->xip + key->xcnt, snapshot->subxip, snapshot->subxcnt * sizeof(TransactionId)) == 0);
}

/* Records what the neighbourhood is good for. */
static void
key_record(NeighbourhoodKey *key, MemoryContext context, Snapshot snapshot,
		   const SourceSchema *schema, const RuleBook *book, DateADT as_of)
{
	uint32		n_sub = Max(snapshot->subxcnt, 0);

	memset(key, 0, sizeof(*key));
	key->xmin = snapshot->xmin;
	key->xmax = snapshot->xmax;
	key->curcid = snapshot->curcid;
	key->xcnt = snapshot->xcnt;
	key->subxcnt = snapshot->subxcnt;
	key->suboverflowed = snapshot->suboverflowed;
	key->xip = MemoryContextAlloc(context, (snapshot->xcnt + n_sub + 1) * sizeof(TransactionId));
	if (snapshot->xcnt > 0)
		memcpy(key->xip, snapshot->xip, snapshot->xcnt * sizeof(TransactionId));
	if (n_sub > 0)
		memcpy(key->xip + snapshot->xcnt, snapshot->subxip, n_sub * sizeof(TransactionId));
	GetUserIdAndSecContext(&key->user, &key->security_context);
	key->row_security = row_security;
	key->schema = schema;
	strlcpy(key->schema_name, schema->name, NAMEDATALEN);
	key->as_of = as_of;
	key->book = book;
	key->session = schema->hangs_on_session ? session_fingerprint() : 0;
}

Neighbourhood *
neighbourhood_get(const RuleBook *book, DateADT as_of)
{
	const SourceSchema *schema = source_schema(false);
	Snapshot	snapshot = GetActiveSnapshot();
	MemoryContext context;
	Neighbourhood *nb;

	if (reading)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
				 errmsg("a view in source schema \"%s\" asks a question that reads the source schema", schema->name),
				 errhint("Relations of the source schema must do without functions of %s that read it.",
						 extension_schema())));
	if (current != NULL && !current_is_stale && key_matches(&current_key, snapshot, schema, book, as_of))
		return current;
	if (!callbacks_registered)
	{
		RegisterXactCallback(forget_at_end, NULL);
		RegisterSubXactCallback(forget_at_subabort, NULL);
		callbacks_registered = true;
	}
	if (current != NULL)
	{
		context = current->context;
		current = NULL;
		MemoryContextDelete(context);
	}
	context = AllocSetContextCreate(TopTransactionContext, "outbound neighbourhood", ALLOCSET_DEFAULT_SIZES);
	nb = MemoryContextAllocZero(context, sizeof(Neighbourhood));
	nb->context = context;
	nb->env.allocate = context_allocate;
	nb->env.poll = context_poll;
	nb->env.arg = nb;
	nb->book = book;
	nb->as_of = as_of;
	nb->schema = schema;
	nb->row_security = schema->row_security;
	nb->graph = graph_create(&nb->env);
	key_record(&current_key, context, snapshot, schema, book, as_of);
	current_is_stale = false;
	current = nb;
	return nb;
}

/* Prepares a query once a session; the plan cache looks after role, path and definitions. */
static SPIPlanPtr
prepared(const char *sql, Oid id_array_type, bool with_date)
{
	Oid			types[2] = {id_array_type, DATEOID};
	PreparedQuery *query;
	MemoryContext old;

	for (query = prepared_queries; query != NULL; query = query->next)
		if (query->id_array_type == id_array_type && query->with_date == with_date &&
			strcmp(query->sql, sql) == 0)
			return query->plan;
	old = MemoryContextSwitchTo(TopMemoryContext);
	query = palloc0(sizeof(PreparedQuery));
	query->sql = pstrdup(sql);
	MemoryContextSwitchTo(old);
	query->id_array_type = id_array_type;
	query->with_date = with_date;
	query->plan = SPI_prepare(sql, with_date ? 2 : 1, types);
	if (query->plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	if (SPI_keepplan(query->plan) != 0)
		elog(ERROR, "SPI_keepplan failed");
	query->next = prepared_queries;
	prepared_queries = query;
	return query->plan;
}

uint64
neighbourhood_query(Neighbourhood *nb, const char *sql, Datum ids, bool with_date)
{
	SPIPlanPtr	plan = prepared(sql, nb->schema->id_array_type, with_date);
	Datum		values[2] = {ids, DateADTGetDatum(nb->as_of)};
	int			result = 0;

	reading = true;
	PG_TRY();
	{
		result = SPI_execute_plan(plan, values, NULL, true, 0);
	}
	PG_FINALLY();
	{
		reading = false;
	}
	PG_END_TRY();
	if (result != SPI_OK_SELECT)
		elog(ERROR, "reading the source relations failed: %s", SPI_result_code_string(result));
	return SPI_processed;
}

/* Makes room for the graph's newest parties; new ones know nothing. */
static void
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
	memset(grown, 0, mul_size(sizeof(Party), allocated));
	if (nb->n_parties > 0)
		memcpy(grown, nb->parties, sizeof(Party) * nb->n_parties);
	for (uint32 i = nb->n_parties; i < allocated; i++)
		grown[i].kind = PARTY_KIND_UNKNOWN;
	if (nb->parties)
		pfree(nb->parties);
	nb->parties = grown;
	nb->n_parties = allocated;
}

/* The text of a column of the current SPI result, or NULL; in the current context. */
static char *
spi_text(uint64 row, int column)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);
}

static PartyKind
party_kind(const char *word)
{
	static const char *const words[] = {"individual", "entity", "pooled_fund", "government", "branch"};

	if (word != NULL)
		for (int i = 0; i < lengthof(words); i++)
			if (strcmp(word, words[i]) == 0)
				return (PartyKind) i;
	return PARTY_KIND_UNKNOWN;
}

static InterestKind
interest_kind(const char *word)
{
	static const char *const words[] = {
		"voting", "board", "equity", "profits", "liquidation", "general_partner", "managing_member",
		"investment_adviser", "board_seat", "direction", "acts_for", "contingent_equity",
	"limited_partner", "branch_of"};

	if (word != NULL)
		for (int i = 0; i < lengthof(words); i++)
			if (strcmp(word, words[i]) == 0)
				return (InterestKind) i;
	return INTEREST_UNMAPPED;
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

/* Reads one row of the party query into its place; several rows of one id must agree. */
static void
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
	register_word = spi_text(row, 10);
	if (register_word == NULL)
		register_word = (char *) setting_value("register_default");
	state = strcmp(register_word, "complete") == 0 ? REGISTER_COMPLETE :
		strcmp(register_word, "closed") == 0 ? REGISTER_CLOSED : REGISTER_OPEN;
	gnode->register_state = first || gnode->register_state == state ? state : REGISTER_OPEN;
	register_word = spi_text(row, 11);
	party->activity_complete = (first || party->activity_complete) &&
		register_word != NULL && strcmp(register_word, "complete") == 0;
	gnode->unheld = party->kind == PARTY_INDIVIDUAL || party->kind == PARTY_GOVERNMENT;
	gnode->pooled_fund = party->kind == PARTY_KIND_UNKNOWN ? TERNARY_UNKNOWN :
		ternary_of(party->kind == PARTY_POOLED_FUND);
}

/* The query for a level's parties, or for all. */
static char *
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
static char *
interest_sql(Neighbourhood *nb, const char *by, bool only_principals)
{
	const SourceRelation *r = &nb->schema->relations[SOURCE_INTEREST];
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT %s, %s, %s, %s, %s, %s FROM %s i WHERE %s%s",
					 source_column(r, "i", "holder_id", "text"), source_column(r, "i", "held_id", "text"),
					 source_column(r, "i", "kind", "text"),
					 source_column(r, "i", "share", psprintf("%s.share", extension_schema())),
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

/* which rows of an interest query are wanted: an end's own, its principals' or all */
typedef enum WantedInterests
{
	WANT_HOLDERS,
	WANT_PRINCIPALS,
	WANT_ALL
} WantedInterests;

/* Adds the interest rows of the current SPI result. */
static void
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
			(wanted != WANT_ALL && is_principal != (wanted == WANT_PRINCIPALS)))
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

/* Runs one query over the ids and hands each result to a reader, in a context of its own. */
static void
load_level(Neighbourhood *nb, const NodeId *frontier, uint32 n)
{
	const char **ids = palloc(mul_size(sizeof(char *), n));
	Datum		all,
				held;
	uint32		n_held = 0;
	uint64		rows;

	for (uint32 i = 0; i < n; i++)
		ids[i] = graph_node(nb->graph, frontier[i])->id;
	all = source_id_array(nb->schema, ids, n);
	rows = neighbourhood_query(nb, party_sql(nb, false), all, true);
	for (uint64 row = 0; row < rows; row++)
		read_party(nb, row);
	rows = neighbourhood_query(nb, interest_sql(nb, "holder_id", true), all, true);
	read_interests(nb, rows, WANT_PRINCIPALS);

	for (uint32 i = 0; i < n; i++)
	{
		nb->parties[frontier[i]].loaded = true;
		if (!graph_node(nb->graph, frontier[i])->unheld)
			ids[n_held++] = graph_node(nb->graph, frontier[i])->id;
	}
	if (n_held > 0)
	{
		held = source_id_array(nb->schema, ids, n_held);
		rows = neighbourhood_query(nb, interest_sql(nb, "held_id", false), held, true);
		read_interests(nb, rows, WANT_HOLDERS);
	}
	for (uint32 i = 0; i < n; i++)
		graph_expand(nb->graph, frontier[i]);
	reserve_parties(nb);
	core_check(&nb->env);
}

/* Collects into next the unexpanded holders and principals of expanded nodes; marks them seen. */
static uint32
next_level(Neighbourhood *nb, const NodeId *level, uint32 n, NodeId **next)
{
	uint32		allocated = 64;
	uint32		n_next = 0;

	*next = palloc(sizeof(NodeId) * allocated);
	for (uint32 i = 0; i < n; i++)
	{
		const GraphNode *node = graph_node(nb->graph, level[i]);
		uint32		n_above = node->n_holdings + node->n_principals;

		for (uint32 j = 0; j < n_above; j++)
		{
			NodeId		above = j < node->n_holdings ? node->holdings[j].holder :
				node->principals[j - node->n_holdings].principal;

			if (nb->parties[above].loaded)
				continue;
			nb->parties[above].loaded = true;
			if (n_next == allocated)
			{
				allocated *= 2;
				*next = repalloc_huge(*next, mul_size(sizeof(NodeId), allocated));
			}
			(*next)[n_next++] = above;
		}
	}
	return n_next;
}

/*
 * After how many cones is a scan of everything no dearer than what they have cost?  A cone
 * of a few probes costs about as much as scanning fifty interests.
 */
static uint64
worth_loading_all(Neighbourhood *nb)
{
	HeapTuple	tuple;
	float4		rows = -1;

	if (nb->whole)
		return PG_UINT64_MAX;
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(nb->schema->relations[SOURCE_INTEREST].relid));
	if (HeapTupleIsValid(tuple))
	{
		rows = ((Form_pg_class) GETSTRUCT(tuple))->reltuples;
		ReleaseSysCache(tuple);
	}
	if (rows * BYTES_PER_INTEREST / 1024 > (double) outbound_max_graph_memory)
		return PG_UINT64_MAX;
	return rows < 0 ? 1000 : Max(64, (uint64) (rows / 50));
}

/* Fetches the next rows of a scan. */
static void
fetch_batch(Portal portal)
{
	reading = true;
	PG_TRY();
	{
		SPI_cursor_fetch(portal, true, 1000);
	}
	PG_FINALLY();
	{
		reading = false;
	}
	PG_END_TRY();
}

/* Reads a whole relation through a cursor, so that its rows are never all in memory twice. */
static void
scan_all(Neighbourhood *nb, const char *sql, void (*read) (Neighbourhood *nb, uint64 n))
{
	Oid			types[2] = {nb->schema->id_array_type, DATEOID};
	Datum		values[2] = {(Datum) 0, DateADTGetDatum(nb->as_of)};
	SPIPlanPtr	plan = SPI_prepare(sql, 2, types);
	MemoryContext batch = AllocSetContextCreate(CurrentMemoryContext, "outbound batch", ALLOCSET_DEFAULT_SIZES);
	Portal		portal;

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	portal = SPI_cursor_open(NULL, plan, values, "n ", true);
	for (;;)
	{
		MemoryContext old;

		fetch_batch(portal);
		if (SPI_processed == 0)
			break;
		old = MemoryContextSwitchTo(batch);
		read(nb, SPI_processed);
		MemoryContextSwitchTo(old);
		MemoryContextReset(batch);
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(portal);
	MemoryContextDelete(batch);
}

/* Reads parties of a scan of all; those that cones have brought in already are left as they are. */
static void
read_parties(Neighbourhood *nb, uint64 n)
{
	for (uint64 row = 0; row < n; row++)
	{
		char	   *id = spi_text(row, 1);
		NodeId		node;
		bool		is_new;

		CHECK_FOR_INTERRUPTS();
		if (id == NULL)
			continue;
		node = graph_intern(nb->graph, id, strlen(id), &is_new);
		reserve_parties(nb);
		if (!nb->parties[node].loaded)
			read_party(nb, row);
	}
}

static void
read_all_interests(Neighbourhood *nb, uint64 n)
{
	read_interests(nb, n, WANT_ALL);
}

void
neighbourhood_load_all(Neighbourhood *nb)
{
	if (nb->whole)
		return;
	SPI_connect();
	scan_all(nb, party_sql(nb, true), read_parties);
	scan_all(nb, interest_sql(nb, NULL, false), read_all_interests);
	SPI_finish();
	reserve_parties(nb);
	for (uint32 i = 0; i < graph_size(nb->graph); i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (nb->parties[i].loaded)
			continue;
		graph_expand(nb->graph, i);
		nb->parties[i].loaded = true;
	}
	core_check(&nb->env);
	nb->whole = true;
}

void
neighbourhood_load_cones(Neighbourhood *nb, const char *const *ids, int n, NodeId *nodes)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "outbound cone", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);
	NodeId	   *level = palloc(mul_size(sizeof(NodeId), Max(n, 1)));
	uint32		n_level = 0;

	for (int i = 0; i < n; i++)
	{
		bool		is_new;

		nodes[i] = graph_intern(nb->graph, ids[i], strlen(ids[i]), &is_new);
		reserve_parties(nb);
		if (!nb->parties[nodes[i]].loaded)
		{
			nb->parties[nodes[i]].loaded = true;
			level[n_level++] = nodes[i];
		}
	}
	if (n_level > 0 && ++nb->n_cones > worth_loading_all(nb))
	{
		for (uint32 i = 0; i < n_level; i++)
			nb->parties[level[i]].loaded = false;
		neighbourhood_load_all(nb);
	}
	else if (n_level > 0)
	{
		SPI_connect();
		while (n_level > 0)
		{
			NodeId	   *next;

			CHECK_FOR_INTERRUPTS();
			load_level(nb, level, n_level);
			MemoryContextSwitchTo(scratch);
			n_level = next_level(nb, level, n_level, &next);
			level = next;
		}
		SPI_finish();
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
}

NodeId
neighbourhood_load_cone(Neighbourhood *nb, const char *id)
{
	NodeId		node;

	neighbourhood_load_cones(nb, &id, 1, &node);
	return node;
}

/* The ids directly below a level that were not met before. */
static uint32
below_level(Neighbourhood *nb, const char **level, int n, bool **met, uint32 *n_met, NodeId **below)
{
	uint64		rows;
	uint32		n_below = 0;

	rows = neighbourhood_query(nb, interest_sql(nb, "holder_id", false),
							   source_id_array(nb->schema, level, n), true);
	*below = palloc(mul_size(sizeof(NodeId), rows + 1));
	for (uint64 row = 0; row < rows; row++)
	{
		char	   *held_id = spi_text(row, 2);
		NodeId		held;
		bool		is_new;

		CHECK_FOR_INTERRUPTS();
		if (held_id == NULL)
			continue;
		held = graph_intern(nb->graph, held_id, strlen(held_id), &is_new);
		reserve_parties(nb);
		if (held >= *n_met)
		{
			uint32		grown = Max(held + 1, *n_met * 2);

			*met = repalloc_huge(*met, grown);
			memset(*met + *n_met, 0, grown - *n_met);
			*n_met = grown;
		}
		if ((*met)[held])
			continue;
		(*met)[held] = true;
		(*below)[n_below++] = held;
	}
	return n_below;
}

/* Finds what is below a party and loads the cones of it all; in the neighbourhood's memory. */
static void
load_reach(Neighbourhood *nb, NodeId root, Reach *reach)
{
	uint32		n_met = Max(graph_size(nb->graph), root + 1);
	uint32		n_level = 1;
	NodeId	   *nodes = MemoryContextAlloc(nb->context, sizeof(NodeId));
	uint32		n = 1;
	bool	   *met;
	const char **ids;
	NodeId	   *cones;

	nodes[0] = root;
	SPI_connect();
	met = palloc_extended(n_met, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	met[root] = true;
	while (n_level > 0)
	{
		NodeId	   *below;

		CHECK_FOR_INTERRUPTS();
		ids = palloc(mul_size(sizeof(char *), n_level));
		for (uint32 i = 0; i < n_level; i++)
			ids[i] = graph_node(nb->graph, nodes[n - n_level + i])->id;
		n_level = below_level(nb, ids, n_level, &met, &n_met, &below);
		nodes = repalloc_huge(nodes, mul_size(sizeof(NodeId), n + n_level + 1));
		memcpy(nodes + n, below, sizeof(NodeId) * n_level);
		n += n_level;
	}
	SPI_finish();
	ids = palloc(mul_size(sizeof(char *), n));
	cones = palloc(mul_size(sizeof(NodeId), n));
	for (uint32 i = 0; i < n; i++)
		ids[i] = graph_node(nb->graph, nodes[i])->id;
	neighbourhood_load_cones(nb, ids, n, cones);
	pfree(ids);
	pfree(cones);
	reach->n = n;
	reach->nodes = nodes;
}

uint32
neighbourhood_load_reach(Neighbourhood *nb, NodeId root, const NodeId **nodes)
{
	Reach		found = {root};
	Reach	   *reach;

	if (nb->reaches == NULL)
	{
		HASHCTL		ctl = {0};

		ctl.keysize = sizeof(NodeId);
		ctl.entrysize = sizeof(Reach);
		ctl.hcxt = nb->context;
		nb->reaches = hash_create("outbound reaches", 64, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	reach = hash_search(nb->reaches, &root, HASH_FIND, NULL);
	if (reach == NULL)
	{
		load_reach(nb, root, &found);
		reach = hash_search(nb->reaches, &root, HASH_ENTER, NULL);
		*reach = found;
	}
	*nodes = reach->nodes;
	return reach->n;
}

bool
neighbourhood_knows(Neighbourhood *nb, NodeId node)
{
	static const struct
	{
		SourceRelationId relation;
		const char *column;
	}			places[] = {
		{SOURCE_INTEREST, "holder_id"}, {SOURCE_ACTIVITY, "party_id"},
		{SOURCE_LISTING, "party_id"}, {SOURCE_FINANCIAL, "holder_id"}, {SOURCE_FINANCIAL, "from_id"}};
	const GraphNode *gnode = graph_node(nb->graph, node);
	const char *id = gnode->id;
	bool		found = nb->parties[node].exists || gnode->n_holdings > 0 || gnode->n_principals > 0;

	if (found)
		return true;
	SPI_connect();
	for (int i = 0; i < lengthof(places) && !found; i++)
	{
		const SourceRelation *r = &nb->schema->relations[places[i].relation];
		char	   *sql = psprintf("SELECT 1 FROM %s r WHERE r.%s OPERATOR(pg_catalog.=) ANY ($1) LIMIT 1",
								   r->qualified_name, places[i].column);

		found = neighbourhood_query(nb, sql, source_id_array(nb->schema, &id, 1), false) > 0;
	}
	SPI_finish();
	return found;
}
