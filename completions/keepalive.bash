# Completion of keepalive(1) for bash. The flags are read from the help of the command itself.

# Process ids, and names of running programs and units, except names with a blank or slash.
_keepalive_processes() {
	COMPREPLY=($(compgen -W "$(
		command ps -axo pid=
		command ps -axo comm= | grep -v '[ /\\]' | sort -u
		systemctl --no-legend --no-pager --plain list-units --type=service,scope,slice \
			--state=active 2>/dev/null | while read -r unit _; do echo "$unit"; done
	)" -- "$cur"))
}

_keepalive_units() {
	local user=
	[[ " ${words[*]} " == *' --user '* ]] && user=--user
	COMPREPLY=($(compgen -W "$(systemctl $user --no-legend --no-pager --plain list-unit-files \
		--type=service 2>/dev/null | while read -r unit _; do echo "$unit"; done)" -- "$cur"))
}

# Running units, and directories.
_keepalive_groups() {
	COMPREPLY=($(compgen -d -W "$(
		systemctl --no-legend --no-pager --plain list-units --type=service,scope,slice \
			--state=active 2>/dev/null | while read -r unit _; do echo "$unit"; done
	)" -- "$cur"))
}

# Prints the verbs, without help, as the command lists them.
_keepalive_verbs() {
	"$1" --help | sed -n -e '/^  help /d' -e 's/^  \([a-z][a-z]*\) .*/\1/p'
}

# Completes the last word of a list with commas.
_keepalive_list() {
	local before=
	[[ $cur == *,* ]] && before=${cur%,*},
	compopt -o nospace 2>/dev/null
	COMPREPLY=($(compgen -P "$before" -W "$*" -- "${cur##*,}"))
}

# Prints the columns of show.
_keepalive_columns() {
	keepalive show --help 2>/dev/null | sed -n '1,/^Columns:/d; s/^  \([A-Z_]*\) .*/\1/p' | tr A-Z a-z
}

# Completes the argument of the flag before the cursor; false if it has none.
_keepalive_argument() {
	case $prev in
	--keepalive | --override | --sandboxed)
		COMPREPLY=($(compgen -W 'on off' -- "$cur"))
		;;
	--user-timeout)
		COMPREPLY=($(compgen -W 'auto' -- "$cur"))
		;;
	--log)
		COMPREPLY=($(compgen -W 'off stderr syslog' -f -- "$cur"))
		;;
	--log-level)
		COMPREPLY=($(compgen -W 'error info debug' -- "$cur"))
		;;
	--network)
		COMPREPLY=($(compgen -W "list $(keepalive explain --network list -rn 2>/dev/null |
			cut -d ' ' -f 1)" -- "$cur"))
		;;
	--situation)
		COMPREPLY=($(compgen -W 'idle data persist connect' -- "$cur"))
		;;
	--state)
		_keepalive_list ESTABLISHED SYN-SENT SYN-RECEIVED FIN-WAIT-1 FIN-WAIT-2 CLOSED CLOSE-WAIT \
			LAST-ACK LISTEN CLOSING
		;;
	--output | -o)
		_keepalive_list "$(_keepalive_columns)"
		;;
	--sort)
		COMPREPLY=($(compgen -W "$(_keepalive_columns | sed 'p; s/^/-/')" -- "$cur"))
		;;
	--unit)
		COMPREPLY=($(compgen -W "$(systemctl --no-legend --no-pager --plain list-units \
			--type=service,scope --state=active 2>/dev/null |
			while read -r unit _; do echo "$unit"; done)" -- "$cur"))
		;;
	--role)
		COMPREPLY=($(compgen -W 'client server' -- "$cur"))
		;;
	--program)
		COMPREPLY=($(compgen -c -- "$cur"))
		;;
	--uid)
		COMPREPLY=($(compgen -u -- "$cur"))
		;;
	--config | --library | --svg | --prometheus)
		COMPREPLY=($(compgen -f -- "$cur"))
		;;
	--root)
		COMPREPLY=($(compgen -d -- "$cur"))
		;;
	--idle | --interval | --count | --rto-max | --syn-count | --defer-accept | --max-segment | \
		--window-clamp | --remote | --remote-port | --local-port | --idle-timeout | --within | \
		--port | --peer | --every | --number)
		COMPREPLY=()
		;;
	*)
		return 1
		;;
	esac
}

_keepalive() {
	local cur prev words cword split verb i
	_init_completion -n = || return
	verb=${words[1]}

	if [[ $cword -eq 1 ]]; then
		COMPREPLY=($(compgen -W "$(_keepalive_verbs "$1") help --help --version" -- "$cur"))
		return
	fi
	# After the flags of run comes another command.
	if [[ $verb == run ]]; then
		for ((i = 2; i < cword; i++)); do
			if [[ ${words[i]} == -- ]]; then
				_command_offset $((i + 1))
				return
			fi
		done
	fi
	_keepalive_argument && return
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$(_parse_help "$1" "$verb --help")" -- "$cur"))
		return
	fi
	case $verb in
	run) COMPREPLY=($(compgen -c -- "$cur")) ;;
	show | audit | apply | events) _keepalive_processes ;;
	check) COMPREPLY=($(compgen -f -- "$cur")) ;;
	enable | disable) _keepalive_units ;;
	attach | detach) _keepalive_groups ;;
	help) COMPREPLY=($(compgen -W "$(_keepalive_verbs "$1")" -- "$cur")) ;;
	esac
} &&
	complete -F _keepalive keepalive
