/*
 * inquiry.h
 *		What every legal question is asked over: the firm's graph on one day, the
 *		rule book, the readings chosen, and scratch memory.
 *
 * The questions themselves: persons.c (850.221, 850.229), control.c (850.206, 850.219),
 * membership.c (pooled ownership tests), foreign_person.c (850.209), transaction.c.
 */
#ifndef OUTBOUND_INQUIRY_H
#define OUTBOUND_INQUIRY_H

#include "postgres.h"

#include "core/kernel.h"
#include "core/ternary.h"
#include "read/neighbourhood.h"

typedef struct Inquiry
{
	Neighbourhood *nb;
	const RuleBook *book;
	const ReadingChoice *choice;
	MemoryContext scratch;		/* freed with the inquiry */
	CoreEnv		env;			/* over scratch */
} Inquiry;

/* how far a status is established (engine grades) */
typedef enum Grade
{
	GRADE_NO,
	GRADE_UNDISCLOSED,			/* possible only through holders nobody has disclosed */
	GRADE_DISCLOSED,			/* possible within what is disclosed */
	GRADE_DEFINITE
} Grade;

static inline Ternary
grade_ternary(Grade grade)
{
	return grade == GRADE_DEFINITE ? TERNARY_TRUE : grade == GRADE_NO ? TERNARY_FALSE : TERNARY_UNKNOWN;
}

extern const char *grade_name(Grade grade);

/* an inquiry over the rule book in force; choice NULL is the firm's own */
extern Inquiry *inquiry_begin(const RuleBook *book, DateADT as_of, const ReadingChoice *choice);

/* the same for a deal's day; days on which the relations show the same share what is read and answered */
extern Inquiry *inquiry_of_deal(const RuleBook *book, DateADT as_of);

/* another one over the same neighbourhood, whose choice may be changed */
extern Inquiry *inquiry_like(const Inquiry *inquiry);
extern void inquiry_end(Inquiry *inquiry);

/* core_check() for this inquiry's environment */
extern void inquiry_check(Inquiry *inquiry);

/* what the definite run and the widest one leave of an amount: a share, or its bounds */
extern ShareValue share_between(Inquiry *inquiry, Bound low, Bound high);

/* an end of an amount as a bound; PG_UINT64_MAX is none */
extern Bound bound_of_end(Inquiry *inquiry, uint64 end);

/*
 * Answers already given: one byte per party, MEMO_EMPTY where there is none yet.  Kept
 * with the neighbourhood; those of an ownership test by the readings that it obeys.
 */
#define MEMO_EMPTY	255
extern uint8 *inquiry_test_memo(Inquiry *inquiry, const char *test);
extern uint8 *inquiry_data_memo(Inquiry *inquiry, const char *label);	/* whatever the readings */

/* the rows of one question's unknowns, without repetition, in order of first mention */
typedef struct MissingList
{
	int			n;
	int			allocated;
	const char **names;
	int		   *mentions;		/* how often each was mentioned */
	uint32		n_slots;		/* a power of two */
	int		   *slots;			/* of a long list: places of names by hash, -1 where free */
} MissingList;

extern void missing_add(MissingList *list, const char *name);	/* copies into the current context */
extern void missing_merge(MissingList *list, const MissingList *more);
extern void missing_party(MissingList *list, Inquiry *inquiry, NodeId party, const char *column);

/* one run of a pooled ownership test over a cone, by place: its last pass */
typedef struct MembershipRun
{
	Attribution *exact;			/* ranks and reasons; amounts, but of those who are open */
	Ternary    *status;			/* in any of the passes */
	bool	   *open;			/* hangs on a ring too large for exact numbers, or for telling them; NULL: nobody does */
	AmountEnds *ends;			/* of the open, [place * n_measures + measure] */
} MembershipRun;

/* A pooled ownership test over one cone: its three runs. */
typedef struct Membership
{
	TestRow		test;
	NodeId	   *nodes;
	uint32		n_nodes;
	MembershipRun *runs[3];		/* by KernelRun, in the order of nodes; equal runs are shared */
	Kernel	   *kernels[3];
} Membership;

/* one run from seeds (passes.c) */
extern MembershipRun *membership_passes(Inquiry *inquiry, const TestRow *row, KernelRun run,
										const NodeId *nodes, uint32 n_nodes,
										const NodeId *seeds, uint32 n_seeds, Kernel **kernel);

/* over target's cone, or over the whole graph, loaded before, for NULL */
extern Membership *membership_run(Inquiry *inquiry, const char *test, const NodeId *target);
extern Membership *membership_run_row(Inquiry *inquiry, const TestRow *row, const NodeId *target);

/* is the party among the seeds that a test's row names, as far as a run may suppose? */
extern Ternary is_seed(Inquiry *inquiry, const char *seeds, NodeId party, KernelRun run);

/* what a grade is worth under a test on its days and for who is not left out */
extern Grade grade_in_scope(Inquiry *inquiry, const TestRow *row, NodeId party, Grade grade);

/* what a run found about one party of its cone */
typedef struct MembershipFinding
{
	Grade		grade;
	bool		is_member;		/* in the run that gave the grade, and in a known round */
	uint32		tier;			/* Attribution.rank there */
	int			reason;			/* Attribution.reason there */
	ShareValue	amount[MAX_MEASURES];	/* attributed, by measure */
} MembershipFinding;

extern MembershipFinding membership_finding(Inquiry *inquiry, const Membership *membership, NodeId party);
extern uint32 membership_all_nodes(Inquiry *inquiry, NodeId **nodes);
extern Grade membership_grade(Inquiry *inquiry, const char *test, NodeId party);

