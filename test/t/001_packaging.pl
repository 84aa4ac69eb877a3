# Names and versions agree wherever they are written, and nothing names the machine it was written on.
use strict;
use warnings;

use JSON::PP;
use Test::More;

# Returns the whole of a file.
sub slurp
{
	my ($file) = @_;
	open my $handle, '<:encoding(UTF-8)', $file or die "$file: $!";
	local $/;
	return scalar <$handle>;
}

# Returns every file below the folders and files given, generated ones apart.
sub files
{
	return map { -d $_ ? files(glob("'$_'/*")) : -l $_ ? () : $_ } grep { !m{/(tmp_check|results|output_iso)$} } @_;
}

my $meta = JSON::PP->new->decode(slurp('META.json'));
my ($version) = slurp('outbound.control') =~ /^default_version *= *'([^']+)'/m;
my ($comment) = slurp('outbound.control') =~ /^comment *= *'([^']+)'/m;

like($version, qr/^\d+\.\d+\.\d+$/, 'the control file has a version');
is($meta->{name}, 'outbound', 'META.json names the extension');
is($meta->{version}, $version, 'META.json has the version of the control file');
is_deeply([ keys %{ $meta->{provides} } ], ['outbound'], 'META.json provides the extension and nothing else');
is($meta->{provides}{outbound}{version}, $version, 'META.json provides that version');
is($meta->{abstract}, $comment, 'the abstract is the comment of the control file');
ok(-e $meta->{provides}{outbound}{$_}, "META.json's $_ exists") for qw(file docfile);
is($meta->{'meta-spec'}{version}, '1.0.0', 'META.json follows the specification 1.0.0');
ok(exists $meta->{$_}, "META.json has $_") for qw(maintainer license abstract);

my ($released) = slurp('CHANGELOG.md') =~ /^## (\d+\.\d+\.\d+)/m;
is($released, $version, 'the newest entry of the changelog is that version');

my @upgrades = map { m{/outbound--(.+)--(.+)\.sql$} ? [ $1, $2 ] : () } glob('sql/upgrade/*.sql');
is_deeply([ grep { $_->[1] gt $version } @upgrades ], [], 'no upgrade script leads beyond that version');

my $script = slurp(($ENV{TESTDIR} || '.') . "/outbound--$version.sql");
my @parts = sort glob('sql/[0-9]*.sql');
my $place = -1;
my @unordered = grep { my $found = index($script, slurp($_)); my $bad = $found <= $place; $place = $found; $bad } @parts;
is_deeply(\@unordered, [], 'the install script holds every part in order');
like($script, qr/\A.{0,400}^\\echo Use "CREATE EXTENSION outbound" to load this file\. \\quit$/ms, 'the install script refuses psql');

my @text = grep { !m{^demo/data/} && !m{_(?:gram|scan)\.[ch]$} && -T $_ && !/\.(o|bc|so)$/ } files(glob('*'), '.ci');
my @machine = grep { slurp($_) =~ m{(?:^|[\s'"`=(])/(?:work|home|root|Users)/}m } grep { $_ ne 'test/t/001_packaging.pl' } @text;
is_deeply(\@machine, [], 'no file names a place of one machine');
my @unfinished = grep { slurp($_) =~ /\b(?:TODO|FIXME|XXX)\b/ } grep { m{^(?:src|sql|demo)/} } @text;
is_deeply(\@unfinished, [], 'nothing is marked as unfinished');

done_testing();
