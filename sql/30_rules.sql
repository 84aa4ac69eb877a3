/*
 * The law as rows.  Every rule table holds shipped rows (origin 'outbound'), which a
 * trigger protects and an upgrade replaces, and the firm's own (origin 'firm'), which
 * pg_dump keeps.  References between them are checked by triggers and not by foreign
 * keys, which pg_restore would violate when it loads in parallel.
 */

/*
 * An instrument, or with a base an alternative of one: the rows of the base, and any of
 * its own, under the options named in choices ({"reading": "option"}) instead of the
 * firm's.
 */
CREATE TABLE ruleset (
	ruleset		text PRIMARY KEY,
	title		text NOT NULL,
	cite		text NOT NULL,
	status		text NOT NULL CHECK (status IN ('law', 'proposal', 'history', 'future')),
	in_force	daterange NOT NULL DEFAULT 'empty',
	summary		text NOT NULL,
	base		text,
	choices		jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(choices) = 'object'),
	origin		text NOT NULL DEFAULT 'firm' CHECK (origin IN ('outbound', 'firm')),
	CHECK (base <> ruleset)
);

CREATE TABLE fact (
	fact		text PRIMARY KEY,
	kind		text NOT NULL CHECK (kind IN ('activity', 'deal')),
	type		text NOT NULL CHECK (type IN ('boolean', 'number', 'text', 'set', 'date')),
	unit		text,
	allowed		text[],
	question	text,
	cite		text,
	when_absent	text NOT NULL DEFAULT 'unknown' CHECK (when_absent IN ('unknown', 'not_claimed')),
	derived		boolean NOT NULL DEFAULT false,
	origin		text NOT NULL DEFAULT 'firm' CHECK (origin IN ('outbound', 'firm')),
	CHECK (type <> 'set' OR (allowed IS NOT NULL AND cardinality(allowed) <= 64)),
	CHECK (derived OR question IS NOT NULL)
);

CREATE TABLE reading (
	reading		text PRIMARY KEY,
	question	text NOT NULL,
	options		text[] NOT NULL,
	default_option text NOT NULL,
	cite		text NOT NULL,
	tested		boolean NOT NULL,
	origin		text NOT NULL DEFAULT 'firm' CHECK (origin IN ('outbound', 'firm')),
	CHECK (default_option = ANY (options))
);

CREATE TABLE reading_choice (
	reading		text PRIMARY KEY,
	option		text NOT NULL,
	chosen_by	text NOT NULL DEFAULT current_user,
	chosen_at	timestamptz NOT NULL DEFAULT now(),
	why			text NOT NULL
);

/*
 * One rule.  stage says what it decides:
 *   activity   what a party does: facts of one activity; outcome notifiable or prohibited
 *   scope      true puts the deal out of scope
 *   limb       true makes it a covered transaction under limb
 *   exception  true makes it excepted
 *   exemption  true makes it exempted
 *   class      true gives the covered transaction the outcome
 *   obligation true names whose duty it is (obligation)
 * A row with a reading applies only while that reading's chosen option is among options.
 */
CREATE TABLE provision (
	ruleset		text NOT NULL,
	cite		text NOT NULL,
	variant		text NOT NULL DEFAULT '',
	stage		text NOT NULL CHECK (stage IN ('activity', 'scope', 'limb', 'exception', 'exemption', 'class', 'obligation')),
	outcome		outcome,
	limb		text,
	obligation	text CHECK (obligation IN ('own', 'controlled_foreign_entity', 'knowingly_directing', 'post_closing_knowledge')),
	sector		text CHECK (sector IN ('semiconductors', 'quantum', 'ai', 'other')),
	condition	condition NOT NULL,
	summary		text NOT NULL,
	reading		text,
	options		text[],
	in_force	daterange NOT NULL DEFAULT '(,)',
	origin		text NOT NULL DEFAULT 'firm' CHECK (origin IN ('outbound', 'firm')),
	PRIMARY KEY (ruleset, cite, variant),
	CHECK ((reading IS NULL) = (options IS NULL)),
	CHECK ((stage IN ('activity', 'class')) = (outcome IS NOT NULL)),
	CHECK ((stage = 'limb') = (limb IS NOT NULL)),
	CHECK ((stage = 'obligation') = (obligation IS NOT NULL))
);

/* What a section says for which there is no condition: to be read, not computed from. */
CREATE TABLE section (
	ruleset		text NOT NULL,
	cite		text NOT NULL,
	title		text NOT NULL,
	summary		text NOT NULL,
	in_force	daterange NOT NULL DEFAULT '(,)',
	origin		text NOT NULL DEFAULT 'firm' CHECK (origin IN ('outbound', 'firm')),
	PRIMARY KEY (ruleset, cite)
);

CREATE TABLE country_of_concern (
	ruleset		text NOT NULL,
	country		text NOT NULL,
	name		text NOT NULL,
	cite		text NOT NULL,
	in_force	daterange NOT NULL DEFAULT '(,)',
	origin		text NOT NULL DEFAULT 'firm' CHECK (origin IN ('outbound', 'firm')),
	PRIMARY KEY (ruleset, country)
);

/*
 * What the Secretary has determined under 850.501(g), one country and type of transaction
 * a row.  Shipped empty: no determination is known.
 */
