/*
 * ownership_readings.c
 *		Answers about ownership under the other readings of the law:
 *		ownership_under_all_readings() of one party or of one holder in it, and
 *		members_under_all_readings() of everybody.
 *
 * The same test is asked again with one reading's option changed, the others as chosen.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "screen/questions.h"
#include "screen/readings.h"
#include "types/share.h"

PG_FUNCTION_INFO_V1(outbound_ownership_under_all_readings);
PG_FUNCTION_INFO_V1(outbound_holding_under_all_readings);
PG_FUNCTION_INFO_V1(outbound_members_under_all_readings);

#define N_PARTY_COLUMNS 4
#define N_HOLDING_COLUMNS 7
#define N_MEMBER_COLUMNS 5

/* The best grade that anybody whom a test of one holder at a time asks about gives. */
static Grade
best_root(Inquiry *inquiry, const TestRow *row, NodeId party)
{
	Grade		best = GRADE_NO;
	int			n;
	ParentFinding *findings = root_findings(inquiry, row, party, false, &n);

	/* the best come first */
	for (int i = 0; i < n && findings[i].grade > best; i++)
	{
		Ternary		seed = is_seed(inquiry, row->seeds, findings[i].root, RUN_UNDISCLOSED);

		if (seed != TERNARY_FALSE)
			best = Max(best, seed == TERNARY_UNKNOWN ? Min(findings[i].grade, GRADE_DISCLOSED) : findings[i].grade);
	}
	return best;
}

Grade
grade_under_test(Inquiry *inquiry, const char *test, NodeId party)
{
	TestRow		row;

	if (strcmp(test, TEST_PARENT) == 0)
		return controlled_foreign_entity(inquiry, party, NULL, NULL);
	row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);
	return row.pooled ? membership_grade(inquiry, test, party) : best_root(inquiry, &row, party);
}

/* Can another option of the reading change who meets the test? */
static bool
concerns(const RuleBook *book, int reading, const char *test)
{
	const TestRow *row = rule_test(book, test);

	if (book->readings[reading].n_options < 2)
		return false;
	return reading_changes_test(book, reading, test) ||
		(row->through != NULL && reading_changes_test(book, reading, row->through)) ||
		(strstr(row->seeds, "person_of_country_of_concern") != NULL && reading_changes_test(book, reading, TEST_GOVERNMENT));
}

/* Puts what every row begins with: reading, option, chosen, grade. */
static void
set_option(Datum *values, bool *nulls, const Inquiry *chosen, int reading, int option, Grade grade)
{
	const Reading *r = &chosen->book->readings[reading];

	set_text(values, nulls, 0, r->name);
	set_text(values, nulls, 1, r->options[option]);
	values[2] = BoolGetDatum(option == chosen->choice->option[reading]);
	set_text(values, nulls, 3, grade_name(grade));
}

