"""An event as JSON: how it is written down in the ledger, and read back, in canonical form, driven by
the events' own type hints.

Canonical, because the text is what gets hashed: sorted keys, no spaces, instants in UTC with microseconds and a ``Z``,
dates in ISO 8601, closed lists by their value. The kind of an event is the name of its class and stands beside the
text. A field added later needs a default, and then old texts still read.
"""

import json
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum

from mailbot.core.record import events, events_of_mail
from mailbot.core.record.events import Event

EVENT_KINDS: Mapping[str, type[Event]] = {
    name: found
    for module in (events, events_of_mail)
    for name, found in vars(module).items()
    if isinstance(found, type) and issubclass(found, Event) and found is not Event
}
# PostgreSQL refuses NUL in text, and no database and no mail can carry half a surrogate pair.
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def text_fault(text: str) -> str:
    """Why ``text`` cannot be kept, in words, or ``""``."""
    if text.isascii() and "\0" not in text:  # nearly all, and told ten times faster
        return ""
    found = _NOT_STORABLE.search(text)
    return f"the text holds U+{ord(found[0]):04X} at place {found.start()}, which cannot be stored" if found else ""


def storable(text: str) -> str:
    """A text fit to stand in an event's JSON, with everything that cannot be kept shown as U+FFFD: for words written by
    strangers and servers."""
    return _NOT_STORABLE.sub("�", text) if text_fault(text) else text


def instant_text(instant: datetime) -> str:
    """An instant as an event's JSON has it: ``2026-03-02T09:00:00.000000Z``. Raises ``ValueError`` for a naive one."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant without a time zone: {instant.isoformat()}")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def event_kind(event: Event) -> str:
    return type(event).__name__


def to_text(event: Event) -> str:
    """The canonical JSON of ``event``, without its kind. Raises ``ValueError`` for what cannot be kept, in words."""
    cls = EVENT_KINDS.get(event_kind(event))
    if cls is not type(event):
        raise ValueError(f"no such kind of event: {event_kind(event)}")
    return canonical(_shape(cls).write(event))


def from_text(kind: str, text: str) -> Event:
    """The event read back from the JSON that ``to_text`` wrote. Raises ``ValueError`` for an unknown kind,
    field or value, in words."""
    if kind not in EVENT_KINDS:
        raise ValueError(f"no such kind of event: {kind}")
    event = _shape(EVENT_KINDS[kind]).read(json.loads(text))
    assert isinstance(event, Event)
    return event


@dataclass(frozen=True, slots=True)
class _Shape:
    """How one type is written as a JSON value and read back. Both raise ``ValueError`` for anything else."""

    write: Callable[[object], object]
    read: Callable[[object], object]


def _must(value: object, wanted: type) -> None:
    if type(value) is not wanted and not (isinstance(value, wanted) and wanted is not int):
        raise ValueError(f"expected {wanted.__name__}, found {type(value).__name__}")


def _text(value: object) -> object:
    _must(value, str)
    if fault := text_fault(str(value)):
        raise ValueError(fault)
    return value


def _exactly(wanted: type) -> Callable[[object], object]:
    def checked(value: object) -> object:
        _must(value, wanted)
        return value

    return checked


def _write_instant(value: object) -> object:
    if not isinstance(value, datetime):
        raise ValueError(f"expected an instant, found {type(value).__name__}")
    return instant_text(value)


def _read_instant(value: object) -> object:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError(f"not an instant: {value!r}")
    return datetime.fromisoformat(value)


def _write_date(value: object) -> object:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"expected a date, found {type(value).__name__}")
    return value.isoformat()


def _read_date(value: object) -> object:
    if not isinstance(value, str) or len(value) != len("2026-03-02"):
        raise ValueError(f"not a date: {value!r}")
    return date.fromisoformat(value)


# Filled as hints are met: working one out takes longer than writing a whole event.
_SHAPES: dict[object, _Shape] = {
    str: _Shape(_text, _text),
    bool: _Shape(_exactly(bool), _exactly(bool)),
    int: _Shape(_exactly(int), _exactly(int)),
    datetime: _Shape(_write_instant, _read_instant),
    date: _Shape(_write_date, _read_date),
}


def _shape(hint: object) -> _Shape:
    if hint not in _SHAPES:
        _SHAPES[hint] = _new_shape(hint)
    return _SHAPES[hint]


def _new_shape(hint: object) -> _Shape:
    """The JSON shape that the type hint of an event's field asks for. ``TypeError``: a field of a type that the
    ledger has no writing for."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType) and len(arguments) == 2 and types.NoneType in arguments:
        return _or_none(_shape(next(each for each in arguments if each is not types.NoneType)))
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _several(_shape(arguments[0]))
    if origin is Mapping:
        return _mapping(_shape(arguments[0]), _shape(arguments[1]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _one_of(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint)
    raise TypeError(f"the ledger cannot write a {hint}")


def _or_none(inner: _Shape) -> _Shape:
    return _Shape(
        lambda value: None if value is None else inner.write(value),
        lambda value: None if value is None else inner.read(value),
    )


def _several(inner: _Shape) -> _Shape:
    def write(value: object) -> object:
        if not isinstance(value, tuple):
            raise ValueError(f"expected a tuple, found {type(value).__name__}")
        return [inner.write(each) for each in value]

    def read(value: object) -> object:
        if not isinstance(value, list):
            raise ValueError(f"expected a list, found {type(value).__name__}")
        return tuple(inner.read(each) for each in value)

    return _Shape(write, read)


def _mapping(key: _Shape, inner: _Shape) -> _Shape:
    def write(value: object) -> object:
        if not isinstance(value, Mapping):
            raise ValueError(f"expected a mapping, found {type(value).__name__}")
        return {str(key.write(name)): inner.write(each) for name, each in value.items()}

    def read(value: object) -> object:
        if not isinstance(value, dict):
            raise ValueError(f"expected an object, found {type(value).__name__}")
        return types.MappingProxyType({str(key.read(name)): inner.read(each) for name, each in value.items()})

    return _Shape(write, read)


def _one_of(cls: type[Enum]) -> _Shape:
    def write(value: object) -> object:
        if not isinstance(value, cls):
            raise ValueError(f"expected one of {cls.__name__}, found {value!r}")
        return value.value

    return _Shape(write, cls)


def _record(cls: type) -> _Shape:
    hints = typing.get_type_hints(cls)
    parts = {part.name: (part, _shape(hints[part.name])) for part in fields(cls)}

    def write(value: object) -> object:
        if type(value) is not cls:
            raise ValueError(f"expected {cls.__name__}, found {type(value).__name__}")
        return {name: _within(cls, name, shape.write, getattr(value, name)) for name, (_, shape) in parts.items()}

    def read(value: object) -> object:
        if not isinstance(value, dict):
            raise ValueError(f"{cls.__name__}: expected an object, found {type(value).__name__}")
        if unknown := sorted(value.keys() - parts.keys()):
            raise ValueError(f"{cls.__name__} has no field {', '.join(unknown)}")
        if missing := sorted(name for name, (part, _) in parts.items() if name not in value and _is_required(part)):
            raise ValueError(f"{cls.__name__} lacks {', '.join(missing)}")
        return cls(**{name: _within(cls, name, parts[name][1].read, each) for name, each in value.items()})

    return _Shape(write, read)


def _is_required(part: "Field[object]") -> bool:
    return part.default is MISSING and part.default_factory is MISSING


def _within(cls: type, name: str, work: Callable[[object], object], value: object) -> object:
    try:
        return work(value)
    except ValueError as error:
        raise ValueError(f"{cls.__name__}.{name}: {error}") from error
