package Regimes;

# The cases of ownership.json and of regimes R3 to R5 of aggregation.json that ask about the neighbouring regimes: turns a
# case's facts into rows and questions, and compares.  What no question of the extension can express stands in %not_expressed,
# by id and with the reason; what of an expectation is for people stands in %for_people.

use strict;
use warnings;

use JSON::PP ();

use Compare;
use Mapper;

our %not_expressed = (
	'r4-cross-simple-paths' => 'the sum over simple paths is another number than integrated ownership and is not computed',
	'r4-over-100-ring' => 'where data exceed 100 percent a holder passes on at most the whole, so nothing is infinite');

# what a regime's expectation says that is not computed: the strictest owner's licence policy, and advice
our %for_people = map { $_ => 1 } qw(licence_policy action caution);

my %test = (
	'OFAC-SSI' => 'OFAC SSI', 'IRAN-560.215' => 'Iran 560.215', 'BIS-AFFIL' => 'BIS affiliates', 'EU-50' => 'EU', 'UK-50' => 'UK',
	'CH-SECO' => 'Switzerland', 'DOJ-DATA' => 'DOJ data rule', 'CHIPS-SDN' => 'CHIPS guardrail SDN', 'CHIPS-GOV' => 'CHIPS guardrail',
	'CN-ANN61' => 'China Announcement 61', 'CFIUS-PARENT' => 'CFIUS parent', 'CFIUS-SUBST' => 'CFIUS substantial interest',
	'CFIUS-EXCEPTED' => 'CFIUS excepted investor', 'HSR' => 'HSR', 'FCC-VOTING' => 'FCC voting', 'FCC-MVDDS' => 'FCC MVDDS',
	'FCC-EQUITY' => 'FCC equity', 'EU-DAC6' => 'DAC6', 'DBE-26' => 'DBE', 'IRS-1065-B1' => 'IRS 1065 B-1', 'CPSC-1112' => 'CPSC',
	'EU-AMLR' => 'EU AMLR 52', 'DE-GWG' => 'GwG', 'FINCEN-BO' => 'FinCEN', 'UK-PSC' => 'UK PSC', 'ECB-CLOSE' => 'ECB close links',
	'CMS-455' => 'CMS 455.102', 'SBA-121' => 'SBA', 'NMFS-679' => 'NMFS', 'FATCA' => 'FATCA',
	'R4' => 'integrated ownership', 'R5' => 'company control', 'R3' => 'OFAC 50');

# the list that a listed holder of a regime stands on, where its own id does not tell
my %list = (
	'BIS-AFFIL' => 'EL', 'EU-50' => 'EU', 'UK-50' => 'UK', 'CH-SECO' => 'CH', 'CHIPS-SDN' => 'SDN', 'CN-ANN61' => 'CN-61', 'R3' => 'SDN');

# the lists by which a holder's id says what it is
my %list_of_id = (MEU => ['MEU'], UVL => ['UVL'], DPL => ['DPL'], SDN => ['SDN'], S1 => ['SSI-1'], N1 => ['SDN'], CM => ['NS-CMIC']);

# the day on which a regime is asked where the case names none
my %day = ('EU-AMLR' => '2027-07-10', 'CN-ANN61' => '2025-10-15');

