"""Makes tests/vectors/architectures.json: what PyTorch says about a hundred inputs of each architecture.

    /usr/bin/python3 tests/oracles/architectures.py     (python3-torch of Debian 12: PyTorch 1.13.1)

An implementation of its own, written from the papers and from the names and shapes of the tensors that
Hugging Face's classes save, in float64 and with torch's own layers where it has them. It shares no line with
the engine; only the seeded numbers are made alike on both sides (xorshift32 from a label's SHA-256), so that
no weight has to be stored.
"""

import hashlib
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

SAMPLES = 100
LENGTH = 7
torch.set_default_dtype(torch.float64)


def numbers(label, count):
    """`count` multiples of 1/256 in [-0.5, 0.5]."""
    state = int.from_bytes(hashlib.sha256(label.encode()).digest()[:4], "little") or 1
    out = []
    for _ in range(count):
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        out.append(math.floor(256 * (state / 2**32)) / 256 - 0.5)
    return out


class Weights:
    """Tensors by name, as a checkpoint stores them; gains of norms lie around 1."""

    def __init__(self, model):
        self.model = model

    def __call__(self, name, *shape, gain=False):
        values = torch.tensor(numbers(f"{self.model} {name}", math.prod(shape)))
        return (values / 2 + 1 if gain else values).reshape(shape)

    def linear(self, x, name, inputs, outputs, bias=True):
        return F.linear(x, self(f"{name}.weight", outputs, inputs), self(f"{name}.bias", outputs) if bias else None)

    def conv1d(self, x, name, inputs, outputs):
        """GPT-2's layer, stored [in, out]."""
        return x @ self(f"{name}.weight", inputs, outputs) + self(f"{name}.bias", outputs)

    def norm(self, x, name, width, epsilon):
        gain = self(f"{name}.weight", width, gain=True)
        return F.layer_norm(x, (width,), gain, self(f"{name}.bias", width), epsilon)


def split(x, heads):
    """[batch, length, width] to [batch, heads, length, width / heads]."""
    batch, length, width = x.shape
    return x.reshape(batch, length, heads, width // heads).transpose(1, 2)


def join(x):
    batch, heads, length, width = x.shape
    return x.transpose(1, 2).reshape(batch, length, heads * width)


def scores_of(q, k):
    return q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])


def attention(q, k, v, heads, hidden=None):
    """`hidden` is true where a query may not look."""
    s = scores_of(split(q, heads), split(k, heads))
    if hidden is not None:
        s = s.masked_fill(hidden, -torch.inf)
    return join(torch.softmax(s, -1) @ split(v, heads))


def integers(label, count, low, high):
    return [low + math.floor((value + 0.5) * (high - low)) for value in numbers(label, count)]


def texts(model, low, vocabulary, padding=None):
    """Ids from `low`; with a padding id the last 0 to 3 positions hold it."""
    ids = torch.tensor(integers(f"{model} ids", SAMPLES * LENGTH, low, vocabulary)).reshape(SAMPLES, LENGTH)
    real = torch.ones(SAMPLES, LENGTH, dtype=torch.bool)
    if padding is not None:
        for row, pads in enumerate(integers(f"{model} padding", SAMPLES, 0, 4)):
            real[row, LENGTH - pads :] = False
        ids[~real] = padding
    return ids, real


def encoder(w, model, ids, real, positions, c):
    d = c["hidden"]
    table = lambda name, rows: w(f"{model}.embeddings.{name}_embeddings.weight", rows, d)
    x = table("word", c["vocabularySize"])[ids] + table("position", c["maxPositions"])[positions]
    x = x + table("token_type", c["types"])[0]
    x = w.norm(x, f"{model}.embeddings.LayerNorm", d, c["layerNormEpsilon"])
    for i in range(c["layers"]):
        at = f"{model}.encoder.layer.{i}"
        q, k, v = (w.linear(x, f"{at}.attention.self.{part}", d, d) for part in ("query", "key", "value"))
        mixed = attention(q, k, v, c["heads"], ~real[:, None, None, :])
        y = w.linear(mixed, f"{at}.attention.output.dense", d, d)
        x = w.norm(x + y, f"{at}.attention.output.LayerNorm", d, c["layerNormEpsilon"])
        y = F.gelu(w.linear(x, f"{at}.intermediate.dense", d, c["ffn"]))
        x = w.norm(x + w.linear(y, f"{at}.output.dense", c["ffn"], d), f"{at}.output.LayerNorm", d, c["layerNormEpsilon"])
    return x


def bert(c):
    w = Weights("bert")
    ids, real = texts("bert", 0, c["vocabularySize"], padding=0)
    x = encoder(w, "bert", ids, real, torch.arange(LENGTH).expand_as(ids), {**c, "types": c["typeVocabularySize"]})
    pooled = torch.tanh(w.linear(x[:, 0], "bert.pooler.dense", c["hidden"], c["hidden"]))
    return ids, real, w.linear(pooled, "classifier", c["hidden"], c["labels"])


