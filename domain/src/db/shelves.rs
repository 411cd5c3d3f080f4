//! What is written to the tables that shoppers see.

/// The news that what shoppers see has changed.
pub(super) const SHELVES: &str = "shelves";

/// The tables that what is remembered is made of.
const TABLES: [&str; 14] = [
    "audiobooks",
    "audiobook_people",
    "audiobook_categories",
    "bundle_titles",
    "bundles",
    "categories",
    "chapters",
    "people",
    "reviews",
    "sale_categories",
    "sale_titles",
    "sales",
    "segments",
    "series",
];

/// Whether a statement writes to what shoppers see.
pub(super) fn changes_shelves(sql: &str) -> bool {
    let mut words =
        sql.split(|c: char| c.is_whitespace() || matches!(c, '"' | '`' | '(' | ',')).filter(|word| !word.is_empty());
    let verb = words.next().unwrap_or_default();
    let before = match verb {
        "INSERT" => "INTO",
        "DELETE" => "FROM",
        "UPDATE" => return words.next().is_some_and(|table| TABLES.contains(&table)),
        _ => return false,
    };
    words.find(|word| *word == before).and_then(|_| words.next()).is_some_and(|table| TABLES.contains(&table))
}

#[cfg(test)]
mod tests {
    use super::changes_shelves;

    #[test]
    fn whatever_writes_to_what_shoppers_see_is_noticed() {
        for sql in [
            r#"UPDATE "audiobooks" SET "title" = ?"#,
            "UPDATE `audiobooks` SET `title` = ?",
            r#"INSERT INTO "audiobook_people" ("audiobook_id") VALUES (?)"#,
            r#"INSERT OR IGNORE INTO "categories" ("id") VALUES (?)"#,
            "INSERT IGNORE INTO `series`(`id`) VALUES (?)",
            r#"DELETE FROM "segments" WHERE "id" = ?"#,
            "UPDATE audiobooks SET sold_count = sold_count + 1",
        ] {
            assert!(changes_shelves(sql), "{sql}");
        }
        for sql in [
            r#"SELECT "id" FROM "audiobooks""#,
            r#"UPDATE "jobs" SET "status" = ?"#,
            r#"INSERT INTO "cart_items" ("audiobook_id") SELECT "id" FROM "audiobooks""#,
            r#"DELETE FROM "carts""#,
            "",
        ] {
            assert!(!changes_shelves(sql), "{sql}");
        }
    }
}
