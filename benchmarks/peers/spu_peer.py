"""One computation on SecretFlow-SPU: a process per party over loopback TCP, 64-bit ring, 18 fraction bits.

    python spu_peer.py CASE PROTOCOL LAPS      CASE as in cases.ts; PROTOCOL aby3 | semi2k

Prints one line of JSON: milliseconds of each lap (slowest party), payload bytes and messages of the party
that sent most (SPU's own count), the largest error against numpy, versions. GeLU and softmax are PUMA's
(section 4 of the paper), written here from the formulas.
"""

import json
import multiprocessing
import os
import re
import socket
import sys
import tempfile
import time

import numpy as np

TOKENS, HIDDEN, FFN, HEADS = 128, 768, 3072, 12
LOW = (-0.5054031199708174, -0.42226581151983866, -0.11807612951181953, -0.011034134030615728)
MIDDLE = (0.008526321541038084, 0.5, 0.3603292692789629, 0.0, -0.037688200365904236, 0.0, 0.0018067462606141187)


def gelu(x):
    import jax.numpy as jnp

    below, low, high = x < -4.0, x < -1.95, x > 3.0
    x2 = jnp.square(x)
    x3 = x2 * x
    x4 = jnp.square(x2)
    x6 = jnp.square(x3)
    left = LOW[3] * x3 + LOW[2] * x2 + LOW[1] * x + LOW[0]
    middle = MIDDLE[6] * x6 + MIDDLE[4] * x4 + MIDDLE[2] * x2 + MIDDLE[1] * x + MIDDLE[0]
    between = jnp.logical_xor(below, low)
    inside = jnp.logical_not(jnp.logical_or(low, high))
    return between * left + inside * middle + high * x


def softmax(x):
    import jax.numpy as jnp

    x = x - jnp.max(x, axis=-1, keepdims=True)
    inside = x > -14.0
    y = 1.0 + x / 32.0
    for _ in range(5):
        y = jnp.square(y)
    y = inside * y
    return y * (1.0 / jnp.sum(y, axis=-1, keepdims=True))


def layernorm(x, gamma, beta):
    import jax
    import jax.numpy as jnp

    x = x - jnp.mean(x, axis=-1, keepdims=True)
    return x * jax.lax.rsqrt(jnp.mean(jnp.square(x), axis=-1, keepdims=True)) * gamma + beta


def layer(x, qkv, qkv_bias, out, out_bias, g1, b1, up, up_bias, down, down_bias, g2, b2):
    import jax.numpy as jnp

    width = HIDDEN // HEADS
    q, k, v = (
        jnp.reshape(part, (TOKENS, HEADS, width)).transpose(1, 0, 2)
        for part in jnp.split(jnp.matmul(x, qkv) + qkv_bias, 3, axis=-1)
    )
    scores = jnp.matmul(q, k.transpose(0, 2, 1)) * (width**-0.5)
    mixed = jnp.matmul(softmax(scores), v).transpose(1, 0, 2).reshape(TOKENS, HIDDEN)
    y = layernorm(x + jnp.matmul(mixed, out) + out_bias, g1, b1)
    fed = jnp.matmul(gelu(jnp.matmul(y, up) + up_bias), down) + down_bias
    return layernorm(y + fed, g2, b2)


def numbers(shape, seed, scale):
    return (np.random.default_rng(seed).standard_normal(shape) * scale).astype(np.float32)


def layer_inputs():
    shapes = [(TOKENS, HIDDEN), (HIDDEN, 3 * HIDDEN), (3 * HIDDEN,), (HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN,)]
    shapes += [(HIDDEN,), (HIDDEN, FFN), (FFN,), (FFN, HIDDEN), (HIDDEN,), (HIDDEN,), (HIDDEN,)]
    inputs = [numbers(shape, seed, 1.0 if seed == 0 else 0.03) for seed, shape in enumerate(shapes)]
    for gamma in (5, 11):
        inputs[gamma] = inputs[gamma] + 1
    return inputs


