# What the parts share: results as TAP, a folder that goes at the end with all that was mounted into
# it, and the reading of sockets from outside. Sourced with $source and $build set.

here=$source/tests/platforms
library=$build/.libs/libkeepalive.so
peek=$build/tests/lib/peek

# keepalive, idle, interval, count, user timeout: of a fresh kernel, and of the samples in conf/.
kernel='0 7200 75 9 0'
ours='1 60 10 6 0'

number=0
work=$(mktemp -d)
chmod 755 "$work"
started=

clean_up() {
	for pid in $started; do
		end "$pid"
	done
	# The last mounted first.
	awk -v work="$work/" 'index($5, work) == 1 { print $5 }' /proc/self/mountinfo | tac |
		while read -r folder; do
			umount "$folder"
		done
	awk -v work="$work/" 'index($5, work) == 1 { exit 1 }' /proc/self/mountinfo && rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

result() {
	number=$((number + 1))
	printf '%s %s - %s\n' "$1" $number "$2"
}

# same TITLE EXPECTED ACTUAL
same() {
	if [ "$2" = "$3" ]; then
		result ok "$1"
	else
		result 'not ok' "$1"
		printf '%s\n' "$2" >"$work/expected"
		printf '%s\n' "$3" | diff -U 1 "$work/expected" - | sed 1,2d | sed 's/^/# /'
	fi
}

# has TITLE PATTERN TEXT
has() {
	if printf '%s\n' "$3" | grep -q -- "$2"; then
		result ok "$1"
	else
		result 'not ok' "$1"
		printf 'expected: %s\ngot:\n%s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

# example HEADING: what the page of worked examples has there, without its indentation.
example() {
	awk -v heading="$1" '$0 == heading { found = 1; next } found && /^    / { print substr($0, 5); any = 1; next }
		any && NF { exit }' "$source/EXAMPLES"
}

skip() {
	result ok "$1 # SKIP $2"
}

# The part as a whole cannot run here.
skip_all() {
	skip "$1" "$2"
	finish
	exit 0
}

# Without this line a part did not get to its end.
finish() {
	printf '1..%s\n' $number
}

need_root() {
	[ "$(id -u)" = 0 ] || skip_all "$1" 'needs root'
}

need_programs() {
	title=$1
	shift
	for program; do
		command -v "$program" >/dev/null || skip_all "$title" "$program is missing"
	done
}

# tree_over [NAME-]SUITE PACKAGE...: a Debian tree that may be written to, at $work/[NAME-]SUITE.
tree_over() {
	tree=$1
	lower=$("$here/rootfs" "$@") || { result 'not ok' "a tree of $1"; exit 1; }
	mkdir -p "$work/$tree" "$work/$tree.upper" "$work/$tree.work"
	mount -t overlay overlay "$work/$tree" \
		-o "lowerdir=$lower,upperdir=$work/$tree.upper,workdir=$work/$tree.work"
}

# await COMMAND...: until it succeeds, for at most 15 seconds.
await() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || return 1
		sleep 0.05
	done
}

# in_background COMMAND...: as $pid, in a network of its own; it ends with all that it started.
in_background() {
	unshare --net --pid --fork --kill-child sh -c 'ip link set lo up && exec "$@"' sh "$@" \
		>"$work/output" 2>&1 </dev/null &
	pid=$!
	started="$started $pid"
}

# unshare itself is deaf to anything less.
end() {
	kill -KILL "$1" 2>/dev/null || :
	wait "$1" 2>/dev/null || :
}

# Reads what peek prints: how many sockets, in which state, with which values. A socket with several
# descriptors counts once.
summarize() {
	awk 'NR > 1 && !seen[$3, $4, $5]++ { n[$3 " " $6 " " $7 " " $8 " " $9 " " $10]++ }
		END { for (key in n) print n[key] " " key }' | sort
}

# What summarize prints of talk: a listener, a client and an accepted connection with these values.
talk_with() {
	printf '1 listening %s\n2 established %s' "$1" "$1"
}

# The sockets of a process here and of its descendants.
sockets_of() {
	"$peek" "$1" | summarize
}

is_summary() {
	seen=$(sockets_of "$1")
	[ "$seen" = "$2" ]
}

# sockets TITLE SUBJECT EXPECTED: until sockets_of SUBJECT prints that.
sockets() {
	seen=
	await is_summary "$2" "$3" || :
	same "$1" "$3" "$seen"
}
