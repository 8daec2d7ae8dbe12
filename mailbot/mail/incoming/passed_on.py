"""Words of somebody else that a writer passes on: pasted below "Dad wrote:", below a drawn line, indented, behind bars.

A mail program marks what it quotes (``quotation``); a person who pastes a parent's text into an answer marks it in one
of a few ways, all of which are ways of saying "not I". What stands there asks nothing of this mailbox. It is still read
for danger, which is anybody's to tell. The line that introduces it stays the writer's own, so that a message is never
emptied by it.
"""

import re

_WHO = r"(?:the |a |this |that |his |her |their |my |our |your )?(?:[\w'’.-]+ ){0,5}?"
# First persons introduce what they go on to say themselves: "I wrote:", "We agreed:", "As we said:".
_OWN_SUBJECT = re.compile(r"\b(?:i|we|i've|we've|i’ve|we’ve|both|dw i|rydym|ni)\b", re.IGNORECASE)
_TOLD_TO_ME = re.compile(
    r"\b(?:me|us|i have had|i had|i got|i received|we received|we had|forwarded|from|below|passed)\b", re.IGNORECASE
)
_SAYS = (
    r"wrote|writes|write|written|said|says|say|sent|sends|emailed|e-mailed|mailed|texted|messaged|replied|replies"
    r"|responded|answered|reads|read|put|posted|told|stated|states|asked|asks|demands|demanded|wants|wanted|claims"
    r"|claimed|announced|left|shared|forwarded|went|goes|ysgrifennodd|ysgrifenodd|dywedodd|anfonodd|meddai|ddywedodd"
)
_THINGS = (
    r"e-?mail|mail|message|text|texts|letter|note|post|voicemail|whatsapp|sms|words|reply|response|statement|quote"
    r"|neges|e-bost|ebost|llythyr|testun"
)
# "Dad wrote:", "He has sent me this:", "This is what his email said:", "The council wrote:"
_SAID = re.compile(rf"^{_WHO}(?:[\w'’.-]+ ){{0,6}}?(?:{_SAYS})\b[^:]{{0,60}}[:：]\s*$", re.IGNORECASE)
# "Her email:", "See the message below:", "This is his letter:", "From the parent:"
_THING = re.compile(rf"^(?:[^:.]{{0,60}}\b)?(?:{_THINGS})\b[^:.]{{0,60}}[:：]\s*$", re.IGNORECASE)
# "Text from Mum 08:50", "Message from Dad", "Email received from his solicitor:"
_THING_FROM = re.compile(
    rf"^(?:[\w'’-]+ ){{0,3}}(?:{_THINGS})\b(?: \w+){{0,3}} (?:from|by|of|off|oddi wrth|gan) [^.!?]{{1,60}}$",
    re.IGNORECASE,
)
# "From: Dad", on a line of its own in an answer; "Oddi wrth: Dad".
_FROM = re.compile(r"^\W{0,3}(?:from|sender|oddi wrth|gan)\W{0,3}[:：]\s*\S+(?: \S+){0,4}(?<![.!?])$", re.IGNORECASE)
_NOT_TO_DO = re.compile(
    r"^(?=[^:]{1,120}[:：]\s*$).{0,80}"
    r"\b(?:not|never|don['’]t|didn['’]t|won['’]t|refused?|ignore|instead of|peidiwch)\b",
    re.IGNORECASE,
)
# "-------- what he wrote --------", "=== message from mum ===", "________________"
_DRAWN = re.compile(r"^\s*(?:[-_=*~#]{3,}\s*[^-_=*~#]{1,80}?\s*[-_=*~#]{2,}|[-_=*~#]{5,})\s*$")
_BARRED = re.compile(r"^\s{0,3}[|¦│┃](?!.*[|¦│┃]\s*$)")
_INDENTED = re.compile(r"^(?: {3,}|\t)\S")
_CHAT = re.compile(
    r"^\s*\[?\d{1,2}[/.:-]\d{1,2}(?:[/.:-]\d{2,4})?,? [\d: apm.]{4,11}\]?\s*(?:-\s*)?[^:\n]{1,40}: ", re.IGNORECASE
)
_LABELLED = re.compile(r"^\s*[-*•]?\s*[A-Z][A-Za-z' /-]{2,40}[:=]\s*\S")
LONGEST = 240


def apart(own: str, is_answer: bool) -> tuple[str, str]:
    """``own`` without what it passes on, and that; "" where it passes nothing on."""
    lines = own.split("\n")
    mine: list[str] = []
    others: list[str] = []
    for at, line in enumerate(lines):
        if _begins(lines, at, mine, is_answer):
            introduced = not (_DRAWN.match(line) or _is_marked(line))
            mine += [line] if introduced else []
            return _joined(mine), _joined([*others, *lines[at + introduced :]])
        if _BARRED.match(line) or _CHAT.match(line) or _is_set_in(lines, at, mine):
            others.append(line)
        else:
            mine.append(line)
    return (own, "") if not others else (_joined(mine), _joined(others))


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n")


def _is_marked(line: str) -> bool:
    return bool(_BARRED.match(line) or _CHAT.match(line))


def _begins(lines: list[str], at: int, mine: list[str], is_answer: bool) -> bool:
    """Whether somebody else's words begin here, to the end."""
    if not any(line.strip() for line in lines[at + 1 :]):
        return False
    if _DRAWN.match(lines[at]):
        return any(line.strip() for line in mine) and not _is_a_form(lines[at + 1 :])
    said = " ".join(lines[at].split()).strip("*_ ")
    if not said or len(said) > LONGEST:
        return False
    alone = at + 1 == len(lines) or not lines[at + 1].strip()
    return introduces(said) or (is_answer and alone and _FROM.match(said) is not None)


def introduces(line: str) -> bool:
    """Does this line say that what follows is somebody else's, or is not to be done?"""
    if _NOT_TO_DO.match(line):
        return True
    if _SAID.match(line) or _THING.match(line):
        return not _OWN_SUBJECT.search(line) or _TOLD_TO_ME.search(line) is not None
    return _THING_FROM.match(line) is not None


def _is_set_in(lines: list[str], at: int, mine: list[str]) -> bool:
    """A block set in below an empty line, with something before it that is not; labelled lines are a form."""
    if not _INDENTED.match(lines[at]) or _LABELLED.match(lines[at]):
        return False
    first = at
    while first and _INDENTED.match(lines[first - 1]):
        first -= 1
    above = [line for line in mine if line.strip() and not _INDENTED.match(line)]
    return bool(above) and first > 0 and not lines[first - 1].strip()


def _is_a_form(lines: list[str]) -> bool:
    return sum(_LABELLED.match(line) is not None for line in lines) > 1
