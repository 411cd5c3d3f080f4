//! What the catalogue costs the database.

use crate::database::{self, Shop};
use crate::query_plans;
use domain::PageRequest;
use domain::catalog::{Browse, Sort, Status, browse, product_page, titles};
use domain::entities::{
    audiobook_categories, audiobook_people, audiobook_terms, audiobooks, categories, people, production_steps, series,
};
use domain::insight::{self, TitleFilter, TitleSort, TitleTab};
use domain::production::{Step, StepStatus};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, Statement};
use uuid::Uuid;

/// Statements that showing each kind of page takes.
async fn costs(shop: &Shop) -> Vec<(&'static str, usize)> {
    let db = &shop.db;
    let some: Vec<Uuid> =
        audiobooks::Entity::find().all(db.read()).await.unwrap().iter().map(|title| title.id).collect();
    shop.statements.take();
    let mut costs = Vec::new();
    let mut note = |what| costs.push((what, shop.statements.take().len()));
    browse::browse(db, &Browse::default()).await.unwrap();
    note("browse");
    let searched = Browse { text: "story".to_owned(), category: "adventure".to_owned(), ..Default::default() };
    browse::browse(db, &searched).await.unwrap();
    note("search");
    browse::home(db).await.unwrap();
    note("home");
    browse::contributor(db, "ada-moss").await.unwrap();
    note("person");
    browse::series(db, "nights").await.unwrap();
    note("series");
    browse::more_like_this(db, some[0], 12).await.unwrap();
    note("more like this");
    browse::summaries(db, &some).await.unwrap();
    note("cards");
    insight::titles::list(db, &TitleFilter::default(), TitleSort::Newest, PageRequest::new(1, 50)).await.unwrap();
    note("admin list");
    costs
}

#[tokio::test]
async fn a_page_takes_as_many_queries_for_thirty_titles_as_for_three() {
    let shop = database::fresh().await;
    for n in 0..3 {
        shop.title(&format!("Story {n}"))
            .narrator("Ben Oak")
            .series("Nights", Some(n + 1))
            .sold(1)
            .featured()
            .published()
            .await;
    }
    let few = costs(&shop).await;
    for n in 3..30 {
        let author = format!("Author {n}");
        shop.title(&format!("Story {n}"))
            .author(&author)
            .narrator("Ada Moss")
            .series("Nights", Some(n + 1))
            .sold(1)
            .featured()
            .published()
            .await;
    }
    assert_eq!(costs(&shop).await, few);
    assert!(few.iter().all(|(_, statements)| *statements <= 8), "{few:?}");
    assert_eq!(few[0], ("browse", 4), "count, page, its sales, what its titles lead to");
    assert_eq!(few[2], ("home", 5), "lists, their sales, what titles lead to, categories, their titles");
}

fn step(audiobook_id: Uuid, now: domain::Timestamp) -> production_steps::Model {
    production_steps::Model {
        id: Uuid::now_v7(),
        audiobook_id,
        step: Step::Upload,
        status: StepStatus::Done,
        attempt: 1,
        progress_permille: 1000,
        message: None,
        provider: None,
        model: None,
        input_hash: None,
        coverage_permille: None,
        output: None,
        started_at: None,
        finished_at: None,
        updated_at: now,
    }
}

