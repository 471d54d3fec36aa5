// mark ... FILE: makes an empty file, and says whether keepalive is on at a new socket.
package main

import (
	"fmt"
	"os"
	"syscall"
)

func main() {
	file, err := os.Create(os.Args[len(os.Args)-1])
	if err != nil {
		panic(err)
	}
	file.Close()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		panic(err)
	}
	value, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE)
	if err != nil {
		panic(err)
	}
	fmt.Println("keepalive", value)
}
