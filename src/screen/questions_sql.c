/*
 * questions_sql.c
 *		The legal questions about parties as SQL functions.
 *
 * One C function serves the text, bigint and uuid forms: ids are compared as the firm's
 * own type by the relations' reader and travel as text here.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "portability/instr_time.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "screen/census_members.h"
#include "screen/foreign_person.h"
#include "screen/inquiry.h"
#include "read/contract_words.h"
#include "screen/questions.h"
#include "screen/trace.h"
#include "types/share.h"

PG_FUNCTION_INFO_V1(outbound_us_person);
PG_FUNCTION_INFO_V1(outbound_person_of_country_of_concern);
PG_FUNCTION_INFO_V1(outbound_person_of_country_of_concern_findings);
PG_FUNCTION_INFO_V1(outbound_controlled_foreign_entity);
PG_FUNCTION_INFO_V1(outbound_controlled_foreign_entity_of);
PG_FUNCTION_INFO_V1(outbound_covered_foreign_person);
PG_FUNCTION_INFO_V1(outbound_covered_foreign_person_findings);

char *
id_argument(FunctionCallInfo fcinfo, int n)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, n);
	Oid			output;
	bool		is_varlena;

	if (type == TEXTOID || !OidIsValid(type))
		return text_to_cstring(PG_GETARG_TEXT_PP(n));
	getTypeOutputInfo(type, &output, &is_varlena);
	return OidOutputFunctionCall(output, PG_GETARG_DATUM(n));
}

Question *
question_begin(FunctionCallInfo fcinfo, const char *id, DateADT as_of)
{
	Question   *question = palloc0(sizeof(Question));

	question->inquiry = inquiry_begin(rule_book(NULL, as_of), as_of, NULL);
	question->id = id;
	question->party = neighbourhood_load_cone(question->inquiry->nb, id);
	question->known = neighbourhood_knows(question->inquiry->nb, question->party);
	return question;
}

void
warn_unknown_party(const char *id)
{
	ereport(WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg("party \"%s\" stands in no relation", id)));
}

/* A boolean question about one party; NULL where it cannot be determined. */
static Datum
answer_boolean(FunctionCallInfo fcinfo, Ternary (*ask) (Inquiry *inquiry, NodeId party))
{
	char	   *id = id_argument(fcinfo, 0);
	Question   *question;
	Ternary		answer = TERNARY_UNKNOWN;
	instr_time	start;
	instr_time	end;

	INSTR_TIME_SET_CURRENT(start);
	question = question_begin(fcinfo, id, PG_GETARG_DATEADT(1));
	if (question->known)
		answer = ask(question->inquiry, question->party);
	else
		warn_unknown_party(id);
	INSTR_TIME_SET_CURRENT(end);
	INSTR_TIME_SUBTRACT(end, start);
	question->inquiry->nb->seconds += INSTR_TIME_GET_DOUBLE(end);
	inquiry_end(question->inquiry);
	if (answer == TERNARY_UNKNOWN)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(answer == TERNARY_TRUE);
}

/* us_person(party, as_of): 850.229 */
Datum
outbound_us_person(PG_FUNCTION_ARGS)
{
	return answer_boolean(fcinfo, us_person);
}

/* From the cone above the party, unless that has too large a ring in it. */
static Ternary
is_person_of_concern(Inquiry *inquiry, NodeId party)
{
	Grade		grade;

	if (inquiry_test_memo(inquiry, TEST_COUNTRY_OF_CONCERN)[party] == MEMO_EMPTY && census_spares(inquiry, party) &&
		census_grade(inquiry, TEST_COUNTRY_OF_CONCERN, graph_node(inquiry->nb->graph, party)->id, &grade))
		return grade_ternary(grade);
	return person_of_country_of_concern(inquiry, party);
}

