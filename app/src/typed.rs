//! What was typed into a form that was refused, kept in the session until the next page shows it. Only of a form that was
//! sent without JavaScript: with it the page stays, and all that was typed.

use crate::AppError;
use crate::context::{session, without_script};
use identity::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const KEY: &str = "refused-form";

/// Keeps it, in the place of what was kept before; `of` names what the form is about.
pub async fn keep(of: &str, form: &impl Serialize) -> Result<(), AppError> {
    if without_script() {
        session().await?.session.insert(KEY, (of, form)).await.map_err(Error::from)?;
    }
    Ok(())
}

/// Takes it out, if it is about this.
pub async fn take<F: DeserializeOwned>(of: &str) -> Result<Option<F>, AppError> {
    let session = session().await?.session;
    let kept: Option<(String, Value)> = session.get(KEY).await.map_err(Error::from)?;
    if kept.is_some() {
        session.remove_value(KEY).await.map_err(Error::from)?;
    }
    // An older version of the shop may have kept it in another form.
    Ok(kept.filter(|(about, _)| about == of).and_then(|(_, form)| serde_json::from_value(form).ok()))
}
