/*
 * neighbourhood.c
 *		What has been loaded of the firm's graph, kept while nothing can have changed.
 *
 * Nothing is kept across transactions; within one, the neighbourhood answers for a key of
 * snapshot (xmin, xmax, in-progress ids, command id), user, row security, source schema,
 * day and rule book, and where policies or views may ask the session, for its settings.
 * An aborted subtransaction drops it.  While a relation is being read, whoever its views
 * call cannot ask for another one.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/resowner.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

#include "outbound.h"
#include "read/neighbourhood.h"
#include "read/row_security.h"

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
	uint64		book;			/* its id: a pointer may be that of a later book */
	uint64		session;		/* 0 where rows hang on the snapshot alone */
} NeighbourhoodKey;

typedef struct PreparedQuery
{
	char	   *sql;			/* hash key by content; kept for the session */
	Oid			id_array_type;
	bool		with_date;
	int			cursor_options;
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

/* Would every read come out as it did for this key? */
static bool
key_matches(const NeighbourhoodKey *key, Snapshot snapshot, const SourceSchema *schema,
			const RuleBook *book, DateADT as_of)
{
	Oid			user;
	int			security_context;

	GetUserIdAndSecContext(&user, &security_context);
	return key->as_of == as_of && key->book == book->id && key->schema == schema &&
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
	key->book = book->id;
	key->session = schema->hangs_on_session ? session_fingerprint() : 0;
}

Neighbourhood *
neighbourhood_get(const RuleBook *book, DateADT as_of)
{
	const SourceSchema *schema = source_schema(false);
	Snapshot	snapshot = GetActiveSnapshot();
	MemoryContext context;
	MemoryContext old;
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
	context = graph_memory_create(TopTransactionContext, "outbound neighbourhood");
	nb = MemoryContextAllocZero(context, sizeof(Neighbourhood));
	nb->context = context;
	old = MemoryContextSwitchTo(context);
	nb->env = backend_env();
	MemoryContextSwitchTo(old);
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

Neighbourhood *
neighbourhood_over(const Neighbourhood *nb, MemoryContext context, Graph *graph)
{
	Neighbourhood *over = MemoryContextAllocZero(context, sizeof(Neighbourhood));
	MemoryContext old = MemoryContextSwitchTo(context);

	over->context = context;
	over->env = backend_env();
	MemoryContextSwitchTo(old);
	over->book = nb->book;
	over->as_of = nb->as_of;
	over->schema = nb->schema;
	over->row_security = nb->row_security;
	over->graph = graph;
	over->parties = nb->parties;
	over->n_parties = nb->n_parties;
	over->whole = nb->whole;
	return over;
}

/* Prepares a query once a session; the plan cache looks after role, path and definitions. */
static SPIPlanPtr
prepared(const char *sql, Oid id_array_type, bool with_date, int cursor_options)
{
	Oid			types[2] = {id_array_type, DATEOID};
	PreparedQuery *query;
	MemoryContext old;

	for (query = prepared_queries; query != NULL; query = query->next)
		if (query->id_array_type == id_array_type && query->with_date == with_date &&
			query->cursor_options == cursor_options && strcmp(query->sql, sql) == 0)
			return query->plan;
	old = MemoryContextSwitchTo(TopMemoryContext);
	query = palloc0(sizeof(PreparedQuery));
	query->sql = pstrdup(sql);
	MemoryContextSwitchTo(old);
	query->id_array_type = id_array_type;
	query->with_date = with_date;
	query->cursor_options = cursor_options;
	query->plan = SPI_prepare_cursor(sql, with_date ? 2 : 1, types, cursor_options);
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
	SPIPlanPtr	plan = prepared(sql, nb->schema->id_array_type, with_date, 0);
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

/* The plan that a query has for any parameters. */
static CachedPlan *
plan_of(SPIPlanPtr plan)
{
	CachedPlan *volatile cached = NULL;

	reading = true;
	PG_TRY();
	{
		cached = SPI_plan_get_cached_plan(plan);
	}
	PG_FINALLY();
	{
		reading = false;
	}
	PG_END_TRY();
	if (cached == NULL || list_length(cached->stmt_list) != 1)
		elog(ERROR, "a query about source relations is not one statement");
	return cached;
}

CachedPlan *
neighbourhood_plan(Neighbourhood *nb, const char *sql)
{
	SPIPlanPtr	plan = SPI_prepare_cursor(sql, 0, NULL, CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	return plan_of(plan);
}

QueryCost
neighbourhood_cost(Neighbourhood *nb, const char *sql)
{
	CachedPlan *cached = plan_of(prepared(sql, nb->schema->id_array_type, true, CURSOR_OPT_GENERIC_PLAN));
	Plan	   *plan = linitial_node(PlannedStmt, cached->stmt_list)->planTree;
	QueryCost	cost = {plan->total_cost, plan->plan_rows};

	ReleaseCachedPlan(cached, CurrentResourceOwner);
	return cost;
}

void
neighbourhood_stream(Neighbourhood *nb, const char *sql, Datum ids, DestReceiver *receiver)
{
	bool		by_ids = ids != (Datum) 0;
	int			day = by_ids ? 1 : 0;
	ParamListInfo params = makeParamList(day + 1);
	SPIExecuteOptions options;
	Oid			types[2] = {nb->schema->id_array_type, DATEOID};
	/* a scan's plan is for the day; one by ids is for any ids, and kept */
	SPIPlanPtr	plan = by_ids ? prepared(sql, types[0], true, CURSOR_OPT_GENERIC_PLAN) : SPI_prepare(sql, 1, types + 1);
	int			result = 0;

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	memset(params->params, 0, sizeof(params->params[0]) * (day + 1));
	params->params[0].value = ids;
	params->params[0].pflags = by_ids ? 0 : PARAM_FLAG_CONST;
	params->params[0].ptype = types[0];
	params->params[day].value = DateADTGetDatum(nb->as_of);
	params->params[day].pflags = PARAM_FLAG_CONST;
	params->params[day].ptype = DATEOID;
	memset(&options, 0, sizeof(options));
	options.params = params;
	options.read_only = true;
	options.dest = receiver;
	reading = true;
	PG_TRY();
	{
		result = SPI_execute_plan_extended(plan, &options);
	}
	PG_FINALLY();
	{
		reading = false;
	}
	PG_END_TRY();
	/* what goes to a receiver of our own counts as a utility's */
	if (result < 0)
		elog(ERROR, "reading the source relations failed: %s", SPI_result_code_string(result));
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

void
neighbourhood_scan(Neighbourhood *nb, const char *sql, void (*read) (Neighbourhood *nb, uint64 n))
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

uint8 *
neighbourhood_marks(Neighbourhood *nb)
{
	uint32		n = graph_size(nb->graph);

	if (nb->n_marks < n)
	{
		uint32		grown = Max(n, nb->n_marks * 2);

		if (nb->marks != NULL)
			pfree(nb->marks);
		nb->marks = NULL;
		nb->marks = MemoryContextAllocExtended(nb->context, grown, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
		nb->n_marks = grown;
	}
	return nb->marks;
}

HTAB *
node_table_create(Neighbourhood *nb, const char *name, Size entry)
{
	HASHCTL		ctl = {0};

	ctl.keysize = sizeof(NodeId);
	ctl.entrysize = entry;
	ctl.hcxt = nb->context;
	return hash_create(name, 64, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
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
