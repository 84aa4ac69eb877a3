/*
 * input_issues.c
 *		input_issues(): the defects of the firm's data, counted and named.
 *
 * Dirty data is never rejected; this is where it shows.  Queries over the relations,
 * read as the caller, find everything but rings of holdings, for which the parties that
 * both hold and are held go through Tarjan's algorithm.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "core/components.h"
#include "read/country.h"
#include "read/facts.h"
#include "read/relations.h"
#include "read/rules.h"

#define N_COLUMNS		6
#define N_RING_MEMBERS	10		/* named in detail */

PG_FUNCTION_INFO_V1(outbound_input_issues);
PG_FUNCTION_INFO_V1(outbound_country_known);

typedef struct SourceColumn
{
	SourceRelationId relation;
	const char *name;
	const char *type;
} SourceColumn;

/* what the queries read; the relations appear in them as WITH queries of these columns */
static const SourceColumn source_columns[] = {
	{SOURCE_PARTY, "party_id", "text"},
	{SOURCE_PARTY, "kind", "text"},
	{SOURCE_PARTY, "citizenship", "text[]"},
	{SOURCE_PARTY, "permanent_residence", "text[]"},
	{SOURCE_PARTY, "organized_under", "text"},
	{SOURCE_PARTY, "principal_place_of_business", "text"},
	{SOURCE_PARTY, "headquarters", "text"},
	{SOURCE_PARTY, "located_in", "text"},
	{SOURCE_PARTY, "register", "text"},
	{SOURCE_PARTY, "activity_register", "text"},
	{SOURCE_PARTY, "valid", "daterange"},
	{SOURCE_INTEREST, "holder_id", "text"},
	{SOURCE_INTEREST, "held_id", "text"},
	{SOURCE_INTEREST, "kind", "text"},
	{SOURCE_INTEREST, "share", "outbound.share"},
	{SOURCE_INTEREST, "valid", "daterange"},
	{SOURCE_INTEREST, "source", "text"},
	{SOURCE_ACTIVITY, "party_id", "text"},
	{SOURCE_ACTIVITY, "valid", "daterange"},
	{SOURCE_LISTING, "party_id", "text"},
	{SOURCE_LISTING, "list", "text"},
	{SOURCE_LISTING, "valid", "daterange"},
	{SOURCE_FINANCIAL, "holder_id", "text"},
	{SOURCE_FINANCIAL, "from_id", "text"},
	{SOURCE_FINANCIAL, "metric", "text"},
	{SOURCE_FINANCIAL, "amount_usd", "numeric"},
	{SOURCE_FINANCIAL, "basis", "text"},
	{SOURCE_FINANCIAL, "valid", "daterange"},
	{SOURCE_DEAL, "deal_id", "text"},
	{SOURCE_DEAL, "investor", "text"},
	{SOURCE_DEAL, "target", "text"},
	{SOURCE_DEAL, "valid", "daterange"},
};

/*
 * The tails of the queries.  The function runs under search_path = pg_catalog, then the
 * extension's schema; $1 is the day.  They are several, and keep few rows, because a cancel
 * waits until what is sorted, hashed and kept is gone.
 */
