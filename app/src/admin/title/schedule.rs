//! When a title goes on sale by itself: chosen, changed, called off.

use super::editor::TitleEditor;
use crate::api::titles::{ScheduleTitle, UnscheduleTitle};
use crate::components::failure::FormError;
use crate::components::field::FormState;
use crate::components::moment::Moment;
use leptos::prelude::*;

#[component]
pub fn Schedule(
    editor: TitleEditor,
    schedule: ServerAction<ScheduleTitle>,
    unschedule: ServerAction<UnscheduleTitle>,
) -> impl IntoView {
    let answer = FormState::of(schedule);
    let wrong = answer.on_field("publish_at");
    let failure = move || {
        editor.publish_failure.get().map(|reason| {
            view! { <p class="alert" role="alert" data-testid="publish-failure">{format!("It could not go on sale: {reason}")}</p> }
        })
    };
    let standing = move || {
        editor.publish_at.get().map(|at| {
            let words = if editor.publish_failure.read().is_some() { "It was to go on sale on " } else { "On sale from " };
            view! {
                <p class="text-sm" data-testid="publish-at">{words} <Moment at /></p>
                <ActionForm action=unschedule>
                    <input type="hidden" name="id" value=editor.id.to_string() />
                    <button class="button button-quiet w-full" type="submit" disabled=move || unschedule.pending().get() data-testid="unschedule">
                        "Call the time off"
                    </button>
                </ActionForm>
            }
        })
    };
    let typed =
        move || editor.publish_at.get().and_then(|at| at.rfc3339().get(..16).map(str::to_owned)).unwrap_or_default();
    view! {
        <div class="space-y-3 border-t border-line pt-4">
            <h3 class="font-semibold">"Publish at a time"</h3>
            {failure}
            {standing}
            <FormError message=FormState::of(unschedule).refused() />
            <FormError message=answer.on_form(&["publish_at"]) />
            <ActionForm action=schedule attr:class="space-y-3">
                <input type="hidden" name="id" value=editor.id.to_string() />
                <div>
                    <label class="text-sm font-semibold" for="publish_at">"Time (UTC)"</label>
                    <input
                        class="input mt-1"
                        id="publish_at"
                        name="publish_at"
                        type="datetime-local"
                        required
                        value=typed
                        aria-describedby="publish_at-error"
                        aria-invalid=move || wrong.read().is_some().then_some("true")
                    />
                    <p class="mt-1 text-sm font-medium text-danger empty:hidden" id="publish_at-error" aria-live="polite">
                        {move || wrong.get()}
                    </p>
                </div>
                <button class="button button-quiet w-full" type="submit" disabled=move || schedule.pending().get() data-testid="schedule">
                    {move || if editor.publish_at.read().is_some() { "Change the time" } else { "Publish at this time" }}
                </button>
            </ActionForm>
        </div>
    }
}
