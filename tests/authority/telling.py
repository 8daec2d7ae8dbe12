"""Stories about authority: what came of a mail, and who was written to; letters are not counted one by one."""

from datetime import timedelta
from pathlib import Path

from tests.prepared import prepared
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.story import TRUSTED, Sent, Story

AGREED = "RESOLVED\nTobias visits K at home by 11 September 2026."
LESS = "RESOLVED\nThe case is closed and a leaflet is sent by 30 November 2026."


class Told(Story):
    """A story at its second stage, on a Wednesday morning; its end expects nothing."""

    def __init__(self, folder: Path, **more: object) -> None:
        super().__init__(folder, "2026-09-07 09:30", **more)  # type: ignore[arg-type]
        self._wired = 0

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.store.close()

    @prepared
    def raised(self, body: str = RAISED) -> "Told":
        self.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        self.letters()
        return self

    @prepared
    def at_stage_2(self, body: str = RAISED) -> "Told":
        self.raised(body).until("2026-09-09 09:30")
        self.letters()
        assert self.dispute().stage == "2"
        return self

    def says(self, who: str, body: str, minutes: int = 10, answers: Sent | None = None) -> list[Sent]:
        """Proven, about this dispute; what went out because of it."""
        when = f"{self.now + timedelta(minutes=minutes):%Y-%m-%d %H:%M}"
        self.mail(who, body, when, subject=f"RE: [{self.first}]", answers=answers)
        return self.letters()

    def wire(
        self,
        who: str,
        body: str,
        verdict: str = "pass",
        answers: Sent | None = None,
        subject: str = "",
        head: tuple[str, ...] = (),
        kind: str = "text/plain; charset=utf-8",
    ) -> bytes:
        """A mail as it lies on the wire. ``verdict`` is the border server's, "" where it wrote none."""
        self._wired += 1
        address = self.address.get(who, who)
        domain = address.rpartition("@")[2].strip(">")
        lines = [f"Authentication-Results: {TRUSTED}; dmarc={verdict} header.from={domain}"] if verdict else []
        lines += [f"From: {address}", f"To: {self.address['mailbox']}", f"Subject: {subject or f'RE: [{self.first}]'}"]
        lines += [f"Date: {self.now:%a, %d %b %Y %H:%M:%S %z}", f"Message-ID: <told.{self._wired}@{domain}>"]
        lines += [f"In-Reply-To: {answers.message_id}"] if answers else []
        lines += [*head, "MIME-Version: 1.0", f"Content-Type: {kind}"]
        return ("\r\n".join(lines) + "\r\n\r\n" + body.replace("\n", "\r\n") + "\r\n").encode()

    def comes(self, who: str, body: str, **how: object) -> list[Sent]:
        self.deliver(self.wire(who, body, **how))  # type: ignore[arg-type]
        return self.letters()

    def standing_on(self, side: str) -> set[str]:
        return {self.who.get(p.person.address, p.person.address) for p in self.dispute().parties if p.side == side}

    @property
    def is_closed(self) -> bool:
        return not self.dispute().is_open


def to(letters: list[Sent], who: str) -> Sent:
    return next(letter for letter in reversed(letters) if letter.to == who)


def told(letters: list[Sent]) -> set[str]:
    return {letter.to for letter in letters}
