// A static client and server of Go: "OWN" connects and accepts with Go's own 15 s, "OFF" without.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"syscall"
)

func show(word string, conn net.Conn) {
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		panic(err)
	}
	raw.Control(func(fd uintptr) {
		get := func(level, name int) int {
			value, err := syscall.GetsockoptInt(int(fd), level, name)
			if err != nil {
				panic(err)
			}
			return value
		}
		fmt.Printf("%s: %d %d/%d/%d %d\n", word, get(1, 9), get(6, 4), get(6, 5), get(6, 6), get(6, 18))
	})
}

func main() {
	period := map[string]int{"OWN": 0, "OFF": -1}[os.Args[1]]
	config := net.ListenConfig{KeepAlive: -1}
	dialer := net.Dialer{KeepAlive: -1}
	if period == 0 {
		config, dialer = net.ListenConfig{}, net.Dialer{}
	}
	listener, err := config.Listen(context.Background(), "tcp4", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	client, err := dialer.Dial("tcp4", listener.Addr().String())
	if err != nil {
		panic(err)
	}
	server, err := listener.Accept()
	if err != nil {
		panic(err)
	}
	show("client", client)
	show("server", server)
}
