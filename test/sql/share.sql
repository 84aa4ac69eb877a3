-- Type share: text, order, sums, thresholds, binary form.
SET search_path = outbound, public;

-- the SQLSTATE and message of a refused statement
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, message, nullif(detail, ''), nullif(hint, ''));
END
$$;

-- every form, its canonical text, and that text read again
SELECT input, input::share AS share, input::share::text::share = input::share AS reads_back
FROM unnest(ARRAY['51%', '0.51', '1/3', '1234567/9876543', '0', '0%', '100%', '1.0', '1/1', '3/2', '0.005', '33.5%',
	'.5', ' 12.50 % ', '0.5/1.5', '2/6', 'unknown', 'UNKNOWN', 'infinity', 'Infinity', '(25%,50%]', '(0.25, 1/2]',
	'[25%,50%)', '[1/3,2/3]', '(0,50%)', '[5%,5%]', '>50%', '(50%,100%]', '>=75%', '[75%,100%]', '<25%', '[0,25%)',
	'<=25%', '>0', '>=0', '<=0', '>=100%', '<=150%', '[50%,150%]', '[50%,infinity)', '1/18446744073709551616',
	'100000000000000000000000000000/3', '0.00000000000000000000000000001%']) WITH ORDINALITY AS i (input, n)
ORDER BY n;

-- what is no share says why and where
\pset format unaligned
SELECT input, pg_temp.refusal(format('SELECT %L::outbound.share', input))
FROM unnest(ARRAY['51', '1', ' 1 ', '(25%,50]', '>50', '-5%', '-1', '[-1/3,5%]', '(5%,5%]', '[6%,5%]', '>100%', '<0',
	'[infinity,5%]', '1/0', '', '  ', 'x', '51%x', '51%%', '5.%', '1/3%', '1/', '1e-3', '0.1e-3', '+5%', '(25%,50%',
	'(25%;50%]', '(25%]', 'unknownx', '-infinity', 'NaN', '0x10', '51,5%', repeat('x', 200)])
	WITH ORDINALITY AS i (input, n)
ORDER BY n;

-- digits: 4096 are a share, more are not, and what comes out goes in again
SELECT length((repeat('3', 4096) || '%')::share::text), length(('0.' || repeat('3', 4096))::share::text),
	length(('1/' || repeat('7', 4096))::share::text);
SELECT pg_temp.refusal(format('SELECT %L::outbound.share', input))
FROM (VALUES (repeat('3', 4097) || '%'), ('0.' || repeat('3', 4097)), ('1/' || repeat('7', 4097)),
	('[0,0.' || repeat('1', 100000) || ']')) AS i (input);
SELECT bool_and(x::text::share = x AND x::text::share::text = x::text)
FROM (SELECT ('0.' || repeat(d, n))::share AS x FROM generate_series(4090, 4096) n, unnest(ARRAY['1', '9', '25', '3']) d
	  WHERE n * length(d) <= 4096
	  UNION ALL
	  SELECT (repeat(d, n) || '/' || repeat('7', n - 1) || '1')::share FROM generate_series(4090, 4096) n, unnest(ARRAY['1', '9']) d) t;
SELECT pg_temp.refusal(format('SELECT %L::outbound.share + %L', '1/' || repeat('7', 4000), '1/' || repeat('3', 4000) || '1'));
\pset format aligned

-- thirds are thirds, decimals are decimals
SELECT '1/3'::share + '1/3' + '1/3' AS thirds, '1/3'::share + '1/3' + '1/3' = '100%' AS exactly,
	'0.1'::share + '0.2' = '30%' AS tenths;
SELECT sum(x::share) FROM unnest(ARRAY['1/3', '1/3', NULL, '20%']) x;
SELECT sum(x::share) FROM unnest(ARRAY['60%', '70%']) x;
SELECT sum(x::share) AS none FROM unnest(ARRAY[]::text[]) x;
SELECT sum(x::share) AS nulls FROM unnest(ARRAY[NULL, NULL]::text[]) x;
SELECT sum(share_of(1, n)) FROM generate_series(1, 60) n;
SELECT sum(share_of(1, 7)) = share_of(100000, 7) AS many FROM generate_series(1, 100000);
SELECT a, b, a::share + b::share AS sum
FROM (VALUES ('(25%,50%]', '10%'), ('(25%,50%]', '[25%,50%)'), ('unknown', 'unknown'), ('infinity', 'unknown'),
	('[10%,infinity)', '5%'), ('[10%,infinity)', 'infinity'), ('>50%', '1/3')) v (a, b);

