# A cancel in the midst of any dear question is honoured, and the session answers the next one as if nothing had been.

use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use Test::More;

my $parties = $ENV{OUTBOUND_CANCEL_PARTIES} // 20000;
my $tries = $ENV{OUTBOUND_CANCEL_TRIES} // 6;
my $core = 100;
srand($ENV{OUTBOUND_SEED} // 850);

my $node = PostgreSQL::Test::Cluster->new('cancel');
$node->init;
$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = off\njit = off");
$node->start;

# chains and hubs below a core of a hundred, held crosswise; a person of the United States or China above every tenth of it
$node->safe_psql('postgres', <<"SQL");
SET client_min_messages = warning;
CREATE EXTENSION outbound;
SELECT outbound.create_relations('firm'), outbound.configure('source_schema', 'firm');
SET search_path = firm, outbound, public;
INSERT INTO party (party_id, kind, register, organized_under, principal_place_of_business, headquarters)
SELECT 'e' || i, 'entity', CASE WHEN i % 97 = 0 THEN 'open' ELSE 'closed' END, w, w, w
FROM generate_series(0, $parties - 1) i, LATERAL (SELECT (ARRAY['DE', 'GB', 'KY', 'US', 'SG'])[1 + i % 5]) c(w);
INSERT INTO party (party_id, kind, register, citizenship, permanent_residence)
SELECT 'p' || i, 'individual', 'closed', ARRAY[CASE WHEN i % 2 = 0 THEN 'US' ELSE 'CN' END], '{}' FROM generate_series(0, 19) i;
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'e' || (i + step) % $core, 'e' || i, 'voting', share_of(1200 + (i * 31 + step * 7) % 900, 10000)
FROM generate_series(0, $core - 1) i, unnest('{1,7,29,53}'::int[]) step;
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'p' || i / 5, 'e' || i, 'voting', share_of(900 + i, 10000) FROM generate_series(0, $core - 1, 5) i;
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'e' || CASE WHEN i % 3 = 0 THEN (i * 13) % $core WHEN i % 3 = 1 THEN 0 ELSE i - 1 END, 'e' || i, kind, share_of(3000 + (i * 37) % 5000, 10000)
FROM generate_series($core, $parties - 1) i, unnest('{voting,equity}'::text[]) kind;
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'e' || (i * 7) % i, 'e' || i, 'voting', share_of(1000 + (i * 11) % 1500, 10000) FROM generate_series($core, $parties - 1) i WHERE (i * 7) % i <> i - 1
ON CONFLICT DO NOTHING;
INSERT INTO listing (party_id, list) SELECT 'e' || i, 'SDN' FROM generate_series(0, $parties - 1, 211) i;
INSERT INTO interest (holder_id, held_id, kind, share) SELECT 'v' || i, 'meeting', 'voting', share_of(i, 11325) FROM generate_series(1, 150) i;
ANALYZE;
SQL

my @questions = (
	[ 'parents below the core', "SELECT count(*) FROM parents('e${\ ($core + 1)}'::text)" ],
	[ 'parents in the core', "SELECT count(*) FROM parents('e50'::text)" ],
	[ 'subsidiaries of a hub', "SELECT count(*) FROM subsidiaries('e0'::text)" ],
	[ 'integrated holdings of a hub', "SELECT count(*) FROM holdings('e0'::text, 'integrated ownership')" ],
	[ 'members', "SELECT count(*) FROM members('31 CFR 850.221', include_undisclosed => true)" ],
	[ 'members by one test and another', "SELECT count(*) FROM members('OFAC 50') a JOIN members('EU') b USING (party_id)" ],
	[ 'controlled foreign entities', 'SELECT count(*) FROM controlled_foreign_entities()' ],
	[ 'a question for each party', 'SELECT count(person_of_country_of_concern(party_id)) FROM party' ],
	[ 'screening', "SELECT count(*) FROM (SELECT screen(jsonb_build_object('investor', 'p0', 'target', 'e' || i)) s FROM generate_series(0, 40) i OFFSET 0) d" ],
	[ 'voting power', "SELECT count(*) FROM voting_power('meeting'::text)" ],
	[ 'the data\'s defects', 'SELECT count(*) FROM input_issues' ],
	[ 'verification', "SELECT count(*) FROM verify('31 CFR 850.221')" ]);
my $setup = "SET search_path = firm, outbound, public; SET client_min_messages = error";
my $check = "SELECT controlled_foreign_entity('e3'::text, 'p0'::text), us_person('p0'::text), (SELECT count(*) FROM members('OFAC 50'))";
my $expected = $node->safe_psql('postgres', "$setup; $check");

# how long each takes, at most two seconds of it
my %takes;
for my $question (@questions)
{
	my ($what, $sql) = @$question;
	my (undef, $out) = $node->psql('postgres', "$setup; SET statement_timeout = '2s'; SELECT clock_timestamp() AS began \\gset\n$sql \\g /dev/null\n"
		. "SELECT ceil(extract(epoch FROM clock_timestamp() - :'began'::timestamptz) * 1000)", on_error_stop => 0);
	$takes{$what} = ($out =~ /(\d+)\s*\z/) ? $1 : 2000;
}

# by the session's own clock
for my $question (@questions)
{
	my ($what, $sql) = @$question;
	my $script = "$setup;\n";
	my $n = 0;
	for (1 .. $tries)
	{
		my $after = 1 + int(rand($takes{$what}));
		$script .= "SET statement_timeout = $after;\n$sql \\g /dev/null\nRESET statement_timeout;\n";
		$script .= "$check;\n" if $_ % 3 == 0;
		$n += $_ % 3 == 0;
	}
	my ($status, $out, $errors) = $node->psql('postgres', $script, on_error_stop => 0);
	my @other = grep { /ERROR|FATAL|PANIC|server closed/ && !/canceling statement due to statement timeout/ } split /\n/, $errors;
	is($status, 0, "$what: the session lives on") or diag($errors);
	is("@other", '', "$what: nothing but cancels goes wrong");
	is($out, join("\n", ($expected) x $n), "$what: then answers are what they were");
}

# from another session
for my $question (@questions[ 0, 2, 4, 6, 8 ])
{
	last if !$node->can('background_psql') || !PostgreSQL::Test::BackgroundPsql->can('query');
	my ($what, $sql) = @$question;
	my $session = $node->background_psql('postgres', on_error_stop => 0);
	my $pid = $session->query('SELECT pg_backend_pid()');
	$session->query($setup);
	$session->query_until(qr/asked/, "\\echo asked\n$sql;\n");
	select undef, undef, undef, rand($takes{$what}) / 1000;
	$node->safe_psql('postgres', "SELECT pg_cancel_backend($pid)");
	like($session->query("SELECT us_person('p0'::text)"), qr/t\s*\z/, "$what: cancelled by another session, it answers the next question");
	$session->quit;
}

is($node->safe_psql('postgres', "$setup; $check"), $expected, 'a new session says the same');
$node->stop;
done_testing();