def case(name):
    """The function and its inputs."""
    import jax.numpy as jnp

    if name == "matmul":
        return jnp.matmul, [numbers((TOKENS, HIDDEN), 0, 1), numbers((HIDDEN, HIDDEN), 1, 0.05)]
    if name == "relu":
        return lambda x: jnp.maximum(x, 0), [numbers((TOKENS, FFN), 0, 1)]
    if name == "gelu":
        return gelu, [numbers((TOKENS, FFN), 0, 1)]
    if name == "softmax":
        return softmax, [numbers((HEADS, TOKENS, TOKENS), 0, 1)]
    if name == "layernorm":
        return layernorm, [numbers((TOKENS, HIDDEN), 0, 1), numbers((HIDDEN,), 1, 1), numbers((HIDDEN,), 2, 1)]
    if name == "layer":
        return layer, layer_inputs()
    raise SystemExit(f"case: {name} is not known here")


def settings(protocol):
    from spu import libspu

    config = libspu.RuntimeConfig()
    config.protocol = {"semi2k": libspu.ProtocolKind.SEMI2K, "aby3": libspu.ProtocolKind.ABY3}[protocol]
    config.field = libspu.FieldType.FM64
    config.fxp_fraction_bits = 18
    config.enable_pphlo_profile = True
    return config


def party(rank, ports, protocol, code, names, shares, laps, log, results):
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.dup2(1, 2)
    import spu
    from spu import libspu

    desc = libspu.link.Desc()
    for peer, port in enumerate(ports):
        desc.add_party(f"party{peer}", f"127.0.0.1:{port}")
    link = libspu.link.create_brpc(desc, rank)
    runtime = spu.Runtime(link, settings(protocol))
    executable = libspu.Executable()
    executable.ParseFromString(code)
    for name, share in zip(names, shares):
        runtime.set_var(name, share)
    ms = []
    for _ in range(laps):
        link.barrier()
        started = time.perf_counter()
        runtime.run(executable)
        ms.append((time.perf_counter() - started) * 1e3)
    results.put((rank, ms, runtime.get_var("out0")))
    link.barrier()
    link.stop_link()


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def sent_of(log):
    """Bytes and messages of the last lap, as SPU logged them."""
    with open(log, encoding="utf-8", errors="replace") as lines:
        found = re.findall(r"Link details: total send bytes (\d+), recv bytes \d+, send actions (\d+)", lines.read())
    return tuple(int(number) for number in found[-1])


def main():
    name, protocol, laps = sys.argv[1], sys.argv[2], int(sys.argv[3])
    import jax
    import spu
    from spu import libspu
    from spu.utils import frontend

    function, inputs = case(name)
    secret = libspu.Visibility.VIS_SECRET
    names = [f"in{index}" for index in range(len(inputs))]
    executable, _ = frontend.compile(
        frontend.Kind.JAX, function, tuple(inputs), {}, names, [secret] * len(inputs), lambda out: ["out0"]
    )
    parties = 2 if protocol == "semi2k" else 3
    io = spu.Io(parties, settings(protocol))
    shares = [io.make_shares(each, secret) for each in inputs]
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    with tempfile.TemporaryDirectory() as folder:
        logs = [os.path.join(folder, f"party{rank}.log") for rank in range(parties)]
        ports = free_ports(parties)
        code = executable.SerializeToString()
        processes = [
            spawn.Process(
                target=party,
                args=(rank, ports, protocol, code, names, [each[rank] for each in shares], laps, logs[rank], results),
            )
            for rank in range(parties)
        ]
        for process in processes:
            process.start()
        done = sorted((results.get(timeout=900) for _ in processes), key=lambda each: each[0])
        for process in processes:
            process.join(10)
            if process.is_alive():
                process.kill()
        sent = [sent_of(log) for log in logs]
    got = io.reconstruct([share for _, _, share in done])
    error = float(np.max(np.abs(got - np.asarray(function(*inputs)))))
    print(
        json.dumps(
            {
                "ms": [max(lap) for lap in zip(*(ms for _, ms, _ in done))],
                "bytesSent": max(each for each, _ in sent),
                "rounds": max(each for _, each in sent),
                "offlineBytes": None,
                "error": error,
                "version": f"SPU {spu.__version__}, JAX {jax.__version__}",
            }
        )
    )


if __name__ == "__main__":
    main()
