//! The parts of a title: put in order, replaced, removed, added; and what hangs on them.

use crate::database::{Shop, fresh};
use crate::fixtures::{DAY, Title, for_sale, give, row, say, shopper, user};
use crate::production::{finish, heard, next, start};
use crate::query_plans::{all_use_indexes, crowd};
use domain::account::{Role, User};
use domain::entities::files;
use domain::listening::position::{position, save_place, save_position};
use domain::listening::{Placed, Position, Within, bookmarks, player};
use domain::production::chunks::{self, PlannedChunk};
use domain::production::parts::{self, Part, Probed, Wanted};
use domain::production::recorded::FileTags;
use domain::production::steps::{self, Outcome};
use domain::production::uploads::{self, NewUpload, Sound};
use domain::production::{CopyView, copies, results, samples};
use domain::transcript::{Chapter, ChapterSource, chapters, segments};
use domain::{Db, Error, jobs, testing};
use sea_orm::{DbBackend, EntityTrait};
use std::collections::HashMap;
use uuid::Uuid;

/// A book of three parts of twenty seconds, in each of which a sentence is said after a second, and somebody who is five
/// seconds into the second one.
pub struct Desk {
    pub shop: Shop,
    pub book: Title,
    reader: User,
    admin: User,
}

impl Desk {
    pub async fn new() -> Self {
        let shop = fresh().await;
        let book = shop.title("The Bell").price(500).minutes(1).files(&["a.mp3", "b.mp3", "c.mp3"]).published().await;
        for (position, text) in (0..).zip(["One bell.", "Two bells.", "Three bells."]) {
            let at_ms = i64::from(position) * 20_000 + 1_000;
            say(&shop.db, book.id, position, at_ms, at_ms + 1_000, text).await;
        }
        let marks = [("Dawn", 0, 20_000), ("Noon", 20_000, 40_000), ("Dusk", 40_000, 60_000)];
        let marks =
            marks.map(|(title, start_ms, end_ms)| Chapter { title: title.to_owned(), start_ms, end_ms }).to_vec();
        let id = book.id;
        shop.db.transaction(async |tx| chapters::save(&tx, id, ChapterSource::Admin, &marks).await).await.unwrap();
        let (reader, admin) = (shopper(&shop, "Ada").await, user(&shop, "Max", Role::Admin).await);
        give(&shop, &reader, book.id).await;
        let place = Position { position_ms: 25_000, taken_at: shop.db.now(), speed_percent: 100, finished: false };
        save_position(&shop.db, reader.id, book.id, place).await.unwrap();
        bookmarks::add(&shop.db, &reader, "the-bell", 41_500, "Three").await.unwrap();
        Self { shop, book, reader, admin }
    }

    pub async fn parts(&self) -> Vec<Part> {
        parts::parts(self.shop.db.read(), self.book.id).await.unwrap()
    }

    async fn names(&self) -> Vec<String> {
        self.parts().await.into_iter().map(|part| part.source.original_name).collect()
    }

    async fn listener(&self) -> i64 {
        position(&self.shop.db, self.reader.id, self.book.id).await.unwrap().position_ms
    }

    async fn bookmark(&self) -> i64 {
        bookmarks::list(&self.shop.db, &self.reader, "the-bell", None, 10).await.unwrap()[0].position_ms
    }

    /// Each sentence with its beginning and that of its last word.
    pub async fn text(&self) -> Vec<(String, i64, i64)> {
        let said = segments::whole(&self.shop.db, self.book.id).await.unwrap();
        said.into_iter().map(|said| (said.text, said.start_ms, said.words.last().unwrap().start_ms)).collect()
    }

    async fn chapters(&self) -> Vec<(String, i64, i64)> {
        let chapters = chapters::chapters_of(&self.shop.db, self.book.id).await.unwrap();
        chapters.into_iter().map(|chapter| (chapter.title, chapter.start_ms, chapter.end_ms)).collect()
    }

