# A program as it comes: listens (or is given a listener, as systemd does), connects to itself,
# accepts, and keeps all of it. It asks for no keepalive.
use strict;
use IO::Socket::INET;

my $listener = $ENV{LISTEN_FDS}
	? IO::Socket::INET->new_from_fd(3, '+<')
	: IO::Socket::INET->new(Listen => 8, LocalAddr => '127.0.0.1');
my $client = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $listener->sockport) or die $!;
my @accepted;

while (my $connection = $listener->accept) {
	push @accepted, $connection;
}
