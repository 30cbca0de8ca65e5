"""A small neural network for windows, many steps at once, in NumPy.

Two hidden layers, weighted absolute loss, Adam with decoupled decay (Loshchilov and Hutter, ICLR 2019), noise
on the inputs and the mean of the last weights; the median of several starts is the forecast. The same input
gives the same output: all random numbers come from the number of the start.
"""

from itertools import pairwise

import numpy as np

HIDDEN = 64
STEPS = 1200
ROWS = 256
RATE = 1e-3
DECAY = 1e-2
NOISE = 0.2
STARTS = 5
AVERAGED = 0.3  # share of the last steps whose weights are averaged
SOFT = 0.05  # errors smaller than this pull in proportion to their size
FAR = 6.0  # standardised inputs are held here


class Network:
    """Learns targets (n, outputs) from features (n, inputs); NaN targets do not count."""

    def __init__(self, features: np.ndarray, target: np.ndarray, weight: np.ndarray) -> None:
        self._middle = features.mean(axis=0)
        spread = features.std(axis=0)
        self._spread = np.where(spread > 1e-9, spread, 1.0)
        inputs = self._inputs(features)
        self._layers = [_learnt(inputs, target, weight, start) for start in range(STARTS)]

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Shape (n, outputs)."""
        inputs = self._inputs(features)
        return np.asarray(np.median([_through(inputs, layers)[-1] for layers in self._layers], axis=0))

    def _inputs(self, features: np.ndarray) -> np.ndarray:
        return np.clip((features - self._middle) / self._spread, -FAR, FAR).astype(np.float32)


def _through(inputs: np.ndarray, layers: list[np.ndarray]) -> list[np.ndarray]:
    """Values of each layer, the input first, the output last."""
    values = [inputs]
    for number in range(0, len(layers), 2):
        value = values[-1] @ layers[number] + layers[number + 1]
        values.append(np.maximum(value, 0.0) if number < len(layers) - 2 else value)
    return values


def _learnt(inputs: np.ndarray, target: np.ndarray, weight: np.ndarray, start: int) -> list[np.ndarray]:
    """Weights and offsets of the layers after training from one start."""
    random = np.random.default_rng(start)
    sizes = [inputs.shape[1], HIDDEN, HIDDEN, target.shape[1]]
    layers: list[np.ndarray] = []
    for fan_in, fan_out in pairwise(sizes):
        layers.append(random.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out)).astype(np.float32))
        layers.append(np.zeros(fan_out, dtype=np.float32))
    layers[-2] *= 0.1  # the first forecasts lie near the centre
    first, second, total = ([np.zeros_like(one) for one in layers] for _ in range(3))
    begin = int(STEPS * (1 - AVERAGED))
    for step in range(STEPS):
        rate = RATE * 0.5 * (1 + np.cos(np.pi * step / STEPS))
        chosen = random.integers(0, len(inputs), ROWS)
        noise = random.standard_normal((ROWS, inputs.shape[1]), dtype=np.float32) * np.float32(NOISE)
        gradient = _gradient(inputs[chosen] + noise, target[chosen], weight[chosen], layers)
        for number, slope in enumerate(gradient):
            first[number] = 0.9 * first[number] + 0.1 * slope
            second[number] = 0.999 * second[number] + 0.001 * slope * slope
            size = np.sqrt(second[number] / (1 - 0.999 ** (step + 1))) + 1e-8
            layers[number] = layers[number] - np.float32(rate) * (
                first[number] / (1 - 0.9 ** (step + 1)) / size + DECAY * layers[number]
            )
            if step >= begin:
                total[number] += layers[number]
    return [one / (STEPS - begin) for one in total]


def _gradient(
    inputs: np.ndarray, target: np.ndarray, weight: np.ndarray, layers: list[np.ndarray]
) -> list[np.ndarray]:
    """Gradient of the weighted absolute loss for each layer's weights and offsets."""
    values = _through(inputs, layers)
    error = values[-1] - target
    pull = np.nan_to_num(np.clip(error / SOFT, -1, 1) * weight / error.size).astype(np.float32)
    slopes: list[np.ndarray] = []
    for number in reversed(range(0, len(layers), 2)):
        before = values[number // 2]
        slopes += [pull.sum(axis=0), before.T @ pull]
        if number:
            pull = (pull @ layers[number].T) * (before > 0)
    return slopes[::-1]
