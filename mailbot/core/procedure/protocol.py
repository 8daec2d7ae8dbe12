"""A partnership's published procedure, one dated version of it, as values.

Nothing here knows any partnership. What differs between them is data (``config/protocols/*.toml``, read by
``mailbot.shell.protocol_files``); what the code knows are the closed lists beside this file: what can start a clock,
what can happen at a limit, who may fill a role. A protocol that needs a new *word* needs only a file; one that needs
a new *kind of thing* needs a line in ``closed_lists`` and the code that obeys it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time

from mailbot.core.procedure.closed_lists import Agreed, AtLimit, Effect, Happening, KnownWay, Length, Side, Source
from mailbot.core.procedure.working_days import CalendarRule, Counting


@dataclass(frozen=True, slots=True)
class Phone:
    name: str
    number: str
    hours: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Risk:
    """The protocol's own words for immediate risk: they open every letter, before any date."""

    line: str
    who: str = ""
    then: tuple[str, ...] = ()
    phones: tuple[Phone, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class OutOfScope:
    what: str
    say: str


@dataclass(frozen=True, slots=True)
class StandIn:
    sector: str
    title: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """Who acts. ``post`` is the word the directory uses for it ("senior manager"); ``side`` decides whose officer."""

    id: str
    side: Side
    title: str
    source: Source
    post: str = ""
    address: str = ""
    ask_at: str = ""
    ask_if: str = ""
    tiers: bool = False
    members: tuple[str, ...] = ()
    agency: str = ""  # always of this agency, whichever side it is on
    rather: str = ""  # a post that is asked before ``post``: the named professional instead of line management
    examples: tuple[str, ...] = ()
    stand_in: tuple[StandIn, ...] = ()
    monitors_only: bool = False  # it records what others decide, and decides and ends nothing itself
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Substitute:
    """Sunderland step 4: where a deciding partner is itself a party, somebody else facilitates."""

    role: str
    use: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What the procedure tells somebody to do at a stage: it stands in the letters to those in the roles ``of``."""

    of: tuple[str, ...]
    say: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Principle:
    """What the procedure asks of everybody, at every stage: it stands in the letter that says how it goes, and in the
    procedure told back in plain English."""

    say: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One rung. ``raising``, ``receiving``, ``decided_by`` … name roles; ``next`` names a stage, "" at the end."""

    id: str
    name: str
    raising: tuple[str, ...]
    receiving: tuple[str, ...]
    private_to: Side | None = None
    start_here: bool = False
    usual_start: bool = False
    begun_by: tuple[str, ...] = ()  # roles whose own concern begins here, where its email names no stage
    optional: bool = False
    skipped_by: tuple[str, ...] = ()  # roles by whose judgement it may be passed over
    referred_early: bool = False  # it may be referred here from any stage before, once that is plainly of no use
    shown_as: str = ""
    speak: str = ""
    ask_for: tuple[str, ...] = ()
    also_consult: tuple[str, ...] = ()
    record: str = ""
    decided_by: tuple[str, ...] = ()
    together: bool = False  # those who decide do so together: each must say so
    may_support: tuple[str, ...] = ()
    if_party_then: Substitute | None = None
    sent_through: str = ""
    before_leaving: str = ""
    duties: tuple[Duty, ...] = ()
    agreed_with: str = ""  # a role of the raising side: a date for this stage is agreed with them, not between agencies
    start_asks: str = ""  # asked of whoever opens a dispute at this stage (GL-05)
    final_and_binding: bool = False
    no_limit_published: bool = False  # the text sets none here: said, so that nobody takes it for forgotten
    next: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A running time inside one or more stages.

    ``start`` names what starts it (``of`` names the other clock for ``CLOCK_DONE``); ``done_when`` what finishes the
    act, nothing meaning the stage itself. ``cumulative`` is a most, in working days from the overall start.
    """

    id: str
    stages: tuple[str, ...]
    label: str
    start: Happening
    within: Length
    of: str = ""
    within_by_urgency: Mapping[str, Length] = field(default_factory=dict)
    who: tuple[str, ...] = ()
    done_when: Happening | None = None
    agreed: Agreed = Agreed.NO
    cumulative: int | None = None
    counts: bool = True
    at_limit: AtLimit = AtLimit.FLAG
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Cap:
    """A length over several stages ("Day 5"). ``then`` is the stage it points to; ``rebase`` a clock that, when it
    was missed, moves the cap's start to the raising (Wolverhampton: otherwise every later step is born overdue)."""

    id: str
    label: str
    stages: tuple[str, ...]
    start: Happening
    within: Length
    rebase: str = ""
    at_limit: AtLimit = AtLimit.FLAG
    then: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """Somebody must be told. ``stages`` empty means any; ``send`` is "summary", "counts …" or a form's id."""

    id: str
    when: Happening
    to: tuple[str, ...]
    send: str
    stages: tuple[str, ...] = ()
    or_when: Happening | None = None
    condition: str = ""
    then_to: tuple[str, ...] = ()
    note: str = ""
    why: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class FormField:
    label: str
    key: str
    kind: str = "text"
    needed: str = "optional"
    parts: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    repeat: bool = False
    fill: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    id: str
    title: str
    stages: tuple[str, ...]
    fields: tuple[FormField, ...]
    proposed: bool = False  # the published form was not seen: its fields are our proposal
    clause: str = ""


@dataclass(frozen=True, slots=True)
class RouteClock:
    id: str
    label: str
    start: Happening
    within: Length


@dataclass(frozen=True, slots=True)
class Route:
    """A way beside the stages. None of them ever stops a clock."""

    id: str
    name: str
    effect: Effect
    stages: tuple[str, ...] = ()  # empty: any stage
    when_closed: bool = False
    always: bool = False  # at any stage, and after closing too
    who: str = ""
    needs: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    or_to: str = ""
    to_one_of: tuple[str, ...] = ()
    go_to: str = ""
    sent_through: str = ""
    contact: Phone | None = None
    steps: tuple[str, ...] = ()
    expects: str = ""
    expects_within: Length | None = None
    record_learning: bool = False
    outcome: str = ""  # what its decision is called
    known_as: KnownWay | None = None  # what it is, so that it is heard in other words than its own name
    counts_as: Happening | None = None  # what its being taken is, for the notices that wait for that
    clocks: tuple[RouteClock, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    id: str
    label: str
    stages: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    given_by: tuple[str, ...] = ()  # roles that may give it alone, by its name; the raiser may always object
    written: str = ""  # its name in the file, where ``id`` is what it is known as

    @property
    def name_in_file(self) -> str:
        return self.written or self.id


@dataclass(frozen=True, slots=True)
class DigestRule:
    to: tuple[str, ...]
    day: int = 0  # date.weekday()
    time: time = time(8)
    stand_in: tuple[str, ...] = ()  # who stands in for the office: hears of danger with it, and may do what it may
    meeting_report_to: tuple[str, ...] = ()
    silent_agencies: bool = False
    heartbeat: bool = True  # a word on other working days on which a limit falls, mail waits, or something is wrong


@dataclass(frozen=True, slots=True)
class Silence:
    """Who may move a dispute on when the time of a stage has passed and whoever it is with is silent: roles of the
    file, "raising side", "office". ``remind``: the ladder of reminders, a rung each working morning after the limit;
    after the last there is the office's digest, and no more letters."""

    may_move_on: tuple[str, ...] = ("raising side", "office")
    remind: tuple[str, ...] = ("whoever is asked", "both sides", "their managers")
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """Where the rules come from, and from when they hold."""

    title: str
    in_force: date
    url: str = ""
    read_on: date | None = None


@dataclass(frozen=True, slots=True)
class Protocol:
    """One dated version. ``version`` is its in-force date in ISO form; a dispute keeps the one it was opened under."""

    id: str
    version: str
    name: str
    partnership: str
    short: str
    subject: str
    stage_word: str
    formal_from: str
    mailbox: str
    prefix: str
    tags: tuple[str, ...]
    calendar: CalendarRule
    counting: Counting
    in_scope: str
    out_of_scope: tuple[OutOfScope, ...]
    risk: Risk
    roles: Mapping[str, Role]
    stages: Mapping[str, Stage]
    clocks: Mapping[str, Clock]
    caps: Mapping[str, Cap]
    notices: Mapping[str, NoticeRule]
    forms: Mapping[str, Form]
    routes: Mapping[str, Route]
    outcomes: Mapping[str, OutcomeRule]
    categories: tuple[str, ...]
    digest: DigestRule
    published: Published
    child_shown_as: str = "initials"
    silence: Silence = Silence()
    principles: tuple[Principle, ...] = ()
    clauses: Mapping[str, str] = field(default_factory=dict)  # by the name of a file's table: "calendar", "outcome.x"
    left_out: frozenset[str] = frozenset()  # keys that the file does not have: what holds then is mailbot's own
    as_in: Mapping[str, str] = field(default_factory=dict)  # tables that are another file's, by the name of it

    @property
    def office(self) -> tuple[str, ...]:
        """The protocol's roles that are the partnership's own office, whatever the file calls them: whoever has the
        digest."""
        return self.digest.to

    @property
    def office_addresses(self) -> frozenset[str]:
        named = (self.roles[name] for name in (*self.office, *self.digest.stand_in) if name in self.roles)
        return frozenset(role.address.lower() for role in named if role.address)

    def order(self) -> tuple[str, ...]:
        """The protocol's order of stages, by id, from the first to the last, as written in the file."""
        return tuple(self.stages)

    def leads(self, start: str, to: str) -> bool:
        """Does the protocol lead from one stage to another, each followed by its ``next``? Every stage leads to
        itself."""
        here, seen = start, set[str]()
        while here in self.stages and here not in seen:
            if here == to:
                return True
            seen.add(here)
            here = self.stages[here].next
        return False

    def equivalents(self, role: str) -> tuple[str, ...]:
        """The roles that the protocol has in the same place on the other side, at any stage: the manager's equivalent
        in the other agency. None for a role of neither side, or one that each agency has."""
        found = [
            theirs[mine.index(role)]
            for stage in self.stages.values()
            for mine, theirs in ((stage.raising, stage.receiving), (stage.receiving, stage.raising))
            if role in mine and len(mine) == len(theirs)
        ]
        return tuple(dict.fromkeys(name for name in found if name != role))

    def stage_name(self, stage: str) -> str:
        """A stage as the protocol calls it, the partnership's own word with the number it
        shows: "Stage 2", "Step 2b"."""
        found = self.stages.get(stage)
        return f"{self.stage_word} {(found.shown_as if found else '') or stage}"

    @property
    def look_back(self) -> Route | None:
        """The protocol's route that offers those involved to look back on it together, once it is closed."""
        offered = (r for r in self.routes.values() if r.effect is Effect.OFFER and r.when_closed)
        return next(offered, None)

    @property
    def final_word(self) -> Route | None:
        """The protocol's route by which somebody outside the stages decides, finally for everybody."""
        return next((r for r in self.routes.values() if r.effect is Effect.FINAL), None)

    def clocks_of(self, stage: str) -> tuple[Clock, ...]:
        return tuple(clock for clock in self.clocks.values() if stage in clock.stages)

    def lengths(self) -> Iterator[Length]:
        """Every length that the protocol sets: of its clocks, its caps and its routes' clocks."""
        for clock in self.clocks.values():
            yield clock.within
            yield from clock.within_by_urgency.values()
        yield from (cap.within for cap in self.caps.values())
        yield from (clock.within for route in self.routes.values() for clock in route.clocks)

    def usual_start(self) -> str:
        """Where a dispute begins when its email names no stage."""
        chosen = [s.id for s in self.stages.values() if s.usual_start] or [
            s.id for s in self.stages.values() if s.start_here
        ]
        return (chosen or list(self.stages))[0]