static const char *const issues_queries[] = {
	", reference (relation, col, id, n) AS ("
	" SELECT 'interest', 'holder_id', holder_id, count(*) FROM interest GROUP BY holder_id"
	" UNION ALL SELECT 'interest', 'held_id', held_id, count(*) FROM interest GROUP BY held_id"
	" UNION ALL SELECT 'activity', 'party_id', party_id, count(*) FROM activity GROUP BY party_id"
	" UNION ALL SELECT 'listing', 'party_id', party_id, count(*) FROM listing GROUP BY party_id"
	" UNION ALL SELECT 'financial', 'holder_id', holder_id, count(*) FROM financial GROUP BY holder_id"
	" UNION ALL SELECT 'financial', 'from_id', from_id, count(*) FROM financial WHERE from_id IS NOT NULL GROUP BY from_id"
	" UNION ALL SELECT 'deal', 'investor', investor, count(*) FROM deal WHERE investor IS NOT NULL GROUP BY investor"
	" UNION ALL SELECT 'deal', 'target', target, count(*) FROM deal WHERE target IS NOT NULL GROUP BY target"
	" UNION ALL SELECT 'party', 'party_id', party_id, count(*) FROM party WHERE party_id IS NULL GROUP BY party_id"
	") "
	"SELECT CASE WHEN id IS NULL THEN 'missing_id' ELSE 'dangling_id' END, relation, id, NULL::text,"
	" col || CASE WHEN id IS NULL THEN ' is null' ELSE ' is no party_id' END, n"
	" FROM reference WHERE NOT EXISTS (SELECT FROM party AS p WHERE p.party_id = reference.id)"
	" ORDER BY 1, 2, 3, 4, 5",

	", live AS ("
	" SELECT * FROM interest AS i WHERE i.valid IS NULL OR i.valid @> $1"
	"), lot AS ("				/* one source's lots added up */
	" SELECT holder_id, held_id, kind, source, sum(coalesce(share, 'unknown'::share)) AS share"
	" FROM live WHERE kind IN ('voting', 'board', 'equity', 'profits', 'liquidation')"
	" GROUP BY holder_id, held_id, kind, source"
	"), told AS MATERIALIZED ("				/* several sources' tellings joined */
	" SELECT holder_id, held_id, kind, min(lower(share)) AS low, max(upper(share)) AS high,"
	"  count(*) AS sources, min(share) AS least, max(share) AS most"
	" FROM lot GROUP BY holder_id, held_id, kind"
	"), held AS ("
	" SELECT held_id, kind, sum(low) AS low, sum(high) AS high, count(*) AS holders FROM told GROUP BY held_id, kind"
	") "
	"SELECT 'self_holding', 'interest', held_id, kind, 'holds ' || least::text || ' of itself', 1"
	"  FROM told WHERE holder_id = held_id"
	" UNION ALL SELECT 'sum_above_100', 'interest', held_id, kind, 'shares sum to at least ' || low::text, holders"
	"  FROM held WHERE exceeds(low, '100%'::share)"
	" UNION ALL SELECT 'complete_register_below_100', 'interest', h.held_id, h.kind, 'shares sum to at most ' || h.high::text, h.holders"
	"  FROM held AS h WHERE exceeds('100%'::share, h.high) AND EXISTS ("
	"   SELECT FROM party AS p WHERE p.party_id = h.held_id AND p.register = 'complete' AND (p.valid IS NULL OR p.valid @> $1))"
	" UNION ALL SELECT 'contradiction', 'interest', held_id, kind, 'sources tell shares of holder ' || holder_id || ' from ' || least::text || ' to ' || most::text, sources"
	"  FROM told WHERE least <> most"
	" ORDER BY 1, 2, 3, 4, 5",

	", live AS NOT MATERIALIZED ("
	" SELECT * FROM interest AS i WHERE i.valid IS NULL OR i.valid @> $1"
	"), country (party_id, col, code) AS ("
	" SELECT party_id, 'citizenship', unnest(citizenship) FROM party"
	" UNION ALL SELECT party_id, 'permanent_residence', unnest(permanent_residence) FROM party"
	" UNION ALL SELECT party_id, 'organized_under', organized_under FROM party"
	" UNION ALL SELECT party_id, 'principal_place_of_business', principal_place_of_business FROM party"
	" UNION ALL SELECT party_id, 'headquarters', headquarters FROM party"
	" UNION ALL SELECT party_id, 'located_in', located_in FROM party"
	"), period (relation, id, valid) AS ("
	" SELECT 'party', party_id, valid FROM party UNION ALL SELECT 'interest', held_id, valid FROM interest"
	" UNION ALL SELECT 'activity', party_id, valid FROM activity UNION ALL SELECT 'listing', party_id, valid FROM listing"
	" UNION ALL SELECT 'financial', holder_id, valid FROM financial UNION ALL SELECT 'deal', deal_id, valid FROM deal"
	") "
	"SELECT 'duplicate_party', 'party', party_id, NULL, 'rows valid on the same day', count(*)"
	"  FROM party WHERE party_id IS NOT NULL AND (valid IS NULL OR valid @> $1) GROUP BY party_id HAVING count(*) > 1"
	" UNION ALL SELECT 'share_unknown', 'interest', held_id, kind, 'share is unknown', count(*)"
	"  FROM live WHERE kind IN ('voting', 'board', 'equity', 'profits', 'liquidation')"
	"   AND (share IS NULL OR share = 'unknown'::share) GROUP BY held_id, kind"
	" UNION ALL SELECT 'unmapped_kind', 'interest', held_id, kind, coalesce('\"' || kind || '\" is no kind of interest', 'kind is null'), count(*)"
	"  FROM live WHERE kind IS NULL OR kind NOT IN ('voting', 'board', 'equity', 'profits', 'liquidation', 'general_partner',"
	"   'managing_member', 'investment_adviser', 'board_seat', 'direction', 'acts_for', 'contingent_equity', 'limited_partner', 'branch_of')"
	"  GROUP BY held_id, kind"
	" UNION ALL SELECT 'unmapped_kind', 'party', party_id, kind, coalesce('\"' || kind || '\" is no kind of party', 'kind is null'), count(*)"
	"  FROM party WHERE kind IS NULL OR kind NOT IN ('individual', 'entity', 'pooled_fund', 'government', 'branch') GROUP BY party_id, kind"
	" UNION ALL SELECT 'unmapped_register', 'party', party_id, NULL, '\"' || register || '\" is no state of a register', count(*)"
	"  FROM party WHERE register NOT IN ('complete', 'closed', 'open') GROUP BY party_id, register"
	" UNION ALL SELECT 'unmapped_register', 'party', party_id, NULL, '\"' || activity_register || '\" is no state of an activity register', count(*)"
	"  FROM party WHERE activity_register NOT IN ('complete', 'open') GROUP BY party_id, activity_register"
	" UNION ALL SELECT 'unmapped_country', 'party', party_id, NULL, '\"' || code || '\" in ' || col || ' is no ISO 3166 code', count(*)"
	"  FROM country WHERE NOT country_known(code) GROUP BY party_id, col, code"
	" UNION ALL SELECT 'unmapped_list', 'listing', party_id, NULL, coalesce('\"' || list || '\" is no list of the rules', 'list is null'), count(*)"
	"  FROM listing AS l WHERE NOT EXISTS (SELECT FROM list AS k WHERE k.list = l.list) GROUP BY party_id, list"
	" UNION ALL SELECT 'unmapped_metric', 'financial', holder_id, metric, coalesce('\"' || metric || '\" is no metric', 'metric is null'), count(*)"
	"  FROM financial WHERE metric IS NULL OR metric NOT IN ('revenue', 'net_income', 'capital_expenditure', 'operating_expense')"
	"  GROUP BY holder_id, metric"
	" UNION ALL SELECT 'unmapped_basis', 'financial', holder_id, metric, '\"' || basis || '\" is no basis', count(*)"
	"  FROM financial WHERE basis NOT IN ('audited', 'unaudited', 'appraisal', 'estimate') GROUP BY holder_id, metric, basis"
	" UNION ALL SELECT 'amount_unknown', 'financial', holder_id, metric, 'amount_usd is null', count(*)"
	"  FROM financial WHERE amount_usd IS NULL GROUP BY holder_id, metric"
	" UNION ALL SELECT 'negative_amount', 'financial', holder_id, metric, 'amount_usd is negative', count(*)"
	"  FROM financial WHERE amount_usd < 0 AND metric <> 'net_income' GROUP BY holder_id, metric"
	" UNION ALL SELECT 'empty_validity', relation, id, NULL, 'valid is empty', count(*)"
	"  FROM period WHERE isempty(valid) GROUP BY relation, id"
	" UNION ALL SELECT 'held_individual', 'interest', p.party_id, p.kind, 'nobody can hold an ' || p.kind, count(*)"
	"  FROM party AS p JOIN live AS i ON i.held_id = p.party_id"
	"  WHERE p.kind IN ('individual', 'government') AND i.kind IN ('voting', 'board', 'equity', 'profits', 'liquidation')"
	"  GROUP BY p.party_id, p.kind"
	" ORDER BY 1, 2, 3, 4, 5"
};

