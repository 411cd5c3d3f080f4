#!/usr/bin/env python3
"""Holds the seed to its rules. Says what is wrong, one sentence a line, and exits with 1.

    python3 seed/check.py

Needs Python 3.11 (tomllib) and nothing else.
"""

import hashlib
import json
import re
import struct
import sys
import tomllib

from prose import HERE, paragraphs
from proofread import written_words

STORY_SECONDS, STORY_WORDS = (180, 360), (480, 950)
BOOK_SECONDS = (50 * 60, 80 * 60)  # the one long title
SAMPLE_SECONDS = (20, 40)
CHAPTERS = (3, 8)
TOTAL_BYTES = 20_000_000  # all recordings together
LEAST_OF_A_KIND = 2  # titles in each of the two formats
MP3_BYTES_PER_SECOND = 32_000 // 8
CATEGORIES = ("adventure", "mystery", "science-fiction", "fantasy", "nature", "food", "business", "family-life")
RIGHTS = ("none", "read-along", "download")
LETTERS = re.compile(r"""[A-Za-z,.;:!?'"\-\N{EN DASH}\s]+""")

problems = []


def require(condition, sentence):
    """Remember `sentence` as a problem unless `condition` holds."""
    if not condition:
        problems.append(sentence)


def load(name):
    """The TOML file `name` of this folder."""
    with open(HERE / name, "rb") as file:
        return tomllib.load(file)


def within(value, bounds):
    return bounds[0] <= value <= bounds[1]


def id3_bytes(data):
    """Length of the ID3v2 tag at the beginning (ID3v2.4, 3.1); 0 without one."""
    if not data.startswith(b"ID3"):
        return 0
    a, b, c, d = data[6:10]
    return 10 + (a << 21 | b << 14 | c << 7 | d)


def seconds_of(path):
    """Length of a recording: a constant-rate MP3 by its size, an Ogg/Opus file by its last page (RFC 7845, 4)."""
    data = path.read_bytes()
    if path.suffix == ".mp3":
        require(id3_bytes(data), f"{path.name} has no ID3 tag.")
        return (len(data) - id3_bytes(data)) / MP3_BYTES_PER_SECOND
    require(data.startswith(b"OggS") and b"OpusTags" in data[:400], f"{path.name} is not a tagged Ogg/Opus file.")
    head, last = data.find(b"OpusHead"), data.rfind(b"OggS")
    pre_skip = struct.unpack_from("<H", data, head + 10)[0]
    return (struct.unpack_from("<q", data, last + 6)[0] - pre_skip) / 48_000


def check_story(slug, is_book):
    """What is written: characters that can be spoken, and not too much of it."""
    text = (HERE / "stories" / f"{slug}.txt").read_text(encoding="utf-8")
    odd = sorted(set(LETTERS.sub("", text)))
    require(not odd, f"{slug}: cannot be read aloud: {' '.join(odd)}")
    require(is_book or within(len(text.split()), STORY_WORDS), f"{slug}: {len(text.split())} words, expected {STORY_WORDS[0]} to {STORY_WORDS[1]}.")


def check_times(title, times):
    """Chapters and sample begin where a sentence of the recording begins, as it was measured."""
    slug, length, chapters, sample = title["slug"], title["duration_ms"], title["chapters"], title["sample"]
    measured = times.get(slug, {"duration_ms": 0, "sentences_ms": []})
    counts = [len(sentences) for sentences in paragraphs(slug)]
    require([len(starts) for starts in measured["sentences_ms"]] == counts, f"{slug}: times.json was measured on another text.")
    require(measured["duration_ms"] == length, f"{slug}: the catalogue says {length} ms, times.json {measured['duration_ms']}.")
    require(within(len(chapters), CHAPTERS), f"{slug}: {len(chapters)} chapters, expected {CHAPTERS[0]} to {CHAPTERS[1]}.")
    for key, end in (("first_paragraph", len(counts)), ("start_ms", length)):
        values = [chapter[key] for chapter in chapters]
        in_order = values[0] == 0 and values == sorted(set(values)) and values[-1] < end
        require(in_order, f"{slug}: {key} of the chapters must begin at 0, rise, and stay below {end}.")
    span = (sample["end_ms"] - sample["start_ms"]) / 1000
    require(within(span, SAMPLE_SECONDS), f"{slug}: the sample is {span:.1f} s long.")
    starts = [start for paragraph in measured["sentences_ms"] for start in paragraph]
    near = lambda at: any(0 <= start - at <= 500 for start in [*starts, length])
    for what, at in [("sample begins", sample["start_ms"]), ("sample ends", sample["end_ms"])] + [
        (f"chapter “{chapter['title']}” begins", chapter["start_ms"]) for chapter in chapters
    ]:
        require(near(at), f"{slug}: the {what} inside a sentence, at {at} ms.")


def check_transcript(title, recording):
    """The transcript was made of this recording by a real model, says what is written, and its words follow each other."""
    slug, path = title["slug"], HERE / "transcripts" / f"{title['slug']}.json"
    if not path.is_file():
        problems.append(f"{slug}: transcripts/{slug}.json does not exist.")
        return
    produced = json.loads(path.read_text(encoding="utf-8"))
    require(produced["audio_sha256"] == hashlib.sha256(recording).hexdigest(), f"{slug}: the transcript was made of another recording.")
    require(not produced["transcribed"]["output"].get("demonstration"), f"{slug}: a demonstration model heard it.")
    said = [[word["t"] for word in segment["words"]] for segment in produced["segments"]]
    require(said == written_words(slug), f"{slug}: the transcript is not what is written.")
    words = [word for segment in produced["segments"] for word in segment["words"]]
    ordered = all(one["s"] <= one["e"] and one["s"] <= other["s"] for one, other in zip(words, words[1:]))
    require(ordered and words[-1]["e"] <= title["duration_ms"], f"{slug}: the times of its words do not rise to the end of the recording.")


