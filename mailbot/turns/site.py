"""One partnership as it is run here: its versions, its door, its mailbox's name. A deployment has one or several."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from mailbot.core.partnership.partnership import Partnership
from mailbot.core.record.dispute import Dispute
from mailbot.door.gatekeeping import Door
from mailbot.mail.documents.recording_form import NO_FORMS, OwnForms


@dataclass(frozen=True, slots=True)
class Site:
    """``versions`` holds every protocol version by its id and date, ``current`` the one new disputes open under.

    ``secret`` keys our Message-IDs, so that an answer to one shows that its letter was received. ``patience`` is how
    long a limit waits for a mailbox that cannot be read, before the procedure goes on and says so (F31). ``own_forms``
    are the partnership's own Word documents for its forms.
    """

    id: str
    versions: Mapping[tuple[str, str], Partnership]
    current: Partnership
    door: Door
    secret: bytes
    patience: timedelta = timedelta(hours=4)
    inbox: str = "INBOX"
    own_forms: OwnForms = field(default_factory=lambda: NO_FORMS)

    def version(self, dispute: Dispute) -> Partnership:
        """The version this dispute was opened under, which it keeps. Raises KeyError when its file is gone."""
        return self.versions[(dispute.protocol, dispute.version)]

    @property
    def name(self) -> str:
        """Who our letters are from, in words."""
        protocol = self.current.protocol
        return f"{protocol.short} {protocol.name}".split("(")[0].strip()

    @property
    def address(self) -> str:
        return self.current.protocol.mailbox
