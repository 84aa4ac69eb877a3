/*
 * holdings_sql.c
 *		Who is above and below a party, and with how much: attributed_share(),
 *		parents(), subsidiaries(), holders(), holdings().
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "read/contract_words.h"
#include "read/load_census.h"
#include "utils/builtins.h"

#include "screen/questions.h"
#include "types/share.h"

PG_FUNCTION_INFO_V1(outbound_attributed_share);
PG_FUNCTION_INFO_V1(outbound_parents);
PG_FUNCTION_INFO_V1(outbound_subsidiaries);
PG_FUNCTION_INFO_V1(outbound_holders);
PG_FUNCTION_INFO_V1(outbound_holdings);

/* The measure of a test that a kind names; ERROR 22023 if it has none such. */
static int
measure_of(const TestRow *row, const char *kind)
{
	for (int k = 0; k < row->base.n_measures; k++)
		if (strcmp(interest_kind_words[row->base.measures[k].kind], kind) == 0)
			return k;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("ownership test \"%s\" does not measure \"%s\"", row->name, kind)));
	return 0;					/* keep the compiler quiet */
}

/* attributed_share(holder, held, kind, test, as_of): the aggregation itself, an exact share or its bounds */
Datum
outbound_attributed_share(PG_FUNCTION_ARGS)
{
	char	   *holder_id = id_argument(fcinfo, 0);
	char	   *held_id = id_argument(fcinfo, 1);
	char	   *kind = text_to_cstring(PG_GETARG_TEXT_PP(2));
	char	   *test = text_to_cstring(PG_GETARG_TEXT_PP(3));
	Question   *question = question_begin(fcinfo, held_id, PG_GETARG_DATEADT(4));
	Inquiry    *inquiry = question->inquiry;
	TestRow		row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);
	int			measure = measure_of(&row, kind);
	NodeId		holder = neighbourhood_load_cone(inquiry->nb, holder_id);
	ParentFinding finding;
	Datum		result;

	if (!question->known)
		warn_unknown_party(held_id);
	if (!neighbourhood_knows(inquiry->nb, holder))
	{
		warn_unknown_party(holder_id);
		question->known = false;
	}
	if (!question->known)
	{
		inquiry_end(inquiry);
		PG_RETURN_NULL();
	}
	finding = root_finding(inquiry, &row, holder, question->party);
	if (inquiry->nb->row_security &&
		fraction_compare(&inquiry->env, finding.amount[measure].upper, FRACTION_ONE) < 0)
		finding.amount[measure].upper = FRACTION_ONE;
	result = share_value_datum(&inquiry->env, &finding.amount[measure]);
	inquiry_end(inquiry);
	return result;
}

/* Links upward from a party to every node of its cone: breadth first. */
static uint32 *
distances_above(Inquiry *inquiry, NodeId target)
{
	const Graph *graph = inquiry->nb->graph;
	uint32		size = graph_size(graph);
	uint32	   *distance = palloc(mul_size(sizeof(uint32), size));
	NodeId	   *queue = palloc(mul_size(sizeof(NodeId), size));
	uint32		head = 0,
				tail = 0;

	memset(distance, 0xff, size * sizeof(uint32));
	distance[target] = 0;
	queue[tail++] = target;
	while (head < tail)
	{
		NodeId		node = queue[head++];
		const GraphNode *gnode = graph_node(graph, node);

		CHECK_FOR_INTERRUPTS();
		for (uint32 i = 0; i < gnode->n_holdings + gnode->n_principals; i++)
		{
			NodeId		above = i < gnode->n_holdings ? gnode->holdings[i].holder :
				gnode->principals[i - gnode->n_holdings].principal;

			if (distance[above] == PG_UINT32_MAX)
			{
				distance[above] = distance[node] + 1;
				queue[tail++] = above;
			}
		}
	}
	return distance;
}

/*
 * Links downward from a party to what is below it.  That comes level by level but for what is told to be held
 * through an individual, which nobody holds: one pass more where that is nearer.
 */
static uint32 *
distances_below(Inquiry *inquiry, NodeId root, const NodeId *below, uint32 n)
{
	uint32		size = graph_size(inquiry->nb->graph);
	uint32	   *distance = palloc_extended(mul_size(sizeof(uint32), size), MCXT_ALLOC_HUGE);
	bool		changed = true;

	memset(distance, 0xff, sizeof(uint32) * (Size) size);
	distance[root] = 0;
	while (changed)
	{
		changed = false;
		for (uint32 i = 1; i < n; i++)
		{
			const GraphNode *node = graph_node(inquiry->nb->graph, below[i]);

			CHECK_FOR_INTERRUPTS();
			for (uint32 j = 0; j < node->n_holdings + node->n_principals; j++)
			{
				NodeId		above = j < node->n_holdings ? node->holdings[j].holder :
					node->principals[j - node->n_holdings].principal;

				if (distance[above] == PG_UINT32_MAX || distance[above] + 1 >= distance[below[i]])
					continue;
				distance[below[i]] = distance[above] + 1;
				changed = true;
			}
		}
	}
	return distance;
}

