"""Wrappers nobody but their addressee can open: named, so that the sender can be told at once how to send again."""

import re
from collections.abc import Sequence

from mailbot.mail.arriving.body import Attachment

OUTLOOK_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Wrapper -> (content types, file names). A wrapper only seals when no readable words came beside it.
WRAPPERS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("rpmsg", ("application/x-microsoft-rpmsg-message",), (".rpmsg",)),
    ("S/MIME", ("application/pkcs7-mime", "application/x-pkcs7-mime"), (".p7m",)),
    ("PGP", ("application/pgp-encrypted",), (".pgp", ".gpg", ".asc")),
    ("winmail.dat", ("application/ms-tnef", "application/vnd.ms-tnef"), ("winmail.dat",)),
    ("Outlook .msg", ("application/vnd.ms-outlook",), (".msg",)),
)
# Encrypted whatever text stands beside them: that text is the wrapper's own.
SEALS_WITH_TEXT = {"rpmsg"}
PORTAL_SUBJECT = re.compile(
    r"secure (?:e-?mail|message)|encrypted (?:e-?mail|message)|egress|mimecast secure|\[secure\]", re.IGNORECASE
)
PORTAL_WORDS = re.compile(
    r"(?:received|sent you|have|been sent) an? (?:new )?(?:secure|encrypted|protected"
    r"|confidential)[\w -]{0,30}(?:e-?mail|message)"
    r"|(?:read|view|open|access|retrieve) (?:the|this|your) (?:secure|encrypted|protected) (?:e-?mail|message)",
    re.IGNORECASE,
)
PORTAL_DOOR = re.compile(
    r"(?:sign|log) ?in|register|one-time passcode|click (?:here|the|below|on)|follow (?:the|this) link"
    r"|https?://\S+|attached html|message\.html|securedoc|passphrase",
    re.IGNORECASE,
)
_ARMOUR = "-----BEGIN PGP MESSAGE-----"
FEW_WORDS = 12
LONGEST_NOTICE = 4_000


def wrapper_of(types: Sequence[str], attachments: Sequence[Attachment], subject: str, text: str) -> str:
    """The kind of wrapper that hides the writer's words, or "" when they can be read."""
    words = len(text.split())
    if "multipart/encrypted" in types or (_ARMOUR in text[:20_000] and text.index(_ARMOUR) < 400):
        return "PGP"
    for kind, content_types, names in WRAPPERS:
        met = any(
            one.content_type in content_types or (one.name.lower().endswith(names) and one.name) for one in attachments
        )
        if met and (words == 0 or kind in SEALS_WITH_TEXT or (kind == "S/MIME" and words < FEW_WORDS)):
            return kind
    head = text[:LONGEST_NOTICE]
    notice = PORTAL_WORDS.search(head) or PORTAL_WORDS.search(subject)
    if notice and PORTAL_DOOR.search(head) and len(text) < LONGEST_NOTICE:
        return "secure portal" if notice.start() < 600 else ""
    return ""
