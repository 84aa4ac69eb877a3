-- covered_activity(row) beside a CASE expression and a PL/pgSQL function that compute the same class
-- of the same rows in the same run.  About 5 % of the values are NULL, so that all three must be
-- three-valued; verbs and object are always known.  Needs extension outbound; makes schema outbound_bench and drops it.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
DROP SCHEMA IF EXISTS outbound_bench CASCADE;
CREATE SCHEMA outbound_bench;
SET search_path = outbound_bench, outbound;

CREATE TABLE activity (
	id bigint, verbs text[], object text, ic_kind text, transistor text, node_nm numeric, fdsoi boolean,
	nand_layers int, dram_half_pitch_nm numeric, gallium_compound boolean, graphene_or_nanotube boolean,
	operating_temperature_k numeric, total_processing_performance numeric, performance_density numeric,
	advanced_packaging boolean, volume_fabrication boolean, euv_exclusive boolean, advanced_ics boolean,
	fp64_petaflops numeric, fp32_petaflops numeric, envelope_cubic_feet numeric, training_operations numeric,
	primarily_biological_data boolean, designed_for text[], designed_exclusively_for text[], intended_for text[],
	uses_third_party_model boolean, modifies_third_party_model boolean, internal_noncommercial_use boolean
);

SELECT setseed(0.850) \gset

-- a random element, NULL in one of twenty cases
CREATE FUNCTION pick(anyarray) RETURNS anyelement LANGUAGE sql VOLATILE
AS 'SELECT CASE WHEN random() > 0.05 THEN $1[1 + floor(random() * cardinality($1))::int] END';
CREATE FUNCTION coin(p float8) RETURNS boolean LANGUAGE sql VOLATILE
RETURN CASE WHEN random() > 0.05 THEN random() < p END;
CREATE FUNCTION uses() RETURNS text[] LANGUAGE sql VOLATILE
RETURN CASE WHEN random() > 0.05 THEN
	CASE floor(random() * 8)::int WHEN 0 THEN '{military}'::text[] WHEN 1 THEN '{cybersecurity,other}' WHEN 2 THEN '{robotic_control}'
	WHEN 3 THEN '{secure_communications}' WHEN 4 THEN '{other}' ELSE '{}' END END;

INSERT INTO activity
SELECT i,
	ARRAY[(ARRAY['develops', 'produces', 'designs', 'fabricates', 'packages', 'installs', 'sells'])[1 + floor(random() * 7)::int],
		  (ARRAY['develops', 'fabricates', 'sells'])[1 + floor(random() * 3)::int]],
	(ARRAY['integrated_circuit', 'integrated_circuit', 'integrated_circuit', 'integrated_circuit', 'ai_system', 'ai_system', 'ai_system',
		   'eda_software', 'fabrication_equipment', 'advanced_packaging_equipment', 'euv_item', 'supercomputer', 'quantum_computer',
		   'quantum_component', 'quantum_sensing_platform', 'quantum_network', 'hypersonic_system', 'other', 'other'])[1 + floor(random() * 19)::int],
	pick('{logic,nand,dram,other}'::text[]), pick('{planar,non_planar}'::text[]), pick('{5,7,14,16,28,65,130}'::numeric[]), coin(0.05),
	pick('{64,96,127,128,232}'::int[]), pick('{16,17.5,18,18.1,25}'::numeric[]), coin(0.05), coin(0.02),
	pick('{0.1,4.5,4.6,77,300}'::numeric[]), pick('{100,1599,1600,4799,4800,9000}'::numeric[]), pick('{1,5.91,5.92,12.5}'::numeric[]),
	coin(0.3), coin(0.5), coin(0.3), coin(0.5), pick('{1,99,100,150}'::numeric[]), pick('{10,199,200}'::numeric[]),
	pick('{1000,41600,41601,90000}'::numeric[]), pick('{1e20,1e23,1.0001e23,1e24,5e24,1e25,1.0001e25}'::numeric[]), coin(0.1),
	uses(), uses(), uses(), coin(0.3), coin(0.5), coin(0.3)
FROM generate_series(1, :rows) i;
VACUUM ANALYZE activity;

