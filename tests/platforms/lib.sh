# What the parts share: results as TAP, a directory that is removed at the end after everything mounted in
# it, and the reading of sockets from outside. Sourced with $source and $build set.
#
# shellcheck shell=sh disable=SC2034,SC2154 # variables of the file that sources this one

here=$source/tests/platforms
library=$build/.libs/libkeepalive.so
peek=$build/tests/lib/peek

# keepalive, idle, interval, count, user timeout: the kernel's defaults, and those of the samples in conf/.
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
	# The last one that was mounted comes first.
	awk -v work="$work/" 'index($5, work) == 1 { print $5 }' /proc/self/mountinfo | tac |
		while read -r mounted; do
			umount "$mounted"
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

# example HEADING: prints the example under that heading of EXAMPLES, without its indentation.
example() {
	awk -v heading="$1" '$0 == heading { found = 1; next }
		found && /^    / { print substr($0, 5); any = 1; next }
		any && NF { exit }' "$source/EXAMPLES"
}

skip() {
	result ok "$1 # SKIP $2"
}

# skip_all TITLE REASON: ends a part that cannot run here at all.
skip_all() {
	skip "$1" "$2"
	finish
	exit 0
}

# Prints the line without which a part counts as unfinished.
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

# tree_over [NAME-]SUITE PACKAGE...: mounts a writable Debian tree at $work/[NAME-]SUITE.
tree_over() {
	tree=$1
	lower=$("$here/rootfs" "$@") || { result 'not ok' "a tree of $1"; exit 1; }
	mkdir -p "$work/$tree" "$work/$tree.upper" "$work/$tree.work"
	mount -t overlay overlay "$work/$tree" \
		-o "lowerdir=$lower,upperdir=$work/$tree.upper,workdir=$work/$tree.work"
}

# await COMMAND...: repeats it until it succeeds, for at most 15 seconds.
await() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || return 1
		sleep 0.05
	done
}

# in_background COMMAND...: runs it as $pid in its own network namespace; its children end with it.
in_background() {
	unshare --net --pid --fork --kill-child sh -c 'ip link set lo up && exec "$@"' sh "$@" \
		>"$work/output" 2>&1 </dev/null &
	pid=$!
	started="$started $pid"
}

# unshare ignores other signals.
end() {
	kill -KILL "$1" 2>/dev/null || :
	wait "$1" 2>/dev/null || :
}

# Reads the output of peek and prints the number of sockets by state and values. A socket with several
# descriptors counts once.
summarize() {
	awk 'NR > 1 && !seen[$3, $4, $5]++ { n[$3 " " $6 " " $7 " " $8 " " $9 " " $10]++ }
		END { for (key in n) print n[key] " " key }' | sort
}

# talk_with VALUES: what summarize prints for talk: a listener, a client and an accepted connection.
talk_with() {
	printf '1 listening %s\n2 established %s' "$1" "$1"
}

# sockets_of PID: the sockets of a process and of its descendants.
sockets_of() {
	"$peek" "$1" | summarize
}

is_summary() {
	seen=$(sockets_of "$1")
	[ "$seen" = "$2" ]
}

# sockets TITLE SUBJECT EXPECTED: waits until sockets_of SUBJECT prints EXPECTED.
sockets() {
	seen=
	await is_summary "$2" "$3" || :
	same "$1" "$3" "$seen"
}
