//! How much of a text was heard wrong.

/// Lower-case words without punctuation.
pub fn normalised(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Words wrong, missing or added, for each word spoken (edit distance over words).
pub fn word_error_rate(spoken: &str, heard: &str) -> f64 {
    let (spoken, heard) = (normalised(spoken), normalised(heard));
    let mut row: Vec<usize> = (0..=heard.len()).collect();
    for (i, wanted) in spoken.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, got) in heard.iter().enumerate() {
            let substituted = diagonal + usize::from(wanted != got);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[heard.len()] as f64 / spoken.len() as f64
}
