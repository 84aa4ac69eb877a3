# Audits that run at the same time, and what of them survives dump and restore.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('audited');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE firm');
$node->safe_psql('firm', q{
	CREATE EXTENSION outbound;
	SELECT outbound.create_relations('screening', 'bigint'), outbound.configure('source_schema', 'screening');
	INSERT INTO screening.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register)
	SELECT id, 'entity', country, country, country, country, 'closed', 'complete'
	FROM (VALUES (1, 'US'), (2, 'CN')) AS p (id, country);
	INSERT INTO screening.activity (party_id, facts)
	VALUES (2, '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "non_planar", "node_nm": 14}');
	INSERT INTO screening.deal (deal_id, investor, target, completion_date) SELECT i, 1, 2, '2026-02-02' FROM generate_series(1, 5) AS i;
	INSERT INTO screening.listing (party_id, list) VALUES (2, 'EL');
	SELECT outbound.record_list_load('EL', 10, 7);
	CALL outbound.run_audit()});
is($node->safe_psql('firm', 'SELECT deals, prohibited, never_screened, changes FROM outbound.audit_run'), '5|5|5|5', 'a book with ids that are numbers');

# Starts a run in a transaction of its own, and waits until it has written; returns the function that commits it.
sub begin_run
{
	my ($isolation) = @_;
	my ($in, $out) = ('', '');
	my $handle = IPC::Run::start(
		[ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('firm') ], '<', \$in, '>', \$out, '2>', \my $err, IPC::Run::timeout(60));
	$in .= "BEGIN ISOLATION LEVEL $isolation;\nUPDATE screening.deal SET target = NULL WHERE deal_id = 1;\nCALL outbound.run_audit();\n\\echo written\n";
	IPC::Run::pump($handle) until $out =~ /written/;
	return sub { $in .= "COMMIT;\n\\q\n"; IPC::Run::finish($handle); return $err };
}

# Starts a session that must wait for the first; returns the function that waits for its end and gives its errors.
sub begin_waiting
{
	my (@commands) = @_;
	my ($out, $err) = ('', '');
	my $handle = IPC::Run::start([ 'psql', '-XAtq', '-v', 'VERBOSITY=sqlstate', '-d', $node->connstr('firm'), @commands ],
		'<', \undef, '>', \$out, '2>', \$err, IPC::Run::timeout(60));
	$node->poll_query_until('firm', q{SELECT count(*) = 1 FROM pg_locks WHERE relation = 'outbound.audit_verdict'::regclass AND NOT granted})
		or die 'the second run does not wait';
	return sub { IPC::Run::finish($handle); return $err };
}

# Runs audits against one that has not committed: the second waits, and says nothing that the first has said.
for my $isolation ('READ COMMITTED', 'REPEATABLE READ')
{
	$node->safe_psql('firm', 'UPDATE screening.deal SET target = 2; CALL outbound.run_audit()');
	my $before = $node->safe_psql('firm', 'SELECT max(run) FROM outbound.audit_run');
	my $commit = begin_run($isolation);
	my $finish = begin_waiting('-c', 'CALL outbound.run_audit()');
	$commit->();
	is($finish->(), '', "$isolation: the second run succeeds");
	is($node->safe_psql('firm', "SELECT changes FROM outbound.audit_run WHERE run > $before ORDER BY run"), "1\n0",
		"$isolation: a change is recorded once");
}

# a snapshot older than another's run cannot record on top of it
{
	$node->safe_psql('firm', 'UPDATE screening.deal SET target = 2; CALL outbound.run_audit()');
	my $commit = begin_run('READ COMMITTED');
	my $finish = begin_waiting('-c', 'BEGIN ISOLATION LEVEL REPEATABLE READ', '-c', 'SELECT FROM outbound.audit_run LIMIT 1',
		'-c', 'CALL outbound.run_audit()', '-c', 'COMMIT');
	$commit->();
	my $err = $finish->();
	like($err, qr/40001/, 'a run with an older snapshot is refused');
	is($node->safe_psql('firm', q{SELECT count(*) FROM outbound.audit_verdict WHERE deal_id = '1' AND outcome = 'prohibited'}), '0',
		'and overwrites nothing newer');
}

# dump and restore
my @kept = map { "SELECT * FROM outbound.$_ ORDER BY 1" } qw(audit_run audit_verdict drift list_load);
my $dump = $node->basedir . '/firm.dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, 'firm' ], 'dump');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'pg_restore', '--exit-on-error', '-j', '2', '-d', 'restored', $dump ], 'restore');
is($node->safe_psql('restored', $_), $node->safe_psql('firm', $_), "restored: $_") for @kept;
$node->safe_psql('restored', q{CALL outbound.run_audit(); SELECT outbound.record_list_load('EL')});
is($node->safe_psql('restored', 'SELECT run > (SELECT max(run) FROM outbound.drift), changes FROM outbound.audit_run ORDER BY run DESC LIMIT 1'), 't|0',
	'the next run has the next number, and finds nothing changed');
is($node->safe_psql('restored', q{SELECT stale FROM outbound.list_health WHERE list = 'EL'}), 'f', 'loads are counted on');
is($node->safe_psql('restored', 'SELECT outbound.rules_digest()'), $node->safe_psql('firm', 'SELECT outbound.rules_digest()'),
	'the rules are the same');

$node->stop;
done_testing();
