"""Step 3 of 3: rounds a checkpoint to F16, judges it on the 5,000 held-out reviews, writes the model.

    OMP_NUM_THREADS=1 python3 export.py <work folder> <checkpoint name, such as final-epoch3>

Writes model.safetensors, config.json and tokenizer.json into server/zoo/embedded/models/. The accuracy
is that of the rounded weights, computed in float32.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

import torch

from bert import EPSILON, FFN, HEADS, HIDDEN, MAX_POSITIONS, Classifier, accuracy, load_rows, write_safetensors

work, checkpoint_name = Path(sys.argv[1]), sys.argv[2]
target = Path(__file__).resolve().parents[3] / "server/zoo/embedded/models/minilm-2l-imdb"

torch.set_num_threads(1)
checkpoint = torch.load(work / f"{checkpoint_name}.pt")
state = {name: tensor.half().float() for name, tensor in checkpoint["state"].items()}
vocabulary = len(state["bert.embeddings.word_embeddings.weight"])
model = Classifier(len(checkpoint["layers"]), vocabulary, checkpoint["pooling"])
model.load_state_dict(state)

ids, mask, labels = load_rows(work, "heldout")
value = accuracy(model, ids, mask, labels)
first = {n: accuracy(model, ids[:n], mask[:n], labels[:n]) for n in (200, 500)}

weights = target / "model.safetensors"
target.mkdir(parents=True, exist_ok=True)
write_safetensors(weights, state, {"format": "pt"})
sha256 = hashlib.sha256(weights.read_bytes()).hexdigest()

config = {
    "architectures": ["BertForSequenceClassification"],
    "model_type": "bert",
    "num_hidden_layers": len(checkpoint["layers"]),
    "hidden_size": HIDDEN,
    "num_attention_heads": HEADS,
    "intermediate_size": FFN,
    "hidden_act": "gelu",
    "layer_norm_eps": EPSILON,
    "max_position_embeddings": MAX_POSITIONS,
    "position_embedding_type": "absolute",
    "type_vocab_size": 2,
    "vocab_size": vocabulary,
    "pad_token_id": 0,
    "hidden_dropout_prob": 0.1,
    "attention_probs_dropout_prob": 0.1,
    "initializer_range": 0.02,
    "id2label": {"0": "negative", "1": "positive"},
    "label2id": {"negative": 0, "positive": 1},
    "torch_dtype": "float16",
    "parley": {
        "maxLength": 64,
        "truncation": {"headFraction": 0.3},
        "pooling": checkpoint["pooling"],
        "card": {
            "title": "MiniLM, 2 layers, IMDb reviews",
            "licence": "Apache-2.0",
            "weightsSha256": sha256,
            "accuracy": {
                "value": round(value, 4),
                "n": len(ids),
                "source": "float32 on the F16-rounded weights, all held-out reviews, by "
                "benchmarks/training/minilm-2l-imdb/export.py",
            },
        },
    },
}
(target / "config.json").write_text(json.dumps(config, indent=2) + "\n")
shutil.copyfile(work / "tokenizer.json", target / "tokenizer.json")
print(f"{checkpoint_name}: held-out accuracy {value:.4f} on {len(ids)}; first 200/500: {first}")
print(f"{weights.name}: {weights.stat().st_size} bytes, sha256 {sha256}")
