//! The text of a title is edited by hand: readers get what came of it at once, and every edit can be undone.

use crate::database::{Shop, fresh};
use crate::fixtures::{for_sale, give, sample, say, say_as, set, shopper};
use domain::catalog::{TextRights, product_page};
use domain::entities::audiobooks::Column;
use domain::listening::{export, player};
use domain::production::{chaptering, editing};
use domain::transcript::edits::change::Change;
use domain::transcript::edits::log::Mark;
use domain::transcript::edits::matching::Replacement;
use domain::transcript::edits::{Edit, EditKind, Line};
use domain::transcript::{Standing, segments};
use domain::{Db, Error, Walk};
use uuid::Uuid;

const TEXTS: [&str; 4] = ["It was dark.", "The lamb was lit.", "She waited then the bell rang.", "Nobody came."];

/// A title of four sentences, two seconds each.
pub async fn book(shop: &Shop) -> Uuid {
    let title = for_sale(shop, "The Bell", 500).await;
    for (position, text) in (0..).zip(TEXTS) {
        let at = i64::from(position) * 2_000;
        say(shop, title.id, position, at, at + 1_800, text).await;
    }
    title.id
}

pub async fn lines(shop: &Shop, title: Uuid) -> Vec<Line> {
    editing::desk(&shop.db, title, 0, 100).await.unwrap().window.lines
}

pub fn text(text: &str) -> Change {
    Change::Said { text: Some(text.to_owned()), speaker: None, reach: 1 }
}

fn spoken_by(speaker: &str, reach: u32) -> Change {
    Change::Said { text: None, speaker: Some(speaker.to_owned()), reach }
}

pub async fn edit(shop: &Shop, title: Uuid, line: &Line, change: Change) -> Option<Edit> {
    editing::edit(&shop.db, title, line.id, line.version, &change).await.unwrap()
}

async fn refusal(shop: &Shop, title: Uuid, line: &Line, change: Change) -> Error {
    editing::edit(&shop.db, title, line.id, line.version, &change).await.unwrap_err()
}

async fn undo(shop: &Shop, title: Uuid) -> EditKind {
    let last = editing::desk(&shop.db, title, 0, 1).await.unwrap().last.unwrap();
    let undone = editing::undo(&shop.db, title, last.id).await.unwrap();
    assert!(undone.possible, "{undone:?}");
    undone.edit.kind
}

/// What readers get.
async fn said(shop: &Shop, title: Uuid) -> Vec<String> {
    segments::whole(&shop.db, title).await.unwrap().into_iter().map(|sentence| sentence.text).collect()
}

/// Every edit that leaves a line of its own in the audit trail.
pub async fn edit_all(shop: &Shop, db: &Db, title: Uuid) {
    say_as(&shop.db, title, (50, 50_000, 51_000), "The lamb was lit.", Standing::Heard).await;
    let line = editing::desk(db, title, 50_000, 1).await.unwrap().window.lines.remove(0);
    editing::edit(db, title, line.id, line.version, &text("The lamp was lit.")).await.unwrap();
    let wanted = Replacement { find: "lamp".into(), put: "light".into(), ..Replacement::default() };
    let found = editing::matches(db, title, &wanted).await.unwrap();
    let replaced = editing::replace(db, title, &wanted, &found.seen).await.unwrap().unwrap();
    editing::undo(db, title, replaced.id).await.unwrap();
    let seen = chaptering::contents(db, title).await.unwrap().kept.seen;
    chaptering::add(db, title, &seen, &Mark { title: "Dawn".to_owned(), start_ms: 0 }).await.unwrap();
}

#[tokio::test]
async fn a_corrected_word_is_read_everywhere_at_once_and_all_others_keep_their_times() {
    let shop = fresh().await;
    let id = book(&shop).await;
    set(&shop, id, Column::TextRights, TextRights::Download).await;
    sample(&shop, id, "samples/bell", 0, 8_000).await;
    let ada = shopper(&shop, "Ada").await;
    give(&shop, &ada, id).await;
    let before = product_page::detail(&shop.db, "the-bell", None).await.unwrap().sample.unwrap();
    assert!(before.segments.iter().any(|sentence| sentence.text.contains("lamb")));

    let line = lines(&shop, id).await.remove(1);
    let made = edit(&shop, id, &line, text(" The lamp  was lit. ")).await.unwrap();
    assert_eq!(
        (made.kind, made.before.as_str(), made.after.as_str()),
        (EditKind::Worded, TEXTS[1], "The lamp was lit.")
    );
    let now = lines(&shop, id).await.remove(1);
    assert_eq!((now.standing, now.heard.as_deref(), now.by_hand), (Standing::Corrected, Some(TEXTS[1]), true));
    assert_eq!(now.version, line.version + 1);
    let read = player::segments(&shop.db, &ada, "the-bell", 0, 60_000).await.unwrap();
    let words: Vec<_> = read[1].words.iter().map(|word| (word.text.as_str(), word.start_ms)).collect();
    assert_eq!(words, [("The", 2_000), ("lamp", 2_450), ("was", 2_900), ("lit.", 3_350)]);
    let taken = player::transcript(&shop.db, &ada, id).await.unwrap();
    for file in [export::txt(&taken.segments, &[]), export::vtt(&taken.segments, &[]), export::srt(&taken.segments)] {
        assert!(file.contains("lamp") && !file.contains("lamb"), "{file}");
    }
    let shown = product_page::detail(&shop.db, "the-bell", None).await.unwrap().sample.unwrap();
    assert!(shown.segments.iter().any(|sentence| sentence.text.contains("lamp")), "the sample as well");
    assert_eq!(edit(&shop, id, &now, text("The lamp was lit.")).await, None, "what changes nothing is no edit");
}

