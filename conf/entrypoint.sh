#!/bin/sh
# The entrypoint of a container image, in front of whatever the image runs:
#
#     COPY libkeepalive.so /usr/lib/
#     COPY entrypoint.sh /
#     ENTRYPOINT ["/entrypoint.sh"]
#     CMD ["legacy-server"]
#
# An image that has the keepalive command needs no file of its own for this:
#
#     ENTRYPOINT ["keepalive", "run", "--idle", "60", "--"]
#
# LIBKEEPALIVE is another path of the library. It is appended to LD_PRELOAD, once, so that what else
# is preloaded stays so. Settings are environment variables: podman run -e KEEPALIVE_IDLE=60 ...

library=${LIBKEEPALIVE:-/usr/lib/libkeepalive.so}

# musl's loader says nothing of a library that it cannot find.
[ -r "$library" ] || echo "entrypoint.sh: $library cannot be read: running without it" >&2

case ":$LD_PRELOAD:" in
*[:\ ]"$library"[:\ ]*) ;;
*) export LD_PRELOAD="${LD_PRELOAD:+$LD_PRELOAD:}$library" ;;
esac

exec "$@"
