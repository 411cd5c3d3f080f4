//! A title.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audiobooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub slug: String,
    pub status: crate::catalog::Status,
    pub title: String,
    /// What lists are sorted by: the title in lower case without accents.
    pub sort_title: String,
    pub subtitle: Option<String>,
    pub description: String,
    pub language: String,
    /// Somebody has set a price; until then it is 0, which is also what a free title costs.
    pub priced: bool,
    pub price_minor: i64,
    pub currency: String,
    pub sale_price_minor: Option<i64>,
    pub sale_starts_at: Option<Timestamp>,
    pub sale_ends_at: Option<Timestamp>,
    /// The lowest price of now, or else of what begins next, by its own sale or one of the shop: kept for lists.
    pub reduced_minor: Option<i64>,
    pub reduced_starts_at: Option<Timestamp>,
    pub reduced_ends_at: Option<Timestamp>,
    pub licences_total: Option<i32>,
    pub licences_sold: i32,
    pub series_id: Option<Uuid>,
    pub series_position: Option<i32>,
    pub duration_ms: i64,
    pub published_at: Option<Timestamp>,
    /// When it goes on sale by itself.
    pub publish_at: Option<Timestamp>,
    /// Why it did not, in a sentence.
    pub publish_failure: Option<String>,
    pub featured: bool,
    pub text_rights: crate::catalog::TextRights,
    pub sample_start_ms: i64,
    pub sample_end_ms: i64,
    pub sample_key: Option<String>,
    /// The picture that the cover is made of, as it came.
    pub cover_key: Option<String>,
    /// What the keys of its sizes begin with; none until they are made.
    pub cover_made: Option<String>,
    pub cover_source: Option<crate::catalog::covers::CoverSource>,
    pub published_year: Option<i32>,
    pub publisher: Option<String>,
    /// Digits and a last X, without hyphens.
    pub isbn: Option<String>,
    /// The version that filling it in from a recording left: nobody has saved since while it is still that.
    pub filled_version: Option<i32>,
    pub sold_count: i64,
    /// How many reviews count, and their mean in hundredths of a star.
    pub rating_count: i32,
    pub rating_mean: i32,
    /// What "best rated" goes by, in thousandths of a star; 0 without any rating.
    pub rating_rank: i32,
    pub story_sum: i32,
    pub performance_sum: i32,
    /// How many gave one star, two, and so on.
    pub stars_one: i32,
    pub stars_two: i32,
    pub stars_three: i32,
    pub stars_four: i32,
    pub stars_five: i32,
    pub version: i32,
    /// Counts every change of its parts and of their order.
    pub parts_version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
