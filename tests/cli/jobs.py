# Does with a program what a shell with line editing does for "PROGRAM &" and "fg", on a terminal that both
# have as their own; types q once the program has drawn; prints "stopped" if it was stopped in the
# background, and "echo" if the terminal is as it was at the end.
import os, pty, signal, sys, termios


def shell(program):
    usual = termios.tcgetattr(0)
    edited = termios.tcgetattr(0)
    edited[3] &= ~(termios.ECHO | termios.ICANON)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    termios.tcsetattr(0, termios.TCSADRAIN, edited)
    job = os.fork()
    if not job:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execv(program[0], program)
    try:
        os.setpgid(job, job)
    except OSError:
        pass # it has done so, and runs the program
    status = os.waitpid(job, os.WUNTRACED)[1]
    said = 'stopped' if os.WIFSTOPPED(status) else 'ended'
    termios.tcsetattr(0, termios.TCSADRAIN, usual)
    os.tcsetpgrp(0, job)
    os.killpg(job, signal.SIGCONT)
    os.waitpid(job, 0)
    os.tcsetpgrp(0, os.getpgrp())
    print('\n' + said, 'echo' if termios.tcgetattr(0)[3] & termios.ECHO else 'silent', flush=True)
    os._exit(0)


pid, terminal = pty.fork()
if not pid:
    shell(sys.argv[1:])
output, typed = b'', False
while True:
    try:
        got = os.read(terminal, 65536)
    except OSError:
        break # its other end is closed
    output += got
    if not got:
        break
    if not typed and b'\x1b[?1049h' in output and b'\x1b[J' in output:
        os.write(terminal, b'q')
        typed = True
print(output.decode().rstrip().split('\n')[-1].rstrip())
