"""How much is tried of what nobody can try all of: a little in every run, much in a campaign (``make campaigns``).

What is drawn by chance is drawn anew in each run, so that the ordinary ones together try much as well; what is a list
of its own is gone through by turns, a part each day.
"""

import os
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

WHOLE = os.environ.get("CAMPAIGN") == "whole"
TURN = "MAILBOT_TESTS_TURN"  # the environment variable that says which turn it is, to every worker of a run alike
One = TypeVar("One")


def many(ordinary: int, whole: int) -> int:
    """How many to try: ``ordinary`` in a run of the tests, ``whole`` in a campaign."""
    return whole if WHOLE else ordinary


def turn() -> int:
    """Another number each day, and the same in all of one run; MAILBOT_TESTS_TURN=3 is the third again."""
    return int(os.environ.setdefault(TURN, str(date.today().toordinal())))


def by_turns(everything: Sequence[One], ordinary: int) -> Sequence[One]:
    """``ordinary`` of them in a run of the tests, the next ones a day later; all in a campaign."""
    if WHOLE or ordinary >= len(everything):
        return everything
    first = turn() * ordinary
    return [everything[(first + at) % len(everything)] for at in range(ordinary)]