-- from numbers and to numbers
SELECT share_percent(51), share_percent(33.5), share_percent(0), share_percent(0.000001), share_percent(250);
SELECT share_of(1, 3), share_of(0, 7), share_of(12.5, 50), share_of(7, 5), share_of(1234567890123456789012, 9876543210987654321098);
SELECT percent('1/3'), percent('2/3', 0), percent('1/3', 20), percent('12.5%', 0), percent('0.5%', 0), percent('150%', 1),
	percent('0'), percent('infinity'), percent('>50%') AS of_a_range, percent(lower('>50%'::share), 2), percent(NULL) AS of_null;
\pset format unaligned
SELECT pg_temp.refusal(s) FROM unnest(ARRAY['SELECT outbound.share_percent(-1)', 'SELECT outbound.share_percent(''NaN'')',
	'SELECT outbound.share_percent(''infinity'')', 'SELECT outbound.share_of(1, 0)', 'SELECT outbound.share_of(-1, 5)',
	'SELECT outbound.share_of(1, -5)', 'SELECT outbound.share_of(''NaN'', 5)', 'SELECT outbound.share_of(5, ''infinity'')',
	'SELECT outbound.share_percent(1e5000)', 'SELECT outbound.share_of(1e4000, 1e-4000)', 'SELECT outbound.percent(''1/3'', -1)', 'SELECT outbound.percent(''1/3'', 1001)',
	'SELECT 51::outbound.share', 'SELECT 0.51::float8::outbound.share', 'SELECT 0.51::outbound.share']) s;
\pset format aligned

-- ends and thresholds: true, false, or NULL for what cannot be determined
SELECT x, lower(x::share), lower_inc(x::share), upper(x::share), upper_inc(x::share)
FROM unnest(ARRAY['51%', '(25%,50%]', '>50%', 'unknown', '<1/3', 'infinity', '[1/3,infinity)']) x;
SELECT x AS share, exceeds(x::share, '50%'), at_least(x::share, '50%'), exceeds(x::share, '(25%,50%]') AS exceeds_band
FROM unnest(ARRAY['50%', '50.000000000000000000000000000001%', '49.999%', '>50%', '>=50%', '<50%', '<=50%', '(25%,50%]',
	'(25%,75%]', 'unknown', 'infinity', '<=25%', NULL]) x;

-- order: ranges of one lower end stand together, narrower first; total over everything
CREATE TEMPORARY TABLE holding (share share);
INSERT INTO holding SELECT x::share FROM unnest(ARRAY['0', '0.5%', '1/3', '0.3333333333333333333', '25%', '50%', '2/3', '100%', '150%',
	'infinity', '(25%,50%]', '[25%,50%]', '(25%,50%)', '[25%,50%)', '[25%,75%]', '>25%', '>50%', '>=50%', '<50%', '<=50%', '<1/3',
	'unknown', '[50%,infinity)', '[50%,infinity]', '(50%,infinity)', '1/18446744073709551617', '18446744073709551617/3',
	'100000000000000000000000000000/300000000000000000000000000001', '>1/18446744073709551617']) x;
SELECT share FROM holding ORDER BY share;
SELECT count(*) FILTER (WHERE share_cmp(a.share, b.share) <> -share_cmp(b.share, a.share)) AS asymmetric,
	count(*) FILTER (WHERE (share_cmp(a.share, b.share) = 0) <> (a.share::text = b.share::text)) AS unequal,
	count(*) FILTER (WHERE (a.share = b.share) <> (share_cmp(a.share, b.share) = 0)
		OR (a.share <> b.share) = (a.share = b.share) OR (a.share < b.share) <> (share_cmp(a.share, b.share) < 0)
		OR (a.share <= b.share) <> (share_cmp(a.share, b.share) <= 0) OR (a.share > b.share) <> (share_cmp(a.share, b.share) > 0)
		OR (a.share >= b.share) <> (share_cmp(a.share, b.share) >= 0)) AS contradictory,
	count(*) FILTER (WHERE a.share = b.share AND (share_hash(a.share) <> share_hash(b.share)
		OR share_hash_extended(a.share, 42) <> share_hash_extended(b.share, 42))) AS hashed_apart
FROM holding a, holding b;
SELECT count(*) AS intransitive
FROM holding a, holding b, holding c
WHERE a.share <= b.share AND b.share <= c.share AND NOT a.share <= c.share;
SELECT count(DISTINCT share_hash(share)) > 25 AS spread,
	bool_and(share_hash(share) = ('x' || right(to_hex(share_hash_extended(share, 0)), 8))::bit(32)::int) AS low_half
FROM holding;
SELECT min(share), max(share), min(share) FILTER (WHERE share IS NULL) AS none FROM holding;

-- equal shares are one value however they were written or computed
SELECT count(DISTINCT x) FROM (VALUES ('50%'::share), ('0.5'), ('1/2'), ('1/4'::share + '1/4'), ('[50%,50%]'), (share_of(7, 14)),
	(share_percent(50)), (lower('[50%,100%]'::share)), ('1/3'::share + '1/6')) v (x);