CREATE TABLE third_country (
	ruleset		text NOT NULL,
	country		text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
	transaction_type text NOT NULL CHECK (transaction_type IN ('equity', 'contingent_equity', 'debt', 'conversion', 'asset',
		'joint_venture', 'limited_partner', 'derivative', 'other')),
	name		text NOT NULL,
	cite		text NOT NULL,
	in_force	daterange NOT NULL DEFAULT '(,)',
	origin		text NOT NULL DEFAULT 'firm' CHECK (origin IN ('outbound', 'firm')),
	PRIMARY KEY (ruleset, country, transaction_type)
);

CREATE TABLE list (
	ruleset		text NOT NULL,
	list		text NOT NULL,
	title		text NOT NULL,
	cite		text NOT NULL,
	relevant	boolean NOT NULL DEFAULT true,
	test		text,
	max_age_days int,
	in_force	daterange NOT NULL DEFAULT '(,)',
	origin		text NOT NULL DEFAULT 'firm' CHECK (origin IN ('outbound', 'firm')),
	PRIMARY KEY (ruleset, list)
);

/*
 * One ownership regime a row; see src/core/kernel.h for the words.  measures are kinds of
 * interest; thresholds and strict run parallel to them, and so do report and control
 * where a regime has them.  seeds are words, any of which makes a seed: us_person,
 * person_of_country_of_concern, government_of_country_of_concern, root (anybody, one at a
 * time), list:A,B (on any of these lists), place:CN,RU (of any of these countries).
 */
CREATE TABLE ownership_test (
	test		text PRIMARY KEY,
	authority	text NOT NULL,
	summary		text NOT NULL,
	pooled		boolean NOT NULL,
	seeds		text NOT NULL,
	measures	text[] NOT NULL,
	thresholds	share[] NOT NULL,
	strict		boolean[] NOT NULL,
	below		text NOT NULL CHECK (below IN ('nothing', 'proportion')),
	link		text NOT NULL DEFAULT 'product' CHECK (link IN ('product', 'literal')),
	across_measures boolean NOT NULL DEFAULT false,
	status_feeds_back boolean NOT NULL DEFAULT true,
	roles		text[] NOT NULL DEFAULT '{}',
	fund_roles	text[] NOT NULL DEFAULT '{}',
	roles_carry	boolean NOT NULL DEFAULT true,
	equity_votes boolean NOT NULL DEFAULT false,
	own_shares_count boolean NOT NULL DEFAULT false,
	tiers		int,
	last_tier_pools_base boolean NOT NULL DEFAULT true,
	report		share[],
	report_strict boolean[],
	control_counts text NOT NULL DEFAULT 'as_share' CHECK (control_counts IN ('as_share', 'beyond_seeds', 'whole')),
	control		share[],
	control_strict boolean[],
	through		text,
	excludes	text[] NOT NULL DEFAULT '{}' CHECK (excludes <@ '{us_organized}'),
	rebuttable	boolean NOT NULL DEFAULT false,
	effect		text,
	red_flag	share,
	in_force	daterange NOT NULL DEFAULT '(,)',
	stayed		daterange NOT NULL DEFAULT 'empty',
	verify_from date,
	origin		text NOT NULL DEFAULT 'firm' CHECK (origin IN ('outbound', 'firm')),
	CHECK (cardinality(measures) BETWEEN 1 AND 5
		   AND cardinality(thresholds) = cardinality(measures)
		   AND cardinality(strict) = cardinality(measures)),
	CHECK ((report IS NULL) = (report_strict IS NULL)
		   AND cardinality(coalesce(report, thresholds)) = cardinality(measures)
		   AND cardinality(coalesce(report_strict, strict)) = cardinality(measures)),
	CHECK ((control_counts = 'as_share') = (control IS NULL) AND (control IS NULL) = (control_strict IS NULL)
		   AND cardinality(coalesce(control, thresholds)) = cardinality(measures)
		   AND cardinality(coalesce(control_strict, strict)) = cardinality(measures)),
	CHECK (through IS NULL OR NOT pooled),
	CHECK (NOT own_shares_count OR below = 'nothing')
);

/*
 * What a reading's option changes in a test: column names of ownership_test and their
 * values.  Of several options chosen, those of a higher step are applied later and win.
 */
CREATE TABLE ownership_test_reading (
	test		text NOT NULL,
	reading		text NOT NULL,
	option		text NOT NULL,
	changes		jsonb NOT NULL,
	step		int NOT NULL DEFAULT 1,
	origin		text NOT NULL DEFAULT 'firm' CHECK (origin IN ('outbound', 'firm')),
	PRIMARY KEY (test, reading, option)
);

CREATE TABLE parameter (
	ruleset		text NOT NULL,
	name		text NOT NULL,
	value		text NOT NULL,
	unit		text,
	cite		text NOT NULL,
	in_force	daterange NOT NULL DEFAULT '(,)',
	origin		text NOT NULL DEFAULT 'firm' CHECK (origin IN ('outbound', 'firm')),
	PRIMARY KEY (ruleset, name)
);

CREATE TABLE penalty_amount (
	in_force	daterange PRIMARY KEY,
	amount_usd	numeric NOT NULL CHECK (amount_usd > 0),
	cite		text NOT NULL,
	origin		text NOT NULL DEFAULT 'firm' CHECK (origin IN ('outbound', 'firm'))
);

/* what the firm has configured; configuration() shows the defaults beside it */
CREATE TABLE setting (
	name		text PRIMARY KEY,
	value		text NOT NULL,
	set_by		text NOT NULL DEFAULT current_user,
	set_at		timestamptz NOT NULL DEFAULT now()
);
