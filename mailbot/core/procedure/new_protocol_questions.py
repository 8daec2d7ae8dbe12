"""The questions from which a new partnership's protocol file is made: ten answers, and ``like`` the nearest published
one, with only what differs.

The ten are what no two partnerships share. Stages and lengths are then compared with ``protocol show``, and changed
in the file, which stays the truth.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mailbot.core.procedure.protocol import Protocol, Role

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class FileQuestion:
    """``answer`` is the pattern a usable one matches, ``says`` what is said to any other."""

    key: str
    ask: str
    answer: str = r".*\S.*"
    says: str = "Please write something."


NONE_OF_THEM = "none of these"
_ADDRESS = r"[^@\s\"]+@[^@\s\"]+\.[^@\s\"]+"
_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
TEN_QUESTIONS: tuple[FileQuestion, ...] = (
    FileQuestion("partnership", "What is the partnership called, in full?"),
    FileQuestion("short", "And in short, as people say it?"),
    FileQuestion(
        "id", "A name for the file, in small letters (east-riding)", _NAME.pattern, "Small letters and hyphens."
    ),
    FileQuestion("name", "What is the procedure called?"),
    FileQuestion("like", f"Which published procedure is most like it, or {NONE_OF_THEM}"),
    FileQuestion("address", "The mailbox that people copy in", _ADDRESS, "That is not an email address."),
    FileQuestion(
        "prefix", "Capital letters that begin each reference (ER)", r"[A-Z]{1,6}", "One to six capital letters."
    ),
    FileQuestion("office", "The address of the Business Manager or unit", _ADDRESS, "That is not an email address."),
    FileQuestion(
        "phone",
        "The telephone number for a child in danger now (leave it empty to look it up later)",
        r"|[+\d][\d ()]{2,}",
        "That is not a number.",
    ),
    FileQuestion("in_force", "From which day does the procedure hold? (2026-09-01)", _DATE, "Write it as 2026-09-01."),
)


_NONE = ("none", NONE_OF_THEM)


def problem(question: FileQuestion, answer: str, known: Mapping[str, Protocol]) -> str:
    """Why an answer to a question about a new protocol will not do, in words for whoever gave it; "" when it will."""
    if question.key == "like" and answer not in (*known, *_NONE):
        return f"One of: {', '.join(sorted(known))}, or none."
    return "" if re.fullmatch(question.answer, answer) else question.says


def new_file(answers: Mapping[str, str], like: Protocol | None) -> str:
    """The text of a new protocol file, made from the questions' answers: ``answers`` has one usable answer
    for each question's key. ``like`` is None for one that is like none of the published."""
    said = {key: answer.strip().replace("\\", "\\\\").replace('"', '\\"') for key, answer in answers.items()}
    if like is None:
        return _FROM_NOTHING.format_map({**said, "phones": _phones(said["phone"])})
    people = "\n".join(_of_partnership(role, said, like) for role in like.roles.values() if role.address)
    return f"""#:schema ./protocol.schema.json
# {said["partnership"]}: {said["name"]}
# Everything not written here is as in {like.id}.toml: compare `mailbot protocol show {said["id"]}` with the published
# text, and write below whatever differs.
schema = 1
like = "{like.id}"

[protocol]
id = "{said["id"]}"
name = "{said["name"]}"
partnership = "{said["partnership"]}"
short = "{said["short"]}"

[mailbox]
address = "{said["address"]}"
ref_prefix = "{said["prefix"]}"

# The partnership's own people. Nobody's address is taken from the file that this one is like.
{people}
[risk]
line = "{_spoken(like.risk.line)}"   # as in {like.id}.toml: put in the words of your own procedure
{_phones(said["phone"])}

[source]
title = "{said["name"]}"
in_force = "{said["in_force"]}"
"""


def _phones(number: str) -> str:
    """The line of a new protocol's file with the number for danger; one that is still to be looked up is left out, and
    'protocol check' asks for it."""
    named = f'{{ name = "If a child is in danger now", number = "{number}" }}'
    return f"phones = [ {named} ]" if number else "phones = []   # put in the number"


def _of_partnership(role: Role, said: Mapping[str, str], like: Protocol) -> str:
    """In the new protocol's questions, an office by its own partnership's name, with the address that was given, or one
    to be put in."""
    is_office = role.id in like.digest.to
    called = "Business Manager or unit" if is_office else role.id.replace("_", " ")
    title = f"{said['short']} {called}"  # never the other's title, as if somebody had said so
    address = said["office"] if is_office else f"{role.id.replace('_', '.')}@put-in.example"
    note = "" if is_office else "   # put in the real address"
    return (
        f'[role.{role.id}]\ntitle = "{_spoken(title)}"   # as your own text calls them\naddress = "{address}"{note}\n'
    )


def _spoken(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


# Whose stages and lengths nobody has said: each stands empty, so that 'protocol check' names it, and none is invented.
_FROM_NOTHING = """#:schema ./protocol.schema.json
# {partnership}: {name}
# Put in what stands empty, from your published text; `mailbot protocol check` names every line. What a key means is in
# docs/protocol-file.md. Take away a stage that you do not have, add one that is missing.
schema = 1

[protocol]
id = "{id}"
name = "{name}"
partnership = "{partnership}"
short = "{short}"
subject = "child"                # or "adult"
stage_word = "Stage"

[mailbox]
address = "{address}"
ref_prefix = "{prefix}"
tags = ["escalation", "professional difference"]

[risk]
line = ""                        # the sentence of your own procedure about immediate danger; it must say 999
{phones}

[source]
title = "{name}"
in_force = "{in_force}"

[role.raiser]
side = "raising"
title = "Practitioner"
from = "sender"

[role.responder]
side = "receiving"
title = "Practitioner"
from = "email"

[role.raising_manager]
side = "raising"
title = "Line manager"
from = "email"

[role.responding_manager]
side = "receiving"
title = "Line manager"
from = "email"

[role.raising_senior]
side = "raising"
title = "Senior manager"
from = "email"

[role.responding_senior]
side = "receiving"
title = "Senior manager"
from = "email"

[role.office]
side = "partnership"
title = "{short} Business Manager or unit"
from = "address"
address = "{office}"

[stage.1]
name = ""                        # as the text calls it
raising = ["raiser"]
receiving = ["responder"]
start_here = true
next = "2"

[stage.2]
name = ""
raising = ["raising_manager"]
receiving = ["responding_manager"]
next = "3"

[stage.3]
name = ""
raising = ["raising_senior"]
receiving = ["responding_senior"]

[clock.s1]
stage = "1"
label = "Practitioners resolve"
from = "stage entered"
within = ""                      # "1 working day"
at_limit = "ask"                 # or "move up"

[clock.s2]
stage = "2"
label = "Line managers resolve"
from = "stage entered"
within = ""
at_limit = "ask"

[clock.s3]
stage = "3"
label = "Senior managers resolve"
from = "stage entered"
within = ""
at_limit = "ask"

[notice.close-all]
when = "closed"
to = ["everyone"]
send = "summary"

[outcome.resolved]
label = "Resolved by agreement"
needs = ["agreed_outcome"]

[outcome.withdrawn]
label = "Withdrawn by the raising agency"
needs = ["reason"]

[digest]
to = ["office"]
"""
