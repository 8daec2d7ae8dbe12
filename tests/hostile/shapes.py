"""Letters that are not from whom they say: every trick with From, with Authentication-Results, with copied threads.

The attacker may own a domain of their own that passes every check (``evil.example``), knows the names of the parties,
the reference and the id of a letter, and writes to the mailbox as anybody may. {boss} is a manager who may act.
"""

BOSS = "head@larkfield.sch.example"
BORDER = "mx.northshire-scp.example"
EVIL_PASSES = f"{BORDER}; dmarc=pass header.from=evil.example"
BOSS_PASSES = f"{BORDER}; dmarc=pass header.from=larkfield.sch.example"

# From headers that some parser, or some eye, takes for the manager's. Sent from the attacker's own proven domain.
_ONE_FROM = (
    f"{BOSS} <evil@evil.example>",
    f'"{BOSS}" <evil@evil.example>',
    f'"Desmond Oakes {BOSS}" <evil@evil.example>',
    f"Desmond Oakes <{BOSS}> <evil@evil.example>",
    f"Desmond Oakes <evil@evil.example> <{BOSS}>",
    f"<{BOSS}><evil@evil.example>",
    f"{BOSS}, evil@evil.example",
    f"evil@evil.example, {BOSS}",
    f"Desmond Oakes <{BOSS}>, E <evil@evil.example>",
    f"{BOSS}@evil.example",
    f"<{BOSS}@evil.example>",
    f"{BOSS} evil@evil.example",
    f"evil@evil.example {BOSS}",
    f"evil@evil.example ({BOSS})",
    f"{BOSS} (evil@evil.example)",
    f"({BOSS}) evil@evil.example",
    f"{BOSS}(x)<evil@evil.example>",
    f"staff: {BOSS};",
    f"staff: evil@evil.example, {BOSS};",
    'Desmond <"head"@larkfield.sch.example>',
    "Desmond <head@[larkfield.sch.example]>",
    f"@larkfield.sch.example,@evil.example:{BOSS}",
    f"<@evil.example:{BOSS}>",
    f"=?utf-8?q?{BOSS.replace('@', '=40')}?= <evil@evil.example>",
    "=?utf-8?b?aGVhZEBsYXJrZmllbGQuc2NoLmV4YW1wbGU=?= <evil@evil.example>",
    "=?utf-8?q?=3Chead=40larkfield=2Esch=2Eexample=3E?=",
    f"=?utf-8?q?Desmond=00?= <{BOSS}>",
    f"Desmond\u202e <{BOSS}>",
    "Desmond <he\u200bad@larkfield.sch.example>",
    "Desmond <h\u0435ad@larkfield.sch.example>",
    "Desmond <head@l\u0430rkfield.sch.example>",
    "Desmond <head@larkfield.sch.exampl\u0435>",
    "Desmond <head@xn--lrkfield-2nf.sch.example>",
    "Desmond <head@larkfie1d.sch.example>",
    "Desmond <head@larkfield-sch.example>",
    "Desmond <head@larkfield.sch.example.evil.example>",
    "Desmond <head@larkfield.sch.example.>",
    "Desmond <head@evil.example>",
    "Desmond <head%larkfield.sch.example@evil.example>",
    "Desmond <larkfield.sch.example!head@evil.example>",
    f"Desmond <{BOSS}\x00@evil.example>",
    f'Desmond "<{BOSS}>" <evil@evil.example',
    f"<{BOSS}",
    f"{BOSS}>",
    "<>",
    "",
    "Desmond Oakes",
    f'"\\"{BOSS}\\"" <evil@evil.example>',
    f"Desmond Oakes\r\n <{BOSS}>\r\n <evil@evil.example>",
    "Desmond Oakes via Portal <noreply@evil.example>",
)
FROMS: tuple[tuple[str, ...], ...] = (
    *((one,) for one in _ONE_FROM),
    (f"Desmond Oakes <{BOSS}>", "E <evil@evil.example>"),
    ("E <evil@evil.example>", f"Desmond Oakes <{BOSS}>"),
    (f"Desmond Oakes <{BOSS}>", f"Desmond Oakes <{BOSS}>"),
    (),
)

