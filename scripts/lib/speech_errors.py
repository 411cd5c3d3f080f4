"""How well a recording was heard: speech_errors.py HEARD.json TEXT.txt [TRUTH.json].

The word error rate against the text that was read, words in lower case and without punctuation; and, where a truth with times
of words is given, how far the words' starts lie from it: for the words that both have.
"""

import difflib
import json
import re
import sys


def words_of(text):
    text = text.lower().replace("’", "'").replace("-", " ")
    return [word for word in re.sub(r"[^\w' ]", " ", text).replace("_", " ").split() if word.strip("'")]


def error_rate(spoken, heard):
    row = list(range(len(heard) + 1))
    for i, wanted in enumerate(spoken):
        diagonal, row[0] = row[0], i + 1
        for j, got in enumerate(heard):
            substituted = diagonal + (wanted != got)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
    return row[-1] / max(1, len(spoken))


def timed(report):
    words = report.get("words") or [word for segment in report.get("segments", []) for word in segment["words"]]
    return [("".join(words_of(word["text"])), word["start_ms"]) for word in words if words_of(word["text"])]


def compared(heard, truth):
    """How far the starts of words lie from those of the same words in the truth; nothing where no word is in both."""
    ours, truth = timed(heard), timed(truth)
    matcher = difflib.SequenceMatcher(None, [word for word, _ in ours], [word for word, _ in truth], autojunk=False)
    off = [ours[block.a + i][1] - truth[block.b + i][1] for block in matcher.get_matching_blocks() for i in range(block.size)]
    if not off:
        return {}
    distances = sorted(map(abs, off))
    return {
        "words_compared": len(off),
        "median_ms": distances[len(off) // 2],
        "within_50_ms": round(sum(d <= 50 for d in distances) / len(off), 3),
        "within_100_ms": round(sum(d <= 100 for d in distances) / len(off), 3),
        "p95_ms": distances[int(len(off) * 0.95)],
        "worst_ms": distances[-1],
        "lean_ms": sorted(off)[len(off) // 2],
    }


def main():
    heard = json.load(open(sys.argv[1]))
    spoken = words_of(open(sys.argv[2]).read())
    answer = {"word_error_rate": round(error_rate(spoken, words_of(heard["text"])), 4)}
    if len(sys.argv) > 3:
        answer |= compared(heard, json.load(open(sys.argv[3])))
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
