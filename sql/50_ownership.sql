/*
 * Questions about parties.  Each takes the id as text, bigint or uuid; as_of is the day
 * asked about, today by default.  NULL is "cannot be determined" (or a NULL argument): use
 * IS NOT FALSE for the careful side.
 */

CREATE FUNCTION us_person(party text, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_us_person'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 200;
COMMENT ON FUNCTION us_person(text, date) IS
	'Is the party a U.S. person? NULL: its places, citizenship or residence do not tell; WARNING and NULL for an unknown id (31 CFR 850.229)';

CREATE FUNCTION us_person(party bigint, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_us_person'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 200;
COMMENT ON FUNCTION us_person(bigint, date) IS
	'Is the party a U.S. person? NULL: its places, citizenship or residence do not tell; WARNING and NULL for an unknown id (31 CFR 850.229)';

CREATE FUNCTION us_person(party uuid, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_us_person'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 200;
COMMENT ON FUNCTION us_person(uuid, date) IS
	'Is the party a U.S. person? NULL: its places, citizenship or residence do not tell; WARNING and NULL for an unknown id (31 CFR 850.229)';

CREATE FUNCTION person_of_country_of_concern(party text, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_person_of_country_of_concern'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 500;
COMMENT ON FUNCTION person_of_country_of_concern(text, date) IS
	'Is the party a person of a country of concern, by itself or by ownership? NULL: cannot be determined; WARNING and NULL for an unknown id (31 CFR 850.221)';

CREATE FUNCTION person_of_country_of_concern(party bigint, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_person_of_country_of_concern'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 500;
COMMENT ON FUNCTION person_of_country_of_concern(bigint, date) IS
	'Is the party a person of a country of concern, by itself or by ownership? NULL: cannot be determined; WARNING and NULL for an unknown id (31 CFR 850.221)';

CREATE FUNCTION person_of_country_of_concern(party uuid, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_person_of_country_of_concern'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 500;
COMMENT ON FUNCTION person_of_country_of_concern(uuid, date) IS
	'Is the party a person of a country of concern, by itself or by ownership? NULL: cannot be determined; WARNING and NULL for an unknown id (31 CFR 850.221)';

CREATE FUNCTION person_of_country_of_concern_findings(party text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (limb text, holds boolean, metric text, share share, statement text, because text, missing text[])
AS 'MODULE_PATHNAME', 'outbound_person_of_country_of_concern_findings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000 ROWS 4;
COMMENT ON FUNCTION person_of_country_of_concern_findings(text, date) IS
	'Each limb of 31 CFR 850.221 for one party: attributed share (exact, or its bounds), evidence, what is missing where holds is NULL; 42704 for an unknown id';

CREATE FUNCTION person_of_country_of_concern_findings(party bigint, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (limb text, holds boolean, metric text, share share, statement text, because text, missing text[])
AS 'MODULE_PATHNAME', 'outbound_person_of_country_of_concern_findings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000 ROWS 4;
COMMENT ON FUNCTION person_of_country_of_concern_findings(bigint, date) IS
	'Each limb of 31 CFR 850.221 for one party: attributed share (exact, or its bounds), evidence, what is missing where holds is NULL; 42704 for an unknown id';

CREATE FUNCTION person_of_country_of_concern_findings(party uuid, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (limb text, holds boolean, metric text, share share, statement text, because text, missing text[])
AS 'MODULE_PATHNAME', 'outbound_person_of_country_of_concern_findings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000 ROWS 4;
COMMENT ON FUNCTION person_of_country_of_concern_findings(uuid, date) IS
	'Each limb of 31 CFR 850.221 for one party: attributed share (exact, or its bounds), evidence, what is missing where holds is NULL; 42704 for an unknown id';

CREATE FUNCTION controlled_foreign_entity(party text, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_controlled_foreign_entity'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION controlled_foreign_entity(text, date) IS
	'Is the party the controlled foreign entity of some U.S. person? NULL: cannot be determined; WARNING and NULL for an unknown id (31 CFR 850.206, 850.219)';

CREATE FUNCTION controlled_foreign_entity(party bigint, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_controlled_foreign_entity'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION controlled_foreign_entity(bigint, date) IS
	'Is the party the controlled foreign entity of some U.S. person? NULL: cannot be determined; WARNING and NULL for an unknown id (31 CFR 850.206, 850.219)';

CREATE FUNCTION controlled_foreign_entity(party uuid, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_controlled_foreign_entity'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION controlled_foreign_entity(uuid, date) IS
	'Is the party the controlled foreign entity of some U.S. person? NULL: cannot be determined; WARNING and NULL for an unknown id (31 CFR 850.206, 850.219)';

CREATE FUNCTION controlled_foreign_entity(party text, us_person text, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_controlled_foreign_entity_of'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION controlled_foreign_entity(text, text, date) IS
	'Is the party the controlled foreign entity of this U.S. person? NULL: cannot be determined; WARNING and NULL for an unknown id (31 CFR 850.206, 850.219)';

CREATE FUNCTION controlled_foreign_entity(party bigint, us_person bigint, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_controlled_foreign_entity_of'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION controlled_foreign_entity(bigint, bigint, date) IS
	'Is the party the controlled foreign entity of this U.S. person? NULL: cannot be determined; WARNING and NULL for an unknown id (31 CFR 850.206, 850.219)';

CREATE FUNCTION controlled_foreign_entity(party uuid, us_person uuid, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_controlled_foreign_entity_of'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION controlled_foreign_entity(uuid, uuid, date) IS
	'Is the party the controlled foreign entity of this U.S. person? NULL: cannot be determined; WARNING and NULL for an unknown id (31 CFR 850.206, 850.219)';

CREATE FUNCTION covered_foreign_person(party text, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_covered_foreign_person'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000;
COMMENT ON FUNCTION covered_foreign_person(text, date) IS
	'Is the party a covered foreign person, by its activity or by what it holds? NULL: cannot be determined; WARNING and NULL for an unknown id (31 CFR 850.209(a)(1), (2))';

CREATE FUNCTION covered_foreign_person(party bigint, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_covered_foreign_person'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000;
COMMENT ON FUNCTION covered_foreign_person(bigint, date) IS
	'Is the party a covered foreign person, by its activity or by what it holds? NULL: cannot be determined; WARNING and NULL for an unknown id (31 CFR 850.209(a)(1), (2))';

CREATE FUNCTION covered_foreign_person(party uuid, as_of date DEFAULT CURRENT_DATE)
RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_covered_foreign_person'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000;
COMMENT ON FUNCTION covered_foreign_person(uuid, date) IS
	'Is the party a covered foreign person, by its activity or by what it holds? NULL: cannot be determined; WARNING and NULL for an unknown id (31 CFR 850.209(a)(1), (2))';

CREATE FUNCTION covered_foreign_person_findings(party text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (limb text, holds boolean, metric text, share share, statement text, because text, missing text[])
AS 'MODULE_PATHNAME', 'outbound_covered_foreign_person_findings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000 ROWS 5;
COMMENT ON FUNCTION covered_foreign_person_findings(text, date) IS
	'The limbs of 31 CFR 850.209(a)(1) and, per financial metric, (2): the share that counts, the statement used, what is missing where holds is NULL; 42704 for an unknown id';

CREATE FUNCTION covered_foreign_person_findings(party bigint, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (limb text, holds boolean, metric text, share share, statement text, because text, missing text[])
AS 'MODULE_PATHNAME', 'outbound_covered_foreign_person_findings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000 ROWS 5;
COMMENT ON FUNCTION covered_foreign_person_findings(bigint, date) IS
	'The limbs of 31 CFR 850.209(a)(1) and, per financial metric, (2): the share that counts, the statement used, what is missing where holds is NULL; 42704 for an unknown id';

CREATE FUNCTION covered_foreign_person_findings(party uuid, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (limb text, holds boolean, metric text, share share, statement text, because text, missing text[])
AS 'MODULE_PATHNAME', 'outbound_covered_foreign_person_findings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000 ROWS 5;
COMMENT ON FUNCTION covered_foreign_person_findings(uuid, date) IS
	'The limbs of 31 CFR 850.209(a)(1) and, per financial metric, (2): the share that counts, the statement used, what is missing where holds is NULL; 42704 for an unknown id';

CREATE FUNCTION attributed_share(holder text, held text, kind text, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS share
AS 'MODULE_PATHNAME', 'outbound_attributed_share'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION attributed_share(text, text, text, text, date) IS
	'The share of held attributed to holder under an ownership test: exact, or its bounds where data are ranges, a register is open or a ring too large for exact numbers; kind is one the test measures (22023); 42704 for an unknown test; WARNING and NULL for an unknown id';

CREATE FUNCTION attributed_share(holder bigint, held bigint, kind text, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS share
AS 'MODULE_PATHNAME', 'outbound_attributed_share'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION attributed_share(bigint, bigint, text, text, date) IS
	'The share of held attributed to holder under an ownership test: exact, or its bounds where data are ranges, a register is open or a ring too large for exact numbers; kind is one the test measures (22023); 42704 for an unknown test; WARNING and NULL for an unknown id';

CREATE FUNCTION attributed_share(holder uuid, held uuid, kind text, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS share
AS 'MODULE_PATHNAME', 'outbound_attributed_share'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION attributed_share(uuid, uuid, text, text, date) IS
	'The share of held attributed to holder under an ownership test: exact, or its bounds where data are ranges, a register is open or a ring too large for exact numbers; kind is one the test measures (22023); 42704 for an unknown test; WARNING and NULL for an unknown id';

CREATE FUNCTION parents(party text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, grade text, tier int, limb text, voting share, board share, equity share, distance int)
AS 'MODULE_PATHNAME', 'outbound_parents'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000 ROWS 5;
COMMENT ON FUNCTION parents(text, date) IS
	'Who is a parent of the party: grade definite, or possible within what is disclosed; by voting, board or role, with attributed shares; below a ring too large for exact numbers shares are narrow bounds and tier is NULL, as it is of further parents where there are thousands in a cone of thousands; 42704 for an unknown id (31 CFR 850.219)';

CREATE FUNCTION parents(party bigint, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, grade text, tier int, limb text, voting share, board share, equity share, distance int)
AS 'MODULE_PATHNAME', 'outbound_parents'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000 ROWS 5;
COMMENT ON FUNCTION parents(bigint, date) IS
	'Who is a parent of the party: grade definite, or possible within what is disclosed; by voting, board or role, with attributed shares; below a ring too large for exact numbers shares are narrow bounds and tier is NULL, as it is of further parents where there are thousands in a cone of thousands; 42704 for an unknown id (31 CFR 850.219)';

CREATE FUNCTION parents(party uuid, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, grade text, tier int, limb text, voting share, board share, equity share, distance int)
AS 'MODULE_PATHNAME', 'outbound_parents'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000 ROWS 5;
COMMENT ON FUNCTION parents(uuid, date) IS
	'Who is a parent of the party: grade definite, or possible within what is disclosed; by voting, board or role, with attributed shares; below a ring too large for exact numbers shares are narrow bounds and tier is NULL, as it is of further parents where there are thousands in a cone of thousands; 42704 for an unknown id (31 CFR 850.219)';

CREATE FUNCTION subsidiaries(party text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, grade text, tier int, limb text, voting share, board share, equity share, distance int)
AS 'MODULE_PATHNAME', 'outbound_subsidiaries'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 5000 ROWS 10;
COMMENT ON FUNCTION subsidiaries(text, date) IS
	'Whose parent the party is: grade definite, or possible within what is disclosed; below a ring too large for exact numbers shares are narrow bounds and tier is NULL; 42704 for an unknown id (31 CFR 850.227)';

CREATE FUNCTION subsidiaries(party bigint, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, grade text, tier int, limb text, voting share, board share, equity share, distance int)
AS 'MODULE_PATHNAME', 'outbound_subsidiaries'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 5000 ROWS 10;
COMMENT ON FUNCTION subsidiaries(bigint, date) IS
	'Whose parent the party is: grade definite, or possible within what is disclosed; below a ring too large for exact numbers shares are narrow bounds and tier is NULL; 42704 for an unknown id (31 CFR 850.227)';

CREATE FUNCTION subsidiaries(party uuid, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, grade text, tier int, limb text, voting share, board share, equity share, distance int)
AS 'MODULE_PATHNAME', 'outbound_subsidiaries'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 5000 ROWS 10;
COMMENT ON FUNCTION subsidiaries(uuid, date) IS
	'Whose parent the party is: grade definite, or possible within what is disclosed; below a ring too large for exact numbers shares are narrow bounds and tier is NULL; 42704 for an unknown id (31 CFR 850.227)';

CREATE FUNCTION holders(party text, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, grade text, tier int, limb text, voting share, board share, equity share, distance int)
AS 'MODULE_PATHNAME', 'outbound_holders'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000 ROWS 20;
COMMENT ON FUNCTION holders(text, text, date) IS
	'Everyone above the party with the share attributed to each under an ownership test, and the links between them; exact, or closed bounds: below rings too large for exact numbers, and in cones of thousands for the smaller holders, once the larger have taken their budget of work; 42704 for an unknown id or test';

CREATE FUNCTION holders(party bigint, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, grade text, tier int, limb text, voting share, board share, equity share, distance int)
AS 'MODULE_PATHNAME', 'outbound_holders'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000 ROWS 20;
COMMENT ON FUNCTION holders(bigint, text, date) IS
	'Everyone above the party with the share attributed to each under an ownership test, and the links between them; exact, or closed bounds: below rings too large for exact numbers, and in cones of thousands for the smaller holders, once the larger have taken their budget of work; 42704 for an unknown id or test';

CREATE FUNCTION holders(party uuid, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, grade text, tier int, limb text, voting share, board share, equity share, distance int)
AS 'MODULE_PATHNAME', 'outbound_holders'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000 ROWS 20;
COMMENT ON FUNCTION holders(uuid, text, date) IS
	'Everyone above the party with the share attributed to each under an ownership test, and the links between them; exact, or closed bounds: below rings too large for exact numbers, and in cones of thousands for the smaller holders, once the larger have taken their budget of work; 42704 for an unknown id or test';

CREATE FUNCTION holdings(party text, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, grade text, tier int, limb text, voting share, board share, equity share, distance int)
AS 'MODULE_PATHNAME', 'outbound_holdings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 5000 ROWS 20;
COMMENT ON FUNCTION holdings(text, text, date) IS
	'Everyone below the party with the share attributed to it under an ownership test, and the links between them; exact, or closed bounds below rings too large for exact numbers; read over indexes or, where that takes longer, from a census of everything; 42704 for an unknown id or test';

CREATE FUNCTION holdings(party bigint, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, grade text, tier int, limb text, voting share, board share, equity share, distance int)
AS 'MODULE_PATHNAME', 'outbound_holdings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 5000 ROWS 20;
COMMENT ON FUNCTION holdings(bigint, text, date) IS
	'Everyone below the party with the share attributed to it under an ownership test, and the links between them; exact, or closed bounds below rings too large for exact numbers; read over indexes or, where that takes longer, from a census of everything; 42704 for an unknown id or test';

CREATE FUNCTION holdings(party uuid, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, grade text, tier int, limb text, voting share, board share, equity share, distance int)
AS 'MODULE_PATHNAME', 'outbound_holdings'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 5000 ROWS 20;
COMMENT ON FUNCTION holdings(uuid, text, date) IS
	'Everyone below the party with the share attributed to it under an ownership test, and the links between them; exact, or closed bounds below rings too large for exact numbers; read over indexes or, where that takes longer, from a census of everything; 42704 for an unknown id or test';

CREATE FUNCTION voting_power(party text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (holder_id text, share share, shapley_shubik share, banzhaf share)
AS 'MODULE_PATHNAME', 'outbound_voting_power'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000 ROWS 5;
COMMENT ON FUNCTION voting_power(text, date) IS
	'What each direct holder of votes in the party can decide, most votes first: share of the votes outstanding, Shapley-Shubik and normalized Banzhaf index where more than half of all votes decides, exact, each summing to 100%; where more than 100% is listed, of all listed votes; indices are NULL where a share is a range or votes are not listed, whatever the register says, unless one holder decides alone, and where row security filters; no ownership test uses it; 42704 for an unknown id, 54000 where counting would take too long (Shapley and Shubik 1954; Banzhaf 1965)';

CREATE FUNCTION voting_power(party bigint, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (holder_id text, share share, shapley_shubik share, banzhaf share)
AS 'MODULE_PATHNAME', 'outbound_voting_power'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000 ROWS 5;
COMMENT ON FUNCTION voting_power(bigint, date) IS
	'What each direct holder of votes in the party can decide, most votes first: share of the votes outstanding, Shapley-Shubik and normalized Banzhaf index where more than half of all votes decides, exact, each summing to 100%; where more than 100% is listed, of all listed votes; indices are NULL where a share is a range or votes are not listed, whatever the register says, unless one holder decides alone, and where row security filters; no ownership test uses it; 42704 for an unknown id, 54000 where counting would take too long (Shapley and Shubik 1954; Banzhaf 1965)';

CREATE FUNCTION voting_power(party uuid, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (holder_id text, share share, shapley_shubik share, banzhaf share)
AS 'MODULE_PATHNAME', 'outbound_voting_power'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 2000 ROWS 5;
COMMENT ON FUNCTION voting_power(uuid, date) IS
	'What each direct holder of votes in the party can decide, most votes first: share of the votes outstanding, Shapley-Shubik and normalized Banzhaf index where more than half of all votes decides, exact, each summing to 100%; where more than 100% is listed, of all listed votes; indices are NULL where a share is a range or votes are not listed, whatever the register says, unless one holder decides alone, and where row security filters; no ownership test uses it; 42704 for an unknown id, 54000 where counting would take too long (Shapley and Shubik 1954; Banzhaf 1965)';

CREATE FUNCTION members(test text, as_of date DEFAULT CURRENT_DATE, include_undisclosed boolean DEFAULT false)
RETURNS TABLE (party_id text, grade text, tier int, limb text, parent_id text)
AS 'MODULE_PATHNAME', 'outbound_members'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000000 ROWS 1000;
COMMENT ON FUNCTION members(text, date, boolean) IS
	'Every party that meets an ownership test, or may: grade definite, possible, or (if included) undisclosed; tier 0 is a seed; limb what first passed. For a test of one holder at a time a row for each party and each holder, parent_id, among the test''s seeds that meets it there (for 31 CFR 850.206 one such holder); among some thousands of parties and more, with every register closed or those left out not counted, one pass answers that, and tells no tiers. Read in one pass over everything; or, where the seeds stand on lists, indexes lead to whatever they reach, and client_min_messages hides the NOTICE, over that alone. The NOTICE counts those left out, and says so where the test is stayed, not in force (nobody is a member then) or to be verified; 42704 for an unknown test, 54000 over outbound.max_graph_memory';

CREATE FUNCTION attributed_shares(test text, at_least share, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (holder_id text, party_id text, grade text, voting share, board share, equity share)
AS 'MODULE_PATHNAME', 'outbound_attributed_shares'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000000 ROWS 100000;
COMMENT ON FUNCTION attributed_shares(text, share, date) IS
	'For an ownership test of one holder at a time, every holder among the test''s seeds and every party in which its attributed share of some measure is, or may be, at least at_least: for 31 CFR 850.206 what every U.S. person has in everybody. 0% is whatever is more than nothing, but for what has dwindled to less than a thousandth of a millionth on the way. Shares are exact, or a closed interval that holds what attributed_share() tells: it is wider where ranges of one register bind each other, where a share has more than 16 decimals, and where a holder has less than a hundredth of at_least (of 0.00001 millionths, for 0%) in something between. NULL for measures the test has not. Grade as in holders(): whether the holder meets the test. Who is disclosed nowhere above a party has no row there. 42704 for an unknown test, 22023 for one that pools its seeds or an at_least that is no single number, 54000 over outbound.max_graph_memory';

CREATE FUNCTION red_flags(test text, as_of date DEFAULT CURRENT_DATE, include_undisclosed boolean DEFAULT false)
RETURNS TABLE (party_id text, grade text, tier int, limb text, parent_id text)
AS 'MODULE_PATHNAME', 'outbound_red_flags'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000000 ROWS 1000;
COMMENT ON FUNCTION red_flags(text, date, boolean) IS
	'Parties that are no members of an ownership test but call for inquiry: its seeds hold more of them, by multiplication along the links, than the test''s red_flag, whether or not the test is in force; columns and grades as members(); 42704 for an unknown test, 22023 for one that names no such share';

CREATE FUNCTION controlled_foreign_entities(as_of date DEFAULT CURRENT_DATE, include_undisclosed boolean DEFAULT false)
RETURNS TABLE (party_id text, grade text, tier int, limb text, parent_id text)
AS 'MODULE_PATHNAME', 'outbound_controlled_foreign_entities'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000000 ROWS 1000;
COMMENT ON FUNCTION controlled_foreign_entities(date, boolean) IS
	'Every foreign entity of which some U.S. person is a parent, or may be, with one such parent (31 CFR 850.206); grades and errors as members()';
