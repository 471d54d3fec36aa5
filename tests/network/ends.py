"""One TCP connection that ends in some way: ends.py ADDRESS PORT STEP...

    keepalive=IDLE/INTERVAL/COUNT   user_timeout=MILLISECONDS
    connect     waits until it is connected
    attempt     the same without blocking in connect()
    begin       begins to connect, and goes on
    shut        sends a FIN
    send        sends a byte
    fill        sends until nothing more fits, and nothing is on the way
    wait        says so, and waits for a line on stdin
    receive     waits in recv()
It closes the connection after the last step.
"""
import errno
import fcntl
import select
import socket
import struct
import sys
import time

SIOCOUTQ, SIOCOUTQNSD = 0x5411, 0x894B


def say(*words):
    print(*words, flush=True)


def option(line, name, value):
    line.setsockopt(socket.IPPROTO_TCP, name, int(value))


def keepalive(line, values):
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    names = socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT
    for name, value in zip(names, values.split("/")):
        option(line, name, value)


def user_timeout(line, value):
    option(line, socket.TCP_USER_TIMEOUT, value)


def connect(line):
    line.connect(address)
    say("connected", line.getsockname()[1])


def begin(line):
    line.setblocking(False)
    error = line.connect_ex(address)
    if error != errno.EINPROGRESS:
        raise OSError(error, "")


def attempt(line):
    begin(line)
    poll = select.poll()
    poll.register(line, select.POLLOUT)
    poll.poll()
    error = line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, "")


def shut(line):
    line.shutdown(socket.SHUT_WR)


def send(line):
    line.sendall(b"x")


def left(line, what):
    return struct.unpack("i", fcntl.ioctl(line, what, bytes(4)))[0]


def fill(line):
    line.setblocking(False)
    try:
        while True:
            line.send(b"x" * 65536)
    except BlockingIOError:
        line.setblocking(True)
    while left(line, SIOCOUTQ) != left(line, SIOCOUTQNSD):
        time.sleep(0.01)


def wait(line):
    say("waiting")
    sys.stdin.readline()


def receive(line):
    say("receiving")
    say("received", len(line.recv(99)))


address = sys.argv[1], int(sys.argv[2])
line = socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
try:
    for step in sys.argv[3:]:
        name, _, value = step.partition("=")
        globals()[name](line, *([value] if value else []))
    say("done")
except OSError as error:
    say("ended", errno.errorcode[error.errno])
