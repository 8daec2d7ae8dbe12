"""Short replies in people's own words, by the hundred: understood when plain, and never taken for something else.

The tables are in ``replies/``: one file for each situation, since "agreed" means another thing in each.
"""

import tomllib
from pathlib import Path

import pytest

from mailbot.core.happened.intents import Act
from tests.mail.scenes import SITUATIONS, read

FOLDER = Path(__file__).parent / "replies"
TABLES = {path.stem: tomllib.loads(path.read_text()) for path in sorted(FOLDER.glob("*.toml"))}
# Acts that change nothing in a dispute: a reply read so instead of as what it meant is asked about or merely filed.
HARMLESS = {Act.HOLD, Act.NOTE, Act.QUESTION, Act.STATUS}
REPLIES = [
    (situation, grade, act, words)
    for situation, table in TABLES.items()
    for grade, acts in table.items()
    for act, many in acts.items()
    for words in many
]


def _read(situation: str, words: str) -> Act:
    dispute, writer = SITUATIONS[situation]
    return read(words, dispute, writer)[0].act


def test_there_are_at_least_three_hundred_replies() -> None:
    assert len(REPLIES) >= 300
    assert {situation for situation, *_ in REPLIES} == set(SITUATIONS)


@pytest.mark.parametrize(("situation", "grade", "act", "words"), REPLIES, ids=[f"{r[0]}: {r[3][:60]}" for r in REPLIES])
def test_a_reply_is_never_read_as_another_outcome(situation: str, grade: str, act: str, words: str) -> None:
    found = _read(situation, words)
    assert found == Act(act) or found in HARMLESS


def test_almost_every_plain_reply_is_understood() -> None:
    plain = [reply for reply in REPLIES if reply[1] == "plain"]
    missed = [f"{s}: {w!r} meant {a}, read {_read(s, w)}" for s, _, a, w in plain if _read(s, w) != Act(a)]
    assert len(missed) * 100 <= len(plain) * 2, "\n".join(missed)
