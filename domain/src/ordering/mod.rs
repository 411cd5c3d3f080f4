//! Carts, checkout, orders and what was bought.

#[cfg(feature = "ssr")]
pub mod answers;
#[cfg(feature = "ssr")]
pub mod attempts;
#[cfg(feature = "ssr")]
pub mod availability;
#[cfg(feature = "ssr")]
mod bills;
mod card_number;
#[cfg(feature = "ssr")]
pub mod cart;
#[cfg(feature = "ssr")]
pub mod checkout;
#[cfg(feature = "ssr")]
pub mod coupons;
#[cfg(feature = "ssr")]
mod customers;
#[cfg(feature = "ssr")]
mod disputes;
#[cfg(feature = "ssr")]
pub mod elsewhere;
#[cfg(feature = "ssr")]
mod events;
mod filter;
#[cfg(feature = "ssr")]
pub mod filtered;
pub mod gifts;
#[cfg(feature = "ssr")]
pub mod going_on;
#[cfg(feature = "ssr")]
mod news;
#[cfg(feature = "ssr")]
pub mod office;
#[cfg(feature = "ssr")]
pub mod orders;
#[cfg(feature = "ssr")]
mod patience;
#[cfg(feature = "ssr")]
pub mod payment;
#[cfg(feature = "ssr")]
pub mod privacy;
#[cfg(feature = "ssr")]
pub mod provider_events;
#[cfg(feature = "ssr")]
pub mod refunds;
#[cfg(feature = "ssr")]
mod reserve;
#[cfg(feature = "ssr")]
mod settle;
#[cfg(feature = "ssr")]
mod spread;
mod status;
mod withdrawal;

pub use card_number::{CardNumber, InvalidCard};
pub use filter::{AnyAmount, OrderFilter};
pub use gifts::{Gift, GiftForm, GiftState, Present, PresentStanding};
pub use status::{DisputeStatus, OrderEventKind, OrderStatus, PaymentStatus, RefundStatus};
pub use withdrawal::{UnknownWording, WithdrawalConsent, WithdrawalWording};

use crate::pricing::BundleSaving;
use crate::pricing::tax::{self, LineTax, TaxSum};
use crate::{Country, Money, Timestamp, catalog::AudiobookSummary};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A cart with today's prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    pub items: Vec<AudiobookSummary>,
    /// The sum of the prices of its titles.
    pub subtotal: Money,
    /// What the bundles that they make take off.
    #[serde(default)]
    pub bundles: Vec<BundleSaving>,
    pub coupon: Option<CartCoupon>,
    #[serde(default)]
    pub tax: CartTax,
    /// What is to be paid. Tax that is added is in it once it is known where the buyer lives.
    pub total: Money,
    /// What was taken out since the last visit, and why.
    pub notices: Vec<CartNotice>,
}

/// The tax on what is in a cart, or on a gift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartTax {
    /// Buyers have to say where they live.
    pub asked: bool,
    /// Tax comes on top of the prices; else it is in them.
    pub added: bool,
    /// Where the buyer lives, as far as they have said so.
    pub country: Option<Country>,
    /// What it comes to, each tax by itself.
    pub sums: Vec<TaxSum>,
}

#[cfg(feature = "ssr")]
impl CartTax {
    /// That of a quote which `taxes` have been put on.
    pub(crate) fn of(quote: &crate::pricing::Quote, taxes: &tax::Taxes, country: Option<Country>) -> Self {
        let sums = tax::sums(quote.lines.iter().map(|line| (line.pays, line.tax.as_ref())));
        Self { asked: taxes.ask(), added: taxes.added, country: country.filter(|_| taxes.ask()), sums }
    }
}

/// The coupon in a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartCoupon {
    pub code: String,
    /// What it takes off.
    pub discount: Money,
    /// Why it takes nothing off, in a sentence.
    pub refused: Option<String>,
}

/// Why a title, by its name, is no longer in a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CartNotice {
    Owned(String),
    SoldOut(String),
    NotForSale(String),
}

/// What became of adding a title to a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Added {
    Added,
    AlreadyThere,
    Owned,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub id: Uuid,
    /// What people quote: `L-7K3Q-92MX`.
    pub number: String,
    pub status: OrderStatus,
    /// The coupon that took `discount` off.
    pub coupon: Option<String>,
    pub discount: Money,
    /// What is paid: the sum of the prices of its lines. Tax is in it.
    pub total: Money,
    /// The tax in the total.
    pub tax: Money,
    /// Where its buyer lives, by their own word; `None` where nobody was asked.
    pub country: Option<Country>,
    /// What was paid back of it.
    pub refunded: Money,
    pub created_at: Timestamp,
    pub paid_at: Option<Timestamp>,
    /// That its right of withdrawal ends with the first play; `None` of an order from before this was asked.
    pub withdrawal: Option<WithdrawalConsent>,
    pub lines: Vec<OrderLine>,
    /// The last four digits of the card, when one was charged.
    pub card_last4: Option<String>,
    /// Why the last payment was refused.
    pub failure: Option<String>,
    /// Through whom it was paid, or is to be, such as `stripe`; nothing was to be paid without one.
    pub provider: Option<String>,
    /// It waits for its payment on the provider's own page, where the buyer can go on.
    pub goes_on: bool,
    /// Whom it is for, where it is a gift.
    #[serde(default)]
    pub gift: Option<Gift>,
}

