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
    (
        "parts.changed",
        "The parts of this title changed after you opened the page. Look at them again, then make your change.",
    ),
    ("parts.not-each-once", "Name each part of the title once, and no other."),
    ("parts.last", "A title keeps at least one part. Replace it by another recording, or delete the draft."),
    ("upload.overtaken", "Another request went on with this upload."),
    ("upload.arrived", "This file has arrived already."),
    ("upload.not-arrived", "This file has not arrived yet: give the upload up instead."),
    ("upload.is-a-part", "This file is a part of the title: remove the part instead."),
    ("upload.given-up", "This upload was given up."),
    ("recording.other-transcript", "The transcript is of another recording than {file}."),
    ("recording.several", "Only a title with one recording can be given away."),
    ("recording.not-produced", "The title is not through the pipeline yet."),
    ("transcript.heard-anew", "This place was heard anew since the page was loaded. Reload the page."),
    ("transcript.empty", "Write what is said here, or drop the place."),
    ("transcript.too-long", "Write at most 2,000 characters: what is said at this place, and nothing around it."),
    ("job.not-dead", "This job was not given up. Reload the page."),
    ("job.doubled", "Another job does this already."),
    ("job.ended", "This job has ended already. Reload the page."),
];
