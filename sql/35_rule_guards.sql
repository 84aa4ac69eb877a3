/*
 * What keeps the rule tables: shipped rows stay as they are, conditions and options are
 * checked when they are written, every write is announced to the caches, the firm's own
 * rows are dumped, and views show the law beside the house's rules.
 */

/*
 * One row: every statement that writes a rule table changes it before its first row and
 * after its last (writers is 0 in between statements).  Sessions keep what they have read
 * from the rule tables while this row is the same version.
 */
CREATE TABLE rule_generation (
	generation	bigint NOT NULL,
	writers		int NOT NULL
);
CREATE UNIQUE INDEX rule_generation_one_row ON rule_generation ((true));
INSERT INTO rule_generation VALUES (1, 0);

CREATE FUNCTION protect_shipped_rows() RETURNS trigger
AS 'MODULE_PATHNAME', 'outbound_protect_shipped_rows' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1;

CREATE FUNCTION announce_rule_change() RETURNS trigger
AS 'MODULE_PATHNAME', 'outbound_announce_rule_change' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;

CREATE FUNCTION check_option() RETURNS trigger
AS 'MODULE_PATHNAME', 'outbound_check_option' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;

CREATE FUNCTION check_provision() RETURNS trigger
AS 'MODULE_PATHNAME', 'outbound_check_provision' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;

CREATE FUNCTION check_fact() RETURNS trigger
AS 'MODULE_PATHNAME', 'outbound_check_fact' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;

CREATE FUNCTION check_reference() RETURNS trigger
AS 'MODULE_PATHNAME', 'outbound_check_reference' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;

CREATE FUNCTION check_referenced() RETURNS trigger
AS 'MODULE_PATHNAME', 'outbound_check_referenced' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;

REVOKE EXECUTE ON FUNCTION protect_shipped_rows(), announce_rule_change(), check_option(), check_provision(), check_fact(),
	check_reference(), check_referenced() FROM PUBLIC;

COMMENT ON FUNCTION protect_shipped_rows() IS
'trigger: refuses to insert, change, remove or truncate rows with origin ''outbound'' outside CREATE and ALTER EXTENSION (55000)';
COMMENT ON FUNCTION announce_rule_change() IS
'trigger: changes the row of rule_generation before and after a statement that writes rules';
COMMENT ON FUNCTION check_option() IS
'trigger: the option of a row must be one of its reading''s (22023 with the nearest one); silent while check_function_bodies is off';
COMMENT ON FUNCTION check_reference() IS
'trigger with arguments column and table: the column names a row of the table by its key (23503); silent while check_function_bodies is off';
COMMENT ON FUNCTION check_referenced() IS
'trigger with arguments column and tables: a row that they name by its key may not go (23503); silent while check_function_bodies is off';
COMMENT ON FUNCTION check_fact() IS
'trigger: a fact may not be changed or removed while a house rule uses it so that it would no longer compile; silent while check_function_bodies is off';
COMMENT ON FUNCTION check_provision() IS
'trigger: the condition of a provision must use the dictionary''s names (42703), types (42804) and values (22023), its options must be its reading''s; silent while check_function_bodies is off';

