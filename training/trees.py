"""Trees grown from what spoke for and against something, and written as the table that ``mailbot`` reads."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

RAREST, SEED = 8, 2026
# How many trees, how deep, and how far each goes: chosen on the folds, where more, deeper or faster ones did no better.
MANY, DEEP, STEP = 300, 5, 0.04
AT_AN_END, HELD_BACK, TRIED = 30, 10.0, 0.2
Spoke = Mapping[str, float]


def grown(rows: Sequence[tuple[Spoke, bool]]) -> str:
    """The table of trees that tell what is so from what is not, by what spoke in each row."""
    often = Counter(name for speaks, _ in rows for name in speaks)
    names = sorted(name for name, count in often.items() if count >= RAREST)
    place = {name: at for at, name in enumerate(names)}
    seen = np.zeros((len(rows), len(names)))
    for number, (speaks, _) in enumerate(rows):
        for name, value in speaks.items():
            if name in place:
                seen[number, place[name]] = value
    model = HistGradientBoostingClassifier(
        max_iter=MANY,
        max_depth=DEEP,
        learning_rate=STEP,
        min_samples_leaf=AT_AN_END,
        l2_regularization=HELD_BACK,
        max_features=TRIED,
        early_stopping=False,
        random_state=SEED,
    )
    model.fit(seen, np.array([is_so for _, is_so in rows]))
    trees = [_written(one[0].nodes, 0, names, 0) for one in model._predictors]
    return "\n\n".join([f"{float(model._baseline_prediction[0, 0]):.3f}", *("\n".join(tree) for tree in trees)]) + "\n"


def _written(nodes: np.ndarray, at: int, names: Sequence[str], line: int) -> list[str]:
    """The lines of a tree from one of its nodes on, which stands in line ``line``."""
    node = nodes[at]
    worth = f"{_worth(nodes, at):.4f}"
    if node["is_leaf"]:
        return [worth]
    below = _written(nodes, int(node["left"]), names, line + 1)
    otherwise = line + 1 + len(below)
    asked = f"{names[node['feature_idx']]}\t{float(node['num_threshold']):.3f}\t{otherwise}\t{worth}"
    return [asked, *below, *_written(nodes, int(node["right"]), names, otherwise)]


def _worth(nodes: np.ndarray, at: int) -> float:
    """What the rows that come to a node are worth there on the whole: the mean of the ends below it."""
    node = nodes[at]
    if node["is_leaf"]:
        return float(node["value"])
    left, right = int(node["left"]), int(node["right"])
    counts = float(nodes[left]["count"]), float(nodes[right]["count"])
    return (counts[0] * _worth(nodes, left) + counts[1] * _worth(nodes, right)) / sum(counts)
