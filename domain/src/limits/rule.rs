//! What is limited.

/// Something that may be tried only so often, and by whom it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Logging in, by network.
    LoginNetwork,
    /// Logging in, by account and network, or by account and known browser.
    LoginAccount,
    /// Logging in from browsers that the account does not know, by account.
    LoginEverywhere,
    /// Each way to and from Google, by network.
    Google,
    /// Registering, by network.
    Register,
    /// Asking for a mail to reset a password, by network.
    ResetNetwork,
    /// Asking for a mail to reset a password, by account.
    ResetAccount,
    /// The password asked for again within an account, and other mails that somebody logged in asks for, by account.
    Reauth,
    /// The code of the second step, by account and known browser, or by account from everywhere else.
    TwoFactor,
    /// Lines in the audit trail that somebody was refused for want of a permission, by account.
    Refused,
    /// Getting new tokens for old ones, by network.
    Refresh,
    /// Asking how hard a password is to guess, by network.
    Meter,
    /// Asking what somebody who types may be looking for, by network.
    Suggest,
    /// Any request of a program, by network.
    Api,
    /// Titles put into the carts of guests, by network.
    GuestCart,
    /// Mails that somebody logged in asks for, by the address that they go to, whoever asks.
    MailAddress,
    /// Tries to pay, by account.
    Checkout,
    /// Tries to pay, by network.
    CheckoutNetwork,
    /// Titles rated, by account.
    Rate,
    /// Reviews reported, by account.
    Report,
    /// Codes of coupons typed, by network.
    Coupon,
    /// Codes of gifts tried, by network.
    Gift,
    /// Searches in what is said in one's books, by account.
    SearchBook,
    /// Receipts and invoices set as documents, by account.
    Document,
}

impl Rule {
    pub const ALL: [Self; 24] = [
        Self::LoginNetwork,
        Self::LoginAccount,
        Self::LoginEverywhere,
        Self::Google,
        Self::Register,
        Self::ResetNetwork,
        Self::ResetAccount,
        Self::Reauth,
        Self::TwoFactor,
        Self::Refused,
        Self::Refresh,
        Self::Meter,
        Self::Suggest,
        Self::Api,
        Self::GuestCart,
        Self::MailAddress,
        Self::Checkout,
        Self::CheckoutNetwork,
        Self::Rate,
        Self::Report,
        Self::Coupon,
        Self::Gift,
        Self::SearchBook,
        Self::Document,
    ];

    /// As the configuration calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::LoginNetwork => "login_network",
            Self::LoginAccount => "login_account",
            Self::LoginEverywhere => "login_everywhere",
            Self::Google => "google",
            Self::Register => "register",
            Self::ResetNetwork => "reset_network",
            Self::ResetAccount => "reset_account",
            Self::Reauth => "within",
            Self::TwoFactor => "two_factor",
            Self::Refused => "refused",
            Self::Refresh => "refresh",
            Self::Meter => "meter",
            Self::Suggest => "suggest",
            Self::Api => "api",
            Self::GuestCart => "guest_cart",
            Self::MailAddress => "mail_address",
            Self::Checkout => "checkout",
            Self::CheckoutNetwork => "checkout_network",
            Self::Rate => "rate",
            Self::Report => "report",
            Self::Coupon => "coupon",
            Self::Gift => "gift",
            Self::SearchBook => "search_book",
            Self::Document => "document",
        }
    }
}
