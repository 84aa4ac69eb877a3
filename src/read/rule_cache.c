/*
 * rule_cache.c
 *		Keeps what was read from the rule tables exactly as long as it is true.
 *
 * A RuleState is what one user sees of the settings and rules under one snapshot.  It is
 * current without a look at the database while the snapshot is the same.  Under another
 * snapshot it is still current if the row of rule_generation is the same version (xmin
 * and number): every statement that writes a rule table changes that row before its
 * first row and again after its last, so a reader in between sees it unsettled.
 *
 *	- A version of the row by a transaction of its own is known to that transaction only
 *	  and forgotten with it, or with the subtransaction that is rolled back (epoch).
 *	- An unsettled version never outlives its snapshot.
 *	- A state is built aside and published when whole; a state that is no longer current
 *	  is freed when no memory context that was current at a call holds it (pins).
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

#include "read/relations.h"
#include "read/rule_cache.h"

#define N_STATES	4			/* users who read in turn: a caller, the relations' owner */
#define MAX_LOOKS	8			/* pins that are compared before another one is made */

typedef struct SnapshotKey
{
	uint64		epoch;
	TransactionId xmin;
	TransactionId xmax;
	uint32		xcnt;
	int32		subxcnt;
	bool		suboverflowed;
	CommandId	curcid;
	Oid			user;
	bool		row_security;
} SnapshotKey;

typedef struct Generation
{
	TransactionId xmin;			/* of the row's version */
	int64		number;
	bool		settled;		/* no statement is writing rules */
	bool		own;			/* the version is the current transaction's */
} Generation;

typedef struct RulePin
{
	MemoryContextCallback callback;
	MemoryContext context;
	RuleState  *state;
	dlist_node	node;			/* in the state's pins */
} RulePin;

typedef struct SettingRow
{
	const char *name;
	const char *value;
} SettingRow;

struct RuleState
{
	MemoryContext context;
	SnapshotKey key;
	Generation	generation;
	int			n_settings;
	SettingRow *settings;
	const FactDictionary *dictionary;
	CachedBook *books;
	dlist_head	pins;			/* latest first */
	bool		retired;		/* in no slot: goes with its last pin */
};

static RuleState *states[N_STATES]; /* most recently used first */
static uint64 current_epoch = 1;

/* the end of a transaction, and a rollback within one, end what it alone has seen */
static void
forget_transaction(XactEvent event, void *arg)
{
	current_epoch++;
}

static void
forget_subtransaction(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		current_epoch++;
}

static void
register_callbacks(void)
{
	static bool registered = false;

	if (registered)
		return;
	RegisterXactCallback(forget_transaction, NULL);
	RegisterSubXactCallback(forget_subtransaction, NULL);
	registered = true;
}

static inline void
read_key(SnapshotKey *key)
{
	Snapshot	snapshot = GetActiveSnapshot();

	key->epoch = current_epoch;
	key->xmin = snapshot->xmin;
	key->xmax = snapshot->xmax;
	key->xcnt = snapshot->xcnt;
	key->subxcnt = snapshot->subxcnt;
	key->suboverflowed = snapshot->suboverflowed;
	key->curcid = snapshot->curcid;
	key->user = GetUserId();
	key->row_security = row_security;
}

/*
 * The same snapshot?  Between equal xmin and xmax transactions only ever leave the set of
 * running ones, so equal counts are equal sets.
 */
static inline bool
same_key(const SnapshotKey *a, const SnapshotKey *b)
{
	return a->epoch == b->epoch && a->curcid == b->curcid &&
		a->xmin == b->xmin && a->xmax == b->xmax &&
		a->xcnt == b->xcnt && a->subxcnt == b->subxcnt &&
		a->suboverflowed == b->suboverflowed &&
		a->user == b->user && a->row_security == b->row_security;
}

static void
release_pin(void *arg)
{
	RulePin    *pin = arg;
	RuleState  *state = pin->state;

	dlist_delete(&pin->node);
	if (state->retired && dlist_is_empty(&state->pins))
		MemoryContextDelete(state->context);
}

