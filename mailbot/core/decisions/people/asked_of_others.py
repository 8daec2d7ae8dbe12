"""What is put to others than its writer: to the people a thing belongs to, and to the office, of which agency somebody
is whose domain several agencies share."""

from datetime import date

from mailbot.core.clocks.case import Case
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.record import events as e
from mailbot.core.record.events_of_mail import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Act, Person


def put_to(people: list[Person], question: str, request: Request, topic: str) -> list[e.Event]:
    """The question put to others, each of ``people`` but whoever writes."""
    asked = (p for p in people if p.address != request.by.address)
    return [QuestionAsked(at=request.at, of=person, question=question, topic=topic) for person in asked]


def which_agency(case: Case, request: Request, person: Person, act: str) -> list[e.Event]:
    """People whom a side brings in at a domain that agencies share, where the directory has no row for them: nothing is
    done, and the office says of which agency they are."""
    why = (
        f"several agencies use that email domain, and the directory does not say of which {person.shown} is. Nothing "
        "was changed"
    )
    wish = "hand over to" if act == Act.HANDOVER else "bring in"
    several = _shared_by(person, case.partnership)
    question = (
        f"{request.by.shown} asks to {wish} {person.shown}, {person.address}. {several} use that email domain, and the "
        "directory does not say of which of them they are, so nothing was done. If they are of "
        f"{request.by.agency or 'the same agency'}, write ADD {case.dispute.reference} and their email address, with "
        "the role if they act in one; a row in the directory settles it for good. Otherwise nothing need be done."
    )
    asked = put_to(list(case.partnership.office()), question, request, "shared domain")
    return [RequestRefused(at=request.at, by=request.by, act=act, why=why), *asked]


def _shared_by(person: Person, partnership: Partnership) -> str:
    *some, last = (agency.name for agency in partnership.directory.agencies_at(person.address))
    return f"{', '.join(some)} and {last}" if some else last


def doubt(request: Request, partnership: Partnership, person: Person) -> list[e.Event]:
    """Of the people whom an opening named, which agency one is with is in doubt: the directory has no row for the
    address, and several share its domain; somebody looks."""
    question = (
        f"{person.shown} was named in this dispute. {_shared_by(person, partnership)} use that email domain, and the "
        "directory does not say of which of them they are. If they are on the wrong side, write REMOVE, the reference "
        "and their address; a row in the directory settles it for good."
    )
    return put_to(list(partnership.office()), question, request, "shared domain")


def in_it_already(case: Case, request: Request) -> list[e.Event]:
    """What others than its writer must say: whoever takes over themselves acts in it already as somebody's deputy, who
    stays in it beside them until they hand over; and of whom they are none, they are asked whose part it is."""
    owners = [
        party.person
        for party in case.dispute.parties
        if case.directory.stands_in(request.by.address, party.person.address)
    ]
    if not owners:
        question = "Whose part do you take over? Please ask them to reply HANDOVER TO with your name and email address."
        return [QuestionAsked(at=request.at, of=request.by, question=question, topic="handover")]
    question = (
        f"You are recorded as acting for {owners[0].shown} and have every letter that they have. Nothing else was "
        "changed. Where they are to have none, ask them to reply HANDOVER TO with your name."
    )
    return [QuestionAsked(at=request.at, of=request.by, question=question, topic="handover")]


def ask_where_to_write(request: Request, named: Person | None, word: str) -> QuestionAsked:
    """Asks for the address of somebody named without one, or for both; ``word`` is the one that says what for."""
    if named is None or not named.name:
        who = "Who takes over?" if word.startswith("HANDOVER") else "Who is it?"
        question = f"{who} Please reply {word} with their name and email address."
    else:
        taking_over = ", who takes over from you" if word.startswith("HANDOVER") else ""
        question = (
            f"What is the work email address of {named.name}{taking_over}? Please reply {word} {named.name} and the "
            "address."
        )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic=word.split()[0].lower())


def ask_for_a_colleague(request: Request, theirs: Person) -> QuestionAsked:
    """Asks who takes over from people of one agency, where the directory has the one named at another of the same
    address: a council's two services. Which of the two it should say is for a person."""
    mine = request.by.agency
    question = (
        f"Who at {mine} takes over? The directory has {theirs.shown} at {theirs.agency}, so nothing was handed over "
        "and it is still yours. Please reply HANDOVER TO with the name and email of a colleague at "
        f"{mine}. If the directory is out of date, the Business Manager can correct it."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="handover")


def ask_for_an_address(request: Request, person: Person) -> QuestionAsked:
    question = (
        f"{person.name or 'Somebody'} was named with an address at no agency that this partnership knows, so nothing "
        "can be sent there. Please reply with their work address, or ask the Business Manager to add their agency."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="address")


def ask_which_day(request: Request, value: str) -> QuestionAsked:
    """Asks whoever gave a day of the decision on which nothing can have been decided for the day that it was: it is not
    recorded."""
    on = date.fromisoformat(value)
    question = (
        f"On which day was the decision made? {on.day} {on:%B} {on.year} is given, which cannot be it, so no day is "
        "recorded. Please reply with a line “Date of decision:” and the day with its year."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="answer:day of decision")
