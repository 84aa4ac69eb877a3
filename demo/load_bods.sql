/*
 * Loads Beneficial Ownership Data Standard 0.4 statements, one or an array of them a line:
 *
 *   cat register.jsonl | psql -v relations=screening -f demo/load_bods.sql
 *
 * The mapping is in bods.sql.  Loading again replaces what was loaded from the same records.
 */
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
\ir bods.sql

-- a character that no JSON holds stands for quote and delimiter
TRUNCATE bods.line;
\copy bods.line FROM pstdin WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
SELECT bods.take_lines() \g /dev/null

DELETE FROM :"relations".party p USING bods.party b WHERE p.party_id = b.party_id;
DELETE FROM :"relations".interest i USING bods.interest_read b WHERE i.source = b.source;
INSERT INTO :"relations".party (party_id, name, kind, citizenship, organized_under, headquarters, valid, source)
SELECT party_id, name, kind, citizenship, organized_under, headquarters, coalesce(valid, '(,)'), source FROM bods.party;
INSERT INTO :"relations".interest (holder_id, held_id, kind, share, valid, source)
SELECT holder_id, held_id, kind, share, coalesce(valid, '(,)'), source FROM bods.interest;
ANALYZE :"relations".party, :"relations".interest;
COMMIT;

SELECT (SELECT count(*) FROM bods.statement) AS statements,
	(SELECT count(*) FROM bods.party) AS parties,
	(SELECT count(*) FROM bods.interest) AS interests,
	(SELECT count(*) FROM bods.interest_read WHERE left_out IS NOT NULL) AS left_out;
