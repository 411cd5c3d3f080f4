//! The contexts of the shop lie one above the other, and no two files need each other.
#![expect(clippy::unwrap_used, reason = "tests say what they expect")]

mod glossary;
mod graph;
mod imports;

use graph::{Graph, circle, knots};
use imports::Sources;
use std::collections::BTreeSet;
use std::path::Path;

/// The contexts from below: each may take from itself and from those before it. What stands in one line is one layer.
const LAYERS: &[&[&str]] = &[
    &[
        "actor",
        "clock",
        "country",
        "day",
        "db",
        "error",
        "keyset",
        "letters",
        "money",
        "page",
        "secret",
        "sentences",
        "slug",
        "timestamp",
        "trace",
        "vault",
    ],
    &["transcript"],
    &["audit"],
    &["limits"],
    &["jobs"],
    &["spoken"],
    &["entitlements"],
    &["figures"],
    &["pricing"],
    &["rates"],
    &["account"],
    &["flags"],
    &["webhooks"],
    &["providers"],
    &["catalog"],
    &["promotions"],
    &["wishlist"],
    &["reviews"],
    &["production"],
    &["ordering"],
    &["settings"],
    &["invoices"],
    &["listening"],
    &["insight"],
    &["privacy"],
    &["health"],
    &["maintenance"],
    &["job_kinds"],
];

/// The tables: seen by every context, and knowing of a context no more than the types of its columns.
const TABLES: &str = "entities";

/// The texts below `src/`, by their paths.
fn sources() -> Vec<(String, String)> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &root, &mut found);
    found
}

