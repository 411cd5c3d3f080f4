//! The words that made-up titles, names and descriptions are made of. The first of each list are the common ones.

use super::draw::Draw;

pub const NOUNS: &[&str] = &[
    "Sea",
    "Night",
    "House",
    "Storm",
    "Light",
    "River",
    "Garden",
    "Winter",
    "King",
    "Daughter",
    "Harbour",
    "Secret",
    "Road",
    "Island",
    "Mountain",
    "Letter",
    "Queen",
    "Wolf",
    "Forest",
    "Clock",
    "Mirror",
    "Bridge",
    "Summer",
    "Stone",
    "Lantern",
    "Thief",
    "Song",
    "Shadow",
    "Tower",
    "Ship",
    "Keeper",
    "Orchard",
    "Crown",
    "Bell",
    "Ghost",
    "Map",
    "Rose",
    "Train",
    "Witness",
    "Doctor",
    "Promise",
    "Fire",
    "Library",
    "Spring",
    "Bone",
    "Captain",
    "Widow",
    "Machine",
    "Raven",
    "Door",
    "Feather",
    "Salt",
    "Winter Market",
    "Engine",
    "Lighthouse",
    "Painter",
    "Stranger",
    "Valley",
    "Window",
    "Whale",
    "Detective",
    "Compass",
    "Kitchen",
    "Saint",
    "Glass",
    "Horizon",
    "Meadow",
    "Monsoon",
    "Postman",
    "Quarry",
    "Recipe",
    "Sailor",
    "Teacher",
    "Umbrella",
    "Violin",
    "Wager",
    "Apprentice",
    "Beekeeper",
    "Cartographer",
    "Diary",
    "Equation",
    "Falcon",
    "Glacier",
    "Heron",
    "Inventor",
    "Journal",
    "Kingfisher",
    "Labyrinth",
    "Meridian",
    "Nightingale",
    "Oracle",
    "Pilgrim",
    "Quilt",
    "Reef",
    "Sonata",
    "Tide",
    "Vineyard",
    "Weaver",
    "Zephyr",
];

pub const ADJECTIVES: &[&str] = &[
    "Last",
    "Lost",
    "Silent",
    "Dark",
    "Little",
    "Long",
    "Secret",
    "Golden",
    "Broken",
    "Hidden",
    "White",
    "Cold",
    "Wild",
    "Burning",
    "Quiet",
    "Second",
    "Northern",
    "Forgotten",
    "Blue",
    "Empty",
    "Bright",
    "Hollow",
    "Invisible",
    "Iron",
    "Midnight",
    "Paper",
    "Perfect",
    "Red",
    "Sleeping",
    "Stolen",
    "Strange",
    "Sudden",
    "Tender",
    "Unquiet",
    "Velvet",
    "Wandering",
    "Winter",
    "Wounded",
    "Yellow",
    "Ancient",
    "Bitter",
    "Crooked",
    "Distant",
    "Endless",
    "Faithful",
];

pub const PLACES: &[&str] = &[
    "London",
    "Paris",
    "Venice",
    "the North",
    "Lisbon",
    "Vienna",
    "the Coast",
    "Istanbul",
    "Bergen",
    "Kyoto",
    "Bombay",
    "Cairo",
    "Dublin",
    "Edinburgh",
    "Florence",
    "Genoa",
    "Hamburg",
    "Iceland",
    "Jaipur",
    "Kraków",
    "Lyon",
    "Malmö",
    "Naples",
    "Oslo",
    "Prague",
    "Quebec",
    "Riga",
    "Seville",
    "Tallinn",
    "Uppsala",
    "Valparaíso",
    "Warsaw",
    "York",
    "Zürich",
];

pub const FIRST_NAMES: &[&str] = &[
    "Anna", "John", "Maria", "James", "Elena", "Thomas", "Sarah", "Peter", "Julia", "David", "Clara", "Martin", "Nora",
    "Daniel", "Ingrid", "Samuel", "Ruth", "Henry", "Alice", "Theo", "Amara", "Björn", "Chloé", "Dmitri", "Esther",
    "Fatima", "Günther", "Hanna", "Imani", "José", "Kenji", "Leila", "Mateo", "Niamh", "Oskar", "Priya", "Quentin",
    "Rosa", "Søren", "Tomasz", "Ursula", "Vikram", "Wanda", "Xavier", "Yusuf", "Zoë", "J. R.", "A. S.", "C. J.",
    "M. K.",
];

