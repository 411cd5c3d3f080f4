//! What an address can have been one of.

/// What an address was one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")]
pub enum RedirectKind {
    #[sea_orm(string_value = "category")]
    Category,
    #[sea_orm(string_value = "contributor")]
    Contributor,
    #[sea_orm(string_value = "series")]
    Series,
}
