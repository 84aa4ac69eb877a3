/*
 * what_if.c
 *		what_if(changes, test): whose status under an ownership test would change if
 *		interests were added, changed or removed.  No table is written.
 *
 * Only what is below the touched parties can change: that region is loaded, with
 * all that is above it, and asked about twice, as it is and as it would be.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "read/contract_words.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "read/nearest.h"
#include "screen/questions.h"
#include "screen/trace.h"
#include "show/overlay.h"
#include "types/share.h"

PG_FUNCTION_INFO_V1(outbound_what_if);

#define N_COLUMNS 8

typedef enum ChangeOp
{
	CHANGE_ADD,
	CHANGE_CHANGE,
	CHANGE_REMOVE
} ChangeOp;

static const char *const op_names[] = {"add", "change", "remove"};

typedef struct Change
{
	char	   *op_name;		/* as given, as the next four */
	char	   *holder_id;
	char	   *held_id;
	char	   *kind_name;
	char	   *share_text;
	ChangeOp	op;
	InterestKind kind;
	ShareValue	share;
	NodeId		holder;
	NodeId		held;
} Change;

/* What the answer is made of. */
typedef struct Comparison
{
	ReturnSetInfo *rsinfo;
	Inquiry    *before;
	Inquiry    *after;
	const char *test;
	TestRow		row;
	uint32		n_region;
	NodeId	   *region;
} Comparison;

/* Refuses a change that is not well formed. */
static void
refuse(const char *message, const char *name, const char *const *names, int n)
{
	const char *nearest = names ? nearest_name(name, names, n) : NULL;

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg(message, name),
			 nearest ? errhint("Perhaps you meant \"%s\".", nearest) : 0));
}

/* A scalar as text; NULL for null. */
static char *
scalar_text(const char *key, const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			return NULL;
		case jbvString:
			return pnstrdup(value->val.string.val, value->val.string.len);
		case jbvNumeric:
			return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
		default:
			refuse("\"%s\" of a change is neither text nor a number", key, NULL, 0);
	}
	return NULL;
}

/* Reads one object of the array. */
static Change
read_change(const JsonbContainer *object)
{
	static const char *const keys[] = {"op", "holder", "held", "kind", "share"};
	Change		change = {0};
	char	  **fields[] = {&change.op_name, &change.holder_id, &change.held_id, &change.kind_name, &change.share_text};
	JsonbIterator *iterator = JsonbIteratorInit((JsonbContainer *) object);
	JsonbIteratorToken token;
	JsonbValue	value;
	int			key = -1;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			char	   *name = pnstrdup(value.val.string.val, value.val.string.len);

			for (key = 0; key < lengthof(keys); key++)
				if (strcmp(keys[key], name) == 0)
					break;
			if (key == lengthof(keys))
				refuse("a change has no \"%s\"", name, keys, lengthof(keys));
		}
		else if (token == WJB_VALUE)
			*fields[key] = scalar_text(keys[key], &value);
	}
	for (key = 0; key < 4; key++)
		if (*fields[key] == NULL)
			refuse("a change lacks \"%s\"", keys[key], NULL, 0);
	return change;
}

