//! What the law asks a shop to say: who sells, and five pages of words. The shop brings words of its own for each page; the
//! owner adds to them or puts others in their place.

#[cfg(feature = "ssr")]
pub mod keep;

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Characters of the owner's words on a page at most.
pub const TEXT_MAX: usize = 50_000;

/// A page that the law asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegalPage {
    Terms,
    Privacy,
    Contact,
    Withdrawal,
    Cookies,
}

/// There is no such page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is none of the pages that the law asks for")]
pub struct UnknownLegalPage(pub String);

impl LegalPage {
    /// All of them, in the order of the footer.
    pub const ALL: [Self; 5] = [Self::Terms, Self::Privacy, Self::Contact, Self::Withdrawal, Self::Cookies];

    /// As it stands in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Privacy => "privacy",
            Self::Contact => "contact",
            Self::Withdrawal => "withdrawal",
            Self::Cookies => "cookies",
        }
    }

    /// Where it is.
    pub fn path(self) -> &'static str {
        match self {
            Self::Terms => "/terms",
            Self::Privacy => "/privacy",
            Self::Contact => "/contact",
            Self::Withdrawal => "/withdrawal",
            Self::Cookies => "/cookies",
        }
    }

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Terms => "Terms",
            Self::Privacy => "Privacy",
            Self::Contact => "Contact",
            Self::Withdrawal => "Withdrawal",
            Self::Cookies => "Cookies",
        }
    }
}

impl FromStr for LegalPage {
    type Err = UnknownLegalPage;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|page| page.name() == name).ok_or_else(|| UnknownLegalPage(name.to_owned()))
    }
}

/// Who sells. Everybody may know it; empty is what nobody has said yet. It is also the form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Seller {
    /// The person or company.
    pub name: String,
    /// Where they are, in lines as on a letter.
    pub address: String,
    pub phone: String,
    /// Which register they stand in, and under which number.
    pub register: String,
    /// Their number for value added tax.
    pub vat: String,
}

impl Seller {
    /// Whether a buyer can know whom they buy from.
    pub fn is_known(&self) -> bool {
        !self.name.is_empty() && !self.address.is_empty()
    }

    /// All that is said, in lines; nothing while nobody has said anything.
    pub fn lines(&self) -> Vec<String> {
        let more = [("Phone: ", &self.phone), ("Register: ", &self.register), ("VAT number: ", &self.vat)];
        std::iter::once(self.name.clone())
            .chain(self.address.lines().map(str::to_owned))
            .filter(|line| !line.is_empty())
            .chain(more.into_iter().filter(|(_, said)| !said.is_empty()).map(|(what, said)| format!("{what}{said}")))
            .collect()
    }
}

/// The owner's words on a page: paragraphs, and headings in lines that begin with `# `. Never markup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnText {
    /// Empty for none.
    pub text: String,
    /// They stand instead of the shop's own words, not after them.
    pub instead: bool,
}

impl OwnText {
    /// What the page says, where the shop's own words are `standing`.
    pub fn with(&self, standing: &str) -> String {
        match (self.text.is_empty(), self.instead) {
            (true, _) => standing.to_owned(),
            (false, true) => self.text.clone(),
            (false, false) => format!("{standing}\n\n{}", self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_is_found_by_its_name() {
        for page in LegalPage::ALL {
            assert_eq!(page.name().parse(), Ok(page));
            assert_eq!(page.path(), format!("/{}", page.name()));
        }
        assert!("imprint".parse::<LegalPage>().is_err());
    }

    #[test]
    fn the_owners_words_stand_after_the_shops_or_instead_of_them() {
        let own = |text: &str, instead| OwnText { text: text.to_owned(), instead }.with("Ours.");
        assert_eq!(own("Theirs.", false), "Ours.\n\nTheirs.");
        assert_eq!(own("Theirs.", true), "Theirs.");
        assert_eq!(own("", true), "Ours.", "a page is never empty");
    }

    #[test]
    fn a_seller_is_known_by_a_name_and_a_place() {
        let seller = Seller { name: "Ada Moss".into(), vat: "DE1".into(), ..Seller::default() };
        assert!(!seller.is_known() && Seller::default().lines().is_empty());
        let seller = Seller { address: "Quay 1\nHarbour".into(), ..seller };
        assert!(seller.is_known());
        assert_eq!(seller.lines(), ["Ada Moss", "Quay 1", "Harbour", "VAT number: DE1"]);
    }
}
