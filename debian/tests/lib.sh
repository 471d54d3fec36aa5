# What the tests share. Sourced.
#
# shellcheck shell=sh disable=SC2034 # variables of the file that sources this one

unset LD_PRELOAD KEEPALIVE KEEPALIVE_CONF
number=0 failed=
work=$AUTOPKGTEST_TMP

# same TITLE EXPECTED ACTUAL
same() {
	number=$((number + 1))
	if [ "$2" = "$3" ]; then
		printf 'ok %s - %s\n' $number "$1"
	else
		printf 'not ok %s - %s: expected "%s", got "%s"\n' $number "$1" "$2" "$3"
		failed=yes
	fi
}

# Prints the line without which a test is unfinished, and fails if something failed.
finish() {
	printf '1..%s\n' $number
	[ -z "$failed" ]
}
