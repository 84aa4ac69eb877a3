/*
 * What would be, what was, what tips it, and whether the answer holds.
 */

CREATE FUNCTION what_if(changes jsonb, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, holder_id text, before text, after text, kind text, before_share share, after_share share, proof text)
AS 'MODULE_PATHNAME', 'outbound_what_if'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION what_if(jsonb, text, date) IS
	'The parties whose status under an ownership test would change; no table is written. changes: an array of {"op": "add" | "change" | "remove", "holder", "held", "kind", "share"}: add is one more lot, change sets what the holder has of that kind, remove takes it away; several apply in order. before, after: definite, possible, undisclosed or no. holder_id: whose the party would (cease to) be, in a test asked root by root; NULL in a pooled test and, for 31 CFR 850.206, for being a controlled foreign entity of some U.S. person. kind: the measure of before_share and after_share, the amounts attributed, exact or bounds. proof: of the higher of the two grades. 22023 for a change that is not well formed, 42704 for an unknown party, test or interest';

CREATE FUNCTION status_history(party text, test text, span daterange DEFAULT NULL)
RETURNS TABLE (during daterange, grade text)
AS 'MODULE_PATHNAME', 'outbound_status_history'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION status_history(text, text, daterange) IS
	'A party''s status under an ownership test as the step function of time; a test of one holder at a time is met where anybody whom it asks about (for 31 CFR 850.206 a U.S. person) meets it: definite, possible, undisclosed, no, or NULL while no row of party or interest speaks of it or the test does not exist. Days outside span are left out. 42704 for an unknown party or test, 54000 over 100000 days of change';

CREATE FUNCTION status_history(party bigint, test text, span daterange DEFAULT NULL)
RETURNS TABLE (during daterange, grade text)
AS 'MODULE_PATHNAME', 'outbound_status_history'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION status_history(bigint, text, daterange) IS
	'A party''s status under an ownership test as the step function of time; a test of one holder at a time is met where anybody whom it asks about (for 31 CFR 850.206 a U.S. person) meets it: definite, possible, undisclosed, no, or NULL while no row of party or interest speaks of it or the test does not exist. Days outside span are left out. 42704 for an unknown party or test, 54000 over 100000 days of change';

CREATE FUNCTION status_history(party uuid, test text, span daterange DEFAULT NULL)
RETURNS TABLE (during daterange, grade text)
AS 'MODULE_PATHNAME', 'outbound_status_history'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION status_history(uuid, text, daterange) IS
	'A party''s status under an ownership test as the step function of time; a test of one holder at a time is met where anybody whom it asks about (for 31 CFR 850.206 a U.S. person) meets it: definite, possible, undisclosed, no, or NULL while no row of party or interest speaks of it or the test does not exist. Days outside span are left out. 42704 for an unknown party or test, 54000 over 100000 days of change';

