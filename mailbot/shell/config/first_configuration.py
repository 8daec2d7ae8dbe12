"""A first configuration of a deployment: its questions, each answer checked as it is given, and the ``mailbot.toml``
made of the answers. Nothing is offered that was made up: an answer is the operator's, or follows from one that was.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path

from mailbot.core.partnership.directory import domain_of
from mailbot.core.procedure.protocol import Protocol
from mailbot.shell.config.directory_csv import PUBLIC_DOMAINS, PUBLIC_MAIL, is_address
from mailbot.shell.config.explained_keys import explained_keys
from mailbot.shell.config.phone_numbers import dialled, is_invented_number
from mailbot.shell.config.secrets import Secret
from mailbot.shell.config.server_settings import BY_GRAPH, MAILDIR, server

PROVIDERS = ("microsoft", "google", "plain")
_Given = Mapping[str, str]
Check = Callable[[str], str]  # why an answer cannot be taken, "" where it can


@dataclass(frozen=True, slots=True)
class Question:
    """``explains`` is the key of ``keys.toml`` whose words say what is asked for and where it is found. ``follows`` is
    the answer that Return takes, where one follows from what was said before."""

    key: str
    asks: str
    check: Check
    explains: str = ""
    follows: str = ""
    made_of: Callable[[str], str] = str.strip  # an answer as it goes into the file

    def help_for(self, provider: str) -> str:
        """Where the answer comes from, at this provider."""
        told = explained_keys().get(self.explains, {})
        return told.get(provider, told.get("plain", ""))


@dataclass(frozen=True, slots=True)
class Answers:
    protocol: Protocol
    given: _Given = field(default_factory=dict)


def first_questions(known: list[str]) -> Iterator[Question]:
    """What is asked before the procedure is known."""
    yield Question(
        "provider",
        "Who runs the mailbox? (microsoft, google, or plain for any IMAP and SMTP server)",
        _one_of(PROVIDERS),
    )
    yield Question("protocol", f"Which procedure? ({', '.join(known)})", _one_of(known), "partnership.protocol")


def questions_of(protocol: Protocol, given: _Given, today: date) -> Iterator[Question]:
    """The questions that a first configuration of ``protocol`` asks. ``given`` grows while they are asked: what follows
    from an answer is worked out when its question is reached."""
    yield Question("address", "The address of the shared mailbox", _address, "partnership.address")
    domain = domain_of(given["address"])
    yield Question("domain", "The partnership's own mail domain", _own_domain, "partnership.approved_domains", domain)
    yield from _server_questions(given)
    authserv = {"microsoft": "microsoft", "google": "mx.google.com"}.get(given["provider"], "")
    yield Question(
        "authserv_id",
        "The name in its Authentication-Results, or none",
        _authserv,
        "partnership.trust.authserv_ids",
        authserv,
    )
    yield from _phone_questions(given, today)
    for role in protocol.roles.values():
        if role.address:
            asks = f"The address of the {role.title}"
            yield Question(f"role_{role.id}", asks, _office(given["domain"]), "partnership.roles")


ROUTES = ("graph", "imap")
_HOSTS = {
    "microsoft": ("imaps://{}@outlook.office365.com:993/INBOX", "smtp+starttls://{}@smtp.office365.com:587"),
    "graph": ("graph://{}", "graph://{}"),
    "google": ("imaps://{}@imap.gmail.com:993/INBOX", "smtp+starttls://{}@smtp.gmail.com:587"),
}


def _server_questions(given: _Given) -> Iterator[Question]:
    if given["provider"] == "microsoft":
        asks = "How may it be reached? (graph, or imap where the tenant allows IMAP and SMTP AUTH)"
        yield Question("route", asks, _one_of(ROUTES), "partnership.mailbox.url")
    name = given.get("route") if given.get("route") == "graph" else given["provider"]
    mailbox, post = (url.format(given["address"]) for url in _HOSTS.get(name or "", ("", "")))
    user = given["address"]
    read, sent = _address_of("imap", user), _address_of("smtp", user)
    asks = "The server on which it is read (its name is enough)"
    yield Question("mailbox", asks, _url("imap", read), "partnership.mailbox.url", mailbox, read)
    post = post or _same_server(given.get("mailbox", ""), user)
    asks = "The server to which letters are handed in (its name is enough)"
    yield Question("post", asks, _url("smtp", sent), "partnership.post.url", post, sent)
    if given["provider"] == "microsoft":
        yield Question("tenant", "The tenant's ID", _uuid, "partnership.oauth.tenant")
        yield Question("client_id", "The app registration's client ID", _uuid, "partnership.oauth.client_id")
        yield Question("secret_expires", "The day its client secret runs out", _day, "partnership.oauth.secret_expires")
    yield Question(
        "password_file",
        "The file in which the password or client secret lies (not the secret itself)",
        _file,
        "partnership.mailbox.password_file",
        given["secrets"],
    )


def _phone_questions(given: _Given, today: date) -> Iterator[Question]:
    real = not given["address"].lower().endswith(".example")
    number = _number(real)
    yield Question(
        "phone_name", "Whom to ring in working hours when a child is in danger", _words, "partnership.phones.name"
    )
    yield Question("phone_number", "Their number", number, "partnership.phones.number")
    yield Question("phone_hours", "When it is answered", _words, "partnership.phones.hours")
    yield Question(
        "phone_checked_on", "The day somebody last rang it, or no", _rung(today), "partnership.phones.checked_on"
    )
    yield Question(
        "closed_phone_name",
        "Whom to ring at night, at weekends and on bank holidays",
        _words,
        "partnership.phones.name",
    )
    yield Question("closed_phone_number", "Their number", number, "partnership.phones.number")
    yield Question(
        "closed_phone_checked_on", "The day somebody last rang it, or no", _rung(today), "partnership.phones.checked_on"
    )


def template_of(questions: list[Question], provider: str) -> str:
    """The first questions as a file of answers to be filled in: every key with what is asked and where the answer
    comes from."""
    lines = [
        "# Answers for mailbot init --answers FILE. Every key must be there, and no other. Texts stand in quotes.",
        "# What follows from an earlier answer may be left empty: the domain, the usual servers, the place of the",
        "# password; init says what is missing otherwise.",
    ]
    for question in questions:
        told = question.help_for(provider)
        lines += ["", f"# {question.asks}", *([f"#   {told}"] if told else []), f'{question.key} = ""']
    return "\n".join(lines) + "\n"


# How answers are checked. Each says why an answer cannot be taken, so that it is asked for again.


def _one_of(known: tuple[str, ...] | list[str]) -> Check:
    return lambda said: "" if said in known else f"It is one of: {', '.join(known)}."


def _words(said: str) -> str:
    return "" if any(letter.isalpha() for letter in said) else "This cannot be guessed: say it in words."


def _address(said: str) -> str:
    if not is_address(said):
        return "This is no email address: it looks like escalation@partnership.org.uk."
    return f"{domain_of(said)} {PUBLIC_MAIL}." if domain_of(said) in PUBLIC_DOMAINS else ""


def _own_domain(said: str) -> str:
    if not is_address(f"a@{said}"):
        return "This is no mail domain: it is what stands after the @ in an address."
    return f"{said} {PUBLIC_MAIL}." if said.lower() in PUBLIC_DOMAINS else ""


def _office(domain: str) -> Check:
    def check(said: str) -> str:
        if not is_address(said):
            return "This is no email address."
        elsewhere = domain_of(said) != domain.lower()
        return f"This address is not at {domain}, the partnership's own domain." if elsewhere else ""

    return check


_BY_PORT = {
    "imap": {"": "imaps://{}:993/INBOX", "993": "imaps://{}:993/INBOX", "143": "imap+starttls://{}:143/INBOX"},
    "smtp": {"": "smtp+starttls://{}:587", "587": "smtp+starttls://{}:587", "465": "smtps://{}:465"},
}


def _address_of(kind: str, user: str) -> Callable[[str], str]:
    """Makes a server's whole address of its name alone, or of its name and a port that says how TLS begins there."""

    def made(said: str) -> str:
        named = re.fullmatch(r"([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?::(\d+))?", said.strip())
        shape = _BY_PORT[kind].get(named[2] or "") if named else None
        return shape.format(f"{user}@{named[1]}") if named and shape else said.strip()

    return made


