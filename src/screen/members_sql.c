/*
 * members_sql.c
 *		The whole graph at once: members(test) and controlled_foreign_entities().
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"

#include "screen/census_members.h"
#include "screen/engine_statistics.h"
#include "screen/everybody.h"
#include "screen/questions.h"

#define LARGE_CENSUS	4096	/* parties: from here on a test of one holder at a time is swept */

PG_FUNCTION_INFO_V1(outbound_members);
PG_FUNCTION_INFO_V1(outbound_red_flags);
PG_FUNCTION_INFO_V1(outbound_controlled_foreign_entities);

/* What the rows share: where they go and which grades are wanted. */
typedef struct MemberRows
{
	ReturnSetInfo *rsinfo;
	MemoryContext row;			/* of one row's values */
	Inquiry    *inquiry;
	bool		include_undisclosed;
	uint64		n_undisclosed;	/* left out */
} MemberRows;

/* One row: party_id, grade, tier, limb, parent_id. */
static void
put_member(MemberRows *rows, const char *party, Grade grade, int tier, const char *limb, const char *parent)
{
	Datum		values[5] = {0};
	bool		nulls[5] = {false};
	MemoryContext old;

	if (grade == GRADE_NO)
		return;
	if (grade == GRADE_UNDISCLOSED && !rows->include_undisclosed)
	{
		rows->n_undisclosed++;
		return;
	}
	old = MemoryContextSwitchTo(rows->row);
	values[0] = CStringGetTextDatum(party);
	values[1] = CStringGetTextDatum(grade_name(grade));
	values[2] = Int32GetDatum(tier);
	nulls[2] = tier < 0;
	set_text(values, nulls, 3, limb);
	set_text(values, nulls, 4, parent);
	tuplestore_putvalues(rows->rsinfo->setResult, rows->rsinfo->setDesc, values,
						 nulls);
	MemoryContextSwitchTo(old);
	MemoryContextReset(rows->row);
}

/* Says how many parties may be members only through holders nobody has disclosed. */
static void
report_undisclosed(const MemberRows *rows)
{
	if (rows->n_undisclosed > 0)
		ereport(NOTICE,
				(errmsg("%llu more parties are possible only through undisclosed holders",
						(unsigned long long) rows->n_undisclosed),
				 errhint("include_undisclosed => true lists them.")));
}

/* The id of a party of the neighbourhood. */
static const char *
id_of(const MemberRows *rows, NodeId party)
{
	return graph_node(rows->inquiry->nb->graph, party)->id;
}

/* Does anybody want to know of those that are possible only through undisclosed holders? */
static bool
undisclosed_matter(const MemberRows *rows)
{
	return rows->include_undisclosed || message_level_is_interesting(NOTICE);
}

/* The members of a pooled test from a census. */
static void
census_rows(MemberRows *rows, const char *test)
{
	const CensusMembership *m = undisclosed_matter(rows) ? NULL : census_members_reached(rows->inquiry, test);
	uint32		n;

	if (m == NULL)
		m = census_members(rows->inquiry, test, rows->include_undisclosed ? GRADE_UNDISCLOSED : GRADE_DISCLOSED);
	n = census_size(m->loaded->census);
	for (uint32 i = 0; i < n; i++)
	{
		if ((i & 1023) == 0)
			CHECK_FOR_INTERRUPTS();
		if (m->grade[i] != GRADE_NO)
			put_member(rows, census_id(m->loaded->census, i), (Grade) m->grade[i], m->tier[i],
					   limb_word(&m->row->base, m->reason[i]), NULL);
	}
}

/* One run of the kernel over everything. */
static Membership *
everything(MemberRows *rows, const TestRow *row)
{
	neighbourhood_load_all(rows->inquiry->nb);
	return membership_run_row(rows->inquiry, row, NULL);
}

/* The members of a pooled test from one run of the kernel over everything, those of another left out. */
static void
pooled_members(MemberRows *rows, const Membership *m, const Membership *but)
{
	for (uint32 i = 0; i < m->n_nodes; i++)
	{
		MembershipFinding finding = membership_finding(rows->inquiry, m, m->nodes[i]);
		int			tier = m->test.tiers > 0 ? (int) finding.tier : (int) Min(finding.tier, 2);

		CHECK_FOR_INTERRUPTS();
		if (but != NULL && (finding.reason == -1 ||
							membership_finding(rows->inquiry, but, m->nodes[i]).grade == GRADE_DEFINITE))
			continue;
		put_member(rows, id_of(rows, m->nodes[i]), finding.grade, finding.is_member ? tier : -1, limb_word(&m->test.base, finding.reason), NULL);
	}
}

