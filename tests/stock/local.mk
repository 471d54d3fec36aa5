# Programs from Debian's packages, unmodified, with and without the library.
