"""Every shipped procedure, at each of its stages, in its own words: whoever it is to, the letter is whole and safe."""

from datetime import UTC, date, datetime
from functools import cache

import pytest

from mailbot.core.clocks.case import Case
from mailbot.core.notices.notice import LETTERS, Notice
from mailbot.core.partnership.directory import Directory
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.intents import Person
from mailbot.mail.incoming.button_tokens import button_token
from mailbot.mail.letters.letter import LetterView, view
from mailbot.mail.letters.render import Letters, template_faults
from mailbot.mail.understanding.context import Said
from mailbot.mail.understanding.interpret import interpret
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from mailbot.shell.config.template_files import load_letters, shipped_letters
from mailbot.shell.protocol_files.protocol_reader import load_protocol
from mailbot.shell.protocol_files.protocol_reader import shipped_protocols as protocols
from tests.thorough import by_turns

TEMPLATES = Letters(load_letters([shipped_letters()]))
AT = datetime(2026, 9, 10, 9, tzinfo=UTC)  # a Thursday: most limits lie beyond a weekend
RAISER, RESPONDER = Person("r@a.example", "Ada Quince", "Agency A"), Person("s@b.example", "Bo Reed", "Agency B")
STAGES = [(name, stage) for name, path in protocols().items() for stage in load_protocol(path).stages]


@cache
def _loaded(name: str) -> tuple[Protocol, Calendar]:
    protocol = load_protocol(protocols()[name])
    return protocol, calendar_for(protocol.calendar, AT.date())


@cache
def _at(name: str, stage: str) -> Dispute:
    protocol, _ = _loaded(name)
    opened = e.DisputeOpened(
        at=AT,
        reference="XX-26-0001",
        partnership="x",
        protocol=protocol.id,
        version=protocol.version,
        raised=AT,
        raiser=RAISER,
        raising="Agency A",
        receiving="Agency B",
        child="J.T.",
        decision_on=date(2026, 9, 9),
    )
    people = [
        e.PersonRecorded(at=AT, role="raiser", side=Side.RAISING, person=RAISER),
        e.PersonRecorded(at=AT, role="responder", side=Side.RECEIVING, person=RESPONDER),
    ]
    entered = e.StageEntered(at=AT, stage=stage, how="opening" if stage == protocol.order()[0] else "asked")
    return fold((opened, *people, entered))


@cache
def _case(name: str, stage: str) -> Case:
    protocol, calendar = _loaded(name)
    return Case(_at(name, stage), Partnership(name, protocol, calendar, Directory()), AT)


def _seen(letter: str, to: Person, name: str, stage: str) -> tuple[LetterView, Protocol]:
    protocol, _ = _loaded(name)
    dispute = _at(name, stage)
    notice = Notice(letter, to, dispute.history[-1], acts=True)
    made = button_token(b"a secret for the tests", dispute, to.address)
    return view(notice, _case(name, stage), made), protocol


@pytest.mark.parametrize(("name", "stage"), STAGES)
def test_every_stage_of_every_shipped_procedure_has_whole_letters(name: str, stage: str) -> None:
    for letter in ("opened", "stage_entered", "stage_told", "referred", "status"):
        for to in (RAISER, RESPONDER, Person("office@x.example", "The Office")):
            seen, protocol = _seen(letter, to, name, stage)
            assert list(template_faults(letter, TEMPLATES.render(letter, seen), protocol.risk.line)) == []
            assert seen.ball.startswith(("It is now for ", "It is now with "))
            assert seen.stage.startswith(protocol.stage_word)


@pytest.mark.parametrize(("name", "stage"), by_turns(STAGES, 7))
def test_no_link_of_any_letter_is_so_long_that_outlook_cuts_it_off(name: str, stage: str) -> None:
    """Every letter there is, at every stage of every procedure, to whoever may get it: the token included."""
    longest, seen_token = 0, False
    for letter in LETTERS:
        for to in (RAISER, RESPONDER, Person("office@x.example", "The Office")):
            seen, _ = _seen(letter, to, name, stage)
            for one in (*seen.buttons, *seen.also):
                longest = max(longest, len(one.mailto))
                seen_token = seen_token or "%20%28ref%20" in one.mailto
    assert seen_token
    assert 0 < longest < 2_000


def test_a_one_sided_stage_names_nobody_of_the_other_side() -> None:
    seen, _ = _seen("opened", RAISER, "plymouth", "1")
    made = TEMPLATES.render("opened", seen)
    assert "The other agency has not been told, and gets no letters at this stage." in made.text
    assert "Agency B" not in seen.ball


def test_a_stage_that_says_how_to_speak_is_quoted() -> None:
    seen, _ = _seen("stage_entered", RAISER, "gloucestershire", "3")
    assert "not over email" in TEMPLATES.render("stage_entered", seen).text


def test_sunderland_has_steps_and_not_stages() -> None:
    seen, _ = _seen("opened", RAISER, "sunderland", "1")
    assert TEMPLATES.render("opened", seen).subject.endswith(" (Step 1)")


def test_the_lines_for_missing_people_are_read_back_into_their_roles_in_every_procedure() -> None:
    for name, stage in STAGES:
        for to in (RAISER, RESPONDER):
            seen, protocol = _seen("opened", to, name, stage)
            for line in (line for button in seen.buttons for line in button.lines if "(name and email)" in line):
                said = Said(
                    own=f"{line}Ivo Marsh, i.marsh@a.example", subject="RE", sender=to, to=(), cc=(), received=AT
                )
                read = interpret(said, _at(name, stage), _case(name, stage).partnership)
                people = {role: person for intent in read for role, person in intent.people.items()}
                assert [p.address for p in people.values()] == ["i.marsh@a.example"], (name, stage, line)
                side = {RAISER: Side.RAISING, RESPONDER: Side.RECEIVING}[to]
                assert {protocol.roles[role].side for role in people} <= {side, Side.EACH}, (name, stage, line)
