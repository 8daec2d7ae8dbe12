"""``make reading``: how replies are read, as a table. SEALED, DEV and CORPORA name folders that are not of the project.

A sealed set is read without showing it: counts are printed, never a text. Its lines are built into mails that come into
one of the states of things in ``STATES``, and go the whole way of ``explain``. A sealed set that somebody has looked at
is training material, and no measure any more.
"""

import json
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

from mailbot.commands.explain import directory_from
from mailbot.core.partnership.directory import Directory
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.protocol import Protocol
from mailbot.door.explain import explain
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.body.own_words import own_words
from mailbot.mail.incoming.message import Message, parse
from mailbot.mail.letters.render import Letters
from mailbot.mail.second_reader.linear_model import FOLDER
from mailbot.mail.understanding.danger import danger_in
from mailbot.shell.config import template_files
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from mailbot.shell.protocol_files.protocol_reader import load_protocol, shipped_protocols
from tests.people import ADDRESS, CSC, DIRECTORY, NAMES, SCHOOL

CHANGES_NOTHING = {"note", "hold", "question", "status", "auto_reply", "bounce", "quarantine", "out_of_scope", "form"}
KINDS = ("reply", "danger", "safe_twin", "opening", "ordinary", "misleading")
COUNTERPART = {"hartwell": "fenn", "fenn": "hartwell", "oakes": "peake", "peake": "oakes", "lyle": "stroud",
               "stroud": "lyle"}  # fmt: skip

_PEOPLE = [ADDRESS[name] for name in ("hartwell", "oakes", "lyle", "fenn", "peake", "stroud")]
_AT_STAGE_2 = {
    "ref": "NS-26-0012", "child": "J.T.", "raising": SCHOOL, "receiving": CSC, "people": _PEOPLE, "stage": "2",
    "raised": "2026-09-07T10:12:00+01:00", "entered": "2026-09-08T17:00:00+01:00", "due": "2026-09-10T17:00:00+01:00",
}  # fmt: skip
_AGREED = {
    "agreed": "Home visit by Tobias Fenn by 17 September 2026; early help from 17 October 2026",
    "actions": [{"what": "home visit", "who": "Tobias Fenn", "by": "2026-09-17"},
                {"what": "early help", "who": "Seamoor Council Early Help", "by": "2026-10-17"}],
}  # fmt: skip
# The states of things that a mail comes into: the procedure, what is given, when it is, and what our last letter asks.
STATES: Mapping[str, tuple[str, list[dict[str, Any]], str, str]] = {
    "S1": ("north-somerset", [_AT_STAGE_2 | {"stage": "1", "entered": "2026-09-07T10:12:00+01:00",
                                             "due": "2026-09-08T17:00:00+01:00"}],
           "2026-09-07T14:00:00+01:00", "Please talk to each other, and reply RESOLVED or ESCALATE."),
    "S2": ("north-somerset", [_AT_STAGE_2], "2026-09-09T14:00:00+01:00",
           "Please settle this by Thursday 10 September at 5pm, and reply RESOLVED or ESCALATE."),
    "P2": ("north-somerset",
           [_AT_STAGE_2 | _AGREED | {"status": "resolution proposed", "proposed_by": ADDRESS["peake"]}],
           "2026-09-10T10:00:00+01:00", "Is this what was agreed? Please reply CONFIRM or DISAGREE."),
    "S3": ("north-somerset", [_AT_STAGE_2 | {"stage": "3", "entered": "2026-09-11T09:00:00+01:00",
                                             "due": "2026-09-15T17:00:00+01:00"}],
           "2026-09-11T11:00:00+01:00", "Please settle this by Tuesday, and reply RESOLVED or REFER."),
    "S4": ("north-somerset", [_AT_STAGE_2 | {"stage": "4", "entered": "2026-09-14T09:00:00+01:00",
                                             "due": "2026-09-18T17:00:00+01:00"}],
           "2026-09-15T11:00:00+01:00", "This is with the partners for a decision."),
    "G2A": ("gloucestershire", [_AT_STAGE_2 | {"ref": "GL-26-0012", "status": "date proposed",
                                               "proposed_by": ADDRESS["oakes"], "proposed_date": "2026-09-24"}],
            "2026-09-09T14:00:00+01:00", "Do you agree to 24 September? Please reply AGREE or NO."),
    "C2": ("north-somerset",
           [_AT_STAGE_2 | _AGREED | {"stage": "closed", "asked": "2026-09-18T09:00:00+01:00"}],
           "2026-09-18T11:00:00+01:00",
           "Has what was agreed happened? Please reply HAPPENED or NOT HAPPENED."),
    "TWO": ("north-somerset", [_AT_STAGE_2, _AT_STAGE_2 | {"ref": "NS-26-0015", "child": "A.K."}],
            "2026-09-09T14:00:00+01:00", "Please settle this by Thursday, and reply RESOLVED or ESCALATE."),
    "NEW": ("north-somerset", [], "2026-09-07T10:00:00+01:00", ""),
}  # fmt: skip