/// A title in an order, as it was then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    pub id: Uuid,
    pub audiobook_id: Uuid,
    pub slug: String,
    pub title: String,
    pub list_price: Money,
    /// What is paid for it, less its shares of a bundle and of the coupon. Tax is in it.
    pub price: Money,
    /// The tax in it, as it was then.
    pub tax: Option<LineTax>,
    /// The bundle that it was bought in, and its share of what that took off.
    #[serde(default)]
    pub bundle: Option<BundleSaving>,
    /// Its share of what the coupon takes off.
    pub discount: Money,
    /// What of its price was paid back.
    pub refunded: Money,
    /// When all of it was paid back, and it left the library.
    pub refunded_at: Option<Timestamp>,
}

impl Order {
    /// What its titles cost before bundles and the coupon, and before tax that came on top.
    pub fn subtotal(&self) -> Money {
        let minor = self.lines.iter().map(|line| line.sale_price().minor).sum();
        Money::new(minor, self.total.currency)
    }

    /// The tax in its total, each by itself.
    pub fn taxes(&self) -> Vec<TaxSum> {
        tax::sums(self.lines.iter().map(|line| (line.price, line.tax.as_ref())))
    }

    /// What was paid back of it, as lines of their own: their price is what went back, and their tax what was in that.
    pub fn paid_back(&self) -> Vec<OrderLine> {
        let gone = |line: &&OrderLine| line.refunded_at.is_some() || line.refunded.minor > 0;
        self.lines.iter().filter(gone).map(OrderLine::paid_back).collect()
    }

    /// The bundles that it was bought in, and what each took off.
    pub fn bundles(&self) -> Vec<BundleSaving> {
        let mut all: Vec<BundleSaving> = Vec::new();
        for share in self.lines.iter().filter_map(|line| line.bundle.as_ref()) {
            match all.iter_mut().find(|bundle| bundle.name == share.name) {
                Some(bundle) => bundle.off.minor += share.off.minor,
                None => all.push(share.clone()),
            }
        }
        all
    }
}

impl OrderLine {
    /// What the title cost before a bundle and the coupon, and before tax that came on top.
    pub fn sale_price(&self) -> Money {
        let bundle = self.bundle.as_ref().map_or(0, |bundle| bundle.off.minor);
        let on_top = self.tax.as_ref().filter(|tax| tax.added).map_or(0, |tax| tax.amount.minor);
        Money::new(self.price.minor + self.discount.minor + bundle - on_top, self.price.currency)
    }

    /// What was paid back of it, half a minor unit of tax upwards.
    fn paid_back(&self) -> Self {
        let (back, price) = (i128::from(self.refunded.minor), i128::from(self.price.minor.max(1)));
        let tax = self.tax.as_ref().map(|tax| {
            let minor = (i128::from(tax.amount.minor) * back * 2 + price).div_euclid(2 * price);
            let amount = Money::new(i64::try_from(minor).unwrap_or(tax.amount.minor), tax.amount.currency);
            LineTax { amount, ..tax.clone() }
        });
        Self { price: self.refunded, tax, ..self.clone() }
    }

    /// Its title, and when all of it was paid back, or that some was.
    pub fn paid_back_words(&self) -> String {
        match self.refunded_at {
            Some(at) => format!("{}, on {}", self.title, at.date()),
            None => format!("{}, in part", self.title),
        }
    }

    /// What of its price is not paid back.
    pub fn left(&self) -> Money {
        Money::new(self.price.minor - self.refunded.minor, self.price.currency)
    }

    /// What is paid for it without its tax.
    pub fn net(&self) -> Money {
        Money::new(self.price.minor - self.tax.as_ref().map_or(0, |tax| tax.amount.minor), self.price.currency)
    }
}

/// An order in the list of the people who run the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRow {
    pub order: Order,
    /// The buyer's address; `None` once their account is deleted.
    pub email: Option<String>,
}

/// An order with all that happened to it, as the people who run the shop see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDetails {
    pub order: Order,
    /// The buyer's address; `None` once their account is deleted.
    pub email: Option<String>,
    pub attempts: Vec<Attempt>,
    pub refunds: Vec<RefundView>,
    pub disputes: Vec<Dispute>,
    /// The oldest first.
    pub events: Vec<OrderEvent>,
}

/// An attempt to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub provider: String,
    pub reference: String,
    /// What the provider itself calls it.
    pub handle: Option<String>,
    pub status: PaymentStatus,
    pub amount: Money,
    pub card_last4: Option<String>,
    pub failure: Option<String>,
    pub created_at: Timestamp,
    /// When the provider is asked again.
    pub ask_at: Option<Timestamp>,
}

/// Money that is given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundView {
    pub id: Uuid,
    pub order_number: String,
    pub status: RefundStatus,
    pub amount: Money,
    /// The lines that it is for; none for a charge that came too late, and where only an amount is known.
    pub lines: Vec<Uuid>,
    /// It was not begun here, but at the provider itself.
    pub elsewhere: bool,
    pub reason: Option<String>,
    /// What the provider last said instead of yes.
    pub last_error: Option<String>,
    pub created_at: Timestamp,
    pub done_at: Option<Timestamp>,
}

/// A buyer's bank that wants money back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    pub id: Uuid,
    pub order_number: String,
    /// What the provider calls it.
    pub handle: String,
    pub status: DisputeStatus,
    pub amount: Money,
    /// A word of the bank's, such as `fraudulent`.
    pub reason: Option<String>,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderEvent {
    pub id: Uuid,
    pub order_number: String,
    pub at: Timestamp,
    pub kind: OrderEventKind,
    pub cause: Option<String>,
    pub by: EventActor,
}

/// Who did something to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventActor {
    /// The shop by itself.
    Shop,
    Buyer,
    /// Whoever accepted the gift.
    Recipient,
    /// One of the people who run it, by their address.
    Admin(String),
}

/// Whether a title is for this person to buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Availability {
    ForSale,
    InCart,
    Owned,
    SoldOut,
    NotForSale,
}
