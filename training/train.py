"""``make train``: the second reader's weights and thresholds, from the sentences in ``training/replies.jsonl``.

The same sentences give the same bytes (scikit-learn is pinned by ``training/requirements.lock``). Features are made by
the very functions that read mail. Thresholds are set on messages put together from sentences which that fold's model
has not seen, read by the very reader that is shipped; nothing is set by hand.
"""

import json
import random
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from math import exp, log, sqrt
from pathlib import Path
from string import ascii_letters

import numpy as np
import sklearn
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from mailbot.mail.second_reader import linear_model as reading
from mailbot.mail.second_reader.acts_by_words import ActsByWords
from mailbot.mail.second_reader.both_readers import signs_of_a_wish
from mailbot.mail.second_reader.trees import Trees
from mailbot.mail.text.spelling_and_sentences import sentences
from mailbot.mail.whether_meant.supposed import BY_WORDS, Evidence
from mailbot.mail.whether_meant.supposed import LABELS as LABELS_OF_ACTS
from training.acts import Told, table_of_acts
from training.mails import FOLDS, Mail, Weighed, all_weighed, mails_of
from training.trees import grown

HERE = Path(__file__).parent
SENTENCES, MAILS = HERE / "replies.jsonl", HERE / "mails.txt"
FOLDER = HERE.parent / "mailbot" / reading.FOLDER
RAREST, C, SEED = 2, 3.0, 2026
RAREST_EVIDENCE, C_OF_EVIDENCE = 8, 0.3
# As many needless questions weigh as much as one wrong act: more where it ends something or gives it away, fewer where
# it is only recorded beside the rest. And the thresholds that are tried, in fortieths.
ENDS, RECORDED, OTHERS = 8, 3, 5
LOWEST, HIGHEST = 16, 39
READ = 0.3  # what the rules read by a phrase of their own is asked about where it is less likely than that
ASKS_NOTHING = frozenset({"nothing", "ask", "note", "question", "status", "hold", "form", "immediate_risk"})
QUIET = frozenset({"nothing", "note"})
MISLEADS = 0.3  # of a message like others
SMALLEST = 0.5  # weights under this are most of the table, and without them as much is heard to half a percent
# Shares of ordinary messages put together here that are wrongly alarmed or asked about. They are harder than mail is:
# among the sentences of talk, every sixth was written to sound like a danger or a wish.
ALARMED, DOUBTED, ASKED, ASKED_OF_COPIES = 0.045, 0.08, 0.35, 0.04
MOST_LIKES, LONGEST_LIKE = 40, 14
TALK = frozenset({"talk", "thanks"})
ELSE = "conditional_or_other_object"
ACTS = (
    "resolved",
    "confirms",
    "disagrees",
    "take_up",
    "date",
    "handover",
    "person",
    "off",
    "did_not_happen",
    "withdraw",
    "decision",
    "child_status",
    "met",
    "undo",
    "question",
    "data_rights",
    "feedback",
    "done",
    "corrects",
    "reopen",
    "needed_by",
    "conference",
)
# The letters before a sentence in ``mails.txt``.
CODES = {
    "z": reading.DANGER, "r": "resolved", "c": "confirms", "d": "disagrees", "u": "take_up", "a": "date",
    "h": "handover", "p": "person", "n": "did_not_happen", "w": "withdraw", "x": "decision", "s": "child_status",
    "m": "met", "o": "undo", "q": "question", "g": "data_rights", "f": "feedback", "y": "done", "v": "corrects",
    "b": "reopen", "l": "needed_by", "i": "off", "j": "conference", "e": ELSE, "t": "talk", "k": "thanks",
}  # fmt: skip
LABELS = (reading.DANGER, reading.WISH, *ACTS, ELSE, "talk", "thanks")


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    labels: frozenset[str]
    fold: int
    hard: bool

    @property
    def is_talk(self) -> bool:
        return self.labels <= TALK | {ELSE}


def rows_of(lines: Sequence[str]) -> list[Row]:
    """A danger and its safe twin stand one after the other and never in different folds."""
    found: list[Row] = []
    for line in lines:
        row = json.loads(line)
        labels = frozenset(row["labels"])
        labels |= {reading.WISH} if labels & set(ACTS) else frozenset()
        found.append(Row(row["text"], labels, row.get("pair", len(found)) % FOLDS, bool(row["hard"])))
    return found