def _same_server(mailbox: str, user: str) -> str:
    """Letters are usually handed in where mail is read; "" where that is no server of a name."""
    try:
        found = server(mailbox, Path(), Secret(), None)
    except ValueError:
        return ""
    return _BY_PORT["smtp"][""].format(f"{user}@{found.host}") if found.kind == "imap" else ""


def _url(kind: str, whole: Callable[[str], str]) -> Check:
    ports = " or ".join(f"{port}" for port in _BY_PORT[kind] if port)
    shown = _BY_PORT[kind][""].format("user@mail.example")

    def check(said: str) -> str:
        if re.fullmatch(r"[\w.-]+:\d+", said) and whole(said) == said:
            return f"At that port no login with TLS is known: the ports are {ports}; or write it whole: {shown}."
        try:
            made = server(whole(said), Path(), Secret(), None)
        except ValueError as error:
            return f"The address {error}." if ":" in said else f"Write the server's name, or its address: {shown}."
        if made.kind not in (kind, MAILDIR, BY_GRAPH):
            return f"This is an address for the other direction ({made.kind})."
        return "" if made.user or made.kind == MAILDIR else "It names no user: user@host."

    return check


def _uuid(said: str) -> str:
    shape = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    return (
        "" if re.fullmatch(shape, said.lower()) else "It has 36 characters: 8-4-4-4-12 digits and letters from a to f."
    )


def _day(said: str) -> str:
    try:
        date.fromisoformat(said)
    except ValueError:
        return "Write the day as 2027-09-01."
    return ""


def _file(said: str) -> str:
    return (
        "" if said.strip() and "\n" not in said else "Name a file: the secret itself never stands in the configuration."
    )


def _authserv(said: str) -> str:
    return "" if re.fullmatch(r"[A-Za-z0-9._-]+", said) else "It is one word, such as mx.council.gov.uk, or none."


