# proxy.py CONFIG: a client with keepalive of a second, whose peer is haproxy, which closes idle connections
# after three; prints how many probes were sent until then. In a network namespace of its own.
import socket, subprocess, sys, time


def probes():
    lines = [line.split() for line in open('/proc/net/netstat') if line.startswith('TcpExt:')]
    return int(lines[1][lines[0].index('TCPKeepAlive')])


def connect(port):
    while True:
        try:
            return socket.create_connection(('127.0.0.1', port))
        except ConnectionRefusedError:
            time.sleep(0.02)


open(sys.argv[1], 'w').write('''
defaults
	mode tcp
	timeout connect 9s
	timeout client 3s
	timeout server 3s
listen proxy
	bind 127.0.0.1:7001
	server behind_it 127.0.0.1:7002
''')
server = socket.create_server(('127.0.0.1', 7002))
haproxy = subprocess.Popen(['haproxy', '-db', '-f', sys.argv[1]], stderr=subprocess.DEVNULL)
try:
    client = connect(7001)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL):
        client.setsockopt(socket.IPPROTO_TCP, option, 1)
    client.settimeout(30)
    print('closed' if client.recv(1) == b'' else 'data', 'after', probes(), 'probes')
finally:
    haproxy.terminate()
    haproxy.wait()
