# shellcheck shell=bash
# The servers that tests talk to: those that run on this machine, or throw-away ones, which are started in a temporary folder
# and stopped at the end.

scratch=
postgres_data=
server_pids=()
backends=(SQLite)
left_out=()

free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'; }

# What tests write is thrown away: where memory is plenty it lies there, and no commit waits for a disk. Sets TMPDIR.
in_memory=
scratch_in_memory() {
    local room
    [ -z "${TMPDIR:-}" ] && [ -d /dev/shm ] && [ -r /proc/meminfo ] || return 0
    room=$({ awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo && df -Pk /dev/shm | awk 'NR == 2 { print $4 }'; } | sort -n | head -n1)
    [ "${room:-0}" -ge 8000000 ] && in_memory=$(mktemp -d /dev/shm/lectern-test.XXXXXX) || return 0
    # As /tmp is: a database server writes there as a user of its own.
    chmod 1777 "$in_memory"
    printf '#!/bin/sh\n' >"$in_memory/program"
    chmod +x "$in_memory/program"
    if "$in_memory/program" 2>/dev/null; then
        rm "$in_memory/program"
        export TMPDIR=$in_memory
    else
        rm -rf "$in_memory"
    fi
}

# Waits up to a minute for a command to succeed.
wait_for() {
    local tries=120
    until "$@" >/dev/null 2>&1 </dev/null; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.5
    done
}

make_scratch() {
    [ -z "$scratch" ] || return 0
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/lectern-test.XXXXXX")
    chmod 755 "$scratch"
}

stop_services() {
    local pid
    if [ -n "$postgres_data" ]; then
        as_user postgres "$(program_of postgres pg_ctl)" -D "$postgres_data" -m immediate stop >/dev/null 2>&1 || true
    fi
    for pid in "${server_pids[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    [ -z "$scratch" ] || rm -rf "$scratch"
    [ -z "$in_memory" ] || rm -rf "$in_memory"
}

# Database servers refuse to run as root: then they run as the user that their package made.
as_user() {
    local user=$1
    shift
    if [ "$(id -u)" -eq 0 ]; then (cd / && setpriv --reuid="$user" --regid="$user" --init-groups "$@"); else "$@"; fi
}

# program_of postgres NAME: Debian keeps PostgreSQL's server programs out of PATH.
program_of() {
    compgen -G "/usr/lib/postgresql/*/bin/$2" | sort -V | tail -n1 | grep . || command -v "$2"
}

postgres_answers() { psql -X -q -h 127.0.0.1 -p "$1" -U postgres -d postgres -c 'select 1'; }

start_postgres() {
    local initdb port
    initdb=$(program_of postgres initdb) && have psql || return 1
    [ "$(id -u)" -ne 0 ] || id postgres >/dev/null 2>&1 || return 1
    make_scratch
    port=$(free_port)
    mkdir "$scratch/postgres"
    [ "$(id -u)" -ne 0 ] || chown postgres: "$scratch/postgres"
    quietly as_user postgres "$initdb" -D "$scratch/postgres" -U postgres -A trust -E UTF8 --no-sync || return 1
    postgres_data=$scratch/postgres
    quietly as_user postgres "$(program_of postgres pg_ctl)" -D "$postgres_data" -w -l "$postgres_data/log" \
        -o "-p $port -h 127.0.0.1 -k $postgres_data -F -c max_connections=300" start || return 1
    postgres_answers "$port" >/dev/null && postgres_port=$port
}

mariadb_client() { command -v mariadb || command -v mysql; }
mariadb_answers() { "$(mariadb_client)" --no-defaults -h 127.0.0.1 -P "$1" -u root -e 'select 1'; }

start_mariadb() {
    local installer server port user data
    installer=$(command -v mariadb-install-db || command -v mysql_install_db) || return 1
    server=$(command -v mariadbd || PATH="$PATH:/usr/sbin" command -v mariadbd) && mariadb_client >/dev/null || return 1
    user=$(id -un)
    [ "$user" != root ] || ! id mysql >/dev/null 2>&1 || user=mysql
    make_scratch
    port=$(free_port)
    data=$scratch/mariadb
    mkdir "$data"
    [ "$(id -u)" -ne 0 ] || chown "$user" "$data"
    quietly "$installer" --no-defaults --datadir="$data" --user="$user" --auth-root-authentication-method=normal \
        --skip-test-db || return 1
    "$server" --no-defaults --datadir="$data" --user="$user" --port="$port" --bind-address=127.0.0.1 \
        --socket="$data/socket" --pid-file="$data/pid" --innodb-flush-log-at-trx-commit=0 --skip-log-bin \
        >"$data/log" 2>&1 </dev/null &
    server_pids+=($!)
    wait_for mariadb_answers "$port" && mariadb_port=$port
}

