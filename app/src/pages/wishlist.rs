//! One's wishlist.

use crate::api::wishlist::{SetSaleMails, use_wishes, wishlist};
use crate::components::books::Shelf;
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::FormState;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::wishlist::Wishlist;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn WishlistPage() -> impl IntoView {
    let wishes = use_wishes();
    let mails = ServerAction::<SetSaleMails>::new();
    let read = Resource::new(move || (wishes.set.version().get(), mails.version().get()), |_| wishlist());
    // Apart from the list, so that what was done is said still when it is read again.
    let answer = FormState::of(mails);
    let query = use_query_map();
    let saved = Signal::derive(move || answer.done().get() || query.read().get_str("saved").is_some());
    view! {
        <Title text="Wishlist" />
        <div class="page py-10 sm:py-14">
            <h1 class="text-3xl sm:text-4xl">"Wishlist"</h1>
            <div class="mt-4"><FormError message=FormState::of(wishes.set).refused() /></div>
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move { outcome(read.await, move |list| view! { <Shown list mails answer saved /> }) })}
            </Transition>
        </div>
    }
}

#[component]
fn Shown(
    list: Wishlist,
    mails: ServerAction<SetSaleMails>,
    answer: FormState<()>,
    saved: Signal<bool>,
) -> impl IntoView {
    let Wishlist { books, mails: wanted } = list;
    let shown = if books.is_empty() {
        view! {
            <Empty title="Nothing here yet">
                <p>"The heart beside a title puts it on this list."</p>
                <a class="button" href="/browse">"Browse all titles"</a>
            </Empty>
        }
        .into_any()
    } else {
        view! { <Shelf books from_wishlist=true /> }.into_any()
    };
    view! {
        <div class="mt-8">{shown}</div>
        <section class="panel mt-12 max-w-xl p-5" aria-labelledby="mails">
            <h2 class="text-lg font-semibold" id="mails">"Mails"</h2>
            <ActionForm action=mails attr:class="mt-3 flex flex-col gap-4">
                <FormError message=answer.refused() />
                <div class="flex gap-3">
                    <input
                        class="mt-1 size-5 shrink-0 accent-accent"
                        type="checkbox"
                        id="wanted"
                        name="wanted"
                        value="true"
                        checked=wanted
                    />
                    <label for="wanted">
                        "Send me a mail when something on this list is on sale: one for each sale, to an address that I have confirmed."
                    </label>
                </div>
                <div class="flex items-center gap-4">
                    <button class="button button-quiet" type="submit" disabled=move || mails.pending().get()>"Save"</button>
                    <p role="status">{move || saved.get().then_some("Saved.")}</p>
                </div>
            </ActionForm>
        </section>
    }
}
