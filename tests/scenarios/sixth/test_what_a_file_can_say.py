"""What a partnership's own file can say beside the five: its own names for people, judgement, preference, silence."""

import hashlib
import re
import tomllib
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from mailbot.core.partnership.directory import Officer
from mailbot.core.record.intents import Person
from mailbot.core.reports.timeline import timeline
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from mailbot.shell.protocol_files.protocol_reader import check_protocol, load_protocol
from mailbot.shell.protocol_files.tables import post_of
from tests.people import CSC, DIRECTORY, SCHOOL
from tests.protocol_files import changed, kept, shipped
from tests.requirements.observed import played
from tests.scenarios.north_somerset.test_to_the_end import RAISED, opened
from tests.story import Story
from tests.thorough import by_turns

FIVE = ("north-somerset", "plymouth", "gloucestershire", "sunderland", "wolverhampton")
UNRESOLVED = "What remains unresolved: whether K is seen at home."
THEIR_NAMES = {
    "raiser": "complainant",
    "responder": "respondent",
    "raising_manager": "own_supervisor",
    "responding_manager": "other_supervisor",
    "raising_senior": "own_director",
    "responding_senior": "other_director",
}


def in_their_words(text: str) -> str:
    """The file with every role under a name of its own."""
    for ours, theirs in THEIR_NAMES.items():
        text = re.sub(rf"\b{ours}\b", theirs, text)
    return text


def test_a_file_calls_its_people_as_it_likes(tmp_path: Path) -> None:
    """No name of a role is magic: the same letters go to the same people, and "My line manager:" is still heard."""
    told = []
    for folder, text in (("ours", shipped("north-somerset")), ("theirs", in_their_words(shipped("north-somerset")))):
        (tmp_path / folder).mkdir()
        with Story(tmp_path / folder, "2026-09-07 09:00", kept(tmp_path / folder, text)) as story:
            opened(story)
            story.mail("hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 15:00", subject=f"[{story.first}]")
            story.until("2026-09-14 18:00")
            told.append([(one.letter, one.to, one.subject) for one in story.letters()])
    assert told[0] == told[1]
    assert ("stage_entered", "peake") in {(letter, to) for letter, to, _ in told[1]}


DROPPED = '[outcome.dropped]\nknown_as = "withdrawn"\nlabel = "No longer pursued"'


def test_a_file_calls_its_ends_as_it_likes(tmp_path: Path) -> None:
    """ "Withdrawn" is no word of every text: the end that WITHDRAW brings about has the file's own name."""
    text = shipped("north-somerset").replace('[outcome.withdrawn]\nlabel = "Withdrawn by the raising agency"', DROPPED)
    with Story(tmp_path, "2026-09-07 09:00", kept(tmp_path, text)) as story:
        opened(story)
        story.mail("hartwell", "WITHDRAW\nK has moved to another area.", "2026-09-07 12:00", subject=f"[{story.first}]")
        closed = [one.text for one in story.letters() if one.letter == "closed"]
        assert all("This is closed: no longer pursued." in one for one in closed)
        assert len(closed) > 1
    twice = shipped("north-somerset").replace("[outcome.withdrawn]", f"{DROPPED}\n\n[outcome.withdrawn]")
    (tmp_path / "twice.toml").write_text(twice, "utf-8")
    (fault,) = check_protocol(tmp_path / "twice.toml").faults
    assert 'is the outcome "withdrawn" already' in str(fault)
    lapsed = '[outcome.lapsed]\nlabel = "Lapsed"\n\n[outcome.withdrawn]'
    kept(tmp_path, shipped("north-somerset").replace("[outcome.withdrawn]", lapsed))
    doubted = check_protocol(tmp_path / "ours.toml").warnings
    assert any("nothing ends a dispute so" in str(one) for one in doubted)


def with_no_name_of_theirs(text: str) -> str:
    """The file with every role, clock, cap, notice and way beside the stages under a name that nothing can know; a
    directory's post, which follows from a role's name, is written out."""
    tables = tomllib.loads(text)
    for name, role in tables["role"].items():
        if "post" not in role:
            text = changed(text, f"role.{name}", "post", f'"{post_of(name)}"')
    for name in tables["role"]:
        ours = f"somebody_{_unlike(name)}"
        text = re.sub(
            rf'(?<=")(?<!outcome = "){name}(?=")|(?<="sent_to:){name}(?=")|(?<=\[role\.){name}(?=\])', ours, text
        )
        text = text.replace(f'"{name.replace("_", " ")} told"', f'"{ours.replace("_", " ")} told"')
    for kind in ("clock", "cap", "notice"):
        for name in tables.get(kind, {}):
            ours = f"{kind}-{_unlike(name)}"
            text = re.sub(rf"(?<=\[{kind}\.){name}(?=\])", ours, text)
            text = text.replace(f'"clock {name} done', f'"clock {ours} done')
            text = re.sub(rf'((?:{kind}|rebase_if_raised_late) = "){name}(?=")', rf"\g<1>{ours}", text)
    return text


