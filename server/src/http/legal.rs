//! The pages that the law asks for say what the shop does.

use crate::http::testing::{Answer, Shop};
use crate::http::tests::{LOG_IN, SECRET, ada, log_in, login_form, plain};
use domain::ordering::WithdrawalWording;
use domain::settings::legal::{LegalPage, TEXT_MAX};
use domain::testing::title;
use identity::cookies::ShopCookie;
use std::collections::BTreeSet;
use std::path::Path;

const PAGE: (&str, &str) = ("accept", "text/html");
const SELLER: &str =
    "form%5Bname%5D=Moss+%26+Daughters&form%5Baddress%5D=Quay+1%0D%0A20457+Harbour&form%5Bvat%5D=DE123";

async fn page(shop: &Shop, cookie: &str, path: &str) -> Answer {
    let answer = shop.get(cookie, path, &[PAGE]).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer
}

/// Sends a form from `page` as a browser without JavaScript does, and gives what it is led to.
async fn submit(shop: &Shop, cookie: &str, path: &str, form: &str, from: &str) -> Answer {
    let referrer = format!("http://localhost:3000{from}");
    let headers = [("accept", "text/html"), ("host", "localhost:3000"), ("referer", referrer.as_str())];
    let request = http::Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    let request =
        headers.iter().fold(request.header("cookie", cookie), |request, (name, value)| request.header(*name, *value));
    let peer = axum::extract::ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 4711)));
    let answer = shop.send(request.extension(peer).body(axum::body::Body::from(form.to_owned())).unwrap()).await;
    assert_eq!(answer.status, 302, "{answer:?}");
    let to = answer.header("location").replace("http://localhost:3000", "");
    page(shop, cookie, &to).await
}

#[tokio::test]
async fn every_page_leads_to_those_that_the_law_asks_for_and_each_has_a_title_and_a_description() {
    let shop = Shop::open_whole(plain).await;
    let home = page(&shop, "", "/").await;
    for legal in LegalPage::ALL {
        assert!(home.text().contains(&format!("href=\"{}\"", legal.path())), "{}", legal.path());
        let answer = page(&shop, "", legal.path()).await;
        let text = answer.text();
        assert!(text.contains(&format!("<title>{} · Lectern</title>", legal.title())), "{}", legal.path());
        for tag in ["<meta name=\"description\"", "rel=\"canonical\"", "<h2"] {
            assert!(text.contains(tag), "{tag} is not in {}", legal.path());
        }
        assert!(answer.headers.get("set-cookie").is_none(), "reading it leaves nothing behind");
    }
}

/// Does all that sets a cookie, and gives the names that were set.
async fn cookies_of_a_visit(shop: &Shop) -> BTreeSet<String> {
    ada(shop).await;
    let bell = title(&shop.db, "The Bell").published().await;
    let mut set = BTreeSet::new();
    let mut note = |answer: &Answer| {
        let names = answer.cookies();
        set.extend(names.split("; ").filter_map(|pair| Some(pair.split_once('=')?.0.to_owned())));
        names
    };
    let cart = note(&shop.post("", "/api/cart/add", &format!("slug={}", bell.slug), &[]).await);
    let known = note(&shop.post(&cart, LOG_IN, &login_form("ada@example.com", SECRET), &[]).await);
    note(&shop.post(&known, "/api/shop/choose-currency", "currency=EUR&next=%2Fbrowse", &[]).await);
    for path in ["/", "/browse", "/account", "/checkout", "/cookies"] {
        note(&shop.get(&known, path, &[PAGE]).await);
    }
    note(&shop.post(&known, "/api/account/logout", "", &[]).await);
    set
}

