//! What keys do in the text that is edited. Single letters count only while a sentence has the focus, and never while
//! somebody types (WCAG 2.2, 2.1.4).

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Play,
    Next,
    Previous,
    Edit,
    Save,
    Close,
    Join,
    /// It is not spoken, or it is after all.
    Drop,
    Undo,
}

/// What is held down with a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Control, or Command on a Mac.
    pub control: bool,
    pub alt: bool,
}

/// The keys with what they do, as the page lists them.
pub const LISTED: [(&str, &str); 9] = [
    ("J or ↓", "next sentence"),
    ("K or ↑", "previous sentence"),
    ("P", "play from this sentence, or pause (Alt+P while typing)"),
    ("E or Enter", "edit this sentence"),
    ("Ctrl+Enter", "save what is typed"),
    ("Esc", "close without saving"),
    ("M", "join it with the next"),
    ("X", "it is not spoken, or it is after all"),
    ("U or Ctrl+Z", "undo the last edit"),
];

/// What a key asks for; `code` is where it lies on the keyboard, `typing` whether a field has the focus.
pub fn command(key: &str, code: &str, held: Held, typing: bool) -> Option<Command> {
    match (held, typing) {
        // What Alt types is another sign on some keyboards.
        (Held { control: false, alt: true }, _) => (code == "KeyP").then_some(Command::Play),
        (Held { control: true, alt: false }, true) => (key == "Enter").then_some(Command::Save),
        (Held { control: true, alt: false }, false) => (key == "z" || key == "Z").then_some(Command::Undo),
        (Held { control: false, alt: false }, true) => (key == "Escape").then_some(Command::Close),
        (Held { control: false, alt: false }, false) => match key {
            "j" | "J" | "ArrowDown" => Some(Command::Next),
            "k" | "K" | "ArrowUp" => Some(Command::Previous),
            "p" | "P" => Some(Command::Play),
            "e" | "E" => Some(Command::Edit),
            "m" | "M" => Some(Command::Join),
            "x" | "X" => Some(Command::Drop),
            "u" | "U" => Some(Command::Undo),
            "Escape" => Some(Command::Close),
            _ => None,
        },
        (Held { control: true, alt: true }, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_from_who_types_but_saving_closing_and_playing() {
        let plain = Held::default();
        for key in ["j", "k", "p", "e", "m", "x", "u", "ArrowDown", "Enter"] {
            assert_eq!(command(key, "", plain, true), None, "{key}");
        }
        assert_eq!(command("Escape", "Escape", plain, true), Some(Command::Close));
        let control = Held { control: true, alt: false };
        assert_eq!(command("Enter", "Enter", control, true), Some(Command::Save));
        assert_eq!(command("z", "KeyZ", control, true), None, "a field undoes its own typing");
        assert_eq!(command("π", "KeyP", Held { control: false, alt: true }, true), Some(Command::Play));
    }

    #[test]
    fn a_sentence_in_focus_is_walked_heard_and_edited_by_single_keys() {
        let asked = |key: &str| command(key, "", Held::default(), false);
        assert_eq!((asked("j"), asked("ArrowUp")), (Some(Command::Next), Some(Command::Previous)));
        assert_eq!(
            (asked("p"), asked("e"), asked("x")),
            (Some(Command::Play), Some(Command::Edit), Some(Command::Drop))
        );
        assert_eq!(asked("Enter"), None, "the link's own");
        assert_eq!(asked("r"), None);
        let control = Held { control: true, alt: false };
        assert_eq!(command("z", "KeyZ", control, false), Some(Command::Undo));
        assert_eq!(command("r", "KeyR", control, false), None, "the browser's own");
    }
}
