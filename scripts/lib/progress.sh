# shellcheck shell=bash
# How far a build is and about how long it still takes, and what to do when it fails.

# Gigabytes that a build from nothing writes, and that it needs to be done on all cores at once.
build_disk=12
build_memory=4

# compiled_crates FOLDER...: how many crates have been compiled into folders of cargo's, by name.
compiled_crates() {
    { find "${@/%//.fingerprint}" -mindepth 2 -maxdepth 2 \( -name 'lib-*.json' -o -name 'bin-*.json' \) 2>/dev/null || true; } |
        sed -E 's|/[^/]*$||; s|.*/||; s/-[0-9a-f]{16}$//' | sort -u | wc -l
}

# crates_of OPTION...: how many crates there are to compile, by name; 0 where that cannot be known yet.
crates_of() {
    { CARGO_NET_OFFLINE=true cargo tree --edges normal,build --prefix none --no-dedupe "$@" 2>/dev/null || true; } |
        awk 'NF { print $1 }' | sort -u | wc -l
}

# whole_of SPENT DONE TOTAL SHARE: about how many seconds all of it takes, when DONE of TOTAL crates took SPENT, and SHARE of a
# hundred parts of the time go into crates before the last ones, which are ours and the largest.
whole_of() { echo $(($1 * 100 * $3 / ($2 * $4))); }

minutes() {
    local minutes=$((($1 + 59) / 60))
    if [ "$minutes" -le 1 ]; then echo 'a minute'; else echo "$minutes minutes"; fi
}

# tell_progress TOTAL SHARE FOLDER...: says it twice a minute, until it is ended.
tell_progress() {
    local total=$1 share=$2 began=$SECONDS first now last=0 spent whole=0
    shift 2
    first=$(compiled_crates "$@")
    # Whoever reads what is said does not wait for the last sleep.
    while sleep "${LECTERN_TELL_SECONDS:-30}" >/dev/null 2>&1; do
        # Nobody is at it any more.
        kill -0 "$$" 2>/dev/null || return 0
        now=$(($(compiled_crates "$@") - first))
        spent=$((SECONDS - began))
        # While the last ones are compiled nothing is counted, and what was reckoned before still holds.
        if [ "$now" -gt "$last" ] && [ "$total" -gt "$first" ]; then
            whole=$(whole_of "$spent" "$now" $((total - first)) "$share")
            last=$now
        fi
        if [ "$whole" -gt 0 ]; then
            note "$((now + first)) of $total crates after $(minutes "$spent"); about $(minutes $((whole > spent ? whole - spent : 1))) to go."
        else
            note "At it for $(minutes "$spent")."
        fi
    done
}

# while_telling TOTAL SHARE FOLDER... -- COMMAND...: runs it, and says how far it is meanwhile.
while_telling() {
    local teller status=0
    local -a of=()
    while [ "$1" != -- ]; do
        of+=("$1")
        shift
    done
    shift
    tell_progress "${of[@]}" &
    teller=$!
    "$@" || status=$?
    kill "$teller" 2>/dev/null || true
    wait "$teller" 2>/dev/null || true
    return "$status"
}

# What is said of the first build, which takes forty minutes of a core.
first_time() {
    local cores
    [ ! -d "$binaries/.fingerprint" ] || return 0
    cores=$(nproc 2>/dev/null || echo 2)
    echo " The first time, some 600 crates are compiled: about $(minutes $((40 * 60 / cores))) on $cores cores. After that, only what changed."
}

# What whoever sees a build fail can do about it, in one line.
advise() {
    local room memory
    room=$(df -Pk "$CARGO_TARGET_DIR" 2>/dev/null | awk 'NR == 2 { print int($4 / 1000000) }')
    memory=$(awk '$1 == "MemTotal:" { print int($2 / 1000000) }' /proc/meminfo 2>/dev/null || true)
    if [ "${room:-$build_disk}" -lt 1 ]; then
        echo "the disk is full: make room where $CARGO_TARGET_DIR is (a build from nothing takes $build_disk GB) and run make again; it goes on where it stopped."
    elif [ "${memory:-$build_memory}" -lt "$build_memory" ]; then
        echo "the build stopped: if a compiler was killed, there was too little memory: CARGO_BUILD_JOBS=1 make run; else the first error above says why. It goes on where it stopped."
    else
        echo 'the build stopped: the first error above says why. Run make again once that is mended; it goes on where it stopped.'
    fi
}
