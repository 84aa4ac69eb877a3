-- the type condition: what it takes, how it prints, what it refuses
SET search_path = outbound, pg_catalog, pg_temp;

-- canonical text; printing it and reading it again changes nothing, not a byte
CREATE TEMP TABLE corpus (n serial, written text);
INSERT INTO corpus (written) VALUES
	('verbs && {develops, produces} and object = ''ai_system'' and training_operations > 1e25'),
	('volume_fabrication'), ('NOT x'), ('x = TRUE'), ('x <> false'), ('true'), ('False'),
	-- precedence: or, and, not, comparison, sum, product, sign
	('a or b and c'), ('(a or b) and c'), ('a or (b and c)'), ('a and (b and (c and d))'), ('((a or b) or (c or d))'),
	('not a and b'), ('not (a and b)'), ('not not a'), ('not x = 1'), ('not (x = 1)'), ('(not a) or b'),
	('a + b * c > d'), ('(a + b) * c > d'), ('a - b - c > 0'), ('a - (b - c) > 0'), ('a - (b + c) > 0'), ('a / b / c > 0'),
	('a / (b * c) > 0'), ('-a * b > 0'), ('-(a * b) > 0'), ('-(-a) > 0'), ('- - 5 = n'), ('a - -5 > 0'), ('a--5>0'),
	-- sets and texts
	('f && {a}'), ('f @> {a, ''b c'', a}'), ('f = {}'), ('f <> {}'), ('f={a,b}'), ('f <> {a}'), ('f && {}'),
	('f && {''and'', ''or_else'', ''1st'', ''''}'), ('t = ''it''''s'''), ('t != ''v'''), ('''v'' = t'), ('t in (''b'',''a'')'), ('investor = target'),
	('"and" = ''x'''), ('"Two ""words""" && {x}'), ('"plain" = 1'), ('Mixed = 1'),
	-- numbers
	('n > 10000000000000000000000000'), ('n > 1.50E+30'), ('n > 50000'), ('n > 007.50'), ('n > .5'), ('n > 5.'), ('n > 0e9'),
	('n > 1e-30'), ('n > 0.000000000000000000001'), ('n = 123456789012345678901'), ('n >= -4.5'), ('1/3 < n'),
	-- days
	('d < date ''2025-01-02'''), ('d - DATE''2024-02-29'' >= 30'), ('d + 30 <= date ''9999-12-31'''), ('date = 1 and "date" > 2'),
	-- space
	(E'\n a\tand\r\nb ');
SELECT written::condition, count(*) OVER (PARTITION BY written::condition) AS equal FROM corpus ORDER BY n;
SELECT written FROM corpus
WHERE written::condition::text::condition <> written::condition
   OR written::condition::text::condition::text <> written::condition::text
   OR condition_send(written::condition::text::condition) <> condition_send(written::condition);

-- what it refuses
CREATE FUNCTION pg_temp.refusal(written text) RETURNS TABLE (state text, message text, detail text)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM written::outbound.condition;
	RETURN QUERY SELECT 'taken', '', '';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN NEXT;
END $$;
SELECT written, state, message, detail
FROM (VALUES (1, ''), (2, '  '), (3, 'a and'), (4, 'a b'), (5, 'and'), (6, 'a = b = c'), (7, 'a < b < c'), (8, '(a'), (9, 'a)'),
			 (10, 'a is null'), (11, 'a == b'), (12, 'a || b'), (13, 'a ? b'), (14, 'a; b'), (15, 'f(a)'), (16, 'größe $ 1'),
			 (17, 'x = ''unterminated'), (18, 'x = "unterminated'), (19, '"" = 1'), (20, 'f && {a b}'), (21, 'f && {a,}'), (22, 'f && a'),
			 (23, 'f && {1}'), (24, 'f && {and}'), (25, 'f < {a}'), (26, '{a} && f'), (27, 'a + b && {c}'), (28, '''x'' @> {c}'), (29, 't in ()'),
			 (30, 't in (a)'), (31, '1'), (32, 'a + b'), (33, '''x'''), (34, 'a and 1'), (35, 'not date ''2025-01-02'''), (36, '(a and b) > 1'),
			 (37, 'a + true > 1'), (38, 'a * ''x'' > 1'), (39, '-(a or b) > 1'), (40, 'n > 1e'), (41, 'n > 1.2.3'), (42, 'n > 1e5000'),
			 (43, 'd > date ''2023-02-29'''), (44, 'd > date ''02.01.2025'''), (45, 'd > date 2025'), (46, 'a -- comment'), (47, 'a /* b */')
	 ) AS v(n, written), pg_temp.refusal(written)
ORDER BY n;

