//! The sorts of errors there are.

/// What a caller can do about an error. Every edge of the shop (pages, API, uploads, commands, jobs) goes by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    NotFound,
    Forbidden,
    Invalid,
    Conflict,
    Busy,
    TooMany,
    /// A fault of the shop: logged, and told to nobody.
    Internal,
}

impl ErrorKind {
    /// The status of an answer over HTTP (RFC 9110, and RFC 6585 for 429).
    pub fn status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Forbidden => 403,
            Self::Invalid => 422,
            Self::Conflict => 409,
            Self::Busy => 503,
            Self::TooMany => 429,
            Self::Internal => 500,
        }
    }

    /// The name of a case that has no closer one.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
            Self::Busy => "busy",
            Self::TooMany => "too-many",
            Self::Internal => "internal",
        }
    }

    /// Whether the same again may go well without anybody changing anything.
    pub fn is_passing(self) -> bool {
        matches!(self, Self::Busy | Self::TooMany | Self::Internal)
    }

    /// Whether it belongs into the log.
    pub fn is_ours(self) -> bool {
        self == Self::Internal
    }
}
