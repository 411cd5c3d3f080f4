//! Taking one's data along, and deleting the account.

use super::Section;
use crate::AppError;
use crate::api::account::use_viewer;
use crate::api::profile::deletion_preview;
use crate::components::failure::{FormError, ReauthFirst, and_back, outcome};
use crate::components::field::{Field, FormState};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::count;
use domain::privacy::DeletionPreview;
use leptos::prelude::*;
use leptos_router::components::Redirect;

/// The ways to the file with all that the shop knows, and to the page where the account is deleted.
#[component]
pub(super) fn TakeAndLeave() -> impl IntoView {
    view! {
        <Section id="data" heading="Your data">
            <p class="mt-2 max-w-prose text-soft">
                "All that the shop knows of you, in one file that people and programs can read (JSON): your account, orders, \
                 library, places in the books, where you are logged in, and what you did. You may be asked first whether it is \
                 you; then press the button again."
            </p>
            <p class="mt-4">
                // The router has no page there: the browser has to ask the server.
                <a class="button button-quiet" rel="external" href="/account/data.json">"Download your data"</a>
            </p>
        </Section>
        <Section id="delete-section" heading="Delete your account">
            <p class="mt-2 max-w-prose text-soft">"The next page says what goes and what stays, before anything happens."</p>
            <p class="mt-4"><a class="button button-quiet" href="/account/delete">"Delete your account"</a></p>
        </Section>
    }
}

/// Where an account is deleted.
#[component]
pub fn DeleteAccountPage() -> impl IntoView {
    let read = Resource::new(|| (), |()| deletion_preview());
    let answer = FormState::of(use_viewer().delete);
    answer.focus_refused();
    view! {
        <Title text="Delete your account" />
        <div class="page max-w-3xl py-10 sm:py-14">
            <p><a class="link" href="/account">"Your account"</a></p>
            <h1 class="mt-4 text-3xl sm:text-4xl">"Delete your account"</h1>
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move {
                    match read.await {
                        Err(AppError::Unauthenticated) => view! { <Redirect path=and_back("/login") /> }.into_any(),
                        Err(AppError::ReauthRequired) => view! { <Redirect path=and_back("/confirm") /> }.into_any(),
                        read => outcome(read, move |preview| view! { <Farewell preview answer /> }),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Farewell(preview: DeletionPreview, answer: FormState<()>) -> impl IntoView {
    let action = use_viewer().delete;
    let pending = action.pending();
    let DeletionPreview { email, books, reviews, orders } = preview;
    let library = match books {
        0 => "Your library, which is empty, and your cart.".to_owned(),
        books => {
            format!("Your library with {}, and your cart. You cannot get them back.", count(books, "book", "books"))
        }
    };
    let rated = (reviews > 0).then(|| {
        let reviews = count(reviews, "rating", "ratings");
        view! { <li>{format!("Your {reviews} of books, with what you wrote. They count no more.")}</li> }
    });
    let kept = (orders > 0).then(|| {
        view! {
            <h2 class="mt-6 text-xl">"What stays"</h2>
            <ul class="mt-3 list-disc space-y-1 pl-6">
                <li>
                    {format!("Your {}: ", count(orders, "order", "orders"))}
                    "what was bought, when and for how much, without your name, your address and the digits of your card. The \
                     law asks the shop to keep them."
                </li>
            </ul>
        }
    });
    view! {
        <h2 class="mt-8 text-xl">"What goes, at once and for good"</h2>
        <ul class="mt-3 list-disc space-y-1 pl-6">
            <li>{library}</li>
            <li>"Your places in the books, and on which days you listened."</li>
            {rated}
            <li>"Your name, your address, your password and every other way to log in. You are logged out everywhere."</li>
        </ul>
        {kept}
        <p class="mt-6 max-w-prose text-soft">
            "The shop’s record of log-ins and changes, which protects everybody’s accounts, keeps its lines with the address of \
             that time until they are old. One last mail confirms that the account is gone. You can register again with the same \
             address, and begin anew."
        </p>
        <p class="mt-4"><a class="link" href="/account#data">"Download your data first"</a></p>
        <ActionForm action attr:class="panel mt-8 flex max-w-xl flex-col gap-6 p-6">
            <FormError message=answer.on_form(&["address"]) />
            <ReauthFirst shown=answer.wants_reauthentication() />
            <Field
                name="address"
                label="Your email address"
                kind="email"
                hint=format!("Type {email} to say that you mean it.")
                error=answer.on_field("address")
            />
            <button class="button w-full sm:w-fit" type="submit" disabled=move || pending.get()>
                "Delete the account for good"
            </button>
        </ActionForm>
    }
}
