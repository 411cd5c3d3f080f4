//! The addresses of pages of the back office.

use std::fmt::Display;

/// A bundle in the back office.
pub fn admin_bundle(id: impl Display) -> String {
    format!("/admin/bundles/{id}")
}

/// A program elsewhere that is told what happens, in the back office.
pub fn admin_webhook(id: impl Display) -> String {
    format!("/admin/webhooks/{id}")
}

/// Who hears or writes, in the back office.
pub fn admin_provider(id: impl Display) -> String {
    format!("/admin/providers/{id}")
}

/// A title in the back office.
pub fn admin_title(id: impl Display) -> String {
    format!("/admin/titles/{id}")
}

/// What became of a change to many titles.
pub fn admin_bulk(id: impl Display) -> String {
    format!("/admin/bulk/{id}")
}

/// Where a draft is deleted.
pub fn admin_title_delete(id: impl Display) -> String {
    format!("/admin/titles/{id}/delete")
}

/// Where a sale is made of a title, which is chosen already.
pub fn admin_new_sale(slug: impl Display) -> String {
    format!("/admin/sales?title={slug}#new-sale")
}

/// A category in the back office.
pub fn admin_category(id: impl Display) -> String {
    format!("/admin/categories/{id}")
}

/// An author or narrator in the back office.
pub fn admin_contributor(id: impl Display) -> String {
    format!("/admin/contributors/{id}")
}

/// A series in the back office.
pub fn admin_series(id: impl Display) -> String {
    format!("/admin/series/{id}")
}

/// The text of a title in the back office; `show` is the name of a [`Shown`](domain::transcript::Shown).
pub fn admin_text(id: impl Display, show: &str, page: u32) -> String {
    format!("/admin/titles/{id}/text?show={show}&page={page}")
}

/// Where the text of a title is edited, from a moment on in milliseconds.
pub fn admin_editor(id: impl Display, from_ms: i64) -> String {
    format!("/admin/titles/{id}/editor?from={from_ms}")
}

/// The same with one sentence open.
pub fn admin_editor_at(id: impl Display, from_ms: i64, sentence: impl Display) -> String {
    format!("/admin/titles/{id}/editor?from={from_ms}&edit={sentence}#line-{sentence}")
}

/// Where words are replaced in the text of a title.
pub fn admin_replace(id: impl Display) -> String {
    format!("/admin/titles/{id}/replace")
}

/// Where the chapters of a title are kept.
pub fn admin_chapters(id: impl Display) -> String {
    format!("/admin/titles/{id}/chapters")
}

/// The same with the headings that are spoken.
pub fn admin_headings(id: impl Display) -> String {
    format!("/admin/titles/{id}/chapters?headings=yes")
}

/// The same, about to add one at a moment in milliseconds.
pub fn admin_chapters_at(id: impl Display, at_ms: i64) -> String {
    format!("/admin/titles/{id}/chapters?at={at_ms}#new-chapter")
}

/// An order in the back office.
pub fn admin_order(number: impl Display) -> String {
    format!("/admin/orders/{number}")
}

/// An account in the back office.
pub fn admin_user(id: impl Display) -> String {
    format!("/admin/users/{id}")
}
