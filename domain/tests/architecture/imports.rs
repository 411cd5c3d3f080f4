//! What each file of a crate takes from the others, read from its text.

use std::collections::{BTreeMap, BTreeSet};

/// Where a module is: `["catalog", "edit"]`; the root of the crate is empty.
type Path = Vec<String>;

/// One name that a file takes, with the name it has there.
struct Import {
    path: Path,
    alias: String,
    passed_on: bool,
}

/// A file, read.
struct File {
    module: Path,
    imports: Vec<Import>,
}

/// The files of a crate and what they take from each other.
pub struct Sources {
    files: BTreeMap<String, File>,
    /// The file of each module.
    modules: BTreeMap<Path, String>,
}

impl Sources {
    /// Reads files, given as their paths below `src/` and their texts. What stands after `#[cfg(test)]` is left out.
    pub fn read<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let texts: Vec<_> = texts.into_iter().collect();
        let modules: BTreeMap<_, _> = texts.iter().map(|(name, _)| (module_of(name), (*name).to_owned())).collect();
        let files = texts.iter().map(|(name, text)| {
            let module = module_of(name);
            let imports = imports(&module, text, &modules);
            ((*name).to_owned(), File { module, imports })
        });
        Self { files: files.collect(), modules }
    }

    /// For each file, the others that it takes something from. Passing a name on (`pub use`) takes nothing: who takes
    /// that name takes it from where it is made.
    pub fn edges(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let edges = self.files.iter().map(|(name, file)| {
            let taken = file.imports.iter().filter(|import| !import.passed_on);
            let others = taken.filter_map(|import| self.home(&import.path, 0)).filter(|other| other != name);
            (name.as_str(), others.collect())
        });
        edges.collect()
    }

    /// The file in which the thing at `path` is made.
    fn home(&self, path: &[String], depth: usize) -> Option<&str> {
        let length = (0..=path.len()).rev().find(|length| self.modules.contains_key(&path[..*length]))?;
        let file = &self.modules[&path[..length]];
        let Some(wanted) = path.get(length) else { return Some(file) };
        let passed_on = self.files[file].imports.iter().filter(|import| import.passed_on);
        for import in passed_on {
            let found = if import.alias == "*" {
                let there = [&import.path[..], &path[length..]].concat();
                self.home(&there, depth + 1).filter(|home| self.makes(home, wanted))
            } else if import.alias == *wanted && depth < 8 {
                self.home(&[&import.path[..], &path[length + 1..]].concat(), depth + 1)
            } else {
                None
            };
            if found.is_some() {
                return found;
            }
        }
        // A name at the root that no file makes is another crate's.
        (length > 0).then_some(file.as_str())
    }

    /// Whether a name can be told to be the file's own: only a module's can.
    fn makes(&self, file: &str, name: &str) -> bool {
        self.files[file].module.last().is_some_and(|last| last == name)
    }
}

/// `catalog/edit.rs` is `catalog::edit`, `catalog/mod.rs` is `catalog`, `lib.rs` the root.
fn module_of(name: &str) -> Path {
    let name = name.trim_end_matches(".rs").trim_end_matches("/mod");
    if name == "lib" { Vec::new() } else { name.split('/').map(str::to_owned).collect() }
}

fn imports(module: &Path, text: &str, modules: &BTreeMap<Path, String>) -> Vec<Import> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let starts_path = tokens.get(at + 1).is_some_and(|next| next == "::") && (at == 0 || tokens[at - 1] != "::");
        if tokens[at] == "use" {
            let passed_on = at > 0 && (tokens[at - 1] == "pub" || tokens[at - 1] == ")");
            let mut names = Vec::new();
            at = tree(&tokens, at + 1, &mut Vec::new(), &mut names);
            for (path, alias) in names {
                found.extend(absolute(module, &path, modules).map(|path| Import { path, alias, passed_on }));
            }
        } else if starts_path {
            let mut path = vec![tokens[at].clone()];
            while tokens.get(at + 1).is_some_and(|next| next == "::")
                && tokens.get(at + 2).is_some_and(|next| is_name(next))
            {
                path.push(tokens[at + 2].clone());
                at += 2;
            }
            let path = absolute(module, &path, modules);
            found.extend(path.map(|path| Import { path, alias: String::new(), passed_on: false }));
        }
        at += 1;
    }
    found
}

/// Reads a tree of `use` from `at` on; returns where it ends.
fn tree(tokens: &[String], mut at: usize, before: &mut Path, names: &mut Vec<(Path, String)>) -> usize {
    let depth = before.len();
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "::" => {}
            "{" => loop {
                at = tree(tokens, at + 1, before, names);
                if tokens.get(at).is_none_or(|token| token != ",") {
                    break;
                }
            },
            "as" => {
                at += 1;
                if let (Some(last), Some(alias)) = (names.last_mut(), tokens.get(at)) {
                    last.1.clone_from(alias);
                }
            }
            "," | "}" | ";" => break,
            "*" => names.push((before.clone(), "*".to_owned())),
            name => {
                before.push(name.to_owned());
                if tokens.get(at + 1).is_none_or(|next| next != "::") {
                    let path = if name == "self" { before[..before.len() - 1].to_vec() } else { before.clone() };
                    let alias = path.last().cloned().unwrap_or_default();
                    names.push((path, alias));
                }
            }
        }
        at += 1;
    }
    before.truncate(depth);
    at
}

/// A path of this crate from its root; none when it leads out of the crate.
fn absolute(module: &Path, path: &[String], modules: &BTreeMap<Path, String>) -> Option<Path> {
    let first = path.first()?;
    let mut base = module.clone();
    let rest = match first.as_str() {
        "crate" => {
            base.clear();
            &path[1..]
        }
        "self" => &path[1..],
        "super" => {
            let ups = path.iter().take_while(|part| *part == "super").count();
            base.truncate(base.len().checked_sub(ups)?);
            &path[ups..]
        }
        child => {
            base.push(child.to_owned());
            if !modules.contains_key(&base) {
                return None;
            }
            &path[1..]
        }
    };
    base.extend_from_slice(rest);
    Some(base)
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphanumeric() || first == '_')
}

/// The names, the `::` and the other signs of a Rust text, without comments, strings and characters.
fn tokens(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(raw) = rest.strip_prefix("r#\"") {
            raw.find("\"#").map_or(rest.len(), |end| end + 5)
        } else if first == '"' {
            string(rest)
        } else if first == '\'' {
            character(rest)
        } else if rest.starts_with("::") {
            found.push("::".to_owned());
            2
        } else if is_name(rest) {
            let end = rest.find(|sign: char| !sign.is_alphanumeric() && sign != '_').unwrap_or(rest.len());
            found.push(rest[..end].to_owned());
            end
        } else {
            if !first.is_whitespace() {
                found.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    found
}

/// The length of the string at the beginning.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, sign) in text.char_indices().skip(1) {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of the character at the beginning, or of the quote before a lifetime.
fn character(text: &str) -> usize {
    let mut signs = text.char_indices().skip(1);
    match signs.next() {
        Some((_, '\\')) => text[2..].char_indices().skip(1).find(|(_, sign)| *sign == '\'').map_or(1, |(at, _)| at + 3),
        Some(_) => signs.next().filter(|(_, sign)| *sign == '\'').map_or(1, |(at, _)| at + 1),
        None => 1,
    }
}