/* keep a state as long as the current memory context is not reset */
static inline RuleState *
pin_state(RuleState *state)
{
	int			looks = 0;
	dlist_iter	iterator;
	RulePin    *pin;

	/* callers take turns in few contexts; missing an older pin costs a second one, no more */
	dlist_foreach(iterator, &state->pins)
	{
		if (dlist_container(RulePin, node, iterator.cur)->context == CurrentMemoryContext)
			return state;
		if (++looks == MAX_LOOKS)
			break;
	}
	pin = palloc(sizeof(RulePin));
	pin->context = CurrentMemoryContext;
	pin->state = state;
	pin->callback.func = release_pin;
	pin->callback.arg = pin;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &pin->callback);
	dlist_push_head(&state->pins, &pin->node);
	return state;
}

static void
retire_state(RuleState *state)
{
	state->retired = true;
	if (dlist_is_empty(&state->pins))
		MemoryContextDelete(state->context);
}

static void
read_generation(Generation *generation, HeapTuple tuple, TupleDesc columns)
{
	bool		isnull;

	generation->xmin = DatumGetTransactionId(SPI_getbinval(tuple, columns, 1, &isnull));
	generation->number = DatumGetInt64(SPI_getbinval(tuple, columns, 2, &isnull));
	generation->settled = rule_bool(tuple, columns, 3);
	generation->own = TransactionIdIsCurrentTransactionId(generation->xmin);
}

static void
read_setting(void *arg, HeapTuple tuple, TupleDesc columns, uint64 row, uint64 n_rows)
{
	RuleState  *state = arg;

	if (row == 0)
		state->settings = palloc(mul_size(sizeof(SettingRow), n_rows));
	state->settings[row].name = rule_text(tuple, columns, 1);
	state->settings[row].value = rule_text(tuple, columns, 2);
	state->n_settings = (int) row + 1;
}

/* is a state of another snapshot still what this one shows? */
static bool
same_generation(const RuleState *state, const SnapshotKey *key, const Generation *generation)
{
	const Generation *kept = &state->generation;

	return state->key.user == key->user && state->key.row_security == key->row_security &&
		kept->xmin == generation->xmin && kept->number == generation->number &&
		kept->settled && generation->settled &&
		kept->own == generation->own &&
		(!kept->own || state->key.epoch == key->epoch);
}

/* put a state first; what it replaces goes */
static void
publish_state(RuleState *state)
{
	int			slot = N_STATES - 1;

	for (int i = 0; i < N_STATES; i++)
		if (states[i] == NULL ||
			(states[i]->key.user == state->key.user && states[i]->key.row_security == state->key.row_security))
		{
			slot = i;
			break;
		}
	if (states[slot] != NULL)
	{
		RuleState  *old = states[slot];

		states[slot] = NULL;
		retire_state(old);
	}
	memmove(&states[1], &states[0], slot * sizeof(states[0]));
	states[0] = state;
}

/* read the settings aside; books are read when they are asked for */
static RuleState *
build_state(const SnapshotKey *key, const Generation *generation)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "outbound rules",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	RuleState  *state = palloc0(sizeof(RuleState));

	state->context = context;
	state->key = *key;
	state->generation = *generation;
	dlist_init(&state->pins);
	rule_query(psprintf("SELECT s.name, s.value FROM %s.setting s", extension_schema()),
			   NULL, 0, read_setting, state);
	MemoryContextSwitchTo(old);
	return state;
}

/*
 * The row of rule_generation under the active snapshot.  The plan holds no values and
 * names its table with the schema, so it may be kept; the server replans it for another
 * user's row security or another table.
 */
static void
load_generation(Generation *generation)
{
	static SPIPlanPtr plan = NULL;
	static char *plan_schema = NULL;
	const char *schema = extension_schema();

	if (plan == NULL || strcmp(plan_schema, schema) != 0)
	{
		SPIPlanPtr	fresh = SPI_prepare(psprintf("SELECT g.xmin, g.generation, g.writers OPERATOR(pg_catalog.=) 0"
												 " FROM %s.rule_generation g", schema), 0, NULL);
		char	   *fresh_schema = MemoryContextStrdup(TopMemoryContext, schema);

		if (fresh == NULL || SPI_keepplan(fresh) != 0)
			elog(ERROR, "rule generation could not be prepared");
		if (plan != NULL)
		{
			SPI_freeplan(plan);
			pfree(plan_schema);
		}
		plan = fresh;
		plan_schema = fresh_schema;
	}
	if (SPI_execute_plan(plan, NULL, NULL, true, 2) != SPI_OK_SELECT || SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"rule_generation\" of extension \"outbound\" must have one visible row")));
	read_generation(generation, SPI_tuptable->vals[0], SPI_tuptable->tupdesc);
}

