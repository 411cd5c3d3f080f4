//! One file for each page or pair of pages.

mod account;
mod browse;
mod cart;
mod checkout;
mod collection;
mod google;
mod home;
mod library;
mod listen;
mod not_found;
mod orders;
mod preview;
mod product;
mod profile;
mod reauthentication;
mod recovery;
mod reviews;
mod setup;
mod two_factor;

pub use account::{LoginPage, RegisterPage};
pub use browse::BrowsePage;
pub use cart::CartPage;
pub use checkout::CheckoutPage;
pub use collection::{PersonPage, SeriesPage};
pub use google::GooglePage;
pub use home::HomePage;
pub use library::LibraryPage;
pub use listen::ListenPage;
pub use not_found::NotFound;
pub use orders::{OrdersPage, ReceiptPage};
pub use product::ProductPage;
pub use profile::{DeleteAccountPage, ProfilePage};
pub use reauthentication::ConfirmPage;
pub use recovery::{ForgotPasswordPage, ResetPasswordPage, VerifyEmailPage};
pub use setup::SetupPage;
pub use two_factor::{CodePage, TwoFactorPage};
