"""One recording heard by another program with the same weights, as one line of JSON: speech_peer.py PEER RECORDING MODEL THREADS.

PEER is faster-whisper (int8, batches of 8; MODEL is a folder of CTranslate2), faster-whisper-words (the same with times of
words) or whisper.cpp (its own loop, through pywhispercpp; MODEL is its file). The time is that of hearing, without loading.
"""

import json
import resource
import sys
import time


def faster_whisper(recording, model, threads, words):
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    loaded = WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=threads)
    pipeline = BatchedInferencePipeline(loaded)
    started = time.monotonic()
    segments, _ = pipeline.transcribe(recording, batch_size=8, language="en", word_timestamps=words)
    segments = list(segments)
    heard = time.monotonic() - started
    times = [
        {"text": word.word.strip(), "start_ms": round(word.start * 1000), "end_ms": round(word.end * 1000)}
        for segment in segments
        for word in segment.words or []
    ]
    return heard, " ".join(segment.text.strip() for segment in segments), times


def whisper_cpp(recording, model, threads):
    from faster_whisper.audio import decode_audio
    from pywhispercpp.model import Model

    loaded = Model(model, n_threads=threads, print_progress=False, print_realtime=False, language="en")
    sound = decode_audio(recording, sampling_rate=16000)
    started = time.monotonic()
    segments = loaded.transcribe(sound)
    heard = time.monotonic() - started
    return heard, " ".join(segment.text.strip() for segment in segments), []


def main():
    peer, recording, model, threads = sys.argv[1:5]
    if peer == "whisper.cpp":
        heard, text, times = whisper_cpp(recording, model, int(threads))
    else:
        heard, text, times = faster_whisper(recording, model, int(threads), peer.endswith("-words"))
    memory = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "heard_s": heard,
                "processor_s": memory.ru_utime + memory.ru_stime,
                "memory_mib": memory.ru_maxrss // 1024,
                "text": text,
                "words": times,
            }
        )
    )


if __name__ == "__main__":
    main()
