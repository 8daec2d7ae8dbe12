"""What a period's disputes were about, and what was learned: categories, level of need, the child's status, learning,
feedback, and the disputes the partnership itself had, each told without anybody in it."""

from collections.abc import Callable, Sequence

from mailbot.core.clocks.calendar import Calendar
from mailbot.core.decisions.moving import is_partnership_stage
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.directory import Directory
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.telling.digest_feedback import nameless, names_in
from mailbot.core.telling.measures import Period, within
from mailbot.core.telling.measures_of_disputes import closing_stage, days_open, raised
from mailbot.core.telling.report_agencies import kind_of
from mailbot.core.telling.report_values import Case, Table
from mailbot.core.telling.suppression import FEWEST_SHOWN, suppressed_row

NOT_STATED = "Not stated"
TOO_FEW = "There are too few to show without pointing to a child."


def themes(disputes: Sequence[Dispute], period: Period, protocol: Protocol, full: bool) -> tuple[Table, ...]:
    """The protocol's own categories, the level of need, the child's status; "not stated" is a row of each."""
    found = raised(disputes, period)
    ways: tuple[tuple[str, Callable[[Dispute], str], tuple[str, ...]], ...] = (
        ("What they were about", lambda d: _among(d.fields.get("category", ""), protocol.categories),
         protocol.categories),
        ("Level of need", lambda d: _said(d.fields.get("level_of_need", "")), ()),
        (f"The {protocol.subject}'s status", lambda d: _said(d.fields.get("child_status", "")), ()),
    )  # fmt: skip
    return tuple(_counted(title, [way(d) for d in found], listed, full) for title, way, listed in ways)


def _among(said: str, listed: tuple[str, ...]) -> str:
    """The partnership's own category; anything else that somebody wrote is theirs, and not for a table."""
    wanted = " ".join(said.casefold().split())
    return next((one for one in listed if one.casefold() == wanted), "Something else" if wanted else NOT_STATED)


_LONGEST = 40  # characters of a status or level; what is longer is an account, and not for a table


def _said(text: str) -> str:
    flat = " ".join(text.split())
    return (flat[:1].upper() + flat[1:] if len(flat) <= _LONGEST else "Something else") if flat else NOT_STATED


def _counted(title: str, said: list[str], listed: tuple[str, ...], full: bool) -> Table:
    order = [*listed, *sorted({one for one in said if one not in listed and one != NOT_STATED}), NOT_STATED]
    numbers = [said.count(one) for one in order]
    shown = tuple(map(str, numbers)) if full else suppressed_row(numbers)
    note = "By the date raised." + ("" if full else " Counts under 5, and none, are shown as “under 5”.")
    if not said:
        return Table(title, (), (), f"{note} Nothing was raised in this period.")
    rows = tuple(zip(order, shown, strict=True)) if shown else ()
    return Table(title, ("", "Disputes") if rows else (), rows, note if rows else f"{note} {TOO_FEW}", bars=1)


def by_stage(
    disputes: Sequence[Dispute], protocol: Protocol, title: str, stage_of: Callable[[Dispute], str], note: str
) -> Table:
    """A count for each stage of the procedure: how far they went is no mark of any one child."""
    stages = [stage_of(d) for d in disputes]
    rows = tuple((protocol.stage_name(s), str(stages.count(s))) for s in protocol.order())
    return Table(title, (protocol.stage_word, "Disputes"), rows, note, bars=1)


def highest_stage(dispute: Dispute, protocol: Protocol) -> str:
    return max((visit.stage for visit in dispute.visits), key=protocol.order().index)


def learning(disputes: Sequence[Dispute], period: Period) -> tuple[str, ...]:
    """What was recorded as learning, in its writers' words without names, of disputes closed in the period. Sorted,
    so that the order tells nothing."""
    closed = [d for d in disputes if within(d.closed, period)]
    return tuple(sorted(dict.fromkeys(one for d in closed for one in _learned(d))))


def _learned(dispute: Dispute) -> list[str]:
    texts = [text for key, text in dispute.fields.items() if key.partition(":")[0] == "learning" and text.strip()]
    return [nameless(text, names_in(dispute)) for text in texts]


def partnership_cases(
    disputes: Sequence[Dispute],
    period: Period,
    protocol: Protocol,
    directory: Directory,
    calendar: Calendar,
    full: bool,
) -> tuple[Case, ...]:
    """Those that came to the partnership, or to the last managers of a procedure that goes no further."""
    last = [s.id for s in protocol.stages.values() if is_partnership_stage(s)] or list(protocol.order()[-2:])
    found = [d for d in disputes if any(v.stage in last and within(v.entered, period) for v in d.visits)]
    categories = [_among(d.fields.get("category", ""), protocol.categories) for d in raised(disputes, period)]
    tellable = [c for c in protocol.categories if full or categories.count(c) >= FEWEST_SHOWN]
    told = [_told(d, protocol, calendar, tellable, directory if full else None) for d in found]
    order = sorted(range(len(told)), key=lambda n: told[n])
    return tuple(
        Case(f"Case {number}" + (f" ({found[n].reference})" if full else ""), told[n])
        for number, n in enumerate(order, start=1)
    )


def _kinds(dispute: Dispute, directory: Directory) -> str:
    """ "the police and a health service": everybody it is with, said by sector alone."""
    kinds = dict.fromkeys(kind_of(agency, directory) for agency in dispute.receiving_agencies or ("",))
    return " and ".join(kinds)


def _told(
    dispute: Dispute, protocol: Protocol, calendar: Calendar, tellable: Sequence[str], directory: Directory | None
) -> str:
    """ "About thresholds. It went from Stage 1 to Stage 4, once because …". Which agencies, and a category that a table
    hides, would give away what the tables do not say: cases can be counted."""
    stages = list(dict.fromkeys(visit.stage for visit in dispute.visits))
    drift = sum(visit.how == "limit" for visit in dispute.visits)
    about = _among(dispute.fields.get("category", ""), protocol.categories)
    parts = []
    if directory is not None:
        parts.append(f"Raised by {kind_of(dispute.raising, directory)} with {_kinds(dispute, directory)}.")
    parts += [f"About: {about[:1].lower() + about[1:]}."] if about in tellable else []
    path = f"It went from {protocol.stage_name(stages[0])} to {protocol.stage_name(stages[-1])}"
    parts.append(f"{path}, {_times(drift)} because nobody had answered by the limit." if drift else f"{path}.")
    if dispute.closed is None:
        parts.append("It is still open.")
    else:
        outcome = protocol.outcomes.get(dispute.outcome)
        label = outcome.label if outcome else dispute.outcome
        days = days_open(dispute, calendar)
        at = protocol.stage_name(closing_stage(dispute))
        parts.append(f"Outcome, at {at}: {label[:1].lower() + label[1:]}, after {days} working day{'s' * (days != 1)}.")
    parts += [f"Learning: {one}" for one in _learned(dispute)]
    return " ".join(parts)


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
