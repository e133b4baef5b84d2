"""PyTorch as it is written: eager, with its own optimizers."""
import common as c
import torch

torch.set_num_threads(c.THREADS)


def epochs(sizes, loss, rows, batch, optimizer, steps, kind):
    W, b, x, t = c.start(sizes, rows, kind)
    p, L, is_sigmoid = [torch.tensor(a, requires_grad=True) for a in W + b], len(W), sizes == [2, 2, 2]
    x, t, order = torch.tensor(x), torch.tensor(t), torch.tensor(c.order(rows))
    rule = torch.optim.SGD(p, lr=0.1) if optimizer == "sgd" else torch.optim.Adam(p)
    f = torch.nn.functional

    def run():
        for s in range(steps):
            index = order[s * batch % rows:s * batch % rows + batch]
            a, T = x[index], t[index]
            for i in range(L):
                z = torch.addmm(p[L + i], a, p[i])
                if i < L - 1: a = torch.sigmoid(z) if is_sigmoid else torch.relu(z)
            if loss == "half_sse": cost = ((torch.sigmoid(z) - T)**2).sum() / 2
            elif loss == "bce": cost = f.binary_cross_entropy_with_logits(z, T)
            else: cost = f.cross_entropy(z, T)
            rule.zero_grad()
            cost.backward()
            rule.step()
    return run


c.measure_steps("torch", epochs)
for kind in ("float64", "float32"):
    if c.wanted(f"{c.PREDICTION} {kind}"):
        W, b, x, _ = c.start([784, 256, 128, 10], 20_000, kind)
        W, b, x = [torch.tensor(a) for a in W], [torch.tensor(a) for a in b], torch.tensor(x)

        def predict():
            with torch.inference_mode():
                a = torch.relu(torch.addmm(b[0], x, W[0]))
                return torch.addmm(b[2], torch.relu(torch.addmm(b[1], a, W[1])), W[2])
        c.report(f"{c.PREDICTION} {kind}", "torch", c.best(predict, 1))