fn read(texts: &[(String, String)]) -> Sources {
    Sources::read(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

/// The context that a file belongs to.
fn context(file: &str) -> &str {
    file.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

/// The circles among files. Tables name each other for their relations; that is left out.
fn circles_of_files(sources: &Sources) -> Vec<String> {
    let mut edges = sources.edges();
    for (file, others) in &mut edges {
        if context(file) == TABLES {
            others.retain(|other| context(other) != TABLES);
        }
    }
    knots(&edges).iter().map(|knot| circle(&edges, knot)).collect()
}

/// The circles among contexts, tables left out.
fn circles_of_contexts(sources: &Sources) -> Vec<String> {
    let mut contexts = Graph::new();
    for (file, others) in sources.edges() {
        let others = others.into_iter().map(context).filter(|other| *other != context(file) && *other != TABLES);
        if context(file) != TABLES {
            contexts.entry(context(file)).or_default().extend(others);
        }
    }
    knots(&contexts).iter().map(|knot| circle(&contexts, knot)).collect()
}

/// Each file that takes from a context above its own, and each whose context has no place in the order.
fn against_the_order(sources: &Sources) -> Vec<String> {
    let layer = |context: &str| LAYERS.iter().position(|layer| layer.contains(&context));
    let mut wrong = Vec::new();
    for (file, others) in sources.edges() {
        let own = context(file);
        if [TABLES, "lib", "testing"].contains(&own) {
            continue;
        }
        if layer(own).is_none() {
            wrong.push(format!("{file}: {own} has no place in the order of contexts"));
        }
        let above = others.into_iter().filter(|other| context(other) != TABLES && layer(context(other)) > layer(own));
        wrong.extend(above.map(|other| format!("{file} -> {other}")));
    }
    wrong
}

/// Each file that reaches the text of titles past those who may: the table is the transcript's own, what waits for an admin
/// is for the review, and whatever else is read goes through the one query for what is approved.
fn past_the_review(sources: &Sources) -> Vec<String> {
    let may = |other: &str, file: &str| match other {
        "entities/segments.rs" => {
            ["transcript/segments.rs", "transcript/keep.rs", "transcript/moved.rs", "transcript/places.rs"]
                .contains(&file)
                || file.starts_with("transcript/edits/")
                || ["entities", "testing"].contains(&context(file))
        }
        "transcript/edits/lines.rs" | "transcript/edits/find.rs" => file == "production/editing.rs",
        "transcript/places.rs" => ["production/review.rs", "production/steps/view.rs"].contains(&file),
        "transcript/keep.rs" => ["production/chunks.rs", "production/import.rs", "production/again.rs"].contains(&file),
        "transcript/moved.rs" => ["production/parts/text.rs", "production/chunks/plan.rs"].contains(&file),
        _ => true,
    };
    let mut wrong = Vec::new();
    for (file, others) in sources.edges() {
        let past = others
            .into_iter()
            .filter(|other| context(file) != "lib" && file != "transcript/mod.rs" && !may(other, file));
        wrong.extend(past.map(|other| format!("{file} -> {other}")));
    }
    wrong
}

#[test]
fn text_is_read_through_what_is_approved_and_by_the_review_alone() {
    let texts = sources();
    let wrong = past_the_review(&read(&texts));
    assert!(wrong.is_empty(), "these reach text that may not be approved:\n{}", wrong.join("\n"));
    let (_, readers) = texts.iter().find(|(name, _)| name == "transcript/segments.rs").unwrap();
    assert_eq!(readers.matches("Entity::find").count(), 1, "one query reads for everybody");
    assert!(readers.contains("Column::Standing.is_in(Standing::APPROVED)"), "and asks what is approved");
}

#[test]
fn a_file_that_reads_text_past_the_review_is_found() {
    let files = [
        ("entities/segments.rs", "pub struct Entity;"),
        ("transcript/places.rs", "use crate::entities::segments::Entity;"),
        ("listening/player.rs", "use crate::entities::{files, segments};\nuse crate::transcript::places;"),
    ];
    let found = past_the_review(&Sources::read(files));
    assert_eq!(found, ["listening/player.rs -> entities/segments.rs", "listening/player.rs -> transcript/places.rs"]);
}

#[test]
fn whoever_writes_text_keeps_what_it_is_found_by() {
    let texts = sources();
    let sources = read(&texts);
    let edges = sources.edges();
    let writes = |file: &str, others: &BTreeSet<&str>| {
        let edits = ["production/review.rs", "production/editing.rs"].contains(&file);
        // It counts pieces anew, and leaves their text and times as they are.
        let counts = file == "production/chunks/plan.rs";
        let keeps = ["transcript/keep.rs", "transcript/moved.rs"].iter().any(|other| others.contains(other));
        context(file) == "production" && !counts && (keeps || edits)
    };
    let writers: Vec<_> = edges.iter().filter(|(file, others)| writes(file, others)).collect();
    assert!(writers.len() >= 5, "those that write text are found: {writers:?}");
    for (file, others) in writers {
        assert!(others.contains("spoken/index.rs"), "{file} writes text, and leaves the index as it was");
    }
}

#[test]
fn no_two_contexts_need_each_other() {
    let texts = sources();
    let circles = circles_of_contexts(&read(&texts));
    assert!(circles.is_empty(), "these contexts need each other:\n{}", circles.join("\n"));
}

#[test]
fn no_two_files_need_each_other() {
    let texts = sources();
    let circles = circles_of_files(&read(&texts));
    assert!(circles.is_empty(), "these files need each other:\n{}", circles.join("\n"));
}

#[test]
fn every_context_takes_only_from_those_below_it() {
    let texts = sources();
    let wrong = against_the_order(&read(&texts));
    assert!(wrong.is_empty(), "these take from a context above their own:\n{}", wrong.join("\n"));
}

#[test]
fn a_circle_between_two_contexts_is_found() {
    let files = [
        ("account/users.rs", "use crate::ordering::{Order, cart};\nfn f() {}"),
        ("ordering/mod.rs", "pub struct Order;"),
        ("ordering/cart.rs", "fn owner(id: crate::account::users::Id) {}"),
    ];
    assert_eq!(circles_of_contexts(&Sources::read(files)), ["account -> ordering -> account"]);
    assert_eq!(
        against_the_order(&Sources::read(files)),
        ["account/users.rs -> ordering/cart.rs", "account/users.rs -> ordering/mod.rs",]
    );
}

#[test]
fn a_circle_between_two_files_is_found_over_super_and_over_names_passed_on() {
    let files = [
        ("catalog/mod.rs", "pub mod edit; pub mod publish; pub use edit::by_id;"),
        ("catalog/edit.rs", "use super::publish::{self, check};"),
        ("catalog/publish.rs", "use super::by_id;"),
    ];
    let found = circles_of_files(&Sources::read(files));
    assert_eq!(found, ["catalog/edit.rs -> catalog/publish.rs -> catalog/edit.rs"]);
}

#[test]
fn a_table_that_knows_a_query_is_found() {
    let files = [
        ("entities/tokens.rs", "use crate::account::links::Purpose;"),
        ("account/links.rs", "use crate::entities::tokens;\npub enum Purpose {}"),
    ];
    let found = circles_of_files(&Sources::read(files));
    assert_eq!(found, ["account/links.rs -> entities/tokens.rs -> account/links.rs"]);
}

#[test]
fn words_in_comments_strings_and_tests_are_no_imports() {
    let files = [
        ("a.rs", "// use crate::b;\nfn f<'a>(x: &'a str) -> char { let _ = \"crate::b::c\"; '\"' }\n/* crate::b */"),
        ("b.rs", "use crate::a as first;\n#[cfg(test)]\nmod tests { use crate::c; }"),
        ("c.rs", "use crate::{b, Other};\nuse std::a::b;"),
    ];
    let sources = Sources::read(files);
    let edges = sources.edges();
    let edges: Vec<_> =
        edges.iter().map(|(file, others)| (*file, others.iter().copied().collect::<Vec<_>>())).collect();
    assert_eq!(edges, [("a.rs", vec![]), ("b.rs", vec!["a.rs"]), ("c.rs", vec!["b.rs"])]);
}
