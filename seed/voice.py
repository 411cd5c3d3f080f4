#!/usr/bin/env python3
"""Reads the stories of catalogue.toml aloud and writes the recordings to audio/, what was measured to times.json, and the
lengths, samples and chapter starts that follow from it into catalogue.toml.

    seed/voice.py VOICE.onnx            all titles
    seed/voice.py VOICE.onnx SLUG...    only these
    seed/voice.py --measured            no reading: only catalogue.toml anew, after a sample or a chapter was moved

Needs ffmpeg (Debian) and piper-tts (PyPI, 1.8), and a Piper voice with its .json beside it. README.md says which one the
shop uses. The voice is never twice the same: a story that is read again needs its transcript made again.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
import wave
from pathlib import Path

from prose import HERE, paragraphs

CATALOGUE, TIMES = HERE / "catalogue.toml", HERE / "times.json"

# Seconds of silence.
EDGE, CLAUSE, SENTENCE, PARAGRAPH, CHAPTER = 0.4, 0.2, 0.35, 0.7, 1.6

LONG = 180  # letters, from which a sentence is read in its clauses: the voice loses its breath otherwise
TRIM = 0.004  # of full scale: quieter edges of what was spoken are not sound


def shop():
    """The catalogue."""
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


def clauses(sentence):
    """What is spoken in one breath."""
    spoken = sentence.replace(" \N{EN DASH} ", ", ")
    return re.split(r"(?<=[;:])\s+", spoken) if len(spoken) > LONG else [spoken]


class Reader:
    """One narrator at one pace, writing 16-bit mono to an open WAV file."""

    def __init__(self, voice, pace, out):
        from piper import SynthesisConfig

        self.voice, self.out = voice, out
        self.rate = voice.config.sample_rate
        self.manner = SynthesisConfig(length_scale=pace, volume=0.85)
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(self.rate)
        self.samples = 0

    def ms(self):
        """How much has been read, in milliseconds."""
        return self.samples * 1000 // self.rate

    def pause(self, seconds):
        self.write(bytes(2 * int(seconds * self.rate)))

    def write(self, pcm):
        self.out.writeframes(pcm)
        self.samples += len(pcm) // 2

    def read(self, sentence):
        """Speaks a sentence, without silence at either end."""
        first = True
        for clause in clauses(sentence):
            for chunk in self.voice.synthesize(clause, self.manner):
                if not first:
                    self.pause(CLAUSE)
                first = False
                sound = chunk.audio_float_array
                heard = (abs(sound) > TRIM).nonzero()[0]
                self.write(chunk.audio_int16_array[heard[0] : heard[-1] + 1].tobytes() if len(heard) else b"")


def load(model):
    """The voice, in one thread that never spins: beside other work, more of them only heat the machine."""
    import onnxruntime
    from piper import PiperVoice

    voice, options = PiperVoice.load(model), onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    voice.session = onnxruntime.InferenceSession(model, sess_options=options, providers=["CPUExecutionProvider"])
    return voice


def narrate(voice, title, pace, wav):
    """Reads a whole title; gives back its length and where each sentence starts, by paragraph, in milliseconds."""
    openings = {chapter["first_paragraph"] for chapter in title["chapters"]}
    with wave.open(str(wav), "wb") as out:
        reader, starts = Reader(voice, pace, out), []
        reader.pause(EDGE)
        for number, paragraph in enumerate(paragraphs(title["slug"])):
            if number:
                reader.pause(CHAPTER if number in openings else PARAGRAPH)
            starts.append([])
            for place, sentence in enumerate(paragraph):
                if place:
                    reader.pause(SENTENCE)
                starts[-1].append(reader.ms())
                reader.read(sentence)
        reader.pause(EDGE)
        return {"duration_ms": reader.ms(), "sentences_ms": starts}


def chapter_starts(title, times):
    """Where the chapters start: the first with the recording, the others half a second before their first word."""
    first = [chapter["first_paragraph"] for chapter in title["chapters"]]
    return [0] + [times["sentences_ms"][number][0] - 500 for number in first[1:]]


def sample_range(title, times):
    """From a breath before the sample's first sentence to the pause behind its last one."""
    starts = [start for paragraph in times["sentences_ms"] for start in paragraph] + [times["duration_ms"] - 50]
    first, last = title["sample"]["sentences"]
    return max(0, starts[first] - 200), starts[last + 1] - 150


