"""One computation on CrypTen: two processes over loopback TCP, 64-bit ring, 16 fraction bits.

    python crypten_peer.py CASE LAPS           CASE as in cases.ts

Prints one line of JSON: milliseconds of each lap (slowest party), bytes that a party sent (half of what
CrypTen logs, which counts both directions), its rounds, the largest error against PyTorch, versions.
The provider is CrypTen's default: party 0 makes the triples, within the time.
"""

import json
import math
import multiprocessing
import os
import socket
import sys
import time
import warnings

warnings.filterwarnings("ignore")
TOKENS, HIDDEN, FFN, HEADS = 128, 768, 3072, 12


def gelu(x):
    return 0.5 * x * (1 + (x * (1 / math.sqrt(2))).erf())


def quad(x):
    return 0.125 * x.square() + 0.25 * x + 0.5


def two_quad(x):
    """Divided by the mean of the row: by the sum, as MPCFormer's timing code does, the values are wrong."""
    y = (x + 5).square()
    return y * (y.mean(-1, keepdim=True)).reciprocal(all_pos=True) * (1 / TOKENS)


def layernorm(x, gamma, beta):
    x = x - x.mean(-1, keepdim=True)
    variance = x.square().mean(-1, keepdim=True)
    root = variance.inv_sqrt() if hasattr(variance, "inv_sqrt") else variance.rsqrt()
    return x * root * gamma + beta


def layer(activation, weighting, x, qkv, qkv_bias, out, out_bias, g1, b1, up, up_bias, down, down_bias, g2, b2):
    width = HIDDEN // HEADS
    all_three = x.matmul(qkv) + qkv_bias
    q, k, v = (
        all_three[:, part * HIDDEN : (part + 1) * HIDDEN].reshape(TOKENS, HEADS, width).transpose(0, 1)
        for part in range(3)
    )
    scores = q.matmul(k.transpose(1, 2)) * (width**-0.5)
    mixed = weighting(scores).matmul(v).transpose(0, 1).reshape(TOKENS, HIDDEN)
    y = layernorm(x + mixed.matmul(out) + out_bias, g1, b1)
    fed = activation(y.matmul(up) + up_bias).matmul(down) + down_bias
    return layernorm(y + fed, g2, b2)


def case(name, torch):
    def numbers(shape, seed, scale):
        return torch.randn(shape, generator=torch.Generator().manual_seed(seed)) * scale

    def layer_inputs():
        shapes = [(TOKENS, HIDDEN), (HIDDEN, 3 * HIDDEN), (3 * HIDDEN,), (HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN,)]
        shapes += [(HIDDEN,), (HIDDEN, FFN), (FFN,), (FFN, HIDDEN), (HIDDEN,), (HIDDEN,), (HIDDEN,)]
        inputs = [numbers(shape, seed, 1.0 if seed == 0 else 0.03) for seed, shape in enumerate(shapes)]
        for gamma in (5, 11):
            inputs[gamma] = inputs[gamma] + 1
        return inputs

    if name == "matmul":
        return lambda x, y: x.matmul(y), [numbers((TOKENS, HIDDEN), 0, 1), numbers((HIDDEN, HIDDEN), 1, 0.05)]
    if name == "relu":
        return lambda x: x.relu(), [numbers((TOKENS, FFN), 0, 1)]
    if name == "gelu":
        return gelu, [numbers((TOKENS, FFN), 0, 0.3)]
    if name == "softmax":
        return lambda x: x.softmax(-1), [numbers((HEADS, TOKENS, TOKENS), 0, 1)]
    if name == "layernorm":
        return layernorm, [numbers((TOKENS, HIDDEN), 0, 1), numbers((HIDDEN,), 1, 1), numbers((HIDDEN,), 2, 1)]
    if name == "layer":
        return lambda *inputs: layer(gelu, lambda x: x.softmax(-1), *inputs), layer_inputs()
    if name == "layer-quad":
        return lambda *inputs: layer(quad, two_quad, *inputs), layer_inputs()
    raise SystemExit(f"case: {name} is not known here")


def party(rank, port, name, laps, results):
    os.environ.update(
        WORLD_SIZE="2", RANK=str(rank), RENDEZVOUS=f"tcp://127.0.0.1:{port}", DISTRIBUTED_BACKEND="gloo"
    )
    import torch

    torch.set_num_threads(1)
    import crypten
    import crypten.communicator
    from crypten.config import cfg

    crypten.init()
    cfg.communicator.verbose = True  # counts rounds and bytes
    communicator = crypten.communicator.get()
    function, inputs = case(name, torch)
    shared = [crypten.cryptensor(each, src=0) for each in inputs]
    ms = []
    for _ in range(laps):
        communicator.barrier()
        communicator.reset_communication_stats()
        started = time.perf_counter()
        result = function(*shared)
        ms.append((time.perf_counter() - started) * 1e3)
    rounds, logged = communicator.comm_rounds, communicator.comm_bytes
    error = float((result.get_plain_text() - function(*inputs)).abs().max())
    results.put((ms, logged / 2, rounds, error, torch.__version__, crypten.__version__))


def main():
    name, laps = sys.argv[1], int(sys.argv[2])
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    processes = [spawn.Process(target=party, args=(rank, port, name, laps, results)) for rank in range(2)]
    for process in processes:
        process.start()
    done = [results.get(timeout=900) for _ in processes]
    for process in processes:
        process.join(10)
        if process.is_alive():
            process.kill()
    print(
        json.dumps(
            {
                "ms": [max(lap) for lap in zip(*(each[0] for each in done))],
                "bytesSent": max(each[1] for each in done),
                "rounds": max(each[2] for each in done),
                "offlineBytes": None,
                "error": max(each[3] for each in done),
                "version": f"CrypTen {done[0][5]}, PyTorch {done[0][4]}",
            }
        )
    )


if __name__ == "__main__":
    main()
