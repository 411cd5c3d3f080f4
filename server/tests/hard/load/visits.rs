//! What visitors do.

use super::pace::Tally;
use super::prepared::{BOOK_BYTES, Listener, PASSWORD, Person, Prepared};
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, RANGE};
use reqwest::{Client, RequestBuilder, redirect};
use serde_json::Value;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What a player asks for at once, in bytes.
const PIECE: usize = 64 << 10;
/// Words that made-up titles have, and some that none has.
const WORDS: [&str; 8] = ["sea", "lighthouse", "ligh", "night", "the sea", "harbour", "nothing-of-the-kind", "storm"];
const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Clone, Copy, Debug)]
pub enum Visit {
    Home,
    Browse,
    Search,
    Suggest,
    Product,
    LogIn,
    Add,
    CheckOut,
    Seek,
    Position,
}

/// Where a piece of a book is asked for.
#[derive(Clone)]
enum Pieces {
    /// In a shop, of what somebody bought.
    Bought,
    /// Of a server that has the files and asks nobody.
    Files(String),
}

/// All who come.
pub struct Visitors {
    client: Client,
    shop: String,
    pieces: Pieces,
    titles: Vec<String>,
    listeners: Vec<Listener>,
    regulars: Vec<String>,
    /// Each with the title that they buy next; one at a time is at the counter.
    buyers: Mutex<Vec<(Person, usize)>>,
}

type Outcome = Result<(), String>;

