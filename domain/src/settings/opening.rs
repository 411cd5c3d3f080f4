//! How far a shop is set up, for the list of what is left to do.

use super::rows::Setting;
use super::{Opening, keep, legal, trials};
use crate::catalog::{categories, titles};
use crate::{Db, Result};

/// How far the shop is set up.
pub async fn opening(db: &Db) -> Result<Opening> {
    Ok(Opening {
        named: keep::are_kept(db.read()).await?,
        seller: legal::keep::seller(db.read()).await?.is_known(),
        categories: categories::count(db).await?,
        mail: trials::kept(db.read(), Setting::MailTrial).await?,
        models: trials::kept(db.read(), Setting::ModelTrial).await?,
        titles: titles::count(db).await?,
        open: titles::ever_published(db).await?,
    })
}
