"""Waiting in IMAP IDLE (RFC 2177) so that a dead link is noticed and a slow one does no harm.

imapclient's own ``idle_check`` reads without blocking: a line that comes in two pieces aborts it, and on a dead link it
answers "no news" at once and for ever. Its ``idle()`` raises when the server says something before the ``+``. So the
socket is only watched here, never read; the reading is left to ``idle_done()``, which blocks under the read timeout.
"""

import errno
import select
import ssl
import typing
from collections.abc import Callable, Sequence

from mailbot.shell.clock import elapsed

# How long ``stop`` may go unheard.
IDLE_SLICE = 0.5
# The law allows 29 minutes; firewalls forget a quiet connection after 5.
_LONGEST = 120.0


def wait_in_idle(client: typing.Any, seconds: float, stop: Callable[[], bool]) -> bool:
    """Waits in IMAP IDLE for new mail: True when the server reports a change within ``seconds``. ``client`` is an
    imapclient with a folder selected.

    Raises what imapclient and sockets raise when the link is dead: at the latest one read timeout after the wait ends.
    """
    # Cached from here on: idle_done() would otherwise ask for it in the middle of IDLE.
    client.capabilities()
    early = _enter(client)
    if not _is_news(early):
        _watch(client, min(seconds, _LONGEST), stop)
    _, late = client.idle_done()
    return _is_news(early) or _is_news(late)


def _enter(client: typing.Any) -> list[bytes]:
    """Enters IDLE, and reads up to the ``+``; what the server said before it is news too."""
    connection = client._imap
    tag = connection._command("IDLE")
    connection.untagged_responses.clear()
    while connection._get_response() is not None:
        if connection.tagged_commands.get(tag):
            connection.tagged_commands.pop(tag)
            raise OSError(errno.EPROTO, "IDLE was refused")
    client._idle_tag = tag
    return [name.encode() for name in connection.untagged_responses]


def _watch(client: typing.Any, seconds: float, stop: Callable[[], bool]) -> None:
    poll = select.poll()
    poll.register(client.socket().fileno(), select.POLLIN)
    end = elapsed() + seconds
    readable = False
    while not stop():
        peeked = _peek(client)
        # Readable and yet empty is the end of the stream: idle_done() will say so.
        if peeked or (readable and peeked == b""):
            return
        left = end - elapsed()
        if left <= 0:
            return
        readable = bool(poll.poll(min(left, IDLE_SLICE) * 1000))


def _peek(client: typing.Any) -> bytes | None:
    """What an idling server has sent already: what lies ready in our buffer, the TLS layer's or the kernel's; nothing
    is read away.

    Nothing yet is ``None`` under TLS and ``b""`` on a plain socket; the end of the stream is ``b""`` on both.
    """
    sock = client.socket()
    timeout = sock.gettimeout()
    try:
        sock.settimeout(0)
        return bytes(client._imap.file.peek(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return None
    finally:
        sock.settimeout(timeout)


def _is_news(responses: Sequence[typing.Any]) -> bool:
    """Is a line that came during IDLE news? Everything but "* OK Still here", which Dovecot says every two minutes."""
    return any((response[0] if isinstance(response, tuple) else response) != b"OK" for response in responses)
