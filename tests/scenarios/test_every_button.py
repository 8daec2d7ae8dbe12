"""Every button of every procedure's letters, pressed: as it opens, filled in, from a private address, by a deputy.

Each procedure is played once in a run, with replies and to its end (``tests.budget.plays``). Wherever a letter brings a
button that is new to its side, what the story has come to is kept: the button is pressed in a copy of it, and what that
brings must be what the letter said. So a press costs one turn of the bot, and not a story of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import FeedbackGiven
from tests.budget.plays import PLAYS, Offer, offered, story_of
from tests.story import Story
from tests.thorough import WHOLE, turn

SIGNED = ("", "\n\nSent from my iPhone", "\n\nGet Outlook for Android", "\n\n{name}\n{post}\n")
# What a button leaves to be filled in, by its word. A word that is not here is whole as it opens.
FILLED: Mapping[str, str] = {
    "RESOLVED": "Children's Social Care visits K at home by 30 September 2026.",
    "ESCALATE": "whether K is seen at home.",
    "NOT RESOLVED": "the threshold is not met; we will offer early help.",
    "REFER": "whether K is seen at home.",
    "DISAGREE": "A visit alone does not keep K safe.",
    "AGREE BY": "{tomorrow}, because of the meeting",
    "NEEDED BY": "{tomorrow}, because K is away after it",
    "HANDOVER TO": "{colleague}",
    "DECISION": "Children's Social Care visits K at home by 30 September 2026.",
    "REOPEN": "Nobody has seen K.",
    "NOT HAPPENED": "Nobody has seen K.",
    "(feedback)": "",
}
# What a letter says that its button does: events that are then on the record, and letters that somebody else then has.
BRINGS: Mapping[str, tuple[tuple[type[e.Event], ...], frozenset[str]]] = {
    "RESOLVED": ((e.ResolutionProposed,), frozenset({"proposed"})),
    "ESCALATE": ((e.StageEntered,), frozenset({"stage_entered"})),
    "NOT RESOLVED": ((e.FieldRecorded,), frozenset({"question"})),
    "REFER": ((e.StageEntered,), frozenset({"referred", "stage_entered"})),
    "CONFIRM": ((e.DisputeClosed,), frozenset({"closed"})),
    "DISAGREE": ((e.ResolutionObjected,), frozenset({"objected"})),
    "AGREE BY": ((e.DateProposed, e.DateAgreed), frozenset({"date_proposed", "date_recorded"})),
    "NEEDED BY": ((e.ProtectiveDateSet,), frozenset({"protective_date"})),
    "HANDOVER TO": ((e.PersonHandedOver,), frozenset({"handed_over"})),
    "DECISION": ((e.DecisionMade, e.DisputeClosed), frozenset({"closed"})),
    "REOPEN": ((e.DisputeReopened,), frozenset({"reopened"})),
    "HAPPENED": ((e.OutcomeReported,), frozenset()),
    "NOT HAPPENED": ((e.OutcomeReported, e.DisputeReopened), frozenset({"reopened", "did_not_happen"})),
    "DONE": ((e.ActionReported,), frozenset()),
    "DEBRIEF": ((), frozenset()),
    "(feedback)": ((FeedbackGiven,), frozenset()),
}


def _filled(offer: Offer, story: Story) -> str:
    """The button's body with what it leaves open filled in, as its reader would."""
    tomorrow = (story.now + timedelta(days=1)).strftime("%-d %B %Y")
    if offer.word == "":
        named = "Linnet Sorrel, linnet.sorrel@seamoor.example"
        return re.sub(r": ?(?=\r\n|$)", lambda line: f": {named if 'email' in offer.body else 'seen'}", offer.body)
    if offer.word == "(feedback)":
        return "Helpful: 4\r\nIdea: say it in fewer words"
    said = FILLED.get(offer.word, "")
    return offer.body + said.format(tomorrow=tomorrow, colleague=_colleague(story, story.address[offer.sent.to]))


def _colleague(story: Story, address: str) -> str:
    """Somebody of the same agency who has no part in it yet."""
    directory, dispute = story.site.current.directory, story.dispute()
    here = [one.person for one in directory.officers if one.person.agency == directory.agency_of(address)]
    return next((f"{one.name}, {one.address}" for one in here if dispute.party(one.address) is None), "")


def _state(dispute: Dispute) -> tuple[object, ...]:
    """What a press must not have changed, where it is only asked about."""
    return (
        dispute.state,
        dispute.stage,
        dispute.outcome,
        dispute.proposal,
        dispute.confirmed,
        dispute.open_date,
        dispute.agreed_dates,
        dispute.parties,
        tuple(dispute.fields.items()),
    )


