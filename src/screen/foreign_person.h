/*
 * foreign_person.h
 *		Covered foreign persons: 850.209(a)(1) and (2).
 */
#ifndef OUTBOUND_FOREIGN_PERSON_H
#define OUTBOUND_FOREIGN_PERSON_H

#include "screen/activity.h"
#include "screen/inquiry.h"

/* everything the firm knows a party to do */
typedef struct ActivityProfile
{
	Outcome		at_least;
	Outcome		at_most;
	Ternary		covered;		/* any covered activity */
	Ternary		prohibited;		/* any activity of a prohibited transaction */
	int			n_cites;
	struct
	{
		const char *cite;
		Outcome		outcome;
	}		   *cites;			/* provisions that hold, worst first, each once */
	MissingList missing;
} ActivityProfile;

/* one row of covered_foreign_person_findings() */
typedef struct ForeignPersonFinding
{
	const char *limb;			/* (a)(1) or (a)(2) */
	Ternary		holds;
	const char *metric;			/* of (a)(2), or NULL */
	bool		has_share;
	ShareValue	share;			/* the part of the metric that counts */
	const char *statement;		/* basis and year used, or NULL */
} ForeignPersonFinding;

typedef struct ForeignPerson
{
	Ternary		of_concern;		/* 850.221 */
	ActivityProfile activity;	/* its own */
	Ternary		by_activity;	/* 850.209(a)(1) */
	Ternary		by_holding;		/* 850.209(a)(2) */
	Ternary		covered;		/* either */
	Ternary		holds_prohibited;	/* (a)(2) over a person with a prohibited activity: 850.224(l) */
	Ternary		holds_covered;
	int			n_findings;		/* (a)(1), then a finding per metric where (a)(2) comes into question */
	ForeignPersonFinding *findings;
	int			n_sources;
	struct FinancialSource *sources;	/* the (a)(1) persons that it holds, or may hold: financial.h */
} ForeignPerson;

extern ActivityProfile activity_profile(Inquiry *inquiry, NodeId party);

/* the same for many: those under the inquiry's rule book and readings, and one of them */
typedef struct ProfileSet ProfileSet;
extern ProfileSet *activity_profiles(Inquiry *inquiry);
extern const ActivityProfile *profile_among(Inquiry *inquiry, ProfileSet *set, NodeId party);

/* may it do anything at all, whatever the rules? reads of parties that were not loaded before one by one */
extern bool may_be_active(Inquiry *inquiry, NodeId party);
extern void activities_load(Inquiry *inquiry, const NodeId *parties, uint32 n);
extern ForeignPerson *foreign_person(Inquiry *inquiry, NodeId party);

/* the ground of one finding in words, and what it lacks while it is unknown */
extern const char *foreign_person_because(Inquiry *inquiry, NodeId party, const ForeignPerson *person, int finding);
extern void foreign_person_finding_missing(Inquiry *inquiry, NodeId party, const ForeignPerson *person, int finding,
										   MissingList *missing);
/* the same with what the classes that follow from what it holds hang on (850.224(l)) */
extern void foreign_person_class_missing(Inquiry *inquiry, NodeId party, const ForeignPerson *person, MissingList *missing);
extern void foreign_person_missing(Inquiry *inquiry, NodeId party, const ForeignPerson *person, MissingList *missing);

/* is that the chosen option of that reading? false where the rule book has no such reading */
extern bool reading_is(const Inquiry *inquiry, const char *reading, const char *option);

#endif							/* OUTBOUND_FOREIGN_PERSON_H */
