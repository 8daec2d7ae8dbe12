"""What is enclosed with a letter: nothing, or documents made from the same record as its words: the recording form as
it stands, and the calendar entry of the limit."""

from mailbot.core.clocks.case import Case
from mailbot.core.notices.notice import Notice
from mailbot.mail.documents.calendar_entry import invites
from mailbot.mail.documents.form_boxes import FormSheet, form_file, sheet
from mailbot.mail.documents.own_forms import NO_FORMS, OwnForms
from mailbot.mail.documents.recording_form import filled_in, word_form
from mailbot.mail.documents.word_reading import WORD, NotOpened
from mailbot.mail.letters.compose import Attachment


def form_enclosed(notice: Notice, case: Case, own: OwnForms) -> tuple[Attachment, ...]:
    """The recording form enclosed with a letter: one document where the notice carries a form, none elsewhere. Its name
    is the reference and the form's id."""
    protocol = case.protocol
    if notice.form not in protocol.forms:
        return ()
    made = sheet(notice.form, case)
    theirs = own.get(f"{protocol.id}/{notice.form}")
    content = _theirs(theirs, made) if theirs is not None else word_form(made)
    return (Attachment(form_file(case.dispute.reference, notice.form), WORD, content),)


def _theirs(document: bytes, made: FormSheet) -> bytes:
    """A partnership's own recording form, checked before the service started; should it be unusable all the same, no
    letter waits for it."""
    try:
        return filled_in(document, made)
    except NotOpened:
        return word_form(made)


def enclosures(notice: Notice, case: Case, own: OwnForms = NO_FORMS) -> tuple[Attachment, ...]:
    """The recording form and calendar entries enclosed with a letter: the documents that go with the letter ``notice``
    asks for. ``own`` are the partnership's own Word forms."""
    forms = form_enclosed(notice, case, own)
    return (*forms, *invites(notice, case))
