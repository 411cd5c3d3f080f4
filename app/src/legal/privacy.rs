//! What is kept of people, why, for how long, and what they can do about it (Regulation (EU) 2016/679, article 13). The file
//! that people download says the same in numbers: `domain/src/privacy/export.rs`.

use super::Facts;
use domain::account::sessions::devices::DAYS;
use identity::cookies::CART_DAYS;

pub fn text(facts: &Facts) -> String {
    let (shop, site, seller, write_to) = (&facts.shop.name, &facts.site, facts.seller_name(), facts.write_to());
    let (google, google_too) = if facts.google {
        (
            "\n\nIf you log in with Google, we keep the number that Google has for you, the address of your account there, and \
when you used it. We get no more from Google, and tell Google nothing of what you do here.",
            ", and Google, if you choose to log in with it",
        )
    } else {
        ("", "")
    };
    let payment = if facts.simulated {
        "Payments in this shop are simulated: no bank hears of them, and of the number of a card only its last four digits are \
kept."
    } else {
        "The payment itself is carried out by a payment provider on its own page, who gets your address of mail and what you buy; \
the number of a card never comes here."
    };
    let machines = if facts.given_to.is_empty() {
        String::new()
    } else {
        format!(
            "\n\nThe sound of titles that are sold here, or its words, is given to {}: machines there write down what is said, \
or what a title is about. Before a title is sold this may be a recording that nobody else has heard. Nothing of you is in it: \
neither who you are, nor what you buy, hear, mark or write.",
            facts.given_to.join(" and ")
        )
    };
    format!(
        "# In short

{shop} keeps what it needs to sell you audiobooks and to let you hear them, and nothing else. Nothing tracks you: the \
shop counts how often the page of a title is opened or a word is looked for, not by whom, and there are no advertisements and \
no pieces from other sites in its pages, so nobody else sees that you are here. What is kept you can download, and delete, yourself.

# Who is responsible

{seller}, for the shop at {site}. How they are reached stands at /contact.

# Visitors

Pages can be read without saying who you are. Against abuse the shop counts for a while how often something is tried from a \
network, such as to log in; such a count is kept under a digest, not under the address itself. The log of the server says when which kind of page was asked for, and the number of the account that asked, \
not its name or address. What is in the cart of a guest \
is kept for {CART_DAYS} days. The words of searches are counted by the day, \
not by who typed them, and none that looks like an address or a number.

# Your account

Your mail address and your name; a password only in a form from which it cannot be read; the language, currency and mails that \
you chose; the second step of your log-in if you turned it on. For each place where you are logged in: since when, the last \
visit, the kind of device and the network address, so that you can see and end it. For each browser that you logged in with: \
since when, and when you logged in last. For each token that you make for a machine: its name, what it opens, until when, and \
when it was used last. What a program of yours was answered when it bought something is kept for a day, so that it gets the \
same answer when it asks again.{google}

# Orders

What you bought, when, for how much, with which coupon and which tax, where you said that you live, \
whom an invoice was made out to if you asked for one; that you agreed that the right of withdrawal ends with the first play \
and in which words; what was paid back and why; what your bank wanted back, and its word for why; and notes that people of \
the shop wrote about the order. {payment}

When you give a title to somebody: their address and, if you write them, their name, your name and your message, so that we \
can send it and you can see how it stands. They are used for nothing else, and go when you delete your account, or once the \
mail has left if that is later. Who accepts a gift is kept with it until they delete theirs.

# Your library

Which books you have, your last place in each and the speed at which you hear it, so that you can go on with any device. \
What you mark in a book is kept as a bookmark with your note. For each day, in UTC, on which you heard something it is kept for how \
long, not what it was, so that you can see how many days in a row you listened. Besides this nothing of what you hear is kept. What you wish for is on your wishlist, with the sales that you were told of.

# Reviews

Your ratings and reviews of a title stand on its page, with your name, for everybody to read. If you report a review, that is \
kept too.

# Mails

Mails come about your account and your orders, and about sales of what you wish for unless you turn that off at /account. They \
hold nothing that tells whether you open them.

# What happened to an account

Log-ins, changes of an account, gifts and ratings (not their words) and what the people who run the shop do are written into a trail that nobody can change, with \
the address of the account, the network address, the name of the browser and, where a machine of yours did it, that of its token. It shows when somebody gets into an account who \
should not. Its lines are kept for a year at least, also when an account is deleted.

# Why we may

For the account, the orders and the library: because you have a contract with us (General Data Protection Regulation, article \
6, paragraph 1, letter b). For keeping orders: because the law asks for it (letter c). For counts against abuse and the trail: \
because you and we have an interest in a safe shop (letter f). For mails about sales: because you put a title on your wishlist \
and can turn them off (letter f). Nothing is decided about you by a machine alone.

# Who else sees it

The people who run the shop, each as far as their work needs it; whoever runs the machines and carries the mails for them; the \
payment provider{google_too}. Nobody else: nothing is sold or lent.{machines}

# How long

Until you delete your account. Then your name, address, password, library, places, bookmarks, days of listening, wishlist and reviews \
are gone at once; the mail that says farewell is kept for a day after it was sent. Orders stay without your name and without the digits of \
your card, and invoices as they were made out, for as long as the law asks; lines of the trail as said above. A log-in that is not used for {} days ends by itself, and a browser that is not used for {DAYS} days is forgotten.

# What you can do

At /account you can see and change what you told us, download all that is kept of you as one file, and delete your account. You \
also have the right to have data corrected or deleted, to have its use restricted, to object to it and to take it along; write to \
{write_to}. And you can complain to the authority for data protection where you live.

# Cookies

Four, all needed for what you do here: /cookies tells of each.",
        facts.session_days.0
    )
}
