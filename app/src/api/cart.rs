//! The cart: a guest's and a shopper's alike.

use crate::AppError;
use domain::ordering::{Added, Cart};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// The cart with today's prices.
#[server(name = ReadCart, input = GetUrl, endpoint = "cart/get")]
pub async fn cart() -> Result<Cart, AppError> {
    Ok(domain::ordering::cart::get(&crate::context::db()?, crate::context::cart_owner().await?.as_ref()).await?)
}

/// Titles in the cart.
#[server(input = GetUrl, endpoint = "cart/count")]
pub async fn cart_count() -> Result<u64, AppError> {
    Ok(domain::ordering::cart::count(&crate::context::db()?, crate::context::cart_owner().await?.as_ref()).await?)
}

/// Puts a title into the cart. Without JavaScript the cart page comes next.
#[server(endpoint = "cart/add")]
pub async fn add_to_cart(slug: String) -> Result<Added, AppError> {
    use domain::ordering::cart::CartOwner;
    // Every guest may be the same stranger: their carts are counted before one is opened.
    if !matches!(crate::context::cart_owner().await?, Some(CartOwner::User(_))) {
        crate::context::take(domain::limits::Rule::GuestCart).await?;
    }
    let owner = crate::context::cart_owner_or_new().await?;
    let db = crate::context::db()?;
    let added = domain::ordering::cart::add(&db, &owner, &slug).await?;
    if added == Added::Added {
        domain::ordering::cart::put_into_cart(&db, crate::context::viewer().await?.as_ref(), &[slug]);
    }
    crate::context::go_on_without_script("/cart");
    Ok(added)
}

/// Puts all titles of a bundle into the cart. Without JavaScript the cart page comes next.
#[server(endpoint = "cart/add-bundle")]
pub async fn add_bundle(id: uuid::Uuid) -> Result<(), AppError> {
    use domain::ordering::cart::CartOwner;
    if !matches!(crate::context::cart_owner().await?, Some(CartOwner::User(_))) {
        crate::context::take(domain::limits::Rule::GuestCart).await?;
    }
    let owner = crate::context::cart_owner_or_new().await?;
    let db = crate::context::db()?;
    let slugs = domain::ordering::cart::bundle::add(&db, &owner, id).await?;
    domain::ordering::cart::put_into_cart(&db, crate::context::viewer().await?.as_ref(), &slugs);
    crate::context::go_on_without_script("/cart");
    Ok(())
}

/// Takes a title out of the cart.
#[server(endpoint = "cart/remove")]
pub async fn remove_from_cart(slug: String) -> Result<(), AppError> {
    if let Some(owner) = crate::context::cart_owner().await? {
        domain::ordering::cart::remove(&crate::context::db()?, &owner, &slug).await?;
    }
    crate::context::go_on_without_script("/cart");
    Ok(())
}

/// Puts a coupon into the cart by its code. A guest without a cart has nothing that it could be for.
#[server(endpoint = "cart/coupon")]
pub async fn apply_coupon(coupon: String) -> Result<(), AppError> {
    let owner = crate::context::cart_owner().await?.ok_or_else(|| domain::Error::conflict("cart.empty"))?;
    let limits = crate::context::shop()?.limits;
    domain::ordering::cart::coupon::apply(&crate::context::db()?, &limits, &owner, &coupon).await?;
    crate::context::go_on_without_script("/cart");
    Ok(())
}

/// Takes the coupon out of the cart.
#[server(endpoint = "cart/drop-coupon")]
pub async fn drop_coupon() -> Result<(), AppError> {
    if let Some(owner) = crate::context::cart_owner().await? {
        domain::ordering::cart::coupon::remove(&crate::context::db()?, &owner).await?;
    }
    crate::context::go_on_without_script("/cart");
    Ok(())
}

/// The cart's actions and its size, for every part of the page.
#[derive(Clone, Copy)]
pub struct CartContext {
    pub add: ServerAction<AddToCart>,
    pub add_bundle: ServerAction<AddBundle>,
    pub remove: ServerAction<RemoveFromCart>,
    pub apply: ServerAction<ApplyCoupon>,
    pub drop: ServerAction<DropCoupon>,
    pub count: Resource<Result<u64, AppError>>,
    /// Changes whenever the cart may have changed: what depends on the cart reads it.
    pub version: Signal<(usize, usize, usize, usize, usize)>,
}

/// Keeps the size of the cart up to date after each change of it.
pub fn provide_cart_count() {
    let viewer = super::account::use_viewer();
    let (add, remove) = (ServerAction::<AddToCart>::new(), ServerAction::<RemoveFromCart>::new());
    let add_bundle = ServerAction::<AddBundle>::new();
    let (apply, drop) = (ServerAction::<ApplyCoupon>::new(), ServerAction::<DropCoupon>::new());
    let checkout = ServerAction::<super::orders::Checkout>::new();
    provide_context(checkout);
    let version = Signal::derive(move || {
        (
            add.version().get() + add_bundle.version().get(),
            remove.version().get() + apply.version().get() + drop.version().get(),
            checkout.version().get(),
            viewer.login.version().get() + viewer.register.version().get() + viewer.code.version().get(),
            viewer.logout.version().get() + viewer.leave_all.version().get() + viewer.delete.version().get(),
        )
    });
    let count = Resource::new(move || version.get(), |_| cart_count());
    provide_context(CartContext { add, add_bundle, remove, apply, drop, count, version });
}

/// The cart's actions; see [`provide_cart_count`].
pub fn use_cart() -> CartContext {
    expect_context()
}
