/*
 * The firm's paper: what a notification has to say, what was known when, and what the
 * law attaches to a violation.
 */

/* the content of a notification, 850.405(b) */
CREATE TABLE notification_item (
	item		text PRIMARY KEY,
	place		int NOT NULL UNIQUE,
	requirement	text NOT NULL,
	facts		text[] NOT NULL,
	verdict		text[] NOT NULL DEFAULT '{}',
	provisions	text[],
	obligation	text
);
COMMENT ON TABLE notification_item IS 'The items of a notification (31 CFR 850.405(b)), and which facts of the deal and parts of its verdict answer each.';
COMMENT ON COLUMN notification_item.item IS 'The paragraph.';
COMMENT ON COLUMN notification_item.place IS 'Its place in the notification.';
COMMENT ON COLUMN notification_item.requirement IS 'What it asks for.';
COMMENT ON COLUMN notification_item.facts IS 'Facts of the deal that answer it.';
COMMENT ON COLUMN notification_item.verdict IS 'Columns of type screening that answer it.';
COMMENT ON COLUMN notification_item.provisions IS 'Only where the verdict rests on one of these sections; NULL: always.';
COMMENT ON COLUMN notification_item.obligation IS 'Only under this duty; NULL: always.';

INSERT INTO notification_item (item, place, requirement, facts, verdict, provisions, obligation) VALUES
('850.405(b)(1)', 1, 'Contact of the filer', '{filer_contact}', '{}', NULL, NULL),
('850.405(b)(2)', 2, 'The U.S. person: identity, places, address, web site, ultimate owner', '{investor,us_person_details,us_person_ultimate_owner}', '{}', NULL, NULL),
('850.405(b)(3)', 3, 'Organizational chart of the U.S. person after the transaction', '{us_person_chart}', '{}', NULL, NULL),
('850.405(b)(4)', 4, 'Commercial rationale', '{commercial_rationale}', '{}', NULL, NULL),
('850.405(b)(5)', 5, 'Why it is covered: nature, structure, paragraph of 850.210(a), and whose duty', '{transaction_type,transaction_description}', '{limb,obligation}', NULL, NULL),
('850.405(b)(6)', 6, 'Status, and the actual or expected day of completion', '{transaction_status,completion_date}', '{}', NULL, NULL),
('850.405(b)(7)', 7, 'Total value in U.S. dollars, how determined, and the consideration', '{amount_usd,value_basis,consideration}', '{}', NULL, NULL),
('850.405(b)(8)', 8, 'Holdings after completion, and commitments or options for future investment', '{holdings_after,future_investment}', '{}', NULL, NULL),
('850.405(b)(9)', 9, 'The covered foreign person: identity, ultimate owner, management, chart after the transaction', '{target,foreign_person_details,foreign_person_ultimate_owner,foreign_person_management,foreign_person_chart}', '{}', NULL, NULL),
('850.405(b)(10)', 10, 'Each covered activity, and known end uses and end users', '{end_uses}', '{provisions}', NULL, NULL),
('850.405(b)(11)', 11, 'What makes it a covered foreign person', '{foreign_person_attributes}', '{}', NULL, NULL),
('850.405(b)(12)', 12, 'Technology nodes', '{technology_nodes}', '{}', '{850.217(a),850.217(b),850.217(c)}', NULL),
('850.405(b)(13)', 13, 'What was learned after completion, when, why not before, and the diligence done', '{learned_fact,learned_on,why_not_known_before,prior_diligence}', '{}', NULL, 'post_closing_knowledge'),
('850.405(b)', 14, 'For each item that is missing: why, and the efforts made', '{missing_items_explanation}', '{}', NULL, NULL);

CREATE FUNCTION deal_document(deal record) RETURNS jsonb
AS 'MODULE_PATHNAME', 'outbound_deal_document'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100;
COMMENT ON FUNCTION deal_document(record) IS
	'The facts that a row carries as the JSON document that screen() reads alike: columns and the keys of a column facts; what is unknown is null.  Errors as of screen()';

