//! Why Google did not open the shop: as addresses and programs carry it, and as people read it.

/// Names refusals once: as the program says them, as addresses carry them, and as people read them.
macro_rules! refusals {
    ($($(#[$about:meta])* $refusal:ident $name:literal $words:literal)*) => {
        /// Why somebody did not come in by Google.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
        pub enum GoogleRefusal {
            $($(#[$about])* #[error($words)] $refusal,)*
        }

        impl GoogleRefusal {
            pub const ALL: &[Self] = &[$(Self::$refusal,)*];

            /// As addresses carry it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$refusal => $name,)*
                }
            }
        }
    };
}

refusals! {
    /// The person said no at Google.
    Denied "denied" "You did not let Google tell us who you are, so nothing was done."
    /// The answer belongs to nothing that this browser began, or came a second time.
    State "state" "This answer of Google's belongs to nothing that was begun here. Please begin again."
    /// The answer came more than ten minutes later.
    Late "late" "That took more than ten minutes. Please begin again."
    /// Google gives nothing for the code, such as one that was used.
    Code "code" "Google does not take this answer: it works once, and only for a short time. Please begin again."
    /// The ID token is not signed by Google, not for this shop, or not for this log-in.
    Token "token" "What came as Google's word cannot be believed, so nothing was done. Please begin again."
    /// The ID token is too old.
    Expired "expired" "Google's word had expired already. Please begin again."
    Away "away" "Google does not answer as it should. Try again in a moment, or use a password."
    TooMany "too-many" "That was too often. Please wait a few minutes before you try again."
    /// Google has not made sure of the address.
    Unconfirmed "unconfirmed" "Google has not confirmed that your address is \
        yours, so it opens no account. Confirm it at Google, or register with a password."
    /// An account has the address, and the shop has not made sure that it is its owner's.
    LogInFirst "log-in-first" "There is an account with your address, and it is \
        not linked to Google. Log in with its password, then link Google on the page of your account."
    /// The account was disabled.
    Closed "closed" "This account is closed."
    /// The Google account opens another account.
    Taken "taken" "This Google account opens another account of the shop. Unlink it there first."
    /// The account is opened by another Google account.
    OtherLink "other-link" "Your account is linked to another Google account. Use that one, or unlink it first."
    /// Asked to prove that it is them, somebody came with another Google account.
    Stranger "stranger" "That Google account does not open this account. Choose the one that it is linked to."
    /// Asked to prove that it is them, somebody came with a log-in at Google of long ago.
    NotFresh "not-fresh" "Google did not ask you again who you are. Please begin again, and log in there."
    /// The same ID token came a second time.
    Spent "spent" "This word of Google's was used already. Ask Google for another."
}

impl GoogleRefusal {
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|refusal| refusal.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_refusal_has_a_name_of_its_own_and_a_sentence() {
        let names: HashSet<_> = GoogleRefusal::ALL.iter().map(|refusal| refusal.name()).collect();
        assert_eq!(names.len(), GoogleRefusal::ALL.len());
        for refusal in GoogleRefusal::ALL {
            assert_eq!(GoogleRefusal::from_name(refusal.name()), Some(*refusal));
            assert!(refusal.to_string().ends_with('.'));
        }
        assert_eq!(GoogleRefusal::from_name("<script>"), None);
    }
}
