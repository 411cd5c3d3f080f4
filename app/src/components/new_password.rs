//! A password to be chosen, and how hard it is to guess while it is typed.

use super::field::PasswordField;
use crate::api::account::MeasurePassword;
use domain::account::{Password, Strength};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;
use std::time::Duration;

/// After this long without another key the shop is asked.
const PAUSE: Duration = Duration::from_millis(400);

/// A field for a password that is chosen anew, with a meter. Fields `email` and `name` of the page are taken into account.
#[component]
pub fn NewPasswordField(
    #[prop(default = "password")] name: &'static str,
    #[prop(default = "Password")] label: &'static str,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    view! {
        <div>
            <PasswordField
                name
                label
                autocomplete="new-password"
                hint="At least 12 characters. A few words in a row make a good one."
                typed
                error
            />
            <Meter typed />
        </div>
    }
}

/// What the shop thinks of a password. The lists of common ones are too heavy for a page, so the server judges; it keeps
/// nothing. Without JavaScript there is no meter, and the same rules apply when the form is sent.
#[component]
fn Meter(typed: RwSignal<String>) -> impl IntoView {
    let measure = ServerAction::<MeasurePassword>::new();
    let mut ask = debounce(PAUSE, move |password: String| {
        measure.dispatch(MeasurePassword { password, email: value_of("email"), name: value_of("name") });
    });
    let long_enough = Memo::new(move |_| Password::parse(typed.get()).is_ok());
    Effect::new(move |_| {
        let password = typed.get();
        if long_enough.get_untracked() {
            ask(password);
        }
    });
    // Nothing is said of a password that is too short to be one: the hint says so already.
    let strength = Memo::new(move |_| match &*measure.value().read() {
        Some(Ok(strength)) if long_enough.get() => Some(strength.clone()),
        _ => None,
    });
    let score = move || strength.read().as_ref().map_or(0, |strength| strength.score);
    let say = move || strength.read().as_ref().map(words).unwrap_or_default();
    view! {
        <div class:hidden=move || strength.read().is_none() data-testid="password-strength">
            <progress class="bar mt-2" max=Strength::BEST.to_string() value=move || score().to_string() aria-hidden="true"></progress>
            <p class="mt-1 text-sm text-soft" role="status">{say}</p>
        </div>
    }
}

/// A sentence for a strength.
fn words(strength: &Strength) -> String {
    match (&strength.refusal, strength.score) {
        (Some(refusal), _) => refusal.clone(),
        (None, Strength::BEST) => "A strong password.".to_owned(),
        (None, _) => "A good password.".to_owned(),
    }
}

/// What is typed into a field of the page; empty where there is none.
fn value_of(id: &str) -> String {
    let input = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
    input.map(|input| input.value()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meter_says_why_a_password_would_be_refused() {
        let weak = Strength { score: 1, refusal: Some("Too easy.".to_owned()) };
        assert_eq!(words(&weak), "Too easy.");
        assert_eq!(words(&Strength { score: 4, refusal: None }), "A strong password.");
    }
}
