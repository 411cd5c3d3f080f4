//! What Stripe's objects look like where nothing has been said of them.

use serde_json::Value;
use std::sync::LazyLock;

/// By the names of the objects; without the fields that are always said.
static BLANK: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(include_str!("shapes.json")).unwrap());

/// A whole object of Stripe's, with all that is `said` of it.
pub fn whole(name: &str, said: Value) -> Value {
    let mut object = BLANK[name].clone();
    let (Value::Object(fields), Value::Object(said)) = (&mut object, said) else { panic!("no such object: {name}") };
    fields.extend(said);
    object
}
