# One TCP socket of each kind, in one process; prints "ready" and the number of one that sends to a peer
# that does not read; for each line that it is given it prints what the kernel has queued there.
import fcntl, socket, struct, sys

SIOCOUTQ = 0x5411
keep = []


def pair(family=socket.AF_INET, host='127.0.0.1', protocol=0, to=None):
    listener = socket.socket(family, socket.SOCK_STREAM, protocol)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind((host, 0))
    listener.listen(5)
    port = listener.getsockname()[1]
    client = socket.socket(family if to is None else socket.AF_INET, socket.SOCK_STREAM, protocol)
    client.connect((to or host, port))
    accepted = listener.accept()[0]
    keep.extend((listener, client, accepted))
    return client, accepted


def keepalive(one, idle, interval, count, user_timeout=0):
    one.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, idle)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, interval)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, count)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, user_timeout)


client, accepted = pair()
keepalive(client, 600, 7, 5)
keepalive(accepted, 900, 30, 2, 905000)

for family, host, to in ((socket.AF_INET6, '::1', None), (socket.AF_INET6, '::', '127.0.0.1')):
    try:
        pair(family, host, 0, to)
    except OSError as error:
        print('without', host, error)

try:
    client, accepted = pair(protocol=262)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
except OSError as error:
    print('without mptcp', error)

# Nothing but made; and made for something else.
keep.append(socket.socket())
keep.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
keep.append(socket.socketpair())

# The other end has closed.
client, accepted = pair()
accepted.close()

# The other end does not read.
client, accepted = pair()
client.setblocking(False)
try:
    while True:
        client.send(bytes(65536))
except BlockingIOError:
    pass
stalled = client

# Nobody answers: the queue of the listener is full.
full = socket.socket()
full.bind(('127.0.0.1', 0))
full.listen(0)
for _ in range(4):
    waiting = socket.socket()
    waiting.setblocking(False)
    waiting.connect_ex(full.getsockname())
    keep.append(waiting)
keep.append(full)

print('ready', stalled.fileno(), flush=True)
while sys.stdin.readline():
    print('queued', struct.unpack('i', fcntl.ioctl(stalled, SIOCOUTQ, bytes(4)))[0], flush=True)
