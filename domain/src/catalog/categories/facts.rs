//! What the writers need of the categories, to sort titles into them.

use crate::Result;
use crate::entities::categories;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};

/// A category of the shop's list, as the writers need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryFacts {
    pub slug: String,
    pub name: String,
    /// Words that are typical of it.
    pub keywords: Vec<String>,
}

/// Every category, in the shop's order.
pub async fn category_facts(db: &impl ConnectionTrait) -> Result<Vec<CategoryFacts>> {
    let rows = categories::Entity::find().order_by_asc(categories::Column::Position).all(db).await?;
    let words = |text: &str| {
        text.split([',', ' ', '\n', ';'])
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    Ok(rows
        .into_iter()
        .map(|row| CategoryFacts { keywords: words(&row.keywords), slug: row.slug, name: row.name })
        .collect())
}
