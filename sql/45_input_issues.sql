/*
 * The defects of the firm's data, counted.  Everything in the query joins on equal ids, and
 * its WITH queries have no statistics: nested loops would be chosen and never end.
 */

CREATE FUNCTION country_known(code text) RETURNS boolean
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2
AS 'MODULE_PATHNAME', 'outbound_country_known';

COMMENT ON FUNCTION country_known(text) IS
'True if the code is an ISO 3166-1 alpha-2 code, perhaps with a subdivision such as US-DE; NULL for NULL.';

CREATE FUNCTION input_issues(as_of date DEFAULT NULL, OUT issue text, OUT relation text, OUT party_id text,
							 OUT kind text, OUT detail text, OUT n bigint)
RETURNS SETOF record
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000
SET search_path = pg_catalog, @extschema@, pg_temp
SET enable_nestloop = off
AS 'MODULE_PATHNAME', 'outbound_input_issues';

COMMENT ON FUNCTION input_issues(date) IS
'The defects of the source schema''s data on a day (NULL: today), one row for each kind of defect and place: what it is, the relation, the party (of a deal, the deal), the kind concerned, a sentence, and how many rows or holders make it up.  Reads as the caller; raises OB010 where the source schema is not complete.  None of them is rejected: verdicts stay sound with all of them.';

CREATE VIEW input_issues AS SELECT i.* FROM input_issues() AS i;

COMMENT ON VIEW input_issues IS
'The defects of the source schema''s data today: see function input_issues.';
COMMENT ON COLUMN input_issues.issue IS
'dangling_id, missing_id, duplicate_party, self_holding, sum_above_100, complete_register_below_100, cycle, contradiction, share_unknown, unmapped_kind, unmapped_register, unmapped_country, unmapped_list, unmapped_metric, unmapped_basis, amount_unknown, negative_amount, empty_validity, held_individual or unreadable_facts (a row of activity or deal, which makes that activity or deal undetermined).';
COMMENT ON COLUMN input_issues.relation IS 'Relation that shows it.';
COMMENT ON COLUMN input_issues.party_id IS 'Party concerned; in relation deal, the deal where the defect is of the deal itself (empty_validity, unreadable_facts).';
COMMENT ON COLUMN input_issues.kind IS 'Kind of interest or party, or metric, where that matters.';
COMMENT ON COLUMN input_issues.detail IS 'What is wrong, in words.';
COMMENT ON COLUMN input_issues.n IS 'How many rows, holders, sources or members of a ring.';
