/*
 * inquiry.c
 *		Scratch memory, remembered answers and lists of what is missing.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/memutils.h"

#include "read/same_days.h"
#include "screen/inquiry.h"

typedef struct Memo
{
	uint32		hash;			/* of label and options */
	const char *label;
	int			n_options;
	int		   *options;
	uint32		n_answers;
	uint8	   *answers;
	struct Memo *next;
} Memo;

const char *
grade_name(Grade grade)
{
	static const char *const names[] = {"no", "undisclosed", "possible", "definite"};

	return names[grade];
}

/* Scratch memory and an environment over it; the neighbourhood is still to come. */
static Inquiry *
inquiry_create(const RuleBook *book, const ReadingChoice *choice)
{
	MemoryContext scratch = graph_memory_create(CurrentMemoryContext, "outbound inquiry");
	MemoryContext old = MemoryContextSwitchTo(scratch);
	Inquiry    *inquiry = palloc0(sizeof(Inquiry));

	inquiry->scratch = scratch;
	inquiry->env = backend_env();
	inquiry->book = book;
	inquiry->choice = choice ? choice : reading_choice(book);
	MemoryContextSwitchTo(old);
	return inquiry;
}

Inquiry *
inquiry_begin(const RuleBook *book, DateADT as_of, const ReadingChoice *choice)
{
	Inquiry    *inquiry = inquiry_create(book, choice);

	inquiry->nb = neighbourhood_get(book, as_of);
	return inquiry;
}

Inquiry *
inquiry_of_deal(const RuleBook *book, DateADT as_of)
{
	Inquiry    *inquiry = inquiry_create(book, NULL);

	inquiry->nb = neighbourhood_of_day(book, as_of);
	return inquiry;
}

Inquiry *
inquiry_like(const Inquiry *inquiry)
{
	Inquiry    *other = inquiry_create(inquiry->book, inquiry->choice);

	other->nb = inquiry->nb;
	return other;
}

void
inquiry_end(Inquiry *inquiry)
{
	MemoryContextDelete(inquiry->scratch);
}

void
inquiry_check(Inquiry *inquiry)
{
	core_check(&inquiry->env);
}

/* The memo of a label under a choice of readings, with room for every party. */
static uint8 *
memo_find(Neighbourhood *nb, const char *label, int n_options, const int *options)
{
	uint32		n = graph_size(nb->graph);
	uint32		hash = hash_bytes((const unsigned char *) label, (int) strlen(label)) ^
		hash_bytes((const unsigned char *) options, (int) sizeof(int) * n_options);
	uint8	   *grown;
	Memo	   *memo;

	for (memo = nb->memo; memo != NULL; memo = memo->next)
		if (memo->hash == hash && strcmp(memo->label, label) == 0 && memo->n_options == n_options &&
			memcmp(memo->options, options, sizeof(int) * n_options) == 0)
			break;
	if (memo == NULL)
	{
		memo = MemoryContextAllocZero(nb->context, sizeof(Memo));
		memo->hash = hash;
		memo->label = MemoryContextStrdup(nb->context, label);
		memo->n_options = n_options;
		memo->options = MemoryContextAlloc(nb->context, sizeof(int) * Max(n_options, 1));
		if (n_options > 0)
			memcpy(memo->options, options, sizeof(int) * n_options);
		memo->next = nb->memo;
		nb->memo = memo;
	}
	if (memo->n_answers < n)
	{
		uint32		allocated = Max(n, memo->n_answers * 2);

		grown = MemoryContextAllocHuge(nb->context, allocated);
		memset(grown, MEMO_EMPTY, allocated);
		if (memo->n_answers > 0)
		{
			memcpy(grown, memo->answers, memo->n_answers);
			pfree(memo->answers);
		}
		memo->answers = grown;
		memo->n_answers = allocated;
	}
	return memo->answers;
}

/* Copies the options of the readings that a test obeys; the others read as their first. */
static void
test_options(const TestRow *row, const ReadingChoice *choice, int *options)
{
	for (int i = 0; i < row->n_changes; i++)
		options[row->changes[i].reading] = choice->option[row->changes[i].reading];
}

