"""A form that came back, as its letter tells it: what each box said and says, what is missing, what was not taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mailbot.core.happened.correspondence import FormNotRead, FormReturned
from mailbot.core.happened.events import Event
from mailbot.core.procedure.protocol import Form, Protocol
from mailbot.mail.writing.record import NOT_SENT
from mailbot.mail.writing.speaking import Speaker
from mailbot.mail.writing.veil import veil_of
from mailbot.mail.writing.wording import day_long, paragraphs, plain

LONGEST = 400  # characters of a box in the letter; the whole is in the attached form
_KEPT_BACK = "recorded, and not repeated in letters"


@dataclass(frozen=True, slots=True)
class BoxRow:
    """``was`` "" for a box that was empty."""

    label: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class FormTold:
    """``unread`` says why nothing was recorded; ``recorded`` False beside ``changed`` means that it is a view."""

    name: str = ""
    unread: str = ""
    recorded: bool = False
    changed: tuple[BoxRow, ...] = ()
    lacks: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    not_taken: tuple[str, ...] = ()


_BY_BOT = "this mailbox fills it in from the record, so it was left as it is. To change the record, reply and say what"
_OLDER = "it holds what the record said before, so the newer words were left. To put it back, reply CORRECT"
_EMPTIED = "it was emptied, and nothing is ever erased that way. To change it, write the right words in it"
NO_FORM = FormTold()


def tell_form(event: Event, say: Speaker) -> FormTold:
    if isinstance(event, FormNotRead):
        return FormTold(plain(event.name, 120), plain(event.why, 300))
    if not isinstance(event, FormReturned):
        return NO_FORM
    labels = labels_of(say.protocol.forms[event.form], say.protocol)
    changed = tuple(
        BoxRow(labels.get(c.key, c.key), _shown(c.key, c.was, say), _shown(c.key, c.becomes, say))
        for c in event.changes
    )
    return FormTold(
        plain(event.name, 120), recorded=event.recorded, changed=changed,
        lacks=tuple(labels.get(key, key) for key in event.missing),
        asks=tuple(plain(say.words(sentence), 400) for sentence in event.asks),
        not_taken=tuple(_not_taken(event, labels)),
    )  # fmt: skip


def labels_of(form: Form, protocol: Protocol) -> dict[str, str]:
    """Each key's published label; with its stage, where the form has the same label more than once."""
    labels = [field.label for field in form.fields]
    return {
        f.key: f"{f.label} ({protocol.stage_name(f.stage)})" if f.stage and labels.count(f.label) > 1 else f.label
        for f in form.fields
    }


def _not_taken(event: FormReturned, labels: dict[str, str]) -> Iterable[str]:
    for keys, why in ((event.kept, _BY_BOT), (event.older, _OLDER), (event.emptied, _EMPTIED)):
        yield from (f"{labels.get(key, key)}: {why}." for key in keys)


def _shown(key: str, value: str, say: Speaker) -> str:
    if not value.strip():
        return ""
    if key in NOT_SENT:
        return _KEPT_BACK
    try:
        return day_long(date.fromisoformat(value))
    except ValueError:
        return paragraphs(veil_of(say.dispute).words(value), LONGEST)
