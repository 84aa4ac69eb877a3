/*
 * screening.c
 *		The verdict on one deal, from the rows of the law.
 *
 * verdict.c says what is established, readings.c which readings move it; here is what it
 * rests on, what it lacks, and what follows from it.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/datetime.h"

#include "screen/days.h"
#include "screen/readings.h"
#include "screen/screening.h"
#include "screen/trace.h"
#include "screen/transaction.h"
#include "screen/verdict.h"

const char *
outcome_name(Outcome outcome)
{
	static const char *const names[] = {
		"out_of_scope", "not_covered", "excepted", "exempted", "undetermined", "notifiable", "prohibited"
	};

	return names[outcome];
}

/* What the unknown provisions that matter hang on. */
static MissingList
collect_missing(Transaction *transaction, const Verdict *verdict, const ProvisionTrace *trace)
{
	Inquiry    *inquiry = transaction->inquiry;
	FactSource	facts = transaction_facts(transaction);
	uint8	   *missing = palloc0(inquiry->book->dictionary.n_facts);
	MissingList list = {0};

	if (verdict->at_least == verdict->at_most)
		return list;
	for (int i = 0; i < inquiry->book->n_provisions; i++)
	{
		const Provision *provision = &inquiry->book->provisions[i];

		if (trace[i].asked && trace[i].holds == TERNARY_UNKNOWN &&
			verdict_part_matters(verdict, verdict_part(provision)))
			(void) condition_evaluate(&inquiry->env, provision->condition, &facts, missing);
	}
	transaction_missing(transaction, missing, &list);
	if (inquiry->nb->row_security)
		missing_add(&list, "row_security");
	return list;
}

/* Is this provision part of what the verdict rests on? */
static bool
is_decisive(const Provision *provision, const Verdict *verdict, Outcome shown)
{
	switch (provision->stage)
	{
		case STAGE_SCOPE:
			return shown == OUTCOME_OUT_OF_SCOPE;
		case STAGE_EXCEPTION:
			return shown == OUTCOME_EXCEPTED;
		case STAGE_EXEMPTION:
			return shown == OUTCOME_EXEMPTED;
		case STAGE_OBLIGATION:
			/* variant: the outcome under which this section is the duty's */
			if (shown == OUTCOME_NOT_COVERED)
				return strcmp(provision->variant, outcome_name(shown)) == 0;
			/* an exemption lifts the duty (850.502); while the class is open, both may be */
			if (shown < OUTCOME_NOTIFIABLE || provision->variant[0] == '\0')
				return shown >= OUTCOME_NOTIFIABLE;
			if (strcmp(provision->variant, outcome_name(OUTCOME_PROHIBITED)) == 0)
				return verdict->parts[PART_PROHIBITED] != TERNARY_FALSE;
			return strcmp(provision->variant, outcome_name(OUTCOME_NOTIFIABLE)) == 0 &&
				verdict->parts[PART_PROHIBITED] != TERNARY_TRUE && verdict->parts[PART_NOTIFIABLE] != TERNARY_FALSE;
		case STAGE_LIMB:
			return shown >= OUTCOME_NOTIFIABLE || shown == OUTCOME_EXEMPTED;
		case STAGE_CLASS:
			return provision->outcome == OUTCOME_PROHIBITED ?
				shown >= OUTCOME_NOTIFIABLE || shown == OUTCOME_EXEMPTED :
				(shown >= OUTCOME_NOTIFIABLE || shown == OUTCOME_EXEMPTED) &&
				verdict->parts[PART_PROHIBITED] != TERNARY_TRUE;
		default:
			return false;
	}
}

static void
add_cite(Screening *screening, const char *cite)
{
	if (cite == NULL)
		return;
	for (int i = 0; i < screening->n_provisions; i++)
		if (strcmp(screening->provisions[i], cite) == 0)
			return;
	screening->provisions = screening->n_provisions == 0 ? palloc(sizeof(char *)) :
		repalloc(screening->provisions, sizeof(char *) * (screening->n_provisions + 1));
	screening->provisions[screening->n_provisions++] = pstrdup(cite);
}