def check_recording(title, is_book):
    """The file exists and is as long as the catalogue says; gives back its size in bytes."""
    slug, path = title["slug"], HERE / "audio" / title["audio"]
    if not path.is_file():
        problems.append(f"{slug}: audio/{title['audio']} does not exist.")
        return 0
    length, bounds = seconds_of(path), BOOK_SECONDS if is_book else STORY_SECONDS
    require(within(length, bounds), f"{slug}: {length:.0f} s long, expected {bounds[0]} to {bounds[1]}.")
    said = title["duration_ms"] / 1000
    require(abs(length - said) < 0.2, f"{slug}: the catalogue says {said:.1f} s, the file has {length:.1f} s.")
    check_transcript(title, path.read_bytes())
    return path.stat().st_size


def check_title(title, known, times):
    """One title, whole; gives back the size of its recording in bytes."""
    slug, is_book = title["slug"], title["duration_ms"] > 1000 * STORY_SECONDS[1]
    for kind in ("authors", "narrators", "categories"):
        require(title[kind], f"{slug}: no {kind}.")
        for name in title[kind]:
            require(name in known[kind], f"{slug}: {name} is not among the {kind}.")
    require(len(title["categories"]) <= 3, f"{slug}: more than three categories.")
    require(title.get("series") in known["series"] | {None}, f"{slug}: its series is not listed.")
    require(title["text_rights"] in RIGHTS, f"{slug}: text_rights must be one of {', '.join(RIGHTS)}.")
    require(isinstance(title["price"], int) and title["price"] > 0, f"{slug}: the price must be whole and above 0.")
    require(0 < title.get("sale_price", 1) <= title["price"], f"{slug}: the sale price must lie below the price.")
    require(within(len(title["description"].strip().split("\n\n")), (2, 4)), f"{slug}: two to four paragraphs of description.")
    if not (HERE / "stories" / f"{slug}.txt").is_file():
        problems.append(f"{slug}: stories/{slug}.txt does not exist.")
        return 0
    check_story(slug, is_book)
    check_times(title, times)
    return check_recording(title, is_book)


def check_shelf(shop, categories):
    """What holds for all titles together."""
    titles = shop["titles"]
    slugs = [title["slug"] for title in titles]
    require(len(titles) == 13 and len(set(slugs)) == 13, "There must be thirteen titles, each with a slug of its own.")
    books = [title["slug"] for title in titles if title["duration_ms"] > 1000 * STORY_SECONDS[1]]
    require(len(books) == 1, f"There must be one long book, not {len(books)}: {', '.join(books)}.")
    for kind in (".mp3", ".opus"):
        count = sum(title["audio"].endswith(kind) for title in titles)
        require(count >= LEAST_OF_A_KIND, f"There must be at least {LEAST_OF_A_KIND} recordings in {kind}.")
    require(tuple(one["slug"] for one in categories) == CATEGORIES, f"categories.toml must list {', '.join(CATEGORIES)}.")
    for one in categories:
        words = one["keywords"]
        require(within(len(set(words)), (25, 40)) and len(set(words)) == len(words), f"{one['slug']}: 25 to 40 keywords, none twice.")
        first = any(title["categories"][0] == one["slug"] for title in titles)
        require(first, f"{one['slug']}: no title has it as its first category.")
    for reader in shop["narrators"]:
        require("synthetic voice" in reader["bio"], f"{reader['slug']}: the biography must say that the voice is synthetic.")
    for series in shop["series"]:
        orders = sorted(title["series_order"] for title in titles if title.get("series") == series["slug"])
        require(orders == list(range(1, len(orders) + 1)), f"{series['slug']}: the order must be 1, 2, 3 and so on.")
    audio = {title["audio"] for title in titles}
    made = {"stories": ".txt", "corrections": ".txt", "transcripts": ".json"}
    for folder, names in [("audio", audio)] + [(folder, {slug + end for slug in slugs}) for folder, end in made.items()]:
        for path in (HERE / folder).iterdir():
            require(path.name in names, f"{folder}/{path.name} belongs to no title.")


def main():
    shop, categories = load("catalogue.toml"), load("categories.toml")["categories"]
    times = json.loads((HERE / "times.json").read_text(encoding="utf-8"))
    known = {kind: {one["slug"] for one in shop[kind]} for kind in ("authors", "narrators", "series")}
    known["categories"] = set(CATEGORIES)

    check_shelf(shop, categories)
    total = sum(check_title(title, known, times) for title in shop["titles"])
    require(total <= TOTAL_BYTES, f"The recordings have {total} bytes together, more than {TOTAL_BYTES}.")

    for problem in problems:
        print(f"seed: {problem}", file=sys.stderr)
    if problems:
        return 1
    print(f"seed: {len(shop['titles'])} titles, {total / 1e6:.1f} MB of recordings, all as it should be.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
