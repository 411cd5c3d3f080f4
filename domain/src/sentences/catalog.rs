//! About titles and what shoppers look for.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    ("categories.too-many", "Choose at most three categories."),
    ("categories.unknown", "The shop has no category {slug}. Choose one from the list."),
    ("contributors.too-many", "Name at most twenty people."),
    ("description.too-long", "Keep the description to 10,000 characters."),
    ("form.too-long", "Keep it to {most} characters."),
    ("form.unprintable", "Take out the characters that cannot be printed."),
    ("language.malformed", "Write the language as a code such as en or pt-br."),
    ("moment.malformed", "Write the moment as 2026-11-20T09:30 (UTC), or leave it empty."),
    ("sale.backwards", "Let the sale end after it starts."),
    ("sale.no-regular-price", "Set the regular price before a sale price."),
    ("sale.not-lower", "Make the sale price lower than the regular price, or leave it empty."),
    ("sample.ends-before-start", "Let the sample end after it starts."),
    ("sample.beyond-end", "Let the sample end within the book: at {last} seconds or before."),
    ("sample.malformed", "Write the time in seconds from the start of the book, such as 90 or 12.5."),
    ("series.no-name", "Name the series that this number counts in, or leave the number empty."),
    ("series.position-malformed", "Write the place in the series as a number from 1 on."),
    ("text-rights.unknown", "Choose what buyers may do with the text."),
    ("title.archived-already", "It is archived already."),
    (
        "title.changed",
        "This title changed after you opened it: somebody saved it, or the writer filled it in. Reload the page to see what changed, then make your changes again.",
    ),
    ("title.draft-already", "It is a draft already."),
    ("title.no-free-address", "There is no free address for this title. Change it a little."),
    ("title.no-longer-ready", "A published title needs {missing}."),
    ("title.no-name", "Give the title a name."),
    ("title.not-a-draft", "Only a draft can be deleted. Archive the title instead."),
    ("title.not-for-sale", "A draft is not for sale: delete it, or publish it first."),
    ("title.not-ready", "Before it can be published it needs {missing}."),
    ("title.sold", "People have bought this title. Archive it instead: they keep it."),
];
