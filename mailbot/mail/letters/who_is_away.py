"""Who is away of those whose turn it is, who stands in for them, and why somebody is asked in place of another: said in
letters by name, and of nobody whose turn it is not."""

from mailbot.core.clocks.absences import absence_of, acts_later, first_turn, left_for_good
from mailbot.core.clocks.case import Case
from mailbot.core.decisions.parties.who_is_there import away_now, in_place
from mailbot.core.notices.offered import Reader
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.dispute import Dispute, Voice
from mailbot.core.record.events import AbsenceNoticed, PersonHandedOver, PersonRecorded
from mailbot.core.record.intents import Person
from mailbot.mail.letters.speaker import EventTold, Speaker
from mailbot.mail.letters.whose_turn import short_title, voice_shown
from mailbot.mail.letters.wording import day_short, listed, opening, person_shown


def people_away(case: Case, reader: Reader) -> tuple[str, ...]:
    """Who is away now of those whose turn it is, but for the reader: until when, and who stands in."""
    if case.dispute.stage not in case.protocol.stages or not case.dispute.is_open:
        return ()
    lines = []
    for person in away_now(case):
        if person.address not in {reader.person.address, *_stood_in_for(reader.person.address, case.dispute)}:
            said = f"{person_shown(person)} is away{_until(person, case)}, by an automatic reply."
            lines.append(" ".join((said, *_stand_in(person, case), "That moves no limit.")))
    return tuple(lines)


def standing_in_for(person: object, case: Case) -> tuple[str, ...]:
    """In the letter that tells of an absence: who stands in for whoever is away."""
    return _stand_in(person, case) if isinstance(person, Person) else ()


def is_in_place(person: Person, case: Case) -> bool:
    """Is somebody asked in place of one who is away for good, or not known?"""
    if not case.dispute.is_open:
        return False
    return any(person in in_place(voice, case) for voice in case.dispute.voices())


def why_asked(reader: Reader, case: Case) -> str:
    """Why a letter asks its reader in place of somebody whose turn it is; "" where it is the reader's own."""
    dispute = case.dispute
    for owner in _stood_in_for(reader.person.address, dispute):
        if absence_of(owner, dispute, case.calendar.local(case.now).date()) is not None:
            away = next(p.person for p in dispute.parties if p.person.address == owner)
            return f"You are asked because {person_shown(away)} is away{_until(away, case)}, and you stand in for them."
    voice = next((one for one in dispute.voices() if reader.person in in_place(one, case)), None)
    return _in_place_of(voice, case) if voice is not None else ""


def _in_place_of(voice: Voice, case: Case) -> str:
    dispute, stage, gone = case.dispute, case.stage, left_for_good(case.dispute)
    roles = stage.raising if voice.side is Side.RAISING else stage.receiving
    there = [p for p in dispute.parties if p.role in roles and p.side is voice.side]
    left = [p.person for p in there if p.person.address in gone]
    if left:
        have = "has" if len(left) == 1 else "have"
        return f"You are asked because {listed(map(person_shown, left))} {have} left, by an automatic reply."
    title = short_title(case.protocol.roles[roles[0]])
    return f"You are asked because no {title} of {voice_shown(dispute, voice)} is known here."


def _until(person: Person, case: Case) -> str:
    absent = absence_of(person.address, case.dispute, case.calendar.local(case.now).date())
    return f" until {day_short(absent.until)}" if absent is not None and absent.until is not None else ""


def _stand_in(person: Person, case: Case) -> tuple[str, ...]:
    party = case.dispute.party(person.address)
    found = [p.person for p in case.dispute.parties if person.address in _stood_in_for(p.person.address, case.dispute)]
    if party is None or not found:
        return ()
    stand = "stands" if len(found) == 1 else "stand"
    return (f"{opening(listed(map(person_shown, found)))} {stand} in for them, by the directory.",)


def _stood_in_for(address: str, dispute: Dispute) -> tuple[str, ...]:
    """The addresses of whoever is away, or was, for whom the holder of ``address`` was brought in as deputy."""
    brought = (past for past in dispute.history if isinstance(past, PersonRecorded) and past.stands_in_for)
    return tuple(past.stands_in_for for past in brought if address and past.person.address == address)


# What a letter tells of an absence, and of a handover.


def tell_handover(event: PersonHandedOver, say: Speaker) -> EventTold:
    """Tells of a handover; from which stage on, where it is not with them yet."""
    dispute, address = say.dispute, event.taking.address
    later = dispute is not None and acts_later(address, dispute, say.protocol)
    return EventTold(
        to=say.protocol.stage_name(first_turn(address, dispute, say.protocol)) if dispute and later else "",
        by=say.person(event.leaving),
        whom=say.person(event.taking),
        at=say.instant(event.at),
        until=say.day(event.until),
    )


def tell_absence(event: AbsenceNoticed, say: Speaker) -> EventTold:
    """Tells of an absence; to which stage it comes to whoever is away, where it is not with them yet."""
    dispute, address = say.dispute, event.person.address
    later = dispute is not None and acts_later(address, dispute, say.protocol)
    return EventTold(
        by=say.person(event.person),
        at=say.instant(event.at),
        whom=say.person(event.cover) if event.cover else "",
        until=say.day(event.until),
        to=say.protocol.stage_name(first_turn(address, dispute, say.protocol)) if dispute and later else "",
        done=event.left,
    )