    /// A file arrives whole, under this name and with this content.
    pub async fn arrive(&self, name: &str, content: &str, replaces: Option<Uuid>) {
        let new = NewUpload {
            id: Uuid::now_v7(),
            user_id: self.admin.id,
            audiobook_id: self.book.id,
            position: 0,
            file_name: name.to_owned(),
            relative_path: name.to_owned(),
            media_type: None,
            fingerprint: None,
            metadata: String::new(),
            size: 10,
            storage_state: "{}".to_owned(),
            keep_ms: DAY,
        };
        let upload = uploads::begin_for(&self.shop.db, new, replaces).await.unwrap();
        uploads::advance(&self.shop.db, &upload, 10, "all", DAY).await.unwrap();
        let sound =
            Sound { storage_key: format!("audio/{content}"), sha256: "ab".repeat(32), media_type: "audio/mpeg" };
        uploads::complete(&self.shop.db, upload.id, &sound).await.unwrap();
    }

    /// The step that looks into the files, which are so long in milliseconds.
    pub async fn probe(&self, length: impl Fn(&Wanted) -> i64) {
        let claim = start(&self.shop, "one", "probe").await;
        let wanted = parts::wanted(self.shop.db.read(), self.book.id).await.unwrap();
        let order = parts::order_of(&wanted, &HashMap::new());
        let probed: Vec<Probed> = order
            .into_iter()
            .map(|place| Probed {
                file_id: wanted[place].source.file_id,
                part: wanted[place].part,
                upload: wanted[place].upload,
                duration_ms: length(&wanted[place]),
                codec: "mp3".to_owned(),
                reason: None,
                sample_rate: 24_000,
                channels: 1,
            })
            .collect();
        results::probed(&self.shop.db, &claim, self.book.id, &probed, &Outcome::default()).await.unwrap();
    }
}

pub fn texts(text: &[(String, i64, i64)]) -> Vec<(&str, i64, i64)> {
    text.iter().map(|(text, start, last)| (text.as_str(), *start, *last)).collect()
}

/// What an admin does to the parts of a title, for the audit trail.
pub async fn arrange_and_replace(shop: &Shop, db: &Db, admin: Uuid) {
    let sea = shop.title("The Parts").files(&["a.mp3", "b.mp3"]).draft().await;
    let there = parts::parts(db.read(), sea.id).await.unwrap();
    parts::swap(db, sea.id, there[0].id, false, None).await.unwrap();
    parts::remove(db, sea.id, there[0].id, None).await.unwrap();
    let new = NewUpload {
        id: Uuid::now_v7(),
        user_id: admin,
        audiobook_id: sea.id,
        position: 0,
        file_name: "better.mp3".to_owned(),
        relative_path: "better.mp3".to_owned(),
        media_type: None,
        fingerprint: None,
        metadata: String::new(),
        size: 10,
        storage_state: "{}".to_owned(),
        keep_ms: DAY,
    };
    uploads::begin_for(db, new, Some(there[1].id)).await.unwrap();
}

#[tokio::test]
async fn who_listens_stays_in_their_part_when_the_parts_are_put_in_order() {
    let desk = Desk::new().await;
    let there = desk.parts().await;
    let order = [there[2].id, there[0].id, there[1].id];
    parts::put_in_order(&desk.shop.db, desk.book.id, &order, Some(1)).await.unwrap();
    assert_eq!(desk.names().await, ["c.mp3", "a.mp3", "b.mp3"]);
    assert_eq!(desk.parts().await.iter().map(|part| part.start_ms).collect::<Vec<_>>(), [0, 20_000, 40_000]);
    assert_eq!((desk.listener().await, desk.bookmark().await), (45_000, 1_500));
    let text = desk.text().await;
    let moved = [("Three bells.", 1_000, 1_500), ("One bell.", 21_000, 21_500), ("Two bells.", 41_000, 41_500)];
    assert_eq!(texts(&text), moved);
    let chapters = desk.chapters().await;
    assert_eq!(texts(&chapters), [("Dusk", 0, 20_000), ("Dawn", 20_000, 40_000), ("Noon", 40_000, 60_000)]);
    let book = row(&desk.shop, desk.book.id).await;
    assert_eq!((book.parts_version, book.duration_ms), (2, 60_000));
}

