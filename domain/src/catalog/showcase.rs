//! The title that the home page lets anyone hear and read along with.

use super::product_page::sample;
use super::summaries::{SummaryRow, assemble};
use super::{Showcase, TextRights, search};
use crate::entities::audiobooks;
use crate::transcript::segments;
use crate::{Db, Result};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Select};

/// The newest published title whose sample can be heard and read: of those that the shop puts forward, or else of all.
pub(super) async fn showcase(db: &Db) -> Result<Option<Showcase>> {
    let put_forward = newest(heard().filter(audiobooks::Column::Featured.eq(true)));
    let title = match put_forward.one(db.read()).await? {
        Some(title) => title,
        None => match newest(heard()).one(db.read()).await? {
            Some(title) => title,
            None => return Ok(None),
        },
    };
    let summary = assemble(db.read(), vec![SummaryRow::from(&title)], db.now()).await?.pop();
    let sample = sample(db, &title).await?.filter(|sample| !sample.segments.is_empty());
    Ok(summary.zip(sample).map(|(summary, sample)| Showcase { summary, sample }))
}

fn newest(titles: Select<audiobooks::Entity>) -> Select<audiobooks::Entity> {
    titles.order_by_desc(audiobooks::Column::PublishedAt).order_by_desc(audiobooks::Column::Id)
}

/// Published titles with a sample in which something is said that may be read.
fn heard() -> Select<audiobooks::Entity> {
    use audiobooks::Column;
    let of_title = |column: Column| Expr::col((audiobooks::Entity, column));
    let said = segments::said(of_title(Column::Id), of_title(Column::SampleStartMs), of_title(Column::SampleEndMs));
    search::published()
        .filter(Column::SampleKey.is_not_null())
        .filter(Column::TextRights.ne(TextRights::None))
        .filter(Expr::exists(said))
}
