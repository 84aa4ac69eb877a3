/*
 * activities.c
 *		What a party is known to do: its rows of relation activity, and what they come to.
 *
 * Rows are kept as they are, since their facts are long; what they come to is kept for
 * each rule book and for the options of the readings that provisions about activities
 * hang on.  When the whole graph is at hand, so is the whole relation.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "screen/readings.h"

typedef struct KnownActivities
{
	NodeId		party;			/* hash key */
	int			n;
	int			allocated;
	HeapTupleHeader *rows;
	bool		warned;			/* of those whose facts cannot be read */
} KnownActivities;

typedef struct KnownProfile
{
	NodeId		party;			/* hash key */
	ActivityProfile profile;
} KnownProfile;

/* what the rows come to under one rule book and the options that matter */
struct ProfileSet
{
	uint64		book;
	uint64		options;
	HTAB	   *profiles;
	struct ProfileSet *next;
};

/* The party's place among those whose activities are known. */
static KnownActivities *
enter_party(Neighbourhood *nb, NodeId party)
{
	bool		found;
	KnownActivities *known = hash_search(nb->activities, &party, HASH_ENTER, &found);

	if (!found)
	{
		memset(known, 0, sizeof(*known));
		known->party = party;
	}
	return known;
}

/* Keeps a row of a party. */
static void
keep_row(Neighbourhood *nb, NodeId party, Datum row)
{
	KnownActivities *known = enter_party(nb, party);
	MemoryContext old = MemoryContextSwitchTo(nb->context);

	if (known->n == known->allocated)
	{
		known->allocated = Max(2, known->allocated * 2);
		known->rows = known->rows == NULL ? palloc(mul_size(sizeof(HeapTupleHeader), known->allocated)) :
			repalloc(known->rows, mul_size(sizeof(HeapTupleHeader), known->allocated));
	}
	known->rows[known->n++] = DatumGetHeapTupleHeaderCopy(row);
	MemoryContextSwitchTo(old);
}

/* Keeps the rows of the current result, each party in column 1. */
static void
read_activities(Neighbourhood *nb, uint64 n)
{
	for (uint64 i = 0; i < n; i++)
	{
		char	   *id = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1);
		bool		isnull;
		Datum		row = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &isnull);
		NodeId		party;

		CHECK_FOR_INTERRUPTS();
		if (id != NULL && graph_find(nb->graph, id, strlen(id), &party))
			keep_row(nb, party, row);
	}
}

/* Reads the rows of every party of the graph, which is there whole. */
static void
load_all_activities(Neighbourhood *nb)
{
	const SourceRelation *r = &nb->schema->relations[SOURCE_ACTIVITY];

	/* those read one by one are read again */
	nb->activities = node_table_create(nb, "outbound activities", sizeof(KnownActivities));
	SPI_connect();
	neighbourhood_scan(nb, psprintf("SELECT %s, (a.*)::%s FROM %s AS a WHERE true%s", source_column(r, "a", "party_id", "text"),
									r->qualified_name, r->qualified_name, source_validity(r, "a", 2)), read_activities);
	SPI_finish();
	nb->all_activities = graph_size(nb->graph);
}

/* Reads the rows of those parties of which none were read. */
static void
load_activities(Neighbourhood *nb, const NodeId *parties, uint32 n)
{
	const SourceRelation *r = &nb->schema->relations[SOURCE_ACTIVITY];
	const char **ids = palloc_extended(mul_size(sizeof(char *), n), MCXT_ALLOC_HUGE);
	int			n_ids = 0;

	for (uint32 i = 0; i < n; i++)
		/* one that only its activities name is met later */
		if (parties[i] >= nb->all_activities && hash_search(nb->activities, &parties[i], HASH_FIND, NULL) == NULL)
		{
			(void) enter_party(nb, parties[i]);
			ids[n_ids++] = graph_node(nb->graph, parties[i])->id;
		}
	if (n_ids > 0)
	{
		SPI_connect();
		read_activities(nb, neighbourhood_query(nb, psprintf("SELECT %s, (a.*)::%s FROM %s AS a WHERE a.party_id OPERATOR(pg_catalog.=) ANY ($1)%s",
															 source_column(r, "a", "party_id", "text"), r->qualified_name,
															 r->qualified_name, source_validity(r, "a", 2)),
												source_id_array(nb->schema, ids, n_ids), true));
		SPI_finish();
	}
	pfree(ids);
}

