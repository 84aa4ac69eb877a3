# The extension against the slow reference on random graphs.  OUTBOUND_SEED changes the graphs, OUTBOUND_GRAPHS multiplies them.

use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use Test::More;

my $seed = $ENV{OUTBOUND_SEED} // 850;
my $factor = $ENV{OUTBOUND_GRAPHS} // 1;
my $top = "$FindBin::RealBin/..";

# what, graphs, rule, shapes, ranged, reading, option
my @campaigns = (
	[ '850.206, exact, no cycles', 2400, '206', '{tree,dag,dag}', 'false' ],
	[ '850.206, exact, cycles', 2400, '206', '{ring,any}', 'false' ],
	[ '850.206, ranges and registers', 900, '206', '{tree,dag,dag}', 'true' ],
	[ '850.206, complete registers that do not add up', 300, '206', '{incomplete}', 'true' ],
	[ '850.221, complete registers that do not add up', 300, '221', '{incomplete}', 'true' ],
	[ '850.206, strict_product', 600, '206', '{dag,ring,any}', 'false', 'A-01', 'strict_product' ],
	[ '850.206, same_metric', 600, '206', '{dag,ring,any}', 'false', 'A-02', 'same_metric' ],
	[ '850.221, exact, no cycles', 1200, '221', '{tree,dag,dag}', 'false' ],
	[ '850.221, exact, cycles', 1200, '221', '{ring,any}', 'false' ],
	[ '850.221, ranges and registers', 900, '221', '{tree,dag,dag}', 'true' ],
	[ '850.221, cascade', 600, '221', '{dag,ring,any}', 'false', 'A-08', 'cascade' ],
	[ '850.221 literal', 600, '221', '{tree,dag,dag}', 'false', 'test', 'literal' ],
	[ 'owned by listed persons, exact', 600, 'listed', '{dag,ring,any}', 'false' ],
	[ 'owned by listed persons, ranges and registers', 300, 'listed', '{tree,dag}', 'true' ]);

my $node = PostgreSQL::Test::Cluster->new('reference');
$node->init;
$node->append_conf('postgresql.conf', "client_min_messages = error\nfsync = off\nautovacuum = off");
$node->start;
$node->safe_psql('postgres', "CREATE EXTENSION outbound; SELECT outbound.create_relations('firm');
	SELECT outbound.configure('source_schema', 'firm')");
$node->safe_psql('postgres', "\\i $_") for glob("$top/reference/*.sql"), glob("$top/random/*.sql");

my $graphs = 0;
for my $campaign (@campaigns)
{
	my ($what, $count, @arguments) = @$campaign;
	my ($different, $reproducers) = (0, '');
	for (my $left = $count * $factor; $left > 0; $left -= 300)
	{
		my $now = $left < 300 ? $left : 300;
		my $fraction = sprintf '%.6f', (($seed * 7919 + $graphs) % 1000003) / 1000003;
		my $row = $node->safe_psql('postgres',
			'SET search_path = random, reference, pg_catalog, outbound; SELECT different, reproducers FROM random.campaign(' . join(', ', $fraction, $now,
			map { $_ =~ /^(?:true|false)$/ ? $_ : "'$_'" } @arguments) . ')');
		my ($n, $text) = split /\|/, $row, 2;
		$graphs += $now;
		$different += $n;
		$reproducers .= "seed $fraction, $text\n\n" if $n;
		last if $different > 20;
	}
	is($different, 0, "$what: $count graphs agree with the reference") or diag("OUTBOUND_SEED=$seed\n$reproducers");
}
note("$graphs graphs compared");

# changes that must not matter: rule, shapes, ranged
my @kinds = ([ '206', '{tree,dag,ring,any}', 'false' ], [ '206', '{tree,dag}', 'true' ], [ '221', '{tree,dag,ring,any}', 'false' ],
	[ '221', '{tree,dag}', 'true' ]);
for my $change (qw(order names lots shell))
{
	for my $kind (@kinds)
	{
		my $row = $node->safe_psql('postgres', 'SET search_path = random, reference, pg_catalog, outbound; SELECT different, examples'
			. " FROM random.metamorphosis(0.$seed, 150, '$kind->[0]', '$kind->[1]', $kind->[2], '$change')");
		my ($n, $text) = split /\|/, $row, 2;
		is($n, 0, "850.$kind->[0], ranges $kind->[2]: a change of $change changes no answer") or diag($text);
	}
}

# every function that shows the same thing shows it alike
for my $kind ([ '{tree,dag,ring,any}', 'false' ], [ '{tree,dag}', 'true' ])
{
	my $rows = $node->safe_psql('postgres', 'SET search_path = random, reference, pg_catalog, outbound; SELECT what, different'
		. " FROM random.doors(0.$seed, 150, '$kind->[0]', $kind->[1])");
	is($_, s/\|\d+$/|0/r, s/\|\d+$//r . " agree, ranges $kind->[1]") for split /\n/, $rows;
}

# every ownership test: a holding that grows takes nothing away, and one party is told what all are told of it
my ($grown, $statuses, $lost, $smaller) = split /\|/, $node->safe_psql('postgres',
	"SET search_path = random, reference, pg_catalog, outbound; SELECT * FROM random.growth(0.$seed, 100, '{tree,dag,ring,any}')");
cmp_ok($grown, '>', 50, 'holdings grow') or diag($grown);
cmp_ok($statuses, '>', 500, 'where there are statuses to lose') or diag($statuses);
is($lost, 0, 'and no status under any test is lost');
is($smaller, 0, 'and no attributed share is smaller');
for my $kind ([ '{tree,dag,ring,any}', 'false' ], [ '{tree,dag,ring}', 'true' ])
{
	my ($answers, $different, $examples) = split /\|/, $node->safe_psql('postgres', 'SET search_path = random, reference, pg_catalog, outbound;'
		. " SELECT * FROM random.upstream(0.$seed, 12, '$kind->[0]', $kind->[1])"), 3;
	cmp_ok($answers, '>', 1000, 'one party at a time is asked about') or diag($answers);
	is($different, 0, "under every test, and told what members() says, ranges $kind->[1]") or diag($examples);
}

# under every reading that a row of an ownership test obeys, deals are told what everybody is told
my $readings = $node->safe_psql('postgres', "SELECT DISTINCT reading || ' ' || option FROM outbound.ownership_test_reading
	WHERE test IN ('31 CFR 850.206', '31 CFR 850.221') ORDER BY 1");
for my $choice (split /\n/, $readings)
{
	my ($reading, $option) = split / /, $choice;
	for my $kind ([ '{tree,dag,ring,any}', 'false' ], [ '{tree,dag,ring}', 'true' ])
	{
		my ($answers, $different, $examples) = split /\|/, $node->safe_psql('postgres', 'SET search_path = random, reference, pg_catalog, outbound;'
			. " SELECT * FROM random.deals_told(0.$seed, 60, '$kind->[0]', $kind->[1], '$reading', '$option')"), 3;
		ok($answers > 300 && $different == 0, "$choice: $answers answers to deals, ranges $kind->[1]") or diag($examples);
	}
}

done_testing();
