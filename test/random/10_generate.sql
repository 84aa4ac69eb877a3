/*
 * Random ownership graphs, small and nasty.  The same seed gives the same graphs.  Everything lands in reference.party and
 * reference.interest; load() copies it from there into the firm's relations.
 */
CREATE SCHEMA random;
SET search_path = random, reference, pg_catalog, outbound;

CREATE FUNCTION pick(VARIADIC choices text[]) RETURNS text
LANGUAGE sql VOLATILE AS $$
	SELECT choices[1 + floor(random() * cardinality(choices))::int]
$$;
CREATE FUNCTION pick(VARIADIC choices int[]) RETURNS int
LANGUAGE sql VOLATILE AS $$
	SELECT choices[1 + floor(random() * cardinality(choices))::int]
$$;
CREATE FUNCTION pick(VARIADIC choices boolean[]) RETURNS boolean
LANGUAGE sql VOLATILE AS $$
	SELECT choices[1 + floor(random() * cardinality(choices))::int]
$$;

/* a share in one of the styles that registers and lawyers use; ties are commoner than chance would have them */
CREATE FUNCTION share(style text) RETURNS bound
LANGUAGE sql VOLATILE AS $$
	SELECT CASE style
		WHEN 'halves' THEN of(pick(1, 1, 1, 2), 2)
		WHEN 'thirds' THEN of(pick(1, 1, 2, 3), 3)
		WHEN 'sixths' THEN of(pick(1, 2, 3, 3, 4, 5), 6)
		WHEN 'quarters' THEN of(pick(1, 2, 2, 3, 4), 4)
		WHEN 'tenths' THEN of(1 + floor(random() ^ 2 * 9)::int, 10)
		WHEN 'percent' THEN of(1 + floor(random() ^ 2 * 99)::int, 100)
		WHEN 'basis points' THEN of(1 + floor(random() ^ 2 * 9999)::int, 10000)
		WHEN 'hairs' THEN of(500000000000000000 + pick(-1, 0, 1), 1000000000000000000)
		WHEN 'shares' THEN of(100000 + floor(random() * 300000)::int, 600011)
	END
$$;

/* a range of the kind that a register of bands gives, or an exact share */
CREATE FUNCTION band(style text, OUT lower bound, OUT upper bound)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	CASE pick('exact', 'exact', 'exact', '25-50', '25-50', '50-75', 'over 75', 'about', 'about', 'unknown')
	WHEN 'exact' THEN
		lower := random.share(style);
		upper := lower;
	WHEN '25-50' THEN
		lower := of(1, 4, pick(true, false));
		upper := of(1, 2, pick(true, false));
	WHEN '50-75' THEN
		lower := of(1, 2, pick(true, false));
		upper := of(3, 4, pick(true, false));
	WHEN 'over 75' THEN
		lower := of(3, 4, pick(true, false));
		upper := of(1);
	WHEN 'about' THEN
		lower := of(floor(random() * 60)::int, 100);
		upper := plus(lower, of(1 + floor(random() * 40)::int, 100));
	ELSE
		lower := of(0);
		upper := of(1);
	END CASE;
END $$;

CREATE FUNCTION tell(of_graph int, holder text, held text, kind text, style text, ranged boolean) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	IF ranged THEN
		INSERT INTO interest SELECT of_graph, holder, held, kind, b.lower, b.upper, NULL FROM band(style) b;
	ELSE
		INSERT INTO interest SELECT of_graph, holder, held, kind, s, s, NULL FROM random.share(style) s;
	END IF;
END $$;

/*
 * One graph.  rule '206' or '221'; shape tree, dag, ring or any, or incomplete: a dag whose complete registers need not add up;
 * ranged: with ranges and every state of registers (then never a cycle).  dirty is left to chance: sums above the whole, self-holdings, holders nobody described, lots, several sources.
 */
CREATE FUNCTION generate(of_graph int, rule text, shape text, ranged boolean) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	n CONSTANT int := 3 + floor(random() * 4)::int;
	names CONSTANT text[] := '{a,b,c,d,e,f,g,h}';
	kinds CONSTANT text[] := CASE rule WHEN '206' THEN '{voting,board}'::text[] ELSE '{voting,board,equity}'::text[] END;
	style text;
	dirty CONSTANT boolean := random() < 0.25;
	main_kind CONSTANT text := pick(VARIADIC kinds);
	h int;