/// Many titles, quickly, so that no planner prefers reading a whole table.
async fn crowd(shop: &Shop) {
    let db = shop.db.read();
    let model = shop.title("Story").series("Nights", Some(1)).published().await;
    let model = audiobooks::Entity::find_by_id(model.id).one(db).await.unwrap().unwrap();
    let person = people::Entity::find().one(db).await.unwrap().unwrap();
    let category = categories::Entity::find().one(db).await.unwrap().unwrap();
    let (mut titles, mut terms, mut shelves, mut credits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut others, mut more, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    let nights = series::Entity::find().one(db).await.unwrap().unwrap();
    let all_series = (0..600).map(|n| {
        series::Model { id: Uuid::now_v7(), slug: format!("s-{n}"), name: format!("S {n}"), ..nights.clone() }
            .into_active_model()
    });
    series::Entity::insert_many(all_series).exec_without_returning(db).await.unwrap();
    for n in 0..600_i32 {
        let title = audiobooks::Model {
            id: Uuid::now_v7(),
            slug: format!("story-{n}"),
            sort_title: format!("story {n}"),
            status: if n % 10 == 0 { Status::Published } else { Status::Draft },
            sold_count: i64::from(n),
            duration_ms: i64::from(n) * 1000,
            published_at: Some(shop.db.now().plus_ms(i64::from(n))),
            created_at: shop.db.now().plus_ms(i64::from(n)),
            series_id: model.series_id.filter(|_| n % 50 == 0),
            featured: n % 100 == 0,
            ..model.clone()
        };
        let someone =
            people::Model { id: Uuid::now_v7(), slug: format!("p-{n}"), name: format!("P {n}"), ..person.clone() };
        let somewhere = categories::Model {
            id: Uuid::now_v7(),
            slug: format!("c-{n}"),
            name: format!("C {n}"),
            ..category.clone()
        };
        let shelf = if n % 50 == 0 { category.id } else { somewhere.id };
        let author = if n % 50 == 0 { person.id } else { someone.id };
        for word in ["story".to_owned(), format!("word{n}")] {
            terms.push(audiobook_terms::Model { audiobook_id: title.id, term: word, weight: 1 }.into_active_model());
        }
        shelves.push(
            audiobook_categories::Model { audiobook_id: title.id, category_id: shelf, position: 0 }.into_active_model(),
        );
        credits.push(
            audiobook_people::Model {
                audiobook_id: title.id,
                person_id: author,
                role: domain::catalog::ContributorRole::Author,
                position: 0,
            }
            .into_active_model(),
        );
        steps.push(step(title.id, shop.db.now()).into_active_model());
        titles.push(title.into_active_model());
        others.push(someone.into_active_model());
        more.push(somewhere.into_active_model());
    }
    audiobooks::Entity::insert_many(titles).exec_without_returning(db).await.unwrap();
    people::Entity::insert_many(others).exec_without_returning(db).await.unwrap();
    categories::Entity::insert_many(more).exec_without_returning(db).await.unwrap();
    audiobook_terms::Entity::insert_many(terms).exec_without_returning(db).await.unwrap();
    audiobook_categories::Entity::insert_many(shelves).exec_without_returning(db).await.unwrap();
    production_steps::Entity::insert_many(steps).exec_without_returning(db).await.unwrap();
    audiobook_people::Entity::insert_many(credits).exec_without_returning(db).await.unwrap();
    if db.get_database_backend() == DbBackend::MySql {
        let tables = "audiobooks, people, categories, audiobook_terms, audiobook_categories, audiobook_people, series, \
                      production_steps";
        db.query_all_raw(Statement::from_string(DbBackend::MySql, format!("ANALYZE TABLE {tables}"))).await.unwrap();
    } else {
        db.execute_unprepared("ANALYZE").await.unwrap();
    }
}

#[tokio::test]
async fn no_listing_reads_a_whole_table() {
    let shop = database::fresh().await;
    crowd(&shop).await;
    let db = &shop.db;
    let this = titles::id_of(db, "story-0").await.unwrap();
    shop.statements.take();
    for (sort, param, _) in Sort::ALL {
        for (text, category) in [("", ""), ("word59 sto", ""), ("", "adventure"), ("word59", "adventure")] {
            let wanted = Browse { text: text.to_owned(), category: category.to_owned(), sort, ..Default::default() };
            browse::browse(db, &wanted).await.unwrap();
            eprintln!("{param} {text:?} {category:?}");
            query_plans::all_use_indexes(&shop).await;
        }
    }
    browse::contributor(db, "ada-moss").await.unwrap();
    query_plans::all_use_indexes(&shop).await;
    browse::series(db, "nights").await.unwrap();
    query_plans::all_use_indexes(&shop).await;
    browse::more_like_this(db, this, 12).await.unwrap();
    query_plans::all_use_indexes(&shop).await;
    product_page::detail(db, "story-0", None).await.unwrap();
    query_plans::all_use_indexes(&shop).await;
    product_page::cover_facts(db, "story-0", None).await.unwrap();
    query_plans::all_use_indexes(&shop).await;
    // Of so few titles MariaDB rather reads and sorts all of them than goes by an index.
    if shop.db.backend() == DbBackend::MySql {
        return;
    }
    for (sort, param, _) in TitleSort::ALL {
        for (tab, ..) in TitleTab::ALL {
            for (text, category) in [("", ""), ("word59", ""), ("", "adventure")] {
                let (text, category) = (text.to_owned(), category.to_owned());
                let filter = TitleFilter { text, category, tab, ..TitleFilter::default() };
                eprintln!("admin {param} {filter:?}");
                insight::titles::list(db, &filter, sort, PageRequest::new(1, 50)).await.unwrap();
                query_plans::all_use_indexes(&shop).await;
            }
        }
    }
}
