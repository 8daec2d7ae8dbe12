"""Letters out over Microsoft Graph: ``sendMail`` with the letter's own bytes, one recipient each.

Graph reads the recipients out of the letter's header, where SMTP is told them. So the letter leaves only with its one
recipient in it: where the header names others, those fields are replaced.
"""

import base64
import re
from collections.abc import Iterator, Sequence

from mailbot.shell.errors import LoginRefused, Unreachable
from mailbot.shell.servers.graph_calls import AnswerLost, GraphAnswer, GraphCalls
from mailbot.shell.servers.postman_interface import Delivery, Envelope, Outcome, address_fault

_TO = re.compile(rb"^(?:to|cc|bcc|resent-to|resent-cc|resent-bcc)[ \t]*:(?:[^\r\n]|\r?\n[ \t])*\r?\n", re.I | re.M)
_ADDRESS = re.compile(rb"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")
# The letter's own fate; everything else is the mailbox's, and waits (learn.microsoft.com/graph/errors).
_OF_THE_LETTER = re.compile(r"ErrorInvalidRecipients|ErrorMimeContentInvalid|ErrorMessageSizeExceeded|ErrorInvalidMime")
_NOT_LOGGED_IN = 530  # as SMTP says it (RFC 4954, 6)


class GraphPostman:
    """A ``Postman`` over Graph. A copy of each letter stays in the mailbox's Sent Items, as of any mail sent there."""

    def __init__(self, calls: GraphCalls) -> None:
        self._calls = calls

    def close(self) -> None:
        self._calls.close()

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[Delivery]:
        down = ""
        for envelope in envelopes:
            fault = address_fault(envelope.recipient) or ("" if envelope.recipient else "there is no recipient")
            if fault:
                yield Delivery(envelope.id, Outcome.REFUSED, 553, f"not sent, recipient: {fault}", theirs=True)
            elif down:
                yield Delivery(envelope.id, Outcome.DEFERRED, 0, down, ours=True)
            else:
                delivery, down = self._sent(envelope)
                yield delivery

    def _sent(self, envelope: Envelope) -> tuple[Delivery, str]:
        """One letter sent over Graph; with it why the rest must wait, where it must."""
        body = base64.b64encode(addressed_to(envelope.raw, envelope.recipient))
        try:
            answer = self._calls.post("/sendMail", body, 400, 413)
        except AnswerLost as lost:
            return Delivery(envelope.id, Outcome.UNCERTAIN, 0, str(lost)), ""
        except Unreachable as error:  # also the right to send, or the token: no letter is to blame
            code = _NOT_LOGGED_IN if isinstance(error, LoginRefused) else 0
            return Delivery(envelope.id, Outcome.DEFERRED, code, str(error), ours=True), str(error)
        return _outcome(envelope, answer), ""


def _outcome(envelope: Envelope, answer: GraphAnswer) -> Delivery:
    if answer.code < 300:
        return Delivery(envelope.id, Outcome.ACCEPTED, answer.code, "taken by Graph")
    of_the_letter = answer.code == 413 or _OF_THE_LETTER.search(answer.error)
    words = f"{answer.error}: {answer.words}".strip(": ")
    if of_the_letter:
        return Delivery(envelope.id, Outcome.REFUSED, answer.code, words, theirs=True)
    return Delivery(envelope.id, Outcome.DEFERRED, answer.code, words, ours=True)


def addressed_to(raw: bytes, recipient: str) -> bytes:
    """A letter whose header names this one recipient: as it is where it does already, else with its To, Cc and Bcc
    replaced."""
    end = re.search(rb"(\r?\n)\r?\n", raw)
    head, rest = (raw[: end.end(1)], raw[end.end(1) :]) if end else (raw, b"")
    named = {found.lower() for line in _TO.findall(head) for found in _ADDRESS.findall(line)}
    if named == {recipient.lower().encode()}:
        return raw
    return b"To: " + recipient.encode() + b"\r\n" + _TO.sub(b"", head) + rest
