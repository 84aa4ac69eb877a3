package Compare;

# Holds what is expected of a case against the answers.  Every difference is a line of text; no difference is an empty list.
# A key that nothing here knows, and a key whose answer is missing, are differences.

use strict;
use warnings;
no warnings 'uninitialized';	# what is expected may be another case's, and speak of what this one does not have

use JSON::PP ();
use Math::BigRat;

# ---------------------------------------------------------------- values

sub plain { return ref $_[0] && JSON::PP::is_bool($_[0]) ? ($_[0] ? 'true' : 'false') : defined $_[0] ? "$_[0]" : 'null' }

# "1/3", "0.51", "51%" or "100/3%" as an exact number; undef where the text is no single number
sub ratio
{
	my ($text) = @_;
	return undef unless defined $text && $text =~ m{^\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?:/\d+)?%?$};
	my $percent = $text =~ s/%$//;
	my $value = Math::BigRat->new($text);
	return $percent ? $value / 100 : $value;
}

# one telling of limbs and cites: "850.221(d)", "(d)" and "d" are limb d
sub limb { my ($limb) = @_; return '' unless defined $limb; return $limb =~ /\(([a-z])\)$/ ? $1 : $limb }

sub definite { my ($row) = @_; return !exists $row->{grade} || $row->{grade} eq 'definite' }

sub same_set
{
	my ($what, $expected, $actual) = @_;
	my ($e, $a) = map { join ',', sort @$_ } $expected, $actual;
	return $e eq $a ? () : "$what: expected {$e}, got {$a}";
}

# ---------------------------------------------------------------- answers

# the value of an answer, or undef with a difference noted
sub answer
{
	my ($differences, $answers, $key) = @_;
	my $answer = $answers->{$key};
	if (!$answer) { push @$differences, "$key: no answer"; return (0, undef) }
	if (defined $answer->{error}) { push @$differences, "$key: $answer->{error}"; return (0, undef) }
	return (1, $answer->{value});
}

sub expect
{
	my ($differences, $answers, $key, $expected, $pick) = @_;
	my ($given, $value) = answer($differences, $answers, $key);
	return unless $given;
	$value = $pick->($value) if $pick;
	push @$differences, "$key: expected " . plain($expected) . ', got ' . plain($value) if plain($expected) ne plain($value);
	return;
}

sub expect_share
{
	my ($differences, $answers, $key, $expected) = @_;
	my ($given, $value) = answer($differences, $answers, $key);
	return unless $given;
	my $exact = ratio($value);
	push @$differences, "$key: expected $expected, got " . plain($value) if !defined $exact || $exact != $expected;
	return;
}

# who is definitely a parent
sub parents
{
	my ($differences, $answers, $entity) = @_;
	my ($given, $rows) = answer($differences, $answers, "parents:$entity");
	return undef unless $given;
	my %ids = map { $_->{party_id} => 1 } grep { definite($_) } @$rows;
	return \%ids;
}

sub is_parent
{
	my ($d, $answers, $person, $entity, $expected) = @_;
	my $parents = parents($d, $answers, $entity) or return;
	my $is = $parents->{$person} ? 1 : 0;
	push @$d, "$person parent of $entity: expected " . plain($expected) . ", got $is" if $is != ($expected ? 1 : 0);
	return;
}