#[tokio::test]
async fn a_device_that_has_not_heard_of_the_new_order_tells_the_right_place_all_the_same() {
    let desk = Desk::new().await;
    let there = desk.parts().await;
    let order = [there[2].id, there[0].id, there[1].id];
    parts::put_in_order(&desk.shop.db, desk.book.id, &order, None).await.unwrap();
    // Six seconds into the second of three, as it lay before.
    let old = Position {
        position_ms: 26_000,
        taken_at: desk.shop.db.now().plus_ms(1_000),
        speed_percent: 100,
        finished: false,
    };
    let within = Some(Within { part: there[1].id, offset_ms: 6_000 });
    let (db, reader, book) = (&desk.shop.db, desk.reader.id, desk.book.id);
    let placed = save_place(db, reader, book, old, within).await.unwrap();
    assert_eq!(placed, Placed { kept: true, position_ms: 46_000 });
    assert_eq!(desk.listener().await, 46_000);
    parts::remove(db, book, there[1].id, None).await.unwrap();
    let later = Position { taken_at: old.taken_at.plus_ms(1_000), ..old };
    let placed = save_place(db, reader, book, later, within).await.unwrap();
    assert_eq!(placed, Placed { kept: false, position_ms: 40_000 }, "that part is gone");
    assert_eq!(desk.listener().await, 40_000);
}

#[tokio::test]
async fn an_order_that_is_not_of_the_parts_or_of_an_older_list_changes_nothing() {
    let desk = Desk::new().await;
    let ids: Vec<Uuid> = desk.parts().await.iter().map(|part| part.id).collect();
    for wrong in [vec![ids[0], ids[1]], vec![ids[0], ids[0], ids[1]], vec![ids[0], ids[1], Uuid::now_v7()], vec![]] {
        let refused = parts::put_in_order(&desk.shop.db, desk.book.id, &wrong, None).await.unwrap_err();
        assert_eq!(refused.code(), "parts.not-each-once");
    }
    parts::swap(&desk.shop.db, desk.book.id, ids[0], true, None).await.unwrap();
    assert_eq!(desk.names().await, ["a.mp3", "b.mp3", "c.mp3"], "the first one stays the first");
    parts::swap(&desk.shop.db, desk.book.id, ids[0], false, Some(1)).await.unwrap();
    let late = parts::swap(&desk.shop.db, desk.book.id, ids[0], false, Some(1)).await.unwrap_err();
    assert!(late.is_outdated(), "{late}");
    assert_eq!(desk.names().await, ["b.mp3", "a.mp3", "c.mp3"]);
    let nobody = parts::remove(&desk.shop.db, desk.book.id, Uuid::now_v7(), None).await;
    assert!(matches!(nobody, Err(Error::NotFound("part"))), "{nobody:?}");
}

#[tokio::test]
async fn who_was_in_a_part_that_is_removed_goes_on_with_the_next_one() {
    let desk = Desk::new().await;
    let there = desk.parts().await;
    parts::remove(&desk.shop.db, desk.book.id, there[1].id, Some(1)).await.unwrap();
    assert_eq!(desk.names().await, ["a.mp3", "c.mp3"]);
    assert_eq!((desk.listener().await, desk.bookmark().await), (20_000, 21_500));
    assert_eq!(texts(&desk.text().await), [("One bell.", 1_000, 1_500), ("Three bells.", 21_000, 21_500)]);
    assert_eq!(texts(&desk.chapters().await), [("Dawn", 0, 20_000), ("Dusk", 20_000, 40_000)]);
    assert_eq!(row(&desk.shop, desk.book.id).await.duration_ms, 40_000);
    let files = files::Entity::find().all(desk.shop.db.read()).await.unwrap();
    assert!(files.iter().all(|file| file.id != there[1].source.file_id), "nothing names its file any more");
    let hers = player::listening(&desk.shop.db, &desk.reader, "the-bell").await;
    assert!(hers.is_ok(), "the book is still hers");
    parts::remove(&desk.shop.db, desk.book.id, there[0].id, None).await.unwrap();
    let last = parts::remove(&desk.shop.db, desk.book.id, there[2].id, None).await.unwrap_err();
    assert_eq!(last.code(), "parts.last");
}

#[tokio::test]
async fn a_chapter_that_reaches_into_the_next_part_goes_on_there_when_its_own_is_removed() {
    let desk = Desk::new().await;
    let marks = [("Dawn", 0, 15_000), ("Noon", 15_000, 45_000), ("Dusk", 45_000, 60_000)];
    let marks = marks.map(|(title, start_ms, end_ms)| Chapter { title: title.to_owned(), start_ms, end_ms }).to_vec();
    let (db, id) = (&desk.shop.db, desk.book.id);
    db.transaction(async |tx| chapters::save(&tx, id, ChapterSource::Admin, &marks).await).await.unwrap();
    parts::remove(db, id, desk.parts().await[0].id, None).await.unwrap();
    assert_eq!(texts(&desk.chapters().await), [("Noon", 0, 25_000), ("Dusk", 25_000, 40_000)]);
}

