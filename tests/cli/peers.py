#!/usr/bin/python3
# peers.py NAME WORD...: a process of that name with the connections that the words mean; prints "ready", and
# ends with its input. The server is "peers.py NAME serve".
#
#   off on     connections without keepalive, and with it (idle 100, interval 10, count 5)
#   loopback   to 127.0.0.1; same: both ends have the same other address; six: to ::1
#   closing    the peer has closed; shut: it has closed itself
#   connecting nobody answers; unbound: not connected
#   flight     a connection whose descriptor is on its way to another process
#   headless   the first thread ends
#   data       unacknowledged data: the peer does not read any more
#   shared     a connection that a child has, too
#   moved      a connection; then the process goes to another network namespace
import array, ctypes, os, socket, sys, threading, time

PR_SET_NAME = 15
CLONE_NEWNET = 0x40000000
FIN_WAIT2 = 5
PORT = 7000
FAR, NEAR = '10.77.0.1', '10.77.0.2'
keep = []
libc = ctypes.CDLL(None)


def connect(to=FAR, source=NEAR, family=socket.AF_INET):
    one = socket.socket(family)
    one.bind((source, 0))
    one.connect((to, PORT))
    one.recv(2)
    keep.append(one)
    return one


def keepalive(one):
    one.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 100)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 5)


def serve():
    # Both families. What is accepted has keepalive; a peer that says "bye" is closed.
    listener = socket.create_server(('::', PORT), family=socket.AF_INET6, dualstack_ipv6=True, backlog=100)
    keepalive(listener)
    print('ready', flush=True)
    while True:
        one = listener.accept()[0]
        keep.append(one)
        one.send(b'hi')
        threading.Thread(target=answer, args=(one,), daemon=True).start()


def answer(one):
    if one.recv(3) == b'bye':
        one.close()


def close_it(how):
    one = connect()
    if how == 'closing':
        one.send(b'bye')
        one.recv(1)
    else:
        one.shutdown(socket.SHUT_WR)
        while one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != FIN_WAIT2:
            time.sleep(0.01)


def fly():
    a, b = socket.socketpair()
    one = connect()
    a.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [one.fileno()]))])
    keep.remove(one)
    one.close()
    keep.extend((a, b))


def send():
    one = connect()
    one.setblocking(False)
    try:
        while True:
            one.send(bytes(65536))
    except BlockingIOError:
        pass


def call_nobody():
    full = socket.create_server((FAR, 0), backlog=0)
    keep.append(full)
    for _ in range(4):
        one = socket.socket()
        one.setblocking(False)
        one.bind((NEAR, 0))
        one.connect_ex(full.getsockname())
        keep.append(one)


def share():
    connect()
    if not os.fork():
        sys.stdin.read()
        os._exit(0)


def move():
    connect()
    libc.unshare(CLONE_NEWNET)


def lose_the_leader():
    def other():
        while ') Z ' not in open('/proc/self/stat').read():
            time.sleep(0.01)
        os.write(1, b'ready\n')
        threading.Event().wait()
    connect()
    threading.Thread(target=other).start()
    libc.pthread_exit(None)


does = {
    'serve': serve,
    'off': connect,
    'on': lambda: keepalive(connect()),
    'loopback': lambda: connect('127.0.0.1', '127.0.0.1'),
    'same': lambda: connect(FAR, FAR),
    'six': lambda: connect('::1', '::1', socket.AF_INET6),
    'closing': lambda: close_it('closing'),
    'shut': lambda: close_it('shut'),
    'connecting': call_nobody,
    'unbound': lambda: keep.append(socket.socket()),
    'flight': fly,
    'data': send,
    'shared': share,
    'moved': move,
    'headless': lose_the_leader,
}
libc.prctl(PR_SET_NAME, os.fsencode(sys.argv[1]), 0, 0, 0)
for word in sys.argv[2:]:
    does[word]()
print('ready', flush=True)
sys.stdin.read()
