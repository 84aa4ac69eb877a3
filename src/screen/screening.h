/*
 * screening.h
 *		The verdict: one code path for screen(), the trigger, the audit and explain().
 */
#ifndef OUTBOUND_SCREENING_H
#define OUTBOUND_SCREENING_H

#include "read/facts.h"

typedef struct ScreenStep		/* one question asked on the way, for explain() */
{
	const char *fact;			/* the derived fact that was asked for, or NULL */
	const char *question;
	Ternary		holds;
	const char *answer;
	const char *cite;			/* or NULL */
	const char *because;		/* or NULL */
	const char *evidence;		/* paths and shares, or NULL */
} ScreenStep;

typedef struct Screening
{
	Outcome		outcome;
	Outcome		at_least;
	Outcome		at_most;
	const char *obligation;		/* or NULL */
	const char *limb;			/* or NULL */
	int			n_provisions;
	const char **provisions;	/* cites that decided, most decisive first */
	int			n_missing;
	const char **missing;
	int			n_readings;
	const char **readings;
	bool		has_notify_by;
	DateADT		notify_by;
	bool		has_retain_until;
	DateADT		retain_until;
	const char *ruleset;
	int			n_steps;		/* only if steps were asked for */
	ScreenStep *steps;
} Screening;

/* the day that decides which ruleset and which data: as_of if given, else the deal's completion date, else today */
extern DateADT screening_date(const Facts *facts, bool has_as_of, DateADT as_of);

/* screen one deal; facts as read under the book; all memory in the current context */
extern Screening *screen_deal(const RuleBook *book, Facts *facts, DateADT as_of, bool want_steps);

/* the verdict under one option of one reading, the others as chosen */
typedef struct ReadingVerdict
{
	const char *reading;
	const char *option;
	bool		chosen;			/* the option in effect */
	Outcome		outcome;
	Outcome		at_least;
	Outcome		at_most;
} ReadingVerdict;

/* every option of every reading whose change alone moves the verdict */
extern ReadingVerdict *screen_under_readings(const RuleBook *book, Facts *facts, DateADT as_of, int *n);

extern const char *outcome_name(Outcome outcome);

/* the label of an outcome as a value of the SQL enum, whose type is given */
extern Datum outcome_datum(Oid type, Outcome outcome);

/* the columns of type outbound.screening */
#define N_SCREENING_COLUMNS 11
extern void screening_values(const Screening *screening, Datum *values, bool *nulls);

/* the composite outbound.screening of a verdict */
extern Datum screening_datum(const Screening *screening);

#endif							/* OUTBOUND_SCREENING_H */
