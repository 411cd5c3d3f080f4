//! Pieces that pages are made of.

pub mod books;
pub mod bundle;
pub mod buy;
pub mod currency;
pub mod empty;
pub mod failure;
pub mod field;
pub mod google;
pub mod heart;
pub mod icons;
pub mod layout;
pub mod menu;
pub mod moment;
pub mod new_password;
pub mod pager;
pub mod picture;
pub mod plain_text;
pub mod price;
pub mod sample;
pub mod skeleton;
pub mod stars;
pub mod structured_data;
pub mod suggesting_field;
pub mod tags;
pub mod text;

use leptos::prelude::*;

/// Whether the page has come to life: `false` on the server and while hydrating, so that both render the same. What
/// works only with JavaScript is shown once it is `true`.
pub fn use_hydrated() -> ReadSignal<bool> {
    let (hydrated, set_hydrated) = signal(false);
    Effect::new(move |_| set_hydrated.set(true));
    hydrated
}