-- limits
SELECT what, state, message
FROM (VALUES (1, 'depth of parentheses', repeat('(', 200) || 'a' || repeat(')', 200)), (2, 'one more', repeat('(', 201) || 'a' || repeat(')', 201)),
			 (3, 'depth of operators', repeat('not ', 199) || 'a'), (4, 'one more', repeat('not ', 200) || 'a'),
			 (5, 'many more', repeat('not ', 16000) || 'a'), (6, 'signs', 'n > ' || repeat('-', 5000) || 'n'),
			 (7, 'sums', 'n > 1' || repeat(' + 1', 300)), (8, 'nodes', 'a' || repeat(' or a', 4094)), (9, 'one more', 'a' || repeat(' or a', 4095)),
			 (10, 'elements', 'f && {a' || repeat(',a', 4100) || '}'),
			 (11, 'length', repeat('a', 65536)), (12, 'one more', repeat('a', 65537)), (13, 'open parentheses', repeat('(', 60000)),
			 (14, 'length once printed', 'f && {' || repeat('elements_in_set,', 4090) || 'a}'),
			 (15, 'digits', 'n > ' || repeat('1', 4096)), (16, 'one more', 'n > ' || repeat('1', 4097))
	 ) AS v(n, what, written), pg_temp.refusal(written)
ORDER BY n;

-- soft errors, where the server has them
DO $$
BEGIN
	IF current_setting('server_version_num')::int >= 160000 THEN
		EXECUTE $q$
			DO $i$ BEGIN
				ASSERT NOT pg_input_is_valid('a and', 'outbound.condition');
				ASSERT NOT pg_input_is_valid(repeat('(', 300), 'outbound.condition');
				ASSERT pg_input_is_valid('a and b', 'outbound.condition');
			END $i$ $q$;
	END IF;
END $$;

-- binary: a version byte and the text
SELECT condition_send('a  AND b');
CREATE TEMP TABLE kept (c condition);
INSERT INTO kept SELECT written::condition FROM corpus;
INSERT INTO kept SELECT ('f && {' || string_agg('element_' || i, ', ') || '}')::condition FROM generate_series(1, 3000) AS i;
SELECT count(*), count(DISTINCT c), max(length(c::text)), bool_and(c::text::condition = c) FROM kept;

-- ... and back, as strict as text
\getenv build PG_ABS_BUILDDIR
\set file :build '/results/condition.bin'
COPY (SELECT c FROM kept ORDER BY c) TO :'file' (FORMAT binary);
CREATE TEMP TABLE returned (c condition);
COPY returned FROM :'file' (FORMAT binary);
SELECT count(*), bool_and(k.c IS NOT NULL) AS equal
FROM (SELECT c, row_number() OVER (ORDER BY c) AS n FROM returned) AS r
LEFT JOIN (SELECT c, row_number() OVER (ORDER BY c) AS n FROM kept) AS k ON k.c = r.c AND k.n = r.n;
CREATE FUNCTION pg_temp.received(file text, value bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	signature bytea := '\x5047434f50590aff0d0a000000000000000000';
	large oid := lo_from_bytea(0, signature || int2send(1::int2) || int4send(length(value)) || value || int2send((-1)::int2));
BEGIN
	PERFORM lo_export(large, file), lo_unlink(large);
	EXECUTE format('COPY returned FROM %L (FORMAT binary)', file);
	RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT value, pg_temp.received(:'file', value)
FROM (VALUES ('\x01'::bytea || 'a and b'), (''), ('\x01'), ('\x00'::bytea || 'a'), ('\x02'::bytea || 'a'), ('\xff'),
			 ('\x01'::bytea || 'a and'), ('\x016100'), ('\x01c3'),
			 ('\x01'::bytea || '1')) AS v(value);
SELECT pg_temp.received(:'file', '\x01'::bytea || convert_to(repeat('(', 300), 'UTF8')),
	   pg_temp.received(:'file', '\x01'::bytea || convert_to(repeat('a', 65537), 'UTF8'));

-- equality: of what is written the same, once canonical
SELECT condition 'a AND (b and c)' = 'a and b and c' AS same, condition 'a and b' = 'b and a' AS other_order,
	   condition 'a' <> 'b' AS differs, condition 'n > 1e3' = 'n > 1000.0' AS numbers;
SELECT count(*) FROM kept a JOIN kept b ON a.c = b.c AND condition_hash(a.c) <> condition_hash(b.c);
SELECT bool_and((condition_hash_extended(c, 0) & 4294967295) = (condition_hash(c)::bigint & 4294967295)) AS seed_zero_agrees FROM kept;
SELECT bool_and(condition_cmp(a.c, b.c) = - condition_cmp(b.c, a.c) AND (a.c = b.c) = (condition_cmp(a.c, b.c) = 0)
	   AND (a.c < b.c) = (b.c > a.c) AND (a.c <= b.c) = NOT (a.c > b.c) AND (a.c >= b.c) = NOT (a.c < b.c)
	   AND (a.c <> b.c) = NOT (a.c = b.c)) AS total_order FROM kept a, kept b;
CREATE INDEX ON kept (c) WHERE length(c::text) < 100;
SELECT c, count(*) FROM kept GROUP BY c HAVING count(*) > 1 ORDER BY c::text COLLATE "C";

-- from harmless to severe
SELECT max(o), min(o) FROM unnest(enum_range(NULL::outcome)) AS o;
SELECT enum_range(NULL::outcome);

-- no operator of ours takes jsonb
SELECT count(*) FROM pg_operator o JOIN pg_depend d ON d.classid = 'pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e'
WHERE 'jsonb'::regtype IN (o.oprleft, o.oprright);
