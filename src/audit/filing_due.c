/*
 * filing_due.c
 *		The filings that the deals of the book call for, and when (850.401 to 850.406).
 *
 * A duty is owed from a day, its trigger, and due a number of days later that the
 * ruleset's parameters hold.  A ruleset without the parameter knows no such duty.
 */
#include "postgres.h"

#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "audit/book.h"
#include "screen/days.h"
#include "screen/questions.h"

PG_FUNCTION_INFO_V1(outbound_filing_due);

#define N_DUTY_COLUMNS 7

/* Where the duties go. */
typedef struct DutyList
{
	ReturnSetInfo *rows;
	DateADT		as_of;			/* from which the days left are counted */
	bool		has_as_of;
} DutyList;

/* One duty of one deal. */
typedef struct Duty
{
	const char *name;
	const char *parameter;		/* the days, and the section */
	const char *cite;			/* a further section that comes first, or NULL */
	bool		has_trigger;
	DateADT		trigger;
	Ternary		established;	/* false: no such duty */
} Duty;

/* Puts a duty among the rows: deal_id, cite, duty, trigger_date, due_date, days_left, established. */
static void
put_duty(DutyList *list, const BookDeal *deal, const Duty *duty)
{
	const Parameter *parameter = rule_parameter_if_any(deal->rules, duty->parameter);
	Datum		values[N_DUTY_COLUMNS] = {0};
	bool		nulls[N_DUTY_COLUMNS] = {false};

	if (duty->established == TERNARY_FALSE || parameter == NULL)
		return;
	set_text(values, nulls, 0, deal->id);
	set_text(values, nulls, 1, duty->cite == NULL ? parameter->cite : psprintf("%s, %s", duty->cite, parameter->cite));
	set_text(values, nulls, 2, duty->name);
	nulls[3] = nulls[4] = !duty->has_trigger;
	nulls[5] = !duty->has_trigger || !list->has_as_of;
	if (duty->has_trigger)
	{
		DateADT		due = days_later(duty->trigger, parameter);

		values[3] = DateADTGetDatum(duty->trigger);
		values[4] = DateADTGetDatum(due);
		values[5] = Int32GetDatum(due - list->as_of);
	}
	set_ternary(values, nulls, 6, duty->established);
	tuplestore_putvalues(list->rows->setResult, list->rows->setDesc, values, nulls);
}

/* The section under which a notifiable deal is notified: the investor's own or its controlled foreign entity's; both while that is open. */
static const char *
notification_cite(const BookDeal *deal)
{
	StringInfoData cite;

	initStringInfo(&cite);
	for (int i = 0; i < deal->rules->n_provisions; i++)
	{
		const Provision *provision = &deal->rules->provisions[i];

		if (provision->stage != STAGE_OBLIGATION ||
			strcmp(provision->variant, outcome_name(OUTCOME_NOTIFIABLE)) != 0 ||
			(deal->screening->obligation != NULL && strcmp(provision->obligation, deal->screening->obligation) != 0))
			continue;
		appendStringInfo(&cite, "%s%s", cite.len > 0 ? ", " : "", provision->cite);
	}
	return cite.len > 0 ? cite.data : NULL;
}

/* 850.401, 850.402, 850.404(c): a notifiable deal is notified, counted from completion, unless it has been. */
static void
put_notification(DutyList *list, const BookDeal *deal)
{
	Duty		duty = {"notification", "notification_days"};
	DateADT		filed;

	if (deal->screening->at_most < OUTCOME_NOTIFIABLE || deal->screening->at_least > OUTCOME_NOTIFIABLE ||
		(deal->facts != NULL && book_fact_day(deal->facts, "filed_on", &filed)))
		return;
	duty.cite = notification_cite(deal);
	if (duty.cite == NULL)
		return;
	duty.has_trigger = deal->facts != NULL && book_fact_day(deal->facts, "completion_date", &duty.trigger);
	duty.established = deal->screening->outcome == OUTCOME_NOTIFIABLE ? TERNARY_TRUE : TERNARY_UNKNOWN;
	put_duty(list, deal, &duty);
}

/* The verdict, had the investor known at the time. */
static Screening *
screen_with_knowledge(const BookDeal *deal)
{
	Facts	   *known = palloc(sizeof(Facts));
	int			n = deal->facts->dictionary->n_facts;
	static const char *const knowledge[] = {"knowledge", "fund_likely_invests"};

	*known = *deal->facts;
	known->values = palloc(mul_size(sizeof(FactValue), n));
	memcpy(known->values, deal->facts->values, mul_size(sizeof(FactValue), n));
	known->carried = palloc(mul_size(sizeof(bool), n));
	memcpy(known->carried, deal->facts->carried, mul_size(sizeof(bool), n));
	for (int i = 0; i < lengthof(knowledge); i++)
	{
		int			fact = fact_lookup(deal->facts->dictionary, knowledge[i]);

		if (fact < 0)
			continue;
		known->carried[fact] = true;
		known->values[fact].state = FACT_KNOWN;
		known->values[fact].boolean = true;
	}
	return screen_deal(deal->rules, known, deal->day, false);
}

