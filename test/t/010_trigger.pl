# What the trigger leaves in the server log, and what survives dump and restore.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('firm');
$node->init;
$node->append_conf('postgresql.conf', "log_error_verbosity = default\nlog_statement = none\n");
$node->start;

my $fixture = q{
	CREATE EXTENSION outbound;
	SELECT outbound.create_relations('screening'), outbound.configure('source_schema', 'screening'),
		   outbound.configure('undetermined', 'warn');
	INSERT INTO screening.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register)
	SELECT id, 'entity', country, country, country, country, 'closed', 'complete'
	FROM (VALUES ('fund', 'US'), ('fab', 'CN'), ('shop', 'SG')) AS p (id, country);
	INSERT INTO screening.activity (party_id, facts)
	VALUES ('fab', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "non_planar", "node_nm": 14}');
	CREATE TABLE deals (id int PRIMARY KEY, investor text, target text, memo text);
	CREATE CONSTRAINT TRIGGER block_prohibited AFTER INSERT OR UPDATE ON deals DEFERRABLE
		FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
};
$node->safe_psql('postgres', 'CREATE DATABASE firm');
$node->safe_psql('firm', $fixture);

# Runs SQL in database firm; returns what it wrote to stderr and what the server logged meanwhile.
sub run_logged
{
	my ($sql) = @_;
	my $offset = -s $node->logfile;
	my ($status, $out, $err) = $node->psql('firm', $sql);
	return ($err, substr(slurp_file($node->logfile), $offset));
}

my ($err, $log) = run_logged(q{INSERT INTO deals VALUES (1, 'fund', 'fab')});
like($err, qr/ERROR: .*deal of "fund" in "fab" is prohibited/, 'a prohibited deal is an error');
like($err, qr/DETAIL: .*Outcome is prohibited under .*850\.301/, 'with the outcome and the cites');
like($err, qr/HINT: .*publicly_traded/, 'and the exceptions nobody has claimed');
like($log, qr/LOG:  OB001: deal of "fund" in "fab" was kept out of "deals"/, 'the server log has the SQLSTATE and the deal');
like($log, qr/DETAIL: .*850\.301.*Facts: \{"target": "fab", "investor": "fund"\}/, 'the cites and the facts');

($err, $log) = run_logged(q{
	DO $$ BEGIN INSERT INTO deals VALUES (1, 'fund', 'fab'); EXCEPTION WHEN OTHERS THEN NULL; END $$});
is($err, '', 'a session may catch the error');
like($log, qr/LOG:  OB001: deal of "fund" in "fab" was kept out/, 'the attempt is in the log all the same');

($err, $log) = run_logged(q{INSERT INTO deals VALUES (2, 'fund', E'no\nbody"')});
like($err, qr/WARNING: /, 'an undetermined deal warns where that is configured');
unlike($log, qr/^body/m, 'a value cannot forge a line of the log');

# session_replication_role: a superuser's affair, and ENABLE ALWAYS withstands it
$node->safe_psql('firm', q{
	SET session_replication_role = replica; INSERT INTO deals VALUES (3, 'fund', 'fab'); DELETE FROM deals WHERE id = 3});
$node->safe_psql('firm', 'ALTER TABLE deals ENABLE ALWAYS TRIGGER block_prohibited');
($err) = run_logged(q{SET session_replication_role = replica; INSERT INTO deals VALUES (3, 'fund', 'fab')});
like($err, qr/is prohibited/, 'a trigger that is always enabled fires for a replica too');

# two-phase commit fires deferred checks at PREPARE
$node->append_conf('postgresql.conf', 'max_prepared_transactions = 2');
$node->restart;
($err) = run_logged(q{BEGIN; SET CONSTRAINTS ALL DEFERRED; INSERT INTO deals VALUES (3, 'fund', 'fab'); PREPARE TRANSACTION 'p'});
like($err, qr/is prohibited/, 'a deferred check fires at PREPARE TRANSACTION');

# dump and restore: rows that were let in come back, with what was recorded and configured
$node->safe_psql('firm', q{
	SELECT outbound.override('{"investor": "fund", "target": "fab"}', 'divests first', 'general counsel', now() + interval '1 hour');
	SET client_min_messages = warning;
	INSERT INTO deals VALUES (4, 'fund', 'fab'), (5, 'fund', 'shop');
	CREATE POLICY nothing ON screening.party;
	COMMENT ON COLUMN screening.party.name IS 'our own words'});
my @kept = (
	'SELECT * FROM deals ORDER BY id',
	'SELECT * FROM screening.determination ORDER BY determination_id',
	'SELECT * FROM screening.deal_override',
	'SELECT name, value FROM outbound.setting ORDER BY name',
	q{SELECT col_description('screening.party'::regclass, 2)},
	q{SELECT polname FROM pg_policy},
	q{SELECT tgname, tgenabled, tgdeferrable FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN ('deals'::regclass, 'screening.determination'::regclass) ORDER BY 1});
my $dump = $node->basedir . '/firm.dump';
for my $restore ([ 'whole', [] ], [ 'in parallel', [ '-j', '2' ] ])
{
	my ($name, $options) = @$restore;
	$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, 'firm' ], "dump to restore $name");
	$node->safe_psql('postgres', 'DROP DATABASE IF EXISTS restored');
	$node->safe_psql('postgres', 'CREATE DATABASE restored');
	$node->command_ok([ 'pg_restore', '--exit-on-error', @$options, '-d', 'restored', $dump ], "restore $name");
	is($node->safe_psql('restored', $_), $node->safe_psql('firm', $_), "restored $name: $_") for @kept;
	my ($status, $out, $stderr) = $node->psql('restored', q{INSERT INTO deals VALUES (6, 'fund', 'fab'); UPDATE screening.determination SET outcome = 'x'});
	like($stderr, qr/override 1 lets a blocked deal into/, "restored $name: the approval holds");
	like($stderr, qr/append-only/, "restored $name: records stay as they were written");
}

# rows restored by a plain INSERT while nothing is configured are refused, and say why
$node->safe_psql('restored', q{SELECT outbound.configure('source_schema', NULL)});
my ($status, $out, $stderr) = $node->psql('restored', q{INSERT INTO deals VALUES (7, 'fund', 'shop')});
like($stderr, qr/no source schema is configured.*HINT: .*configure/s, 'no source schema: an error with the way out');

# dropping the extension takes its trigger and its types, and leaves the firm's rows
my $parties = $node->safe_psql('firm', 'SELECT * FROM screening.party ORDER BY party_id');
my $decided = $node->safe_psql('firm', $kept[1]);
($status, $out, $stderr) = $node->psql('firm', 'DROP EXTENSION outbound');
like($stderr, qr/other objects depend on it/, 'the extension does not go while a trigger needs it');
$node->safe_psql('firm', 'DROP EXTENSION outbound CASCADE');
is($node->safe_psql('firm', 'SELECT * FROM screening.party ORDER BY party_id'), $parties, 'the firm keeps its parties');
is($node->safe_psql('firm', $kept[1]), $decided, 'and its determinations');
like($node->safe_psql('firm', q{INSERT INTO deals VALUES (8, 'fund', 'fab') RETURNING id}), qr/8/, 'and may write its deals');

$node->stop;
done_testing();
