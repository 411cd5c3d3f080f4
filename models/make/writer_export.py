"""writer.pt -> demo-writer.gguf."""

from writer_train import *
import gguf, numpy as np, os

m = LM()
m.load_state_dict(torch.load("writer.pt"))
w = gguf.GGUFWriter("../demo/demo-writer.gguf", "llama")
w.add_name("lectern-demo-writer")
w.add_description("Trained from scratch on synthetic closed-vocabulary stories; for tests and demonstrations only")
w.add_context_length(2048)
w.add_embedding_length(D)
w.add_block_count(L)
w.add_feed_forward_length(FF)
w.add_head_count(H)
w.add_head_count_kv(H)
w.add_layer_norm_rms_eps(1e-5)
w.add_rope_dimension_count(D // H)
w.add_rope_freq_base(10000.0)
w.add_vocab_size(V)
w.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
T = gguf.TokenType
toks = []
ty = []
sc = []
for i in range(V):
    p = sp.id_to_piece(i)
    toks.append(p.encode())
    sc.append(sp.get_score(i))
    ty.append(
        T.UNKNOWN if sp.is_unknown(i) else T.CONTROL if sp.is_control(i) else T.BYTE if sp.is_byte(i) else T.NORMAL
    )
w.add_tokenizer_model("llama")
w.add_token_list(toks)
w.add_token_scores(sc)
w.add_token_types(ty)
w.add_bos_token_id(BOS)
w.add_eos_token_id(IE)
w.add_unk_token_id(sp.unk_id())
w.add_add_bos_token(True)
w.add_add_eos_token(False)
w.add_add_space_prefix(False)
w.add_chat_template(
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
sd = {k: v.detach().float().numpy() for k, v in m.state_dict().items()}
f16 = lambda a: np.ascontiguousarray(a.astype(np.float16))
f32 = lambda a: np.ascontiguousarray(a.astype(np.float32))
w.add_tensor("token_embd.weight", f16(sd["e.weight"]))
w.add_tensor("output_norm.weight", f32(sd["n.w"]))
w.add_tensor("output.weight", f16(sd["out.weight"]))
for i in range(L):
    b = f"blk.{i}."
    s = f"bl.{i}."
    w.add_tensor(b + "attn_norm.weight", f32(sd[s + "n1.w"]))
    w.add_tensor(b + "ffn_norm.weight", f32(sd[s + "n2.w"]))
    for g, p in (
        ("attn_q", "q"),
        ("attn_k", "k"),
        ("attn_v", "v"),
        ("attn_output", "o"),
        ("ffn_gate", "g"),
        ("ffn_up", "u"),
        ("ffn_down", "d"),
    ):
        w.add_tensor(b + g + ".weight", f16(sd[s + p + ".weight"]))
w.write_header_to_file()
w.write_kv_data_to_file()
w.write_tensors_to_file()
w.close()
print(os.path.getsize("../demo/demo-writer.gguf"))
