"""What a letter may show of an event, and who puts it into words: the child as initials, instants in the
partnership's own zone, what people wrote as theirs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from mailbot.core.clocks.absences import acts_later, first_turn
from mailbot.core.clocks.limits import BY_PROTECTIVE
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.worked_out_once import worked_out_once
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import Event, PersonHandedOver
from mailbot.core.record.events_of_mail import AbsenceNoticed, MovedByHand, RiskReported
from mailbot.core.record.intents import Action, Person
from mailbot.mail.letters.wording import (
    day_long,
    instant_long,
    paragraphs_shown,
    person_shown,
    plain_words,
    safe_address,
    safe_name,
    without_reply_word,
)
from mailbot.mail.text.agreed_actions import lasts_until
from mailbot.mail.veil.known_names import veil_of


@dataclass(frozen=True, slots=True)
class ActionRow:
    what: str
    who: str
    by: str  # "" while no actual date was given
    done: bool
    whole: str = ""  # with its doer, as one reads it: "Tobias visits K at home"
    lasts: bool = False  # ``by`` is the day until which it holds ("stays open until 18 September"), and no deed's day


@dataclass(frozen=True, slots=True)
class EventTold:
    """``by`` did or said it, ``at`` (long); ``words`` are theirs; ``whom`` is the other person it is about."""

    by: str = ""
    at: str = ""
    words: str = ""
    agreed: str = ""
    actions: tuple[ActionRow, ...] = ()
    on: str = ""
    was: str = ""
    becomes: str = ""
    why: str = ""
    whom: str = ""
    until: str = ""
    addresses: tuple[str, ...] = ()
    question: str = ""
    what: str = ""
    done: bool = False
    unread_since: str = ""
    understood: bool = False
    then: str = ""  # what a passed limit led to, in the protocol's own closed words; how a stage ended
    to: str = ""  # the stage it points to, in full
    stage: str = ""  # the stage it happened at
    late: bool = False  # the raising came later than the procedure asks
    ahead: bool = False  # the limit it speaks of is still to come
    early: bool = False  # it is told on the working day before its own
    protects: bool = False  # the limit it speaks of is a date for the child beside the stage's own


NOTHING = EventTold()


@dataclass(frozen=True, slots=True)
class Speaker:
    """Turns values into what may be shown: the child as initials, instants in the partnership's zone."""

    dispute: Dispute | None
    protocol: Protocol
    zone: ZoneInfo

    def person(self, who: Person | str) -> str:
        person = self._whom(who)
        return person_shown(person) if person.shown else ""

    def signed(self, who: Person | str, at: datetime) -> str:
        """Whose words they are and since when, as a record that is filed says it: "R. Peake, Seamoor Council, 11am on
        Tuesday 8 September 2026"."""
        person = self._whom(who)
        parts = (plain_words(person.shown, 120), plain_words(person.agency, 120), self.instant(at))
        return ", ".join(dict.fromkeys(word for word in parts if word))

    def _whom(self, who: Person | str) -> Person:
        if isinstance(who, Person) and who.name:
            return who
        return self._known(who.address if isinstance(who, Person) else who)

    def _known(self, address: str) -> Person:
        party = self.dispute.party(address) if self.dispute else None
        office = next((r for r in self.protocol.roles.values() if address and r.address.lower() == address), None)
        return party.person if party else Person(address, f"the {office.title}" if office else "")

    def words(self, text: str) -> str:
        return paragraphs_shown(veil_of(self.dispute).free(text))

    def said(self, text: str) -> str:
        return self.words(without_reply_word(text))

    def instant(self, at: datetime | None) -> str:
        return instant_long(at.astimezone(self.zone)) if at else ""

    def day(self, on: date | None) -> str:
        return day_long(on) if on else ""

    def clock(self, name: str) -> str:
        """In a letter's words, the protocol's own label of a clock or cap; of a date for the child, what it is."""
        if name == BY_PROTECTIVE:
            return f"the date given for the {self.protocol.subject}"
        route, _, part = name.partition(".")
        beside = self.protocol.routes[route].clocks if part and route in self.protocol.routes else ()
        on_route = next((clock for clock in beside if clock.id == part), None)
        found = self.protocol.clocks.get(name) or self.protocol.caps.get(name) or on_route
        return found.label if found else ""

    def actions(self, actions: tuple[Action, ...]) -> tuple[ActionRow, ...]:
        return tuple(self._action(a) for a in actions)

    def _action(self, action: Action) -> ActionRow:
        what, who = self.words(action.what), plain_words(veil_of(self.dispute).free(action.who), 120)
        return ActionRow(what, who, self.day(action.by), action.done, _whole(what, who), lasts_until(action))


@worked_out_once(50)
def speaker_of(dispute: Dispute, protocol: Protocol, zone: ZoneInfo) -> Speaker:
    return Speaker(dispute, protocol, zone)


def _whole(what: str, who: str) -> str:
    """The speaker puts an action with its doer, as a sentence where what was written is one: "Tobias visits K at
    home"."""
    if not who:
        return what
    first = what.split(" ", 1)[0]
    if what[:1].islower() and first.endswith("s") and who not in ("I", "we", "We"):
        return f"{who} {what}"
    return f"{what} ({who})"


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


def by_its_from_line(who: Person | None) -> dict[str, Any]:
    """What a letter shows of somebody of whom a From line alone tells: their name and address, both made safe."""
    if who is None:
        return {}
    return {"whom": safe_name(who.name), "addresses": (safe_address(who.address),) if who.address else ()}


def tell_danger(event: RiskReported, say: Speaker) -> EventTold:
    """A word of danger as its letter shows it: outside a dispute, with the address that it came from."""
    if say.dispute is not None:
        return EventTold(by=say.person(event.by), at=say.instant(event.at))
    by = say.person(event.by) if event.by.agency else safe_name(event.by.name)
    return EventTold(by=by, at=say.instant(event.at), **by_its_from_line(event.by))


def tell_moved(event: MovedByHand, say: Speaker) -> EventTold:
    """A message that somebody moved, as its letter shows it, with the address that it came from."""
    writer, why = event.writer, say.words(event.why)
    by = say.person(writer) if writer is not None and writer.agency else ""
    told = EventTold(by=by, what=event.where, to=event.reference, then=event.outcome, why=why)
    return replace(told, **by_its_from_line(writer))


TOLD_OF_MAIL: Mapping[type[Event], Callable[[Any, Speaker], EventTold]] = {
    AbsenceNoticed: tell_absence,
    RiskReported: tell_danger,
    MovedByHand: tell_moved,
}
