# What the parts about packages share. Sourced after lib.sh.
#
# shellcheck shell=sh disable=SC2034,SC2154 # variables of the files that source this one

# release_archive DIRECTORY: makes the release archive and copies it there, as $archive.
release_archive() {
	if ! (umask 022 && make -C "$build" -s dist-xz) >"$work/dist.log" 2>&1; then
		sed 's/^/# /' "$work/dist.log"
		result 'not ok' 'the release archive'
		exit 1
	fi
	archive=libkeepalive-$(sed -n 's/^VERSION = //p' "$build/Makefile").tar.xz
	mkdir -p "$1"
	cp "$build/$archive" "$1/"
}

# elsewhere COMMAND...: runs it with another umask, locale, time zone and date. The times of files stay.
elsewhere() {
	(
		umask 077
		exec env LC_ALL=C.UTF-8 TZ=Pacific/Auckland NO_FAKE_STAT=1 faketime -f '+400d' "$@"
	)
}

# machine_copy: mounts a writable copy of this machine at $root, without another libkeepalive. The copy is in
# memory, as a directory below / cannot be the upper one of an overlay over /.
machine_copy() {
	root=$work/memory/root upper=$work/memory/upper
	mkdir "$work/memory"
	mount -t tmpfs tmpfs "$work/memory"
	mkdir "$root" "$upper" "$work/memory/work"
	mount -t overlay overlay "$root" -o "lowerdir=/,upperdir=$upper,workdir=$work/memory/work"
	mount -t proc proc "$root/proc"
	rm -f "$root"/usr/lib/libkeepalive.so* "$root"/usr/lib/*/libkeepalive.so*
}

# added: what a package manager has added to $root, without its database: files, and directories that this
# machine lacks.
added() {
	(
		cd "$upper" || exit
		find . -mindepth 1 \( -path ./var -o -path ./dev \) -prune -o ! -type c -printf '%y /%P\n'
	) | sort -k 2 | while read -r type path; do
		[ "$type" = d ] && [ -d "$path" ] || echo "$path"
	done
}

# under COMMAND...: SO_KEEPALIVE and TCP_KEEPIDLE of a socket of a program in $root under this command.
under() {
	chroot "$root" "$@" python3 -c 'if True:
		from socket import *
		s = socket()
		print(s.getsockopt(SOL_SOCKET, SO_KEEPALIVE), s.getsockopt(IPPROTO_TCP, TCP_KEEPIDLE))' 2>&1
}

# last_line FILE: of a file in $root.
last_line() {
	tail -n 1 "$root/$1"
}
