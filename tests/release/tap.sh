# What the tests in this directory share. Sourced; sets $source and $build.
#
# shellcheck shell=sh disable=SC2034 # variables of the file that sources this one

source=${TEST_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${TEST_BUILD:-$source/build}
number=0

# same TITLE EXPECTED ACTUAL
same() {
	number=$((number + 1))
	if [ "$2" = "$3" ]; then
		printf 'ok %s - %s\n' $number "$1"
	else
		printf 'not ok %s - %s\n' $number "$1"
		printf 'expected:\n%s\ngot:\n%s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

# has TITLE TEXT OUTPUT
has() {
	case $3 in
	*"$2"*) same "$1" "$2" "$2" ;;
	*) same "$1" "$2" "$3" ;;
	esac
}

skip() {
	number=$((number + 1))
	printf 'ok %s - %s # SKIP %s\n' $number "$1" "$2"
}

finish() {
	printf '1..%s\n' $number
}

# The make of these tests is none of that which runs them.
unset MAKEFLAGS MFLAGS MAKELEVEL

# value VARIABLE: prints a variable of the build's Makefile.
value() {
	make -s -C "$build" --eval="print-value: ; @echo '\$($1)'" print-value
}
