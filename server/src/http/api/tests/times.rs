//! Times are written as RFC 3339 wherever they are sent or answered.

use super::described::description;
use super::*;
use domain::Timestamp;

/// Places, and no times.
const PLACES: [&str; 2] = ["pay_at", "pays_at"];

/// The members of a schema, and of those within it, that are times by their name, and are not described as such: each with the
/// schema around it. Counts those that are.
fn untold(schema: &Value, of: &str, told: &mut usize, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            for (name, member) in schema["properties"].as_object().into_iter().flatten() {
                let time = name.ends_with("_at") || name.ends_with("until") || name == "since";
                if !time || PLACES.contains(&name.as_str()) {
                    continue;
                }
                let example = [&member["example"], &member["examples"][0]].into_iter().find_map(Value::as_str);
                if member["format"] == "date-time" && example.is_none_or(|time| Timestamp::from_rfc3339(time).is_some())
                {
                    *told += 1;
                } else {
                    found.push(format!("{of}.{name}"));
                }
            }
            members.values().for_each(|member| untold(member, of, told, found));
        }
        Value::Array(items) => items.iter().for_each(|item| untold(item, of, told, found)),
        _ => {}
    }
}

#[test]
fn whatever_is_called_a_time_is_described_as_one() {
    let document = description();
    let (mut told, mut found) = (0, Vec::new());
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        untold(schema, name, &mut told, &mut found);
    }
    untold(&document["paths"], "paths", &mut told, &mut found);
    assert_eq!(found, Vec::<String>::new());
    assert!(told > 30, "only {told} times were found");
    let mut seen = Vec::new();
    let bad = json!({ "properties": {
        "made_at": { "type": "integer" },
        "ended_at": { "type": "string", "format": "date-time", "example": "yesterday" },
    } });
    untold(&bad, "A", &mut 0, &mut seen);
    seen.sort();
    assert_eq!(seen, ["A.ended_at", "A.made_at"], "one is seen where there is one");
}
