//! The recordings themselves; the server damages them further (`server/tests/hard/hostile.rs`).

#[path = "coded.rs"]
mod coded;
#[path = "hostile.rs"]
mod hostile;
#[path = "samples.rs"]
mod samples;

/// A recording and what is right about it.
pub struct Recording {
    pub name: String,
    pub bytes: Vec<u8>,
    pub right: Right,
}

pub enum Right {
    /// It lasts so long, give or take, and ends with this tone.
    Heard { ms: i64, within: i64, last: f32 },
    /// It is refused with a sentence that says this.
    Refused(&'static str),
    /// Only a second decoder knows it: heard where there is one, else refused.
    BySecond { ms: i64, within: i64, last: f32 },
}

/// Numbers that look like chance and are the same every time (Marsaglia's xorshift).
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most as u64).unwrap()
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_le_bytes()[3]).collect()
    }
}

pub fn library() -> Vec<Recording> {
    let mut chance = Chance(20_261_128);
    let mut all = samples::recordings(&mut chance);
    all.extend(coded::recordings(&mut chance));
    all.extend(hostile::recordings(&mut chance));
    all
}
