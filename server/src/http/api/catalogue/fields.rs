//! The members of an answer that a program wants: `fields=title,price`.

use crate::http::api::problem::{FieldError, Problem};
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

/// What members can be chosen of.
pub trait Members: Serialize + ToSchema {
    /// The names of all of them.
    const NAMES: &'static [&'static str];
}

/// Which members are wanted; `None` for all.
#[derive(Debug, PartialEq, Eq)]
pub struct Fields(Option<Vec<&'static str>>);

impl Fields {
    /// Reads names between commas, such as they stand in a query.
    ///
    /// # Errors
    /// 422 for a name that `T` has not.
    pub fn of<T: Members>(asked: Option<&str>) -> Result<Self, Problem> {
        let Some(asked) = asked else { return Ok(Self(None)) };
        let names = asked.split(',').map(str::trim).map(|name| {
            T::NAMES.iter().find(|known| **known == name).copied().ok_or_else(|| {
                Problem::invalid(vec![FieldError {
                    field: "fields".to_owned(),
                    code: "fields.unknown".to_owned(),
                    message: format!("There is no member {name:?}. Choose from {}.", T::NAMES.join(", ")),
                }])
            })
        });
        names.collect::<Result<_, _>>().map(|names| Self(Some(names)))
    }

    /// What is wanted of a value. Its id is there in any case.
    pub fn pick<T: Members>(&self, value: T) -> Part<T> {
        let Some(names) = &self.0 else { return Part::Whole(value) };
        match serde_json::to_value(&value) {
            Ok(Value::Object(mut members)) => {
                members.retain(|name, _| name == "id" || names.contains(&name.as_str()));
                Part::Some(members)
            }
            _ => Part::Whole(value),
        }
    }
}

/// A value, or the members of it that were chosen.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Part<T> {
    Whole(T),
    Some(Map<String, Value>),
}

impl<T: Members> PartialSchema for Part<T> {
    fn schema() -> RefOr<Schema> {
        let mut schema = T::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.retain(|name| name == "id");
        }
        schema
    }
}

impl<T: Members> ToSchema for Part<T> {
    fn name() -> Cow<'static, str> {
        format!("PartOf{}", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::super::audiobook::Audiobook;
    use super::super::product::Product;
    use super::*;

    fn described<T: ToSchema>() -> Vec<String> {
        let RefOr::T(Schema::Object(object)) = T::schema() else { panic!("no object") };
        let mut names: Vec<String> = object.properties.keys().cloned().collect();
        names.sort_unstable();
        names
    }

    fn named<T: Members>() -> Vec<&'static str> {
        let mut names = T::NAMES.to_vec();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_member_can_be_chosen() {
        assert_eq!(named::<Audiobook>(), described::<Audiobook>());
        assert_eq!(named::<Product>(), described::<Product>());
    }

    #[test]
    fn a_member_that_is_not_there_is_named() {
        assert!(Fields::of::<Audiobook>(Some("title, price")).is_ok());
        for asked in ["", "colour", "title,", "Title"] {
            assert!(Fields::of::<Audiobook>(Some(asked)).is_err(), "{asked:?}");
        }
    }
}
