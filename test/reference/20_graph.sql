/*
 * The data of many small graphs, as they were told, and what they come to.
 */
SET search_path = reference, pg_catalog;

CREATE TABLE party (
	graph		int NOT NULL,
	id			text NOT NULL,
	unheld		boolean NOT NULL DEFAULT false,		/* an individual or a government: nobody holds it */
	pooled_fund boolean NOT NULL DEFAULT false,
	register	text NOT NULL CHECK (register IN ('complete', 'closed', 'open')),
	seed		text NOT NULL DEFAULT 'no' CHECK (seed IN ('yes', 'maybe', 'no')),	/* a person of 850.221(a)-(c) */
	PRIMARY KEY (graph, id)
);

CREATE TABLE interest (
	graph		int NOT NULL,
	holder		text NOT NULL,
	held		text NOT NULL,
	kind		text NOT NULL,
	lower		bound,								/* of a percentage kind */
	upper		bound,
	source		text
);

/*
 * Lots of one source add up; of several sources the smallest lower and the largest upper end count.
 */
CREATE FUNCTION tellings(of_graph int)
RETURNS TABLE (holder text, held text, kind text, lower bound, upper bound)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	row record;
	told record;
	sum_lower bound;
	sum_upper bound;
BEGIN
	FOR row IN SELECT DISTINCT i.holder, i.held, i.kind FROM interest i
			   WHERE i.graph = of_graph AND i.kind IN ('voting', 'board', 'equity') LOOP
		holder := row.holder;
		held := row.held;
		kind := row.kind;
		lower := NULL;
		upper := NULL;
		FOR told IN SELECT array_agg(i.lower) AS lowers, array_agg(i.upper) AS uppers FROM interest i
					WHERE i.graph = of_graph AND i.holder = row.holder AND i.held = row.held AND i.kind = row.kind
					GROUP BY i.source LOOP
			sum_lower := told.lowers[1];
			sum_upper := told.uppers[1];
			FOR lot IN 2 .. cardinality(told.lowers) LOOP
				sum_lower := plus(sum_lower, told.lowers[lot]);
				sum_upper := plus(sum_upper, told.uppers[lot]);
			END LOOP;
			IF lower IS NULL OR against(sum_lower, lower) < 0 OR (against(sum_lower, lower) = 0 AND NOT sum_lower.open) THEN
				lower := sum_lower;
			END IF;
			IF upper IS NULL OR against(sum_upper, upper) > 0 OR (against(sum_upper, upper) = 0 AND NOT sum_upper.open) THEN
				upper := sum_upper;
			END IF;
		END LOOP;
		RETURN NEXT;
	END LOOP;
END $$;

/*
 * The holdings that are outstanding: a party's interest in itself is not, so it leaves the whole, and the rest is rescaled.
 */
CREATE FUNCTION holdings(of_graph int)
RETURNS TABLE (holder text, held text, kind text, lower bound, upper bound)
LANGUAGE sql STABLE AS $$
	WITH told AS MATERIALIZED (SELECT * FROM tellings(of_graph))
	SELECT t.holder, t.held, t.kind,
		CASE WHEN self.held IS NULL THEN t.lower ELSE over(t.lower, minus(of(1), self.lower)) END,
		CASE WHEN self.held IS NULL THEN t.upper ELSE over(t.upper, minus(of(1), self.upper)) END
	FROM told t
	LEFT JOIN told self ON self.holder = t.held AND self.held = t.held AND self.kind = t.kind
	WHERE t.holder <> t.held
$$;

/*
 * The largest or the smallest amount that the holders of one party can hold of it for somebody: holder i holds between
 * lower[i] and upper[i] and counts by factor[i]; all holdings and the rest that nobody has disclosed make up the whole.  rest
 * says by how much the rest counts; of a complete register there is none.  Start from the lower ends and give what is left
 * to those who count most (or least); those who count alike share it, so the amount is attained unless all of them stand at an
 * end that one of them does not reach.
 */
CREATE FUNCTION poured(largest boolean, complete boolean, rest int, lower bound[], upper bound[], factor bound[]) RETURNS bound
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	one CONSTANT bound := of(1);
	zero CONSTANT bound := of(0);
	f bound[] := factor;
	n int := coalesce(cardinality(factor), 0);
	total bound := zero;
	sum_lower bound := zero;
	sum_upper bound := zero;
	done boolean[];
	slack bound;
	best bound;
	order_of int;
	held bound;						/* by those who count alike: at least, */
	room bound;						/* and more up to */
	unlimited boolean;
	low_open boolean;
	high_open boolean;
	missed boolean := false;		/* some end is out of reach */
BEGIN
	FOR i IN 1 .. n LOOP
		sum_lower := plus(sum_lower, lower[i]);
		sum_upper := plus(sum_upper, upper[i]);
	END LOOP;

	/* no completion of the data exists: each holding by itself */
	IF against(sum_lower, one) + sum_lower.open::int > 0 OR (complete AND against(sum_upper, one) - sum_upper.open::int < 0) THEN
		FOR i IN 1 .. n LOOP
			total := plus(total, times(CASE WHEN largest THEN upper[i] ELSE lower[i] END, factor[i]));
		END LOOP;
		RETURN total;
	END IF;

	/* the rest is one more holder, of anything */
	IF NOT complete THEN
		n := n + 1;
		f := f || of(CASE WHEN largest THEN rest ELSE 0 END);
	END IF;
	slack := closed(minus(one, sum_lower));
	done := array_fill(false, ARRAY[greatest(n, 1)]);
	LOOP
		best := NULL;
		FOR i IN 1 .. n LOOP
			IF NOT done[i] THEN
				order_of := CASE WHEN best IS NULL THEN 1 ELSE against(f[i], best) * CASE WHEN largest THEN 1 ELSE -1 END END;
				IF order_of > 0 OR (order_of = 0 AND best.open AND NOT (f[i]).open) THEN
					best := f[i];
				END IF;
			END IF;
		END LOOP;
		EXIT WHEN best IS NULL;
		held := zero;
		room := zero;
		unlimited := false;
		low_open := false;
		high_open := false;
		FOR i IN 1 .. n LOOP
			CONTINUE WHEN done[i] OR f[i] <> best;
			done[i] := true;
			IF i > coalesce(cardinality(factor), 0) THEN
				unlimited := true;
			ELSE
				held := plus(held, closed(lower[i]));
				room := plus(room, minus(closed(upper[i]), closed(lower[i])));
				low_open := low_open OR (lower[i]).open;
				high_open := high_open OR (upper[i]).open;
			END IF;
		END LOOP;
		IF NOT unlimited AND against(room, slack) <= 0 THEN
			missed := missed OR high_open;
		ELSE
			missed := missed OR (slack.n = 0 AND low_open);
			room := slack;
		END IF;
		slack := minus(slack, room);
		total := plus(total, times(plus(held, room), best));
	END LOOP;
	RETURN ROW(total.n, total.d, total.open OR missed)::bound;
END $$;

CREATE INDEX ON interest (graph);
