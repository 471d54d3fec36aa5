"""Makes sockets of several kinds through the C library's socket() and prints what came of each:
kind, errno after a call that succeeded, then SO_KEEPALIVE and TCP_KEEPIDLE, INTVL, CNT as the
kernel has them ("-" where it has none)."""
import ctypes
import socket as s

libc = ctypes.CDLL(None, use_errno=True)


def value(fd, level, name):
    held = ctypes.c_int(-1)
    size = ctypes.c_uint(4)
    refused = libc.getsockopt(fd, level, name, ctypes.byref(held), ctypes.byref(size))
    return "-" if refused else str(held.value)


def show(kind, domain, type, protocol):
    ctypes.set_errno(0)
    fd = libc.socket(domain, type, protocol)
    errno = ctypes.get_errno()
    if fd < 0:
        print(kind, "refused")
        return
    values = [value(fd, s.SOL_SOCKET, s.SO_KEEPALIVE)]
    values += [value(fd, s.IPPROTO_TCP, name)
               for name in (s.TCP_KEEPIDLE, s.TCP_KEEPINTVL, s.TCP_KEEPCNT)]
    print(kind, errno, *values)


show("tcp", s.AF_INET, s.SOCK_STREAM, 0)
show("tcp-protocol", s.AF_INET, s.SOCK_STREAM, s.IPPROTO_TCP)
show("tcp-flags", s.AF_INET, s.SOCK_STREAM | s.SOCK_CLOEXEC | s.SOCK_NONBLOCK, 0)
show("tcp6", s.AF_INET6, s.SOCK_STREAM, 0)
show("mptcp", s.AF_INET, s.SOCK_STREAM, 262)
show("udp", s.AF_INET, s.SOCK_DGRAM, 0)
show("unix", s.AF_UNIX, s.SOCK_STREAM, 0)
show("seqpacket", s.AF_UNIX, s.SOCK_SEQPACKET, 0)
show("netlink", 16, s.SOCK_RAW, 0)
show("raw", s.AF_INET, s.SOCK_RAW, 1)