sub screened
{
	my ($d, $answers, $field, $key) = @_;
	my ($given, $screening) = answer($d, $answers, $key // 'screen');
	return $given ? (1, $screening->{$field}) : (0, undef);
}

sub expect_screened
{
	my ($d, $answers, $field, $expected, $key) = @_;
	my ($given, $value) = screened($d, $answers, $field, $key);
	push @$d, "$field: expected " . plain($expected) . ', got ' . plain($value) if $given && plain($value) ne plain($expected);
	return;
}

sub expect_class
{
	my ($d, $answers, $expected) = @_;
	return expect($d, $answers, 'class', $expected) if $answers->{class};
	return expect_screened($d, $answers, 'outcome', $expected);
}

# the limb that holds first
sub expect_limb
{
	my ($d, $answers, $entity, $expected) = @_;
	my ($given, $rows) = answer($d, $answers, "findings:$entity");
	return unless $given;
	my ($limb) = map { limb($_->{limb}) } grep { plain($_->{holds}) eq 'true' } @$rows;
	push @$d, "limb of $entity: expected $expected, got " . plain($limb) if ($limb // '') ne $expected;
	return;
}

sub expect_finding
{
	my ($d, $answers, $what, $test) = @_;
	my ($given, $rows) = answer($d, $answers, 'findings');
	push @$d, "findings: none with $what" if $given && !grep { $test->($_) } @$rows;
	return;
}

# a statement is used if the holder is a covered foreign person exactly when that statement alone says so
sub expect_used
{
	my ($d, $answers, $plan, $expected) = @_;
	for my $statement (@{ $plan->{available} })
	{
		my $used = $statement eq $expected;
		expect($d, $answers, "used:$statement:0", JSON::PP::decode_json($used ? '[true]' : '[false]')->[0]);
		expect($d, $answers, "used:$statement:1", JSON::PP::decode_json($used ? '[false]' : '[true]')->[0]);
	}
	return;
}

sub filing
{
	my ($d, $answers, $what, $test) = @_;
	my ($given, $rows) = answer($d, $answers, 'filing_due');
	return undef unless $given;
	return [ grep { $test->($_) } @$rows ];
}

sub expect_due
{
	my ($d, $answers, $plan, $expected) = @_;
	if ($answers->{filing_due})
	{
		my $rows = filing($d, $answers, 'due', sub { ($_[0]{trigger_date} // '') eq $plan->{trigger} }) or return;
		my %due = map { plain($_->{due_date}) => 1 } @$rows;
		push @$d, "due: expected $expected, got {" . join(',', sort keys %due) . '}' if join(',', keys %due) ne $expected;
		return;
	}
	my @due = ref $expected ? @$expected : ($expected);
	expect_screened($d, $answers, 'notify_by', $due[$_], ref $expected ? "step:$_" : 'screen') for 0 .. $#due;
	push @$d, 'due: expected ' . @due . " dates, got $plan->{steps} deals" if ref $expected && @due != ($plan->{steps} // 1);
	return;
}

# ---------------------------------------------------------------- keys of part-850.json

my %ignored = map { $_ => 1 } qw(reason rolls ppb countable weekday_due limb_a4 notify notifications notify_even_if_prohibited
	pcc_partner_is_cfp in_force cfp_nexus);

my %check = (
	cfe => sub { my ($d, $a, $p, $e) = @_; expect($d, $a, 'cfe', $e) },
	parent => sub { my ($d, $a, $p, $e) = @_; is_parent($d, $a, $p->{subject}{person}, $p->{subject}{entity}, $e) },
	also_parent => sub { my ($d, $a, $p, $e) = @_; is_parent($d, $a, $_, $p->{subject}{entity}, 1) for @$e },
	usp => sub { my ($d, $a, $p, $e) = @_; expect($d, $a, 'usp', $e) },
	pcc => sub { my ($d, $a, $p, $e) = @_; expect($d, $a, "pcc:$p->{subject}{entity}", $e) },
	limb => sub { my ($d, $a, $p, $e) = @_; expect_limb($d, $a, $p->{subject}{entity}, $e) },
	cfp => sub { my ($d, $a, $p, $e) = @_; expect($d, $a, 'cfp', $e) },
	share => sub { my ($d, $a, $p, $e) = @_;
		expect_finding($d, $a, "$p->{metric} at $e%", sub {
			my $share = ratio($_[0]{share});
			($_[0]{metric} // '') eq $p->{metric} && defined $share && $share == ratio("$e%") }) },
	test => sub { my ($d, $a, $p, $e) = @_;
		my %metric = (capex => 'capital_expenditure', opex => 'operating_expense');
		expect_finding($d, $a, "$e met", sub {
			($_[0]{metric} // '') eq ($metric{$e} // $e) && plain($_[0]{holds}) eq 'true' }) },
	use => sub { my ($d, $a, $p, $e) = @_; expect_used($d, $a, $p, $e) },
	class => sub { my ($d, $a, $p, $e) = @_; expect_class($d, $a, $e) },
	at_least => sub { my ($d, $a, $p, $e) = @_; expect_screened($d, $a, 'at_least', $e) },
	at_most => sub { my ($d, $a, $p, $e) = @_; expect_screened($d, $a, 'at_most', $e) },
	missing => sub { my ($d, $a, $p, $e) = @_;
		my ($given, $value) = screened($d, $a, 'missing');
		push @$d, same_set('missing', $e, $value // []) if $given },
	due => sub { my ($d, $a, $p, $e) = @_; expect_due($d, $a, $p, $e) },
	update_due => sub { my ($d, $a, $p, $e) = @_;
		my $rows = filing($d, $a, 'update_due', sub { $_[0]{cite} =~ /850\.404\(d\)/ }) or return;
		push @$d, same_set('update_due', [ defined $e ? $e : () ], [ map { $_->{due_date} } @$rows ]) },
	basis => sub { my ($d, $a, $p, $e) = @_;
		my $rows = filing($d, $a, 'basis', sub { ($_[0]{trigger_date} // '') eq $p->{trigger} && $_[0]{cite} =~ /\Q$e\E/ }) or return;
		push @$d, "basis: no duty under $e" unless @$rows },
	cite => sub { my ($d, $a, $p, $e) = @_;
		my ($given, $value) = screened($d, $a, 'provisions');
		push @$d, "provisions: expected $e, got {" . join(',', @{ $value // [] }) . '}' if $given && !grep { $_ eq $e } @{ $value // [] } },
	violation => sub { my ($d, $a, $p, $e) = @_;
		my ($given, $value) = screened($d, $a, 'obligation');
		my $directs = ($value // '') eq 'knowingly_directing';
		push @$d, 'violation: expected ' . plain($e) . ', got obligation ' . plain($value) if $given && $directs != defined $e },
	usp_duty => sub { my ($d, $a, $p, $e) = @_; expect_screened($d, $a, 'obligation', 'controlled_foreign_entity') },
	usp_must_file => sub { my ($d, $a, $p, $e) = @_;
		expect_screened($d, $a, 'obligation', $e ? 'controlled_foreign_entity' : undef) },
	keep_through => sub { my ($d, $a, $p, $e) = @_; expect_screened($d, $a, 'retain_until', $e) },
	(map { my $key = $_; $key => sub { my ($d, $a, $p, $e) = @_; expect_share($d, $a, $key, ratio($e)) } }
		qw(civil_max adjusted_amount criminal_max_fine criminal_max_years)));

# the differences between what is expected and the answers of one run
sub part_850
{
	my ($plan, $expected, $answers) = @_;
	my @d;
	my $compared = 0;
	$expected = outcome_of($expected) unless ref $expected;
	for my $key (sort keys %$expected)
	{
		my $value = $expected->{$key};
		next if $ignored{$key};
		$compared++;
		if ($check{$key}) { $check{$key}->(\@d, $answers, $plan, $value) }
		elsif ($key eq 'not_class') { not_class(\@d, $answers, $value) }
		elsif ($key =~ /^eff_(\w+)$/) { expect_share(\@d, $answers, "share:$1", ratio("$value%")) }
		elsif ($key =~ /^parent_of_(\w+)$/) { is_parent(\@d, $answers, $plan->{subject}{person} // '', $1, $value) }
		elsif ($key eq 'then')
		{
			my %then = map { /^then:(.*)/ ? ($1 => $answers->{$_}) : () } keys %$answers;
			push @d, map { "then: $_" } $plan->{then} ? part_850($plan->{then}, $value, \%then) : 'no such step';
		}
		elsif (ref $value eq 'HASH')
		{
			push @d, map { "$key: $_" } part_850({ %$plan, subject => { %{ $plan->{subject} // {} }, entity => $key } }, $value, $answers);
		}
		else { push @d, "expected $key is not compared by anything" }
	}
	push @d, 'nothing is compared' unless $compared;
	return @d;
}

# what a bare word expects: a class, a statement, or that a class is not reached
sub outcome_of
{
	my ($word) = @_;
	return { not_class => 'excepted' } if $word =~ /^not_excepted\b/;
	return { not_class => 'prohibited' } if $word =~ /^not prohibited\b/;
	return { use => $word } if $word =~ /^(?:un)?audited_|appraisal|estimate/;
	return { class => $word };
}

sub not_class
{
	my ($d, $answers, $class) = @_;
	my ($given, $value) = $answers->{class} ? answer($d, $answers, 'class') : screened($d, $answers, 'outcome');
	push @$d, "class: expected anything but $class" if $given && (!defined $value || $value eq $class);
	return;
}

# ---------------------------------------------------------------- keys of aggregation.json

my %verdict = (definitely => 'true', possibly => 'null', no => 'false');

sub aggregation
{
	my ($plan, $expected, $answers) = @_;
	my @d;
	my $subject = $plan->{subject};
	for my $key (sort keys %$expected)
	{
		my $value = $expected->{$key};
		if ($key eq 'parent_of') { push @d, parent_of($plan, $value, $answers) }
		elsif ($key eq 'set' && defined $subject->{entity})
		{
			my $parents = parents(\@d, $answers, $subject->{entity});
			push @d, same_set("parents of $subject->{entity}", $value, [ keys %$parents ]) if $parents;
		}
		elsif ($key eq 'set')
		{
			my @set = grep { my ($given, $v) = answer(\@d, $answers, "verdict:$_"); $given && plain($v) eq 'true' } @{ $subject->{all} };
			push @d, same_set('set', $value, \@set);
		}
		elsif ($key eq 'verdict')
		{
			for my $id (sort keys %$value)
			{
				my ($given, $v) = answer(\@d, $answers, "verdict:$id");
				push @d, "verdict of $id: expected $value->{$id}, got " . plain($v) if $given && plain($v) ne $verdict{ $value->{$id} };
			}
		}
		elsif ($key =~ /^(?:voting|board)$/) { expect_share(\@d, $answers, "share:$key:$_", ratio($value->{$_})) for sort keys %$value }
		elsif ($key eq 'amount') { expect_share(\@d, $answers, "share:$plan->{kind}:$_", ratio($value->{$_})) for sort keys %$value }
		elsif ($key =~ /^(?:lo|hi)$/) { expect_share(\@d, $answers, "$key:$plan->{kind}:$_", ratio($value->{$_})) for sort keys %$value }
		else { push @d, "expected $key is not compared by anything" }
	}
	push @d, 'nothing is compared' unless %$expected;
	return @d;
}

# whose parent the root is: asked of every entity, and of the root at once
sub parent_of
{
	my ($plan, $expected, $answers) = @_;
	my @d;
	my $root = $plan->{subject}{root};
	return 'parent_of: the case has no root' unless defined $root;
	my @of = grep { my $parents = parents(\@d, $answers, $_); $parents && $parents->{$root} } @{ $plan->{subject}{all} };
	push @d, same_set("parents with $root", $expected, \@of);
	my ($given, $rows) = answer(\@d, $answers, 'subsidiaries');
	if ($given)
	{
		my %ids = map { $_->{party_id} => 1 } grep { definite($_) } @$rows;
		push @d, same_set("subsidiaries of $root", $expected, [ keys %ids ]);
	}
	return @d;
}

# ---------------------------------------------------------------- keys of ownership.json

# the verdict on one entity, and what of it is attributed
sub ownership
{
	my ($plan, $expected, $answers) = @_;
	my @d;
	my $entity = $plan->{subject}{entity};
	for my $key (sort keys %$expected)
	{
		my $value = $expected->{$key};
		if ($key eq 'restricted')
		{
			my ($given, $v) = answer(\@d, $answers, "verdict:$entity");
			push @d, "restricted: expected $value, got " . plain($v) if $given && plain($v) ne ($verdict{$value} // plain($value));
		}
		elsif ($key =~ /^(?:aggregate|amount)_pct$/)
		{
			expect_share(\@d, $answers, "share:$plan->{kind}:$entity", ratio("$value%"));
		}
		else { push @d, "expected $key is not compared by anything" }
	}
	return @d;
}

1;
