/*
 * The law as a lawyer reads it: every rule table in the order of the regulation.
 */

/* a section's place in the order of the regulation: its numbers as numbers, the proposal's as the final rule's */
CREATE FUNCTION section_order(cite text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT regexp_replace(regexp_replace(regexp_replace(cite, '^(31 CFR|proposed) ', ''), '([0-9]+)', '00000\1', 'g'), '[0-9]*([0-9]{6})', '\1', 'g') COLLATE "C";
END;
COMMENT ON FUNCTION section_order(text) IS
	'A text by which cites sort in the order of the regulation: 850.224(d)(2) before 850.224(d)(10), the proposal''s sections as the final rule''s';

CREATE VIEW law AS
SELECT l.ruleset, l.status, l.stage, l.cite, l.variant,
	CASE l.stage WHEN 'activity' THEN l.outcome || ' activity' WHEN 'scope' THEN 'out of scope' WHEN 'limb' THEN 'covered transaction'
		WHEN 'exception' THEN 'excepted transaction' WHEN 'exemption' THEN 'exempted' WHEN 'class' THEN l.outcome || ' transaction'
		WHEN 'obligation' THEN 'duty, ' || replace(l.obligation, '_', ' ') ELSE l.stage END AS effect,
	l.outcome, l.limb, l.obligation, l.sector, l.condition, l.summary, l.reading, l.options,
	l.reading IS NULL OR coalesce(l.choices ->> l.reading, s.in_effect) = ANY (l.options) AS applies,
	CASE l.status WHEN 'law' THEN l.in_force * l.ruleset_in_force ELSE l.in_force END AS in_force, l.origin
FROM (
	SELECT r.ruleset, r.status, r.in_force AS ruleset_in_force, r.choices, 9 AS place, p.stage, p.cite, p.variant, p.outcome, p.limb, p.obligation, p.sector, p.condition, p.summary,
		p.reading, p.options, p.in_force, p.origin
	FROM provision p JOIN ruleset r ON p.ruleset IN (r.ruleset, r.base)
	UNION ALL
	SELECT r.ruleset, r.status, r.in_force, r.choices, 1, 'section', x.cite, x.title, NULL, NULL, NULL, NULL, NULL, x.summary, NULL, NULL, x.in_force, x.origin
	FROM section x JOIN ruleset r ON x.ruleset IN (r.ruleset, r.base)
	UNION ALL
	SELECT r.ruleset, r.status, r.in_force, r.choices, 2, 'country of concern', c.cite, c.country, NULL, NULL, NULL, NULL, NULL, c.name, NULL, NULL, c.in_force, c.origin
	FROM country_of_concern c JOIN ruleset r ON c.ruleset IN (r.ruleset, r.base)
	UNION ALL
	SELECT r.ruleset, r.status, r.in_force, r.choices, 3, 'ownership test', replace(t.authority, '31 CFR ', ''), t.test, NULL, NULL, NULL, NULL, NULL, t.summary, NULL, NULL, t.in_force, t.origin
	FROM ownership_test t JOIN ruleset r ON t.test ^@ '31 CFR 850.' AND r.status = 'law'
	UNION ALL
	SELECT r.ruleset, r.status, r.in_force, r.choices, 4, 'relevant list', l.cite, l.list, NULL, NULL, NULL, NULL, NULL, l.title, NULL, NULL, l.in_force, l.origin
	FROM list l JOIN ruleset r ON l.relevant AND l.ruleset IN (r.ruleset, r.base)
	UNION ALL
	SELECT r.ruleset, r.status, r.in_force, r.choices, 5, 'third country', t.cite, concat_ws(', ', t.country, t.transaction_type), NULL, NULL, NULL, NULL, NULL, t.name, NULL, NULL, t.in_force, t.origin
	FROM third_country t JOIN ruleset r ON t.ruleset IN (r.ruleset, r.base)
	UNION ALL
	SELECT r.ruleset, r.status, r.in_force, r.choices, 6, 'figure', p.cite, p.name, NULL, NULL, NULL, NULL, NULL, concat_ws(' ', p.value, nullif(p.unit, 'date')), NULL, NULL, p.in_force, p.origin
	FROM parameter p JOIN ruleset r ON p.ruleset IN (r.ruleset, r.base)
	UNION ALL
	SELECT r.ruleset, r.status, r.in_force, r.choices, 7, 'figure', a.cite, 'civil maximum', NULL, NULL, NULL, NULL, NULL, a.amount_usd || ' USD, before twice the transaction', NULL, NULL, a.in_force, a.origin
	FROM penalty_amount a JOIN ruleset r ON r.status = 'law' AND a.in_force && r.in_force
	UNION ALL
	SELECT r.ruleset, r.status, r.in_force, r.choices, 8, 'factor', f.cite, f.factor, NULL, NULL, NULL, NULL, NULL, f.question, NULL, NULL, r.in_force, 'outbound'
	FROM diligence_factor f JOIN ruleset r ON r.status = 'law'
	UNION ALL
	SELECT r.ruleset, r.status, r.in_force, r.choices, 8, 'item of a notification', i.item, NULL, NULL, NULL, NULL, NULL, NULL, i.requirement, NULL, NULL, r.in_force, 'outbound'
	FROM notification_item i JOIN ruleset r ON r.status = 'law'
	UNION ALL
	SELECT r.ruleset, r.status, r.in_force, r.choices, 8, replace(e.kind, '_', ' '), e.cite, e.variant, NULL, NULL, NULL, NULL, NULL, e.summary, NULL, NULL, r.in_force, 'outbound'
	FROM enforcement_rule e JOIN ruleset r ON r.status = 'law'
) AS l
	LEFT JOIN readings s ON s.reading = l.reading
ORDER BY l.ruleset COLLATE "C", l.cite !~ '^(proposed )?850[.]', section_order(l.cite), l.place, l.outcome DESC, l.variant COLLATE "C", l.in_force;

COMMENT ON VIEW law IS
'The rules as the engine applies them, shipped and house rules together, in the order of the regulation: one row a provision, in the words of its condition, and between them what sections, lists, countries, ownership tests and figures say; those of a ruleset''s base among its own.';

COMMENT ON COLUMN law.ruleset IS 'The ruleset under which it is asked, its own or its base''s.';
COMMENT ON COLUMN law.status IS 'Whether the ruleset is law, proposal, history or future.';
COMMENT ON COLUMN law.stage IS 'What the provision decides: activity, scope, limb, exception, exemption, class or obligation; or what else the row is.';
COMMENT ON COLUMN law.cite IS 'Section of the regulation, or the firms own reference.';
COMMENT ON COLUMN law.variant IS 'Tells provisions of one section apart; the title of a section, the name of a list, test or figure.';
COMMENT ON COLUMN law.effect IS 'What follows where the condition holds, in words.';
COMMENT ON COLUMN law.outcome IS 'The class that an activity or class provision gives.';
COMMENT ON COLUMN law.limb IS 'The limb of 850.210(a) that a limb provision finds.';
COMMENT ON COLUMN law.obligation IS 'Whose duty an obligation provision finds.';
COMMENT ON COLUMN law.sector IS 'Technology sector.';
COMMENT ON COLUMN law.condition IS 'What must hold; NULL where the row is no provision.';
COMMENT ON COLUMN law.summary IS 'The provision in plain words.';
COMMENT ON COLUMN law.reading IS 'The doubt on which the provision depends, or NULL.';
COMMENT ON COLUMN law.options IS 'The answers to it under which the provision applies.';
COMMENT ON COLUMN law.applies IS 'Whether it applies under the answers in effect.';
COMMENT ON COLUMN law.in_force IS 'Days on which the provision applies; of a rule that is law, no others than the ruleset''s.';
COMMENT ON COLUMN law.origin IS 'outbound: shipped; firm: a house rule.';
