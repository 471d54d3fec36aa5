/* The directories in which loaders look for libraries. */
#include "cli/preload/places.h"

#include <stddef.h>

const char *const library_places[LIBRARY_PLACES + 1] = {
#ifdef MULTIARCH
	("lib/" MULTIARCH), /* clang takes a bare one for a missing comma */
#endif
	/* Debian's ports that the library runs on */
	"lib/x86_64-linux-gnu",
	"lib/i386-linux-gnu",
	"lib/x86_64-linux-gnux32",
	"lib/aarch64-linux-gnu",
	"lib/arm-linux-gnueabihf",
	"lib/arm-linux-gnueabi",
	"lib/powerpc64le-linux-gnu",
	"lib/s390x-linux-gnu",
	"lib/riscv64-linux-gnu",
	"lib/mips64el-linux-gnuabi64",
	"lib/loongarch64-linux-gnu",
	/* other distributions, and Debian's gcc-multilib */
	"lib64/lp64d",
	"lib64",
	"lib32",
	"libx32",
	"lib",
};
