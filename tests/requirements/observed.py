"""Where each key of a protocol file is seen to be obeyed: the file with the key changed, and what is different then.

Three places show it: what the file says back in plain English (words that are only told), its rehearsed limits, and a
dispute played by mail. What the tables of broken requirements change is not repeated here.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path

from mailbot.core.reports.protocol_in_plain_english import protocol_in_plain_english
from mailbot.core.reports.protocol_picture import plain_calendar
from mailbot.core.reports.timeline import timeline
from mailbot.shell.protocol_files.protocol_reader import check_protocol, load_protocol
from tests.breaking import replaced
from tests.people import DIRECTORY
from tests.protocol_files import changed, kept, shipped, with_field
from tests.scenarios.gloucestershire import telling as gloucestershire
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.scenarios.plymouth import telling as plymouth
from tests.scenarios.sunderland import people as sunderland
from tests.scenarios.wolverhampton import people as wolverhampton
from tests.shared import once
from tests.sites import ROOT
from tests.story import Story

UNRESOLVED = "What remains unresolved: whether K is seen at home."
Seen = object
Observer = Callable[[str, Path], Seen]


@dataclass(frozen=True)
class Observed:
    """``key`` is set to ``value`` in ``table`` of a shipped ``file`` (None takes it out); ``seen`` shows the difference.
    ``first``: a value to compare with, where the shipped one would differ in more than this key."""

    key: str
    file: str
    table: str
    value: str | None
    seen: Observer
    first: str | None = None
    edit: Callable[[str], str] | None = None  # where the key stands within a line, or in one of several tables

    def texts(self) -> tuple[str, str]:
        text, name = shipped(self.file), self.key.rpartition(".")[2]
        if self.edit is not None:
            return text, self.edit(text)
        one = text if self.first is None else changed(text, self.table, name, self.first)
        return one, changed(one, self.table, name, self.value)


def shown(text: str, folder: Path) -> Seen:
    """The file back in plain English."""
    return protocol_in_plain_english(load_protocol(_put(text, folder)))


def limits(text: str, folder: Path) -> Seen:
    """Every limit, where nobody does anything."""
    protocol = load_protocol(_put(text, folder))
    calendar = plain_calendar(protocol)
    rows = timeline(protocol, calendar, calendar.morning_of(date(2026, 9, 7)), ())
    return [(row.stage, row.label, row.effective) for row in rows if row.working]


def refused(text: str, folder: Path) -> Seen:
    """What the check has against the file."""
    return [fault.message for fault in check_protocol(_put(text, folder)).faults]


def referred_at_once(text: str, folder: Path) -> Seen:
    """At which stage it is after a REFER on the day it was raised."""
    with Story(folder, "2026-09-07 09:00", kept(folder, text)) as story:
        story.mail("hartwell", RAISED, "2026-09-07 10:00", subject="[ESCALATION] K.W.", to=["fenn"])
        story.mail("hartwell", f"REFER\n{UNRESOLVED}", "2026-09-07 11:00", subject=f"[{story.first}] K.W.")
        story.letters()
        return story.dispute().stage


def _put(text: str, folder: Path) -> Path:
    path = folder / "ours.toml"
    path.write_text(text, "utf-8")
    return path


@dataclass(frozen=True)
class _Play:
    body: str
    to: str
    people: dict[str, str]
    directory: object
    subject: str
    office: str
    says: tuple[tuple[str, str, str], ...]  # who, what, when


def _said(*rows: tuple[str, str, str]) -> tuple[tuple[str, str, str], ...]:
    return rows


PLAYS = {
    "north-somerset": _Play(
        RAISED, "fenn", {"scrutineer": "scrutineer@nsscp.example"}, DIRECTORY, "[ESCALATION] K.W.", "bm",
        _said(("hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 15:00"), ("lyle", f"REFER\n{UNRESOLVED}", "2026-09-14 17:30"),
              ("dsps", "DECISION\nA visit at home by 30 September 2026.", "2026-09-21 10:00")),
    ),
    "plymouth": _Play(
        plymouth.RAISED, "fenn", plymouth.PEOPLE, plymouth.PLYMOUTH, "Professional difference - K.W.", "bu",
        _said(("hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 15:00"), ("oakes", f"ESCALATE\n{UNRESOLVED}", "2026-09-09 10:00"),
              ("lyle", "Please could we have external mediation for this?", "2026-09-09 12:00"),
              ("lyle", "RESOLVED\nA visit at home by 30 September 2026.", "2026-09-10 10:00"), ("stroud", "CONFIRM", "2026-09-10 11:00")),
    ),
    "gloucestershire": _Play(
        gloucestershire.RAISED.format(more=""), "fenn", gloucestershire.PEOPLE, gloucestershire.GLOUCESTERSHIRE, "Escalation - K.W.", "ssu",
        _said(("hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 15:00"), ("oakes", f"ESCALATE\n{UNRESOLVED}", "2026-09-09 10:00"),
              ("lyle", f"ESCALATE\n{UNRESOLVED}", "2026-09-10 10:00"), ("lyle", f"ESCALATE\n{UNRESOLVED}", "2026-09-10 10:30")),
    ),
    "sunderland": _Play(
        sunderland.RAISED, "dunmore", sunderland.PEOPLE, sunderland.OURS, "Dispute - K.W.", "bm",
        _said(("hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-09 10:00"), ("oakes", f"ESCALATE\n{UNRESOLVED}", "2026-09-10 10:00"),
              ("lyle", f"REFER\n{UNRESOLVED}", "2026-09-11 10:00"), ("partners", "DECISION\nThe plan stays.", "2026-09-15 10:00")),
    ),
    "wolverhampton": _Play(
        wolverhampton.RAISED, "fenn", wolverhampton.PEOPLE, wolverhampton.OURS, "Escalation - K.W.", "bm",
        _said(("hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 15:00"), ("oakes", f"ESCALATE\n{UNRESOLVED}", "2026-09-09 10:00"),
              ("lyle", "I request a child protection conference. The evidence is in the attendance record.", "2026-09-09 11:00"),
              ("lyle", "POLICY GAP: nothing covers part-time timetables", "2026-09-09 12:00"),
              ("lyle", f"ESCALATE\n{UNRESOLVED}", "2026-09-10 10:00"), ("ashdown", "EXCEPTIONAL\nK is not seen by anybody.", "2026-09-15 08:00"),
              ("chair", "DECISION\nThe assessment goes on.", "2026-09-16 10:00")),
    ),
}  # fmt: skip


@cache
def played(file: str, silent: bool = False, start: str = "2026-09-07 18:10") -> Observer:
    """A dispute by mail, raised on a Monday after hours: every letter, to whom and what it says, and every limit.
    ``silent``: nobody answers."""

    def play(text: str, folder: Path) -> Seen:
        return once((str(ROOT), played, file, silent, start, text), lambda: as_told(text, folder))

    def as_told(text: str, folder: Path) -> Seen:
        told = PLAYS[file]
        with Story(
            folder,
            "2026-09-07 09:00",
            kept(folder, text),
            told.directory,  # type: ignore[arg-type]
            people=told.people,
        ) as story:
            story.mail("hartwell", told.body, start, subject=told.subject, to=[told.to])
            seen: list[Seen] = [story.site.current.protocol.prefix]
            letters = story.letters()
            for who, says, when in () if silent else told.says:
                seen.append(story.limit())
                story.mail(who, says, when, subject=f"[{story.first}] K.W.")
                letters += story.letters()
            story.until("2026-09-22 12:00")
            letters += story.letters()
            seen += [
                (
                    one.letter,
                    one.to,
                    one.subject,
                    _without_marks(one.text),
                    [_inside(content) for _, content in one.attached],
                )
                for one in letters
            ]
            return seen

    return play


def _inside(document: bytes) -> str:
    """A Word document's own words, and what its boxes take."""
    return zipfile.ZipFile(io.BytesIO(document)).read("word/document.xml").decode()


