/*
 * The audit: what is due, what it can cost, how fresh the lists are, what has changed.
 */

/* filings (31 CFR 850.401 to 850.406) */
CREATE FUNCTION filing_due(as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (deal_id text, cite text, duty text, trigger_date date, due_date date, days_left int, established boolean)
AS 'MODULE_PATHNAME', 'outbound_filing_due'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 100;

COMMENT ON FUNCTION filing_due(date) IS
'The filings that the deals of the source schema call for, one row a duty, read as the caller; as_of is the day from which days_left counts (NULL: days_left is NULL).  Calendar days, no weekend or holiday moves a due date (31 CFR 850.401 to 850.406).  A notification that has been filed is not shown.  OB010 where the relation is missing.';

CREATE VIEW filing_due AS SELECT f.* FROM filing_due() AS f;

COMMENT ON VIEW filing_due IS
'The filings that the deals of the source schema call for, as of today: see function filing_due.';
COMMENT ON COLUMN filing_due.deal_id IS 'The deal.';
COMMENT ON COLUMN filing_due.cite IS 'Sections that make it a duty and set its time; 850.401 and 850.402 both while it is open whose duty it is.';
COMMENT ON COLUMN filing_due.duty IS
'notification: of a notifiable deal.  post_closing_notification: of a fact learned after completion that makes a deal covered, be it notifiable or prohibited.  material_change_update: of a notification filed before completion.  supplement: of information that was not available before.  correction: of an omission or inaccuracy in any statement.';
COMMENT ON COLUMN filing_due.trigger_date IS 'Day from which it counts: completion, or when the fact was learned or became available; NULL while completion is not dated.';
COMMENT ON COLUMN filing_due.due_date IS 'Last day on which it is in time.';
COMMENT ON COLUMN filing_due.days_left IS 'Days until then; negative once it is late.';
COMMENT ON COLUMN filing_due.established IS 'True: it is a duty.  NULL: it may be one, an unknown fact decides.';

/* penalties (31 CFR 850.701) */
CREATE FUNCTION civil_penalty_max(amount_usd numeric, as_of date DEFAULT CURRENT_DATE) RETURNS numeric
AS 'MODULE_PATHNAME', 'outbound_civil_penalty_max'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000;

COMMENT ON FUNCTION civil_penalty_max(numeric, date) IS
'The highest civil penalty for one violation, in U.S. dollars: the greater of the inflation-adjusted amount assessed on that day (penalty_amount) and the multiple of the transaction''s amount (31 CFR 850.701).  NULL for a NULL amount, and for a day before the first amount on record.  A negative amount is 22003.';

CREATE VIEW criminal_penalty_max AS
SELECT p.ruleset,
	max(p.value::numeric) FILTER (WHERE p.name = 'criminal_fine_usd') AS criminal_max_fine,
	max(p.value::int) FILTER (WHERE p.name = 'criminal_years') AS criminal_max_years,
	max(p.value::int) FILTER (WHERE p.name = 'false_statement_years') AS false_statement_max_years,
	array_agg(DISTINCT p.cite ORDER BY p.cite) AS cites
FROM parameter AS p
WHERE p.name IN ('criminal_fine_usd', 'criminal_years', 'false_statement_years')
	AND p.in_force @> CURRENT_DATE
GROUP BY p.ruleset;

COMMENT ON VIEW criminal_penalty_max IS
'The highest criminal penalties for a willful violation, one row a ruleset that names them, today (31 CFR 850.701).';
COMMENT ON COLUMN criminal_penalty_max.ruleset IS 'The ruleset.';
COMMENT ON COLUMN criminal_penalty_max.criminal_max_fine IS 'Fine, in U.S. dollars.';
COMMENT ON COLUMN criminal_penalty_max.criminal_max_years IS 'Years of imprisonment, for an individual.';
COMMENT ON COLUMN criminal_penalty_max.false_statement_max_years IS 'Years of imprisonment for a false statement.';
COMMENT ON COLUMN criminal_penalty_max.cites IS 'Where they are written.';

GRANT SELECT ON filing_due, criminal_penalty_max TO PUBLIC;