/* shipped rows stay */
CREATE TRIGGER protect_shipped_rows BEFORE INSERT OR UPDATE OR DELETE ON ruleset
	FOR EACH ROW EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_truncate BEFORE TRUNCATE ON ruleset
	FOR EACH STATEMENT EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_rows BEFORE INSERT OR UPDATE OR DELETE ON fact
	FOR EACH ROW EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_truncate BEFORE TRUNCATE ON fact
	FOR EACH STATEMENT EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_rows BEFORE INSERT OR UPDATE OR DELETE ON reading
	FOR EACH ROW EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_truncate BEFORE TRUNCATE ON reading
	FOR EACH STATEMENT EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_rows BEFORE INSERT OR UPDATE OR DELETE ON provision
	FOR EACH ROW EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_truncate BEFORE TRUNCATE ON provision
	FOR EACH STATEMENT EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_rows BEFORE INSERT OR UPDATE OR DELETE ON section
	FOR EACH ROW EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_truncate BEFORE TRUNCATE ON section
	FOR EACH STATEMENT EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_rows BEFORE INSERT OR UPDATE OR DELETE ON country_of_concern
	FOR EACH ROW EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_rows BEFORE INSERT OR UPDATE OR DELETE ON third_country
	FOR EACH ROW EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_truncate BEFORE TRUNCATE ON country_of_concern
	FOR EACH STATEMENT EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_truncate BEFORE TRUNCATE ON third_country
	FOR EACH STATEMENT EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_rows BEFORE INSERT OR UPDATE OR DELETE ON list
	FOR EACH ROW EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_truncate BEFORE TRUNCATE ON list
	FOR EACH STATEMENT EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_rows BEFORE INSERT OR UPDATE OR DELETE ON ownership_test
	FOR EACH ROW EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_truncate BEFORE TRUNCATE ON ownership_test
	FOR EACH STATEMENT EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_rows BEFORE INSERT OR UPDATE OR DELETE ON ownership_test_reading
	FOR EACH ROW EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_truncate BEFORE TRUNCATE ON ownership_test_reading
	FOR EACH STATEMENT EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_rows BEFORE INSERT OR UPDATE OR DELETE ON parameter
	FOR EACH ROW EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_truncate BEFORE TRUNCATE ON parameter
	FOR EACH STATEMENT EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_rows BEFORE INSERT OR UPDATE OR DELETE ON penalty_amount
	FOR EACH ROW EXECUTE FUNCTION protect_shipped_rows();
CREATE TRIGGER protect_shipped_truncate BEFORE TRUNCATE ON penalty_amount
	FOR EACH STATEMENT EXECUTE FUNCTION protect_shipped_rows();

/* every write is announced */
CREATE TRIGGER announce_rule_change_begins BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ruleset
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_ends AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ruleset
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_begins BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON fact
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_ends AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON fact
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_begins BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON reading
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_ends AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON reading
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_begins BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON provision
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_ends AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON provision
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_begins BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON country_of_concern
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_begins BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON third_country
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_ends AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON country_of_concern
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_ends AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON third_country
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_begins BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON list
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_ends AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON list
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_begins BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ownership_test
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_ends AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ownership_test
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_begins BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ownership_test_reading
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_ends AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ownership_test_reading
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_begins BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON parameter
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_ends AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON parameter
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_begins BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON reading_choice
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_ends AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON reading_choice
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_begins BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON setting
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
CREATE TRIGGER announce_rule_change_ends AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON setting
	FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();

