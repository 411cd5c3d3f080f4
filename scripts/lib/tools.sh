# shellcheck shell=bash
# Programs that are compiled once from crates.io and kept in the cache.

cargo_leptos=0.3.10
cargo_deny=0.20.2

locked_version() {
    awk -v name="name = \"$1\"" '$0 == name { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock
}

# install_tool CRATE VERSION PROGRAM [OPTION...]: with a light profile, which takes minutes where the crate's own may take
# twenty; `light` is its level of optimisation.
install_tool() {
    local crate=$1 version=$2 program=$3
    shift 3
    if [ -x "$tools/bin/$program" ] && [ "$(cat "$tools/$crate.version" 2>/dev/null)" = "$version" ]; then
        note "$crate $version is here."
        return
    fi
    note "Compiling $crate $version; this takes a few minutes, once."
    CARGO_TARGET_DIR=$LECTERN_CACHE/tools-target \
        CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL="${light:-1}" \
        CARGO_PROFILE_RELEASE_DEBUG=0 patiently cargo install "$crate" --version "$version" --root "$tools" --force "$@"
    echo "$version" >"$tools/$crate.version"
    rm -rf "$LECTERN_CACHE/tools-target"
}

# Builds the pages. With the dependencies that it was released with: newer ones want a newer Rust.
set_up_cargo_leptos() { install_tool cargo-leptos "$cargo_leptos" cargo-leptos --locked; }

set_up_wasm_bindgen() { install_tool wasm-bindgen-cli "$(locked_version wasm-bindgen)" wasm-bindgen; }

# Checks what the shop is made of. It is asked once in a while and has little to do: not optimised, it compiles sooner.
set_up_cargo_deny() {
    if [ "$(cargo-deny --version 2>/dev/null)" = "cargo-deny $cargo_deny" ]; then
        note "cargo-deny $cargo_deny is here."
        return
    fi
    light=0 install_tool cargo-deny "$cargo_deny" cargo-deny --locked
}
