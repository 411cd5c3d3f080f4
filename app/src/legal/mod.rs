//! The words that the shop brings for the pages that the law asks for. They say what this software does: whoever changes what
//! is kept of people, which cookies are set or how something is sold changes them too. Paragraphs, and headings in lines that
//! begin with `# `; a page of the shop and an address are links by themselves.

mod contact;
mod cookies;
mod privacy;
mod terms;
mod withdrawal;

use crate::context::AppContext;
use domain::ordering::payment::SimulatedBank;
use domain::providers::read;
use domain::settings::ShopSettings;
use domain::settings::legal::{LegalPage, Seller, keep};

/// What the words depend on.
#[derive(Clone, Debug)]
pub struct Facts {
    pub shop: ShopSettings,
    pub seller: Seller,
    /// Where the shop stands on the web; without a slash at the end.
    pub site: String,
    /// Its cookies are for TLS only.
    pub secure: bool,
    /// Days without a visit after which somebody is logged out, and days after which they are in any case.
    pub session_days: (i64, i64),
    /// People can log in with Google.
    pub google: bool,
    /// Payments are played and nothing is charged.
    pub simulated: bool,
    /// Machines elsewhere that sound or text of titles is given to, by their hosts.
    pub given_to: Vec<String>,
}

impl Facts {
    /// As they are now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(shop: &AppContext) -> domain::Result<Self> {
        Ok(Self {
            shop: shop.settings.now().await,
            seller: keep::seller(shop.db.read()).await?,
            site: shop.public_url.to_string(),
            secure: shop.secure_cookies,
            session_days: shop.session_days,
            google: shop.google_issuer.is_some(),
            simulated: shop.payments.first().name() == SimulatedBank::NAME,
            given_to: read::hosts(&shop.db).await?,
        })
    }

    /// Whom one buys from: the seller, or the shop by its name.
    fn seller_name(&self) -> &str {
        if self.seller.name.is_empty() { &self.shop.name } else { &self.seller.name }
    }

    /// Where one writes to, as it stands after "Write to".
    fn write_to(&self) -> String {
        match &self.shop.contact {
            Some(contact) => contact.to_string(),
            None => format!("{} (see /contact)", self.seller_name()),
        }
    }

    /// Who sells and how they are reached, in lines.
    fn letterhead(&self) -> String {
        let mut lines = self.seller.lines();
        if self.seller.name.is_empty() {
            lines.insert(0, self.shop.name.clone());
        }
        lines.extend(self.shop.country.map(|country| country.name().to_owned()));
        lines.extend(self.shop.contact.as_ref().map(|contact| format!("Mail: {contact}")));
        lines.join("\n")
    }
}

/// The shop's own words for a page.
pub fn text(page: LegalPage, facts: &Facts) -> String {
    match page {
        LegalPage::Terms => terms::text(facts),
        LegalPage::Privacy => privacy::text(facts),
        LegalPage::Contact => contact::text(facts),
        LegalPage::Withdrawal => withdrawal::text(facts),
        LegalPage::Cookies => cookies::text(facts),
    }
}

/// What the owner has not said yet and has to, in a sentence for admins; `None` when nothing is missing.
pub fn missing(seller: &Seller, shop: &ShopSettings) -> Option<String> {
    let lacks = [
        (seller.name.is_empty(), "the name of the seller"),
        (seller.address.is_empty(), "their postal address"),
        (shop.contact.is_none(), "a mail address to write to"),
        (shop.country.is_none(), "the country of the shop"),
    ];
    let lacks: Vec<_> = lacks.into_iter().filter(|(lacks, _)| *lacks).map(|(_, what)| what).collect();
    let (last, first) = lacks.split_last()?;
    let named = if first.is_empty() { (*last).to_owned() } else { format!("{} and {last}", first.join(", ")) };
    Some(format!("These pages still lack {named}. Only admins see this."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ordering::WithdrawalWording;

    fn bare() -> Facts {
        Facts {
            shop: ShopSettings::default(),
            seller: Seller::default(),
            site: "https://shop.example".to_owned(),
            secure: true,
            session_days: (30, 90),
            google: false,
            simulated: true,
            given_to: Vec::new(),
        }
    }

    fn full() -> Facts {
        let shop = ShopSettings {
            name: "The Reading Room".to_owned(),
            country: "DE".parse().ok(),
            contact: "desk@shop.example".parse().ok(),
            ..ShopSettings::default()
        };
        let seller =
            Seller { name: "Ada Moss".into(), address: "Quay 1".into(), vat: "DE1".into(), ..Seller::default() };
        Facts { shop, seller, google: true, simulated: false, ..bare() }
    }

    #[test]
    fn the_owner_is_told_what_is_missing_and_no_shopper_is() {
        let facts = bare();
        let told = missing(&facts.seller, &facts.shop).unwrap();
        assert!(told.contains("the name of the seller, their postal address, a mail address"), "{told}");
        assert_eq!(missing(&full().seller, &full().shop), None);
        for page in LegalPage::ALL {
            let text = text(page, &facts);
            assert!(!text.contains("lack") && !text.contains("missing"), "{text}");
        }
    }

    #[test]
    fn every_page_names_the_shop_or_its_seller_and_how_they_are_reached() {
        for page in LegalPage::ALL {
            let text = text(page, &full());
            assert!(text.contains("Ada Moss") || text.contains("The Reading Room"), "{text}");
            assert!(text.contains("desk@shop.example") || text.contains("/contact"), "{text}");
            assert!(text.contains("\n# ") || text.starts_with("# "), "it has headings: {text}");
            assert!(!text.contains('<'), "never markup: {text}");
        }
        let contact = text(LegalPage::Contact, &full());
        assert!(contact.contains("Ada Moss\nQuay 1\nVAT number: DE1\nGermany\nMail: desk@shop.example"), "{contact}");
    }

    #[test]
    fn withdrawing_is_said_in_the_words_of_the_law_and_of_the_checkout() {
        let said = text(LegalPage::Withdrawal, &full());
        assert!(said.contains(WithdrawalWording::CURRENT.sentence()), "{said}");
        for words in
            ["within 14 days", "Model withdrawal form", "hereby give notice", "— Ordered on", "desk@shop.example"]
        {
            assert!(said.contains(words), "{words} is not in {said}");
        }
    }

    #[test]
    fn what_is_said_of_google_and_of_payments_is_so_in_this_shop() {
        let (with, without) = (text(LegalPage::Privacy, &full()), text(LegalPage::Privacy, &bare()));
        assert!(with.contains("Google") && !without.contains("Google"));
        assert!(without.contains("simulated") && !with.contains("simulated"));
        let cookies = text(LegalPage::Cookies, &Facts { secure: false, ..full() });
        assert!(cookies.contains("# lectern\n") && !cookies.contains("__Host-"), "{cookies}");
    }

    #[test]
    fn machines_elsewhere_that_are_given_sound_or_words_are_named_and_none_where_there_is_none() {
        let given_to = vec!["api.example".to_owned(), "pen.example:8443".to_owned()];
        let told = text(LegalPage::Privacy, &Facts { given_to, ..full() });
        assert!(told.contains("given to api.example and pen.example:8443:"), "{told}");
        assert!(!text(LegalPage::Privacy, &full()).contains("machines there"));
    }
}
