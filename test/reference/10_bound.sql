/*
 * The slow and obviously right reading of 31 CFR 850.206 and 850.221, against which the extension is compared.  It is written
 * from the text of the rules alone, in PL/pgSQL, and shares nothing with the extension.
 *
 * This part: exact numbers.  A bound is a fraction and a bit that says that the end itself is not attained.
 */
CREATE SCHEMA reference;
SET search_path = reference, pg_catalog;

CREATE TYPE bound AS (
	n		numeric,		/* numerator */
	d		numeric,		/* denominator, positive */
	open	boolean			/* lower bounds: the amount is more than n/d; upper bounds: less */
);

CREATE FUNCTION of(n numeric, d numeric DEFAULT 1, open boolean DEFAULT false) RETURNS bound
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN ROW(div(n, gcd(n, d)), div(d, gcd(n, d)), open)::bound;
END $$;

CREATE FUNCTION plus(a bound, b bound) RETURNS bound
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	n numeric := a.n * b.d + b.n * a.d;
	d numeric := a.d * b.d;
	g numeric := gcd(n, d);
BEGIN
	RETURN ROW(div(n, g), div(d, g), a.open OR b.open)::bound;
END $$;

/* may be negative: only eliminations use it */
CREATE FUNCTION minus(a bound, b bound) RETURNS bound
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	n numeric := a.n * b.d - b.n * a.d;
	d numeric := a.d * b.d;
	g numeric := gcd(n, d);
BEGIN
	RETURN ROW(div(n, g), div(d, g), a.open OR b.open)::bound;
END $$;

/* the end is out of reach if one factor's is, and the other factor is there at all */
CREATE FUNCTION times(a bound, b bound) RETURNS bound
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	n numeric := a.n * b.n;
	d numeric := a.d * b.d;
	g numeric := gcd(n, d);
BEGIN
	RETURN ROW(div(n, g), div(d, g), (a.open AND (b.n > 0 OR b.open)) OR (b.open AND (a.n > 0 OR a.open)))::bound;
END $$;

CREATE FUNCTION over(a bound, b bound) RETURNS bound
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	n numeric := a.n * b.d * sign(b.n);
	d numeric := a.d * abs(b.n);
	g numeric := gcd(n, d);
BEGIN
	RETURN ROW(div(n, g), div(d, g), a.open OR b.open)::bound;
END $$;

/* the end itself */
CREATE FUNCTION closed(a bound) RETURNS bound
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN ROW(a.n, a.d, false)::bound;
END $$;

/* -1, 0 or 1, by value alone */
CREATE FUNCTION against(a bound, b bound) RETURNS int
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN sign(a.n * b.d - b.n * a.d);
END $$;

/* at most the whole: an amount above one is one, and attained */
CREATE FUNCTION capped(a bound, upper boolean) RETURNS bound
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF a.n < a.d OR (a.n = a.d AND upper) THEN
		RETURN a;
	END IF;
	RETURN ROW(1, 1, false)::bound;
END $$;

/*
 * Is it more than one half (850.219), or at least one half (850.221)?  Of a lower bound: for every amount that it allows;
 * of an upper bound: for some.
 */
CREATE FUNCTION passes(a bound, strict boolean, upper boolean) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF a.n * 2 <> a.d THEN
		RETURN a.n * 2 > a.d;
	END IF;
	IF strict THEN
		RETURN a.open AND NOT upper;
	END IF;
	RETURN NOT (a.open AND upper);
END $$;

CREATE FUNCTION display(a bound) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN a.n IS NULL THEN NULL ELSE a.n || '/' || a.d || CASE WHEN a.open THEN ' (open)' ELSE '' END END
$$;

/*
 * The least non-negative solution of y = a y + b (row-major n x n), or NULL if there is none: elimination, every pivot of
 * which must be positive, and no negative result.
 */
CREATE FUNCTION solved(a bound[], b bound[], n int) RETURNS bound[]
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	m bound[] := a;
	y bound[] := b;
	zero CONSTANT bound := of(0);
	factor bound;
BEGIN
	FOR i IN 1 .. n LOOP
		FOR j IN 1 .. n LOOP
			m[(i - 1) * n + j] := minus(of((i = j)::int), m[(i - 1) * n + j]);
		END LOOP;
	END LOOP;
	FOR p IN 1 .. n LOOP
		IF (m[(p - 1) * n + p]).n <= 0 THEN
			RETURN NULL;
		END IF;
		FOR i IN 1 .. n LOOP
			CONTINUE WHEN i = p OR (m[(i - 1) * n + p]).n = 0;
			factor := over(m[(i - 1) * n + p], m[(p - 1) * n + p]);
			FOR j IN p .. n LOOP
				m[(i - 1) * n + j] := minus(m[(i - 1) * n + j], times(factor, m[(p - 1) * n + j]));
			END LOOP;
			y[i] := minus(y[i], times(factor, y[p]));
		END LOOP;
	END LOOP;
	FOR p IN 1 .. n LOOP
		y[p] := over(y[p], m[(p - 1) * n + p]);
		IF (y[p]).n < 0 THEN
			RETURN NULL;
		END IF;
	END LOOP;
	RETURN y;
END $$;