def rows_of_mails(mails: Sequence[Mail]) -> list[Row]:
    """The sentences of whole mails, each with its meanings. One mail never stands in different folds."""
    found: list[Row] = []
    for mail in mails:
        for codes, said in mail.sentences:
            labels = frozenset(CODES[code] for code in codes)
            labels |= {reading.WISH} if labels & set(ACTS) else frozenset()
            found.append(Row(said, labels, mail.fold, hard=False))
    return found


def blocks(text: str) -> tuple[list[str], list[str]]:
    """The features of a text as the reader has them: by words within each sentence, and by letters."""
    said = [words for sentence in sentences(text) if (words := reading.weighed_words(sentence))]
    by_words = [feature for words in said for feature in reading.features_of_sentence(words)]
    return by_words, [feature for words in said for word in words for feature in reading.features_of_word(word)]


def matrix(texts: Sequence[tuple[list[str], list[str]]], place: dict[str, int], rarity: dict[str, float]) -> csr_matrix:
    at, across, value = [], [], []
    for number, each in enumerate(texts):
        for block in each:
            for feature, count in Counter(f for f in block if f in place).items():
                at.append(number)
                across.append(place[feature])
                value.append(count * rarity[feature] / sqrt(len(block) + 1))
    return csr_matrix((value, (at, across)), shape=(len(texts), len(place)))


def fitted(rows: Sequence[Row]) -> tuple[str, dict[str, float]]:
    """The table of weights as it is shipped, and each label's bias."""
    texts = [blocks(row.text) for row in rows]
    often = Counter(feature for each in texts for feature in {*each[0], *each[1]})
    names = sorted(feature for feature, count in often.items() if count >= RAREST)
    place = {feature: at for at, feature in enumerate(names)}
    rarity = {feature: 0.3 * (1 + log((1 + len(rows)) / (1 + often[feature]))) for feature in names}
    seen = matrix(texts, place, rarity)
    bias, columns = {}, []
    for label in LABELS:
        wanted = np.array([label in row.labels for row in rows])
        model = LogisticRegression(
            C=C, solver="liblinear", dual=True, tol=1e-3, max_iter=500, class_weight="balanced", random_state=SEED
        )
        model.fit(seen, wanted)
        bias[label] = round(float(model.intercept_[0]), 4)
        columns.append(model.coef_[0])
    lines = ["feature\t" + " ".join(f"{label}={letter}" for label, letter in zip(LABELS, ascii_letters, strict=False))]
    for feature, weights in zip(names, np.array(columns).T, strict=True):
        folded = [float(weight) * rarity[feature] for weight in weights]
        cells = [f"{of}{round(100 * w)}" for of, w in zip(ascii_letters, folded, strict=False) if abs(w) >= SMALLEST]
        if cells:
            lines.append(f"{feature}\t{' '.join(cells)}")
    return "\n".join(lines) + "\n", bias


def likes(rows: Sequence[Row], reader: reading.SecondReader) -> str:
    """Of each label the short sentences that say it most plainly, to be shown beside what is read like them."""
    lines = []
    for label in (reading.DANGER, *ACTS):
        said = [row.text for row in rows if label in row.labels and len(row.text.split()) <= LONGEST_LIKE]
        ranked = sorted(said, key=lambda text: (-reader.hear(text).of(label), text))
        lines += [f"{label}\t{text}" for text in ranked[:MOST_LIKES] if "\t" not in text and "\n" not in text]
    return "\n".join(lines) + "\n"


# Thresholds


def composed(rows: Sequence[Row], chance: random.Random, number: int) -> Iterator[str]:
    """Ordinary messages: one to four sentences of talk."""
    for _ in range(number):
        said = [chance.choice(rows).text for _ in range(chance.choice((1, 2, 2, 3, 4)))]
        yield "\n".join(said) if chance.random() < 0.3 else ". ".join(s.rstrip(".") for s in said)


