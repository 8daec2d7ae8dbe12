"""What the report for a meeting takes from disputes: of a portion of them, or added up from all. Nothing here is told
yet: which small numbers may be shown is known only when all are counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from mailbot.core.decisions.stages import is_partnership_stage
from mailbot.core.partnership.directory import Directory
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record.dispute import Dispute
from mailbot.core.reports.agency_counts import LastHeard, last_heard
from mailbot.core.reports.digest_figures import ideas_told, nameless, person_names_in
from mailbot.core.reports.digest_rows import all_as_of
from mailbot.core.reports.measures import (
    BY_LIMIT,
    CountedBy,
    Feedback,
    LimitOf,
    Measured,
    Numbered,
    Period,
    by_child,
    closed_with_outcome,
    closing_stage,
    days_open,
    feedback,
    measured,
    moves,
    raised,
    within_period,
)
from mailbot.core.reports.portions import AddedUp

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """Of what a report for a meeting is made: ``now`` its period, ``past`` the one before. ``full``: the Business
    Manager's own copy."""

    partnership: Partnership
    limit_of: LimitOf
    now: Period
    past: Period
    full: bool = False


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A dispute that came to the partnership itself, as a meeting report may tell it: who with whom, for the full copy
    alone; its category, which is told only where it points to nobody; and the rest."""

    reference: str
    who: str
    category: str
    rest: str


@dataclass(frozen=True, slots=True)
class ReportCounted(AddedUp):
    """``pairs``: raising and receiving, as the copy names them; ``highest``: the stage reached, of those closed with an
    outcome; ``said``: (which theme, what was said of it), of those raised. ``raising`` and ``receiving``: agencies by
    how often, in the year before the period's end. ``references``: raised; ``moved`` by the limit."""

    now: Measured
    past: Measured
    pairs: "Counter[tuple[str, str]]"
    highest: "Counter[str]"
    said: "Counter[tuple[str, str]]"
    feedback: Feedback
    heard: LastHeard
    raising: "Counter[str]"
    receiving: "Counter[str]"
    cases: tuple[CountedCase, ...]
    ideas: tuple[str, ...]
    learning: tuple[str, ...]
    references: tuple[str, ...]
    moved: tuple[str, ...]
    numbered: Numbered


CATEGORY, LEVEL, STATUS = "category", "level_of_need", "child_status"


def report_counted(disputes: Sequence[Dispute], asked: ReportAsked) -> ReportCounted:
    """What a report for a meeting takes from ``disputes``, each as it stood at the end of either period."""
    protocol, directory, now = asked.partnership.protocol, asked.partnership.directory, asked.now
    by = CountedBy(protocol, asked.partnership.calendar, asked.limit_of)
    then, at_first = all_as_of(disputes, now[1]), all_as_of(disputes, asked.past[1])
    begun, given = raised(then, now), feedback(then, now)
    lately = [d for d in then if now[1] - YEAR < d.raised < now[1]]
    names = named_in_rows(directory, asked.full)[1]
    return ReportCounted(
        now=measured(then, now, by),
        past=measured(at_first, asked.past, by),
        pairs=Counter((names.get(d.raising, OTHERS), r) for d in begun for r in _receiving(d, names)),
        highest=Counter(highest_stage(d, protocol) for d in closed_with_outcome(then, now)),
        said=Counter((theme, said) for d in begun for theme, said in _themes(d, protocol)),
        feedback=given,
        heard=last_heard(then),
        raising=Counter(d.raising for d in lately),
        receiving=Counter(agency for d in lately for agency in d.receiving_agencies),
        cases=tuple(_case(d, by, directory) for d in then if _came_to_the_partnership(d, now, protocol)),
        ideas=ideas_told(then, given),
        learning=tuple(one for d in then if within_period(d.closed, now) for one in _learned(d)),
        references=tuple(d.reference for d in begun),
        moved=tuple(move.reference for move in moves(then, now) if move.how == BY_LIMIT),
        numbered=by_child(then, (now[1] - YEAR, now[1])),
    )


NOT_STATED = "Not stated"


def _themes(dispute: Dispute, protocol: Protocol) -> tuple[tuple[str, str], ...]:
    """What a dispute was about, for a meeting report: the protocol's own categories, the level of need, the child's
    status."""
    fields = dispute.fields
    return (
        (CATEGORY, _among(fields.get(CATEGORY, ""), protocol.categories)),
        (LEVEL, _said(fields.get(LEVEL, ""))),
        (STATUS, _said(fields.get(STATUS, ""))),
    )