@cache
def _letters() -> Letters:
    return Letters(template_files.load_letters([template_files.shipped_letters()]))


@cache
def _procedure(name: str) -> Protocol:
    return load_protocol(shipped_protocols()[name])


def partnership_of(procedure: str, day: str, directory: Directory = DIRECTORY) -> Partnership:
    protocol = _procedure(procedure)
    calendar = calendar_for(protocol.calendar, datetime.fromisoformat(day).date())
    return Partnership(protocol.id, protocol, calendar, directory)


# Sealed sets


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Every line of every file; a line that cannot be used is named by its place, never by its text."""
    seen = set()
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                fault = _fault(row, seen)
            except ValueError:
                fault, row = "is not JSON", {}
            if fault:
                sys.exit(f"{path.name} line {number}: {fault}")
            seen.add(row["id"])
            yield row


def _fault(row: dict[str, Any], seen: set[str]) -> str:
    missing = [key for key in ("id", "kind", "context", "writer", "to", "text", "expect") if key not in row]
    if missing:
        return f"has no {', '.join(missing)}"
    checks = {
        "its id stands twice": row["id"] in seen,
        "its kind is none": row["kind"] not in KINDS,
        "its context is none": row["context"] not in STATES,
        "its writer is none": row["writer"] not in ADDRESS,
        "to is neither mailbox nor cc": row["to"] not in ("mailbox", "cc"),
        "expect is empty": not row["expect"],
        "NEW needs a subject": row["context"] == "NEW" and not row.get("subject"),
    }
    return next((fault for fault, is_so in checks.items() if is_so), "")


def _built(row: dict[str, Any]) -> bytes:
    procedure, given, now, ask = STATES[row["context"]]
    partnership = partnership_of(procedure, now)
    mailbox, by = partnership.protocol.mailbox, ADDRESS[row["writer"]]
    message = EmailMessage()
    message["From"] = f"{NAMES.get(by, row['writer'])} <{by}>"
    other = ADDRESS[COUNTERPART.get(row["writer"], "oakes")]
    message["To"] = f"{NAMES.get(other, '')} <{other}>" if row["to"] == "cc" else mailbox
    if row["to"] == "cc":
        message["Cc"] = mailbox
    message["Date"] = datetime.fromisoformat(now)
    message["Message-ID"] = f"<{row['id']}.sealed@{by.partition('@')[2]}>"
    if given:
        subject = row.get("subject", "")  # what names another of their disputes answers a letter of that one
        reference = next((one["ref"] for one in given if one["ref"] in subject), given[0]["ref"])
        message["Subject"] = subject or f"RE: [{reference}] {ask[:40]}"
        message["In-Reply-To"] = message["References"] = f"<bot.{reference.lower()}.4@{mailbox.partition('@')[2]}>"
    else:
        message["Subject"] = row["subject"]
    message.set_content(row["text"] + _quoted(row, mailbox, partnership.protocol.risk.line, ask))
    return bytes(message)


def _quoted(row: dict[str, Any], mailbox: str, risk: str, ask: str) -> str:
    if row.get("quoted"):
        by = ADDRESS[row.get("quoted_from") or COUNTERPART.get(row["writer"], "oakes")]
        head = f"From: {NAMES.get(by, by)} <{by}>\nSent: 08 September 2026 16:10\nTo: {ADDRESS[row['writer']]}"
        return f"\n\n________________________________\n{head}\nSubject: RE: this\n\n{row['quoted']}\n"
    if not ask:
        return ""
    letter = f"-- Please reply above this line --\n\n{risk}\n\n{ask}".replace("\n", "\n> ")
    return f"\n\nOn Tue, 8 Sept 2026 at 17:01, Escalation <{mailbox}> wrote:\n\n> {letter}\n"


def _told(row: dict[str, Any]) -> dict[str, Any]:
    procedure, given, now, _ = STATES[row["context"]]
    partnership = partnership_of(procedure, now)
    at, writer = datetime.fromisoformat(now), ADDRESS[row["writer"]]
    there = [one | {"people": [*dict.fromkeys((*one["people"], writer))]} for one in given]  # who writes in it is in it
    return explain(_built(row), at, partnership, {"disputes": there}, _letters(), Door(rehearses=True))


def _verdict(row: dict[str, Any], told: dict[str, Any]) -> str:
    acts, fine = set(told["act"]), set(row["expect"])
    changed = set() if told["how_sure"] == "unsure" else acts - CHANGES_NOTHING - {"immediate_risk"}
    asked = told["how_sure"] == "unsure" or "hold" in acts or any(r["letter"] == "question" for r in told["replies"])
    if changed - fine:
        return "wrong"
    if (acts & fine) - {"nothing", "ask", "note"} and not (asked and not changed):
        return "right"
    if asked and "nothing" in fine and "ask" not in fine:
        return "asked for nothing"
    if asked:
        return "asked, fine" if fine & {"ask", "question", "status"} else "asked though plain"
    answered = bool(told["replies"])
    return "right" if "nothing" in fine or (answered and "ask" in fine) else "answered" if answered else "silent"


def sealed(folder: Path) -> None:
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    alarms: Counter[str] = Counter()
    wants: Counter[str] = Counter()
    for row in _rows(folder):
        told, kind = _told(row), row["kind"]
        counts[kind][_verdict(row, told)] += 1
        alarms[kind] += "immediate_risk" in told["act"] or "possible immediate risk" in told["flags"]
        plain = "ask" not in row["expect"] and "nothing" not in row["expect"]
        wants[kind] += "nothing" not in row["expect"]
        wants[f"{kind} plain"] += plain
    _print_sealed(counts, alarms, wants)


def _each(counts: Counter[str]) -> str:
    return ", ".join(f"{what} {number}" for what, number in counts.most_common())


def _print_sealed(counts: dict[str, Counter[str]], alarms: Counter[str], wants: Counter[str]) -> None:
    print(f"\n{'sealed':<12}{'mails':>7}{'alarm':>7}  what came of it")
    for kind in KINDS:
        if total := sum(counts[kind].values()):
            print(f"{kind:<12}{total:>7}{alarms[kind]:>7}  {_each(counts[kind])}")
    said = sum(counts["reply"].values()) + sum(counts["ordinary"].values())
    for name, part, whole in (
        ("danger heard", alarms["danger"], sum(counts["danger"].values())),
        ("false alarms in ordinary talk", alarms["reply"] + alarms["ordinary"], said),
        ("false alarms in safe twins", alarms["safe_twin"], sum(counts["safe_twin"].values())),
        ("silent, of replies that wanted something", counts["reply"]["silent"], wants["reply"]),
        ("plain acts turned into questions", counts["reply"]["asked though plain"], wants["reply plain"]),
        ("wrong acts in replies", counts["reply"]["wrong"], sum(counts["reply"].values())),
        ("wrong acts in misleading ones", counts["misleading"]["wrong"], sum(counts["misleading"].values())),
        ("ordinary mails that opened something", counts["ordinary"]["wrong"], sum(counts["ordinary"].values())),
        (
            "openings opened or asked about",
            sum(counts["opening"].values()) - counts["opening"]["silent"] - counts["opening"]["wrong"],
            sum(counts["opening"].values()),
        ),
    ):
        if whole:
            print(f"  {name:<44}{part:>4} of {whole:<4}{100 * part / whole:6.1f} %")


# Other sets


def developed(folder: Path) -> None:
    """Replies whose texts may be looked at: ``dev.jsonl`` with ``eml/``, ``given/`` and ``directory.json``."""
    directory = directory_from(json.loads((folder / "directory.json").read_text()))
    counts: Counter[str] = Counter()
    alarms: Counter[bool] = Counter()
    dangers = 0
    for line in (folder / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        given = json.loads((folder / "given" / f"{row['context']}.json").read_text())
        partnership = partnership_of(row["protocol"], row["received"], directory)
        raw = (folder / "eml" / f"{row['id']}.eml").read_bytes()
        at = datetime.fromisoformat(row["received"])
        told = explain(raw, at, partnership, given, _letters(), Door(rehearses=True))
        plain = {"nothing" if act == "none" else act for act in (*row["may_follow"], *row["also_fine"])}
        counts[_verdict({"expect": [*plain, *(["ask"] if row["asking_acceptable"] else [])]}, told)] += 1
        is_danger = "immediate_risk" in plain
        dangers += is_danger
        alarms[is_danger] += "immediate_risk" in told["act"]
    told = f"danger heard {alarms[True]} of {dangers}, false alarms {alarms[False]}"
    print(f"\ndev: {sum(counts.values())} replies: {_each(counts)}; {told}")


def corpora(folder: Path) -> None:
    """Real mail of other trades, by its class: how often either reader raises the alarm in it."""
    counts: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    for row in json.loads((folder / "manifest.json").read_text())["files"]:
        message = parse((folder / row["file"]).read_bytes())
        if isinstance(message, Message):
            counts[row.get("label") or row["class"]] += 1
            alarms[row.get("label") or row["class"]] += bool(danger_in(own_words(message).own))
    print("\ncorpora, alarms: " + ", ".join(f"{kind} {alarms[kind]} of {counts[kind]}" for kind in sorted(counts)))


def validated() -> None:
    """The training set's own validation, as ``make train`` wrote it down."""
    told = tomllib.loads((Path("mailbot") / FOLDER / "reader.toml").read_text())
    print(f"validation, {told['trained on']['sentences']} sentences, five folds:")
    for name, figure in told["figures"].items():
        print(f"  {name:<44}{100 * figure:6.1f} %")


SETS: Mapping[str, Callable[[Path], None]] = {"DEV": developed, "CORPORA": corpora, "SEALED": sealed}


def main(given: list[str]) -> int:
    validated()
    for one in given:
        name, _, folder = one.partition("=")
        if folder:
            SETS[name](Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
