//! What is switched on in the shop, and for whom: a part of the page of its settings.

use crate::AppError;
use crate::api::switches::{SaveSwitch, switches};
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Choice, Field, FormState};
use crate::components::skeleton::PageSkeleton;
use domain::account::Permission;
use domain::flags::{Audience, Flag, Rule, Switch};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The switches of the page, and what switching came back with.
#[derive(Clone, Copy)]
pub struct Switches {
    read: Resource<Result<Vec<Switch>, AppError>>,
    save: ServerAction<SaveSwitch>,
    saved: FormState<Switch>,
}

impl Switches {
    /// Reads them, and again after each change.
    pub fn new() -> Self {
        let save = ServerAction::<SaveSwitch>::new();
        let saved = FormState::of(save);
        saved.focus_refused();
        Self { read: Resource::new(move || save.version().get(), |_| read()), save, saved }
    }
}

/// Whoever may not see the page asks for nothing on it.
async fn read() -> Result<Vec<Switch>, AppError> {
    let user = crate::api::account::viewer().await?.ok_or(AppError::Unauthenticated)?;
    if user.may(Permission::Settings) { switches().await } else { Err(AppError::Forbidden) }
}

/// How a switch stands, in words.
fn state(rule: Rule) -> String {
    match rule {
        Rule::Share(percent) => format!("On for {percent}% of all, always the same ones"),
        rule => rule.audience().words().to_owned(),
    }
}

#[component]
pub fn SwitchPanel(all: Switches) -> impl IntoView {
    let query = use_query_map();
    let done = move || {
        let asked = query.read().get_str("switched").is_some();
        if all.saved.done().get() || asked { "Saved." } else { "" }
    };
    view! {
        <section class="mt-12" id="switches" aria-labelledby="switches-heading">
            <h2 class="text-xl" id="switches-heading">"What is switched on"</h2>
            <p class="mt-2 max-w-prose text-soft">
                "A change counts at once, on other servers within seconds. It stands in the audit trail."
            </p>
            <p role="status" class="mt-2">{done}</p>
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move { outcome(all.read.await, |switches| view! { <List switches /> }) })}
            </Transition>
            <SwitchForm all />
        </section>
    }
}

#[component]
fn List(switches: Vec<Switch>) -> impl IntoView {
    let row = |Switch { flag, rule }: Switch| {
        view! {
            <li class="py-3">
                <p><span class="font-semibold">{flag.words()}</span> ": " {state(rule)}</p>
                <p class="text-sm text-soft">{flag.hint()}</p>
            </li>
        }
    };
    view! {
        <ul class="mt-4 max-w-2xl divide-y divide-line border-y border-line" data-testid="switches">
            {switches.into_iter().map(row).collect_view()}
        </ul>
    }
}

#[component]
fn SwitchForm(all: Switches) -> impl IntoView {
    let Switches { save, saved, .. } = all;
    let flags = Flag::ALL.map(|flag| (flag.name().to_owned(), flag.words().to_owned())).to_vec();
    let rules = Audience::ALL.map(|rule| (rule.name().to_owned(), rule.words().to_owned())).to_vec();
    view! {
        <ActionForm action=save attr:class="panel mt-6 flex max-w-2xl flex-col gap-5 p-5 sm:p-6">
            <FormError message=saved.on_form(&["rule", "percent"]) />
            <Choice
                name="flag"
                within="form"
                label="What"
                options=flags
                chosen=String::new()
                error=saved.on_field("flag")
            />
            <Choice
                name="rule"
                within="form"
                label="For whom"
                options=rules
                chosen=Audience::On.name()
                error=saved.on_field("rule")
            />
            <Field
                name="percent"
                within="form"
                label="Percent"
                hint="Only for a share. Who is in it stays in it as it grows."
                inputmode="numeric"
                maxlength="3"
                may_be_empty=true
                error=saved.on_field("percent")
            />
            <button class="button w-fit" type="submit" disabled=move || save.pending().get()>"Switch"</button>
        </ActionForm>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_told_with_its_percentage_and_everything_else_by_its_sort() {
        assert!(state(Rule::Share(30)).contains("30%"));
        assert_eq!(state(Rule::Admins), Audience::Admins.words());
    }
}
