"""The demo told in the terminal, as it happens: who wrote what, what was made of it, which clock runs, what was sent.

The teller knows nothing that anybody else could not see: it reads the store and watches the post.
"""

import textwrap
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from rich.console import Console
from rich.text import Text

from mailbot.commands.screen import clean
from mailbot.core.clocks.limits import Limit, stage_limit
from mailbot.core.happened import events as e
from mailbot.core.happened.correspondence import AbsenceNoticed, QuestionAsked
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.closed_lists import AtLimit
from mailbot.demonstration.letters import delivered
from mailbot.demonstration.play import LONDON, Play
from mailbot.demonstration.story import Written
from mailbot.mail.writing.wording import listed

WIDTH, LABEL = 80, 9
STYLES = {"writes": "cyan", "limit": "yellow", "sends": "green", "holds": "magenta"}

_THEN: Mapping[AtLimit, str] = {
    AtLimit.MOVE_UP: "nobody has settled it, so it moves up",
    AtLimit.ASK: "a person must decide what follows",
    AtLimit.FLAG: "the partnership is told",
    AtLimit.REMIND: "those who must act are told",
    AtLimit.NOTHING: "nothing follows",
}
# What is worth a line, in words; the rest of what happens shows in the letters.
_SAID: Mapping[type[e.Event], Callable[..., str]] = {
    e.DisputeOpened: lambda event: f"opened: {listed((event.raising, event.receiving, *event.also_receiving))}",
    e.LimitPassed: lambda event: f"the limit of Stage {event.stage} has passed: {_THEN[event.then]}",
    e.StageEntered: lambda event: f"Stage {event.stage} begins" if event.how != "opening" else "",
    e.ResolutionProposed: lambda event: "one side says it is resolved; the other is asked whether that is so",
    e.ResolutionConfirmed: lambda event: "the other side confirms it",
    e.ResolutionObjected: lambda event: "put back: it stays open",
    e.DecisionMade: lambda event: "the decision is recorded",
    e.DisputeClosed: lambda event: f"closed at Stage {event.stage}: {event.outcome}",
    AbsenceNoticed: lambda event: f"{event.person.name} is away past the limit; no clock stops",
    QuestionAsked: lambda event: f"{event.of.name} is asked: {event.question}",
}


def at(instant: datetime) -> str:
    """ "Mon 7 Sep 10:12"."""
    local = instant.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


class Teller:
    """Tells each thing once. The console says how wide it is, and whether there is colour."""

    def __init__(self, play: Play, console: Console) -> None:
        self._play, self._console = play, console
        self._events: dict[str, int] = {}
        self._limits: dict[str, datetime | None] = {}
        self._counts: dict[str, int] = {}
        self._sent = self._waiting = 0

    def scene(self, instant: datetime, seen: str = "") -> None:
        self._console.print()
        stamp = at(instant)
        lines = self._wrapped(seen, len(stamp) + 2)
        self._console.print(Text.assemble((stamp, "bold"), "  ", (lines[0], "italic")))
        for line in lines[1:]:
            self._console.print(Text(f"{'':{len(stamp) + 2}}{line}", "italic"))

    def wrote(self, written: Written) -> None:
        whom = [self._play.name(one) for one in written.to]
        to = f"{', '.join(whom)}, the mailbox copied in" if whom else "the mailbox"
        lines = [line for line in written.body.splitlines() if line.strip() and not line.startswith("Dear ")]
        words = " / ".join(lines[:3]) if not written.to else f"{written.subject}: {lines[0]}"
        self._line("writes", f"{self._play.name(written.by)} to {to}: “{_short(words)}”")

    def happened(self) -> None:
        """Everything since it was last asked; that nothing was sent is told where a message was read."""
        letters = self._play.postman.sent[self._sent :]
        self._sent = len(self._play.postman.sent)
        for dispute in self._play.store.disputes(self._play.site.id):
            self._dispute(dispute)
        self._letters([(self._play.name(one.recipient), delivered(one.raw, self._play.now).shown) for one in letters])
        self._held()
        counts = self._read()
        became = Counter(counts) - Counter(self._counts)
        self._counts = counts
        if became and not letters:
            self._line("sends", f"nothing (the message is {', '.join(sorted(became))})")

    def is_silent(self) -> bool:
        """Has nothing been read, recorded or sent since it was last told?"""
        history = {d.reference: len(d.history) for d in self._play.store.disputes(self._play.site.id)}
        nothing_sent = self._sent == len(self._play.postman.sent)
        return history == self._events and nothing_sent and self._read() == self._counts

    def _read(self) -> dict[str, int]:
        start, end = self._play.now - timedelta(days=366), self._play.now + timedelta(days=1)
        return self._play.store.messages_between(self._play.site.id, start, end)

    def _dispute(self, dispute: Dispute) -> None:
        for event in dispute.history[self._events.get(dispute.reference, 0) :]:
            said = _SAID.get(type(event))
            if said and (words := said(event)):
                self._line("records", f"{dispute.reference} {words}")
        self._events[dispute.reference] = len(dispute.history)
        version = self._play.site.version(dispute)
        limit = stage_limit(dispute, version.protocol, version.calendar) if dispute.is_open else None
        holds = limit.holds if limit else None
        if holds != self._limits.get(dispute.reference) and limit is not None:
            self._line("limit", f"{version.protocol.stage_name(dispute.stage)}: {at(limit.holds)}, {limit.because}")
            self._working(limit)
        self._limits[dispute.reference] = holds

    def _working(self, limit: Limit) -> None:
        self._line("", "; ".join(f"{step.day:%a} {step.day.day}: {step.why}" for step in limit.working))

    def _letters(self, letters: list[tuple[str, str]]) -> None:
        for shown in dict.fromkeys(shown for _, shown in letters):
            readers = [reader for reader, other in letters if other == shown]
            self._line("sends", f"{', '.join(readers)}: {_short(shown)}")

    def _held(self) -> None:
        held = self._play.store.held(self._play.site.id)
        for one in held[self._waiting :]:
            self._line("holds", f"message {one.number} for a person: {one.reason}")
        self._waiting = len(held)

    def _wrapped(self, words: str, indent: int) -> list[str]:
        width = max(self._console.width, 40) - indent
        return textwrap.wrap(clean(words), width, break_on_hyphens=False) or [""]

    def _line(self, label: str, words: str) -> None:
        style = STYLES.get(label, "dim")
        for number, line in enumerate(self._wrapped(words, LABEL + 2)):
            self._console.print(Text.assemble((f"{'' if number else label:>{LABEL}}  ", style), line))


def _short(words: str, longest: int = 150) -> str:
    words = " ".join(clean(words).split())
    return words if len(words) <= longest else f"{words[:longest].rsplit(' ', 1)[0]} …"
