/*
 * The audit: what is due, what it can cost, how fresh the lists are, what has changed.
 */

/* filings (31 CFR 850.401 to 850.406) */
CREATE FUNCTION filing_due(as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (deal_id text, cite text, duty text, trigger_date date, due_date date, days_left int, established boolean)
AS 'MODULE_PATHNAME', 'outbound_filing_due'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 100;

COMMENT ON FUNCTION filing_due(date) IS
'The filings that the deals of the source schema call for, one row a duty, read as the caller; as_of is the day from which days_left counts (NULL: days_left is NULL).  Calendar days, no weekend or holiday moves a due date (31 CFR 850.401 to 850.406).  What has been filed (filed_on, update_filed_on) is not shown.  A deal whose facts cannot be read may have to be notified (established is NULL), with a warning that says why.  OB010 where the relation is missing.';

CREATE VIEW filing_due AS SELECT f.* FROM filing_due() AS f;

COMMENT ON VIEW filing_due IS
'The filings that the deals of the source schema call for, as of today: see function filing_due.';
COMMENT ON COLUMN filing_due.deal_id IS 'The deal.';
COMMENT ON COLUMN filing_due.cite IS 'Sections that make it a duty and set its time; 850.401 and 850.402 both while it is open whose duty it is.';
COMMENT ON COLUMN filing_due.duty IS
'notification: of a notifiable deal.  post_closing_notification: of a fact learned after completion that makes a deal covered, be it notifiable or prohibited.  material_change_update: of a notification filed before completion.  supplement: of information that was not available before.  correction: of an omission or inaccuracy in any statement.';
COMMENT ON COLUMN filing_due.trigger_date IS 'Day from which it counts: completion, or when the fact was learned or became available; NULL while completion is not dated.';
COMMENT ON COLUMN filing_due.due_date IS 'Last day on which it is in time.';
COMMENT ON COLUMN filing_due.days_left IS 'Days until then; negative once it is late.';
COMMENT ON COLUMN filing_due.established IS 'True: it is a duty.  NULL: it may be one, an unknown fact decides.';

/* penalties (31 CFR 850.701) */
CREATE FUNCTION civil_penalty_max(amount_usd numeric, as_of date DEFAULT CURRENT_DATE) RETURNS numeric
AS 'MODULE_PATHNAME', 'outbound_civil_penalty_max'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000;

COMMENT ON FUNCTION civil_penalty_max(numeric, date) IS
'The highest civil penalty for one violation, in U.S. dollars: the greater of the inflation-adjusted amount assessed on that day (penalty_amount) and the multiple of the transaction''s amount (31 CFR 850.701).  NULL for a NULL amount, for a day before the first amount on record, and under a ruleset that names no penalty.  A negative amount is 22003.';

CREATE VIEW criminal_penalty_max AS
SELECT p.ruleset,
	max(p.value::numeric) FILTER (WHERE p.name = 'criminal_fine_usd') AS criminal_max_fine,
	max(p.value::int) FILTER (WHERE p.name = 'criminal_years') AS criminal_max_years,
	max(p.value::int) FILTER (WHERE p.name = 'false_statement_years') AS false_statement_max_years,
	array_agg(DISTINCT p.cite ORDER BY p.cite) AS cites
FROM parameter AS p
WHERE p.name IN ('criminal_fine_usd', 'criminal_years', 'false_statement_years')
	AND p.in_force @> CURRENT_DATE
GROUP BY p.ruleset;

COMMENT ON VIEW criminal_penalty_max IS
'The highest criminal penalties for a willful violation, one row a ruleset that names them, today (31 CFR 850.701).';
COMMENT ON COLUMN criminal_penalty_max.ruleset IS 'The ruleset.';
COMMENT ON COLUMN criminal_penalty_max.criminal_max_fine IS 'Fine, in U.S. dollars.';
COMMENT ON COLUMN criminal_penalty_max.criminal_max_years IS 'Years of imprisonment, for an individual.';
COMMENT ON COLUMN criminal_penalty_max.false_statement_max_years IS 'Years of imprisonment for a false statement.';
COMMENT ON COLUMN criminal_penalty_max.cites IS 'Where they are written.';

/* the lists: how many stand on them, and how fresh they are */
CREATE TABLE list_load (
	list_load_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	list		text NOT NULL,
	loaded_at	timestamptz NOT NULL,
	entries		bigint CHECK (entries >= 0),
	parties		bigint NOT NULL CHECK (parties >= 0),
	max_age_days int CHECK (max_age_days >= 0),
	observed	boolean NOT NULL DEFAULT false,
	recorded_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	recorded_by	text NOT NULL DEFAULT session_user
);
CREATE INDEX list_load_latest ON list_load (list, loaded_at, list_load_id);

COMMENT ON TABLE list_load IS 'Every load of a list that the firm has recorded with record_list_load(); never changed.';
COMMENT ON COLUMN list_load.list_load_id IS 'Running number.';
COMMENT ON COLUMN list_load.list IS 'The list, as relation listing names it.';
COMMENT ON COLUMN list_load.loaded_at IS 'When the list was loaded.';
COMMENT ON COLUMN list_load.entries IS 'Entries of the list as published; NULL where that was not told.';
COMMENT ON COLUMN list_load.parties IS 'Parties that stood on it in relation listing when this was recorded.';
COMMENT ON COLUMN list_load.max_age_days IS 'Days after which this load is stale; NULL: those of the list, if it has any.';
COMMENT ON COLUMN list_load.observed IS 'True: no load, but what run_audit() found when the list had become shorter since.';
COMMENT ON COLUMN list_load.recorded_at IS 'When it was recorded.';
COMMENT ON COLUMN list_load.recorded_by IS 'Session user who recorded it.';

CREATE FUNCTION ruleset_in_force(as_of date DEFAULT CURRENT_DATE) RETURNS text
AS 'MODULE_PATHNAME', 'outbound_ruleset_in_force'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100;

COMMENT ON FUNCTION ruleset_in_force(date) IS
'The ruleset that is applied on a day (NULL: today) where none is named: the configured one, else the law of that day.';

CREATE FUNCTION listed_parties(OUT list text, OUT parties bigint, OUT oldest date, OUT newest date, OUT sources text[])
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'outbound_listed_parties'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 10;

COMMENT ON FUNCTION listed_parties() IS
'How many parties stand on each list in relation listing today, when the entries begin, and from which sources they are; read as the caller.  OB010 where the relation is missing.';

CREATE FUNCTION list_is_stale(list text, as_of date DEFAULT CURRENT_DATE) RETURNS boolean
LANGUAGE SQL STABLE PARALLEL RESTRICTED COST 100
BEGIN ATOMIC
	SELECT coalesce(LEAST(list_is_stale.as_of, CURRENT_DATE) - last.loaded_at::date
					> coalesce(last.max_age_days,
							   (SELECT l.max_age_days FROM list AS l
								WHERE l.list = list_is_stale.list AND l.ruleset = ruleset_in_force(list_is_stale.as_of))), false)
		OR coalesce(last.entries < before.entries, false)
		OR coalesce(last.parties < before.parties, false)
	FROM (SELECT * FROM list_load AS r WHERE r.list = list_is_stale.list
		  ORDER BY r.loaded_at DESC, r.list_load_id DESC LIMIT 1) AS last
	LEFT JOIN (SELECT * FROM list_load AS r WHERE r.list = list_is_stale.list
			   ORDER BY r.loaded_at DESC, r.list_load_id DESC LIMIT 1 OFFSET 1) AS before ON true;
END;

COMMENT ON FUNCTION list_is_stale(text, date) IS
'True if the last recorded load of a list is too old for an answer as of that day (or today, if the day is to come), or was shorter than the one before; recording the same size once more confirms it.  NULL if no load has been recorded: then the list is not judged.';

CREATE FUNCTION list_health()
RETURNS TABLE (list text, title text, cite text, parties bigint, oldest date, newest date, sources text[],
			   loads bigint, loaded_at timestamptz, age_days int, max_age_days int, loaded_parties bigint, change bigint, stale boolean)
LANGUAGE SQL STABLE PARALLEL RESTRICTED COST 20000 ROWS 10
BEGIN ATOMIC
	SELECT l.list, l.title, l.cite, coalesce(n.parties, 0), n.oldest, n.newest, coalesce(n.sources, '{}'),
		(SELECT count(*) FROM list_load AS c WHERE c.list = l.list AND NOT c.observed),
		r.loaded_at, CURRENT_DATE - r.loaded_at::date, coalesce(r.max_age_days, l.max_age_days),
		r.parties, coalesce(n.parties, 0) - r.parties, list_is_stale(l.list)
	FROM list AS l
	LEFT JOIN listed_parties() AS n ON n.list = l.list
	LEFT JOIN LATERAL (SELECT * FROM list_load AS c WHERE c.list = l.list AND NOT c.observed
					   ORDER BY c.loaded_at DESC, c.list_load_id DESC LIMIT 1) AS r ON true
	WHERE l.ruleset = ruleset_in_force() AND l.in_force @> CURRENT_DATE
	AND (l.relevant OR n.list IS NOT NULL OR r.list IS NOT NULL)
	ORDER BY l.list;
END;

COMMENT ON FUNCTION list_health() IS
'Every list of 850.224(m), and every other list of the ruleset in force that the firm has loaded or uses: how many parties stand on it, and how old and how complete its last recorded load is.  Reads relation listing as the caller; OB010 where it is missing.';

CREATE VIEW list_health AS SELECT h.* FROM list_health() AS h;

COMMENT ON VIEW list_health IS
'Every list of 850.224(m), and every other list of the ruleset in force that the firm has loaded or uses: how many parties stand on it, and how old and how complete its last recorded load is.';
COMMENT ON COLUMN list_health.list IS 'The list, as relation listing names it.';
COMMENT ON COLUMN list_health.title IS 'Its title.';
COMMENT ON COLUMN list_health.cite IS 'The section that makes it matter.';
COMMENT ON COLUMN list_health.parties IS 'Parties that stand on it today.';
COMMENT ON COLUMN list_health.oldest IS 'First day of the entry that begins first; NULL where entries do not say.';
COMMENT ON COLUMN list_health.newest IS 'First day of the entry that begins last.';
COMMENT ON COLUMN list_health.sources IS 'Sources that the entries name.';
COMMENT ON COLUMN list_health.loads IS 'Loads that have been recorded.';
COMMENT ON COLUMN list_health.loaded_at IS 'When it was last loaded; NULL if no load has been recorded.';
COMMENT ON COLUMN list_health.age_days IS 'Days since.';
COMMENT ON COLUMN list_health.max_age_days IS 'Days after which it is stale; NULL: never for its age.';
COMMENT ON COLUMN list_health.loaded_parties IS 'Parties that stood on it then.';
COMMENT ON COLUMN list_health.change IS 'Parties more, or less, than then.';
COMMENT ON COLUMN list_health.stale IS 'Too old, or shorter than before: see function list_is_stale; NULL: not judged.';

CREATE FUNCTION record_list_load(list text, entries bigint DEFAULT NULL, max_age_days int DEFAULT NULL,
								 loaded_at timestamptz DEFAULT CURRENT_TIMESTAMP)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, @extschema@, pg_temp
AS $record$
#variable_conflict use_column
DECLARE
	id bigint;
	now_parties bigint;
	last list_load;
BEGIN
	IF record_list_load.list IS NULL OR record_list_load.loaded_at IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'list and time of loading must not be null';
	END IF;
	IF NOT isfinite(record_list_load.loaded_at) OR record_list_load.loaded_at > clock_timestamp() THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'time of loading must have passed';
	END IF;
	IF NOT EXISTS (SELECT FROM list AS l WHERE l.list = record_list_load.list) THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_object',
			MESSAGE = format('list "%s" does not exist', record_list_load.list),
			HINT = 'Lists are ' || (SELECT string_agg(DISTINCT l.list, ', ' ORDER BY l.list) FROM list AS l) || '.';
	END IF;
	SELECT r.* INTO last FROM list_load AS r WHERE r.list = record_list_load.list
	ORDER BY r.loaded_at DESC, r.list_load_id DESC LIMIT 1;
	now_parties := coalesce((SELECT p.parties FROM listed_parties() AS p WHERE p.list = record_list_load.list), 0);
	INSERT INTO list_load (list, loaded_at, entries, parties, max_age_days)
	VALUES (record_list_load.list, record_list_load.loaded_at, record_list_load.entries, now_parties, record_list_load.max_age_days)
	RETURNING list_load_id INTO id;
	IF now_parties < last.parties OR record_list_load.entries < last.entries THEN
		RAISE WARNING USING ERRCODE = 'OB003',
			MESSAGE = format('list "%s" is shorter than when it was last loaded', record_list_load.list),
			DETAIL = format('It had %s parties and %s entries, and has %s and %s.', last.parties,
							coalesce(last.entries::text, 'an unknown number of'), now_parties,
							coalesce(record_list_load.entries::text, 'an unknown number of')),
			HINT = 'Whoever is not on it counts as undetermined.  If the list is right, record the load once more.';
	END IF;
	RETURN id;
END
$record$;

COMMENT ON FUNCTION record_list_load(text, bigint, int, timestamptz) IS
'Records, after a list has been loaded into relation listing, that it was, and returns the number of the record.  entries: as many as the publisher says it has, or NULL; the parties on it are counted.  max_age_days: after how many days the load is stale (NULL: the list''s own).  Needs the privileges to write list_load and to read the relation.  A list that has become shorter is WARNING OB003, one that no ruleset knows error 42704.';

/* the audit; no foreign keys, since a parallel restore loads members' data in any order */
CREATE TABLE audit_run (
	run			bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	started		timestamptz NOT NULL,
	finished	timestamptz NOT NULL,
	deals		bigint NOT NULL,
	prohibited	bigint NOT NULL,
	notifiable	bigint NOT NULL,
	undetermined bigint NOT NULL,
	never_screened bigint NOT NULL,
	problems	bigint NOT NULL,
	changes		bigint NOT NULL,
	stale_lists	text[] NOT NULL,
	by_user		text NOT NULL DEFAULT session_user,
	source_schema text NOT NULL,
	rules_digest text NOT NULL,
	extension_version text NOT NULL
);

CREATE TABLE audit_verdict (
	deal_id		text PRIMARY KEY,
	run			bigint NOT NULL,
	outcome		outcome NOT NULL,
	at_least	outcome NOT NULL,
	at_most		outcome NOT NULL,
	obligation	text,
	provisions	text[],
	missing		text[],
	ruleset		text,
	as_of		date,
	facts		jsonb,
	never_screened boolean NOT NULL,
	problem		text
);

CREATE TABLE drift (
	drift_id	bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	run			bigint NOT NULL,
	deal_id		text NOT NULL,
	before		outcome,
	after		outcome,
	before_at_least outcome,
	before_at_most outcome,
	after_at_least outcome,
	after_at_most outcome,
	cause		text NOT NULL
);
CREATE INDEX drift_run ON drift (run);
CREATE INDEX drift_deal ON drift (deal_id);

COMMENT ON TABLE audit_run IS 'Every audit of the book, one row a run; never changed.';
COMMENT ON COLUMN audit_run.run IS 'Running number.';
COMMENT ON COLUMN audit_run.started IS 'When it began.';
COMMENT ON COLUMN audit_run.finished IS 'When the last deal had been screened.';
COMMENT ON COLUMN audit_run.deals IS 'Rows of relation deal.';
COMMENT ON COLUMN audit_run.prohibited IS 'How many of them are prohibited.';
COMMENT ON COLUMN audit_run.notifiable IS 'How many are notifiable.';
COMMENT ON COLUMN audit_run.undetermined IS 'How many cannot be determined.';
COMMENT ON COLUMN audit_run.never_screened IS 'How many have no row in determination: no trigger has seen them.';
COMMENT ON COLUMN audit_run.problems IS 'How many have facts that cannot be read; they count as undetermined.';
COMMENT ON COLUMN audit_run.changes IS 'Rows of drift of this run.';
COMMENT ON COLUMN audit_run.stale_lists IS 'Lists that were stale.';
COMMENT ON COLUMN audit_run.by_user IS 'Session user who ran it.';
COMMENT ON COLUMN audit_run.source_schema IS 'The schema that was audited.';
COMMENT ON COLUMN audit_run.rules_digest IS 'Digest of rules, readings, settings and version of the extension: equal digests, equal rules.';
COMMENT ON COLUMN audit_run.extension_version IS 'Version of the extension.';
COMMENT ON TABLE audit_verdict IS 'The verdict on every deal at the last run; deals that share an id are one, with the worst verdict, and deals without an id are not in it.';
COMMENT ON COLUMN audit_verdict.deal_id IS 'The deal.';
COMMENT ON COLUMN audit_verdict.run IS 'The run that last found any of this changed.';
COMMENT ON COLUMN audit_verdict.outcome IS 'The verdict.';
COMMENT ON COLUMN audit_verdict.at_least IS 'What is established.';
COMMENT ON COLUMN audit_verdict.at_most IS 'The worst that the unknown facts leave open.';
COMMENT ON COLUMN audit_verdict.obligation IS 'Whose duty it is.';
COMMENT ON COLUMN audit_verdict.provisions IS 'Cites that decided.';
COMMENT ON COLUMN audit_verdict.missing IS 'Facts that were missing.';
COMMENT ON COLUMN audit_verdict.ruleset IS 'Ruleset under which it was decided.';
COMMENT ON COLUMN audit_verdict.as_of IS 'Day for which rules and data were read.';
COMMENT ON COLUMN audit_verdict.facts IS 'Facts of the deal as they were screened.';
COMMENT ON COLUMN audit_verdict.never_screened IS 'No row in determination: no trigger has seen this deal.';
COMMENT ON COLUMN audit_verdict.problem IS 'Why its facts cannot be read, or NULL.';
COMMENT ON TABLE drift IS 'What each audit found changed since the one before, one row a deal; never changed.';
COMMENT ON COLUMN drift.drift_id IS 'Running number.';
COMMENT ON COLUMN drift.run IS 'The audit that found it.';
COMMENT ON COLUMN drift.deal_id IS 'The deal.';
COMMENT ON COLUMN drift.before IS 'The verdict before; NULL for a new deal.';
COMMENT ON COLUMN drift.after IS 'The verdict now; NULL for a deal that is gone.';
COMMENT ON COLUMN drift.before_at_least IS 'What was established before.';
COMMENT ON COLUMN drift.before_at_most IS 'The worst that was left open before.';
COMMENT ON COLUMN drift.after_at_least IS 'What is established now.';
COMMENT ON COLUMN drift.after_at_most IS 'The worst that is left open now.';
COMMENT ON COLUMN drift.cause IS
'new, gone, or what has changed besides: facts changed, ruleset changed, rules or settings changed, lists went stale or fresh; with none of these, records changed: ownership, activities, listings or figures.';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON list_load
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_run
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON drift
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

SELECT pg_catalog.pg_extension_config_dump('list_load', '');
SELECT pg_catalog.pg_extension_config_dump('list_load_list_load_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('audit_run', '');
SELECT pg_catalog.pg_extension_config_dump('audit_run_run_seq', '');
SELECT pg_catalog.pg_extension_config_dump('audit_verdict', '');
SELECT pg_catalog.pg_extension_config_dump('drift', '');
SELECT pg_catalog.pg_extension_config_dump('drift_drift_id_seq', '');

CREATE FUNCTION rules_digest() RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE COST 10000
SET datestyle = 'ISO, YMD'
BEGIN ATOMIC
	SELECT encode(sha256(convert_to(string_agg(r.line, E'\n' ORDER BY r.line COLLATE "C"), 'UTF8')), 'hex')
	FROM (SELECT 'ruleset' || x.*::text FROM ruleset AS x
		  UNION ALL SELECT 'fact' || x.*::text FROM fact AS x
		  UNION ALL SELECT 'provision' || x.*::text FROM provision AS x
		  UNION ALL SELECT 'country' || x.*::text FROM country_of_concern AS x
		  UNION ALL SELECT 'third country' || x.*::text FROM third_country AS x
		  UNION ALL SELECT 'list' || x.*::text FROM list AS x
		  UNION ALL SELECT 'test' || x.*::text FROM ownership_test AS x
		  UNION ALL SELECT 'test reading' || x.*::text FROM ownership_test_reading AS x
		  UNION ALL SELECT 'parameter' || x.*::text FROM parameter AS x
		  UNION ALL SELECT 'reading' || x.reading || ' ' || x.in_effect FROM readings AS x
		  UNION ALL SELECT 'setting' || x.name || ' ' || x.value FROM setting AS x
		  UNION ALL SELECT 'version' || x.extversion FROM pg_extension AS x WHERE x.extname = 'outbound') AS r (line);
END;

COMMENT ON FUNCTION rules_digest() IS
'SHA-256 of all rules, the readings and settings in effect and the version of the extension, in hexadecimal: equal digests, equal rules.';

CREATE FUNCTION audit_listed_parties(OUT list text, OUT parties bigint, OUT oldest date, OUT newest date, OUT sources text[])
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'outbound_audit_listed_parties'
LANGUAGE C STABLE PARALLEL UNSAFE COST 10000 ROWS 10;

COMMENT ON FUNCTION audit_listed_parties() IS
'listed_parties() as the owner of the relations reads it, for run_audit(); 42501 for who may not insert into audit_run.';

CREATE FUNCTION audit_book(OUT deal_id text, OUT outcome text, OUT at_least text, OUT at_most text, OUT obligation text,
						   OUT provisions text[], OUT missing text[], OUT ruleset text, OUT as_of date, OUT facts jsonb,
						   OUT determined boolean, OUT problem text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'outbound_audit_book'
LANGUAGE C STABLE PARALLEL UNSAFE COST 100000 ROWS 1000;

COMMENT ON FUNCTION audit_book() IS
'Every deal with its verdict and facts as the owner of the relations reads them, for run_audit(); 42501 for who may not insert into audit_run.';

CREATE PROCEDURE run_audit()
LANGUAGE plpgsql
SET search_path = pg_catalog, @extschema@, pg_temp
AS $audit$
DECLARE
	began CONSTANT timestamptz := clock_timestamp();
	rules CONSTANT text := rules_digest();
	last audit_run;
	stale text[];
	stale_before text[];
BEGIN
	-- one run after the other: the next sees what this one has written
	LOCK TABLE audit_verdict IN SHARE ROW EXCLUSIVE MODE;
	SELECT r.* INTO last FROM audit_run AS r ORDER BY r.run DESC LIMIT 1;

	-- lists that have lost parties since they were loaded
	INSERT INTO list_load (list, loaded_at, entries, parties, max_age_days, observed)
	SELECT r.list, r.loaded_at, r.entries, coalesce(n.parties, 0), r.max_age_days, true
	FROM (SELECT DISTINCT ON (c.list) c.* FROM list_load AS c ORDER BY c.list, c.loaded_at DESC, c.list_load_id DESC) AS r
	LEFT JOIN audit_listed_parties() AS n ON n.list = r.list
	WHERE coalesce(n.parties, 0) < r.parties;
	stale := ARRAY(SELECT l.list FROM list AS l WHERE l.ruleset = ruleset_in_force() AND list_is_stale(l.list) ORDER BY l.list);

	WITH book AS MATERIALIZED (
		SELECT b.deal_id, b.outcome::outcome, b.at_least::outcome, b.at_most::outcome, b.obligation, b.provisions, b.missing,
			b.ruleset, b.as_of, b.facts, NOT b.determined AS never_screened, b.problem
		FROM audit_book() AS b
	), verdict AS MATERIALIZED (
		SELECT DISTINCT ON (b.deal_id) b.*
		FROM book AS b WHERE b.deal_id IS NOT NULL
		ORDER BY b.deal_id, b.outcome DESC, b.at_most DESC, b.never_screened DESC, b.facts, b.problem
	), change AS MATERIALIZED (
		SELECT coalesce(v.deal_id, o.deal_id) AS deal_id, o.outcome AS before, v.outcome AS after,
			o.at_least AS before_at_least, o.at_most AS before_at_most, v.at_least AS after_at_least, v.at_most AS after_at_most,
			CASE WHEN o.deal_id IS NULL THEN 'new'
				 WHEN v.deal_id IS NULL THEN 'gone'
				 ELSE coalesce(nullif(concat_ws(', ',
					CASE WHEN (v.facts, v.problem) IS DISTINCT FROM (o.facts, o.problem) THEN 'facts changed' END,
					CASE WHEN v.ruleset IS DISTINCT FROM o.ruleset AND v.ruleset IS NOT NULL AND o.ruleset IS NOT NULL THEN 'ruleset changed'
						 WHEN rules <> last.rules_digest THEN 'rules or settings changed' END,
					CASE WHEN stale <> last.stale_lists THEN 'lists went stale or fresh' END), ''), 'records changed') END AS cause
		FROM audit_verdict AS o FULL JOIN verdict AS v ON v.deal_id = o.deal_id
		WHERE (v.outcome, v.at_least, v.at_most, v.obligation) IS DISTINCT FROM (o.outcome, o.at_least, o.at_most, o.obligation)
	), this AS (
		INSERT INTO audit_run (started, finished, deals, prohibited, notifiable, undetermined, never_screened, problems, changes,
							   stale_lists, source_schema, rules_digest, extension_version)
		SELECT began, clock_timestamp(), count(*), count(*) FILTER (WHERE b.outcome = 'prohibited'),
			count(*) FILTER (WHERE b.outcome = 'notifiable'), count(*) FILTER (WHERE b.outcome = 'undetermined'),
			count(*) FILTER (WHERE b.never_screened), count(b.problem), (SELECT count(*) FROM change), stale,
			(SELECT s.value FROM setting AS s WHERE s.name = 'source_schema'), rules,
			(SELECT e.extversion FROM pg_extension AS e WHERE e.extname = 'outbound')
		FROM book AS b
		RETURNING run
	), drifted AS (
		INSERT INTO drift (run, deal_id, before, after, before_at_least, before_at_most, after_at_least, after_at_most, cause)
		SELECT this.run, c.* FROM change AS c, this ORDER BY c.deal_id COLLATE "C"
	), gone AS (
		DELETE FROM audit_verdict AS o WHERE NOT EXISTS (SELECT FROM verdict AS v WHERE v.deal_id = o.deal_id)
	)
	INSERT INTO audit_verdict AS o (run, deal_id, outcome, at_least, at_most, obligation, provisions, missing, ruleset, as_of,
									facts, never_screened, problem)
	SELECT this.run, v.* FROM verdict AS v, this
	ON CONFLICT (deal_id) DO UPDATE SET
		run = excluded.run, outcome = excluded.outcome, at_least = excluded.at_least, at_most = excluded.at_most,
		obligation = excluded.obligation, provisions = excluded.provisions, missing = excluded.missing, ruleset = excluded.ruleset,
		as_of = excluded.as_of, facts = excluded.facts, never_screened = excluded.never_screened, problem = excluded.problem
	WHERE (o.outcome, o.at_least, o.at_most, o.obligation, o.provisions, o.missing, o.ruleset, o.as_of, o.facts, o.never_screened, o.problem)
		IS DISTINCT FROM (excluded.outcome, excluded.at_least, excluded.at_most, excluded.obligation, excluded.provisions, excluded.missing,
						  excluded.ruleset, excluded.as_of, excluded.facts, excluded.never_screened, excluded.problem);
END
$audit$;

COMMENT ON PROCEDURE run_audit() IS
'Screens every deal in one pass and records the run in audit_run, what has changed since the last one in drift, and the verdicts in audit_verdict; lists that have become shorter since they were loaded are noted in list_load.  Reads as the owner of the relations, like the trigger, whatever the caller may read.  Needs the privileges to insert into these tables, and to update and delete in audit_verdict.  Runs wait for each other; the whole book is read under one snapshot.  Facts that cannot be read make a deal undetermined, with the problem noted; OB010 where a relation is missing.';

REVOKE EXECUTE ON PROCEDURE run_audit() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION audit_book(), audit_listed_parties() FROM PUBLIC;

GRANT SELECT ON filing_due, criminal_penalty_max, list_load, list_health TO PUBLIC;
