/*
 * Of every ownership test there is: a holding that grows takes nothing away, and what is said of one party from what is above it
 * is what is said of it among all.
 */
SET search_path = random, reference, pg_catalog, outbound;

CREATE TABLE told (
	version	int,
	test	text,
	holder	text,
	held	text,
	grade	text
);

/* graphs under the firm's relations, in which the first of each stands on every list */
CREATE FUNCTION load_listed(seed float8, graphs int, shapes text[], ranged boolean) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	TRUNCATE party, interest, told;
	PERFORM setseed(seed);
	PERFORM batch(1, graphs, '221', shapes, ranged);
	DELETE FROM outbound.reading_choice;
	PERFORM load(1, graphs, '221');
	UPDATE firm.party SET organized_under = 'US' WHERE party_id LIKE '%.b';
	INSERT INTO firm.listing (party_id, list)
	SELECT g || '.a', l FROM generate_series(1, graphs) AS g, (SELECT list FROM outbound.list) AS l (l);
END $$;

CREATE FUNCTION tell_members(of_version int) RETURNS void
LANGUAGE sql VOLATILE AS $$
	INSERT INTO told
	SELECT of_version, t.test, coalesce(m.parent_id, ''), m.party_id, m.grade
	FROM outbound.ownership_test t, outbound.members(t.test, include_undisclosed => true) m
$$;

/* every holding of one share that can grow by a hundredth within the whole does so, one in three times */
CREATE FUNCTION raise_holdings() RETURNS bigint
LANGUAGE sql VOLATILE AS $$
	WITH grown AS (
		UPDATE firm.interest i SET share = i.share + '1/100'::outbound.share
		WHERE random() < 0.3 AND i.holder_id <> i.held_id AND i.source IS NULL AND outbound.lower(i.share) = outbound.upper(i.share)
		  AND NOT EXISTS (SELECT FROM firm.party p WHERE p.party_id = i.held_id AND p.register = 'complete')
		  AND outbound.at_least('100%', (SELECT outbound.sum(s.share) FROM firm.interest s WHERE (s.held_id, s.kind) = (i.held_id, i.kind))
			  + (SELECT outbound.share_of(count(*), 100) FROM firm.interest s WHERE (s.held_id, s.kind) = (i.held_id, i.kind)))
		RETURNING 1)
	SELECT count(*) FROM grown
$$;

/* certain statuses that are lost, and attributed shares that are smaller, once holdings have grown */
CREATE FUNCTION growth(seed float8, graphs int, shapes text[], OUT grown bigint, OUT statuses bigint, OUT lost bigint, OUT smaller bigint)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM load_listed(seed, graphs, shapes, false);
	PERFORM tell_members(1);
	DROP TABLE IF EXISTS pg_temp.amount;
	CREATE TEMP TABLE amount AS
	SELECT x.party_id AS holder, y.party_id AS held, k.kind, t.test,
		outbound.lower(outbound.attributed_share(x.party_id, y.party_id, k.kind, t.test)) AS share
	FROM firm.party x JOIN firm.party y ON split_part(y.party_id, '.', 1) = split_part(x.party_id, '.', 1) AND y.party_id <> x.party_id,
		(VALUES ('31 CFR 850.206', 'voting'), ('integrated ownership', 'equity')) AS k (test, kind),
		LATERAL (SELECT k.test) AS t
	WHERE split_part(x.party_id, '.', 1)::int <= 20;
	grown := raise_holdings();
	PERFORM tell_members(2);
	SELECT count(*) INTO statuses FROM told WHERE version = 1 AND grade = 'definite';
	SELECT count(*) INTO lost FROM (
		SELECT test, holder, held FROM told WHERE version = 1 AND grade = 'definite' AND test <> '31 CFR 850.206'
		EXCEPT SELECT test, holder, held FROM told WHERE version = 2 AND grade = 'definite') AS l;
	lost := lost + (SELECT count(*) FROM (
		SELECT held FROM told WHERE version = 1 AND grade = 'definite' AND test = '31 CFR 850.206'
		EXCEPT SELECT held FROM told WHERE version = 2 AND grade = 'definite' AND test = '31 CFR 850.206') AS l);
	SELECT count(*) INTO smaller FROM amount a
	WHERE outbound.exceeds(a.share, outbound.lower(outbound.attributed_share(a.holder, a.held, a.kind, a.test)));
END $$;

/* answers about one party, from its own cone, that are not those of members() */
CREATE FUNCTION upstream(seed float8, graphs int, shapes text[], ranged boolean, OUT answers bigint, OUT different bigint, OUT examples text)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM load_listed(seed, graphs, shapes, ranged);
	PERFORM tell_members(1);
	INSERT INTO told
	SELECT 2, t.test, '', p.party_id, s.grade
	FROM outbound.ownership_test t, firm.party p, outbound.status_history(p.party_id, t.test, daterange(current_date, current_date + 1)) s;
	WITH best AS (
		SELECT version, test, held, max(array_position('{no,undisclosed,possible,definite}'::text[], coalesce(grade, 'no'))) AS grade
		FROM told GROUP BY version, test, held)
	SELECT count(*), count(*) FILTER (WHERE coalesce(a.grade, 1) <> o.grade),
		left(string_agg(format('%s of %s: %s among all, %s by itself', o.test, o.held, coalesce(a.grade, 1), o.grade), E'\n')
			 FILTER (WHERE coalesce(a.grade, 1) <> o.grade), 2000)
	INTO answers, different, examples
	FROM (SELECT * FROM best WHERE version = 2) o
	LEFT JOIN (SELECT * FROM best WHERE version = 1) a USING (test, held);
END $$;
