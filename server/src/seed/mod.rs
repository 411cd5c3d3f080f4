//! Filling a shop with the sample titles of `seed/`, as often as one likes.

mod catalogue;
mod recording;
pub mod trial;

use crate::AppState;
use anyhow::{Context, bail};
use catalogue::{Catalogue, Categories, Title};
use domain::catalog::seed::{self, SeedAudiobook, SeedCategory, SeedSale};
use domain::production::import::{self, Produced};
use std::path::Path;
use uuid::Uuid;

/// What a run did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Summary {
    /// Titles in the list.
    pub titles: usize,
    /// Titles that were not there before.
    pub new: usize,
    /// New titles that came without a transcript: the pipeline works on them.
    pub in_production: usize,
}

/// Brings categories, people, series and titles up to date, puts new recordings into storage, and puts new titles on
/// sale. A title that an admin has edited stays as it is. `report` is told of each title.
///
/// # Errors
/// When the folder is not there or damaged, or the database or storage fails. Running it again goes on.
pub async fn fill(state: &AppState, folder: &Path, mut report: impl FnMut(&str)) -> anyhow::Result<Summary> {
    let categories: Categories = catalogue::read(&folder.join("categories.toml")).await?;
    let catalogue: Catalogue = catalogue::read(&folder.join("catalogue.toml")).await?;
    for (position, category) in (1..).zip(&categories.categories) {
        let category = SeedCategory {
            slug: category.slug.clone(),
            name: category.name.clone(),
            description: category.description.clone(),
            keywords: category.keywords.join(", "),
            position,
        };
        seed::upsert_category(&state.db, &category).await?;
    }
    for person in catalogue.authors.iter().chain(&catalogue.narrators) {
        seed::upsert_contributor(&state.db, &person.name, &person.bio).await?;
    }
    for series in &catalogue.series {
        seed::upsert_series(&state.db, &series.name, &series.description).await?;
    }
    let mut summary = Summary { titles: catalogue.titles.len(), ..Summary::default() };
    for title in &catalogue.titles {
        let (id, _) = seed::upsert_audiobook(&state.db, &audiobook(&catalogue, title)?).await?;
        let recording = recording::store(state, &folder.join("audio").join(&title.audio), title).await?;
        let produced = transcript(folder, &title.slug).await?;
        if import::attach(&state.db, id, &recording, produced.as_ref()).await.with_context(|| title.slug.clone())? {
            summary.new += 1;
            summary.in_production += usize::from(produced.is_none());
            report(&title.title);
        }
    }
    Ok(summary)
}

/// Writes what the pipeline made of the sample titles to `seed/transcripts`, for [`fill`] to use elsewhere.
///
/// # Errors
/// When a title is not through the pipeline yet.
pub async fn record(state: &AppState, folder: &Path) -> anyhow::Result<usize> {
    let catalogue: Catalogue = catalogue::read(&folder.join("catalogue.toml")).await?;
    let transcripts = folder.join("transcripts");
    tokio::fs::create_dir_all(&transcripts).await?;
    for title in &catalogue.titles {
        let id: Uuid = domain::catalog::titles::id_of(&state.db, &title.slug).await?;
        let produced = import::produced(&state.db, id).await.with_context(|| title.slug.clone())?;
        let json = serde_json::to_string(&produced)?;
        tokio::fs::write(transcripts.join(format!("{}.json", title.slug)), json + "\n").await?;
    }
    Ok(catalogue.titles.len())
}

async fn transcript(folder: &Path, slug: &str) -> anyhow::Result<Option<Produced>> {
    let path = folder.join("transcripts").join(format!("{slug}.json"));
    match tokio::fs::read(&path).await {
        Ok(json) => Ok(Some(serde_json::from_slice(&json).with_context(|| format!("{} is damaged", path.display()))?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} could not be read", path.display())),
    }
}

fn audiobook(catalogue: &Catalogue, title: &Title) -> anyhow::Result<SeedAudiobook> {
    let Some(text_rights) = catalogue::text_rights(&title.text_rights) else {
        bail!("{:?}: text_rights is none, read-along or download", title.slug);
    };
    Ok(SeedAudiobook {
        slug: title.slug.clone(),
        title: title.title.clone(),
        subtitle: title.subtitle.clone(),
        authors: catalogue.names(&catalogue.authors, &title.authors)?,
        narrators: catalogue.names(&catalogue.narrators, &title.narrators)?,
        series: title
            .series
            .as_ref()
            .map(|slug| catalogue.series_name(slug).map(|name| (name, title.series_order)))
            .transpose()?,
        description: title.description.trim().to_owned(),
        language: title.language.clone(),
        currency: catalogue.currency.parse()?,
        price_minor: title.price,
        sale: title.sale_price.map(|minor| SeedSale { minor, starts_at: None, ends_at: None }),
        licences: None,
        categories: title.categories.clone(),
        text_rights,
        featured: title.featured,
        published_at: Some(catalogue::midnight(&title.published)?),
    })
}

#[cfg(test)]
mod tests {
    use super::fill;
    use crate::{AppState, Config};
    use domain::catalog::{Status, publish, titles};
    use std::path::Path;

    #[tokio::test]
    async fn a_title_that_an_admin_took_off_sale_stays_off_it_when_the_shop_is_seeded_again() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut config = Config::load(None).unwrap();
        config.data_dir = folder.path().to_path_buf();
        let state = AppState::connect(config).await.unwrap();
        migrations::up(state.db.read()).await.unwrap();
        let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seed");

        let first = fill(&state, &list, |_| {}).await.unwrap();
        assert_eq!((first.new, first.in_production), (first.titles, 0));
        let archived = titles::id_of(&state.db, "the-last-spoon").await.unwrap();
        let kept = titles::id_of(&state.db, "the-bell-at-north-rock").await.unwrap();
        publish::archive(&state.db, archived).await.unwrap();

        let second = fill(&state, &list, |_| {}).await.unwrap();
        assert_eq!(second.new, 0);
        assert_eq!(titles::title_header(&state.db, archived).await.unwrap().status, Status::Archived);
        assert_eq!(titles::title_header(&state.db, kept).await.unwrap().status, Status::Published);
    }
}
