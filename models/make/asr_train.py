"""Train the speech model: Whisper's architecture in small, on windows of spoken sentences. python asr_train.py -> asr.pt"""

import torch, torch.nn as nn, torch.nn.functional as F, numpy as np, pickle, math, time, random, sys

torch.manual_seed(0)
random.seed(0)
SR = 16000
CTX = 500
CUR = [500]
ws = sorted(set(open("../demo/vocabulary.txt").read().split()))
toks = [" " + w for w in ws] + [" " + w[0].upper() + w[1:] for w in ws] + [",", "."]
W = len(ws)
cid = {t: i for i, t in enumerate(toks)}
EOT = len(toks)
SOT = EOT + 1
NOSP = EOT + 2
NOT = EOT + 3
TS = EOT + 4
UNUSED = TS + CTX + 1
V = UNUSED + 1
NUNUSED = 51864 - (V - 1)
PH = {c: i for i, c in enumerate(" 023@ADEILNOSTUVZ_abdefghijklmnoprstuvwz")}


def pids(p):
    return [PH[c] for c in p if c in PH]


def ids(t):
    o = []
    first = True
    for w in t:
        if w in (",", "."):
            o.append(cid[w])
        else:
            o.append(cid[" " + (w[0].upper() + w[1:] if first or w == "i" else w)])
            first = False
    return o


