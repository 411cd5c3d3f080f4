//! One file for each page or pair of pages.

mod account;
mod browse;
mod cart;
mod checkout;
mod collection;
mod discover;
mod gift_code;
mod gift_order;
mod give;
mod google;
mod home;
mod invoice;
mod legal;
mod library;
mod listen;
mod machine_tokens;
mod not_found;
mod orders;
mod present;
mod preview;
mod product;
mod profile;
mod purchases;
mod reauthentication;
mod recovery;
mod reviews;
mod said;
mod setup;
mod two_factor;
mod wishlist;

pub use gift_order::gift_words;
pub use not_found::NotFound;
pub use orders::paid_back;

use crate::bundles;
use account::{LoginPage, RegisterPage};
use browse::BrowsePage;
use cart::CartPage;
use checkout::CheckoutPage;
use collection::{PersonPage, SeriesPage};
use discover::DiscoverPage;
use gift_code::GiftCodePage;
use give::GivePage;
use google::GooglePage;
use home::HomePage;
use invoice::InvoicePage;
use legal::{ContactPage, CookiesPage, PrivacyPage, TermsPage, WithdrawalPage};
use library::LibraryPage;
use listen::ListenPage;
use machine_tokens::MachineTokensPage;
use orders::{OrdersPage, ReceiptPage};
use present::PresentPage;
use product::ProductPage;
use profile::{DeleteAccountPage, ProfilePage};
use purchases::PurchasesPage;
use reauthentication::ConfirmPage;
use recovery::{ForgotPasswordPage, ResetPasswordPage, VerifyEmailPage};
use setup::SetupPage;
use two_factor::{CodePage, TwoFactorPage};
use wishlist::WishlistPage;

// What people come to from elsewhere, a title, what is listened to, and all that a buyer does.
bundles::pages! { window:
    Home => HomePage,
    Discover => DiscoverPage,
    Browse => BrowsePage,
    Person => PersonPage,
    Series => SeriesPage,
}

bundles::pages! { title:
    Product => ProductPage,
}

bundles::pages! { listening:
    Library => LibraryPage,
    Listen => ListenPage,
}

bundles::pages! { buyer:
    Cart => CartPage,
    Checkout => CheckoutPage,
    Give => GivePage,
    GiftCode => GiftCodePage,
    Present => PresentPage,
    Orders => OrdersPage,
    Receipt => ReceiptPage,
    Invoice => InvoicePage,
    Purchases => PurchasesPage,
    Wishlist => WishlistPage,
    Login => LoginPage,
    Code => CodePage,
    Confirm => ConfirmPage,
    Setup => SetupPage,
    TwoFactor => TwoFactorPage,
    Register => RegisterPage,
    ForgotPassword => ForgotPasswordPage,
    ResetPassword => ResetPasswordPage,
    VerifyEmail => VerifyEmailPage,
    Profile => ProfilePage,
    Google => GooglePage,
    MachineTokens => MachineTokensPage,
    DeleteAccount => DeleteAccountPage,
    Terms => TermsPage,
    Privacy => PrivacyPage,
    Contact => ContactPage,
    Withdrawal => WithdrawalPage,
    Cookies => CookiesPage,
}