/* Adds the cites of one stage that hold and decide. */
static void
add_stage(Screening *screening, Transaction *transaction, const Verdict *verdict,
		  ProvisionTrace *trace, Stage stage)
{
	const RuleBook *book = transaction->inquiry->book;
	Outcome		shown = screening->outcome == OUTCOME_UNDETERMINED ? verdict->at_most : verdict->at_least;

	for (int i = 0; i < book->n_provisions; i++)
	{
		const Provision *provision = &book->provisions[i];

		if (provision->stage != stage || !trace[i].asked || trace[i].holds != TERNARY_TRUE ||
			!is_decisive(provision, verdict, shown))
			continue;
		trace[i].decides = true;
		add_cite(screening, provision->cite);
		if (stage == STAGE_LIMB && screening->limb == NULL)
			screening->limb = pstrdup(provision->limb);
		if (stage == STAGE_OBLIGATION && screening->obligation == NULL)
			screening->obligation = pstrdup(provision->obligation);
	}
}

/* Fills in the cites: the duty, the limb, the class and the activities behind it. */
static void
collect_provisions(Screening *screening, Transaction *transaction, const Verdict *verdict,
				   ProvisionTrace *trace)
{
	static const Stage order[] = {STAGE_SCOPE, STAGE_EXCEPTION, STAGE_EXEMPTION, STAGE_OBLIGATION,
	STAGE_LIMB, STAGE_CLASS};
	DealParty  *relevant = &transaction->parties[transaction_relevant_role(transaction)];

	for (int i = 0; i < lengthof(order); i++)
		add_stage(screening, transaction, verdict, trace, order[i]);
	if (screening->at_most < OUTCOME_NOTIFIABLE && screening->outcome != OUTCOME_EXEMPTED)
		return;
	if (verdict->parts[PART_PROHIBITED] == TERNARY_TRUE)
		add_cite(screening, transaction->list_cite);
	if (relevant->person == NULL)
		return;
	/* beside a prohibited activity the merely notifiable ones say nothing */
	for (int i = 0; i < relevant->person->activity.n_cites; i++)
		if (relevant->person->activity.cites[i].outcome == relevant->person->activity.at_least)
			add_cite(screening, relevant->person->activity.cites[i].cite);
}

/* Adds days to a date given as a fact; false if the fact is not known. */
static bool
dated(Transaction *transaction, const char *fact_name, DateADT *day)
{
	int			fact = fact_lookup(transaction->given->dictionary, fact_name);
	const FactValue *value;

	if (fact < 0)
		return false;
	value = &transaction->given->values[fact];
	if (value->state != FACT_KNOWN)
		return false;
	*day = (DateADT) (value->number.negative ? -(int64) value->number.num : (int64) value->number.num);
	return true;
}

/* 850.403, 850.404(c) and 850.405(c): when to notify, how long to keep. */
static void
set_dates(Screening *screening, Transaction *transaction)
{
	const RuleBook *book = transaction->inquiry->book;
	const Parameter *parameter;
	DateADT		day;

	if (screening->outcome == OUTCOME_NOTIFIABLE && dated(transaction, "completion_date", &day) &&
		(parameter = rule_parameter_if_any(book, "notification_days")) != NULL)
	{
		screening->has_notify_by = true;
		screening->notify_by = days_later(day, parameter);
	}
	if (screening->obligation && strcmp(screening->obligation, "post_closing_knowledge") == 0 &&
		dated(transaction, "learned_on", &day) &&
		(parameter = rule_parameter_if_any(book, "post_closing_knowledge_days")) != NULL)
	{
		screening->has_notify_by = true;
		screening->notify_by = days_later(day, parameter);
	}
	if (dated(transaction, "filed_on", &day) &&
		(parameter = rule_parameter_if_any(book, "retention_years")) != NULL)
	{
		screening->has_retain_until = true;
		screening->retain_until = years_later(day, parameter);
	}
}

/* The readings whose change alone, the others as chosen, moves the verdict. */
static void
collect_readings(Screening *screening, const Alternatives *alternatives)
{
	const RuleBook *book = alternatives->chosen->inquiry->book;

	screening->readings = palloc(sizeof(char *) * Max(book->n_readings, 1));
	for (int r = 0; r < book->n_readings; r++)
		if (reading_moves(alternatives, r))
			screening->readings[screening->n_readings++] = pstrdup(book->readings[r].name);
}

