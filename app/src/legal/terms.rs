//! The terms of the shop.

use super::Facts;

pub fn text(facts: &Facts) -> String {
    let (shop, seller, write_to) = (&facts.shop.name, facts.seller_name(), facts.write_to());
    let money = if facts.simulated {
        "Payments in this shop are simulated: nothing is charged."
    } else {
        "You pay at checkout, on the page of a payment provider."
    };
    let law = match facts.shop.country {
        Some(country) => format!(
            "The law of {country} applies. If you are a consumer, you keep the protection that the mandatory law of the \
country gives you in which you live."
        ),
        None => "If you are a consumer, you keep the protection that the mandatory law of the country gives you in which you \
live."
            .to_owned(),
    };
    format!(
        "# Whom you buy from

{shop} is run by {seller}. Who that is and how they are reached stands at /contact.

# What you buy

Audiobooks, to hear for yourself: you can play them here and download their files. Where the page of a title says so, you can \
also read along or download the text. Of some titles only a certain number is sold. What you bought is in your library at \
/library and stays there, also when the title is no longer for sale. You may not pass the files on, publish them or play \
them in public.

# Prices and payment

The price of a title stands on its page, and what you pay in all stands at checkout; nothing is added to it afterwards. \
{money} A coupon takes off what its terms say, as the cart shows.

# How a contract is made

You order with the button at the end of the checkout. Before that you can change your cart and all that you typed. When the \
payment is through, the titles are in your library and a receipt comes by mail: with that the contract is made. When a payment \
is declined there is no contract, and your cart is as it was. Your orders, with their receipts, stand at /orders. The \
contract is made in English, and these terms stand here.

# Withdrawal

You can withdraw within 14 days, as long as you have not played or downloaded a title: /withdrawal says how.

# When something is wrong with a title

The law gives you a guarantee: what you bought has to be as it was described and has to work. Write to {write_to}, and we put \
it right or pay back what you paid.

# Your account

Keep your password to yourself; what is in your library is for you alone. A second step at log-in protects you better. You can \
delete your account at /account at any time: then your library goes too.

# Reviews

Whoever has a title in their library can rate and review it; {shop} checks that. A review stands under your name. One that \
insults, advertises, tells the end or breaks the law is hidden, and you are told why. Nobody is paid for a review.

# Other things

{law}"
    )
}
