"""How a bug is planted: one piece of text for another, in one file of the program or in several."""

from collections.abc import Mapping

from tests.breaking import Broken, replaced

NS = "tests/scenarios/north_somerset"
UNIT = "tests/unit"
STORE = f"{UNIT}/shell/store"
ACCEPTANCE = "tests/acceptance"
AUTHORITY = "tests/authority"


def bug(what: str, file: str, old: str, new: str, *asked: str) -> Broken:
    return Broken(what, ((f"mailbot/{file}", replaced((old, new))),), asked)


def bug_in_places(what: str, places: Mapping[str, tuple[tuple[str, str], ...]], *asked: str) -> Broken:
    """``places``: by file, each piece of text and what is put for it."""
    edits = tuple((f"mailbot/{file}", replaced(*pairs)) for file, pairs in places.items())
    return Broken(what, edits, asked)