uint8 *
inquiry_test_memo(Inquiry *inquiry, const char *test)
{
	const TestRow *row = rule_test(inquiry->book, test);
	int		   *options = MemoryContextAllocZero(inquiry->scratch, sizeof(int) * Max(inquiry->choice->n, 1));

	test_options(row, inquiry->choice, options);
	/* the seeds of one test may be the members of another */
	if (strstr(row->seeds, "person_of_country_of_concern") != NULL)
		test_options(rule_test(inquiry->book, TEST_GOVERNMENT), inquiry->choice, options);
	return memo_find(inquiry->nb, test, inquiry->choice->n, options);
}

uint8 *
inquiry_data_memo(Inquiry *inquiry, const char *label)
{
	return memo_find(inquiry->nb, label, 0, inquiry->choice->option);
}

/* The slot of a name among those of a list that has slots: its own, or a free one. */
static int *
missing_slot(const MissingList *list, const char *name)
{
	uint32		slot = hash_bytes((const unsigned char *) name, (int) strlen(name)) & (list->n_slots - 1);

	while (list->slots[slot] >= 0 && strcmp(list->names[list->slots[slot]], name) != 0)
		slot = (slot + 1) & (list->n_slots - 1);
	return &list->slots[slot];
}

/* Makes slots for twice as many names as there is room for. */
static void
missing_make_slots(MissingList *list)
{
	if (list->slots != NULL)
		pfree(list->slots);
	list->n_slots = pg_nextpower2_32(list->allocated) * 2;
	list->slots = palloc_extended(mul_size(sizeof(int), list->n_slots), MCXT_ALLOC_HUGE);
	memset(list->slots, 0xff, sizeof(int) * list->n_slots);
	for (int i = 0; i < list->n; i++)
		*missing_slot(list, list->names[i]) = i;
}

/* The place of a name in the list, or where it would be the next. */
static int
missing_place(const MissingList *list, const char *name)
{
	if (list->slots != NULL)
	{
		int			place = *missing_slot(list, name);

		return place < 0 ? list->n : place;
	}
	for (int i = 0; i < list->n; i++)
		if (strcmp(list->names[i], name) == 0)
			return i;
	return list->n;
}

/* Adds a name, mentioned so many times; long lists are looked up by hash. */
static void
missing_mention(MissingList *list, const char *name, int mentions)
{
	int			place = missing_place(list, name);

	if (place < list->n)
	{
		list->mentions[place] += mentions;
		return;
	}
	if (list->n == list->allocated)
	{
		list->allocated = Max(8, list->allocated * 2);
		list->names = list->names ? repalloc_huge(list->names, mul_size(sizeof(char *), list->allocated)) :
			palloc(mul_size(sizeof(char *), list->allocated));
		list->mentions = list->mentions ? repalloc_huge(list->mentions, mul_size(sizeof(int), list->allocated)) :
			palloc(mul_size(sizeof(int), list->allocated));
		if (list->allocated > 32)
			missing_make_slots(list);
	}
	list->mentions[list->n] = mentions;
	list->names[list->n] = pstrdup(name);
	if (list->slots != NULL)
		*missing_slot(list, name) = list->n;
	list->n++;
}

ShareValue
share_between(Inquiry *inquiry, Bound low, Bound high)
{
	bool		range = fraction_compare(&inquiry->env, low.value, high.value) < 0;

	return (ShareValue) {low.value, high.value, range && low.strict, range && high.strict};
}

Bound
bound_of_end(Inquiry *inquiry, uint64 end)
{
	Bound		bound = {FRACTION_INFINITY, false};

	if (end <= PG_INT64_MAX)
		bound.value = fraction_of(&inquiry->env, (int64) end, (int64) ENDS_ONE);
	return bound;
}

void
missing_add(MissingList *list, const char *name)
{
	missing_mention(list, name, 1);
}

void
missing_merge(MissingList *list, const MissingList *more)
{
	for (int i = 0; i < more->n; i++)
		missing_mention(list, more->names[i], more->mentions[i]);
}

void
missing_party(MissingList *list, Inquiry *inquiry, NodeId party, const char *column)
{
	missing_add(list, psprintf("party(%s).%s", graph_node(inquiry->nb->graph, party)->id, column));
}
