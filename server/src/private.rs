//! Files and folders that nobody else on the machine may read: the database holds signing keys, and mails hold links.

use std::fs;
use std::io::Result;
use std::path::Path;

/// Makes a folder, and those above it, for its owner alone. One that is there keeps the rights that somebody gave it.
///
/// # Errors
/// When it cannot be made.
pub fn folder(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes an empty file for its owner alone, and takes the rights of others from one that is there. SQLite gives the files
/// that it puts beside a database the rights of that.
///
/// # Errors
/// When it cannot be made, or is somebody else's.
pub fn file(path: &Path) -> Result<()> {
    let mut options = fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let rights = file.metadata()?.permissions().mode() & 0o777;
        if rights & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(rights & 0o700))?;
        }
    }
    drop(file);
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use crate::{AppState, Config};
    use std::os::unix::fs::PermissionsExt;

    #[tokio::test]
    async fn what_the_shop_keeps_is_for_nobody_else_on_the_machine() {
        let around = tempfile::TempDir::new().unwrap();
        let data = around.path().join("data");
        let mut config = Config::load(None).unwrap();
        config.data_dir.clone_from(&data);
        let state = AppState::connect(config.clone()).await.unwrap();
        migrations::up(state.db.read()).await.unwrap();
        let rights = |name: &str| std::fs::metadata(data.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((rights(""), rights("lectern.db"), rights("lectern.db-wal")), (0o700, 0o600, 0o600));
        drop(state);
        // One of before.
        std::fs::set_permissions(data.join("lectern.db"), std::fs::Permissions::from_mode(0o644)).unwrap();
        AppState::connect(config).await.unwrap();
        assert_eq!(rights("lectern.db"), 0o600);
    }
}
