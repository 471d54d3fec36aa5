#!/bin/sh
# Entrypoint of a container image: runs the command of the image under libkeepalive.
#
#     COPY libkeepalive.so /usr/lib/
#     COPY entrypoint.sh /
#     ENTRYPOINT ["/entrypoint.sh"]
#     CMD ["legacy-server"]
#
# Settings are environment variables: podman run -e KEEPALIVE_IDLE=60 ...
#
# The library is looked for in the directories below; LIBKEEPALIVE is its path, if it is elsewhere. It is
# appended to LD_PRELOAD, once, after other preloaded libraries.
#
# An image that contains the keepalive command does not need this file:
#
#     ENTRYPOINT ["keepalive", "run", "--idle", "60", "--"]

# make install writes here where it installed the library.
installed=/usr/lib

# Prints the path of the library: the first that is there, or that of the COPY above.
find_library() {
	for directory in "$installed" /usr/lib /usr/local/lib /usr/lib/*-linux-* /usr/local/lib/*-linux-* \
		/usr/lib64 /usr/local/lib64; do
		if [ -r "$directory/libkeepalive.so" ]; then
			echo "$directory/libkeepalive.so"
			return
		fi
	done
	echo /usr/lib/libkeepalive.so
}

library=${LIBKEEPALIVE:-$(find_library)}

# musl's loader does not report a library that it cannot find.
[ -r "$library" ] || echo "entrypoint.sh: $library cannot be read: running without it" >&2

case ":$LD_PRELOAD:" in
*[:\ ]"$library"[:\ ]*) ;;
*) export LD_PRELOAD="${LD_PRELOAD:+$LD_PRELOAD:}$library" ;;
esac

exec "$@"
