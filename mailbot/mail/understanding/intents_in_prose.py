"""Intents in prose: from ordinary sentences to intents, inside a known dispute. One clear phrase with no
rival acts, the rest asks.

Readings are tried from the most particular to the least. Each looks at what was heard and gives its intent, or None
to let the next one look. What a message says beside its main matter (a handover, a change of the child's status, a
side route) is read separately and comes along.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.dispute import State
from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.mail import lexicon
from mailbot.mail.letters.whose_turn import short_title
from mailbot.mail.lexicon import Sense
from mailbot.mail.text.child_issue_and_impact import children_beside
from mailbot.mail.text.dates import FoundDate, find_dates, first_date
from mailbot.mail.text.labelled_lines import begins_with_label
from mailbot.mail.text.phrases import Heard, hear
from mailbot.mail.text.spelling_and_sentences import sentences
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.commands import Command
from mailbot.mail.understanding.context import Scene, brought
from mailbot.mail.understanding.handovers_routes_statuses import beside, meeting_ahead
from mailbot.mail.understanding.intents_of_commands import (
    decides_another,
    move_up,
    proposed_date,
    referral,
    resolution,
)
from mailbot.mail.understanding.managers_and_officers import (
    TO_THE_NEXT_TIER,
    managers_named,
    next_tier,
    officers_named,
)
from mailbot.mail.understanding.questions import ASKED_WHETHER_DONE, SAYS_ALL_IS_DONE, ask


@dataclass(frozen=True, slots=True)
class Listening:
    """What was heard, and where."""

    scene: Scene
    heard: tuple[Heard, ...]

    def clear(self, *senses: Sense) -> tuple[Heard, ...]:
        return tuple(h for h in self.heard if h.sense in senses and h.is_clear)

    def clouded(self, *senses: Sense) -> tuple[Heard, ...]:
        return tuple(h for h in self.heard if h.sense in senses and not h.is_clear)

    def any(self, *senses: Sense) -> bool:
        return any(h.sense in senses for h in self.heard)

    @property
    def words(self) -> str:
        return self.scene.own


def understand(scene: Scene) -> tuple[Intent, ...]:
    """The intents in a message's prose, what plain sentences ask; never empty."""
    copied = scene.dispute is not None and begins_with_label(scene.own, scene.protocol)
    listening = Listening(scene, () if copied else hear(scene.own, scene.names))
    closed = scene.dispute is not None and scene.dispute.state is State.CLOSED
    main = next((i for reading in (_CLOSED if closed else _OPEN) if (i := reading(listening))), None)
    more = beside(scene, listening.heard)
    if main is not None and main.act is Act.OBJECT_RESOLUTION:  # "We do not agree. Please escalate to stage 3."
        up = _up(listening)
        if up is not None and up.act is not Act.HOLD:
            main, more = (up, more) if scene.moves_it_up else (main, (*more, up))
    if main is not None and TO_THE_NEXT_TIER in main.flags:
        return (main,)
    if main is not None and main.act is Act.HOLD and more and all(i.act is not Act.HOLD for i in more):
        return more if not listening.any(Sense.SETTLED, Sense.UP, Sense.UNSETTLED) else (main, *more)
    unsaid = main is None or main.act is Act.HOLD
    spoken = more or closed or listening.any(Sense.SETTLED, Sense.UP, Sense.UNSETTLED)
    if unsaid and not spoken and (ahead := meeting_ahead(scene)) is not None:
        return (ahead,)
    if main is None:
        note = _note(listening)
        only_forms = all(i.act is Act.FORM for i in more)
        return (note, *more) if not more or (only_forms and (note.fields or note.people)) else more
    return (main, *(i for i in more if i.act is not Act.HOLD))


def _note(li: Listening) -> Intent:
    """The intent of prose that asks for nothing: a note, with whatever labelled lines and dates it brings."""
    found = brought(li.scene, li.words)
    managers = managers_named(li.scene, li.words, _agencies(li.scene)).people
    people = {**managers, **officers_named(li.scene, li.words), **found.people}
    child = li.scene.dispute.child if li.scene.dispute is not None and li.scene.side is Side.RAISING else ""
    fields = {**found.fields, "children_spoken_of": "; ".join(children_beside(child, "", li.words))}
    fields = {key: value for key, value in fields.items() if value}
    return Intent(Act.NOTE, fields=fields, people=people, words=li.words, flags=found.flags)


