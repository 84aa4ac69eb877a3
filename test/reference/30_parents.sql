/*
 * 31 CFR 850.206(b) and 850.219: who is a parent of whom, and what of each party's voting and board interest is attributed to
 * each other party.  For x, a root, and t, a party:
 *
 *   parent(x,y)  x, or somebody of whom x is a parent, is general partner or managing member of y, or investment adviser of the
 *                pooled fund y; or eff_m(x,y) > 1/2 of some measure m
 *   link_m(g,h)  1 if parent(g,h), else what g holds of h; under strict_product (A-01) always what g holds of h
 *   up_m(x,h)    1 if h = x or parent(x,h), else min(1, sum over those g who hold or have a role in h of link_m(g,h) * w_m(x,g))
 *   w_m(x,h)     the largest up over the measures (A-02 max); under same_metric up_m(x,h)
 *   eff_m(x,t)   sum over direct holders h of t of what h holds of t times w_m(x,h)
 *
 * The least solution for all x together.  Bounds only ever grow: go on from nothing until nothing changes.  On cycles that
 * would take forever: so once every path has been walked, guess that what still changes follows fixed linear equations,
 * solve them, and go on from their solution if it is at most one everywhere.  Such a solution is never too much, since it is
 * the limit of steps that were all allowed.  The answer is only ever taken when a step changes nothing.
 *
 * run: definite (what every completion of the data gives), disclosed (the most within the ranges told), undisclosed (the most,
 * the undisclosed rest of an open register being x's).  Cycles are solved for exact data only.
 */
SET search_path = reference, pg_catalog;

CREATE FUNCTION parents(of_graph int, run text DEFAULT 'definite', literal boolean DEFAULT true, across boolean DEFAULT true)
RETURNS TABLE (root text, held text, voting bound, board bound, parent boolean)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	zero CONSTANT bound := of(0);
	one CONSTANT bound := of(1);
	largest CONSTANT boolean := run <> 'definite';
	ids text[];
	n int;
	complete boolean[];
	rest int[];
	confers boolean[];				/* (g,h): a role makes g a parent of h */
	holder int[];					/* per interest: who, */
	first int[];					/* where the interests in (h,m) start and end */
	last int[];
	lower bound[];
	upper bound[];
	others int[];					/* (g,h) pairs with a role and no share in that measure: who */
	is_parent boolean[];			/* (x,y) */
	w bound[];						/* ((x,m),h): the state */
	up bound[];
	eff bound[];
	next bound;
	carried bound;
	told bound;
	f bound[];
	exact boolean[];				/* (h,m): no ranges there, and no rest that counts */
	whole boolean;
	at int;
	round int := 0;
	moved boolean := true;
	i record;
	of_kind text[] := '{voting,board}';
