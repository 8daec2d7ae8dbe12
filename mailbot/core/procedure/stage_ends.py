"""What ends a stage by the procedure alone, before there is any dispute: the clock whose limit it is, the clocks of the
raising that come before it, and what a limit waits for that nobody need ever do."""

from collections.abc import Iterator

from mailbot.core.procedure.closed_lists import AtLimit, Happening
from mailbot.core.procedure.protocol import Clock, Protocol

ANOTHER = frozenset({Happening.CLOCK_DONE, Happening.CLOCK_KEPT, Happening.CLOCK_PASSED})
_BY_THEMSELVES = frozenset({Happening.STAGE_ENTERED, Happening.RAISED, Happening.DECISION_MADE})


def deciding_clock(protocol: Protocol, stage: str) -> Clock | None:
    """The clock whose limit ends ``stage``: not a guide, not an act within it, not one that follows a resolution."""
    ends = [
        clock
        for clock in protocol.clocks_of(stage)
        if clock.counts
        and clock.at_limit is not AtLimit.NOTHING
        and clock.start is not Happening.DECISION_MADE
        and not follows_resolution(protocol, clock)
    ]
    whole = [clock for clock in ends if clock.done_when is None]
    chosen = whole or ends[-1:]
    return chosen[0] if chosen else None


def follows_resolution(protocol: Protocol, clock: Clock) -> bool:
    """Ends no stage: is a limit for what comes after a resolution, such as the letter that confirms it? It ends no
    stage."""
    for one in _chain(protocol, clock):
        before = protocol.clocks.get(one.of)
        kept = one.start is Happening.CLOCK_KEPT and before is not None and before.done_when is Happening.RESOLVED
        if kept or one.start is Happening.RESOLVED or one.done_when is Happening.CONFIRMED:
            return True
    return False


def _chain(protocol: Protocol, clock: Clock) -> Iterator[Clock]:
    """What ends a stage, followed back: a clock, the one whose end starts it, and so on, to the first that waits for no
    other; a circle once round."""
    seen: set[str] = set()
    here: Clock | None = clock
    while here is not None and here.id not in seen:
        seen.add(here.id)
        yield here
        here = protocol.clocks.get(here.of)


def raising_clocks(protocol: Protocol, stage: str) -> tuple[Clock, ...]:
    """Before any stage ends: the clocks whose limit is the raising itself, for a dispute that begins at ``stage``:
    those of that stage and of the ones before it. A way of its own that leads here from nowhere has its own."""
    before = {stage}
    while more := {one.id for one in protocol.stages.values() if one.next in before} - before:
        before |= more
    found = (clock for clock in protocol.clocks.values() if clock.start is Happening.DECISION_MADE)
    return tuple(clock for clock in found if before & set(clock.stages))


def waits_for(protocol: Protocol, stage: str) -> Happening | None:
    """What the end of a stage waits for before its limit runs, that somebody must do and nobody need; None where it
    begins by itself, and at a stage without a limit."""
    clock = deciding_clock(protocol, stage)
    for one in _chain(protocol, clock) if clock is not None else ():
        if one.start is Happening.CLOCK_KEPT and one.of in protocol.clocks:
            return protocol.clocks[one.of].done_when
        if one.start not in ANOTHER:
            return None if one.start in _BY_THEMSELVES else one.start
    return None


def nothing_limits(protocol: Protocol, stage: str) -> str:
    """A stage without an end: that nothing limits it, or nothing until somebody does something, in words; "" where a
    limit runs by itself, or a cap over it does."""
    if any(stage in cap.stages for cap in protocol.caps.values()):
        return ""
    act, name = waits_for(protocol, stage), protocol.stage_name(stage)
    if act is not None:
        return f"nothing limits {name} until {_UNTIL[act]}"
    return "" if deciding_clock(protocol, stage) is not None else f"nothing limits {name}"


_UNTIL = {
    Happening.MET: "somebody writes that they met or spoke",
    Happening.REPLIED: "the receiving side has replied",
    Happening.REFERRED: "it is referred in writing",
    Happening.REPRESENTATIVE_TOLD: "the representative is told",
    Happening.FORM_COMPLETE: "the form is complete",
    Happening.FORM_SENT: "the form is sent",
    Happening.RESOLVED: "it is said to be resolved",
    Happening.CONFIRMED: "it is confirmed in writing",
    Happening.STATUS_KNOWN: "somebody writes the child's status",
    Happening.RAISED: "it is raised",
}
