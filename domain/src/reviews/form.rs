//! What somebody may write of a title.

use super::{LONGEST, LONGEST_REASON, ReviewForm};
use crate::{Error, Result};

/// A review that may be kept.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub story: i32,
    pub performance: i32,
    pub text: String,
}

impl Given {
    /// What somebody chose and typed.
    ///
    /// # Errors
    /// `Invalid` on the field `story`, `performance` or `text`.
    pub fn parse(form: &ReviewForm) -> Result<Self> {
        Ok(Self {
            story: stars("story", form.story)?,
            performance: stars("performance", form.performance)?,
            text: plain("text", &form.text, LONGEST)?,
        })
    }
}

/// Why a review is hidden.
///
/// # Errors
/// `Invalid` on the field `reason`.
pub(super) fn reason(typed: &str) -> Result<String> {
    let reason = plain("reason", typed, LONGEST_REASON)?;
    if reason.is_empty() { Err(Error::invalid("reason", "review.no-reason")) } else { Ok(reason) }
}

fn stars(field: &'static str, given: u8) -> Result<i32> {
    if (1..=5).contains(&given) { Ok(given.into()) } else { Err(Error::invalid(field, "review.no-stars")) }
}

/// Text as it is kept: lines end alike, nothing around it, and nothing in it that cannot be shown.
fn plain(field: &'static str, typed: &str, most: usize) -> Result<String> {
    let text = typed.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > most {
        return Err(Error::invalid(field, "form.too-long").with("most", most));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::invalid(field, "form.unprintable"));
    }
    Ok(text)
}
