"""The optimizer, written out: a snapshot must hold all of it and nothing else."""

from __future__ import annotations

from typing import Any, TypeAlias

import tensorflow as tf

Tensor: TypeAlias = Any

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Adam:
    """Adam, of Kingma & Ba, 2014. Its moments and its count are plain variables."""

    def __init__(self, variables: list[Tensor]) -> None:
        self._variables = variables
        self.first = [tf.Variable(tf.zeros_like(variable)) for variable in variables]
        self.second = [tf.Variable(tf.zeros_like(variable)) for variable in variables]
        self.count = tf.Variable(0.0)

    def update(self, gradients: list[Tensor], rate: Tensor) -> None:
        r"""Take one step.

        .. math::
            m &= \beta_1 m + (1 - \beta_1) g \\
            v &= \beta_2 v + (1 - \beta_2) g^2 \\
            w &= w - \alpha \sqrt{1 - \beta_2^t} / (1 - \beta_1^t) \cdot m / (\sqrt v + \epsilon)
        """
        t = self.count.assign_add(1.0)
        scale = rate * tf.sqrt(1 - BETA2**t) / (1 - BETA1**t)
        moments = zip(self._variables, gradients, self.first, self.second, strict=True)
        for w, g, m, v in moments:
            m.assign(BETA1 * m + (1 - BETA1) * g)
            v.assign(BETA2 * v + (1 - BETA2) * tf.square(g))
            w.assign_sub(scale * m / (tf.sqrt(v) + EPSILON))

    def reset(self) -> None:
        """Forget all gradients."""
        for variable in (*self.first, *self.second, self.count):
            variable.assign(tf.zeros_like(variable))
