//! What people are told when a value is refused.

use domain::Refusal;
use domain::account::{InvalidEmail, WeakPassword};
use domain::audit::InvalidDay;
use domain::ordering::InvalidCard;

fn is_said_alike(value: impl ToString + Into<Refusal>) {
    let said = value.to_string();
    assert_eq!(value.into().sentence(), said);
}

#[test]
fn browser_and_server_say_the_same_of_a_value() {
    is_said_alike(InvalidEmail);
    is_said_alike(InvalidCard);
    is_said_alike(InvalidDay);
    let weak = [
        WeakPassword::TooShort,
        WeakPassword::TooLong,
        WeakPassword::Common,
        WeakPassword::Personal,
        WeakPassword::ShopName,
    ];
    weak.into_iter().for_each(is_said_alike);
}