DateADT
screening_date(const Facts *facts, bool has_as_of, DateADT as_of)
{
	int			fact = fact_lookup(facts->dictionary, "completion_date");

	if (has_as_of)
		return as_of;
	if (fact >= 0 && facts->values[fact].state == FACT_KNOWN)
	{
		const Fraction *day = &facts->values[fact].number;

		return (DateADT) (day->negative ? -(int64) day->num : (int64) day->num);
	}
	return GetSQLCurrentDate();
}

/* An absent transaction_type is equity (the dictionary's convention). */
static void
default_transaction_type(Facts *facts)
{
	int			fact = fact_lookup(facts->dictionary, "transaction_type");
	const FactDefinition *definition;

	if (fact < 0 || facts->carried[fact])
		return;
	definition = &facts->dictionary->facts[fact];
	for (int i = 0; i < definition->n_allowed; i++)
		if (strcmp(definition->allowed[i], "equity") == 0)
		{
			facts->values[fact].state = FACT_KNOWN;
			facts->values[fact].choice = i;
			facts->values[fact].text = definition->allowed[i];
		}
}

Screening *
screen_deal(const RuleBook *book, Facts *facts, DateADT as_of, bool want_steps)
{
	Screening  *screening = palloc0(sizeof(Screening));
	Inquiry    *inquiry = inquiry_of_deal(book, as_of);
	ProvisionTrace *trace = palloc0(mul_size(sizeof(ProvisionTrace), Max(book->n_provisions, 1)));
	Transaction *transaction;
	Verdict		verdict;
	MissingList missing;

	default_transaction_type(facts);
	transaction = transaction_begin(inquiry, facts);
	verdict = want_steps ? verdict_evaluate(transaction, trace) : verdict_decide(transaction, trace);
	screening->at_least = verdict.at_least;
	screening->at_most = verdict.at_most;
	screening->outcome = verdict.at_least == verdict.at_most ? verdict.at_least : OUTCOME_UNDETERMINED;
	screening->ruleset = pstrdup(book->ruleset);
	missing = collect_missing(transaction, &verdict, trace);
	screening->n_missing = missing.n;
	screening->missing = missing.names;
	collect_provisions(screening, transaction, &verdict, trace);
	set_dates(screening, transaction);
	if (want_steps)
		trace_steps(screening, transaction, trace);
	collect_readings(screening, &(Alternatives) {transaction, &verdict, trace});
	inquiry_end(inquiry);
	return screening;
}

ReadingVerdict *
screen_under_readings(const RuleBook *book, Facts *facts, DateADT as_of, int *n)
{
	Inquiry    *inquiry = inquiry_of_deal(book, as_of);
	ReadingVerdict *result;
	int			n_options = 0;
	ProvisionTrace *trace = palloc0(mul_size(sizeof(ProvisionTrace), Max(book->n_provisions, 1)));
	Alternatives alternatives = {NULL, NULL, trace};
	Verdict		chosen;

	default_transaction_type(facts);
	alternatives.chosen = transaction_begin(inquiry, facts);
	chosen = verdict_decide(alternatives.chosen, trace);
	alternatives.verdict = &chosen;
	for (int r = 0; r < book->n_readings; r++)
		n_options += book->readings[r].n_options;
	result = palloc(mul_size(sizeof(ReadingVerdict), Max(n_options, 1)));
	*n = 0;
	for (int r = 0; r < book->n_readings; r++)
	{
		if (!reading_moves(&alternatives, r))
			continue;
		for (int option = 0; option < book->readings[r].n_options; option++)
		{
			ReadingVerdict *one = &result[(*n)++];
			Verdict		verdict = verdict_under(&alternatives, r, option);

			one->reading = book->readings[r].name;
			one->option = book->readings[r].options[option];
			one->chosen = option == inquiry->choice->option[r];
			one->at_least = verdict.at_least;
			one->at_most = verdict.at_most;
			one->outcome = verdict.at_least == verdict.at_most ? verdict.at_least : OUTCOME_UNDETERMINED;
		}
	}
	inquiry_end(inquiry);
	return result;
}
