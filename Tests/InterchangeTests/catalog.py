"""What interoperability.py and frameworks.py have in common: the names of activations and losses as
bp's own help lists them, and functions that a user may write instead of them.
"""

import subprocess
import sys

# One of several operations that share parts; one that looks at all units; one with comparisons,
# which is where its parts meet continuous; one of a constant matrix and of single units; one that
# gives the same for every sample; one of every function there is.
ACTIVATIONS = {
    "soft": "soft(x) = x/(1 + abs(x))",
    "shares": "shares(x) = exp(x)/sum(exp(x))",
    "centred": "centred(x) = where(x >= mean(x), x - mean(x), 0.5*(x - mean(x))) + max(x) - min(x)",
    "pieces": "pieces(x) = where(x > 1, x/2, where(x <= -1, x/2, min(max(x, -0.5), 0.5)))"
    " + x*(x >= 0) + where(x, 0.5*x, 0) + x*eq(x, 0) + x*(1 < x)",
    "mixed": "mixed(x) = tanh([[1, -2, 0.5, 0, 0, 1], [0, 1, 0, 0.25, 0, 0], [1, 0, 1, 0, 1, 0], "
    "[0, 0, 0, 2, 0, 0], [0.5, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, -1]] @ x/4) + x[2] - x[[6, 5, 4, 3, 2, 1]]",
    "level": "level(x) = [1, 2, 3, 4, 5, 6]",
    "every": "every(x) = ((sin(x) + cos(x) + tan(x/9) + asin(tanh(x)/2) + acos(tanh(x)/2) + atan(x)"
    " + sinh(x/4) + cosh(x/4) + erf(x) + log(1 + x^2) + log2(2 + x^2) + log10(3 + x^2) + sqrt(abs(x)))"
    " + floor(x) - ceil(x) + round(x) + x % 3 - x % (-3) + 1.5^x + norm(x) + softplus(x) + swish(x)"
    " + gelu(x) + tanh_half(x) + sigmoid(-x) + relu(x) + leaky(x) + elu(x, alpha=0.5) + clip(x)"
    " + step(x) + sign(x) + sum(softmax(x)*x))/20",
}
LOSSES = {
    "quartic": "quartic(y, t) = sum((y - t)^4) + 0.1*max(abs(y - t))",
    "pinball": "pinball(y, t) = mean(where(t > y, 0.9*(t - y), 0.1*(y - t)))",
    "cosine": "cosine(y, t) = 1 - (y @ t + 0.1)/(norm(y)*norm(t) + 0.1)",
}


def run(*words, **options):
    result = subprocess.run(words, capture_output=True, text=True, **options)
    if result.returncode:
        sys.exit(f"{' '.join(words)} failed with status {result.returncode}\n{result.stderr}")
    return result.stdout


def names(bp, topic):
    """All activations, losses or optimizers: help begins each with its name."""
    lines = run(bp, "-e", f"help {topic}").splitlines()
    found = [line.split()[0].split("(")[0] for line in lines if line and not line.startswith(" ")]
    if len(found) < 8:
        sys.exit(f"help {topic} lists {found}")
    return found


def configured(bp, name):
    """A call with settings that are not the standard ones, where there are any."""
    signature = run(bp, "-e", f"help {name}").splitlines()[0]
    # Behind the operand; a name of a data set as well has the help of that.
    operand, *options = signature.split()[1:] or [""]
    settings = [word.split("=") for word in options if "=" in word and operand in ("x", "y")]
    numbers = [(setting, value) for setting, value in settings if value not in ("true", "false")]
    changed = ", ".join(f"{setting}={0.6 * float(value)}" for setting, value in numbers)
    return f"{name}({changed})" if numbers else name
