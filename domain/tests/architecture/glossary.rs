//! The glossary names what there is.

use std::path::Path;

/// The texts of all Rust files below a folder.
fn texts(folder: &Path, found: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            *found += &std::fs::read_to_string(&path).unwrap();
        }
    }
}

fn stands_in(code: &str, name: &str) -> bool {
    let part_of_a_name = |sign: Option<char>| sign.is_some_and(|sign| sign.is_alphanumeric() || sign == '_');
    code.match_indices(name).any(|(at, _)| {
        !part_of_a_name(code[..at].chars().next_back()) && !part_of_a_name(code[at + name.len()..].chars().next())
    })
}

#[test]
fn every_name_in_the_glossary_stands_in_the_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut code = String::new();
    for folder in ["domain/src", "identity/src", "app/src", "server/src"] {
        texts(&root.join(folder), &mut code);
    }
    let glossary = std::fs::read_to_string(root.join("docs/glossary.md")).unwrap();
    let rows = glossary.lines().filter(|line| line.starts_with('|'));
    let gone: Vec<_> =
        rows.flat_map(|row| row.split('`').skip(1).step_by(2)).filter(|name| !stands_in(&code, name)).collect();
    assert!(gone.is_empty(), "the glossary has names that are not in the code: {gone:?}");
}