def _unlike(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:6]


@pytest.mark.parametrize("file", by_turns(FIVE, 2))
def test_nothing_of_a_file_is_known_by_its_name(tmp_path: Path, file: str) -> None:
    """A whole dispute, with every act of its people: not one word of a letter differs, nor whom it goes to. The boxes
    of a document are marked with the file's own keys."""
    text = with_no_name_of_theirs(shipped(file))
    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    theirs = played(file)(text, tmp_path / "theirs")
    assert _without_keys(theirs) == _without_keys(played(file)(shipped(file), tmp_path / "ours"))


def _without_keys(seen: object) -> str:
    return re.sub(r'w:tag w:val="[^"]*"', "", repr(seen))


def skipping(tmp_path: Path) -> str:
    return kept(tmp_path, changed(shipped("plymouth"), "stage.4", "skipped_by", '["raising_manager"]'))


RAISED_IN_PLYMOUTH = RAISED.replace("Agencies:", "Stage: 3\nAgencies:")


def at_stage_3(story: Story) -> None:
    story.mail(
        "hartwell", RAISED_IN_PLYMOUTH, "2026-09-07 10:12", subject="Professional difference - K.W.", to=["fenn"]
    )
    story.letters()
    assert story.dispute().stage == "3"


def test_a_manager_passes_over_a_stage_by_judgement_where_the_file_lets_them(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:00", skipping(tmp_path)) as story:
        at_stage_3(story)
        story.mail("oakes", f"ESCALATE to Stage 5\n{UNRESOLVED}", "2026-09-08 10:00", subject=f"[{story.first}]")
        story.letters()
        assert [visit.stage for visit in story.dispute().visits] == ["3", "5"]


# Where it begins, by who raises it

MANAGERS = replace(
    DIRECTORY,
    officers=tuple(
        replace(one, posts=("line manager",)) if one.person.name == "Desmond Oakes" else one
        for one in DIRECTORY.officers
    ),
)
OF_A_MANAGER = RAISED.replace("Line manager: Desmond Oakes, head@larkfield.sch.example\n", "").replace(
    "Imogen Hartwell", "Desmond Oakes"
)


def test_what_a_manager_raises_begins_where_the_file_has_it_begin(tmp_path: Path) -> None:
    """A practitioner's own concern begins at Stage 1, a manager's at Stage 2, where they are their side's manager too;
    a stage that the email names goes before both."""
    file = kept(tmp_path, changed(shipped("north-somerset"), "stage.2", "begun_by", '["raising_manager"]'))
    with Story(tmp_path, "2026-09-07 09:00", file, MANAGERS) as story:
        story.mail("oakes", OF_A_MANAGER, "2026-09-07 10:12", subject="[ESCALATION] K.W.", to=["peake"])
        sent = {one.to: " ".join(one.text.split()) for one in story.letters()}
        assert (story.dispute().stage, story.limit()) == ("2", "Wed 09 Sep 17:00")
        assert {"oakes", "peake"} <= set(sent)
        assert "Your turn, Desmond: by 5pm on Wednesday 9 September" in sent["oakes"]
        acting = {(p.role, p.person.name) for p in story.dispute().parties}
        assert {("raiser", "Desmond Oakes"), ("raising_manager", "Desmond Oakes")} <= acting
        story.mail("hartwell", RAISED.replace("K.W.", "A.B."), "2026-09-07 11:00", subject="[ESCALATION]", to=["fenn"])
        assert story.dispute("NS-26-0002").stage == "1"
        named = OF_A_MANAGER.replace("Child: K.W.", "Stage: 1\nChild: C.D.")
        story.mail("oakes", named, "2026-09-07 12:00", subject="[ESCALATION]", to=["peake"])
        assert story.dispute("NS-26-0003").stage == "1"
        story.letters()


@pytest.mark.parametrize(
    ("stage", "role"), [("1", "raising_manager"), ("3", "raising_senior"), ("2", "responding_manager")]
)
def test_a_beginning_that_could_not_be_is_a_fault_of_the_file(tmp_path: Path, stage: str, role: str) -> None:
    text = changed(shipped("north-somerset"), f"stage.{stage}", "begun_by", f'["{role}"]')
    (tmp_path / "ours.toml").write_text(text, "utf-8")
    found = check_protocol(tmp_path / "ours.toml").faults
    assert any("those who begin here among its raising roles" in fault.message for fault in found)


def test_seven_days_that_count_weekends_end_on_a_working_day(tmp_path: Path) -> None:
    """A published "7 days" without the word working: weekends count, and it never ends on one."""
    file = kept(tmp_path, changed(shipped("plymouth"), "clock.each", "within", '"7 calendar days"'))
    with Story(tmp_path, "2026-09-05 09:00", file) as story:
        subject = "Professional difference - K.W."
        story.mail("hartwell", RAISED, "2026-09-05 10:12", subject=subject, to=["fenn"])
        assert story.limit() == "Fri 11 Sep 17:00", "for the seventh day is a Saturday"
        story.letters()


def test_nobody_passes_over_a_stage_where_the_file_does_not_let_them(tmp_path: Path) -> None:
    """They are asked; and a plain ESCALATE still leads to the next one."""
    with Story(tmp_path, "2026-09-07 09:00", "plymouth") as story:
        at_stage_3(story)
        story.mail("oakes", f"ESCALATE to Stage 5\n{UNRESOLVED}", "2026-09-08 10:00", subject=f"[{story.first}]")
        asked = story.expect(("question", "oakes"))[0]
        assert "Stage 4 comes before Stage 5. It is: Senior manager to senior manager." in " ".join(asked.text.split())
        assert story.dispute().stage == "3"
        story.mail("oakes", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 11:00", answers=asked)
        story.letters()
        assert story.dispute().stage == "4"


def test_the_named_professional_is_asked_rather_than_line_management(tmp_path: Path) -> None:
    """Where the agency has one; the other agency has none, and its line manager acts."""
    text = shipped("north-somerset")
    for role in ("raising_manager", "responding_manager"):
        text = changed(text, f"role.{role}", "rather", '"named professional"')
    nurse = Officer(
        Person("v.thrale@tarn-trust.example", "Verity Thrale", SCHOOL, "Named lead"), ("named professional",)
    )
    head = Officer(Person("p.orchard@seamoor.example", "Piers Orchard", CSC, "Team manager"), ("line manager",))
    ours = replace(DIRECTORY, officers=(*DIRECTORY.officers, nurse, head))
    with Story(tmp_path, "2026-09-07 09:00", kept(tmp_path, text), directory=ours) as story:
        body = "\n".join(line for line in RAISED.splitlines() if "anager:" not in line)
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] K.W.", to=["fenn"])
        story.mail("hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 15:00", subject=f"[{story.first}]")
        entered = {one.to for one in story.letters() if one.letter == "stage_entered"}
        assert entered == {"v.thrale@tarn-trust.example", "p.orchard@seamoor.example"}


def test_a_length_beside_lengths_by_urgency_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    text = changed(shipped("plymouth"), "clock.each", "within_by_urgency", '{ urgent = "1 working day" }')
    path.write_text(text, "utf-8")
    assert [fault.message for fault in check_protocol(path).faults] == [
        '"within" holds for nothing beside "within_by_urgency": leave one of them out'
    ]


def test_of_two_lengths_by_urgency_the_shorter_holds_until_somebody_says(tmp_path: Path) -> None:
    """48 hours are two days, though they are written in hours: one working day is less."""
    lengths = '{ soon = "48 hours", now = "1 working day" }'
    text = changed(shipped("plymouth"), "clock.each", "within", None)
    text = changed(text, "clock.each", "within_by_urgency", lengths)
    with Story(tmp_path, "2026-09-07 09:00", kept(tmp_path, changed(text, "counting", "hours", '"clock"'))) as story:
        at_stage_3(story)
        assert story.limit() == "Tue 08 Sep 17:00"


def test_a_notice_that_nothing_brings_about_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(changed(shipped("wolverhampton"), "route.policy-gap", "counts_as", None), "utf-8")
    assert [fault.message for fault in check_protocol(path).faults] == [
        'nothing brings it about: say counts_as = "policy gap reported" in the route by which one is reported'
    ]


def test_a_role_may_always_be_of_one_agency(tmp_path: Path) -> None:
    """Adult social care's manager acts, whichever agency is on the other side."""
    text = changed(
        shipped("north-somerset"), "role.responding_manager", "agency", '"Seamoor Council Children\'s Social Care"'
    )
    text = changed(text, "role.responding_manager", "post", '"lead"')
    lead = Officer(Person("p.orchard@seamoor.example", "Piers Orchard", CSC, "Team manager"), ("lead",))
    ours = replace(DIRECTORY, officers=(*DIRECTORY.officers, lead))
    with Story(tmp_path, "2026-09-07 09:00", kept(tmp_path, text), directory=ours) as story:
        body = "\n".join(line for line in RAISED.splitlines() if "Your" not in line)
        body = body.replace("Children's Social Care", "Westmere NHS Trust")
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] K.W.", to=["reed"])
        story.mail("hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 15:00", subject=f"[{story.first}]")
        assert "p.orchard@seamoor.example" in {one.to for one in story.letters() if one.letter == "stage_entered"}


