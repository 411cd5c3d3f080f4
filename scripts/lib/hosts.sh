# shellcheck shell=bash
# Hosts that are network namespaces of this machine, joined by a bridge in one more, and what is kept running in them: whatever
# ends is begun again, as systemd would, unless somebody has taken it away for a while.

# Of this run: others may be under way.
hosts_name=lectern$$
hosts_net=10.57.0
hosts_edge=$hosts_net.1
hosts_made=()
keepers=()

# Namespaces of a run that was ended without a word.
forget_old_hosts() {
    local name run
    while read -r name _; do
        run=${name#lectern}
        [[ $run =~ ^([0-9]+)- ]] && ! kill -0 "${BASH_REMATCH[1]}" 2>/dev/null || continue
        end_host "$name"
    done < <(ip netns list)
}

# in_host NAME COMMAND...
in_host() {
    local name=$1
    shift
    ip netns exec "$hosts_name-$name" "$@"
}

make_host() {
    ip netns add "$hosts_name-$1"
    hosts_made+=("$hosts_name-$1")
    in_host "$1" ip link set lo up
}

# make_hosts NAME...: the edge, with the bridge, and those that are named: the first at address 11, the next at 12, and so on.
make_hosts() {
    local name number=11
    make_host edge
    in_host edge ip link add bridge type bridge
    in_host edge ip address add "$hosts_edge/24" dev bridge
    in_host edge ip link set bridge up
    for name in "$@"; do
        make_host "$name"
        in_host edge ip link add "to-$name" type veth peer name net netns "$hosts_name-$name"
        in_host edge ip link set "to-$name" master bridge up
        in_host "$name" ip address add "$hosts_net.$number/24" dev net
        in_host "$name" ip link set net up
        number=$((number + 1))
    done
}

# Everything that runs in a namespace ends with it.
end_host() {
    local pid
    for pid in $(ip netns pids "$1" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null || true; done
    ip netns delete "$1" 2>/dev/null || true
}

end_hosts() {
    local pid name
    for pid in "${keepers[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    for name in "${hosts_made[@]}"; do end_host "$name"; done
}

# keep NAME HOST COMMAND...: runs it there, in a group of processes whose number is in $scratch/run/NAME.pid, and again two
# seconds after it has ended, but not while there is $scratch/run/NAME.away.
keep() {
    local name=$1 host=$2 run=$scratch/run/$1
    shift 2
    mkdir -p "$scratch/run"
    (
        trap - EXIT
        trap '' INT
        while true; do
            while [ -e "$run.away" ]; do sleep 0.2; done
            setsid ip netns exec "$hosts_name-$host" "$@" >>"$run.log" 2>&1 </dev/null &
            echo "$!" >"$run.pid.new"
            mv "$run.pid.new" "$run.pid"
            wait "$!" || true
            kill -KILL -- "-$(cat "$run.pid")" 2>/dev/null || true
            sleep 2
        done
    ) 2>/dev/null &
    keepers+=($!)
}

# Shows how the logs end of what is kept.
show_logs() {
    local log
    for log in "$scratch"/run/*.log; do
        printf -- '-- %s\n' "${log##*/}"
        tail -n 15 "$log"
    done >&2
}
