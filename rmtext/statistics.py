"""Shares and their confidence intervals, weighted or not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its confidence interval, all three in [0, 1].

    ``hits`` of ``n`` answers are counted, never weighted. With survey weights ``value`` is the weighted share
    and ``effective_n`` what the sample is worth; without them ``value`` is ``hits / n`` and ``effective_n``
    is ``n``.
    """

    value: float
    low: float
    high: float
    hits: int
    n: int
    effective_n: float

    def clearly_above(self, other: Share) -> bool:
        """Whether this share is larger and the two intervals have no point in common."""
        return self.low > other.high


@dataclass(slots=True)
class Tally:
    """A running count of answers with the sums that weighted shares need. Constant in memory."""

    n: int = 0
    weight: float = 0.0
    squares: float = 0.0

    def add(self, weight: float = 1.0) -> None:
        """Counts one answer."""
        self.n += 1
        self.weight += weight
        self.squares += weight * weight

    def without(self, part: Tally) -> Tally:
        """The answers of this tally that are not in ``part``, a tally of some of them."""
        return Tally(self.n - part.n, max(0.0, self.weight - part.weight), max(0.0, self.squares - part.squares))

    @property
    def effective_n(self) -> float:
        """Kish's effective sample size (Kish 1965): (Σw)² / Σw². Equal weights give n."""
        return min(float(self.n), self.weight * self.weight / self.squares) if self.squares > 0 else 0.0


def wilson_interval(hits: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """Confidence interval of a share, in [0, 1].

    Wilson's score interval (Wilson 1927): stays inside [0, 1] and holds its level for small n. Fractions of
    an answer are allowed, so that weighted shares can be given with their effective n.
    Raises ValueError if n is not positive, hits is outside 0..n, or level is not between 0 and 1.
    """
    if not 0 < n < math.inf:
        raise ValueError(f"n must be positive, not {n}")
    if not 0 <= hits <= n:
        raise ValueError(f"hits must be in 0..{n}, not {hits}")
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, not {level}")
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = hits / n
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    centre = share + z * z / (2 * n)
    # At the ends the interval reaches exactly 0 or 1; rounding errors must not leave a gap.
    low = 0.0 if hits == 0 else max(0.0, (centre - spread) / scale)
    high = 1.0 if hits == n else min(1.0, (centre + spread) / scale)
    return low, high


def share(hits: Tally, base: Tally, level: float = LEVEL) -> Share | None:
    """The share of ``hits`` in ``base``, None where the base is empty or weighs nothing.

    Weighted shares get Wilson's interval at the effective n of the base (Kish 1965).
    Raises ValueError if more answers are hit than there are.
    """
    if hits.n > base.n:
        raise ValueError(f"{hits.n} hits of {base.n} answers")
    if base.n == 0 or base.weight <= 0 or base.effective_n <= 0:
        return None
    value = hits.n / base.n if _equal_weights(base) else min(1.0, hits.weight / base.weight)
    effective = float(base.n) if _equal_weights(base) else base.effective_n
    low, high = wilson_interval(min(value * effective, effective), effective, level)
    # Rounding may leave the value a hair outside its own interval.
    return Share(value, min(low, value), max(high, value), hits.n, base.n, effective)


def _equal_weights(base: Tally) -> bool:
    return math.isclose(base.effective_n, base.n, rel_tol=1e-12)
