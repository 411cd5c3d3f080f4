//! About uploads, jobs and production.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    ("production.complete", "Nothing is missing: every step is done."),
    ("production.files-missing", "The files have not all arrived yet."),
    ("production.step-not-redoable", "This step cannot be done again by itself."),
    ("production.earlier-step-missing", "An earlier step is not done yet: resume the run instead."),
    ("production.not-running", "Nothing is running."),
    (
        "upload.too-many-open",
        "You have {most} uploads that are not finished. Go on with some of them or give them up first.",
    ),
    ("upload.overtaken", "Another request went on with this upload."),
    ("upload.arrived", "This file has arrived already."),
    ("upload.given-up", "This upload was given up."),
    ("recording.other-transcript", "The transcript is of another recording than {file}."),
    ("recording.several", "Only a title with one recording can be given away."),
    ("recording.not-produced", "The title is not through the pipeline yet."),
    ("transcript.heard-anew", "This place was heard anew since the page was loaded. Reload the page."),
    ("transcript.empty", "Write what is said here, or drop the place."),
    ("transcript.too-long", "Write at most 2,000 characters: what is said at this place, and nothing around it."),
    (
        "transcript.changed",
        "Somebody else has changed this sentence. It says now: “{text}”. Reload the page to change that.",
    ),
    ("transcript.speaker-too-long", "Write the name of a speaker in at most {most} characters."),
    ("transcript.join-last", "Nothing comes after this sentence that it could be joined with."),
    (
        "transcript.join-undecided",
        "Only sentences that are believed or accepted are joined. Decide about the one and the next first.",
    ),
    ("transcript.join-too-long", "Together they would be longer than a minute, or than 2,000 characters."),
    ("transcript.nothing-to-undo", "There is nothing to undo."),
    ("transcript.edited-since", "Somebody has edited since. The last edit is now: {what}. Reload the page to see it."),
    ("transcript.find-nothing", "Write what is looked for."),
    ("transcript.find-too-long", "Write at most {most} characters."),
    (
        "transcript.matches-changed",
        "The text has changed since these places were shown. Look at them again before you replace them.",
    ),
    ("chapters.changed", "Somebody has changed the chapters since. Reload the page."),
    ("chapters.last", "A title with chapters keeps at least one: rename it instead."),
    ("chapters.too-many", "A title has at most {most} chapters."),
    ("chapters.no-name", "Write the name of the chapter on one line."),
    ("chapters.beyond-end", "Let the chapter begin within the book."),
    ("chapters.same-start", "Two chapters cannot begin at the same moment."),
    ("chapters.start-malformed", "Write the time as 1:02:03, 2:03.5, or in seconds."),
    ("chapters.no-headings", "Fewer than two headings such as “Chapter one” are spoken in this title."),
    (
        "production.corrections",
        "{number} sentences were put right by hand. Say whether they stay when the recording is heard again.",
    ),
    ("job.not-dead", "This job was not given up. Reload the page."),
    ("job.doubled", "Another job does this already."),
    ("job.ended", "This job has ended already. Reload the page."),
];
