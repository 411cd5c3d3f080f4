//! `lectern serve`.

use super::{migrate, shutdown};
use crate::config::MailKind;
use crate::production::Worker;
use crate::{AppState, Config, http, mail, upkeep, uploads};
use anyhow::Context;
use std::io::Write;
use std::net::SocketAddr;
use tokio::net::TcpListener;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address and port, over the configuration. Port 0 takes a free one.
    #[arg(long)]
    listen: Option<SocketAddr>,
}

/// Serves until asked to stop; requests under way are finished.
///
/// # Errors
/// When the database cannot be reached, the port is taken, or mails of a shop with TLS would stay in a folder.
pub async fn run(mut config: Config, args: Args) -> anyhow::Result<()> {
    config.listen = args.listen.unwrap_or(config.listen);
    config.mail.fits(config.secure())?;
    let state = AppState::connect(config).await?;
    if state.config.database.migrate {
        migrate::up(&state.db).await?;
    }
    state.tokens.check(&state.db).await.context("access tokens cannot be signed")?;
    let stop = shutdown::token();
    let listener = TcpListener::bind(state.config.listen)
        .await
        .with_context(|| format!("{} cannot be served on: choose another with LECTERN_LISTEN", state.config.listen))?;
    let address = listener.local_addr()?;
    let runner = mail::Runner::open(&state, address)?;
    if state.config.mail.kind == MailKind::File {
        say(format_args!("Mails stay in {}: an admin reads them at /admin/mail", state.config.mail_dir().display()));
    }
    say(format_args!("Lectern is open at http://{address}"));
    let mails = tokio::spawn(runner.run(stop.clone()));
    tokio::spawn(upkeep::keep(state.db.clone(), state.payments.clone(), state.tokens.clone(), stop.clone()));
    tokio::spawn(uploads::keep_clean((*state.uploads).clone(), stop.clone()));
    tokio::spawn(uploads::keep_finishing((*state.uploads).clone(), stop.clone()));
    let worker = state.config.worker.enabled.then(|| tokio::spawn(Worker::new(&state).run(stop.clone())));
    let router = http::router(state.clone());
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(stop.clone().cancelled_owned())
        .await?;
    stop.cancel();
    mails.await?;
    if let Some(worker) = worker {
        // What it was doing is given back, so that the next worker goes on at once.
        worker.await?;
    }
    Ok(())
}

/// Tells whoever started the shop. That nobody listens any more, as after `lectern serve | head`, is no reason to close.
fn say(words: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stdout(), "{words}");
}