BEGIN
	SELECT array_agg(p.id ORDER BY p.id), array_agg(p.register = 'complete' ORDER BY p.id),
		array_agg((run = 'undisclosed' AND p.register = 'open' AND NOT p.unheld)::int ORDER BY p.id)
	INTO ids, complete, rest FROM party p WHERE p.graph = of_graph;
	n := cardinality(ids);

	/* 850.219(b), (c) */
	confers := array_fill(false, ARRAY[n * n]);
	FOR i IN SELECT array_position(ids, r.holder) AS g, array_position(ids, r.held) AS h
			 FROM interest r JOIN party p ON p.graph = r.graph AND p.id = r.held
			 WHERE r.graph = of_graph AND r.holder <> r.held
			   AND (r.kind IN ('general_partner', 'managing_member') OR (r.kind = 'investment_adviser' AND p.pooled_fund)) LOOP
		confers[(i.g - 1) * n + i.h] := true;
	END LOOP;

	/*
	 * Everybody who holds or has a role in h stands in both measures of h, with a share of nothing where none is told
	 */
	first := array_fill(1, ARRAY[2 * n]);
	last := array_fill(0, ARRAY[2 * n]);
	FOR i IN SELECT array_position(ids, q.held) AS h, m, array_position(ids, q.holder) AS g,
				coalesce(s.lower, zero) AS lower, coalesce(s.upper, zero) AS upper
			 FROM (SELECT DISTINCT r.holder, r.held FROM interest r
				   WHERE r.graph = of_graph AND r.holder <> r.held
					 AND (r.kind IN ('voting', 'board', 'general_partner', 'managing_member') OR
						  (r.kind = 'investment_adviser' AND EXISTS (SELECT FROM party p WHERE p.graph = of_graph AND p.id = r.held
																	 AND p.pooled_fund)))) q
			 CROSS JOIN generate_series(1, 2) m
			 LEFT JOIN holdings(of_graph) s ON s.holder = q.holder AND s.held = q.held AND s.kind = of_kind[m]
			 ORDER BY 1, 2, 3 LOOP
		IF last[(i.h - 1) * 2 + i.m] = 0 THEN
			first[(i.h - 1) * 2 + i.m] := coalesce(cardinality(holder), 0) + 1;
		END IF;
		holder := holder || i.g;
		lower := lower || i.lower;
		upper := upper || i.upper;
		last[(i.h - 1) * 2 + i.m] := cardinality(holder);
	END LOOP;
	exact := array_fill(true, ARRAY[2 * n]);
	FOR h IN 1 .. n LOOP
		FOR m IN 1 .. 2 LOOP
			at := (h - 1) * 2 + m;
			exact[at] := rest[h] = 0 AND NOT EXISTS (SELECT FROM generate_series(first[at], last[at]) j WHERE lower[j] <> upper[j]);
		END LOOP;
	END LOOP;

	is_parent := confers;
	w := array_fill(zero, ARRAY[n * 2 * n]);
	up := w;
	eff := w;
	FOR x IN 1 .. n LOOP
		w[((x - 1) * 2 + 0) * n + x] := one;
		w[((x - 1) * 2 + 1) * n + x] := one;
	END LOOP;

	WHILE moved OR round < 2 LOOP
		moved := false;
		round := round + 1;
		IF round > 400 THEN
			RAISE EXCEPTION 'graph % does not settle', of_graph;
		END IF;
		FOR x IN 1 .. n LOOP
			FOR h IN 1 .. n LOOP
				FOR m IN 1 .. 2 LOOP
					/* eff_m(x,h), and the sum in up_m(x,h), where a parent link counts whole whatever its share */
					at := (h - 1) * 2 + m;
					whole := h = x OR is_parent[(x - 1) * n + h];
					carried := zero;
					IF exact[at] THEN					/* nothing to pour */
						told := zero;
						FOR j IN first[at] .. last[at] LOOP
							next := w[((x - 1) * 2 + m - 1) * n + holder[j]];
							CONTINUE WHEN next.n = 0;
							told := plus(told, times(lower[j], next));
							IF NOT whole THEN
								carried := plus(carried, CASE WHEN literal AND is_parent[(holder[j] - 1) * n + h] THEN next
															  ELSE times(lower[j], next) END);
							END IF;
						END LOOP;
						eff[((x - 1) * 2 + m - 1) * n + h] := told;
						next := CASE WHEN whole THEN one ELSE capped(carried, largest) END;
					ELSE
						f := '{}';
						FOR j IN first[at] .. last[at] LOOP
							next := w[((x - 1) * 2 + m - 1) * n + holder[j]];
							f := f || next;
							IF literal AND is_parent[(holder[j] - 1) * n + h] THEN
								carried := plus(carried, next);
							END IF;
						END LOOP;
						eff[((x - 1) * 2 + m - 1) * n + h] := poured(largest, complete[h], CASE WHEN x = h THEN 0 ELSE rest[h] END,
							lower[first[at] : last[at]], upper[first[at] : last[at]], f);
						IF whole THEN
							next := one;
						ELSIF literal THEN
							FOR j IN first[at] .. last[at] LOOP
								IF is_parent[(holder[j] - 1) * n + h] THEN
									f[j - first[at] + 1] := zero;
								END IF;
							END LOOP;
							next := capped(plus(carried, poured(largest, complete[h], rest[h],
								lower[first[at] : last[at]], upper[first[at] : last[at]], f)), largest);
						ELSE
							next := capped(eff[((x - 1) * 2 + m - 1) * n + h], largest);
						END IF;
					END IF;
					up[((x - 1) * 2 + m - 1) * n + h] := next;
				END LOOP;
				FOR m IN 1 .. 2 LOOP
					next := up[((x - 1) * 2 + m - 1) * n + h];
					IF across THEN
						carried := up[((x - 1) * 2 + 2 - m) * n + h];
						IF against(carried, next) > 0 OR (against(carried, next) = 0 AND carried.open <> next.open AND carried.open <> largest) THEN
							next := carried;
						END IF;
					END IF;
					/* the first round only finds parents by what they hold themselves: their links may be told as more than one */
					IF round > 1 AND next IS DISTINCT FROM w[((x - 1) * 2 + m - 1) * n + h] THEN
						w[((x - 1) * 2 + m - 1) * n + h] := next;
						moved := true;
					END IF;
				END LOOP;
			END LOOP;
		END LOOP;
		/* 850.219(b), (c): a role counts for the parents of who has it */
		FOR x IN 1 .. n LOOP
			FOR h IN 1 .. n LOOP
				CONTINUE WHEN x = h OR is_parent[(x - 1) * n + h];
				FOR g IN 1 .. n LOOP
					IF confers[(g - 1) * n + h] AND is_parent[(x - 1) * n + g] THEN
						is_parent[(x - 1) * n + h] := true;
						moved := true;
					END IF;
				END LOOP;
			END LOOP;
		END LOOP;
		/* 850.219(a): more than 50 percent */
		FOR x IN 1 .. n LOOP
			FOR h IN 1 .. n LOOP
				IF x <> h AND NOT is_parent[(x - 1) * n + h]
					AND (passes(eff[((x - 1) * 2 + 0) * n + h], true, largest) OR passes(eff[((x - 1) * 2 + 1) * n + h], true, largest)) THEN
					is_parent[(x - 1) * n + h] := true;
					moved := true;
				END IF;
			END LOOP;
		END LOOP;
		IF moved AND round > n + 2 AND run = 'definite' THEN
			w := accelerated(n, literal, across, holder, first, last, lower, is_parent, up, w);
		END IF;
	END LOOP;

	FOR x IN 1 .. n LOOP
		FOR h IN 1 .. n LOOP
			CONTINUE WHEN x = h;
			root := ids[x];
			held := ids[h];
			voting := eff[((x - 1) * 2 + 0) * n + h];
			board := eff[((x - 1) * 2 + 1) * n + h];
			parent := is_parent[(x - 1) * n + h];
			RETURN NEXT;
		END LOOP;
	END LOOP;
