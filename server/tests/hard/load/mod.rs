//! A shop with as many visitors as one likes, who come when they come: at a fixed rate, however long the shop takes for those
//! before them, and each is counted from the moment they came (no "coordinated omission"). What is judged is that nobody
//! is answered with an error; how long they waited is printed.
//!
//! `LECTERN_LOAD_RATE` is visits a second, `LECTERN_LOAD_SECONDS` for how long, `LECTERN_LOAD_TITLES` how many titles are on the
//! shelves, `LECTERN_LOAD_LISTENERS` how many people listen and `LECTERN_LOAD_SEEKS` how often a second one of them seeks,
//! beside `LECTERN_LOAD_BROWSING` visits of pages. `LECTERN_TEST_DATABASE` is `sqlite`, `postgres` or `mariadb`.

mod nginx;
mod pace;
mod prepared;
mod programs;
mod visits;

use crate::setting;
use nginx::Nginx;
use pace::{Tally, at_rate, flat_out};
use prepared::Prepared;
use std::sync::Arc;
use std::time::Duration;
use visits::{Visit, Visitors};

/// How many ask at once where it is tried how fast seeks can be.
const AT_ONCE: usize = 32;

/// A mix like a shop's, of each hundred visits. Logging in is rare: it is an argon2 each, which is slow on purpose.
const MIX: [(Visit, usize); 10] = [
    (Visit::Home, 12),
    (Visit::Browse, 20),
    (Visit::Search, 16),
    (Visit::Suggest, 6),
    (Visit::Product, 22),
    (Visit::LogIn, 1),
    (Visit::Add, 5),
    (Visit::CheckOut, 2),
    (Visit::Seek, 12),
    (Visit::Position, 4),
];
/// What those do who only look around.
const LOOKING: [(Visit, usize); 4] =
    [(Visit::Home, 15), (Visit::Browse, 30), (Visit::Search, 20), (Visit::Product, 35)];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_answered_with_an_error_however_many_come() {
    let seconds = setting("LECTERN_LOAD_SECONDS", 3);
    let rate = setting("LECTERN_LOAD_RATE", 20);
    let (seeks, browsing) = (setting("LECTERN_LOAD_SEEKS", 20), setting("LECTERN_LOAD_BROWSING", 5));
    let shop = Prepared::open(setting("LECTERN_LOAD_TITLES", 60), setting("LECTERN_LOAD_LISTENERS", 20)).await;
    let memory = shop.watch_memory();
    let visitors = Arc::new(Visitors::new(&shop));

    let mix = Arc::new(Tally::default());
    visiting(&visitors, &mix, &MIX, rate, seconds).await;
    println!("  {} titles, {rate} visits a second for {seconds} s:", shop.titles.len());
    mix.print();

    let both = Arc::new(Tally::default());
    tokio::join!(
        visiting(&visitors, &both, &LOOKING, browsing, seconds),
        visiting(&visitors, &both, &[(Visit::Seek, 1)], seeks, seconds)
    );
    println!("  {} listeners seek {seeks} times a second beside {browsing} visits of pages:", shop.listeners.len());
    both.print();

    let mut errors = [mix.errors(), both.errors()].concat();
    errors.extend(as_fast_as_it_goes(&shop, &visitors, Duration::from_secs(seconds as u64)).await);
    println!("  memory of the shop in MB, each second: {}", memory.end().await);
    assert!(errors.is_empty(), "{} errors, such as {:#?}", errors.len(), errors.iter().take(5).collect::<Vec<_>>());
}

async fn visiting(visitors: &Arc<Visitors>, tally: &Arc<Tally>, mix: &[(Visit, usize)], rate: usize, seconds: usize) {
    let all: Vec<Visit> = mix.iter().flat_map(|(visit, share)| vec![*visit; *share]).collect();
    at_rate(rate, seconds, |number, due| {
        let (visitors, tally) = (visitors.clone(), tally.clone());
        // Spread over the mix, the same each time.
        let visit = all[number.wrapping_mul(61) % all.len()];
        async move { visitors.visit(visit, number, due, &tally).await }
    })
    .await;
}

/// How many seeks a second there can be: of the shop, of nginx with the same files, and of the shop that lets nginx send.
async fn as_fast_as_it_goes(shop: &Prepared, visitors: &Arc<Visitors>, long: Duration) -> Vec<String> {
    let mut errors = Vec::new();
    let mut tried = vec![("the shop".to_owned(), visitors.clone())];
    let nginx = Nginx::start(shop);
    let behind = match &nginx {
        Some(nginx) => {
            tried.push(("nginx, the same files".to_owned(), Arc::new(visitors.over_files(&nginx.files))));
            let handing_over = shop.serve_another(&[("LECTERN_STORAGE__SENT_BY", "x-accel-redirect")]);
            nginx.pass_on_to(&handing_over.address);
            tried.push(("the shop, nginx sends".to_owned(), Arc::new(visitors.elsewhere(&nginx.shop))));
            Some(handing_over)
        }
        None => {
            println!("  nginx is not installed: nothing to compare with");
            None
        }
    };
    println!("  {AT_ONCE} at once seek 64 KiB as fast as it goes:");
    for (whose, visitors) in tried {
        let tally = Arc::new(Tally::default());
        flat_out(AT_ONCE, long, |number, due| {
            let (visitors, tally) = (visitors.clone(), tally.clone());
            async move { visitors.visit(Visit::Seek, number, due, &tally).await }
        })
        .await;
        println!("  {whose}: {:.0} a second", tally.count() as f64 / long.as_secs_f64());
        tally.print();
        errors.extend(tally.errors());
    }
    drop(behind);
    errors
}
