# A server of their own for the vector cases, and how to ask it a script.

package Server;

use strict;
use warnings;

use PostgreSQL::Test::Cluster;

# starts a cluster; the function returned sends it a script and gives back the output. It stops when that function is forgotten.
sub start
{
	my ($name) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init;
	$node->start;
	return sub {
		my ($script) = @_;
		my ($rc, $output, $errors) = $node->psql('postgres', $script, on_error_stop => 0);
		die "psql failed: $errors" if $rc;
		return $output;
	};
}

1;
