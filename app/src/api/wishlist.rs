//! What people wish for.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
use domain::wishlist::Wishlist;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

/// The titles that whoever asks wishes for; `None` for a guest, who has no list.
#[server(input = GetUrl, endpoint = "wishlist/wished")]
pub async fn wished() -> Result<Option<Vec<Uuid>>, AppError> {
    let Some(user) = crate::context::viewer().await? else { return Ok(None) };
    Ok(Some(domain::wishlist::keep::wished(&crate::context::db()?, user.id).await?))
}

/// One's wishlist.
#[server(name = ReadWishlist, input = GetUrl, endpoint = "wishlist/get")]
pub async fn wishlist() -> Result<Wishlist, AppError> {
    let user = crate::context::require_user().await?;
    Ok(domain::wishlist::keep::list(&crate::context::db()?, user.id).await?)
}

/// Wishes for a title, or no longer. Without JavaScript the title's page comes next, or the wishlist where it was done there.
#[server(endpoint = "wishlist/set")]
pub async fn set_wish(slug: String, wanted: bool, #[server(default)] from_list: bool) -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    let db = crate::context::db()?;
    if wanted {
        domain::wishlist::keep::wish(&db, user.id, &slug).await?;
    } else {
        domain::wishlist::keep::forget(&db, user.id, &slug).await?;
    }
    let back = if from_list { "/wishlist".to_owned() } else { paths::book(domain::Slug::from_name(&slug)) };
    crate::context::go_on_without_script(&back);
    Ok(())
}

/// Says whether one wants a mail when something on the wishlist is on sale. A box that is not ticked is not sent.
#[server(endpoint = "wishlist/mails")]
pub async fn set_sale_mails(#[server(default)] wanted: bool) -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    domain::account::profile::want_sale_mails(&crate::context::db()?, user.id, wanted).await?;
    crate::context::go_on_without_script("/wishlist?saved=1");
    Ok(())
}

/// The wishes of whoever looks, for every part of the page.
#[derive(Clone, Copy)]
pub struct WishContext {
    pub set: ServerAction<SetWish>,
    /// `None` for a guest.
    pub wished: Resource<Result<Option<Vec<Uuid>>, AppError>>,
}

/// Asks once what is wished for, and again after each wish and each log-in or log-out.
pub fn provide_wishes() {
    let viewer = super::account::use_viewer();
    let set = ServerAction::<SetWish>::new();
    let changed = move || {
        (
            set.version().get(),
            viewer.login.version().get() + viewer.register.version().get() + viewer.code.version().get(),
            viewer.logout.version().get() + viewer.leave_all.version().get() + viewer.delete.version().get(),
        )
    };
    provide_context(WishContext { set, wished: Resource::new(changed, |_| wished()) });
}

/// See [`provide_wishes`].
pub fn use_wishes() -> WishContext {
    expect_context()
}
