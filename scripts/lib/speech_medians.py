"""One line of figures for a program: speech_medians.py NAME TEXT RUN.json..."""

import json
import statistics
import sys

from speech_errors import error_rate, words_of

name, text, runs = sys.argv[1], open(sys.argv[2]).read(), [json.load(open(path)) for path in sys.argv[3:]]
sound = next((run["sound_s"] for run in runs if "sound_s" in run), None)


def median(key):
    return statistics.median(run[key] for run in runs)


heard = median("heard_s")
errors = error_rate(words_of(text), words_of(runs[0]["text"]))
sound_text = f"{sound:8.0f}" if sound else " " * 8
swiftness = f"{sound / heard:11.1f}" if sound else " " * 11
print(
    f"  {name:<24} {sound_text} {heard:8.1f}  {swiftness}  {median('processor_s'):11.1f}  {median('memory_mib'):10.0f}"
    f"  {100 * errors:9.1f} %"
)
