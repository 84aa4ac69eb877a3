/*
 * Showing: charts, and the questions still open.
 */

CREATE FUNCTION ownership_chart(party text, format text, as_of date DEFAULT CURRENT_DATE)
RETURNS text
AS 'MODULE_PATHNAME', 'outbound_ownership_chart'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION ownership_chart(text, text, date) IS
	'Structure chart around a party in format dot or mermaid (22023 otherwise): holders above, holdings below, shares on the lines; 42704 for an unknown id, 54000 over 2000 parties';

CREATE FUNCTION ownership_chart(party bigint, format text, as_of date DEFAULT CURRENT_DATE)
RETURNS text
AS 'MODULE_PATHNAME', 'outbound_ownership_chart'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION ownership_chart(bigint, text, date) IS
	'Structure chart around a party in format dot or mermaid (22023 otherwise): holders above, holdings below, shares on the lines; 42704 for an unknown id, 54000 over 2000 parties';

CREATE FUNCTION ownership_chart(party uuid, format text, as_of date DEFAULT CURRENT_DATE)
RETURNS text
AS 'MODULE_PATHNAME', 'outbound_ownership_chart'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION ownership_chart(uuid, text, date) IS
	'Structure chart around a party in format dot or mermaid (22023 otherwise): holders above, holdings below, shares on the lines; 42704 for an unknown id, 54000 over 2000 parties';