/* what is written is checked; a provision may come before its facts within a transaction */
CREATE CONSTRAINT TRIGGER check_provision AFTER INSERT OR UPDATE ON provision
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_provision();
CREATE CONSTRAINT TRIGGER check_ruleset AFTER INSERT OR UPDATE ON provision
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_reference('ruleset', 'ruleset');
CREATE CONSTRAINT TRIGGER check_ruleset AFTER INSERT OR UPDATE ON section
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_reference('ruleset', 'ruleset');
CREATE CONSTRAINT TRIGGER check_ruleset AFTER INSERT OR UPDATE ON country_of_concern
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_reference('ruleset', 'ruleset');
CREATE CONSTRAINT TRIGGER check_ruleset AFTER INSERT OR UPDATE ON third_country
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_reference('ruleset', 'ruleset');
CREATE CONSTRAINT TRIGGER check_ruleset AFTER INSERT OR UPDATE ON list
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_reference('ruleset', 'ruleset');
CREATE CONSTRAINT TRIGGER check_ruleset AFTER INSERT OR UPDATE ON parameter
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_reference('ruleset', 'ruleset');
CREATE CONSTRAINT TRIGGER check_reading AFTER INSERT OR UPDATE ON provision
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_reference('reading', 'reading');
CREATE CONSTRAINT TRIGGER check_reading AFTER INSERT OR UPDATE ON reading_choice
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_reference('reading', 'reading');
CREATE CONSTRAINT TRIGGER check_reading AFTER INSERT OR UPDATE ON ownership_test_reading
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_reference('reading', 'reading');
CREATE CONSTRAINT TRIGGER check_test AFTER INSERT OR UPDATE ON ownership_test_reading
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_reference('test', 'ownership_test');
CREATE CONSTRAINT TRIGGER check_referenced AFTER UPDATE OR DELETE ON ruleset
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_referenced('ruleset', 'provision', 'section', 'country_of_concern', 'third_country', 'list', 'parameter');
CREATE CONSTRAINT TRIGGER check_referenced AFTER UPDATE OR DELETE ON reading
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_referenced('reading', 'provision', 'reading_choice', 'ownership_test_reading');
CREATE CONSTRAINT TRIGGER check_referenced AFTER UPDATE OR DELETE ON ownership_test
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_referenced('test', 'ownership_test_reading');
CREATE CONSTRAINT TRIGGER check_fact AFTER UPDATE OR DELETE ON fact
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_fact();
CREATE CONSTRAINT TRIGGER check_option AFTER INSERT OR UPDATE ON reading_choice
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_option();
CREATE CONSTRAINT TRIGGER check_option AFTER INSERT OR UPDATE ON ownership_test_reading
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_option();

ALTER TABLE provision ADD CONSTRAINT provision_activity_outcome
	CHECK (stage <> 'activity' OR outcome IN ('notifiable', 'prohibited'));

/* the firm's rows are dumped */
SELECT pg_catalog.pg_extension_config_dump('ruleset', 'WHERE origin = ''firm''');
SELECT pg_catalog.pg_extension_config_dump('fact', 'WHERE origin = ''firm''');
SELECT pg_catalog.pg_extension_config_dump('reading', 'WHERE origin = ''firm''');
SELECT pg_catalog.pg_extension_config_dump('provision', 'WHERE origin = ''firm''');
SELECT pg_catalog.pg_extension_config_dump('section', 'WHERE origin = ''firm''');
SELECT pg_catalog.pg_extension_config_dump('country_of_concern', 'WHERE origin = ''firm''');
SELECT pg_catalog.pg_extension_config_dump('third_country', 'WHERE origin = ''firm''');
SELECT pg_catalog.pg_extension_config_dump('list', 'WHERE origin = ''firm''');
SELECT pg_catalog.pg_extension_config_dump('ownership_test', 'WHERE origin = ''firm''');
SELECT pg_catalog.pg_extension_config_dump('ownership_test_reading', 'WHERE origin = ''firm''');
SELECT pg_catalog.pg_extension_config_dump('parameter', 'WHERE origin = ''firm''');
SELECT pg_catalog.pg_extension_config_dump('penalty_amount', 'WHERE origin = ''firm''');
SELECT pg_catalog.pg_extension_config_dump('reading_choice', '');
SELECT pg_catalog.pg_extension_config_dump('setting', '');

CREATE VIEW readings AS
SELECT r.reading, r.question, r.options, r.default_option, c.option AS chosen,
	COALESCE(c.option, r.default_option) AS in_effect, c.chosen_by, c.chosen_at, c.why, r.cite, r.tested
FROM reading r LEFT JOIN reading_choice c ON c.reading = r.reading;

COMMENT ON VIEW readings IS
'Every doubt about the law''s meaning: the options, what is assumed by default, and what the firm has chosen and why.';

