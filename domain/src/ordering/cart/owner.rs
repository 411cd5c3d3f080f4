//! Whose cart it is.

use uuid::Uuid;

/// Whose cart it is.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum CartOwner {
    User(Uuid),
    /// The secret that the guest's browser holds.
    Guest(String),
}

impl CartOwner {
    pub(in crate::ordering) fn user_id(&self) -> Option<Uuid> {
        match self {
            Self::User(id) => Some(*id),
            Self::Guest(_) => None,
        }
    }
}

impl std::fmt::Debug for CartOwner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::User(id) => write!(f, "User({id})"),
            Self::Guest(_) => f.write_str("Guest(…)"),
        }
    }
}