impl Visitors {
    pub fn new(shop: &Prepared) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).timeout(Duration::from_secs(60));
        let buyers = shop.buyers.iter().enumerate().map(|(n, buyer)| (buyer.clone(), n * 7)).collect();
        Self {
            client: client.pool_max_idle_per_host(1_000).build().unwrap(),
            shop: shop.server.address.clone(),
            pieces: Pieces::Bought,
            titles: shop.titles.clone(),
            listeners: shop.listeners.clone(),
            regulars: shop.regulars.clone(),
            buyers: Mutex::new(buyers),
        }
    }

    /// The same people at another door of the shop.
    pub fn elsewhere(&self, shop: &str) -> Self {
        Self {
            client: self.client.clone(),
            shop: shop.to_owned(),
            pieces: self.pieces.clone(),
            titles: self.titles.clone(),
            listeners: self.listeners.clone(),
            regulars: self.regulars.clone(),
            buyers: Mutex::new(Vec::new()),
        }
    }

    /// The same people, who get what they hear of a server that has the files.
    pub fn over_files(&self, server: &str) -> Self {
        Self { pieces: Pieces::Files(server.to_owned()), ..self.elsewhere("") }
    }

    /// One visit, of which each request is counted; the first one from when the visitor was due.
    pub async fn visit(&self, visit: Visit, number: usize, due: Instant, tally: &Tally) {
        let title = || &self.titles[number.wrapping_mul(7_919) % self.titles.len()];
        let (kind, done) = match visit {
            Visit::Home => ("home", self.page("/".to_owned(), number).await),
            Visit::Browse => ("browse", self.page(browse(number), number).await),
            Visit::Search => (
                "search",
                self.page(format!("/browse?q={}", WORDS[number % WORDS.len()].replace(' ', "+")), number).await,
            ),
            Visit::Suggest => {
                let text = &WORDS[number % WORDS.len()][..2];
                ("suggestions", ended(self.get(format!("/api/catalog/suggest?text={text}")), 200).await)
            }
            Visit::Product => ("product", self.page(format!("/books/{}", title()), number).await),
            Visit::LogIn => ("log-in (argon2)", self.log_in(number).await),
            Visit::Add => ("add to a cart", self.add("", title()).await),
            Visit::CheckOut => return self.buy(due, tally).await,
            Visit::Seek => ("seek", self.seek(number).await),
            Visit::Position => ("position", self.keep_place(number).await),
        };
        tally.add(kind, due.elapsed(), done);
    }

    fn get(&self, path: String) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.shop))
    }

    fn post(&self, path: &str, kind: &str, body: String) -> RequestBuilder {
        let request = self.client.post(format!("{}{path}", self.shop));
        request.header(CONTENT_TYPE, kind).header(ACCEPT, "application/json").body(body)
    }

    /// A page, as every third visitor sees it who is logged in.
    async fn page(&self, path: String, number: usize) -> Outcome {
        let mut request = self.get(path).header(ACCEPT, "text/html");
        if number.is_multiple_of(3) {
            request = request.header(COOKIE, &self.listeners[number % self.listeners.len()].cookie);
        }
        let page = text(request, 200).await?;
        if page.contains("</html>") { Ok(()) } else { Err("the page broke off".to_owned()) }
    }

    async fn log_in(&self, number: usize) -> Outcome {
        let email = self.regulars[number % self.regulars.len()].replace('@', "%40");
        let form = format!("email={email}&password={}", PASSWORD.replace(' ', "+"));
        ended(self.post("/api/account/login", FORM, form), 200).await
    }

    async fn add(&self, cookie: &str, slug: &str) -> Outcome {
        ended(self.post("/api/cart/add", FORM, format!("slug={slug}")).header(COOKIE, cookie), 200).await
    }

    /// Whoever is free puts the next title into their cart, looks at what it costs and pays.
    async fn buy(&self, due: Instant, tally: &Tally) {
        let Some((buyer, next)) = self.buyers.lock().unwrap().pop() else {
            return tally.add("check-out", due.elapsed(), Err("there are more buyers than were thought of".to_owned()));
        };
        let slug = &self.titles[next % self.titles.len()];
        let added = self.add(&buyer.cookie, slug).await;
        tally.add("add to a cart", due.elapsed(), added);
        let began = Instant::now();
        let asked = text(self.get("/api/orders/checkout-form".to_owned()).header(COOKIE, &buyer.cookie), 200).await;
        let form = asked.and_then(|form| payment(&form));
        tally.add("check-out: the form", began.elapsed(), form.as_ref().map(|_| ()).map_err(Clone::clone));
        if let Ok(form) = form {
            let began = Instant::now();
            let paid = ended(self.post("/api/orders/checkout", FORM, form).header(COOKIE, &buyer.cookie), 200).await;
            tally.add("check-out", began.elapsed(), paid);
        }
        // Far enough from what the others buy.
        self.buyers.lock().unwrap().insert(0, (buyer, next + 1));
    }

    async fn seek(&self, number: usize) -> Outcome {
        let listener = &self.listeners[number % self.listeners.len()];
        let from = number.wrapping_mul(7_919 * 4_096) % (BOOK_BYTES - PIECE);
        let request = match &self.pieces {
            Pieces::Bought => self.get(format!("/listen/{}/parts/0", listener.book)).header(COOKIE, &listener.cookie),
            Pieces::Files(server) => self.client.get(format!("{server}/{}", listener.key)),
        };
        let answer = request.header(RANGE, format!("bytes={from}-{}", from + PIECE - 1)).send().await.map_err(said)?;
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await.map_err(said)?;
        let right = bytes.len() == PIECE && bytes[0] == (from % 251) as u8;
        if status == 206 && right { Ok(()) } else { Err(format!("{status} with {} bytes", bytes.len())) }
    }

    async fn keep_place(&self, number: usize) -> Outcome {
        let listener = &self.listeners[number % self.listeners.len()];
        let position = serde_json::json!({ "audiobook_id": listener.book, "position": {
            "position_ms": number % 3_600_000, "taken_at": number, "speed_percent": 100, "finished": false } });
        let request = self.post("/api/library/save-position", "application/json", position.to_string());
        ended(request.header(COOKIE, &listener.cookie), 200).await
    }
}

fn browse(number: usize) -> String {
    match number % 4 {
        0 => "/browse".to_owned(),
        1 => "/browse?sort=price-up".to_owned(),
        2 => format!("/browse?page={}", 1 + number % 5),
        _ => "/browse?price=free".to_owned(),
    }
}

/// The form by which what a cart costs is paid.
fn payment(form: &str) -> Result<String, String> {
    let wrong = || format!("no form to pay by: {form:.200}");
    let form: Value = serde_json::from_str(form).map_err(|_| wrong())?;
    let key = form["key"].as_str().ok_or_else(wrong)?;
    let total = form["cart"]["total"]["minor"].as_i64().ok_or_else(wrong)?;
    Ok(format!("key={key}&total_minor={total}&card=4242424242424242&withdrawal=1"))
}

fn said(error: reqwest::Error) -> String {
    format!("{error:?}")
}

async fn text(request: RequestBuilder, wanted: u16) -> Result<String, String> {
    let answer = request.send().await.map_err(said)?;
    let status = answer.status().as_u16();
    let text = answer.text().await.map_err(said)?;
    if status == wanted { Ok(text) } else { Err(format!("{status}: {text:.200}")) }
}

async fn ended(request: RequestBuilder, wanted: u16) -> Outcome {
    text(request, wanted).await.map(|_| ())
}
