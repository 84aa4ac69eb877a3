/*
 * 31 CFR 850.221(c)-(e): which entities are persons of a country of concern through who holds them, and by how much.  For a
 * measure m (voting, board, equity), with the seeds of (a)-(c) taken together:
 *
 *   amount_m(e)  sum over direct holders x of e of what x holds of e times factor_m(x)
 *   member(e)    e is a seed, or amount_m(e) >= 1/2 of some m
 *   factor_m(x)  1 of a member; of anybody else min(1, amount_m(x)) (A-08 cascade_or_proportion), nothing (cascade)
 *
 * The least solution, as in parents().  run as there; seeds whose status is unknown count in the upper runs.
 * With feeds false nobody is a member but the seeds while amounts are added up: who reaches one half is read off at the end.
 */
SET search_path = reference, pg_catalog;

CREATE FUNCTION amounts(of_graph int, run text, proportion boolean, feeds boolean, seeds text[],
	measures text[] DEFAULT '{voting,board,equity}')
RETURNS TABLE (entity text, voting bound, board bound, equity bound, member boolean)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	zero CONSTANT bound := of(0);
	one CONSTANT bound := of(1);
	largest CONSTANT boolean := run <> 'definite';
	of_kind CONSTANT text[] := '{voting,board,equity}';
	ids text[];
	n int;
	complete boolean[];
	rest int[];
	is_seed boolean[];
	is_member boolean[];
	holder int[];
	first int[];
	last int[];
	lower bound[];
	upper bound[];
	amount bound[];					/* (m,e) */
	f bound[];
	next bound;
	at int;
	moved boolean := true;
	round int := 0;
	i record;
BEGIN
	SELECT array_agg(p.id ORDER BY p.id), array_agg(p.register = 'complete' ORDER BY p.id),
		array_agg((run = 'undisclosed' AND p.register = 'open' AND NOT p.unheld)::int ORDER BY p.id),
		array_agg(p.id = ANY (seeds) ORDER BY p.id)
	INTO ids, complete, rest, is_seed FROM party p WHERE p.graph = of_graph;
	n := cardinality(ids);
	is_member := is_seed;

	first := array_fill(1, ARRAY[3 * n]);
	last := array_fill(0, ARRAY[3 * n]);
	FOR i IN SELECT array_position(ids, s.held) AS h, array_position(of_kind, s.kind) AS m, array_position(ids, s.holder) AS g,
				s.lower, s.upper FROM holdings(of_graph) s WHERE s.kind = ANY (measures) ORDER BY 1, 2, 3 LOOP
		IF last[(i.h - 1) * 3 + i.m] = 0 THEN
			first[(i.h - 1) * 3 + i.m] := coalesce(cardinality(holder), 0) + 1;
		END IF;
		holder := holder || i.g;
		lower := lower || i.lower;
		upper := upper || i.upper;
		last[(i.h - 1) * 3 + i.m] := cardinality(holder);
	END LOOP;

	amount := array_fill(zero, ARRAY[3 * n]);
	WHILE moved LOOP
		moved := false;
		round := round + 1;
		IF round > 400 THEN
			RAISE EXCEPTION 'graph % does not settle', of_graph;
		END IF;
		FOR e IN 1 .. n LOOP
			FOR m IN 1 .. 3 LOOP
				CONTINUE WHEN of_kind[m] <> ALL (measures);
				at := (e - 1) * 3 + m;
				f := '{}';
				FOR j IN first[at] .. last[at] LOOP
					f := f || CASE WHEN is_member[holder[j]] THEN one
								   WHEN proportion THEN capped(amount[(m - 1) * n + holder[j]], largest)
								   ELSE zero END;
				END LOOP;
				next := poured(largest, complete[e], rest[e], lower[first[at] : last[at]], upper[first[at] : last[at]], f);
				IF next IS DISTINCT FROM amount[(m - 1) * n + e] THEN
					amount[(m - 1) * n + e] := next;
					moved := true;
				END IF;
				IF feeds AND NOT is_member[e] AND passes(next, false, largest) THEN
					is_member[e] := true;
					moved := true;
				END IF;
			END LOOP;
		END LOOP;
		IF moved AND round > n + 2 AND run = 'definite' AND proportion THEN
			FOR m IN 1 .. 3 LOOP
				amount := amounts_limit(n, m, holder, first, last, lower, is_member, amount);
			END LOOP;
		END IF;
	END LOOP;

	FOR e IN 1 .. n LOOP
		entity := ids[e];
		voting := amount[e];
		board := amount[n + e];
		equity := amount[2 * n + e];
		member := is_member[e] OR passes(voting, false, largest) OR passes(board, false, largest) OR passes(equity, false, largest);
		RETURN NEXT;
	END LOOP;
