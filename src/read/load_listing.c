/*
 * load_listing.c
 *		Who stands on lists: relation listing, streamed.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "read/census_rows.h"
#include "read/list_freshness.h"
#include "read/load_listing.h"

typedef struct ListingStream
{
	DestReceiver receiver;		/* first */
	const RuleBook *book;
	const char *lists;			/* names with commas between */
	TakeListing take;
	void	   *arg;
	MemoryContext row_context;
} ListingStream;

/* Does a name stand in a comma-separated list? */
static bool
name_among(const char *names, const char *name)
{
	size_t		length = strlen(name);

	for (const char *at = names; *at != '\0'; at += strcspn(at, ","), at += *at == ',')
		if (strcspn(at, ",") == length && strncmp(at, name, length) == 0)
			return true;
	return false;
}

/* One row of the listing query: party, list. */
static bool
receive_listing(TupleTableSlot *slot, DestReceiver *self)
{
	ListingStream *stream = (ListingStream *) self;
	MemoryContext old = MemoryContextSwitchTo(stream->row_context);
	char	   *list = NULL;
	bool		known = false;

	slot_getallattrs(slot);
	if (!slot->tts_isnull[1])
		list = TextDatumGetCString(slot->tts_values[1]);
	for (int i = 0; i < stream->book->n_lists && list != NULL; i++)
		known = known || strcmp(stream->book->lists[i].list, list) == 0;
	if (!slot->tts_isnull[0] && (!known || name_among(stream->lists, list)))
	{
		size_t		length;
		const char *id = text_bytes(slot->tts_values[0], &length);

		stream->take(stream->arg, id, length, known);
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(stream->row_context);
	CHECK_FOR_INTERRUPTS();
	return true;
}

static void
listing_startup(DestReceiver *self, int operation, TupleDesc type)
{
}

static void
listing_end(DestReceiver *self)
{
}

void
listing_read(Neighbourhood *nb, const char *lists, TakeListing take, void *arg)
{
	const SourceRelation *r = &nb->schema->relations[SOURCE_LISTING];
	ListingStream *stream = palloc0(sizeof(ListingStream));

	stream->receiver.receiveSlot = receive_listing;
	stream->receiver.rStartup = listing_startup;
	stream->receiver.rShutdown = listing_end;
	stream->receiver.rDestroy = listing_end;
	stream->receiver.mydest = DestNone;
	stream->book = nb->book;
	stream->lists = lists;
	stream->take = take;
	stream->arg = arg;
	stream->row_context = AllocSetContextCreate(CurrentMemoryContext, "outbound rows", ALLOCSET_DEFAULT_SIZES);
	SPI_connect();
	neighbourhood_stream(nb, psprintf("SELECT %s, %s FROM %s l WHERE true%s", source_column(r, "l", "party_id", "text"),
									  source_column(r, "l", "list", "text"), r->qualified_name, source_validity(r, "l", 1)),
						 (Datum) 0, &stream->receiver);
	SPI_finish();
	MemoryContextDelete(stream->row_context);
}

bool
listing_is_stale(const Neighbourhood *nb, const char *lists)
{
	bool	   *stale = stale_lists(nb->book, nb->as_of);

	for (int i = 0; i < nb->book->n_lists; i++)
		if (stale[i] && name_among(lists, nb->book->lists[i].list))
			return true;
	return false;
}
