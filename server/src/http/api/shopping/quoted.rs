//! What things come to: a cart, with all that is taken off and comes on top.

use crate::http::api::brief::{BriefTitle, CurrentPrice};
use crate::http::api::values::Amount;
use domain::ordering::{CartCoupon, CartNotice, CartTax, WithdrawalWording};
use domain::pricing::BundleSaving;
use domain::pricing::tax::TaxSum;
use serde::Serialize;
use utoipa::ToSchema;

/// A cart with today's prices.
#[derive(Serialize, ToSchema)]
pub struct Cart {
    items: Vec<CartItem>,
    /// The sum of the prices of its titles.
    subtotal: Amount,
    /// What the bundles that they make take off.
    bundles: Vec<Saving>,
    coupon: Option<AppliedCoupon>,
    tax: Tax,
    /// What is to be paid: give it to the checkout.
    total: Amount,
    /// What was taken out since the cart was looked at last, and why.
    notices: Vec<Notice>,
    withdrawal: Withdrawal,
}

/// A title in a cart.
#[derive(Serialize, ToSchema)]
pub struct CartItem {
    audiobook: BriefTitle,
    price: CurrentPrice,
}

/// What a bundle takes off.
#[derive(Serialize, ToSchema)]
pub struct Saving {
    #[schema(example = "Three winter tales")]
    name: String,
    off: Amount,
}

/// The coupon in a cart.
#[derive(Serialize, ToSchema)]
pub struct AppliedCoupon {
    #[schema(example = "WINTER10")]
    code: String,
    /// What it takes off.
    off: Amount,
    /// Why it takes nothing off.
    #[schema(example = "This coupon is for orders of 20.00 EUR and more.")]
    refused: Option<String>,
}

/// The tax on what is in a cart, or on a gift.
#[derive(Serialize, ToSchema)]
pub struct Tax {
    /// The buyer has to say where they live: give `country` to the checkout.
    #[schema(example = true)]
    asked: bool,
    /// It comes on top of the prices; else it is in them.
    #[schema(example = false)]
    added: bool,
    /// Where the buyer lives, as far as it is known: ISO 3166-1.
    #[schema(example = "DE")]
    country: Option<String>,
    /// Each tax by itself.
    sums: Vec<TaxLine>,
}

/// What one tax comes to.
#[derive(Serialize, ToSchema)]
pub struct TaxLine {
    #[schema(example = "VAT")]
    name: String,
    #[schema(example = "19%")]
    rate: String,
    net: Amount,
    amount: Amount,
    /// It came on top of the prices; else it was in them.
    #[schema(example = false)]
    added: bool,
}

/// A title that is no longer in the cart.
#[derive(Serialize, ToSchema)]
pub struct Notice {
    why: NoticeReason,
    #[schema(example = "The Snow Queen")]
    title: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeReason {
    Owned,
    SoldOut,
    NotForSale,
}

/// What a buyer agrees to: show them the sentence, and give its version to the checkout.
#[derive(Serialize, ToSchema)]
pub struct Withdrawal {
    #[schema(example = 1)]
    version: i32,
    #[schema(example = "I agree that I can listen at once, …")]
    sentence: &'static str,
}

impl From<BundleSaving> for Saving {
    fn from(saving: BundleSaving) -> Self {
        Self { name: saving.name, off: saving.off.into() }
    }
}

impl From<CartCoupon> for AppliedCoupon {
    fn from(coupon: CartCoupon) -> Self {
        Self { code: coupon.code, off: coupon.discount.into(), refused: coupon.refused }
    }
}

impl From<TaxSum> for TaxLine {
    fn from(sum: TaxSum) -> Self {
        let (rate, net, amount) = (sum.rate.to_string(), sum.net.into(), sum.amount.into());
        Self { name: sum.name, rate, net, amount, added: sum.added }
    }
}

impl From<CartTax> for Tax {
    fn from(tax: CartTax) -> Self {
        let country = tax.country.map(|country| country.code().to_owned());
        Self { asked: tax.asked, added: tax.added, country, sums: tax.sums.into_iter().map(Into::into).collect() }
    }
}

impl From<CartNotice> for Notice {
    fn from(notice: CartNotice) -> Self {
        let (why, title) = match notice {
            CartNotice::Owned(title) => (NoticeReason::Owned, title),
            CartNotice::SoldOut(title) => (NoticeReason::SoldOut, title),
            CartNotice::NotForSale(title) => (NoticeReason::NotForSale, title),
        };
        Self { why, title }
    }
}

impl From<WithdrawalWording> for Withdrawal {
    fn from(wording: WithdrawalWording) -> Self {
        Self { version: wording.version(), sentence: wording.sentence() }
    }
}

impl From<domain::ordering::Cart> for Cart {
    fn from(cart: domain::ordering::Cart) -> Self {
        let item =
            |title: &domain::catalog::AudiobookSummary| CartItem { audiobook: title.into(), price: title.price.into() };
        Self {
            items: cart.items.iter().map(item).collect(),
            subtotal: cart.subtotal.into(),
            bundles: cart.bundles.into_iter().map(Into::into).collect(),
            coupon: cart.coupon.map(Into::into),
            tax: cart.tax.into(),
            total: cart.total.into(),
            notices: cart.notices.into_iter().map(Into::into).collect(),
            withdrawal: WithdrawalWording::CURRENT.into(),
        }
    }
}
