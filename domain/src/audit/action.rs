//! What can be done.

/// Names actions once: as the program says them, as the trail keeps them, and as people read them.
macro_rules! actions {
    ($($action:ident $name:literal $words:literal)*) => {
        /// Something that somebody does. Its name is kept for good, and so never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($action,)*
        }

        impl Action {
            pub const ALL: &[Self] = &[$(Self::$action,)*];

            /// As the trail keeps it; at most 40 characters.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$action => $name,)*
                }
            }

            /// As people read it.
            pub fn words(self) -> &'static str {
                match self {
                    $(Self::$action => $words,)*
                }
            }
        }
    };
}

actions! {
    Registered "account.registered" "Registered"
    LoggedIn "account.logged-in" "Logged in"
    LoginFailed "account.login-failed" "Failed to log in"
    LoggedOut "account.logged-out" "Logged out"
    GoogleUsed "account.google-used" "Showed by Google who they are"
    GoogleLinked "account.google-linked" "Linked Google"
    GoogleUnlinked "account.google-unlinked" "Unlinked Google"
    PasswordRefused "account.password-refused" "Gave a wrong password when asked again"
    Reauthenticated "account.proof-given" "Proved again who they are"
    TwoFactorOn "account.second-step-on" "Turned the second step on"
    TwoFactorOff "account.second-step-off" "Turned the second step off"
    TwoFactorRefused "account.second-step-refused" "Gave a wrong code at the second step"
    RecoveryCodeUsed "account.recovery-code-used" "Used a recovery code"
    RecoveryCodesMade "account.recovery-codes-made" "Made new recovery codes"
    ResetAsked "account.reset-asked" "Asked for a link to a new password"
    AddressConfirmed "account.address-confirmed" "Confirmed an address"
    AddressChangeAsked "account.address-change-asked" "Asked to change an address"
    AddressChanged "account.address-changed" "Changed an address"
    PasswordChanged "account.password-changed" "Changed a password"
    Renamed "account.renamed" "Changed their name"
    PreferencesChanged "account.preferences-changed" "Chose a language, a currency or which mails come"
    DataDownloaded "account.data-downloaded" "Downloaded their data"
    AccountDeleted "account.deleted" "Deleted their account"
    SessionsEnded "account.sessions-ended" "Ended sessions"
    TokensRevoked "account.tokens-revoked" "Logged a program out"
    MachineTokenMade "account.machine-token-made" "Made a token for a machine"
    MachineTokenRevoked "account.machine-token-revoked" "Took a token of a machine back"
    TokenReused "account.token-reused" "Sent a refresh token a second time"
    AccessRefused "account.access-refused" "Wanted what needs another permission"
    AdminMade "people.admin-made" "Made an admin by command"
    RightsChanged "people.rights-changed" "Changed somebody's permissions"
    CategoryCreated "category.created" "Made a category"
    CategorySaved "category.saved" "Changed a category"
    CategoryMoved "category.moved" "Moved a category in the list"
    CategoryMerged "category.merged" "Merged a category into another"
    CategoryDeleted "category.deleted" "Deleted a category"
    SeriesSaved "series.saved" "Changed a series"
    SeriesOrdered "series.ordered" "Put the titles of a series in order"
    SeriesMerged "series.merged" "Merged a series into another"
    SeriesDeleted "series.deleted" "Deleted a series"
    SettingsSaved "settings.saved" "Changed the settings of the shop"
    FlagSwitched "settings.flag-switched" "Switched something on or off"
    SellerSaved "settings.seller-saved" "Changed who sells in the shop"
    LegalTextSaved "settings.legal-text-saved" "Changed the words of a legal page"
    TaxSaved "tax.saved" "Set the tax of a country"
    TaxRemoved "tax.removed" "Took the tax of a country away"
    TaxModeSaved "tax.mode-saved" "Changed whether tax is in the prices"
    InvoiceIssued "invoice.issued" "Made out an invoice"
    TrialAsked "settings.trial-asked" "Asked for a trial of mails or models"
    ContributorSaved "contributor.saved" "Changed an author or narrator"
    PortraitChanged "contributor.portrait-changed" "Changed a portrait"
    ContributorMerged "contributor.merged" "Merged two authors or narrators"
    TitleCreated "title.created" "Began a title"
    TitleSaved "title.saved" "Saved a title"
    TitlePublished "title.published" "Published a title"
    TitleUnpublished "title.unpublished" "Took a title back to draft"
    TitleArchived "title.archived" "Archived a title"
    TitleDeleted "title.deleted" "Deleted a draft"
    TitleDuplicated "title.duplicated" "Duplicated a title"
    TitleScheduled "title.scheduled" "Set a time for a title to go on sale"
    TitleUnscheduled "title.unscheduled" "Called off the time of a title"
    TitlePriced "title.priced" "Changed the price of a title"
    TitleShelved "title.shelved" "Changed the categories of a title"
    BulkBegun "title.bulk-begun" "Changed many titles at once"
    PartsOrdered "title.parts-ordered" "Put the parts of a title in order"
    PartRemoved "title.part-removed" "Took a part out of a title"
    PartReplaced "title.part-replaced" "Sent another recording of a part"
    CoverChanged "title.cover-changed" "Changed a cover"
    ReviewWritten "review.written" "Rated a title"
    ReviewTakenBack "review.taken-back" "Took their rating of a title back"
    ReviewReported "review.reported" "Reported a review"
    ReviewHidden "review.hidden" "Hid a review"
    ReviewShown "review.shown" "Let a review stand"
    SaleMade "sale.made" "Made a sale"
    SaleSaved "sale.saved" "Changed a sale"
    SaleEnded "sale.ended" "Ended a sale"
    CouponMade "coupon.made" "Made a coupon"
    CouponOff "coupon.off" "Switched a coupon off"
    BundleMade "bundle.made" "Made a bundle"
    BundleSaved "bundle.saved" "Changed a bundle"
    BundleEnded "bundle.ended" "Ended a bundle"
    UploadBegun "upload.begun" "Began an upload"
    UploadCancelled "upload.cancelled" "Cancelled an upload"
    TextAccepted "transcript.accepted" "Accepted a place of a text"
    TextCorrected "transcript.corrected" "Corrected a place of a text"
    TextDropped "transcript.dropped" "Dropped a place of a text"
    TextEdited "transcript.edited" "Edited a sentence of a text"
    TextReplaced "transcript.replaced" "Replaced words in a text"
    TextEditUndone "transcript.undone" "Undid an edit of a text"
    ChaptersChanged "title.chapters-changed" "Changed the chapters of a title"
    ProductionResumed "production.resumed" "Resumed production"
    ProductionRedone "production.redone" "Asked for a step again"
    ProductionCancelled "production.cancelled" "Cancelled production"
    OrderRefundAsked "order.refund-asked" "Asked for money to be paid back"
    OrderRefundedElsewhere "order.refunded-elsewhere" "Gave money back at the payment provider itself"
    OrderDisputed "order.disputed" "Wanted money back by their bank"
    OrderDisputeEnded "order.dispute-ended" "Heard what the bank decided about money"
    OrderNoted "order.noted" "Wrote a note to an order"
    ReceiptResent "order.receipt-resent" "Sent a receipt again"
    GiftBought "gift.bought" "Bought a gift"
    GiftResent "gift.resent" "Sent a gift again"
    GiftRedeemed "gift.redeemed" "Accepted a gift"
    WebhookAdded "webhook.added" "Added an address that is told what happens"
    WebhookChanged "webhook.changed" "Changed what an address is told"
    WebhookOn "webhook.on" "Switched an address on"
    WebhookOff "webhook.off" "Switched an address off"
    WebhookSecretRenewed "webhook.secret-renewed" "Renewed the secret of an address"
    WebhookRemoved "webhook.removed" "Removed an address"
    WebhookResent "webhook.resent" "Sent a message to an address again"
    ProviderAdded "provider.added" "Added who hears or writes"
    ProviderChanged "provider.changed" "Changed who hears or writes"
    ProviderMoved "provider.moved" "Changed who hears or writes first"
    ProviderOn "provider.on" "Let somebody hear or write"
    ProviderOff "provider.off" "Let somebody hear or write no more"
    ProviderRemoved "provider.removed" "Removed who hears or writes"
    ModelFetchAsked "model.fetch-asked" "Had a model fetched"
    ModelFetchCalledOff "model.fetch-called-off" "Called off that a model is fetched"
    JobRequeued "job.requeued" "Put work back that was given up"
    JobCancelled "job.cancelled" "Called off work in the background"
    AuditDownloaded "audit.downloaded" "Downloaded the audit trail"
    AuditPruned "audit.pruned" "Removed old lines of the audit trail"
    BackupBegun "shop.backup-begun" "Began a backup of the whole shop"
}

impl Action {
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_action_has_a_name_of_its_own_that_fits_its_column() {
        let names: HashSet<_> = Action::ALL.iter().map(|action| action.name()).collect();
        assert_eq!(names.len(), Action::ALL.len());
        assert!(names.iter().all(|name| name.len() <= 40));
        assert!(Action::ALL.iter().all(|action| Action::from_name(action.name()) == Some(*action)));
    }
}
