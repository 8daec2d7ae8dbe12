"""What one worker of the tests has made and the others need as well: made once for a run, kept in a file.

A beginning of stories, a procedure played whole: each costs seconds, and two workers would both make it. Whoever comes
first makes it under a lock; whoever comes meanwhile waits, and takes it from the file.
"""

import fcntl
import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TypeVar, cast

FOLDER = "MAILBOT_TESTS_SHARED"  # the environment variable that names the folder of this run, for its workers too
Made = TypeVar("Made")
_HERE: dict[str, object] = {}


def begin(folder: Path | None = None) -> Path:
    """The folder of this run, made by the process that starts its workers; the run takes it away again."""
    made = Path(tempfile.mkdtemp(prefix="mailbot-tests-shared-", dir=folder))
    os.environ[FOLDER] = str(made)
    return made


def once(key: object, make: Callable[[], Made]) -> Made:
    """What ``make`` makes, which must be a function of ``key`` alone and can be pickled. Everybody gets the same value
    in one process: it is not to be changed."""
    name = hashlib.sha256(told(key).encode()).hexdigest()
    if name not in _HERE:
        _HERE[name] = _made(name, make) if FOLDER in os.environ else make()
    return cast(Made, _HERE[name])


def _made(name: str, make: Callable[[], Made]) -> Made:
    file = Path(os.environ[FOLDER], name)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if file.exists():
            return cast(Made, pickle.loads(file.read_bytes()))
        made = make()
        file.write_bytes(pickle.dumps(made))
        return made


def told(value: object) -> str:
    """A value in words that are the same in every process: a set has no order, and a function no place in memory."""
    if isinstance(value, type) or callable(value):
        return f"{value.__module__}.{value.__qualname__}"
    if is_dataclass(value):
        return f"{type(value).__name__}({', '.join(told(getattr(value, field.name)) for field in fields(value))})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(sorted(f'{told(key)}: {told(one)}' for key, one in value.items()))}}}"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(told, value)))}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(told, value))}]"
    return repr(value)
