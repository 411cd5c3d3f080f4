//! Lists a folder the way a bucket lists itself: in the order of the keys, a page at a time.

use crate::storage::key::check;
use crate::storage::{Listing, Stored};
use std::collections::BinaryHeap;
use std::io::{self, ErrorKind};
use std::path::Path;

/// The first `most` files whose keys begin with `prefix` and come after `after`.
pub fn page(root: &Path, prefix: &str, after: &str, most: usize) -> io::Result<Listing> {
    let mut walk = Walk { root, prefix, after, most, found: Vec::new() };
    walk.folder("")?;
    let next = walk.found.last().filter(|_| walk.found.len() == most).map(|last| last.key.clone());
    Ok(Listing { stored: walk.found, next })
}

struct Walk<'a> {
    root: &'a Path,
    prefix: &'a str,
    after: &'a str,
    most: usize,
    found: Vec<Stored>,
}

impl Walk<'_> {
    /// Goes through a folder, named by how the keys of what is in it begin: `` or `audio/3f/`.
    fn folder(&mut self, folder: &str) -> io::Result<()> {
        let mut last = None;
        loop {
            let names = self.names(folder, last.as_deref())?;
            for name in &names {
                if self.found.len() == self.most {
                    return Ok(());
                }
                if name.ends_with('/') { self.folder(name)? } else { self.file(name)? }
            }
            if names.len() < self.most {
                return Ok(());
            }
            last = names.into_iter().next_back();
        }
    }

    fn file(&mut self, key: &str) -> io::Result<()> {
        match std::fs::metadata(self.root.join(key)) {
            Ok(facts) if facts.is_file() => {
                let modified_at = facts.modified()?.into();
                self.found.push(Stored { key: key.to_owned(), size: facts.len(), modified_at });
            }
            Ok(_) => {}
            // Deleted in the meantime.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// The first `most` names in a folder after `last` that are of use, in order. A folder's ends in a slash and is
    /// ordered by it, as the keys in it are. However many there are, no more are held in memory.
    fn names(&self, folder: &str, last: Option<&str>) -> io::Result<Vec<String>> {
        let entries = match std::fs::read_dir(self.root.join(folder)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut first = BinaryHeap::new();
        for entry in entries {
            let entry = entry?;
            let slash = if entry.file_type()?.is_dir() { "/" } else { "" };
            let key = format!("{folder}{}", entry.file_name().display());
            if check(&key).is_err() {
                continue;
            }
            let name = key + slash;
            if self.wants(&name) && last.is_none_or(|last| name.as_str() > last) {
                first.push(name);
                if first.len() > self.most {
                    first.pop();
                }
            }
        }
        Ok(first.into_sorted_vec())
    }

    /// Whether the page may have this file, or a file in this folder.
    fn wants(&self, name: &str) -> bool {
        let folder = name.ends_with('/');
        let in_prefix = name.starts_with(self.prefix) || (folder && self.prefix.starts_with(name));
        in_prefix && (name > self.after || (folder && self.after.starts_with(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(root: &Path, prefix: &str, most: usize) -> Vec<String> {
        let (mut keys, mut after) = (Vec::new(), String::new());
        loop {
            let page = page(root, prefix, &after, most).unwrap();
            assert!(page.stored.len() <= most);
            keys.extend(page.stored.into_iter().map(|stored| stored.key));
            match page.next {
                Some(next) => after = next,
                None => return keys,
            }
        }
    }

    #[test]
    fn keys_come_in_the_order_of_their_bytes_whatever_the_size_of_a_page() {
        let folder = tempfile::tempdir().unwrap();
        let there = ["a-b/one", "a.mp3", "a/b/one", "a/b/two", "a/c", "a/d/e/f", "a0", "b/one"];
        std::fs::create_dir_all(folder.path().join("a/empty")).unwrap();
        std::fs::create_dir_all(folder.path().join("a/none/none")).unwrap();
        for key in there {
            let path = folder.path().join(key);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, key).unwrap();
        }
        std::fs::write(folder.path().join("a/.hidden"), "").unwrap();
        assert!(there.is_sorted());
        for most in 1..=there.len() + 1 {
            assert_eq!(keys(folder.path(), "", most), there, "{most} a page");
            assert_eq!(keys(folder.path(), "a/", most), &there[2..6], "{most} a page");
            assert_eq!(keys(folder.path(), "a/b/t", most), ["a/b/two"], "{most} a page");
            assert_eq!(keys(folder.path(), "c/", most), [""; 0], "{most} a page");
        }
    }
}
