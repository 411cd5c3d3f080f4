"""The tables of scripts/bench-pipeline in Markdown: speech_table.py FOLDER CORES TEXT DATE.

FOLDER holds NAME.RUN.json of each run, truth.json with faster-whisper's times of words, and levers: a line for each with its name,
a tab and what it is. `speech_table.py --write TABLE DOCUMENT` puts them into a document between its two marks.
"""

import json
import re
import statistics
import sys
from pathlib import Path

from speech_errors import compared, error_rate, words_of

BEGIN, END = "<!-- scripts/bench-pipeline --write: begin -->", "<!-- scripts/bench-pipeline --write: end -->"


def row(name, what, folder, text, truth):
    found = [path for path in folder.glob("*.json") if re.fullmatch(re.escape(name) + r"\.\d+\.json", path.name)]
    if not found:
        return None
    runs = [json.loads(path.read_text()) for path in sorted(found)]

    def median(key):
        return statistics.median(run[key] for run in runs)

    errors = error_rate(words_of(text), words_of(runs[0]["text"]))
    off = compared(runs[0], truth)
    near = f"{100 * off['within_100_ms']:.0f} %, {off['lean_ms']:+d} ms" if off else ""
    return (
        f"| {what} | {median('heard_s'):.1f} | {median('processor_s'):.1f} | {median('memory_mib'):.0f}"
        f" | {100 * errors:.1f} % | {near} |"
    )


def tables(folder, cores, text, date):
    folder, text = Path(folder), Path(text).read_text()
    truth = json.loads((folder / "truth.json").read_text())
    ours = json.loads((folder / f"lectern-{cores}.1.json").read_text())
    head = "| {} | heard s | processor s | memory MiB | word errors | words within 100 ms, half of them later than |"
    rule = "| --- | --- | --- | --- | --- | --- |"
    print(f"{ours['sound_s']:.0f} seconds, {date}, {cores} cores, medians.\n")
    print(head.format("base weights"), rule, sep="\n")
    threads = ["1"] if cores == "1" else ["1", cores]
    for count in threads:
        for name in ["lectern", "faster-whisper", "whisper.cpp"]:
            what = f"{name}, {count} thread{'' if count == '1' else 's'}"
            print(row(f"{name}-{count}", what, folder, text, truth if name == "lectern" else {}) or f"| {what} | | | | | |")
    levers = [line.split("\t") for line in (folder / "levers").read_text().splitlines()]
    if levers:
        print("", head.format(f"Lectern with {cores} threads, and what is switched"), rule, sep="\n")
        print(row(f"lectern-{cores}", "nothing: as it is shipped", folder, text, truth))
        for name, what in levers:
            print(row(name, f"`{name}`: {what}", folder, text, truth))


def write(table, document):
    document = Path(document)
    before, rest = document.read_text().split(BEGIN)
    _, after = rest.split(END)
    document.write_text(f"{before}{BEGIN}\n{Path(table).read_text()}{END}{after}")


if __name__ == "__main__":
    if sys.argv[1] == "--write":
        write(*sys.argv[2:4])
    else:
        tables(*sys.argv[1:5])