def roberta(c):
    w = Weights("roberta")
    pad = c["paddingId"]
    ids, real = texts("roberta", pad + 1, c["vocabularySize"], padding=pad)
    # Hugging Face counts the pieces that are not padding, from the one after the padding id.
    positions = torch.cumsum(ids != pad, 1) * (ids != pad) + pad
    x = encoder(w, "roberta", ids, real, positions, {**c, "types": 1})
    dense = torch.tanh(w.linear(x[:, 0], "classifier.dense", c["hidden"], c["hidden"]))
    return ids, real, w.linear(dense, "classifier.out_proj", c["hidden"], c["labels"])


def causal():
    return torch.ones(LENGTH, LENGTH, dtype=torch.bool).triu(1)


def gpt2(c):
    w = Weights("gpt2")
    d, e = c["hidden"], c["layerNormEpsilon"]
    ids, real = texts("gpt2", 0, c["vocabularySize"])
    words = w("transformer.wte.weight", c["vocabularySize"], d)
    x = words[ids] + w("transformer.wpe.weight", c["maxPositions"], d)[:LENGTH]
    for i in range(c["layers"]):
        at = f"transformer.h.{i}"
        qkv = w.conv1d(w.norm(x, f"{at}.ln_1", d, e), f"{at}.attn.c_attn", d, 3 * d)
        mixed = attention(*qkv.split(d, 2), c["heads"], causal())
        x = x + w.conv1d(mixed, f"{at}.attn.c_proj", d, d)
        y = w.conv1d(w.norm(x, f"{at}.ln_2", d, e), f"{at}.mlp.c_fc", d, c["ffn"])
        y = 0.5 * y * (1 + torch.tanh(math.sqrt(2 / math.pi) * (y + 0.044715 * y**3)))  # gelu_new
        x = x + w.conv1d(y, f"{at}.mlp.c_proj", c["ffn"], d)
    return ids, real, w.norm(x, "transformer.ln_f", d, e)[:, -1] @ words.T


def rms_norm(w, x, name, epsilon):
    gain = w(f"{name}.weight", x.shape[-1], gain=True)
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon) * gain


def rotate(x, base):
    """Entry i turns with entry i + width / 2, as complex numbers."""
    half = x.shape[-1] // 2
    angles = torch.arange(LENGTH)[:, None] * base ** (-torch.arange(half) / half)
    turned = torch.complex(x[..., :half], x[..., half:]) * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([turned.real, turned.imag], -1)