/* 850.403: what was learned after completion is notified, prohibited or notifiable, counted from that day; a limited partner's late knowledge too. */
static void
put_post_closing(DutyList *list, const BookDeal *deal)
{
	Duty		duty = {"post_closing_notification", "post_closing_knowledge_days"};
	DateADT		completion;
	DateADT		filed;
	Screening  *screening;

	duty.has_trigger = book_fact_day(deal->facts, "learned_on", &duty.trigger);
	if (!duty.has_trigger ||
		(book_fact_day(deal->facts, "completion_date", &completion) && duty.trigger < completion) ||
		(book_fact_day(deal->facts, "filed_on", &filed) && filed >= duty.trigger))
		return;
	screening = screen_with_knowledge(deal);
	if (screening->at_most < OUTCOME_NOTIFIABLE ||
		(screening->obligation != NULL && strcmp(screening->obligation, "knowingly_directing") == 0))
		return;
	duty.established = screening->at_least >= OUTCOME_NOTIFIABLE ? TERNARY_TRUE : TERNARY_UNKNOWN;
	put_duty(list, deal, &duty);
}

/* Has an update, supplement or correction been filed on that day or later? */
static bool
updated_since(const BookDeal *deal, DateADT day)
{
	DateADT		updated;

	return book_fact_day(deal->facts, "update_filed_on", &updated) && updated >= day;
}

/* 850.404(d): what was filed before completion and has materially changed is updated, counted from completion. */
static void
put_material_change(DutyList *list, const BookDeal *deal)
{
	Duty		duty = {"material_change_update", "material_change_days"};
	DateADT		filed;

	if (!book_fact_day(deal->facts, "filed_on", &filed) || updated_since(deal, filed + 1))
		return;
	duty.has_trigger = book_fact_day(deal->facts, "completion_date", &duty.trigger);
	if (duty.has_trigger && filed >= duty.trigger)
		return;
	duty.established = book_fact_boolean(deal->facts, "material_change");
	put_duty(list, deal, &duty);
}

/* 850.404(e), 850.405(d): information that was not available when it was filed is supplied, counted from the day it is. */
static void
put_supplement(DutyList *list, const BookDeal *deal)
{
	Duty		duty = {"supplement", "information_available_days"};
	DateADT		filed;

	duty.has_trigger = book_fact_day(deal->facts, "information_available_on", &duty.trigger);
	if (!duty.has_trigger || updated_since(deal, duty.trigger) ||
		(book_fact_day(deal->facts, "filed_on", &filed) && filed >= duty.trigger))
		return;
	duty.established = TERNARY_TRUE;
	put_duty(list, deal, &duty);
}

/* 850.406: a material omission or inaccuracy is corrected, counted from the day it was learned. */
static void
put_correction(DutyList *list, const BookDeal *deal)
{
	Duty		duty = {"correction", "inaccuracy_days"};

	duty.has_trigger = book_fact_day(deal->facts, "inaccuracy_learned_on", &duty.trigger);
	duty.established = ternary_of(duty.has_trigger && !updated_since(deal, duty.trigger));
	put_duty(list, deal, &duty);
}

/* The duties of one deal; an exemption lifts all but the last (850.502).  One that cannot be read may have to be notified. */
static void
put_duties(void *arg, const BookDeal *deal)
{
	if (deal->facts == NULL)
	{
		book_warn(deal);
		put_notification(arg, deal);
		return;
	}
	if (deal->screening->outcome != OUTCOME_EXEMPTED)
	{
		put_notification(arg, deal);
		put_post_closing(arg, deal);
		put_material_change(arg, deal);
		put_supplement(arg, deal);
	}
	put_correction(arg, deal);
}

/* filing_due(as_of date): one row a duty of a deal of the book, read as the caller */
Datum
outbound_filing_due(PG_FUNCTION_ARGS)
{
	DutyList	list = {0};

	InitMaterializedSRF(fcinfo, 0);
	list.rows = (ReturnSetInfo *) fcinfo->resultinfo;
	list.has_as_of = !PG_ARGISNULL(0) && !DATE_NOT_FINITE(PG_GETARG_DATEADT(0));
	if (list.has_as_of)
		list.as_of = PG_GETARG_DATEADT(0);
	book_walk(NULL, NULL, put_duties, &list);
	return (Datum) 0;
}
