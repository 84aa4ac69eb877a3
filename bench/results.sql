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

CREATE TEMP VIEW line AS
WITH summary AS (
	-- one run that went over leaves a row without time: no median of those before it
	SELECT parties, question, contender, count(ms) AS n,
		CASE WHEN count(*) = count(ms) THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) END AS ms, md5(string_agg(answer, ',' ORDER BY run, answer)) AS answers,
		min(answer) AS answer
	FROM run GROUP BY parties, question, contender)
SELECT s.parties, s.question, s.contender, s.n, s.ms, s.ms / o.ms AS ratio,
	CASE WHEN s.contender = 'outbound' OR s.answers IS NULL OR o.answers IS NULL OR s.contender LIKE '%alone' THEN ''
		 WHEN s.answers = o.answers THEN 'equal' ELSE 'differs: ' || coalesce(s.answer, '?') || ', ' || coalesce(o.answer, '?') END AS same,
	m.peak_kb - m.shared_kb AS peak_kb
FROM summary s LEFT JOIN summary o ON (o.parties, o.question, o.contender) = (s.parties, s.question, 'outbound')
LEFT JOIN memory m ON (m.parties, m.question, m.contender) = (s.parties, s.question, s.contender);

SELECT format('| %s | %s | %s | %s | %s | %s | %s |', parties, question, contender,
	CASE WHEN ms IS NULL THEN 'over' WHEN ms < 100 THEN round(ms::numeric, 3)::text ELSE round(ms::numeric)::text END || CASE WHEN ms IS NULL THEN '' ELSE ' ms' END,
	CASE WHEN ratio IS NULL THEN '' ELSE round(ratio::numeric, 2)::text END,
	coalesce(round(peak_kb / 1024.0)::text || ' MB', ''), same)
FROM line ORDER BY parties, question, contender <> 'outbound', contender
\g :out_lines
