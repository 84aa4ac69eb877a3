/*
 * control_census.c
 *		All controlled foreign entities at once (850.206), from a census.
 *
 * The sweeps are everybody.c's.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/census_cone.h"
#include "screen/engine_statistics.h"
#include "screen/everybody.h"
#include "screen/roots.h"

typedef struct ControlCensus
{
	Everybody	everybody;
	uint32		n;
	int8	   *us;				/* U.S. person? by party */
	uint8	   *grades;			/* by party */
	uint32	   *parents;
} ControlCensus;

/* Under which law is it organized: as organized_in_us() of control.c. */
static Ternary
organized_in_us(const LoadedCensus *loaded, uint32 number)
{
	Ternary		organized = census_party_row(loaded, number).organized_us;
	uint32		at = 0;
	uint32		principal;

	for (bool found = false; census_branch_of(loaded->census, number, &at, &principal); found = true)
	{
		Ternary		there = census_party_row(loaded, principal).organized_us;

		organized = !found || organized == there ? there : TERNARY_UNKNOWN;
	}
	return organized;
}

/* The grade that being a parent in this run gives: whoever may be no U.S. person makes it possible at most. */
static Grade
parent_grade(const ControlCensus *c, uint32 root)
{
	KernelRun	run = c->everybody.run;

	return root < c->n && c->us[root] != TERNARY_TRUE ? grade_if_open(run) : run_grades[run];
}

static void
raise_party(ControlCensus *c, uint32 root, uint32 party, Grade grade)
{
	if (c->grades[party] >= grade)
		return;
	c->grades[party] = (uint8) grade;
	if (root < c->n)
		c->parents[party] = root;
}

/* Does it matter whether a root is a parent? */
static bool
wants_parent(void *arg, uint32 root, uint32 party)
{
	const ControlCensus *c = arg;

	return c->grades[party] < parent_grade(c, root);
}

/* Takes what is told of one root in one party; what is beyond reason is possible. */
static void
take_parent(void *arg, uint32 party, const SweepFinding *finding, bool final)
{
	ControlCensus *c = arg;
	Grade		grade = parent_grade(c, finding->root);

	if (finding->status == TERNARY_FALSE || !final)
		return;
	if (finding->status == TERNARY_UNKNOWN)
		grade = Min(grade, grade_if_open(c->everybody.run));
	raise_party(c, finding->root, party, grade);
}

LoadedCensus *
controlled_by_census(Inquiry *inquiry, uint8 **grades, uint32 **parents)
{
	TestRow		row = rule_test_under(rule_test(inquiry->book, TEST_PARENT), inquiry->choice);
	ControlCensus c;
	LoadedCensus *loaded;
	MemoryContext old;

	if (!everybody_serves(&row))
		return NULL;
	loaded = census_load(inquiry->nb, true);
	c.n = census_size(loaded->census);
	old = MemoryContextSwitchTo(inquiry->scratch);
	everybody_begin(&c.everybody, loaded, &row);
	c.everybody.members_only = true;
	c.everybody.wants = wants_parent;
	c.everybody.told = take_parent;
	c.everybody.arg = &c;
	c.us = palloc_extended(Max(c.n, 1), MCXT_ALLOC_HUGE);
	c.grades = palloc_extended(Max(c.n, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	c.parents = palloc_extended(mul_size(sizeof(uint32), Max(c.n, 1)), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < c.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		c.us[i] = (int8) census_us_person(loaded, i);
		c.everybody.asked[i] = c.us[i] != TERNARY_FALSE;
		c.parents[i] = i;
	}
	everybody_run(&c.everybody, RUN_DEFINITE);
	if (everybody_differs(&c.everybody))
		everybody_run(&c.everybody, RUN_DISCLOSED);
	if (census_openness(loaded->census).undisclosed)
		everybody_run(&c.everybody, RUN_UNDISCLOSED);
	for (uint32 i = 0; i < c.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		c.grades[i] = (uint8) grade_abroad(inquiry->nb, census_party_row(loaded, i).kind, organized_in_us(loaded, i),
										   (Grade) c.grades[i]);
	}
	engine_statistics_record(TEST_PARENT, inquiry->nb->as_of, c.n, &c.everybody.counters);
	MemoryContextSwitchTo(old);
	*grades = c.grades;
	*parents = c.parents;
	return loaded;
}
