"""The first ``mailbot.toml`` of a deployment: the shipped example, with its comments, and the operator's answers.

The example is rewritten line by line, so that there is one file that explains every key and not two.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailbot.core.partnership.directory import domain_of
from mailbot.core.procedure.protocol import Protocol

_Question = tuple[str, str, str]  # the answer's name, what is asked, an example of an answer
_HEADER = re.compile(r"\[(.+)\]\s*$")
_PAIR = re.compile(r"(?P<key>\w+)(?P<is>\s*=\s*)(?P<value>\"[^\"]*\"|\S+)(?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class Answers:
    protocol: Protocol
    given: Mapping[str, str]


def first_questions(known: list[str]) -> Iterator[_Question]:
    yield "protocol", f"Which procedure? ({', '.join(known)})", "north-somerset"


def questions_of(protocol: Protocol) -> Iterator[_Question]:
    """The questions that a first configuration asks: what a deployment of ``protocol`` must say for itself. The
    examples are at the domain asked about first."""
    domain = domain_of(protocol.mailbox)
    yield "domain", "The partnership's own mail domain", domain
    yield "address", "The address of the shared mailbox", protocol.mailbox
    yield "mailbox", "Where it is read (imaps://user@host:993/INBOX)", f"imaps://{protocol.mailbox}@mail.{domain}:993"
    yield "post", "Where letters are handed in", f"smtp+starttls://{protocol.mailbox}@mail.{domain}:587"
    yield "password_file", "The file with its password (not the password)", "../var/mailbox-password"
    yield "authserv_id", "Your mail server's name in Authentication-Results, or none", f"mail.{domain}"
    yield "phone_name", "Whom to ring when a child is in danger", "Children's front door"
    yield "phone_number", "Their number", "01632 960100"
    yield "closed_phone_name", "Whom to ring at night, at weekends and on bank holidays", "Emergency duty team"
    yield "closed_phone_number", "Their number", "01632 960199"
    for role in protocol.roles.values():
        if role.address:
            yield f"role_{role.id}", f"The address of the {role.title}", role.address


def mailbot_toml(example: str, answers: Answers) -> str:
    """A first ``mailbot.toml``: ``example`` with the answers in their places and the comments kept."""
    given, name = answers.given, answers.protocol.id
    none = given["authserv_id"].strip().casefold() in ("", "none")
    values = {
        ("", "protocol"): _text(name),
        ("", "address"): _text(given["address"]),
        ("", "approved_domains"): _texts(given["domain"]),
        ("mailbox", "url"): _text(given["mailbox"]),
        ("mailbox", "password_file"): _text(given["password_file"]),
        ("post", "url"): _text(given["post"]),
        ("post", "password_file"): _text(given["password_file"]),
        ("trust", "authserv_ids"): "[]" if none else _texts(given["authserv_id"]),
        ("trust", "require"): "false" if none else "true",
    }
    lines: list[str] = []
    part, inside = None, ""
    for line in example.splitlines():
        header = _HEADER.match(line)
        if header:
            words = header[1].split(".")
            part = ".".join(words[2:]) if words[0] == "partnership" else None
            inside = "roles" if part == "roles" else ""
            lines.append(f"[{'.'.join((words[0], name, *words[2:]))}]" if part is not None else line)
            lines += _roles(answers) if inside == "roles" else ()
        elif line.startswith("phones = ["):
            inside = "phones"
            lines += _phones(given)
        elif inside == "phones" or (inside == "roles" and _PAIR.match(line)):
            inside = "" if line.startswith("]") else inside
        else:
            lines.append(_answered(line, part, values))
    return "\n".join(lines) + "\n"


def _answered(line: str, part: str | None, values: Mapping[tuple[str, str], str]) -> str:
    pair = _PAIR.match(line)
    if pair is None or part is None or (part, pair["key"]) not in values:
        return line
    return f"{pair['key']}{pair['is']}{values[part, pair['key']]}{pair['rest']}".rstrip()


def _roles(answers: Answers) -> list[str]:
    offices = [role.id for role in answers.protocol.roles.values() if role.address]
    return [f"{office} = {_text(answers.given[f'role_{office}'])}" for office in offices]


def _phones(given: Mapping[str, str]) -> list[str]:
    rows = (("phone", ""), ("closed_phone", ', hours = "nights, weekends, bank holidays"'))
    return [
        "phones = [",
        *(f"  {{ name = {_text(given[f'{k}_name'])}, number = {_text(given[f'{k}_number'])}{h} }}," for k, h in rows),
        "]",
    ]


def _text(value: str) -> str:
    """An answer written into a first configuration file as a TOML basic string: JSON's escapes are among its own, once
    nothing is left that only JSON would leave bare."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _texts(value: str) -> str:
    return f"[{', '.join(_text(part.strip()) for part in value.split(',') if part.strip())}]"