/* The rows of one reading for one party, if it moves the grade. */
static void
put_party(ReturnSetInfo *rsinfo, Inquiry *chosen, const char *test, NodeId party, int reading, Grade grade)
{
	int			n = chosen->book->readings[reading].n_options;
	Grade	   *grades = palloc(mul_size(sizeof(Grade), n));
	bool		moves = false;

	for (int option = 0; option < n; option++)
	{
		Inquiry    *other;

		CHECK_FOR_INTERRUPTS();
		grades[option] = grade;
		if (option == chosen->choice->option[reading])
			continue;
		other = inquiry_under(chosen, reading, option);
		grades[option] = grade_under_test(other, test, party);
		inquiry_end(other);
		moves |= grades[option] != grade;
	}
	for (int option = 0; moves && option < n; option++)
	{
		Datum		values[N_PARTY_COLUMNS] = {0};
		bool		nulls[N_PARTY_COLUMNS] = {false};

		set_option(values, nulls, chosen, reading, option, grades[option]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/* ownership_under_all_readings(party, test, as_of): reading, option, chosen, grade */
Datum
outbound_ownership_under_all_readings(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	char	   *test = text_to_cstring(PG_GETARG_TEXT_PP(1));
	Question   *question;
	Inquiry    *inquiry;
	Grade		grade;

	InitMaterializedSRF(fcinfo, 0);
	question = question_begin(fcinfo, id_argument(fcinfo, 0), PG_GETARG_DATEADT(2));
	require_known(question);
	inquiry = question->inquiry;
	grade = grade_under_test(inquiry, test, question->party);
	for (int r = 0; r < inquiry->book->n_readings; r++)
		if (concerns(inquiry->book, r, test))
			put_party(rsinfo, inquiry, test, question->party, r, grade);
	inquiry_end(inquiry);
	return (Datum) 0;
}

/* One holder in one party under a choice of readings. */
static ParentFinding
find_holding(Inquiry *inquiry, const char *test, NodeId holder, NodeId held)
{
	TestRow		row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);

	return root_finding(inquiry, &row, holder, held);
}

/* Is it another grade, or another share of any measure? */
static bool
holding_differs(Inquiry *inquiry, int n_measures, const ParentFinding *a, const ParentFinding *b)
{
	bool		differs = a->grade != b->grade;

	for (int k = 0; k < n_measures && !differs; k++)
		differs = share_value_compare(&inquiry->env, &a->amount[k], &b->amount[k]) != 0;
	inquiry_check(inquiry);
	return differs;
}

/* The rows of one reading for one holder in one party, if it moves anything. */
static void
put_holding(ReturnSetInfo *rsinfo, Inquiry *chosen, const char *test, NodeId holder, NodeId held, int reading,
			const ParentFinding *finding)
{
	const TestRow *row = rule_test(chosen->book, test);
	int			n = chosen->book->readings[reading].n_options;
	ParentFinding *findings = palloc(mul_size(sizeof(ParentFinding), n));
	Inquiry   **others = palloc0(mul_size(sizeof(Inquiry *), n));
	bool		moves = false;

	for (int option = 0; option < n; option++)
	{
		findings[option] = *finding;
		if (option == chosen->choice->option[reading])
			continue;
		others[option] = inquiry_under(chosen, reading, option);
		findings[option] = find_holding(others[option], test, holder, held);
		moves |= holding_differs(others[option], row->base.n_measures, finding, &findings[option]);
	}
	for (int option = 0; option < n; option++)
	{
		Datum		values[N_HOLDING_COLUMNS] = {0};
		bool		nulls[N_HOLDING_COLUMNS] = {false, false, false, false, true, true, true};

		if (moves)
		{
			set_option(values, nulls, chosen, reading, option, findings[option].grade);
			for (int k = 0; k < row->base.n_measures; k++)
			{
				int			column = 4 + row->base.measures[k].kind;

				if (column >= N_HOLDING_COLUMNS)
					continue;
				values[column] = share_value_datum(&chosen->env, &findings[option].amount[k]);
				nulls[column] = false;
			}
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		}
		if (others[option] != NULL)
			inquiry_end(others[option]);
	}
}

/* ownership_under_all_readings(holder, held, test, as_of): reading, option, chosen, grade, voting, board, equity */
Datum
outbound_holding_under_all_readings(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	char	   *holder_id = id_argument(fcinfo, 0);
	char	   *test = text_to_cstring(PG_GETARG_TEXT_PP(2));
	Question   *question;
	NodeId		holder;
	Inquiry    *inquiry;
	ParentFinding finding;

	InitMaterializedSRF(fcinfo, 0);
	question = question_begin(fcinfo, id_argument(fcinfo, 1), PG_GETARG_DATEADT(3));
	require_known(question);
	inquiry = question->inquiry;
	holder = known_party(inquiry, holder_id);
	finding = find_holding(inquiry, test, holder, question->party);
	for (int r = 0; r < inquiry->book->n_readings; r++)
		if (concerns(inquiry->book, r, test))
			put_holding(rsinfo, inquiry, test, holder, question->party, r, &finding);
	inquiry_end(inquiry);
	return (Datum) 0;
}

/* members_under_all_readings(test, as_of): party_id, reading, option, grade under it, grade as chosen */
Datum
outbound_members_under_all_readings(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	char	   *test = text_to_cstring(PG_GETARG_TEXT_PP(0));
	DateADT		as_of = PG_GETARG_DATEADT(1);
	Inquiry    *inquiry;
	Grade	   *grades;
	uint32		n;

	InitMaterializedSRF(fcinfo, 0);
	inquiry = inquiry_begin(rule_book(NULL, as_of), as_of, NULL);
	(void) rule_test(inquiry->book, test);
	neighbourhood_load_all(inquiry->nb);
	n = graph_size(inquiry->nb->graph);
	grades = palloc_extended(mul_size(sizeof(Grade), Max(n, 1)), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		grades[i] = grade_under_test(inquiry, test, i);
	}
	for (int r = 0; r < inquiry->book->n_readings; r++)
		for (int option = 0; option < inquiry->book->readings[r].n_options; option++)
		{
			Inquiry    *other;

			if (option == inquiry->choice->option[r] || !concerns(inquiry->book, r, test))
				continue;
			other = inquiry_under(inquiry, r, option);
			for (uint32 i = 0; i < n; i++)
			{
				Grade		grade = grade_under_test(other, test, i);
				Datum		values[N_MEMBER_COLUMNS] = {0};
				bool		nulls[N_MEMBER_COLUMNS] = {false};

				CHECK_FOR_INTERRUPTS();
				if (grade == grades[i])
					continue;
				set_text(values, nulls, 0, graph_node(inquiry->nb->graph, i)->id);
				set_text(values, nulls, 1, inquiry->book->readings[r].name);
				set_text(values, nulls, 2, inquiry->book->readings[r].options[option]);
				set_text(values, nulls, 3, grade_name(grade));
				set_text(values, nulls, 4, grade_name(grades[i]));
				tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
			}
			inquiry_end(other);
		}
	inquiry_end(inquiry);
	return (Datum) 0;
}