/* holders that are held and held that hold: whatever else there is lies on no ring */
static const char rings_query[] =
", edge AS MATERIALIZED ("
" SELECT DISTINCT i.holder_id, i.held_id FROM interest AS i"
" WHERE (i.valid IS NULL OR i.valid @> $1) AND i.holder_id <> i.held_id"
"  AND i.kind IN ('voting', 'board', 'equity', 'profits', 'liquidation', 'general_partner', 'managing_member')"
") SELECT e.holder_id, e.held_id FROM edge AS e"
" WHERE e.holder_id IN (SELECT f.held_id FROM edge AS f) AND e.held_id IN (SELECT f.holder_id FROM edge AS f)";

/* The relations as WITH queries of their columns under the contract's names and types. */
static void
append_sources(StringInfo query, const SourceSchema *schema)
{
	for (int r = 0; r < N_SOURCE_RELATIONS; r++)
	{
		const SourceRelation *relation = &schema->relations[r];
		bool		first = true;

		appendStringInfo(query, "%s%s AS NOT MATERIALIZED (SELECT ", r == 0 ? "WITH " : ", ", relation->name);
		for (int i = 0; i < (int) lengthof(source_columns); i++)
		{
			if ((int) source_columns[i].relation != r)
				continue;
			appendStringInfo(query, "%s%s AS %s", first ? "" : ", ",
							 source_column(relation, "a", source_columns[i].name, source_columns[i].type),
							 quote_identifier(source_columns[i].name));
			first = false;
		}
		appendStringInfo(query, " FROM %s AS a)", relation->qualified_name);
	}
}

