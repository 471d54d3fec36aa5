# podman as the parts use it: its own storage, no network, images made of this machine's files. Sourced after
# lib.sh.
#
# shellcheck shell=sh disable=SC2034,SC2154 # variables of the file that sources this one, and of lib.sh

# Ordinary limits, which a container can have where root lacks CAP_SYS_RESOURCE.
printf '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n' >"$work/containers.conf"

# A program, so that the lines of EXAMPLES can call it.
mkdir "$work/path"
cat >"$work/path/podman" <<-END
	#!/bin/sh
	CONTAINERS_CONF=$work/containers.conf exec $(command -v podman) --root $work/storage \\
		--runroot $work/run --tmpdir $work/tmp --storage-driver vfs --cgroup-manager cgroupfs \\
		--events-backend file --runtime runc "\$@"
END
chmod +x "$work/path/podman"
PATH=$work/path:$PATH

# build_image TAG ARGUMENT...
build_image() {
	podman build --quiet --tag "$@" >"$work/build.log" 2>&1 ||
		{ sed 's/^/# /' "$work/build.log"; result 'not ok' "the image $1"; exit 1; }
}

# copy_program PROGRAM TO: copies it and the libraries that it loads into the image $image.
copy_program() {
	cp "$1" "$2"
	ldd "$1" | sed -n 's/^[^/]*\(\/[^ ]*\) (.*/\1/p' | while read -r file; do
		mkdir -p "$image/$(dirname "$file")"
		cp "$file" "$image/$file"
	done
}

# Makes the directories $work/glibc and $work/musl: a root directory with talk, and a shell.
make_roots() {
	image=$work/glibc
	mkdir -p "$image/bin" "$image/etc" "$image/usr/lib"
	gcc -O2 -o "$work/talk-glibc" "$here/talk.c"
	copy_program "$work/talk-glibc" "$image/bin/talk"
	copy_program /bin/dash "$image/bin/sh"
	image=$work/musl
	mkdir -p "$image/bin" "$image/etc" "$image/lib" "$image/usr/lib"
	musl-gcc -O2 -o "$image/bin/talk" "$here/talk.c"
	cp -L /lib/ld-musl-*.so.1 "$image/lib/"
	cp "$(command -v busybox)" "$image/bin/"
	ln -s busybox "$image/bin/sh"
	for libc in glibc musl; do
		printf 'FROM scratch\nCOPY . /\nCMD ["/bin/talk"]\n' >"$work/$libc/Containerfile"
	done
}

pid_of() {
	podman inspect --format '{{.State.Pid}}' "$1"
}

# True if no process of the engine is left: it cleans up after containers in the background.
is_idle() {
	! pgrep -f -- "--runroot $work/run " >/dev/null
}

leave() {
	podman rm --all --force --time 0 >/dev/null
	await is_idle
}
trap 'leave || :; clean_up' EXIT

# as_installed LINES: runs them in $work, in a mount namespace in which the library is installed as EXAMPLES
# assumes.
as_installed() {
	[ -d "$work/installed" ] || make -s -C "$build" install DESTDIR="$work/installed" prefix=/usr \
		exec_prefix=/usr libdir=/usr/lib sysconfdir=/etc >"$work/install.log" 2>&1 ||
		{ sed 's/^/# /' "$work/install.log"; result 'not ok' 'installation'; exit 1; }
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount sh -euc '
		for directory in usr/lib usr/share etc; do
			lower=$1/installed/$directory:/$directory
			mount -t overlay overlay "/$directory" -o "lowerdir=$lower"
		done
		cd "$1"
		eval "$2"' sh "$work" "$1"
}