#[tokio::test]
async fn the_page_about_cookies_names_each_that_is_set_and_no_other() {
    let secure = |config: &mut crate::Config| {
        plain(config);
        config.public_url = "https://shop.example".to_owned();
    };
    for (over_tls, shop) in [(false, Shop::open_whole(plain).await), (true, Shop::open_whole(secure).await)] {
        let set = cookies_of_a_visit(&shop).await;
        let known: BTreeSet<_> = ShopCookie::ALL.into_iter().map(|cookie| cookie.name(over_tls).to_owned()).collect();
        assert_eq!(set, known, "what the shop sets");
        let answer = page(&shop, "", "/cookies").await;
        let headings = answer.text().split("<h2").skip(1).filter_map(|rest| rest.split_once('>')?.1.split('<').next());
        let named: BTreeSet<_> = headings.filter(|heading| heading.contains("lectern")).map(str::to_owned).collect();
        assert_eq!(named, known, "what the page names");
    }
}

#[test]
fn cookies_are_made_in_one_place_that_the_page_knows() {
    fn walk(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                walk(&path, found);
            } else if name.ends_with(".rs") && !name.ends_with("http/legal.rs") {
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = Vec::new();
    for part in ["app/src", "identity/src", "server/src", "frontend/src"] {
        walk(&root.join(part), &mut sources);
    }
    for (what, place) in [("Cookie::build(", "identity/src/cookies.rs"), (".with_name(", "server/src/http/sessions.rs")]
    {
        let makers: Vec<_> = sources.iter().filter(|(_, text)| text.contains(what)).map(|(name, _)| name).collect();
        assert!(makers.len() == 1 && makers[0].ends_with(place), "{what} stands in {makers:?}");
    }
    assert!(!sources.iter().any(|(_, text)| text.contains("document.cookie")), "nor does a page make one");
}

/// What the file of one's data holds, and by which words the page about privacy tells of it.
const KEPT: [(&str, &str); 19] = [
    ("account", "Your mail address and your name"),
    ("logged_in", "For each place where you are logged in"),
    ("orders", "What you bought, when, for how much"),
    ("invoices", "whom an invoice was made out to"),
    ("refunds", "what was paid back and why"),
    ("disputes", "what your bank wanted back"),
    ("order_history", "notes that people of the shop wrote about the order"),
    ("gifts_given", "When you give a title to somebody: their address"),
    ("gifts_accepted", "Who accepts a gift is kept with it"),
    ("library", "Which books you have"),
    ("places", "your last place in each and the speed"),
    ("bookmarks", "kept as a bookmark with your note"),
    ("days_heard", "For each day, in UTC, on which you heard something"),
    ("answers_to_programs", "when it bought something is kept for a day"),
    ("reviews", "Your ratings and reviews of a title"),
    ("reviews_reported", "If you report a review"),
    ("wishlist", "What you wish for is on your wishlist"),
    ("sales_told_of", "the sales that you were told of"),
    ("history", "are written into a trail"),
];

#[tokio::test]
async fn the_page_about_privacy_tells_of_all_that_the_file_of_ones_data_holds() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let cookie = log_in(&shop, "ada@example.com").await;
    let answer = shop.get(&cookie, "/account/data.json", &[]).await;
    let data: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&answer.body).unwrap();
    let held: BTreeSet<&str> = data.keys().map(String::as_str).collect();
    let told: BTreeSet<&str> = KEPT.iter().map(|(held, _)| *held).collect();
    assert_eq!(held, told, "what is kept of people has a sentence in app/src/legal/privacy.rs");
    let page = page(&shop, "", "/privacy").await;
    for (held, words) in KEPT {
        assert!(page.text().contains(words), "{held}: {words}");
    }
}