END $$;

/*
 * The limit of the steps in which parents stay, what is one stays one, and each party's larger measure stays the larger; the
 * state unchanged for a root whose equations have no solution, or one above one.
 */
CREATE FUNCTION accelerated(n int, literal boolean, across boolean, holder int[], first int[], last int[], share bound[],
	is_parent boolean[], up bound[], w bound[]) RETURNS bound[]
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	zero CONSTANT bound := of(0);
	one CONSTANT bound := of(1);
	result bound[] := w;
	unknown int[];					/* parties of the equations */
	a bound[];
	b bound[];
	y bound[];
	k int;
	measure int;
	at int;
	h int;
	link bound;
BEGIN
	FOR x IN 1 .. n LOOP
		FOR m IN 1 .. CASE WHEN across THEN 1 ELSE 2 END LOOP
			unknown := '{}';
			FOR h IN 1 .. n LOOP
				IF (w[((x - 1) * 2 + m - 1) * n + h]).n > 0 AND against(w[((x - 1) * 2 + m - 1) * n + h], one) < 0 THEN
					unknown := unknown || h;
				END IF;
			END LOOP;
			k := cardinality(unknown);
			CONTINUE WHEN k = 0;
			a := array_fill(zero, ARRAY[k * k]);
			b := array_fill(zero, ARRAY[k]);
			FOR r IN 1 .. k LOOP
				h := unknown[r];
				measure := m;
				IF across AND against(up[((x - 1) * 2 + 1) * n + h], up[((x - 1) * 2 + 0) * n + h]) > 0 THEN
					measure := 2;
				END IF;
				FOR j IN first[(h - 1) * 2 + measure] .. last[(h - 1) * 2 + measure] LOOP
					link := CASE WHEN literal AND is_parent[(holder[j] - 1) * n + h] THEN one ELSE share[j] END;
					at := array_position(unknown, holder[j]);
					IF at IS NOT NULL THEN
						a[(r - 1) * k + at] := plus(a[(r - 1) * k + at], link);
					ELSE
						b[r] := plus(b[r], times(link, w[((x - 1) * 2 + m - 1) * n + holder[j]]));
					END IF;
				END LOOP;
			END LOOP;
			y := solved(a, b, k);
			CONTINUE WHEN y IS NULL;
			CONTINUE WHEN (SELECT bool_or(s.n > s.d) FROM unnest(y) s);
			FOR r IN 1 .. k LOOP
				IF against(y[r], result[((x - 1) * 2 + m - 1) * n + unknown[r]]) > 0 THEN
					result[((x - 1) * 2 + m - 1) * n + unknown[r]] := y[r];
					IF across THEN
						result[((x - 1) * 2 + 1) * n + unknown[r]] := y[r];
					END IF;
				END IF;
			END LOOP;
		END LOOP;
	END LOOP;
	RETURN result;
END $$;