/* look at rule_generation under the active snapshot; keep the state it confirms, else build one */
static RuleState *
refresh_state(const SnapshotKey *key)
{
	Generation	generation = {0};
	RuleState  *state = NULL;

	register_callbacks();
	SPI_connect();
	load_generation(&generation);
	for (int i = 0; i < N_STATES && state == NULL; i++)
		if (states[i] != NULL && same_generation(states[i], key, &generation))
			state = states[i];
	if (state != NULL)
		state->key = *key;
	else
	{
		state = build_state(key, &generation);
		MemoryContextSetParent(state->context, CacheMemoryContext);
		publish_state(state);
	}
	SPI_finish();
	return state;
}

RuleState *
rule_state(void)
{
	SnapshotKey key;

	if (unlikely(!ActiveSnapshotSet()))
		elog(ERROR, "rules cannot be read without a snapshot");
	read_key(&key);
	for (int i = 0; i < N_STATES && states[i] != NULL; i++)
		if (same_key(&states[i]->key, &key))
			return pin_state(states[i]);
	return pin_state(refresh_state(&key));
}

const char *
rule_state_setting(RuleState *state, const char *name)
{
	for (int i = 0; i < state->n_settings; i++)
		if (strcmp(state->settings[i].name, name) == 0)
			return state->settings[i].value;
	return NULL;
}

const FactDictionary *
rule_state_dictionary(RuleState *state)
{
	return state->dictionary;
}

void
rule_state_keep_dictionary(RuleState *state, const FactDictionary *dictionary, MemoryContext context)
{
	MemoryContextSetParent(context, state->context);
	state->dictionary = dictionary;
}

CachedBook *
rule_state_book(RuleState *state, const char *asked, DateADT as_of)
{
	for (CachedBook *cached = state->books; cached != NULL; cached = cached->next)
		if (as_of >= cached->from_day && as_of < cached->to_day &&
			(asked == NULL ? cached->asked == NULL
			 : cached->asked != NULL && strcmp(asked, cached->asked) == 0))
			return cached;
	return NULL;
}

bool
rule_book_is_kept(const RuleBook *book, uint64 id)
{
	for (CachedBook *cached = rule_state()->books; cached != NULL; cached = cached->next)
		if (&cached->book == book)
			return book->id == id;
	return false;
}

void
rule_state_keep(RuleState *state, CachedBook *cached)
{
	MemoryContextSetParent(cached->context, state->context);
	cached->next = state->books;
	state->books = cached;
}

uint64
rule_query(const char *query, const char *text, DateADT day, RuleRow row, void *arg)
{
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2];
	char		nulls[2] = {text == NULL ? 'n' : ' ', ' '};
	MemoryContext context = CurrentMemoryContext;
	SPITupleTable *table;
	uint64		n_rows;
	int			code;

	values[0] = text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
	values[1] = DateADTGetDatum(day);
	code = SPI_execute_with_args(query, 2, types, values, nulls, true, 0);
	if (code != SPI_OK_SELECT)
		elog(ERROR, "rules could not be read: %s", SPI_result_code_string(code));
	table = SPI_tuptable;
	n_rows = SPI_processed;
	MemoryContextSwitchTo(context);
	for (uint64 i = 0; i < n_rows; i++)
	{
		CHECK_FOR_INTERRUPTS();
		row(arg, table->vals[i], table->tupdesc, i, n_rows);
	}
	SPI_freetuptable(table);
	return n_rows;
}

char *
rule_text(HeapTuple tuple, TupleDesc columns, int column)
{
	return SPI_getvalue(tuple, columns, column);
}

bool
rule_bool(HeapTuple tuple, TupleDesc columns, int column)
{
	bool		isnull;
	Datum		value = SPI_getbinval(tuple, columns, column, &isnull);

	return !isnull && DatumGetBool(value);
}

const char **
rule_texts(HeapTuple tuple, TupleDesc columns, int column, int *n)
{
	bool		isnull;
	Datum		array = SPI_getbinval(tuple, columns, column, &isnull);
	Datum	   *elements;
	bool	   *nulls;
	const char **texts;

	*n = 0;
	if (isnull)
		return NULL;
	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, n);
	texts = palloc(mul_size(sizeof(char *), *n + 1));
	for (int i = 0; i < *n; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("column \"%s\" of a rule row has a NULL element",
							SPI_fname(columns, column))));
		texts[i] = TextDatumGetCString(elements[i]);
	}
	return texts;
}
