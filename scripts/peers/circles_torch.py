"""The circles net of the lectures in PyTorch."""
import math

import torch

torch.manual_seed(1)
torch.set_num_threads(1)
t = torch.arange(100) // 50
a = torch.arange(100) % 50 * (2 * math.pi / 50)
x = torch.where(t == 1, 0.3, 1.0)[:, None] * torch.stack([a.cos(), a.sin()], 1)
x = (x + 0.15 * torch.randn(100, 2)).double()
t = t[:, None].double()
net = torch.nn.Sequential(torch.nn.Linear(2, 20), torch.nn.ReLU(), torch.nn.Linear(20, 1)).double()
rule, cost = torch.optim.SGD(net.parameters(), lr=0.1), torch.nn.BCEWithLogitsLoss()
for epoch in range(100):
    for index in torch.randperm(100).split(10):
        rule.zero_grad()
        cost(net(x[index]), t[index]).backward()
        rule.step()
print("accuracy", ((net(x) > 0) == t).double().mean().item())