def _agencies(scene: Scene) -> dict[Side, str]:
    """The agency of each side as prose may mean them: the writer's own, and the other where there is one alone."""
    dispute, side = scene.dispute, scene.side
    if dispute is None or side not in (Side.RAISING, Side.RECEIVING):
        return {Side.RAISING: scene.agency}
    found = {one: (*dispute.agencies(one), "")[0] for one in (Side.RAISING, Side.RECEIVING)}
    return {**found, side: scene.agency}


def _withdrawn(li: Listening) -> Intent | None:
    clear = li.clear(Sense.WITHDRAWN)
    if clear and not li.any(Sense.UP, Sense.UNSETTLED):
        return Intent(Act.WITHDRAW, Sure.PROBABLE, {"reason": " ".join(li.words.split())}, words=li.words)
    return ask(asking.WITHDRAW_OR_NOT, li.words) if li.any(Sense.WITHDRAWN) else None


def _undo(li: Listening) -> Intent | None:
    return Intent(Act.UNDO, Sure.PROBABLE, words=li.words) if li.clear(Sense.UNDO) else None


def _exceptional(li: Listening) -> Intent | None:
    """The intent in prose that brings it to whoever decides outside the stages, in exceptional circumstances."""
    route = li.scene.protocol.final_word
    if route is None or not li.clear(Sense.EXCEPTIONAL):
        return None
    fields = {"route": route.id, "written_on": li.scene.today.isoformat()}
    return Intent(Act.REFER, fields=fields, words=li.words)


def _next_tier(li: Listening) -> Intent | None:
    """The intent in prose that takes it to the next tier of the writer's own management, before it goes to the
    partnership (GL-15)."""
    tier = None if li.any(Sense.SETTLED, Sense.WITHDRAWN) else next_tier(li.scene, li.words)
    if tier is None:
        return None
    role, person = tier
    title = short_title(li.scene.protocol.roles[role])
    question = asking.NEXT_TIER.format(who=person.name, as_it_is=f"{person.name}, {person.address} as {title}")
    return ask(question, li.words, TO_THE_NEXT_TIER)


_ASKED_ON = re.compile(
    r"\W*(?:(?:so|and|then|now)[ ,]+)?(?:please )?(?:(?:can|could) you )?(?:now )?(?:refer|send|escalate|move|take) "
    r"(?:it|this|the matter)(?: on| up| now| to (?:the )?(?:[a-z]{4}|panel|partnership|stage \w+))*(?:,? please)?\W*",
    re.I,
)
_NOT_ALL = re.compile(r"\b(?:not (?:all|every|everything|everybody|quite|yet)|some of (?:it|that|them))\b", re.I)
_ALL_DONE = lexicon.pattern("told.all_done")


def _goes_on(li: Listening) -> Intent | None:
    """Prose of somebody who was asked whether all is done that must be before it goes on: they say that it is, and ask
    for it in as many sentences; else they are asked for the one word."""
    wanted = li.any(Sense.REFER, Sense.UP, Sense.ASSENT)
    unmet = _NOT_ALL.search(li.words) is not None
    if not li.scene.confirms_going or (li.any(Sense.SETTLED, Sense.UNSETTLED) and not unmet):
        return None
    pieces = [" ".join(piece.split()) for piece in sentences(li.words)]
    asks = [one for one in pieces if _ASKED_ON.fullmatch(one)]
    if asks and len(asks) < len(pieces) and all(_ALL_DONE.fullmatch(one) for one in pieces if one not in asks):
        return Intent(Act.REFER, words=li.words, flags=(SAYS_ALL_IS_DONE,))
    question = ask(asking.GOES_ON.format(up="REFER"), li.words, ASKED_WHETHER_DONE)
    return question if wanted or unmet else None