def _without_marks(text: str) -> str:
    """What a letter says, without the fingerprints of the record that stand in a digest."""
    return " ".join(
        word
        for word in text.split()
        if not (len(word.strip(".,()")) >= 12 and word.strip(".,()").isalnum() and any(c.isdigit() for c in word))
    )


NS, PL, GL, SU, WO = "north-somerset", "plymouth", "gloucestershire", "sunderland", "wolverhampton"
P = played
OBSERVED: tuple[Observed, ...] = (
    Observed(
        "calendar.also_closed.date",
        NS,
        "",
        None,
        P(NS),
        edit=replaced(("also_closed   = []", 'also_closed = [{ date = "2026-09-08" }]')),
    ),
    Observed(
        "calendar.also_closed.name",
        NS,
        "",
        None,
        P(NS),
        edit=replaced(("also_closed   = []", 'also_closed = [{ date = "2026-09-08", name = "Fair" }]')),
    ),
    Observed("calendar.day_ends", NS, "calendar", '"16:00"', limits),
    Observed("calendar.timezone", NS, "calendar", '"Europe/Paris"', limits),
    Observed("cap.*.from", WO, "cap.ten-days", '"dispute raised"', limits),
    Observed("cap.*.at_limit", NS, "cap.day-5", '"flag"', shown),
    Observed("stage.*.no_limit_published", SU, "stage.4", "true", refused),
    Observed("counting.hours", WO, "counting", '"clock"', shown),
    Observed("role.*.from", NS, "role.head_of_safeguarding", '"email"', shown),
    Observed("cap.*.label", NS, "cap.day-5", '"In all"', P(NS)),
    Observed("cap.*.stages", NS, "cap.day-5", '["1", "2"]', P(NS)),
    Observed("cap.*.then", NS, "cap.day-5", None, P(NS)),
    Observed("clock.*.counts", GL, "clock.s1-3", "false", limits),
    Observed("clock.*.done_when", WO, "clock.s3-refer", None, limits),
    Observed("clock.*.label", NS, "clock.s1", '"Talk"', limits),
    Observed("counting.after_hours", NS, "counting", '"next_working_day"', P(NS)),
    Observed("digest.day", NS, "digest", '"tuesday"', P(NS)),
    Observed("digest.time", NS, "digest", '"09:00"', P(NS)),
    Observed("digest.to", NS, "digest", '["business_manager", "scrutineer"]', P(NS)),
    Observed("digest.meeting_report_to", PL, "digest", '["business_unit"]', shown),
    Observed("form.*.proposed", GL, "form.monitoring-form", "false", shown),
    Observed("form.*.stages", NS, "form.recording-form", '["3", "4"]', refused),
    Observed("form.*.title", NS, "form.recording-form", '"Form"', P(NS)),
    Observed("mailbox.address", NS, "mailbox", '"disputes@nsscp.example"', shown),
    Observed("mailbox.ref_prefix", NS, "mailbox", '"ND"', P(NS)),
    Observed("notice.*.when", NS, "notice.s2-bm", '"stage entered"', P(NS)),
    Observed("notice.*.why", PL, "notice.s4-reached", '"because"', P(PL)),
    Observed("outcome.*.known_as", NS, "outcome.decided", '"withdrawn"', refused),
    Observed("outcome.*.label", NS, "outcome.decided", '"Decided"', P(NS)),
    Observed("outcome.*.stages", SU, "outcome.facilitated", '["3"]', P(SU)),
    Observed("privacy.child_shown_as", NS, "privacy", '"reference"', P(NS)),
    Observed("protocol.formal_from", NS, "protocol", '"1"', shown),
    Observed("protocol.name", NS, "protocol", '"Resolution"', P(NS)),
    Observed("protocol.partnership", NS, "protocol", '"The Partnership"', P(NS)),
    Observed("protocol.short", NS, "protocol", '"TP"', P(NS)),
    Observed("protocol.stage_word", NS, "protocol", '"Level"', P(NS)),
    Observed("protocol.subject", NS, "protocol", '"adult"', P(NS)),
    Observed("risk.who", WO, "risk", '"manager"', shown),
    Observed("role.*.monitors_only", GL, "role.ssu", "false", shown),
    Observed("role.*.address", NS, "role.dsps", '"partners@nsscp.example"', P(NS)),
    Observed("role.*.post", NS, "role.head_of_safeguarding", '"lead"', P(NS)),
    Observed("role.*.side", NS, "role.head_of_safeguarding", '"raising"', P(NS)),
    Observed("route.*.expects_within", WO, "route.conference", '"2 working days"', P(WO)),
    Observed("route.*.name", WO, "route.conference", '"Conference"', P(WO)),
    Observed("route.*.or_to", PL, "route.mediation", '"another"', P(PL)),
    Observed("route.*.outcome", WO, "route.exceptional", '"resolved"', P(WO)),
    Observed("stage.*.referred_early", NS, "stage.4", None, referred_at_once),
    Observed("route.*.sent_through", WO, "route.exceptional", None, P(WO)),
    Observed("route.*.steps", WO, "route.exceptional", '["write"]', P(WO)),
    Observed("route.*.known_as", WO, "route.conference", '"mediation"', P(WO)),
    Observed("route.*.counts_as", WO, "route.policy-gap", None, refused),
    Observed("route.*.clock.*.label", WO, "route.exceptional.clock.chair", '"Chair"', shown),
    Observed("route.*.clock.*.from", WO, "route.exceptional.clock.chair", '"limit passed"', shown),
    Observed("schema", NS, "protocol", "2", refused),
    Observed("scope.in_scope", NS, "scope", '"Disputes."', shown),
    Observed("silence.remind", NS, "silence", '["whoever is asked"]', played(NS, silent=True)),
    Observed("source.in_force", NS, "source", '"2026-08-01"', P(NS)),
    Observed("source.read_on", NS, "source", '"2026-08-01"', shown),
    Observed("source.title", NS, "source", '"Policy"', shown),
    Observed("source.url", NS, "source", '"https://nsscp.example/policy"', P(NS)),
    Observed("stage.*.decide", SU, "stage.4", '"together"', P(SU)),
    Observed("stage.*.may_support", NS, "stage.4", "[]", P(NS)),
    Observed("stage.*.next", NS, "stage.1", '"3"', limits),
    Observed("stage.*.name", NS, "stage.1", '"Talking"', P(NS)),
    Observed("stage.*.optional", PL, "stage.5", "true", shown),
    Observed("stage.*.private_to", PL, "stage.1", None, refused),
    Observed("stage.*.shown_as", NS, "stage.2", '"2b"', P(NS)),
    Observed(
        "form.*.field.needed",
        PL,
        "",
        None,
        P(PL),
        edit=partial(with_field, form="qas-form", label="Discussion between senior", key="needed", value='"optional"'),
    ),
    Observed("risk.phones.name", WO, "", None, P(WO), edit=replaced(("Safeguarding Hub (MASH)", "Hub"))),
    Observed(
        "risk.phones.hours",
        WO,
        "",
        None,
        P(WO),
        edit=replaced(('number = "01902 555392"', 'number = "01902 555392", hours = "day and night"')),
    ),
    Observed(
        "route.*.contact.name", WO, "", None, P(WO), edit=replaced(("Safeguarding Manager (Children's)", "Manager"))
    ),
    Observed(
        "route.*.contact.hours",
        WO,
        "",
        None,
        shown,
        edit=replaced(('number = "01902 550477"', 'number = "01902 550477", hours = "9 to 5"')),
    ),
    Observed("scope.out.what", NS, "", None, shown, edit=replaced(('what = "whistleblowing"', 'what = "wrongdoing"'))),
    Observed(
        "scope.out.clause",
        NS,
        "",
        None,
        shown,
        edit=replaced(('procedure." }', 'procedure.", clause = "Paragraph 99" }')),
    ),
    Observed("principle.say", NS, "", None, shown, edit=replaced(("Resolve differences quickly.", "Take your time."))),
    Observed("principle.clause", NS, "", None, shown, edit=replaced(("Aims 2; Introduction", "Paragraph 99"))),
    Observed("clause", NS, "", None, shown, edit=replaced(("schema = 1", 'schema = 1\nclause = "Paragraph 99"'))),
    Observed("stage.*.duty.of", NS, "stage.1.duty", '["responder"]', P(NS)),
    Observed(
        "stage.*.if_party_then.role",
        SU,
        "",
        None,
        refused,
        edit=replaced(('{ role = "partners", use', '{ role = "heads_of_service", use')),
    ),
    Observed(
        "stage.*.if_party_then.use",
        SU,
        "",
        None,
        shown,
        edit=replaced(('use = "scrutineer" }', 'use = "business_manager" }')),
    ),
    *(
        Observed(
            f"form.*.field.{name}",
            NS,
            "",
            None,
            P(NS),
            edit=partial(with_field, form="recording-form", label=label, key=name, value=value),
        )
        for name, label, value in (
            ("choices", "Stage at which", '["two", "three", "four"]'),
            ("fill", "Time taken", None),
            ("kind", "Date Stage 2", '"text"'),
            ("parts", "Names of those", '["Name", "Agency"]'),
            ("repeat", "Names of those", "false"),
            ("stage", "Summary of the issues discussed at Stage 3", '"2"'),
        )
    ),
    *(
        Observed(f"{kind}.clause", file, table, '"Paragraph 99"', seen)
        for kind, file, table, seen in (
            ("calendar", NS, "calendar", shown),
            ("cap.*", NS, "cap.day-5", shown),
            ("categories", GL, "categories", shown),
            ("clock.*", NS, "clock.s1", shown),
            ("counting", NS, "counting", shown),
            ("digest", NS, "digest", shown),
            ("form.*", NS, "form.recording-form", shown),
            ("form.*.field", NS, "form.recording-form.field", shown),
            ("mailbox", NS, "mailbox", shown),
            ("notice.*", NS, "notice.s2-bm", P(NS)),
            ("outcome.*", NS, "outcome.resolved", shown),
            ("privacy", NS, "privacy", shown),
            ("protocol", NS, "protocol", shown),
            ("risk", NS, "risk", shown),
            ("role.*", NS, "role.raiser", shown),
            ("route.*", WO, "route.exceptional", shown),
            ("route.*.clock.*", WO, "route.exceptional.clock.chair", shown),
            ("scope", NS, "scope", shown),
            ("silence", NS, "silence", shown),
            ("source", NS, "source", shown),
            ("stage.*", NS, "stage.1", P(NS)),
            ("stage.*.duty", NS, "stage.1.duty", shown),
        )
    ),
)