END $$;

/* the limit of the steps in which members stay; unchanged where there is none, or one above one */
CREATE FUNCTION amounts_limit(n int, m int, holder int[], first int[], last int[], share bound[], is_member boolean[], amount bound[])
RETURNS bound[]
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	zero CONSTANT bound := of(0);
	unknown int[] := '{}';
	result bound[] := amount;
	a bound[];
	b bound[];
	y bound[];
	k int;
	at int;
BEGIN
	FOR e IN 1 .. n LOOP
		IF NOT is_member[e] AND (amount[(m - 1) * n + e]).n > 0 THEN
			unknown := unknown || e;
		END IF;
	END LOOP;
	k := cardinality(unknown);
	IF k = 0 THEN
		RETURN result;
	END IF;
	a := array_fill(zero, ARRAY[k * k]);
	b := array_fill(zero, ARRAY[k]);
	FOR r IN 1 .. k LOOP
		FOR j IN first[(unknown[r] - 1) * 3 + m] .. last[(unknown[r] - 1) * 3 + m] LOOP
			at := array_position(unknown, holder[j]);
			IF at IS NOT NULL THEN
				a[(r - 1) * k + at] := plus(a[(r - 1) * k + at], share[j]);
			ELSIF is_member[holder[j]] THEN
				b[r] := plus(b[r], share[j]);
			END IF;
		END LOOP;
	END LOOP;
	y := solved(a, b, k);
	IF y IS NULL OR (SELECT bool_or(s.n > s.d) FROM unnest(y) s) THEN
		RETURN result;
	END IF;
	FOR r IN 1 .. k LOOP
		IF against(y[r], result[(m - 1) * n + unknown[r]]) > 0 THEN
			result[(m - 1) * n + unknown[r]] := y[r];
		END IF;
	END LOOP;
	RETURN result;
END $$;

/* the seeds of a run: those whose status is unknown count in the upper runs */
CREATE FUNCTION seeds(of_graph int, run text) RETURNS text[]
LANGUAGE sql STABLE AS $$
	SELECT coalesce(array_agg(p.id), '{}') FROM party p
	WHERE p.graph = of_graph AND (p.seed = 'yes' OR (p.seed = 'maybe' AND run <> 'definite'))
$$;

/*
 * The same under the literal reading of tiers (A-09 literal, A-10 stop_after_e): (d) once from the persons of (a)-(c) by
 * proportion, (e) once from the entities of (d).
 */
CREATE FUNCTION concern_literal(of_graph int, run text) RETURNS TABLE (entity text, member boolean)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	base CONSTANT text[] := seeds(of_graph, run);
	d text[];
BEGIN
	SELECT coalesce(array_agg(a.entity), '{}') INTO d FROM amounts(of_graph, run, true, false, base) a
	WHERE a.member AND a.entity <> ALL (base);
	RETURN QUERY SELECT a.entity, a.member OR a.entity = ANY (base) FROM amounts(of_graph, run, true, false, d) a;
END $$;

/* 850.221 as read by default and under A-08 cascade */
CREATE FUNCTION concern(of_graph int, run text DEFAULT 'definite', proportion boolean DEFAULT true)
RETURNS TABLE (entity text, voting bound, board bound, equity bound, member boolean)
LANGUAGE sql STABLE AS $$
	SELECT * FROM amounts(of_graph, run, proportion, true, seeds(of_graph, run))
$$;

/*
 * Owned by listed persons (850.224(m)(4), OFAC FAQ 398-401): equity alone, and only holders that are listed or so owned count.
 * The seeds are the listed.
 */
CREATE FUNCTION owned_by_listed(of_graph int, run text DEFAULT 'definite')
RETURNS TABLE (entity text, voting bound, board bound, equity bound, member boolean)
LANGUAGE sql STABLE AS $$
	SELECT * FROM amounts(of_graph, run, false, true, seeds(of_graph, 'definite'), '{equity}')
$$;

/* true, false or NULL, as a question to the data has to be answered */
CREATE FUNCTION verdict(definite boolean, possible boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN definite THEN true WHEN possible THEN NULL ELSE false END
$$;
