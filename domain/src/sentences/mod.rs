//! What people are told when something is refused. The rules of the shop name a case by its code; only here, and only when
//! it is shown, does it become a sentence. One file for each context.

mod account;
mod catalog;
mod edge;
mod flags;
mod lookup;
mod ordering;
mod production;
mod promotions;
mod providers;
mod reviews;
mod settings;
mod tax;
mod values;
mod webhooks;
mod wishlist;

pub(crate) use lookup::english;

/// A code and its sentence. `{name}` stands for a value that comes with the refusal.
type Sentence = (&'static str, &'static str);
