# Every psql session in the README is what a server answers.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# Returns the console blocks of a document.
sub sessions
{
	my ($text) = @_;
	return [ $text =~ /^```console\n(.*?)^```/msg ];
}

my $node = PostgreSQL::Test::Cluster->new('readme');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE readme');

my $written = sessions(slurp_file('README.md'));
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
local $ENV{PGDATABASE} = 'readme';
my ($answered, $errors) = run_command([ $^X, 'test/readme.pl', 'README.md' ]);
is($errors, '', 'the sessions can be replayed');
$answered = sessions("$answered\n");

cmp_ok(scalar @$written, '>', 0, 'there are sessions');
is($answered->[$_], $written->[$_], 'session ' . ($_ + 1)) for 0 .. $#$written;
diag('make readme writes the answers of a server into the sessions') if !Test::More->builder->is_passing;

$node->stop;
done_testing();
