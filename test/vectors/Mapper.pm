package Mapper;

# Turns the facts of one test case into rows of the six relations and calls.  Reads a case's facts and never what is
# expected of them.  The conventions are those of the vector files: what a case does not state is known and harmless, and
# only the string "unknown" is loaded as null.
#
# A plan is { rows => { relation => [ row, ... ] }, ask => { name => query giving one jsonb }, settings => [ SQL, ... ] }.

use strict;
use warnings;

use JSON::PP ();

# ---------------------------------------------------------------- SQL and JSON texts

# SQL literal of a string, NULL of undef
sub literal
{
	my ($value) = @_;
	return 'NULL' unless defined $value;
	$value =~ s/'/''/g;
	return "'$value'";
}

sub text_array { return '{' . join(',', map { qq("$_") } @_) . '}' }

# JSON of a fact: \'1e25' is a number kept digit for digit
sub json
{
	my ($value) = @_;
	return 'null' unless defined $value;
	return $$value if ref $value eq 'SCALAR';
	return $value ? 'true' : 'false' if JSON::PP::is_bool($value);
	return '[' . join(',', map { json($_) } @$value) . ']' if ref $value eq 'ARRAY';
	return '{' . join(',', map { json("$_") . ':' . json($value->{$_}) } sort keys %$value) . '}' if ref $value eq 'HASH';
	return JSON::PP->new->allow_nonref->encode("$value");
}

my ($TRUE, $FALSE) = (JSON::PP::true, JSON::PP::false);
sub bool { return $_[0] ? $TRUE : $FALSE }

# a number of a case, whose "unknown" is null
sub number
{
	my ($value) = @_;
	return undef if !defined $value || $value eq 'unknown';
	return \"$value";
}

# "51" -> 51%, "100/3" -> 100/300, "unknown" -> NULL
sub percent
{
	my ($value) = @_;
	return undef if !defined $value || $value eq 'unknown';
	return "$1/${2}00" if $value =~ m{^(\d+)/(\d+)$};
	return "$value%";
}

