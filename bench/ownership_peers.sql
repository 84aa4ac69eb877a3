-- What a user would run without the extension: the same questions over bench.stake, bench.party and bench.listing in
-- SQL and PL/pgSQL, each as well as it can be written. Where nothing is multiplied, shares are numeric and a tie is a tie.
-- Proportions are double precision with a tolerance of 1e-12 at the line and in the iteration, as one would do it: numeric
-- takes two to four times as long and does not end inside a ring. So the peers' verdicts are not exact, ours are.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET search_path = bench, pg_catalog;

CREATE OR REPLACE VIEW base_person AS
SELECT party_id FROM party
WHERE kind = 'individual' AND citizenship && '{CN,HK,MO}' AND NOT citizenship && '{US}'
   OR kind <> 'individual' AND 'CN' IN (organized_under, principal_place_of_business, headquarters);

-- OFAC 50: semi-naive. Only new members push their shares; sums are kept per held.
CREATE OR REPLACE FUNCTION peer_ofac() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint; total bigint;
BEGIN
	CREATE TEMP TABLE IF NOT EXISTS o_member (party text PRIMARY KEY);
	CREATE TEMP TABLE IF NOT EXISTS o_delta (party text);
	CREATE TEMP TABLE IF NOT EXISTS o_total (held text PRIMARY KEY, share numeric NOT NULL);
	TRUNCATE o_member, o_delta, o_total;
	INSERT INTO o_member SELECT DISTINCT party_id FROM listing WHERE list = 'SDN';
	INSERT INTO o_delta SELECT party FROM o_member;
	LOOP
		INSERT INTO o_total AS t
		SELECT s.held, sum(s.share) FROM o_delta d JOIN stake s ON s.holder = d.party GROUP BY s.held
		ON CONFLICT (held) DO UPDATE SET share = t.share + excluded.share;
		TRUNCATE o_delta;
		WITH grown AS (INSERT INTO o_member SELECT held FROM o_total WHERE share >= 0.5 ON CONFLICT DO NOTHING RETURNING party)
		INSERT INTO o_delta SELECT party FROM grown;
		GET DIAGNOSTICS n = ROW_COUNT;
		EXIT WHEN n = 0;
	END LOOP;
	SELECT count(*) INTO total FROM o_member;
	RETURN total;
END $$;

-- 31 CFR 850.221: a member counts whole, any other holder passes on the proportion that members hold of it.
-- Semi-naive over changes: only what hangs below a changed party is computed again.
CREATE OR REPLACE FUNCTION peer_221() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint; total bigint;
BEGIN
	CREATE TEMP TABLE IF NOT EXISTS c_factor (party text PRIMARY KEY, factor float8 NOT NULL);
	CREATE TEMP TABLE IF NOT EXISTS c_delta (party text);
	TRUNCATE c_factor, c_delta;
	INSERT INTO c_factor SELECT party_id, 1 FROM base_person;
	INSERT INTO c_delta SELECT party FROM c_factor;
	ANALYZE c_factor;
	LOOP
		WITH touched AS (SELECT DISTINCT s.held FROM c_delta d JOIN stake s ON s.holder = d.party),
		cleared AS (DELETE FROM c_delta),
		next AS (SELECT held AS party, CASE WHEN amount >= 0.5 - 1e-12 THEN 1 ELSE amount END AS factor
			FROM (SELECT s.held, sum(s.share::float8 * f.factor) AS amount
				  FROM touched t JOIN stake s USING (held) JOIN c_factor f ON f.party = s.holder GROUP BY s.held) a),
		grown AS (INSERT INTO c_factor AS o SELECT party, factor FROM next
			ON CONFLICT (party) DO UPDATE SET factor = excluded.factor WHERE o.factor < excluded.factor - 1e-12 RETURNING party)
		INSERT INTO c_delta SELECT party FROM grown;
		GET DIAGNOSTICS n = ROW_COUNT;
		EXIT WHEN n = 0;
	END LOOP;
	SELECT count(*) INTO total FROM c_factor WHERE factor = 1;
	RETURN total;
END $$;

