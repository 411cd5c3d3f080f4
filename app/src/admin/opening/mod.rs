//! What is left to do before a shop is open: a list on the first page of the admins, until the first title is published.

mod trial;

pub use trial::{TrialPanels, follow};

use crate::components::icons::{CHECK, Icon};
use crate::components::text::count;
use domain::account::{Permission, User};
use domain::settings::{Opening, Trial};
use leptos::prelude::*;

/// One thing to do.
struct Item {
    id: &'static str,
    what: &'static str,
    done: bool,
    /// How it stands, in words.
    state: String,
    /// Where it is done, and what the way there is called.
    way: (&'static str, &'static str),
    /// Who may do it.
    needs: Permission,
}

fn items(opening: &Opening) -> Vec<Item> {
    let tried = |trial: &Option<Trial>, not_yet: &str| match trial {
        None => not_yet.to_owned(),
        Some(trial) if trial.done_at.is_none() => "It is being tried.".to_owned(),
        Some(trial) if trial.went_well() => "Tried, and it went well.".to_owned(),
        Some(_) => "Tried, and something is wrong: see there.".to_owned(),
    };
    let well = |trial: &Option<Trial>| trial.as_ref().is_some_and(Trial::went_well);
    vec![
        Item {
            id: "named",
            what: "Say what the shop is called",
            done: opening.named,
            state: "Its name, currency and country.".to_owned(),
            way: ("/admin/settings", "Settings"),
            needs: Permission::Settings,
        },
        Item {
            id: "seller",
            what: "Say who sells",
            done: opening.seller,
            state: "The law wants a name and a postal address. They stand on the contact page.".to_owned(),
            way: ("/admin/legal", "Legal"),
            needs: Permission::Settings,
        },
        Item {
            id: "categories",
            what: "Choose categories",
            done: opening.categories > 0,
            state: match opening.categories {
                0 => "A title needs one to be published.".to_owned(),
                there => format!("There are {there}; change them as you like."),
            },
            way: ("/admin/categories", "Categories"),
            needs: Permission::Catalogue,
        },
        Item {
            id: "mail",
            what: "Try whether mails leave",
            done: well(&opening.mail),
            state: tried(&opening.mail, "People confirm their address and choose new passwords by mail."),
            way: ("/admin/settings#mail-trial", "Try mails"),
            needs: Permission::Settings,
        },
        Item {
            id: "models",
            what: "Try the models",
            done: well(&opening.models),
            state: tried(&opening.models, "One hears what is said in a book, the other describes it."),
            way: ("/admin/settings#models-trial", "Try models"),
            needs: Permission::Settings,
        },
        Item {
            id: "upload",
            what: "Upload your first book",
            done: opening.titles > 0,
            state: match opening.titles {
                0 => "Drop its files on the field below.".to_owned(),
                there => format!("{} begun. Publish one, and the shop is open.", count(there, "title", "titles")),
            },
            way: if opening.titles > 0 { ("/admin/titles", "Titles") } else { ("#upload", "Upload") },
            needs: Permission::Production,
        },
    ]
}

/// The list, for an admin, of what they may do.
#[component]
pub fn Checklist(opening: Opening, user: User) -> impl IntoView {
    let items: Vec<_> = items(&opening).into_iter().filter(|item| user.may(item.needs)).collect();
    (!opening.open && !items.is_empty()).then(|| {
        let (done, all) = (items.iter().filter(|item| item.done).count(), items.len());
        view! {
            <section class="panel mt-8 p-5 sm:p-6" aria-labelledby="opening" data-testid="opening">
                <div class="flex flex-wrap items-baseline justify-between gap-3">
                    <h2 class="text-xl" id="opening">"Open your shop"</h2>
                    <p class="text-sm text-soft">{format!("{done} of {all} done")}</p>
                </div>
                <p class="mt-2 max-w-prose text-soft">
                    "In any order. The list goes when the first title is published; all of it stays in the settings."
                </p>
                <ul class="mt-4 divide-y divide-line border-y border-line">
                    {items.into_iter().map(|item| view! { <Line item /> }).collect_view()}
                </ul>
            </section>
        }
    })
}

#[component]
fn Line(item: Item) -> impl IntoView {
    let Item { id, what, done, state, way, .. } = item;
    view! {
        <li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3" data-testid=format!("opening-{id}")>
            <div class="min-w-0 flex-1 basis-56">
                <h3 class="font-sans text-base font-semibold">{what}</h3>
                <p class="text-sm text-soft">{state}</p>
            </div>
            <p class="flex items-center gap-1 text-sm font-semibold whitespace-nowrap">
                {done.then(|| view! { <Icon path=CHECK /> })} {if done { "Done" } else { "To do" }}
            </p>
            <a class="button button-quiet button-small" href=way.0>{way.1}</a>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;
    use domain::settings::Finding;

    fn trial(done: bool, good: bool) -> Trial {
        let findings = if done { vec![Finding { good, words: "So.".to_owned() }] } else { Vec::new() };
        Trial { asked_at: Timestamp(1), done_at: done.then_some(Timestamp(2)), findings }
    }

    const EMPTY: Opening =
        Opening { named: false, seller: false, categories: 0, mail: None, models: None, titles: 0, open: false };

    #[test]
    fn a_trial_is_done_when_it_went_well_and_not_before() {
        let opening = |mail| Opening { mail, ..EMPTY };
        let done = |mail| items(&opening(mail)).into_iter().find(|item| item.id == "mail").unwrap().done;
        assert_eq!([None, Some(trial(false, true)), Some(trial(true, false))].map(done), [false; 3]);
        assert!(done(Some(trial(true, true))));
    }

    #[test]
    fn a_shop_begins_with_everything_to_do() {
        assert!(items(&EMPTY).iter().all(|item| !item.done));
        let full = Opening {
            named: true,
            seller: true,
            categories: 3,
            mail: Some(trial(true, true)),
            models: Some(trial(true, true)),
            titles: 1,
            open: false,
        };
        assert!(items(&full).iter().all(|item| item.done));
    }
}
