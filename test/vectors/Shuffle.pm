package Shuffle;

# Gives every case the expectation of another case of its topic, one that really says something else: a check of the checks,
# since a case that still passes compares nothing.

use strict;
use warnings;

use JSON::PP ();

# topics with a single case share the expectations of one that asks the same call
my %group = (cfp_a1 => 'screen', cfp_jv => 'screen', lists => 'screen', us_person => 'pcc');

my $canonical = JSON::PP->new->canonical->allow_nonref;

# the option that holds where a case names none: the first of its reading
my %default = map { $_ => 1 } ('31 CFR 850.221', qw(link_literal per_person cascade_or_proportion any_node any_envelope conservative
	latest_audited FINAL-2025-01-02));

# every key with the value expected of it
sub flatten
{
	my ($expected, $path, $into) = @_;
	if (ref $expected ne 'HASH') { $into->{ $path eq '' ? 'class' : $path } = $canonical->encode($expected) }
	else { flatten($expected->{$_}, $path eq '' ? $_ : "$path/$_", $into) for keys %$expected }
	return $into;
}

# { way of running => { key => value } }
sub ways
{
	my ($expected) = @_;
	my $options = $expected->{by_option} or return { default => flatten($expected, '', {}) };
	my %ways = map { $_ => flatten($options->{$_}, '', {}) } keys %$options;
	my ($default) = grep { $default{$_} } sort keys %ways;
	$ways{default} = $ways{$default} if defined $default;
	return \%ways;
}

# does meeting one's own expectation rule out meeting the other's?
sub contradict
{
	my ($own, $other) = map { ways($_) } @_;
	for my $way (keys %$other)
	{
		my $known = $own->{$way} // $own->{default} or next;
		my $wanted = $other->{$way};
		return 1 if grep { exists $known->{$_} && $known->{$_} ne $wanted->{$_} } keys %$wanted;
	}
	return 0;
}

# the expectation with every date a year later and every amount one more: for a case to which no other says anything contrary
sub altered
{
	my ($expected) = @_;
	my $text = $canonical->encode($expected);
	$text =~ s/"(\d{4})-(\d\d-\d\d)"/'"' . ($1 + 1) . "-$2\""/ge;
	$text =~ s/(:"?)(\d+)("?[,}])/$1 . ($2 + 1) . $3/ge;
	return JSON::PP::decode_json($text);
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
			# no permutation reaches it: any that contradicts
			($from) = grep { contradict($group[$n]{expected}, $group[$_]{expected}) } 0 .. $#group unless defined $from;
			my $altered = altered($group[$n]{expected});
			if (!defined $from && $canonical->encode($altered) eq $canonical->encode($group[$n]{expected}))
			{
				($from) = grep { $_ != $n } 0 .. $#group;		# one that speaks of other things
			}
			$given{ $group[$n]{id} } = defined $from ? $group[$from]{expected} : $altered;
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
