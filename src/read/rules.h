/*
 * rules.h
 *		The law as the engine sees it: every rule row that is in force, names
 *		resolved, conditions compiled.
 *
 * A rule book belongs to one ruleset and one day.  It is kept for the transaction and
 * survives it only under the generation check described in rules.c.
 */
#ifndef OUTBOUND_RULES_H
#define OUTBOUND_RULES_H

#include "postgres.h"

#include "utils/date.h"

#include "core/condition_eval.h"
#include "core/kernel.h"
#include "read/backend_env.h"

typedef enum Outcome			/* the SQL enum, in its order */
{
	OUTCOME_OUT_OF_SCOPE,
	OUTCOME_NOT_COVERED,
	OUTCOME_EXCEPTED,
	OUTCOME_EXEMPTED,
	OUTCOME_UNDETERMINED,
	OUTCOME_NOTIFIABLE,
	OUTCOME_PROHIBITED
} Outcome;

typedef enum Stage
{
	STAGE_ACTIVITY,
	STAGE_SCOPE,
	STAGE_LIMB,
	STAGE_EXCEPTION,
	STAGE_EXEMPTION,
	STAGE_CLASS,
	STAGE_OBLIGATION
} Stage;

typedef struct Provision
{
	const char *cite;
	const char *variant;
	Stage		stage;
	Outcome		outcome;		/* of STAGE_ACTIVITY and STAGE_CLASS */
	const char *limb;			/* of STAGE_LIMB, else NULL */
	const char *obligation;		/* of STAGE_OBLIGATION, else NULL */
	const char *sector;			/* or NULL */
	const char *summary;
	const CompiledCondition *condition;
	int			reading;		/* index in RuleBook.readings, or -1: always applies */
	uint32		options;		/* bit per option under which it applies */
	bool		firm;			/* a house rule, not the law */
} Provision;

typedef struct Reading
{
	const char *name;			/* */
	int			n_options;
	const char **options;
	int			chosen;			/* the firm's choice, else the default */
} Reading;

typedef struct TestChange
{
	int			reading;
	int			option;
	/* what the option sets; has_* says which */
	bool		has_below, has_link, has_across, has_feeds_back, has_roles_carry, has_equity_votes,
				has_pooled, has_tiers, has_last_pools_base;
	PassBelow	below;
	LinkFactor	link;
	bool		across, across_open, feeds_back, roles_carry, equity_votes, pooled, last_pools_base;
	int			tiers;			/* 0: closure */
} TestChange;

/* is a test law on the book's day? */
typedef enum TestState
{
	TEST_IN_FORCE,
	TEST_NOT_IN_FORCE,			/* nobody is a member */
	TEST_STAYED,				/* nor while it is suspended */
	TEST_TO_VERIFY				/* in force by its own terms, as far as is known */
} TestState;

typedef struct TestRow
{
	const char *name;
	TestState	state;
	bool		excludes_us;	/* who is organized in the United States is no member */
	const char *through;		/* whoever meets that test in a party that controls the held, or NULL */
	bool		has_red_flag;
	Fraction	red_flag;		/* attributed by multiplication, beyond which no member calls for inquiry */
	const char *seeds;			/* which parties: see persons.c */
	bool		pooled;			/* one pool of seeds, or one root at a time */
	bool		across_open;	/* what only the largest over the measures gives is possible, no more (A-02 undetermined) */
	int			tiers;			/* passes over the graph; 0 is the closure */
	bool		last_tier_pools_base;	/* later passes pool the seeds with the members of the pass before */
	OwnershipTest base;			/* before readings */
	int			n_changes;
	TestChange *changes;
} TestRow;

typedef struct ListRow
{
	const char *list;
	const char *cite;
	bool		relevant;		/* turns a covered activity into a prohibited one */
	const char *test;			/* ownership test by which it extends to held entities, or NULL */
} ListRow;

typedef struct ThirdCountry		/* 850.501(g) */
{
	char		country[3];		/* alpha-2 */
	const char *transaction_type;
} ThirdCountry;

typedef struct Parameter
{
	const char *name;
	const char *value;
	const char *cite;
} Parameter;

typedef struct RuleBook
{
	uint64		id;				/* no two books of a session have the same */
	MemoryContext context;		/* the book's own: what is allocated here goes with it */
	struct ActivityPlan *activity_plan; /* activity.c's, made when first asked for */
	uint8	   *reading_changes;	/* readings.c's, likewise */
	const char *ruleset;
	bool		exists;			/* false: no such ruleset */
	FactDictionary dictionary;
	int			n_provisions;	/* ordered by stage, then origin, then cite */
	Provision  *provisions;
	int			n_readings;
	Reading    *readings;
	int			n_tests;
	TestRow    *tests;
	int			n_lists;
	ListRow    *lists;
	int			n_countries;
	const char **countries;		/* of concern */
	int			n_third_countries;
	ThirdCountry *third_countries;
	int			n_parameters;
	Parameter  *parameters;
} RuleBook;

/* a choice of option per reading; option[i] indexes RuleBook.readings[i].options */
typedef struct ReadingChoice
{
	int			n;
	int			option[];
} ReadingChoice;

/* the labels of the SQL enum, by Outcome */
extern const char *const rule_outcomes[];

/*
 * The book of a ruleset (NULL: the configured one, else the one in force that day); ERROR 42704 if it does
 * not exist.  It stays until the memory context that is current at the call is reset.
 */
extern const RuleBook *rule_book(const char *ruleset, DateADT as_of);

/* is this still one of the books that the active snapshot shows? */
extern bool rule_book_is_kept(const RuleBook *book, uint64 id);

/* every fact, whatever the ruleset; stays as long as a book would */
extern const FactDictionary *rule_dictionary(void);

/* the ruleset that rule_book would take; ERROR 42704 with the nearest name if it does not exist */
extern const char *rule_ruleset(const char *ruleset, DateADT as_of);

/* what the firm has chosen, allocated in the current context */
extern ReadingChoice *reading_choice(const RuleBook *book);

extern bool provision_applies(const Provision *provision, const ReadingChoice *choice);
extern const Parameter *rule_parameter(const RuleBook *book, const char *name);	/* ERROR 42704 */
extern const Parameter *rule_parameter_if_any(const RuleBook *book, const char *name);	/* NULL: the ruleset has no such rule */
extern const TestRow *rule_test(const RuleBook *book, const char *name);	/* ERROR 42704 with the nearest name */

/* the test's row with the changes of the chosen options applied */
extern TestRow rule_test_under(const TestRow *row, const ReadingChoice *choice);

/* do its members have the status on the book's day? */
static inline bool
rule_test_applies(const TestRow *row)
{
	return row->state == TEST_IN_FORCE || row->state == TEST_TO_VERIFY;
}

/* a setting's value or its default (settings.c); NULL if it has none */
extern const char *setting_value(const char *name);

#endif							/* OUTBOUND_RULES_H */