/* Understands the words of a change. */
static void
resolve_change(Inquiry *inquiry, Change *change)
{
	int			op;
	int			kind;

	for (op = 0; op < lengthof(op_names); op++)
		if (strcmp(op_names[op], change->op_name) == 0)
			break;
	if (op == lengthof(op_names))
		refuse("unrecognized op \"%s\" of a change", change->op_name, op_names, lengthof(op_names));
	for (kind = 0; kind < INTEREST_UNMAPPED; kind++)
		if (strcmp(interest_kind_words[kind], change->kind_name) == 0)
			break;
	if (kind == INTEREST_UNMAPPED)
		refuse("unrecognized kind of interest \"%s\"", change->kind_name, interest_kind_words, INTEREST_UNMAPPED);
	change->op = op;
	change->kind = kind;
	change->share = share_value_exact(FRACTION_ONE);
	if (change->share_text != NULL)
	{
		Oid			input;
		Oid			parameter;

		if (op == CHANGE_REMOVE || kind >= N_PERCENTAGE_KINDS)
			refuse(op == CHANGE_REMOVE ? "\"%s\" takes no share" : "an interest of kind \"%s\" has no share",
				   op == CHANGE_REMOVE ? change->op_name : change->kind_name, NULL, 0);
		getTypeInputInfo(share_type_oid(), &input, &parameter);
		change->share = share_datum_value(&inquiry->env, OidInputFunctionCall(input, change->share_text, parameter, -1));
	}
	else if (op != CHANGE_REMOVE && kind < N_PERCENTAGE_KINDS)
		refuse("a change of kind \"%s\" lacks a share", change->kind_name, NULL, 0);
	else if (op == CHANGE_CHANGE)
		refuse("an interest of kind \"%s\" has no share to change", change->kind_name, NULL, 0);
}

/* Reads and checks the array. */
static int
read_changes(Inquiry *inquiry, Jsonb *json, Change **changes)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	value;
	int			n = 0;

	if (!JB_ROOT_IS_ARRAY(json) || JB_ROOT_IS_SCALAR(json))
		refuse("%s", "changes is not a JSON array", NULL, 0);
	*changes = palloc(mul_size(sizeof(Change), Max(JB_ROOT_COUNT(json), 1)));
	iterator = JsonbIteratorInit(&json->root);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token != WJB_ELEM)
			continue;
		if (value.type != jbvBinary || !JsonContainerIsObject(value.val.binary.data))
			refuse("%s", "a change is not a JSON object", NULL, 0);
		(*changes)[n] = read_change(value.val.binary.data);
		resolve_change(inquiry, &(*changes)[n++]);
	}
	return n;
}

/* Loads both ends of every change; ERROR 42704 for a party that nobody has heard of. */
static void
find_ends(Inquiry *inquiry, Change *changes, int n)
{
	for (int i = 0; i < n; i++)
	{
		changes[i].holder = known_party(inquiry, changes[i].holder_id);
		changes[i].held = known_party(inquiry, changes[i].held_id);
	}
}

/* The region under construction. */
typedef struct Region
{
	HTAB	   *seen;
	NodeId	   *nodes;
	uint32		n;
	uint32		allocated;
} Region;

/* Adds a party and everything below it. */
static void
region_add(Inquiry *inquiry, Region *region, NodeId root)
{
	NodeId	   *below;
	uint32		n = neighbourhood_load_reach(inquiry->nb, root, &below);

	for (uint32 i = 0; i < n; i++)
	{
		bool		found;

		CHECK_FOR_INTERRUPTS();
		(void) hash_search(region->seen, &below[i], HASH_ENTER, &found);
		if (found)
			continue;
		if (region->n == region->allocated)
		{
			region->allocated *= 2;
			region->nodes = repalloc_huge(region->nodes, mul_size(sizeof(NodeId), region->allocated));
		}
		region->nodes[region->n++] = below[i];
	}
}

/* The ids of the branches and agents of some parties: their status follows. */
static List *
branches_of(Inquiry *inquiry, const NodeId *nodes, uint32 n)
{
	Neighbourhood *nb = inquiry->nb;
	const SourceRelation *r = &nb->schema->relations[SOURCE_INTEREST];
	const char **ids = palloc(mul_size(sizeof(char *), n));
	MemoryContext outside = CurrentMemoryContext;
	List	   *result = NIL;
	char	   *sql;
	uint64		rows;

	for (uint32 i = 0; i < n; i++)
		ids[i] = graph_node(nb->graph, nodes[i])->id;
	SPI_connect();
	sql = psprintf("SELECT %s FROM %s i WHERE i.held_id OPERATOR(pg_catalog.=) ANY ($1)%s"
				   " AND %s OPERATOR(pg_catalog.=) ANY ('{branch_of,acts_for}'::pg_catalog.text[])",
				   source_column(r, "i", "holder_id", "text"), r->qualified_name, source_validity(r, "i", 2),
				   source_column(r, "i", "kind", "text"));
	rows = neighbourhood_query(nb, sql, source_id_array(nb->schema, ids, (int) n), true);
	for (uint64 row = 0; row < rows; row++)
	{
		char	   *id = SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, 1);
		MemoryContext old = MemoryContextSwitchTo(outside);

		if (id != NULL)
			result = lappend(result, pstrdup(id));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	return result;
}

