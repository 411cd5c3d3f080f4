#!/usr/bin/env bash
# Speaks every story of catalogue.toml and writes the recordings to audio/.
# Prints, for each title, its length and where its paragraphs start, in
# milliseconds: the numbers that catalogue.toml gives for chapters and samples.
#
#   seed/voice.sh            all titles
#   seed/voice.sh SLUG...    only these
#
# Debian: apt-get install espeak-ng lame opus-tools sox python3
set -euo pipefail
cd "$(dirname "$0")"

for program in espeak-ng lame opusenc sox soxi python3; do
    command -v "$program" >/dev/null || { echo "voice.sh: $program is not installed" >&2; exit 1; }
done

# One line a title: slug, file, title, authors, album, date, pace, pitch and the
# paragraphs that open a chapter, with an unprintable separator so that an empty
# field survives `read`.
titles() {
    python3 - "$@" <<'PYTHON'
import sys, tomllib

with open("catalogue.toml", "rb") as file:
    shop = tomllib.load(file)
people = {person["slug"]: person for person in shop["authors"] + shop["narrators"]}
series = {one["slug"]: one["name"] for one in shop["series"]}
for title in shop["titles"]:
    if sys.argv[1:] and title["slug"] not in sys.argv[1:]:
        continue
    reader = people[title["narrators"][0]]
    print(
        title["slug"],
        title["audio"],
        title["title"],
        ", ".join(people[slug]["name"] for slug in title["authors"]),
        series.get(title.get("series"), title["title"]),
        title["published"],
        reader["words_per_minute"],
        reader["pitch"],
        " ".join(str(chapter["first_paragraph"]) for chapter in title["chapters"]),
        sep="\x1f",
    )
PYTHON
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p audio

silence() { sox -D -n -r 22050 -c 1 -b 16 "$work/$1.wav" trim 0.0 "$2"; }
silence edge 0.3
silence paragraph 0.5
silence chapter 1.0

milliseconds() { echo $(($(soxi -s "$1") * 1000 / 22050)); }

while IFS=$'\x1f' read -r slug file title artist album date pace pitch chapters; do
    folder="$work/$slug"
    mkdir -p "$folder"
    awk -v folder="$folder" 'BEGIN { RS = "" } { printf "%s\n", $0 > sprintf("%s/%03d.txt", folder, NR - 1) }' "stories/$slug.txt"

    pieces=("$work/edge.wav")
    at=$(milliseconds "$work/edge.wav")
    starts=()
    number=0
    for text in "$folder"/*.txt; do
        if ((number > 0)); then
            pause=paragraph
            [[ " $chapters " == *" $number "* ]] && pause=chapter
            pieces+=("$work/$pause.wav")
            at=$((at + $(milliseconds "$work/$pause.wav")))
        fi
        spoken="${text%.txt}.wav"
        espeak-ng -v en-us -s "$pace" -p "$pitch" -f "$text" -w "$spoken.raw.wav"
        # espeak-ng pads what it says; the pauses should be exactly ours.
        sox -D "$spoken.raw.wav" "$spoken" silence 1 0.005 0.1% reverse silence 1 0.005 0.1% reverse
        pieces+=("$spoken")
        starts+=("$at")
        at=$((at + $(milliseconds "$spoken")))
        number=$((number + 1))
    done
    sox -D "${pieces[@]}" "$work/edge.wav" "$work/whole.wav"

    case "$file" in
        *.mp3)
            lame --silent -m m -b 40 -q 2 --add-id3v2 --tt "$title" --ta "$artist" --tl "$album" --ty "${date%%-*}" --tg Speech \
                "$work/whole.wav" "audio/$file"
            ;;
        *.opus)
            opusenc --quiet --speech --bitrate 32 --serial 1 --title "$title" --artist "$artist" --album "$album" --date "$date" \
                --genre Speech "$work/whole.wav" "audio/$file"
            ;;
        *)
            echo "voice.sh: $file: only .mp3 and .opus are known" >&2
            exit 1
            ;;
    esac
    echo "$slug $(milliseconds "$work/whole.wav") ${starts[*]}"
done < <(titles "$@")
