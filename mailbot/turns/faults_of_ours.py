"""A fault of ours: an exception that no rule expects. Said the same way wherever it happens: to the service's log, to
``status`` and so to whoever watches it, and never with a word that somebody wrote (an error's own words may hold one).
"""

import logging
from datetime import datetime

from mailbot.shell.errors import MailbotError
from mailbot.shell.store.queries import note_trouble
from mailbot.shell.store.store import Store

_log = logging.getLogger("mailbot")
OWN_FAULT = "our own fault: "  # how what is said of one begins


def place_of(error: BaseException) -> str:
    """The place of a fault of ours: the kind of an error and where it was raised: its words could hold what somebody
    wrote, so they stay out."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f" at {at.tb_frame.f_code.co_filename.rpartition('mailbot/')[2]}:{at.tb_lineno}" if at else ""
    return f"{type(error).__name__}{where}"


def note_fault(store: Store, partnership: str, doing: str, error: BaseException, now: datetime) -> str:
    """A fault of ours while ``doing`` something ("reading message 12ab"), logged and noted for ``status``; what was
    said of it. The world's failures keep their words, which name a server and never a person.

    Never raises: the store may be what is at fault, and then the log alone has it.
    """
    said = str(error) if isinstance(error, MailbotError) else f"{OWN_FAULT}{place_of(error)}, while {doing}"
    _log.error("%s %s", partnership, said)
    try:
        note_trouble(store, partnership, said, now)
    except Exception as unwritten:
        _log.error("%s could not be noted: %s", partnership, place_of(unwritten))
    return said