/* Everything whose status the changes can touch, loaded with all that is above it. */
static Region
touched_region(Inquiry *inquiry, const Change *changes, int n)
{
	Region		region = {0};
	HASHCTL		ctl = {0};
	uint32		done = 0;

	ctl.keysize = ctl.entrysize = sizeof(NodeId);
	ctl.hcxt = CurrentMemoryContext;
	region.seen = hash_create("outbound region", 256, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	region.allocated = 64;
	region.nodes = palloc(sizeof(NodeId) * region.allocated);
	for (int i = 0; i < n; i++)
	{
		bool		principal = changes[i].kind == INTEREST_BRANCH_OF || changes[i].kind == INTEREST_ACTS_FOR;

		region_add(inquiry, &region, principal ? changes[i].holder : changes[i].held);
	}
	while (done < region.n)
	{
		List	   *branches = branches_of(inquiry, region.nodes + done, region.n - done);
		ListCell   *cell;

		done = region.n;
		foreach(cell, branches)
			region_add(inquiry, &region, neighbourhood_load_cone(inquiry->nb, lfirst(cell)));
	}
	return region;
}

/* Tells the copy of the graph what would be. */
static void
apply_changes(Inquiry *overlay, const Change *changes, int n)
{
	for (int i = 0; i < n; i++)
	{
		const Change *c = &changes[i];
		bool		found = true;

		if (c->op == CHANGE_ADD)
			overlay_add(overlay, c->holder, c->held, c->kind, &c->share);
		else if (c->op == CHANGE_CHANGE)
			found = overlay_change(overlay, c->holder, c->held, c->kind, &c->share);
		else
			found = overlay_remove(overlay, c->holder, c->held, c->kind);
		if (!found)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("party \"%s\" has no interest of kind \"%s\" in \"%s\" to %s",
							c->holder_id, c->kind_name, c->held_id, op_names[c->op])));
	}
}

/* One row: party_id, holder_id, before, after, kind, before_share, after_share, proof. */
static void
put_change(Comparison *c, NodeId party, const NodeId *holder, Grade before, Grade after,
		   const char *kind, const ShareValue *before_share, const ShareValue *after_share, const char *proof)
{
	const Graph *graph = c->before->nb->graph;
	Datum		values[N_COLUMNS] = {0};
	bool		nulls[N_COLUMNS];

	memset(nulls, true, sizeof(nulls));
	set_text(values, nulls, 0, graph_node(graph, party)->id);
	if (holder != NULL)
		set_text(values, nulls, 1, graph_node(graph, *holder)->id);
	set_text(values, nulls, 2, grade_name(before));
	set_text(values, nulls, 3, grade_name(after));
	set_text(values, nulls, 4, kind);
	if (kind != NULL)
	{
		values[5] = share_value_datum(&c->before->env, before_share);
		values[6] = share_value_datum(&c->before->env, after_share);
		nulls[5] = nulls[6] = false;
	}
	set_text(values, nulls, 7, proof);
	tuplestore_putvalues(c->rsinfo->setResult, c->rsinfo->setDesc, values, nulls);
}

/* The measure that decides, else the first whose amount the changes move; -1 where a role or a branch does it all. */
static int
moved_measure(Comparison *c, const ShareValue *before, const ShareValue *after, int preferred)
{
	if (preferred >= 0)
		return preferred;
	for (int k = 0; k < c->row.base.n_measures; k++)
		if (share_value_compare(&c->before->env, &before[k], &after[k]) != 0)
			return k;
	return -1;
}

