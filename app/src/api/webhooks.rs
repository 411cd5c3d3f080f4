//! Programs elsewhere that are told what happens in the shop.

use crate::AppError;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::webhooks::{Delivery, DeliveryPlace, EventKind, Webhook};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Under what the session and the vault keep a new secret until an admin has seen it.
#[cfg(feature = "ssr")]
const MADE: &str = "webhook-secret";
/// Messages shown at once.
#[cfg(feature = "ssr")]
const SHOWN: usize = 50;

/// The addresses that are told what happens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhooks {
    pub all: Vec<Webhook>,
    /// The secret that was just made: this page shows it, and none after it.
    pub made: Option<String>,
}

impl std::fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhooks").field("all", &self.all).finish_non_exhaustive()
    }
}

/// An address with what was sent to it, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookMessages {
    pub webhook: Webhook,
    pub messages: Vec<Delivery>,
    /// Where the list goes on.
    pub next: Option<DeliveryPlace>,
}

#[server(name = ReadWebhooks, input = GetUrl, endpoint = "admin/webhooks")]
pub async fn webhooks() -> Result<Webhooks, AppError> {
    use crate::context;
    let admin = context::require(Permission::Settings).await?;
    // It may hold a secret.
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.insert_header(http::header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    }
    let (db, vault) = (context::db()?, context::shop()?.vault);
    let sealed = identity::take_shown_once(&context::session().await?.session, MADE).await?;
    let made = sealed.map(|sealed| vault.open(&sealed_for(admin.id), &sealed)).transpose()?;
    let made = made.and_then(|secret| String::from_utf8(secret).ok());
    Ok(Webhooks { all: domain::webhooks::keep::list(&db).await?, made })
}

/// What was sent to an address, after a place in that list.
#[server(name = ReadWebhook, input = GetUrl, endpoint = "admin/webhook")]
pub async fn webhook(id: Uuid, #[server(default)] after: Option<DeliveryPlace>) -> Result<WebhookMessages, AppError> {
    crate::context::require(Permission::Settings).await?;
    let db = crate::context::db()?;
    let webhook = domain::webhooks::keep::get(&db, id).await?;
    // One more tells whether the list goes on.
    let mut messages = domain::webhooks::deliveries::list(&db, id, after, SHOWN as u64 + 1).await?;
    let goes_on = messages.len() > SHOWN;
    messages.truncate(SHOWN);
    let next = messages.last().filter(|_| goes_on).map(Delivery::place);
    Ok(WebhookMessages { webhook, messages, next })
}

/// Adds an address. The next page shows its secret.
#[server(endpoint = "admin/add-webhook")]
pub async fn add_webhook(address: String, #[server(default)] events: Vec<EventKind>) -> Result<(), AppError> {
    use crate::context;
    let admin = context::require(Permission::Settings).await?;
    let (db, shop) = (context::db()?, context::shop()?);
    let form = domain::webhooks::WebhookForm { address, events };
    let added = domain::webhooks::keep::add(&db, shop.vault.as_ref(), shop.webhooks_reach, &form).await?;
    show_once(admin.id, added.1.expose()).await?;
    context::go_on_without_script("/admin/webhooks");
    Ok(())
}

/// Changes where an address is and what it is told.
#[server(endpoint = "admin/change-webhook")]
pub async fn change_webhook(
    id: Uuid,
    address: String,
    #[server(default)] events: Vec<EventKind>,
) -> Result<(), AppError> {
    use crate::context;
    context::require(Permission::Settings).await?;
    let form = domain::webhooks::WebhookForm { address, events };
    domain::webhooks::keep::change(&context::db()?, context::shop()?.webhooks_reach, id, &form).await?;
    context::go_on_without_script(&crate::paths::admin_webhook(id));
    Ok(())
}

/// Switches an address on, or off.
#[server(endpoint = "admin/switch-webhook")]
pub async fn switch_webhook(id: Uuid, #[server(default)] on: bool) -> Result<(), AppError> {
    crate::context::require(Permission::Settings).await?;
    domain::webhooks::keep::switch(&crate::context::db()?, id, on).await?;
    crate::context::go_on_without_script(&crate::paths::admin_webhook(id));
    Ok(())
}

/// Renews the secret of an address. The page of all of them shows it.
#[server(endpoint = "admin/renew-webhook-secret")]
pub async fn renew_webhook_secret(id: Uuid) -> Result<(), AppError> {
    use crate::context;
    let admin = context::require(Permission::Settings).await?;
    let (db, vault) = (context::db()?, context::shop()?.vault);
    let (_, secret) = domain::webhooks::keep::rotate(&db, vault.as_ref(), id).await?;
    show_once(admin.id, secret.expose()).await?;
    leptos_axum::redirect("/admin/webhooks");
    Ok(())
}

/// Removes an address with what was sent to it.
#[server(endpoint = "admin/remove-webhook")]
pub async fn remove_webhook(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Settings).await?;
    domain::webhooks::keep::remove(&crate::context::db()?, id).await?;
    leptos_axum::redirect("/admin/webhooks");
    Ok(())
}

/// Sends a message once more.
#[server(endpoint = "admin/resend-webhook-message")]
pub async fn resend_webhook_message(id: Uuid, message: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Settings).await?;
    domain::webhooks::deliveries::again(&crate::context::db()?, id, message).await?;
    crate::context::go_on_without_script(&crate::paths::admin_webhook(id));
    Ok(())
}

#[cfg(feature = "ssr")]
async fn show_once(admin: Uuid, secret: &str) -> Result<(), AppError> {
    let sealed = crate::context::shop()?.vault.seal(&sealed_for(admin), secret.as_bytes())?;
    Ok(identity::show_once(&crate::context::session().await?.session, MADE, &sealed).await?)
}

#[cfg(feature = "ssr")]
fn sealed_for(admin: Uuid) -> String {
    format!("{MADE}:{admin}")
}