-- the law by hand, each branch once, three-valued as SQL is: is it prohibited, is it notifiable?
\set own 'NOT uses_third_party_model OR modifies_third_party_model AND (NOT internal_noncommercial_use OR intended_for && ''{military,government_intelligence,mass_surveillance,digital_forensics,penetration_testing,robotic_control}'')'
\set prohibited 'CASE object WHEN ''integrated_circuit'' THEN verbs && ''{designs}'' AND (total_processing_performance >= 4800 OR total_processing_performance >= 1600 AND performance_density >= 5.92 OR operating_temperature_k <= 4.5) OR verbs && ''{fabricates}'' AND (ic_kind = ''logic'' AND (transistor = ''non_planar'' OR node_nm <= 16 OR fdsoi) OR ic_kind = ''nand'' AND nand_layers >= 128 OR ic_kind = ''dram'' AND dram_half_pitch_nm <= 18 OR gallium_compound OR graphene_or_nanotube OR operating_temperature_k <= 4.5) OR verbs && ''{packages}'' AND advanced_packaging WHEN ''ai_system'' THEN verbs && ''{develops}'' AND (designed_exclusively_for && ''{military,government_intelligence,mass_surveillance}'' OR intended_for && ''{military,government_intelligence,mass_surveillance}'' OR training_operations > 1e25 OR training_operations > 1e24 AND primarily_biological_data) AND (' :own ') WHEN ''eda_software'' THEN verbs && ''{develops,produces}'' WHEN ''fabrication_equipment'' THEN verbs && ''{develops,produces}'' AND volume_fabrication WHEN ''advanced_packaging_equipment'' THEN verbs && ''{develops,produces}'' AND volume_fabrication WHEN ''euv_item'' THEN verbs && ''{develops,produces}'' AND euv_exclusive WHEN ''supercomputer'' THEN verbs && ''{develops,installs,sells,produces}'' AND advanced_ics AND (fp64_petaflops >= 100 AND (envelope_cubic_feet <= 41600 OR fp64_petaflops * 41600 >= 100 * envelope_cubic_feet) OR fp32_petaflops >= 200 AND (envelope_cubic_feet <= 41600 OR fp32_petaflops * 41600 >= 200 * envelope_cubic_feet)) WHEN ''quantum_computer'' THEN verbs && ''{develops}'' WHEN ''quantum_component'' THEN verbs && ''{produces}'' WHEN ''quantum_sensing_platform'' THEN verbs && ''{develops,produces}'' AND (designed_for && ''{military,government_intelligence,mass_surveillance}'' OR intended_for && ''{military,government_intelligence,mass_surveillance}'') WHEN ''quantum_network'' THEN verbs && ''{develops,produces}'' AND (designed_for && ''{quantum_scaling,secure_communications,military,government_intelligence,mass_surveillance}'' OR intended_for && ''{quantum_scaling,secure_communications,military,government_intelligence,mass_surveillance}'') ELSE false END'
\set notifiable 'CASE object WHEN ''integrated_circuit'' THEN verbs && ''{designs,fabricates,packages}'' WHEN ''ai_system'' THEN verbs && ''{develops}'' AND (designed_for && ''{military,government_intelligence,mass_surveillance}'' OR intended_for && ''{cybersecurity,digital_forensics,penetration_testing,robotic_control}'' OR training_operations > 1e23) AND (' :own ') ELSE false END'
\set class 'CASE WHEN p THEN ''prohibited''::outbound.outcome WHEN p IS NULL THEN ''undetermined'' WHEN n THEN ''notifiable'' WHEN n IS NULL THEN ''undetermined'' ELSE ''not_covered'' END'

CREATE VIEW by_case AS
SELECT id, :class AS class FROM (SELECT id, :prohibited AS p, :notifiable AS n FROM activity OFFSET 0) a;

SELECT format('CREATE FUNCTION by_plpgsql(a activity) RETURNS outbound.outcome LANGUAGE plpgsql STABLE AS $f$ DECLARE p boolean; n boolean; BEGIN p := %s; IF p THEN RETURN %L; ELSIF p IS NULL THEN RETURN %L; END IF; n := %s; IF n THEN RETURN %L; ELSIF n IS NULL THEN RETURN %L; END IF; RETURN %L; END $f$',
	regexp_replace(:'prohibited', q.columns, 'a.\1', 'g'), 'prohibited', 'undetermined',
	regexp_replace(:'notifiable', q.columns, 'a.\1', 'g'), 'notifiable', 'undetermined', 'not_covered')
FROM (SELECT '\m(' || string_agg(attname, '|') || ')\M(?!'')' AS columns FROM pg_attribute
	  WHERE attrelid = 'activity'::regclass AND attnum > 0) q \gexec

SELECT CASE WHEN count(*) = 0 THEN 'equal results: yes, ' || (SELECT count(*) FROM activity) || ' rows'
	ELSE 'equal results: NO, ' || count(*) || ' rows differ' END AS result
FROM activity a JOIN by_case c USING (id)
WHERE covered_activity(a) IS DISTINCT FROM c.class OR by_plpgsql(a) IS DISTINCT FROM c.class \gset
\echo :result

CREATE TABLE measured (contender text, run int, ms float8);
DO $$
DECLARE
	contender record;
	start timestamptz;
	rows bigint;
BEGIN
	FOR run IN 0..3 LOOP
		FOR contender IN SELECT * FROM (VALUES ('scan alone', 'SELECT count(object) FROM activity a'),
				('CASE', 'SELECT count(class) FROM by_case'),
				('covered_activity', 'SELECT count(covered_activity(a)) FROM activity a'),
				('PL/pgSQL', 'SELECT count(by_plpgsql(a)) FROM activity a')) c (name, query) LOOP
			start := clock_timestamp();
			EXECUTE contender.query INTO rows;
			IF run > 0 THEN
				INSERT INTO measured VALUES (contender.name, run, 1000 * extract(epoch FROM clock_timestamp() - start));
			END IF;
		END LOOP;
	END LOOP;
END $$;

\pset format unaligned
\pset fieldsep '  '
\pset footer off
WITH m AS (SELECT contender, percentile_disc(0.5) WITHIN GROUP (ORDER BY ms) AS ms FROM measured GROUP BY contender)
SELECT rpad(m.contender, 18) AS contender, lpad(round(m.ms)::text, 8) AS "median ms",
	lpad(round(m.ms * 1e6 / :rows)::text, 8) AS "ns a row",
	lpad(round((m.ms / c.ms)::numeric, 2)::text, 8) AS "to CASE", lpad(round((m.ms / p.ms)::numeric, 2)::text, 8) AS "to PL/pgSQL"
FROM m, m c, m p WHERE c.contender = 'CASE' AND p.contender = 'PL/pgSQL' ORDER BY m.ms;

DROP SCHEMA outbound_bench CASCADE;