def _decided(li: Listening) -> Intent | None:
    if li.scene.answers_decision and li.any(Sense.ASSENT, Sense.CONTRARY, Sense.UNSETTLED):
        return ask(asking.YOUR_DECISION_TOO, li.words)
    if not li.scene.is_partnership or not li.any(Sense.DECISION):
        return None
    if not li.clear(Sense.DECISION) or decides_another(li.words):
        return ask(asking.DECISION_OR_NOT, li.words)
    said = re.sub(r"(?s)^.*?\b(?:decided|determined|directed|decision is)(?: that| to)?\b\s*", "", li.words, count=1)
    return Intent(Act.DECISION, Sure.PROBABLE, actions=resolution(li.scene, said).actions, words=li.words)


def _answer_to_proposal(li: Listening) -> Intent | None:
    """The intent of prose that answers a proposed resolution of the other side: agreeing confirms, disagreeing objects,
    both or doubtful asks."""
    scene = li.scene
    if not (scene.answers_proposal or (scene.is_raiser and scene.dispute and scene.dispute.state is State.PROPOSED)):
        return None
    against = li.clear(Sense.UNSETTLED, Sense.CONTRARY)
    agrees = li.clear(Sense.SETTLED, Sense.ASSENT)
    if against:
        object_ = Intent(Act.OBJECT_RESOLUTION, words=li.words)
        plainly = {h.sentence for h in against} & {h.sentence for h in agrees}
        return object_ if not agrees or plainly else ask(asking.CONFIRM_OR_NOT, li.words)
    if li.clouded(Sense.SETTLED, Sense.UNSETTLED, Sense.CONTRARY, Sense.ASSENT) or (agrees and li.any(Sense.UP)):
        return ask(asking.CONFIRM_OR_NOT, li.words)
    if not agrees or not scene.answers_proposal:
        return None
    if _only_polite(agrees):
        return ask(asking.CONFIRM_OR_NOT, li.words)
    if scene.answers_date and not li.any(Sense.SETTLED):
        return ask(asking.DATE_OR_RESOLUTION, li.words)
    return Intent(Act.CONFIRM_RESOLUTION, Sure.PROBABLE, words=li.words)


def _objects(li: Listening) -> Intent | None:
    """The intent of prose that objects, "I don't agree that this is resolved", whether or not a
    proposal is known here (D1)."""
    if not li.any(Sense.OBJECTION):
        return None
    if not li.clear(Sense.OBJECTION) or li.clear(Sense.SETTLED, Sense.ASSENT):
        return ask(asking.CONFIRM_OR_NOT, li.words)
    return Intent(Act.OBJECT_RESOLUTION, words=li.words)


def _answer_to_date(li: Listening) -> Intent | None:
    scene = li.scene
    waiting = scene.dispute.open_date if scene.dispute is not None else None
    if waiting is None or not scene.answers_date or li.any(Sense.SETTLED, Sense.UP, Sense.WITHDRAWN):
        return None
    named = _dates(li)
    others = {f.on for f in named if f.on and not f.past} - {waiting.on}
    if (
        len(others) == 1 and li.any(Sense.REFUSAL) and li.clear(Sense.MORE_TIME)
    ):  # "Not the 24th, could we say the 17th?"
        return proposed_date(li.scene, next(f for f in named if f.on in others), "")
    if li.clear(Sense.REFUSAL, Sense.CONTRARY, Sense.CANNOT_WAIT):
        counters = li.clear(Sense.MORE_TIME) and any(f.on and f.on != waiting.on for f in named)
        return None if counters or li.any(Sense.ASSENT) else Intent(Act.REFUSE_DATE, words=li.words)
    agrees = li.clear(Sense.ASSENT, Sense.DEADLINE_AGREED, Sense.TIME_AGREED)
    if agrees and not _only_polite(agrees):
        if any(f.on != waiting.on for f in named if f.on and not f.past):
            return ask(asking.WHICH_DATE, li.words)
        return Intent(Act.ACCEPT_DATE, on=waiting.on, words=li.words)
    return ask(asking.WHICH_DATE, li.words) if li.clouded(Sense.ASSENT, Sense.TIME_AGREED) else None


def _only_polite(heard: tuple[Heard, ...]) -> bool:
    """Is prose only polite? "Ok thanks" and "great" acknowledge; they do not agree."""
    return all(h.words.lower().strip(" .!,") in _POLITE for h in heard)


_POLITE = lexicon.vocabulary("polite")


