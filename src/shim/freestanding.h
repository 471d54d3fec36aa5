/*
 * Included before everything else in each file of the library: a packager's flags come behind our
 * own on the command line, and must not make it need functions for fortification or stack
 * protection, because it is linked to no C library that is sure to have them. With clang that has no
 * pragma, a packager's -fstack-protector must not reach the library.
 */
#undef _FORTIFY_SOURCE
/* With these a 32-bit C library has functions under other names than the ones that are hooked. */
#undef _FILE_OFFSET_BITS
#undef _TIME_BITS
#ifndef __clang__
#pragma GCC optimize("no-stack-protector")
#endif