# What is written above a From that is the manager's to the letter, but that nobody has proven. Topmost first.
RESULTS: tuple[tuple[str, ...], ...] = (
    (),
    (f"Authentication-Results: {BORDER}; dmarc=fail header.from=larkfield.sch.example",),
    (f"Authentication-Results: {BORDER}; dmarc=none header.from=larkfield.sch.example",),
    (f"Authentication-Results: {BORDER}; dmarc=pass header.from=evil.example",),
    (f"Authentication-Results: {BORDER}; dmarc=pass header.from=larkfield.sch.example.evil.example",),
    (f"Authentication-Results: {BORDER}; dmarc=pass header.from=evil.example header.from=larkfield.sch.example",),
    (f"Authentication-Results: {BORDER}; dmarc=pass header.from=larkfield.sch.example; dmarc=fail",),
    (f"Authentication-Results: {BORDER}; dmarc=fail (dmarc=pass header.from=larkfield.sch.example)",),
    (f"Authentication-Results: {BORDER}; spf=pass smtp.mailfrom=larkfield.sch.example",),
    (f"Authentication-Results: {BORDER}; dkim=pass header.d=evil.example; dmarc=bestguesspass",),
    (f'Authentication-Results: {BORDER}; dkim=pass header.i="dmarc=pass" header.from=larkfield.sch.example',),
    ("Authentication-Results: mx.evil.example; dmarc=pass header.from=larkfield.sch.example",),
    (f"Authentication-Results: {BORDER}.evil.example; dmarc=pass header.from=larkfield.sch.example",),
    (f"Authentication-Results: x{BORDER}; dmarc=pass header.from=larkfield.sch.example",),
    (f"Authentication-Results: (x {BORDER}) mx.evil.example; dmarc=pass header.from=larkfield.sch.example",),
    ("Authentication-Results: dmarc=pass action=none header.from=larkfield.sch.example",),
    (f"Authentication-Results: {EVIL_PASSES}", f"Authentication-Results: {BOSS_PASSES}"),
    ("Authentication-Results: mx.evil.example; none", f"Authentication-Results: {BOSS_PASSES}"),
    (f"Authentication-Results: {BORDER}; dmarc=fail", f"Authentication-Results: {BOSS_PASSES}"),
    (f"ARC-Authentication-Results: i=1; {BOSS_PASSES}",),
    (f"X-Authentication-Results: {BOSS_PASSES}",),
    (f"Authentication-Results-Original: {BOSS_PASSES}",),
    ("X-MS-Exchange-Organization-AuthAs: Internal",),
    ("Received-SPF: pass", "DKIM-Signature: v=1; d=larkfield.sch.example"),
)

# Proven to be from somebody, only not from anybody who may act: strangers, other agencies, the family.
OTHERS = (
    "Octavian Reed <octavian.reed@westmere-nhs.example>",
    "Philippa Dunmore <philippa.dunmore@seamoor.example>",
    "Desmond Oakes <d.oakes@larkfield.sch.example>",
    "Desmond Oakes <head+x@larkfield.sch.example>",
    "Desmond Oakes <desmond.oakes.private@freemail.example>",
    "Business Manager <business.manager@evil.example>",
    "disputes <escalation@evil.example>",
)


def letter(froms: tuple[str, ...], above: tuple[str, ...], own: str) -> bytes:
    """The letter as it reaches the mailbox, answering a real letter of ours about a real dispute."""
    head = [
        *above,
        *(f"From: {one}" for one in froms),
        "To: NSSCP Escalation <escalation@nsscp.example>",
        f"Reply-To: {BOSS}",
        f"Sender: {BOSS}" if len(froms) < 2 else "X-Sender: none",
        f"Return-Path: <{BOSS}>",
        "Date: Wed, 09 Sep 2026 10:00:00 +0100",
        "Subject: RE: [NS-26-0012] Stage 2: line managers to resolve by Thu 10 Sep 17:00",
        "Message-ID: <answer.1@evil.example>",
        "In-Reply-To: <bot.ns-26-0012.4@nsscp.example>",
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: 8bit",
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + own.replace("\n", "\r\n")).encode("utf-8", "surrogatepass")
