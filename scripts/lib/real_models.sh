# shellcheck shell=bash
# Published models: where they are, and a natural voice that reads texts aloud.

real_models=${LECTERN_REAL_MODELS:-$HOME/.cache/lectern-real-models}

have_real_models() { [ -f "$real_models/ggml-base.bin" ] && [ -d "$real_models/librivox" ]; }

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
