package Shuffle;

# Gives every case the expectation of another case of its topic, one that really says something else: a check of the checks,
# since a case that still passes compares nothing.

use strict;
use warnings;

use JSON::PP ();

# topics with a single case share the expectations of one that asks the same call
my %group = (cfp_a1 => 'screen', cfp_jv => 'screen', lists => 'screen', retention => 'deadline', us_person => 'pcc');

my $canonical = JSON::PP->new->canonical->allow_nonref;

# every key with the set of values that some run expects of it
sub flatten
{
	my ($expected, $path, $into) = @_;
	if (ref $expected ne 'HASH')
	{
		$into->{ $path eq '' ? 'class' : $path }{ $canonical->encode($expected) } = 1;
		return $into;
	}
	for my $key (keys %$expected)
	{
		if ($key eq 'by_option') { flatten($_, $path, $into) for values %{ $expected->{$key} } }
		else { flatten($expected->{$key}, $path eq '' ? $key : "$path/$key", $into) }
	}
	return $into;
}

# does meeting one expectation rule out meeting the other?
sub contradict
{
	my ($own, $other) = map { flatten($_, '', {}) } @_;
	for my $key (grep { $own->{$_} } keys %$other) { return 1 if grep { !$own->{$key}{$_} } keys %{ $other->{$key} } }
	return 0;
}

# a permutation of the expectations within each group, matched by augmenting paths; { id => expected }
sub expectations
{
	my ($cases, $seed) = @_;
	srand($seed);
	my (%of, %given);
	push @{ $of{ $group{ $_->{topic} } // $_->{topic} } }, $_ for @$cases;
	for my $name (sort keys %of)
	{
		my @group = sort { $a->{rank} <=> $b->{rank} } map { { %$_, rank => rand } } @{ $of{$name} };
		my %taker;
		for my $n (0 .. $#group) { augment(\@group, \%taker, $n, {}) }
		my %donor = map { $taker{$_} => $_ } keys %taker;
		for my $n (0 .. $#group)
		{
			my $from = $donor{$n};
			# no permutation reaches it: any that contradicts, or else any that speaks of other things
			($from) = grep { contradict($group[$n]{expected}, $group[$_]{expected}) } 0 .. $#group unless defined $from;
			($from) = grep { $_ != $n } 0 .. $#group unless defined $from;
			$given{ $group[$n]{id} } = $group[$from]{expected};
		}
	}
	return \%given;
}

sub augment
{
	my ($group, $taker, $n, $seen) = @_;
	for my $from (grep { $_ != $n } 0 .. $#$group)
	{
		next if $seen->{$from} || !contradict($group->[$n]{expected}, $group->[$from]{expected});
		$seen->{$from} = 1;
		if (!defined $taker->{$from} || augment($group, $taker, $taker->{$from}, $seen))
		{
			$taker->{$from} = $n;
			return 1;
		}
	}
	return 0;
}

1;
