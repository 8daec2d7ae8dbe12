"""Where those who decide do so together: nobody decides for another, and a bare DECISION is for what its letter put."""

from dataclasses import replace
from datetime import datetime, timedelta

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.decide import decide
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import QuestionAsked
from mailbot.core.record.intents import Act, Intent, Person
from mailbot.core.record.questions_put import Put, put_now
from tests.authority.test_table import AT, HERE, dispute

LAST = HERE.protocol.stages["4"]
PARTNERS = {"council": "council.lead@nsscp.example", "police": "police.lead@nsscp.example"}
FIRST, OTHER = "K is visited by 18 September 2026.", "K has a plan by 25 September 2026."


def _together() -> Partnership:
    dsps = next(role for role in HERE.protocol.roles.values() if role.id in LAST.decided_by)
    roles = {name: replace(dsps, id=name, title=f"The {name}", address=at) for name, at in PARTNERS.items()}
    stages = {**HERE.protocol.stages, "4": replace(LAST, decided_by=tuple(PARTNERS), together=True)}
    protocol = replace(HERE.protocol, roles={**HERE.protocol.roles, **roles}, stages=stages)
    return replace(HERE, protocol=protocol)


HERE_TOGETHER = _together()


class Table:
    def __init__(self) -> None:
        self.now: datetime = AT + timedelta(hours=1)
        self.dispute: Dispute = dispute(e.StageEntered(at=self.now, stage="4", how="referred"))

    def says(self, who: str, words: str = "", answers: Put | None = None) -> tuple[e.Event, ...]:
        self.now += timedelta(minutes=5)
        by = Person(PARTNERS[who], who.title())
        request = Request(Intent(Act.DECISION, words=words), by, self.now, answers=answers)
        made = decide(Case(self.dispute, HERE_TOGETHER, request.at), request)
        for event in made:
            self.dispute = self.dispute.after(event)
        return made


def _asked(made: tuple[e.Event, ...]) -> list[str]:
    return [one.question for one in made if isinstance(one, QuestionAsked)]


def test_a_decision_stands_when_each_has_said_the_same() -> None:
    table = Table()
    table.says("council", FIRST)
    assert table.dispute.is_open
    table.says("police", answers=put_now(table.dispute))
    assert not table.dispute.is_open
    made = [past for past in table.dispute.history if isinstance(past, e.DecisionMade)]
    assert [(one.by.name, one.words) for one in made] == [("Police", FIRST)]


def test_other_words_are_put_to_whoever_said_the_first() -> None:
    table = Table()
    table.says("council", FIRST)
    made = table.says("police", OTHER)
    assert table.dispute.is_open
    (question,) = (one for one in made if isinstance(one, QuestionAsked))
    assert (question.of.address, question.topic) == (PARTNERS["council"], "decision")
    table.says("council", answers=put_now(table.dispute))
    assert not table.dispute.is_open
    assert table.dispute.history[-1].at == table.now


def test_a_bare_decision_is_for_the_words_that_its_letter_put() -> None:
    table = Table()
    table.says("council", FIRST)
    shown = put_now(table.dispute)
    table.says("council", OTHER)
    said = " ".join(_asked(table.says("police", answers=shown)))
    assert table.dispute.is_open
    assert FIRST in said
    assert OTHER in said


def test_who_has_changed_their_mind_does_not_decide_by_what_they_said_before() -> None:
    table = Table()
    table.says("council", FIRST)
    table.says("council", OTHER)
    table.says("police", FIRST)
    assert table.dispute.is_open


def test_nobody_agrees_with_themselves() -> None:
    table = Table()
    table.says("council", FIRST)
    table.says("council")
    assert table.dispute.is_open
