"""What a message may mean by its clauses, where no phrase of it is told plainly enough: the acts that are supposed.

None of them is done because it is supposed. ``both_readers.py`` does the one that the second reader firmly hears as
well, and asks about the rest. So a clause may be wide ("happy", "up", "no further issues"), as long as nothing in the
message clouds it, denies it, or says the contrary.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailbot.core.record.dispute import State
from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.mail import lexicon
from mailbot.mail.beside.explained import if_explained, withdraws_another
from mailbot.mail.text.clauses import Clause, ClauseKind, clauses
from mailbot.mail.text.dates import find_dates, first_date
from mailbot.mail.text.labelled_lines import begins_with_label
from mailbot.mail.text.phrases import traps_in
from mailbot.mail.text.spelling_and_sentences import sentences
from mailbot.mail.understanding.commands import Command
from mailbot.mail.understanding.context import Scene
from mailbot.mail.understanding.handovers_routes_statuses import handover_told, person_told, status_told
from mailbot.mail.understanding.intents_of_commands import move_up, proposed_date, resolution
from mailbot.mail.understanding.plainness import is_receipt, undermines

MOST_SENTENCES, LONGEST = 6, 900  # a longer message tells more than one thing
_SHORT = 14  # words, of an answer that means nothing without what it answers

# What clouds a clause of each kind. What stays open, or goes higher, may be said with a "but" or by hearsay; what is
# closed may not.
_ALWAYS = frozenset({"question", "condition", "joke", "quoted", "supposition"})
_ANOTHERS = "somebody else's"
_EVERY = frozenset({"another matter", _ANOTHERS}.union(row.name for row in lexicon.rows("trap")))
_CLOUDS: Mapping[ClauseKind, frozenset[str]] = {
    ClauseKind.UP: _ALWAYS | {"history", "old", "future", "passing", "another matter", "several", "report", _ANOTHERS},
    ClauseKind.CONTRARY: _ALWAYS | {"denied twice", "history", "report", _ANOTHERS},
    ClauseKind.NOT_DONE: _ALWAYS | {"future", "promise", "belief", "but", "report"},
    ClauseKind.UNDO: _ALWAYS - {"supposition"},
    ClauseKind.SETTLED: _EVERY - {"promise"},
    ClauseKind.ASSENT: _EVERY - {"one side"},
    ClauseKind.HAPPENED: _EVERY,
    ClauseKind.WITHDRAWN: _EVERY - {"own belief", "promise"},
    ClauseKind.MET: _EVERY - {"part", "but", "report", "old", "one side"},
    ClauseKind.STATUS: _EVERY - {"one side", "old", "report"},
    ClauseKind.DECIDED: _EVERY - {"one side", "report", "promise", "but", "part", _ANOTHERS, "belief", "wish"},
    ClauseKind.HANDOVER: _ALWAYS | {"old", "history", "several"},
    ClauseKind.PERSON: _ALWAYS | {"old", "history", "report"},
    ClauseKind.REOPEN: _ALWAYS | {"old", "history", "future", "several", "report", _ANOTHERS},
    ClauseKind.DATE: _ALWAYS - {"question", "supposition"},
}
# What takes nothing from a clause that stands elsewhere: a plan, what is reported or believed, who else is pleased.
_PLANS = frozenset({"future", "promise", "passing", "wish", "report", "belief", "own belief", _ANOTHERS})
_CLOSES = frozenset({ClauseKind.SETTLED, ClauseKind.ASSENT, ClauseKind.HAPPENED})
_SAID_OF_FAMILY = lexicon.pattern("traps.said_of_family")


@dataclass(frozen=True, slots=True)
class _Told:
    """The clauses of one message, and what of them stands."""

    scene: Scene
    found: tuple[Clause, ...]

    def stands(self, kind: ClauseKind) -> bool:
        """Supposed by its clauses: is a kind of them told clearly somewhere, and elsewhere neither denied nor clouded
        by more than a plan?"""
        mine = [clause for clause in self.found if clause.kind is kind]
        plainly = self.some(kind) and not self.denies(kind)
        return plainly and all(not clause.traps & (_CLOUDS[kind] - _PLANS) for clause in mine)

    def some(self, kind: ClauseKind) -> bool:
        """Is a kind told clearly somewhere?"""
        return any(c.kind is kind and not c.denied and not c.traps & _CLOUDS[kind] for c in self.found)

    def saying(self, kinds: tuple[ClauseKind, ...]) -> str:
        """For what is supposed, the sentences in which a clause of one of these kinds stands, one below the other."""
        return "\n".join(dict.fromkeys(c.sentence for c in self.found if c.kind in kinds))

    def undermined(self, act: Act) -> bool:
        """Is a supposed act undermined: does a sentence say the contrary of an act, or that it must wait?"""
        return any(undermines(act, " ".join(piece.split()), self.scene.names) for piece in sentences(self.scene.own))

    def agrees_elsewhere(self) -> bool:
        """Does a sentence that says nothing against it agree?"""
        against = {c.sentence for c in self.found if c.kind is ClauseKind.CONTRARY}
        agreed = (c for c in self.found if c.kind in _CLOSES and not c.denied and not c.traps & _CLOUDS[c.kind])
        agreed = (c for c in agreed if not _AGREED_ONCE.search(c.sentence))
        return any(c.sentence not in against for c in agreed)

    @property
    def is_bare_answer(self) -> bool:
        """Supposed of a bare answer: is it short, in answer to what was put to its writer, with nothing in it that
        clouds, denies or tells another thing ("That'll do me", "It's as I remember it")?"""
        scene = self.scene
        if not (scene.answers_proposal or scene.answers_date) or len(scene.own.split()) > _SHORT:
            return False
        pieces = [" ".join(piece.split()) for piece in sentences(scene.own)]
        if is_receipt(scene.own) or any(traps_in(p) - {"one side"} or _DENIAL.search(p) for p in pieces):
            return False
        return all(c.kind in (*_CLOSES, ClauseKind.DECIDED, ClauseKind.DATE, ClauseKind.HANDOVER) for c in self.found)

    @property
    def is_contradicted(self) -> bool:
        """Supposed no more: does a sentence that agrees to nothing say the contrary ("The account is right. The outcome
        is wrong.")?"""
        agreeing = {c.sentence for c in self.found if c.kind in _CLOSES}
        return any(
            c.kind is ClauseKind.CONTRARY and c.sentence not in agreeing and not _DENIAL.search(c.sentence)
            for c in self.found
        )

    def denies(self, kind: ClauseKind) -> bool:
        return any(clause.kind is kind and clause.denied for clause in self.found)


def supposed(scene: Scene) -> tuple[tuple[Intent, str], ...]:
    """What is supposed of a message: one act of each kind that its clauses tell, in the state that its dispute is in,
    each with the sentences that tell it; "" where a short answer tells it in no clause that is known."""
    dispute = scene.dispute
    pieces = sentences(scene.own)
    if dispute is None or not pieces or len(pieces) > MOST_SENTENCES or len(scene.own) > LONGEST:
        return ()
    if begins_with_label(scene.own, scene.protocol) or any("joke" in traps_in(" ".join(p.split())) for p in pieces):
        return ()
    told = _Told(scene, clauses(scene.own, scene.names))
    every = _OF_THE_END if dispute.state is State.CLOSED else _OPEN
    found = ((one(told), told.saying(kinds)) for one, kinds in every)
    return tuple((intent, said) for intent, said in found if intent is not None)


def _agreed(told: _Told) -> Intent | None:
    scene, dispute = told.scene, told.scene.dispute
    kinds = [kind for kind in (ClauseKind.SETTLED, ClauseKind.ASSENT) if told.stands(kind)]
    if not kinds and told.is_bare_answer:
        kinds = [ClauseKind.ASSENT]
    if dispute is None or not kinds or told.denies(ClauseKind.SETTLED) or told.denies(ClauseKind.ASSENT):
        return None
    if any(_SAID_OF_FAMILY.match(clause.sentence) for clause in told.found) or told.is_contradicted:
        return None
    if scene.answers_proposal and scene.own.lower().strip(" .!,") in _POLITE:
        return None
    if scene.answers_proposal:
        return None if _takes_back(told, Act.CONFIRM_RESOLUTION) else _probably(told, Act.CONFIRM_RESOLUTION)
    if scene.answers_date and dispute.open_date is not None:
        if ClauseKind.ASSENT not in kinds or _takes_back(told, Act.ACCEPT_DATE) or _names_a_date(told):
            return None
        return Intent(Act.ACCEPT_DATE, Sure.PROBABLE, on=dispute.open_date.on, words=scene.own)
    if dispute.state is not State.OPEN or ClauseKind.SETTLED not in kinds:
        return None
    if _takes_back(told, Act.PROPOSE_RESOLUTION):
        return None
    return resolution(scene, scene.own, sure=Sure.PROBABLE)


# "We agreed a strategy meeting, and it is not there": what was agreed then, and no yes to what is put now.
_AGREED_ONCE = lexicon.pattern("clauses.agreed_once")


def _takes_back(told: _Told, act: Act) -> bool:
    """Supposed no more when taken back by another clause: does a sentence that does not itself agree leave open what
    the others agree on?"""
    agreeing = {clause.sentence for clause in told.found if clause.kind in _CLOSES}
    rest = (" ".join(piece.split()) for piece in sentences(told.scene.own))
    return any(undermines(act, piece, told.scene.names) for piece in rest if piece not in agreeing)


def _names_a_date(told: _Told) -> bool:
    found, dispute = first_date(told.scene.own, told.scene.today), told.scene.dispute
    waiting = dispute.open_date if dispute is not None else None
    return found is not None and waiting is not None and found.on != waiting.on


def _refused(told: _Told) -> Intent | None:
    scene = told.scene
    if (
        not told.some(ClauseKind.CONTRARY)
        or told.denies(ClauseKind.UP)
        or told.undermined(Act.OBJECT_RESOLUTION)
        or told.agrees_elsewhere()
    ):
        return None
    if scene.answers_proposal or (scene.is_raiser and scene.dispute and scene.dispute.state is State.PROPOSED):
        return _probably(told, Act.OBJECT_RESOLUTION)
    return _probably(told, Act.REFUSE_DATE) if scene.answers_date else None


def _raised(told: _Told) -> Intent | None:
    of_family = any(_SAID_OF_FAMILY.match(clause.sentence) for clause in told.found)
    in_part = any("part" in c.traps and not c.denied for c in told.found if c.kind in _CLOSES)
    if (
        in_part
        or not told.some(ClauseKind.UP)
        or told.denies(ClauseKind.UP)
        or of_family
        or told.undermined(Act.MOVE_UP)
    ):
        return None
    return move_up(told.scene, Command("ESCALATE", told.scene.own, ""), Sure.PROBABLE)


# "No, I would rather go on with it": whoever says so withdraws nothing.
_GOES_ON = lexicon.pattern("commands.goes_on")


def _withdrawn(told: _Told) -> Intent | None:
    if not told.stands(ClauseKind.WITHDRAWN) or _goes_on(told.scene.own):
        return None
    reason = " ".join(told.scene.own.split())
    return Intent(Act.WITHDRAW, Sure.PROBABLE, {"reason": reason}, words=told.scene.own)


def _goes_on(own: str) -> bool:
    return any(not _DENIED.search(own[: found.start()]) for found in _GOES_ON.finditer(own))


_POLITE = lexicon.vocabulary("polite")
_DENIED = lexicon.pattern("traps.negation")
_DENIAL = lexicon.pattern("traps.denial")


def _undone(told: _Told) -> Intent | None:
    """Supposed of WRONG: what somebody else is said to have written is theirs to take back."""
    said = (" ".join(piece.split()) for piece in sentences(told.scene.own))
    if not told.some(ClauseKind.UNDO) or any("report" in traps_in(piece) for piece in said):
        return None
    return _probably(told, Act.UNDO)


def _met(told: _Told) -> Intent | None:
    """When they met must be said: today, or a day that is past."""
    if not told.stands(ClauseKind.MET):
        return None
    said = next(c.sentence for c in told.found if c.kind is ClauseKind.MET)
    found = first_date(said, told.scene.today, ahead=False)
    if found is None and _JUST_NOW.search(said):
        return Intent(Act.MET, Sure.PROBABLE, on=told.scene.today, words=told.scene.own)
    if found is None or found.on is None or found.on > told.scene.today:
        return None
    return Intent(Act.MET, Sure.PROBABLE, on=found.on, words=told.scene.own)


_JUST_NOW = lexicon.pattern("asides.just_now")


def _status(told: _Told) -> Intent | None:
    if not told.stands(ClauseKind.STATUS):
        return None
    said = next(c.sentence for c in told.found if c.kind is ClauseKind.STATUS)
    return status_told(told.scene, said)


_UNDECIDED = lexicon.pattern("clauses.undecided")


def _decided(told: _Told) -> Intent | None:
    if not told.scene.is_partnership or not told.some(ClauseKind.DECIDED) or _UNDECIDED.search(told.scene.own):
        return None
    agreed = resolution(told.scene, told.scene.own)
    return Intent(Act.DECISION, Sure.PROBABLE, actions=agreed.actions, words=told.scene.own)


def _happened(told: _Told) -> Intent | None:
    if (
        not told.stands(ClauseKind.HAPPENED)
        or told.some(ClauseKind.NOT_DONE)
        or _takes_back(told, Act.CONFIRM_RESOLUTION)
    ):
        return None
    return _probably(told, Act.HAPPENED)


_ELSEWHERE = lexicon.pattern("endings.elsewhere")


def _not_done(told: _Told) -> Intent | None:
    if not told.stands(ClauseKind.NOT_DONE) or _ELSEWHERE.search(told.scene.own):
        return None
    return _probably(told, Act.NOT_HAPPENED)


def _reopened(told: _Told) -> Intent | None:
    if not told.stands(ClauseKind.REOPEN):
        return None
    reason = " ".join(told.scene.own.split())
    return Intent(Act.REOPEN, Sure.PROBABLE, {"reason": reason}, words=told.scene.own)


def _handed_over(told: _Told) -> Intent | None:
    return handover_told(told.scene, told.saying((ClauseKind.HANDOVER,))) if told.some(ClauseKind.HANDOVER) else None


def _added(told: _Told) -> Intent | None:
    return person_told(told.scene, told.saying((ClauseKind.PERSON,))) if told.stands(ClauseKind.PERSON) else None


def _dated(told: _Told) -> Intent | None:
    """Supposed with a date: another date than the one that is put, where one is; the one date that is asked for, where
    none is."""
    scene = told.scene
    if not told.some(ClauseKind.DATE) or scene.dispute is None or not scene.answers_date:
        return None
    waiting = scene.dispute.open_date
    found = [f for f in find_dates(scene.own, scene.today) if f.on and not f.past]
    others = {f.on for f in found if waiting is None or f.on != waiting.on}
    if len(others) != 1:
        return None
    return proposed_date(scene, next(f for f in found if f.on in others), "", Sure.PROBABLE)


def _probably(told: _Told, act: Act) -> Intent:
    return Intent(act, Sure.PROBABLE, words=told.scene.own)


_Supposing = Callable[[_Told], Intent | None]
_Asked = tuple[_Supposing, tuple[ClauseKind, ...]]
_OPEN: tuple[_Asked, ...] = (
    (_agreed, (ClauseKind.SETTLED, ClauseKind.ASSENT)),
    (_refused, (ClauseKind.CONTRARY,)),
    (_raised, (ClauseKind.UP,)),
    (_withdrawn, (ClauseKind.WITHDRAWN,)),
    (_undone, (ClauseKind.UNDO,)),
    (_met, (ClauseKind.MET,)),
    (_status, (ClauseKind.STATUS,)),
    (_decided, (ClauseKind.DECIDED,)),
    (_handed_over, (ClauseKind.HANDOVER,)),
    (_added, (ClauseKind.PERSON,)),
    (_dated, (ClauseKind.DATE,)),
)
_OF_THE_END: tuple[_Asked, ...] = (
    (_happened, (ClauseKind.HAPPENED,)),
    (_not_done, (ClauseKind.NOT_DONE,)),
    (_reopened, (ClauseKind.REOPEN,)),
    (_undone, (ClauseKind.UNDO,)),
    (_handed_over, (ClauseKind.HANDOVER,)),
)


_ASSENT = re.compile(r"\W*(?:yes|yep|ok|okay|agreed|confirmed|confirming|confirm)\b", re.I)


def as_supposed(intent: Intent, scene: Scene) -> Intent:
    """An act that was supposed, as far as it is meant. A bare assent at the top of it says no more than what follows
    lets it say: "Confirmed: he hit her.", "Agreed that this is a shambles."; and what is withdrawn may be something
    else."""
    another = intent.act is Act.WITHDRAW and withdraws_another(scene.own)
    if another or (intent.act is Act.CONFIRM_RESOLUTION and _ASSENT.match(scene.own)):
        return if_explained(intent, scene, None)
    return intent