CREATE FUNCTION notification_checklist(deal jsonb, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS TABLE (item text, requirement text, given jsonb, missing text[])
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 20000 ROWS 14
BEGIN ATOMIC
	WITH verdict AS (
		SELECT to_jsonb(s) AS parts, s.provisions, s.obligation
		FROM screen(notification_checklist.deal, notification_checklist.ruleset, notification_checklist.as_of) AS s
		WHERE (s.at_least <= 'notifiable' AND s.at_most >= 'notifiable') OR s.obligation = 'post_closing_knowledge'
			OR (s.at_most >= 'notifiable' AND notification_checklist.deal ->> 'learned_on' IS NOT NULL)
	), answer AS (
		SELECT i.item, i.place, i.requirement, n.name, n.ordinality AS part,
			   nullif(coalesce(notification_checklist.deal -> n.name, v.parts -> n.name), 'null') AS value
		FROM verdict AS v
		JOIN notification_item AS i ON (i.provisions IS NULL OR i.provisions && v.provisions)
			AND (i.obligation IS NULL OR i.obligation = v.obligation OR notification_checklist.deal ->> 'learned_on' IS NOT NULL),
		LATERAL unnest(i.facts || i.verdict) WITH ORDINALITY AS n (name, ordinality)
	), entry AS (
		SELECT a.item, a.place, a.requirement,
			   coalesce(jsonb_object_agg(a.name, a.value) FILTER (WHERE a.value IS NOT NULL), '{}') AS given,
			   coalesce(array_agg(a.name ORDER BY a.part) FILTER (WHERE a.value IS NULL), '{}') AS missing
		FROM answer AS a
		GROUP BY a.item, a.place, a.requirement
	)
	SELECT e.item, e.requirement, e.given, e.missing
	FROM entry AS e
	WHERE e.item <> '850.405(b)' OR EXISTS (SELECT FROM entry AS o WHERE o.item <> e.item AND o.missing <> '{}')
	ORDER BY e.place;
END;
COMMENT ON FUNCTION notification_checklist(jsonb, text, date) IS
	'What a notification of the deal has to say (31 CFR 850.405(b)), item by item: what the deal or its verdict gives, and the names of facts still to be stated.  Technology nodes only for integrated circuits, what was learned later only where it was.  No rows for a deal that nobody has to notify.  Errors as of screen()';

CREATE FUNCTION notification_checklist(deal text, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS TABLE (item text, requirement text, given jsonb, missing text[])
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 20000 ROWS 14
BEGIN ATOMIC
	SELECT c.item, c.requirement, c.given, c.missing FROM notification_checklist(deal::jsonb, ruleset, as_of) AS c;
END;
COMMENT ON FUNCTION notification_checklist(text, text, date) IS
	'What a notification of the deal, a JSON document, has to say: see notification_checklist(jsonb, text, date)';

CREATE FUNCTION notification_checklist(deal record, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS TABLE (item text, requirement text, given jsonb, missing text[])
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 20000 ROWS 14
SET search_path = pg_catalog, pg_temp
AS $checklist$
BEGIN
	RETURN QUERY SELECT c.item, c.requirement, c.given, c.missing
				 FROM @extschema@.notification_checklist(@extschema@.deal_document(deal), ruleset, as_of) AS c;
END
$checklist$;
COMMENT ON FUNCTION notification_checklist(record, text, date) IS
	'What a notification of the deal, any row by column name, has to say: see notification_checklist(jsonb, text, date)';

/* what diligence is judged by: 850.104(c) on knowledge, 850.302 on controlled foreign entities */
CREATE TABLE diligence_factor (
	factor		text PRIMARY KEY,
	place		int NOT NULL UNIQUE,
	cite		text NOT NULL,
	question	text NOT NULL
);
COMMENT ON TABLE diligence_factor IS 'The factors by which an inquiry (31 CFR 850.104(c)) and the steps taken with a controlled foreign entity (850.302) are judged; relation diligence holds the findings.';
COMMENT ON COLUMN diligence_factor.factor IS 'Key, as in relation diligence.';
COMMENT ON COLUMN diligence_factor.place IS 'Its place in the section.';
COMMENT ON COLUMN diligence_factor.cite IS 'The section.';
COMMENT ON COLUMN diligence_factor.question IS 'What to find out.';

INSERT INTO diligence_factor (factor, place, cite, question) VALUES
('inquiry', 1, '850.104(c)(1)', 'Which inquiry was made of the target or counterparty, with which questions, as of the transaction?'),
('representations', 2, '850.104(c)(2)', 'Which representations and warranties on the transaction and on the status of the target were sought and obtained?'),
('nonpublic_information', 3, '850.104(c)(3)', 'What was done to obtain and weigh non-public information?'),
('public_information', 4, '850.104(c)(4)', 'Which public information was there, what was done to get it, and does other information agree with it?'),
('avoidance', 5, '850.104(c)(5)', 'Was learning something avoided on purpose?'),
('warning_signs', 6, '850.104(c)(6)', 'Which warning signs were there, such as evasive answers or a refusal to answer or to represent?'),
('databases', 7, '850.104(c)(7)', 'Which public and commercial databases were used to identify and check the target?'),
('compliance_agreements', 8, '850.302', 'Which agreements on compliance are there with the controlled foreign entity?'),
('governance_rights', 9, '850.302', 'Which governance or shareholder rights are there, and were they exercised?'),
('training_and_reporting', 10, '850.302', 'Which periodic training and internal reporting are there?'),
('internal_controls', 11, '850.302', 'Which documented internal controls are there, and when were they reviewed?'),
('testing_and_audit', 12, '850.302', 'Which documented testing or audit was done?');

CREATE FUNCTION known_at(deal_id text, day date DEFAULT NULL)
RETURNS TABLE (factor text, cite text, question text, finding text, source text, valid daterange, recorded timestamptz)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10000 ROWS 20
SET search_path = pg_catalog, pg_temp
AS $known$
DECLARE
	home CONSTANT text := (SELECT s.value FROM @extschema@.setting AS s WHERE s.name = 'source_schema');
	asked date := day;
BEGIN
	IF home IS NULL OR to_regclass(format('%I.diligence', home)) IS NULL OR to_regclass(format('%I.deal', home)) IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'OB010',
			MESSAGE = 'relation "diligence" is missing from the source schema',
			HINT = 'outbound.create_relations(schema, relations => ''{diligence}'') makes it; outbound.configure(''source_schema'', ...) chooses the schema.';
	END IF;
	IF asked IS NULL THEN
		EXECUTE format('SELECT d.completion_date::date FROM %I.deal AS d WHERE d.deal_id::text = $1', home) INTO asked USING deal_id;
		asked := coalesce(asked, CURRENT_DATE);
	END IF;
	RETURN QUERY EXECUTE format(
		'SELECT f.factor, f.cite, f.question, d.finding, d.source, d.valid, d.recorded '
		'FROM @extschema@.diligence_factor AS f '
		'LEFT JOIN %I.diligence AS d ON d.factor = f.factor AND d.deal_id::text = $1 '
		'AND d.recorded < $2 + 1 AND (d.valid IS NULL OR d.valid @> $2) '
		'ORDER BY f.place, d.recorded', home) USING deal_id, asked;
END
$known$;
COMMENT ON FUNCTION known_at(text, date) IS
	'What the diligence record said of a deal at the end of a day (in the session''s time zone), factor by factor: findings recorded by then that hold on that day; NULL where there was none.  day NULL is the deal''s completion date, today where it has none.  Reads relation diligence as the caller; OB010 where it is missing (31 CFR 850.104(b), 850.104(c), 850.302)';

/* what the law attaches to a violation, subparts F and G */
CREATE TABLE enforcement_rule (
	cite		text NOT NULL,
	variant		text NOT NULL DEFAULT '',
	kind		text NOT NULL CHECK (kind IN ('violation', 'penalty', 'remedy', 'disclosure', 'not_a_disclosure')),
	summary		text NOT NULL,
	PRIMARY KEY (cite, variant)
);
COMMENT ON TABLE enforcement_rule IS 'Violations, what they can cost, and when telling of one counts as a voluntary self-disclosure (31 CFR 850.601 to 850.704).  Amounts are in parameter and penalty_amount.';
COMMENT ON COLUMN enforcement_rule.cite IS 'The section.';
COMMENT ON COLUMN enforcement_rule.variant IS 'Tells rows of one section apart.';
COMMENT ON COLUMN enforcement_rule.kind IS 'violation; penalty; remedy; disclosure: what makes a voluntary self-disclosure; not_a_disclosure: what makes it none.';
COMMENT ON COLUMN enforcement_rule.summary IS 'The rule in plain words.';

INSERT INTO enforcement_rule (cite, variant, kind, summary) VALUES
('850.601', '', 'violation', 'Doing what the part prohibits.'),
('850.602', '', 'violation', 'Failing to do what the part requires, in the time and manner required.'),
('850.603', '', 'violation', 'A material misstatement, concealment or omission in what is submitted.'),
('850.604', '', 'violation', 'Evading, attempting, causing a violation, or conspiring to one.'),
('850.701', 'civil', 'penalty', 'For each violation at most the greater of the inflation-adjusted amount (penalty_amount) and twice the amount of the transaction.'),
('850.701', 'criminal', 'penalty', 'For a willful violation a fine of at most $1,000,000 and, for an individual, imprisonment of at most 20 years, or both; subject to 18 U.S.C. 3571.'),
('850.701', 'false statement', 'penalty', 'For a false statement or representation imprisonment of at most five years under 18 U.S.C. 1001.'),
('850.702', '', 'remedy', 'A penalty is a debt to the United States.'),
('850.703', '', 'remedy', 'A prohibited transaction may be nullified, voided, or its divestment compelled.'),
('850.704', 'form', 'disclosure', 'A written notice that names the conduct and each person, with a full report at once or in reasonable time.'),
('850.704', 'weight', 'disclosure', 'It mitigates; judged by its timeliness and by whether the Treasury knew already.'),
('850.704', 'third party', 'not_a_disclosure', 'A third party disclosed the conduct first.'),
('850.704', 'false', 'not_a_disclosure', 'It is false or misleading.'),
('850.704', 'incomplete', 'not_a_disclosure', 'It is materially incomplete.'),
('850.704', 'not self-initiated', 'not_a_disclosure', 'It was suggested or ordered by an agency.'),
('850.704', 'response', 'not_a_disclosure', 'It answers a subpoena or other inquiry.'),
('850.704', 'individual', 'not_a_disclosure', 'An individual made it for an entity without authorization of its senior management.'),
('850.704', 'required filing', 'not_a_disclosure', 'It is a filing that the part requires, those of 850.403 and 850.406 included.');

GRANT SELECT ON notification_item, diligence_factor, enforcement_rule TO PUBLIC;
