"""The weights of words for each act, learnt from whole messages, and written as the table that ``mailbot`` reads."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from string import ascii_letters

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from mailbot.mail.second_reader.acts_by_words import BEFORE_ANYTHING, runs_of, words_beside
from mailbot.mail.second_reader.linear_model import weighed_words

# Chosen on the folds: of runs of up to two words a tenth fewer acts were done at the same share of wrong ones, and runs
# of words over the whole message, parts of words and words apart added nothing.
RAREST, C, SEED = 2, 8.0, 2026
SMALLEST = 0.2  # weights under this are most of the table


@dataclass(frozen=True, slots=True)
class Told:
    """One act that a sentence ``said`` in a message ``own`` may tell, and whether it does."""

    act: str
    said: str
    own: str
    is_meant: bool

    def features(self) -> Iterator[tuple[str, float]]:
        """Each run of words under its act, with what it counts: less among many."""
        for block in (runs_of(weighed_words(self.said)), words_beside(weighed_words(self.own))):
            found = sorted(set(block))
            yield from ((f"{self.act} {one}", 1 / sqrt(len(found))) for one in found)


def table_of_acts(told: Sequence[Told]) -> str:
    each = [list(one.features()) for one in told]
    often = Counter(name for features in each for name, _ in features)
    names = sorted(name for name, count in often.items() if count >= RAREST)
    place = {name: at for at, name in enumerate(names)}
    at, across, value = [], [], []
    for number, features in enumerate(each):
        for name, counts in features:
            if name in place:
                at.append(number)
                across.append(place[name])
                value.append(counts)
    seen = csr_matrix((value, (at, across)), shape=(len(each), len(names)))
    model = LogisticRegression(C=C, solver="liblinear", dual=True, tol=1e-3, max_iter=500, random_state=SEED)
    model.fit(seen, np.array([one.is_meant for one in told]))
    return _written(names, model.coef_[0], float(model.intercept_[0]))


def _written(names: Sequence[str], weights: Sequence[float], bias: float) -> str:
    acts = sorted({name.partition(" ")[0] for name in names})
    letters = dict(zip(acts, ascii_letters, strict=False))
    rows: dict[str, list[str]] = {BEFORE_ANYTHING: [f"{letters[act]}{round(100 * bias)}" for act in acts]}
    for name, weight in zip(names, weights, strict=True):
        act, _, feature = name.partition(" ")
        if abs(weight) >= SMALLEST:
            rows.setdefault(feature, []).append(f"{letters[act]}{round(100 * float(weight))}")
    head = "feature\t" + " ".join(f"{act}={letters[act]}" for act in acts)
    return "\n".join([head, *(f"{feature}\t{' '.join(rows[feature])}" for feature in sorted(rows))]) + "\n"
