# Completion of keepalive(1) for fish.

function __keepalive_is
    set --local words (commandline -opc)
    test (count $words) -gt 1; and contains -- $words[2] $argv
end

function __keepalive_has_no_verb
    test (count (commandline -opc)) -eq 1
end

function __keepalive_running_units
    systemctl --no-legend --no-pager --plain list-units --type=service,scope,slice \
        --state=active 2>/dev/null | string replace --regex ' .*' ''
end

# Names of running programs, except names with a blank or slash.
function __keepalive_names
    command ps -axo comm= | string match --invert --regex '[ /]' | sort -u
end

function __keepalive_running
    __keepalive_names
    __keepalive_running_units
end

function __keepalive_columns
    keepalive show --help 2>/dev/null | sed -n '1,/^Columns:/d; s/^  \([A-Z_]*\) .*/\1/p' | tr A-Z a-z
end

# The words, after those of the list that is there already.
function __keepalive_list
    set --local before (string match --regex '.*,' -- (commandline -ct | string replace -r '^--[a-z]*=' ''))
    string replace -r '^' "$before" -- $argv
end

complete -c keepalive -f
complete -c keepalive -n __keepalive_has_no_verb -a run -d 'run a program under the library'
complete -c keepalive -n __keepalive_has_no_verb -a show -d 'list the TCP sockets of running processes'
complete -c keepalive -n __keepalive_has_no_verb -a audit -d 'find services that would not notice a dead peer'
complete -c keepalive -n __keepalive_has_no_verb -a apply -d 'set options on the sockets of running processes'
complete -c keepalive -n __keepalive_has_no_verb -a check -d 'find errors in a configuration'
complete -c keepalive -n __keepalive_has_no_verb -a explain -d 'predict when a dead peer is detected'
complete -c keepalive -n __keepalive_has_no_verb -a enable -d 'write a drop-in for a systemd service'
complete -c keepalive -n __keepalive_has_no_verb -a disable -d 'remove this drop-in'
complete -c keepalive -n __keepalive_has_no_verb -a attach -d 'set the options of a control group in the kernel'
complete -c keepalive -n __keepalive_has_no_verb -a detach -d 'take back what attach did'
complete -c keepalive -n __keepalive_has_no_verb -a events -d 'follow connections, and print those that are given up'
complete -c keepalive -n __keepalive_has_no_verb -a help -d 'print the help of a verb'
complete -c keepalive -n '__keepalive_is help' -a 'run show audit apply check explain enable disable attach detach events'
complete -c keepalive -n __keepalive_has_no_verb -s V -l version -d 'print the version'
complete -c keepalive -s h -l help -d 'print the help'

set --local settings '__keepalive_is run apply check explain enable attach'
complete -c keepalive -n $settings -l keepalive -x -a 'on off' -d SO_KEEPALIVE
complete -c keepalive -n $settings -l idle -x -d TCP_KEEPIDLE
complete -c keepalive -n $settings -l interval -x -d TCP_KEEPINTVL
complete -c keepalive -n $settings -l count -x -d TCP_KEEPCNT
complete -c keepalive -n $settings -l user-timeout -x -a auto -d TCP_USER_TIMEOUT
complete -c keepalive -n $settings -l rto-max -x -d TCP_RTO_MAX_MS
complete -c keepalive -n $settings -l syn-count -x -d TCP_SYNCNT
complete -c keepalive -n $settings -l defer-accept -x -d TCP_DEFER_ACCEPT
complete -c keepalive -n $settings -l max-segment -x -d TCP_MAXSEG
complete -c keepalive -n $settings -l window-clamp -x -d TCP_WINDOW_CLAMP
complete -c keepalive -n $settings -l config -r -F -d 'use this configuration file'

complete -c keepalive -n '__keepalive_is run enable attach' -l override -x -a 'on off' -d 'replace the values that the program sets'

set --local running '__keepalive_is run enable'
complete -c keepalive -n $running -l sandboxed -x -a 'on off' -d 'set options even in a sandbox that may kill it'
complete -c keepalive -n $running -l log -r -F -a 'off stderr syslog' -d 'where to log'
complete -c keepalive -n $running -l log-level -x -a 'error info debug' -d 'how much to log'
complete -c keepalive -n $running -l library -r -F -d 'use this library'

set --local tables '__keepalive_is show audit apply check explain attach'
complete -c keepalive -n $tables -s J -l json -d 'print JSON'
complete -c keepalive -n $tables -s r -l raw -d 'print raw columns'
complete -c keepalive -n $tables -s n -l noheadings -d 'leave out the headings'

complete -c keepalive -n '__keepalive_is run' -l strict -d 'do not run what it would not reach'
complete -c keepalive -n '__keepalive_is run' -a '(__fish_complete_subcommand --fcs-skip=2)'

