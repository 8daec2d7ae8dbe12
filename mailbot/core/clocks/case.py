"""One case: a dispute as it stands at a moment, with the partnership whose procedure it follows. What is decided, due,
announced and written of a dispute is worked out from this one value."""

from dataclasses import dataclass, replace
from datetime import datetime

from mailbot.core.clocks.limits import Limit, limits, stage_limit
from mailbot.core.partnership.directory import Directory
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.protocol import Protocol, Stage
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import Event


@dataclass(frozen=True, slots=True)
class Case:
    """A dispute as it stands at ``now``, which is aware, and the partnership in the version that the dispute follows:
    its protocol, its calendar, its directory."""

    dispute: Dispute
    partnership: Partnership
    now: datetime

    @property
    def protocol(self) -> Protocol:
        return self.partnership.protocol

    @property
    def calendar(self) -> Calendar:
        return self.partnership.calendar

    @property
    def directory(self) -> Directory:
        return self.partnership.directory

    @property
    def stage(self) -> Stage:
        """The stage that the dispute is at, as the protocol has it."""
        return self.partnership.stage_of(self.dispute)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Every limit that runs in it. Raises OutOfRange when the calendar does not reach far enough."""
        return limits(self.dispute, self.protocol, self.calendar)

    @property
    def stage_limit(self) -> Limit | None:
        """The limit that decides its present stage; None where none runs. Raises OutOfRange as ``limits``."""
        return stage_limit(self.dispute, self.protocol, self.calendar)

    def after(self, event: Event) -> "Case":
        """The case once ``event`` has happened in it, at the same moment."""
        return replace(self, dispute=self.dispute.after(event))