/* the round in which a definite member was found: 0 a seed, 1 from the seeds alone, then 2; -1 not known */
extern int	membership_tier(Inquiry *inquiry, const Membership *membership, NodeId party);

/* what an undetermined membership hangs on */
extern void membership_missing(Inquiry *inquiry, const char *test, NodeId party, MissingList *missing);

/* what gave a status, in a word, by Attribution.reason: a measure, seed, role or branch; NULL without one */
extern const char *limb_word(const OwnershipTest *test, int reason);

/* the test as the kernel runs it: branches follow their principals under every test */
extern OwnershipTest kernel_test(const TestRow *row);

/* the same in one run: what is left open across measures counts in the upper ones alone */
extern OwnershipTest kernel_test_in_run(const TestRow *row, KernelRun run);

/* persons.c */
extern Ternary us_person(Inquiry *inquiry, NodeId party);
extern Ternary us_person_by_row(const Party *party);	/* of a party's row alone, branches apart */
extern void us_person_missing(Inquiry *inquiry, NodeId party, MissingList *missing);
extern Ternary base_person_of_concern(Inquiry *inquiry, NodeId party);	/* 850.221(a), (b) */
extern Ternary government_of_concern(Inquiry *inquiry, NodeId party);
extern Ternary base_person_by_row(const Party *party);	/* the same of a party's row alone */
extern Ternary government_by_row(const Party *party);
extern void base_person_missing(Inquiry *inquiry, NodeId party, MissingList *missing);
extern const char *person_of_concern_limb(Inquiry *inquiry, NodeId party);	/* a to e, or NULL */
extern void person_of_concern_missing(Inquiry *inquiry, NodeId party, MissingList *missing);
extern Ternary listed(Inquiry *inquiry, NodeId party, const char *list);
extern void listed_missing(Inquiry *inquiry, NodeId party, MissingList *missing);	/* stale lists: list(EL) */
extern Ternary on_relevant_list(Inquiry *inquiry, NodeId party, const char **cite);

/* settled.c */
extern Ternary person_of_country_of_concern(Inquiry *inquiry, NodeId party);

/* control.c */
typedef struct ParentFinding
{
	NodeId		root;			/* the possible parent */
	Grade		grade;
	const char *limb;			/* voting, board, equity, ... or role; NULL when no */
	uint32		tier;			/* the round in which target became a member; 0 when it did not, PG_UINT32_MAX if not known */
	ShareValue	amount[MAX_MEASURES];	/* attributed, by measure of the test */
} ParentFinding;

/* one root's (or holder's) attribution in target under a test, all three runs */
extern ParentFinding root_finding(Inquiry *inquiry, const TestRow *test, NodeId root, NodeId target);

/* the grade of a party under any test: of the pool, of some U.S. person, or of the best single holder (ownership_readings.c) */
extern Grade grade_under_test(Inquiry *inquiry, const char *test, NodeId party);

/* one root in many targets below it, whose cones are loaded: one run each over all that is loaded */
extern ParentFinding *root_findings_below(Inquiry *inquiry, const TestRow *test, NodeId root,
										  const NodeId *targets, uint32 n);

/* every party above target that may meet a per-root test there, best grade first; n_findings set */
extern ParentFinding *root_findings(Inquiry *inquiry, const TestRow *test, NodeId target,
									bool everyone, int *n_findings);

/* a proof's makings: the run that established what is said, and where it was computed */
typedef struct ProofRun
{
	Kernel	   *kernel;
	Attribution *attribution;
	Grade		grade;			/* of target */
	bool		open;			/* target hangs on a ring too large for exact numbers: there is no proof */
} ProofRun;

/* that in words */
extern char *proof_open_text(const Inquiry *inquiry, NodeId party);

/* the first run in which root makes target a member; the definite one where none does */
extern ProofRun root_proof(Inquiry *inquiry, const TestRow *test, NodeId root, NodeId target);
extern bool root_through(Inquiry *inquiry, const TestRow *test, NodeId root, NodeId target, NodeId *via);
extern ProofRun membership_proof(Inquiry *inquiry, const char *test, NodeId party);

extern Grade controlled_foreign_entity(Inquiry *inquiry, NodeId party, const NodeId *us_person,
									   NodeId *parent);

/* what the party's own place leaves of a grade (850.206(a)); where row security hides rows, nobody is told "no" */
extern Grade foreign_grade(Inquiry *inquiry, NodeId party, Grade grade);
extern Grade grade_abroad(const Neighbourhood *nb, PartyKind kind, Ternary organized_in_us, Grade grade);	/* of where it is */

/* the grade of every party, and one parent each (itself if none is named): one sweep a U.S. person */
extern void controlled_everywhere(Inquiry *inquiry, uint8 **grades, NodeId **parents);

/* control_census.c: the same of everybody in a census, by party; NULL where the readings want the kernel */
extern struct LoadedCensus *controlled_by_census(Inquiry *inquiry, uint8 **grades, uint32 **parents);
extern void controlled_foreign_entity_missing(Inquiry *inquiry, NodeId party, MissingList *missing);

/* names of the tests Part 850 itself stands on; everything else about them is rows */
#define TEST_PARENT				"31 CFR 850.206"
#define TEST_COUNTRY_OF_CONCERN	"31 CFR 850.221"
#define TEST_GOVERNMENT			"31 CFR 850.221(c)"
#define TEST_LISTED_AFFILIATES	"31 CFR 850.224(m) affiliates"

#endif							/* OUTBOUND_INQUIRY_H */
