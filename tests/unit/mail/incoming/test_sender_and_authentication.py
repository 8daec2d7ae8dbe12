"""Whoever a From could be read as in two ways is nobody."""

import pytest

from mailbot.mail.incoming.headers import Headers
from mailbot.mail.incoming.sender_and_authentication import (
    Sender,
    Trust,
    authentication,
    header_addresses,
    looks_like,
    sender_of,
)

COUNCIL = "rosalind.pike@calder-council.example"


def sender(*values: str) -> Sender:
    return sender_of(Headers(tuple(("from", value) for value in values)))


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Rosalind Pike <rosalind.pike@calder-council.example>", "Rosalind Pike"),
        ('"Pike, Rosalind" <Rosalind.Pike@Calder-Council.example>', "Pike, Rosalind"),
        ("Pike, Rosalind <rosalind.pike@calder-council.example>", "Pike, Rosalind"),
        ("rosalind.pike@calder-council.example", ""),
        ("rosalind.pike@calder-council.example (Rosalind Pike)", "Rosalind Pike"),
        ("=?utf-8?q?Rosal=C3=ADnd?= <rosalind.pike@calder-council.example>", "Rosalínd"),
        ("<rosalind.pike@calder-council.example>", ""),
        ("'rosalind.pike@calder-council.example' <rosalind.pike@calder-council.example>", COUNCIL),
    ],
)
def test_one_mailbox_in_plain_grammar_is_the_sender(value: str, name: str) -> None:
    assert sender(value) == Sender(COUNCIL, name, ())


@pytest.mark.parametrize(
    "value",
    [
        "alice@calder-council.example <evil@attacker.example>",
        "alice@calder-council.example, evil@attacker.example",
        "A <alice@calder-council.example>, B <evil@attacker.example>",
        "alice@calder-council.example@attacker.example",
        "<alice@calder-council.example><evil@attacker.example>",
        "alice@calder-council.example evil@attacker.example",
        "Alice <alice@calder-council.example> <evil@attacker.example>",
        'Alice <"alice"@calder-council.example>',
        "group: alice@calder-council.example;",
        "Alice <alice@cаlder-council.example>".replace("а", "\u0430\u0301\u200d"),
        "Alice <alice@STRASSE\u00df.example>",
        "Ali\u202ece <alice@calder-council.example>",
        "=?utf-8?q?Ali=E2=80=AEce?= <alice@calder-council.example>",
        "alice@",
        "<",
        "Alice <alice@calder_council.example>",
        "Alice <al\u0456ce@calder-council.example>",
        "alice@calder-council.example(evil@attacker.example)<evil@attacker.example>",
        "",
    ],
)
def test_a_from_with_two_readings_has_no_address(value: str) -> None:
    found = sender(value)
    assert found.address == ""
    assert found.faults


def test_two_from_headers_have_no_address() -> None:
    assert sender(COUNCIL, "evil@attacker.example").faults == ("two From headers",)
    assert sender(COUNCIL, COUNCIL).address == ""


def test_no_from_header_is_a_fault() -> None:
    assert sender() == Sender("", "", ("no From header",))


def test_a_quoted_name_that_shows_another_address_is_legal_and_noted() -> None:
    found = sender('"alice@calder-council.example" <evil@attacker.example>')
    assert found.address == "evil@attacker.example"
    assert found.faults == ("the name shows another address",)


def test_a_domain_in_its_own_script_is_given_in_ascii() -> None:
    assert sender("Z <z@bücher.example>").address == "z@xn--bcher-kva.example"


def test_lenient_lists_keep_every_readable_mailbox() -> None:
    assert header_addresses(['"Pike, R" <R@a.example>, Fernsby, W <w@b.example>', "unlisted-recipients:;"]) == (
        ("Pike, R", "r@a.example"),
        ("Fernsby, W", "w@b.example"),
    )


def results(*values: str, **more: str) -> Headers:
    extra = tuple((name.replace("_", "-"), value) for name, value in more.items())
    return Headers((("from", COUNCIL), *(("authentication-results", value) for value in values), *extra))


def judged(headers: Headers, *trusted: str) -> Trust:
    return authentication(headers, sender_of(headers), trusted or ("mx.fenland-scp.example",))


PASS = "mx.fenland-scp.example; spf=pass smtp.mailfrom=x; dmarc=pass (p=reject) header.from=calder-council.example"


def test_a_pass_by_our_own_border_for_the_same_domain_is_trusted() -> None:
    assert judged(results(PASS)) is Trust.PASSED


def test_a_failure_by_our_own_border_is_a_failure() -> None:
    assert judged(results(PASS.replace("dmarc=pass", "dmarc=fail"))) is Trust.FAILED


@pytest.mark.parametrize(
    "values",
    [
        (),
        ("mx.attacker.example; dmarc=pass header.from=calder-council.example",),
        ("mx.attacker.example; dmarc=none", PASS),
        ("mx.fenland-scp.example; dmarc=none header.from=calder-council.example", PASS),
        ("mx.fenland-scp.example; dmarc=pass header.from=attacker.example",),
        ("mx.fenland-scp.example; dmarc=none (dmarc=pass header.from=calder-council.example)",),
        ("mx.fenland-scp.example; dmarc=pass dmarc=fail header.from=calder-council.example",),
        ("spf=pass; dmarc=pass header.from=calder-council.example",),
        ("(" * 100_000,),
    ],
    ids=["none", "stranger", "forged below", "own none", "other domain", "comment", "both", "microsoft", "parens"],
)
def test_anything_less_is_unknown(values: tuple[str, ...]) -> None:
    assert judged(results(*values)) is Trust.UNKNOWN


def test_microsofts_shape_without_a_name_counts_only_where_configured() -> None:
    headers = results(
        "spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=calder-council.example; dkim=pass (signature was verified)"
        " header.d=calder-council.example;dmarc=pass action=none header.from=calder-council.example;compauth=pass"
    )
    assert judged(headers, "microsoft") is Trust.PASSED
    assert judged(headers, "mx.fenland-scp.example") is Trust.UNKNOWN


def test_mail_inside_one_microsoft_tenant_counts_only_where_configured() -> None:
    headers = results(x_ms_exchange_organization_authas="Internal")
    assert judged(headers, "microsoft") is Trust.PASSED
    assert judged(headers, "mx.fenland-scp.example") is Trust.UNKNOWN


def test_a_sender_that_cannot_be_read_is_never_passed() -> None:
    headers = Headers((("from", "a@calder-council.example <e@x.example>"), ("authentication-results", PASS)))
    assert judged(headers) is Trust.UNKNOWN


@pytest.mark.parametrize(
    ("domain", "imitated"),
    [
        ("calder-counci1.example", "calder-council.example"),
        ("caider-council.example", "calder-council.example"),
        ("calder-councl.example", "calder-council.example"),
        ("calder-cuoncil.example", "calder-council.example"),
        ("caldercouncil.example", "calder-council.example"),
        ("calder.council.example", "calder-council.example"),
        ("calder-council.example.attacker.example", "calder-council.example"),
        ("xn--clder-council-w1k.example", "calder-council.example"),
        ("wo1d-nhs.example", "wold-nhs.example"),
        ("calder-council.example", None),
        ("schools.calder-council.example", None),
        ("mill-school.example", None),
        ("fenland-police.example", None),
    ],
)
def test_a_domain_made_to_be_mistaken_is_named(domain: str, imitated: str | None) -> None:
    assert looks_like(domain, ["calder-council.example", "wold-nhs.example"]) == imitated