#[tokio::test]
async fn a_sentence_is_split_where_a_line_ends_and_readers_get_two() {
    let shop = fresh().await;
    let id = book(&shop).await;
    let line = lines(&shop, id).await.remove(2);
    let made = edit(&shop, id, &line, text("She waited\nthen the bell rang.")).await.unwrap();
    assert_eq!(made.kind, EditKind::Split);
    assert_eq!(said(&shop, id).await, [TEXTS[0], TEXTS[1], "She waited", "then the bell rang.", TEXTS[3]]);
    let now = lines(&shop, id).await;
    assert_eq!((now[2].id, now[2].start_ms, now[3].start_ms), (line.id, 4_000, 4_600));
    assert_eq!(now[3].end_ms, line.end_ms);
    assert_eq!(undo(&shop, id).await, EditKind::Split);
    assert_eq!(said(&shop, id).await, TEXTS);
}

#[tokio::test]
async fn two_sentences_are_joined_and_taken_apart_again() {
    let shop = fresh().await;
    let id = book(&shop).await;
    let before = lines(&shop, id).await;
    edit(&shop, id, &before[0], Change::Join).await.unwrap();
    assert_eq!(said(&shop, id).await, ["It was dark. The lamb was lit.", TEXTS[2], TEXTS[3]]);
    let joined = segments::whole(&shop.db, id).await.unwrap().remove(0);
    assert_eq!((joined.start_ms, joined.end_ms, joined.words.len()), (0, 3_800, 7));
    assert_eq!(undo(&shop, id).await, EditKind::Joined);
    let after = lines(&shop, id).await;
    assert_eq!(
        after.iter().map(|line| line.id).collect::<Vec<_>>(),
        before.iter().map(|line| line.id).collect::<Vec<_>>()
    );
    assert_eq!(said(&shop, id).await, TEXTS);

    assert_eq!(refusal(&shop, id, &after[3], Change::Join).await.code(), "transcript.join-last");
    say_as(&shop, id, (9, 9_000, 9_500), "Hum.", Standing::Doubtful).await;
    assert_eq!(refusal(&shop, id, &after[3], Change::Join).await.code(), "transcript.join-undecided");
    let far = for_sale(&shop, "The Owl", 500).await.id;
    say(&shop, far, 0, 0, 900, "One").await;
    say(&shop, far, 1, 60_000, 61_000, "two.").await;
    let first = lines(&shop, far).await.remove(0);
    assert_eq!(refusal(&shop, far, &first, Change::Join).await.code(), "transcript.join-too-long");
}

#[tokio::test]
async fn what_is_not_spoken_goes_from_the_text_and_comes_back() {
    let shop = fresh().await;
    let id = book(&shop).await;
    let line = lines(&shop, id).await.remove(3);
    assert_eq!(edit(&shop, id, &line, Change::Drop).await.unwrap().kind, EditKind::Dropped);
    assert_eq!(said(&shop, id).await, TEXTS[..3]);
    let dropped = lines(&shop, id).await.remove(3);
    assert_eq!(edit(&shop, id, &dropped, Change::Drop).await, None);
    assert_eq!(edit(&shop, id, &dropped, Change::Restore).await.unwrap().kind, EditKind::Restored);
    assert_eq!(said(&shop, id).await, TEXTS);
    assert_eq!(lines(&shop, id).await[3].standing, Standing::Heard);
}

