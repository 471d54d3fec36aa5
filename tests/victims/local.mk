# Programs that do what no stock program does, with and without the library.