/* person_of_country_of_concern(party, as_of): 850.221 */
Datum
outbound_person_of_country_of_concern(PG_FUNCTION_ARGS)
{
	char	   *id = id_argument(fcinfo, 0);
	DateADT		as_of = PG_GETARG_DATEADT(1);
	Inquiry    *inquiry = inquiry_begin(rule_book(NULL, as_of), as_of, NULL);
	Grade		grade = GRADE_NO;
	bool		found = census_pays(inquiry->nb) && census_grade(inquiry, TEST_COUNTRY_OF_CONCERN, id, &grade);

	inquiry_end(inquiry);
	/* a party of no party or interest row may still be known elsewhere */
	if (!found)
		return answer_boolean(fcinfo, is_person_of_concern);
	if (grade_ternary(grade) == TERNARY_UNKNOWN)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(grade == GRADE_DEFINITE);
}

static Ternary
is_controlled(Inquiry *inquiry, NodeId party)
{
	return grade_ternary(controlled_foreign_entity(inquiry, party, NULL, NULL));
}

/* controlled_foreign_entity(party, as_of): 850.206, of some U.S. person */
Datum
outbound_controlled_foreign_entity(PG_FUNCTION_ARGS)
{
	return answer_boolean(fcinfo, is_controlled);
}

/* controlled_foreign_entity(party, us_person, as_of): 850.206, of this one */
Datum
outbound_controlled_foreign_entity_of(PG_FUNCTION_ARGS)
{
	char	   *id = id_argument(fcinfo, 0);
	char	   *root_id = id_argument(fcinfo, 1);
	Question   *question = question_begin(fcinfo, id, PG_GETARG_DATEADT(2));
	NodeId		root = neighbourhood_load_cone(question->inquiry->nb, root_id);
	bool		root_known = neighbourhood_knows(question->inquiry->nb, root);
	Ternary		answer = TERNARY_UNKNOWN;

	if (!question->known)
		warn_unknown_party(id);
	if (!root_known)
		warn_unknown_party(root_id);
	if (question->known && root_known)
		answer = grade_ternary(controlled_foreign_entity(question->inquiry, question->party, &root, NULL));
	inquiry_end(question->inquiry);
	if (answer == TERNARY_UNKNOWN)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(answer == TERNARY_TRUE);
}

static Ternary
is_covered_foreign_person(Inquiry *inquiry, NodeId party)
{
	return foreign_person(inquiry, party)->covered;
}

/* covered_foreign_person(party, as_of): 850.209(a)(1), (2) */
Datum
outbound_covered_foreign_person(PG_FUNCTION_ARGS)
{
	return answer_boolean(fcinfo, is_covered_foreign_person);
}

