//! A moment, in UTC and as the clock of whoever reads it shows it.

use domain::Timestamp;
use leptos::prelude::*;

/// A moment to the minute in UTC: `20 November 2026, 09:30 UTC`. With JavaScript the reader's own time stands behind it.
#[component]
pub fn Moment(at: Timestamp) -> impl IntoView {
    let exact = at.rfc3339();
    let minute = exact.get(11..16).unwrap_or_default().to_owned();
    let here = RwSignal::new(None::<String>);
    Effect::new(move |_| here.set(local(at)));
    view! {
        <time datetime=exact>{at.date()} ", " {minute} " UTC"</time>
        {move || here.get().map(|here| view! { <span class="text-soft">{format!(" ({here} where you are)")}</span> })}
    }
}

/// The same in the reader's zone; `None` where that is UTC.
#[cfg(feature = "hydrate")]
fn local(at: Timestamp) -> Option<String> {
    use js_sys::Date;
    use leptos::wasm_bindgen::JsValue;
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this age are exact")]
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    (date.get_timezone_offset() != 0.0).then(|| String::from(date.to_locale_string("en-GB", &JsValue::UNDEFINED)))
}

#[cfg(not(feature = "hydrate"))]
fn local(_: Timestamp) -> Option<String> {
    None
}
