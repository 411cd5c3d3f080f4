//! The pages that the law asks for.

use crate::api::legal::{LegalText, legal_page};
use crate::api::settings::use_shop;
use crate::components::failure::outcome;
use crate::components::plain_text::PlainText;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::PageTags;
use domain::settings::legal::LegalPage;
use leptos::prelude::*;

#[component]
pub fn TermsPage() -> impl IntoView {
    view! { <Page page=LegalPage::Terms /> }
}

#[component]
pub fn PrivacyPage() -> impl IntoView {
    view! { <Page page=LegalPage::Privacy /> }
}

#[component]
pub fn ContactPage() -> impl IntoView {
    view! { <Page page=LegalPage::Contact /> }
}

#[component]
pub fn WithdrawalPage() -> impl IntoView {
    view! { <Page page=LegalPage::Withdrawal /> }
}

#[component]
pub fn CookiesPage() -> impl IntoView {
    view! { <Page page=LegalPage::Cookies /> }
}

#[component]
fn Page(page: LegalPage) -> impl IntoView {
    let read = Resource::new_blocking(|| (), move |()| legal_page(page.name().to_owned()));
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move { outcome(read.await, move |said| view! { <Shown page said /> }) })}
        </Transition>
    }
}

#[component]
fn Shown(page: LegalPage, said: LegalText) -> impl IntoView {
    let LegalText { text, missing } = said;
    let shop = use_shop().name_now();
    let description = match page {
        LegalPage::Terms => format!("What you buy at {shop}, how a contract is made, and what holds for both sides."),
        LegalPage::Privacy => {
            format!("What {shop} keeps of you, why, for how long, and how you download or delete it.")
        }
        LegalPage::Contact => format!("Who runs {shop}, and how they are reached."),
        LegalPage::Withdrawal => format!("How to withdraw from a purchase at {shop}, with a form for it."),
        LegalPage::Cookies => {
            format!("The cookies of {shop}: what each is for and how long it is kept. None tracks you.")
        }
    };
    let missing = missing.map(|words| {
        view! {
            <p class="notice mt-6" data-testid="legal-missing">
                {words} " " <a class="link" href="/admin/legal">"Say who sells"</a>
            </p>
        }
    });
    view! {
        <PageTags title=page.title() description path=page.path() />
        <article class="page max-w-3xl py-10 sm:py-14" data-testid="legal">
            <h1 class="text-3xl sm:text-4xl">{page.title()}</h1>
            {missing}
            <div class="mt-6">
                <PlainText text />
            </div>
        </article>
    }
}
