"""Whether the rules that limits follow have changed since they were last looked at: the calendars and the procedures.

A start, and each morning, would else replay every dispute that has a limit ahead, to find as a rule that nothing has
changed: ten seconds at ten thousand.
"""

import hashlib
from collections.abc import Iterable, Mapping, Set
from dataclasses import fields, is_dataclass

from mailbot.core.partnership.partnership import Partnership


def rules_digest(versions: Iterable[Partnership]) -> str:
    """The same for the same closed days, working hours, stages and lengths of every version, in every process."""
    said = sorted(repr((_plain(one.protocol), _plain(one.calendar))) for one in versions)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _plain(value: object) -> object:
    """``value`` in an order that does not hang on how this process hashes words."""
    if is_dataclass(value):
        return [(part.name, _plain(getattr(value, part.name))) for part in fields(value) if part.compare]
    if isinstance(value, Mapping):
        return sorted((repr(_plain(key)), repr(_plain(each))) for key, each in value.items())
    if isinstance(value, Set):
        return sorted(repr(_plain(each)) for each in value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return repr(value)
