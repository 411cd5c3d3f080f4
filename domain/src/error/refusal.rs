//! Why somebody was refused.

use crate::sentences;

/// Why somebody was refused: a stable name of the case, and the values that its sentence names. The sentence is made
/// where it is shown, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    code: &'static str,
    values: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A stable name of the case, for programs: `cart.full`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The same, with a value that its sentence names.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// The sentence for the person, in English.
    pub fn sentence(&self) -> String {
        sentences::english(self.code, &self.values)
    }
}

impl From<&'static str> for Refusal {
    fn from(code: &'static str) -> Self {
        Self { code, values: Vec::new() }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence())
    }
}
