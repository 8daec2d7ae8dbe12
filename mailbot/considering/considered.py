"""One message considered, as values: what it was found to be, and what follows from it for each dispute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mailbot.considering.gatekeeping import Disposition
from mailbot.core.happened.dispute import Dispute, fold
from mailbot.core.happened.events import Event
from mailbot.core.happened.intents import Intent, Person
from mailbot.core.procedure.partnership import Partnership
from mailbot.core.telling.letters import Notice
from mailbot.mail.arriving.automatic import Kind
from mailbot.mail.arriving.message import Message, Unreadable
from mailbot.mail.arriving.reply import Words
from mailbot.mail.arriving.thread import Known
from mailbot.mail.tokens import Pressed


class Desk(Protocol):
    """What is known before this message: the store's answers, or those given to ``explain``."""

    @property
    def prefixes(self) -> tuple[str, ...]: ...
    def by_message_id(self, ids: tuple[str, ...]) -> Mapping[str, str]: ...
    def by_reference(self, refs: tuple[str, ...]) -> Mapping[str, Known]: ...
    def by_token(self, token: str, near: tuple[str, ...], sender: str) -> Pressed | None: ...
    def dispute(self, reference: str) -> Dispute | None: ...
    def version(self, dispute: Dispute) -> Partnership: ...
    def open_disputes(self) -> Sequence[Dispute]: ...
    def new_reference(self, year: int) -> str: ...
    def is_ours(self, message_id: str) -> bool: ...
    def kept(self, digest: str) -> Message | None: ...
    def letter(self, message_id: str) -> tuple[str, str, str] | None: ...


@dataclass(frozen=True, slots=True)
class Step:
    """What follows for one dispute: it was ``before`` (None: it opens), then ``events``."""

    reference: str
    before: Dispute | None
    events: tuple[Event, ...]
    partnership: Partnership

    @property
    def after(self) -> Dispute:
        if self.before is None:
            return fold(self.events)
        dispute = self.before
        for event in self.events:
            dispute = dispute.after(event)
        return dispute


@dataclass(frozen=True, slots=True)
class Considered:
    """The whole reading. ``plain`` are letters that belong to no dispute; ``held`` True: it waits for a person."""

    disposition: Disposition
    reason: str
    sender: Person
    intents: tuple[Intent, ...] = ()
    steps: tuple[Step, ...] = ()
    plain: tuple[Notice, ...] = ()
    held: bool = False
    asked: str = ""
    kind: Kind | None = None
    words: Words | None = None
    flags: tuple[str, ...] = ()
    message: Message | Unreadable | None = field(default=None, repr=False)
