//! The names of fields, as they are spelled in all kinds of tags, and where each belongs.

use super::{Tags, tidy};

impl Tags {
    /// Takes a field by the name that it has in Vorbis comments, APE tags, MP4's free atoms and ID3's own texts. What is
    /// known already stays.
    pub(crate) fn take(&mut self, name: &str, value: &str) {
        let Some(value) = tidy(value) else { return };
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        match name.as_str() {
            "title" => put(&mut self.title, value),
            "subtitle" => put(&mut self.subtitle, value),
            "album" => put(&mut self.album, value),
            // A book's author stands as artist, and again as the artist of the album.
            "author" | "artist" | "albumartist" | "writer" if self.authors.is_empty() => self.authors = people(&value),
            "narrator" | "narratedby" | "reader" | "performer" | "composer" if self.narrators.is_empty() => {
                self.narrators = people(&value);
            }
            "track" | "tracknumber" => numbers(&value, &mut self.track, &mut self.tracks),
            "tracktotal" | "totaltracks" => numbers(&value, &mut self.tracks, &mut None),
            "disc" | "discnumber" | "disk" | "disknumber" => numbers(&value, &mut self.disc, &mut self.discs),
            "disctotal" | "totaldiscs" => numbers(&value, &mut self.discs, &mut None),
            "series" | "seriesname" | "mvnm" | "movementname" | "grouping" => series(self, value),
            "seriespart" | "seriesposition" | "seriesindex" | "mvin" | "movement" => {
                put(&mut self.series_position, value);
            }
            "year" | "date" | "originaldate" | "releasedate" => {
                self.year = self.year.or_else(|| year(&value));
            }
            "publisher" | "label" | "organization" => put(&mut self.publisher, value),
            "language" | "lang" => put(&mut self.language, value),
            "isbn" | "barcode" => self.isbn = self.isbn.take().or_else(|| isbn(&value)),
            // The longest says most: a comment may be a word, and a short description the beginning of a long one.
            "description" | "comment" | "synopsis" | "longdescription" | "summary"
                if self.description.as_ref().is_none_or(|known| known.len() < value.len()) =>
            {
                self.description = Some(value);
            }
            _ => {}
        }
    }
}

fn put(field: &mut Option<String>, value: String) {
    field.get_or_insert(value);
}

/// `A; B` and `A / B` are two people, and so are `Ann Bell, Carl Dunn`; `Bell, Ann` is one.
fn people(value: &str) -> Vec<String> {
    let apart = value.split([';', '\0']).flat_map(|some| some.split(" / ")).flat_map(|some| some.split(" & "));
    let full = |name: &str| name.trim().contains(' ');
    let apart = apart.flat_map(|some| match some.split(',').all(full) {
        true => some.split(',').collect(),
        false => vec![some],
    });
    let mut people: Vec<String> = Vec::new();
    for person in apart.filter_map(tidy).take(50) {
        if !people.contains(&person) {
            people.push(person);
        }
    }
    people
}

/// `3` or `3/12`.
fn numbers(value: &str, number: &mut Option<u32>, of: &mut Option<u32>) {
    let mut parts = value.splitn(2, '/').map(|part| part.trim().parse().ok().filter(|number| *number > 0));
    *number = number.or(parts.next().flatten());
    *of = of.or(parts.next().flatten());
}

/// `The Tides, Book 2` and `The Tides #2` name the place as well.
fn series(tags: &mut Tags, value: String) {
    if tags.series.is_some() {
        return;
    }
    let cut = value.rfind('#').or_else(|| value.to_lowercase().rfind(", book "));
    let place = cut.and_then(|cut| value.get(cut..)).and_then(|rest| rest.split(['#', ' ']).next_back());
    let is_place = |place: &&str| !place.is_empty() && place.chars().all(|sign| sign.is_ascii_digit() || sign == '.');
    if let (Some(cut), Some(place)) = (cut, place.filter(is_place)) {
        tags.series_position.get_or_insert(place.to_owned());
        tags.series = value.get(..cut).and_then(tidy);
    }
    tags.series.get_or_insert(value);
}

/// The first four digits in a row that can be a year.
fn year(value: &str) -> Option<i32> {
    let digits: Vec<&str> = value.split(|sign: char| !sign.is_ascii_digit()).collect();
    digits.iter().filter(|some| some.len() == 4).find_map(|some| some.parse().ok()).filter(|year| *year > 0)
}

/// Thirteen digits, or ten with a last X.
fn isbn(value: &str) -> Option<String> {
    let isbn: String = value.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let isbn = isbn.strip_prefix("ISBN").unwrap_or(&isbn);
    let ten = isbn.len() == 10 && isbn[..9].bytes().all(|sign| sign.is_ascii_digit());
    let thirteen = isbn.len() == 13 && isbn.bytes().all(|sign| sign.is_ascii_digit()) && isbn.starts_with("97");
    (ten || thirteen).then(|| isbn.to_owned())
}
