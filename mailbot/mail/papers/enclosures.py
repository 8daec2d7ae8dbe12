"""What goes with a letter: nothing, or documents made from the same record as its words."""

from datetime import datetime

from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.partnership import Partnership
from mailbot.core.telling.letters import Notice
from mailbot.mail.papers.form_enclosed import NO_FORMS, OwnForms, form_enclosed
from mailbot.mail.papers.invite import invites
from mailbot.mail.writing.compose import Attachment


def enclosures(
    notice: Notice, dispute: Dispute, partnership: Partnership, now: datetime, own: OwnForms = NO_FORMS
) -> tuple[Attachment, ...]:
    """The documents that go with the letter ``notice`` asks for. ``now`` is aware; ``own`` are the partnership's own
    Word forms."""
    forms = form_enclosed(notice, dispute, partnership, now, own)
    return (*forms, *invites(notice, dispute, partnership, now))