CREATE FUNCTION ownership_tipping(holder text, held text, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (holder_id text, held_id text, kind text, share share, critical boolean, bound text, tips_at share, remark text)
AS 'MODULE_PATHNAME', 'outbound_ownership_tipping'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION ownership_tipping(text, text, text, date) IS
	'Every single stake whose change alone makes or unmakes held certainly holder''s under an ownership test, everything else alike: held is holder''s where the stake is "at least" or "more than" (bound) tips_at, an exact share. share: what the stake is, 0 where it would be new; critical: its removal alone ends the status; tips_at is NULL for a role. What is given up or taken goes to or comes from nobody of interest. A stake whose exact share cannot be proved has a remark instead, and a cone of which none can has a notice. 42704 for an unknown id or test, 0A000 for a test that is met through another';

CREATE FUNCTION ownership_tipping(holder bigint, held bigint, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (holder_id text, held_id text, kind text, share share, critical boolean, bound text, tips_at share, remark text)
AS 'MODULE_PATHNAME', 'outbound_ownership_tipping'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION ownership_tipping(bigint, bigint, text, date) IS
	'Every single stake whose change alone makes or unmakes held certainly holder''s under an ownership test, everything else alike: held is holder''s where the stake is "at least" or "more than" (bound) tips_at, an exact share. share: what the stake is, 0 where it would be new; critical: its removal alone ends the status; tips_at is NULL for a role. What is given up or taken goes to or comes from nobody of interest. A stake whose exact share cannot be proved has a remark instead, and a cone of which none can has a notice. 42704 for an unknown id or test, 0A000 for a test that is met through another';

CREATE FUNCTION ownership_tipping(holder uuid, held uuid, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (holder_id text, held_id text, kind text, share share, critical boolean, bound text, tips_at share, remark text)
AS 'MODULE_PATHNAME', 'outbound_ownership_tipping'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION ownership_tipping(uuid, uuid, text, date) IS
	'Every single stake whose change alone makes or unmakes held certainly holder''s under an ownership test, everything else alike: held is holder''s where the stake is "at least" or "more than" (bound) tips_at, an exact share. share: what the stake is, 0 where it would be new; critical: its removal alone ends the status; tips_at is NULL for a role. What is given up or taken goes to or comes from nobody of interest. A stake whose exact share cannot be proved has a remark instead, and a cone of which none can has a notice. 42704 for an unknown id or test, 0A000 for a test that is met through another';

CREATE FUNCTION verify(test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (run text, party_id text, holder_id text, kind text, fault text, claimed share, found share, checked bigint, parties bigint)
AS 'MODULE_PATHNAME', 'outbound_verify'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000000 ROWS 1;
COMMENT ON FUNCTION verify(text, date) IS
	'What is wrong with the answer of members() for an ownership test (and with parents() and controlled_foreign_entities() for 31 CFR 850.206), checked by other means than it was computed with: a row for each fault, and a last one without a fault that says of how many of the parties the answer was checked. Every amount must be exactly what the holders make it, every status what amounts, roles and principals make it, members of a ring must rise again from the seeds up, and all that flows round a ring must be fed from outside it. run: definite, possible or undisclosed, or members where an answer is another than the checked one; holder_id: whose attribution it is, NULL where the seeds are pooled; claimed and found: the attributed amount. A pooled test is checked of every party; one of one holder at a time of as many as a fixed amount of work allows, in a fixed shuffled order. A ring in which a gate is met only in the limit, or rests on an open end, may be told as not decided. 42704 for an unknown test';

CREATE FUNCTION engine_statistics()
RETURNS TABLE (test text, as_of date, parties bigint, by_integers bigint, by_enclosures bigint, exactly bigint, left_open bigint, largest_ring integer)
AS 'MODULE_PATHNAME', 'outbound_engine_statistics'
LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED COST 10 ROWS 1;
COMMENT ON FUNCTION engine_statistics() IS
	'How the last answer about everybody that this session computed (members() of a pooled test, controlled_foreign_entities(), and what rests on them) was decided; no row before the first. parties: all there are; by_integers: parties decided by sums of shares alone; by_enclosures: by bounds of what flows in proportion, rounded outward; exactly: in exact fractions, or of controlled_foreign_entities() pairs of a U.S. person and a party that were asked about by themselves; left_open: not decided within the budget, and told as possible; largest_ring: parties of the largest ring that anything flowed round. The runs for what is certain, possible and undisclosed are added up, the seeds left out. An answer that is kept within a transaction is not counted again';

CREATE VIEW engine_statistics AS SELECT * FROM engine_statistics();
COMMENT ON VIEW engine_statistics IS 'engine_statistics(): how the session''s last answer about everybody was decided';
COMMENT ON COLUMN engine_statistics.test IS 'the ownership test that was asked about';
COMMENT ON COLUMN engine_statistics.as_of IS 'the day it was asked about';
COMMENT ON COLUMN engine_statistics.parties IS 'all parties there are';
COMMENT ON COLUMN engine_statistics.by_integers IS 'decided by sums of shares alone, over all runs';
COMMENT ON COLUMN engine_statistics.by_enclosures IS 'decided by bounds of what flows in proportion, rounded outward';
COMMENT ON COLUMN engine_statistics.exactly IS 'decided in exact fractions';
COMMENT ON COLUMN engine_statistics.left_open IS 'not decided within the budget, and told as possible';
COMMENT ON COLUMN engine_statistics.largest_ring IS 'parties of the largest ring that anything flowed round';