sub listings
{
	my ($plan, $case) = @_;
	my %listed = map { $_ => 1 } @{ $case->{listed} // [] };
	for my $id (sort keys %{ $plan->{names} })
	{
		my @lists = $case->{regime} eq 'CHIPS-SDN' && $id =~ /^S\d/ ? ('SDN') : @{ $list_of_id{$id} // [] };
		@lists = ($list{ $case->{regime} }) if !@lists && $listed{$id} && $list{ $case->{regime} };
		push @lists, 'SDN-744.8' if $id eq 'SDN' && $listed{$id};
		Mapper::add($plan, 'listing', party_id => $id, list => $_) for @lists;
	}
	return;
}

# the country of a party, and its kind, as its id says
sub party
{
	my ($plan, $case, $id) = @_;
	my $e = ($case->{entities} // {})->{$id} // {};
	my @register = $e->{register} ? (register => $e->{register}) : ();
	return Mapper::entity($plan, $id, 'CN', kind => 'government') if $id eq 'GOV';
	return Mapper::entity($plan, $id, 'US') if $id =~ /^US/;
	return Mapper::entity($plan, $id, $1) if $case->{regime} eq 'DOJ-DATA' && $id =~ /^(CN|RU)\d/;
	return Mapper::entity($plan, $id, 'SG', @register);
}

# what a case says in words alone
sub stated_in_words
{
	my ($plan, $case) = @_;
	my $text = $case->{question}{text} // '';
	my $h = ($case->{holdings} // [])->[0];
	Mapper::interest($plan, $h->{holder}, $h->{held}, 'board', '51%') if $text =~ /majority of (?:the board|board seats)/;
	if ($text =~ /holders act in concert/)
	{
		Mapper::entity($plan, 'GROUP', 'SG');
		Mapper::interest($plan, $_->{holder}, 'GROUP', 'acts_for') for @{ $case->{holdings} };
		$plan->{root} = 'GROUP';
	}
	return;
}

# a firm whose holders have these weights of its votes
sub voters
{
	my ($plan, $weights) = @_;
	my $total = 0;
	$total += $_ for @$weights;
	Mapper::entity($plan, 'FIRM', 'SG', register => 'complete');
	for my $i (0 .. $#$weights)
	{
		Mapper::entity($plan, "V$i", 'SG');
		Mapper::interest($plan, "V$i", 'FIRM', 'voting', "$weights->[$i]/$total");
	}
	return;
}

# rows and questions of a case
sub plan
{
	my ($case) = @_;
	my $plan = Mapper::new_plan();
	my $q = $case->{question};
	$plan->{test} = $test{ $case->{regime} };
	$plan->{test} = 'CHIPS guardrail CMIC' if $case->{regime} eq 'CHIPS-SDN' && grep { $_ eq 'CM' } @{ $case->{listed} };
	$plan->{test} = 'CFIUS minimum excepted ownership' if ($q->{ask} // '') eq 'minimum_excepted_ownership';
	return undef unless $plan->{test} || $case->{regime} eq 'NS-CMIC';
	$plan->{kind} = ($case->{regime} eq 'R5' || $plan->{test} && $plan->{test} eq 'CHIPS guardrail SDN') ? 'voting'
		: $case->{algo}{kind} // (map { $_->{kind} // 'equity' } @{ $case->{holdings} // [] })[0] // 'equity';
	$plan->{entity} = $q->{entity} // ($q->{entities} // [])->[0];
	$plan->{root} = $q->{root} // ($case->{listed} // [])->[0] // (map { $_->{holder} } @{ $case->{holdings} // [] })[0];
	$plan->{as_of} = $q->{as_of} // $day{ $case->{regime} };
	for my $holding (@{ $case->{holdings} // [] })
	{
		my %h = %$holding;
		$h{lo} .= '+' if $h{lo_open};
		$h{hi} .= '-' if $h{hi_open};
		party($plan, $case, $_) for @h{qw(holder held)};
		Mapper::interest($plan, $h{holder}, $h{held}, $h{kind} // 'equity', Mapper::band(\%h));
	}
	listings($plan, $case);
	stated_in_words($plan, $case);
	voters($plan, $q->{weights}) if ($q->{ask} // '') eq 'power';
	if (my @seeds = $case->{regime} eq 'R3' ? () : @{ $q->{seeds} // [] })
	{
		Mapper::entity($plan, 'GROUP', 'SG');
		Mapper::interest($plan, $_, 'GROUP', 'acts_for') for @seeds;
		$plan->{acts}{$_} = 1 for @seeds;
		$plan->{root} = 'GROUP';
	}
	Mapper::add($plan, 'listing', party_id => $_, list => 'SDN') for $case->{regime} eq 'R3' ? @{ $q->{seeds} } : ();
	Mapper::add($plan, 'listing', party_id => 'OKP', list => 'CFIUS-EXCEPTED') if $plan->{names}{OKP};
	if (($case->{options} // {})->{strict})
	{
		$plan->{test} = 'strict';
		push @{ $plan->{settings} }, "INSERT INTO outbound.ownership_test (test, authority, summary, pooled, seeds, measures, thresholds, strict, below)"
			. " SELECT 'strict', authority, summary, pooled, seeds, measures, thresholds, '{true}', below FROM outbound.ownership_test WHERE test = 'OFAC 50'";
	}
	if ((($case->{options} // {})->{self_holdings} // '') eq 'asis')
	{
		$plan->{test} = 'as is';
		push @{ $plan->{settings} }, "INSERT INTO outbound.ownership_test (test, authority, summary, pooled, seeds, measures, thresholds, strict, below, own_shares_count)"
			. " SELECT 'as is', authority, summary, pooled, seeds, measures, thresholds, strict, below, true FROM outbound.ownership_test WHERE test = 'OFAC 50'";
	}
	questions($plan, $case);
	return $plan;
}

sub members
{
	my ($plan, $test) = @_;
	return 'outbound.members(' . Mapper::literal($test) . ($plan->{as_of} ? ', ' . Mapper::literal($plan->{as_of}) . '::date' : '') . ')';
}

sub share
{
	my ($plan, $holder, $held, $test) = @_;
	return 'outbound.attributed_share(' . join(', ', map { Mapper::literal($_) . '::text' } $holder, $held, $plan->{kind}, $test)
		. ($plan->{as_of} ? ', ' . Mapper::literal($plan->{as_of}) . '::date' : '') . ')';
}

sub questions
{
	my ($plan, $case) = @_;
	my $q = $case->{question};
	if ($case->{regime} eq 'NS-CMIC')
	{
		$plan->{ask}{flows} = q{SELECT to_jsonb(test IS NOT NULL) FROM outbound.list WHERE list = 'NS-CMIC'};
		return;
	}
	if (($q->{ask} // '') eq 'power')
	{
		Mapper::ask_value($plan, "power:$_", "(SELECT $q->{index} FROM outbound.voting_power('FIRM'::text) WHERE holder_id = 'V$_')") for 0 .. $#{ $q->{weights} };
		return;
	}
	Mapper::ask_rows($plan, 'members', members($plan, $plan->{test}));
	Mapper::ask_rows($plan, 'members 50', members($plan, 'OFAC 50')) if $case->{regime} eq 'OFAC-SSI';
	Mapper::ask_rows($plan, 'art54', members($plan, 'EU AMLR 54')) if $case->{regime} eq 'EU-AMLR';
	Mapper::ask_rows($plan, 'amlr', members({ %$plan, as_of => '2027-07-10' }, 'EU AMLR 52')) if ($q->{ask} // '') eq 'amlr';
	Mapper::ask_rows($plan, 'psc', members($plan, 'UK PSC')) if ($q->{ask} // '') eq 'psc' && $case->{regime} eq 'R4';
	Mapper::ask_rows($plan, 'links', '(SELECT party_id, parent_id FROM ' . members($plan, 'ECB close links')
		. ' UNION SELECT a.party_id, b.party_id FROM ' . members($plan, 'ECB close links') . ' a JOIN '
		. members($plan, 'ECB close links') . ' b USING (parent_id) WHERE a.party_id <> b.party_id)') if ($q->{ask} // '') eq 'close_links';
	Mapper::ask_rows($plan, 'issues', 'outbound.input_issues') if ($q->{ask} // '') eq 'diagnostics';
	Mapper::ask_rows($plan, 'flags', 'outbound.red_flags(' . Mapper::literal($plan->{test}) . ', '
		. Mapper::literal($plan->{as_of}) . ')') if $case->{regime} eq 'BIS-AFFIL';
	my @holders = @{ $case->{listed} // [] } > 1 ? @{ $case->{listed} } : ($plan->{root});
	for my $id (sort keys %{ $plan->{names} })
	{
		next if !defined $plan->{root} || $case->{regime} eq 'CFIUS-EXCEPTED';
		next if $case->{regime} eq 'R3' && !($case->{options} // {})->{self_holdings};
		my @asked = ($q->{ask} // '') eq 'owners_of' ? ([ $id, $plan->{entity} ]) : map { [ $_, $id ] } @holders;
		my @shares = map { share($plan, @$_, $plan->{test}) } grep { $_->[0] ne $_->[1] } @asked;
		next unless @shares;
		my $sum = join ' OPERATOR(outbound.+) ', @shares;
		Mapper::ask_value($plan, "share:$id", "($sum)");
		Mapper::ask_value($plan, "lo:$id", "outbound.lower($sum)");
		Mapper::ask_value($plan, "hi:$id", "outbound.upper($sum)");
	}
	return;
}

# ---------------------------------------------------------------- comparing

# what members() says of a party: true, null or false; of a holder in it where one is given
sub verdict
{
	my ($d, $answers, $key, $entity, $root) = @_;
	my ($given, $rows) = Compare::answer($d, $answers, $key);
	return undef unless $given;
	my @rows = grep { $_->{party_id} eq $entity && (!defined $root || ($_->{parent_id} // $root) eq $root) } @$rows;
	return @rows ? (grep { Compare::definite($_) } @rows) ? 'true' : 'null' : 'false';
}

my %word = (definitely => 'true', possibly => 'null', unknown => 'null', no => 'false');

sub expect_verdict
{
	my ($d, $answers, $what, $expected, $key, $entity, $root) = @_;
	my $v = verdict($d, $answers, $key, $entity, $root);
	my $e = Compare::plain($expected);
	$e = $word{$e} // $e;
	push @$d, "$what of $entity: expected $e, got $v" if defined $v && $v ne $e;
	return;
}

sub expect_set
{
	my ($d, $answers, $expected, $key, $root, $acts) = @_;
	my ($given, $rows) = Compare::answer($d, $answers, $key);
	return unless $given;
	my %ids = map { $_->{party_id} => 1 } grep { Compare::definite($_) && !$acts->{ $_->{party_id} } && ($_->{tier} // 1) > 0 && ($_->{parent_id} // $root) eq $root } @$rows;
	push @$d, Compare::same_set('set', $expected, [ keys %ids ]);
	return;
}

my %meets = map { $_ => 1 } qw(meets holder_test_failed meets_art52);

sub compare
{
	my ($plan, $case, $expected, $answers) = @_;
	my @d;
	my $entity = $plan->{entity};
	my $ask = $case->{question}{ask} // '';
	for my $key (sort keys %$expected)
	{
		my $value = $expected->{$key};
		if ($for_people{$key}) { next }
		elsif ($key eq 'restricted' && $case->{regime} eq 'NS-CMIC') { Compare::expect(\@d, $answers, 'flows', $value) }
		elsif ($key eq 'restricted')
		{
			expect_verdict(\@d, $answers, $key, $value, $_, $entity) for grep { $answers->{$_} } 'members', 'members 50';
		}
		elsif ($key eq 'basis')
		{
			my ($given, $rows) = Compare::answer(\@d, $answers, 'members');
			push @d, "basis: not by $value" unless $given && grep { $_->{party_id} eq $entity && $_->{limb} =~ /^(?:board|role)$/ } @$rows;
		}
		elsif ($key eq 'red_flag')
		{
			my @said = map { verdict(\@d, $answers, $_, $entity) // '' } qw(members flags);
			push @d, "red flag: expected " . Compare::plain($value) . ", got @said" if $value xor grep { $_ ne 'false' } @said;
		}
		elsif ($meets{$key} && $ask ne 'minimum_excepted_ownership') { expect_verdict(\@d, $answers, $key, $value, 'members', $entity, $plan->{root}) }
		elsif ($key eq 'meets') { expect_verdict(\@d, $answers, $key, $value, 'members', $entity) }
		elsif ($key eq 'meets_art54') { expect_verdict(\@d, $answers, $key, $value, 'art54', $entity, $plan->{root}) }
		elsif ($key =~ /^(?:aggregate|amount)_pct$/)
		{
			Compare::expect_share(\@d, $answers, "share:$entity", Compare::ratio("$value%"));
		}
		elsif ($key =~ /^(?:amount|lo|hi)$/)
		{
			my $asked = $key eq 'amount' ? 'share' : $key;
			Compare::expect_share(\@d, $answers, "$asked:$_", Compare::ratio($value->{$_})) for sort keys %$value;
		}
		elsif ($key eq 'power') { Compare::expect_share(\@d, $answers, "power:$_", Compare::ratio($value->[$_])) for 0 .. $#$value }
		elsif ($key eq 'verdict') { expect_verdict(\@d, $answers, $key, $value->{$_}, 'members', $_, $plan->{root}) for sort keys %$value }
		elsif ($key eq 'set') { expect_set(\@d, $answers, $value, $ask =~ /^(?:amlr|psc)$/ && $case->{regime} eq 'R4' ? $ask : 'members', $plan->{root}, $plan->{acts} // {}) }
		elsif ($key eq 'pairs')
		{
			my ($given, $rows) = Compare::answer(\@d, $answers, 'links');
			my %pairs = map { join('-', sort @$_{qw(party_id parent_id)}) => 1 } @{ $rows // [] };
			push @d, Compare::same_set('pairs', [ map { join '-', sort @$_ } @$value ], [ keys %pairs ]) if $given;
		}
		elsif ($key eq 'diagnostics')
		{
			my ($given, $rows) = Compare::answer(\@d, $answers, 'issues');
			my %issue = (sum_above_100 => qr/sum|above|exceed/, self_holding => qr/self/);
			for my $e (@$value)
			{
				my $known = $issue{ $e->[0] } // qr/^$e->[0]$/;
				push @d, "no issue $e->[0] of $e->[2]" unless $given && grep { $_->{issue} =~ $known && "@{[ %$_ ]}" =~ /\b$e->[2]\b/ } @$rows;
			}
		}
		else { push @d, "expected $key is not compared by anything" }
	}
	push @d, 'nothing is compared' unless grep { !$for_people{$_} } keys %$expected;
	return @d;
}

# the expectation turned into its contrary, key by key: whatever passes then compares nothing
sub contrary
{
	my ($value, $key) = @_;
	return { map { $_ => contrary($value->{$_}, $_) } grep { !$for_people{$_} } keys %$value } if ref $value eq 'HASH';
	return [ @$value ? ref $value->[0] ? @$value[ 1 .. $#$value ] : @$value[ 1 .. $#$value ] : ('nobody') ] if ref $value eq 'ARRAY' && $key ne 'diagnostics';
	return [ [ 'sum_above_100', 'equity', 'NOBODY' ] ] if ref $value eq 'ARRAY';
	return $value ? JSON::PP::false : JSON::PP::true if JSON::PP::is_bool($value);
	return { definitely => 'no', possibly => 'no', unknown => 'no', no => 'definitely' }->{$value} // ($value =~ /^[a-z]/ ? $value : "1$value");
}

# ---------------------------------------------------------------- cases

# all cases that no other test runs: { id, facts, expected }
sub cases
{
	my ($directory) = @_;
	my @cases;
	for my $case (@{ Runner::read_json("$directory/aggregation.json") }, @{ Runner::read_json("$directory/ownership.json") })
	{
		next if $case->{regime} =~ /^(?:R1|R2|OFAC-50|31CFR850-PARENT)$/;
		next if $case->{regime} eq 'R3' && !grep { exists $case->{options}{$_} } qw(strict self_holdings);
		my %facts = %$case;
		my $expected = delete $facts{expected};
		push @cases, { id => $case->{id}, facts => \%facts, expected => $expected, cite => $case->{cite} // $case->{source} };
	}
	return @cases;
}

# runs the cases: { id => { plan, answers } }
sub run
{
	my ($ask, $cases) = @_;
	my %done;
	my @runs;
	for my $case (@$cases)
	{
		next if $not_expressed{ $case->{id} };
		my $plan = plan($case->{facts}) or next;
		$done{ $case->{id} } = { plan => $plan, answers => {} };
		push @runs, { plan => $plan, number => scalar @runs, id => $case->{id}, settings => [] };
	}
	my $output = $ask->(Runner::prologue() . join '', map { Runner::script_of_run($_) } @runs);
	for my $line (grep { /^\{/ } split /\n/, $output)
	{
		my $row = JSON::PP::decode_json($line);
		$done{ $runs[ $row->{run} ]{id} }{answers}{ $row->{key} } = $row->{answer};
	}
	return \%done;
}

1;
