/*
 * Beneficial Ownership Data Standard 0.4 statements as rows of the relations that outbound reads.
 *
 * The statements stay in bods.statement; the views below are the whole mapping, so that it can be read, questioned and
 * changed.  What the mapping never does: read equity as votes, read an accounting consolidation as control, add an
 * indirect holding to the chain it is made of, or take an absent field for a no.
 */
CREATE SCHEMA IF NOT EXISTS bods;
CREATE TABLE IF NOT EXISTS bods.line (line text);
CREATE TABLE IF NOT EXISTS bods.statement (
	statement_id	text PRIMARY KEY,
	record_id		text NOT NULL,
	record_type		text NOT NULL,
	record_status	text,
	statement_date	date,
	document		jsonb NOT NULL
);
CREATE INDEX IF NOT EXISTS statement_record ON bods.statement (record_id);

-- The first or the last day that a date of the standard can mean: years and months come alone too; NULL if it is none.
CREATE OR REPLACE FUNCTION bods.day(value text, latest boolean) RETURNS date
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	first date;
BEGIN
	IF value ~ '^\d{4}-\d\d-\d\d' THEN
		RETURN left(value, 10)::date;
	ELSIF value ~ '^\d{4}-\d\d$' THEN
		first := (value || '-01')::date;
		RETURN CASE WHEN latest THEN first + interval '1 month - 1 day' ELSE first END;
	ELSIF value ~ '^\d{4}$' THEN
		first := (value || '-01-01')::date;
		RETURN CASE WHEN latest THEN first + interval '1 year - 1 day' ELSE first END;
	END IF;
	RETURN NULL;
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
	RETURN NULL;
END $$;

-- From the first day up to, not including, the last; an end before the start is no range that can be trusted: NULL.
CREATE OR REPLACE FUNCTION bods.period(since date, until date) RETURNS daterange
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN since > until THEN NULL ELSE daterange(since, until) END
$$;

