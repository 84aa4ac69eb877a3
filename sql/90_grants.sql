/*
 * Privileges.  Everybody may read the rules and ask questions: what a question may read of
 * the firm's data is decided by the privileges on the firm's relations.  Rules and settings
 * are written by their owner.
 */

GRANT USAGE ON SCHEMA @extschema@ TO PUBLIC;

GRANT SELECT ON
	ruleset, fact, reading, reading_choice, provision, section, country_of_concern, third_country, list,
	ownership_test, ownership_test_reading, parameter, penalty_amount, setting, rule_generation,
	readings, law, input_issues, engine_statistics
TO PUBLIC;

