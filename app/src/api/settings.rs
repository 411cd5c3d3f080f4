//! The shop's own settings, and how far it is set up.

use crate::AppError;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::settings::{Opening, ShopSettings};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use leptos_router::hooks::use_location;
use std::time::Duration;

/// What the owner says of the shop.
#[server(name = ReadShop, input = GetUrl, endpoint = "shop/settings")]
pub async fn shop_settings() -> Result<ShopSettings, AppError> {
    crate::context::settings().await
}

/// Changes it.
#[server(endpoint = "admin/save-settings")]
pub async fn save_settings(
    name: String,
    #[server(default)] currency: String,
    #[server(default)] country: String,
    #[server(default)] contact: String,
    #[server(default)] language: String,
) -> Result<ShopSettings, AppError> {
    crate::context::require(Permission::Settings).await?;
    let form = domain::settings::SettingsForm { name, currency, country, contact, language };
    let saved = crate::context::shop()?.settings.save(&crate::context::db()?, &form).await?;
    crate::context::go_on_without_script("/admin/settings?saved=1");
    Ok(saved)
}

/// How far the shop is set up.
#[server(name = ReadOpening, input = GetUrl, endpoint = "admin/opening")]
pub async fn opening() -> Result<Opening, AppError> {
    crate::context::require_admin().await?;
    Ok(domain::settings::opening::opening(&crate::context::db()?).await?)
}

/// Asks for a mail to whoever asks, which shows whether mails leave.
#[server(endpoint = "admin/try-mail")]
pub async fn try_mail() -> Result<(), AppError> {
    let user = crate::context::require(Permission::Settings).await?;
    let limits = crate::context::shop()?.limits;
    domain::settings::trials::ask_for_mail(&crate::context::db()?, &limits, user.id).await?;
    crate::context::go_on_without_script("/admin/settings#mail-trial");
    Ok(())
}

/// Asks a worker to load each model that is used, and to let it do a little.
#[server(endpoint = "admin/try-models")]
pub async fn try_models() -> Result<(), AppError> {
    crate::context::require(Permission::Settings).await?;
    domain::settings::trials::ask_for_models(&crate::context::db()?).await?;
    crate::context::go_on_without_script("/admin/settings#models-trial");
    Ok(())
}

/// How often an open page looks for new settings at most.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// What the owner says of the shop, for every part of the page.
#[derive(Clone, Copy)]
pub struct Shop {
    settings: RwSignal<ShopSettings>,
    pub save: ServerAction<SaveSettings>,
}

impl Shop {
    pub fn name(self) -> String {
        self.settings.with(|settings| settings.name.clone())
    }

    /// The name as it is now, for what is drawn once.
    pub fn name_now(self) -> String {
        self.settings.with_untracked(|settings| settings.name.clone())
    }

    pub fn settings(self) -> RwSignal<ShopSettings> {
        self.settings
    }
}

/// The settings as the server has them at hand; the browser is told them with the page.
pub fn at_hand() -> ShopSettings {
    #[cfg(feature = "ssr")]
    let known = use_context::<crate::context::AppContext>().map(|shop| shop.settings.at_hand()).unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    let known = ShopSettings::default();
    known
}

/// Gives every part of the page what the owner says of the shop; saving it changes them all.
pub fn provide_shop() {
    let settings = RwSignal::new(SharedValue::new(at_hand).into_inner());
    let save = ServerAction::<SaveSettings>::new();
    Effect::new(move |_| {
        if let Some(Ok(saved)) = &*save.value().read() {
            settings.set(saved.clone());
        }
    });
    provide_context(Shop { settings, save });
}

/// What the owner says of the shop; see [`provide_shop`].
pub fn use_shop() -> Shop {
    expect_context()
}

/// Lets a page that stays open hear of new settings when it goes on to another address.
pub fn follow_settings() {
    let path = use_location().pathname;
    let settings = use_shop().settings;
    let ask = Action::new(|(): &()| shop_settings());
    let asked_lately = StoredValue::new(false);
    Effect::new(move |before: Option<String>| {
        let here = path.get();
        if before.is_some_and(|before| before != here) && !asked_lately.get_value() {
            asked_lately.set_value(true);
            set_timeout(
                move || {
                    asked_lately.try_set_value(false);
                },
                LOOK_AGAIN,
            );
            ask.dispatch(());
        }
        here
    });
    Effect::new(move |_| {
        if let Some(Ok(heard)) = ask.value().get()
            && settings.with_untracked(|known| *known != heard)
        {
            settings.set(heard);
        }
    });
}
