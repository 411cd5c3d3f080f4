//! What people are told when a value is refused.

use domain::account::{InvalidEmail, WeakPassword};
use domain::audit::InvalidDay;
use domain::ordering::InvalidCard;
use domain::{Currency, Money, Refusal};

fn is_said_alike(value: impl ToString + Into<Refusal>) {
    let said = value.to_string();
    assert_eq!(value.into().sentence(), said);
}

#[test]
fn browser_and_server_say_the_same_of_a_value() {
    is_said_alike(InvalidEmail);
    is_said_alike(InvalidCard);
    is_said_alike(InvalidDay);
    is_said_alike(Money::parse("twelve", Currency::USD).unwrap_err());
    let weak = [
        WeakPassword::TooShort,
        WeakPassword::TooLong,
        WeakPassword::Common,
        WeakPassword::Personal,
        WeakPassword::ShopName,
    ];
    weak.into_iter().for_each(is_said_alike);
}

/// The codes that stand in a text: what is given to `conflict` and `invalid` last.
fn codes(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for call in ["Error::conflict(", "Error::invalid("] {
        for rest in text.split(call).skip(1) {
            let given: Vec<&str> = rest.split(')').next().unwrap_or_default().split('"').collect();
            // Between quotes; a field of a form comes first and has no dot.
            let literals = given.iter().skip(1).step_by(2).filter(|literal| literal.contains(['.', ' ']));
            found.extend(literals.map(|literal| (*literal).to_owned()));
        }
    }
    found
}

fn sources(folder: &std::path::Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.extend(codes(&std::fs::read_to_string(path).unwrap()));
        }
    }
}

#[test]
fn every_code_has_a_sentence_and_no_sentence_passes_for_a_code() {
    let mut found = Vec::new();
    for crate_ in ["domain", "app", "identity", "server"] {
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(crate_).join("src"), &mut found);
    }
    assert!(found.len() > 60, "the codes are found: {found:?}");
    for code in found {
        let known: &'static str = code.clone().leak();
        assert!(!code.contains(' '), "a sentence in place of a code: {code}");
        assert_ne!(Refusal::from(known).sentence(), code, "no sentence in domain/src/sentences");
    }
    assert_eq!(
        codes(r#"Error::invalid("email", "email.none") Error::conflict("Sold out.")"#),
        ["Sold out.", "email.none"]
    );
}
