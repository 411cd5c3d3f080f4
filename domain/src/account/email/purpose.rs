//! What links in mails are for.

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")]
pub enum TokenPurpose {
    /// Choosing a new password.
    #[sea_orm(string_value = "reset")]
    Reset,
    /// Confirming the address of an account.
    #[sea_orm(string_value = "confirm")]
    Confirm,
    /// Confirming the address that an account shall have.
    #[sea_orm(string_value = "move")]
    Move,
}

impl TokenPurpose {
    /// Milliseconds that a link works, from when it is sent.
    pub fn lifetime_ms(self) -> i64 {
        match self {
            Self::Reset => 30 * 60_000,
            Self::Confirm | Self::Move => 24 * 60 * 60_000,
        }
    }
}
