/*
 * block_report.c
 *		Errors, warnings and log lines of the trigger.
 *
 * Outcome and cites go to everyone who may write the table; evidence only to those who
 * may read the relations.  What would change the verdict is in the hint: missing facts (those
 * of the relations by name for the same readers alone), and exceptions and exemptions that
 * have not been claimed and are not known to fail.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/rel.h"

#include "enforce/block_report.h"
#include "enforce/determination.h"
#include "read/errcodes.h"

#define MAX_HINT_PROVISIONS		6
#define MAX_EVIDENCE_STEPS		8

/* Facts of a deal as they would be if nothing about exceptions were left unclaimed. */
typedef struct OpenFacts
{
	const Facts *facts;
	FactValue	unknown;
} OpenFacts;

static const FactValue *
open_fact(void *arg, int fact)
{
	OpenFacts  *open = arg;

	if (open->facts->values[fact].state == FACT_NOT_CLAIMED)
		return &open->unknown;
	return &open->facts->values[fact];
}

static void
append_list(StringInfo out, const char *const *strings, int n)
{
	for (int i = 0; i < n; i++)
		appendStringInfo(out, "%s%s", i > 0 ? ", " : "", strings[i]);
}

/* Names the unclaimed facts of one exception or exemption if claiming them could make it hold; false if not. */
static bool
append_unclaimed(StringInfo out, const BlockReport *report, const Provision *provision, bool first)
{
	const FactDictionary *dictionary = report->facts->dictionary;
	uint8	   *missing = palloc0(mul_size(sizeof(uint8), Max(dictionary->n_facts, 1)));
	OpenFacts	open = {report->facts, {FACT_UNKNOWN}};
	FactSource	source = {open_fact, &open};
	CoreEnv		env = backend_env();
	Ternary		holds = condition_evaluate(&env, provision->condition, &source, missing);
	int			n = 0;

	core_check(&env);
	if (holds != TERNARY_UNKNOWN)
		return false;
	for (int i = 0; i < dictionary->n_facts; i++)
	{
		if (!missing[i] || report->facts->values[i].state != FACT_NOT_CLAIMED)
			continue;
		if (n == 0)
			appendStringInfo(out, "%s%s (", first ? "" : "; ", provision->cite);
		appendStringInfo(out, "%s%s", n > 0 ? ", " : "", dictionary->facts[i].name);
		n++;
	}
	if (n == 0)
		return false;
	appendStringInfoChar(out, ')');
	return true;
}

/*
 * Names what is missing.  A path such as party(ID).citizenship tells who holds whom: those
 * who may not read the relations learn only that the records lack something.
 */
static void
append_missing(StringInfo out, const Screening *screening, bool with_paths)
{
	bool		left_out = false;
	int			n = 0;

	for (int i = 0; i < screening->n_missing; i++)
	{
		if (!with_paths && strchr(screening->missing[i], '(') != NULL)
			left_out = true;
		else
			appendStringInfo(out, "%s%s", n++ > 0 ? ", " : "", screening->missing[i]);
	}
	if (left_out)
		appendStringInfo(out, "%srecords of the parties", n > 0 ? ", " : "");
}

/* What would change the verdict; "" if nothing known would. */
static char *
hint_text(const BlockReport *report)
{
	const Screening *screening = report->screening;
	ReadingChoice *choice = reading_choice(report->book);
	StringInfoData out;
	StringInfoData exceptions;
	int			n = 0;

	initStringInfo(&out);
	initStringInfo(&exceptions);
	if (screening->n_missing > 0)
	{
		appendStringInfoString(&out, "Facts that are missing: ");
		append_missing(&out, screening, report->with_evidence);
		appendStringInfoChar(&out, '.');
	}
	for (int i = 0; i < report->book->n_provisions && n < MAX_HINT_PROVISIONS; i++)
	{
		const Provision *provision = &report->book->provisions[i];

		if ((provision->stage == STAGE_EXCEPTION || provision->stage == STAGE_EXEMPTION) &&
			provision_applies(provision, choice) &&
			append_unclaimed(&exceptions, report, provision, n == 0))
			n++;
	}
	if (n > 0)
		appendStringInfo(&out, "%sExceptions that have not been claimed: %s.",
						 out.len > 0 ? "  " : "", exceptions.data);
	return out.data;
}