static void
run_query(const SourceSchema *schema, const char *tail, DateADT as_of)
{
	StringInfoData query;
	Oid			types[1] = {DATEOID};
	Datum		values[1];
	int			rc;

	initStringInfo(&query);
	append_sources(&query, schema);
	appendStringInfoString(&query, tail);
	values[0] = DateADTGetDatum(as_of);
	rc = SPI_execute_with_args(query.data, 1, types, values, NULL, true, 0);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "could not read the source relations: %s", SPI_result_code_string(rc));
}

static int
compare_ids(const void *a, const void *b)
{
	CHECK_FOR_INTERRUPTS();
	return strcmp(*(char *const *) a, *(char *const *) b);
}

static uint32_t
id_number(char **ids, uint32_t n_ids, char *id)
{
	char	  **found = bsearch(&id, ids, n_ids, sizeof(char *), compare_ids);

	if (found == NULL)
		elog(ERROR, "id \"%s\" is not among the ids it was read with", id);
	return (uint32_t) (found - ids);
}

/* The edges that SPI has just read, from holder to held, as a digraph over sorted ids. */
static char **
read_edges(Digraph *graph)
{
	uint64		n_edges = SPI_processed;
	char	  **ends;
	char	  **ids;
	uint32_t   *start;
	uint32_t   *target;

	if (n_edges > UINT32_MAX / 4)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many interests to look for rings")));
	ends = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(sizeof(char *), Max(2 * n_edges, 1)));
	ids = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(sizeof(char *), Max(2 * n_edges, 1)));
	for (uint64 i = 0; i < n_edges; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ends[2 * i] = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1);
		ends[2 * i + 1] = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2);
	}
	memcpy(ids, ends, 2 * n_edges * sizeof(char *));
	qsort(ids, 2 * n_edges, sizeof(char *), compare_ids);
	graph->n = 0;
	for (uint64 i = 0; i < 2 * n_edges; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (graph->n == 0 || strcmp(ids[graph->n - 1], ids[i]) != 0)
			ids[graph->n++] = ids[i];
	}

	/* counting sort of the edges by holder */
	start = MemoryContextAllocExtended(CurrentMemoryContext, mul_size(sizeof(uint32_t), (Size) graph->n + 2),
									   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	target = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(sizeof(uint32_t), Max(n_edges, 1)));
	for (uint64 i = 0; i < n_edges; i++)
	{
		CHECK_FOR_INTERRUPTS();
		start[id_number(ids, graph->n, ends[2 * i]) + 2]++;
	}
	for (uint32_t i = 2; i < graph->n + 2; i++)
		start[i] += start[i - 1];
	for (uint64 i = 0; i < n_edges; i++)
	{
		CHECK_FOR_INTERRUPTS();
		target[start[id_number(ids, graph->n, ends[2 * i]) + 1]++] = id_number(ids, graph->n, ends[2 * i + 1]);
	}
	graph->start = start;
	graph->target = target;
	return ids;
}

static void
put_row(ReturnSetInfo *rsinfo, const char *const *texts, int64 n)
{
	Datum		values[N_COLUMNS] = {0};
	bool		nulls[N_COLUMNS] = {false};

	for (int i = 0; i < N_COLUMNS - 1; i++)
	{
		nulls[i] = texts[i] == NULL;
		if (!nulls[i])
			values[i] = CStringGetTextDatum(texts[i]);
	}
	values[N_COLUMNS - 1] = Int64GetDatum(n);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* The rows of one of the queries. */
static void
put_issues(ReturnSetInfo *rsinfo, const SourceSchema *schema, const char *tail, DateADT as_of)
{
	run_query(schema, tail, as_of);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		const char *texts[N_COLUMNS - 1];
		bool		isnull;

		CHECK_FOR_INTERRUPTS();
		for (int column = 0; column < N_COLUMNS - 1; column++)
			texts[column] = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, column + 1);
		put_row(rsinfo, texts, DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, N_COLUMNS, &isnull)));
	}
	SPI_freetuptable(SPI_tuptable);
}

static int
compare_numbers(const void *a, const void *b)
{
	uint32_t	x = *(const uint32_t *) a;
	uint32_t	y = *(const uint32_t *) b;

	CHECK_FOR_INTERRUPTS();
	return x < y ? -1 : x > y ? 1 : 0;
}

