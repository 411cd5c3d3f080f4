//! `peer DATABASE ADDRESS [remember]`: the home page, the first page of the list and the pages of titles of a shop's database
//! (SQLite), as axum and maud make them. `peer DATABASE` prints the path of a title's page.
//!
//! It shows what the shop's pages show, and does nothing else: no session, no cart, no policy, no settings, no prices of sales.
//! With `remember` it looks things up once in three seconds, as the shop does; without, for each page.

mod markup;

use axum::extract::{Path, State};
use axum::{Router, routing::get};
use markup::{page, shown};
use maud::Markup;
use rusqlite::{Connection, OpenFlags, Row};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const MOMENT: Duration = Duration::from_secs(3);

/// What is shown of a title in a list; `people` are its authors.
const BOOK: &str = "SELECT a.slug, a.title, a.duration_ms, a.price_minor, a.currency, a.rating_count, a.rating_mean,
    (SELECT group_concat(p.name, ', ') FROM audiobook_people w JOIN people p ON p.id = w.person_id
     WHERE w.audiobook_id = a.id AND w.role = 'author') FROM audiobooks a WHERE a.status = 'published'";

struct Book {
    slug: String,
    title: String,
    minutes: i64,
    price: String,
    rating: Option<(i64, f64)>,
    people: String,
}

struct Category {
    slug: String,
    name: String,
    description: String,
    titles: i64,
}

enum Found {
    Home { lists: Vec<(&'static str, Vec<Book>)>, categories: Vec<Category> },
    List { books: Vec<Book>, total: i64 },
    Title { book: Book, description: String, categories: Vec<Category>, like: Vec<Book> },
    Nothing,
}

type Answer = rusqlite::Result<Found>;

struct Shop {
    database: String,
    remembers: bool,
    idle: Mutex<Vec<Connection>>,
    known: Mutex<HashMap<String, (Instant, Arc<Found>)>>,
}

impl Shop {
    fn found(&self, key: &str, look: impl FnOnce(&Connection) -> Answer) -> Arc<Found> {
        if !self.remembers {
            return Arc::new(self.looked_up(look));
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = known.get(key).filter(|(at, _)| at.elapsed() < MOMENT).map(|(_, found)| Arc::clone(found));
        if let Some(found) = fresh {
            return found;
        }
        let found = Arc::new(self.looked_up(look));
        known.insert(key.to_owned(), (Instant::now(), Arc::clone(&found)));
        found
    }

    fn looked_up(&self, look: impl FnOnce(&Connection) -> Answer) -> Found {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let connection = taken.unwrap_or_else(|| open(&self.database));
        let found = look(&connection).expect("the database answers");
        idle().push(connection);
        found
    }
}

fn open(database: &str) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(database, flags).expect("the database opens")
}

fn book(row: &Row) -> rusqlite::Result<Book> {
    let (minor, currency): (i64, String) = (row.get(3)?, row.get(4)?);
    let (ratings, mean): (i64, i64) = (row.get(5)?, row.get(6)?);
    Ok(Book {
        slug: row.get(0)?,
        title: row.get(1)?,
        minutes: row.get::<_, i64>(2)? / 60_000,
        price: format!("{currency} {}.{:02}", minor / 100, minor % 100),
        rating: (ratings > 0).then_some((ratings, mean as f64 / 100.0)),
        people: row.get::<_, Option<String>>(7)?.unwrap_or_default(),
    })
}

fn books(database: &Connection, more: &str) -> rusqlite::Result<Vec<Book>> {
    database.prepare_cached(&format!("{BOOK} {more}"))?.query_map([], book)?.collect()
}

fn categories(database: &Connection, more: &str, slug: &str) -> rusqlite::Result<Vec<Category>> {
    let sql = format!(
        "SELECT c.slug, c.name, c.description, (SELECT count(*) FROM audiobook_categories i JOIN audiobooks a
         ON a.id = i.audiobook_id WHERE i.category_id = c.id AND a.status = 'published') FROM categories c {more}"
    );
    let read = |row: &Row| -> rusqlite::Result<Category> {
        Ok(Category { slug: row.get(0)?, name: row.get(1)?, description: row.get(2)?, titles: row.get(3)? })
    };
    database.prepare_cached(&sql)?.query_map([slug], read)?.collect()
}

async fn home(State(shop): State<Arc<Shop>>) -> Markup {
    let found = shop.found("/", |database| {
        let lists = vec![
            ("Featured", books(database, "AND a.featured ORDER BY a.published_at DESC LIMIT 6")?),
            ("New", books(database, "ORDER BY a.published_at DESC LIMIT 6")?),
            ("Best-selling", books(database, "AND a.sold_count > 0 ORDER BY a.sold_count DESC LIMIT 6")?),
        ];
        let categories = categories(database, "WHERE c.slug <> ?1 ORDER BY c.position", "")?;
        Ok(Found::Home { lists, categories })
    });
    page("Lectern", &shown(&found))
}

async fn browse(State(shop): State<Arc<Shop>>) -> Markup {
    let found = shop.found("/browse", |database| {
        let total = "SELECT count(*) FROM audiobooks WHERE status = 'published'";
        let total = database.prepare_cached(total)?.query_row([], |row| row.get(0))?;
        Ok(Found::List { books: books(database, "ORDER BY a.published_at DESC LIMIT 24")?, total })
    });
    page("Browse", &shown(&found))
}

async fn title(State(shop): State<Arc<Shop>>, Path(slug): Path<String>) -> Markup {
    let found = shop.found(&slug, |database| {
        let this = database.prepare_cached(&format!("{BOOK} AND a.slug = ?1"))?.query_map([&slug], book)?.next().transpose()?;
        let Some(book) = this else { return Ok(Found::Nothing) };
        let words = "SELECT description FROM audiobooks WHERE slug = ?1";
        let description = database.prepare_cached(words)?.query_row([&slug], |row| row.get(0))?;
        let of_it = "JOIN audiobook_categories k ON k.category_id = c.id JOIN audiobooks b ON b.id = k.audiobook_id
            WHERE b.slug = ?1 ORDER BY k.position";
        let like = "AND a.id IN (SELECT j.audiobook_id FROM audiobook_categories j WHERE j.category_id IN (SELECT k.category_id
            FROM audiobook_categories k JOIN audiobooks b ON b.id = k.audiobook_id WHERE b.slug = ?1)) AND a.slug <> ?1
            ORDER BY a.sold_count DESC LIMIT 6";
        let like = database
            .prepare_cached(&format!("{BOOK} {like}"))?
            .query_map([&slug], self::book)?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Found::Title { book, description, categories: categories(database, of_it, &slug)?, like })
    });
    page("A title", &shown(&found))
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (Some(database), address) = (words.first(), words.get(1)) else {
        eprintln!("usage: peer DATABASE [ADDRESS [remember]]");
        std::process::exit(2);
    };
    let Some(address) = address else {
        let first = books(&open(database), "ORDER BY a.published_at DESC LIMIT 1").expect("the database answers");
        first.iter().for_each(|book| println!("/books/{}", book.slug));
        return;
    };
    let remembers = words.get(2).is_some_and(|word| word == "remember");
    let shop = Shop { database: database.clone(), remembers, idle: Mutex::default(), known: Mutex::default() };
    let routes = Router::new()
        .route("/", get(home))
        .route("/browse", get(browse))
        .route("/books/{slug}", get(title))
        .with_state(Arc::new(shop));
    let serve = async {
        let listener = tokio::net::TcpListener::bind(address).await.expect("the address is free");
        axum::serve(listener, routes).await.expect("it serves");
    };
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime").block_on(serve);
}
