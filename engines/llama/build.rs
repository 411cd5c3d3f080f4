//! Finds out which llama.cpp is built in, for the record that the shop keeps of each run: the library does not say, so
//! the lock file is asked.

use std::path::Path;

fn main() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    println!("cargo::rerun-if-changed={}", lock.display());
    println!("cargo::rerun-if-changed=build.rs");
    let lock = std::fs::read_to_string(lock).unwrap_or_default();
    let version = lock
        .split("[[package]]")
        .find(|package| package.contains("name = \"llama-cpp-2\""))
        .and_then(|package| package.lines().find_map(|line| line.strip_prefix("version = ")))
        .map_or("of unknown version", |version| version.trim_matches('"'));
    println!("cargo::rustc-env=LLAMA_CPP_2_VERSION={version}");
}
