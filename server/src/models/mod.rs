//! The models of this machine: which are known, which are here, which one is used.

#[cfg(test)]
mod choice_tests;
pub mod fetch;
#[cfg(test)]
mod fetch_tests;
mod gguf;
pub mod known;
pub mod pull;
pub mod record;
#[cfg(test)]
mod tests;
pub mod verify;

use crate::Config;
use domain::production::ModelView;
use domain::production::workers::UNKNOWN_LICENCE;
use known::{KNOWN, KnownModel, Purpose};
use std::path::{Path, PathBuf};

/// Where models are and which ones are wanted.
#[derive(Clone, Debug)]
pub struct Models {
    /// The folder that `lectern models pull` fills.
    pub dir: PathBuf,
    pub demo_dir: PathBuf,
    /// Whether demonstration models may be used while no real one is there.
    pub demo: bool,
    /// Name or file of the speech model; empty for the best that is there.
    pub speech: String,
    /// Name or file of the writing model; empty for the best that is there.
    pub writing: String,
    /// Name or file of the model that tells what texts mean; empty for the one that is there, if there is one.
    pub embedding: String,
}

/// A model that is here and used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub path: PathBuf,
    /// As the admin page names it: `base.en`, or the file's name.
    pub name: String,
    pub demonstration: bool,
}

impl Models {
    pub fn new(config: &Config) -> Self {
        Self {
            dir: config.models_dir(),
            demo_dir: config.models.demo_dir.clone(),
            demo: config.models.demo,
            speech: config.models.speech.clone(),
            writing: config.models.writing.clone(),
            embedding: config.models.embedding.clone(),
        }
    }

    /// The model to use: the configured one, or the best known one that is here, or any other file of its kind in the
    /// folder, or a demonstration. `None` when there is none, or when the configured one is not here.
    pub fn choose(&self, purpose: Purpose) -> Option<Chosen> {
        let wanted = self.wanted(purpose);
        if !wanted.is_empty() {
            return self.configured(purpose, wanted);
        }
        let best = known_of(purpose).rev().find(|model| self.dir.join(model.file).is_file()).map(|model| Chosen {
            path: self.dir.join(model.file),
            name: model.name.to_owned(),
            demonstration: false,
        });
        best.or_else(|| first_file(&self.dir, purpose).map(|path| chosen(path, false))).or_else(|| {
            if !self.demo {
                return None;
            }
            first_file(&self.demo_dir, purpose).map(|path| chosen(path, true))
        })
    }

    /// The model that is wished for by name; empty where none is.
    pub fn wanted(&self, purpose: Purpose) -> &str {
        match purpose {
            Purpose::Speech => &self.speech,
            Purpose::Writing => &self.writing,
            Purpose::Embedding => &self.embedding,
        }
    }

    fn configured(&self, purpose: Purpose, wanted: &str) -> Option<Chosen> {
        if let Some(model) = known::find(wanted).filter(|model| model.purpose == purpose) {
            let path = self.dir.join(model.file);
            return path.is_file().then(|| Chosen { path, name: model.name.to_owned(), demonstration: false });
        }
        let places = [PathBuf::from(wanted), self.dir.join(wanted), self.demo_dir.join(wanted)];
        let path = places.into_iter().find(|path| path.is_file())?;
        let demonstration = is_within(&path, &self.demo_dir);
        Some(chosen(path, demonstration))
    }

    /// What to tell the admin when no model can be used.
    pub fn what_to_do(&self, purpose: Purpose) -> String {
        match self.to_pull(purpose) {
            Some(sentence) => format!("{sentence}; the run then goes on."),
            None => self.not_found(purpose),
        }
    }

    /// The same where no run waits for it.
    pub fn missing(&self, purpose: Purpose) -> String {
        self.to_pull(purpose).map_or_else(|| self.not_found(purpose), |sentence| format!("{sentence}."))
    }

