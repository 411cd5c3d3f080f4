//! Everything that people do on a page, programs do as well: each server function stands beside the operations that do
//! the same, or beside the reason why there are none.

mod functions;

use super::described::description;
use crate::http::api::browse::operations;
use functions::FUNCTIONS;
use std::collections::BTreeSet;
use std::path::Path;

/// How a program does what a page does.
pub enum Done {
    /// By any of these operations, as the description names them.
    By(&'static [&'static str]),
    /// Not at all, for this reason.
    Without(&'static str),
}

/// The names of the server functions in a text.
fn server_functions(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut marked = false;
    for line in text.lines() {
        // Within a function's arguments it marks one that may be missing.
        marked |= line.starts_with("#[server(") || line.starts_with("#[server]");
        if let Some((_, rest)) = line.split_once("fn ").filter(|_| marked) {
            found.push(rest.split(['(', '<']).next().unwrap().to_owned());
            marked = false;
        }
    }
    found
}

/// Every server function of the shop's pages, by its file and name.
fn of_pages() -> BTreeSet<String> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let file = path.strip_prefix(root).unwrap().with_extension("");
                let file = file.to_str().unwrap().replace(['/', '\\'], "::");
                let file = file.strip_prefix("api::").unwrap_or(&file);
                let text = std::fs::read_to_string(&path).unwrap();
                found.extend(server_functions(&text).into_iter().map(|name| format!("{file}::{name}")));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src");
    let mut found = BTreeSet::new();
    walk(&root, &root, &mut found);
    found
}

/// What is wrong with a list, by name.
fn wrong(listed: &[(&str, Done)], functions: &BTreeSet<String>, described: &BTreeSet<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut known = BTreeSet::new();
    for (name, done) in listed {
        if !known.insert(*name) {
            wrong.push(format!("{name} is listed twice"));
        }
        match done {
            Done::By(names) => {
                let unknown = names.iter().filter(|operation| !described.contains(**operation));
                wrong.extend(unknown.map(|operation| format!("{name}: there is no operation {operation}")));
                if names.is_empty() {
                    wrong.push(format!("{name}: no operation does it, and nothing says why"));
                }
            }
            Done::Without(reason) if reason.split(' ').count() < 5 => {
                wrong.push(format!("{name}: {reason:?} is no reason"));
            }
            Done::Without(_) => {}
        }
    }
    let forgotten = functions.iter().filter(|name| !known.contains(name.as_str()));
    wrong.extend(forgotten.map(|name| format!("{name} is new: by which operation does a program do it?")));
    wrong.extend(known.iter().filter(|name| !functions.contains(**name)).map(|name| format!("{name} is gone")));
    wrong
}

#[test]
fn everything_that_people_do_on_a_page_programs_do_as_well() {
    let document = description();
    let named = operations(&document).map(|(.., operation)| operation["operationId"].as_str().unwrap().to_owned());
    let (functions, described): (_, BTreeSet<String>) = (of_pages(), named.collect());
    assert_eq!(functions.len(), leptos::server_fn::axum::server_fn_paths().count(), "not all were found");
    let wrong = wrong(FUNCTIONS, &functions, &described);
    assert!(wrong.is_empty(), "in tests/pages/functions.rs:\n{}", wrong.join("\n"));
}

#[test]
fn a_new_function_one_that_is_gone_and_an_operation_that_does_not_exist_are_told_by_name() {
    let text = "/// A page.\n#[server(name = Read, endpoint = \"a/b\")]\n#[expect(x)]\npub async fn read(\n    \
                #[server(default)] text: String,\n) {}\nfn other() {}\n#[server]\npub async fn keep() {}\n";
    assert_eq!(server_functions(text), ["read", "keep"]);
    let functions = BTreeSet::from(["a::read", "a::keep"].map(str::to_owned));
    let described = BTreeSet::from(["read_a".to_owned()]);
    let found = |listed: &[(&str, Done)]| wrong(listed, &functions, &described);
    let good = ("a::read", Done::By(&["read_a"]));
    assert_eq!(found(&[good]), ["a::keep is new: by which operation does a program do it?"]);
    let listed = [
        ("a::read", Done::By(&["read_b"])),
        ("a::keep", Done::Without("No need.")),
        ("a::drop", Done::Without("Nobody has anything to drop.")),
    ];
    let expected = ["a::read: there is no operation read_b", "a::keep: \"No need.\" is no reason", "a::drop is gone"];
    assert_eq!(found(&listed), expected);
}
