-- The loader of ownership registers (demo/bods.sql): what the statements of the standard become.
\set ON_ERROR_STOP on
\set QUIET on
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
BEGIN;
SELECT plan(33);
\ir ../../demo/bods.sql

-- dates
SELECT is(bods.day('2021-03-04', false), '2021-03-04', 'a day is a day');
SELECT is(bods.day('2021-03-04T10:00:00Z', true), '2021-03-04', 'a time is its day');
SELECT is(bods.day('2024-02', true), '2024-02-29', 'a month ends on its last day');
SELECT is(bods.day('2024', false), '2024-01-01', 'a year starts on its first day');
SELECT is(bods.day('2023-02-30', false), NULL, 'a day that does not exist is unknown');
SELECT is(bods.day('', true), NULL, 'an empty date is unknown');

-- shares
SELECT is(bods.share('{"exact": 100}', false)::text, '100%', 'an exact share');
SELECT is(bods.share('{"exact": 33.3}', false)::text, '33.3%', 'a decimal share is exact');
SELECT is(bods.share('{"minimum": 25.0, "maximum": 50.0}', true)::text, '(25%,50%]', 'the register''s band over 25 up to 50');
SELECT is(bods.share('{"minimum": 50.0, "maximum": 75.0}', true)::text, '(50%,75%)', 'the register''s band over 50 and under 75');
SELECT is(bods.share('{"minimum": 75, "maximum": 100}', true)::text, '>=75%', 'the register''s band of 75 or more');
SELECT is(bods.share('{"minimum": 25, "maximum": 50}', false)::text, '[25%,50%]', 'the same numbers elsewhere have closed ends');
SELECT is(bods.share('{"minimum": 25, "exclusiveMaximum": 50}', false)::text, '[25%,50%)', 'an exclusive maximum is an open end');
SELECT is(bods.share('{"exclusiveMinimum": 25, "exclusiveMaximum": 75}', false)::text, '(25%,75%)', 'so is an exclusive minimum');
SELECT is(bods.share('{"minimum": 10}', false)::text, '>=10%', 'no maximum is everything');
SELECT is(bods.share('{"minimum": "", "maximum": ""}', true)::text, NULL, 'empty bounds are unknown');
SELECT is(bods.share('{"minimum": 60, "maximum": 40}', false)::text, NULL, 'bounds the wrong way round are unknown');
SELECT is(bods.share(NULL, true)::text, NULL, 'no share is unknown');

-- the real registers and the examples of the standard
\copy bods.line FROM program 'cat demo/data/bods-real/*/*.jsonl' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
\copy bods.line FROM program 'for f in demo/data/bods-standard/*/*.json; do tr -d "\r\n" < "$f"; echo; done' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
SELECT bods.take_lines() \g /dev/null
SELECT cmp_ok((SELECT count(*) FROM bods.statement), '>', 500::bigint, 'the statements are read');
SELECT is(bods.take_lines(), 0::bigint, 'reading them again adds nothing');

SELECT is((SELECT count(*) FROM bods.interest_read WHERE type = 'shareholding' AND kind <> 'equity'), 0::bigint, 'a shareholding is equity and nothing else');
SELECT is((SELECT count(*) FROM bods.interest_read WHERE type = 'votingRights' AND kind <> 'voting'), 0::bigint, 'voting rights are votes');
SELECT is((SELECT array_agg(DISTINCT share::text) FROM bods.interest_read WHERE type = 'appointmentOfBoard'), '{>50%}',
	'the right to appoint the majority of the board is more than half of its votes');
SELECT is((SELECT count(*) FROM bods.interest WHERE source LIKE 'GLEIF%' AND kind IN ('direction', 'voting', 'equity', 'investment_adviser')), 0::bigint,
	'an accounting consolidation is not control');
SELECT is((SELECT array_agg(DISTINCT kind ORDER BY kind) FROM bods.interest WHERE source LIKE 'GLEIF%'),
	'{IS_DIRECTLY_CONSOLIDATED_BY,IS_FUND-MANAGED_BY,IS_ULTIMATELY_CONSOLIDATED_BY,branch_of}', 'it keeps its own word');
SELECT results_eq($$SELECT DISTINCT h.organized_under FROM bods.interest i JOIN bods.party h ON h.party_id = i.held_id WHERE i.kind = 'branch_of'$$,
	$$VALUES ('IR')$$, 'a branch is the holder of its head office');
SELECT is((SELECT share::text FROM bods.interest WHERE held_id = 'GB-COH-04152338' AND kind = 'voting'), '>=75%',
	'a reference to a statement finds its record');
SELECT is((SELECT valid FROM bods.interest WHERE source = 'Companies House GB-COH-REL-02393309-PEf_HCPQ_3X81xhg4Z0WT8tGyAo' AND kind = 'equity'),
	'[2019-03-29,2024-09-13)', 'an interest that has ended ends');
SELECT is((SELECT count(*) FROM bods.interest_read WHERE left_out LIKE 'indirect:%'), 5::bigint, 'indirect holdings are not added to their links');
SELECT is((SELECT kind FROM bods.party WHERE name = 'Suomen tasavalta'), 'government', 'a state is a government');
SELECT is((SELECT organized_under FROM bods.party WHERE name = 'HELENA WIND, LLC'), 'US-DE', 'a jurisdiction may be a subdivision');

-- a person, and the later of two statements about a record
INSERT INTO bods.line SELECT jsonb_build_object('statementId', 's' || n, 'recordId', 'p1', 'recordType', 'person', 'statementDate', day,
	'recordDetails', jsonb_build_object('names', '[]'::jsonb, 'nationalities', nationalities))::text
FROM (VALUES (1, '2024-01-01', '[{"code": "US"}]'::jsonb), (2, '2025-01-01', '[{"code": "CN"}, {"code": "SG"}]')) AS said (n, day, nationalities);
SELECT bods.take_lines() \g /dev/null
SELECT is((SELECT citizenship FROM bods.party WHERE party_id = 'p1'), '{CN,SG}', 'the latest statement of a record counts');
SELECT is((SELECT name FROM bods.party WHERE party_id = 'p1'), NULL, 'a name that nobody states is unknown');
SELECT * FROM finish();
ROLLBACK;
