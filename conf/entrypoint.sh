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
# Set LIBKEEPALIVE if the library has another path. The library is appended to LD_PRELOAD, once,
# after other preloaded libraries.
#
# An image that contains the keepalive command does not need this file:
#
#     ENTRYPOINT ["keepalive", "run", "--idle", "60", "--"]

library=${LIBKEEPALIVE:-/usr/lib/libkeepalive.so}

# musl's loader does not report a library that it cannot find.
[ -r "$library" ] || echo "entrypoint.sh: $library cannot be read: running without it" >&2

case ":$LD_PRELOAD:" in
*[:\ ]"$library"[:\ ]*) ;;
*) export LD_PRELOAD="${LD_PRELOAD:+$LD_PRELOAD:}$library" ;;
esac

exec "$@"
