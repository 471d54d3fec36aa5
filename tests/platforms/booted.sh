# A Debian tree in which systemd is booted. Sourced after lib.sh.
#
# shellcheck shell=sh disable=SC2034,SC2154 # variables of lib.sh

# The parts share one tree. The libraries are for the command.
booted_packages='systemd systemd-sysv dbus libbpf1 libelf1 libmnl0 libsmartcols1'
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

booted_options=
booted_group=

# booted_with_bpf: root inside may load and attach BPF programs, and all control groups are of version 2. They
# are beneath a group of our own, whose directory is $booted_group.
booted_with_bpf() {
	booted_options='--capability=CAP_BPF,CAP_PERFMON,CAP_SYS_ADMIN,CAP_NET_ADMIN --system-call-filter=bpf'
	export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
	booted_group=$(findmnt --noheadings --output TARGET --types cgroup2 | head -n 1)/keepalive-tests.$$
	mkdir "$booted_group"
	trap 'clean_up; remove_group' EXIT
}

remove_group() {
	await rmdir_all
}

rmdir_all() {
	find "$booted_group" -depth -type d -exec rmdir {} + 2>/dev/null
}

# enter_group COMMAND...: in place of this shell.
enter_group() {
	# shellcheck disable=SC2016 # for the inner shell
	exec sh -c '[ -z "$1" ] || echo $$ >"$1/cgroup.procs"; shift; exec "$@"' sh "$booted_group" "$@"
}

boot() {
	# shellcheck disable=SC2086 # words
	enter_group systemd-nspawn --quiet --register=no --keep-unit --directory "$root" --private-network \
		--console=pipe $booted_options --boot >"$work/boot.log" 2>&1 </dev/null &
	nspawn=$!
	started=$nspawn
	await has_booted || { sed 's/^/# /' "$work/boot.log"; result 'not ok' 'systemd starts'; exit 1; }
	# Without its leader the container ends; without nspawn it goes on.
	started="$leader $nspawn"
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
