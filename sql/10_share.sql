/*
 * Type share: an exact fraction, or an interval of fractions where only a range is known.
 */

CREATE TYPE share;

CREATE FUNCTION share_in(cstring) RETURNS share
	AS 'MODULE_PATHNAME', 'outbound_share_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION share_in(cstring) IS
	'reads a share: 51%, 0.51, 1/3, (25%,50%], >50%, unknown, infinity; 22P02 for what is none or ambiguous (51), 22003 for a negative or an empty range, 54000 over 4096 digits';

CREATE FUNCTION share_out(share) RETURNS cstring
	AS 'MODULE_PATHNAME', 'outbound_share_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION share_out(share) IS
	'the canonical text of a share, which reads back as the same value';

CREATE FUNCTION share_recv(internal) RETURNS share
	AS 'MODULE_PATHNAME', 'outbound_share_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION share_recv(internal) IS
	'reads the binary form of a share; 22P03 for anything but a canonical value';

CREATE FUNCTION share_send(share) RETURNS bytea
	AS 'MODULE_PATHNAME', 'outbound_share_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION share_send(share) IS
	'the binary form of a share';

CREATE TYPE share (
	INPUT = share_in,
	OUTPUT = share_out,
	RECEIVE = share_recv,
	SEND = share_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE share IS
	'a part of a whole: an exact fraction of any size (51%, 1/3), or a range of fractions with ends included or not where only a range is known ((25%,50%], >50%, unknown); never negative, may exceed 100%, may be infinity';

CREATE FUNCTION share_eq(share, share) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_share_eq' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION share_eq(share, share) IS
	'equal to: the same fraction, or the same range';

CREATE FUNCTION share_ne(share, share) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_share_ne' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION share_ne(share, share) IS
	'not equal to';

CREATE FUNCTION share_lt(share, share) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_share_lt' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION share_lt(share, share) IS
	'less than, in the order of lower ends (included first), then upper ends (excluded first); exceeds() compares what is known';

CREATE FUNCTION share_le(share, share) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_share_le' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION share_le(share, share) IS
	'less than or equal to, in the order of lower, then upper ends';

CREATE FUNCTION share_gt(share, share) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_share_gt' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION share_gt(share, share) IS
	'greater than, in the order of lower, then upper ends; exceeds() compares what is known';

CREATE FUNCTION share_ge(share, share) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_share_ge' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION share_ge(share, share) IS
	'greater than or equal to, in the order of lower, then upper ends; at_least() compares what is known';

CREATE FUNCTION share_cmp(share, share) RETURNS integer
	AS 'MODULE_PATHNAME', 'outbound_share_cmp' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION share_cmp(share, share) IS
	'less than, equal to or greater than 0: the order of lower ends, then upper ends';

CREATE FUNCTION share_hash(share) RETURNS integer
	AS 'MODULE_PATHNAME', 'outbound_share_hash' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION share_hash(share) IS
	'hash';

CREATE FUNCTION share_hash_extended(share, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'outbound_share_hash_extended' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION share_hash_extended(share, bigint) IS
	'hash with a seed';

CREATE FUNCTION share_smaller(share, share) RETURNS share
	AS 'MODULE_PATHNAME', 'outbound_share_smaller' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION share_smaller(share, share) IS
	'the first of two in order';

CREATE FUNCTION share_larger(share, share) RETURNS share
	AS 'MODULE_PATHNAME', 'outbound_share_larger' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION share_larger(share, share) IS
	'the last of two in order';

CREATE FUNCTION share_add(share, share) RETURNS share
	AS 'MODULE_PATHNAME', 'outbound_share_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION share_add(share, share) IS
	'exact sum; of ranges the range of sums, an end of which is included if it is in both; 54000 over 4096 digits';

CREATE OPERATOR = (
	FUNCTION = share_eq, LEFTARG = share, RIGHTARG = share,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (share, share) IS 'equal to: the same fraction, or the same range';

CREATE OPERATOR <> (
	FUNCTION = share_ne, LEFTARG = share, RIGHTARG = share,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (share, share) IS 'not equal to';

CREATE OPERATOR < (
	FUNCTION = share_lt, LEFTARG = share, RIGHTARG = share,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (share, share) IS 'less than, in the order of lower ends (included first), then upper ends (excluded first); exceeds() compares what is known';

CREATE OPERATOR <= (
	FUNCTION = share_le, LEFTARG = share, RIGHTARG = share,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (share, share) IS 'less than or equal to, in the order of lower, then upper ends';

CREATE OPERATOR > (
	FUNCTION = share_gt, LEFTARG = share, RIGHTARG = share,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (share, share) IS 'greater than, in the order of lower, then upper ends; exceeds() compares what is known';

CREATE OPERATOR >= (
	FUNCTION = share_ge, LEFTARG = share, RIGHTARG = share,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (share, share) IS 'greater than or equal to, in the order of lower, then upper ends; at_least() compares what is known';

CREATE OPERATOR + (
	FUNCTION = share_add, LEFTARG = share, RIGHTARG = share, COMMUTATOR = +
);
COMMENT ON OPERATOR + (share, share) IS
	'exact sum; of ranges the range of sums';

CREATE OPERATOR CLASS share_ops DEFAULT FOR TYPE share USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 share_cmp(share, share),
	FUNCTION 4 (share, share) pg_catalog.btequalimage(oid);
COMMENT ON OPERATOR CLASS share_ops USING btree IS
	'total order of shares: lower end, then upper end';

CREATE OPERATOR CLASS share_ops DEFAULT FOR TYPE share USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 share_hash(share),
	FUNCTION 2 share_hash_extended(share, bigint);
COMMENT ON OPERATOR CLASS share_ops USING hash IS
	'equality of shares';

CREATE AGGREGATE sum(share) (
	SFUNC = share_add, STYPE = share, COMBINEFUNC = share_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE sum(share) IS
	'exact sum of the shares that are not NULL; NULL if there are none; may exceed 100%; 54000 over 4096 digits';

CREATE AGGREGATE min(share) (
	SFUNC = share_smaller, STYPE = share, COMBINEFUNC = share_smaller, SORTOP = <, PARALLEL = SAFE
);
COMMENT ON AGGREGATE min(share) IS
	'the first share in order that is not NULL; NULL if there are none';

CREATE AGGREGATE max(share) (
	SFUNC = share_larger, STYPE = share, COMBINEFUNC = share_larger, SORTOP = >, PARALLEL = SAFE
);
COMMENT ON AGGREGATE max(share) IS
	'the last share in order that is not NULL; NULL if there are none';

CREATE FUNCTION lower(share share) RETURNS share
	AS 'MODULE_PATHNAME', 'outbound_share_lower' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION lower(share share) IS
	'the smallest the share may be, or the bound it is above; an exact share itself';

CREATE FUNCTION upper(share share) RETURNS share
	AS 'MODULE_PATHNAME', 'outbound_share_upper' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION upper(share share) IS
	'the largest the share may be, or the bound it is below; an exact share itself';

CREATE FUNCTION lower_inc(share share) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_share_lower_inc' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION lower_inc(share share) IS
	'may the share be its lower end?';

CREATE FUNCTION upper_inc(share share) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_share_upper_inc' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION upper_inc(share share) IS
	'may the share be its upper end?';

CREATE FUNCTION percent(share share, digits integer DEFAULT 6) RETURNS numeric
	AS 'MODULE_PATHNAME', 'outbound_share_percent' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION percent(share share, digits integer) IS
	'an exact share in percent, rounded to so many decimal places (0 to 1000, else 22023), halves up; NULL for a range: take percent(lower(x)) and percent(upper(x))';

CREATE FUNCTION share_percent(percent numeric) RETURNS share
	AS 'MODULE_PATHNAME', 'outbound_share_from_percent' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION share_percent(percent numeric) IS
	'the share that is so many percent: 51 gives 51%; 22003 for negative numbers, NaN and infinity';

CREATE FUNCTION share_of(held numeric, outstanding numeric) RETURNS share
	AS 'MODULE_PATHNAME', 'outbound_share_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION share_of(held numeric, outstanding numeric) IS
	'the exact share that held is of outstanding, such as votes; 22012 if nothing is outstanding, 22003 for negative numbers, NaN and infinity';

CREATE FUNCTION exceeds(share share, threshold share) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_share_exceeds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION exceeds(share share, threshold share) IS
	'is the share more than the threshold?  true or false where every value in the ranges gives that answer, NULL where it cannot be determined';

CREATE FUNCTION at_least(share share, threshold share) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_share_at_least' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION at_least(share share, threshold share) IS
	'is the share the threshold or more?  true or false where every value in the ranges gives that answer, NULL where it cannot be determined';