COMMENT ON COLUMN readings.reading IS 'Key of the doubt, such as A-01.';
COMMENT ON COLUMN readings.question IS 'What the text leaves open.';
COMMENT ON COLUMN readings.options IS 'The answers among which a firm may choose.';
COMMENT ON COLUMN readings.default_option IS 'The answer assumed where the firm has not chosen.';
COMMENT ON COLUMN readings.chosen IS 'The firms choice, or NULL.';
COMMENT ON COLUMN readings.in_effect IS 'The answer that the engine applies.';
COMMENT ON COLUMN readings.chosen_by IS 'The role that chose.';
COMMENT ON COLUMN readings.chosen_at IS 'When it chose.';
COMMENT ON COLUMN readings.why IS 'The reason that it gave.';
COMMENT ON COLUMN readings.cite IS 'The sections in doubt.';
COMMENT ON COLUMN readings.tested IS 'Whether a test shows that the choice can change an answer.';

COMMENT ON TABLE ruleset IS 'The instruments: the regulation in force, its proposals, its past and its future.';
COMMENT ON COLUMN ruleset.ruleset IS 'Key, such as FINAL-2025-01-02.';
COMMENT ON COLUMN ruleset.title IS 'Name of the instrument.';
COMMENT ON COLUMN ruleset.cite IS 'Where it was published.';
COMMENT ON COLUMN ruleset.status IS 'law, proposal, history or future; only law is applied by default.';
COMMENT ON COLUMN ruleset.in_force IS 'Days for which it is the law.';
COMMENT ON COLUMN ruleset.summary IS 'What it does, in plain words.';
COMMENT ON COLUMN ruleset.base IS 'The instrument whose rows it takes over, one level; NULL: it stands alone.';
COMMENT ON COLUMN ruleset.choices IS 'Options of readings that it fixes, by reading, whatever the firm has chosen.';
COMMENT ON COLUMN ruleset.origin IS 'outbound: shipped, never changed; firm: the firm''s own, dumped with its data.';
COMMENT ON TABLE fact IS 'The dictionary: what the law asks about activities and deals.';
COMMENT ON COLUMN fact.fact IS 'Name, as in conditions, JSON keys and column names.';
COMMENT ON COLUMN fact.kind IS 'Whether it is told of an activity or a deal.';
COMMENT ON COLUMN fact.type IS 'boolean, number, text, set or date.';
COMMENT ON COLUMN fact.unit IS 'Unit of a number.';
COMMENT ON COLUMN fact.allowed IS 'Values that a text or set may have; NULL for free text.';
COMMENT ON COLUMN fact.question IS 'What to ask the target or the deal team, in plain English.';
COMMENT ON COLUMN fact.cite IS 'The sections that make it matter.';
COMMENT ON COLUMN fact.when_absent IS 'What a row or document that does not carry it means: unknown, or not_claimed (an exception is the investors to show).';
COMMENT ON COLUMN fact.derived IS 'Computed by the engine from the firms relations; never given.';
COMMENT ON COLUMN fact.origin IS 'outbound: shipped, never changed; firm: the firm''s own, dumped with its data.';
COMMENT ON TABLE reading IS 'Doubts about the laws meaning, each with its options.';
COMMENT ON COLUMN reading.reading IS 'Key of the doubt.';
COMMENT ON COLUMN reading.question IS 'What the text leaves open.';
COMMENT ON COLUMN reading.options IS 'The possible answers.';
COMMENT ON COLUMN reading.default_option IS 'The answer assumed where the firm has not chosen.';
COMMENT ON COLUMN reading.cite IS 'The sections in doubt.';
COMMENT ON COLUMN reading.tested IS 'Whether a test shows that the choice can change an answer.';
COMMENT ON COLUMN reading.origin IS 'outbound: shipped, never changed; firm: the firm''s own, dumped with its data.';
COMMENT ON TABLE reading_choice IS 'The firms answers to readings.';
COMMENT ON COLUMN reading_choice.reading IS 'Key of the doubt.';
COMMENT ON COLUMN reading_choice.option IS 'The answer chosen, one of the readings options.';
COMMENT ON COLUMN reading_choice.chosen_by IS 'The role that chose.';
COMMENT ON COLUMN reading_choice.chosen_at IS 'When it chose.';
COMMENT ON COLUMN reading_choice.why IS 'The reason.';
COMMENT ON TABLE provision IS 'One rule a row: what it decides, and the condition under which it does.';
COMMENT ON COLUMN provision.ruleset IS 'The instrument that it belongs to.';
COMMENT ON COLUMN provision.cite IS 'Section of the regulation, or the firms own reference.';
COMMENT ON COLUMN provision.variant IS 'Tells provisions of one section apart.';
COMMENT ON COLUMN provision.stage IS 'What it decides: activity, scope, limb, exception, exemption, class or obligation.';
COMMENT ON COLUMN provision.outcome IS 'The class that an activity or class provision gives.';
COMMENT ON COLUMN provision.limb IS 'The limb of 850.210(a) that a limb provision finds.';
COMMENT ON COLUMN provision.obligation IS 'Whose duty an obligation provision finds.';
COMMENT ON COLUMN provision.sector IS 'Technology sector.';
COMMENT ON COLUMN provision.condition IS 'What must hold, over the facts of the dictionary.';
COMMENT ON COLUMN provision.summary IS 'The provision in plain words.';
COMMENT ON COLUMN provision.reading IS 'The doubt on which it depends, or NULL.';
COMMENT ON COLUMN provision.options IS 'The answers to it under which the provision applies.';
COMMENT ON COLUMN provision.in_force IS 'Days on which it applies.';
COMMENT ON COLUMN provision.origin IS 'outbound: shipped, never changed; firm: the firm''s own, dumped with its data.';
COMMENT ON TABLE section IS 'What a section says for which there is no condition of its own, for the reader of view law.';
COMMENT ON COLUMN section.ruleset IS 'The instrument.';
COMMENT ON COLUMN section.cite IS 'The section.';
COMMENT ON COLUMN section.title IS 'Its title.';
COMMENT ON COLUMN section.summary IS 'What it says, in plain words.';
COMMENT ON COLUMN section.in_force IS 'Days on which it applies.';
COMMENT ON COLUMN section.origin IS 'outbound: shipped, never changed; firm: the firm''s own, dumped with its data.';
COMMENT ON TABLE country_of_concern IS 'The countries of concern.';
COMMENT ON COLUMN country_of_concern.ruleset IS 'The instrument that names the country.';
COMMENT ON COLUMN country_of_concern.country IS 'ISO 3166 code.';
COMMENT ON COLUMN country_of_concern.name IS 'Its name there.';
COMMENT ON COLUMN country_of_concern.cite IS 'Where it is named.';
COMMENT ON COLUMN country_of_concern.in_force IS 'Days on which it is one.';
COMMENT ON COLUMN country_of_concern.origin IS 'outbound: shipped, never changed; firm: the firm''s own, dumped with its data.';
COMMENT ON TABLE third_country IS 'Countries and types of transaction that the Secretary has determined by public notice, of which a deal is excepted (850.501(g)); empty while none is known.';
COMMENT ON COLUMN third_country.ruleset IS 'The instrument under which it was determined.';
COMMENT ON COLUMN third_country.country IS 'ISO 3166 code of two letters; a deal is with a person of it if its target, the partner of the joint venture or whom the fund invests in is organized there.';
COMMENT ON COLUMN third_country.transaction_type IS 'The type of transaction that was determined, as fact transaction_type has it.';
COMMENT ON COLUMN third_country.name IS 'The countrys name in the notice.';
COMMENT ON COLUMN third_country.cite IS 'The notice.';
COMMENT ON COLUMN third_country.in_force IS 'Days on which the determination holds; it ends where it was rescinded.';
COMMENT ON COLUMN third_country.origin IS 'outbound: shipped, never changed; firm: the firm''s own, dumped with its data.';
COMMENT ON TABLE list IS 'The lists of persons that matter, and how far each reaches.';
COMMENT ON COLUMN list.ruleset IS 'The instrument that refers to the list.';
COMMENT ON COLUMN list.list IS 'Short name, as in relation listing.';
COMMENT ON COLUMN list.title IS 'Full name.';
COMMENT ON COLUMN list.cite IS 'Where it is referred to.';
COMMENT ON COLUMN list.relevant IS 'Whether a listed persons covered activity is a prohibited one (850.224(m)).';
COMMENT ON COLUMN list.test IS 'Ownership test by which the list reaches holdings of listed persons, or NULL.';
COMMENT ON COLUMN list.max_age_days IS 'Days after which a loaded list is stale, or NULL.';
COMMENT ON COLUMN list.in_force IS 'Days on which the list counts.';
COMMENT ON COLUMN list.origin IS 'outbound: shipped, never changed; firm: the firm''s own, dumped with its data.';
COMMENT ON TABLE ownership_test IS 'One regime of attribution a row: whom its interests make a member, and what a holder passes on.';
COMMENT ON COLUMN ownership_test.test IS 'Name, such as 31 CFR 850.206.';
COMMENT ON COLUMN ownership_test.authority IS 'Who applies it, and where it is written.';
COMMENT ON COLUMN ownership_test.summary IS 'The test in plain words.';
COMMENT ON COLUMN ownership_test.pooled IS 'Whether the seeds interests are added up, or each seed is asked alone.';
COMMENT ON COLUMN ownership_test.seeds IS 'Which parties count from the start.';
COMMENT ON COLUMN ownership_test.measures IS 'Kinds of interest that are measured.';
COMMENT ON COLUMN ownership_test.thresholds IS 'The share that makes a member, for each measure.';
COMMENT ON COLUMN ownership_test.strict IS 'Whether it must be exceeded rather than reached, for each measure.';
COMMENT ON COLUMN ownership_test.below IS 'What a holder below the threshold passes on: nothing, or its own proportion.';
COMMENT ON COLUMN ownership_test.link IS 'What a link carries: its share (product), or 1 where it is itself parent and subsidiary (literal).';
COMMENT ON COLUMN ownership_test.across_measures IS 'Whether a holders factor is the largest over the measures, rather than the same measures.';
COMMENT ON COLUMN ownership_test.status_feeds_back IS 'Whether a member counts whole.';
COMMENT ON COLUMN ownership_test.roles IS 'Kinds of interest whose holder confers status whatever its share.';
COMMENT ON COLUMN ownership_test.fund_roles IS 'The same where the held party is a pooled fund.';
COMMENT ON COLUMN ownership_test.roles_carry IS 'Whether such a role also carries full attribution.';
COMMENT ON COLUMN ownership_test.equity_votes IS 'Whether equity is read as votes in an entity of which no voting interest at all is recorded.';
COMMENT ON COLUMN ownership_test.own_shares_count IS 'Whether what an entity holds of itself counts as outstanding, and for nobody; else it is left out and the others are rescaled. Only where nothing is passed on below the threshold.';
COMMENT ON COLUMN ownership_test.tiers IS 'How many passes over the graph; NULL or 0 is the closure.';
COMMENT ON COLUMN ownership_test.last_tier_pools_base IS 'Whether later passes pool the seeds with the members of the pass before.';
COMMENT ON COLUMN ownership_test.report IS 'The share that makes a member, for each measure, where it is not the threshold: the thresholds then only say whose holdings count whole.';
COMMENT ON COLUMN ownership_test.report_strict IS 'Whether report must be exceeded rather than reached, for each measure.';
COMMENT ON COLUMN ownership_test.control_counts IS 'Where a controlling link counts as the whole in a product: nowhere (as_share), everywhere but in what a seed itself holds (beyond_seeds), everywhere (whole).';
COMMENT ON COLUMN ownership_test.control IS 'The share that makes a holders link controlling, for each measure; a role in roles does too.';
COMMENT ON COLUMN ownership_test.control_strict IS 'Whether control must be exceeded rather than reached, for each measure.';
COMMENT ON COLUMN ownership_test.through IS 'Another test of one holder at a time: who meets it in a party that, by the thresholds of this one, controls the held, meets this test too.';
COMMENT ON COLUMN ownership_test.excludes IS 'Who is never a member, though its holdings count: us_organized, organized under the law of the United States.';
COMMENT ON COLUMN ownership_test.rebuttable IS 'Whether the regulator lets the result be rebutted by evidence in the single case.';
COMMENT ON COLUMN ownership_test.effect IS 'What follows for a member.';
COMMENT ON COLUMN ownership_test.red_flag IS 'The share of the seeds, by multiplication along the links, beyond which a party that is no member calls for inquiry; NULL: none is named.';
COMMENT ON COLUMN ownership_test.in_force IS 'Days on which the test is law; on others nobody is a member.';
COMMENT ON COLUMN ownership_test.stayed IS 'Days within in_force on which it is suspended: nobody is a member.';
COMMENT ON COLUMN ownership_test.verify_from IS 'From this day on whether it is in force is to be verified; it is applied, with a notice.';
COMMENT ON COLUMN ownership_test.origin IS 'outbound: shipped, never changed; firm: the firm''s own, dumped with its data.';
COMMENT ON TABLE ownership_test_reading IS 'What a readings option changes in an ownership test.';
COMMENT ON COLUMN ownership_test_reading.test IS 'The test.';
COMMENT ON COLUMN ownership_test_reading.reading IS 'The doubt.';
COMMENT ON COLUMN ownership_test_reading.option IS 'The answer.';
COMMENT ON COLUMN ownership_test_reading.changes IS 'Columns of ownership_test and the values that they have under this answer; across_measures null leaves open what only the largest factor gives.';
COMMENT ON COLUMN ownership_test_reading.step IS 'The order in which the changes of several answers are made.';
COMMENT ON COLUMN ownership_test_reading.origin IS 'outbound: shipped, never changed; firm: the firm''s own, dumped with its data.';
COMMENT ON TABLE parameter IS 'Numbers and words of the law: amounts, percentages, days.';
COMMENT ON COLUMN parameter.ruleset IS 'The instrument.';
COMMENT ON COLUMN parameter.name IS 'Name of the parameter.';
COMMENT ON COLUMN parameter.value IS 'Its value, as text.';
COMMENT ON COLUMN parameter.unit IS 'Its unit.';
COMMENT ON COLUMN parameter.cite IS 'Where it is written.';
COMMENT ON COLUMN parameter.in_force IS 'Days on which it applies.';
COMMENT ON COLUMN parameter.origin IS 'outbound: shipped, never changed; firm: the firm''s own, dumped with its data.';
COMMENT ON TABLE penalty_amount IS 'The inflation-adjusted maximum civil penalty by date (850.701).';
COMMENT ON COLUMN penalty_amount.in_force IS 'Days on which the amount applies.';
COMMENT ON COLUMN penalty_amount.amount_usd IS 'The amount, in U.S. dollars.';
COMMENT ON COLUMN penalty_amount.cite IS 'Where it was published.';
COMMENT ON COLUMN penalty_amount.origin IS 'outbound: shipped, never changed; firm: the firm''s own, dumped with its data.';
COMMENT ON TABLE setting IS 'What the firm has configured.';
COMMENT ON COLUMN setting.name IS 'Name of the setting.';
COMMENT ON COLUMN setting.value IS 'Its value.';
COMMENT ON COLUMN setting.set_by IS 'The role that set it.';
COMMENT ON COLUMN setting.set_at IS 'When.';
COMMENT ON TABLE rule_generation IS 'One row that changes with every write to the rule tables; sessions compare it before they reuse what they have read.';
COMMENT ON COLUMN rule_generation.generation IS 'Grows with every such statement, twice.';
COMMENT ON COLUMN rule_generation.writers IS 'Statements that are writing; 0 when all have ended.';
