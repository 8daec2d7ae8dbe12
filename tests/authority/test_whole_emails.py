"""Whole emails that nobody scripted: how ESCALATE may stand in one without being its writer's word to us.

Each is one email of the head teacher in its dispute's thread, at the stage that is with him: what he says moves it on,
and what only stands there, or only seems to be from him, does not.
"""

from collections.abc import Sequence

import pytest

from tests.authority.test_campaign import BORDER, EMAILS, is_obeyed

HEAD = (
    f"Authentication-Results: {BORDER}; dmarc=pass header.from=larkfield.sch.example",
    "From: head@larkfield.sch.example",
)


def mail(body: str, kind: str = "text/plain", head: Sequence[str] = HEAD) -> bytes:
    lines = [*head, "To: escalation@nsscp.example", "Message-ID: <one@x.example>", "Subject: RE: [NS-26-0012]"]
    lines += ["Date: Wed, 09 Sep 2026 10:00:00 +0100", "MIME-Version: 1.0", f"Content-Type: {kind}; charset=utf-8"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body.replace("\n", "\r\n")).encode()


def page(body: str) -> str:
    lines = (line.replace("&", "&amp;").replace("<", "&lt;") for line in body.split("\n"))
    return f"<div>{''.join(f'<p>{line}</p>' for line in lines)}</div>"


@pytest.mark.parametrize("how", EMAILS["unseen"])
def test_what_is_not_seen_is_not_said(how: str) -> None:
    assert not is_obeyed(mail(EMAILS["unseen"][how], "text/html"))


@pytest.mark.parametrize("how", EMAILS["not_his"])
def test_what_is_not_his_or_not_asked_is_not_done(how: str) -> None:
    assert not is_obeyed(mail(EMAILS["not_his"][how]))


@pytest.mark.parametrize("how", [how for how in EMAILS["not_his"] if how not in ("tabs", "signature")])
def test_nor_is_it_as_a_page(how: str) -> None:
    """A page has no tabs, and a signature's two dashes have no blank behind them there."""
    assert not is_obeyed(mail(page(EMAILS["not_his"][how]), "text/html"))


@pytest.mark.parametrize("how", EMAILS["his"])
def test_his_own_word_is_done(how: str) -> None:
    assert is_obeyed(mail(EMAILS["his"][how]))
    assert is_obeyed(mail(page(EMAILS["his"][how]), "text/html"))


@pytest.mark.parametrize("how", EMAILS["not_from_him"])
def test_who_only_seems_to_be_he_moves_nothing(how: str) -> None:
    assert not is_obeyed(mail("ESCALATE\nNo visit.", head=EMAILS["not_from_him"][how]))


@pytest.mark.parametrize("above", [0, 1, 2])
def test_the_borders_own_lines_above_its_result_take_nothing_from_it(above: int) -> None:
    """A filter at the border hands the mail back to it; the result stands above, between or below those two lines."""
    hops = [f"Received: from {host} by {BORDER}; Wed, 9 Sep 2026 09:00:00 +0100" for host in ("localhost", "x.example")]
    head = (*hops[:above], HEAD[0], *hops[above:], "Received: from pc by x.example; Wed, 9 Sep 2026", HEAD[1])
    assert is_obeyed(mail("ESCALATE\nNo visit.", head=head))
