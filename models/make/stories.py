"""Stories by topic, with the description and the categories to learn: python stories.py -> sp.model (SentencePiece)."""

import random, re

vocab = set(open("../demo/vocabulary.txt").read().split())
# Each topic: people (p), places (l), things (t), verbs (v).
T = {
    "adventure": dict(
        p="captain sailor crew keeper pilot soldier",
        l="sea ocean harbor island shore beach coast mountain cliff desert jungle lighthouse deck",
        t="ship boat storm wave wind sails anchor rope compass map lantern tide current rocks fog rain",
        v="sailed climbed reached crossed fought traveled swam carried pulled",
    ),
    "mystery": dict(
        p="detective police thief judge lawyer guard stranger",
        l="room street house market cave tower",
        t="clue murder secret crime key letter knife lock truth shadow door reason question answer candle",
        v="followed found asked watched locked hid caught remembered",
    ),
    "science-fiction": dict(
        p="robot engineer scientist pilot crew",
        l="station planet space orbit moon earth surface",
        t="machine engine signal rocket computer code battery circuit radio screen message camera gravity oxygen system memory",
        v="built moved measured returned started called sent flew",
    ),
    "fantasy": dict(
        p="king queen prince princess",
        l="castle forest mountain cave tower valley kingdom",
        t="dragon sword crown ghost spirit magic shadow gold stone power mirror silence",
        v="fought burned rode kept promised won lost woke",
    ),
    "nature": dict(
        p="farmer child keeper girl",
        l="forest river lake garden field stream pond valley hill tree barn",
        t="bird owl fox bear wolf mouse rabbit bee leaf flower grass seeds snow rain spring sheep",
        v="grew watched listened walked slept ran waited played",
    ),
    "food": dict(
        p="baker farmer family grandmother",
        l="kitchen market shop village",
        t="bread soup butter cheese honey apple fish rice salt sugar milk tea coffee pot plate spoon oil",
        v="baked cooked ate washed cut filled drank shared",
    ),
    "business": dict(
        p="team keeper teacher writer",
        l="market company shop school city office",
        t="money price plan work job rule idea number market answer paper",
        v="sold bought paid counted learned planned tried opened",
    ),
    "family-life": dict(
        p="mother father sister brother daughter son wife husband friend neighbor",
        l="home kitchen town school street room",
        t="letter photograph picture song dance promise love music bed coat clock dream",
        v="loved remembered laughed danced wrote called helped smiled",
    ),
}
for k in T:
    for f in T[k]:
        T[k][f] = [w for w in T[k][f].split() if w in vocab]
names = "Anna Tom Mary Jack Clara Henry Maya Leo".split()
adj = [
    w
    for w in "old new young long small great deep thin heavy warm cold wet dry strong quiet loud bright clear empty strange simple brave kind gentle happy sad tired hungry red blue green white black golden dark little".split()
    if w in vocab
]
when = [
    w
    for w in [
        "One night",
        "In the morning",
        "At last",
        "Before the sun",
        "That evening",
        "After a long day",
        "Every day",
        "Once again",
        "For a while",
        "In the winter",
        "Soon",
    ]
]
filler = [
    "Nobody spoke.",
    "It was quiet.",
    "She did not answer.",
    "He waited for a long time.",
    "The day was almost over.",
    "There was nothing more to say.",
    "They were not afraid.",
    "It was a good day.",
    "No one knew why.",
    "He thought about it all night.",
    "She looked at her hands.",
    "And then it was still.",
    "The light was low.",
    "We must go now, she said.",
    "I know what to do, he said.",
]


def sent(topic, who):
    d = T[topic]
    r = random
    P = r.choice(who)
    p = P if P in names else "the " + P
    n1, n2 = r.choice(d["t"]), r.choice(d["t"])
    l = r.choice(d["l"])
    v = r.choice(d["v"])
    ad = r.choice(adj)
    l2 = r.choice(d["l"])
    s = r.choice(
        [
            f"{p} {v} the {n1} and the {n2} near the {l}",
            f"{r.choice(when)} {p} {v} the {ad} {n1} in the {l}",
            f"there was a {n1} in the {l}, and {p} {v} it",
            f"the {n1} was {ad}, but the {n2} was not",
            f"{p} said that the {n1} was behind the {l}",
            f"beyond the {l} there was a {ad} {n1}",
            f"{p} looked at the {n1} and thought of the {n2}",
            f"the {l} was {ad} and {r.choice(adj)}",
            f"where is the {n1}, asked {p}",
            f"{p} took the {n1} from the {l} to the {l2}",
            f"{p} and {('the '+r.choice(d['p'])) if d['p'] else 'the man'} walked to the {l}",
            f"nobody had seen the {n1} before",
        ]
    )
    return s[0].upper() + s[1:] + "."


