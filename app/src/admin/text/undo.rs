//! Undoing the last edit: what it was, and the button.

use crate::api::editing::UndoEdit;
use crate::components::failure::FormError;
use crate::components::field::FormState;
use crate::components::text::{clock, count};
use domain::transcript::edits::{Edit, EditKind, Undone};
use leptos::prelude::*;
use uuid::Uuid;

/// What an edit was, in words.
pub fn told(edit: &Edit) -> String {
    let at = clock(edit.at_ms);
    let quoted = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("“{text}”") };
    let what = match edit.kind {
        EditKind::Speaker if edit.after.is_empty() => "nobody in particular speaks".to_owned(),
        EditKind::Speaker => format!("{} speaks", edit.after),
        EditKind::Dropped | EditKind::Restored | EditKind::Accepted => quoted(&edit.before),
        _ => format!("{} became {}", quoted(&edit.before), quoted(&edit.after)),
    };
    let places = match (edit.kind, edit.places) {
        (EditKind::Replaced | EditKind::Speaker, places) if places > 1 => {
            format!(", in {}", count(u64::from(places), "sentence", "sentences"))
        }
        _ => String::new(),
    };
    format!("{} at {at}: {what}{places}", edit.kind.words())
}

/// What came of undoing, in words.
pub fn outcome_of(undone: &Undone) -> String {
    if undone.possible {
        return format!("Undone. {}.", told(&undone.edit));
    }
    format!(
        "This could not be undone, because something else has come into its place since: {}. Nothing was changed.",
        told(&undone.edit)
    )
}

#[component]
pub fn Undo(
    id: Uuid,
    last: Option<Edit>,
    undo: ServerAction<UndoEdit>,
    /// Where a form without JavaScript goes back to: a moment of the text in milliseconds, or the chapters.
    #[prop(optional)]
    from_ms: i64,
    #[prop(optional)] chapters: bool,
) -> impl IntoView {
    let Some(edit) = last else {
        return view! { <p class="text-sm text-soft">"Nothing to undo."</p> }.into_any();
    };
    view! {
        <FormError message=FormState::of(undo).refused() />
        <ActionForm action=undo attr:class="flex flex-wrap items-baseline gap-3">
            <input type="hidden" name="id" value=id.to_string() />
            <input type="hidden" name="edit" value=edit.id.to_string() />
            <input type="hidden" name="from" value=from_ms.to_string() />
            <input type="hidden" name="chapters" value=chapters.to_string() />
            <button
                class="button button-quiet button-small"
                type="submit"
                disabled=move || undo.pending().get()
                data-testid="undo"
            >
                "Undo"
            </button>
            <span class="min-w-0 flex-1 basis-60 text-sm text-soft break-words" data-testid="undo-what">{told(&edit)}</span>
        </ActionForm>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    fn edit(kind: EditKind, before: &str, after: &str, places: u32) -> Edit {
        Edit {
            id: Uuid::nil(),
            number: 1,
            kind,
            at_ms: 65_000,
            before: before.to_owned(),
            after: after.to_owned(),
            places,
            made_at: Timestamp(0),
            undone: false,
        }
    }

    #[test]
    fn what_is_undone_is_said_in_words() {
        assert_eq!(
            told(&edit(EditKind::Worded, "The lamb.", "The lamp.", 1)),
            "Changed the words at 1:05: “The lamb.” became “The lamp.”"
        );
        assert_eq!(told(&edit(EditKind::Dropped, "Hum.", "", 1)), "Marked as not spoken at 1:05: “Hum.”");
        assert_eq!(
            told(&edit(EditKind::Speaker, "Who is there?", "The keeper", 3)),
            "Said who speaks at 1:05: The keeper speaks, in 3 sentences"
        );
        let gone = Undone { edit: edit(EditKind::Dropped, "Hum.", "", 1), possible: false };
        assert!(outcome_of(&gone).contains("Nothing was changed"));
    }
}
