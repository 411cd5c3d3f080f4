//! About carts and orders.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    ("bank.no-answer", "Say yes or no to the payment."),
    ("card.declined", "{why} Nothing was charged."),
    ("card.missing", "Write the number of your card."),
    (
        "cart.currencies",
        "These titles are sold in different currencies. Take some out and buy them one after the other.",
    ),
    ("cart.empty", "Your cart is empty."),
    ("cart.full", "A cart holds {most} titles. Buy these first."),
    ("cart.other-currency", "“{title}” is sold in another currency. Buy what is in your cart first."),
    ("cart.sold-out", "“{title}” is sold out."),
    ("checkout.coupon-refused", "{why} Without it the total is {total}. Nothing was charged."),
    ("checkout.no-country", "Say where you live: what tax is in the price depends on it. Nothing was charged."),
    ("checkout.not-for-sale", "“{title}” is no longer for sale. Look over your cart again."),
    ("checkout.out-of-date", "This page is out of date. Open your cart again."),
    ("checkout.owned", "Some of these titles are in your library already. Look over your cart again."),
    ("checkout.price-changed", "A price has changed since you looked: the total is {total} now. Nothing was charged."),
    ("checkout.sold-out", "“{title}” has just been sold out. Look over your cart again."),
    ("checkout.under-way", "Another payment of yours is still under way. Look at your orders in a minute."),
    (
        "checkout.withdrawal-not-agreed",
        "Tick this box, or nothing can be sold to you that you can hear at once. Nothing was charged.",
    ),
    ("gift.accepted", "This gift is accepted already, so there is nothing to send any more."),
    ("gift.day", "Choose a day from {today} to {last}."),
    ("gift.free", "“{title}” is free, so it cannot be given. Send the address of its page instead."),
    ("gift.no-sender", "Write who the gift is from."),
    ("gift.not-for-sale", "“{title}” is no longer for sale. Nothing was charged."),
    ("gift.not-sent", "This gift is not paid, or is paid back, so it cannot be sent."),
    ("gift.over", "This gift was taken back, so it cannot be accepted any more. Ask who gave it to you."),
    ("gift.owned", "“{title}” is in your library already. The gift stays as it is: you can pass it on."),
    ("gift.sold-out", "“{title}” is sold out. Nothing was charged."),
    ("gift.taken", "Somebody has accepted this gift already. It can be accepted once."),
    (
        "gift.unknown",
        "There is no gift with this code. Look at the address in your mail again, or ask who gave it to you.",
    ),
    ("orders.buyer-gone", "The account of this buyer is deleted, so there is nobody to write to."),
    ("orders.line-refunded", "One of these titles is paid back already, or is about to be. Look at the order again."),
    ("orders.more-than-paid", "This is more than what is left of what was paid."),
    ("orders.no-line", "Tick at least one title of this order."),
    ("orders.no-note", "Write something, in at most 500 characters."),
    ("orders.no-reason", "Write the reason, in at most 500 characters."),
    ("orders.no-receipt", "Nothing of this order is paid, so there is no receipt."),
    (
        "orders.not-given-up",
        "The payment could not be given up: whether it was made is not known yet. Try again in a minute.",
    ),
    ("orders.not-paid", "This order was not paid, so there is nothing to pay back."),
    (
        "orders.under-way",
        "A payment of yours is still under way. Look at your orders in a few minutes, and try again when it is done.",
    ),
];