#[tokio::test]
async fn a_checkout_without_the_tick_says_so_at_the_box_with_and_without_javascript() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let bell = title(&shop.db, "The Bell").price(1290).published().await;
    let cookie = log_in(&shop, "ada@example.com").await;
    shop.post(&cookie, "/api/cart/add", &format!("slug={}", bell.slug), &[]).await;
    let shown = page(&shop, &cookie, "/checkout").await;
    let sentence = WithdrawalWording::CURRENT.sentence();
    assert!(shown.text().contains(sentence), "the page has the words");
    let answer = shop.post(&cookie, "/api/orders/checkout", "key=k&total_minor=1290&card=4242424242424242", &[]).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert!(answer.text().contains("\"withdrawal\"") && answer.text().contains("Tick this box"), "{}", answer.text());
    let form = "key=k&total_minor=1290&card=4242424242424242";
    let again = submit(&shop, &cookie, "/api/orders/checkout", form, "/checkout").await;
    let at_the_box = again.text().split("id=\"withdrawal-error\"").nth(1).and_then(|rest| rest.split("</p>").next());
    assert!(at_the_box.is_some_and(|words| words.contains("Tick this box")), "{}", again.text());
    for made_up in ["on", "99"] {
        let form = format!("{form}&withdrawal={made_up}");
        let answer = shop.post(&cookie, "/api/orders/checkout", &form, &[]).await;
        assert_eq!(answer.status, 409, "{made_up}: {}", answer.text());
    }

    let form = format!("{form}&withdrawal={}", WithdrawalWording::CURRENT);
    let receipt = submit(&shop, &cookie, "/api/orders/checkout", &form, "/checkout").await;
    assert!(receipt.text().contains("Thank you") && receipt.text().contains(sentence), "{}", receipt.text());
    assert!(receipt.text().contains("href=\"/withdrawal\""), "and it leads to how one withdraws");
}

#[tokio::test]
async fn what_the_owner_writes_is_read_by_everybody_and_is_never_markup() {
    let shop = Shop::open_whole(plain).await;
    let admin = shop.admin().await;
    let told = page(&shop, &admin, "/contact").await;
    assert!(told.text().contains("These pages still lack"), "an admin is told: {}", told.text());
    assert!(!page(&shop, "", "/contact").await.text().contains("still lack"), "a shopper is not");

    let saved = submit(&shop, &admin, "/api/admin/save-seller", SELLER, "/admin/legal").await;
    assert!(saved.text().contains("Saved."), "{}", saved.text());
    let words =
        "text=%23+Our+choir%0D%0A%3Cb%3EWe+sing%3C%2Fb%3E+at+https%3A%2F%2Fchoir.example.&instead=false&page=terms";
    submit(&shop, &admin, "/api/admin/save-legal-text", words, "/admin/legal/terms").await;
    let contact = page(&shop, "", "/contact").await;
    assert!(contact.text().contains("Moss &amp; Daughters\nQuay 1\n20457 Harbour"), "{}", contact.text());
    assert!(shop.get("", "/api/shop/sold-by", &[]).await.text().contains("20457 Harbour"), "receipts say it too");
    let terms = page(&shop, "", "/terms").await;
    for words in ["Whom you buy from", "Our choir", "&lt;b", "We sing", "href=\"https://choir.example\""] {
        assert!(terms.text().contains(words), "{words}: {}", terms.text());
    }
    assert!(!terms.text().contains("<b>"), "{}", terms.text());
    let words = words.replace("instead=false", "instead=true");
    submit(&shop, &admin, "/api/admin/save-legal-text", &words, "/admin/legal/terms").await;
    let terms = page(&shop, "", "/terms").await;
    assert!(!terms.text().contains("Whom you buy from") && terms.text().contains("Our choir"), "{}", terms.text());
}

#[tokio::test]
async fn words_that_are_too_long_or_a_seller_without_an_address_are_still_in_their_form() {
    let shop = Shop::open_whole(plain).await;
    let admin = shop.admin().await;
    let form = format!("page=privacy&instead=true&text=Begin+{}+end", "a".repeat(TEXT_MAX));
    let again = submit(&shop, &admin, "/api/admin/save-legal-text", &form, "/admin/legal/privacy").await;
    assert!(again.text().contains("Write at most 50000 characters"), "it says what to do");
    assert!(again.text().contains("aaa end</textarea>"), "all that was typed is there");
    let again =
        submit(&shop, &admin, "/api/admin/save-seller", "form%5Bname%5D=Moss&form%5Bphone%5D=12", "/admin/legal").await;
    for words in ["Write the postal address", "value=\"Moss\"", "value=\"12\""] {
        assert!(again.text().contains(words), "{words}: {}", again.text());
    }
    let fresh = page(&shop, &admin, "/admin/legal").await;
    assert!(!fresh.text().contains("value=\"Moss\""), "the next page shows what is kept");
}
