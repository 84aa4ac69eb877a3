/*
 * Under every reading: what deals are told of a party, by the shortest way, is what is told of everybody.
 */
SET search_path = random, reference, pg_catalog, outbound;

/* graphs with U.S. persons, persons of a country of concern, roles, and entities of which no votes are listed */
CREATE FUNCTION load_mixed(seed float8, graphs int, shapes text[], ranged boolean) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	TRUNCATE party, interest;
	PERFORM setseed(seed);
	PERFORM batch(1, graphs, '221', shapes, ranged);
	PERFORM load(1, graphs, '221');
	UPDATE firm.party SET organized_under = pick('US', 'US', 'CN', 'SG', CASE WHEN ranged THEN NULL ELSE 'US' END)
	WHERE party_id ~ '[.][bcd]$' AND random() < 0.6;
	DELETE FROM firm.interest i WHERE kind = 'voting' AND i.held_id IN (SELECT p.party_id FROM firm.party p WHERE md5(p.party_id) < '4');
	INSERT INTO firm.interest (holder_id, held_id, kind)
	SELECT DISTINCT holder_id, held_id, pick('general_partner', 'managing_member', 'direction')
	FROM firm.interest WHERE random() < 0.05;
END $$;

/* answers to deals that are not those of members() and controlled_foreign_entities(), under one option of a reading */
CREATE FUNCTION deals_told(seed float8, graphs int, shapes text[], ranged boolean, of_reading text, of_option text,
						   OUT answers bigint, OUT different bigint, OUT examples text)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	DELETE FROM outbound.reading_choice;
	PERFORM load_mixed(seed, graphs, shapes, ranged);
	INSERT INTO outbound.reading_choice (reading, option, why) VALUES (of_reading, of_option, 'random graphs');
	WITH told AS (
		SELECT p.party_id, e.fact, e.answer
		FROM firm.party p, outbound.explain(jsonb_build_object('transaction_type', 'joint_venture', 'investor', p.party_id, 'target', p.party_id,
			'joint_venture_partner', p.party_id, 'knowledge', true)) e
		WHERE e.fact IN ('investor_is_controlled_foreign_entity', 'joint_venture_partner_is_person_of_country_of_concern')
	), known AS (
		SELECT party_id, 'investor_is_controlled_foreign_entity' AS fact, grade
		FROM outbound.controlled_foreign_entities(include_undisclosed => true)
		UNION ALL
		SELECT party_id, 'joint_venture_partner_is_person_of_country_of_concern', grade
		FROM outbound.members('31 CFR 850.221', include_undisclosed => true)
	)
	SELECT count(*), count(*) FILTER (WHERE t.answer <> w.answer),
		left(string_agg(format('%s of %s: %s to a deal, %s among all', t.fact, t.party_id, t.answer, w.answer), E'\n')
			 FILTER (WHERE t.answer <> w.answer), 2000)
	INTO answers, different, examples
	FROM told t LEFT JOIN known k USING (party_id, fact),
	LATERAL (SELECT CASE k.grade WHEN 'definite' THEN 'yes' WHEN 'possible' THEN 'unknown' WHEN 'undisclosed' THEN 'unknown' ELSE 'no' END) AS w (answer);
	DELETE FROM outbound.reading_choice;
END $$;
