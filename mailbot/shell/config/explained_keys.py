"""The keys of the configuration explained: what each is, why it matters, and where its value comes from at Microsoft
365, Google Workspace and any other mail server. One table (``keys.toml``), which ``init`` asks by, ``check`` explains
by, and the documents print.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def explained_keys() -> Mapping[str, Mapping[str, str]]:
    """Every key by its path, a partnership's own name left out ("partnership.mailbox.url"), and every column of the
    two lists ("directory.csv.post"): ``is``, ``why``, and perhaps ``plain``, ``microsoft``, ``google``."""
    text = files("mailbot.shell.config").joinpath("keys.toml").read_text(encoding="utf-8")
    return {str(told["key"]): told for told in tomllib.loads(text)["keys"]}


def why_of(*places: str) -> str:
    """Why a setting matters: the reason of the first of ``places`` (a key's path, then its file) that has one, or of
    what it is part of."""
    keys = explained_keys()
    for place in places:
        name = place.rpartition("/")[2]
        parts = name.split(".")
        for end in range(len(parts), 0, -1):
            if (told := keys.get(".".join(parts[:end]))) is not None:
                return told["why"]
    return keys["protocols" if places[-1].endswith(".toml") else "mailbot.toml"]["why"]
