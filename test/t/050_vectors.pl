# The acceptance cases: every case of part-850.json and the R1, R2 and R3 cases of aggregation.json and those of
# ownership.json whose test is shipped, from the JSON through the mapper.
# Then the same with the expectations shuffled among the cases, when every one must fail; the versions apart, of which some cases
# expect no more than that a rule is not applied.  OUTBOUND_TOPICS=activity,pcc chooses topics.

use strict;
use warnings;

use FindBin;
use Test::More;

use lib "$FindBin::RealBin/../vectors";
use Runner;
use Server;
use Shuffle;

my @topics = split /,/, $ENV{OUTBOUND_TOPICS}
	// 'cfe_attribution,pcc,us_person,cfp_a1,cfp_jv,cfp_financial,cfp_statement_choice,activity,lists,transaction,deadline,retention,penalty,version_diff,'
	. 'R1,R2,R3,OFAC-50,31CFR850-PARENT';
my %wanted = map { $_ => 1 } @topics;
my @cases = grep { $wanted{ $_->{topic} } } Runner::cases("$FindBin::RealBin/../vectors");

my $ask = Server::start('vectors');

my $differences = Runner::run($ask, \@cases);
for my $case (@cases)
{
	my @d = @{ $differences->{ $case->{id} } };
	ok(!@d, "$case->{topic} $case->{id}") or diag(map { "  $_\n" } "$case->{cite}", @d);
}

my $seed = 850;
my @distinct = grep { $_->{topic} ne 'version_diff' } @cases;
my $shuffled = Runner::run($ask, \@distinct, Shuffle::expectations(\@distinct, $seed));
my @pass = grep { !@{ $shuffled->{ $_->{id} } } } @distinct;
is(scalar @pass, 0, 'with the expectations shuffled every case fails') or diag(map { "  $_->{topic} $_->{id}\n" } @pass);

done_testing();
