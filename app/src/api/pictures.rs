//! Covers of titles and portraits of contributors, as admins look after them. They come by a plain form
//! ([`crate::paths::upload_picture`]).

use crate::AppError;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::catalog::covers::PictureView;
#[cfg(feature = "ssr")]
use domain::catalog::covers::{self, PictureOf};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A picture, and what was wrong with the one that was sent before the page was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureFacts {
    pub view: PictureView,
    pub refused: Option<String>,
}

#[cfg(feature = "ssr")]
fn parse(family: &str, id: Uuid) -> Result<PictureOf, AppError> {
    PictureOf::parse(family, id).ok_or_else(|| AppError::NotFound("picture".to_owned()))
}

/// The picture of a title or contributor; `family` is `titles` or `contributors`, `refused` the code that the form came back
/// with, if any.
#[server(name = ReadPicture, input = GetUrl, endpoint = "pictures/view")]
pub async fn picture(family: String, id: Uuid, #[server(default)] refused: String) -> Result<PictureFacts, AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let view = covers::view(&crate::context::db()?, parse(&family, id)?).await?;
    Ok(PictureFacts { view, refused: covers::refusal(&refused).map(|refusal| refusal.sentence()) })
}

/// Takes a picture away; a cover is drawn again.
#[server(endpoint = "pictures/remove")]
pub async fn remove_picture(family: String, id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let of = parse(&family, id)?;
    covers::remove(&crate::context::db()?, of).await?;
    crate::context::go_on_without_script(&format!("/admin/{of}#picture"));
    Ok(())
}

/// Gives a title the picture in its recording as cover.
#[server(endpoint = "pictures/use-embedded")]
pub async fn use_embedded_cover(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    covers::use_embedded(&crate::context::db()?, id).await?;
    crate::context::go_on_without_script(&format!("/admin/{}#picture", PictureOf::Title(id)));
    Ok(())
}