/* Outcome and cites, and evidence for those who may see it. */
static char *
detail_text(const BlockReport *report, bool with_evidence)
{
	const Screening *screening = report->screening;
	StringInfoData out;
	int			n = 0;

	initStringInfo(&out);
	if (screening->outcome == OUTCOME_UNDETERMINED)
		appendStringInfo(&out, "Outcome is undetermined: at least %s, at most %s",
						 outcome_name(screening->at_least), outcome_name(screening->at_most));
	else
		appendStringInfo(&out, "Outcome is %s", outcome_name(screening->outcome));
	if (screening->n_provisions > 0)
	{
		appendStringInfoString(&out, " under ");
		append_list(&out, screening->provisions, screening->n_provisions);
	}
	appendStringInfo(&out, " (ruleset %s).", screening->ruleset);
	for (int i = 0; with_evidence && i < screening->n_steps && n < MAX_EVIDENCE_STEPS; i++)
	{
		const ScreenStep *step = &screening->steps[i];

		if ((step->evidence == NULL && step->because == NULL) || step->holds == TERNARY_FALSE)
			continue;
		appendStringInfo(&out, "\n%s %s%s%s", step->question, step->because ? step->because : "",
						 step->because && step->evidence ? "; " : "", step->evidence ? step->evidence : "");
		n++;
	}
	return out.data;
}

/* The same for the server log, with the deal's facts. */
static char *
log_text(const BlockReport *report)
{
	Jsonb	   *facts = facts_to_jsonb(report->facts);

	return psprintf("%s  Facts: %s", detail_text(report, false),
					JsonbToCString(NULL, &facts->root, VARSIZE(facts)));
}

/* Reports that the row is kept out; see block_report.h. */
void
report_blocked(const BlockReport *report)
{
	const char *investor = fact_text(report->facts, "investor");
	const char *target = fact_text(report->facts, "target");
	bool		prohibited = report->screening->outcome == OUTCOME_PROHIBITED;
	int			code = prohibited ? ERRCODE_OB_PROHIBITED : ERRCODE_OB_UNDETERMINED;
	char	   *hint = hint_text(report);

	investor = investor != NULL ? psprintf("\"%s\"", investor) : "an investor that is not known";
	target = target != NULL ? psprintf("\"%s\"", target) : "a target that is not known";

	/* a session that catches the error must not leave the attempt unrecorded */
	ereport(LOG_SERVER_ONLY,
			(errcode(code),
			 errmsg("%s: deal of %s in %s was kept out of \"%s\"", unpack_sql_state(code), investor, target,
					RelationGetRelationName(report->rel)),
			 errdetail_log("%s", log_text(report)),
			 errhidestmt(true), errhidecontext(true)));
	ereport(ERROR,
			(errcode(code),
			 prohibited ? errmsg("deal of %s in %s is prohibited", investor, target) :
			 errmsg("deal of %s in %s cannot be cleared: the verdict is undetermined", investor, target),
			 errdetail("%s", detail_text(report, report->with_evidence)),
			 errdetail_log("%s", detail_text(report, false)),
			 hint[0] != '\0' ? errhint("%s", hint) : 0,
			 errtableconstraint(report->rel, report->constraint)));
}

/* Warns that the verdict is open; see block_report.h. */
void
report_undetermined(const BlockReport *report)
{
	char	   *hint = hint_text(report);

	ereport(WARNING,
			(errcode(ERRCODE_OB_UNDETERMINED),
			 errmsg("the verdict on a deal let into \"%s\" is undetermined", RelationGetRelationName(report->rel)),
			 errdetail("%s", detail_text(report, report->with_evidence)),
			 hint[0] != '\0' ? errhint("%s", hint) : 0,
			 errtableconstraint(report->rel, report->constraint)));
}

/* Says that an approval let the deal in; see block_report.h. */
void
report_override(const BlockReport *report, int64 override_id)
{
	ereport(NOTICE,
			(errmsg("override %lld lets a blocked deal into \"%s\"", (long long) override_id,
					RelationGetRelationName(report->rel)),
			 errdetail("%s", detail_text(report, report->with_evidence)),
			 errtableconstraint(report->rel, report->constraint)));
}
