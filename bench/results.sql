-- Writes what bench/ownership.sh has measured as Markdown: medians, ratios to outbound, peak memory of the backend
\set ON_ERROR_STOP on
\pset tuples_only on
\pset format unaligned
\pset fieldsep ''
SET search_path = measured, pg_catalog;

SELECT format('| %s | %s | %s | %s %% | %s %% | %s |', parties, stakes, round(stakes::numeric / parties, 2), round(100 * persons::numeric), round(100 * whole::numeric), core)
FROM (SELECT 0 AS o, NULL::bigint AS parties, NULL::bigint AS stakes, NULL::float8 AS persons, NULL::float8 AS whole, NULL::bigint AS core WHERE false
	  UNION ALL SELECT 1, parties, stakes, persons, whole, core FROM graph) g ORDER BY parties
\g :out_graph

-- one run without a time: no median of a question that is asked once; of many parties it is one that took for ever
CREATE TEMP TABLE summary AS
SELECT parties, question, contender, bool_or(asked IS NOT NULL) AS one_party, count(DISTINCT asked) FILTER (WHERE ms IS NOT NULL) AS n,
	nullif(CASE WHEN count(*) = count(ms) THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)
		WHEN count(DISTINCT asked) > 1 THEN percentile_disc(0.5) WITHIN GROUP (ORDER BY coalesce(ms, 'Infinity')) END, 'Infinity') AS ms,
	CASE WHEN count(*) = count(ms) THEN max(ms) END AS worst, max(CASE WHEN error LIKE '%statement timeout%' THEN 'over' ELSE error END) AS error
FROM run GROUP BY parties, question, contender;

CREATE TEMP VIEW line AS
SELECT s.*, s.ms / o.ms AS ratio, m.peak_kb - m.shared_kb AS peak_kb,
	concat_ws(' ', CASE WHEN s.contender <> 'outbound' AND s.contender NOT LIKE '%alone' THEN a.same END,
		CASE WHEN s.n BETWEEN 1 AND s.asked - 1 THEN format('(%s parties asked)', s.n) END) AS same
FROM (SELECT *, max(n) OVER (PARTITION BY parties, question) AS asked FROM summary) s LEFT JOIN summary o ON (o.parties, o.question, o.contender) = (s.parties, s.question, 'outbound')
LEFT JOIN memory m ON (m.parties, m.question, m.contender) = (s.parties, s.question, s.contender)
-- answers to what both were asked
LEFT JOIN LATERAL (
	SELECT coalesce(min('differs: ' || t.answer || ', ' || u.answer) FILTER (WHERE t.answer <> u.answer), 'equal') AS same
	FROM run t JOIN run u ON (u.parties, u.question, u.contender) = (t.parties, t.question, 'outbound') AND u.asked IS NOT DISTINCT FROM t.asked
	WHERE (t.parties, t.question, t.contender) = (s.parties, s.question, s.contender) AND t.answer IS NOT NULL AND u.answer IS NOT NULL
	HAVING count(*) > 0) a ON true;

CREATE FUNCTION pg_temp.cell(ms float8, error text) RETURNS text LANGUAGE sql
RETURN CASE WHEN ms IS NULL THEN coalesce(error, '') WHEN ms < 100 THEN round(ms::numeric, 3) || ' ms' ELSE round(ms::numeric) || ' ms' END;

SELECT format('| %s | %s | %s | %s | %s | %s | %s | %s |', parties, question, contender, pg_temp.cell(ms, error), pg_temp.cell(worst, error),
	CASE WHEN ratio IS NULL THEN '' WHEN ratio < 0.1 THEN round(ratio::numeric, 1 - floor(log(ratio))::int)::text ELSE round(ratio::numeric, 2)::text END,
	coalesce(round(peak_kb / 1024.0)::text || ' MB', ''), same)
FROM line ORDER BY parties, question, contender <> 'outbound', contender
\g :out_lines

-- how the cost of the whole graph grows: microseconds a party, one column a size; the power of the number of parties, from 100 000 on
SELECT '| question |' || string_agg(format(' %s parties |', parties), '' ORDER BY parties) || E' power |\n|---|---|' || string_agg('---|', '')
FROM graph
UNION ALL
(SELECT format('| %s |', question) || string_agg(format(' %s |', CASE WHEN ms IS NULL THEN error ELSE round((1000 * ms / parties)::numeric, 3) || ' µs' END), '' ORDER BY parties)
	|| format(' %s |', round(regr_slope(ln(ms), ln(parties)) FILTER (WHERE parties >= 100000)::numeric, 2))
FROM (SELECT parties, question FROM graph, (SELECT DISTINCT question FROM summary WHERE contender = 'outbound' AND NOT one_party) q) g
LEFT JOIN (SELECT * FROM summary WHERE contender = 'outbound') s USING (parties, question)
GROUP BY question ORDER BY question)
\g :out_growth