#[tokio::test]
async fn a_speaker_is_named_for_several_sentences_and_stands_in_captions() {
    let shop = fresh().await;
    let id = book(&shop).await;
    let all = lines(&shop, id).await;
    let made = edit(&shop, id, &all[1], spoken_by(" The  Keeper ", 2)).await.unwrap();
    assert_eq!((made.kind, made.places), (EditKind::Speaker, 2));
    let speakers: Vec<_> = lines(&shop, id).await.into_iter().map(|line| line.speaker).collect();
    let keeper = Some("The Keeper".to_owned());
    assert_eq!(speakers, [None, keeper.clone(), keeper, None]);
    let captions = export::vtt(&segments::whole(&shop.db, id).await.unwrap(), &[]);
    assert!(captions.contains("<v The Keeper>The lamb was lit."), "{captions}");
    let named = lines(&shop, id).await.remove(1);
    assert_eq!(edit(&shop, id, &named, spoken_by("", 1)).await.unwrap().kind, EditKind::Speaker);
    assert_eq!(lines(&shop, id).await[1].speaker, None);
    let refused = refusal(&shop, id, &all[0], spoken_by(&"a".repeat(101), 1)).await;
    assert_eq!(refused.code(), "transcript.speaker-too-long");
}

#[tokio::test]
async fn what_was_put_right_is_taken_along_to_another_shop() {
    let shop = fresh().await;
    let id = book(&shop).await;
    let all = lines(&shop, id).await;
    let change = Change::Said { text: Some("She waited\nthen it rang.".into()), speaker: Some("Ann".into()), reach: 1 };
    edit(&shop, id, &all[2], change).await.unwrap();
    let pieces = segments::pieces(&shop.db, id).await.unwrap();
    let told: Vec<_> = pieces
        .iter()
        .map(|piece| (piece.text.as_str(), piece.speaker.as_deref(), piece.by_hand, piece.apart))
        .collect();
    assert_eq!(
        told,
        [
            (TEXTS[0], None, false, false),
            (TEXTS[1], None, false, false),
            ("She waited", Some("Ann"), true, false),
            ("then it rang.", Some("Ann"), true, true),
            (TEXTS[3], None, false, false),
        ]
    );
}

#[tokio::test]
async fn edits_are_undone_one_after_the_other_and_each_says_what_it_was() {
    let shop = fresh().await;
    let id = book(&shop).await;
    let all = lines(&shop, id).await;
    edit(&shop, id, &all[0], text("It was night.")).await.unwrap();
    let again = lines(&shop, id).await.remove(0);
    edit(&shop, id, &again, text("It was a dark night.")).await.unwrap();
    edit(&shop, id, &all[3], Change::Drop).await.unwrap();
    assert_eq!(undo(&shop, id).await, EditKind::Dropped);
    assert_eq!(undo(&shop, id).await, EditKind::Worded);
    assert_eq!(said(&shop, id).await[0], "It was night.");
    assert_eq!(undo(&shop, id).await, EditKind::Worded);
    assert_eq!(said(&shop, id).await, TEXTS);
    assert!(!lines(&shop, id).await[0].by_hand, "it is as it was heard");
    assert_eq!(editing::desk(&shop.db, id, 0, 1).await.unwrap().last, None);
    let nothing = editing::undo(&shop.db, id, Uuid::nil()).await.unwrap_err();
    assert_eq!(nothing.code(), "transcript.nothing-to-undo");
    let told = editing::edits(&shop.db, id, Walk { after: None, limit: 10 }).await.unwrap().items;
    assert_eq!(
        told.iter().map(|edit| (edit.number, edit.undone)).collect::<Vec<_>>(),
        [(3, true), (2, true), (1, true)]
    );
    assert_eq!((told[1].before.as_str(), told[1].after.as_str()), ("It was night.", "It was a dark night."));
}

#[tokio::test]
async fn whoever_was_slower_is_told_what_the_other_wrote_and_overwrites_nothing() {
    let shop = fresh().await;
    let id = book(&shop).await;
    let line = lines(&shop, id).await.remove(1);
    let first = edit(&shop, id, &line, text("The lamp was lit.")).await.unwrap();
    let refused = refusal(&shop, id, &line, text("The lambs were lit.")).await;
    assert_eq!(refused.code(), "transcript.changed");
    assert!(refused.to_string().contains("The lamp was lit."), "{refused}");
    assert_eq!(said(&shop, id).await[1], "The lamp was lit.");
    let other = lines(&shop, id).await.remove(0);
    edit(&shop, id, &other, Change::Drop).await.unwrap();
    let refused = editing::undo(&shop.db, id, first.id).await.unwrap_err();
    assert_eq!(refused.code(), "transcript.edited-since");
    undo(&shop, id).await;
    undo(&shop, id).await;
    let refused = refusal(&shop, id, &line, text("The lambs were lit.")).await;
    assert_eq!(refused.code(), "transcript.changed", "undone is changed as well");
    let gone = Line { id: Uuid::nil(), ..line };
    assert_eq!(refusal(&shop, id, &gone, Change::Drop).await.code(), "transcript.heard-anew");
}

