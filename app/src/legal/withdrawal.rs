//! The right of withdrawal, and its model form (Directive 2011/83/EU, articles 9 to 16 and annex I).

use super::Facts;
use domain::ordering::WithdrawalWording;

pub fn text(facts: &Facts) -> String {
    let (seller, write_to, letterhead) = (facts.seller_name(), facts.write_to(), facts.letterhead());
    let sentence = WithdrawalWording::CURRENT.sentence();
    format!(
        "You can withdraw from a purchase within 14 days without giving any reason, as long as you have neither played nor \
downloaded the title. The 14 days begin on the day on which you buy.

# When the right ends

Titles can be heard as soon as they are paid for. At checkout you tick a box that says: “{sentence}”

So the right ends for a title when you first play or download it. The other titles of the same order are not touched by \
that. Samples, which everybody can hear, do not count. When you agreed stands on the page of your order and in your receipt \
by mail, with the whole sentence.

When you buy a title for somebody else, the right is yours, because you are the buyer. It ends when whoever you give it to \
first plays or downloads the title; they agree to nothing. If you withdraw before, the gift is taken back.

# How to withdraw

Tell us clearly that you withdraw, before you play or download the title and before the 14 days are over. Write to {write_to} \
and say which order and which titles it is about. You may use the form below, but you need not. It is enough that you send it \
in time.

# What happens then

{seller} pays back all that you paid for these titles, without undue delay and at the latest 14 days after we heard of your \
withdrawal. The money goes back the way it came, and it costs you nothing. The titles leave your library, and you get a mail \
when it is done.

# Model withdrawal form

Complete and return this form only if you wish to withdraw from the contract.

— To:
{letterhead}

— I/We (*) hereby give notice that I/We (*) withdraw from my/our (*) contract for the supply of the following digital \
content (*):

— Ordered on (*)/received on (*):

— Name of consumer(s):

— Address of consumer(s):

— Signature of consumer(s) (only if this form is notified on paper):

— Date:

(*) Delete as appropriate."
    )
}