/* One row for each party on a ring of holdings. */
static void
put_rings(ReturnSetInfo *rsinfo)
{
	CoreEnv		env = backend_env();
	Digraph		graph;
	Components	rings;
	char	  **ids = read_edges(&graph);

	components_find(&env, &graph, &rings);
	core_check(&env);
	for (uint32_t c = 0; c < rings.n; c++)
	{
		uint32_t	size = rings.start[c + 1] - rings.start[c];
		StringInfoData members;

		CHECK_FOR_INTERRUPTS();
		if (size < 2)
			continue;
		qsort(&rings.members[rings.start[c]], size, sizeof(uint32_t), compare_numbers);
		initStringInfo(&members);
		appendStringInfoString(&members, "holds itself through ");
		for (uint32_t i = 0; i < size && i < N_RING_MEMBERS; i++)
			appendStringInfo(&members, "%s%s", i > 0 ? ", " : "", ids[rings.members[rings.start[c] + i]]);
		if (size > N_RING_MEMBERS)
			appendStringInfoString(&members, ", ...");
		for (uint32_t i = 0; i < size; i++)
		{
			const char *texts[N_COLUMNS - 1] = {"cycle", "interest", ids[rings.members[rings.start[c] + i]], NULL, members.data};

			CHECK_FOR_INTERRUPTS();
			put_row(rsinfo, texts, size);
		}
		pfree(members.data);
	}
}

/* One row for each row of a relation whose facts cannot be read; in a context that is reset after each. */
static void
put_unreadable(ReturnSetInfo *rsinfo, const SourceRelation *relation, FactKind kind)
{
	const char *key = kind == FACTS_OF_DEAL ? "deal_id" : "party_id";
	const RuleBook *book = rule_book(NULL, GetSQLCurrentDate());
	MemoryContext each = AllocSetContextCreate(CurrentMemoryContext, "outbound row", ALLOCSET_DEFAULT_SIZES);
	SPIPlanPtr	plan = SPI_prepare(psprintf("SELECT %s, (a.*)::%s FROM %s AS a", source_column(relation, "a", key, "text"),
											relation->qualified_name, relation->qualified_name), 0, NULL);
	Portal		portal;

	if (plan == NULL)
		elog(ERROR, "could not read relation %s: %s", relation->name, SPI_result_code_string(SPI_result));
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);
	for (;;)
	{
		SPITupleTable *rows;
		uint64		n;

		SPI_cursor_fetch(portal, true, 1000);
		rows = SPI_tuptable;
		n = SPI_processed;
		for (uint64 i = 0; i < n; i++)
		{
			MemoryContext old = MemoryContextSwitchTo(each);
			bool		isnull;
			Datum		row = SPI_getbinval(rows->vals[i], rows->tupdesc, 2, &isnull);
			const char *texts[N_COLUMNS - 1] = {"unreadable_facts", relation->name, NULL, NULL, NULL};

			CHECK_FOR_INTERRUPTS();
			if (facts_from_dirty_record(book, kind, DatumGetHeapTupleHeader(row), &texts[4]) == NULL)
			{
				texts[2] = SPI_getvalue(rows->vals[i], rows->tupdesc, 1);
				put_row(rsinfo, texts, 1);
			}
			MemoryContextSwitchTo(old);
			MemoryContextReset(each);
		}
		SPI_freetuptable(rows);
		if (n == 0)
			break;
	}
	SPI_cursor_close(portal);
	MemoryContextDelete(each);
}

/* input_issues(as_of date): issue, relation, party_id, kind, detail, n */
Datum
outbound_input_issues(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	DateADT		as_of;
	const SourceSchema *schema;

	InitMaterializedSRF(fcinfo, 0);
	as_of = PG_ARGISNULL(0) ?
		DatumGetDateADT(DirectFunctionCall1(timestamptz_date, TimestampTzGetDatum(GetCurrentTransactionStartTimestamp()))) :
		PG_GETARG_DATEADT(0);
	schema = source_schema(true);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	graph_memory_watch(CurrentMemoryContext);
	for (int i = 0; i < (int) lengthof(issues_queries); i++)
		put_issues(rsinfo, schema, issues_queries[i], as_of);
	run_query(schema, rings_query, as_of);
	put_rings(rsinfo);
	put_unreadable(rsinfo, &schema->relations[SOURCE_ACTIVITY], FACTS_OF_ACTIVITY);
	put_unreadable(rsinfo, &schema->relations[SOURCE_DEAL], FACTS_OF_DEAL);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not finish SPI");
	return (Datum) 0;
}

/* country_known(code text): is it an ISO 3166 code, perhaps with a subdivision? */
Datum
outbound_country_known(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(country_is_known(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}
