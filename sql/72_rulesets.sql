/*
 * Deals under other rules: another ruleset, another reading of the one that applies.
 */

CREATE FUNCTION under_all_readings(deal jsonb, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS TABLE (reading text, option text, chosen boolean, outcome outcome, at_least outcome, at_most outcome)
AS 'MODULE_PATHNAME', 'outbound_under_all_readings_jsonb'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 50000 ROWS 5;
COMMENT ON FUNCTION under_all_readings(jsonb, text, date) IS
	'The verdict on a deal (a JSON document) under every option of each reading whose change alone, the others as chosen, moves it; chosen marks the option in effect.  No rows: no doubt about the law matters here.  Errors as of screen()';

CREATE FUNCTION under_all_readings(deal text, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS TABLE (reading text, option text, chosen boolean, outcome outcome, at_least outcome, at_most outcome)
AS 'MODULE_PATHNAME', 'outbound_under_all_readings_text'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 50000 ROWS 5;
COMMENT ON FUNCTION under_all_readings(text, text, date) IS
	'The verdict on a deal (a JSON document) under every option of each reading whose change alone, the others as chosen, moves it; chosen marks the option in effect.  No rows: no doubt about the law matters here.  Errors as of screen()';

CREATE FUNCTION under_all_readings(deal record, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS TABLE (reading text, option text, chosen boolean, outcome outcome, at_least outcome, at_most outcome)
AS 'MODULE_PATHNAME', 'outbound_under_all_readings_record'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 50000 ROWS 5;
COMMENT ON FUNCTION under_all_readings(record, text, date) IS
	'The verdict on a deal (any row, by column name) under every option of each reading whose change alone, the others as chosen, moves it; chosen marks the option in effect.  No rows: no doubt about the law matters here.  Errors as of screen()';

/* answers about ownership under other readings */
CREATE FUNCTION ownership_under_all_readings(party text, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (reading text, option text, chosen boolean, grade text)
AS 'MODULE_PATHNAME', 'outbound_ownership_under_all_readings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 20000 ROWS 4;
COMMENT ON FUNCTION ownership_under_all_readings(text, text, date) IS
	'A party''s grade under an ownership test (definite, possible, undisclosed or no) under every option of each reading whose change alone moves it; chosen marks the option in effect.  No rows: no doubt about the law matters here. 42704 for an unknown id or test';

CREATE FUNCTION ownership_under_all_readings(holder text, held text, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (reading text, option text, chosen boolean, grade text, voting share, board share, equity share)
AS 'MODULE_PATHNAME', 'outbound_holding_under_all_readings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 20000 ROWS 4;
COMMENT ON FUNCTION ownership_under_all_readings(text, text, text, date) IS
	'What one holder has in a party under an ownership test, under every option of each reading whose change alone moves the grade or a share; shares are NULL where the test does not measure them.  No rows: no doubt about the law matters here. 42704 for an unknown id or test';

CREATE FUNCTION ownership_under_all_readings(party bigint, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (reading text, option text, chosen boolean, grade text)
AS 'MODULE_PATHNAME', 'outbound_ownership_under_all_readings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 20000 ROWS 4;
COMMENT ON FUNCTION ownership_under_all_readings(bigint, text, date) IS
	'A party''s grade under an ownership test (definite, possible, undisclosed or no) under every option of each reading whose change alone moves it; chosen marks the option in effect.  No rows: no doubt about the law matters here. 42704 for an unknown id or test';

CREATE FUNCTION ownership_under_all_readings(holder bigint, held bigint, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (reading text, option text, chosen boolean, grade text, voting share, board share, equity share)
AS 'MODULE_PATHNAME', 'outbound_holding_under_all_readings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 20000 ROWS 4;
COMMENT ON FUNCTION ownership_under_all_readings(bigint, bigint, text, date) IS
	'What one holder has in a party under an ownership test, under every option of each reading whose change alone moves the grade or a share; shares are NULL where the test does not measure them.  No rows: no doubt about the law matters here. 42704 for an unknown id or test';

CREATE FUNCTION ownership_under_all_readings(party uuid, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (reading text, option text, chosen boolean, grade text)
AS 'MODULE_PATHNAME', 'outbound_ownership_under_all_readings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 20000 ROWS 4;
COMMENT ON FUNCTION ownership_under_all_readings(uuid, text, date) IS
	'A party''s grade under an ownership test (definite, possible, undisclosed or no) under every option of each reading whose change alone moves it; chosen marks the option in effect.  No rows: no doubt about the law matters here. 42704 for an unknown id or test';

CREATE FUNCTION ownership_under_all_readings(holder uuid, held uuid, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (reading text, option text, chosen boolean, grade text, voting share, board share, equity share)
AS 'MODULE_PATHNAME', 'outbound_holding_under_all_readings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 20000 ROWS 4;
COMMENT ON FUNCTION ownership_under_all_readings(uuid, uuid, text, date) IS
	'What one holder has in a party under an ownership test, under every option of each reading whose change alone moves the grade or a share; shares are NULL where the test does not measure them.  No rows: no doubt about the law matters here. 42704 for an unknown id or test';

CREATE FUNCTION members_under_all_readings(test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, reading text, option text, grade text, chosen_grade text)
AS 'MODULE_PATHNAME', 'outbound_members_under_all_readings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000000 ROWS 100;
COMMENT ON FUNCTION members_under_all_readings(text, date) IS
	'Every party whose grade under an ownership test another option of a reading alone would change: that option, the grade under it and the one under the options in effect. The whole graph is answered once an option; 42704 for an unknown test';

/* what stands in one list of sections and has no counterpart in the other; a section of the proposal is the counterpart of the final one */
CREATE FUNCTION provisions_only(these text[], those text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(array_agg(t.cite ORDER BY t.place), '{}')
	FROM unnest(these) WITH ORDINALITY AS t (cite, place)
	WHERE NOT EXISTS (SELECT FROM unnest(those) AS o (cite)
					  WHERE replace(o.cite, 'proposed ', '') = replace(t.cite, 'proposed ', ''));
END;
COMMENT ON FUNCTION provisions_only(text[], text[]) IS
	'The sections of the first list that have no counterpart in the second, in their order; {} for none or NULL.  "proposed 850.301" and 850.301 are counterparts';

CREATE FUNCTION compare_rulesets(a text, b text)
RETURNS TABLE (deal_id text, outcome_a outcome, at_least_a outcome, at_most_a outcome, outcome_b outcome, at_least_b outcome, at_most_b outcome,
			   provisions_a text[], provisions_b text[], only_a text[], only_b text[])
LANGUAGE sql STABLE PARALLEL UNSAFE COST 100000 ROWS 100
BEGIN ATOMIC
	SELECT x.deal_id, x.outcome, x.at_least, x.at_most, y.outcome, y.at_least, y.at_most, x.provisions, y.provisions,
		   provisions_only(x.provisions, y.provisions), provisions_only(y.provisions, x.provisions)
	FROM deal_screening(a) AS x JOIN deal_screening(b) AS y USING (deal_id)
	WHERE (x.outcome, x.at_least, x.at_most) IS DISTINCT FROM (y.outcome, y.at_least, y.at_most)
	ORDER BY x.deal_id COLLATE "C";
END;
COMMENT ON FUNCTION compare_rulesets(text, text) IS
	'The deals of the book whose verdict under ruleset a is not the one under b: both verdicts with their bounds, the sections each rests on, and those that have no counterpart in the other, which make the difference.  NULL is the ruleset configured, else in force on the deal''s day; an unknown ruleset is 42704.  A deal without a deal_id is left out';
