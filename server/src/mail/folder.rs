//! Mails that stay on this machine, for development: a JSON file each.

use super::{Mail, Mailer, SendError};
use async_trait::async_trait;
use std::io;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A folder of mails. Whoever can read it can open accounts: the files are for their owner only.
#[derive(Clone, Debug)]
pub struct Folder {
    dir: PathBuf,
}

impl Folder {
    /// Makes the folder where it is not there yet.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(dir: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(dir)?;
        Ok(Self { dir: dir.to_owned() })
    }

    /// The newest mails, at most `limit`, newest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn newest(&self, limit: usize) -> io::Result<Vec<(Uuid, Mail)>> {
        let mut entries = tokio::fs::read_dir(&self.dir).await?;
        let mut ids: Vec<Uuid> = Vec::new();
        while let Some(entry) = entries.next_entry().await? {
            let name = entry.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(".json")).and_then(|id| Uuid::parse_str(id).ok());
            ids.extend(id);
        }
        // A version 7 id begins with the time.
        ids.sort_unstable_by(|one, other| other.cmp(one));
        let mut mails = Vec::new();
        for id in ids.into_iter().take(limit) {
            mails.extend(self.read(id).await?.map(|mail| (id, mail)));
        }
        Ok(mails)
    }

    /// One mail; `None` when there is no such.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn read(&self, id: Uuid) -> io::Result<Option<Mail>> {
        match tokio::fs::read(self.dir.join(format!("{id}.json"))).await {
            Ok(json) => Ok(Some(serde_json::from_slice(&json)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Written aside and moved into place, so that no half of a mail is ever read.
    async fn keep(&self, mail: &Mail) -> io::Result<()> {
        use tokio::io::AsyncWriteExt;
        let id = Uuid::now_v7();
        let draft = self.dir.join(format!("{id}.part"));
        let mut options = tokio::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(&draft).await?;
        file.write_all(&serde_json::to_vec_pretty(mail)?).await?;
        file.sync_all().await?;
        tokio::fs::rename(&draft, self.dir.join(format!("{id}.json"))).await
    }
}

#[async_trait]
impl Mailer for Folder {
    async fn send(&self, mail: &Mail) -> Result<String, SendError> {
        self.keep(mail)
            .await
            .map(|()| format!("It lies in the folder {} and went nowhere else.", self.dir.display()))
            .map_err(|error| SendError::Again(format!("The mail could not be written to its folder: {error}.")))
    }
}