void
activities_load(Inquiry *inquiry, const NodeId *parties, uint32 n)
{
	Neighbourhood *nb = inquiry->nb;

	if (nb->whole && nb->all_activities == 0)
		load_all_activities(nb);
	else if (nb->activities == NULL)
		nb->activities = node_table_create(nb, "outbound activities", sizeof(KnownActivities));
	load_activities(nb, parties, n);
}

/* A party's rows of relation activity, read once a neighbourhood; NULL for none. */
static KnownActivities *
known_activities(Inquiry *inquiry, NodeId party)
{
	activities_load(inquiry, &party, 1);
	return hash_search(inquiry->nb->activities, &party, HASH_FIND, NULL);
}

bool
may_be_active(Inquiry *inquiry, NodeId party)
{
	const KnownActivities *known;

	if (inquiry->nb->row_security || !neighbourhood_party(inquiry->nb, party)->activity_complete)
		return true;
	known = known_activities(inquiry, party);
	return known != NULL && known->n > 0;
}

/* Adds a cite in its place: worst outcome first, then as the rule book has them. */
static void
profile_cite(ActivityProfile *profile, const Provision *provision)
{
	int			at = profile->n_cites;

	for (int i = 0; i < profile->n_cites; i++)
		if (strcmp(profile->cites[i].cite, provision->cite) == 0)
			return;
	while (at > 0 && profile->cites[at - 1].outcome < provision->outcome)
	{
		profile->cites[at] = profile->cites[at - 1];
		at--;
	}
	profile->cites[at].cite = provision->cite;
	profile->cites[at].outcome = provision->outcome;
	profile->n_cites++;
}

/* Adds the cites of the findings that hold, and what those that may hold are missing. */
static void
profile_add(Inquiry *inquiry, ActivityProfile *profile, const ActivityClass *class)
{
	for (int i = 0; i < class->n_findings; i++)
	{
		const ActivityFinding *finding = &class->findings[i];

		if (finding->holds == TERNARY_TRUE)
			profile_cite(profile, finding->provision);
		if (finding->holds == TERNARY_UNKNOWN && finding->missing != NULL)
			for (int f = 0; f < inquiry->book->dictionary.n_facts; f++)
				if (finding->missing[f])
					missing_add(&profile->missing, inquiry->book->dictionary.facts[f].name);
	}
}

/* Adds one activity; one whose facts cannot be read may be anything. */
static void
profile_row(Inquiry *inquiry, ActivityProfile *profile, KnownActivities *known, HeapTupleHeader row)
{
	const char *id = graph_node(inquiry->nb->graph, known->party)->id;
	const char *problem;
	Facts	   *facts = facts_from_dirty_record(inquiry->book, FACTS_OF_ACTIVITY, row, &problem);
	ActivityClass class;

	if (facts == NULL)
	{
		if (!known->warned)
			ereport(WARNING,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the facts of an activity of party \"%s\" cannot be read", id),
					 errdetail_internal("%s", problem)));
		profile->at_most = OUTCOME_PROHIBITED;
		missing_add(&profile->missing, psprintf("activity(%s)", id));
		return;
	}
	class = activity_findings(inquiry->book, inquiry->choice, facts);
	profile->at_least = Max(profile->at_least, class.at_least);
	profile->at_most = Max(profile->at_most, class.at_most);
	profile_add(inquiry, profile, &class);
}