/* Says the measure's name and amounts of a row; shares are NULL without one. */
static void
put_moved(Comparison *c, NodeId party, const NodeId *holder, Grade before, Grade after,
		  int measure, const ShareValue *was, const ShareValue *would, const char *proof)
{
	if (measure < 0)
		put_change(c, party, holder, before, after, NULL, NULL, NULL, proof);
	else
		put_change(c, party, holder, before, after, interest_kind_words[c->row.base.measures[measure].kind],
				   &was[measure], &would[measure], proof);
}

/* One party, if its membership in a pooled test would change. */
static void
compare_member(Comparison *c, NodeId party)
{
	Grade		before = membership_grade(c->before, c->test, party);
	Grade		after = membership_grade(c->after, c->test, party);
	MembershipFinding was;
	MembershipFinding would;
	int			k;

	if (before == after)
		return;
	was = membership_finding(c->before, membership_run(c->before, c->test, &party), party);
	would = membership_finding(c->after, membership_run(c->after, c->test, &party), party);
	k = moved_measure(c, was.amount, would.amount, after > before ? would.reason : was.reason);
	put_moved(c, party, NULL, before, after, k, was.amount, would.amount,
			  ownership_evidence(after > before ? c->after : c->before, c->test, party));
}

/* Makes an inquiry work in a context; gives the one it worked in. */
static MemoryContext
work_in(Inquiry *inquiry, MemoryContext context)
{
	MemoryContext before = inquiry->scratch;

	inquiry->scratch = context;
	inquiry->env.arg = context;
	return before;
}

/* The findings about one root (or, NULL, about all that have a grade) in a party; what they took goes at once. */
static ParentFinding *
find_roots(Inquiry *inquiry, const TestRow *row, const NodeId *root, NodeId party, int *n)
{
	MemoryContext one = AllocSetContextCreate(inquiry->scratch, "outbound roots", ALLOCSET_DEFAULT_SIZES);
	MemoryContext context = work_in(inquiry, one);
	MemoryContext old = MemoryContextSwitchTo(one);
	ParentFinding single;
	ParentFinding *found = &single;
	ParentFinding *kept;

	*n = 1;
	if (root != NULL)
		single = root_finding(inquiry, row, *root, party);
	else
		found = root_findings(inquiry, row, party, false, n);
	(void) work_in(inquiry, context);
	MemoryContextSwitchTo(context);
	kept = palloc_extended(mul_size(sizeof(ParentFinding), Max(*n, 1)), MCXT_ALLOC_HUGE);
	for (int i = 0; i < *n; i++)
	{
		kept[i] = found[i];
		for (int k = 0; k < row->base.n_measures; k++)
		{
			kept[i].amount[k].lower = fraction_copy(&inquiry->env, found[i].amount[k].lower);
			kept[i].amount[k].upper = fraction_copy(&inquiry->env, found[i].amount[k].upper);
		}
	}
	inquiry_check(inquiry);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(one);
	return kept;
}

/* The finding about a root in a list, or computed: a root outside a cone may still be possible. */
static ParentFinding
find_root(Inquiry *inquiry, const TestRow *row, const ParentFinding *findings, int n, NodeId root, NodeId party)
{
	int			one;

	for (int i = 0; i < n; i++)
		if (findings[i].root == root)
			return findings[i];
	return *find_roots(inquiry, row, &root, party, &one);
}

/* One pair of a root and a party, if its grade would change. */
static void
compare_pair(Comparison *c, NodeId party, const ParentFinding *was, const ParentFinding *would)
{
	bool		gains = would->grade > was->grade;
	const char *limb = gains ? would->limb : was->limb;
	NodeId		root = was->root;
	int			measure = -1;

	if (was->grade == would->grade)
		return;
	for (int k = 0; k < c->row.base.n_measures; k++)
		if (limb != NULL && strcmp(interest_kind_words[c->row.base.measures[k].kind], limb) == 0)
			measure = k;
	measure = moved_measure(c, was->amount, would->amount, measure);
	put_moved(c, party, &root, was->grade, would->grade, measure, was->amount, would->amount,
			  root_evidence(gains ? c->after : c->before, &c->row, root, party));
}

