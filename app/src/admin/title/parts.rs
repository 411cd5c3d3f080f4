//! The parts of a title: their order, by drag or by buttons, a better recording for one, and taking one out.

use super::editor::TitleEditor;
use super::part_row::PartRow;
use crate::api::production::{MovePart, OrderParts, RemovePart, parts};
use crate::components::failure::{FormError, outcome};
use crate::components::field::FormState;
use crate::components::text::{count, length};
use crate::components::use_hydrated;
use domain::production::{PartsView, StepStatus, StepView, UploadStatus};
use leptos::prelude::*;
use uuid::Uuid;

/// What the rows share.
#[derive(Clone, Copy)]
pub struct Desk {
    pub id: Uuid,
    /// Which list of parts the rows are of.
    pub version: i32,
    pub shift: ServerAction<MovePart>,
    pub remove: ServerAction<RemovePart>,
    order: ServerAction<OrderParts>,
    ids: StoredValue<Vec<Uuid>>,
    /// The part that is dragged, and the one that it is over.
    pub held: RwSignal<Option<usize>>,
    pub over: RwSignal<Option<usize>>,
}

impl Desk {
    /// What is dragged is let go over a row.
    pub fn drop_at(self, place: usize) {
        self.over.set(None);
        let Some(held) = self.held.get_untracked() else { return };
        self.held.set(None);
        if held != place {
            let order = moved(&self.ids.get_value(), held, place);
            let order = order.iter().map(Uuid::to_string).collect::<Vec<_>>().join(",");
            self.order.dispatch(OrderParts { id: self.id, order, version: self.version });
        }
    }
}

/// The list with one entry at another place.
fn moved(ids: &[Uuid], from: usize, to: usize) -> Vec<Uuid> {
    let mut ids = ids.to_vec();
    if from < ids.len() && to < ids.len() {
        let id = ids.remove(from);
        ids.insert(to, id);
    }
    ids
}

#[component]
pub fn PartsPanel(editor: TitleEditor) -> impl IntoView {
    let id = editor.id;
    let (order, shift, remove) =
        (ServerAction::<OrderParts>::new(), ServerAction::<MovePart>::new(), ServerAction::<RemovePart>::new());
    // Parts come and change with files and steps.
    let stand = Memo::new(move |_| {
        let now = editor.live.now.read();
        // Since when, as a step may be done again between two looks.
        let is_done = |step: &StepView| (step.status == StepStatus::Done).then_some(step.finished_at);
        let steps: Vec<_> = now.view.steps.iter().map(is_done).collect();
        let files: Vec<_> = now.view.uploads.iter().map(|file| (file.id, file.status == UploadStatus::Done)).collect();
        (steps, files)
    });
    let changes = move || (stand.get(), order.version().get(), shift.version().get(), remove.version().get());
    let read = Resource::new(changes, move |_| parts(id));
    let (held, over) = (RwSignal::new(None), RwSignal::new(None));
    view! {
        <section class="space-y-4" id="parts" aria-labelledby="parts-heading">
            <h2 class="text-xl" id="parts-heading">"Parts"</h2>
            <FormError message=FormState::of(order).refused() />
            <FormError message=FormState::of(shift).refused() />
            <FormError message=FormState::of(remove).refused() />
            <Transition fallback=|| view! { <p class="text-soft">"The parts are being looked up."</p> }>
                {move || Suspend::new(async move {
                    outcome(
                        read.await,
                        move |list| {
                            let ids = StoredValue::new(list.parts.iter().map(|part| part.id).collect());
                            let desk = Desk { id, version: list.version, shift, remove, order, ids, held, over };
                            view! { <Rows list desk /> }
                        },
                    )
                })}
            </Transition>
        </section>
    }
}

#[component]
fn Rows(list: PartsView, desk: Desk) -> impl IntoView {
    let hydrated = use_hydrated();
    if list.parts.is_empty() {
        return view! { <p class="text-soft">"This title has no parts yet: they come with its first recording."</p> }
            .into_any();
    }
    let last = list.parts.len() - 1;
    let about = format!(
        "{}, {}.",
        count(list.parts.len() as u64, "part", "parts"),
        length(list.parts.iter().map(|part| part.duration_ms).sum())
    );
    view! {
        <p class="text-soft">
            {about} " Listeners, bookmarks, text and chapters stay in their part when it moves. Edits of the text from before cannot be undone then. A new file is put where its name or its number belongs."
        </p>
        <p class="text-sm text-soft" class:hidden=move || !hydrated.get()>"Drag a part to another place, or use the arrows."</p>
        <ol class="panel divide-y divide-line px-4 sm:px-5" data-testid="parts">
            {list
                .parts
                .into_iter()
                .enumerate()
                .map(|(place, part)| view! { <PartRow part place last=place == last alone=last == 0 desk /> })
                .collect_view()}
        </ol>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_let_go_over_a_row_takes_its_place() {
        let ids: Vec<Uuid> = (1..=4).map(Uuid::from_u128).collect();
        let order = |from, to| moved(&ids, from, to).iter().map(|id| id.as_u128()).collect::<Vec<_>>();
        assert_eq!(order(0, 2), [2, 3, 1, 4]);
        assert_eq!(order(3, 0), [4, 1, 2, 3]);
        assert_eq!(order(1, 9), [1, 2, 3, 4], "a list that has changed meanwhile");
    }
}
