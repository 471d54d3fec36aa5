# A Debian tree in which systemd is booted. Sourced after lib.sh.
#
# shellcheck shell=sh disable=SC2034,SC2154 # variables of lib.sh

# The parts share one tree. The libraries are for the command.
booted_packages='systemd systemd-sysv dbus libelf1 libmnl0 libsmartcols1'
booted_name=bookworm

# booted_tree TITLE: makes it at $root, with the library, the command and the programs of these tests.
booted_tree() {
	need_programs "$1" debootstrap systemd-nspawn nsenter
	# shellcheck disable=SC2086 # a list
	tree_over $booted_name $booted_packages
	root=$work/$booted_name
	units=$root/etc/systemd/system
	lib=$(cd "$root" && echo usr/lib/*-linux-gnu)
	cp "$library" "$root/$lib/"
	[ ! -x "$build/keepalive" ] || cp "$build/keepalive" "$root/usr/bin/"
	cp "$peek" "$here/talk.pl" "$root/opt/"
}

inside() {
	nsenter -t "$leader" -a env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# unit FILE LINE...: writes FILE in etc/systemd/system.
unit() {
	file=$units/$1
	shift
	mkdir -p "$(dirname "$file")"
	printf '%s\n' "$@" >"$file"
}

sockets_of() {
	pid=$(inside systemctl show --property MainPID --value "$1")
	[ "${pid:-0}" = 0 ] || inside /opt/peek "$pid" | summarize
}

boot() {
	systemd-nspawn --quiet --register=no --keep-unit --directory "$root" --private-network \
		--console=pipe --boot >"$work/boot.log" 2>&1 </dev/null &
	nspawn=$!
	started=$nspawn
	await has_booted || { sed 's/^/# /' "$work/boot.log"; result 'not ok' 'systemd starts'; exit 1; }
}

has_booted() {
	leader=$(tr -d ' ' <"/proc/$nspawn/task/$nspawn/children") && [ -n "$leader" ] || return 1
	case $(inside systemctl is-system-running 2>&1) in
	running | degraded) ;;
	*) return 1 ;;
	esac
}

shut_down() {
	inside systemctl poweroff || :
	wait "$nspawn" || :
	started=
}