def _more_time(li: Listening) -> Intent | None:
    asked = li.clear(Sense.MORE_TIME)
    if not asked or li.clear(Sense.UP, Sense.SETTLED):
        return None
    dated = [(h, f) for h in asked if (f := first_date(h.sentence, li.scene.today))]
    certain = next(((h, f) for h, f in dated if f.on), None)
    if certain:
        heard, found = certain
        reason = " ".join(s for s in sentences(li.words) if " ".join(s.split()) != heard.sentence)
        return proposed_date(li.scene, found, reason)
    wants = any(
        w in h.sentence.lower() for h in asked for w in ("time", "longer", "extension", "extend", "days", "bit")
    )
    return ask(asking.WHICH_DATE, li.words) if wants or dated else None


def _up(li: Listening) -> Intent | None:
    if li.clear(Sense.UP, Sense.REFER):
        if li.clear(Sense.SETTLED):
            return _two_answers(li)
        refers = bool(li.clear(Sense.REFER)) and not li.clear(Sense.UP)
        step = referral if refers else move_up
        sure = Sure.PROBABLE if li.clouded(Sense.SETTLED, Sense.UP) else Sure.SURE
        return step(li.scene, _whole(li), sure)
    doubtful = li.clouded(Sense.UP, Sense.REFER)
    guide = {h.sentence for h in li.clear(Sense.GUIDE)}
    if doubtful and not guide >= {h.sentence for h in doubtful}:  # "How do I escalate this?" asks for the guide
        return _two_answers(li) if li.any(Sense.SETTLED) else ask(asking.UP_OR_NOT, li.words)
    return None


def _two_answers(li: Listening) -> Intent:
    """The question about prose that gives two answers, "Mostly resolved apart from the visit, so escalate that bit":
    both sides see that it was said (D3)."""
    return replace(ask(asking.RESOLVED_OR_NOT, li.words), both=True)


def _whole(li: Listening) -> Command:
    return Command("ESCALATE", li.words, "")


def _unsettled(li: Listening) -> Intent | None:
    if li.clear(Sense.UNSETTLED):
        if li.any(Sense.SETTLED):
            return _two_answers(li)
        if li.clouded(Sense.UNSETTLED) or li.any(Sense.MEETING_AGREED):
            return ask(asking.RESOLVED_OR_NOT, li.words)
        return move_up(li.scene, _whole(li), Sure.PROBABLE)
    return ask(asking.UP_OR_NOT, li.words) if li.any(Sense.UNSETTLED, Sense.CONTRARY) else None


def _settled(li: Listening) -> Intent | None:
    if not li.any(Sense.SETTLED):
        return None
    doubtful = li.clouded(Sense.SETTLED) or li.any(Sense.UNSETTLED, Sense.CONTRARY, Sense.UP)
    if li.any(Sense.UNSETTLED, Sense.UP):
        return _two_answers(li)
    if doubtful or not li.clear(Sense.SETTLED):
        return ask(asking.RESOLVED_OR_NOT, li.words)
    return resolution(li.scene, _agreed_words(li), sure=Sure.PROBABLE)


def _agreed_words(li: Listening) -> str:
    """The words of prose that say what was agreed: from "we have agreed that" on, to the end of that sentence and any
    that follow with a date; else everything."""
    first = li.clear(Sense.SETTLED)[0]
    after = first.sentence[first.start + len(first.words) :].lstrip(" ,:-")
    after = after.removeprefix("that ").removeprefix("to ")
    if len(after.split()) < 3:
        return li.words
    flat = [" ".join(s.split()) for s in sentences(li.words)]
    rest = flat[flat.index(first.sentence) + 1 :] if first.sentence in flat else []
    dated = [s for s in rest if find_dates(s, li.scene.today)]
    return "\n".join([after.rstrip(" ."), *dated])


def _assent(li: Listening) -> Intent | None:
    """The intent of prose that agrees when nothing was put: asked about, unless it is only thanks."""
    agrees = li.clear(Sense.ASSENT)
    if not agrees or _only_polite(agrees) or len(li.words) > 400:
        return None
    return ask(asking.NOTHING_TO_AGREE, li.words)