/* What a party's rows and its register of activities come to, in the current context. */
static ActivityProfile
make_profile(Inquiry *inquiry, NodeId party)
{
	const Party *row = neighbourhood_party(inquiry->nb, party);
	KnownActivities *known = known_activities(inquiry, party);
	ActivityProfile profile = {OUTCOME_NOT_COVERED, OUTCOME_NOT_COVERED};

	profile.cites = palloc(mul_size(sizeof(*profile.cites), inquiry->book->n_provisions + 1));
	for (int i = 0; known != NULL && i < known->n; i++)
		profile_row(inquiry, &profile, known, known->rows[i]);
	if (known != NULL)
		known->warned = true;
	/* a party whose register of activities is open may do anything else besides */
	if ((!row->activity_complete || inquiry->nb->row_security) && profile.at_least < OUTCOME_PROHIBITED)
	{
		profile.at_most = OUTCOME_PROHIBITED;
		if (!row->activity_complete)
			missing_party(&profile.missing, inquiry, party, "activity_register");
	}
	profile.covered = profile.at_least >= OUTCOME_NOTIFIABLE ? TERNARY_TRUE :
		profile.at_most <= OUTCOME_NOT_COVERED ? TERNARY_FALSE : TERNARY_UNKNOWN;
	profile.prohibited = profile.at_least >= OUTCOME_PROHIBITED ? TERNARY_TRUE :
		profile.at_most < OUTCOME_PROHIBITED ? TERNARY_FALSE : TERNARY_UNKNOWN;
	if (profile.at_least == OUTCOME_PROHIBITED)
		memset(&profile.missing, 0, sizeof(profile.missing));
	return profile;
}

/* A copy that lasts as long as the neighbourhood. */
static ActivityProfile
keep_profile(Neighbourhood *nb, const ActivityProfile *made)
{
	MemoryContext old = MemoryContextSwitchTo(nb->context);
	ActivityProfile profile = *made;

	profile.cites = palloc(mul_size(sizeof(*profile.cites), Max(made->n_cites, 1)));
	if (made->n_cites > 0)
		memcpy(profile.cites, made->cites, sizeof(*profile.cites) * made->n_cites);
	memset(&profile.missing, 0, sizeof(profile.missing));
	missing_merge(&profile.missing, &made->missing);
	MemoryContextSwitchTo(old);
	return profile;
}

/* The options on which provisions about activities hang, as one number. */
static uint64
options_of_activities(const Inquiry *inquiry)
{
	uint64		options = 0;

	for (int i = 0; i < inquiry->book->n_readings; i++)
		if (reading_changes(inquiry->book, i) & RESTS_ON_ACTIVITIES)
			options = options * 37 + inquiry->choice->option[i] + 1;
	return options;
}

ProfileSet *
activity_profiles(Inquiry *inquiry)
{
	Neighbourhood *nb = inquiry->nb;
	uint64		options = options_of_activities(inquiry);
	ProfileSet *set;

	for (set = nb->profiles; set != NULL; set = set->next)
		if (set->book == inquiry->book->id && set->options == options)
			return set;
	set = MemoryContextAllocZero(nb->context, sizeof(ProfileSet));
	set->book = inquiry->book->id;
	set->options = options;
	set->profiles = node_table_create(nb, "outbound profiles", sizeof(KnownProfile));
	set->next = nb->profiles;
	nb->profiles = set;
	return set;
}

const ActivityProfile *
profile_among(Inquiry *inquiry, ProfileSet *set, NodeId party)
{
	KnownProfile *known = hash_search(set->profiles, &party, HASH_FIND, NULL);
	MemoryContext scratch;
	MemoryContext old;
	ActivityProfile made;

	if (known != NULL)
		return &known->profile;
	scratch = AllocSetContextCreate(CurrentMemoryContext, "outbound activities", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(scratch);
	made = make_profile(inquiry, party);
	made = keep_profile(inquiry->nb, &made);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	known = hash_search(set->profiles, &party, HASH_ENTER, NULL);
	known->profile = made;
	return &known->profile;
}

ActivityProfile
activity_profile(Inquiry *inquiry, NodeId party)
{
	return *profile_among(inquiry, activity_profiles(inquiry), party);
}
