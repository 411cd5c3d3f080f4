//! From a picture to its sizes.

use super::{MakeSizes, PictureOf, naming};
use crate::catalog::titles;
use crate::entities::{audiobooks, people};
use crate::{Db, Error, Result, jobs};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Pictures asked for in one go.
const AT_ONCE: u64 = 500;

/// The key of the picture whose sizes are wanted; none when they are there, or nobody has one any more.
pub async fn original(db: &Db, of: PictureOf) -> Result<Option<String>> {
    let (original, made) = match of {
        PictureOf::Title(id) => match titles::by_id(db.read(), id).await {
            Ok(title) => (title.cover_key, title.cover_made),
            Err(Error::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error),
        },
        PictureOf::Contributor(id) => match people::Entity::find_by_id(id).one(db.read()).await? {
            Some(person) => (person.portrait_key, person.portrait_made),
            None => return Ok(None),
        },
    };
    Ok(original.filter(|key| made.as_deref() != Some(&*naming::base(key))))
}

/// The sizes of a picture are stored: they are shown from now on. Says whether somebody still wants it; another picture
/// that took its place meanwhile has a job of its own.
pub async fn made(db: &Db, of: PictureOf, original: &str) -> Result<bool> {
    let base = naming::base(original);
    db.transaction(async |tx| {
        let now = tx.now();
        let rows = match of {
            PictureOf::Title(id) => {
                use audiobooks::Column;
                let update = audiobooks::Entity::update_many()
                    .col_expr(Column::CoverMade, Expr::value(base.clone()))
                    .col_expr(Column::UpdatedAt, Expr::value(now));
                update.filter(Column::Id.eq(id)).filter(Column::CoverKey.eq(original)).exec(&tx).await?.rows_affected
            }
            PictureOf::Contributor(id) => {
                use people::Column;
                let update = people::Entity::update_many()
                    .col_expr(Column::PortraitMade, Expr::value(base.clone()))
                    .col_expr(Column::PortraitChangedAt, Expr::value(now));
                update.filter(Column::Id.eq(id)).filter(Column::PortraitKey.eq(original)).exec(&tx).await?.rows_affected
            }
        };
        Ok(rows > 0)
    })
    .await
}

/// No sizes can be made of a picture: it is forgotten, and a cover is drawn again. A picture is looked into before it is kept,
/// so that this is for those that an older shop kept unseen.
pub async fn give_up(db: &Db, of: PictureOf, original: &str) -> Result<()> {
    db.transaction(async |tx| {
        let now = tx.now();
        match of {
            PictureOf::Title(id) => {
                use audiobooks::Column;
                let update = audiobooks::Entity::update_many()
                    .col_expr(Column::CoverKey, Expr::value(None::<String>))
                    .col_expr(Column::CoverMade, Expr::value(None::<String>))
                    .col_expr(Column::CoverSource, Expr::value(None::<String>))
                    .col_expr(Column::UpdatedAt, Expr::value(now));
                update.filter(Column::Id.eq(id)).filter(Column::CoverKey.eq(original)).exec(&tx).await?;
            }
            PictureOf::Contributor(id) => {
                use people::Column;
                let update = people::Entity::update_many()
                    .col_expr(Column::PortraitKey, Expr::value(None::<String>))
                    .col_expr(Column::PortraitMade, Expr::value(None::<String>))
                    .col_expr(Column::PortraitChangedAt, Expr::value(now));
                update.filter(Column::Id.eq(id)).filter(Column::PortraitKey.eq(original)).exec(&tx).await?;
            }
        }
        Ok(())
    })
    .await
}

/// Asks for the sizes of covers that have none, and says how many. A shop that is older than sizes has such covers; those
/// whose job is under way are asked for once.
pub async fn catch_up(db: &Db) -> Result<u64> {
    let (mut after, mut asked) = (Uuid::nil(), 0);
    loop {
        let ids: Vec<Uuid> = audiobooks::Entity::find()
            .select_only()
            .column(audiobooks::Column::Id)
            .filter(audiobooks::Column::CoverKey.is_not_null())
            .filter(audiobooks::Column::CoverMade.is_null())
            .filter(audiobooks::Column::Id.gt(after))
            .order_by_asc(audiobooks::Column::Id)
            .limit(AT_ONCE)
            .into_tuple()
            .all(db.read())
            .await?;
        let Some(last) = ids.last() else { return Ok(asked) };
        after = *last;
        asked += ids.len() as u64;
        db.transaction(async |tx| {
            for id in &ids {
                jobs::enqueue(&tx, &MakeSizes { of: PictureOf::Title(*id) }).await?;
            }
            Ok(())
        })
        .await?;
    }
}
