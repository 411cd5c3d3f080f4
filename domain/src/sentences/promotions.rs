//! About sales, bundles and coupons.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    ("bundle.gone", "This bundle is over. The titles can be bought one by one."),
    (
        "bundle.not-cheaper",
        "Its titles cost {sum} one by one, by their regular prices. Choose a lower price for them together.",
    ),
    ("bundle.not-for-sale", "“{title}” is not for sale, so this bundle cannot be bought. Look at the page again."),
    (
        "bundle.other-currency",
        "“{title}” has no price in {currency}. A bundle has one price in the currency of the shop.",
    ),
    (
        "bundle.owned",
        "“{title}” is in your library already, so the bundle would save you nothing. Put the others into the cart one by one.",
    ),
    ("bundle.over", "This bundle is over. Make a new one."),
    ("bundle.titles", "Write the addresses of 2 to 10 titles, one a line."),
    ("coupon.below-minimum", "This coupon is for carts of {minimum} or more."),
    ("coupon.empty", "Write the code of your coupon."),
    ("coupon.for-nothing", "Nothing in your cart is what this coupon is for."),
    ("coupon.not-yet", "This coupon begins on {date}."),
    ("coupon.over", "This coupon is no longer valid."),
    ("coupon.unknown", "There is no coupon with this code. Look at it again."),
    ("coupon.used-by-you", "You have used this coupon already. It is for one order of each person."),
    ("coupon.used-up", "This coupon has been used up."),
    ("promotion.code", "A code has 4 to 40 letters, digits or hyphens."),
    ("promotion.code-taken", "There is a coupon with this code already. Choose another."),
    ("promotion.ends-too-soon", "Choose an end after the beginning, and not in the past."),
    ("promotion.no-name", "Give it a name, by which you find it again."),
    (
        "promotion.nothing-chosen",
        "Write the addresses of titles, choose categories, or tick that it is for all titles.",
    ),
    ("promotion.over", "This sale is over. Make a new one."),
    ("promotion.percent", "Write a whole number from 1 to 100."),
    ("promotion.takes-both", "Fill in one of the two: a percentage or this."),
    ("promotion.takes-nothing", "Say what it takes off: a percentage or an amount."),
    ("promotion.title-unknown", "The shop has no title with the address “{slug}”."),
    ("promotion.too-many-titles", "At most {most} titles can be chosen one by one. Use categories for more."),
    ("promotion.uses", "Write a whole number from 1, or leave it empty."),
];
