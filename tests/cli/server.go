// A server that no library can be preloaded into: it takes connections and keeps them.
package main

import (
	"fmt"
	"net"
)

func main() {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("port %d\n", listener.Addr().(*net.TCPAddr).Port)
	var lines []net.Conn
	for {
		line, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		lines = append(lines, line)
		fmt.Println("lines", len(lines))
	}
}
