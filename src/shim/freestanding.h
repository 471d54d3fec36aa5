/*
 * Included before everything else in each file of the library: a packager's flags come behind our
 * own on the command line, and must not make it need functions for fortification or stack
 * protection, because it is linked to no C library that is sure to have them. With clang that has no
 * pragma, a packager's -fstack-protector must not reach the library.
 */
#undef _FORTIFY_SOURCE
#define _FILE_OFFSET_BITS 64 /* struct stat as the kernel fills it, on 32-bit machines too */
#ifndef __clang__
#pragma GCC optimize("no-stack-protector")
#endif