def llama(c):
    w = Weights("llama")
    d, e, heads, groups = c["hidden"], c["rmsNormEpsilon"], c["heads"], c["keyValueHeads"]
    shared = d // heads * groups
    ids, real = texts("llama", 0, c["vocabularySize"])
    x = w("model.embed_tokens.weight", c["vocabularySize"], d)[ids]
    for i in range(c["layers"]):
        at = f"model.layers.{i}"
        y = rms_norm(w, x, f"{at}.input_layernorm", e)
        q = rotate(split(w.linear(y, f"{at}.self_attn.q_proj", d, d, bias=False), heads), c["rotaryBase"])
        k = rotate(split(w.linear(y, f"{at}.self_attn.k_proj", d, shared, bias=False), groups), c["rotaryBase"])
        v = split(w.linear(y, f"{at}.self_attn.v_proj", d, shared, bias=False), groups)
        k, v = (part.repeat_interleave(heads // groups, 1) for part in (k, v))
        weights = torch.softmax(scores_of(q, k).masked_fill(causal(), -torch.inf), -1)
        x = x + w.linear(join(weights @ v), f"{at}.self_attn.o_proj", d, d, bias=False)
        y = rms_norm(w, x, f"{at}.post_attention_layernorm", e)
        gate = F.silu(w.linear(y, f"{at}.mlp.gate_proj", d, c["ffn"], bias=False))
        up = w.linear(y, f"{at}.mlp.up_proj", d, c["ffn"], bias=False)
        x = x + w.linear(gate * up, f"{at}.mlp.down_proj", c["ffn"], d, bias=False)
    return ids, real, w.linear(rms_norm(w, x, "model.norm", e)[:, -1], "lm_head", d, c["vocabularySize"], bias=False)


def images(model, c):
    side = c["imageSize"]
    return torch.tensor(numbers(f"{model} pixels", SAMPLES * c["channels"] * side * side)).reshape(
        SAMPLES, c["channels"], side, side
    ) * 2


def patches(w, x, name, c):
    size = c["patchSize"]
    kernel = w(f"{name}.weight", c["hidden"], c["channels"], size, size)
    return F.conv2d(x, kernel, w(f"{name}.bias", c["hidden"]), stride=size).flatten(2).transpose(1, 2)


def with_class_token(x, token, positions):
    return torch.cat([token.expand(len(x), 1, -1), x], 1) + positions


def vit(c):
    w = Weights("vit")
    d, e = c["hidden"], c["layerNormEpsilon"]
    pixels = images("vit", c)
    x = patches(w, pixels, "vit.embeddings.patch_embeddings.projection", c)
    tokens = x.shape[1] + 1
    x = with_class_token(x, w("vit.embeddings.cls_token", 1, 1, d), w("vit.embeddings.position_embeddings", 1, tokens, d))
    for i in range(c["layers"]):
        at = f"vit.encoder.layer.{i}"
        y = w.norm(x, f"{at}.layernorm_before", d, e)
        q, k, v = (w.linear(y, f"{at}.attention.attention.{part}", d, d) for part in ("query", "key", "value"))
        x = x + w.linear(attention(q, k, v, c["heads"]), f"{at}.attention.output.dense", d, d)
        y = F.gelu(w.linear(w.norm(x, f"{at}.layernorm_after", d, e), f"{at}.intermediate.dense", d, c["ffn"]))
        x = x + w.linear(y, f"{at}.output.dense", c["ffn"], d)
    return pixels, w.linear(w.norm(x[:, 0], "vit.layernorm", d, e), "classifier", d, c["labels"])


def head_weights(kind, s):
    if kind == "softmax":
        return torch.softmax(s, -1)
    if kind == "scale":
        return s / s.shape[-1]
    kept = torch.relu(s) if kind == "relu" else s * s
    return kept / (kept.sum(-1, keepdim=True) + 1e-5)


def vit_lite(c):
    """MPCViT's released network: y = LN1(x + Attn(LN0(x))), out = y + MLP(y)."""
    w = Weights("vit-lite")
    d, e = c["hidden"], c["layerNormEpsilon"]
    pixels = images("vit-lite", c)
    x = patches(w, pixels, "tokenizer.conv_layers.0.0", c)
    tokens = x.shape[1] + 1
    x = with_class_token(x, w("classifier.class_emb", 1, 1, d), w("classifier.positional_emb", 1, tokens, d))
    for i, kinds in enumerate(c["attention"]):
        at = f"classifier.blocks.{i}"
        qkv = w.linear(w.norm(x, f"{at}.pre_norm", d, e), f"{at}.self_attn.qkv", d, 3 * d, bias=False)
        q, k, v = (split(part, c["heads"]) for part in qkv.split(d, 2))
        s = scores_of(q, k)
        weights = torch.stack([head_weights(kind, s[:, head]) for head, kind in enumerate(kinds)], 1)
        y = w.norm(x + w.linear(join(weights @ v), f"{at}.self_attn.proj", d, d), f"{at}.norm1", d, e)
        x = y + w.linear(F.gelu(w.linear(y, f"{at}.linear1", d, c["ffn"])), f"{at}.linear2", c["ffn"], d)
    return pixels, w.linear(w.norm(x[:, 0], "classifier.norm", d, e), "classifier.fc", d, c["labels"])


STACK = {"layers": 2, "hidden": 16, "heads": 4, "ffn": 24}
WORDS = {"vocabularySize": 13, "maxPositions": 10}
IMAGE = {"imageSize": 8, "patchSize": 4, "channels": 3, "labels": 3}
CASES = [
    (bert, {"architecture": "bert", **STACK, **WORDS, "typeVocabularySize": 2, "labels": 3, "layerNormEpsilon": 1e-12, "pooling": "cls"}),
    (roberta, {"architecture": "roberta", **STACK, **WORDS, "labels": 3, "layerNormEpsilon": 1e-5, "paddingId": 1}),
    (gpt2, {"architecture": "gpt2", **STACK, **WORDS, "layerNormEpsilon": 1e-5}),
    (llama, {"architecture": "llama", **STACK, "vocabularySize": 13, "rmsNormEpsilon": 1e-6, "rotaryBase": 10000, "keyValueHeads": 2}),
    (vit, {"architecture": "vit", **STACK, **IMAGE, "layerNormEpsilon": 1e-12}),
    (vit_lite, {"architecture": "vit-lite", **STACK, **IMAGE, "layerNormEpsilon": 1e-5, "quotient": "inverse",
                "attention": [["softmax", "relu", "scale", "2quad"], ["relu", "relu", "softmax", "scale"]]}),
]


def rounded(x):
    return [round(value, 9) for value in x.flatten().tolist()]


def main():
    cases = []
    for build, config in CASES:
        *inputs, logits = build(config)
        case = {"config": config, "logits": rounded(logits)}
        if len(inputs) == 2:
            ids, real = inputs
            case |= {"ids": ids.flatten().tolist(), "mask": real.int().flatten().tolist()}
        cases.append(case)
    made = {"by": f"tests/oracles/architectures.py, PyTorch {torch.__version__}", "samples": SAMPLES, "length": LENGTH}
    path = Path(__file__).resolve().parents[1] / "vectors/architectures.json"
    path.write_text(json.dumps({**made, "cases": cases}, separators=(",", ":")) + "\n")
    print(f"{path}: {path.stat().st_size} bytes, {len(cases)} architectures of {SAMPLES} samples")


main()