def test_hours_by_the_clock_pass_on_a_saturday_and_the_letter_says_so(tmp_path: Path) -> None:
    """An urgent disagreement of a Friday afternoon does not wait for Monday."""
    text = changed(shipped("north-somerset"), "clock.s1", "within", '"24 hours by the clock"')
    with Story(tmp_path, "2026-09-11 09:00", kept(tmp_path, text)) as story:
        story.mail("hartwell", RAISED, "2026-09-11 15:00", subject="Escalation - K.W.", to=["fenn"])
        opening = {letter.to: letter for letter in story.letters()}
        assert story.limit() == "Sat 12 Sep 15:00"
        assert "by 3pm on Saturday 12 September at the latest" in opening["fenn"].text
        assert "(24 hours by the clock)." in opening["fenn"].text
        story.until("2026-09-12 14:00")
        story.expect(("reminder", "hartwell"), ("reminder", "fenn"))
        story.until("2026-09-12 15:30")
        assert story.dispute().stage == "2"
        story.expect(
            ("stage_entered", "oakes"), ("stage_entered", "peake"), ("summary", "fenn"), ("summary", "hartwell")
        )


IF_NOT_AGREED = """
[clock.s2-meeting]
label = "A meeting is convened"
from = "clock s2 passed"
within = "5 working days"
done_when = "met"
stage = "2"
at_limit = "ask"

[clock.s2-letter]
label = "Letter after the talk"
from = "clock s2 kept"
within = "2 working days"
done_when = "confirmed in writing"
stage = "2"
at_limit = "remind"

[clock.s2-letter-after-meeting]
label = "Letter after the meeting"
from = "clock s2-meeting kept"
within = "48 hours"
done_when = "confirmed in writing"
stage = "2"
at_limit = "remind"
"""


