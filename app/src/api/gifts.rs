//! Gifts: buying one, its link for who bought it, and accepting it.
#![expect(clippy::too_many_arguments, reason = "an argument is a field of its form")]

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
use domain::catalog::AudiobookSummary;
use domain::ordering::{CartCoupon, CartTax, GiftForm, Order, Present};
use domain::{Currency, Day, Money};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

/// What the page of buying a gift needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiftCheckout {
    pub title: AudiobookSummary,
    pub coupon: Option<CartCoupon>,
    pub tax: CartTax,
    pub total: Money,
    /// Names this attempt to pay: sending it twice buys once.
    pub key: String,
    /// What the buyer is called, to sign with.
    pub sender: String,
    /// The day of today in the shop's time.
    pub today: Day,
    /// What was typed before it was refused, without JavaScript.
    pub typed: Option<GiftForm>,
    /// What this person pays in otherwise, where the title is in another currency.
    pub other_currency: Option<Currency>,
    /// Whom one pays at, on a page of its own; `None` where the card's number is written here.
    pub provider: Option<String>,
}

/// What a title costs as a gift, less what the coupon of that code takes off, and a fresh key for one attempt to pay. `None`
/// for a guest, who is asked to log in. In a shop with taxes they are those of `country`, as in the checkout of a cart.
#[server(name = ReadGiftCheckout, input = GetUrl, endpoint = "gifts/form")]
pub async fn gift_checkout(
    slug: String,
    #[server(default)] coupon: String,
    #[server(default)] country: String,
) -> Result<Option<GiftCheckout>, AppError> {
    let Some(user) = crate::context::viewer().await? else { return Ok(None) };
    let (shop, db) = (crate::context::shop()?, crate::context::db()?);
    let country = super::orders::lives_in(user.id, &country).await?;
    let offer = domain::ordering::gifts::quoted::offer(&db, &shop.limits, user.id, &slug, &coupon, country).await?;
    let chosen = domain::account::profile::currency(&db, user.id).await?;
    Ok(Some(GiftCheckout {
        key: domain::secret::token(),
        sender: user.name,
        today: Day::of(db.now()),
        typed: crate::typed::take(&paths::give(&slug)).await?,
        other_currency: chosen.filter(|currency| offer.total.minor > 0 && *currency != offer.total.currency),
        provider: shop.payments.first().page().map(|page| page.name.to_owned()),
        title: offer.title,
        coupon: offer.coupon,
        tax: offer.tax,
        total: offer.total,
    }))
}

/// Pays for a gift, as the checkout pays for a cart, which stays as it is.
#[server(endpoint = "gifts/buy")]
pub async fn buy_gift(
    slug: String,
    form: GiftForm,
    key: String,
    total_minor: i64,
    #[server(default)] coupon: String,
    #[server(default)] card: String,
    #[server(default)] withdrawal: String,
    #[server(default)] country: String,
) -> Result<Order, AppError> {
    use domain::ordering::checkout::{Giving, Purchase, accepted, give, typed_agreement, typed_card};
    let user = crate::context::require_user().await?;
    let shop = crate::context::shop()?;
    let buy = async || -> Result<Order, AppError> {
        let card = typed_card(&shop.payments, &card)?;
        let agreed = typed_agreement(&withdrawal)?;
        crate::context::take(domain::limits::Rule::CheckoutNetwork).await?;
        shop.limits.take(domain::limits::Rule::Checkout, &[&user.id.to_string()]).await?;
        let db = crate::context::db()?;
        let giving = Giving { slug: &slug, coupon: &coupon, form: &form };
        let (card, country) = (card.as_ref(), country.parse().ok());
        let purchase = Purchase { expected_total_minor: total_minor, currency: None, card, key: &key, agreed, country };
        let vault = shop.vault.as_ref();
        Ok(accepted(give(&db, &shop.payments, &shop.limits, vault, user.id, giving, purchase).await?)?)
    };
    let bought = buy().await;
    match &bought {
        Ok(order) => super::orders::go_on_to(order),
        Err(_) => crate::typed::keep(&paths::give(&slug), &form).await?,
    }
    bought
}

/// The whole address by which a gift of one's own is accepted; `None` once it is, and of an order that is none.
#[server(name = ReadGiftLink, input = GetUrl, endpoint = "gifts/link")]
pub async fn gift_link(number: String) -> Result<Option<String>, AppError> {
    let user = crate::context::require_user().await?;
    let (shop, db) = (crate::context::shop()?, crate::context::db()?);
    let code = domain::ordering::gifts::resend::shown(&db, shop.vault.as_ref(), user.id, &number).await?;
    Ok(code.map(|code| format!("{}{}", shop.public_url, paths::gift(code))))
}

/// Sends the mail of a gift of one's own, to the same address once more or to another one instead.
#[server(endpoint = "gifts/resend")]
pub async fn resend_gift(number: String, recipient: String) -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    let (shop, db) = (crate::context::shop()?, crate::context::db()?);
    let vault = shop.vault.as_ref();
    domain::ordering::gifts::resend::resend(&db, &shop.limits, vault, user.id, &number, &recipient).await?;
    crate::context::go_on_without_script(&(paths::order(&number) + "?sent=1"));
    Ok(())
}

/// The gift of a code.
#[server(name = ReadPresent, input = GetUrl, endpoint = "gifts/look")]
pub async fn present(code: String) -> Result<Present, AppError> {
    let viewer = crate::context::viewer().await?.map(|viewer| viewer.id);
    let limits = crate::context::shop()?.limits;
    Ok(domain::ordering::gifts::redeem::look(&crate::context::db()?, &limits, viewer, &code).await?)
}

/// Goes to the gift of a code that somebody typed.
#[server(endpoint = "gifts/open")]
pub async fn open_gift(code: String) -> Result<(), AppError> {
    let limits = crate::context::shop()?.limits;
    domain::ordering::gifts::redeem::look(&crate::context::db()?, &limits, None, &code).await?;
    let code: String = code.split_whitespace().collect();
    leptos_axum::redirect(&paths::gift(code));
    Ok(())
}

/// Puts the title of a gift into one's library, and goes there.
#[server(endpoint = "gifts/accept")]
pub async fn accept_gift(code: String) -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    let limits = crate::context::shop()?.limits;
    let slug = domain::ordering::gifts::redeem::accept(&crate::context::db()?, &limits, user.id, &code).await?;
    leptos_axum::redirect(&paths::library_book(slug));
    Ok(())
}
