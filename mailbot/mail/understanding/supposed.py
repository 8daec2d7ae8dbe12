"""What a message may mean by its clauses, where no phrase of it is told plainly enough: the acts that are supposed.

None of them is done because it is supposed. ``both_readers.py`` does the one that the second reader firmly hears as
well, and asks about the rest. So a clause may be wide ("happy", "up", "no further issues"), as long as nothing in the
message clouds it, denies it, or says the contrary.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.dispute import State
from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.mail import lexicon
from mailbot.mail.text.clauses import Clause, ClauseKind, clauses
from mailbot.mail.text.dates import find_dates, first_date
from mailbot.mail.text.labelled_lines import begins_with_label
from mailbot.mail.text.phrases import is_of_another, traps_in
from mailbot.mail.text.spelling_and_sentences import plain, sentences
from mailbot.mail.understanding.after_closing import done_told
from mailbot.mail.understanding.commands import Command
from mailbot.mail.understanding.context import Scene
from mailbot.mail.understanding.handovers_routes_statuses import (
    conference_asked,
    handover_told,
    person_told,
    somebody_taken_off,
    status_told,
)
from mailbot.mail.understanding.intents_of_commands import decides_another, move_up, proposed_date, resolution
from mailbot.mail.understanding.plainness import is_receipt, undermines

MOST_SENTENCES, LONGEST = 12, 1400  # a longer message tells more than one thing
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
    ClauseKind.REMOVAL: _ALWAYS | {"history"},
    ClauseKind.CORRECTION: _ALWAYS - {"supposition"},
    ClauseKind.UNAVAILABLE: _ALWAYS | {"report", "history", _ANOTHERS},
    ClauseKind.OPINION: frozenset({"joke", "quoted", "old", "history", "future", "condition"}),
    ClauseKind.CONFERENCE: _ALWAYS | {"future", "old", "history", _ANOTHERS},
    ClauseKind.NEEDED: _ALWAYS - {"supposition"},
}
# What takes nothing from a clause that stands elsewhere: a plan, what is reported or believed, who else is pleased.
_PLANS = frozenset({"future", "promise", "passing", "wish", "report", "belief", "own belief", _ANOTHERS})
_HEDGES = frozenset({"question", "condition", "joke", "quoted", "supposition", "but"})
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
    def is_settled_at_last(self) -> bool:
        """Is the last thing that is told of how it ended a plain sentence that it is settled, whatever was said on the
        way to it, as long as that asks, doubts and puts no condition?"""
        ends = [c for c in self.found if c.kind in (ClauseKind.SETTLED, ClauseKind.CONTRARY, ClauseKind.UP)]
        last = [c for c in ends if c.sentence == ends[-1].sentence] if ends else []
        plainly = any(c.kind is ClauseKind.SETTLED and not c.denied and not c.traps & _CLOUDS[c.kind] for c in last)
        hedged = any(traps_in(" ".join(piece.split())) & _HEDGES for piece in sentences(self.scene.own))
        return plainly and not hedged and all(c.kind is ClauseKind.SETTLED for c in last)

    @property
    def settles(self) -> bool:
        """Does a sentence that says nothing against it tell that something is settled?"""
        against = {c.sentence for c in self.found if c.kind in (ClauseKind.CONTRARY, ClauseKind.UP)}
        settled = (c for c in self.found if c.kind is ClauseKind.SETTLED and not c.denied and "but" not in c.traps)
        return any(c.sentence not in against and not _AGREED_ONCE.search(c.sentence) for c in settled)

    @property
    def is_bare_answer(self) -> bool:
        """Supposed of a bare answer: is it short, in answer to what was put to its writer, with nothing in it that
        clouds, denies or tells another thing ("That'll do me", "It's as I remember it")?"""
        scene = self.scene
        if not (scene.answers_proposal or scene.answers_date) or len(scene.own.split()) > _SHORT:
            return False
        pieces = [" ".join(piece.split()) for piece in sentences(scene.own)]
        if is_receipt(scene.own) or any(
            _ABOUT.search(p) or traps_in(p) - {"one side"} or _DENIAL.search(p) for p in pieces
        ):
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


@dataclass(frozen=True, slots=True)
class Supposition:
    """An act that is supposed, with the sentences that tell it; ``bare`` where no clause that is known tells it."""

    intent: Intent
    said: str
    bare: bool = False


def supposed(scene: Scene) -> tuple[Supposition, ...]:
    """What the message may mean: one act of each kind that its clauses tell, in the state that its dispute is in; and
    of each sentence in which nothing speaks against it, what may be said in that state in any words."""
    dispute = scene.dispute
    pieces = sentences(scene.own)
    if dispute is None or not pieces or len(pieces) > MOST_SENTENCES or len(scene.own) > LONGEST:
        return ()
    if begins_with_label(scene.own, scene.protocol) or any("joke" in traps_in(" ".join(p.split())) for p in pieces):
        return ()
    told = _Told(scene, clauses(scene.own, scene.names))
    every = _OF_THE_END if dispute.state is State.CLOSED else _OPEN
    found = ((one(told), told.saying(kinds)) for one, kinds in every)
    known = [Supposition(intent, said or scene.own, not said) for intent, said in found if intent is not None]
    return (*known, *_in_any_words(told, {one.intent.act for one in known}))


def _in_any_words(told: _Told, known: set[Act]) -> Iterator[Supposition]:
    """What may be supposed in any words, by the state of the dispute, of a sentence that neither asks, doubts, reports
    nor looks ahead, and that no clause gives another meaning."""
    scene, taken = told.scene, {clause.sentence for clause in told.found if not clause.denied}
    for piece in sentences(scene.own):
        said = " ".join(piece.split())
        traps = traps_in(said) - {"one side", "shouted"}
        if traps and traps <= _ASKING and _ASKS_FOR_A_DAY.search(said):
            if Act.PROPOSE_DATE not in known and (intent := _one_day(told, said)) is not None:
                yield Supposition(intent, said, bare=True)
            continue
        if traps or is_of_another(said) or _SAID_OF_FAMILY.match(said) or _ABOUT.search(said):
            continue
        denies = _DENIAL.search(said) is not None
        open_to = _open_to(scene, denies) - known
        if _SPOKEN_OF.match(said):
            open_to -= _FOR_ONESELF
        for act in sorted(open_to):
            if (intent := _meaning(act, told, said)) is not None and (said not in taken or act in _REFUSALS):
                yield Supposition(intent, said, bare=True)


_REFUSALS = frozenset({Act.OBJECT_RESOLUTION, Act.REFUSE_DATE, Act.MOVE_UP})
_FOR_ONESELF = frozenset(
    {Act.OBJECT_RESOLUTION, Act.CONFIRM_RESOLUTION, Act.MOVE_UP, Act.REFER, Act.ACCEPT_DATE, Act.REFUSE_DATE}
)
_SPOKEN_OF = lexicon.pattern("clauses.spoken_of", cased=True)
_ABOUT = lexicon.pattern("clauses.about_the_word")
_ASKS_FOR_A_DAY = lexicon.pattern("clauses.asks_for_a_day")
_ASKING = frozenset({"question", "future", "but"})


def _open_to(scene: Scene, denies: bool) -> frozenset[Act]:
    """The acts that may be supposed here in any words; of a sentence with a denial in it only those that refuse."""
    acts: set[Act]
    if scene.dispute is not None and scene.dispute.state is State.CLOSED:
        ended = set() if denies else {Act.HAPPENED, Act.ACTION_DONE, Act.HANDOVER}
        return frozenset(ended | {Act.CHILD_STATUS, Act.CORRECT})
    if scene.answers_proposal:
        acts = {Act.OBJECT_RESOLUTION} if denies else {Act.CONFIRM_RESOLUTION, Act.OBJECT_RESOLUTION}
    elif scene.answers_date:
        acts = {Act.REFUSE_DATE} if denies else {Act.ACCEPT_DATE, Act.REFUSE_DATE}
    else:
        stands = scene.dispute is not None and scene.dispute.state is State.OPEN
        acts = {Act.MOVE_UP, Act.PROPOSE_RESOLUTION, Act.MET} if stands and not denies else {Act.MET}
    return frozenset(acts | {Act.CHILD_STATUS, Act.CORRECT, *(set() if denies else _ASKED_FOR)})


_ASKED_FOR = frozenset({Act.UNDO, Act.PROPOSE_DATE, Act.HANDOVER, Act.ADD_PERSON})


def _meaning(act: Act, told: _Told, said: str) -> Intent | None:
    """The act as it is supposed, with what it needs; None where that is wanting."""
    scene, dispute = told.scene, told.scene.dispute
    if act is Act.MOVE_UP:
        if told.denies(ClauseKind.UP) or told.undermined(act) or told.settles:
            return None
        return move_up(scene, Command("ESCALATE", scene.own, ""), Sure.PROBABLE)
    if act is Act.ACCEPT_DATE:
        if _names_a_date(told) or told.is_contradicted or dispute is None or dispute.open_date is None:
            return None
        return Intent(act, Sure.PROBABLE, on=dispute.open_date.on, words=scene.own)
    if act is Act.CONFIRM_RESOLUTION and (told.is_contradicted or _takes_back(told, act) or is_receipt(scene.own)):
        return None
    if act is Act.UNDO:
        return _probably(told, act) if _OWN_REPLY.search(said) else None
    if act in _IN_ONE_SENTENCE:
        return _IN_ONE_SENTENCE[act](told, said)
    return _probably(told, act)


def _agreed(told: _Told) -> Intent | None:
    scene, dispute = told.scene, told.scene.dispute
    kinds = [kind for kind in (ClauseKind.SETTLED, ClauseKind.ASSENT) if told.stands(kind)]
    if not kinds and told.is_settled_at_last:
        kinds = [ClauseKind.SETTLED]
    if not kinds and told.is_bare_answer:
        kinds = [ClauseKind.ASSENT]
    if dispute is None or not kinds or told.denies(ClauseKind.SETTLED) or told.denies(ClauseKind.ASSENT):
        return None
    if any(_SAID_OF_FAMILY.match(clause.sentence) for clause in told.found) or told.is_contradicted:
        return None
    if scene.answers_proposal and (scene.own.lower().strip(" .!,") in _POLITE or _THANKS.match(scene.own)):
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


def _cannot_that_day(told: _Told) -> Intent | None:
    """Whoever is asked for a day and is in court on it has refused it, unless they name another."""
    if not told.scene.answers_date or not told.some(ClauseKind.UNAVAILABLE) or _names_a_date(told):
        return None
    if told.some(ClauseKind.CONTRARY) or told.agrees_elsewhere():
        return None
    return _probably(told, Act.REFUSE_DATE)


def _raised(told: _Told) -> Intent | None:
    of_family = any(_SAID_OF_FAMILY.match(clause.sentence) for clause in told.found)
    in_part = any("part" in c.traps and not c.denied for c in told.found if c.kind in _CLOSES)
    if (
        in_part
        or told.settles
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
_THANKS = re.compile(r"\W*(?:many )?(?:thanks|thank you|ta|cheers) for \w+ing[\w ]{0,20}\W*$", re.IGNORECASE)
_DENIED = lexicon.pattern("traps.negation")
_DENIAL = lexicon.pattern("traps.denial")


def _undone(told: _Told) -> Intent | None:
    """By clauses of WRONG: what somebody else is said to have written is theirs to take back."""
    said = [" ".join(piece.split()) for piece in sentences(told.scene.own)]
    reported = any("report" in traps_in(piece) for piece in said) and not _OWN_REPLY.search(told.scene.own)
    if not told.some(ClauseKind.UNDO) or reported or _corrected(told) is not None:
        return None
    return _probably(told, Act.UNDO)


def _met(told: _Told) -> Intent | None:
    """When they met is said: a day that is past, or none, and then it is today ("We have met")."""
    if not told.stands(ClauseKind.MET) or _WITH_FAMILY.search(told.saying((ClauseKind.MET,))):
        return None
    said = next(c.sentence for c in told.found if c.kind is ClauseKind.MET)
    found = first_date(said, told.scene.today, ahead=False)
    if found is None or found.on is None or found.on > told.scene.today:
        just_now = _JUST_NOW.search(said) is not None or (found is None and _HAVE_MET.search(said) is not None)
        return Intent(Act.MET, Sure.PROBABLE, on=told.scene.today, words=told.scene.own) if just_now else None
    return Intent(Act.MET, Sure.PROBABLE, on=found.on, words=told.scene.own)


_WITH_FAMILY = lexicon.pattern("clauses.met_family")
_HAVE_MET = lexicon.pattern("clauses.have_met")
_JUST_NOW = lexicon.pattern("asides.just_now")


def _status(told: _Told) -> Intent | None:
    if not told.stands(ClauseKind.STATUS) or told.some(ClauseKind.CONFERENCE):
        return None
    said = next(c.sentence for c in told.found if c.kind is ClauseKind.STATUS)
    return status_told(told.scene, said)


_UNDECIDED = lexicon.pattern("clauses.undecided")


def _decided(told: _Told) -> Intent | None:
    if not told.scene.is_partnership or not told.some(ClauseKind.DECIDED) or _UNDECIDED.search(told.scene.own):
        return None
    if decides_another(told.scene.own):
        return None
    agreed = resolution(told.scene, told.scene.own)
    return Intent(Act.DECISION, Sure.PROBABLE, actions=agreed.actions, words=told.scene.own)


def _is_of_one_action(told: _Told) -> bool:
    """Is one action told as done, or something by somebody of whom no more is asked than that?"""
    return _action_done(told) is not None or told.scene.side is Side.RECEIVING


def _happened(told: _Told) -> Intent | None:
    if (
        not told.stands(ClauseKind.HAPPENED)
        or (_is_of_one_action(told) and not _EVERYTHING.search(told.scene.own))
        or told.some(ClauseKind.NOT_DONE)
        or _takes_back(told, Act.CONFIRM_RESOLUTION)
    ):
        return None
    return _probably(told, Act.HAPPENED)


_EVERYTHING = lexicon.pattern("endings.whole")
_AGAIN = lexicon.pattern("clauses.again")
_ELSEWHERE = lexicon.pattern("endings.elsewhere")


def _not_done(told: _Told) -> Intent | None:
    if not told.stands(ClauseKind.NOT_DONE) or _ELSEWHERE.search(told.scene.own) or _AGAIN.search(told.scene.own):
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
    if not told.stands(ClauseKind.PERSON) or told.some(ClauseKind.REMOVAL):
        return None
    return person_told(told.scene, told.saying((ClauseKind.PERSON,)))


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


def _proposed(told: _Told) -> Intent | None:
    """The one coming day that is put forward for a meeting, where no date is waiting to be answered."""
    scene = told.scene
    if scene.answers_date or not told.some(ClauseKind.DATE) or _needed(told) is not None:
        return None
    said = told.saying((ClauseKind.DATE,))
    found = {f.on: f for f in find_dates(said, scene.today) if f.on and not f.past}
    if len(found) != 1 or any(word in f" {plain(said)} " for word in _FOR_THEMSELVES):
        return None
    return proposed_date(scene, next(iter(found.values())), "", Sure.PROBABLE)


_FOR_THEMSELVES = lexicon.vocabulary("not_a_meeting")


def _needed(told: _Told) -> Intent | None:
    """The one coming day before which the child needs it, with the sentences that say why."""
    scene = told.scene
    found = {f.on: f for f in find_dates(scene.own, scene.today) if f.on and not f.past}
    if len(found) != 1 or not told.some(ClauseKind.NEEDED) or told.some(ClauseKind.CONTRARY):
        return None
    fields = {"reason": " ".join(scene.own.split())}
    flags = ("protective date taken from the text: ask to confirm",)
    return Intent(Act.PROTECTIVE_DATE, Sure.PROBABLE, fields, on=next(iter(found)), words=scene.own, flags=flags)


def _removed(told: _Told) -> Intent | None:
    if not told.some(ClauseKind.REMOVAL) or told.some(ClauseKind.HANDOVER):
        return None
    return somebody_taken_off(told.scene, told.saying((ClauseKind.REMOVAL,)))


def _corrected(told: _Told) -> Intent | None:
    """A fact of the record that its writer puts right in their own words, which are kept beside it as theirs."""
    own = told.scene.own
    if told.scene.answers_proposal and not _OF_THE_RECORD.search(own):
        return None  # what is wrong with what was put to them is their answer to it
    if not told.some(ClauseKind.CORRECTION) or _OWN_REPLY.search(own) or not _FACT.search(own):
        return None
    fields = {"correction": " ".join(told.scene.own.split())}
    return Intent(Act.CORRECT, Sure.PROBABLE, fields, words=told.scene.own)


def _one_day(told: _Told, said: str) -> Intent | None:
    """The one coming day that a sentence names, and that nobody waits for an answer to."""
    scene, waiting = told.scene, told.scene.dispute.open_date if told.scene.dispute else None
    found = {f.on: f for f in find_dates(said, scene.today) if f.on and not f.past}
    if len(found) != 1 or (waiting is not None and waiting.on in found):
        return None
    if any(word in f" {plain(said)} " for word in _FOR_THEMSELVES):
        return None
    return proposed_date(scene, next(iter(found.values())), "", Sure.PROBABLE)


def _just_met(told: _Told, said: str) -> Intent | None:
    met = _HAVE_MET.search(said) is not None and _WITH_FAMILY.search(said) is None
    return Intent(Act.MET, Sure.PROBABLE, on=told.scene.today, words=told.scene.own) if met else None


def _settled_in_any_words(told: _Told, said: str) -> Intent | None:
    against = any(c.kind in (ClauseKind.CONTRARY, ClauseKind.UP) for c in told.found)
    if against or told.is_contradicted or _takes_back(told, Act.PROPOSE_RESOLUTION):
        return None
    return resolution(told.scene, told.scene.own, sure=Sure.PROBABLE)


def _put_right(told: _Told, said: str) -> Intent | None:
    fact = _OF_THE_RECORD if told.scene.answers_proposal else _FACT
    if _OWN_REPLY.search(told.scene.own) or not fact.search(said):
        return None
    return Intent(Act.CORRECT, Sure.PROBABLE, {"correction": " ".join(told.scene.own.split())}, words=told.scene.own)


_IN_ONE_SENTENCE: Mapping[Act, Callable[[_Told, str], Intent | None]] = {
    Act.PROPOSE_DATE: _one_day,
    Act.CORRECT: _put_right,
    Act.MET: _just_met,
    Act.PROPOSE_RESOLUTION: _settled_in_any_words,
    Act.CHILD_STATUS: lambda told, said: None if told.some(ClauseKind.CONFERENCE) else status_told(told.scene, said),
    Act.HANDOVER: lambda told, said: handover_told(told.scene, said),
    Act.ADD_PERSON: lambda told, said: person_told(told.scene, said),
    Act.ACTION_DONE: lambda told, said: done_told(told.scene, said),
}


_OWN_REPLY = lexicon.pattern("clauses.own_reply")
_FACT = lexicon.pattern("clauses.fact")
_OF_THE_RECORD = lexicon.pattern("clauses.of_the_record")


def _opinion(told: _Told) -> Intent | None:
    """What somebody thinks of the procedure and its letters."""
    if not told.some(ClauseKind.OPINION):
        return None
    return Intent(Act.FEEDBACK, Sure.PROBABLE, {"idea": " ".join(told.scene.own.split())}, words=told.scene.own)


def _conference(told: _Told) -> Intent | None:
    if not told.stands(ClauseKind.CONFERENCE):
        return None
    return next((one for one in conference_asked(told.scene) if one.act is Act.CONFERENCE_REQUEST), None)


def _action_done(told: _Told) -> Intent | None:
    """One of the actions that were agreed, told as done by anybody."""
    if not told.stands(ClauseKind.HAPPENED) or told.some(ClauseKind.NOT_DONE):
        return None
    return done_told(told.scene, told.saying((ClauseKind.HAPPENED,)))


def _probably(told: _Told, act: Act) -> Intent:
    return Intent(act, Sure.PROBABLE, words=told.scene.own)


_Supposing = Callable[[_Told], Intent | None]
_Asked = tuple[_Supposing, tuple[ClauseKind, ...]]
_OPEN: tuple[_Asked, ...] = (
    (_agreed, (ClauseKind.SETTLED, ClauseKind.ASSENT)),
    (_refused, (ClauseKind.CONTRARY,)),
    (_cannot_that_day, (ClauseKind.UNAVAILABLE,)),
    (_raised, (ClauseKind.UP,)),
    (_withdrawn, (ClauseKind.WITHDRAWN,)),
    (_undone, (ClauseKind.UNDO,)),
    (_met, (ClauseKind.MET,)),
    (_status, (ClauseKind.STATUS,)),
    (_decided, (ClauseKind.DECIDED,)),
    (_handed_over, (ClauseKind.HANDOVER,)),
    (_added, (ClauseKind.PERSON,)),
    (_dated, (ClauseKind.DATE,)),
    (_proposed, (ClauseKind.DATE,)),
    (_needed, (ClauseKind.NEEDED,)),
    (_removed, (ClauseKind.REMOVAL,)),
    (_corrected, (ClauseKind.CORRECTION,)),
    (_opinion, (ClauseKind.OPINION,)),
    (_conference, (ClauseKind.CONFERENCE,)),
)
_OF_THE_END: tuple[_Asked, ...] = (
    (_happened, (ClauseKind.HAPPENED,)),
    (_not_done, (ClauseKind.NOT_DONE,)),
    (_reopened, (ClauseKind.REOPEN,)),
    (_undone, (ClauseKind.UNDO,)),
    (_handed_over, (ClauseKind.HANDOVER,)),
    (_action_done, (ClauseKind.HAPPENED,)),
    (_removed, (ClauseKind.REMOVAL,)),
    (_corrected, (ClauseKind.CORRECTION,)),
    (_opinion, (ClauseKind.OPINION,)),
    (_status, (ClauseKind.STATUS,)),
)
