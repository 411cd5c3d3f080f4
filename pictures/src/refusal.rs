//! Why a file is not taken for a picture.

/// Each has a [code](Refusal::code), by which the shop finds the sentence for whoever sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("it is none of the pictures that the shop knows")]
    NotAPicture,
    #[error("it begins like a picture and cannot be read to its end")]
    Damaged,
    #[error("it has too many bytes")]
    TooManyBytes,
    #[error("it has too many pixels")]
    TooManyPixels,
    #[error("it is too small")]
    TooSmall,
    /// Not the picture's fault.
    #[error("it could not be encoded")]
    NotEncoded,
}

impl Refusal {
    const ALL: [Self; 6] =
        [Self::NotAPicture, Self::Damaged, Self::TooManyBytes, Self::TooManyPixels, Self::TooSmall, Self::NotEncoded];

    /// The one with this [code](Self::code).
    pub fn by_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }

    /// A stable name, such as `picture.too-small`.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAPicture => "picture.unknown",
            Self::Damaged => "picture.damaged",
            Self::TooManyBytes => "picture.too-many-bytes",
            Self::TooManyPixels => "picture.too-many-pixels",
            Self::TooSmall => "picture.too-small",
            Self::NotEncoded => "picture.not-encoded",
        }
    }
}
