/*
 * The verdict on a deal.
 */

CREATE TYPE screening AS (
	outcome		outcome,
	at_least	outcome,
	at_most		outcome,
	obligation	text,
	limb		text,
	provisions	text[],
	missing		text[],
	readings	text[],
	notify_by	date,
	retain_until date,
	ruleset		text
);
COMMENT ON TYPE screening IS 'What screen() returns: the verdict on one deal and what it rests on';
COMMENT ON COLUMN screening.outcome IS 'The verdict; undetermined exactly when at_least and at_most differ';
COMMENT ON COLUMN screening.at_least IS 'What is established whatever the unknown facts turn out to be';
COMMENT ON COLUMN screening.at_most IS 'The worst that the unknown facts leave open';
COMMENT ON COLUMN screening.obligation IS 'Whose duty: own, controlled_foreign_entity, knowingly_directing or post_closing_knowledge; NULL without a duty';
COMMENT ON COLUMN screening.limb IS 'The limb of 31 CFR 850.210(a) the deal meets; NULL if none is established';
COMMENT ON COLUMN screening.provisions IS 'Sections the verdict rests on: duty, limb, class, activities; or the exception, exemption or scope rule';
COMMENT ON COLUMN screening.missing IS 'Unknown facts that could still move the verdict: names of facts, party(id).column, interest(holder,held), financial(holder,from).metric, list(name), activity(id) and deal(id) for a row whose facts cannot be read, row_security';
COMMENT ON COLUMN screening.readings IS 'Readings (relation reading) whose change alone would move the verdict';
COMMENT ON COLUMN screening.notify_by IS 'Last day to notify a notifiable transaction (31 CFR 850.404(c)); NULL if it is not one or completion is not dated';
COMMENT ON COLUMN screening.retain_until IS 'Day until which records are kept (31 CFR 850.405(c)); NULL before filing';
COMMENT ON COLUMN screening.ruleset IS 'The ruleset applied';

CREATE FUNCTION screen(deal jsonb, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS screening
AS 'MODULE_PATHNAME', 'outbound_screen_jsonb'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION screen(jsonb, text, date) IS
	'The verdict on a deal given as a JSON document; NULL for a NULL deal. as_of NULL is the completion date, else today; ruleset NULL the one configured, else in force that day (42704 if unknown). Unknown keys are 42703, values of the wrong type 22023 (31 CFR Part 850)';

CREATE FUNCTION explain(deal jsonb, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS TABLE (step int, fact text, question text, answer text, cite text, because text, evidence text)
AS 'MODULE_PATHNAME', 'outbound_explain_jsonb'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 20;
COMMENT ON FUNCTION explain(jsonb, text, date) IS
	'The steps of screen() for the same deal: what was asked of the records, the rules that hold or may hold, and the holdings they rest on';

CREATE FUNCTION screen(deal text, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS screening
AS 'MODULE_PATHNAME', 'outbound_screen_text'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION screen(text, text, date) IS
	'The verdict on a deal given as a JSON document; NULL for a NULL deal. as_of NULL is the completion date, else today; ruleset NULL the one configured, else in force that day (42704 if unknown). Unknown keys are 42703, values of the wrong type 22023 (31 CFR Part 850)';

CREATE FUNCTION explain(deal text, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS TABLE (step int, fact text, question text, answer text, cite text, because text, evidence text)
AS 'MODULE_PATHNAME', 'outbound_explain_text'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 20;
COMMENT ON FUNCTION explain(text, text, date) IS
	'The steps of screen() for the same deal: what was asked of the records, the rules that hold or may hold, and the holdings they rest on';

CREATE FUNCTION screen(deal record, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS screening
AS 'MODULE_PATHNAME', 'outbound_screen_record'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION screen(record, text, date) IS
	'The verdict on a deal given as any row, by column name, and the keys of a column facts (json or jsonb) that no column bears the name of: what a column gives, NULL included, the document does not; NULL for a NULL deal. as_of NULL is the completion date, else today; ruleset NULL the one configured, else in force that day (42704 if unknown). Unknown keys are 42703, values of the wrong type 22023 (31 CFR Part 850)';

CREATE FUNCTION explain(deal record, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS TABLE (step int, fact text, question text, answer text, cite text, because text, evidence text)
AS 'MODULE_PATHNAME', 'outbound_explain_record'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 20;
COMMENT ON FUNCTION explain(record, text, date) IS
	'The steps of screen() for the same deal: what was asked of the records, the rules that hold or may hold, and the holdings they rest on';

CREATE FUNCTION deal_screening(ruleset text DEFAULT NULL)
RETURNS TABLE (deal_id text, investor text, target text, transaction_type text, completion_date date, amount_usd numeric,
			   outcome outcome, at_least outcome, at_most outcome, obligation text, limb text, provisions text[],
			   missing text[], readings text[], notify_by date, retain_until date, ruleset text)
AS 'MODULE_PATHNAME', 'outbound_deal_screening'
LANGUAGE C STABLE PARALLEL UNSAFE COST 100000 ROWS 1000;
COMMENT ON FUNCTION deal_screening(text) IS
	'Every row of relation deal with its verdict under a ruleset, NULL the one configured, else in force on the deal''s day (42704 if unknown), read as the caller; OB010 where the relation is missing; a deal whose facts cannot be read is undetermined between out_of_scope and prohibited, missing deal(its id), with a warning that says why';

CREATE VIEW deal_screening AS SELECT * FROM deal_screening();
COMMENT ON VIEW deal_screening IS
	'The book: every deal of the configured schema with its verdict as of its completion date, read as the caller';
COMMENT ON COLUMN deal_screening.deal_id IS 'The deal.';
COMMENT ON COLUMN deal_screening.investor IS 'The party that invests.';
COMMENT ON COLUMN deal_screening.target IS 'The party invested in.';
COMMENT ON COLUMN deal_screening.transaction_type IS 'Kind of transaction.';
COMMENT ON COLUMN deal_screening.completion_date IS 'Day of completion, planned or actual (850.204).';
COMMENT ON COLUMN deal_screening.amount_usd IS 'Value of the transaction in U.S. dollars.';
COMMENT ON COLUMN deal_screening.outcome IS 'The verdict; undetermined exactly where at_least and at_most differ.';
COMMENT ON COLUMN deal_screening.at_least IS 'What is established.';
COMMENT ON COLUMN deal_screening.at_most IS 'The worst that the unknown facts leave open.';
COMMENT ON COLUMN deal_screening.obligation IS 'Whose duty it is: own, controlled_foreign_entity, knowingly_directing or post_closing_knowledge.';
COMMENT ON COLUMN deal_screening.limb IS 'Limb of the definition of a covered transaction (850.210(a)).';
COMMENT ON COLUMN deal_screening.provisions IS 'Sections that decided.';
COMMENT ON COLUMN deal_screening.missing IS 'Facts that are missing and matter.';
COMMENT ON COLUMN deal_screening.readings IS 'Interpretive choices whose change alone would alter the answer.';
COMMENT ON COLUMN deal_screening.notify_by IS 'Last day of a notification that is due.';
COMMENT ON COLUMN deal_screening.retain_until IS 'Day until which records are to be kept (850.405(c)).';
COMMENT ON COLUMN deal_screening.ruleset IS 'The rules applied.';

GRANT SELECT ON deal_screening TO PUBLIC;
