"""Short replies in people's own words, by the hundred: understood when plain, and never taken for something else.

The tables are in ``replies/``: one file for each situation, since "agreed" means another thing in each. Those in its
folders were written without sight of the rules, and the rules were then made more careful until they held: 383 with
39 misread at first, 229 with 27, and, after an outcome had to be told plainly to be acted on, 160 with 6.
"""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from mailbot.core.record.intents import Act, Intent, Sure
from tests.unit.mail.understanding.scenes import SITUATIONS, read

FOLDER = Path(__file__).parent / "replies"
# Acts that change nothing in a dispute: a reply read so instead of as what it meant is asked about or merely filed.
# Danger seen where there is none errs on the right side, and closes and moves nothing.
HARMLESS = {Act.HOLD, Act.NOTE, Act.QUESTION, Act.STATUS, Act.IMMEDIATE_RISK}
REPLIES = [
    (path.stem, grade, Act(act), words)
    for path in sorted(FOLDER.rglob("*.toml"))
    for grade, acts in tomllib.loads(path.read_text()).items()
    for act, many in acts.items()
    for words in many
]


@cache
def _read(situation: str, words: str) -> tuple[Intent, ...]:
    dispute, writer = SITUATIONS[situation]
    return read(words, dispute, writer)


def test_there_are_more_than_a_thousand_replies() -> None:
    assert len({(situation, words) for situation, _, _, words in REPLIES}) > 1000
    assert {situation for situation, *_ in REPLIES} == set(SITUATIONS)


@pytest.mark.parametrize("situation", sorted(SITUATIONS))
def test_no_reply_is_ever_read_as_another_outcome(situation: str) -> None:
    taken = [
        f"{words!r} meant {act}, taken for {intent.act}"
        for here, _, act, words in REPLIES
        for intent in _read(here, words)
        if here == situation and intent.act not in HARMLESS | {act} and intent.sure is not Sure.UNSURE
    ]
    assert not taken, "\n".join(taken)


def test_almost_every_plain_reply_is_understood() -> None:
    plain = [reply for reply in REPLIES if reply[1] == "plain"]
    missed = [
        f"{situation}: {words!r} meant {act}, read {found}"
        for situation, _, act, words in plain
        if (found := _read(situation, words)[0].act) is not act and not (act in HARMLESS and found in HARMLESS)
    ]
    assert len(missed) * 100 <= len(plain) * 2, "\n".join(missed)
