#!/usr/bin/perl
# Replays the psql sessions of a document and prints it with the answers of the server that the environment names:
#   perl test/readme.pl README.md > new
# A session is a block fenced as console whose lines begin with the prompts =# and -#; all sessions are one, in order.
use strict;
use warnings;

use File::Temp qw(tempdir);

my ($file) = @ARGV or die "usage: readme.pl FILE\n";
open my $handle, '<:encoding(UTF-8)', $file or die "$file: $!\n";
my @lines = <$handle>;
binmode STDOUT, ':encoding(UTF-8)';

# Statements: the lines as they stand, and where their answers go
my (@out, @statements);
my ($console, $statement);
for my $line (@lines)
{
	if ($line =~ /^```/)
	{
		$console = $line =~ /^```console/;
		$statement = undef;
	}
	elsif ($console and $line =~ /^([=-])# (.*)/s)
	{
		if ($1 eq '=')
		{
			$statement = { text => '' };
			push @statements, $statement;
		}
		$statement->{text} .= $2;
		push @out, $line;
		# the answer follows the last line of the statement
		if ($2 =~ /;\s*$|\\g\w*(?:\s.*)?$|^\\/)
		{
			push @out, \@statements, $#statements;
		}
		next;
	}
	elsif ($console and $statement)
	{
		next;
	}
	push @out, $line;
}

# One psql for all of them; markers on both its streams, since they are buffered apart
my $dir = tempdir(CLEANUP => 1);
open my $script, '>:encoding(UTF-8)', "$dir/script" or die;
print $script "\\set ON_ERROR_STOP off\n\\pset pager off\n";
my $number = 0;
for (@statements)
{
	print $script "\\echo \@\@$number\n\\warn \@\@$number\n$_->{text}";
	$number++;
}
close $script;
system("psql -X < '$dir/script' > '$dir/out' 2> '$dir/err'");
my %answers;
for my $stream ('err', 'out')
{
	open my $answer, '<:encoding(UTF-8)', "$dir/$stream" or die;
	my $current;
	while (my $line = <$answer>)
	{
		if ($line =~ /^\@\@(\d+)$/) { $current = $1; next; }
		$line =~ s/[ \t]+$//;
		$answers{$current} .= $line if defined $current;
	}
}

while (@out)
{
	my $piece = shift @out;
	if (ref $piece)
	{
		my $answer = $answers{ shift @out } // '';
		$answer =~ s/\n+\z/\n/;
		print $answer;
		print "\n" if $answer =~ /\n/ and @out and $out[0] !~ /^```/;
	}
	else
	{
		print $piece;
	}
}
