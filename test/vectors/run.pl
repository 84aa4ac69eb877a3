#!/usr/bin/perl
# Runs the vector cases against the server that the environment (PGHOST, PGPORT, PGDATABASE, ...) names:
# run.pl [--topics topic,...] [--ids id,...] [--shuffle seed].  With --shuffle every case gets another's expectation and must fail.

use strict;
use warnings;

use FindBin;
use Getopt::Long;
use lib $FindBin::RealBin;

use Runner;
use Shuffle;

GetOptions('topics=s' => \my $topics, 'ids=s' => \my $ids, 'shuffle=i' => \my $seed) or exit 2;
my @cases = Runner::cases($FindBin::RealBin);
if (defined $topics) { my %wanted = map { $_ => 1 } split /,/, $topics; @cases = grep { $wanted{ $_->{topic} } } @cases }
if (defined $ids) { my %wanted = map { $_ => 1 } split /,/, $ids; @cases = grep { $wanted{ $_->{id} } } @cases }

my $differences = Runner::run(Runner::psql(), \@cases, defined $seed ? Shuffle::expectations(\@cases, $seed) : undef);
my %count;
for my $case (@cases)
{
	my @d = @{ $differences->{ $case->{id} } };
	my $failed = @d ? 1 : 0;
	$count{ $case->{topic} }[$failed]++;
	if (defined $seed) { print "$case->{topic} $case->{id}: passes with an expectation that is not its own\n" unless $failed }
	else { print "$case->{topic} $case->{id} ($case->{cite})\n", map { "    $_\n" } @d if $failed }
}
printf "%-22s %3d passed, %3d failed\n", $_, map { $_ // 0 } @{ $count{$_} }[0, 1] for sort keys %count;
exit((grep { $_->[ defined $seed ? 0 : 1 ] } values %count) ? 1 : 0);
