/*
 * Included before everything else in each file of the library. Removes a packager's
 * _FORTIFY_SOURCE, however it was set: it needs functions of a C library, and the library is linked
 * to none. SHIM_CFLAGS, last on the command line, undoes flags of the compiler that must not be
 * used.
 */
#undef _FORTIFY_SOURCE
/* With these macros a 32-bit C library calls functions by other names than the hooked ones. */
#undef _FILE_OFFSET_BITS
#undef _TIME_BITS