# mel (whisper): 80 mel slaney, 400 fft, 160 hop
def mel_filters(n_mels=80, n_fft=400):
    f = np.linspace(0, 8000, n_fft // 2 + 1)

    def h2m(h):
        h = np.asarray(h, dtype=float)
        m = h / (200 / 3)
        l = h >= 1000
        return np.where(l, 15 + np.log(np.maximum(h, 1e-9) / 1000) / (np.log(6.4) / 27), m)

    def m2h(m):
        return np.where(m >= 15, 1000 * np.exp((np.log(6.4) / 27) * (m - 15)), m * (200 / 3))

    mp = m2h(np.linspace(h2m(0.0), h2m(8000.0), n_mels + 2))
    fd = np.diff(mp)
    r = mp[:, None] - f[None]
    w = np.maximum(0, np.minimum(-r[:-2] / fd[:-1, None], r[2:] / fd[1:, None]))
    w *= (2 / (mp[2:] - mp[:-2]))[:, None]
    return torch.tensor(w, dtype=torch.float32)


MF = mel_filters()
HW = torch.hann_window(400)


def logmel(x):  # B,T
    s = torch.stft(x, 400, 160, window=HW, return_complex=True)[..., :-1].abs() ** 2
    m = (MF @ s).clamp(min=1e-10).log10()
    mx = m.amax(dim=(1, 2), keepdim=True)
    m = torch.maximum(m, mx - 8)
    return (m + 4) / 4


def sinus(n, d):
    inc = math.log(10000) / (d // 2 - 1)
    inv = torch.exp(-inc * torch.arange(d // 2))
    t = torch.arange(n)[:, None] * inv[None]
    return torch.cat([t.sin(), t.cos()], 1)


class Attn(nn.Module):
    def __init__(s, d, h):
        super().__init__()
        s.h = h
        s.q = nn.Linear(d, d)
        s.k = nn.Linear(d, d, bias=False)
        s.v = nn.Linear(d, d)
        s.o = nn.Linear(d, d)

    def forward(s, x, c=None, causal=False):
        c = x if c is None else c
        B, T, D = x.shape
        q, k, v = [l(z).view(B, -1, s.h, D // s.h).transpose(1, 2) for l, z in ((s.q, x), (s.k, c), (s.v, c))]
        return s.o(F.scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(1, 2).reshape(B, T, D))


class Blk(nn.Module):
    def __init__(s, d, h, cross):
        super().__init__()
        s.ln1 = nn.LayerNorm(d)
        s.a = Attn(d, h)
        s.cross = cross
        if cross:
            s.lnc = nn.LayerNorm(d)
            s.c = Attn(d, h)
        s.ln2 = nn.LayerNorm(d)
        s.m1 = nn.Linear(d, 4 * d)
        s.m2 = nn.Linear(4 * d, d)

    def forward(s, x, e=None):
        x = x + s.a(s.ln1(x), causal=s.cross)
        if s.cross:
            x = x + s.c(s.lnc(x), e)
        return x + s.m2(F.gelu(s.m1(s.ln2(x))))


class Model(nn.Module):
    def __init__(s, d=128, h=2, el=4, dl=3):
        super().__init__()
        s.cfg = (d, h, el, dl)
        s.c1 = nn.Conv1d(80, d, 3, padding=1)
        s.c2 = nn.Conv1d(d, d, 3, stride=2, padding=1)
        s.register_buffer("pe", sinus(CTX, d))
        s.enc = nn.ModuleList([Blk(d, h, False) for _ in range(el)])
        s.lnp = nn.LayerNorm(d)
        s.te = nn.Embedding(V, d)
        nn.init.normal_(s.te.weight, std=0.05)
        s.dp = nn.Parameter(torch.randn(448, d) * 0.01)
        s.dec = nn.ModuleList([Blk(d, h, True) for _ in range(dl)])
        s.lnd = nn.LayerNorm(d)
        s.ctc = nn.Linear(d, len(PH) + 1)

    def encode(s, m):
        x = F.gelu(s.c1(m))
        x = F.gelu(s.c2(x)).transpose(1, 2)
        x = x + s.pe[: x.shape[1]]
        for b in s.enc:
            x = b(x)
        return s.lnp(x)

    def decode(s, t, e):
        x = s.te(t) + s.dp[: t.shape[1]]
        for b in s.dec:
            x = b(x, e)
        lg = F.linear(s.lnd(x), s.te.weight)
        return lg


def window(pool):
    C = CUR[0]
    WIN = C * 320
    x = np.zeros(WIN, dtype=np.float32)
    r = random.random()
    lab = []
    ctc = []
    noise = random.choice([0, 0, 1e-4, 5e-4])
    if r < 0.03:  # silence
        x += np.random.randn(WIN).astype(np.float32) * noise
        return x, [SOT, NOSP, EOT], []
    pos = int(random.choice([0.0, 0.0, random.uniform(0, 0.9)]) * SR)
    n = 99 if random.random() < 0.7 else random.randint(1, 3)
    seq = []
    cut = False
    while n > 0 and pos < WIN - SR // 5:
        t, a, p = random.choice(pool)
        a = a.astype(np.float32) / 32768
        L = len(a)
        n -= 1
        if pos + L > WIN:
            if random.random() < 0.5 and seq and pos < WIN - SR // 2:  # cut off: only the start stamp
                x[pos:] += a[: WIN - pos]
                lab_ts = min(C, round(pos / 320))
                seq.append((lab_ts, None, None, None))
                cut = True
            break
        x[pos : pos + L] += a
        seq.append((round(pos / 320), min(C, round((pos + L) / 320)), ids(t), pids(p)))
        pos += L + int(random.choice([random.uniform(0.1, 0.85), random.uniform(0.3, 0.45)]) * SR)
    x *= random.uniform(0.4, 1.2)
    if noise:
        x += np.random.randn(WIN).astype(np.float32) * noise
    if not seq:
        return x, [SOT, NOSP, EOT], []
    ctc = [i for q in seq if q[3] for i in [0] + q[3]]
    txt = [i for q in seq if q[2] for i in q[2]]
    if not cut and random.random() < 0.15:
        o = [SOT, NOT] + txt + [EOT]
    else:
        o = [SOT]
        for s_, e_, w, _p in seq:
            o.append(TS + s_)
            if w:
                o += w + [TS + e_]
        o.append(EOT)
    return x, o, ctc


def batch(pool, B):
    r = [window(pool) for _ in range(B)]
    x = torch.tensor(np.stack([a[0] for a in r]))
    T = max(len(a[1]) for a in r)
    t = torch.full((B, T), -1)
    for i, a in enumerate(r):
        t[i, : len(a[1])] = torch.tensor(a[1])
    return logmel(x), t, [a[2] for a in r]


LU = math.log(NUNUSED)


def loss_fn(m, mel, t, ctcs, wctc):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        e = m.encode(mel)
        inp = t[:, :-1].clamp(min=0)
        lg = m.decode(inp, e)
        cl = m.ctc(e)
    lg = lg.float()
    lg = torch.cat([lg[..., :UNUSED], lg[..., UNUSED:] + LU], -1)
    ce = F.cross_entropy(lg.reshape(-1, V), t[:, 1:].reshape(-1), ignore_index=-1)
    c = torch.tensor(0.0)
    if wctc > 0:
        lp = F.log_softmax(cl.float(), -1).transpose(0, 1)
        tl = torch.tensor([len(q) for q in ctcs])
        tg = torch.tensor([i for q in ctcs for i in q])
        c = F.ctc_loss(lp, tg, torch.full((len(ctcs),), lp.shape[0]), tl, blank=len(PH), zero_infinity=True)
    return ce + wctc * c, ce, c


STAGES = [  # minutes, window in encoder positions (20 ms), batch, peak learning rate, files
    (24, 200, 32, 1.5e-3, ["short.pkl"]),
    (16, 500, 16, 9e-4, ["short.pkl", "long.pkl"]),
    (22, 500, 16, 8e-4, ["short.pkl", "long.pkl", "plain.pkl", "plain.pkl"]),
]
if __name__ == "__main__":
    load = lambda f: pickle.load(open(f, "rb"))
    m, dev = Model(), load("dev.pkl")
    print(sum(p.numel() for p in m.parameters()), "parameters", V, "tokens in use")
    for minutes, CUR[0], B, peak, files in STAGES:
        pool = [row for f in files for row in load(f)]
        opt = torch.optim.AdamW(m.parameters(), lr=peak, betas=(0.9, 0.98), weight_decay=0.01)
        start, step, total = time.time(), 0, minutes * 60
        while (passed := (time.time() - start) / total) < 1:
            for g in opt.param_groups:
                g["lr"] = peak * min(1, (step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * passed)) + 2e-5
            mel, t, c = batch(pool, B)
            loss, ce, ctc = loss_fn(m, mel, t, c, 0.5 if passed < 0.6 else 0.1)
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(m.parameters(), 1.0)
            opt.step()
            step += 1
            if step % 100 == 0:
                with torch.no_grad():
                    print(
                        step, f"{ce.item():.3f}", f"held out {loss_fn(m, *batch(dev, 16), 0)[1].item():.3f}", flush=True
                    )
        torch.save(m.state_dict(), "asr.pt")