#[tokio::test]
async fn an_order_that_the_parts_have_already_disturbs_nothing() {
    let desk = Desk::new().await;
    let ids: Vec<Uuid> = desk.parts().await.iter().map(|part| part.id).collect();
    let (db, id) = (&desk.shop.db, desk.book.id);
    db.transaction(async |tx| steps::start_run(&tx, id).await).await.unwrap();
    let claim = start(&desk.shop, "one", "probe").await;
    parts::put_in_order(db, id, &ids, Some(1)).await.unwrap();
    assert_eq!(row(&desk.shop, id).await.parts_version, 1);
    finish(&desk.shop, &claim, Outcome::default()).await.expect("nobody has taken the work away");
    parts::swap(db, id, ids[0], false, Some(1)).await.unwrap();
    let late = parts::put_in_order(db, id, &[ids[1], ids[0], ids[2]], Some(1)).await.unwrap_err();
    assert!(late.is_outdated(), "{late}");
}

#[tokio::test]
async fn places_in_a_book_of_a_thousand_parts_stay_in_their_parts() {
    let shop = fresh().await;
    let names: Vec<String> = (0..1_200).map(|number| format!("{number:04}.mp3")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let book = shop.title("The Long Way").price(500).minutes(20).files(&names).published().await;
    let reader = shopper(&shop, "Ada").await;
    give(&shop, &reader, book.id).await;
    for (part, at_ms) in [(3, 3_250), (700, 700_250), (1_199, 1_199_250)] {
        bookmarks::add(&shop.db, &reader, &book.slug, at_ms, &part.to_string()).await.unwrap();
    }
    let mut order: Vec<Uuid> =
        parts::parts(shop.db.read(), book.id).await.unwrap().into_iter().map(|part| part.id).collect();
    order.reverse();
    parts::put_in_order(&shop.db, book.id, &order, None).await.unwrap();
    let mut places: Vec<(String, i64)> = bookmarks::list(&shop.db, &reader, &book.slug, None, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|mark| (mark.note, mark.position_ms))
        .collect();
    places.sort_by_key(|(_, at_ms)| *at_ms);
    let there = [("1199", 250), ("700", 499_250), ("3", 1_196_250)];
    assert_eq!(places, there.map(|(part, at_ms)| (part.to_owned(), at_ms)));
}

#[tokio::test]
async fn a_title_of_two_thousand_files_takes_no_more_but_better_ones() {
    let shop = fresh().await;
    let names: Vec<String> = (0..2_000).map(|number| format!("{number:04}.mp3")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let book = shop.title("The Long Way").files(&names).draft().await;
    let admin = user(&shop, "Max", Role::Admin).await;
    let new = NewUpload {
        id: Uuid::now_v7(),
        user_id: admin.id,
        audiobook_id: book.id,
        position: 0,
        file_name: "2000.mp3".to_owned(),
        relative_path: "2000.mp3".to_owned(),
        media_type: None,
        fingerprint: None,
        metadata: String::new(),
        size: 10,
        storage_state: "{}".to_owned(),
        keep_ms: DAY,
    };
    let refused = uploads::begin_for(&shop.db, new.clone(), None).await.unwrap_err();
    assert_eq!(refused.code(), "parts.too-many");
    let first = parts::parts(shop.db.read(), book.id).await.unwrap().remove(0);
    uploads::begin_for(&shop.db, new, Some(first.id)).await.unwrap();
}

#[tokio::test]
async fn a_better_recording_takes_the_place_of_one_part_and_leaves_the_others_alone() {
    let desk = Desk::new().await;
    let there = desk.parts().await;
    desk.arrive("b-remastered.flac", "better.flac", Some(there[1].id)).await;
    let shown = parts::shown(&desk.shop.db, desk.book.id).await.unwrap();
    assert_eq!(shown.parts[1].coming.as_deref(), Some("b-remastered.flac"));
    desk.probe(|wanted| if wanted.upload.is_some() { 40_000 } else { 20_000 }).await;
    let now = desk.parts().await;
    assert_eq!(
        now.iter().map(|part| part.id).collect::<Vec<_>>(),
        there.iter().map(|part| part.id).collect::<Vec<_>>()
    );
    assert_eq!(desk.names().await, ["a.mp3", "b-remastered.flac", "c.mp3"]);
    assert_eq!(desk.listener().await, 30_000, "a quarter of the part was heard, whichever recording it is");
    assert_eq!(desk.bookmark().await, 61_500);
    let text = desk.text().await;
    assert_eq!(texts(&text), [("One bell.", 1_000, 1_500), ("Three bells.", 61_000, 61_500)]);
    let shown = parts::shown(&desk.shop.db, desk.book.id).await.unwrap();
    assert_eq!((&shown.parts[1].coming, &shown.parts[1].copy), (&None, &CopyView::NotNeeded));
    let files = files::Entity::find().all(desk.shop.db.read()).await.unwrap();
    assert!(files.iter().all(|file| file.id != there[1].source.file_id), "nothing names the old file any more");
    let again = parts::wanted(desk.shop.db.read(), desk.book.id).await.unwrap();
    assert!(again.iter().all(|wanted| wanted.upload.is_none()), "it is a part now: {again:?}");
}

#[tokio::test]
async fn of_two_better_recordings_of_a_part_the_later_one_stays() {
    let desk = Desk::new().await;
    let there = desk.parts().await;
    desk.arrive("b-remastered.flac", "first try.flac", Some(there[1].id)).await;
    desk.arrive("b-again.flac", "second try.flac", Some(there[1].id)).await;
    desk.probe(|_| 20_000).await;
    assert_eq!(desk.names().await, ["a.mp3", "b-again.flac", "c.mp3"]);
    let files = files::Entity::find().all(desk.shop.db.read()).await.unwrap();
    assert!(files.iter().all(|file| file.original_name != "b-remastered.flac"), "nothing names the first try any more");
    // Another file has all of them looked into once more.
    desk.arrive("d.mp3", "dusk.mp3", None).await;
    desk.probe(|_| 20_000).await;
    assert_eq!(desk.names().await, ["a.mp3", "b-again.flac", "c.mp3", "d.mp3"]);
}

#[tokio::test]
async fn a_file_that_cannot_be_heard_is_taken_away_and_the_others_go_on() {
    let desk = Desk::new().await;
    let (db, id) = (&desk.shop.db, desk.book.id);
    desk.arrive("d.mp3", "damaged", None).await;
    let arrived = steps::view(db, id).await.unwrap().uploads.remove(0);
    assert!(arrived.waits);
    uploads::forget(db, id, arrived.id).await.unwrap();
    assert!(matches!(uploads::forget(db, id, arrived.id).await, Err(Error::NotFound("upload"))), "once");
    desk.probe(|_| 20_000).await;
    assert_eq!(desk.names().await, ["a.mp3", "b.mp3", "c.mp3"]);
    desk.arrive("d.mp3", "whole", None).await;
    desk.probe(|_| 20_000).await;
    let part = steps::view(db, id).await.unwrap().uploads.remove(0);
    assert!(!part.waits);
    assert_eq!(uploads::forget(db, id, part.id).await.unwrap_err().code(), "upload.is-a-part");
}

#[tokio::test]
async fn nothing_takes_the_place_of_a_part_of_another_title() {
    let desk = Desk::new().await;
    let sea = for_sale(&desk.shop, "The Sea", 500).await;
    let other = parts::parts(desk.shop.db.read(), sea.id).await.unwrap()[0].id;
    let new = NewUpload {
        id: Uuid::now_v7(),
        user_id: desk.admin.id,
        audiobook_id: desk.book.id,
        position: 0,
        file_name: "b.mp3".to_owned(),
        relative_path: "b.mp3".to_owned(),
        media_type: None,
        fingerprint: None,
        metadata: String::new(),
        size: 10,
        storage_state: "{}".to_owned(),
        keep_ms: DAY,
    };
    let refused = uploads::begin_for(&desk.shop.db, new, Some(other)).await;
    assert!(matches!(refused, Err(Error::NotFound("part"))), "{refused:?}");
}

#[tokio::test]
async fn the_same_bytes_twice_are_two_parts_and_a_new_file_goes_where_its_name_belongs() {
    let desk = Desk::new().await;
    desk.arrive("bb.mp3", "same.mp3", None).await;
    desk.arrive("d.mp3", "same.mp3", None).await;
    desk.probe(|_| 20_000).await;
    let there = desk.parts().await;
    // A file is kept once, under the name that it came by first.
    assert_eq!(there.iter().map(|part| part.start_ms).collect::<Vec<_>>(), [0, 20_000, 40_000, 60_000, 80_000]);
    assert_eq!(there[2].source.file_id, there[4].source.file_id);
    assert_eq!(desk.names().await, ["a.mp3", "b.mp3", "bb.mp3", "c.mp3", "bb.mp3"]);
    assert_eq!((desk.listener().await, desk.bookmark().await), (25_000, 61_500));
    parts::remove(&desk.shop.db, desk.book.id, there[2].id, None).await.unwrap();
    assert_eq!(desk.names().await, ["a.mp3", "b.mp3", "c.mp3", "bb.mp3"], "the other one has its file still");
}

#[tokio::test]
async fn a_book_with_the_same_bytes_twice_comes_through_an_older_shop_and_back() {
    let desk = Desk::new().await;
    desk.arrive("d.mp3", "same.mp3", None).await;
    desk.arrive("e.mp3", "same.mp3", None).await;
    desk.probe(|_| 20_000).await;
    let before = desk.parts().await;
    migrations::down_before(desk.shop.db.read(), "m0057_parts").await.unwrap();
    migrations::up(desk.shop.db.read()).await.unwrap();
    assert_eq!(desk.parts().await, before);
    let wanted = parts::wanted(desk.shop.db.read(), desk.book.id).await.unwrap();
    assert_eq!((wanted.len(), wanted.iter().filter(|wanted| wanted.upload.is_some()).count()), (5, 0));
}

#[tokio::test]
async fn files_follow_the_numbers_in_their_tags_and_only_then_their_names() {
    let desk = Desk::new().await;
    let book = desk.shop.title("The Discs").draft_of_list().await;
    let desk = Desk { book, ..desk };
    for (name, content) in [("dusk.mp3", "dusk"), ("dawn.mp3", "dawn"), ("noon.mp3", "noon")] {
        desk.arrive(name, content, None).await;
    }
    let wanted = parts::wanted(desk.shop.db.read(), desk.book.id).await.unwrap();
    let paths = |order: Vec<usize>| order.into_iter().map(|place| wanted[place].path.clone()).collect::<Vec<_>>();
    assert_eq!(paths(parts::order_of(&wanted, &HashMap::new())), ["dawn.mp3", "dusk.mp3", "noon.mp3"]);
    let said = |name: &str, disc: u32, track: u32| {
        let file = wanted.iter().find(|wanted| wanted.path == name).unwrap().source.file_id;
        (file, FileTags { disc: Some(disc), track: Some(track), ..FileTags::default() })
    };
    let tags = HashMap::from([said("dusk.mp3", 2, 1), said("dawn.mp3", 1, 1), said("noon.mp3", 1, 2)]);
    assert_eq!(paths(parts::order_of(&wanted, &tags)), ["dawn.mp3", "noon.mp3", "dusk.mp3"]);
}

#[tokio::test]
async fn work_that_is_under_way_goes_on_in_the_new_order_and_a_late_worker_writes_nothing() {
    let desk = Desk::new().await;
    let (db, id) = (&desk.shop.db, desk.book.id);
    db.transaction(async |tx| steps::start_run(&tx, id).await).await.unwrap();
    desk.probe(|_| 20_000).await;
    let claim = start(&desk.shop, "one", "prepare").await;
    let there = desk.parts().await;
    let chunk =
        |part: &Part| PlannedChunk { part_id: part.id, start_ms: part.start_ms, end_ms: part.start_ms + 20_000 };
    let plan: Vec<_> = there.iter().map(chunk).collect();
    results::prepared(db, &claim, id, &[], &plan, &Outcome::default()).await.unwrap();
    let late = start(&desk.shop, "one", "transcribe").await;
    let first = next(&desk.shop, id).await.unwrap();
    let mut said = heard(&first);
    said[0].text = "The first bell.".to_owned();
    chunks::save_chunk(db, &late, &first, "a test", &said).await.unwrap();
    let in_hand = next(&desk.shop, id).await.unwrap();
    parts::put_in_order(db, id, &[there[2].id, there[1].id, there[0].id], None).await.unwrap();
    let refused = chunks::save_chunk(db, &late, &in_hand, "a test", &heard(&in_hand)).await;
    assert!(matches!(refused, Err(Error::LeaseLost)), "{refused:?}");
    let claim = start(&desk.shop, "two", "transcribe").await;
    let now = next(&desk.shop, id).await.unwrap();
    assert_eq!((now.part_id, now.position, now.start_ms), (there[2].id, 0, 0));
    while let Some(chunk) = next(&desk.shop, id).await {
        chunks::save_chunk(db, &claim, &chunk, "a test", &heard(&chunk)).await.unwrap();
    }
    finish(&desk.shop, &claim, Outcome::default()).await.unwrap();
    let said = segments::sentences(db.read(), id).await.unwrap();
    let starts: Vec<i64> = said.iter().map(|said| said.start_ms).collect();
    assert_eq!(starts, [0, 20_000, 40_000], "what was heard before moved with its part");
    assert_eq!(said[2].text, "The first bell.");
}

#[tokio::test]
async fn the_sample_goes_where_its_part_goes() {
    let desk = Desk::new().await;
    testing::sample(&desk.shop.db, desk.book.id, "samples/bell.wav", 22_000, 30_000).await;
    let there = desk.parts().await;
    let version = row(&desk.shop, desk.book.id).await.version;
    let order = [there[1].id, there[0].id, there[2].id];
    parts::put_in_order(&desk.shop.db, desk.book.id, &order, None).await.unwrap();
    let moved = row(&desk.shop, desk.book.id).await;
    assert_eq!((moved.sample_start_ms, moved.sample_end_ms), (2_000, 10_000));
    assert_eq!(moved.sample_key.as_deref(), Some("samples/bell.wav"), "it is the same sound");
    assert_eq!(moved.version, version + 1, "an open form holds the old place");
    parts::remove(&desk.shop.db, desk.book.id, there[1].id, None).await.unwrap();
    let cut = row(&desk.shop, desk.book.id).await;
    assert_eq!((cut.sample_start_ms, cut.sample_end_ms, cut.sample_key), (0, 20_000, None));
    start(&desk.shop, "one", "cut-sample").await;
}

#[tokio::test]
async fn a_sample_that_is_being_cut_while_its_part_moves_is_cut_after_it() {
    let desk = Desk::new().await;
    let (db, id) = (&desk.shop.db, desk.book.id);
    testing::sample(db, id, "samples/bell.wav", 22_000, 30_000).await;
    db.transaction(async |tx| samples::ask(&tx, id).await).await.unwrap();
    let late = start(&desk.shop, "one", "cut-sample").await;
    let there = desk.parts().await;
    parts::put_in_order(db, id, &[there[1].id, there[0].id, there[2].id], None).await.unwrap();
    let range = (22_000, 30_000);
    assert!(!samples::keep(db, &late, id, Some(range), "samples/late.wav", range).await.unwrap());
    jobs::complete_all(db, &[late]).await.unwrap();
    start(&desk.shop, "one", "cut-sample").await;
}

#[tokio::test]
async fn showing_and_changing_parts_looks_up_their_own_rows() {
    let desk = Desk::new().await;
    crowd(&desk.shop).await;
    if desk.shop.db.backend() == DbBackend::MySql {
        // It reads tables whole that have as few rows as those of one title.
        return;
    }
    let (db, book) = (&desk.shop.db, desk.book.id);
    let there = desk.parts().await;
    desk.shop.statements.take();
    parts::shown(db, book).await.unwrap();
    parts::wanted(db.read(), book).await.unwrap();
    assert!(copies::missing(db.read(), book).await.unwrap().is_some(), "nobody has looked into its files");
    copies::catch_up(db).await.unwrap();
    all_use_indexes(&desk.shop).await;
    let place = Position { position_ms: 0, taken_at: db.now().plus_ms(1), speed_percent: 100, finished: false };
    let within = Some(Within { part: there[1].id, offset_ms: 7_000 });
    save_place(db, desk.reader.id, book, place, within).await.unwrap();
    parts::swap(db, book, there[0].id, false, None).await.unwrap();
    parts::remove(db, book, there[0].id, None).await.unwrap();
    all_use_indexes(&desk.shop).await;
    assert_eq!(desk.listener().await, 7_000);
}
