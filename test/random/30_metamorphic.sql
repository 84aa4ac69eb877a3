/*
 * Changes of the data that must not change an answer: other names, another order of rows, a holding told in two lots, a
 * wholly-owned company put between a holder and what it holds (where a holding passes through it whole: 850.221, and 850.206
 * under strict_product; under link_literal a company put in between is one more link, which may be less than a parent's).
 */
SET search_path = random, reference, pg_catalog, outbound;

CREATE TABLE answer (
	version	int,
	graph	int,
	holder	text,
	held	text,
	what	text,
	value	text
);

CREATE FUNCTION answers(of_version int, first int, last int, rule text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	IF rule = '206' THEN
		INSERT INTO answer
		SELECT of_version, x.graph, x.id, y.id, k.kind,
			outbound.attributed_share(x.graph || '.' || x.id, y.graph || '.' || y.id, k.kind, '31 CFR 850.206')::text
		FROM party x JOIN party y ON y.graph = x.graph AND y.id <> x.id, unnest('{voting,board}'::text[]) k (kind)
		WHERE x.graph BETWEEN first AND last AND x.id <> 'z' AND y.id <> 'z';
		INSERT INTO answer
		SELECT DISTINCT of_version, y.graph, split_part(p.party_id, '.', 2), y.id, 'parent', p.grade::text
		FROM party y CROSS JOIN LATERAL outbound.parents(y.graph || '.' || y.id) p
		WHERE y.graph BETWEEN first AND last AND y.id <> 'z';
	ELSE
		INSERT INTO answer
		SELECT of_version, y.graph, '', y.id, 'person of a country of concern',
			outbound.person_of_country_of_concern(y.graph || '.' || y.id)::text
		FROM party y WHERE y.graph BETWEEN first AND last AND y.id <> 'z';
		INSERT INTO answer
		SELECT DISTINCT of_version, split_part(m.party_id, '.', 1)::int, '', split_part(m.party_id, '.', 2), 'member', m.grade::text
		FROM outbound.members('31 CFR 850.221') m;
	END IF;
END $$;

CREATE FUNCTION other_name(id text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT translate(id, 'abcdefgh', 'ahgfedcb')
$$;

CREATE FUNCTION change(what text, rule text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	row record;
	n int := 0;
BEGIN
	CASE what
	WHEN 'order' THEN
		NULL;							/* every load has its own */
	WHEN 'names' THEN
		UPDATE party SET id = other_name(id) || '-';
		UPDATE party SET id = rtrim(id, '-');
		UPDATE interest SET holder = other_name(holder), held = other_name(held);
	WHEN 'lots' THEN
		FOR row IN SELECT i.ctid, i.* FROM interest i WHERE i.lower IS NOT NULL AND i.lower = i.upper AND random() < 0.3 LOOP
			DELETE FROM interest i WHERE i.ctid = row.ctid;
			INSERT INTO interest
			SELECT row.graph, row.holder, row.held, row.kind, times(row.lower, s), times(row.lower, s), row.source
			FROM unnest(ARRAY[of(1, 3), of(2, 3)]) s;
		END LOOP;
	WHEN 'shell' THEN
		FOR row IN SELECT DISTINCT i.graph, i.holder, i.held FROM interest i
				   WHERE i.holder <> i.held AND random() < 0.2
					 AND NOT EXISTS (SELECT FROM interest r WHERE r.graph = i.graph AND r.holder = i.holder AND r.held = i.held
									 AND r.lower IS NULL) LOOP
			n := n + 1;
			INSERT INTO party VALUES (row.graph, 'shell' || n, false, false, 'closed', 'no');
			UPDATE interest i SET holder = 'shell' || n
			WHERE i.graph = row.graph AND i.holder = row.holder AND i.held = row.held;
			INSERT INTO interest SELECT row.graph, row.holder, 'shell' || n, k, of(1), of(1), NULL
			FROM unnest('{voting,board,equity}'::text[]) k;
		END LOOP;
	END CASE;
END $$;

/* how many graphs answer otherwise once they are changed, and the first of the answers that differ */
CREATE FUNCTION metamorphosis(seed float8, graphs int, rule text, shapes text[], ranged boolean, what text,
							  OUT different int, OUT examples text)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	TRUNCATE party, interest, answer;
	PERFORM setseed(seed);
	PERFORM batch(1, graphs, rule, shapes, ranged);
	DELETE FROM outbound.reading_choice;
	IF what = 'shell' AND rule = '206' THEN
		INSERT INTO outbound.reading_choice (reading, option, why) VALUES ('A-01', 'strict_product', 'comparison with itself');
	END IF;
	PERFORM load(1, graphs, rule);
	PERFORM answers(1, 1, graphs, rule);
	PERFORM change(what, rule);
	PERFORM load(1, graphs, rule);
	PERFORM answers(2, 1, graphs, rule);
	IF what = 'names' THEN
		UPDATE answer SET holder = other_name(holder), held = other_name(held) WHERE version = 2;
	END IF;
	DELETE FROM answer WHERE holder LIKE 'shell%' OR held LIKE 'shell%';
	WITH differ AS (
		SELECT a.graph, a.what, a.holder, a.held, o.value AS before, c.value AS after
		FROM (SELECT DISTINCT graph, answer.what, holder, held FROM answer) a
		LEFT JOIN answer o ON (o.version, o.graph, o.what, o.holder, o.held) = (1, a.graph, a.what, a.holder, a.held)
		LEFT JOIN answer c ON (c.version, c.graph, c.what, c.holder, c.held) = (2, a.graph, a.what, a.holder, a.held)
		WHERE o.value IS DISTINCT FROM c.value
	)
	SELECT count(DISTINCT d.graph), string_agg(format('graph %s: %s of %s in %s: %s, then %s', d.graph, d.what, d.holder, d.held,
		coalesce(d.before, 'none'), coalesce(d.after, 'none')), E'\n' ORDER BY d.graph)
		FILTER (WHERE d.graph <= (SELECT min(m.graph) FROM differ m))
	INTO different, examples FROM differ d;
END $$;

/*
 * One answer by whatever door: what parents() says upward subsidiaries() says downward, likewise holders() and holdings(), the
 * share that both show is attributed_share(), and the list of controlled foreign entities is what is said of each.
 */
CREATE FUNCTION doors(seed float8, graphs int, shapes text[], ranged boolean, OUT what text, OUT different bigint) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	TRUNCATE party, interest;
	PERFORM setseed(seed);
	PERFORM batch(1, graphs, '206', shapes, ranged);
	PERFORM load(1, graphs, '206');
	DELETE FROM outbound.reading_choice;
	DROP TABLE IF EXISTS pg_temp.ids, pg_temp.parent, pg_temp.subsidiary, pg_temp.holder, pg_temp.holding;
	CREATE TEMP TABLE ids AS SELECT p.party_id AS id FROM firm.party p UNION SELECT i.holder_id FROM firm.interest i;
	CREATE TEMP TABLE parent AS SELECT p.party_id AS holder, i.id AS held, p.grade, p.tier, p.limb, p.voting, p.board, p.distance
		FROM ids i, outbound.parents(i.id) p;
	CREATE TEMP TABLE subsidiary AS SELECT i.id AS holder, p.party_id AS held, p.grade, p.tier, p.limb, p.voting, p.board, p.distance
		FROM ids i, outbound.subsidiaries(i.id) p;
	CREATE TEMP TABLE holder AS SELECT p.party_id AS holder, i.id AS held, p.grade, p.tier, p.limb, p.voting, p.board, p.distance
		FROM ids i, outbound.holders(i.id, '31 CFR 850.206') p;
	CREATE TEMP TABLE holding AS SELECT i.id AS holder, p.party_id AS held, p.grade, p.tier, p.limb, p.voting, p.board, p.distance
		FROM ids i, outbound.holdings(i.id, '31 CFR 850.206') p;
	RETURN QUERY
	SELECT 'parents and subsidiaries', count(*) FROM (
		(TABLE parent EXCEPT TABLE subsidiary) UNION ALL (TABLE subsidiary EXCEPT TABLE parent)) d
	UNION ALL
	SELECT 'holders and holdings', count(*) FROM (
		(TABLE holder EXCEPT TABLE holding) UNION ALL (TABLE holding EXCEPT TABLE holder)) d
	UNION ALL
	SELECT 'parents and holders', count(*) FROM (
		SELECT p.holder, p.held, p.voting, p.board FROM parent p EXCEPT SELECT h.holder, h.held, h.voting, h.board FROM holder h) d
	UNION ALL
	SELECT 'holders and attributed shares', count(*) FROM holder h
	WHERE (h.voting, h.board) IS DISTINCT FROM (outbound.attributed_share(h.holder, h.held, 'voting', '31 CFR 850.206'),
												outbound.attributed_share(h.holder, h.held, 'board', '31 CFR 850.206'))
	UNION ALL
	SELECT 'each controlled foreign entity and the list', count(*) FROM (SELECT i.id FROM ids i WHERE outbound.controlled_foreign_entity(i.id)) e
	FULL JOIN (SELECT DISTINCT c.party_id FROM outbound.controlled_foreign_entities() c WHERE c.grade = 'definite') c ON c.party_id = e.id
	WHERE e.id IS NULL OR c.party_id IS NULL;
END $$;
