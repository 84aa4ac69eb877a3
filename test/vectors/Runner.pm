package Runner;

# Runs cases of the vector files: loads the rows of a plan, asks its questions, compares.  Each run of a case is a transaction
# of its own that is rolled back.  The caller says how a script reaches the server: a function from a psql script to its output.

use strict;
use warnings;

use File::Basename qw(dirname);
use JSON::PP ();

use Compare;
use Mapper;

my $schema = 'vectors';

my $prologue = <<"SQL";
\\set ON_ERROR_STOP on
\\set VERBOSITY terse
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS outbound;
SELECT outbound.create_relations('$schema') WHERE to_regclass('$schema.party') IS NULL;
SELECT outbound.configure('source_schema', '$schema');
CREATE FUNCTION pg_temp.ask(query text) RETURNS jsonb LANGUAGE plpgsql AS \$\$
DECLARE
	value jsonb;
BEGIN
	EXECUTE query INTO value;
	RETURN jsonb_build_object('value', value);
EXCEPTION WHEN OTHERS THEN
	RETURN jsonb_build_object('error', SQLSTATE || ' ' || SQLERRM);
END \$\$;
\\set ON_ERROR_STOP off
SQL

sub read_json
{
	my ($path) = @_;
	open my $file, '<', $path or die "$path: $!";
	local $/;
	return JSON::PP::decode_json(<$file>);
}

# what the vector files leave to other means, or to no program
my %not_run = map { $_ => 1 } qw(V850-067 V850-205);

