//! The language that a book is read in, once it was heard at several places of it.

use super::jobs::subject;
use super::recorded::{self, DEFAULT_LANGUAGE};
use super::steps::rows;
use crate::catalog::{edit, titles};
use crate::jobs::{self, Claim};
use crate::{Db, Result, Tx};
use uuid::Uuid;

/// What speech models call a language otherwise than the tags of titles do.
const OTHERWISE: [(&str, &str); 2] = [("no", "nb"), ("jw", "jv")];

/// The language of a title as speech models name it: `pt` for `pt-BR`. None where the title says what every new draft does, as
/// nobody may have thought of it.
pub fn of_title(tag: &str) -> Option<String> {
    let base = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let code = OTHERWISE.iter().find(|(_, title)| *title == base).map_or(base.as_str(), |(code, _)| code);
    (!code.is_empty() && code != DEFAULT_LANGUAGE).then(|| code.to_owned())
}

/// Keeps the languages that were heard in a title, that of the book first, for a run that goes on later; a draft whose language
/// nobody has named gets that of the book.
///
/// # Errors
/// [`crate::Error::LeaseLost`] when the claim no longer stands.
pub async fn heard(db: &Db, claim: &Claim, languages: &[String]) -> Result<()> {
    let (audiobook_id, _) = subject(claim)?;
    db.transaction(async |tx| {
        jobs::hold(&tx, claim).await?;
        rows::note_languages(&tx, audiobook_id, languages).await?;
        match languages.first() {
            Some(language) => offer(&tx, audiobook_id, language).await,
            None => Ok(()),
        }
    })
    .await
}

async fn offer(tx: &Tx, audiobook_id: Uuid, code: &str) -> Result<()> {
    let title = titles::by_id(tx, audiobook_id).await?;
    if !recorded::is_open(&title) || title.language != DEFAULT_LANGUAGE || code == DEFAULT_LANGUAGE {
        return Ok(());
    }
    let tag = OTHERWISE.iter().find(|(other, _)| *other == code).map_or(code, |(_, title)| title);
    let mut form = edit::form_in(tx, audiobook_id).await?;
    form.language = tag.to_owned();
    recorded::save(tx, audiobook_id, &form).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_says_its_language_unless_it_says_what_every_new_one_does() {
        assert_eq!(of_title("pt-BR").as_deref(), Some("pt"));
        assert_eq!(of_title("nb").as_deref(), Some("no"), "as speech models call it");
        assert_eq!(of_title("en"), None);
        assert_eq!(of_title("en-gb"), None);
        assert_eq!(of_title(""), None);
    }
}
