//! What keys do while a book is at hand.

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Toggle,
    Back,
    On,
    Faster,
    Slower,
}

/// What has the focus, as far as keys matter to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// Nothing that uses keys.
    Page,
    /// A button or link: Space and Enter are its own.
    Control,
    /// A slider, a list of choices or a word of the transcript: arrows are its own, too.
    Chooser,
    /// Something one types into: every key is its own.
    Text,
}

impl Focus {
    /// What an element is, by its tag, its `type` and its role.
    pub fn of(tag: &str, kind: &str, role: &str, editable: bool) -> Self {
        match (tag.to_ascii_lowercase().as_str(), kind) {
            _ if editable => Self::Text,
            ("input", "range" | "radio") | ("select", _) => Self::Chooser,
            ("input", "checkbox" | "submit" | "button") | ("button" | "a" | "summary", _) => Self::Control,
            ("input" | "textarea", _) => Self::Text,
            ("audio" | "video", _) => Self::Chooser,
            _ if role == "button" => Self::Chooser,
            _ => Self::Page,
        }
    }
}

/// What a key pressed without Control, Alt or Meta asks for.
pub fn command(key: &str, focus: Focus) -> Option<Command> {
    let (space, arrows) = match focus {
        Focus::Page => (true, true),
        Focus::Control => (false, true),
        Focus::Chooser => (false, false),
        Focus::Text => return None,
    };
    match key {
        " " if space => Some(Command::Toggle),
        "k" | "K" => Some(Command::Toggle),
        "ArrowLeft" if arrows => Some(Command::Back),
        "j" | "J" => Some(Command::Back),
        "ArrowRight" if arrows => Some(Command::On),
        "l" | "L" => Some(Command::On),
        "+" => Some(Command::Faster),
        "-" => Some(Command::Slower),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_from_someone_who_types() {
        for key in [" ", "k", "j", "l", "+", "-", "ArrowLeft", "ArrowRight"] {
            assert_eq!(command(key, Focus::of("INPUT", "search", "", false)), None, "{key:?}");
            assert_eq!(command(key, Focus::of("TEXTAREA", "", "", false)), None, "{key:?}");
            assert_eq!(command(key, Focus::of("DIV", "", "", true)), None, "{key:?}");
        }
    }

    #[test]
    fn a_button_keeps_its_space_and_a_slider_its_arrows() {
        assert_eq!(command(" ", Focus::of("BUTTON", "submit", "", false)), None);
        assert_eq!(command("ArrowRight", Focus::of("BUTTON", "", "", false)), Some(Command::On));
        assert_eq!(command("ArrowRight", Focus::of("INPUT", "range", "", false)), None);
        assert_eq!(command("ArrowRight", Focus::of("SPAN", "", "button", false)), None, "a word of the transcript");
        assert_eq!(command("k", Focus::of("INPUT", "range", "", false)), Some(Command::Toggle));
    }

    #[test]
    fn the_page_itself_plays_with_space_and_arrows() {
        let page = Focus::of("MAIN", "", "", false);
        assert_eq!(command(" ", page), Some(Command::Toggle));
        assert_eq!(command("ArrowLeft", page), Some(Command::Back));
        assert_eq!(command("+", page), Some(Command::Faster));
        assert_eq!(command("x", page), None);
    }
}