@pytest.mark.parametrize("name", PLAYS)
def test_every_button_does_what_its_letter_says(name: str, tmp_path: Path) -> None:
    wrong, offers = [], offered(name)
    beside = story_of(name, tmp_path)
    for number, offer in enumerate(offers):
        for way in _ways(name, number):
            beside.go_on_from(offer.before)
            wrong += [
                f"{offer.sent.letter} to {offer.sent.to}: {offer.word}: {one}" for one in way(beside, offer, number)
            ]
    beside.store.close()
    assert wrong == [], "\n".join(wrong)
    assert {"RESOLVED", "NOT RESOLVED", "CONFIRM", "DISAGREE", "NEEDED BY", "HANDOVER TO", "DONE"} <= {
        one.word for one in offers
    }


def _ways(name: str, number: int) -> tuple[Callable[[Story, Offer, int], Iterator[str]], ...]:
    """All of them in a campaign; else each button in one of them by turns, in others in each procedure, and in others a
    day later."""
    every = (_as_it_opens, _filled_in, _from_a_private_address, _by_a_deputy)
    return every if WHOLE else (every[(number + list(PLAYS).index(name) + turn()) % len(every)],)


def _as_it_opens(story: Story, offer: Offer, number: int) -> Iterator[str]:
    """Sent as it opens, with whatever a telephone writes below: one question back, nobody else told, nothing
    recorded. What is whole as it opens does what it says."""
    if offer.word in BRINGS and offer.word not in FILLED:
        return
    before = _state(story.dispute())
    reader = story.site.current.directory.person(story.address[offer.sent.to])
    signed = SIGNED[number % len(SIGNED)].format(name=reader.name, post=reader.designation)
    story.mail(offer.sent.to, offer.body + signed, subject=offer.subject)
    sent = [(one.letter, one.to) for one in story.letters()]
    if sent != [("question", offer.sent.to)] and offer.word:
        yield f"as it opens: {sent}"
    if any(to != offer.sent.to for _, to in sent):
        yield f"as it opens, others were told: {sent}"
    if _state(story.dispute()) != before:
        yield "as it opens, something was recorded"


def _filled_in(story: Story, offer: Offer, number: int) -> Iterator[str]:
    """What the letter said of it: on the record, and in the letters that others then have. Where the procedure asks
    something before it leaves a stage, that is asked first."""
    before = story.dispute()
    body = _filled(offer, story)
    story.mail(offer.sent.to, body, subject=offer.subject)
    sent, after = story.letters(), story.dispute()
    mine = {one.letter for one in sent if one.to == offer.sent.to}
    if offer.word == "REFER" and story.site.current.protocol.stages[before.stage].before_leaving:
        yield from (
            () if [(one.letter, one.to) for one in sent] == [("question", offer.sent.to)] else ("not asked first",)
        )
        return
    if mine & {"refused", "question", "date_refused"}:
        yield f"filled in, its reader was answered with {mine}"
    events, letters = BRINGS.get(offer.word, ((), frozenset()))
    happened = after.history[len(before.history) :]
    if events and not any(isinstance(one, events) for one in happened):
        yield f"filled in, it brought {[type(one).__name__ for one in happened]}"
    if letters and not letters & {one.letter for one in sent if one.to != offer.sent.to}:
        yield f"filled in, others had {[(one.letter, one.to) for one in sent]}"


def _from_a_private_address(story: Story, offer: Offer, number: int) -> Iterator[str]:
    """A telephone's private account, with the token of a letter that is its reader's: they are asked at their address
    on record, and nothing is written to the other."""
    before = _state(story.dispute())
    story.mail("private", _filled(offer, story), subject=offer.subject)
    sent = [(one.letter, one.to) for one in story.letters()]
    if sent != [("question", offer.sent.to)]:
        yield f"from a private address: {sent}"
    if _state(story.dispute()) != before:
        yield "from a private address, something was recorded"


def _by_a_deputy(story: Story, offer: Offer, number: int) -> Iterator[str]:
    """The deputy whom the directory names: as the person, in their own name, and the person hears of it."""
    officer = story.site.current.directory.find_officer(story.address[offer.sent.to])
    deputy = story.who.get(officer.deputy, "") if officer and officer.deputy else ""
    if not deputy:
        return
    before = story.dispute()
    story.mail(deputy, _filled(offer, story), subject=offer.subject)
    sent = story.letters()
    refused = {one.letter for one in sent if one.to == deputy} & {"refused", "question"}
    events, _ = BRINGS.get(offer.word, ((), frozenset()))
    happened = story.dispute().history[len(before.history) :]
    if refused or (events and not any(isinstance(one, events) for one in happened)):
        yield f"by the deputy: {refused}, {[type(one).__name__ for one in happened]}"
    if events and offer.sent.to not in {one.to for one in sent}:
        yield f"by the deputy, and {offer.sent.to} was not told"
