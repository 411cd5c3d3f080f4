//! The order of the titles of a series: their numbers in one form, and a step up or down for each.

use super::super::labels;
use super::super::named::Shift;
use super::one::Actions;
use crate::api::series::number_field;
use crate::components::failure::FormError;
use crate::paths;
use domain::catalog::SeriesTitle;
use leptos::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The form to which the fields for the numbers belong; each row has forms of its own, so they cannot stand within it.
const FORM: &str = "numbers-form";

/// What is odd about some numbers: gaps and doubles may be meant, so they are only told.
fn oddities(titles: &[SeriesTitle]) -> Vec<String> {
    let mut times: BTreeMap<i32, usize> = BTreeMap::new();
    for number in titles.iter().filter_map(|title| title.number) {
        *times.entry(number).or_default() += 1;
    }
    let list = |numbers: Vec<i32>| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let last = times.keys().next_back().copied().unwrap_or(0);
    // Whoever numbers by the year has gaps without end: the first few tell enough.
    let missing: Vec<i32> = (1..last).filter(|number| !times.contains_key(number)).take(6).collect();
    let doubles: Vec<i32> = times.iter().filter(|(_, times)| **times > 1).map(|(number, _)| *number).collect();
    let without = titles.iter().filter(|title| title.number.is_none()).count();
    let mut said = Vec::new();
    if !missing.is_empty() {
        let more = if missing.len() > 5 { " …" } else { "" };
        said.push(format!("Numbers that nothing has: {}{more}", list(missing.into_iter().take(5).collect())));
    }
    if !doubles.is_empty() {
        said.push(format!("Numbers that stand twice: {}", list(doubles)));
    }
    if without > 0 {
        said.push(format!("Titles without a number, listed last: {without}"));
    }
    said
}

#[component]
pub fn OrderPanel(id: Uuid, titles: Vec<SeriesTitle>, total: u64, actions: Actions) -> impl IntoView {
    if titles.is_empty() {
        return ().into_any();
    }
    let odd = oddities(&titles);
    let shown = titles.len();
    let cut = (shown as u64) < total;
    let last = shown - 1;
    view! {
        <section class="panel mt-6 max-w-2xl p-5 sm:p-6" aria-labelledby="order">
            <h2 class="text-xl" id="order">"Order"</h2>
            <p class="mt-2 text-soft">"Shoppers see the titles by number, those without one last."</p>
            {cut.then(|| view! { <p class="notice mt-4">{format!("These are the first {shown} of {total} titles.")}</p> })}
            <FormError message=actions.numbered.refused() />
            <FormError message=actions.shifted.refused() />
            {(!odd.is_empty())
                .then(|| {
                    view! {
                        <ul class="notice mt-4 list-none" data-testid="oddities">
                            {odd.into_iter().map(|said| view! { <li>{said}"."</li> }).collect_view()}
                        </ul>
                    }
                })}
            <ol class="mt-4 divide-y divide-line border-y border-line" data-testid="order">
                {titles
                    .into_iter()
                    .enumerate()
                    .map(|(place, title)| {
                        view! { <Row id title actions first=place == 0 last=place == last /> }
                    })
                    .collect_view()}
            </ol>
            <ActionForm action=actions.number attr:id=FORM attr:class="mt-4">
                <input type="hidden" name="id" value=id.to_string() />
                <button class="button w-fit" type="submit" disabled=move || actions.number.pending().get()>"Save the numbers"</button>
            </ActionForm>
        </section>
    }
    .into_any()
}

#[component]
fn Row(id: Uuid, title: SeriesTitle, actions: Actions, first: bool, last: bool) -> impl IntoView {
    let SeriesTitle { id: title_id, title, number, status } = title;
    let number = number.map(|number| number.to_string()).unwrap_or_default();
    let hidden = move || {
        view! {
            <input type="hidden" name="id" value=id.to_string() />
            <input type="hidden" name="title" value=title_id.to_string() />
        }
    };
    view! {
        <li class="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <input
                class="input w-20"
                type="text"
                inputmode="numeric"
                maxlength="4"
                autocomplete="off"
                form=FORM
                name=number_field(title_id)
                aria-label=format!("Number of {title}")
                value=number
            />
            <div class="min-w-0 flex-1 basis-40">
                <a class="link font-semibold break-words" href=paths::admin_title(title_id)>{title.clone()}</a>
                <p class="text-sm text-soft">{labels::title_status(status)}</p>
            </div>
            <div class="flex shrink-0 gap-2">
                <Shift action=actions.shift up=true name=title.clone() disabled=first>{hidden()}</Shift>
                <Shift action=actions.shift up=false name=title disabled=last>{hidden()}</Shift>
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::catalog::Status;

    fn numbered(numbers: &[Option<i32>]) -> Vec<SeriesTitle> {
        let title = |number: &Option<i32>| SeriesTitle {
            id: Uuid::nil(),
            title: "A".to_owned(),
            number: *number,
            status: Status::Draft,
        };
        numbers.iter().map(title).collect()
    }

    #[test]
    fn gaps_doubles_and_titles_without_a_number_are_told() {
        assert!(oddities(&numbered(&[Some(1), Some(2), Some(3)])).is_empty());
        let said = oddities(&numbered(&[Some(1), Some(4), Some(4), None]));
        assert_eq!(
            said,
            [
                "Numbers that nothing has: 2, 3",
                "Numbers that stand twice: 4",
                "Titles without a number, listed last: 1"
            ]
        );
        assert_eq!(oddities(&numbered(&[Some(2026)])), ["Numbers that nothing has: 1, 2, 3, 4, 5 …"]);
    }
}