CREATE FUNCTION explain_ownership(holder text, held text, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (step int, party_id text, holder_id text, kind text, basis text, share share, factor share, contribution share,
			   amount share, threshold share, passes boolean, margin share)
AS 'MODULE_PATHNAME', 'outbound_explain_ownership'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION explain_ownership(text, text, text, date) IS
	'The minimal proof that held is holder''s under an ownership test, or what there is of it: one row a holding, supports first. basis: direct (of the holder), whole (of a member), proportion, role, principal; contribution = share counted times factor; amount, threshold and the distance between them (margin) per party; passes: on which side. 42704 for an unknown id or test';

CREATE FUNCTION explain_ownership(holder bigint, held bigint, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (step int, party_id text, holder_id text, kind text, basis text, share share, factor share, contribution share,
			   amount share, threshold share, passes boolean, margin share)
AS 'MODULE_PATHNAME', 'outbound_explain_ownership'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION explain_ownership(bigint, bigint, text, date) IS
	'The minimal proof that held is holder''s under an ownership test, or what there is of it: one row a holding, supports first. basis: direct (of the holder), whole (of a member), proportion, role, principal; contribution = share counted times factor; amount, threshold and the distance between them (margin) per party; passes: on which side. 42704 for an unknown id or test';

CREATE FUNCTION explain_ownership(holder uuid, held uuid, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (step int, party_id text, holder_id text, kind text, basis text, share share, factor share, contribution share,
			   amount share, threshold share, passes boolean, margin share)
AS 'MODULE_PATHNAME', 'outbound_explain_ownership'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION explain_ownership(uuid, uuid, text, date) IS
	'The minimal proof that held is holder''s under an ownership test, or what there is of it: one row a holding, supports first. basis: direct (of the holder), whole (of a member), proportion, role, principal; contribution = share counted times factor; amount, threshold and the distance between them (margin) per party; passes: on which side. 42704 for an unknown id or test';

/* what to ask about a column of the firm's relations; %1$s is the party or holder, %2$s the other party, %3$s the metric */
CREATE TABLE source_question (
	place		text PRIMARY KEY,
	question	text NOT NULL,
	cite		text NOT NULL
);
COMMENT ON TABLE source_question IS 'The question to put to the target for each column of the six relations that can be missing';
COMMENT ON COLUMN source_question.place IS 'party.column, interest, financial total or financial source';
COMMENT ON COLUMN source_question.question IS 'Template: %1$s the party or holder, %2$s the other party, %3$s the metric';
COMMENT ON COLUMN source_question.cite IS 'The section that makes it matter';

INSERT INTO source_question (place, question, cite) VALUES
('party', 'Who is party %1$s? It stands in no relation.', '850.220'),
('party.kind', 'What is party %1$s: an individual, an entity, a pooled fund, a government, a branch?', '850.220'),
('party.citizenship', 'Of which countries is party %1$s a citizen?', '850.221(a), 850.229'),
('party.permanent_residence', 'In which countries is party %1$s a permanent resident?', '850.221(a), 850.229'),
('party.organized_under', 'Under the law of which jurisdiction is party %1$s organized?', '850.206(a), 850.221(b), 850.229'),
('party.principal_place_of_business', 'Where is the principal place of business of party %1$s?', '850.221(b), 850.222'),
('party.headquarters', 'Where is party %1$s headquartered?', '850.221(b)'),
('party.located_in', 'Is party %1$s in the United States?', '850.229'),
('party.register', 'Who holds what the listed holders of party %1$s do not: is its register complete?', '850.219, 850.221'),
('party.activity_register', 'Does party %1$s do anything besides the activities listed: is the list complete?', '850.208'),
('interest', 'Exactly how much does %1$s hold in %2$s, of which kind?', '850.206(b), 850.221'),
('financial total', 'What is the %3$s of %1$s itself, by its latest audited statement?', '850.209(a)(2), 850.209(b)'),
('financial source', 'How much of the %3$s of %1$s is from or through %2$s?', '850.209(a)(2), 850.209(b)'),
('deal', 'What are the facts of deal %1$s? Those given cannot be read.', '850.104'),
('row_security', 'Somebody who may read every row has to ask: row security hides some.', '850.104');

/* One missing name as a question. */
CREATE FUNCTION missing_question(missing text, OUT question text, OUT cite text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	WITH parts AS (
		SELECT regexp_match(missing, '^(party|interest|financial|deal)\((.*?)(?:,(.*))?\)(?:\.([a-z_]+))?$') AS p
	), place AS (
		SELECT CASE WHEN p IS NULL THEN missing
					WHEN p[1] = 'financial' THEN CASE WHEN p[3] IS NULL THEN 'financial total' ELSE 'financial source' END
					WHEN p[1] = 'interest' OR p[4] IS NULL THEN p[1]
					ELSE p[1] || '.' || p[4] END AS place,
			   p[2] AS one, p[3] AS other, replace(p[4], '_', ' ') AS metric
		FROM parts
	)
	SELECT coalesce(f.question, format(q.question, place.one, place.other, place.metric), 'What is ' || missing || '?'),
		   coalesce(f.cite, q.cite)
	FROM place
	LEFT JOIN fact f ON f.fact = missing
	LEFT JOIN source_question q ON q.place = place.place;
END;
COMMENT ON FUNCTION missing_question(text) IS
	'The question in plain English for one name in screening.missing, and the section that makes it matter';

CREATE FUNCTION questionnaire(deal jsonb, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS TABLE (step int, fact text, question text, cite text)
AS 'MODULE_PATHNAME', 'outbound_questionnaire_jsonb'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION questionnaire(jsonb, text, date) IS
	'The questions whose answers could still move the verdict of screen() for the same deal, most decisive first; then the readings in doubt that would, and the exceptions that nobody has claimed and that could still hold, both with fact NULL; no rows for a settled harmless verdict';

CREATE FUNCTION questionnaire(deal text, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS TABLE (step int, fact text, question text, cite text)
AS 'MODULE_PATHNAME', 'outbound_questionnaire_text'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION questionnaire(text, text, date) IS
	'The questions whose answers could still move the verdict of screen() for the same deal, most decisive first; then the readings in doubt that would, and the exceptions that nobody has claimed and that could still hold, both with fact NULL; no rows for a settled harmless verdict';

CREATE FUNCTION questionnaire(deal record, ruleset text DEFAULT NULL, as_of date DEFAULT NULL)
RETURNS TABLE (step int, fact text, question text, cite text)
AS 'MODULE_PATHNAME', 'outbound_questionnaire_record'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION questionnaire(record, text, date) IS
	'The questions whose answers could still move the verdict of screen() for the same deal, most decisive first; then the readings in doubt that would, and the exceptions that nobody has claimed and that could still hold, both with fact NULL; no rows for a settled harmless verdict';
