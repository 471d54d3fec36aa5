"""One TCP connection and what becomes of it: a line on stdout for each event, with the time.

hang.py listen PORT | connect ADDRESS PORT [go] [ask] [mptcp] | pair PORT, and then
    receive     waits in recv()
    send        sends a byte when a line comes in on stdin, then waits in recv()
    send_two    the same with two packets
    flood       sends until something ends it
    linger      reads until the end of file, and stays until the connection is gone
With `go` it connects when a line comes in on stdin; with `ask` it asks for keepalive itself; with
`mptcp` it uses Multipath TCP.
"""
import errno
import os
import select
import socket
import sys
import time

MPTCP = 262


def say(*words):
    print(*words, "%.3f" % time.time(), flush=True)


def receive(line):
    return "received" if line.recv(99) else "end-of-file"


def send(line):
    sys.stdin.readline()
    line.sendall(b"x")
    say("sent")
    return receive(line)


def send_two(line):
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sys.stdin.readline()
    line.sendall(b"x")
    line.sendall(b"y")
    say("sent")
    return receive(line)


def flood(line):
    while True:
        line.sendall(b"x" * 65536)


def linger(line):
    while line.recv(99):
        pass
    say("end-of-file")
    poll = select.poll()
    poll.register(line, 0)
    poll.poll()
    return "gone"


def listen(arguments, use):
    listener = socket.create_server(("", int(arguments.pop(0))))
    say("listening")
    line, peer = listener.accept()
    say("accepted")
    return use(line)


def connect(arguments, use):
    address = arguments.pop(0), int(arguments.pop(0))
    if "go" in arguments:
        say("ready")
        sys.stdin.readline()
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    line = socket.socket(family, socket.SOCK_STREAM, MPTCP if "mptcp" in arguments else 0)
    if "ask" in arguments:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    line.connect(address)
    say("connected", line.getsockname()[1])
    return use(line)


def pair(arguments, use):
    """As the tutorials have it, without their calls of setsockopt."""
    listener = socket.create_server(("127.0.0.1", int(arguments.pop(0))))
    if os.fork():
        line, peer = listener.accept()
    else:
        line = socket.create_connection(listener.getsockname())
    say("connected")
    return use(line)


what, *arguments, use = sys.argv[1:]
try:
    say("freed", globals()[what](arguments, globals()[use]))
except OSError as error:
    say("freed", errno.errorcode[error.errno])
