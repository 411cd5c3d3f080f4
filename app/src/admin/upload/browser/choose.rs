//! Files from a drop or a file input, folders with all that is in them.

use super::Chosen;
use crate::admin::upload::naming::left_out;
use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, File, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry, FileSystemFileEntry,
    HtmlInputElement,
};

/// Folders within folders are followed so deep.
const DEPTH: usize = 16;

/// What was chosen in a file input; the input is emptied, so that the same file can be chosen again.
pub fn chosen(input: &HtmlInputElement) -> Vec<Chosen> {
    let mut found = Vec::new();
    if let Some(files) = input.files() {
        for file in (0..files.length()).filter_map(|index| files.get(index)) {
            // Chromium, Firefox and Safari give the path of a file chosen with its folder.
            let path = js_sys::Reflect::get(&file, &JsValue::from_str("webkitRelativePath")).ok();
            let path = path.and_then(|path| path.as_string()).unwrap_or_default();
            let from_folder = !path.is_empty();
            if !(from_folder && left_out(&file.name(), &file.type_())) {
                found.push(Chosen { path: if from_folder { path } else { file.name() }, file });
            }
        }
    }
    input.set_value("");
    found
}

/// What was dropped. The entries must be asked for at once: after the event the browser forgets them.
pub fn dropped(transfer: &DataTransfer) -> impl Future<Output = Vec<Chosen>> + use<> {
    let items = transfer.items();
    let entries: Vec<FileSystemEntry> = (0..items.length())
        .filter_map(|index| items.get(index))
        .filter(|item| item.kind() == "file")
        .filter_map(|item| item.webkit_get_as_entry().ok().flatten())
        .collect();
    let plain: Vec<File> = match transfer.files() {
        Some(files) if entries.is_empty() => (0..files.length()).filter_map(|index| files.get(index)).collect(),
        _ => Vec::new(),
    };
    async move {
        let mut found: Vec<Chosen> = plain.into_iter().map(|file| Chosen { path: file.name(), file }).collect();
        let mut open: Vec<(FileSystemEntry, usize)> = entries.into_iter().map(|entry| (entry, 0)).collect();
        while let Some((entry, depth)) = open.pop() {
            if let Some(folder) = directory(&entry) {
                if depth < DEPTH {
                    open.extend(children(&folder).await.into_iter().map(|child| (child, depth + 1)));
                }
            } else if let Some(file) = file(&entry).await
                && (depth == 0 || !left_out(&file.name(), &file.type_()))
            {
                found.push(Chosen { path: entry.full_path().trim_start_matches('/').to_owned(), file });
            }
        }
        found
    }
}

fn directory(entry: &FileSystemEntry) -> Option<FileSystemDirectoryEntry> {
    entry.is_directory().then(|| entry.clone().unchecked_into())
}

async fn file(entry: &FileSystemEntry) -> Option<File> {
    let entry: FileSystemFileEntry = entry.clone().unchecked_into();
    let promise = Promise::new(&mut |resolve, reject| entry.file_with_callback_and_callback(&resolve, &reject));
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

async fn children(folder: &FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader: FileSystemDirectoryReader = folder.create_reader();
    let mut found = Vec::new();
    loop {
        let promise = Promise::new(&mut |resolve, reject| {
            if let Err(error) = reader.read_entries_with_callback_and_callback(&resolve, &reject) {
                let _ = reject.call1(&JsValue::NULL, &error);
            }
        });
        // A reader gives a hundred or so at a time, and none at the end.
        let Ok(some) = JsFuture::from(promise).await else { return found };
        let some: Array = some.unchecked_into();
        if some.length() == 0 {
            return found;
        }
        found.extend(some.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}
