"""Whole mails of ``mails.txt`` in the state of things that each comes into: what may be meant in it, and what is.

A mail begins "# S2 peake mailbox propose_resolution": the state, who writes, whether the mailbox is written to or only
copied in ("cc"), and what may rightly follow.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.replies import COUNTERPART, STATES, partnership_of
from mailbot.door.explain_given import GivenDesk
from mailbot.mail.second_reader.both_readers import Circumstances
from mailbot.mail.second_reader.linear_model import Listened, SecondReader
from mailbot.mail.understanding.context import Said, Scene, scene_of
from mailbot.mail.understanding.interpret import as_the_rules_read, circumstances, evidence_in
from mailbot.mail.whether_meant.supposed import Evidence, means, told_in
from tests.people import ADDRESS, DIRECTORY
from tests.unit.mail.understanding.scenes import SITUATIONS, said
from tests.unit.mail.understanding.scenes import partnership as invented

FOLDS = 5
REPLIES = Path(__file__).parents[1] / "tests" / "corpus" / "replies"


@dataclass(frozen=True, slots=True)
class Mail:
    """``sentences`` each after the letters of its meanings; ``expected`` are acts, or "nothing", "note", "ask"."""

    state: str
    writer: str
    to: str
    expected: frozenset[str]
    sentences: tuple[tuple[str, str], ...]
    fold: int
    kind: str = "reply"

    @property
    def own(self) -> str:
        return "\n".join(said for _, said in self.sentences)


def mails_of(text: str) -> Iterator[Mail]:
    for number, mail in enumerate(text.strip().split("\n\n")):
        head, *lines = mail.splitlines()
        _, state, writer, to, expected, *kind = head.split()
        told = tuple((codes, rest) for codes, _, rest in (line.partition(" ") for line in lines))
        yield Mail(state, writer, to, frozenset(expected.split(",")), told, number % FOLDS, *kind[:1])


def scene(mail: Mail) -> Scene:
    """The mail in the one dispute that it is said in."""
    procedure, given, now, _ = STATES[mail.state]
    partnership, received = partnership_of(procedure, now), datetime.fromisoformat(now)
    sender = DIRECTORY.person(ADDRESS[mail.writer])
    there = [one | {"people": [*dict.fromkeys((*one["people"], sender.address))]} for one in given]
    desk = GivenDesk({"disputes": there}, partnership, received, sender.address)
    other = DIRECTORY.person(ADDRESS[COUNTERPART.get(mail.writer, "oakes")])
    alone = mail.to != "cc"
    to = () if alone else (other,)
    message = Said(mail.own, "", sender, to, (), received, mailbox_only=alone, to_mailbox=alone)
    dispute = desk.dispute(given[0]["ref"])
    return scene_of(message, dispute, partnership)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks for each act that may be meant in one message, and whether it is; how it came, and what is heard in
    it."""

    fold: int
    expected: frozenset[str]
    each: tuple[tuple[Evidence, bool], ...]
    here: Circumstances
    heard: Listened
    own: str
    kind: str = "reply"


def weighed(here: Scene, expected: frozenset[str], fold: int, reader: SecondReader, kind: str = "reply") -> Weighed:
    told, heard = told_in(here), reader.hear(here.own)
    found = evidence_in(told, as_the_rules_read(here), heard, reader.hear_each(here.own)) if told is not None else ()
    possible = (one for one in found if told is not None and means(told, one.act, one.said) is not None)
    each = tuple((one, one.act.value in expected) for one in possible)
    return Weighed(fold, expected, each, circumstances(here), heard, here.own, kind)


def all_weighed(mails: Sequence[Mail], fold: int, reader: SecondReader, folds: Mapping[str, int]) -> Iterator[Weighed]:
    """The messages of one fold, weighed by a reader that has not learnt from it: whole mails, and the short replies of
    the tests, whose ``folds`` are those of their sentences."""
    for mail in mails:
        if mail.fold == fold and STATES[mail.state][1]:
            yield weighed(scene(mail), mail.expected, fold, reader, mail.kind)
    for path in sorted(REPLIES.rglob("*.toml")):
        dispute, writer = SITUATIONS[path.stem]
        for acts in tomllib.loads(path.read_text()).values():
            for act, many in acts.items():
                for words in many:
                    if folds.get(words, len(words) % FOLDS) == fold:
                        here = scene_of(said(words, writer), dispute, invented())
                        yield weighed(here, frozenset({act}), fold, reader)
