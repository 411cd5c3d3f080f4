//! About accounts.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    ("setup.done-already", "This shop has an admin already. Log in, or ask them to let you in."),
    (
        "setup.wrong-code",
        "This is not the code. It stands in the log of the server, which prints a new one when it is started.",
    ),
    ("account.address-taken", "There is an account with this address already. Log in instead."),
    ("account.language-unknown", "The shop does not have this language. Choose another."),
    ("account.currency-not-sold", "Nothing here is sold in this currency. Choose another."),
    (
        "account.google-only-way-in",
        "Your account has no password, so Google is the only way in. Choose a password first.",
    ),
    ("two-factor.nothing-set-up", "Nothing is being set up. Begin again."),
    ("two-factor.on-already", "The second step is on already."),
    ("two-factor.off", "The second step is off. Turn it on first."),
    ("account.nothing-to-reauthenticate-with", "Your account has no password: prove who you are as you log in."),
    ("password.wrong", "That is not your password."),
    (
        "two-factor.wrong-code",
        "That code is wrong, too old, or was used already. Wait for the app's next one and try that.",
    ),
    ("permissions.not-yours-to-give", "You can give only the permissions that you have yourself."),
    ("permissions.not-yours-to-take", "You can take only the permissions that you have yourself."),
    (
        "permissions.last-for-people",
        "Nobody else may say who may do what. Give the permission for people to another admin first.",
    ),
    ("permissions.of-a-fuller-admin", "They may do more than you. Somebody who may do as much has to turn it off."),
    ("password.none-yet", "Your account has no password yet. Choose one first, by a link from the log-in page."),
    ("email.same", "That is your address already."),
    ("email.of-another-account", "There is another account with this address. Your account keeps the one that it has."),
    (
        "email.link-worthless",
        "This link does not work any more: it is too old, was used, or a newer one was sent. Ask for another.",
    ),
    ("account.address-not-yours", "That is not your address. Type it as it stands above."),
    ("password.changed-elsewhere", "Your password has just been changed somewhere else."),
    (
        "two-factor.not-the-app-s-code",
        "That is not the code of the app now. Wait for the next one; if it is refused as well, compare the phone's clock.",
    ),
    ("machine-token.name-length", "Give it a name, in at most 60 characters."),
    ("machine-token.no-scope", "Choose at least one thing that it opens."),
    ("machine-token.scope-not-yours", "You can give a machine only what you may do yourself."),
    ("machine-token.end", "Choose its last day: today or later, and at most a year from now."),
    ("machine-token.too-many", "You have as many tokens as one can have. Take one back that you do not need."),
    ("account.name-length", "Write your name, in at most {most} characters."),
];