def within(row: Row, talk: Sequence[Row], chance: random.Random) -> str:
    """What is said, alone or among talk."""
    said = [chance.choice(talk).text for _ in range(chance.choice((0, 0, 1, 2)))]
    said.insert(chance.randrange(len(said) + 1), row.text)
    return ". ".join(s.rstrip(".") for s in said)


@dataclass
class HeardInMessages:
    """What the readers of the folds heard in messages that they had not learnt from."""

    talk: list[reading.Listened]
    said: list[tuple[Row, reading.Listened]]
    hard: list[tuple[Row, reading.Listened]]
    meant: list[Weighed]

    @property
    def ordinary(self) -> list[reading.Listened]:
        """As mail is: as many messages that want something as there are of talk."""
        wants = [h for row, h in self.said if reading.DANGER not in row.labels]
        return [*self.talk, *random.Random(SEED).sample(wants, min(len(wants), len(self.talk)))]


def held_out(rows: Sequence[Row], mails: Sequence[Mail]) -> HeardInMessages:
    heard = HeardInMessages([], [], [], [])
    for fold in range(FOLDS):
        table, bias = fitted([row for row in rows if row.fold != fold])
        reader = reading.SecondReader(table, {"bias": bias, "thresholds": {}})
        mine, chance = [row for row in rows if row.fold == fold], random.Random(SEED + fold)
        talk = [row for row in mine if row.is_talk and not row.hard and ELSE not in row.labels]
        heard.talk += [reader.hear(text) for text in composed(talk, chance, 600)]
        heard.said += [(row, reader.hear(within(row, talk, chance))) for row in mine if not row.is_talk]
        heard.meant += all_weighed(mails, fold, reader, {row.text: row.fold for row in rows})
        heard.hard += [(row, reader.hear(row.text)) for row in mine if row.is_talk and (row.hard or ELSE in row.labels)]
    return heard


# What speaks for an act


def told(meant: Sequence[Weighed]) -> list[Told]:
    return [Told(one.act.value, one.said, message.own, is_so) for message in meant for one, is_so in message.each]


def with_words(meant: Sequence[Weighed]) -> list[Weighed]:
    """The messages with what their words say of each act, by a table that has not learnt from their fold."""
    found: list[Weighed] = []
    for fold in range(FOLDS):
        table = ActsByWords(table_of_acts(told([message for message in meant if message.fold != fold])))
        for message in meant:
            if message.fold == fold:
                own = reading.weighed_words(message.own)
                each = tuple(
                    (replace(one, speaks={**one.speaks, BY_WORDS: _by_words(table, one, own)}), is_so)
                    for one, is_so in message.each
                )
                found.append(replace(message, each=each))
    return found


def _by_words(table: ActsByWords, one: Evidence, own: Sequence[str]) -> float:
    return table.speak(one.act.value, reading.weighed_words(one.said), own)


def trees_of(meant: Sequence[Weighed]) -> str:
    """The trees that tell which act is meant, grown from mails that the readers of the folds had not learnt from."""
    return grown([(one.speaks, is_meant) for message in meant for one, is_meant in message.each])


def trees_of_folds(meant: Sequence[Weighed]) -> list[Trees]:
    """Of each fold the trees that were grown without it."""
    return [Trees(trees_of([message for message in meant if message.fold != fold])) for fold in range(FOLDS)]


def learnt(rows: Sequence[tuple[Mapping[str, float], bool, float]]) -> dict[str, float]:
    """The weight of each thing that speaks for or against something, from rows of what spoke, whether it was so, and
    how much the row counts."""
    often = Counter(name for speaks, *_ in rows for name in speaks)
    names = sorted(name for name, count in often.items() if count >= RAREST_EVIDENCE and name != "any")
    place = {name: at for at, name in enumerate(names)}
    seen = np.zeros((len(rows), len(names)))
    for number, (speaks, *_) in enumerate(rows):
        for name, value in speaks.items():
            if name in place:
                seen[number, place[name]] = value
    model = LogisticRegression(C=C_OF_EVIDENCE, solver="liblinear", random_state=SEED, max_iter=1000)
    model.fit(seen, np.array([is_so for _, is_so, _ in rows]), sample_weight=[counts for *_, counts in rows])
    weights = {name: round(float(weight), 3) for name, weight in zip(names, model.coef_[0], strict=True)}
    return {"any": round(float(model.intercept_[0]), 3)} | weights


