"""asr.pt -> ../demo/demo-asr.bin in whisper.cpp's ggml format (Q8_0 matrices)."""

import os, struct
from asr_train import *

m = Model()
m.load_state_dict(torch.load("asr.pt"))
m.eval()
d, h, el, dl = m.cfg
out = open("../demo/demo-asr.bin", "wb")
w = out.write
w(struct.pack("i", 0x67676D6C))
w(struct.pack("11i", 51864, CTX, d, h, el, 448, d, h, dl, 80, 2007))
mf = MF.numpy().astype("<f4")
w(struct.pack("2i", *mf.shape))
w(mf.tobytes())
names = [t for t in toks] + [""] * (50257 - len(toks))
for i in range(len(toks), 50257):
    names[i] = "[unused%d]" % i
names[len(toks)] = " "
names[50256] = "<|endoftext|>"
w(struct.pack("i", len(names)))
for n in names:
    b = n.encode()
    w(struct.pack("i", len(b)))
    w(b)
te = m.te.weight.detach().float().numpy()
full = np.repeat(te[UNUSED : UNUSED + 1], 51864, 0).copy()
full[: len(toks)] = te[: len(toks)]
full[50256] = te[EOT]
full[50257] = te[SOT]
full[50361] = te[NOSP]
full[50362] = te[NOT]
full[50363 : 50363 + CTX + 1] = te[TS : TS + CTX + 1]
T = {}
sd = m.state_dict()
T["encoder.positional_embedding"] = sd["pe"]
T["encoder.conv1.weight"] = sd["c1.weight"]
T["encoder.conv1.bias"] = sd["c1.bias"]
T["encoder.conv2.weight"] = sd["c2.weight"]
T["encoder.conv2.bias"] = sd["c2.bias"]


def blk(src, dst, cross):
    for a, b in (("a", "attn"),) + ((("c", "cross_attn"),) if cross else ()):
        for x, y in (("q", "query"), ("k", "key"), ("v", "value"), ("o", "out")):
            T[f"{dst}.{b}.{y}.weight"] = sd[f"{src}.{a}.{x}.weight"]
            if x != "k":
                T[f"{dst}.{b}.{y}.bias"] = sd[f"{src}.{a}.{x}.bias"]
    for a, b in (("ln1", "attn_ln"), ("ln2", "mlp_ln")) + ((("lnc", "cross_attn_ln"),) if cross else ()):
        T[f"{dst}.{b}.weight"] = sd[f"{src}.{a}.weight"]
        T[f"{dst}.{b}.bias"] = sd[f"{src}.{a}.bias"]
    for a, b in (("m1", "mlp.0"), ("m2", "mlp.2")):
        T[f"{dst}.{b}.weight"] = sd[f"{src}.{a}.weight"]
        T[f"{dst}.{b}.bias"] = sd[f"{src}.{a}.bias"]


for i in range(el):
    blk(f"enc.{i}", f"encoder.blocks.{i}", False)
T["encoder.ln_post.weight"] = sd["lnp.weight"]
T["encoder.ln_post.bias"] = sd["lnp.bias"]
T["decoder.positional_embedding"] = sd["dp"]
T["decoder.token_embedding.weight"] = torch.tensor(full)
for i in range(dl):
    blk(f"dec.{i}", f"decoder.blocks.{i}", True)
T["decoder.ln.weight"] = sd["lnd.weight"]
T["decoder.ln.bias"] = sd["lnd.bias"]


def q8(a):
    b = a.reshape(-1, 32).astype(np.float32)
    d = np.abs(b).max(1) / 127
    d16 = d.astype("<f2")
    dd = d16.astype(np.float32)
    q = np.where(dd[:, None] > 0, np.round(b / np.where(dd > 0, dd, 1)[:, None]), 0).clip(-127, 127).astype(np.int8)
    return np.concatenate([d16.view(np.uint8).reshape(-1, 2), q.view(np.uint8)], 1).tobytes()


for n, t in T.items():
    a = t.detach().float().numpy()
    if n in ("encoder.conv1.bias", "encoder.conv2.bias"):
        a = a.reshape(-1, 1)
    f32 = a.ndim < 2 or n in (
        "encoder.conv1.bias",
        "encoder.conv2.bias",
        "encoder.positional_embedding",
        "decoder.positional_embedding",
    )
    ft = 0 if f32 else (1 if a.ndim == 3 else 8)
    b = n.encode()
    w(struct.pack("3i", a.ndim, len(b), ft))
    for i in range(a.ndim):
        w(struct.pack("i", a.shape[a.ndim - 1 - i]))
    w(b)
    w(
        np.ascontiguousarray(a.astype("<f4")).tobytes()
        if ft == 0
        else np.ascontiguousarray(a.astype("<f2")).tobytes() if ft == 1 else q8(a)
    )
out.close()
print(os.path.getsize("../demo/demo-asr.bin"))