Datum
text_array(const char *const *items, int n)
{
	Datum	   *elements = palloc(mul_size(sizeof(Datum), Max(n, 1)));

	for (int i = 0; i < n; i++)
		elements[i] = CStringGetTextDatum(items[i]);
	return PointerGetDatum(construct_array(elements, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* An explaining function does not accept a party that nobody has heard of. */
void
require_known(const Question *question)
{
	if (!question->known)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("party \"%s\" stands in no relation", question->id)));
}

NodeId
known_party(Inquiry *inquiry, const char *id)
{
	Question	question = {inquiry, id, neighbourhood_load_cone(inquiry->nb, id)};

	question.known = neighbourhood_knows(inquiry->nb, question.party);
	require_known(&question);
	return question.party;
}

void
set_ternary(Datum *values, bool *nulls, int column, Ternary value)
{
	nulls[column] = value == TERNARY_UNKNOWN;
	values[column] = BoolGetDatum(value == TERNARY_TRUE);
}

void
set_text(Datum *values, bool *nulls, int column, const char *value)
{
	nulls[column] = value == NULL;
	if (value != NULL)
		values[column] = CStringGetTextDatum(value);
}

/* The limbs of 850.221 and what each says of a party. */
static void
concern_rows(Question *question, ReturnSetInfo *rsinfo)
{
	Inquiry    *inquiry = question->inquiry;
	const char *limb = person_of_concern_limb(inquiry, question->party);
	Membership *m = membership_run(inquiry, TEST_COUNTRY_OF_CONCERN, &question->party);
	MembershipFinding found = membership_finding(inquiry, m, question->party);
	Ternary		answer = person_of_country_of_concern(inquiry, question->party);
	MissingList missing = {0};

	if (answer == TERNARY_UNKNOWN)
		person_of_concern_missing(inquiry, question->party, &missing);
	for (int k = -1; k < m->test.base.n_measures; k++)
	{
		Datum		values[7] = {0};
		bool		nulls[7] = {true, true, true, true, true, true, true};
		bool		by_row = k < 0;

		if (by_row)
		{
			/* (a), (b), (c): what the party is by itself, or as the government's */
			Ternary		base = base_person_of_concern(inquiry, question->party);

			if (limb != NULL && limb[0] < 'd')
				base = TERNARY_TRUE;
			set_text(values, nulls, 0, limb != NULL && limb[0] < 'd' ? limb : "a-c");
			set_ternary(values, nulls, 1, base);
			set_text(values, nulls, 5, "citizenship and residence, places and law of organization, government");
		}
		else
		{
			ShareValue	share = found.amount[k];
			ShareValue	threshold = share_value_exact(m->test.base.measures[k].threshold);

			set_text(values, nulls, 0, limb != NULL && limb[0] >= 'c' ? limb : "d-e");
			set_ternary(values, nulls, 1, m->test.base.measures[k].strict ?
						share_value_exceeds(&inquiry->env, &share, &threshold) :
						share_value_at_least(&inquiry->env, &share, &threshold));
			set_text(values, nulls, 2, interest_kind_words[m->test.base.measures[k].kind]);
			values[3] = share_value_datum(&inquiry->env, &share);
			nulls[3] = false;
			set_text(values, nulls, 5, ownership_evidence(inquiry, TEST_COUNTRY_OF_CONCERN, question->party));
		}
		/* where another limb has decided, nothing is missing */
		if (nulls[1] && missing.n > 0)
		{
			values[6] = text_array(missing.names, missing.n);
			nulls[6] = false;
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/* person_of_country_of_concern_findings(party, as_of) */
Datum
outbound_person_of_country_of_concern_findings(PG_FUNCTION_ARGS)
{
	Question   *question;

	InitMaterializedSRF(fcinfo, 0);
	question = question_begin(fcinfo, id_argument(fcinfo, 0), PG_GETARG_DATEADT(1));
	require_known(question);
	concern_rows(question, (ReturnSetInfo *) fcinfo->resultinfo);
	inquiry_end(question->inquiry);
	return (Datum) 0;
}

/* covered_foreign_person_findings(party, as_of) */
Datum
outbound_covered_foreign_person_findings(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Question   *question;
	ForeignPerson *person;

	InitMaterializedSRF(fcinfo, 0);
	question = question_begin(fcinfo, id_argument(fcinfo, 0), PG_GETARG_DATEADT(1));
	require_known(question);
	person = foreign_person(question->inquiry, question->party);
	for (int i = 0; i < person->n_findings; i++)
	{
		ForeignPersonFinding *finding = &person->findings[i];
		Datum		values[7] = {0};
		bool		nulls[7] = {true, true, true, true, true, true, true};

		set_text(values, nulls, 0, finding->limb);
		set_ternary(values, nulls, 1, finding->holds);
		set_text(values, nulls, 2, finding->metric);
		if (finding->has_share)
		{
			values[3] = share_value_datum(&question->inquiry->env, &finding->share);
			nulls[3] = false;
		}
		set_text(values, nulls, 4, finding->statement);
		set_text(values, nulls, 5, foreign_person_because(question->inquiry, question->party, person, i));
		if (finding->holds == TERNARY_UNKNOWN)
		{
			MissingList missing = {0};

			foreign_person_finding_missing(question->inquiry, question->party, person, i, &missing);
			values[6] = text_array(missing.names, missing.n);
			nulls[6] = false;
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	inquiry_end(question->inquiry);
	return (Datum) 0;
}