pub const GERMAN: &[&str] = &[
    "Haus",
    "Meer",
    "Nacht",
    "Mädchen",
    "König",
    "Brücke",
    "Straße",
    "Wälder",
    "Müller",
    "Glück",
    "Träume",
    "Schatten",
    "Winter",
    "Gärten",
    "Vögel",
    "Fluss",
    "Stadt",
    "Mörder",
    "Tür",
    "Küste",
    "Uhrmacher",
    "Sommer",
    "Hüter",
    "Löwe",
];

pub const FRENCH: &[&str] = &[
    "Hiver", "Mer", "Nuit", "Maison", "Forêt", "Été", "Château", "Étoile", "Lumière", "Enfant", "Rivière", "Île",
    "Café", "Jardin", "Ombre", "Silence", "Voyage", "Oiseau", "Fenêtre", "Lettre", "Orage", "Âme", "Fête", "Rêve",
];

pub const JAPANESE: &[&str] = &[
    "海",
    "夜",
    "雪",
    "星",
    "森",
    "猫",
    "家",
    "川",
    "空",
    "花",
    "月",
    "旅",
    "声",
    "夢",
    "鏡",
    "駅",
    "島",
    "鯨",
    "図書館",
    "カフェ",
    "ピアノ",
    "ガラス",
];

pub const THAI: &[&str] =
    &["ทะเล", "กลางคืน", "บ้าน", "แม่น้ำ", "ดวงดาว", "ความลับ", "ฝน", "ภูเขา", "เมือง", "หัวใจ", "แมว", "สวน"];

const BEGINNINGS: &[&str] = &[
    "al", "ar", "bel", "ber", "bor", "bra", "cal", "cor", "dal", "dor", "el", "fen", "fal", "gar", "gor", "hal", "har",
    "hol", "is", "kal", "kor", "lan", "lor", "mal", "mar", "mor", "nor", "ol", "pel", "quin", "ral", "ros", "sal",
    "sel", "tal", "tor", "ul", "val", "ver", "wal", "win", "yar", "zan",
];
const MIDDLES: &[&str] =
    &["a", "e", "i", "o", "an", "en", "er", "in", "ing", "ol", "or", "ul", "and", "est", "ill", "ow"];
const ENDINGS: &[&str] = &[
    "berg", "by", "dale", "den", "don", "field", "ford", "gate", "ham", "holm", "ington", "land", "ley", "low", "man",
    "mere", "more", "ness", "quist", "rick", "ridge", "ska", "son", "stad", "stein", "stone", "ton", "wall", "ward",
    "well", "wick", "wood", "worth",
];

/// How many words [`made_up`] knows.
pub const MADE_UP: usize = BEGINNINGS.len() * MIDDLES.len() * ENDINGS.len();

/// A word or a family name that no list holds: `Harinby`, `Quinestridge`. Words that stand near each other in the count
/// have little in common.
pub fn made_up(number: usize) -> String {
    let mixed = number.wrapping_mul(7_919) % MADE_UP;
    let (first, rest) = (mixed % BEGINNINGS.len(), mixed / BEGINNINGS.len());
    let (middle, last) = (rest % MIDDLES.len(), rest / MIDDLES.len() % ENDINGS.len());
    let word = [BEGINNINGS[first], MIDDLES[middle], ENDINGS[last]].concat();
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A word of a list, the common ones more often; now and then one of the many that are in no list.
pub fn noun(draw: &mut Draw) -> String {
    if draw.percent(25) { made_up(draw.zipf(MADE_UP)) } else { NOUNS[draw.zipf(NOUNS.len())].to_owned() }
}

pub fn adjective(draw: &mut Draw) -> &'static str {
    ADJECTIVES[draw.zipf(ADJECTIVES.len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn made_up_words_are_many() {
        let words: HashSet<String> = (0..MADE_UP).map(made_up).collect();
        assert!(words.len() > 20_000, "{}", words.len());
        assert!(words.iter().all(|word| word.starts_with(char::is_uppercase)));
    }
}
