# shellcheck shell=bash
# What every script shares: where things are kept, and how to say what is going on.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit 1

export LECTERN_CACHE=${LECTERN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/lectern}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$LECTERN_CACHE/target}
export CARGO_TERM_PROGRESS_WHEN=${CARGO_TERM_PROGRESS_WHEN:-auto}
# LECTERN_PROFILE is another of cargo's profiles, LECTERN_ENGINES what the engines run on besides the CPU: cuda, vulkan or metal.
profile=${LECTERN_PROFILE:-dev}
binaries=$CARGO_TARGET_DIR/$profile
[ "$profile" != dev ] || binaries=$CARGO_TARGET_DIR/debug
tools=$LECTERN_CACHE/tools
mkdir -p "$LECTERN_CACHE"
export PATH="$tools/bin:$root/node_modules/.bin:$HOME/.cargo/bin:$PATH"

# The set-up script writes down which of rustup's toolchains can build the pages. An explicit choice wins.
if [ -z "${RUSTUP_TOOLCHAIN:-}" ] && [ -s "$LECTERN_CACHE/toolchain" ]; then
    RUSTUP_TOOLCHAIN=$(cat "$LECTERN_CACHE/toolchain")
    export RUSTUP_TOOLCHAIN
fi

# whisper.cpp is not built anew when the flags for its build change, and cargo does not know that they have.
renew_native() {
    local flags built=$CARGO_TARGET_DIR/native-flags
    flags=$(grep -E '^(GGML|WHISPER|CMAKE)_' .cargo/config.toml || true)
    [ "$(cat "$built" 2>/dev/null)" != "$flags" ] || return 0
    mkdir -p "$CARGO_TARGET_DIR"
    rm -rf "$CARGO_TARGET_DIR"/*/build/whisper-rs-sys-* "$CARGO_TARGET_DIR"/*/.fingerprint/whisper-rs-sys-*
    printf '%s' "$flags" >"$built"
}

# Cargo goes by file times, and knows a crate of ours by its place in the workspace: what another checkout compiled into
# the same folder after these files were written would pass for them. Then every source is made newer, once.
claim_target() {
    local owner=$CARGO_TARGET_DIR/checkout
    renew_native
    [ "$(cat "$owner" 2>/dev/null)" != "$root" ] || return 0
    mkdir -p "$CARGO_TARGET_DIR"
    find app domain engines frontend identity migrations pictures server sound -type f \( -name '*.rs' -o -name Cargo.toml \) -exec touch {} +
    printf '%s' "$root" >"$owner"
}

# The server and the engines, all packages at once, as the tests do: chosen one by one they would ask for other features of
# the same dependencies. LECTERN_FEATURES are more of theirs: `make test` takes what its tests were compiled with.
build_binaries() {
    local features=${LECTERN_FEATURES:-}
    local -a options=()
    [ -z "${LECTERN_ENGINES:-}" ] || features+=${features:+,}lectern-whisper/$LECTERN_ENGINES,lectern-llama/$LECTERN_ENGINES
    [ -z "$features" ] || options+=(--features "$features")
    [ -z "${CI:-}" ] || options+=(--locked)
    cargo build --workspace --exclude frontend --bins --profile "$profile" "${options[@]}" </dev/null
}

say() { printf '%s\n' "$*"; }
note() { printf '      %s\n' "$*"; }
warn() { printf 'lectern: %s\n' "$*" >&2; }
die() {
    said=yes
    warn "$*"
    exit 1
}

# The last line of a script that fails without having said why (die): what to do, as its `advise` has it. Its EXIT trap is this,
# or begins with it.
said=no
conclude() {
    case $? in
    0 | 130 | 143) ;;
    *) [ "$said" = yes ] || warn "$(advise)" ;;
    esac
}
have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command quietly; shows what it wrote only when it fails.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || status=$?
    [ "$status" -eq 0 ] || tail -n 40 "$log" >&2
    rm -f "$log"
    return "$status"
}

# As quietly, but somebody at a terminal sees how far it is.
patiently() {
    if [ -t 2 ]; then "$@" </dev/null; else quietly "$@"; fi
}

# attempt SECONDS COMMAND...: true when the command succeeds within the time; says nothing either way.
attempt() {
    local seconds=$1
    shift
    timeout --kill-after=5 "$seconds" "$@" >/dev/null 2>&1 </dev/null
}
