"""``mailbot check --send-to ME``: one letter really sent, and its answer awaited in the mailbox: that letters leave,
that they arrive, that answers come back, and that what comes back proves who wrote it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from mailbot.build import mailbox_of, postman_of
from mailbot.checks.findings import Finding, explained, well
from mailbot.checks.trust import arrived_by
from mailbot.core.partnership.directory import domain_of
from mailbot.shell.clock import elapsed, utc_now
from mailbot.shell.config.server_settings import PartnershipSettings
from mailbot.shell.servers.mailbox_interface import Arrival, Mailbox, Watermark
from mailbot.shell.servers.postman_interface import Envelope, Outcome

TEST_LETTERS = ("Bot", "Test letters")  # where the answer is put, so that nobody has to deal with it
_TEXT = """\
This is a test of the mailbox {address}. Nothing has happened, and it concerns no child.

Please answer it, in any words: the person who is setting up the mailbox waits for that, for {minutes} minutes.

If you are worried about a child now, do not answer here. In an emergency ring 999; otherwise:
{phones}
"""


def letter_findings(
    one: PartnershipSettings, to: str, seconds: float, tell: Callable[[str], None]
) -> Iterator[Finding]:
    """``mailbot check --send-to ME``: sends one letter to ``to`` and waits for its answer. ``tell`` says that it was
    sent, because the wait is long. Raises Unreachable."""
    entitled = one.directory.is_approved(to) or to.lower() in {role.address for role in one.current.roles.values()}
    if not entitled:
        yield explained("letter-not-entitled", to=to)
        return
    minutes = max(1, round(seconds / 60))
    raw, message_id = _letter(one, to, minutes, utc_now())
    mailbox, postman = mailbox_of(one.mailbox), postman_of(one.post)
    try:
        before = _top(mailbox)
        began = elapsed()
        delivery = next(iter(postman.send([Envelope(1, one.current.mailbox, to, raw)])))
        if delivery.outcome is not Outcome.ACCEPTED:
            name = "letter-not-taken" if delivery.outcome is Outcome.REFUSED else "letter-deferred"
            yield explained(name, to=to, found=f"{delivery.code or ''} {delivery.words}".strip())
            return
        yield well("test letter", f"sent to {to}")
        tell(f"A letter has gone to {to}. Answer it from your mail program; this waits {minutes} minutes.")
        answer = _answer(mailbox, before, message_id, seconds)
        if answer is None:
            yield explained("letter-unanswered", minutes=minutes, domain=domain_of(one.current.mailbox))
            return
        yield well("test letter", f"answered after {round(elapsed() - began)} seconds")
        yield from _proof(one, answer)
        mailbox.move(answer.place, TEST_LETTERS)
    finally:
        mailbox.close()
        postman.close()


def _letter(one: PartnershipSettings, to: str, minutes: int, now: datetime) -> tuple[bytes, str]:
    message = EmailMessage()
    address = one.current.mailbox
    message_id = f"<check.{now:%Y%m%d%H%M%S%f}@{domain_of(address)}>"
    numbers = ((f"{phone.name}: {phone.number}", phone.hours) for phone in one.current.risk.phones)
    phones = "\n".join(f"- {said} ({hours})" if hours else f"- {said}" for said, hours in numbers)
    message["From"], message["To"] = address, to
    message["Subject"] = "Test of the mailbox: please answer"
    message["Date"], message["Message-ID"] = format_datetime(now), message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_TEXT.format(address=address, minutes=minutes, phones=phones))
    return message.as_bytes().replace(b"\n", b"\r\n"), message_id


def _top(mailbox: Mailbox) -> Watermark | None:
    last = None
    for arrival in mailbox.arrivals(None):
        last = Watermark(arrival.place.uidvalidity, arrival.place.uid)
    return last


def _answer(mailbox: Mailbox, before: Watermark | None, message_id: str, seconds: float) -> Arrival | None:
    """The answer to the letter of ``mailbot check --send-to ME``, as soon as it lies in the inbox; None where none has
    come in ``seconds``."""
    end = elapsed() + seconds
    while True:
        for arrival in mailbox.arrivals(before):
            if isinstance(arrival, Arrival) and message_id.encode() in arrival.raw.split(b"\r\n\r\n", 1)[0]:
                return arrival
        left = end - elapsed()
        if left <= 0:
            return None
        mailbox.wait(min(left, 15.0), lambda: False)


def _proof(one: PartnershipSettings, answer: Arrival) -> Iterator[Finding]:
    head = arrived_by(answer.raw, one.current.mailbox)
    if not one.require_authentication:
        return
    if head.authserv in one.authserv_ids:
        yield well("test letter", f"its sender is proved by {head.authserv}")
        return
    found = f"its field Authentication-Results is by {head.authserv}" if head.authserv else "it has no such field"
    named = " or ".join(one.authserv_ids)
    remedy = (
        f'If {head.authserv} is your own receiving server, write authserv_ids = ["{head.authserv}"], not {named}.'
        if head.authserv
        else "Have your mail server write Authentication-Results, or set require = false until it does."
    )
    yield explained("letter-unproven", found=found, remedy=remedy)