def likely(speaks: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return 1 / (1 + exp(-sum(weights.get(name, 0.0) * value for name, value in {"any": 1.0, **speaks}.items())))


def thresholds_of_acts(meant: Sequence[Weighed], trees: Sequence[Trees]) -> tuple[dict[str, float], dict[str, float]]:
    """From which likelihood each act is taken to be meant: the one from which, in the messages that no fold had learnt
    from and in which it is the likeliest, it does most good: what is rightly done, less what is wrongly done by what it
    costs. And how that works out, as shares."""
    best: dict[str, list[tuple[float, bool, float]]] = {}
    wants = done = wrong = 0
    ranked = []
    for fold in range(FOLDS):
        for message in meant:
            if message.fold == fold:
                each = [(trees[fold].likely(one.speaks), one.act.value, is_meant) for one, is_meant in message.each]
                first = max(each, default=(0.0, "", False))
                counts = MISLEADS if message.kind in ("misleading", "safe_twin") else 1.0
                best.setdefault(first[1], []).append((first[0], first[2], counts))
                ranked.append((message.expected, *first))
    limits = {act: held_back(best.get(act, []), cost_of(act)) for act in sorted(one.value for one in LABELS_OF_ACTS)}
    for expected, of, act, is_meant in ranked:
        is_done = bool(act) and of >= limits[act]
        wants += not expected & ASKS_NOTHING
        done += is_done and is_meant
        wrong += is_done and not is_meant
    told = {"plain acts done": round(done / wants, 3), "wrong acts in messages": round(wrong / len(ranked), 4)}
    return limits, told


# Silence


def wishes(meant: Sequence[Weighed], trees: Sequence[Trees]) -> list[tuple[int, bool, bool, dict[str, float]]]:
    """Of each message that surely wants something or surely nothing, in order of folds: its fold, whether it wants
    something, whether it was written to mislead, and what speaks for and against that it does."""
    found = []
    for fold in range(FOLDS):
        for message in meant:
            is_quiet = bool(message.expected & QUIET)
            if message.fold == fold and not (is_quiet and "ask" in message.expected):
                acts = {one.act: trees[fold].likely(one.speaks) for one, _ in message.each}
                speaks = signs_of_a_wish(message.heard, message.here, acts)
                found.append((fold, not is_quiet, message.kind in ("misleading", "safe_twin"), speaks))
    return found


def weights_of_wishes(found: Sequence[tuple[int, bool, bool, dict[str, float]]]) -> dict[str, float]:
    """How much each thing counts that speaks for or against it that a message wants something. What was written to
    mislead may be asked about, and counts little."""
    return learnt([(speaks, is_so, MISLEADS if misleads else 1.0) for _, is_so, misleads, speaks in found])


def thresholds_of_wishes(
    meant: Sequence[Weighed], trees: Sequence[Trees]
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """The weights of silence, the likelihoods over which a message is not met with it, and how that works out."""
    found, ranked = wishes(meant, trees), []
    for fold in range(FOLDS):
        weights = weights_of_wishes([one for one in found if one[0] != fold])
        ranked += [
            (likely(speaks, weights), is_so, misleads, "to others" in speaks)
            for of, is_so, misleads, speaks in found
            if of == fold
        ]
    limits, told = {}, {}
    for name, copied, part in (("wanted", False, ASKED), ("wanted copied", True, ASKED_OF_COPIES)):
        quiet = [of for of, is_so, misleads, to in ranked if to is copied and not is_so and not misleads]
        limits[name] = at_share(quiet, part)
        heard = [of >= limits[name] for of, is_so, _, to in ranked if to is copied and is_so]
        told[f"{name}, heard"] = round(share(heard), 3)
    return weights_of_wishes(found), limits, told


def cost_of(act: str) -> int:
    if act in ("confirm_resolution", "withdraw", "handover", "remove_person", "add_person", "decision"):
        return ENDS
    return RECORDED if act in ("correct", "met", "feedback", "conference_request") else OTHERS


def held_back(found: Sequence[tuple[float, bool, float]], cost: int) -> float:
    """Half way between the likelihood from which an act did most good in these messages and the one from which it would
    if every likelihood were true: few messages tell of most acts. On folds it is a quarter fewer wrong acts than the
    former alone."""
    return round((best_limit(found, cost) + cost / (cost + 1)) / 2, 3)


def best_limit(found: Sequence[tuple[float, bool, float]], cost: int) -> float:
    """The likelihood from which an act does most good; the highest of those that do as much."""
    worth = {
        step: sum(counts if is_meant else -cost * counts for of, is_meant, counts in found if of >= step / 40)
        for step in range(LOWEST, HIGHEST + 1)
    }
    return max(worth, key=lambda step: (worth[step], step)) / 40


def share(found: Sequence[bool]) -> float:
    return sum(found) / max(len(found), 1)


def at_share(values: Sequence[float], part: float) -> float:
    """The threshold over which that part of the values lies."""
    ranked = sorted(values, reverse=True)
    return round(ranked[int(part * len(ranked))], 3)


def thresholds(heard: HeardInMessages) -> dict[str, float]:
    dangers = [h.of(reading.DANGER) for h in heard.ordinary]
    return {"danger": at_share(dangers, ALARMED), "danger asked": at_share(dangers, DOUBTED)}


def figures(heard: HeardInMessages, limits: dict[str, float]) -> dict[str, float]:
    danger = reading.DANGER
    told = [h for row, h in heard.said if danger in row.labels]
    twins = [h for row, h in heard.hard if ELSE not in row.labels]
    return {
        "danger heard": round(share([h.of(danger) >= limits["danger"] for h in told]), 3),
        "danger heard or asked": round(share([h.of(danger) >= limits["danger asked"] for h in told]), 3),
        "false alarms in ordinary mail": round(share([h.of(danger) >= limits["danger"] for h in heard.ordinary]), 3),
        "false alarms in talk": round(share([h.of(danger) >= limits["danger"] for h in heard.talk]), 3),
        "false alarms in safe twins": round(share([h.of(danger) >= limits["danger"] for h in twins]), 3),
    }


def main() -> int:
    raw = SENTENCES.read_bytes()
    mails = MAILS.read_bytes()
    whole = list(mails_of(mails.decode()))
    rows = [*rows_of(raw.decode().splitlines()), *rows_of_mails(whole)]
    heard = held_out(rows, whole)
    heard.meant = with_words(heard.meant)
    limits = thresholds(heard)
    trees = trees_of_folds(heard.meant)
    wants, limits_of_wishes, told_of_wishes = thresholds_of_wishes(heard.meant, trees)
    limits |= limits_of_wishes
    meant, told_of_acts = thresholds_of_acts(heard.meant, trees)
    limits["read"] = READ
    table, bias = fitted(rows)
    counts = Counter(label for row in rows for label in row.labels)
    of = {"sentences": len(rows), "sha256": sha256(raw + mails).hexdigest(), "scikit-learn": sklearn.__version__}
    written = {"trained on": of, "how many": {label: counts[label] for label in LABELS}, "bias": bias}
    written |= {
        "wanted": wants,
        "meant": meant,
        "thresholds": limits,
        "figures": figures(heard, limits) | told_of_acts | told_of_wishes,
    }
    settings = "# Written by make train; never by hand.\n" + "".join(
        f"\n[{_key(part)}]\n" + "".join(f"{_key(k)} = {json.dumps(v)}\n" for k, v in values.items())
        for part, values in written.items()
    )
    assert tomllib.loads(settings)["bias"] == bias
    FOLDER.mkdir(exist_ok=True)
    plainest = likes(rows, reading.SecondReader(table, {"bias": bias, "thresholds": limits}))
    contents = {"weights.tsv": table.encode(), "reader.toml": settings.encode(), "likes.tsv": plainest.encode()}
    contents["trees.tsv"] = trees_of(heard.meant).encode()
    contents["acts.tsv"] = table_of_acts(told(heard.meant)).encode()
    for name, content in contents.items():
        (FOLDER / name).write_bytes(content)
    sums = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(contents.items()))
    (FOLDER / reading.SUMS).write_text(sums)
    print(settings)
    return 0


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() else json.dumps(name)


if __name__ == "__main__":
    sys.exit(main())