    /// Without a full stop; `None` when the wanted model is none that can be pulled.
    fn to_pull(&self, purpose: Purpose) -> Option<String> {
        let wanted = self.wanted(purpose);
        if wanted.is_empty() {
            let (kind, example) = (purpose.name(), example(purpose)?);
            return Some(format!("No {kind} model is here yet. Get one with `lectern models pull {example}`"));
        }
        let known = known::find(wanted).is_some();
        known.then(|| format!("The model {wanted} is not here yet. Get it with `lectern models pull {wanted}`"))
    }

    fn not_found(&self, purpose: Purpose) -> String {
        if self.wanted(purpose).is_empty() {
            return format!("No {} model is here: put one (GGUF) into {}.", purpose.name(), self.dir.display());
        }
        format!("The configured model {} was not found: check models.{}.", self.wanted(purpose), purpose.name())
    }

    /// Every known model, and the others that are here.
    pub fn list(&self) -> Vec<ModelView> {
        let used: Vec<PathBuf> = Purpose::ALL.into_iter().filter_map(|p| self.choose(p)).map(|c| c.path).collect();
        let mut views: Vec<ModelView> = KNOWN.iter().map(|model| self.view(model, &used)).collect();
        for (dir, demonstration) in [(&self.dir, false), (&self.demo_dir, true)] {
            for purpose in Purpose::ALL {
                for path in files(dir, purpose) {
                    let chosen = chosen(path, demonstration);
                    if known::find(&chosen.name).is_some() {
                        continue;
                    }
                    views.push(ModelView {
                        purpose: purpose.name().to_owned(),
                        size: std::fs::metadata(&chosen.path).ok().map(|file| file.len()),
                        licence: if demonstration { "made for this project".into() } else { UNKNOWN_LICENCE.into() },
                        present: true,
                        selected: used.contains(&chosen.path),
                        demonstration,
                        name: chosen.name,
                    });
                }
            }
        }
        views
    }

    fn view(&self, model: &KnownModel, used: &[PathBuf]) -> ModelView {
        let path = self.dir.join(model.file);
        let there = std::fs::metadata(&path).ok();
        ModelView {
            name: model.name.to_owned(),
            purpose: model.purpose.name().to_owned(),
            size: Some(there.as_ref().map_or(model.about_bytes, std::fs::Metadata::len)),
            licence: model.licence.to_owned(),
            present: there.is_some(),
            selected: used.contains(&path),
            demonstration: false,
        }
    }
}

/// A model to begin with; `None` where none is known.
pub fn example(purpose: Purpose) -> Option<&'static str> {
    match purpose {
        Purpose::Speech => Some("base.en"),
        Purpose::Writing => Some("qwen2.5-1.5b"),
        Purpose::Embedding => None,
    }
}

fn known_of(purpose: Purpose) -> impl DoubleEndedIterator<Item = &'static KnownModel> {
    KNOWN.iter().filter(move |model| model.purpose == purpose)
}

fn chosen(path: PathBuf, demonstration: bool) -> Chosen {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Chosen { path, name, demonstration }
}

fn is_within(path: &Path, dir: &Path) -> bool {
    path.canonicalize().ok().zip(dir.canonicalize().ok()).is_some_and(|(path, dir)| path.starts_with(dir))
}

fn first_file(dir: &Path, purpose: Purpose) -> Option<PathBuf> {
    files(dir, purpose).into_iter().next()
}

/// The model files of a folder, by name.
fn files(dir: &Path, purpose: Purpose) -> Vec<PathBuf> {
    let is_such = |path: &Path| match (purpose, path.extension().and_then(|ending| ending.to_str())) {
        (Purpose::Speech, Some("bin")) => path.is_file(),
        (Purpose::Writing | Purpose::Embedding, Some("gguf")) => {
            path.is_file() && gguf::embeds(path) == (purpose == Purpose::Embedding)
        }
        _ => false,
    };
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| is_such(path)).collect();
    files.sort();
    files
}
