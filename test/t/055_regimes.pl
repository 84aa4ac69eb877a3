# The cases of ownership.json and aggregation.json about the neighbouring regimes, each against the row of ownership_test that
# bears its name.  Then every expectation is turned into its contrary, which must fail.  Cases that no question of the
# extension can express are listed, with the reason, in test/vectors/Regimes.pm.

use strict;
use warnings;

use FindBin;
use Test::More;

use lib "$FindBin::RealBin/../vectors";
use Runner;
use Server;
use Regimes;

my @cases = Regimes::cases("$FindBin::RealBin/../vectors");
my $ask = Server::start('regimes');

my $done = Regimes::run($ask, \@cases);
my @vacuous;
for my $case (@cases)
{
	my $id = $case->{id};
	if (my $reason = $Regimes::not_expressed{$id})
	{
		note("$id is not asked: $reason");
		next;
	}
	my $run = $done->{$id};
	if (!$run) { fail("$case->{facts}{regime} $id"); diag('no test for this regime'); next }
	my @d = Regimes::compare($run->{plan}, $case->{facts}, $case->{expected}, $run->{answers});
	ok(!@d, "$case->{facts}{regime} $id") or diag(map { "  $_\n" } $case->{cite}, @d);
	my $contrary = Regimes::contrary($case->{expected}, '');
	push @vacuous, $id unless Regimes::compare($run->{plan}, $case->{facts}, $contrary, $run->{answers});
}
is("@vacuous", '', 'with the contrary expected every case fails');
my %ids = map { $_->{id} => 1 } @cases;
is(join(' ', grep { !$ids{$_} } sort keys %Regimes::not_expressed), '', 'every case that is not asked exists');

done_testing();
