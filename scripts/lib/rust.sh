# shellcheck shell=bash
# A Rust that is new enough and can build for WebAssembly.

wasm=wasm32-unknown-unknown
oldest_rust=$(sed -n 's/^rust-version = "\([0-9.]*\)"$/\1/p' Cargo.toml)

# With the toolchain named (or the default one for an empty name): new enough, with formatter, linter and WASM's std?
rust_is_ready() {
    local sysroot version
    version=$(with_toolchain "$1" rustc --version 2>/dev/null | cut -d' ' -f2) || return 1
    [ -n "$version" ] || return 1
    [ "$(printf '%s\n' "$oldest_rust" "$version" | sort -V | head -n1)" = "$oldest_rust" ] || return 1
    sysroot=$(with_toolchain "$1" rustc --print sysroot)
    compgen -G "$sysroot/lib/rustlib/$wasm/lib/libstd-*.rlib" >/dev/null || return 1
    with_toolchain "$1" cargo clippy --version >/dev/null 2>&1 && with_toolchain "$1" cargo fmt --version >/dev/null 2>&1
}

with_toolchain() {
    local toolchain=$1
    shift
    if [ -n "$toolchain" ]; then RUSTUP_TOOLCHAIN=$toolchain "$@"; else "$@"; fi
}

# The ordinary way: rustup fetches what is missing.
rust_from_rustup() {
    local seconds=${LECTERN_PATIENCE:-60}
    if ! have rustup; then
        have curl || return 1
        local installer
        installer=$(mktemp)
        attempt "$seconds" curl --proto '=https' --tlsv1.2 -fsSL https://sh.rustup.rs -o "$installer" || return 1
        attempt 300 sh "$installer" -y --no-modify-path --profile minimal -c clippy -c rustfmt -t "$wasm" || return 1
        rust_is_ready '' && return
    fi
    attempt "$seconds" rustup target add "$wasm" && rust_is_ready '' && return
    # Nothing is downloaded for `stable` unless the server answers at all.
    attempt 10 curl -fsSI https://static.rust-lang.org/dist/channel-rust-stable.toml.sha256 || return 1
    attempt 600 rustup toolchain install stable --profile minimal -c clippy -c rustfmt -t "$wasm" &&
        rust_is_ready stable && echo stable >"$LECTERN_CACHE/toolchain"
}

# Where rustup's server cannot be reached: Debian's own Rust, with std for WebAssembly built from Debian's own source.
rust_from_debian() {
    can_install || return 1
    install_packages rustc-web cargo-web rust-web-src rustfmt-web rust-web-clippy lld-22 || return 1
    local toolchain='' sysroot
    if have rustup; then
        rustup toolchain link debian /usr
        toolchain=debian
    fi
    echo "$toolchain" >"$LECTERN_CACHE/toolchain"
    sysroot=$(with_toolchain "$toolchain" rustc --print sysroot)
    link_rust_lld "$sysroot"
    compgen -G "$sysroot/lib/rustlib/$wasm/lib/libstd-*.rlib" >/dev/null || build_std "$toolchain" "$sysroot"
    rust_is_ready "$toolchain"
}

link_rust_lld() {
    local host bin
    host=$(rustc -vV | sed -n 's/^host: //p')
    bin=$1/lib/rustlib/$host/bin
    [ -x "$bin/rust-lld" ] && return
    as_root mkdir -p "$bin"
    as_root ln -sf /usr/bin/lld-22 "$bin/rust-lld"
}

# Compiles std once by way of an empty library, and puts it where a downloaded one would be.
build_std() {
    local toolchain=$1 sysroot=$2 scratch rlib
    scratch=$(mktemp -d)
    quietly with_toolchain "$toolchain" cargo new --quiet --vcs none --lib "$scratch/empty" --name empty_for_std
    (
        cd "$scratch/empty" || exit 1
        CARGO_TARGET_DIR=$scratch/target RUSTC_BOOTSTRAP=1 quietly with_toolchain "$toolchain" cargo build --release \
            -Z build-std=std,panic_abort,panic_unwind,test --target "$wasm"
    )
    as_root mkdir -p "$sysroot/lib/rustlib/$wasm/lib"
    for rlib in "$scratch/target/$wasm/release/deps/"*.rlib; do
        case $rlib in
        *empty_for_std*) ;;
        *) as_root cp "$rlib" "$sysroot/lib/rustlib/$wasm/lib/" ;;
        esac
    done
    rm -rf "$scratch"
}

set_up_rust() {
    if rust_is_ready "${RUSTUP_TOOLCHAIN:-}"; then
        note "Rust is ready: $(rustc --version)."
        return
    fi
    if [ -z "${RUSTUP_TOOLCHAIN:-}" ] && rust_from_rustup; then
        note 'Took the ordinary way: rustup.'
    elif rust_from_debian; then
        note "rustup's server did not answer: took Debian's Rust and built std for WebAssembly."
    else
        die "Rust $oldest_rust or newer with the $wasm target is needed, and could not be installed: see https://rustup.rs"
    fi
    if [ -s "$LECTERN_CACHE/toolchain" ]; then
        RUSTUP_TOOLCHAIN=$(cat "$LECTERN_CACHE/toolchain")
        export RUSTUP_TOOLCHAIN
    fi
}