def _number(real: bool) -> Check:
    def check(said: str) -> str:
        if not dialled(said):
            return "This is no telephone number that can be dialled: all its digits, with the area code."
        return (
            "This number is one for films and examples: nobody answers it." if real and is_invented_number(said) else ""
        )

    return check


def _rung(today: date) -> Check:
    def check(said: str) -> str:
        if said.casefold() in ("no", "today"):
            return ""
        if _day(said):
            return f"Write the day as {today}, or today, or no."
        return "" if date.fromisoformat(said) <= today else "That day has not come yet."

    return check


# The first ``mailbot.toml`` of a deployment: the shipped example, with its comments, and the operator's answers.
# The example is rewritten line by line, so that there is one file that explains every key and not two.

_HEADER = re.compile(r"\[(.+)\]\s*$")
_PAIR = re.compile(r"(?P<key>\w+)(?P<is>\s*=\s*)(?P<value>\"[^\"]*\"|\S+)(?P<rest>.*)")
_INVENTED = "# Everybody and every address in these files is invented: put in your own."


def mailbot_toml(example: str, answers: Answers) -> str:
    """A first ``mailbot.toml``: ``example`` with the answers in their places and the comments kept."""
    given, name = answers.given, answers.protocol.id
    none = given["authserv_id"].strip().casefold() in ("", "none")
    values = {
        ("", "protocol"): _text(name),
        ("", "address"): _text(given["address"]),
        ("", "approved_domains"): _texts(given["domain"]),
        ("mailbox", "url"): _text(given["mailbox"]),
        ("mailbox", "password_file"): "" if "tenant" in given else _text(given["password_file"]),
        ("post", "url"): _text(given["post"]),
        ("post", "password_file"): "" if "tenant" in given else _text(given["password_file"]),
        ("trust", "authserv_ids"): "[]" if none else _texts(given["authserv_id"]),
        ("trust", "require"): "false" if none else "true",
    }
    lines: list[str] = []
    part, inside = None, ""
    for line in example.replace(f"{_INVENTED}\n", "").splitlines():
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
            lines += _answered(line, part, values)
    return "\n".join([*lines, *_oauth(name, given)]) + "\n"


def _oauth(name: str, given: Mapping[str, str]) -> list[str]:
    """The table of tokens, where they take the place of passwords."""
    if "tenant" not in given:
        return []
    pairs = {key: _text(given[key]) for key in ("tenant", "client_id")} | {"secret_file": _text(given["password_file"])}
    lines = [f"{key} = {value}" for key, value in pairs.items()]
    return ["", f"[partnership.{name}.oauth]", *lines, f"secret_expires = {given['secret_expires']}"]


def _answered(line: str, part: str | None, values: Mapping[tuple[str, str], str]) -> list[str]:
    """The line of a first file with its answer; without one it stays, and with an empty one it goes."""
    pair = _PAIR.match(line)
    if pair is None or part is None or (part, pair["key"]) not in values:
        return [line]
    value = values[part, pair["key"]]
    return [f"{pair['key']}{pair['is']}{value}{pair['rest']}".rstrip()] if value else []


def _roles(answers: Answers) -> list[str]:
    offices = [role.id for role in answers.protocol.roles.values() if role.address]
    return [f"{office} = {_text(answers.given[f'role_{office}'])}" for office in offices]


def _phones(given: Mapping[str, str]) -> list[str]:
    closed = {**given, "closed_phone_hours": "nights, weekends, bank holidays"}
    return ["phones = [", _phone("phone", closed), _phone("closed_phone", closed), "]"]


def _phone(which: str, given: Mapping[str, str]) -> str:
    cells = [f"{part} = {_text(given[f'{which}_{part}'])}" for part in ("name", "number", "hours")]
    rung = given[f"{which}_checked_on"]
    return f"  {{ {', '.join([*cells, *([f'checked_on = {rung}'] if rung != 'no' else [])])} }},"


def lists_explained() -> str:
    """The first files' columns of the two lists, explained in a text that lies beside them."""
    lines = ["Both lists open in a spreadsheet; save them as CSV UTF-8. Their columns:"]
    for name in ("agencies.csv", "directory.csv"):
        lines += ["", f"{name}: {explained_keys()[name]['is']}"]
        columns = (key for key in explained_keys() if key.startswith(f"{name}."))
        lines += [f"  {key.rpartition('.')[2]:<12} {explained_keys()[key]['is']}" for key in columns]
    return "\n".join(lines) + "\n"


def administrator_steps(provider: str, address: str, secret: str) -> Iterator[str]:
    """What the site's own administrator does before a first start, at this provider."""
    text = files("mailbot.shell.config").joinpath("administrator_steps.toml").read_text(encoding="utf-8")
    for step in tomllib.loads(text)[provider]["steps"]:
        yield step.format(address=address, secret=secret)


def _text(value: str) -> str:
    """An answer written into a first configuration file as a TOML basic string: JSON's escapes are among its own, once
    nothing is left that only JSON would leave bare."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _texts(value: str) -> str:
    return f"[{', '.join(_text(part.strip()) for part in value.split(',') if part.strip())}]"