/* The parties of which some U.S. person is a parent. */
static void
controlled_entities(MemberRows *rows)
{
	uint8	   *grades;
	uint32	   *parents;
	const LoadedCensus *loaded = controlled_by_census(rows->inquiry, &grades, &parents);

	if (loaded != NULL)
	{
		for (uint32 i = 0; i < census_size(loaded->census); i++)
		{
			CHECK_FOR_INTERRUPTS();
			put_member(rows, census_id(loaded->census, i), (Grade) grades[i], -1, NULL,
					   parents[i] != i ? census_id(loaded->census, parents[i]) : NULL);
		}
		return;
	}
	controlled_everywhere(rows->inquiry, &grades, &parents);
	for (uint32 i = 0; i < graph_size(rows->inquiry->nb->graph); i++)
	{
		CHECK_FOR_INTERRUPTS();
		put_member(rows, id_of(rows, i), (Grade) grades[i], -1, NULL, parents[i] != i ? id_of(rows, parents[i]) : NULL);
	}
}

/*
 * Who meets a test of one holder at a time in whom, as far as the holder is of those the
 * test asks about: a row for each two.
 */
static void
root_members(MemberRows *rows, const TestRow *row)
{
	Inquiry    *inquiry = rows->inquiry;
	MemoryContext context = inquiry->scratch;
	MemoryContext one = AllocSetContextCreate(context, "outbound party", ALLOCSET_DEFAULT_SIZES);

	neighbourhood_load_all(inquiry->nb);
	for (uint32 i = 0; i < graph_size(inquiry->nb->graph); i++)
	{
		ParentFinding *findings;
		int			n;

		CHECK_FOR_INTERRUPTS();
		inquiry->scratch = one;
		inquiry->env.arg = one;
		findings = root_findings(inquiry, row, i, false, &n);
		for (int j = 0; j < n; j++)
		{
			Ternary		seed = is_seed(inquiry, row->seeds, findings[j].root, RUN_UNDISCLOSED);
			Grade		grade = seed == TERNARY_UNKNOWN ? Min(findings[j].grade, GRADE_DISCLOSED) : findings[j].grade;

			if (seed != TERNARY_FALSE)
				put_member(rows, id_of(rows, i), grade, findings[j].tier == PG_UINT32_MAX ? -1 : (int) findings[j].tier, findings[j].limb,
						   id_of(rows, findings[j].root));
		}
		inquiry->scratch = context;
		inquiry->env.arg = context;
		MemoryContextReset(one);
	}
}

/* a holder that meets the test in a party */
typedef struct RootMember
{
	uint32		party;
	uint32		root;
	int8		reason;			/* as in Attribution */
	uint8		grade;
} RootMember;

/* those that sweeps have told of */
typedef struct RootMembers
{
	Everybody	everybody;
	const int8 *seeds;
	RootMember *members;
	Size		n;
	Size		allocated;
} RootMembers;

static bool
wants_pair(void *arg, uint32 root, uint32 party)
{
	return true;
}

/* Takes a member, or who may be one. */
static void
take_member(void *arg, uint32 party, const SweepFinding *finding, bool final)
{
	RootMembers *m = arg;
	Grade		grade = everybody_grade(&m->everybody, m->seeds, finding, party);

	if (grade == GRADE_NO)
		return;
	if (m->n == m->allocated)
	{
		m->allocated = Max(1024, m->allocated * 2);
		m->members = m->members == NULL ? palloc(mul_size(sizeof(RootMember), m->allocated)) :
			repalloc_huge(m->members, mul_size(sizeof(RootMember), m->allocated));
	}
	m->members[m->n++] = (RootMember) {party, finding->root, finding->status == TERNARY_TRUE ? finding->reason : -4, (uint8) grade};
}

/* By party and root, the best grade first. */
static int
member_order(const void *a, const void *b, void *arg)
{
	const RootMember *x = a;
	const RootMember *y = b;

	if (x->party != y->party)
		return x->party < y->party ? -1 : 1;
	if (x->root != y->root)
		return x->root < y->root ? -1 : 1;
	return (int) y->grade - (int) x->grade;
}