SET enable_sort = off;
SELECT share, count(*) FROM (VALUES ('50%'::share), ('1/2'), ('1/3'), ('2/6'), ('>50%'), ('(50%,100%]')) v (share) GROUP BY share
ORDER BY share::text;
RESET enable_sort;

-- indexes
CREATE TEMPORARY TABLE register AS
	SELECT n, CASE n % 5 WHEN 0 THEN share_of(n, 7919) WHEN 1 THEN share_of(n * 36893488147419103231, 1000000007 * 36893488147419103233)
		WHEN 2 THEN format('(%s%%,%s%%]', n % 50, 50 + n % 50)::share WHEN 3 THEN share_percent(n % 100) ELSE share_of(n % 97, 97) END AS share
	FROM generate_series(1, 5000) n;
CREATE INDEX register_btree ON register (share);
CREATE INDEX register_hash ON register USING hash (share);
ANALYZE register;
SET enable_seqscan = off;
SELECT count(*) FROM register WHERE share > '50%' AND share < '75%';
SELECT count(*) FROM register WHERE share = '1/97';
SET enable_seqscan = on;
SET enable_indexscan = off;
SET enable_bitmapscan = off;
SET enable_indexonlyscan = off;
SELECT count(*) FROM register WHERE share > '50%' AND share < '75%';
SELECT count(*) FROM register WHERE share = '1/97';
RESET enable_seqscan;
RESET enable_indexscan;
RESET enable_bitmapscan;
RESET enable_indexonlyscan;
SELECT count(*) AS out_of_order FROM (SELECT share, lag(share) OVER (ORDER BY share) AS before FROM register) t WHERE before > share;
SELECT (SELECT count(*) FROM register a JOIN register b USING (share)) =
	(SELECT sum(n * n) FROM (SELECT count(*) AS n FROM register GROUP BY share::text) t) AS joined;

-- parallel sums combine
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE TABLE share_sum AS SELECT share_of(n % 90, 97) AS share FROM generate_series(1, 20000) n;
ALTER TABLE share_sum SET (parallel_workers = 2);
SELECT sum(share) = (SELECT share_of(sum(n % 90), 97) FROM generate_series(1, 20000) n) AS combined FROM share_sum;
DROP TABLE share_sum;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- long shares are compressed and stored out of line
CREATE TEMPORARY TABLE long_share AS SELECT n, ('1/' || repeat(n::text, 4000) || '7')::share AS share FROM generate_series(1, 9) n;
SELECT n FROM long_share ORDER BY share;
SELECT bool_and(share::text::share = share), sum(share) IS NULL AS none FROM long_share WHERE n < 2;

-- binary form: version, flags, two reserved bytes, one end or two
SELECT share_send('1/3'), share_send('>50%');
SELECT share_send('1/18446744073709551617');

