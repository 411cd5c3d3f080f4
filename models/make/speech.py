"""Sentences from the vocabulary, spoken by espeak-ng: python speech.py random|long|plain SEED COUNT OUT.

Writes a pickle of (tokens, 16 kHz int16 samples, espeak phonemes). Silence at both ends is cut off.
"""

import pickle, random, subprocess, sys
from concurrent.futures import ThreadPoolExecutor
import numpy as np
import stories

lines = open("../demo/vocabulary.txt").read().split("\n")
words = sorted(set(" ".join(lines).split()))
function_words = " ".join(lines[:3]).split()
known = set(words) | {w.lower() for w in words}


def random_sentence(low, high):
    n, out = random.randint(low, high), []
    for i in range(n):
        out.append(random.choice(function_words) if random.random() < 0.28 else random.choice(words))
        if 1 <= i < n - 2 and random.random() < 0.12:
            out.append(",")
    return out + ["."]


DETERMINERS = [
    "the",
    "a",
    "his",
    "her",
    "my",
    "your",
    "our",
    "their",
    "this",
    "that",
    "one",
    "no",
    "every",
    "the",
    "the",
    "a",
]
PREPOSITIONS = [
    w
    for w in (
        "of to in on at by for with from into over under after before between through across against around "
        "behind beside beyond near without within along toward upon about above below inside outside"
    ).split()
    if w in known
]
PRONOUNS = ["he", "she", "it", "they", "we", "i", "you"]
AUXILIARIES = ["was", "is", "had", "would", "could", "did not", "has", "were", "will", "must", "can"]
NOUNS = [w for topic in stories.T.values() for kind in "plt" for w in topic[kind]]
VERBS = [w for topic in stories.T.values() for w in topic["v"]] + random.Random(0).sample(words, 150)


def plain_sentence():
    r = random.choice
    noun = (
        lambda: r(DETERMINERS)
        + " "
        + (r(stories.adj) + " " if random.random() < 0.3 else "")
        + (r(NOUNS) if random.random() < 0.6 else r(words))
    )
    where = lambda: r(PREPOSITIONS) + " " + noun()
    while True:
        if random.random() < 0.3:
            topic = r(list(stories.T))
            s = stories.sent(topic, [r(stories.T[topic]["p"] or ["man"]), r(stories.names)])
        else:
            s = r(
                [
                    lambda: f"{r(PRONOUNS)} {r(VERBS)} {noun()} {where()}",
                    lambda: f"{r(PRONOUNS)} {r(AUXILIARIES)} {r(VERBS)} {noun()}, and {r(PRONOUNS)} {r(VERBS)} {where()}",
                    lambda: f"{noun()} {r(VERBS)} {where()} {where()}",
                    lambda: f"{noun()} was {r(stories.adj)}, and {noun()} {r(VERBS)} {noun()}",
                    lambda: f"there was {noun()} {where()}",
                    lambda: f"{r(PRONOUNS)} said that {r(PRONOUNS)} {r(VERBS)} {noun()} {where()}",
                    lambda: f"{noun()}, said {noun()}",
                    lambda: f"{where()} {r(PRONOUNS)} {r(VERBS)} it {where()}, but {r(PRONOUNS)} {r(AUXILIARIES)} {r(VERBS)}",
                    lambda: f"it was {noun()} and {noun()}",
                ]
            )()
        tokens = [w if w in words or w == "," else w.lower() for w in s.rstrip(".").replace(",", " ,").split()]
        if all(t in known or t == "," for t in tokens):
            return tokens + ["."]


def as_text(tokens):
    s = " ".join(tokens).replace(" ,", ",").replace(" .", ".")
    return s[0].upper() + s[1:]


def speak(tokens):
    text = as_text(tokens)
    wav = subprocess.run(
        [
            "espeak-ng",
            "-v",
            "en-us",
            "-s",
            str(random.choice([140, 150, 155, 160, 165, 170, 175, 180])),
            "-p",
            str(random.choice([40, 45, 50, 50, 55])),
            "-z",
            "--stdout",
            text,
        ],
        capture_output=True,
    ).stdout
    start = wav.find(b"data") + 8
    x = np.frombuffer(wav[start : len(wav) - (len(wav) - start) % 2], dtype="<i2").astype(np.float32) / 32768
    m = int(len(x) * 16000 / 22050)
    y = np.fft.irfft(np.fft.rfft(x)[: m // 2 + 1], n=m) * (m / len(x))
    loud = np.where(np.abs(y) > 0.004)[0]
    y = y[max(0, loud[0] - 160) : loud[-1] + 320] if len(loud) else y[:160]
    phonemes = subprocess.run(["espeak-ng", "-q", "-x", "-v", "en-us", text], capture_output=True, text=True).stdout
    return tokens, (y * 32767).clip(-32767, 32767).astype(np.int16), " ".join(phonemes.split())


if __name__ == "__main__":
    kind, seed, count, out = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    random.seed(seed)
    make = {"random": lambda: random_sentence(2, 10), "long": lambda: random_sentence(8, 20), "plain": plain_sentence}[
        kind
    ]
    with ThreadPoolExecutor(3) as pool:
        rows = list(pool.map(speak, [make() for _ in range(count)]))
    pickle.dump(rows, open(out, "wb"))
    print(count, "sentences,", sum(len(r[1]) for r in rows) / 16000, "s")
