//! What the pages on security name has to be there: they are read by people who rely on it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The requirements of OWASP ASVS 5.0 of the levels 1 and 2; `1.2.1-3` is 1.2.1, 1.2.2 and 1.2.3.
const REQUIREMENTS: &str = "\
    1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5 \
    3.7.1-2 4.1.1-3 4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 \
    6.6.1-3 6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2 8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4 \
    10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 \
    11.6.1 12.1.1-3 12.2.1-2 12.3.1-4 13.1.1 13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 \
    15.2.1-3 15.3.1-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3 17.1.1 17.2.1-4 17.3.1-2";

const PAGES: [&str; 5] = [
    "docs/security/asvs.md",
    "docs/security/review.md",
    "docs/security/rules.md",
    "docs/security/threat-model.md",
    "docs/security/timing.md",
];
/// Where sources are, and what a path in a page begins with.
const FOLDERS: [&str; 13] = [
    "app",
    "docs",
    "domain",
    "end2end",
    "engines",
    "frontend",
    "identity",
    "migrations",
    "scripts",
    "server",
    "sound",
    "style",
    ".github",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn page(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The Rust sources below a folder: path and content.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.to_string_lossy().replace('\\', "/"), fs::read_to_string(&path).unwrap()));
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in FOLDERS.map(|folder| root().join(folder)).iter().filter(|folder| folder.is_dir()) {
        sources(folder, &mut found);
    }
    found
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Whether `module::name` is a test: a function after `#[test]` or the like, in the file of the module. `*` is any module.
fn is_a_test(name: &str, sources: &[(String, String)]) -> bool {
    let (module, function) = name.rsplit_once("::").unwrap_or(("*", name));
    let file = module.replace("::", "/");
    let in_module = |path: &str| {
        let ends = [format!("/{file}.rs"), format!("/{file}/mod.rs")];
        module == "*" || ends.iter().any(|end| path.ends_with(end.as_str()))
    };
    let begin = format!("fn {function}(");
    sources
        .iter()
        .filter(|(path, _)| in_module(path))
        .any(|(_, content)| content.find(&begin).is_some_and(|place| is_marked(&content[..place])))
}

/// Whether the attributes before a function make it a test.
fn is_marked(before: &str) -> bool {
    // The first piece is the beginning of the function's own line.
    let above = before.rsplit('\n').map(str::trim).skip(1);
    let attributes = above.take_while(|line| line.starts_with("#[") || line.starts_with("///"));
    attributes.into_iter().any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"))
}

/// Whether it is meant as a path in the repository.
fn is_a_path(text: &str) -> bool {
    let first = text.split('/').next().unwrap_or_default();
    let below = text.contains('/') && FOLDERS.contains(&first);
    let beside = [".toml", ".lock", ".yaml", ".json"].iter().any(|end| text.ends_with(end)) || text == "Dockerfile";
    !text.contains([' ', '*', '{']) && (below || (beside && !text.contains('/')))
}

#[test]
fn what_the_security_pages_name_is_there() {
    let sources = all_sources();
    let mut gone = Vec::new();
    for path in PAGES {
        let text = page(path);
        let mut tests = 0;
        for name in quoted(&text) {
            let there = if name.contains("::") && !name.contains(' ') {
                tests += 1;
                is_a_test(name, &sources)
            } else {
                !is_a_path(name) || root().join(name).exists()
            };
            if !there {
                gone.push(format!("{path}: {name}"));
            }
        }
        assert!(tests > 100 || !path.ends_with("asvs.md"), "the page names hardly any test");
    }
    assert!(gone.is_empty(), "these are named and not there:\n{}", gone.join("\n"));
}

#[test]
fn no_requirement_of_the_standard_is_left_out() {
    let text = page("docs/security/asvs.md");
    let numbers = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    let named: BTreeSet<&str> = numbers.map(|id| id.trim_matches('.')).collect();
    let asked: BTreeSet<String> = REQUIREMENTS
        .split_whitespace()
        .flat_map(|range| {
            let (first, last) = range.split_once('-').unwrap_or((range, ""));
            let (section, from) = first.rsplit_once('.').unwrap();
            let from: u32 = from.parse().unwrap();
            let to: u32 = if last.is_empty() { from } else { last.parse().unwrap() };
            (from..=to).map(move |number| format!("{section}.{number}"))
        })
        .collect();
    assert_eq!(asked.len(), 253);
    let forgotten: Vec<_> = asked.iter().filter(|id| !named.contains(id.as_str())).collect();
    assert!(forgotten.is_empty(), "left out: {forgotten:?}");
}

#[test]
fn a_name_that_is_nowhere_is_noticed() {
    let sources = all_sources();
    assert!(is_a_test("documents::a_name_that_is_nowhere_is_noticed", &sources));
    assert!(is_a_test("*::a_name_that_is_nowhere_is_noticed", &sources));
    assert!(!is_a_test("documents::a_test_that_was_renamed", &sources));
    assert!(!is_a_test("documents::all_sources", &sources), "it is no test");
    assert!(!is_a_test("tokens::a_name_that_is_nowhere_is_noticed", &sources), "it is somewhere else");
    assert!(is_a_path("server/src/http/router.rs") && is_a_path("Cargo.lock") && !is_a_path("/api/v1/docs"));
}
