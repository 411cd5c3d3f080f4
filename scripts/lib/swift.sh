# shellcheck shell=bash
# An S3 server of three nodes, each of which keeps a copy of every object: OpenStack Swift (Apache 2.0) with its S3 API, as it
# is published for Python. Two of three have to take what is written; any one of them is enough to read.

swift_packages=('swift==2.38.3')
swift_access=shop:keeper
swift_secret=three-copies-of-each-book
swift_port=8080

set_up_swift() { set_up_python swift "${swift_packages[@]}"; }

# swift_section SERVER PORT ADDRESS FOLDER: what every server of a node is told.
swift_section() {
    cat <<END
[DEFAULT]
bind_ip = $3
bind_port = $2
swift_dir = $4
devices = $4/devices
mount_check = false
user = $(id -un)
workers = 0
log_level = WARNING
log_name = $1

[pipeline:main]
END
}

# swift_store KIND PORT ADDRESS FOLDER: the configuration of a server that keeps objects, or the lists of them, and of what
# brings a node up to date that was away.
swift_store() {
    {
        swift_section "$1" "$2" "$3" "$4"
        cat <<END
pipeline = $1-server

[app:$1-server]
use = egg:swift#$1

[$1-replicator]
interval = 10
concurrency = 1
sync_method = ssync
recon_cache_path = $4

[$1-updater]
interval = 10
recon_cache_path = $4
END
    } >"$4/$1-server.conf"
}

swift_door() {
    {
        swift_section proxy "$swift_port" "$1" "$2"
        cat <<END
pipeline = catch_errors gatekeeper healthcheck cache listing_formats s3api tempauth copy slo dlo versioned_writes proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
conn_timeout = 1
node_timeout = 10
recoverable_node_timeout = 3
error_suppression_interval = 5
error_suppression_limit = 3

[filter:tempauth]
use = egg:swift#tempauth
user_${swift_access/:/_} = $swift_secret .admin

[filter:s3api]
use = egg:swift#s3api
location = us-east-1
s3_acl = false
END
        local filter
        for filter in catch_errors gatekeeper healthcheck cache:memcache listing_formats copy slo dlo versioned_writes; do
            printf '\n[filter:%s]\nuse = egg:swift#%s\n' "${filter%:*}" "${filter#*:}"
        done
        printf 'allow_versioned_writes = true\n'
    } >"$2/proxy-server.conf"
}

# swift_ring FILE PORT ADDRESS...: which node keeps what: each of them everything.
swift_ring() {
    local file=$1 port=$2 address
    shift 2
    "$LECTERN_CACHE/swift/bin/swift-ring-builder" "$file" create 4 3 0
    for address in "$@"; do
        "$LECTERN_CACHE/swift/bin/swift-ring-builder" "$file" add "r1z${address##*.}-$address:$port/disk" 1
    done
    "$LECTERN_CACHE/swift/bin/swift-ring-builder" "$file" rebalance
}

# swift_nodes FOLDER ADDRESS...: a folder for each address, named by it, with all that a node needs.
swift_nodes() {
    local folder=$1 address kind
    shift
    mkdir -p "$folder/rings"
    quietly swift_ring "$folder/rings/object.builder" 6200 "$@"
    quietly swift_ring "$folder/rings/container.builder" 6201 "$@"
    quietly swift_ring "$folder/rings/account.builder" 6202 "$@"
    for address in "$@"; do
        mkdir -p "$folder/$address/devices/disk"
        cp "$folder"/rings/*.ring.gz "$folder/$address/"
        printf '[swift-hash]\nswift_hash_path_suffix = lectern\n[storage-policy:0]\nname = copies\ndefault = yes\n' \
            >"$folder/$address/swift.conf"
        swift_store object 6200 "$address" "$folder/$address"
        swift_store container 6201 "$address" "$folder/$address"
        swift_store account 6202 "$address" "$folder/$address"
        swift_door "$address" "$folder/$address"
    done
}

# swift_node FOLDER: runs a node until one of its servers ends.
swift_node() {
    local program
    for program in object-server container-server account-server proxy-server object-replicator container-replicator \
        object-updater; do
        "$LECTERN_CACHE/swift/bin/python" -B scripts/lib/swift_program.py "$1" "$program" &
    done
    wait -n
}