# a holding of aggregation.json: pct, share, or a band lo..hi where "n+" and "n-" are open ends
sub band
{
	my ($holding) = @_;
	return percent($holding->{pct}) if defined $holding->{pct};
	if (defined $holding->{share})
	{
		return $holding->{share} =~ /^[1-9]\d*$/ ? "$holding->{share}/1" : $holding->{share};
	}
	return undef unless defined $holding->{lo} || defined $holding->{hi};
	my $lower = $holding->{lo} // '0';
	my $upper = ($holding->{hi} // 'unknown') eq 'unknown' ? '100' : $holding->{hi};
	my $open = $lower =~ s/\+$// ? '(' : '[';
	my $close = $upper =~ s/-$// ? ')' : ']';
	return $open . percent($lower) . ',' . percent($upper) . $close;
}

# ---------------------------------------------------------------- a plan and its rows

sub new_plan { return { rows => {}, ask => {}, settings => [], names => {} } }

sub add
{
	my ($plan, $relation, %row) = @_;
	push @{ $plan->{rows}{$relation} }, {%row};
	return;
}

# an entity organized, run and located in one country unless told otherwise; once
sub entity
{
	my ($plan, $id, $country, %more) = @_;
	return $id if $plan->{names}{$id}++;
	add($plan, 'party',
		party_id => $id, kind => 'entity', citizenship => '{}', permanent_residence => '{}',
		organized_under => $country, principal_place_of_business => $country, headquarters => $country, located_in => $country,
		register => 'closed', activity_register => 'complete', %more);
	return $id;
}

sub individual
{
	my ($plan, $id, $citizenship, %more) = @_;
	return $id if $plan->{names}{$id}++;
	add($plan, 'party',
		party_id => $id, kind => 'individual', citizenship => $citizenship, permanent_residence => '{}',
		register => 'closed', activity_register => 'complete', %more);
	return $id;
}

# the persons that cases name by type
sub person
{
	my ($plan, $type, $id) = @_;
	$id //= $type . '-' . ++$plan->{fresh};
	return individual($plan, $id, '{CN}', located_in => 'CN') if $type eq 'pcc_a';
	return entity($plan, $id, 'CN') if $type eq 'pcc_b';
	return entity($plan, $id, 'CN', kind => 'government') if $type eq 'government_of_CN';
	return entity($plan, $id, 'US') if $type eq 'usp';
	if ($type eq 'pcc_d')
	{
		entity($plan, $id, 'SG');
		interest($plan, person($plan, 'pcc_a'), $id, 'equity', '50%');
		return $id;
	}
	die "no such type of person: $type";
}

sub interest
{
	my ($plan, $holder, $held, $kind, $share, %more) = @_;
	add($plan, 'interest', holder_id => $holder, held_id => $held, kind => $kind, share => $share, %more);
	return;
}

my %role = (
	gp => 'general_partner', managing_member => 'managing_member',
	investment_adviser => 'investment_adviser', adviser => 'investment_adviser');

# a row of facts.holdings: one interest a kind that it states
sub holding
{
	my ($plan, $holding) = @_;
	my ($holder, $held) = @$holding{qw(holder entity)};
	entity($plan, $_, 'SG') for $holder, $held;
	for my $kind (qw(voting board equity))
	{
		interest($plan, $holder, $held, $kind, percent($holding->{$kind})) if exists $holding->{$kind};
	}
	interest($plan, $holder, $held, $role{ $holding->{role} }) if $holding->{role};
	return;
}

sub all_of { my ($plan, $holder, $held) = @_; interest($plan, $holder, $held, $_, '100%') for qw(voting board equity); return }

sub activity { my ($plan, $party, $facts) = @_; add($plan, 'activity', party_id => $party, facts => json($facts)); return }

# ---------------------------------------------------------------- questions

sub ask_value { my ($plan, $name, $expression) = @_; $plan->{ask}{$name} = "SELECT to_jsonb($expression)"; return }

sub ask_rows
{
	my ($plan, $name, $from) = @_;
	$plan->{ask}{$name} = "SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM $from r";
	return;
}

sub party { return literal($_[0]) . '::text' }

sub ask_screen
{
	my ($plan, $deal, $name) = @_;
	$plan->{ask}{ $name // 'screen' } = 'SELECT to_jsonb(s) FROM outbound.screen(' . literal(json($deal)) . '::jsonb) s';
	return;
}

# ---------------------------------------------------------------- facts of an activity

sub blank_activity
{
	return {
		verbs => [], object => 'other', ic_kind => 'other', transistor => 'planar', node_nm => \'130', operating_temperature_k => \'300',
		(map { $_ => \'0' } qw(nand_layers dram_half_pitch_nm total_processing_performance performance_density
			fp64_petaflops fp32_petaflops envelope_cubic_feet training_operations)),
		(map { $_ => $FALSE } qw(fdsoi gallium_compound graphene_or_nanotube advanced_packaging volume_fabrication euv_exclusive
			advanced_ics primarily_biological_data uses_third_party_model modifies_third_party_model internal_noncommercial_use)),
		(map { $_ => [] } qw(designed_for designed_exclusively_for intended_for)) };
}

my %by_cite = (
	'850.217(a)' => { verbs => ['designs'], object => 'integrated_circuit', total_processing_performance => \'100' },
	'850.217(b)' => { verbs => ['fabricates'], object => 'integrated_circuit', ic_kind => 'dram', dram_half_pitch_nm => \'25' },
	'850.217(c)' => { verbs => ['packages'], object => 'integrated_circuit' },
	'850.217(d)(3)' => { verbs => ['develops'], object => 'ai_system', training_operations => \'5e23' },
	'850.224(a)' => { verbs => ['develops'], object => 'eda_software' },
	'850.224(d)(2)' => { verbs => ['fabricates'], object => 'integrated_circuit', ic_kind => 'nand', nand_layers => \'232' },
	'850.224(k)' => { verbs => ['develops'], object => 'ai_system', training_operations => \'5e25' },
	'none' => { verbs => ['sells'], object => 'other' });

# the activity that a cite stands for; further words after the cite are ignored
sub activity_by_cite
{
	my ($text) = @_;
	my ($cite) = $text =~ /^(850\.2\d\d(?:\([a-z0-9]+\))+|none)/ or die "no cite of an activity: $text";
	my $facts = $by_cite{$cite} or die "no such activity: $cite";
	return { %{ blank_activity() }, %$facts };
}

my %verbs = (
	resells => ['sells'],
	'fine-tunes' => ['develops'],
	'uses without modifying' => ['develops']);

my %ic_kind = (logic => 'logic', NAND => 'nand', DRAM => 'dram', accelerator => 'other', sensor => 'other');

my @objects = (
	[ qr/EDA software/ => 'eda_software' ],
	[ qr/photoresist/ => 'euv_item' ],
	[ qr/supercomputer/ => 'supercomputer' ],
	[ qr/dilution refrigerator/ => 'quantum_component' ],
	[ qr/quantum computer/ => 'quantum_computer' ],
	[ qr/quantum sensor/ => 'quantum_sensing_platform' ],
	[ qr/quantum key distribution/ => 'quantum_network' ],
	[ qr/hypersonic/ => 'hypersonic_system' ],
	[ qr/AI system/ => 'ai_system' ]);

my @end_uses = (
	[ qr/military/ => 'military' ],
	[ qr/mass surveillance/ => 'mass_surveillance' ],
	[ qr/cybersecurity/ => 'cybersecurity' ],
	[ qr/penetration testing/ => 'penetration_testing' ],
	[ qr/robotic systems/ => 'robotic_control' ]);

sub first_match
{
	my ($text, $default, @choices) = @_;
	for my $choice (@choices) { return $choice->[1] if $text =~ $choice->[0] }
	return $default;
}

sub end_use { return [ first_match($_[0], 'other', @end_uses) ] }

sub activity_facts
{
	my ($f) = @_;
	my $a = blank_activity();
	my %known = map { $_ => 1 } qw(bit_length);
	my %take = (
		verb => sub { $a->{verbs} = $verbs{ $_[0] } // [ $_[0] ]; $a->{object} = 'integrated_circuit' if $_[0] eq 'packages';
			$a->{uses_third_party_model} = $TRUE if $_[0] =~ /^(?:fine-tunes|uses without modifying)$/;
			$a->{modifies_third_party_model} = $TRUE if $_[0] eq 'fine-tunes' },
		ic => sub { $a->{object} = 'integrated_circuit'; $a->{ic_kind} = $ic_kind{ $_[0] } // die "no such IC: $_[0]" },
		item => sub { $a->{object} = first_match($_[0], 'other', @objects);
			@$a{qw(designed_for intended_for)} = ([qw(secure_communications)]) x 2 if $_[0] =~ /key distribution/ },
		technology => sub { $a->{object} = first_match($_[0], 'other', @objects) },
		model => sub { $a->{object} = 'ai_system' },
		technique => sub { $a->{advanced_packaging} = bool($_[0] !~ /wire bond/) },
		transistor => sub {
			if ($_[0] eq 'FinFET') { $a->{transistor} = 'non_planar' }
			elsif ($_[0] eq 'FDSOI') { $a->{fdsoi} = $TRUE }
			elsif ($_[0] eq 'graphene') { $a->{graphene_or_nanotube} = $TRUE }
			elsif ($_[0] ne 'planar') { die "no such transistor: $_[0]" } },
		node_nm => sub { $a->{node_nm} = number($_[0]) },
		layers => sub { $a->{nand_layers} = number($_[0]) },
		half_pitch_nm => sub { $a->{dram_half_pitch_nm} = number($_[0]) },
		designed_operating_temp_K => sub { $a->{operating_temperature_k} = number($_[0]) },
		tpp => sub { $a->{total_processing_performance} = number($_[0]) },
		dense_tops_2xMac => sub { $a->{total_processing_performance} = \($_[0] * $f->{bit_length}) },
		performance_density => sub { $a->{performance_density} = number($_[0]) },
		fp64_petaflops => sub { $a->{fp64_petaflops} = number($_[0]) },
		fp32_petaflops => sub { $a->{fp32_petaflops} = number($_[0]) },
		volume_ft3 => sub { $a->{envelope_cubic_feet} = number($_[0]) },
		advanced_ic => sub { $a->{advanced_ics} = bool($_[0]) },
		training_ops => sub { $a->{training_operations} = number($_[0]) },
		base_training_ops => sub { $a->{training_operations} = number($_[0]) },
		primarily_bio_sequence => sub { $a->{primarily_biological_data} = bool($_[0]) },
		end_use => sub { @$a{qw(designed_for intended_for)} = (end_use($_[0])) x 2 },
		designed_for => sub { $a->{designed_for} = end_use($_[0]) },
		intended_for => sub { $a->{intended_for} = end_use($_[0]) },
		designed_exclusively => sub { $a->{designed_exclusively_for} = end_use($f->{designed_for}) if $_[0] },
		use => sub { $a->{internal_noncommercial_use} = bool($_[0] =~ /internal/); $a->{intended_for} = end_use($_[0]) },
		sells_app => sub { $a->{verbs} = [ @{ $a->{verbs} }, 'sells' ] if $_[0] },
		general => sub { @$a{qw(designed_for intended_for)} = ([qw(other)]) x 2 if $_[0] });
	for my $key (sort { ($b eq 'verb') <=> ($a eq 'verb') || $a cmp $b } keys %$f)
	{
		next if $known{$key};
		($take{$key} // die "no such activity field: $key")->($f->{$key});
	}
	return $a;
}

# ---------------------------------------------------------------- facts of a deal

# a harmless deal in a person of a country of concern that designs integrated circuits
sub blank_deal
{
	return {
		investor => 'USP', target => 'T', transaction_type => 'equity', completion_date => '2026-02-02',
		(map { $_ => $TRUE } qw(knowledge reasonable_inquiry covered_foreign_person_after knew_pledged_equity lender_can_act_alone
			syndication_agent)),
		lp_assurance => 'none',
		(map { $_ => $FALSE } qw(foreclosure fund_likely_invests rights_beyond_standard publicly_traded fungible_with_publicly_traded
			convertible_only_into_publicly_traded registered_fund business_development_company lp_passive
			acquires_all_country_of_concern_interests intracompany supports_only_uncovered_operations maintains_existing_activity
			commitment_binding commitment_uncalled syndicated_loan employment_compensation third_country_determination
			us_government_business ieepa_1702b national_interest_exemption directing_authority directed directing_knowledge
			material_change)),
		(map { $_ => [] } qw(lender_rights asset_result derivative_confers recused_from)) };
}

my %transaction_type = (
	equity => 'equity', debt => 'debt', conversion => 'conversion', derivative => 'derivative',
	convertible_note => 'contingent_equity', convertible_bond => 'contingent_equity', asset_purchase => 'asset',
	jv => 'joint_venture', lp => 'limited_partner');

# what a type that is an acquisition of equity says beside that
my %equity_kind = (
	follow_on => {}, ipo => {}, buyout => {}, capital_call => {},
	intracompany => { intracompany => $TRUE },
	employment_equity => { employment_compensation => $TRUE },
	foreclosure => { foreclosure => $TRUE },
	foreclosure_voting_interest => { foreclosure => $TRUE });

my %assurance = ('binding, no PROHIBITED use only' => 'prohibited');

sub deal_type
{
	my ($type) = @_;
	return { transaction_type => $transaction_type{$type} } if $transaction_type{$type};
	return { transaction_type => 'equity', %{ $equity_kind{$type} // die "no such type of deal: $type" } };
}

# who acts: the U.S. person, its controlled foreign entity, or a fund that a U.S. person directs
sub deal_investor
{
	my ($plan, $deal, $f) = @_;
	if (($f->{recipient} // '') =~ /^(?:individual|employee)/) { individual($plan, 'USP', '{US}', located_in => 'US') }
	else { entity($plan, 'USP', 'US-DE') }
	my $actor = $f->{actor} // '';
	if ($actor eq 'CFE of USP')
	{
		all_of($plan, 'USP', entity($plan, 'CFE', 'SG'));
		$deal->{investor} = 'CFE';
	}
	elsif ($actor || exists $f->{usp_role})
	{
		die "no such actor: $actor" if $actor !~ /^(?:non-USP fund, not a CFE)?$/;
		$deal->{investor} = entity($plan, 'FOREIGN', 'KY', kind => 'pooled_fund');
		$deal->{directing_person} = individual($plan, 'OFFICER', '{US}', located_in => 'US');
		$deal->{directing_authority} = $TRUE;
		$deal->{directed} = $TRUE;
		$deal->{directing_knowledge} = bool($f->{usp_knows} // 1);
		$deal->{recused_from} = $f->{recused_from} // [];
	}
	return;
}

# the target and what it does; the fund's investee in limb (a)(6), the partner in (a)(5)
sub deal_target
{
	my ($plan, $deal, $f, $type) = @_;
	my $cite = $f->{cfp_activity} // $f->{activity} // $f->{borrower_activity} // $f->{jv_activity} // '850.217(a)';
	if ($type eq 'lp')
	{
		my ($country) = ($f->{fund} // 'KY') =~ /^(\S+)/;
		entity($plan, 'T', $country, kind => 'pooled_fund');
		if (exists $f->{fund_later})
		{
			$deal->{fund_investee} = person($plan, 'pcc_b', 'INVESTEE');
			activity($plan, 'INVESTEE', activity_by_cite($f->{fund_later} =~ /^850/ ? $f->{fund_later} : '850.217(a)'));
		}
		return;
	}
	if ($type eq 'jv')
	{
		entity($plan, 'T', $f->{location});
		$deal->{joint_venture_partner} = person($plan, 'pcc_b', 'PARTNER');
	}
	else
	{
		person($plan, 'pcc_b', 'T');
	}
	if (my $what = $f->{plan})
	{
		$cite = '850.217(c)' if $what =~ /packaging/;
		$deal->{asset_result} = [ $what =~ /set up/ ? 'establishes_covered_foreign_person' : 'country_of_concern_person_engages' ];
	}
	activity($plan, 'T', activity_by_cite($cite));
	all_of($plan, 'USP', 'T') if ($f->{to} // '') eq 'CFE';
	return;
}

# the facts of a case that are facts of the deal under another name
sub deal_facts
{
	my ($deal, $f) = @_;
	my %flag = (
		knowledge => 'knowledge', reasonable_diligent_inquiry => 'reasonable_inquiry', knew_cfp_when_lending => 'knew_pledged_equity',
		knows_at_foreclosure => 'knowledge', syndicate => 'syndicated_loan', can_act_alone => 'lender_can_act_alone',
		syndication_agent => 'syndication_agent', knew_likely_invest => 'fund_likely_invests', beyond_smp => 'rights_beyond_standard',
		same_cusip_or_fungible => 'fungible_with_publicly_traded', traded_at_settlement => 'publicly_traded',
		acquires_all_pcc_interests => 'acquires_all_country_of_concern_interests', entity_cfp_after => 'covered_foreign_person_after',
		binding => 'commitment_binding', uncalled => 'commitment_uncalled', passive => 'lp_passive');
	my %as_is = (
		completion_date => 'completion_date', date => 'completion_date', converted => 'completion_date', call_date => 'completion_date',
		contingent_acquired => 'contingent_acquired_on', pledged_on => 'pledged_on', commitment_date => 'commitment_on',
		cfe_covered_activity_since => 'existing_activity_since', asset_in => 'asset_country');
	my %take = (
		rights => sub { push @{ $deal->{lender_rights} }, map { $_ eq 'board appointment' ? 'board_appointment' : () } @{ $_[0] } },
		commitment => sub { $deal->{committed_capital_usd} = \($_[0] + ($f->{co_invest_vehicle_commitment} // 0)) },
		fund_aum => sub { $deal->{fund_assets_usd} = number($_[0]) },
		assurance => sub { $deal->{lp_assurance} = defined $_[0] ? $assurance{ $_[0] } // die "no such assurance: $_[0]" : 'none' },
		converts_into => sub { $deal->{convertible_only_into_publicly_traded} = bool($_[0] =~ /only publicly traded/) },
		confers => sub { $deal->{derivative_confers} = $_[0] =~ /delivery of CFP shares/ ? ['equity'] : [] },
		acquires_pcc_pct_of_pcc_interests => sub { $deal->{acquires_all_country_of_concern_interests} = bool($_[0] eq '100') },
		purpose => sub { $deal->{maintains_existing_activity} = bool($_[0] =~ /maintain/) });
	my %elsewhere = map { $_ => 1 } qw(type steps actor usp_role usp_knows recused_from approved_documents cfp cfp_activity activity
		borrower_activity jv_activity plan fund fund_later co_invest_vehicle_commitment cash_alternative why recipient location partner to);
	for my $key (sort keys %$f)
	{
		if ($flag{$key}) { $deal->{ $flag{$key} } = bool($f->{$key}) }
		elsif ($as_is{$key}) { $deal->{ $as_is{$key} } = $f->{$key} }
		elsif ($take{$key}) { $take{$key}->($f->{$key}) }
		elsif (!$elsewhere{$key}) { die "no such deal field: $key" }
	}
	return;
}

# the deal that one set of facts describes, with its parties
sub deal
{
	my ($plan, $f) = @_;
	my $type = $f->{type} // 'equity';
	my $deal = { %{ blank_deal() }, %{ deal_type($type) } };
	deal_investor($plan, $deal, $f);
	deal_target($plan, $deal, $f, $type);
	deal_facts($deal, $f);
	return $deal;
}

# a deal as a row of relation deal
sub deal_row
{
	my ($plan, $id, $deal) = @_;
	my %facts = %$deal;
	my @columns = qw(investor target transaction_type completion_date);
	my %row = (deal_id => $id, signed_on => $deal->{completion_date}, amount_usd => '0', map { $_ => delete $facts{$_} } @columns);
	add($plan, 'deal', %row, facts => json(\%facts));
	return;
}

# ---------------------------------------------------------------- topics of part-850.json

sub cfe_attribution
{
	my ($f) = @_;
	my $plan = new_plan();
	for my $id (sort keys %{ $f->{entities} })
	{
		my $e = $f->{entities}{$id};
		entity($plan, $id, $e->{org}, $e->{pooled_fund} ? (kind => 'pooled_fund') : ());
	}
	holding($plan, $_) for @{ $f->{holdings} };
	cfe_questions($plan, $f->{test});
	if (my $then = $f->{then})
	{
		my $next = new_plan();
		$next->{names} = { %{ $plan->{names} } };
		holding($next, $then->{$_}) for grep { /_holds$/ } sort keys %$then;
		$next->{names} = { %{ $plan->{names} }, %{ $next->{names} } };
		cfe_questions($next, $then->{test});
		$plan->{then} = $next;
	}
	return $plan;
}

sub cfe_questions
{
	my ($plan, $test) = @_;
	my ($person, $entity) = @$test{qw(person entity)};
	$plan->{subject} = { person => $person, entity => $entity };
	ask_value($plan, 'cfe', 'outbound.controlled_foreign_entity(' . join(', ', map { party($_) } grep { defined } $entity, $person) . ')');
	ask_rows($plan, "parents:$_", 'outbound.parents(' . party($_) . ')') for sort keys %{ $plan->{names} };
	return unless defined $person;
	ask_value($plan, "share:$_", 'outbound.attributed_share(' . party($person) . ', ' . party($entity) . ", '$_', '31 CFR 850.206')")
		for qw(voting board);
	return;
}

sub us_person
{
	my ($f) = @_;
	my $plan = new_plan();
	if (my $i = $f->{individual}) { persons_of_individual($plan, $i) }
	else
	{
		my $e = $f->{entity};
		entity($plan, $e->{branch_in} ? 'HEAD' : 'X', $e->{org});
		if ($e->{branch_in})
		{
			entity($plan, 'X', $e->{branch_in}, kind => 'branch');
			interest($plan, 'X', 'HEAD', 'branch_of');
		}
		all_of($plan, person($plan, 'usp', 'OWNER'), 'X') if $e->{owned_by_usp_pct};
	}
	ask_value($plan, 'usp', "outbound.us_person('X'::text)");
	ask_value($plan, 'cfe', "outbound.controlled_foreign_entity('X'::text)");
	return $plan;
}

sub persons_of_individual
{
	my ($plan, $i) = @_;
	my @citizenship = (@{ $i->{citizenship} }, $i->{us_citizen} ? 'US' : ());
	individual($plan, 'X', text_array(@citizenship), permanent_residence => text_array($i->{us_lpr} ? 'US' : ()),
		located_in => $i->{location} // $citizenship[0]);
	return;
}

sub pcc
{
	my ($f) = @_;
	my $plan = new_plan();
	my $subject = 'X';
	if ($f->{individual}) { persons_of_individual($plan, $f->{individual}) }
	elsif (my $fund = $f->{fund})
	{
		entity($plan, 'X', $fund->{org}, kind => 'pooled_fund', principal_place_of_business => $fund->{gp_directs_from});
	}
	elsif (my $chain = $f->{chain})
	{
		for my $link (@$chain)
		{
			person($plan, 'pcc_b', $link->{holder}) if $link->{holder} eq 'CN-Co (b)';
			entity($plan, $link->{entity}, $link->{org} // 'SG');
		}
		holding($plan, $_) for @$chain;
		$subject = $f->{test};
	}
	else { pcc_entity($plan, $f->{entity}) }
	$plan->{subject} = { entity => $subject };
	for my $id (sort keys %{ $plan->{names} })
	{
		ask_value($plan, "pcc:$id", 'outbound.person_of_country_of_concern(' . party($id) . ')');
		ask_rows($plan, "findings:$id", 'outbound.person_of_country_of_concern_findings(' . party($id) . ')');
	}
	ask_value($plan, 'usp', 'outbound.us_person(' . party($subject) . ')');
	return $plan;
}

sub pcc_entity
{
	my ($plan, $e) = @_;
	entity($plan, 'X', $e->{org},
		principal_place_of_business => $e->{ppb} // $e->{org}, headquarters => $e->{hq} // $e->{org});
	for my $holder (@{ $e->{holders} // [] })
	{
		my $id = person($plan, $holder->{type});
		for my $kind (qw(voting board equity))
		{
			interest($plan, $id, 'X', $kind, percent($holder->{$kind})) if exists $holder->{$kind};
		}
		interest($plan, $id, 'X', 'direction')
			if $e->{government_can_direct_policies_by_contract} && $holder->{type} eq 'government_of_CN';
	}
	return;
}

my %metric = (revenue => 'revenue', net_income => 'net_income', capex => 'capital_expenditure', opex => 'operating_expense');
my %unit = ('million USD' => '000000');

sub figure
{
	my ($plan, $holder, $from, $metric, $amount, $basis, $year) = @_;
	add($plan, 'financial', holder_id => $holder, from_id => $from, metric => $metric, amount_usd => $amount,
		basis => $basis // 'audited', year => $year // 2025);
	return;
}

# holder H, its (a)(1) persons, and for each of the four tests a total and the part from each of them
sub holder_with_sources
{
	my ($plan, $f) = @_;
	entity($plan, 'H', $f->{holder} ? $f->{holder}{org} : 'SG');
	my @tests = $f->{tests} ? @{ $f->{tests} } : ($f);
	my %sources = map { $_->{a1} => 1 } map { @{ $_->{sources} } } @tests;
	my $holds = $f->{holds} // 'equity 10%';
	for my $id (sort keys %sources)
	{
		activity($plan, person($plan, 'pcc_b', $id), activity_by_cite('850.217(a)'));
		if ($holds =~ /^equity (\S+)%$/) { interest($plan, 'H', $id, 'equity', percent($1)) }
		elsif ($holds eq 'board seat') { interest($plan, 'H', $id, 'board_seat') }
		elsif ($holds =~ /^only listed shares/) { interest($plan, 'H', $id, 'equity', '1%', excepted => 'true') }
		else { die "no such holding: $holds" }
	}
	my $zeros = $f->{unit} ? $unit{ $f->{unit} } // die "no such unit: $f->{unit}" : '';
	my %stated;
	for my $test (@tests)
	{
		my $metric = $metric{ $test->{metric} } // die "no such metric: $test->{metric}";
		$stated{$metric} = $test;
		figure($plan, 'H', undef, $metric, $test->{holder_total} . $zeros);
		figure($plan, 'H', $_->{a1}, $metric, $_->{amount} . $zeros) for @{ $test->{sources} };
	}
	for my $metric (grep { !$stated{$_} } sort values %metric)
	{
		figure($plan, 'H', undef, $metric, '1');
		figure($plan, 'H', $_, $metric, '0') for sort keys %sources;
	}
	return;
}

sub cfp_financial
{
	my ($f) = @_;
	my $plan = new_plan();
	holder_with_sources($plan, $f);
	$plan->{metric} = $f->{metric} ? $metric{ $f->{metric} } : undef;
	ask_value($plan, 'cfp', "outbound.covered_foreign_person('H'::text)");
	ask_rows($plan, 'findings', "outbound.covered_foreign_person_findings('H'::text)");
	return $plan;
}

my %basis = (audited => 'audited', unaudited => 'unaudited', appraisal => 'appraisal', independent_appraisal => 'appraisal',
	good_faith_estimate => 'estimate');

# one holder a statement: the source gives 60 of 100 in that statement alone, and then in all the others alone
sub cfp_statement_choice
{
	my ($f) = @_;
	my $plan = new_plan();
	my @available = @{ $f->{available} };
	$plan->{available} = \@available;
	activity($plan, person($plan, 'pcc_b', 'P1'), activity_by_cite('850.217(a)'));
	for my $chosen (@available)
	{
		for my $swapped (0, 1)
		{
			my $holder = entity($plan, "H $chosen $swapped", 'SG');
			interest($plan, $holder, 'P1', 'equity', '10%');
			for my $statement (@available)
			{
				my ($kind, $year) = $statement =~ /^(.+?)(?:_(\d{4}))?$/;
				my @statement = ($basis{$kind} // die("no such statement: $statement"), $year);
				my $over = ($statement eq $chosen) != $swapped;
				figure($plan, $holder, undef, 'revenue', '100', @statement);
				figure($plan, $holder, 'P1', 'revenue', $over ? '60' : '40', @statement);
				for my $metric (grep { $_ ne 'revenue' } sort values %metric)
				{
					figure($plan, $holder, undef, $metric, '1', @statement);
					figure($plan, $holder, 'P1', $metric, '0', @statement);
				}
			}
			my $as_of = $f->{as_of} ? ', ' . literal($f->{as_of}) . '::date' : '';
			ask_value($plan, "used:$chosen:$swapped", 'outbound.covered_foreign_person(' . party($holder) . "$as_of)");
		}
	}
	return $plan;
}

sub cfp_a1
{
	my ($f) = @_;
	my $plan = new_plan();
	my $e = $f->{entity};
	entity($plan, 'USP', 'US-DE');
	entity($plan, 'T', $e->{org}, principal_place_of_business => $e->{ppb} // $e->{org});
	activity($plan, 'T', activity_facts({ verb => 'develops', item => 'AI system', training_ops => $e->{training_ops} }));
	ask_screen($plan, blank_deal());
	return $plan;
}

sub cfp_jv
{
	my ($f) = @_;
	my $plan = new_plan();
	ask_screen($plan, deal($plan, { type => 'jv', location => $f->{jv}{location}, jv_activity => $f->{jv}{jv_will_do} }));
	return $plan;
}

sub activity_case
{
	my ($f) = @_;
	my $plan = new_plan();
	if ($f->{underlying_activity})
	{
		holder_with_sources($plan, { metric => 'revenue', holder_total => '100', unit => 'million USD', holds => 'equity 10%',
			sources => [ { a1 => 'P', amount => '60' } ] });
		$plan->{rows}{activity} = [];
		activity($plan, 'P', activity_by_cite($f->{underlying_activity}));
		entity($plan, 'USP', 'US-DE');
		ask_screen($plan, { %{ blank_deal() }, target => 'H' });
		return $plan;
	}
	ask_value($plan, 'class', 'outbound.covered_activity(' . literal(json(activity_facts($f))) . '::jsonb)');
	return $plan;
}

my %list = ('Entity List' => 'EL', 'NS-CMIC List' => 'NS-CMIC');

sub lists
{
	my ($f) = @_;
	my $plan = new_plan();
	my $deal = deal($plan, { cfp_activity => $f->{activity} });
	add($plan, 'listing', party_id => 'T', list => $list{ $f->{on} } // die("no such list: $f->{on}")) if $f->{on};
	my %holder = (sdn_ownership_pct => 'SDN', owned_by_entity_listed_pct => 'EL');
	for my $key (grep { defined $f->{$_} } sort keys %holder)
	{
		interest($plan, person($plan, 'pcc_b', 'LISTED'), 'T', 'equity', percent($f->{$key}));
		add($plan, 'listing', party_id => 'LISTED', list => $holder{$key});
	}
	ask_screen($plan, $deal);
	return $plan;
}

sub transaction
{
	my ($f) = @_;
	my $plan = new_plan();
	if (my $steps = $f->{steps})
	{
		my %common = map { $_ => $f->{$_} } grep { $_ ne 'steps' } keys %$f;
		for my $n (0 .. $#$steps)
		{
			my %step = (%common, %{ $steps->[$n] });
			$step{contingent_acquired} = $steps->[ $n - 1 ]{date} if $step{type} eq 'conversion';
			$plan->{rows}{activity} = [];
			ask_screen($plan, deal($plan, \%step), "step:$n");
		}
		$plan->{steps} = scalar @$steps;
		return $plan;
	}
	ask_screen($plan, deal($plan, $f));
	return $plan;
}

sub deadline
{
	my ($f) = @_;
	my $plan = new_plan();
	my %trigger = (
		post_closing_actual_knowledge => 'learned_on', filed_before_completion => 'filed_on',
		learned_material_inaccuracy => 'inaccuracy_learned_on', information_became_available => 'information_available_on');
	my $deal = deal($plan, {
		(map { $_ => $f->{$_} } grep { exists $f->{$_} } qw(completion_date)),
		($f->{would_have_been} // '') eq 'prohibited' ? (cfp_activity => '850.224(a)') : () });
	$deal->{ $trigger{$_} } = $f->{$_} for grep { exists $f->{$_} } keys %trigger;
	$deal->{knowledge} = $FALSE if $f->{post_closing_actual_knowledge};
	$deal->{material_change} = bool($f->{material_change}) if exists $f->{material_change};
	deal_row($plan, 'D', $deal);
	$plan->{trigger} = $f->{post_closing_actual_knowledge} // $f->{learned_material_inaccuracy} // $f->{information_became_available}
		// $f->{completion_date};
	ask_rows($plan, 'filing_due', 'outbound.filing_due');
	return $plan;
}

sub retention
{
	my ($f) = @_;
	my $plan = new_plan();
	my $deal = deal($plan, {});
	$deal->{filed_on} = $f->{filed};
	ask_screen($plan, $deal);
	return $plan;
}

sub penalty
{
	my ($f) = @_;
	my $plan = new_plan();
	my $day = literal($f->{assessed} // '2026-06-01') . '::date';
	ask_value($plan, 'civil_max', "outbound.civil_penalty_max($f->{transaction_amount}::numeric, $day)") if $f->{transaction_amount};
	$plan->{ask}{adjusted_amount} = "SELECT to_jsonb(amount_usd) FROM outbound.penalty_amount WHERE in_force @> $day";
	my %parameter = (criminal_max_fine => 'criminal_fine_usd', criminal_max_years => 'criminal_years');
	$plan->{ask}{$_} = "SELECT to_jsonb(value::numeric) FROM outbound.parameter WHERE name = '$parameter{$_}' AND in_force @> $day"
		for sort keys %parameter;
	return $plan;
}

# a case of another topic, judged under one version of the rules after another
sub version_diff
{
	my ($f) = @_;
	return transaction($f) if $f->{type};
	return cfp_financial({ holds => 'equity 10%', %$f }) if $f->{metric};
	return pcc($f) if $f->{entity};
	return activity_case({ verb => 'develops', item => 'AI system', %$f }) if $f->{training_ops};
	return activity_case({ verb => 'develops', technology => $f->{technology} }) if $f->{technology};
	return transaction({ type => 'equity', cfp_activity => '850.217(a)', usp_role => $f->{usp_role} }) if $f->{usp_role};
	die 'a version_diff case that resembles no topic';
}

my %topic = (
	cfe_attribution => \&cfe_attribution, us_person => \&us_person, pcc => \&pcc, cfp_financial => \&cfp_financial,
	cfp_statement_choice => \&cfp_statement_choice, cfp_a1 => \&cfp_a1, cfp_jv => \&cfp_jv, activity => \&activity_case,
	lists => \&lists, transaction => \&transaction, deadline => \&deadline, retention => \&retention, penalty => \&penalty,
	version_diff => \&version_diff);

sub part_850
{
	my ($topic, $facts) = @_;
	return ($topic{$topic} // die "no such topic: $topic")->($facts);
}

# ---------------------------------------------------------------- aggregation.json

my %option = (
	links => { product => [ 'A-01', 'strict_product' ], literal => [ 'A-01', 'link_literal' ] },
	cross => { max => [ 'A-02', 'max' ], same => [ 'A-02', 'same_metric' ] },
	closure => { 0 => [ 'A-10', 'stop_after_e' ], 1 => [ 'A-10', 'keep_cascading' ] },
	tier2 => { d_only => [ 'A-09', 'literal' ], mixed => [ 'A-09', 'pool_and_flag' ] },
	indirect => { direct => [ 'A-08', 'direct' ], cascade => [ 'A-08', 'cascade' ] },
	world => { closed => undef });

sub choice
{
	my ($reading, $option) = @_;
	return 'INSERT INTO outbound.reading_choice (reading, option, why) VALUES (' . literal($reading) . ', '
		. literal($option) . ", 'test') ON CONFLICT (reading) DO UPDATE SET option = excluded.option";
}

sub validity
{
	my ($holding) = @_;
	return () unless $holding->{from} || $holding->{to};
	return (valid => '[' . ($holding->{from} // '') . ',' . ($holding->{to} // '') . ')');
}

# a case of regime R1 (850.206), R2 (850.221) or R3 (owned by listed persons); $case holds everything but what is expected
sub aggregation
{
	my ($case) = @_;
	my $plan = new_plan();
	my $q = $case->{question};
	my $regime = $case->{regime};
	entity($plan, $q->{root}, 'US') if defined $q->{root};
	entity($plan, $_, $regime eq 'R3' ? 'SG' : 'CN') for @{ $q->{seeds} // [] };
	add($plan, 'listing', party_id => $_, list => 'SDN') for $regime eq 'R3' ? @{ $q->{seeds} } : ();
	individual($plan, $_, undef, located_in => 'SG') for @{ $q->{seeds_possible} // [] };
	for my $id (sort keys %{ $case->{entities} // {} })
	{
		entity($plan, $id, 'SG', $case->{entities}{$id}{pooled_fund} ? (kind => 'pooled_fund') : ());
	}
	for my $h (@{ $case->{holdings} })
	{
		entity($plan, $_, 'SG') for $h->{holder}, $h->{held};
		interest($plan, $h->{holder}, $h->{held}, $h->{kind} // ($regime eq 'R1' ? 'voting' : 'equity'), band($h), validity($h));
	}
	for my $r (@{ $case->{roles} // [] })
	{
		entity($plan, $_, 'SG') for $r->{holder}, $r->{held};
		interest($plan, $r->{holder}, $r->{held}, $role{ $r->{role} } // $r->{role});
	}
	for my $name (sort keys %{ $case->{options} // {} })
	{
		my $value = $case->{options}{$name};
		$value = $value ? 1 : 0 if JSON::PP::is_bool($value);
		my $known = $option{$name} // die "no such option: $name";
		die "no such value of $name: $value" unless exists $known->{$value};
		push @{ $plan->{settings} }, choice(@{ $known->{$value} }) if $known->{$value};
	}
	$plan->{kind} = $regime eq 'R1' ? 'voting' : 'equity';
	$regime eq 'R1' ? r1_questions($plan, $q) : $regime eq 'R2' ? r2_questions($plan, $q) : r3_questions($plan, $q);
	return $plan;
}

sub r1_questions
{
	my ($plan, $q) = @_;
	my $as_of = $q->{as_of} ? ', ' . literal($q->{as_of}) . '::date' : '';
	my @all = sort keys %{ $plan->{names} };
	$plan->{subject} = { root => $q->{root}, entity => $q->{entity}, all => \@all };
	ask_rows($plan, "parents:$_", 'outbound.parents(' . party($_) . "$as_of)") for @all;
	return unless defined $q->{root};
	ask_rows($plan, 'subsidiaries', 'outbound.subsidiaries(' . party($q->{root}) . "$as_of)");
	for my $id (grep { $_ ne $q->{root} } @all)
	{
		ask_value($plan, "verdict:$id", 'outbound.controlled_foreign_entity(' . party($id) . ', ' . party($q->{root}) . "$as_of)");
		for my $kind (qw(voting board))
		{
			my $share = 'outbound.attributed_share(' . party($q->{root}) . ', ' . party($id) . ", '$kind', '31 CFR 850.206'$as_of)";
			ask_value($plan, "share:$kind:$id", $share);
			ask_value($plan, "lo:$kind:$id", "outbound.lower($share)");
			ask_value($plan, "hi:$kind:$id", "outbound.upper($share)");
		}
	}
	return;
}

sub r2_questions
{
	my ($plan, $q) = @_;
	my $as_of = $q->{as_of} ? ', ' . literal($q->{as_of}) . '::date' : '';
	my %seed = map { $_ => 1 } @{ $q->{seeds} // [] }, @{ $q->{seeds_possible} // [] };
	my @all = grep { !$seed{$_} } sort keys %{ $plan->{names} };
	$plan->{subject} = { all => \@all };
	ask_value($plan, "verdict:$_", 'outbound.person_of_country_of_concern(' . party($_) . "$as_of)") for @all;
	return;
}

# membership of the whole graph; of a single listed person what is attributed to it
sub r3_questions
{
	my ($plan, $q) = @_;
	my %seed = map { $_ => 1 } @{ $q->{seeds} };
	my @all = grep { !$seed{$_} } sort keys %{ $plan->{names} };
	$plan->{subject} = { all => \@all };
	for my $id (@all)
	{
		$plan->{ask}{"verdict:$id"} = "SELECT CASE WHEN count(*) = 0 THEN 'false'::jsonb WHEN bool_or(m.grade = 'definite') THEN 'true' END"
			. " FROM outbound.members('OFAC 50') m WHERE m.party_id = " . literal($id);
		next if @{ $q->{seeds} } != 1;
		my $share = 'outbound.attributed_share(' . party($q->{seeds}[0]) . ', ' . party($id) . ", 'equity', 'OFAC 50')";
		ask_value($plan, "share:equity:$id", $share);
		ask_value($plan, "$_->[0]:equity:$id", "outbound.$_->[1]($share)") for [ lo => 'lower' ], [ hi => 'upper' ];
	}
	return;
}

# ---------------------------------------------------------------- ownership.json

# a case of OFAC's 50 percent rule, or of a parent under 850.206: as in aggregation.json, with a question of one entity
sub ownership
{
	my ($case) = @_;
	my $q = $case->{question};
	my @holdings;
	for my $holding (@{ $case->{holdings} })
	{
		my %h = %$holding;
		$h{lo} .= '+' if $h{lo_open};
		$h{hi} .= '-' if $h{hi_open};
		push @holdings, \%h;
	}
	my $plan = aggregation({ holdings => \@holdings, $case->{regime} eq 'OFAC-50'
		? (regime => 'R3', question => { seeds => $case->{listed} }) : (regime => 'R1', question => { root => $q->{root} }) });
	$plan->{subject}{entity} = $q->{entity};
	return $plan;
}

1;
