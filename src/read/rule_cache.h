/*
 * rule_cache.h
 *		What a snapshot shows of the rule tables, kept while it is certainly the
 *		same.  Private to rules.c, rule_load.c, rule_tests.c and settings.c.
 */
#ifndef OUTBOUND_RULE_CACHE_H
#define OUTBOUND_RULE_CACHE_H

#include "postgres.h"

#include "access/htup.h"
#include "access/tupdesc.h"

#include "read/rules.h"

typedef struct CachedBook
{
	RuleBook	book;			/* what everybody else sees */
	MemoryContext context;		/* holds all of it */
	DateADT		from_day;		/* every rule row is in force or not alike on these days, */
	DateADT		to_day;			/* this one not included */
	const char *asked;			/* the ruleset as the caller named it, or NULL */
	struct CachedBook *next;
} CachedBook;

typedef struct RuleState RuleState;

/* the state that the active snapshot shows; stays until the current memory context is reset */
extern RuleState *rule_state(void);

/* its settings: the firm's value, or NULL */
extern const char *rule_state_setting(RuleState *state, const char *name);

/* its books; rule_state_keep takes over the book's context */
extern CachedBook *rule_state_book(RuleState *state, const char *asked, DateADT as_of);
extern void rule_state_keep(RuleState *state, CachedBook *cached);

/* its dictionary, which all its books share, or NULL; the keeper takes over the context */
extern const FactDictionary *rule_state_dictionary(RuleState *state);
extern void rule_state_keep_dictionary(RuleState *state, const FactDictionary *dictionary,
									   MemoryContext context);

/* read the dictionary into the state, if it is not there yet (rule_load.c); SPI must be connected */
extern const FactDictionary *rule_load_dictionary(RuleState *state);

/* read one book aside, in a context below the current one (rule_load.c) */
extern CachedBook *rule_load(RuleState *state, const char *asked, DateADT as_of);

/* the named ruleset, else the configured one, else the law of that day, else the latest law; SPI must be connected */
extern const char *rule_find_ruleset(RuleState *state, const char *asked, DateADT as_of);

/* read the ownership tests into the book (rule_tests.c) */
extern void rule_load_tests(RuleBook *book, DateADT as_of);

/*
 * Run a query under the active snapshot, read-only, and hand each row to a function; SPI
 * must be connected.  $1 is text, $2 a date.  Allocations of the function are made in the
 * memory context that is current at the call, not in SPI's.
 */
typedef void (*RuleRow) (void *arg, HeapTuple tuple, TupleDesc columns, uint64 row, uint64 n_rows);

extern uint64 rule_query(const char *query, const char *text, DateADT day, RuleRow row, void *arg);

/* a column's text, or NULL */
extern char *rule_text(HeapTuple tuple, TupleDesc columns, int column);
extern bool rule_bool(HeapTuple tuple, TupleDesc columns, int column);

/* a text[] column's elements; a NULL array or element is an error that names the rule row */
extern const char **rule_texts(HeapTuple tuple, TupleDesc columns, int column, int *n);

#endif							/* OUTBOUND_RULE_CACHE_H */