/* The rows of root_members() by sweeps over a census; false if these do not tell, or there are few parties. */
static bool
swept_members(MemberRows *rows, const TestRow *row)
{
	Inquiry    *inquiry = rows->inquiry;
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	LoadedCensus *loaded = everybody_serves(row) ? census_load(inquiry->nb, true) : NULL;
	bool		serves = loaded != NULL && census_size(loaded->census) >= LARGE_CENSUS &&
		!(undisclosed_matter(rows) && census_openness(loaded->census).undisclosed);
	RootMembers m = {.seeds = serves ? everybody_seeds(loaded, row->seeds) : NULL};

	if (m.seeds != NULL)
	{
		everybody_begin(&m.everybody, loaded, row);
		m.everybody.members_only = true;
		m.everybody.wants = wants_pair;
		m.everybody.told = take_member;
		m.everybody.arg = &m;
		for (uint32 i = 0; i < m.everybody.n; i++)
			m.everybody.asked[i] = m.seeds[i] != TERNARY_FALSE;
		everybody_run(&m.everybody, RUN_DEFINITE);
		if (everybody_differs(&m.everybody))
			everybody_run(&m.everybody, RUN_DISCLOSED);
		engine_statistics_record(row->name, inquiry->nb->as_of, m.everybody.n, &m.everybody.counters);
		if (m.n > 1)
			qsort_interruptible(m.members, m.n, sizeof(RootMember), member_order, NULL);
	}
	MemoryContextSwitchTo(old);
	for (Size i = 0; i < m.n; i++)
	{
		const RootMember *one = &m.members[i];

		CHECK_FOR_INTERRUPTS();
		if (i == 0 || one->party != one[-1].party || one->root != one[-1].root)
			put_member(rows, census_id(loaded->census, one->party), (Grade) one->grade, -1, limb_word(&row->base, one->reason),
					   census_id(loaded->census, one->root));
	}
	return m.seeds != NULL;
}

/* Says so where the test is not law on that day, or may not be. */
static void
report_state(const TestRow *row, DateADT as_of)
{
	const char *date = DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(as_of)));

	if (row->state == TEST_TO_VERIFY)
		ereport(NOTICE,
				(errmsg("whether ownership test \"%s\" is in force on %s is to be verified", row->name, date)));
	else if (!rule_test_applies(row))
		ereport(NOTICE,
				(errmsg("ownership test \"%s\" is %s on %s", row->name,
						row->state == TEST_STAYED ? "stayed" : "not in force", date)));
}

/* Prepares the rows. */
static MemberRows
begin_members(FunctionCallInfo fcinfo, DateADT as_of, bool include_undisclosed)
{
	MemberRows	rows = {0};

	InitMaterializedSRF(fcinfo, 0);
	rows.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	rows.row = AllocSetContextCreate(CurrentMemoryContext, "outbound row", ALLOCSET_SMALL_SIZES);
	rows.inquiry = inquiry_begin(rule_book(NULL, as_of), as_of, NULL);
	rows.include_undisclosed = include_undisclosed;
	return rows;
}

/* members(test, as_of, include_undisclosed) */
Datum
outbound_members(PG_FUNCTION_ARGS)
{
	char	   *test = text_to_cstring(PG_GETARG_TEXT_PP(0));
	MemberRows	rows = begin_members(fcinfo, PG_GETARG_DATEADT(1), PG_GETARG_BOOL(2));
	TestRow		row = rule_test_under(rule_test(rows.inquiry->book, test), rows.inquiry->choice);

	report_state(&row, PG_GETARG_DATEADT(1));
	if (census_can(&row))
		census_rows(&rows, test);
	else if (row.pooled)
		pooled_members(&rows, everything(&rows, &row), NULL);
	else if (strcmp(test, TEST_PARENT) == 0)
		controlled_entities(&rows);
	else if (!swept_members(&rows, &row))
		root_members(&rows, &row);
	report_undisclosed(&rows);
	inquiry_end(rows.inquiry);
	return (Datum) 0;
}

/*
 * red_flags(test, as_of, include_undisclosed): who is no member, but is held by the seeds,
 * by multiplication, for more than the test's floor (15 CFR part 732 supp. 3)
 */
Datum
outbound_red_flags(PG_FUNCTION_ARGS)
{
	char	   *test = text_to_cstring(PG_GETARG_TEXT_PP(0));
	MemberRows	rows = begin_members(fcinfo, PG_GETARG_DATEADT(1), PG_GETARG_BOOL(2));
	TestRow		row = rule_test_under(rule_test(rows.inquiry->book, test), rows.inquiry->choice);
	TestRow		flag = row;

	if (!row.pooled || !row.has_red_flag)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("ownership test \"%s\" names no share that calls for inquiry", test)));
	flag.state = TEST_IN_FORCE;
	flag.excludes_us = false;
	flag.tiers = 0;
	flag.base.reports = flag.base.status_feeds_back = false;
	flag.base.below = PASS_PROPORTION;
	for (int k = 0; k < flag.base.n_measures; k++)
	{
		flag.base.measures[k].threshold = row.red_flag;
		flag.base.measures[k].strict = true;
	}
	pooled_members(&rows, everything(&rows, &flag), everything(&rows, &row));
	report_undisclosed(&rows);
	inquiry_end(rows.inquiry);
	return (Datum) 0;
}

/* controlled_foreign_entities(as_of, include_undisclosed): 850.206 */
Datum
outbound_controlled_foreign_entities(PG_FUNCTION_ARGS)
{
	MemberRows	rows = begin_members(fcinfo, PG_GETARG_DATEADT(0), PG_GETARG_BOOL(1));

	controlled_entities(&rows);
	report_undisclosed(&rows);
	inquiry_end(rows.inquiry);
	return (Datum) 0;
}