-- One party: cone first by recursive CTE, then the same iteration inside it
CREATE OR REPLACE FUNCTION peer_221_one(asked text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n bigint; result boolean;
BEGIN
	CREATE TEMP TABLE IF NOT EXISTS p_factor (party text PRIMARY KEY, factor float8 NOT NULL);
	CREATE TEMP TABLE IF NOT EXISTS p_stake (holder text, held text, share float8);
	DELETE FROM p_factor;
	DELETE FROM p_stake;
	INSERT INTO p_stake
	WITH RECURSIVE up (party) AS (SELECT asked UNION SELECT s.holder FROM up u JOIN stake s ON s.held = u.party)
	SELECT s.holder, s.held, s.share FROM up u JOIN stake s ON s.held = u.party;
	INSERT INTO p_factor
	SELECT p.party_id, 1 FROM (SELECT asked AS party UNION SELECT holder FROM p_stake) u
	CROSS JOIN LATERAL (SELECT party_id FROM base_person b WHERE b.party_id = u.party OFFSET 0) p;
	LOOP
		INSERT INTO p_factor AS o
		SELECT s.held, CASE WHEN sum(s.share * f.factor) >= 0.5 - 1e-12 THEN 1 ELSE sum(s.share * f.factor) END
		FROM p_stake s JOIN p_factor f ON f.party = s.holder GROUP BY s.held
		ON CONFLICT (party) DO UPDATE SET factor = excluded.factor WHERE o.factor < excluded.factor - 1e-12;
		GET DIAGNOSTICS n = ROW_COUNT;
		EXIT WHEN n = 0;
	END LOOP;
	SELECT factor = 1 INTO result FROM p_factor WHERE party = asked;
	RETURN coalesce(result, false);
END $$;

-- Is anybody of the country of concern above the party at all? One recursive CTE: the least any SQL does for it.
CREATE OR REPLACE FUNCTION peer_nexus(asked text) RETURNS boolean LANGUAGE sql AS $$
	WITH RECURSIVE up (party) AS (SELECT asked UNION SELECT s.holder FROM up u JOIN stake s ON s.held = u.party)
	SELECT EXISTS (SELECT FROM up CROSS JOIN LATERAL (SELECT FROM base_person b WHERE b.party_id = up.party OFFSET 0) p)
$$;

-- Who controls the party by chains of more than half, without pooling what a group holds: one recursive CTE
CREATE OR REPLACE FUNCTION peer_controllers(asked text) RETURNS bigint LANGUAGE sql AS $$
	WITH RECURSIVE up (party) AS (SELECT asked UNION SELECT s.holder FROM up u JOIN stake s ON s.held = u.party WHERE s.share > 0.5)
	SELECT count(*) - 1 FROM up
$$;

-- Everything that a party controls, what its group holds taken together: semi-naive
CREATE OR REPLACE FUNCTION peer_controlled(asked text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint; total bigint;
BEGIN
	CREATE TEMP TABLE IF NOT EXISTS d_member (party text PRIMARY KEY);
	CREATE TEMP TABLE IF NOT EXISTS d_delta (party text);
	CREATE TEMP TABLE IF NOT EXISTS d_total (held text PRIMARY KEY, share numeric NOT NULL);
	DELETE FROM d_member;
	DELETE FROM d_delta;
	DELETE FROM d_total;
	INSERT INTO d_member VALUES (asked);
	INSERT INTO d_delta VALUES (asked);
	LOOP
		INSERT INTO d_total AS t
		SELECT s.held, sum(s.share) FROM d_delta d JOIN stake s ON s.holder = d.party GROUP BY s.held
		ON CONFLICT (held) DO UPDATE SET share = t.share + excluded.share;
		DELETE FROM d_delta;
		WITH grown AS (INSERT INTO d_member SELECT held FROM d_total WHERE share > 0.5 ON CONFLICT DO NOTHING RETURNING party)
		INSERT INTO d_delta SELECT party FROM grown;
		GET DIAGNOSTICS n = ROW_COUNT;
		EXIT WHEN n = 0;
	END LOOP;
	SELECT count(*) - 1 INTO total FROM d_member;
	RETURN total;
END $$;

-- The measuring. Every run is a statement of its own, with a snapshot and a time limit of its own, so that nothing is answered from the
-- run before; run 0 is not counted. Once seconds have gone by since the session began, no further run is begun, beyond the first counted.
CREATE SCHEMA IF NOT EXISTS measured;
CREATE TABLE IF NOT EXISTS measured.run (parties bigint, question text, contender text, asked text, run int, ms float8, answer text, error text);
CREATE TABLE IF NOT EXISTS measured.memory (parties bigint, question text, contender text, peak_kb bigint, shared_kb bigint);

CREATE OR REPLACE PROCEDURE measure(parties bigint, question text, contender text, query text, asked text, run int, seconds float8)
LANGUAGE plpgsql AS $$
DECLARE
	start timestamptz;
	answer text;
BEGIN
	IF clock_timestamp() > current_setting('bench.began')::timestamptz + make_interval(secs => seconds)
		AND EXISTS (SELECT FROM measured.run r WHERE (r.parties, r.question, r.contender) = (measure.parties, measure.question, measure.contender)) THEN
		RETURN;
	END IF;
	start := clock_timestamp();
	EXECUTE query INTO answer USING asked;
	IF run > 0 THEN
		INSERT INTO measured.run VALUES (parties, question, contender, asked, run, 1000 * extract(epoch FROM clock_timestamp() - start), answer);
	END IF;
END $$;