def _among(said: str, listed: tuple[str, ...]) -> str:
    """The category under which a meeting report's table counts what was said: the partnership's own; anything else that
    somebody wrote is theirs, and not for a table."""
    wanted = " ".join(said.casefold().split())
    return next((one for one in listed if one.casefold() == wanted), "Something else" if wanted else NOT_STATED)


_LONGEST = 40  # characters of a status or level; what is longer is an account, and not for a table


def _said(text: str) -> str:
    flat = " ".join(text.split())
    return (flat[:1].upper() + flat[1:] if len(flat) <= _LONGEST else "Something else") if flat else NOT_STATED


def highest_stage(dispute: Dispute, protocol: Protocol) -> str:
    return max((visit.stage for visit in dispute.visits), key=protocol.order().index)


def _learned(dispute: Dispute) -> list[str]:
    """The learning that a meeting report passes on, in its writers' words without names."""
    texts = [text for key, text in dispute.fields.items() if key.partition(":")[0] == "learning" and text.strip()]
    return [nameless(text, person_names_in(dispute)) for text in texts]


def _came_to_the_partnership(dispute: Dispute, period: Period, protocol: Protocol) -> bool:
    """Is it among the cases that a meeting report tells one by one: those that came to the partnership, or to the last
    managers of a procedure that goes no further?"""
    last = [s.id for s in protocol.stages.values() if is_partnership_stage(s)] or list(protocol.order()[-2:])
    return any(visit.stage in last and within_period(visit.entered, period) for visit in dispute.visits)


def _case(dispute: Dispute, by: CountedBy, directory: Directory) -> CountedCase:
    """A case as the meeting report tells it: "It went from Stage 1 to Stage 4, once because …"."""
    raising = kind_of_agency(dispute.raising, directory)
    return CountedCase(
        dispute.reference,
        f"Raised by {raising} with {_kinds(dispute, directory)}.",
        _among(dispute.fields.get(CATEGORY, ""), by.protocol.categories),
        " ".join(_how_it_went(dispute, by)),
    )


def _how_it_went(dispute: Dispute, by: CountedBy) -> Iterable[str]:
    protocol, calendar = by.protocol, by.calendar
    stages = list(dict.fromkeys(visit.stage for visit in dispute.visits))
    drift = sum(visit.how == "limit" for visit in dispute.visits)
    path = f"It went from {protocol.stage_name(stages[0])} to {protocol.stage_name(stages[-1])}"
    yield f"{path}, {_times(drift)} because nobody had answered by the limit." if drift else f"{path}."
    if dispute.closed is None:
        yield "It is still open."
    else:
        outcome = protocol.outcomes.get(dispute.outcome)
        label = outcome.label if outcome else dispute.outcome
        days = days_open(dispute, calendar)
        at = protocol.stage_name(closing_stage(dispute))
        yield f"Outcome, at {at}: {label[:1].lower() + label[1:]}, after {days} working day{'s' * (days != 1)}."
    yield from (f"Learning: {one}" for one in _learned(dispute))


def _kinds(dispute: Dispute, directory: Directory) -> str:
    """A meeting report's words for everybody it is with, said by sector alone."""
    kinds = dict.fromkeys(kind_of_agency(agency, directory) for agency in dispute.receiving_agencies or ("",))
    return " and ".join(kinds)


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


# How agencies may be called in a report: statutory partners by name, schools as one group, but in the full copy.

SCHOOLS, OTHERS, UNKNOWN = "Schools", "Other agencies", "Not yet known"
_SCHOOL = "school"


def named_in_rows(directory: Directory, full: bool) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """The names of a meeting report's rows of agencies in order, and under which of them each agency goes: statutory
    partners first, then schools (as one group, but in the full copy), then the rest."""
    rank = {True: 0, False: 2}
    listed = sorted(directory.agencies, key=lambda a: 1 if a.sector == _SCHOOL else rank[bool(a.partner)])
    names = {a.name: SCHOOLS if a.sector == _SCHOOL and not full else a.name for a in listed}
    return tuple(dict.fromkeys((*names.values(), OTHERS, UNKNOWN))), names


def kind_of_agency(agency: str, directory: Directory) -> str:
    """An agency as a meeting report tells it where its name would say too much, by its sector alone: "a school", "a
    local authority service"."""
    sector = next((a.sector for a in directory.agencies if a.name == agency), "")
    known = {
        "school": "a school",
        "local authority": "a local authority service",
        "health": "a health service",
        "police": "the police",
    }
    return known.get(sector, "another agency")


def _receiving(dispute: Dispute, names: Mapping[str, str]) -> tuple[str, ...]:
    """In a meeting report, each agency that one dispute is with counts by itself, under the name of its group once."""
    found = (names.get(agency, OTHERS) for agency in dispute.receiving_agencies)
    return tuple(dict.fromkeys(found)) or (UNKNOWN,)