BEGIN
	FOR i IN 1 .. n LOOP
		INSERT INTO party VALUES (of_graph, names[i], i <= 2 AND shape <> 'ring' AND random() < 0.3, random() < 0.2,
			CASE WHEN ranged THEN pick('complete', 'closed', 'closed', 'open') ELSE pick('closed', 'closed', 'complete') END,
			CASE WHEN rule = '206' THEN 'no'
				 WHEN i = 1 OR random() < 0.05 THEN 'yes'
				 WHEN ranged AND random() < 0.15 THEN 'maybe'
				 ELSE 'no' END);
	END LOOP;
	style := pick('halves', 'thirds', 'sixths', 'quarters', 'tenths', 'tenths', 'percent', 'percent', 'basis points', 'hairs', 'shares');
	FOR i IN 2 .. n LOOP
		CONTINUE WHEN (SELECT p.unheld FROM party p WHERE p.graph = of_graph AND p.id = names[i]);
		FOR j IN 1 .. CASE shape WHEN 'tree' THEN 1 WHEN 'ring' THEN 2 ELSE 1 + floor(random() * 3)::int END LOOP
			h := CASE WHEN shape = 'ring' AND j = 1 THEN CASE WHEN i = 2 THEN n ELSE i - 1 END
					  WHEN shape IN ('ring', 'any') THEN 1 + floor(random() * n)::int
					  ELSE 1 + floor(random() * (i - 1))::int END;
			CONTINUE WHEN h = i OR EXISTS (SELECT FROM interest x WHERE x.graph = of_graph AND x.holder = names[h] AND x.held = names[i]);
			IF random() < 0.2 THEN
				style := pick('halves', 'thirds', 'quarters', 'tenths', 'percent');
			END IF;
			PERFORM tell(of_graph, names[h], names[i], k, style, ranged)
			FROM unnest(kinds) k WHERE k = main_kind OR random() < 0.3;
			IF rule = '206' AND random() < 0.07 THEN
				INSERT INTO interest VALUES (of_graph, names[h], names[i],
					pick('general_partner', 'managing_member', 'investment_adviser'), NULL, NULL, NULL);
			END IF;
		END LOOP;
	END LOOP;
	IF dirty THEN
		PERFORM spoil(of_graph, n, kinds, style, ranged, shape IN ('ring', 'any'));
	ELSE
		PERFORM tidy(of_graph);
	END IF;
	IF shape <> 'incomplete' THEN
		PERFORM complete(of_graph, kinds);
	END IF;
END $$;