/* One row: party_id, grade, tier, limb, voting, board, equity, distance. */
static void
put_finding(ReturnSetInfo *rsinfo, Inquiry *inquiry, const TestRow *row, const ParentFinding *finding,
			NodeId party, uint32 distance)
{
	Datum		values[8] = {0};
	bool		nulls[8] = {false, false, true, true, true, true, true, false};

	values[0] = CStringGetTextDatum(graph_node(inquiry->nb->graph, party)->id);
	values[1] = CStringGetTextDatum(grade_name(finding->grade));
	values[2] = Int32GetDatum(finding->tier);
	nulls[2] = finding->grade == GRADE_NO || finding->tier == PG_UINT32_MAX;
	set_text(values, nulls, 3, finding->limb);
	for (int k = 0; k < row->base.n_measures; k++)
	{
		int			column = 4 + row->base.measures[k].kind;

		if (column > 6)
			continue;
		values[column] = share_value_datum(&inquiry->env, &finding->amount[k]);
		nulls[column] = false;
	}
	values[7] = Int32GetDatum(distance);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* Everybody above a party under a test; only those with a grade unless everyone is asked for. */
static Datum
rows_above(FunctionCallInfo fcinfo, const char *test, bool everyone, DateADT as_of)
{
	Question   *question;
	Inquiry    *inquiry;
	TestRow		row;
	ParentFinding *findings;
	uint32	   *distance;
	int			n;

	InitMaterializedSRF(fcinfo, 0);
	question = question_begin(fcinfo, id_argument(fcinfo, 0), as_of);
	require_known(question);
	inquiry = question->inquiry;
	row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);
	findings = root_findings(inquiry, &row, question->party, everyone, &n);
	distance = distances_above(inquiry, question->party);
	for (int i = 0; i < n; i++)
		if (everyone || findings[i].grade > GRADE_UNDISCLOSED)
			put_finding((ReturnSetInfo *) fcinfo->resultinfo, inquiry, &row, &findings[i],
						findings[i].root, distance[findings[i].root]);
	inquiry_end(inquiry);
	return (Datum) 0;
}

/*
 * Loads what is below a party, over indexes or, where that takes longer, from a census; then the inquiry is
 * another one, over that part of it alone.
 */
static uint32
load_below(Inquiry **inquiry, NodeId *party, NodeId **below)
{
	Neighbourhood *nb = (*inquiry)->nb;
	const char *id = graph_node(nb->graph, *party)->id;
	LoadedCensus *loaded;
	BelowCensus from_census;
	Inquiry    *over;
	MemoryContext old;
	uint32		number;
	uint32		n;

	if (neighbourhood_try_reach(nb, *party, census_worth(nb), below, &n))
		return n;
	loaded = census_load(nb, true);
	if (!census_lookup(loaded, id, strlen(id), &number))
		return neighbourhood_load_reach(nb, *party, below);
	old = MemoryContextSwitchTo((*inquiry)->scratch);
	from_census = census_below(loaded, number);
	over = palloc(sizeof(Inquiry));
	*over = **inquiry;
	over->nb = from_census.nb;
	*inquiry = over;
	*party = 0;
	*below = palloc_extended(mul_size(sizeof(NodeId), from_census.n), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < from_census.n; i++)
		(*below)[i] = i;
	MemoryContextSwitchTo(old);
	return from_census.n;
}

/* Everybody below a party under a test. */
static Datum
rows_below(FunctionCallInfo fcinfo, const char *test, bool everyone, DateADT as_of)
{
	Question   *question;
	Inquiry    *inquiry;
	TestRow		row;
	NodeId		root;
	NodeId	   *below;
	ParentFinding *findings;
	uint32	   *distance;
	uint32		n;

	InitMaterializedSRF(fcinfo, 0);
	question = question_begin(fcinfo, id_argument(fcinfo, 0), as_of);
	require_known(question);
	inquiry = question->inquiry;
	root = question->party;
	row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);
	n = load_below(&inquiry, &root, &below);
	findings = root_findings_below(inquiry, &row, root, below, n);
	distance = distances_below(inquiry, root, below, n);
	for (uint32 i = 1; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		/* who is told to be held, and is an individual, is not below anybody */
		if (distance[below[i]] != PG_UINT32_MAX && (everyone || findings[i].grade > GRADE_UNDISCLOSED))
			put_finding((ReturnSetInfo *) fcinfo->resultinfo, inquiry, &row, &findings[i], below[i],
						distance[below[i]]);
	}
	inquiry_end(question->inquiry);
	return (Datum) 0;
}

/* parents(party, as_of): 850.219 */
Datum
outbound_parents(PG_FUNCTION_ARGS)
{
	return rows_above(fcinfo, TEST_PARENT, false, PG_GETARG_DATEADT(1));
}

/* subsidiaries(party, as_of): 850.227 */
Datum
outbound_subsidiaries(PG_FUNCTION_ARGS)
{
	return rows_below(fcinfo, TEST_PARENT, false, PG_GETARG_DATEADT(1));
}

/* holders(party, test, as_of) */
Datum
outbound_holders(PG_FUNCTION_ARGS)
{
	return rows_above(fcinfo, text_to_cstring(PG_GETARG_TEXT_PP(1)), true, PG_GETARG_DATEADT(2));
}

/* holdings(party, test, as_of) */
Datum
outbound_holdings(PG_FUNCTION_ARGS)
{
	return rows_below(fcinfo, text_to_cstring(PG_GETARG_TEXT_PP(1)), true, PG_GETARG_DATEADT(2));
}
