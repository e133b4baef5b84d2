"""JAX: the whole loop over the batches compiled into one program; many nets are one under vmap."""
import os

import common as c

os.environ["XLA_FLAGS"] = (
    f"--xla_cpu_multi_thread_eigen={'false' if c.THREADS == 1 else 'true'}"
    f" intra_op_parallelism_threads={c.THREADS}")
os.environ["JAX_ENABLE_X64"] = "1"
import jax
import jax.numpy as jnp
import numpy as np


def epochs(sizes, loss, rows, batch, optimizer, steps, kind, rates=None):
    W, b, x, t = c.start(sizes, rows, kind)
    L, is_sigmoid = len(W), sizes == [2, 2, 2]
    p = [jnp.asarray(a) for a in W + b]
    x, t = jnp.asarray(x), jnp.asarray(t)

    def cost(p, X, T):
        a = X
        for i in range(L):
            z = a @ p[i] + p[L + i]
            a = jax.nn.sigmoid(z) if is_sigmoid else jnp.maximum(z, 0)
        if loss == "half_sse": return ((jax.nn.sigmoid(z) - T)**2).sum() / 2
        if loss == "bce": return jnp.mean(jnp.logaddexp(0, z) - z * T)
        return -jnp.mean((T * jax.nn.log_softmax(z)).sum(axis=1))

    def step(state, index, rate=0.1):
        p, m, v, k = state
        g = jax.grad(cost)(p, x[index], t[index])
        k = k + 1
        if optimizer == "sgd": return ([a - rate * d for a, d in zip(p, g)], m, v, k), None
        m = [0.9 * a + 0.1 * d for a, d in zip(m, g)]
        v = [0.999 * a + 0.001 * d * d for a, d in zip(v, g)]
        first, second = 1 - 0.9**k, 1 - 0.999**k
        p = [(a - 0.001 * (i / first) / (jnp.sqrt(j / second) + 1e-8)).astype(kind)
             for a, i, j in zip(p, m, v)]
        return (p, [a.astype(kind) for a in m], [a.astype(kind) for a in v], k), None

    moments = [jnp.zeros_like(a) for a in p] if optimizer == "adam" else []
    index = np.concatenate([c.order(rows) for _ in range(steps * batch // rows + 1)])
    index = jnp.asarray(index[:steps * batch].reshape(steps, batch))
    state = (p, moments, moments, jnp.asarray(0.0, kind))
    if rates:
        rates = jnp.asarray(rates, kind)
        state = jax.tree.map(lambda a: jnp.stack([a] * len(rates)), state)
        many = jax.vmap(lambda s, r, i: jax.lax.scan(lambda s, i: step(s, i, r), s, i)[0], (0, 0, None))
        loop = jax.jit(lambda s, i: many(s, rates, i))
    else:
        loop = jax.jit(lambda s, i: jax.lax.scan(step, s, i)[0])
    return lambda: jax.block_until_ready(loop(state, index))


c.measure_steps("jax", epochs)
c.measure_lanes("jax", epochs)
