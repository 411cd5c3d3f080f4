//! One title: how it is made, what the writer proposes, its form, its transcript, and whether it is for sale.

mod delete;
mod editor;
mod form;
mod live;
mod part_row;
mod parts;
mod production;
mod proposal;
mod publish_panel;
mod schedule;
mod step;
mod transcript;
mod uploads;

pub use delete::DeleteTitlePage;

use super::frame::Frame;
use super::picture::PicturePanel;
use super::upload::UploadPanel;
use crate::AppError;
use crate::api::admin::{FormFacts, SaveTitle, UseProposal, title_form};
use crate::api::production::{Production, production};
use crate::components::failure::outcome;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::catalog::covers::PictureOf;
use editor::TitleEditor;
use form::TitleForm;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use parts::PartsPanel;
use production::ProductionPanel;
use proposal::ProposalPanel;
use publish_panel::PublishPanel;
use transcript::Beginning;
use uploads::Uploads;
use uuid::Uuid;

async fn open(id: Option<Uuid>) -> Result<(FormFacts, Production), AppError> {
    // No title has the nil id; the shop says so after it has asked who wants to know.
    let id = id.unwrap_or_default();
    // In this order: what a step that is done has found is in the form.
    let production = production(id).await?;
    Ok((title_form(id).await?, production))
}

#[component]
pub fn TitlePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get_str("id").and_then(|id| id.parse().ok()));
    let read = Resource::new(move || id.get(), open);
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, |(facts, production)| view! { <Sheet facts production /> })
            })}
        </Transition>
    }
}

#[component]
fn Sheet(facts: FormFacts, production: Production) -> impl IntoView {
    let save = ServerAction::<SaveTitle>::new();
    let adopt = ServerAction::<UseProposal>::new();
    let editor = TitleEditor::new(facts, production, save, adopt);
    let heading = Signal::derive(move || editor.base.read().title.clone());
    view! {
        {move || view! { <Title text=heading.get() /> }}
        <Frame heading>
            <nav class="mt-4 flex flex-wrap gap-x-5 gap-y-2" aria-label="On this page">
                <a class="link" href="#picture">"Cover"</a>
                <a class="link" href="#production">"Production"</a>
                <a class="link" href="#parts">"Parts"</a>
                <a class="link" href="#proposal">"Proposal"</a>
                <a class="link" href="#edit">"Details"</a>
                <a class="link" href="#transcript">"Transcript"</a>
                <a class="link" href="#shelf">"On sale"</a>
            </nav>
            <div class="mt-8 grid gap-10 lg:grid-cols-[minmax(0,1fr)_18rem]">
                <aside class="space-y-6 lg:order-last" aria-label="Cover and sale">
                    <PicturePanel of=PictureOf::Title(editor.id) changes=editor.looks() />
                    <PublishPanel editor />
                </aside>
                <div class="min-w-0 space-y-12">
                    <ProductionPanel editor />
                    <PartsPanel editor />
                    <section class="space-y-6" aria-label="Files of this title">
                        <Uploads editor />
                        <div data-testid="upload-zone"><UploadPanel audiobook=editor.id /></div>
                    </section>
                    <ProposalPanel editor adopt />
                    <TitleForm editor save />
                    <Beginning editor />
                </div>
            </div>
        </Frame>
    }
}
