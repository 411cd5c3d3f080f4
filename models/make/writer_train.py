"""Train the writer: a small llama on stories of the closed vocabulary. python writer_train.py MINUTES THREADS -> writer.pt"""

import torch, torch.nn as nn, torch.nn.functional as F, random, math, time, sys
import sentencepiece as spm
from stories import example

sp = spm.SentencePieceProcessor(model_file="sp.model")
V = len(sp)
IS, IE, BOS = sp.piece_to_id("<|im_start|>"), sp.piece_to_id("<|im_end|>"), sp.bos_id()
D, L, H, FF = 128, 4, 4, 384


def rope(x, cos, sin):
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2)


class RMS(nn.Module):
    def __init__(s, d):
        super().__init__()
        s.w = nn.Parameter(torch.ones(d))

    def forward(s, x):
        return F.rms_norm(x.float(), (x.shape[-1],), s.w, 1e-5).to(x.dtype)


class B(nn.Module):
    def __init__(s):
        super().__init__()
        l = lambda i, o: nn.Linear(i, o, bias=False)
        s.n1, s.n2 = RMS(D), RMS(D)
        s.q, s.k, s.v, s.o = l(D, D), l(D, D), l(D, D), l(D, D)
        s.g, s.u, s.d = l(D, FF), l(D, FF), l(FF, D)

    def forward(s, x, c, sn):
        b, t, _ = x.shape
        h = s.n1(x)
        q, k, v = [f(h).view(b, t, H, D // H).transpose(1, 2) for f in (s.q, s.k, s.v)]
        x = x + s.o(
            F.scaled_dot_product_attention(rope(q, c, sn).to(v.dtype), rope(k, c, sn).to(v.dtype), v, is_causal=True)
            .transpose(1, 2)
            .reshape(b, t, D)
        )
        h = s.n2(x)
        return x + s.d(F.silu(s.g(h)) * s.u(h))


class LM(nn.Module):
    def __init__(s):
        super().__init__()
        s.e = nn.Embedding(V, D)
        nn.init.normal_(s.e.weight, std=0.3)
        s.bl = nn.ModuleList([B() for _ in range(L)])
        s.n = RMS(D)
        s.out = nn.Linear(D, V, bias=False)

    def forward(s, t, start=0):
        T = t.shape[1]
        f = torch.exp(-math.log(10000) * torch.arange(0, D // H, 2) / (D // H))
        a = torch.arange(T)[:, None] * f[None]
        c, sn = a.cos(), a.sin()
        x = s.e(t)
        for b in s.bl:
            x = b(x, c, sn)
        return s.n(x)


def enc(p, a):
    q = [BOS]
    if random.random() < 0.5 and "\n" in p:
        sy, us = p.split("\n", 1)
        q += [IS] + sp.encode("system\n" + sy) + [IE] + sp.encode("\n")
        p = us
    q += [IS] + sp.encode("user\n" + p) + [IE] + sp.encode("\n") + [IS] + sp.encode("assistant\n")
    n = len(q)
    return q + sp.encode(a) + [IE], n


def batch(n, mx):
    r = []
    while len(r) < n:
        e = enc(*example())
        if len(e[0]) <= mx:
            r.append(e)
    T = max(len(e[0]) for e in r)
    x = torch.zeros(n, T, dtype=torch.long)
    y = torch.full((n, T), -1)
    for i, (q, k) in enumerate(r):
        x[i, : len(q)] = torch.tensor(q)
        y[i, k - 1 : len(q) - 1] = torch.tensor(q[k:])
    return x, y


def gen(m, p, n=90):
    q, k = enc(p, "")
    q = q[:k]
    with torch.no_grad():
        for _ in range(n):
            t = m.out(m(torch.tensor([q]))[0, -1]).argmax().item()
            if t == IE:
                break
            q.append(t)
    return sp.decode(q[k:])


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[2]))
    M = float(sys.argv[1]) * 60
    random.seed(0)
    torch.manual_seed(0)
    m = LM()
    print(sum(p.numel() for p in m.parameters()), V, flush=True)
    o = torch.optim.AdamW(m.parameters(), lr=2e-3, betas=(0.9, 0.95), weight_decay=0.05)
    t0 = time.time()
    st = 0
    acc = 0
    while time.time() - t0 < M:
        fr = (time.time() - t0) / M
        lr = 2e-3 * min(1, (st + 1) / 150) * (0.5 * (1 + math.cos(math.pi * min(1, fr)))) + 2e-5
        for g in o.param_groups:
            g["lr"] = lr
        x, y = batch(16, 220 if fr < 0.4 else 420)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            h = m(x)
            msk = y >= 0
            lg = m.out(h[msk])
        l = F.cross_entropy(lg.float(), y[msk])
        o.zero_grad()
        l.backward()
        nn.utils.clip_grad_norm_(m.parameters(), 1.0)
        o.step()
        st += 1
        acc += l.item()
        if st % 100 == 0:
            print(st, f"{time.time()-t0:.0f}s loss {acc/100:.4f}", flush=True)
            acc = 0
            torch.save(m.state_dict(), "writer.pt")
            if st % 500 == 0:
                s = random.getstate()
                random.seed(9)
                for _ in range(2):
                    p, a = example()
                    print("  want", a, "\n  got ", gen(m, p), flush=True)
                random.setstate(s)
    torch.save(m.state_dict(), "writer.pt")
