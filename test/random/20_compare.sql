/*
 * The extension against the reference, and against itself under changes that must not matter.  Parties of graph 7 are called
 * 7.a, 7.b, ..., so that many graphs lie side by side in one schema.
 */
SET search_path = random, reference, pg_catalog, outbound;

CREATE FUNCTION as_share(lower bound, upper bound) RETURNS outbound.share
LANGUAGE sql STABLE AS $$
	SELECT CASE
		WHEN lower.n IS NULL THEN NULL
		WHEN lower.n * upper.d = upper.n * lower.d THEN outbound.share_of(lower.n, lower.d)
		ELSE format('%s%s/%s,%s/%s%s', CASE WHEN lower.open THEN '(' ELSE '[' END, lower.n, lower.d,
					upper.n, upper.d, CASE WHEN upper.open THEN ')' ELSE ']' END)::outbound.share
	END
$$;

/* the graphs from first to last become the whole content of the firm's relations; party a of a 206 graph is a U.S. person */
CREATE FUNCTION load(first int, last int, rule text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	TRUNCATE firm.party, firm.interest, firm.listing;
	INSERT INTO firm.party (party_id, kind, citizenship, permanent_residence, organized_under, principal_place_of_business,
							headquarters, located_in, register, activity_register)
	SELECT p.graph || '.' || p.id,
		CASE WHEN p.unheld THEN 'individual' WHEN p.pooled_fund THEN 'pooled_fund' ELSE 'entity' END,
		CASE WHEN p.unheld AND p.seed = 'maybe' THEN NULL ELSE ARRAY[home] END,
		'{}', home, CASE p.seed WHEN 'maybe' THEN NULL ELSE home END, home, home, p.register, 'complete'
	FROM party p, LATERAL (SELECT CASE WHEN p.seed = 'yes' THEN 'CN' WHEN rule = '206' AND p.id = 'a' THEN 'US' ELSE 'SG' END AS home) h
	WHERE p.graph BETWEEN first AND last AND p.id <> 'z';
	INSERT INTO firm.interest (holder_id, held_id, kind, share, source)
	SELECT i.graph || '.' || i.holder, i.graph || '.' || i.held, i.kind, nullif(as_share(i.lower, i.upper), 'unknown'), i.source
	FROM interest i WHERE i.graph BETWEEN first AND last ORDER BY random();
	IF rule = 'listed' THEN
		INSERT INTO firm.listing (party_id, list)
		SELECT p.graph || '.' || p.id, 'SDN' FROM party p WHERE p.graph BETWEEN first AND last AND p.seed = 'yes';
	END IF;
	ANALYZE firm.party;
	ANALYZE firm.interest;
END $$;

CREATE TABLE expected_parent (
	graph	int,
	root	text,
	held	text,
	voting	bound,
	board	bound,
	parent	boolean,				/* for certain */
	voting_most	bound,				/* if somebody undisclosed is the root */
	board_most	bound,
	disclosed	boolean,			/* possibly, within the ranges told */
	undisclosed	boolean				/* possibly, if somebody undisclosed is the root */
);

CREATE TABLE expected_concern (
	graph	int,
	entity	text,
	voting	bound,
	board	bound,
	equity	bound,
	member	boolean,				/* as in expected_parent */
	voting_most	bound,
	board_most	bound,
	equity_most	bound,
	disclosed boolean,
	undisclosed boolean
);

CREATE TABLE difference (
	graph		int,
	what		text,
	holder		text,
	held		text,
	expected	text,
	got			text
);

/* what the reference says of the graphs */
CREATE FUNCTION expect_parents(first int, last int, literal boolean, across boolean, ranged boolean) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	TRUNCATE expected_parent;
	FOR g IN first .. last LOOP
		IF ranged THEN
			INSERT INTO expected_parent
			SELECT g, l.root, l.held, l.voting, l.board, l.parent, u.voting, u.board, d.parent, u.parent
			FROM parents(g, 'definite', literal, across) l
			JOIN parents(g, 'disclosed', literal, across) d USING (root, held)
			JOIN parents(g, 'undisclosed', literal, across) u USING (root, held);
		ELSE
			INSERT INTO expected_parent
			SELECT g, l.root, l.held, l.voting, l.board, l.parent, l.voting, l.board, l.parent, l.parent
			FROM parents(g, 'definite', literal, across) l;
		END IF;
	END LOOP;
	ANALYZE expected_parent;
END $$;

CREATE FUNCTION expect_concern(first int, last int, reading text, ranged boolean) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	TRUNCATE expected_concern;
	FOR g IN first .. last LOOP
		IF reading = 'listed' THEN
			INSERT INTO expected_concern
			SELECT g, l.entity, NULL, NULL, NULL, l.member, NULL, NULL, NULL, d.member, u.member
			FROM owned_by_listed(g, 'definite') l JOIN owned_by_listed(g, 'disclosed') d USING (entity)
			JOIN owned_by_listed(g, 'undisclosed') u USING (entity);
		ELSIF reading = 'literal' THEN
			INSERT INTO expected_concern
			SELECT g, l.entity, NULL, NULL, NULL, l.member, NULL, NULL, NULL, d.member, u.member
			FROM concern_literal(g, 'definite') l JOIN concern_literal(g, 'disclosed') d USING (entity)
			JOIN concern_literal(g, 'undisclosed') u USING (entity);
		ELSIF ranged THEN
			INSERT INTO expected_concern
			SELECT g, l.entity, l.voting, l.board, l.equity, l.member, u.voting, u.board, u.equity, d.member, u.member
			FROM concern(g, 'definite', reading = 'proportion') l
			JOIN concern(g, 'disclosed', reading = 'proportion') d USING (entity)
			JOIN concern(g, 'undisclosed', reading = 'proportion') u USING (entity);
		ELSE
			INSERT INTO expected_concern
			SELECT g, l.entity, l.voting, l.board, l.equity, l.member, l.voting, l.board, l.equity, l.member, l.member
			FROM concern(g, 'definite', reading = 'proportion') l;
		END IF;
	END LOOP;
	ANALYZE expected_concern;
END $$;

/* the shares and the verdicts of 850.206, each holder and each held */
CREATE FUNCTION compare_parents() RETURNS void
LANGUAGE sql VOLATILE AS $$
	WITH asked AS MATERIALIZED (
		SELECT e.*, e.graph || '.' || e.root AS root_id, e.graph || '.' || e.held AS held_id,
			as_share(e.voting, e.voting_most) AS voting_share, as_share(e.board, e.board_most) AS board_share
		FROM expected_parent e
		WHERE 'z' NOT IN (e.root, e.held)
			OR EXISTS (SELECT FROM interest i WHERE i.graph = e.graph AND 'z' IN (i.holder, i.held))
	), shares AS MATERIALIZED (
		SELECT a.*, outbound.attributed_share(root_id, held_id, 'voting', '31 CFR 850.206') AS got_voting,
			outbound.attributed_share(root_id, held_id, 'board', '31 CFR 850.206') AS got_board
		FROM asked a
	), listed AS MATERIALIZED (
		SELECT h.held_id, p.party_id, bool_or(p.grade = 'definite') AS definite
		FROM (SELECT DISTINCT held_id FROM asked) h CROSS JOIN LATERAL outbound.parents(h.held_id) p
		GROUP BY h.held_id, p.party_id
	)
	INSERT INTO difference
	SELECT graph, 'voting share', root, held, display(voting) || ' .. ' || display(voting_most), got_voting::text FROM shares
	WHERE got_voting IS DISTINCT FROM voting_share
	UNION ALL
	SELECT graph, 'board share', root, held, display(board) || ' .. ' || display(board_most), got_board::text FROM shares
	WHERE got_board IS DISTINCT FROM board_share
	UNION ALL
	SELECT a.graph, 'parent', a.root, a.held, verdict(a.parent, a.disclosed)::text,
		CASE WHEN l.party_id IS NULL THEN 'not listed' ELSE 'listed, ' || CASE WHEN l.definite THEN 'definite' ELSE 'possible' END END
	FROM asked a LEFT JOIN listed l ON l.held_id = a.held_id AND l.party_id = a.root_id
	WHERE verdict(a.parent, a.disclosed) IS DISTINCT FROM CASE WHEN l.party_id IS NULL THEN false WHEN l.definite THEN true END
	UNION ALL
	SELECT a.graph, 'controlled foreign entity', a.root, a.held, verdict(a.parent, a.undisclosed)::text, got::text
	FROM asked a, LATERAL (SELECT outbound.controlled_foreign_entity(a.held_id, a.root_id) AS got) g
	WHERE a.root = 'a' AND got IS DISTINCT FROM verdict(a.parent, a.undisclosed)
$$;

/* the verdicts of 850.221, asked of each entity and of the whole graph, and the pooled shares in the findings */
CREATE FUNCTION compare_concern(reading text) RETURNS void
LANGUAGE sql VOLATILE AS $$
	WITH asked AS MATERIALIZED (
		SELECT e.*, e.graph || '.' || e.entity AS id FROM expected_concern e WHERE e.entity <> 'z'
	), listed AS MATERIALIZED (
		SELECT m.party_id, bool_or(m.grade = 'definite') AS definite
		FROM outbound.members(CASE reading WHEN 'literal' THEN '31 CFR 850.221 literal' WHEN 'listed' THEN 'OFAC 50'
			ELSE '31 CFR 850.221' END) m
		GROUP BY m.party_id
	)
	INSERT INTO difference
	SELECT a.graph, 'person of a country of concern', NULL, a.entity, verdict(a.member, a.undisclosed)::text, got::text
	FROM asked a, LATERAL (SELECT outbound.person_of_country_of_concern(a.id) AS got) g
	WHERE reading NOT IN ('literal', 'listed') AND got IS DISTINCT FROM verdict(a.member, a.undisclosed)
	UNION ALL
	SELECT a.graph, 'member', NULL, a.entity, verdict(a.member, a.disclosed)::text,
		CASE WHEN l.party_id IS NULL THEN 'not listed' ELSE 'listed, ' || CASE WHEN l.definite THEN 'definite' ELSE 'possible' END END
	FROM asked a LEFT JOIN listed l ON l.party_id = a.id
	WHERE verdict(a.member, a.disclosed) IS DISTINCT FROM CASE WHEN l.party_id IS NULL THEN false WHEN l.definite THEN true END
	UNION ALL
	SELECT a.graph, k.metric || ' share', NULL, a.entity, display(k.least) || ' .. ' || display(k.most), f.share::text
	FROM asked a JOIN party p ON p.graph = a.graph AND p.id = a.entity AND p.seed = 'no' AND NOT p.unheld
	CROSS JOIN LATERAL (VALUES ('voting', a.voting, a.voting_most), ('board', a.board, a.board_most),
							   ('equity', a.equity, a.equity_most)) k (metric, least, most)
	LEFT JOIN LATERAL (SELECT f.share FROM outbound.person_of_country_of_concern_findings(a.id) f WHERE f.metric = k.metric) f ON true
	WHERE reading NOT IN ('literal', 'listed') AND f.share IS DISTINCT FROM as_share(k.least, k.most)
$$;

/*
 * The least graph that still differs: leave out one interest after the other, and then parties without any, as long as the
 * given comparison still finds something.
 */
CREATE FUNCTION reduce(of_graph int, check_again text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	row record;
	smaller boolean := true;
	text text;
BEGIN
	DELETE FROM party p WHERE p.graph = -1;
	DELETE FROM interest i WHERE i.graph = -1;
	INSERT INTO party SELECT -1, p.id, p.unheld, p.pooled_fund, p.register, p.seed FROM party p WHERE p.graph = of_graph;
	INSERT INTO interest SELECT -1, i.holder, i.held, i.kind, i.lower, i.upper, i.source FROM interest i WHERE i.graph = of_graph;
	WHILE smaller LOOP
		smaller := false;
		FOR row IN SELECT i.ctid, i.* FROM interest i WHERE i.graph = -1 LOOP
			DELETE FROM interest i WHERE i.ctid = row.ctid;
			TRUNCATE difference;
			EXECUTE check_again USING -1;
			IF EXISTS (SELECT FROM difference) THEN
				smaller := true;
			ELSE
				INSERT INTO interest VALUES (row.graph, row.holder, row.held, row.kind, row.lower, row.upper, row.source);
			END IF;
		END LOOP;
	END LOOP;
	FOR row IN SELECT p.* FROM party p WHERE p.graph = -1
			   AND NOT EXISTS (SELECT FROM interest i WHERE i.graph = -1 AND p.id IN (i.holder, i.held)) LOOP
		DELETE FROM party p WHERE p.graph = -1 AND p.id = row.id;
		TRUNCATE difference;
		EXECUTE check_again USING -1;
		IF NOT EXISTS (SELECT FROM difference) THEN
			INSERT INTO party VALUES (row.graph, row.id, row.unheld, row.pooled_fund, row.register, row.seed);
		END IF;
	END LOOP;
	TRUNCATE difference;
	EXECUTE check_again USING -1;
	SELECT string_agg(format('%s %s (register %s%s%s%s)', p.id, CASE WHEN p.unheld THEN 'individual' ELSE 'entity' END, p.register,
							 CASE WHEN p.pooled_fund THEN ', pooled fund' END,
							 CASE WHEN p.seed <> 'no' THEN ', seed ' || p.seed END, ''), E'\n' ORDER BY p.id)
	INTO text FROM party p WHERE p.graph = -1;
	text := text || E'\n' || (SELECT coalesce(string_agg(format('%s -> %s %s %s%s', i.holder, i.held, i.kind,
			CASE WHEN i.lower = i.upper THEN display(i.lower) ELSE display(i.lower) || ' .. ' || display(i.upper) END,
			CASE WHEN i.source IS NOT NULL THEN ' by ' || i.source END), E'\n' ORDER BY i.held, i.holder), '')
		FROM interest i WHERE i.graph = -1);
	RETURN text || E'\n' || (SELECT string_agg(format('%s of %s in %s: reference %s, extension %s', d.what, coalesce(d.holder, '-'), d.held,
			d.expected, d.got), E'\n') FROM difference d);
END $$;

/* load the graphs, and compare what the extension says of them under one option of one reading (none: the defaults) */
CREATE FUNCTION compare(first int, last int, rule text, ranged boolean, of_reading text, of_option text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM load(first, last, rule);
	DELETE FROM outbound.reading_choice;
	IF of_reading LIKE 'A-%' THEN
		INSERT INTO outbound.reading_choice (reading, option, why) VALUES (of_reading, of_option, 'comparison with the reference');
	END IF;
	IF rule = '206' THEN
		PERFORM expect_parents(first, last, of_option IS DISTINCT FROM 'strict_product', of_option IS DISTINCT FROM 'same_metric', ranged);
		PERFORM compare_parents();
	ELSE
		PERFORM expect_concern(first, last, CASE rule WHEN 'listed' THEN rule ELSE coalesce(of_option, 'proportion') END, ranged);
		PERFORM compare_concern(CASE rule WHEN 'listed' THEN rule ELSE coalesce(of_option, 'proportion') END);
	END IF;
END $$;

/*
 * Random graphs by the seed, compared in one go.  Returns how many differ, and of up to three the least graph that does.
 */
CREATE FUNCTION campaign(seed float8, graphs int, rule text, shapes text[], ranged boolean, of_reading text DEFAULT NULL,
						 of_option text DEFAULT NULL, OUT different int, OUT reproducers text)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	differ int[];
	again text := format('SELECT random.compare($1, $1, %L, %L, %L, %L)', rule, ranged, of_reading, of_option);
BEGIN
	TRUNCATE party, interest, difference;
	PERFORM setseed(seed);
	PERFORM batch(1, graphs, rule, shapes, ranged);
	ANALYZE party;
	ANALYZE interest;
	PERFORM random.compare(1, graphs, rule, ranged, of_reading, of_option);
	SELECT coalesce(array_agg(DISTINCT d.graph), '{}') INTO differ FROM difference d;
	different := cardinality(differ);
	FOR i IN 1 .. least(different, 3) LOOP
		reproducers := coalesce(reproducers || E'\n\n', '') || format('graph %s:', differ[i]) || E'\n' || reduce(differ[i], again);
	END LOOP;
END $$;
