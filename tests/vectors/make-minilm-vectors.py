"""Makes minilm-2l-imdb.json: what an independent implementation says about three reviews.

    python3 tests/vectors/make-minilm-vectors.py

PyTorch in float64 on the committed weights, and a WordPiece tokenizer of its own, against which
tests/zoo checks the TypeScript ones. The reviews were written for this purpose: IMDb's text may not be
committed. Run it again after every change of the weights.
"""

import hashlib
import json
import sys
import unicodedata
from pathlib import Path

import torch

root = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(root / "benchmarks/training/minilm-2l-imdb"))
from bert import Classifier, read_safetensors  # noqa: E402

folder = root / "server/zoo/embedded/models/minilm-2l-imdb"
config = json.loads((folder / "config.json").read_text())
vocabulary = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]

TEXTS = [
    "A warm, funny and beautifully acted film. I loved every minute of it!",
    "The naïve café scenes drag on for an unforgivably long time.<br /><br />The dialogue is wooden; the plot "
    "makes no sense. Avoid.",
    "I went in expecting very little, because the trailer had shown two explosions, a talking parrot and not "
    "much else. For the first half hour that seemed about right: the hero broods, the villain monologues, and "
    "the parrot gets the only good lines. Then something odd happens. The story slows down, two old friends sit "
    "on a pier, and for ten minutes nobody shouts. It is the quietest scene in any blockbuster this year, and it "
    "changes what the rest of the picture means. The finale is still noisy, and the score is overbearing, but I "
    "left the cinema moved, and I would happily see it again.",
]


def split_words(text):
    """BERT's basic tokenizer: lower case, accents off, punctuation apart."""
    text = unicodedata.normalize("NFD", text.replace("<br />", " ").lower())
    words, word = [], ""
    for character in (c for c in text if unicodedata.category(c) != "Mn"):
        if character.isspace() or not character.isalnum():
            words += [word] if word else []
            words += [] if character.isspace() else [character]
            word = ""
        else:
            word += character
    return words + ([word] if word else [])


def split_pieces(word):
    """WordPiece: the longest known piece, again and again."""
    ids, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                ids.append(vocabulary[piece])
                start = end
                break
        else:
            return [vocabulary["[UNK]"]]
    return ids


def encode(text):
    """[CLS], head and tail of the pieces, [SEP], padding; and how many positions are real."""
    length = config["parley"]["maxLength"]
    pieces = [piece for word in split_words(text) for piece in split_pieces(word)]
    room = length - 2
    if len(pieces) > room:
        head = int(config["parley"]["truncation"]["headFraction"] * room)
        pieces = pieces[:head] + pieces[head - room :]
    ids = [vocabulary["[CLS]"], *pieces, vocabulary["[SEP]"]]
    return ids + [vocabulary["[PAD]"]] * (length - len(ids)), len(ids)


torch.set_num_threads(1)
model = Classifier(config["num_hidden_layers"], config["vocab_size"], config["parley"]["pooling"])
model.load_state_dict(read_safetensors(folder / "model.safetensors"))
model = model.double().eval()

cases = []
for text in TEXTS:
    ids, real = encode(text)
    hidden = []
    with torch.no_grad():
        mask = torch.arange(len(ids))[None] < real
        logits = model(torch.tensor([ids]), mask, hidden)[0].tolist()
    last = real - 1
    cases.append(
        {
            "text": text,
            "ids": ids,
            "realPositions": real,
            "logits": logits,
            # Per layer (embeddings first): four values of the first and of the last real position.
            "hidden": [[x[0, 0, :4].tolist(), x[0, last, -4:].tolist()] for x in hidden],
        }
    )

sha256 = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
vectors = {"madeBy": "make-minilm-vectors.py", "weightsSha256": sha256, "cases": cases}
Path(__file__).with_name("minilm-2l-imdb.json").write_text(json.dumps(vectors, indent=1) + "\n")
