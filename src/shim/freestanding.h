/*
 * Included before everything else in each file of the library. It is linked to no C library that is
 * sure to have the functions that fortification needs: a packager's _FORTIFY_SOURCE ends here, by
 * whichever flag it came. Flags of the compiler that must not reach the library are taken back by
 * SHIM_CFLAGS, the last on the command line.
 */
#undef _FORTIFY_SOURCE
/* With these a 32-bit C library has functions under other names than the ones that are hooked. */
#undef _FILE_OFFSET_BITS
#undef _TIME_BITS