def _deadline(li: Listening) -> Intent | None:
    """The intent of prose that tells a date both sides had, as one of them says: "We agreed to come back to
    each other by Thursday"."""
    for heard in li.clear(Sense.DEADLINE_AGREED):
        found = first_date(heard.sentence, li.scene.today)
        if found and found.on and not found.past:
            return proposed_date(li.scene, found, "", Sure.PROBABLE)
    return None


def _child_date(li: Listening) -> Intent | None:
    for heard in li.clear(Sense.CHILD_DATE):
        found = first_date(heard.sentence, li.scene.today)
        because = any(w in f" {heard.sentence.lower()} " for w in (" because ", " as ", " since ", " so that "))
        if found and found.on and because:
            fields = {"reason": heard.sentence}
            flags = ("protective date taken from the text: ask to confirm",)
            return Intent(Act.PROTECTIVE_DATE, Sure.PROBABLE, fields, on=found.on, words=li.words, flags=flags)
    return None


def _cannot_wait(li: Listening) -> Intent | None:
    """Intent in prose unclear: the question by which date the child needs it, where its writer says that the child
    cannot wait."""
    return ask(asking.WHICH_PROTECTIVE, li.words) if li.clear(Sense.CANNOT_WAIT) else None


def _dates(li: Listening) -> tuple[FoundDate, ...]:
    return find_dates(li.words, li.scene.today)


def _asks(li: Listening) -> Intent | None:
    if li.clear(Sense.STATUS):
        return Intent(Act.STATUS, Sure.PROBABLE, words=li.words)
    return Intent(Act.QUESTION, Sure.PROBABLE, words=li.words) if li.clear(Sense.GUIDE) else None


def ends_alone(scene: Scene) -> str:
    """By which word, as prose does not say it, this writer may end it alone, by an outcome that the procedure gives
    their role: said wherever a message is not understood, for nobody can know the word."""
    dispute = scene.dispute
    party = dispute.party(scene.said.sender.address) if dispute is not None and dispute.is_open else None
    if dispute is None or party is None:
        return ""
    ends = (o for o in scene.protocol.outcomes.values() if party.role in o.given_by and dispute.stage in o.stages)
    return " ".join(
        f"If you mean “{one.label}”, reply {one.id.replace('-', ' ').upper()} with the reasons." for one in ends
    )


_NOT_SUPPORTED = lexicon.pattern("told.not_supported")


def _not_supported(li: Listening) -> Intent | None:
    """The intent of prose in which somebody who may end it alone does not stand behind it: asked about, with the
    word for it (SU step 2, "review the concern to ensure it is justified")."""
    word = ends_alone(li.scene) if _NOT_SUPPORTED.search(li.words) else ""
    return ask(f"{word} {asking.OTHERWISE}", li.words) if word else None


_WITH_FAMILY = lexicon.pattern("clauses.met_family")


def _met(li: Listening) -> Intent | None:
    for heard in li.clear(Sense.MET):
        if _WITH_FAMILY.search(heard.sentence):
            continue
        found = first_date(heard.sentence, li.scene.today, ahead=False)
        if found and found.on and found.on <= li.scene.today:
            more = brought(li.scene, li.words)  # "Summary: we met on the 15th" brings its line as well
            return Intent(Act.MET, Sure.PROBABLE, more.fields, more.people, on=found.on, words=li.words)
    return None


def _reopened(li: Listening) -> Intent | None:
    if li.clear(Sense.REOPEN):
        return Intent(Act.REOPEN, Sure.PROBABLE, {"reason": " ".join(li.words.split())}, words=li.words)
    unhappy = li.any(Sense.REOPEN, Sense.UNSETTLED, Sense.CONTRARY, Sense.UP)
    return ask(asking.REOPEN_OR_NOT, li.words) if unhappy else None


_Reading = Callable[[Listening], Intent | None]
_OPEN: tuple[_Reading, ...] = (
    _undo,
    _withdrawn,
    _next_tier,
    _exceptional,
    _goes_on,
    _decided,
    _objects,
    _answer_to_proposal,
    _answer_to_date,
    _more_time,
    _up,
    _settled,
    _unsettled,
    _not_supported,
    _deadline,
    _assent,
    _child_date,
    _cannot_wait,
    _asks,
    _met,
)
_CLOSED: tuple[_Reading, ...] = (_undo, _objects, _reopened, _asks)
