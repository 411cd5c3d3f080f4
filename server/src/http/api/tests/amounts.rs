//! Money says its currency wherever it is sent or answered.

use super::described::description;
use super::*;

/// What a member is called that is money, by one of the words of its name.
const MONEY: [&str; 16] = [
    "price", "prices", "amount", "total", "subtotal", "discount", "revenue", "cost", "fee", "tax", "money", "paid",
    "kept", "refund", "refunded", "minor",
];
/// These are called so and count something else; `minor` is the number in an amount itself.
const COUNTS: [&str; 5] =
    ["Amount.minor", "Audiobooks.total", "KeptTitles.total", "SearchFound.total", "Production.chunks_total"];

fn is_a_number(schema: &Value) -> bool {
    let number = |kind: &Value| kind == "integer" || kind == "number";
    number(&schema["type"]) || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(number))
}

/// The members of a schema, and of those within it, that are money and a number.
fn bare(schema: &Value, of: &str, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            for (name, member) in schema["properties"].as_object().into_iter().flatten() {
                let named = format!("{of}.{name}");
                let money = name.split('_').any(|word| MONEY.contains(&word));
                if money && is_a_number(member) && !COUNTS.contains(&named.as_str()) {
                    found.push(named);
                }
            }
            members.values().for_each(|member| bare(member, of, found));
        }
        Value::Array(items) => items.iter().for_each(|item| bare(item, of, found)),
        _ => {}
    }
}

#[test]
fn no_amount_of_money_is_a_bare_number() {
    let document = description();
    let mut found = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        bare(schema, name, &mut found);
    }
    bare(&document["paths"], "paths", &mut found);
    assert_eq!(found, Vec::<String>::new());
    let mut seen = Vec::new();
    bare(
        &json!({ "properties": { "sale": { "properties": { "price": { "type": ["integer", "null"] } } } } }),
        "A",
        &mut seen,
    );
    assert_eq!(seen, ["A.price"], "one is seen where there is one");
}