# Sets LECTERN_TEST_POSTGRES and LECTERN_TEST_MARIADB to addresses with which a test can make databases of its own.
find_databases() { find_databases_first running; }

# find_databases_first running|throw-away: which of them come first. Throw-away ones keep nothing safe from a power cut, and are
# quicker.
find_databases_first() {
    local first=$1 postgres_port='' mariadb_port=''
    if [ -n "${LECTERN_TEST_POSTGRES:-}" ]; then
        note 'PostgreSQL: the one that LECTERN_TEST_POSTGRES names.'
    elif [ "$first" = throw-away ] && start_postgres; then
        note "PostgreSQL: a throw-away one, at 127.0.0.1:$postgres_port."
    elif have psql && attempt 5 psql -X -q -h 127.0.0.1 -p 5432 -U postgres -d postgres -w -c 'select 1'; then
        postgres_port=5432
        note 'PostgreSQL: the one that runs here, at 127.0.0.1:5432.'
    elif [ "$first" = running ] && start_postgres; then
        note "PostgreSQL: a throw-away one, at 127.0.0.1:$postgres_port."
    fi
    [ -z "$postgres_port" ] || LECTERN_TEST_POSTGRES=postgres://postgres@127.0.0.1:$postgres_port/postgres
    if [ -n "${LECTERN_TEST_MARIADB:-}" ]; then
        note 'MariaDB: the one that LECTERN_TEST_MARIADB names.'
    elif [ "$first" = throw-away ] && start_mariadb; then
        note "MariaDB: a throw-away one, at 127.0.0.1:$mariadb_port."
    elif mariadb_client >/dev/null && attempt 5 "$(mariadb_client)" --no-defaults -h 127.0.0.1 -P 3306 -u root -e 'select 1'; then
        mariadb_port=3306
        note 'MariaDB: the one that runs here, at 127.0.0.1:3306.'
    elif [ "$first" = running ] && start_mariadb; then
        note "MariaDB: a throw-away one, at 127.0.0.1:$mariadb_port."
    fi
    [ -z "$mariadb_port" ] || LECTERN_TEST_MARIADB=mysql://root@127.0.0.1:$mariadb_port/mysql
    export LECTERN_TEST_POSTGRES=${LECTERN_TEST_POSTGRES:-} LECTERN_TEST_MARIADB=${LECTERN_TEST_MARIADB:-}
    if [ -n "$LECTERN_TEST_POSTGRES" ]; then backends+=(PostgreSQL); else left_out+=(PostgreSQL); fi
    if [ -n "$LECTERN_TEST_MARIADB" ]; then backends+=(MariaDB); else left_out+=(MariaDB); fi
}

# on_scratch_database sqlite|postgres|mariadb COMMAND...: with LECTERN_SHOP_DATABASE naming an empty database of that kind, which
# is dropped afterwards. Empty for SQLite: the tests make a file of their own.
on_scratch_database() {
    local kind=$1 name=lectern_scratch_$$ failed=0
    shift
    case $kind in
    postgres)
        psql -X -q "$LECTERN_TEST_POSTGRES" -c "CREATE DATABASE $name"
        LECTERN_SHOP_DATABASE=${LECTERN_TEST_POSTGRES%/*}/$name "$@" || failed=$?
        psql -X -q "$LECTERN_TEST_POSTGRES" -c "DROP DATABASE $name"
        ;;
    mariadb)
        local address=${LECTERN_TEST_MARIADB#*@}
        address=${address%%/*}
        local -a client=("$(mariadb_client)" --no-defaults -h "${address%%:*}" -P "${address##*:}" -u root)
        "${client[@]}" -e "CREATE DATABASE $name"
        LECTERN_SHOP_DATABASE=${LECTERN_TEST_MARIADB%/*}/$name "$@" || failed=$?
        "${client[@]}" -e "DROP DATABASE $name"
        ;;
    *) LECTERN_SHOP_DATABASE='' "$@" || failed=$? ;;
    esac
    return "$failed"
}

# Sets LECTERN_TEST_S3 to the address of an S3 server: path-style, key `test`, secret `testtest`, region `us-east-1`.
find_s3() {
    local server=$LECTERN_CACHE/s3/bin/moto_server port
    if [ -n "${LECTERN_TEST_S3:-}" ]; then
        backends+=(S3)
        return
    fi
    if [ -x "$server" ]; then
        make_scratch
        port=$(free_port)
        "$server" -H 127.0.0.1 -p "$port" >"$scratch/s3.log" 2>&1 </dev/null &
        server_pids+=($!)
        if wait_for curl -fsS -o /dev/null "http://127.0.0.1:$port/moto-api/data.json"; then
            export LECTERN_TEST_S3=http://127.0.0.1:$port
            note "S3: a throw-away one, at $LECTERN_TEST_S3."
            backends+=(S3)
            return
        fi
    fi
    left_out+=(S3)
}
