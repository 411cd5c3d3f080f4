//! What is typed into the form, field by field.

use domain::catalog::AudiobookForm;

/// Selects for categories.
pub const CATEGORIES: usize = 3;

/// A field of the form that holds text.
#[derive(Clone, Copy)]
pub struct TextField {
    pub name: &'static str,
    pub read: fn(&AudiobookForm) -> &String,
    pub write: fn(&mut AudiobookForm, String),
}

macro_rules! text_fields {
    ($($constant:ident $name:ident),* $(,)?) => {
        $(pub const $constant: TextField = TextField {
            name: stringify!($name),
            read: |form| &form.$name,
            write: |form, text| form.$name = text,
        };)*
        /// Every field that holds text.
        pub const TEXT_FIELDS: &[TextField] = &[$($constant),*];
        /// The fields that have a place for what is wrong with them.
        pub const NAMES: &[&str] = &[$(stringify!($name),)* "categories"];
    };
}

text_fields! {
    TITLE title,
    SUBTITLE subtitle,
    AUTHORS authors,
    NARRATORS narrators,
    SERIES series,
    SERIES_POSITION series_position,
    DESCRIPTION description,
    LANGUAGE language,
    YEAR year,
    PUBLISHER publisher,
    ISBN isbn,
    PRICE price,
    SALE_PRICE sale_price,
    SALE_STARTS sale_starts,
    SALE_ENDS sale_ends,
    LICENCES licences,
    TEXT_RIGHTS text_rights,
    SAMPLE_START sample_start,
    SAMPLE_END sample_end,
}

/// The form with a place for each of the selects.
pub fn padded(mut form: AudiobookForm) -> AudiobookForm {
    form.categories.resize(CATEGORIES, String::new());
    form
}

/// What is to stand in the form after the shop's own copy changed from `base` to `fresh`: what was typed stays, all else
/// follows the shop.
pub fn merged(base: &AudiobookForm, typed: &AudiobookForm, fresh: &AudiobookForm) -> AudiobookForm {
    let mut next = typed.clone();
    for field in TEXT_FIELDS {
        if (field.read)(typed) == (field.read)(base) {
            (field.write)(&mut next, (field.read)(fresh).clone());
        }
    }
    if typed.categories == base.categories {
        next.categories.clone_from(&fresh.categories);
    }
    if typed.featured == base.featured {
        next.featured = fresh.featured;
    }
    next.version = fresh.version;
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_being_typed_outlives_the_description_that_the_writer_fills_in() {
        let base = padded(AudiobookForm { title: "The Bell".to_owned(), version: 1, ..AudiobookForm::default() });
        let typed = AudiobookForm { price: "4.5".to_owned(), ..base.clone() };
        let fresh = padded(AudiobookForm {
            description: "A bell rings.".to_owned(),
            categories: vec!["mystery".to_owned()],
            version: 2,
            ..base.clone()
        });
        let next = merged(&base, &typed, &fresh);
        assert_eq!((next.price.as_str(), next.description.as_str(), next.version), ("4.5", "A bell rings.", 2));
        assert_eq!(next.categories, ["mystery", "", ""]);
    }

    #[test]
    fn every_text_field_reads_what_it_wrote() {
        for field in TEXT_FIELDS {
            let mut form = AudiobookForm::default();
            (field.write)(&mut form, "x".to_owned());
            assert_eq!((field.read)(&form), "x", "{}", field.name);
        }
    }
}