/* The holders that would come or cease to have, or possibly have, a party under a test asked root by root. */
static void
compare_roots(Comparison *c, NodeId party)
{
	int			n_was,
				n_would;
	ParentFinding *was = find_roots(c->before, &c->row, NULL, party, &n_was);
	ParentFinding *would = find_roots(c->after, &c->row, NULL, party, &n_would);

	for (int i = 0; i < n_was; i++)
	{
		ParentFinding other = find_root(c->after, &c->row, would, n_would, was[i].root, party);

		CHECK_FOR_INTERRUPTS();
		compare_pair(c, party, &was[i], &other);
	}
	for (int i = 0; i < n_would; i++)
	{
		ParentFinding other;
		bool		met = false;

		for (int j = 0; j < n_was && !met; j++)
			met = was[j].root == would[i].root;
		if (met)
			continue;
		other = find_root(c->before, &c->row, was, n_was, would[i].root, party);
		compare_pair(c, party, &other, &would[i]);
	}
}

/* The grade of a controlled foreign entity; what it took goes at once. */
static Grade
controlled_grade(Inquiry *inquiry, NodeId party)
{
	MemoryContext one = AllocSetContextCreate(inquiry->scratch, "outbound roots", ALLOCSET_DEFAULT_SIZES);
	MemoryContext context = work_in(inquiry, one);
	Grade		grade = controlled_foreign_entity(inquiry, party, NULL, NULL);

	(void) work_in(inquiry, context);
	MemoryContextDelete(one);
	return grade;
}

/* Whose status as a controlled foreign entity of some U.S. person would change (850.206). */
static void
compare_controlled(Comparison *c, NodeId party)
{
	Grade		before = controlled_grade(c->before, party);
	Grade		after = controlled_grade(c->after, party);

	if (before != after)
		put_change(c, party, NULL, before, after, NULL, NULL, NULL,
				   ownership_evidence(after > before ? c->after : c->before, c->test, party));
}

/* Compares what is said of one party before and after; what that took goes at once. */
static void
compare(Comparison *c, void (*how) (Comparison *c, NodeId party), NodeId party)
{
	MemoryContext one = AllocSetContextCreate(c->before->scratch, "outbound party", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before = work_in(c->before, one);
	MemoryContext after = work_in(c->after, one);
	MemoryContext old = MemoryContextSwitchTo(one);

	CHECK_FOR_INTERRUPTS();
	how(c, party);
	(void) work_in(c->before, before);
	(void) work_in(c->after, after);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(one);
}

/* what_if(changes, test, as_of) */
Datum
outbound_what_if(PG_FUNCTION_ARGS)
{
	DateADT		as_of = PG_GETARG_DATEADT(2);
	Comparison	c = {0};
	Change	   *changes;
	Region		region;
	int			n;

	InitMaterializedSRF(fcinfo, 0);
	c.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	c.test = text_to_cstring(PG_GETARG_TEXT_PP(1));
	c.before = inquiry_begin(rule_book(NULL, as_of), as_of, NULL);
	c.row = rule_test_under(rule_test(c.before->book, c.test), c.before->choice);
	n = read_changes(c.before, PG_GETARG_JSONB_P(0), &changes);
	find_ends(c.before, changes, n);
	region = touched_region(c.before, changes, n);
	c.region = region.nodes;
	c.n_region = region.n;
	c.after = overlay_begin(c.before);
	apply_changes(c.after, changes, n);
	if (strcmp(c.test, TEST_PARENT) == 0)
		for (uint32 i = 0; i < c.n_region; i++)
			compare(&c, compare_controlled, c.region[i]);
	else if (c.row.pooled)
		for (uint32 i = c.n_region; i-- > 0;)
			compare(&c, compare_member, c.region[i]);
	if (!c.row.pooled)
		for (uint32 i = 0; i < c.n_region; i++)
			compare(&c, compare_roots, c.region[i]);
	inquiry_end(c.before);
	return (Datum) 0;
}
