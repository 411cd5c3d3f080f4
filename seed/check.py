#!/usr/bin/env python3
"""Holds the seed to its rules. Says what is wrong, one sentence a line, and exits with 1.

    python3 seed/check.py

Needs Python 3.11 (tomllib) and nothing else.
"""

import re
import struct
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
VOCABULARY = HERE.parent / "models" / "demo" / "vocabulary.txt"

SECONDS = (60, 150)  # of one recording
SAMPLE_SECONDS = (20, 40)
CHAPTERS = (2, 4)
TOTAL_BYTES = 6_000_000  # all recordings together
SENTENCE_WORDS = 32  # about 9.6 s at 155 words a minute, even with no comma: one window of the speech model
MP3_BYTES_PER_SECOND = 40_000 // 8
CATEGORIES = ("adventure", "mystery", "science-fiction", "fantasy", "nature", "food", "business", "family-life")
RIGHTS = ("none", "read-along", "download")

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


def seconds_of(path):
    """Length of a recording: a constant-rate MP3 by its size, an Ogg/Opus file by its last page (RFC 7845, 4)."""
    data = path.read_bytes()
    if path.suffix == ".mp3":
        require(data.startswith(b"ID3"), f"{path.name} has no ID3 tag.")
        return len(data) / MP3_BYTES_PER_SECOND
    require(data.startswith(b"OggS") and b"OpusTags" in data[:400], f"{path.name} is not a tagged Ogg/Opus file.")
    head, last = data.find(b"OpusHead"), data.rfind(b"OggS")
    pre_skip = struct.unpack_from("<H", data, head + 10)[0]
    return (struct.unpack_from("<q", data, last + 6)[0] - pre_skip) / 48_000


def check_story(slug, text, vocabulary):
    """Words, punctuation and sentence length; gives back the number of paragraphs."""
    require(re.fullmatch(r"[A-Za-z,.\s]+", text), f"{slug}: only letters, commas and full stops can be spoken and heard.")
    unknown = sorted({word.lower() for word in re.findall(r"[A-Za-z]+", text)} - vocabulary)
    require(not unknown, f"{slug}: not in the vocabulary: {', '.join(unknown)}.")
    for sentence in re.split(r"\.\s+", text):
        words = len(sentence.split())
        require(words <= SENTENCE_WORDS, f"{slug}: a sentence has {words} words: \"{sentence[:40]}...\".")
    return len(re.split(r"\n\s*\n", text.strip()))


def check_times(title, paragraphs):
    """Chapters and sample lie inside the recording, in order."""
    slug, length, chapters, sample = title["slug"], title["duration_ms"], title["chapters"], title["sample"]
    require(within(len(chapters), CHAPTERS), f"{slug}: {len(chapters)} chapters, expected {CHAPTERS[0]} to {CHAPTERS[1]}.")
    for key, end in (("first_paragraph", paragraphs), ("start_ms", length)):
        values = [chapter[key] for chapter in chapters]
        in_order = values[0] == 0 and values == sorted(set(values)) and values[-1] < end
        require(in_order, f"{slug}: {key} of the chapters must begin at 0, rise, and stay below {end}.")
    require(0 <= sample["start_ms"] < sample["end_ms"] <= length, f"{slug}: the sample lies outside the recording.")
    span = (sample["end_ms"] - sample["start_ms"]) / 1000
    require(within(span, SAMPLE_SECONDS), f"{slug}: the sample is {span:.1f} s long.")


def check_recording(title):
    """The file exists and is as long as the catalogue says; gives back its size in bytes."""
    path = HERE / "audio" / title["audio"]
    if not path.is_file():
        problems.append(f"{title['slug']}: audio/{title['audio']} does not exist.")
        return 0
    length = seconds_of(path)
    require(within(length, SECONDS), f"{title['slug']}: {length:.0f} s long, expected {SECONDS[0]} to {SECONDS[1]}.")
    said = title["duration_ms"] / 1000
    require(abs(length - said) < 1, f"{title['slug']}: the catalogue says {said:.1f} s, the file has {length:.1f} s.")
    return path.stat().st_size


def check_title(title, known, vocabulary):
    """One title, whole; gives back the size of its recording in bytes."""
    slug = title["slug"]
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

    story = HERE / "stories" / f"{slug}.txt"
    if story.is_file():
        check_times(title, check_story(slug, story.read_text(encoding="ascii"), vocabulary))
    else:
        problems.append(f"{slug}: stories/{slug}.txt does not exist.")
    return check_recording(title)


def check_shelf(shop, categories):
    """What holds for all titles together."""
    titles = shop["titles"]
    slugs = [title["slug"] for title in titles]
    require(len(titles) == 12 and len(set(slugs)) == 12, "There must be twelve titles, each with a slug of its own.")
    require(tuple(one["slug"] for one in categories) == CATEGORIES, f"categories.toml must list {', '.join(CATEGORIES)}.")
    for one in categories:
        words = one["keywords"]
        require(within(len(set(words)), (25, 40)) and len(set(words)) == len(words), f"{one['slug']}: 25 to 40 keywords, none twice.")
        first = any(title["categories"][0] == one["slug"] for title in titles)
        require(first, f"{one['slug']}: no title has it as its first category.")
    for series in shop["series"]:
        orders = sorted(title["series_order"] for title in titles if title.get("series") == series["slug"])
        require(orders == list(range(1, len(orders) + 1)), f"{series['slug']}: the order must be 1, 2, 3 and so on.")
    for folder, names in (("stories", {f"{slug}.txt" for slug in slugs}), ("audio", {title["audio"] for title in titles})):
        for path in (HERE / folder).iterdir():
            require(path.name in names, f"{folder}/{path.name} belongs to no title.")


def main():
    vocabulary = set(VOCABULARY.read_text(encoding="ascii").lower().split())
    shop, categories = load("catalogue.toml"), load("categories.toml")["categories"]
    known = {kind: {one["slug"] for one in shop[kind]} for kind in ("authors", "narrators", "series")}
    known["categories"] = set(CATEGORIES)

    check_shelf(shop, categories)
    total = sum(check_title(title, known, vocabulary) for title in shop["titles"])
    require(total <= TOTAL_BYTES, f"The recordings have {total} bytes together, more than {TOTAL_BYTES}.")

    for problem in problems:
        print(f"seed: {problem}", file=sys.stderr)
    if problems:
        return 1
    print(f"seed: {len(shop['titles'])} titles, {total / 1e6:.1f} MB of recordings, all as it should be.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
