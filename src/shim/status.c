/*
 * fstat(). The structure is the kernel's own, from its headers: that of the C library differs
 * between machines, and with macros that packagers define.
 */
#include "shim/status.h"

#include <asm/stat.h>
#include <sys/syscall.h>

#include "shim/kernel.h"

#if defined(SYS_fstat64)
typedef struct stat64 kernel_status;
enum { CALL = SYS_fstat64 };
#elif defined(SYS_fstat)
typedef struct stat kernel_status;
enum { CALL = SYS_fstat };
#endif

#if defined(SYS_fstat64) || defined(SYS_fstat)

int file_status(int fd, struct file_status *status)
{
	kernel_status file;
	long result = kernel_call(CALL, fd, (long)&file, 0, 0, 0);

	if (result < 0)
		return (int)result;
	*status = (struct file_status){
		.device = (unsigned long long)file.st_dev,
		.inode = (unsigned long long)file.st_ino,
		.size = (unsigned long long)file.st_size,
		.mode = (unsigned int)file.st_mode,
		.owner = (unsigned int)file.st_uid,
		.group = (unsigned int)file.st_gid,
	};
	return 0;
}

#else

#include <linux/fcntl.h>
#include <linux/stat.h>

int file_status(int fd, struct file_status *status)
{
	struct statx file;
	long result =
		kernel_call(SYS_statx, fd, (long)"", AT_EMPTY_PATH, STATX_BASIC_STATS, (long)&file);

	if (result < 0)
		return (int)result;
	*status = (struct file_status){
		.device = (unsigned long long)file.stx_dev_major << 32 | file.stx_dev_minor,
		.inode = file.stx_ino,
		.size = file.stx_size,
		.mode = file.stx_mode,
		.owner = file.stx_uid,
		.group = file.stx_gid,
	};
	return 0;
}

#endif
