//! The fields of a machine elsewhere.

use crate::components::field::{Field, FormState};
use domain::providers::ProviderForm;
use leptos::prelude::*;

/// Their names: what is said of anything else belongs to the whole form.
pub const FIELDS: &[&str] = &[
    "purpose",
    "name",
    "address",
    "model",
    "key",
    "time_limit",
    "tries",
    "context",
    "currency",
    "price_in",
    "price_out",
    "budget",
];

#[component]
pub fn Fields(form: ProviderForm, has_key: bool, answer: FormState<()>) -> impl IntoView {
    let key_hint = if has_key {
        "One is kept, and shown to nobody. Leave this empty to keep it; it goes when the address leads to another machine."
    } else {
        "What it knows the shop by. It is sealed, and shown to nobody again. Empty for a machine that asks for none."
    };
    view! {
        <Field
            name="name"
            within="form"
            label="Name"
            hint="By which you know it, and which stands on the pages of titles."
            maxlength="60"
            value=form.name
            error=answer.on_field("name")
        />
        <Field
            name="address"
            within="form"
            label="Address"
            kind="url"
            hint="Up to the names of the operations, such as https://api.openai.com/v1."
            maxlength="500"
            value=form.address
            error=answer.on_field("address")
        />
        <Field
            name="model"
            within="form"
            label="Model"
            hint="As it is called there, such as whisper-1."
            maxlength="200"
            value=form.model
            error=answer.on_field("model")
        />
        <Field
            name="key"
            within="form"
            label="Key"
            kind="password"
            autocomplete="new-password"
            hint=key_hint
            maxlength="500"
            may_be_empty=true
            error=answer.on_field("key")
        />
        <Field
            name="time_limit"
            within="form"
            label="Seconds for one try"
            inputmode="numeric"
            maxlength="3"
            value=form.time_limit
            error=answer.on_field("time_limit")
        />
        <Field
            name="tries"
            within="form"
            label="Tries"
            hint="How often it is asked before the next one stands in."
            inputmode="numeric"
            maxlength="1"
            value=form.tries
            error=answer.on_field("tries")
        />
        <Field
            name="context"
            within="form"
            label="Tokens that the model holds"
            hint="Prompt and answer together. Only of one that writes."
            inputmode="numeric"
            maxlength="6"
            may_be_empty=true
            value=form.context
            error=answer.on_field("context")
        />
        <Field
            name="currency"
            within="form"
            label="Currency of its prices"
            maxlength="3"
            value=form.currency
            error=answer.on_field("currency")
        />
        <Field
            name="price_in"
            within="form"
            label="Price of what it is given"
            hint="For a minute of sound, or for a million tokens that it reads."
            inputmode="decimal"
            maxlength="20"
            may_be_empty=true
            value=form.price_in
            error=answer.on_field("price_in")
        />
        <Field
            name="price_out"
            within="form"
            label="Price of what it writes"
            hint="For a million tokens. Only of one that writes."
            inputmode="decimal"
            maxlength="20"
            may_be_empty=true
            value=form.price_out
            error=answer.on_field("price_out")
        />
        <Field
            name="budget"
            within="form"
            label="Budget for a month"
            hint="It is asked for nothing beyond that. Empty for no limit."
            inputmode="decimal"
            maxlength="20"
            may_be_empty=true
            value=form.budget
            error=answer.on_field("budget")
        />
    }
}
