#!/usr/bin/env python3
"""Proofreads what the pipeline heard against what is written, as an admin does in the editor: the words become those of
stories/, cut into its sentences; each keeps the time at which it was heard.

    seed/proofread.py HEARD            HEARD has SLUG.json for each title, as `lectern seed --record` wrote it
    seed/proofread.py HEARD SLUG...    only these
    seed/proofread.py --read SLUG      without an ear: sentences take the times at which voice.py read them

Writes transcripts/SLUG.json and corrections/SLUG.txt, and prints the word error rate before and after. Where as many words
were heard as are written, each takes the time of its counterpart; elsewhere the time between two words that were heard
right is shared out by length. Needs Python 3.11 and, for the error rates, jiwer (PyPI, 4).
"""

import hashlib
import json
import re
import sys
import tomllib
from pathlib import Path

from prose import HERE, paragraphs

BAND = 200  # words that what was heard may run ahead of what is written, or behind
SPELLINGS = {"harbour": "harbor", "grey": "gray", "colour": "color", "mr": "mister", "mrs": "missus", "ok": "okay"}
UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS = {str(n): word for n, word in enumerate(UNITS.split())} | {str(n): word for n, word in zip(range(20, 100, 10), TENS.split())}


def plain(word):
    """A word as it is compared: letters and digits, American spelling, small numbers in letters."""
    bare = re.sub(r"[^a-z0-9]", "", word.lower())
    return SPELLINGS.get(bare, NUMBERS.get(bare, bare))


def written_words(slug):
    """The sentences of a story as lists of words; a dash belongs to the word before it."""
    glued = lambda sentence: re.sub(r" \N{EN DASH} ", "\N{NO-BREAK SPACE}\N{EN DASH} ", sentence)
    split = lambda sentence: [word.replace("\N{NO-BREAK SPACE}", " ") for word in glued(sentence).split(" ")]
    return [split(sentence) for paragraph in paragraphs(slug) for sentence in paragraph]


def aligned(written, heard):
    """Pairs (i, j) of the places at which both say the same, by the least number of changes (Levenshtein, in a band)."""
    slope = len(heard) / max(1, len(written))
    reach = lambda i: (max(0, int(i * slope) - BAND), min(len(heard), int(i * slope) + BAND))
    far = len(written) + len(heard)
    low, high = reach(0)
    row, steps = {j: j for j in range(low, high + 1)}, []
    for i in range(1, len(written) + 1):
        low, high = reach(i)
        above, row, step = row, {}, {}
        for j in range(low, high + 1):
            same = j > 0 and written[i - 1] == heard[j - 1]
            ways = (
                (above.get(j - 1, far) + (0 if same else 1), 0),
                (above.get(j, far) + 1, 1),
                (row.get(j - 1, far) + 1, 2),
            )
            row[j], step[j] = min(ways)
        steps.append(step)
    pairs, i, j = [], len(written), len(heard)
    while i and j:
        way = steps[i - 1][j]
        if way == 0 and written[i - 1] == heard[j - 1]:
            pairs.append((i - 1, j - 1))
        i, j = i - (way != 2), j - (way != 1)
    return pairs[::-1]


