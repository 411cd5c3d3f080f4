#!/usr/bin/env python3
"""Lets the shop's speech engine hear the recordings, without a shop around it.

    seed/hear.py lectern-whisper MODEL.bin HEARD            all titles that are not in HEARD yet
    seed/hear.py lectern-whisper MODEL.bin HEARD SLUG...    only these

Writes HEARD/SLUG.json in the form of `lectern seed --record`, for proofread.py. Several may run side by side: each takes
what no other has begun. The engine is spoken to as the workers do (engines/protocol); a chunk is at most 29 s and ends
before a sentence begins, by times.json. Needs Python 3.11 and ffmpeg.
"""

import array
import hashlib
import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from prose import HERE

RATE = 16_000
LONGEST = 29_000  # of a chunk, in milliseconds: published models hear 30 s at once
BEFORE = 120  # milliseconds before a sentence, where there is silence


class Engine:
    """A running lectern-whisper with its model."""

    def __init__(self, program, model):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.library, self.model, self.asked = self.answer()["library"], Path(model).name, 0
        self.ask("load", model_path=str(Path(model).resolve()))

    def answer(self):
        while line := self.process.stdout.readline():
            event = json.loads(line)
            if event["type"] != "progress":
                return event
        sys.exit("hear.py: the engine ended; what it said stands above")

    def ask(self, kind, **request):
        self.asked += 1
        self.process.stdin.write(json.dumps({"type": kind, "id": self.asked, **request}) + "\n")
        self.process.stdin.flush()
        answer = self.answer()
        if answer["type"] == "failed":
            sys.exit(f"hear.py: {answer}")
        return answer


def chunks(starts, length, samples):
    """Where to cut, in milliseconds: as late as fits, before a sentence; within a sentence of half a minute where it is
    quietest."""
    cuts = [0]
    while length - cuts[-1] > LONGEST:
        first, last = cuts[-1] + 6_000, cuts[-1] + LONGEST
        fitting = [start - BEFORE for start in starts if first < start - BEFORE <= last]
        cuts.append(fitting[-1] if fitting else quietest(samples, first + 6_000, last))
    return list(zip(cuts, [*cuts[1:], length]))


def quietest(samples, first, last):
    """The moment between two with the least sound around it."""
    around = lambda at: samples[(at - 60) * RATE // 1000 : (at + 60) * RATE // 1000]
    return min(range(first, last, 20), key=lambda at: sum(value * value for value in around(at)))


def heard(engine, recording, times):
    """The segments that the engine hears in a recording, on the recording's own time."""
    with tempfile.NamedTemporaryFile(suffix=".pcm") as pcm:
        decode = ["ffmpeg", "-v", "error", "-y", "-i", recording, "-f", "s16le", "-ac", "1", "-ar", str(RATE), pcm.name]
        subprocess.run(decode, check=True)
        samples = array.array("h", Path(pcm.name).read_bytes())
        length = len(samples) * 1000 // RATE
        starts = [start for paragraph in times["sentences_ms"] for start in paragraph]
        segments = []
        for start, end in chunks(starts, length, samples):
            span = {"offset_samples": start * RATE // 1000, "sample_count": (end - start) * RATE // 1000}
            at = lambda ms: min(length, start + ms)
            for one in engine.ask("transcribe", pcm_path=pcm.name, language="en", **span)["segments"]:
                words = [{"s": at(word["start_ms"]), "e": at(word["end_ms"]), "t": word["text"], "c": round(word["confidence"], 4)} for word in one["words"]]
                segments.append({"start_ms": at(one["start_ms"]), "end_ms": at(one["end_ms"]), "text": one["text"], "confidence": round(one["confidence"], 4), "words": words})
        return segments


def main(program, model, folder, *wanted):
    engine, folder = Engine(program, model), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    all_times = json.loads((HERE / "times.json").read_text(encoding="utf-8"))
    for title in tomllib.loads((HERE / "catalogue.toml").read_text(encoding="utf-8"))["titles"]:
        slug, begun = title["slug"], folder / f"{title['slug']}.begun"
        if (wanted and slug not in wanted) or (folder / f"{slug}.json").exists():
            continue
        try:
            begun.touch(exist_ok=False)
        except FileExistsError:
            continue
        recording = HERE / "audio" / title["audio"]
        segments = heard(engine, recording, all_times[slug])
        by = lambda **who: {"provider": None, "model": None, "coverage_permille": None, "output": {"demonstration": False, "silent": False}, **who}
        produced = {
            "audio_sha256": hashlib.sha256(recording.read_bytes()).hexdigest(),
            "transcribed": by(provider=engine.library, model=engine.model, coverage_permille=1000),
            "described": by(),
            "segments": segments,
        }
        (folder / f"{slug}.json").write_text(json.dumps(produced, ensure_ascii=False) + "\n", encoding="utf-8")
        begun.unlink()
        print(slug, f"{sum(len(one['words']) for one in segments)} words", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