def if_not_agreed() -> str:
    """Two working days to agree; if they do not, a meeting within a further five; each resolution with its letter."""
    text = changed(shipped("north-somerset"), "clock.s2", "done_when", '"resolved"')
    text = changed(changed(text, "clock.s2", "at_limit", '"remind"'), "cap.day-5")
    return changed(text, "cap.day-8") + IF_NOT_AGREED


def running(tmp_path: Path, *events: str) -> dict[str, str]:
    """The clocks of stage 2 that run, with their limits, in a dispute that comes there on Tuesday 8 September."""
    protocol = load_protocol(Path(f"{kept(tmp_path, if_not_agreed())}.toml"))
    calendar = calendar_for(protocol.calendar, date(2026, 9, 7))
    start = calendar.at(date(2026, 9, 8), time(10))
    said = [(start, "stage 2 entered"), *((datetime.fromisoformat(e[:25]), e[26:]) for e in events)]
    rows = timeline(protocol, calendar, start, said)
    return {
        row.clock: f"{calendar.local(row.effective):%a %d %H:%M}"
        for row in rows
        if row.stage == "2" and row.working and not row.label.startswith("If ")
    }


def test_if_they_do_not_agree_a_further_time_runs_and_it_falls_away_when_they_do(tmp_path: Path) -> None:
    assert running(tmp_path) == {"s2": "Thu 10 17:00", "s2-meeting": "Thu 17 17:00"}
    agreed = "2026-09-09T10:00:00+01:00 resolved"
    assert running(tmp_path, agreed) == {"s2": "Thu 10 17:00", "s2-letter": "Fri 11 17:00"}
    objected = "2026-09-09T12:00:00+01:00 receiving side objects"
    assert running(tmp_path, agreed, objected) == {"s2": "Thu 10 17:00", "s2-meeting": "Thu 17 17:00"}


def test_what_is_resolved_at_the_meeting_has_the_meetings_own_limit_for_its_letter(tmp_path: Path) -> None:
    met = "2026-09-15T10:00:00+01:00 met"
    assert running(tmp_path, met) == {
        "s2": "Thu 10 17:00",
        "s2-meeting": "Thu 17 17:00",
        "s2-letter-after-meeting": "Thu 17 17:00",
    }


def test_nobody_is_asked_for_a_meeting_where_they_agreed_in_time(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:00", kept(tmp_path, if_not_agreed())) as story:
        opened(story)
        story.mail("hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 15:00", subject=f"[{story.first}]")
        story.letters()
        assert story.limit() == "Wed 16 Sep 17:00"
        story.mail(
            "oakes",
            "RESOLVED\nAgreed: weekly visits by Mr Peake from 14 September 2026.",
            "2026-09-08 10:00",
            subject=f"[{story.first}]",
        )
        story.letters()
        story.until("2026-09-16 18:00")
        story.expect(("proposed", "peake"), ("proposed_told", "hartwell"), ("digest", "bm"))
