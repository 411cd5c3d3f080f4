//! Whether the database answers, has the schema of this program, and takes writes.

use super::Finding;
use crate::Config;
use crate::commands::without_password;
use domain::Db;

const OF: &str = "database";

pub async fn examine(config: &Config) -> Vec<Finding> {
    let url = config.database_url();
    let shown = without_password(&url);
    if let Some(file) = config.database_file()
        && !file.is_file()
    {
        return vec![Finding::wrong(
            OF,
            format!("There is no database at {} yet.", file.display()),
            "`lectern serve` or `lectern migrate` makes it. If there was one: check data_dir and database.url.",
        )];
    }
    let db = match Db::connect(&url, 1).await {
        Ok(db) => db,
        Err(error) => {
            return vec![Finding::wrong(
                OF,
                format!("{shown} cannot be reached: {error}."),
                "Check database.url, and that the server runs and lets this machine in.",
            )];
        }
    };
    let mut found = Vec::new();
    match migrations::missing(db.read()).await {
        Ok(missing) if missing.is_empty() => {}
        Ok(missing) => found.push(Finding::wrong(
            OF,
            format!("Its schema lacks {} steps, the first is {}.", missing.len(), missing[0]),
            "Run `lectern migrate`; `lectern serve` does so too as it starts, unless database.migrate is false.",
        )),
        Err(error) => found.push(Finding::wrong(
            OF,
            format!("Its schema is none that this program knows: {error}."),
            "Start the version of lectern that it belongs to, or a later one.",
        )),
    }
    if found.is_empty()
        && let Err(error) = db.try_writing().await
    {
        found.push(Finding::wrong(
            OF,
            format!("It takes no writes: {error}."),
            "Check the rights of the file and its folder, whether the disk is full or read-only, or, on a server, whether \
             this is a copy that may only be read.",
        ));
    }
    let version = db.version().await;
    if found.is_empty() {
        found.push(match version {
            Ok(version) => Finding::good(OF, format!("{version} at {shown} answers, is up to date and takes writes.")),
            Err(error) => Finding::wrong(OF, format!("It does not say its version: {error}."), "See the server's log."),
        });
    }
    found
}
