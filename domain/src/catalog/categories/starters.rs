//! A list to start from, for a shop that has no categories yet.

use super::keep::entry;
use crate::audit::{self, Action};
use crate::entities::categories;
use crate::{Db, Result, Slug};
use sea_orm::{EntityTrait, PaginatorTrait, Set};
use uuid::Uuid;

/// Name, description, and words that speak for it.
const STARTERS: [(&str, &str, &str); 14] = [
    (
        "Fiction",
        "Novels and stories of people as they are.",
        "mother, father, daughter, son, marriage, home, letter, village, friend, family, house, street, kitchen",
    ),
    (
        "Classics",
        "What has been read for generations.",
        "countess, carriage, drawing-room, gentleman, lady, servant, parlour, estate, duke, thou, hath, madam, sir",
    ),
    (
        "Mystery and thriller",
        "A crime, a secret, and somebody who asks the right question.",
        "alibi, clue, crime, detective, evidence, inspector, murder, police, suspect, victim, witness, killer, body, gun",
    ),
    (
        "Science fiction",
        "Other worlds and other times to come.",
        "alien, android, colony, galaxy, gravity, orbit, planet, robot, shuttle, spaceship, station, laser, mars, star",
    ),
    (
        "Fantasy",
        "Magic, and those who have to live with it.",
        "magic, dragon, wizard, witch, sword, kingdom, elf, dwarf, spell, prophecy, castle, throne, rune, sorcerer",
    ),
    (
        "Romance",
        "Two people, and what stands between them.",
        "love, kiss, heart, wedding, bride, lover, embrace, passion, desire, tender, blush, engaged, darling",
    ),
    (
        "Adventure",
        "Ships, storms and long roads.",
        "captain, compass, crew, desert, expedition, harbour, island, journey, jungle, map, mountain, sail, storm, treasure",
    ),
    (
        "Children",
        "To be heard together, or alone under the blanket.",
        "bear, bunny, cat, fox, grandmother, mouse, owl, playground, puppy, school, teddy, toy, mummy, daddy, wolf",
    ),
    (
        "History",
        "How it came to be as it is.",
        "army, battle, century, colony, empire, emperor, king, parliament, peace, queen, republic, revolution, treaty, war",
    ),
    (
        "Biography",
        "A life, told by whoever lived it or whoever looked closely.",
        "born, childhood, career, autobiography, biography, diary, memoir, remember, youth, parents, awarded, died",
    ),
    (
        "Science and nature",
        "Finding out how the world works.",
        "animal, atom, bird, cell, climate, energy, evolution, experiment, forest, gene, molecule, ocean, species, theory",
    ),
    (
        "Business and society",
        "Work, money, and how people live together.",
        "bank, company, customer, economy, government, income, law, leader, manager, market, money, politics, tax, trade",
    ),
    (
        "Self-help",
        "For a better day than yesterday.",
        "anxiety, breathe, calm, confidence, exercise, goal, habit, happiness, health, meditation, mindful, sleep, stress",
    ),
    (
        "Poetry and essays",
        "Short pieces that stay long.",
        "poem, poet, verse, rhyme, sonnet, stanza, essay, ode, elegy, lyric, muse",
    ),
];

/// Adds a usual list of categories to a shop that has none; says how many. A shop with one keeps its own list.
pub async fn add_starters(db: &Db) -> Result<usize> {
    db.transaction(async |tx| {
        if categories::Entity::find().count(&tx).await? > 0 {
            return Ok(0);
        }
        let row = |(position, (name, description, keywords)): (i32, &(&str, &str, &str))| categories::ActiveModel {
            id: Set(Uuid::now_v7()),
            slug: Set(Slug::from_name(name).to_string()),
            name: Set((*name).to_owned()),
            description: Set((*description).to_owned()),
            keywords: Set((*keywords).to_owned()),
            position: Set(position),
        };
        let rows: Vec<_> = (1..).zip(&STARTERS).map(row).collect();
        categories::Entity::insert_many(rows).exec_without_returning(&tx).await?;
        audit::record(&tx, entry(Action::CategoryCreated, Uuid::nil(), "a list to start from")).await?;
        Ok(STARTERS.len())
    })
    .await
}