def shared_out(words, start, end, confidence):
    """Times for words between two moments, by their length."""
    letters, done, timed = sum(len(word) + 1 for word in words), 0, []
    for word in words:
        begin = start + (end - start) * done // letters
        done += len(word) + 1
        timed.append({"s": begin, "e": start + (end - start) * done // letters, "t": word, "c": confidence})
    return timed


def proofread(written, heard, length):
    """The written words with times, and the corrections as (moment, heard, written)."""
    pairs = aligned([plain(word) for word in written], [plain(word["t"]) for word in heard])
    timed, corrections, i, j = [], [], 0, 0
    for next_i, next_j in [*pairs, (len(written), len(heard))]:
        if (next_i, next_j) != (i, j):
            ours, theirs = written[i:next_i], heard[j:next_j]
            before = timed[-1]["e"] if timed else 0
            after = heard[next_j]["s"] if next_j < len(heard) else length
            corrections.append((theirs[0]["s"] if theirs else before, [word["t"] for word in theirs], ours))
            if len(ours) == len(theirs):
                timed += [dict(word, t=text) for word, text in zip(theirs, ours)]
            else:
                sure = sum(word["c"] for word in theirs) / len(theirs) if theirs else 0.5
                timed += shared_out(ours, theirs[0]["s"] if theirs else before, theirs[-1]["e"] if theirs else after, sure)
        if next_i < len(written):
            timed.append(dict(heard[next_j], t=written[next_i]))
        i, j = next_i + 1, next_j + 1
    return timed, corrections


def in_sentences(sentences, timed):
    """The sentences as segments of a transcript."""
    segments, place = [], 0
    for sentence in sentences:
        words = timed[place : place + len(sentence)]
        place += len(sentence)
        sure = round(sum(word["c"] for word in words) / len(words), 4)
        segments.append({"start_ms": words[0]["s"], "end_ms": words[-1]["e"], "text": " ".join(sentence), "confidence": sure, "words": words})
    return segments


def as_read(slug):
    """A transcript without an ear: each sentence from where voice.py began to read it, its time shared out by length."""
    title = next(title for title in tomllib.loads((HERE / "catalogue.toml").read_text(encoding="utf-8"))["titles"] if title["slug"] == slug)
    times = json.loads((HERE / "times.json").read_text(encoding="utf-8"))[slug]
    starts = [start for paragraph in times["sentences_ms"] for start in paragraph]
    openings = {paragraph[0] for paragraph in times["sentences_ms"]}
    chapters = {chapter["start_ms"] + 500 for chapter in title["chapters"]}
    # The pauses of voice.py before a sentence, a paragraph and a chapter.
    pause = lambda start: 1600 if start in chapters else 700 if start in openings else 350
    ends = [start - pause(start) for start in starts[1:]] + [times["duration_ms"] - 400]
    sentences = written_words(slug)
    timed = [word for sentence, start, end in zip(sentences, starts, ends) for word in shared_out(sentence, start, end, 1.0)]
    by = {"provider": "read by voice.py", "model": None, "coverage_permille": 1000, "output": {"demonstration": False, "silent": False}}
    nobody = {"provider": None, "model": None, "coverage_permille": None, "output": {"demonstration": False, "silent": False}}
    sha256 = hashlib.sha256((HERE / "audio" / title["audio"]).read_bytes()).hexdigest()
    return {"audio_sha256": sha256, "transcribed": by, "described": nobody, "segments": in_sentences(sentences, timed)}


def write(slug, produced):
    text = json.dumps(produced, ensure_ascii=False, separators=(",", ":"))
    (HERE / "transcripts" / f"{slug}.json").write_text(text + "\n", encoding="utf-8")


def error_rate(written, heard):
    """Word error rate by jiwer, of words as `plain` compares them; hyphens and dashes part words."""
    import jiwer

    spoken = lambda text: " ".join(filter(None, map(plain, re.sub(r"[-\N{EN DASH}]", " ", text).split())))
    return jiwer.wer(spoken(written), spoken(heard))


def clock(ms):
    return f"{ms // 60_000}:{ms // 1000 % 60:02}"


def main(folder, wanted):
    rates = []
    for path in sorted(Path(folder).glob("*.json")):
        slug = path.stem
        if wanted and slug not in wanted:
            continue
        produced, sentences = json.loads(path.read_text(encoding="utf-8")), written_words(slug)
        heard = [word for segment in produced["segments"] for word in segment["words"]]
        length = json.loads((HERE / "times.json").read_text())[slug]["duration_ms"]
        timed, corrections = proofread([word for sentence in sentences for word in sentence], heard, length)
        words = lambda parts: " ".join(part["t"] for part in parts)
        text = " ".join(" ".join(sentence) for sentence in sentences)
        before, after = error_rate(text, words(heard)), error_rate(text, words(timed))
        rates.append((slug, len(text.split()), before, after))
        produced["segments"] = in_sentences(sentences, timed)
        write(slug, produced)
        lines = [f"{clock(at)}\t{' '.join(theirs)}\t{' '.join(ours)}" for at, theirs, ours in corrections]
        (HERE / "corrections" / f"{slug}.txt").write_text("".join(f"{line}\n" for line in ["at\theard\twritten", *lines]), encoding="utf-8")
    for slug, count, before, after in rates:
        print(f"{slug:32} {count:6} words  {before:6.2%} -> {after:.2%}")
    total = sum(count for _, count, _, _ in rates)
    mean = [sum(rate[place] * rate[1] for rate in rates) / total for place in (2, 3)]
    print(f"{'all':32} {total:6} words  {mean[0]:6.2%} -> {mean[1]:.2%}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for name in ("transcripts", "corrections"):
        (HERE / name).mkdir(exist_ok=True)
    if sys.argv[1] == "--read":
        for name in sys.argv[2:]:
            write(name, as_read(name))
    else:
        main(sys.argv[1], set(sys.argv[2:]))
