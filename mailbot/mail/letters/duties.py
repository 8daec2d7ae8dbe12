"""What a published procedure tells its actors to do, in the letter to the one who must do it; how those who must speak
reach each other; and which of the agencies says that it is closed meanwhile.
"""

from datetime import date

from mailbot.core.decisions.authority import deciders
from mailbot.core.partnership.directory import Directory
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record.dispute import Dispute
from mailbot.mail.letters.whose_turn import Reader, short_title
from mailbot.mail.letters.wording import day_short, plain_words


def duties(dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    """The file's own sentences for this reader at the present stage, and who may support those who decide."""
    if not dispute.is_open:
        return ()
    stage = protocol.stages[dispute.stage]
    mine = {p.role for p in dispute.parties if p.person.address == reader.person.address} | {reader.office} - {""}
    said = [duty.say for duty in stage.duties if mine & set(duty.of)]
    if reader.office and reader.office in (*deciders(dispute, protocol), stage.sent_through):
        said += [_may_support(protocol, name) for name in stage.may_support if name != reader.office]
    return tuple(dict.fromkeys(said))


def _may_support(protocol: Protocol, name: str) -> str:
    role = protocol.roles[name]
    where = f" ({role.address})" if role.address else ""
    return f"The {role.title}{where} may support the discussion, where you ask for it."


def contacts(dispute: Dispute, protocol: Protocol, directory: Directory, reader: Reader) -> tuple[str, ...]:
    """Of the others whom the present stage is with: name, agency, email address, and telephone where it is known."""
    stage = protocol.stages[dispute.stage]
    roles = (*stage.raising, *stage.receiving)
    if reader.party is None or reader.party.role not in roles or not dispute.is_open:
        return ()
    lines = []
    for party in dispute.parties:
        address = party.person.address
        both = party.side in (Side.RAISING, Side.RECEIVING)
        if not both or party.role not in roles or not address or address == reader.person.address:
            continue
        officer = directory.find_officer(address)
        role = protocol.roles.get(party.role)
        what = party.person.designation or (short_title(role) if role else "")
        agency = party.person.agency or dispute.agency_of(party)
        told = (party.person.name, what, agency)
        reach = (address, officer.phone if officer else "")
        lines.append(
            f"{', '.join(plain_words(one, 120) for one in told if one)}: {', '.join(one for one in reach if one)}"
        )
    return tuple(dict.fromkeys(lines))


def closed_agencies(dispute: Dispute, directory: Directory, first: date, last: date) -> tuple[str, ...]:
    """ "Larkfield Primary School is closed from Mon 15 Feb to Fri 19 Feb (half-term)": what it says of the days from
    ``first`` to ``last``. Another agency's term dates must not lengthen a child's wait: no limit moves with it."""
    names = (dispute.raising, *dispute.receiving_agencies)
    found = [(a.name, _closure(dict(a.closed), first, last)) for a in directory.agencies if a.name in names]
    return tuple(f"{plain_words(name, 120)} says that it is closed {closure}" for name, closure in found if closure)


def _closure(closed: dict[date, str], first: date, last: date) -> str:
    """The whole of a closure that touches those days: Monday to Friday of half-term, though the limit is Monday."""
    touched = [day for day in sorted(closed) if first <= day <= last]
    if not touched:
        return ""
    named = closed[touched[0]]
    run = [day for day in sorted(closed) if closed[day] == named and abs((day - touched[0]).days) <= 70]
    days = f"on {day_short(run[0])}" if len(run) == 1 else f"from {day_short(run[0])} to {day_short(run[-1])}"
    return f"{days}{f' ({named})' if named else ''}"
