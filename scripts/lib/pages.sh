# shellcheck shell=bash
# How many pages a second the shop makes, beside a program that makes the same of axum and maud (benches/pages) and of the same
# database: 500 made-up titles, on SQLite. Neither is asked to compress. Whoever asks is on the same machine.

# The median of three rounds: answers a second, p50 and p95 in ms, bytes, refusals.
asked() {
    local round
    for round in 1 2 3; do
        "$pages_built/load" "$1" "${LECTERN_PAGES_SECONDS:-10}" "${LECTERN_PAGES_CONNECTIONS:-32}" "$2" || die "$1$2 was not answered in round $round"
    done | sort -n | sed -n 2p
}

# Opens what is named after the address there, and waits until it answers.
opened() {
    local address=$1
    shift
    "$@" >>"$scratch/pages.log" 2>&1 </dev/null &
    server_pids+=($!)
    wait_for curl -fsS -o /dev/null "http://$address/" || {
        tail -n 20 "$scratch/pages.log" >&2
        die "${1##*/} did not open"
    }
}

pages() {
    local data title shop peer remembering page
    make_scratch
    pages_built=$LECTERN_CACHE/pages/release
    CARGO_TARGET_DIR=$LECTERN_CACHE/pages quietly cargo build --release --manifest-path benches/pages/Cargo.toml
    data=$scratch/pages
    export LECTERN_DATA_DIR=$data LECTERN_SITE__ROOT=$CARGO_TARGET_DIR/site LECTERN_WORKER__ENABLED=false
    quietly "$binaries/lectern" seed --titles 500
    quietly "$binaries/lectern" admin --if-none
    title=$("$pages_built/peer" "$data/lectern.db")
    shop=127.0.0.1:$(free_port)
    LECTERN_LISTEN=$shop opened "$shop" "$binaries/lectern" serve
    peer=127.0.0.1:$(free_port)
    opened "$peer" "$pages_built/peer" "$data/lectern.db" "$peer"
    remembering=127.0.0.1:$(free_port)
    opened "$remembering" "$pages_built/peer" "$data/lectern.db" "$remembering" remember

    say ''
    say "Pages a second with ${LECTERN_PAGES_CONNECTIONS:-32} at once; profile ${profile}; load $(cut -d' ' -f1-3 /proc/loadavg)"
    printf '  %-10s %-34s %9s %8s %8s %8s %8s %6s\n' page of 'a second' p50 p95 bytes refused 'of it'
    for page in / /browse "$title" /login; do
        local mine theirs
        mine=$(asked "$shop" "$page")
        row "$page" 'the shop' "$mine" "$mine"
        [ "$page" != /login ] || continue
        theirs=$(asked "$remembering" "$page")
        row '' 'axum and maud, remembers for 3 s' "$theirs" "$mine"
        theirs=$(asked "$peer" "$page")
        row '' 'axum and maud, looks up each time' "$theirs" "$mine"
    done
}

# row PAGE WHO FIGURES SHOP: a line of the table; at its end what part of it the shop makes.
row() {
    local shown=$1
    case $shown in /books/*) shown='a title' ;; esac
    echo "$3 ${4%% *}" | awk -v page="$shown" -v who="$2" '{
        part = $1 > 0 ? $6 / $1 : 0
        printf "  %-10s %-34s %9d %8.1f %8.1f %8d %8d %6.2f\n", page, who, $1, $2, $3, $4, $5, part
    }'
}