-- one value through COPY's binary format
CREATE TEMPORARY TABLE received (share share);
CREATE FUNCTION pg_temp.receive(message bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	file bytea := '\x5047434f50590aff0d0a00'::bytea || int4send(0) || int4send(0) || int2send(1::int2)
		|| int4send(length(message)) || message || int2send((-1)::int2);
	program text;
	answer text;
BEGIN
	SELECT string_agg('\' || (get_byte(file, i) / 64)::text || (get_byte(file, i) / 8 % 8)::text || (get_byte(file, i) % 8)::text, '' ORDER BY i)
	INTO program FROM generate_series(0, length(file) - 1) i;
	DELETE FROM received;
	EXECUTE format('COPY received FROM PROGRAM %L WITH (FORMAT binary)', format('printf ''%s''', program));
	SELECT share::text INTO answer FROM received;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS program = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(program, ''));
END
$$;
SELECT count(*), bool_and(pg_temp.receive(share_send(share)) = share::text) AS same FROM holding;
SELECT what, pg_temp.receive(message)
FROM (VALUES
	(1, 'a third', '\x010000000000000000000001'::bytea || int8send(3)),
	(2, 'version', '\x020000000000000000000001'::bytea || int8send(3)),
	(3, 'flag', '\x012000000000000000000001'::bytea || int8send(3)),
	(4, 'reserved', '\x010000010000000000000001'::bytea || int8send(3)),
	(5, 'open exact', '\x010200000000000000000001'::bytea || int8send(3)),
	(6, 'not lowest terms', '\x01000000'::bytea || int8send(2) || int8send(6)),
	(7, 'zero of two', '\x01000000'::bytea || int8send(0) || int8send(2)),
	(8, 'infinity', '\x01000000'::bytea || int8send(1) || int8send(0)),
	(9, 'two infinities', '\x01000000'::bytea || int8send(2) || int8send(0)),
	(10, 'upside down', '\x01010000'::bytea || int8send(1) || int8send(2) || int8send(1) || int8send(3)),
	(11, 'empty range', '\x01030000'::bytea || int8send(1) || int8send(2) || int8send(1) || int8send(2)),
	(12, 'short', '\x01000000'::bytea || int8send(1)),
	(13, 'long', '\x01000000'::bytea || int8send(1) || int8send(2) || '\x00'),
	(14, 'empty', ''::bytea),
	(15, 'needless limbs', '\x01080000'::bytea || int4send(1) || int4send(1) || int8send(1) || int8send(3)),
	(16, 'leading zero', '\x01080000'::bytea || int4send(1) || int4send(2) || int8send(1) || int8send(3) || int8send(0)),
	(17, 'no limbs', '\x01080000'::bytea || int4send(0) || int4send(2) || int8send(1) || int8send(3)),
	(18, 'too many limbs', '\x01080000'::bytea || int4send(1) || int4send(100000000)),
	(19, 'missing limbs', '\x01080000'::bytea || int4send(1) || int4send(16000)),
	(20, 'common factor', '\x01080000'::bytea || int4send(1) || int4send(2) || int8send(2) || int8send(4) || int8send(1)),
	(21, 'long share', '\x01080000'::bytea || int4send(1) || int4send(2) || int8send(1) || int8send(1) || int8send(1)),
	(22, 'long upper of an exact one', '\x01100000'::bytea || int8send(1) || int8send(3)),
	(23, 'over 4096 digits', '\x01080000'::bytea || int4send(1) || int4send(300) || int8send(1) || decode(repeat('00', 2392) || '0000000000000001', 'hex')
		|| ''::bytea),
	(24, 'largest numbers', '\x01000000'::bytea || int8send(-1) || int8send(-2))) v (n, what, message)
ORDER BY n;

-- bytes on disk that are no share are reported, not believed
CREATE CAST (bytea AS share) WITHOUT FUNCTION;
SELECT n, pg_temp.refusal(format('SELECT %L::bytea::outbound.share::text', stored))
FROM (VALUES
	(1, ''::bytea),
	(2, '\x02000000'::bytea || '\x0100000000000000'::bytea || '\x0300000000000000'),
	(3, '\x01400000'::bytea || '\x0100000000000000'::bytea || '\x0300000000000000'),
	(4, '\x01000001'::bytea || '\x0100000000000000'::bytea || '\x0300000000000000'),
	(5, '\x01000000'::bytea || '\x0500000000000000'::bytea || '\x0000000000000000'),
	(6, '\x01000000'::bytea || '\x0500000000000000'),
	(7, '\x01000000'::bytea || '\x0100000000000000'::bytea || '\x0300000000000000' || '\x00'),
	(8, '\x01080000'::bytea || decode(repeat('00', 24), 'hex')),
	(9, '\x01080000'::bytea || decode(repeat('ff', 24), 'hex'))) v (n, stored)
ORDER BY n;
DROP CAST (bytea AS share);

-- every function of NULL is NULL
SELECT share_cmp(NULL, '1%') IS NULL AND share_cmp('1%', NULL) IS NULL AND NULL::share + '1%' IS NULL AND '1%'::share + NULL IS NULL
	AND lower(NULL::share) IS NULL AND upper(NULL::share) IS NULL AND lower_inc(NULL::share) IS NULL AND exceeds(NULL, '1%') IS NULL
	AND exceeds('1%', NULL) IS NULL AND at_least(NULL, '1%') IS NULL AND percent('1%', NULL) IS NULL AND share_percent(NULL) IS NULL
	AND share_of(NULL, 1) IS NULL AND share_of(1, NULL) IS NULL AND share_hash(NULL) IS NULL AND (NULL::share = '1%') IS NULL AS strict;

-- text goes in and comes out by explicit cast and by assignment only
SELECT '51%'::text::share, '51%'::share::text, '51%'::varchar::share;
SELECT castsource::regtype, casttarget::regtype FROM pg_cast WHERE 'share'::regtype IN (castsource, casttarget);

-- core's own names still mean what they meant
SELECT lower('ABC'), upper('abc'), lower(int4range(1, 5)), sum(x), min(x), max(x), '1' || '2' FROM generate_series(1, 3) x;

-- everything is commented, and says what it promises
SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'outbound')
	AND ('share'::regtype = ANY (p.proargtypes) OR p.prorettype = 'share'::regtype) AND p.prosrc LIKE 'outbound_share%'
	AND (obj_description(p.oid, 'pg_proc') IS NULL OR p.provolatile <> 'i' OR p.proparallel <> 's' OR NOT p.proisstrict);
