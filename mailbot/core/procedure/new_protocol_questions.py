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


_ADDRESS = r"[^@\s\"]+@[^@\s\"]+\.[^@\s\"]+"
_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
TEN_QUESTIONS: tuple[FileQuestion, ...] = (
    FileQuestion("partnership", "What is the partnership called, in full?"),
    FileQuestion("short", "And in short, as people say it?"),
    FileQuestion(
        "id", "A name for the file, in small letters (east-riding)", _NAME.pattern, "Small letters and hyphens."
    ),
    FileQuestion("name", "What is the procedure called?"),
    FileQuestion("like", "Which published procedure is most like it?"),
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


def problem(question: FileQuestion, answer: str, known: Mapping[str, Protocol]) -> str:
    """Why an answer to a question about a new protocol will not do, in words for whoever gave it; "" when it will."""
    if question.key == "like" and answer not in known:
        return f"One of: {', '.join(sorted(known))}."
    return "" if re.fullmatch(question.answer, answer) else question.says


def new_file(answers: Mapping[str, str], like: Protocol) -> str:
    """The text of a new protocol file, made from the questions' answers: ``answers`` has one usable answer
    for each question's key."""
    said = {key: answer.strip().replace("\\", "\\\\").replace('"', '\\"') for key, answer in answers.items()}
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
