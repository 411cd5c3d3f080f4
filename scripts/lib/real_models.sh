# shellcheck shell=bash
# Published models: where they are, and a natural voice that reads texts aloud.

real_models=${LECTERN_REAL_MODELS:-$HOME/.cache/lectern-real-models}

have_real_models() { [ -f "$real_models/ggml-base.bin" ] && [ -d "$real_models/librivox" ]; }
have_real_writer() { [ -f "$real_models/SmolLM2-135M-Instruct.Q4_1.gguf" ]; }

# narrate TEXT OUT.wav: about ten times faster than speech on one core.
narrate() {
    local voice=$real_models/work/venv/bin
    [ -x "$voice/piper" ] || quietly "$voice/pip" install --quiet --disable-pip-version-check piper-tts
    quietly bash -c '"$1/piper" -m "$2/en_US-joe-medium.onnx" -f "$3.part" --sentence-silence 0.35 <"$4" && mv "$3.part" "$3"' \
        narrate "$voice" "$real_models" "$2" "$1"
}

# The story that the tests of published models hear in a natural voice.
narrate_story() {
    local story=held-out-2
    [ -f "$real_models/narrated/$story.wav" ] && return
    mkdir -p "$real_models/narrated"
    narrate "engines/whisper/tests/stories/$story.txt" "$real_models/narrated/$story.wav"
}

# Twenty books of about two minutes: the beginnings of the sample shop's stories, and where the longer ones go on.
narrate_books() {
    local books=$real_models/narrated/books made=0 from story name
    mkdir -p "$books"
    for from in 1 261; do
        for story in seed/stories/*.txt; do
            [ "$made" -lt 20 ] || return 0
            name=$(basename "$story" .txt)-$from
            if [ ! -f "$books/$name.wav" ]; then
                # Whole sentences of some 260 words.
                tr '\n' ' ' <"$story" | awk -v from="$from" '{
                    for (i = from; i <= NF; i++) {
                        printf "%s ", $i
                        if (i >= from + 260 && $i ~ /[.!?]$/) exit
                    }
                }' >"$books/$name.txt"
                narrate "$books/$name.txt" "$books/$name.wav" || return 1
            fi
            made=$((made + 1))
        done
    done
}
