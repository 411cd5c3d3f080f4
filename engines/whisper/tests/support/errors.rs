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

/// The words that were heard as they were spoken: their places in both, in order. What was misheard, lost or added in
/// between shifts none of the others.
pub fn heard_right(spoken: &[String], heard: &[String]) -> Vec<(usize, usize)> {
    let width = heard.len() + 1;
    // Fewest errors from a place in each to the ends of both.
    let mut errors = vec![0_usize; (spoken.len() + 1) * width];
    let at = |i: usize, j: usize| i * width + j;
    for i in (0..=spoken.len()).rev() {
        for j in (0..=heard.len()).rev() {
            errors[at(i, j)] = match (spoken.get(i), heard.get(j)) {
                (Some(wanted), Some(got)) => (errors[at(i + 1, j + 1)] + usize::from(wanted != got))
                    .min(errors[at(i + 1, j)] + 1)
                    .min(errors[at(i, j + 1)] + 1),
                _ => spoken.len() - i + heard.len() - j,
            };
        }
    }
    let (mut i, mut j, mut found) = (0, 0, Vec::new());
    while let (Some(wanted), Some(got)) = (spoken.get(i), heard.get(j)) {
        let left = errors[at(i, j)];
        if left == errors[at(i + 1, j + 1)] + usize::from(wanted != got) {
            if wanted == got {
                found.push((i, j));
            }
            (i, j) = (i + 1, j + 1);
        } else if left == errors[at(i + 1, j)] + 1 {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}