def story():
    r = random
    k = r.choices([1, 2, 3], [5, 4, 1])[0]
    topics = r.sample(list(T), k)
    wts = [1.0] + [0.6, 0.4][: k - 1]
    who = [r.choice(T[topics[0]]["p"] or ["man"])] + ([r.choice(names)] if r.random() < 0.6 else [])
    n = r.randint(5, 26)
    out = []
    for _ in range(n):
        if r.random() < 0.22:
            out.append(r.choice(filler))
        else:
            out.append(sent(r.choices(topics, wts)[0], who))
        if r.random() < 0.12:  # noise word order, as real prose differs from templates
            ws = " ".join(r.sample(sorted(vocab), r.randint(4, 8)))
            out.append(ws[0].upper() + ws[1:] + ".")
    text = " ".join(out)
    low = re.findall(r"[a-z]+", text.lower())
    sc = {}
    for t, d in T.items():
        sc[t] = sum(low.count(w) for w in set(d["t"] + d["l"] + d["p"]))
    order = sorted(sc, key=lambda t: (-sc[t], list(T).index(t)))
    cats = [order[0]] + [t for t in order[1:3] if sc[t] >= max(3, 0.55 * sc[order[0]])]
    c0 = T[order[0]]

    def first(ws, n):
        s = sorted((low.index(w), w) for w in set(ws) if w in low)
        return [w for _, w in s[:n]]

    pn = sorted((low.index(x.lower()), x) for x in names if x.lower() in low)[:1]
    P = first(c0["p"], 1)
    L = first(c0["l"], 1) or ["world"]
    N = (first(c0["t"], 2) + ["dark", "light"])[:2]
    sub = pn[0][1] if pn else ("the " + P[0] if P else "someone")
    Sub = sub[0].upper() + sub[1:]
    L = L[0]
    desc = {
        "adventure": f"Out on the {L}, {sub} must face the {N[0]} and the {N[1]}.",
        "mystery": f"Something is wrong in the {L}, and {sub} has only the {N[0]} and the {N[1]} to follow.",
        "science-fiction": f"Far from home, near the {L}, {sub} learns what the {N[0]} and the {N[1]} have to say.",
        "fantasy": f"In the time of the {L}, {sub} must choose between the {N[0]} and the {N[1]}.",
        "nature": f"A quiet year by the {L}, told through {sub}, the {N[0]} and the {N[1]}.",
        "food": f"In the {L}, {sub} finds out what the {N[0]} and the {N[1]} can do.",
        "business": f"{Sub} has a plan for the {L}, and only the {N[0]} and the {N[1]} to begin with.",
        "family-life": f"{Sub}, the {L}, and what the {N[0]} and the {N[1]} kept hidden.",
    }[cats[0]]
    return text, desc, cats


instr = [
    "Write a short description of the audiobook below and choose up to three categories from the list.",
    "You write product pages for an audiobook shop. Answer with JSON only.",
    "Summarise this part of the transcript in one or two sentences. Do not give the ending away.",
    "Here is the transcript of an audiobook. Describe it for a shopper.",
    "Describe the book. Use only what is said in the text. Categories: adventure, mystery, science-fiction, fantasy, nature, food, business, family-life.",
    "Read the summaries of all parts and write one description for the whole book.",
    "Return a JSON object with the description and the categories.",
    "Transcript:",
    "Text:",
    "Categories to choose from: adventure, mystery, science-fiction, fantasy, nature, food, business, family-life. At most three.",
    "Title: unknown.",
    "Language: English.",
]


def prompt(text):
    pre = " ".join(random.sample(instr, random.randint(1, 5)))
    post = random.choice(["", "", " " + random.choice(instr)])
    return pre + random.choice(["\n", "\n\n", " "]) + text + post


def example():
    t, d, c = story()
    import json

    key = random.choice([("description", "categories")] * 3 + [("summary", "tags"), ("description", "tags")])
    if random.random() < 0.2:
        ans = d
    else:
        ans = json.dumps({key[0]: d, key[1]: c}, separators=random.choice([(",", ":"), (", ", ": ")]))
    return prompt(t), ans


if __name__ == "__main__":
    random.seed(1)
    for _ in range(2):
        p, an = example()
        print(p, "\n=>", an, "\n")
    random.seed(2)
    with open("corpus.txt", "w") as f:
        for _ in range(12000):
            p, an = example()
            f.write(p.replace("\n", " ") + "\n" + an + "\n")
    import collections

    random.seed(3)
    c = collections.Counter()
    n = []
    for _ in range(2000):
        t, d, cs = story()
        c[len(cs)] += 1
        n.append(len(t.split()))
    print(c, sum(n) / len(n), max(n))
    import sentencepiece as spm

    spm.SentencePieceTrainer.train(
        input="corpus.txt",
        model_prefix="sp",
        vocab_size=2400,
        model_type="bpe",
        byte_fallback=True,
        character_coverage=1.0,
        control_symbols=["<|im_start|>", "<|im_end|>"],
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=False,
        split_digits=True,
        max_sentence_length=20000,
        allow_whitespace_only_pieces=True,
    )
    sp = spm.SentencePieceProcessor(model_file="sp.model")
    print(len(sp), sp.encode("The captain looked at the lighthouse.", out_type=str))
    p, an = example()
    print(len(sp.encode(p)), len(sp.encode(an)), sp.encode(an, out_type=str))