complete -c keepalive -n '__keepalive_is show audit apply' -a '(__fish_complete_pids)'
complete -c keepalive -n '__keepalive_is show audit apply' -a '(__keepalive_running)'
complete -c keepalive -n '__keepalive_is show apply' -s c -l children -d 'include the children of the processes'
complete -c keepalive -n '__keepalive_is show' -s a -l all -d 'all sockets of the network namespace'
complete -c keepalive -n '__keepalive_is show' -s o -l output -x -a '(__keepalive_list (__keepalive_columns))' -d 'print these columns'
complete -c keepalive -n '__keepalive_is show' -s w -l watch -d 'repeat, or print changes'
complete -c keepalive -n '__keepalive_is show' -l sort -x -a '(__keepalive_columns; string replace -r "\$" :desc (__keepalive_columns))' -d 'sort by this column'
complete -c keepalive -n '__keepalive_is show' -l state -x -d 'only these states' \
	-a '(__keepalive_list ESTABLISHED SYN-SENT SYN-RECEIVED FIN-WAIT-1 FIN-WAIT-2 CLOSED CLOSE-WAIT LAST-ACK LISTEN CLOSING)'
complete -c keepalive -n '__keepalive_is show' -l port -x -d 'only these ports, at either end'
complete -c keepalive -n '__keepalive_is show' -l peer -x -d 'only peers in these networks'
complete -c keepalive -n '__keepalive_is show' -l program -x -a '(__keepalive_names)' -d 'only programs of these names'
complete -c keepalive -n '__keepalive_is show' -l unit -x -a '(__keepalive_running_units)' -d 'only these units and containers'
complete -c keepalive -n '__keepalive_is show' -l never -d 'only connections that never notice a dead peer'
complete -c keepalive -n '__keepalive_is audit' -l prometheus -d 'print metrics, or replace a file by them'
complete -c keepalive -n '__keepalive_is apply' -l dry-run -d 'print what would change'
complete -c keepalive -n '__keepalive_is apply' -s w -l watch -d 'repeat for new sockets'

complete -c keepalive -n '__keepalive_is check' -F
complete -c keepalive -n '__keepalive_is check' -l program -x -d 'base name of the program'
complete -c keepalive -n '__keepalive_is check' -l uid -x -a '(__fish_complete_users)' -d 'user with whom the program was started'
complete -c keepalive -n '__keepalive_is check' -l role -x -a 'client server' -d 'role of the program'
complete -c keepalive -n '__keepalive_is check' -l remote -x -d 'address of the peer'
complete -c keepalive -n '__keepalive_is check' -l remote-port -x -d 'port of the peer'
complete -c keepalive -n '__keepalive_is check' -l local-port -x -d 'port on which the server listens'

complete -c keepalive -n '__keepalive_is explain' -l within -x -d 'a dead peer must be noticed within this time'
complete -c keepalive -n '__keepalive_is explain' -l idle-timeout -x -d 'idle timeout of a firewall'
complete -c keepalive -n '__keepalive_is explain' -l network -x -d 'the same, of a well-known network' \
	-a 'list (keepalive explain --network list -rn 2>/dev/null | string replace -r " .*" "")'
complete -c keepalive -n '__keepalive_is explain' -l situation -x -a 'idle data persist connect' -d 'what to draw'
complete -c keepalive -n '__keepalive_is explain' -l details -d 'print everything'
complete -c keepalive -n '__keepalive_is explain' -l svg -r -d 'write the picture to a file as well'

complete -c keepalive -n '__keepalive_is enable disable' -a '(__fish_systemctl_services)'
complete -c keepalive -n '__keepalive_is enable' -l method -x -a 'library kernel both' -d 'what reaches the program'
complete -c keepalive -n '__keepalive_is enable' -l now -d 'restart the service, and check it'
complete -c keepalive -n '__keepalive_is enable disable' -l dry-run -d 'print what would change'
complete -c keepalive -n '__keepalive_is enable disable' -l user -d 'a service of your own manager'
complete -c keepalive -n '__keepalive_is enable disable' -l runtime -d 'only until the next boot'
complete -c keepalive -n '__keepalive_is enable disable' -l root -x -a '(__fish_complete_directories)' \
    -d 'the image of a system'

complete -c keepalive -n '__keepalive_is attach detach' -a '(__keepalive_running_units)'
complete -c keepalive -n '__keepalive_is attach detach' -a '(__fish_complete_directories)'
complete -c keepalive -n '__keepalive_is attach detach' -l self -d 'the control group that the command runs in'
complete -c keepalive -n '__keepalive_is attach' -l all -d 'allow the root of the control groups'
complete -c keepalive -n '__keepalive_is attach' -l existing -d 'also set the sockets that exist'
complete -c keepalive -n '__keepalive_is attach' -l program -x -d 'the program, for rules that look at it'
complete -c keepalive -n '__keepalive_is attach' -l uid -x -a '(__fish_complete_users)' -d 'its user, for rules that look at it'

complete -c keepalive -n '__keepalive_is events' -a '(__fish_complete_pids)'
complete -c keepalive -n '__keepalive_is events' -a '(__keepalive_running)'
complete -c keepalive -n '__keepalive_is events' -s a -l all -d 'print normal ends, too'
complete -c keepalive -n '__keepalive_is events' -s c -l children -d 'include the children of the processes'
complete -c keepalive -n '__keepalive_is events' -l every -x -d 'time between two looks'
complete -c keepalive -n '__keepalive_is events' -l number -x -d 'exit after this number of lines'
complete -c keepalive -n '__keepalive_is events' -s J -l json -d 'print an object of JSON in each line'
