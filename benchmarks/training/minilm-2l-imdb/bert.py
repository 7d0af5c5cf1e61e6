"""A small BERT sequence classifier with Hugging Face's tensor names, and safetensors in and out.

Plain PyTorch (1.13 is enough); the modules are named so that `state_dict()` has exactly the keys of
`BertForSequenceClassification`. Used by train.py, export.py and tests/vectors/make-minilm-vectors.py.
"""

import json
import math
import struct

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

HIDDEN, HEADS, FFN, MAX_POSITIONS, EPSILON = 384, 12, 1536, 128, 1e-12


def named(**modules):
    """A bare container: its children, under these names, are all it has."""
    container = nn.Module()
    for name, module in modules.items():
        container.add_module(name, module)
    return container


class Layer(nn.Module):
    """Post-LayerNorm Transformer layer: attention, then a GELU feed-forward block."""

    def __init__(self):
        super().__init__()
        self.attention = named(
            self=named(query=nn.Linear(HIDDEN, HIDDEN), key=nn.Linear(HIDDEN, HIDDEN), value=nn.Linear(HIDDEN, HIDDEN)),
            output=named(dense=nn.Linear(HIDDEN, HIDDEN), LayerNorm=nn.LayerNorm(HIDDEN, EPSILON)),
        )
        self.intermediate = named(dense=nn.Linear(HIDDEN, FFN))
        self.output = named(dense=nn.Linear(FFN, HIDDEN), LayerNorm=nn.LayerNorm(HIDDEN, EPSILON))

    def forward(self, x, bias, dropout):
        rows, length, _ = x.shape
        projections = getattr(self.attention, "self")

        def heads(linear):
            return linear(x).view(rows, length, HEADS, -1).transpose(1, 2)

        query, key, value = heads(projections.query), heads(projections.key), heads(projections.value)
        scores = query @ key.transpose(-1, -2) / math.sqrt(HIDDEN // HEADS) + bias
        mixed = dropout(scores.softmax(-1)) @ value
        mixed = mixed.transpose(1, 2).reshape(rows, length, HIDDEN)
        out = self.attention.output
        x = out.LayerNorm(x + dropout(out.dense(mixed)))
        wide = F.gelu(self.intermediate.dense(x))
        return self.output.LayerNorm(x + dropout(self.output.dense(wide)))


class Classifier(nn.Module):
    """Token ids [rows, length] and mask (bool, same shape) to logits [rows, 2]."""

    def __init__(self, layers, vocabulary, pooling="cls", dropout=0.1):
        super().__init__()
        self.pooling = pooling
        self.dropout = nn.Dropout(dropout)
        self.bert = named(
            embeddings=named(
                word_embeddings=nn.Embedding(vocabulary, HIDDEN),
                position_embeddings=nn.Embedding(MAX_POSITIONS, HIDDEN),
                token_type_embeddings=nn.Embedding(2, HIDDEN),
                LayerNorm=nn.LayerNorm(HIDDEN, EPSILON),
            ),
            encoder=named(layer=nn.ModuleList(Layer() for _ in range(layers))),
            pooler=named(dense=nn.Linear(HIDDEN, HIDDEN)),
        )
        self.classifier = nn.Linear(HIDDEN, 2)

    def forward(self, ids, mask, hidden=None):
        """`hidden`, when a list is given, collects the embedding output and each layer's output."""
        table = self.bert.embeddings
        x = table.word_embeddings(ids) + table.position_embeddings.weight[: ids.shape[1]]
        x = self.dropout(table.LayerNorm(x + table.token_type_embeddings.weight[0]))
        bias = torch.zeros(mask.shape, dtype=x.dtype).masked_fill_(~mask, -1e9)[:, None, None, :]
        for layer in [None, *self.bert.encoder.layer]:
            x = x if layer is None else layer(x, bias, self.dropout)
            if hidden is not None:
                hidden.append(x)
        if self.pooling == "mean":
            weight = mask.to(x.dtype)[:, :, None]
            summary = (x * weight).sum(1) / weight.sum(1)
        else:
            summary = x[:, 0]
        return self.classifier(self.dropout(torch.tanh(self.bert.pooler.dense(summary))))


def read_safetensors(path):
    """All float tensors of a file as {name: float32 tensor}."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    kinds = {"F16": np.float16, "F32": np.float32}
    return {
        name: torch.from_numpy(
            np.frombuffer(data[slice(*entry["data_offsets"])], kinds[entry["dtype"]])
            .reshape(entry["shape"])
            .astype(np.float32)
        )
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] in kinds
    }


def write_safetensors(path, tensors, metadata):
    """Writes {name: tensor} as F16, in the given order, 8-byte aligned."""
    header, chunks, offset = {"__metadata__": metadata}, [], 0
    for name, tensor in tensors.items():
        chunk = tensor.detach().numpy().astype("<f2").tobytes()
        header[name] = {"dtype": "F16", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(chunk)]}
        chunks.append(chunk)
        offset += len(chunk)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(chunks))


def start_from_upstream(model, path, kept_ids, source_layers):
    """Copies the pretrained weights: the kept wordpieces' rows, the first positions, the chosen layers."""
    upstream = {name.removeprefix("bert."): tensor for name, tensor in read_safetensors(path).items()}
    own = model.state_dict()
    for name in own:
        source = name.removeprefix("bert.")
        if source.startswith("classifier."):
            continue
        if source.startswith("encoder.layer."):
            _, _, layer, rest = source.split(".", 3)
            source = f"encoder.layer.{source_layers[int(layer)]}.{rest}"
        tensor = upstream[source]
        if source.endswith("word_embeddings.weight"):
            tensor = tensor[kept_ids]
        elif source.endswith("position_embeddings.weight"):
            tensor = tensor[:MAX_POSITIONS]
        own[name].copy_(tensor)


def load_rows(work, name, length=64):
    """The tokenised rows of prepare.mjs: ids (int64), mask (bool: not [PAD] = 0), labels (int64)."""
    ids = np.fromfile(f"{work}/{name}-ids.bin", np.uint16).reshape(-1, length).astype(np.int64)
    labels = np.fromfile(f"{work}/{name}-labels.bin", np.uint8).astype(np.int64)
    ids = torch.from_numpy(ids)
    return ids, ids != 0, torch.from_numpy(labels)


@torch.no_grad()
def accuracy(model, ids, mask, labels, batch=250):
    """Fraction of rows whose larger logit is the label's; dropout off."""
    model.eval()
    right = 0
    for start in range(0, len(ids), batch):
        rows = slice(start, start + batch)
        right += int((model(ids[rows], mask[rows]).argmax(1) == labels[rows]).sum())
    model.train()
    return right / len(ids)