# all cases that are run: { id, topic, facts or the whole case, expected }
sub cases
{
	my ($directory) = @_;
	my @cases;
	for my $case (@{ read_json("$directory/part-850.json") })
	{
		next if $not_run{ $case->{id} };
		push @cases, { id => $case->{id}, topic => $case->{topic}, facts => $case->{facts}, expected => $case->{expected},
			cite => $case->{cite} };
	}
	for my $case (@{ read_json("$directory/aggregation.json") })
	{
		next unless $case->{regime} =~ /^R[123]$/;
		next if grep { exists $case->{options}{$_} } qw(strict self_holdings);	# no shipped test is read that way
		my %facts = %$case;
		my $expected = delete $facts{expected};
		push @cases, { id => $case->{id}, topic => $case->{regime}, facts => \%facts, expected => $expected, cite => $case->{source} };
	}
	for my $case (@{ read_json("$directory/ownership.json") })
	{
		next unless $case->{regime} =~ /^(?:OFAC-50|31CFR850-PARENT)$/;
		my %facts = %$case;
		my $expected = delete $facts{expected};
		delete $expected->{caution};									# is for people
		delete $expected->{aggregate_pct} if @{ $case->{listed} } > 1;	# what several hold together shows in the verdict alone
		$expected->{restricted} = JSON::PP::true if ($expected->{restricted} // '') eq 'definitely';
		push @cases, { id => $case->{id}, topic => $case->{regime}, facts => \%facts, expected => $expected, cite => $case->{cite} };
	}
	return @cases;
}

# ---------------------------------------------------------------- scripts

sub inserts
{
	my ($plan) = @_;
	my @sql;
	for my $relation (sort keys %{ $plan->{rows} })
	{
		for my $row (@{ $plan->{rows}{$relation} })
		{
			my @columns = sort keys %$row;
			push @sql, "INSERT INTO $schema.$relation (" . join(', ', @columns) . ') VALUES ('
				. join(', ', map { Mapper::literal($row->{$_}) } @columns) . ')';
		}
	}
	return @sql;
}

sub prologue { return $prologue }

sub questions
{
	my ($plan, $run, $prefix) = @_;
	my @sql;
	for my $name (sort keys %{ $plan->{ask} })
	{
		push @sql, "SELECT jsonb_build_object('run', $run, 'key', " . Mapper::literal($prefix . $name) . ", 'answer', pg_temp.ask("
			. Mapper::literal($plan->{ask}{$name}) . '))';
	}
	return @sql;
}

sub script_of_run
{
	my ($run) = @_;
	my $plan = $run->{plan};
	my @sql = ('BEGIN', inserts($plan), @{ $plan->{settings} }, @{ $run->{settings} }, questions($plan, $run->{number}, ''));
	push @sql, inserts($plan->{then}), questions($plan->{then}, $run->{number}, 'then:') if $plan->{then};
	return join(";\n", @sql, 'ROLLBACK') . ";\n";
}

# ---------------------------------------------------------------- the ways a case is run

my $option_of = {};		# reading => { option => 1 }
my $tests = {};			# ownership tests by name

sub load_readings
{
	my ($ask) = @_;
	my $text = $ask->("$prologue SELECT jsonb_object_agg(reading, to_jsonb(options)) FROM outbound.reading;\n"
		. "SELECT jsonb_agg(test) FROM outbound.ownership_test;\n");
	my ($readings, $names) = map { JSON::PP::decode_json($_) } grep { /^[\[{]/ } split /\n/, $text;
	$option_of = { map { my $r = $_; $r => { map { $_ => 1 } @{ $readings->{$r} } } } keys %$readings };
	$tests = { map { $_ => 1 } @$names };
	return;
}

# the one reading that has all these options
sub reading_with
{
	my (@options) = @_;
	my @readings = grep { my $r = $_; !grep { !$option_of->{$r}{$_} } @options } sort keys %$option_of;
	return @readings == 1 ? $readings[0] : undef;
}

# a version of the rules, as the version_diff cases name it
sub version_settings
{
	my ($version) = @_;
	my ($ruleset, $alternative) = $version =~ /^(\S+)(?: (.+))?$/;
	$ruleset = 'NPRM-2024-07-05' if $ruleset eq 'NPRM';
	my @sql = ("SELECT outbound.configure('ruleset', " . Mapper::literal($ruleset) . ')');
	return @sql unless defined $alternative;
	my %option = (
		'alt 1' => 'alternative_1', 'alt 2' => 'alternative_2',
		'option 1e24' => '1e24', 'option 1e25' => '1e25', 'option 1e26' => '1e26');
	my $option = $option{$alternative} // $alternative;
	my $reading = reading_with($option);
	return (@sql, defined $reading ? Mapper::choice($reading, $option) : problem($option));
}

# a statement that makes every question of the run fail, and says why
sub problem { return "DO 'BEGIN RAISE ''no reading has option $_[0]''; END'" }

# { name, settings, expected } of each run that the expectation asks for
sub variants
{
	my ($case, $expected) = @_;
	if ($case->{topic} eq 'version_diff' && !$expected->{by_option})
	{
		my @versions = grep { !/^COINS/ } sort keys %$expected;
		return map { { name => $_, settings => [ version_settings($_) ], expected => $expected->{$_} } } @versions;
	}
	my $by_option = $expected->{by_option} or return { name => 'default', settings => [], expected => $expected };
	my @options = sort keys %$by_option;
	my $reading = reading_with(@options);
	return map {
		my $option = $_;
		$tests->{$option} ? { name => $option, settings => [], test => $option, expected => $by_option->{$option} }
			: { name => $option, expected => $by_option->{$option}, settings =>
				[ defined $reading ? Mapper::choice($reading, $option) : problem($option) ] }
	} @options;
}

# an ownership test named in place of a reading: ask its membership instead of the legal question
sub under_test
{
	my ($plan, $test) = @_;
	my %ask = %{ $plan->{ask} };
	for my $key (grep { /^pcc:/ } keys %ask)
	{
		my ($id) = $key =~ /^pcc:(.*)/;
		$ask{$key} = 'SELECT to_jsonb(EXISTS (SELECT FROM outbound.members(' . Mapper::literal($test) . ') m WHERE m.party_id = '
			. Mapper::literal($id) . " AND m.grade = 'definite'))";
	}
	return { %$plan, ask => \%ask };
}

# ---------------------------------------------------------------- running

# runs the cases and returns { id => [ difference, ... ] }; expectations may be given in place of the cases' own
sub run
{
	my ($ask, $cases, $expectation) = @_;
	load_readings($ask);
	my (@runs, %differences);
	for my $case (@$cases)
	{
		$differences{ $case->{id} } = [];
		my $expected = $expectation ? $expectation->{ $case->{id} } : $case->{expected};
		for my $variant (variants($case, $expected))
		{
			my $plan = eval { $case->{topic} =~ /^R\d$/ ? Mapper::aggregation($case->{facts})
				: $case->{topic} =~ /^[A-Z\d]+-/ ? Mapper::ownership($case->{facts})
				: Mapper::part_850($case->{topic}, $case->{facts}) };
			if (!$plan) { push @{ $differences{ $case->{id} } }, "mapper: $@"; next }
			$plan = under_test($plan, $variant->{test}) if $variant->{test};
			push @runs, { %$variant, case => $case, plan => $plan, number => scalar @runs };
		}
	}
	my $output = $ask->($prologue . join '', map { script_of_run($_) } @runs);
	my %answers;
	for my $line (grep { /^\{/ } split /\n/, $output)
	{
		my $row = JSON::PP::decode_json($line);
		$answers{ $row->{run} }{ $row->{key} } = $row->{answer};
	}
	for my $run (@runs)
	{
		my $compare = $run->{case}{topic} =~ /^R\d$/ ? \&Compare::aggregation
			: $run->{case}{topic} =~ /^[A-Z\d]+-/ ? \&Compare::ownership : \&Compare::part_850;
		my @d = $compare->($run->{plan}, $run->{expected}, $answers{ $run->{number} } // {});
		push @{ $differences{ $run->{case}{id} } }, map { $run->{name} eq 'default' ? $_ : "[$run->{name}] $_" } @d;
	}
	return \%differences;
}

# a function that runs a script with psql against the server the environment names
sub psql
{
	my @command = ('psql', '-XAtq', @_);
	return sub {
		my ($script) = @_;
		require File::Temp;
		my $file = File::Temp->new(SUFFIX => '.sql');
		print $file $script;
		close $file;
		open my $pipe, '-|', @command, '-f', $file->filename or die "psql: $!";
		local $/;
		my $output = <$pipe>;
		close $pipe or die "psql failed: $? $!";
		return $output // '';
	};
}

1;