-- The ISO 3166 code of a jurisdiction or an address' country, an object or a bare code; NULL for anything else.
CREATE OR REPLACE FUNCTION bods.country(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT code FROM (SELECT CASE jsonb_typeof(value) WHEN 'object' THEN value->>'code' WHEN 'string' THEN value#>>'{}' END) c(code)
	WHERE code ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$'
$$;

-- A number of the standard, which some publishers write as text, or leave empty; NULL if it is none.
CREATE OR REPLACE FUNCTION bods.number(value jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN value#>>'{}' ~ '^\d+(\.\d+)?$' THEN (value#>>'{}')::numeric END
$$;

-- The share of an interest as stated: exact, or a range with its open and closed ends; NULL if the statement gives none.
-- The United Kingdom's register publishes its statutory bands by their round ends: over 25 up to 50, over 50 but under 75, 75 or more.
CREATE OR REPLACE FUNCTION bods.share(share jsonb, uk_register boolean) RETURNS outbound.share
LANGUAGE sql STABLE AS $$
	SELECT CASE
		WHEN exact IS NOT NULL THEN outbound.share_percent(exact)
		WHEN low IS NULL AND high IS NULL THEN NULL
		WHEN uk_register AND (low, high) = (25, 50) THEN outbound.share '(25%,50%]'
		WHEN uk_register AND (low, high) = (50, 75) THEN outbound.share '(50%,75%)'
		WHEN uk_register AND (low, high) = (75, 100) THEN outbound.share '[75%,100%]'
		WHEN coalesce(low, 0) > coalesce(high, 100) THEN NULL
		WHEN coalesce(low, 0) = coalesce(high, 100) THEN outbound.share_percent(coalesce(low, 0))
		ELSE (CASE WHEN low_open THEN '(' ELSE '[' END || coalesce(low, 0) || '%,' ||
			  coalesce(high, 100) || CASE WHEN high_open THEN '%)' ELSE '%]' END)::outbound.share
	END
	FROM (SELECT bods.number(share->'exact') AS exact,
				 coalesce(bods.number(share->'minimum'), bods.number(share->'exclusiveMinimum')) AS low,
				 coalesce(bods.number(share->'maximum'), bods.number(share->'exclusiveMaximum')) AS high,
				 bods.number(share->'minimum') IS NULL AND share->'exclusiveMinimum' IS NOT NULL
					 OR share->'exclusiveMinimum' = 'true' AS low_open,
				 bods.number(share->'maximum') IS NULL AND share->'exclusiveMaximum' IS NOT NULL
					 OR share->'exclusiveMaximum' = 'true' AS high_open) s
$$;

-- What a record says today: the latest of its statements.
CREATE OR REPLACE VIEW bods.record AS
SELECT DISTINCT ON (record_id)
	record_id, record_type, record_status, statement_date, document->'recordDetails' AS details,
	document#>>'{source,url}' LIKE '%companieshouse.gov.uk%' AS uk_register,
	coalesce(CASE WHEN document#>>'{source,url}' LIKE '%companieshouse.gov.uk%' THEN 'Companies House'
				  WHEN document#>>'{source,url}' LIKE '%gleif.org%' THEN 'GLEIF' END,
			 document#>>'{source,assertedBy,0,name}', document#>>'{publicationDetails,publisher,name}', 'BODS') || ' ' || record_id AS source
FROM bods.statement
ORDER BY record_id, statement_date DESC NULLS LAST, bods.day(document#>>'{publicationDetails,publicationDate}', true) DESC NULLS LAST,
	record_status = 'closed' DESC, record_status = 'updated' DESC, statement_id;

-- Entity and person statements as rows of the relation party.
CREATE OR REPLACE VIEW bods.party AS
SELECT r.record_id AS party_id,
	CASE r.record_type WHEN 'entity' THEN nullif(details->>'name', '') ELSE person.name END AS name,
	CASE WHEN r.record_type = 'person' THEN 'individual'
		 WHEN details#>>'{entityType,type}' IN ('state', 'stateBody') THEN 'government'
		 WHEN details#>>'{entityType,type}' IN ('registeredEntity', 'legalEntity', 'arrangement') THEN 'entity' END AS kind,
	CASE r.record_type WHEN 'person' THEN person.citizenship END AS citizenship,
	CASE r.record_type WHEN 'entity' THEN
		coalesce(bods.country(details->'jurisdiction'), bods.country(details->'incorporatedInJurisdiction')) END AS organized_under,
	CASE r.record_type WHEN 'entity' THEN
		(SELECT bods.country(a->'country') FROM jsonb_array_elements(details->'addresses') a WHERE a->>'type' = 'business' LIMIT 1) END AS headquarters,
	bods.period(NULL, bods.day(details->>'dissolutionDate', true)) AS valid,
	r.source
FROM bods.record r
LEFT JOIN LATERAL (
	SELECT (SELECT coalesce(nullif(n->>'fullName', ''), nullif(concat_ws(' ', n->>'givenName', n->>'familyName'), ''))
			FROM jsonb_array_elements(details->'names') WITH ORDINALITY AS names(n, place)
			ORDER BY n->>'type' = 'legal' DESC NULLS LAST, place LIMIT 1) AS name,
		-- one nationality without a code leaves the set of them unknown
		(SELECT CASE WHEN bool_and(bods.country(n) IS NOT NULL) THEN array_agg(bods.country(n)) END
		 FROM jsonb_array_elements(details->'nationalities') n) AS citizenship) person ON r.record_type = 'person'
WHERE r.record_type IN ('entity', 'person');

-- The record that one end of a relationship names: by its identifier, or by one of its statements; NULL if it names none.
CREATE OR REPLACE FUNCTION bods.end_of(reference jsonb) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT CASE jsonb_typeof(reference)
		WHEN 'string' THEN reference#>>'{}'
		WHEN 'object' THEN (SELECT record_id FROM bods.statement
							WHERE statement_id IN (reference->>'describedByEntityStatement', reference->>'describedByPersonStatement')
							LIMIT 1)
	END
$$;

/*
 * Every interest of every relationship record, in the words of the relation interest.  A word of the standard that has
 * no counterpart stays as it is: outbound takes a kind that it does not know for unknown, not for absent.
 * left_out says why a row cannot be an interest; such a holder is then nobody who was disclosed.
 */
CREATE OR REPLACE VIEW bods.interest_read AS
WITH stated AS (
	SELECT r.record_id, r.source, r.uk_register, i.interest, i.interest->>'type' AS type,
		substring(i.interest->>'details' FROM '^Relationship Type: ([A-Z_-]+)$') AS lei_relationship,
		bods.end_of(r.details->'interestedParty') AS interested_party, bods.end_of(r.details->'subject') AS subject,
		bods.day(i.interest->>'startDate', false) AS since,
		coalesce(bods.day(i.interest->>'endDate', true),
				 CASE WHEN r.record_status = 'closed' THEN r.statement_date END) AS until
	FROM bods.record r, jsonb_array_elements(r.details->'interests') AS i(interest)
	WHERE r.record_type = 'relationship'
), named AS (
	SELECT *,
		-- the branch holds: the standard, after the LEI, makes it the subject
		lei_relationship = 'IS_INTERNATIONAL_BRANCH_OF' AS is_branch,
		CASE
			WHEN lei_relationship = 'IS_INTERNATIONAL_BRANCH_OF' THEN 'branch_of'
			WHEN lei_relationship IS NOT NULL THEN lei_relationship
			WHEN type = 'shareholding' THEN 'equity'
			WHEN type = 'votingRights' THEN 'voting'
			WHEN type = 'appointmentOfBoard' THEN 'board'
			WHEN type IN ('boardMember', 'boardChair') THEN 'board_seat'
			WHEN type = 'rightsToProfitOrIncome' THEN 'profits'
			WHEN type = 'rightsToSurplusAssetsOnDissolution' THEN 'liquidation'
			WHEN type = 'otherInfluenceOrControl' THEN 'direction'
			ELSE coalesce(nullif(type, ''), 'unknownInterest')
		END AS kind
	FROM stated
)
SELECT record_id, source, type,
	CASE WHEN is_branch THEN subject ELSE interested_party END AS holder_id,
	CASE WHEN is_branch THEN interested_party ELSE subject END AS held_id,
	kind,
	CASE WHEN kind = 'board' AND uk_register AND bods.share(interest->'share', uk_register) IS NULL
			THEN outbound.share '>50%'			-- the register's words: to appoint or remove the majority
		 WHEN kind IN ('equity', 'voting', 'board', 'profits', 'liquidation') THEN bods.share(interest->'share', uk_register)
	END AS share,
	bods.period(since, until) AS valid,
	CASE WHEN subject IS NULL THEN 'nobody is held'
		 WHEN interested_party IS NULL THEN 'nobody is named as the holder'
		 WHEN interest->>'directOrIndirect' = 'indirect' THEN 'indirect: the sum of links that are interests themselves'
		 WHEN since > until THEN 'it ends before it starts'
		 WHEN since = until THEN 'it ends the day it starts'
	END AS left_out
FROM named;

CREATE OR REPLACE VIEW bods.interest AS
SELECT holder_id, held_id, kind, share, valid, source FROM bods.interest_read WHERE left_out IS NULL;

-- Statements from the lines that were read: one statement, or one array of statements, a line.
CREATE OR REPLACE FUNCTION bods.take_lines() RETURNS bigint
LANGUAGE sql VOLATILE AS $$
	WITH taken AS (
		INSERT INTO bods.statement
		SELECT document->>'statementId', document->>'recordId', document->>'recordType', document->>'recordStatus',
			bods.day(document->>'statementDate', true), document
		FROM bods.line, jsonb_array_elements(CASE WHEN jsonb_typeof(line::jsonb) = 'array' THEN line::jsonb
											 ELSE jsonb_build_array(line::jsonb) END) document
		WHERE line <> '' AND document->>'statementId' IS NOT NULL AND document->>'recordId' IS NOT NULL
			AND document->>'recordType' IN ('entity', 'person', 'relationship')
		ON CONFLICT (statement_id) DO NOTHING
		RETURNING 1)
	SELECT count(*) FROM taken
$$;
