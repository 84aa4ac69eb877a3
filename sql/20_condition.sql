/*
 * Verdicts, and the type of the conditions that lead to them.
 */

CREATE TYPE outcome AS ENUM ('out_of_scope', 'not_covered', 'excepted', 'exempted', 'undetermined', 'notifiable', 'prohibited');
COMMENT ON TYPE outcome IS 'verdict on a deal or an activity, from harmless to severe, so that max() is the worst: out_of_scope (not inside the program, as by date or actor), not_covered (no covered transaction, 31 CFR 850.210), excepted (850.501), exempted (850.502), undetermined (the facts at hand leave it open), notifiable (850.217), prohibited (850.224)';

CREATE TYPE condition;

CREATE FUNCTION condition_in(input cstring) RETURNS condition
	AS 'MODULE_PATHNAME', 'outbound_condition_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_in(cstring) IS 'I/O: the condition of a text; grammar is checked, names are not; errors 22P02, 54000, 54001';

CREATE FUNCTION condition_out(condition condition) RETURNS cstring
	AS 'MODULE_PATHNAME', 'outbound_condition_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_out(condition) IS 'I/O: the canonical text of a condition';

CREATE FUNCTION condition_recv(input internal) RETURNS condition
	AS 'MODULE_PATHNAME', 'outbound_condition_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_recv(internal) IS 'I/O: a version byte and the text of a condition, checked like text; errors 22P02, 22P03, 54000, 54001';

CREATE FUNCTION condition_send(condition condition) RETURNS bytea
	AS 'MODULE_PATHNAME', 'outbound_condition_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_send(condition) IS 'I/O: a version byte and the canonical text of a condition';

CREATE TYPE condition (
	INPUT = condition_in,
	OUTPUT = condition_out,
	RECEIVE = condition_recv,
	SEND = condition_send,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE condition IS 'legal condition over named facts in Kleene''s three-valued logic: and, or, not; sets && {any, of}, @> {all, of}, = {}, <> {}; texts = <> in; exact numbers + - * / and days with = <> < <= > >=; an unknown fact never counts as false';

CREATE FUNCTION condition_cmp(a condition, b condition) RETURNS int
	AS 'MODULE_PATHNAME', 'outbound_condition_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_cmp(condition, condition) IS 'negative, zero or positive; an order of use to sorting and indexes, without meaning in law';

CREATE FUNCTION condition_eq(a condition, b condition) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_condition_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_eq(condition, condition) IS 'equal: the canonical texts are the same';

CREATE FUNCTION condition_ne(a condition, b condition) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_condition_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_ne(condition, condition) IS 'not equal: the canonical texts differ';

CREATE FUNCTION condition_lt(a condition, b condition) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_condition_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_lt(condition, condition) IS 'sorts before';

CREATE FUNCTION condition_le(a condition, b condition) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_condition_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_le(condition, condition) IS 'sorts before or is equal';

CREATE FUNCTION condition_gt(a condition, b condition) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_condition_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_gt(condition, condition) IS 'sorts after';

CREATE FUNCTION condition_ge(a condition, b condition) RETURNS boolean
	AS 'MODULE_PATHNAME', 'outbound_condition_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_ge(condition, condition) IS 'sorts after or is equal';

CREATE OPERATOR = (
	LEFTARG = condition, RIGHTARG = condition, FUNCTION = condition_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (condition, condition) IS 'equal: the canonical texts are the same';

CREATE OPERATOR <> (
	LEFTARG = condition, RIGHTARG = condition, FUNCTION = condition_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (condition, condition) IS 'not equal: the canonical texts differ';

CREATE OPERATOR < (
	LEFTARG = condition, RIGHTARG = condition, FUNCTION = condition_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (condition, condition) IS 'sorts before';

CREATE OPERATOR <= (
	LEFTARG = condition, RIGHTARG = condition, FUNCTION = condition_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (condition, condition) IS 'sorts before or is equal';

CREATE OPERATOR > (
	LEFTARG = condition, RIGHTARG = condition, FUNCTION = condition_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (condition, condition) IS 'sorts after';

CREATE OPERATOR >= (
	LEFTARG = condition, RIGHTARG = condition, FUNCTION = condition_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (condition, condition) IS 'sorts after or is equal';

CREATE FUNCTION condition_hash(a condition) RETURNS int
	AS 'MODULE_PATHNAME', 'outbound_condition_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_hash(condition) IS 'hash';

CREATE FUNCTION condition_hash_extended(a condition, seed bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'outbound_condition_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_hash_extended(condition, bigint) IS 'hash of 64 bits with a seed';

CREATE OPERATOR CLASS condition_ops DEFAULT FOR TYPE condition USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 condition_cmp(condition, condition);
COMMENT ON OPERATOR CLASS condition_ops USING btree IS 'order of conditions, for sorting and uniqueness';

CREATE OPERATOR CLASS condition_ops DEFAULT FOR TYPE condition USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 condition_hash(condition),
	FUNCTION 2 condition_hash_extended(condition, bigint);
COMMENT ON OPERATOR CLASS condition_ops USING hash IS 'equality of conditions';
