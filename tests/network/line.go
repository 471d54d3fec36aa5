// line connect ADDRESS PORT off|own receive|send: one TCP connection and what becomes of it, as hang.py
// tells it. off: keepalive is not touched; own: what Go sets by itself.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
)

func say(words ...any) {
	fmt.Println(append(words, fmt.Sprintf("%.3f", float64(time.Now().UnixMicro())/1e6))...)
}

func main() {
	dialer := net.Dialer{}
	if os.Args[4] == "off" {
		dialer.KeepAlive = -1
	}
	line, err := dialer.Dial("tcp4", net.JoinHostPort(os.Args[2], os.Args[3]))
	if err != nil {
		panic(err)
	}
	say("connected", line.LocalAddr().(*net.TCPAddr).Port)
	if os.Args[5] == "send" {
		bufio.NewReader(os.Stdin).ReadString('\n')
		line.Write([]byte("x"))
		say("sent")
	}
	_, err = line.Read(make([]byte, 99))
	if errors.Is(err, syscall.ETIMEDOUT) {
		say("freed ETIMEDOUT")
	} else {
		say("freed", err)
	}
}
