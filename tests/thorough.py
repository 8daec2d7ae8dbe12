"""How much is tried of what nobody can try all of: a little in every run, much in a campaign (``make campaigns``).

What is drawn by chance is drawn anew in each run, so that the ordinary ones together try much as well.
"""

import os

WHOLE = os.environ.get("CAMPAIGN") == "whole"


def many(ordinary: int, whole: int) -> int:
    """How many to try: ``ordinary`` in a run of the tests, ``whole`` in a campaign."""
    return whole if WHOLE else ordinary