/* a register is complete only where its holders can hold everything */
CREATE FUNCTION complete(of_graph int, kinds text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	UPDATE party p SET register = 'closed'
	WHERE p.graph = of_graph AND p.register = 'complete' AND NOT p.unheld
	  AND EXISTS (SELECT FROM unnest(kinds) k
				  WHERE coalesce((SELECT sum((i.upper).n / (i.upper).d) FROM interest i
								  WHERE i.graph = of_graph AND i.held = p.id AND i.kind = k AND i.holder <> p.id), 0) < 1);
END $$;

/* bring the sums of exact shares above the whole back to it */
CREATE FUNCTION tidy(of_graph int) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	row record;
	total bound;
	told bound;
BEGIN
	FOR row IN SELECT i.held, i.kind, array_agg(i.lower ORDER BY i.holder) AS lowers, count(*) AS holders FROM interest i
			   WHERE i.graph = of_graph AND i.lower IS NOT NULL GROUP BY i.held, i.kind LOOP
		total := of(0);
		FOREACH told IN ARRAY row.lowers LOOP
			total := plus(total, told);
		END LOOP;
		IF total.n > total.d THEN
			UPDATE interest i SET lower = over(i.lower, of(total.n, total.d)),
				upper = CASE WHEN i.upper = i.lower THEN over(i.lower, of(total.n, total.d)) ELSE i.upper END
			WHERE i.graph = of_graph AND i.held = row.held AND i.kind = row.kind;
		END IF;
	END LOOP;
END $$;

/* what real registers do */
CREATE FUNCTION spoil(of_graph int, n int, kinds text[], style text, ranged boolean, cyclic boolean) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	names CONSTANT text[] := '{a,b,c,d,e,f,g,h}';
	target text := names[2 + floor(random() * (n - 1))::int];
	row record;
BEGIN
	IF (SELECT p.unheld FROM party p WHERE p.graph = of_graph AND p.id = target) THEN
		target := names[n];
	END IF;
	CASE pick('self', 'stranger', 'lots', 'sources', 'sum')
	WHEN 'self' THEN					/* treasury shares */
		INSERT INTO interest SELECT of_graph, target, target, k, s, s, NULL
		FROM unnest(kinds) k, LATERAL (SELECT of(1 + floor(random() * 40)::int, 100) AS s) s;
	WHEN 'stranger' THEN				/* a holder nobody described: it may be anybody */
		INSERT INTO party VALUES (of_graph, 'z', false, false, 'open', CASE WHEN ranged AND kinds @> '{equity}' THEN 'maybe' ELSE 'no' END);
		IF ranged THEN
			PERFORM tell(of_graph, 'z', target, k, style, ranged) FROM unnest(kinds) k;
		ELSE
			DELETE FROM party p WHERE p.graph = of_graph AND p.id = 'z';
		END IF;
	WHEN 'lots' THEN					/* one holding in two rows */
		FOR row IN SELECT ctid, * FROM interest i WHERE i.graph = of_graph AND i.held = target AND i.lower IS NOT NULL LOOP
			DELETE FROM interest i WHERE i.ctid = row.ctid;
			INSERT INTO interest
			SELECT of_graph, row.holder, target, row.kind, times(row.lower, s), times(row.upper, s), NULL
			FROM unnest(ARRAY[of(1, 3), of(2, 3)]) s;
		END LOOP;
	WHEN 'sources' THEN					/* one holding told twice, not alike: a range, so only where ranges are */
		IF ranged THEN
			UPDATE interest i SET source = 'one' WHERE i.graph = of_graph AND i.held = target AND i.lower IS NOT NULL;
			INSERT INTO interest SELECT of_graph, i.holder, i.held, i.kind, over(i.lower, of(2)), i.upper, 'two'
			FROM interest i WHERE i.graph = of_graph AND i.held = target AND i.lower IS NOT NULL;
		ELSE
			INSERT INTO interest SELECT of_graph, i.holder, i.held, i.kind, i.lower, i.upper, 'two'
			FROM interest i WHERE i.graph = of_graph AND i.held = target AND i.lower IS NOT NULL;
		END IF;
	ELSE								/* more than the whole */
		FOR i IN 1 .. n LOOP
			CONTINUE WHEN names[i] = target OR (NOT cyclic AND names[i] > target) OR random() < 0.5
				OR EXISTS (SELECT FROM interest x WHERE x.graph = of_graph AND x.holder = names[i] AND x.held = target);
			PERFORM tell(of_graph, names[i], target, k, pick('quarters', 'tenths', 'halves'), ranged) FROM unnest(kinds) k;
		END LOOP;
	END CASE;
END $$;

/*
 * Plant a tie: a stake that brings what is attributed to exactly one half (of a graph without cycles, all shares of it exact).
 */
CREATE FUNCTION plant_tie(of_graph int, rule text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	row record;
	holding bound;
BEGIN
	IF rule = '206' THEN
		SELECT p.root AS holder, p.held, 'voting'::text AS kind, p.voting AS amount INTO row
		FROM parents(of_graph) p
		WHERE p.root < p.held AND NOT p.parent AND (p.voting).n > 0 AND p.held <> 'z' ORDER BY random() LIMIT 1;
	ELSE
		SELECT s.id AS holder, c.entity AS held, k.kind, k.amount INTO row
		FROM concern(of_graph) c CROSS JOIN LATERAL (VALUES ('voting', c.voting), ('board', c.board), ('equity', c.equity)) k (kind, amount)
		JOIN party s ON s.graph = of_graph AND s.seed = 'yes' AND s.id < c.entity
		WHERE NOT c.member AND (k.amount).n > 0 AND c.entity <> 'z' ORDER BY random() LIMIT 1;
	END IF;
	IF row.holder IS NULL OR EXISTS (SELECT FROM interest i WHERE i.graph = of_graph AND i.source IS NOT NULL) THEN
		RETURN;
	END IF;
	holding := minus(of(1, 2), row.amount);
	INSERT INTO interest VALUES (of_graph, row.holder, row.held, row.kind, holding, holding, NULL);
END $$;

/* a ring that attributes exactly one half: c = (1 - l) / 2 comes in, l = p * q goes round */
CREATE FUNCTION plant_ring(of_graph int, rule text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	p CONSTANT bound := random.share(pick('tenths', 'tenths', 'percent'));
	q CONSTANT bound := random.share(pick('tenths', 'quarters', 'percent'));
	c CONSTANT bound := over(minus(of(1), times(p, q)), of(2));
	kind CONSTANT text := CASE rule WHEN '206' THEN pick('voting', 'board') ELSE pick('voting', 'board', 'equity') END;
	more CONSTANT bound := of(pick(0, 0, 1), 1000000000000000000000);
BEGIN
	INSERT INTO party SELECT of_graph, x, false, false, 'closed', CASE WHEN rule = '221' AND x = 'a' THEN 'yes' ELSE 'no' END
	FROM unnest('{a,b,c,d}'::text[]) x;
	INSERT INTO interest VALUES
		(of_graph, 'a', 'b', kind, plus(c, more), plus(c, more), NULL),
		(of_graph, 'b', 'c', kind, p, p, NULL),
		(of_graph, 'c', 'b', kind, q, q, NULL),
		(of_graph, 'b', 'd', kind, of(1), of(1), NULL);
END $$;

/*
 * A batch: graphs from first to last.  Half of them get a planted tie.
 */
CREATE FUNCTION batch(first int, last int, rule text, shapes text[], ranged boolean) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	shape text;
BEGIN
	FOR g IN first .. last LOOP
		shape := pick(VARIADIC shapes);
		IF shape IN ('ring', 'any') AND random() < 0.25 THEN
			PERFORM plant_ring(g, rule);
			CONTINUE;
		END IF;
		PERFORM generate(g, rule, shape, ranged);
		IF NOT ranged AND shape IN ('tree', 'dag') AND random() < 0.5 THEN
			PERFORM plant_tie(g, rule);
		END IF;
	END LOOP;
END $$;
