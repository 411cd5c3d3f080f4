//! `lectern serve`.

use super::{migrate, shutdown};
use crate::config::MailKind;
use crate::jobs::{self, Rooms};
use crate::mail::Mails;
use crate::production::Worker;
use crate::serving::{Patience, serve};
use crate::{AppState, Config, http, metrics, tally};
use anyhow::Context;
use domain::account::first_admin;
use domain::job_kinds;
use domain::jobs::Queue;
use std::io::Write;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

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
    let state = AppState { site: state.config.link_base(address).into(), ..state };
    let mails = Mails::open(&state, address)?;
    // Before anybody is told that the shop is open: with an address that is taken it does not open.
    let numbers = metrics::listen(&state, stop.clone()).await?;
    if state.config.mail.kind == MailKind::File {
        say(format_args!("Mails stay in {}: an admin reads them at /admin/mail", state.config.mail_dir().display()));
    }
    state.config.warn();
    say(format_args!("Lectern is open at http://{address}"));
    if let Some(code) = first_admin::new_code(&state.db).await? {
        let base = state.config.link_base(address);
        say(format_args!("This shop has no admin yet. Make the first one at {base}/setup with the code {code}"));
    }
    if let Some(numbers) = &numbers {
        say(format_args!("Its numbers for Prometheus are at {}/metrics", numbers.address));
    }
    let background = tokio::spawn(work_in_background(state.clone(), mails, stop.clone()));
    let closed = CancellationToken::new();
    let counting = tokio::spawn(tally::keep(state.db.clone(), closed.clone()));
    let router = http::router(state.clone());
    serve(listener, router, Patience::new(&state.config.server), stop).await;
    // Only now is nothing counted any more.
    closed.cancel();
    counting.await?;
    if let Some(numbers) = numbers {
        numbers.ended().await;
    }
    // What it was doing is given back, so that the next worker goes on at once.
    background.await?
}

/// Does the jobs of the web side, and those of production unless another process does them, until asked to stop.
async fn work_in_background(state: AppState, mails: Mails, stop: CancellationToken) -> anyhow::Result<()> {
    let mut handlers = jobs::of_shop(&state, &mails);
    let mut rooms = Rooms::from([(Queue::Mail, 2), (Queue::Storage, 2), (Queue::Maintenance, 1), (Queue::Webhooks, 4)]);
    let worker = state.config.worker.enabled.then(|| Worker::new(&state));
    if let Some(worker) = &worker {
        handlers.extend(jobs::of_worker(&worker.shop));
        rooms.extend(worker.rooms());
    }
    let runner = jobs::runner(&state, handlers, rooms);
    let presence = worker.clone().map(|worker| tokio::spawn(worker.run(runner.clone(), stop.clone())));
    runner.run(job_kinds::schedules(), stop).await;
    if let (Some(presence), Some(worker)) = (presence, worker) {
        presence.await?;
        worker.close(&runner).await;
    }
    Ok(())
}

/// Tells whoever started the shop. That nobody listens any more, as after `lectern serve | head`, is no reason to close.
fn say(words: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stdout(), "{words}");
}