def encode(shelf, title, times, wav):
    """Writes the recording with its tags and chapters."""
    people = {person["slug"]: person["name"] for person in shelf["authors"] + shelf["narrators"]}
    series = {one["slug"]: one["name"] for one in shelf["series"]}
    tags = {
        "title": title["title"],
        "artist": ", ".join(people[slug] for slug in title["authors"]),
        "composer": ", ".join(people[slug] for slug in title["narrators"]),
        "album": series.get(title.get("series"), title["title"]),
        "date": title["published"],
        "genre": "Audiobook",
    }
    lines = [";FFMETADATA1"] + [f"{key}={value}" for key, value in tags.items()]
    starts = chapter_starts(title, times)
    for chapter, start, end in zip(title["chapters"], starts, starts[1:] + [times["duration_ms"]]):
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={start}", f"END={end}", f"title={chapter['title']}"]
    marks = wav.with_suffix(".ffmeta")
    marks.write_text("\n".join(lines) + "\n", encoding="utf-8")
    mp3 = ["-c:a", "libmp3lame", "-b:a", "32k", "-id3v2_version", "4"]
    opus = ["-c:a", "libopus", "-b:a", f"{title.get('kbit', 24)}k", "-application", "voip", "-frame_duration", "60"]
    command = ["ffmpeg", "-v", "error", "-y", "-i", wav, "-i", marks, "-map", "0:a", "-map_metadata", "1", "-map_chapters", "1"]
    command += mp3 if title["audio"].endswith(".mp3") else opus
    subprocess.run([*command, "-ac", "1", "-fflags", "+bitexact", HERE / "audio" / title["audio"]], check=True)


def write_measures(all_times):
    """Puts what was measured into the catalogue, which is otherwise left as it is written."""
    shelf, blocks = shop(), CATALOGUE.read_text(encoding="utf-8").split("[[titles]]\n")
    for place, title in enumerate(shelf["titles"], start=1):
        times = all_times.get(title["slug"])
        if times is None:
            continue
        start, end = sample_range(title, times)
        block = re.sub(r"(?m)^duration_ms = .*$", f"duration_ms = {times['duration_ms']}", blocks[place])
        measured = f"sample = {{ sentences = {title['sample']['sentences']}, start_ms = {start}, end_ms = {end} }}"
        block = re.sub(r"(?m)^sample = .*$", measured, block)
        marks = iter(chapter_starts(title, times))
        blocks[place] = re.sub(r"(first_paragraph = \d+), start_ms = \d+", lambda found: f"{found[1]}, start_ms = {next(marks)}", block)
    CATALOGUE.write_text("[[titles]]\n".join(blocks), encoding="utf-8")


def main(arguments):
    all_times = json.loads(TIMES.read_text()) if TIMES.exists() else {}
    if arguments[:1] != ["--measured"]:
        voice, wanted, shelf = load(arguments[0]), set(arguments[1:]), shop()
        pace = {reader["slug"]: reader["pace"] for reader in shelf["narrators"]}
        (HERE / "audio").mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            wav = Path(folder) / "whole.wav"
            for title in shelf["titles"]:
                if wanted and title["slug"] not in wanted:
                    continue
                times = narrate(voice, title, pace[title["narrators"][0]], wav)
                all_times[title["slug"]] = times
                encode(shelf, title, times, wav)
                TIMES.write_text(json.dumps(dict(sorted(all_times.items())), indent=None) + "\n")
                print(title["slug"], f"{times['duration_ms'] / 60_000:.2f} min", flush=True)
    write_measures(all_times)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
