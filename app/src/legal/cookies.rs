//! Which cookies there are. All of them are needed for what somebody asked for, so that no consent is due (Directive
//! 2002/58/EC, article 5, paragraph 3).

use super::Facts;
use domain::account::sessions::devices;
use identity::cookies::{CART_DAYS, CURRENCY_DAYS, ShopCookie};

pub fn text(facts: &Facts) -> String {
    let (shop, secure) = (&facts.shop.name, facts.secure);
    let each: Vec<String> = ShopCookie::ALL
        .into_iter()
        .map(|cookie| format!("# {}\n\n{}", cookie.name(secure), about(cookie, facts)))
        .collect();
    let each = each.join("\n\n");
    let tls = if secure { " They travel over encrypted connections only." } else { "" };
    format!(
        "{shop} sets four cookies, and each only when you do something that needs it. None of them follows you, tells \
others who you are or counts your visits, and none comes from anybody else. That is why nothing here asks you to accept \
cookies.

{each}

# What they have in common

Each holds a random number and nothing about you, and the last one no more than the code of a currency. They are sent back to {shop} alone, programs in the page cannot read them, \
and other sites cannot make your browser send them along with a form.{tls} You can delete them in your browser at any time: \
then you are logged out, and the cart of a guest is empty.

# What the player keeps in your browser

Besides cookies, the player keeps your last place in each of your books with its speed, and whether you turned its keys off, in \
your browser’s local storage, so that it goes on where you were even without a connection. That stays until you delete it in \
your browser.

Everything else that {shop} knows stands at /privacy. Questions: /contact."
    )
}

fn about(cookie: ShopCookie, facts: &Facts) -> String {
    match cookie {
        ShopCookie::Session => {
            let (days, longest) = facts.session_days;
            let google = if facts.google {
                " When you choose to log in with Google, it is set for ten minutes until you are back."
            } else {
                ""
            };
            format!(
                "Keeps you logged in. It is set when you log in, and goes when you log out. Without a visit it ends after \
{days} days, and in any case {longest} days after you logged in.{google}"
            )
        }
        ShopCookie::Device => format!(
            "Lets your account know this browser again, so that what others try with wrong passwords never keeps you out. It \
is set when you log in and kept for {} days.",
            devices::DAYS
        ),
        ShopCookie::Currency => format!(
            "Holds the currency in which you want to see prices as well. It is set when you choose one at the foot of a page, \
kept for {CURRENCY_DAYS} days, and goes when you choose the shop’s own again."
        ),
        ShopCookie::Cart => format!(
            "Holds the cart of a guest. It is set when you put the first title into your cart without being logged in, and \
kept for {CART_DAYS} days; when you log in, the cart becomes that of your account and the cookie goes."
        ),
    }
}