#[tokio::test]
async fn words_are_replaced_in_all_sentences_that_were_shown_and_in_no_other() {
    let shop = fresh().await;
    let id = book(&shop).await;
    say_as(&shop, id, (8, 8_000, 8_900), "A lamb.", Standing::Dropped).await;
    say_as(&shop, id, (9, 9_000, 9_900), "Lambs, a lamb.", Standing::Doubtful).await;
    let wanted = Replacement { find: "lamb".into(), put: "lamp".into(), whole_words: true, ..Replacement::default() };
    let found = editing::matches(&shop.db, id, &wanted).await.unwrap();
    let shown: Vec<_> = found.places.iter().map(|place| place.after.as_str()).collect();
    assert_eq!((shown, found.more), (vec!["The lamp was lit.", "Lambs, a lamp."], false));
    assert_eq!(said(&shop, id).await, TEXTS, "looking changes nothing");

    let line = lines(&shop, id).await.remove(1);
    edit(&shop, id, &line, text("The lamb was alight.")).await.unwrap();
    let refused = editing::replace(&shop.db, id, &wanted, &found.seen).await.unwrap_err();
    assert_eq!(refused.code(), "transcript.matches-changed");
    let found = editing::matches(&shop.db, id, &wanted).await.unwrap();
    let made = editing::replace(&shop.db, id, &wanted, &found.seen).await.unwrap().unwrap();
    assert_eq!((made.kind, made.places), (EditKind::Replaced, 2));
    assert_eq!(said(&shop, id).await[1], "The lamp was alight.");
    assert_eq!(lines(&shop, id).await.last().unwrap().standing, Standing::Doubtful, "nobody has heard that yet");
    assert_eq!(undo(&shop, id).await, EditKind::Replaced);
    assert_eq!(said(&shop, id).await[1], "The lamb was alight.");

    let all = Replacement { find: "Nobody came.".into(), ..Replacement::default() };
    let found = editing::matches(&shop.db, id, &all).await.unwrap();
    editing::replace(&shop.db, id, &all, &found.seen).await.unwrap();
    assert_eq!(lines(&shop, id).await[3].standing, Standing::Dropped, "a sentence without words is not spoken");
    let nothing = editing::matches(&shop.db, id, &Replacement::default()).await.unwrap_err();
    assert_eq!(nothing.code(), "transcript.find-nothing");
}

#[tokio::test]
async fn a_long_book_is_walked_in_windows_forwards_and_backwards() {
    let shop = fresh().await;
    let id = for_sale(&shop, "The Bell", 500).await.id;
    for position in 0..25 {
        let at = i64::from(position) * 2_000;
        say(&shop, id, position, at, at + 900, "A bell rang.").await;
    }
    let (mut seen, mut from, mut last) = (Vec::new(), Some(0), 0);
    while let Some(from_ms) = from {
        let window = editing::desk(&shop.db, id, from_ms, 10).await.unwrap().window;
        assert!(window.lines.len() <= 10);
        seen.extend(window.lines.iter().map(|line| line.start_ms));
        (last, from) = (from_ms, window.after);
    }
    assert_eq!(seen, (0..25).map(|n| n * 2_000).collect::<Vec<_>>());
    let window = editing::desk(&shop.db, id, last, 10).await.unwrap().window;
    assert_eq!((last, window.before), (40_000, Some(20_000)));
    assert_eq!(editing::desk(&shop.db, id, 0, 10).await.unwrap().window.before, None);
    let part = editing::walk(&shop.db, id, 0, Walk { after: None, limit: 20 }).await.unwrap();
    let rest = editing::walk(&shop.db, id, 0, Walk { after: part.next.as_ref(), limit: 20 }).await.unwrap();
    assert_eq!((part.items.len(), rest.items.len(), rest.next), (20, 5, None));
}

#[tokio::test]
async fn the_list_of_edits_is_read_without_all_the_text_that_they_changed() {
    let shop = fresh().await;
    let id = book(&shop).await;
    let line = lines(&shop, id).await.remove(1);
    edit(&shop, id, &line, text("The lamp was lit.")).await.unwrap();
    shop.statements.take();
    let listed = editing::edits(&shop.db, id, Walk { after: None, limit: 20 }).await.unwrap();
    assert_eq!(listed.items.len(), 1);
    assert!(editing::desk(&shop.db, id, 0, 1).await.unwrap().last.is_some());
    let asked = shop.statements.take();
    assert!(asked.iter().all(|statement| !statement.sql.contains("changes")), "{asked:?}");
}
