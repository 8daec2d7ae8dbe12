"""The recording form as it goes with a letter, made from the record at that moment."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.partnership import Partnership
from mailbot.core.telling.letters import Notice
from mailbot.mail.papers.own_form import filled_in
from mailbot.mail.papers.package import WORD, NotOpened
from mailbot.mail.papers.sheet import Sheet, sheet
from mailbot.mail.papers.word_form import word_form
from mailbot.mail.writing.compose import Attachment
from mailbot.mail.writing.record import form_file

# A partnership's own Word forms: "north-somerset/recording-form" -> the document.
OwnForms = Mapping[str, bytes]
NO_FORMS: OwnForms = MappingProxyType({})


def form_enclosed(
    notice: Notice, dispute: Dispute, partnership: Partnership, now: datetime, own: OwnForms
) -> tuple[Attachment, ...]:
    """One document where the notice carries a form, none elsewhere. Its name is the reference and the form's id."""
    protocol, calendar = partnership.protocol, partnership.calendar
    if notice.form not in protocol.forms:
        return ()
    made = sheet(notice.form, dispute, protocol, calendar, calendar.local(now).date())
    theirs = own.get(f"{protocol.id}/{notice.form}")
    content = _theirs(theirs, made) if theirs is not None else word_form(made)
    return (Attachment(form_file(dispute.reference, notice.form), WORD, content),)


def _theirs(document: bytes, made: Sheet) -> bytes:
    """Checked before the service started; should it be unusable all the same, no letter waits for it."""
    try:
        return filled_in(document, made)
    except NotOpened:
        return word_form(made)
