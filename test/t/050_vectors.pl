# The acceptance cases: every case of part-850.json and the R1, R2 and R3 cases of aggregation.json and those of
# ownership.json whose test is shipped, from the JSON through the mapper.
# Then the same with the expectations shuffled among the cases, when every one must fail.  OUTBOUND_TOPICS=activity,pcc chooses
# topics; version_diff runs only when asked for, since the shipped rules hold the proposed rule's alternatives as text alone.

use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use Test::More;

use lib "$FindBin::RealBin/../vectors";
use Runner;
use Shuffle;

my @topics = split /,/, $ENV{OUTBOUND_TOPICS}
	// 'cfe_attribution,pcc,us_person,cfp_a1,cfp_jv,cfp_financial,cfp_statement_choice,activity,lists,transaction,deadline,retention,penalty,'
	. 'R1,R2,R3,OFAC-50,31CFR850-PARENT';
my %wanted = map { $_ => 1 } @topics;
my @cases = grep { $wanted{ $_->{topic} } } Runner::cases("$FindBin::RealBin/../vectors");

my $node = PostgreSQL::Test::Cluster->new('vectors');
$node->init;
$node->start;
my $ask = sub {
	my ($script) = @_;
	my ($rc, $output, $errors) = $node->psql('postgres', $script, on_error_stop => 0);
	die "psql failed: $errors" if $rc;
	return $output;
};

my $differences = Runner::run($ask, \@cases);
for my $case (@cases)
{
	my @d = @{ $differences->{ $case->{id} } };
	ok(!@d, "$case->{topic} $case->{id}") or diag(map { "  $_\n" } "$case->{cite}", @d);
}

my $seed = 850;
my $shuffled = Runner::run($ask, \@cases, Shuffle::expectations(\@cases, $seed));
my @pass = grep { !@{ $shuffled->{ $_->{id} } } } @cases;
is(scalar @pass, 0, 'with the expectations shuffled every case fails') or diag(map { "  $_->{topic} $_->{id}\n" } @pass);

done_testing();
