# A killed backend, cancelled questions and pg_upgrade: nothing half-done is left behind.
use strict;
use warnings;

use Cwd;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('load');
$node->init;
$node->append_conf('postgresql.conf', "restart_after_crash = on\n");
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE firm');
$node->safe_psql('firm', q{
	CREATE EXTENSION outbound;
	SELECT outbound.create_relations('screening'), outbound.configure('source_schema', 'screening'), outbound.configure('undetermined', 'block');
	INSERT INTO screening.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register)
	SELECT id, 'entity', country, country, country, country, 'closed', 'complete'
	FROM (VALUES ('fund', 'US'), ('fab', 'CN'), ('shop', 'SG')) AS p (id, country);
	INSERT INTO screening.activity (party_id, facts)
	VALUES ('fab', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "non_planar", "node_nm": 14}');
	CREATE TABLE deals (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, investor text, target text);
	CREATE CONSTRAINT TRIGGER block_prohibited AFTER INSERT OR UPDATE ON deals FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited()});

# kill -9 of a backend under load
my $script = $node->basedir . '/load.sql';
append_to_file($script, q{
INSERT INTO deals (investor, target) VALUES ('fund', 'shop');
SELECT outcome FROM outbound.screen('{"investor": "fund", "target": "fab"}');
UPDATE screening.party SET name = name WHERE party_id = 'shop';
});
my ($out, $err) = ('', '');
my $load = IPC::Run::start([ 'pgbench', '-n', '-c', '3', '-T', '20', '-f', $script, $node->connstr('firm') ], '>', \$out, '2>', \$err);
$node->poll_query_until('firm', 'SELECT count(*) > 20 FROM deals') or die 'no load';
my $victim = $node->safe_psql('firm', q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1});
kill 'KILL', $victim;
$load->finish;
like($err, qr/terminat|closed the connection|aborted/, 'the load ends with the killed backend');
my $polls = 0;
while ($polls++ < 300) { my ($status) = $node->psql('firm', 'SELECT 1'); last if $status == 0; select(undef, undef, undef, 0.1); }
is($node->safe_psql('firm', q{SELECT count(*) - (SELECT count(*) FROM screening.determination) FROM deals}), '0',
	'after recovery every deal has its determination and no determination lacks its deal');
is($node->safe_psql('firm', q{SELECT outcome FROM outbound.screen('{"investor": "fund", "target": "fab"}')}), 'prohibited', 'and questions are answered as before');
my ($status, $stdout, $stderr) = $node->psql('firm', q{INSERT INTO deals (investor, target) VALUES ('fund', 'fab')});
like($stderr, qr/is prohibited/, 'and the trigger works');

# cancelled in the middle, a question leaves nothing for the next one in the session
$node->safe_psql('firm', q{
	INSERT INTO screening.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register)
	SELECT 'c' || i, 'entity', 'SG', 'SG', 'SG', 'SG', 'closed', 'complete' FROM generate_series(1, 300) AS i;
	INSERT INTO screening.interest (holder_id, held_id, kind, share)
	SELECT CASE WHEN i = 1 THEN 'fab' ELSE 'c' || i - 1 END, 'c' || i, 'equity', '60%' FROM generate_series(1, 300) AS i;
	ANALYZE});
my @questions = (
	q{SELECT outbound.person_of_country_of_concern('c300')},
	q{SELECT count(*) FROM outbound.members('31 CFR 850.221')},
	q{SELECT count(*) FROM outbound.holders('c300', 'OFAC 50')},
	q{SELECT outcome FROM outbound.screen('{"investor": "fund", "target": "c300"}')});
my $plain = join("\n", map { $node->safe_psql('firm', $_) } @questions);
my $cancelled = 0;
for my $timeout (1, 3, 10, 30, 100)
{
	my $sql = "SET statement_timeout = $timeout; " . join('; ', @questions) . '; RESET statement_timeout; ' . join('; ', @questions) . ';';
	# in one session, each statement by itself, errors and all
	my ($rc, $answers, $errors) = $node->psql('firm', $sql =~ s/; /;\n/gr, on_error_stop => 0);
	$cancelled++ while $errors =~ /canceling statement due to statement timeout/g;
	my @lines = split /\n/, $answers;
	is(join("\n", @lines[ -4 .. -1 ]), $plain, "answers after a timeout of $timeout ms are those of a new session");
	($rc, $answers, $errors) = $node->psql('firm', qq{
		DO \$\$ BEGIN
			SET LOCAL statement_timeout = 0;
			BEGIN
				PERFORM outbound.person_of_country_of_concern('c' || i) FROM generate_series(1, 300, 30) AS i;
				RAISE EXCEPTION 'taken back';
			EXCEPTION WHEN raise_exception THEN NULL;
			END;
		END \$\$;
		BEGIN; SAVEPOINT a; SET LOCAL statement_timeout = $timeout;
		$questions[3]; ROLLBACK TO a; $questions[3]; COMMIT;}, on_error_stop => 0);
	is((split /\n/, $answers)[-1], $node->safe_psql('firm', $questions[3]), "and after ROLLBACK TO a savepoint ($timeout ms)");
}
cmp_ok($cancelled, '>', 2, 'some questions were cancelled');

# who is no superuser cannot install, and is told so
$node->safe_psql('postgres', 'CREATE ROLE clerk LOGIN; CREATE DATABASE clerks OWNER clerk');
($status, $stdout, $stderr) = $node->psql('clerks', 'SET ROLE clerk; CREATE EXTENSION outbound');
like($stderr, qr/permission denied to create extension "outbound".*HINT:  Must be superuser/s, 'CREATE EXTENSION needs a superuser');

# pg_upgrade keeps types, relations, settings and the firm's own rules
$node->safe_psql('firm', q{SELECT outbound.configure('A-09', 'literal')});
my @kept = (
	@questions,
	'SELECT name, value FROM outbound.setting ORDER BY name',
	'SELECT reading, option FROM outbound.reading_choice',
	'SELECT count(*) FROM screening.determination',
	q{SELECT count(*), outbound.sum(share) FROM screening.interest});
my @before = map { $node->safe_psql('firm', $_) } @kept;
$node->stop;
my $new = PostgreSQL::Test::Cluster->new('upgraded');
$new->init;
$new->append_conf('postgresql.conf', slurp_file($ENV{TEMP_CONFIG})) if $ENV{TEMP_CONFIG};
my $bindir = $node->config_data('--bindir');
my $here = getcwd();
chdir $node->basedir;             # pg_upgrade writes where it stands
command_ok([ 'pg_upgrade', '--no-sync', '-d', $node->data_dir, '-D', $new->data_dir, '-b', $bindir, '-B', $bindir,
	'-s', $new->host, '-p', $node->port, '-P', $new->port ], 'pg_upgrade');
chdir $here;
$new->start;
is($new->safe_psql('firm', $kept[$_]), $before[$_], "upgraded: $kept[$_]") for 0 .. $#kept;
($status, $stdout, $stderr) = $new->psql('firm', q{INSERT INTO deals (investor, target) VALUES ('fund', 'fab')});
like($stderr, qr/is prohibited/, 'upgraded: the trigger works');
$new->stop;
done_testing();
