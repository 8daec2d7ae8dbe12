"""What a message may mean by its clauses, where no phrase of it is told plainly enough: the acts that are supposed.

None of them is done because it is supposed. ``both_readers.py`` does the one that the second reader firmly hears as
well, and asks about the rest. So a clause may be wide ("happy", "up", "no further issues"), as long as nothing in the
message clouds it, denies it, or says the contrary.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from mailbot.core.decisions.stages import is_partnership_stage
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.dispute import State
from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.mail import lexicon
from mailbot.mail.second_reader.linear_model import Listened, acts_by_words, listen, weighed_words
from mailbot.mail.text.clauses import Clause, ClauseKind, clauses
from mailbot.mail.text.dates import find_dates, first_date
from mailbot.mail.text.labelled_lines import begins_with_label
from mailbot.mail.text.people_and_agencies import people_spoken_of
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
from mailbot.mail.whether_meant.plainness import is_left_open, is_receipt

MOST_SENTENCES, LONGEST = 20, 2600  # a longer message tells more than one thing

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


@dataclass(frozen=True, slots=True)
class Told:
    """A message of which something may be supposed, and its clauses."""

    scene: Scene
    found: tuple[Clause, ...]


def told_in(scene: Scene) -> Told | None:
    """The clauses of a message of which something may be supposed; None of one that is too long, empty, a form, or a
    joke."""
    pieces = sentences(scene.own)
    if scene.dispute is None or not pieces or len(pieces) > MOST_SENTENCES or len(scene.own) > LONGEST:
        return None
    if begins_with_label(scene.own, scene.protocol) or any("joke" in traps_in(" ".join(p.split())) for p in pieces):
        return None
    return Told(scene, clauses(scene.own, scene.names))


def open_to(scene: Scene) -> frozenset[Act]:
    """The acts that may be supposed here, by the state of the dispute and the side of the writer."""
    dispute = scene.dispute
    assert dispute is not None
    acts = {Act.CORRECT, Act.HANDOVER, Act.ADD_PERSON, Act.REMOVE_PERSON, Act.UNDO, Act.CHILD_STATUS}
    if dispute.state is State.CLOSED:
        return frozenset(acts | _ONCE_CLOSED)
    acts |= {Act.PROPOSE_DATE, Act.MET, Act.CONFERENCE_REQUEST}
    acts.add(Act.PROTECTIVE_DATE)
    if scene.side is not Side.RECEIVING:
        acts.add(Act.WITHDRAW)
    if scene.is_partnership:
        acts.add(Act.DECISION)
    if scene.answers_proposal:
        return frozenset(acts | {Act.CONFIRM_RESOLUTION, Act.OBJECT_RESOLUTION})
    if scene.is_raiser and dispute.state is State.PROPOSED:
        return frozenset(acts | {Act.OBJECT_RESOLUTION})
    if scene.answers_date:
        acts = (acts - {Act.MET}) | {Act.ACCEPT_DATE, Act.REFUSE_DATE, *_up_from(scene)}
        return frozenset(acts - {Act.PROPOSE_DATE} if day_signs(scene) == (_THE_DAY_PUT,) else acts)
    if dispute.state is State.OPEN:
        acts |= {Act.PROPOSE_RESOLUTION, *_up_from(scene)}
    return frozenset(acts)


_ONCE_CLOSED = frozenset({Act.HAPPENED, Act.ACTION_DONE, Act.NOT_HAPPENED, Act.REOPEN, Act.FEEDBACK})


def day_signs(scene: Scene) -> tuple[str, ...]:
    """Which coming days the rules see named in the writer's words: the one that is asked for, others."""
    days = {found.on for found in find_dates(scene.own, scene.today) if found.on and not found.past}
    dispute = scene.dispute
    put = dispute.open_date.on if dispute is not None and dispute.open_date is not None else None
    return tuple(name for name, is_so in ((_THE_DAY_PUT, put in days), (_ANOTHER_DAY, bool(days - {put}))) if is_so)


_THE_DAY_PUT, _ANOTHER_DAY = "names the day put", "names another day"


def _up_from(scene: Scene) -> tuple[Act, ...]:
    following = scene.following
    return (Act.REFER if following is not None and is_partnership_stage(following) else Act.MOVE_UP,)


@lru_cache(maxsize=1000)
def sentence_signs(said: str) -> tuple[str, ...]:
    """What the rules see in a sentence that makes it mean less, or something else, than its words say."""
    found = [f"trap {trap}" for trap in sorted(traps_in(said))]
    for name, is_so in (
        ("another matter", is_of_another(said)),
        ("family", _SAID_OF_FAMILY.match(said) is not None),
        ("about the word", _ABOUT.search(said) is not None),
        ("somebody spoken of", _SPOKEN_OF.match(said) is not None),
        ("denial", _DENIAL.search(said) is not None),
        ("agreed once", _AGREED_ONCE.search(said) is not None),
        ("question mark", said.rstrip("\"')").endswith("?")),
        ("please", _PLEASE.search(said) is not None),
        ("quotes", _QUOTES.search(said) is not None),
    ):
        if is_so:
            found.append(name)
    return tuple(found)


_QUOTES = re.compile(r"[\"\u201c\u201d][^\"\u201c\u201d]{3,}|\u2018\w+ \w+[^\u2019]*\u2019")
_PLEASE = re.compile(r"\b(?:please|pls|plz|could you|can you|would you|kindly|grateful)\b", re.IGNORECASE)


def clause_signs(told: Told, act: Act, said: str) -> tuple[str, ...]:
    """Where the rules see an act told in clauses: in this sentence, plainly or not; and in the message as a whole."""
    kinds = _TELL.get(act, ())
    found = []
    mine = [clause for clause in told.found if clause.kind in kinds]
    plain_ones = [c for c in mine if not c.denied and not c.traps & _CLOUDS[c.kind]]
    for name, some in (
        ("clause", [c for c in mine if c.sentence == said and not c.denied]),
        ("clause denied", [c for c in mine if c.sentence == said and c.denied]),
        ("clause plain", [c for c in plain_ones if c.sentence == said]),
        ("clause elsewhere", [c for c in plain_ones if c.sentence != said]),
        ("clause denied elsewhere", [c for c in mine if c.sentence != said and c.denied]),
    ):
        if some:
            found.append(name)
    return tuple(found)


_TELL: Mapping[Act, tuple[ClauseKind, ...]] = {
    Act.PROPOSE_RESOLUTION: (ClauseKind.SETTLED,),
    Act.CONFIRM_RESOLUTION: (ClauseKind.SETTLED, ClauseKind.ASSENT),
    Act.ACCEPT_DATE: (ClauseKind.ASSENT,),
    Act.OBJECT_RESOLUTION: (ClauseKind.CONTRARY,),
    Act.REFUSE_DATE: (ClauseKind.CONTRARY, ClauseKind.UNAVAILABLE),
    Act.MOVE_UP: (ClauseKind.UP,),
    Act.REFER: (ClauseKind.UP,),
    Act.WITHDRAW: (ClauseKind.WITHDRAWN,),
    Act.UNDO: (ClauseKind.UNDO,),
    Act.MET: (ClauseKind.MET,),
    Act.CHILD_STATUS: (ClauseKind.STATUS,),
    Act.DECISION: (ClauseKind.DECIDED,),
    Act.HANDOVER: (ClauseKind.HANDOVER,),
    Act.ADD_PERSON: (ClauseKind.PERSON,),
    Act.REMOVE_PERSON: (ClauseKind.REMOVAL,),
    Act.PROPOSE_DATE: (ClauseKind.DATE,),
    Act.PROTECTIVE_DATE: (ClauseKind.NEEDED,),
    Act.CORRECT: (ClauseKind.CORRECTION,),
    Act.FEEDBACK: (ClauseKind.OPINION,),
    Act.CONFERENCE_REQUEST: (ClauseKind.CONFERENCE,),
    Act.HAPPENED: (ClauseKind.HAPPENED,),
    Act.ACTION_DONE: (ClauseKind.HAPPENED,),
    Act.NOT_HAPPENED: (ClauseKind.NOT_DONE,),
    Act.REOPEN: (ClauseKind.REOPEN,),
}
_SPOKEN_OF = lexicon.pattern("clauses.spoken_of", cased=True)
_ABOUT = lexicon.pattern("clauses.about_the_word")
_DENIAL = lexicon.pattern("traps.denial")
_SAID_OF_FAMILY = lexicon.pattern("traps.said_of_family")
# "We agreed a strategy meeting, and it is not there": what was agreed then, and no yes to what is put now.
_AGREED_ONCE = lexicon.pattern("clauses.agreed_once")


def means(told: Told, act: Act, said: str) -> Intent | None:
    """The act that is supposed of a sentence, with what it needs; None where that is wanting."""
    scene, dispute = told.scene, told.scene.dispute
    if act in (Act.MOVE_UP, Act.REFER):
        return move_up(scene, Command("ESCALATE", scene.own, ""), Sure.PROBABLE)
    if act is Act.ACCEPT_DATE:
        if _names_a_date(told) or dispute is None or dispute.open_date is None:
            return None
        return Intent(act, Sure.PROBABLE, on=dispute.open_date.on, words=scene.own)
    if act in (Act.PROPOSE_RESOLUTION, Act.CONFIRM_RESOLUTION) and is_left_open(scene.own):
        return None
    if act is Act.CONFIRM_RESOLUTION and (is_receipt(scene.own) or _is_taken_back(told, said) or _is_refused(told)):
        return None
    if act is Act.UNDO and _OF_ANOTHERS_MAIL.search(scene.own):
        return None
    if act is Act.OBJECT_RESOLUTION and _is_said_of_the_other_side(scene, said):
        return None
    if act is Act.NOT_HAPPENED and _DENIED_TWICE.search(said):
        return None
    if act in (Act.WITHDRAW, Act.REOPEN):
        return Intent(act, Sure.PROBABLE, {"reason": " ".join(scene.own.split())}, words=scene.own)
    if act in _IN_ONE_SENTENCE:
        return _IN_ONE_SENTENCE[act](told, said)
    return _probably(told, act)


# "You should have had an email from Tobias. Ignore it.": nobody takes back what another has sent.
_OF_ANOTHERS_MAIL = re.compile(
    r"\b(?:e-?mail|message|reply|letter|note|answer|one)s? (?:that )?(?:\w+ )?(?:from|by) (?!(?:Me|Us|My)\b)[A-Z][a-z]"
    r"|\b(?!(?:Today|Yesterday|Monday|Tuesday|Wednesday|Thursday|Friday)\b)[A-Z][a-z]+['’]s (?:last |own )?"
    r"(?:e-?mail|message|reply|letter|note|answer)\b"
)
_WOULD_NOT = re.compile(
    r"\W*(?P<who>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?) (?:would|will|won|does|doesn|can|cannot|could|may)\b"
)


def _is_said_of_the_other_side(scene: Scene, said: str) -> bool:
    """ "Tobias would not agree to that": what somebody of the other side says, and no view of the writer's own."""
    met, mine = _WOULD_NOT.match(said), scene.said.sender.agency
    if met is None or not mine:
        return False
    return bool(people_spoken_of(met["who"], [one for one in scene.people if one.agency not in ("", mine)]))


def _is_taken_back(told: Told, said: str) -> bool:
    """ "We're happy with the plan. But nobody has rung mum.": a supposed yes that the sentence after it begins to
    take back."""
    rest = told.scene.own.partition(said)[2] or " ".join(told.scene.own.split()).partition(said)[2]
    return _BUT.match(rest) is not None


def _is_refused(told: Told) -> bool:
    """ "I'm content with the substance. I'm not content with the timing.": a yes beside a no, in words that say no and
    in which the second reader hears one. The words alone are many: "I'll stand by it", "no changes", "otherwise"."""
    return any(
        clause.kind is ClauseKind.CONTRARY
        and not clause.denied
        and not clause.traps & _CLOUDS[clause.kind]
        and listen(clause.sentence).of("disagrees") >= NO_HEARD
        for clause in told.found
    )


NO_HEARD = 0.3  # how likely a no is heard in words that may say one, for a yes beside it to be doubted
_BUT = re.compile(r"[\s.,;!]*(?:but|however|except|although|though|only)\b", re.IGNORECASE)
_DENIED_TWICE = re.compile(r"(?:n't|\bnot) (?:\w+ )?not\b", re.IGNORECASE)

# What each act needs, found in the sentence that tells it or in the message.


def _names_a_date(told: Told) -> bool:
    found, dispute = first_date(told.scene.own, told.scene.today), told.scene.dispute
    waiting = dispute.open_date if dispute is not None else None
    if found is None or waiting is None or found.on == waiting.on:
        return False
    return plain(found.words).removeprefix("on ").removeprefix("the ") != f"{waiting.on:%A}".lower()  # "the Thursday"


def _met(told: Told, said: str) -> Intent | None:
    """When they met is said: a day that is past, or none, and then it is today ("We have met")."""
    scene = told.scene
    if _WITH_FAMILY.search(said):
        return None
    for text in (said, scene.own):
        past = [f.on for f in find_dates(text, scene.today, ahead=False) if f.on and f.on <= scene.today]
        if past:
            return Intent(Act.MET, Sure.PROBABLE, on=past[0], words=scene.own)
    if _JUST_NOW.search(said) or _HAVE_MET.search(said):
        return Intent(Act.MET, Sure.PROBABLE, on=scene.today, words=scene.own)
    return None


_WITH_FAMILY = lexicon.pattern("clauses.met_family")
_HAVE_MET = lexicon.pattern("clauses.have_met")
_JUST_NOW = lexicon.pattern("asides.just_now")
_UNDECIDED = lexicon.pattern("clauses.undecided")


def _decided(told: Told, said: str) -> Intent | None:
    """A decision, where some clause tells of one: it ends the dispute, and "Please let me have written
    representations" only sounds like its writer's."""
    own = told.scene.own
    clauses_of_it = [clause for clause in told.found if clause.kind is ClauseKind.DECIDED and not clause.denied]
    if not clauses_of_it or _UNDECIDED.search(said) or decides_another(own):
        return None
    return Intent(Act.DECISION, Sure.PROBABLE, actions=resolution(told.scene, own).actions, words=own)


def _one_day(told: Told, said: str) -> Intent | None:
    """The one coming day that a sentence, or the message, names, and that nobody waits for an answer to."""
    scene, waiting = told.scene, told.scene.dispute.open_date if told.scene.dispute else None
    for text in (said, scene.own):
        found = {f.on: f for f in find_dates(text, scene.today) if f.on and not f.past}
        if waiting is not None:
            found.pop(waiting.on, None)
        if found:
            break
    if not found or (len(found) > 1 and not scene.answers_date):
        return None
    if not scene.answers_date and any(word in f" {plain(said)} " for word in _FOR_THEMSELVES):
        return None
    return proposed_date(scene, next(iter(found.values())), "", Sure.PROBABLE)


_FOR_THEMSELVES = lexicon.vocabulary("not_a_meeting")


def _needed(told: Told, said: str) -> Intent | None:
    """The one coming day before which the child needs it, with the sentences that say why."""
    scene = told.scene
    for text in (*_BY.findall(said), said, *_BY.findall(scene.own), scene.own):
        found = {f.on: f for f in find_dates(text, scene.today) if f.on and not f.past}
        if len(found) == 1:
            break
    if len(found) != 1:
        return None
    fields = {"reason": " ".join(scene.own.split())}
    flags = ("protective date taken from the text: ask to confirm",)
    return Intent(Act.PROTECTIVE_DATE, Sure.PROBABLE, fields, on=next(iter(found)), words=scene.own, flags=flags)


_BY = re.compile(r"\b(?:by|before|until|till|from|after) ((?:[\w.,/]+ ?){1,5})", re.IGNORECASE)


def _happened(told: Told, said: str) -> Intent | None:
    """That all of it happened: no more than one's own part is one action."""
    return None if _ONE_PART.search(said) else _probably(told, Act.HAPPENED)


_ONE_PART = lexicon.pattern("endings.one_part")


def _put_right(told: Told, said: str) -> Intent | None:
    """A fact of the record that its writer puts right in their own words, which are kept beside it as theirs."""
    own = told.scene.own
    return Intent(Act.CORRECT, Sure.PROBABLE, {"correction": " ".join(own.split())}, words=own)


def _opinion(told: Told, said: str) -> Intent | None:
    """What somebody thinks of the procedure and its letters."""
    return Intent(Act.FEEDBACK, Sure.PROBABLE, {"idea": " ".join(told.scene.own.split())}, words=told.scene.own)


def _conference(told: Told, said: str) -> Intent | None:
    return next((one for one in conference_asked(told.scene) if one.act is Act.CONFERENCE_REQUEST), None)


def _probably(told: Told, act: Act) -> Intent:
    return Intent(act, Sure.PROBABLE, words=told.scene.own)


def _named_in(told: Told, said: str, find: Callable[[Scene, str], Intent | None]) -> Intent | None:
    """Whom a sentence names, or the message as a whole."""
    return find(told.scene, said) or find(told.scene, "\n".join(sentences(told.scene.own)))


_IN_ONE_SENTENCE: Mapping[Act, Callable[[Told, str], Intent | None]] = {
    Act.PROPOSE_DATE: _one_day,
    Act.PROTECTIVE_DATE: _needed,
    Act.CORRECT: _put_right,
    Act.MET: _met,
    Act.PROPOSE_RESOLUTION: lambda told, said: resolution(told.scene, told.scene.own, sure=Sure.PROBABLE),
    Act.CHILD_STATUS: lambda told, said: status_told(told.scene, said),
    Act.HANDOVER: lambda told, said: _named_in(told, said, handover_told),
    Act.ADD_PERSON: lambda told, said: _named_in(told, said, person_told),
    Act.REMOVE_PERSON: lambda told, said: somebody_taken_off(told.scene, said),
    Act.ACTION_DONE: lambda told, said: done_told(told.scene, said) or done_told(told.scene, told.scene.own),
    Act.HAPPENED: _happened,
    Act.DECISION: _decided,
    Act.FEEDBACK: _opinion,
    Act.CONFERENCE_REQUEST: _conference,
}


# What speaks for and against each act that a message may mean: signs that the rules see, and what the second reader
# hears, beside each other as numbers. Nothing is decided here: ``both_readers.py`` weighs them.

HeardEach = Sequence[tuple[str, Listened]]
ELSE, TALK, QUESTION = "conditional_or_other_object", "talk", "question"
BY_WORDS = "by words"  # what ``acts_by_words`` makes of it, which ``make train`` puts in place for what it learns from
FAINTEST = 0.08  # an act less likely than that in every sentence is not looked at any further
# The meanings by which the second reader may hear an act, its own first.
LABELS: Mapping[Act, tuple[str, ...]] = {
    Act.PROPOSE_RESOLUTION: ("resolved", "confirms"),
    Act.CONFIRM_RESOLUTION: ("confirms", "resolved"),
    Act.OBJECT_RESOLUTION: ("disagrees", "did_not_happen", "take_up", "undo", "corrects"),
    Act.MOVE_UP: ("take_up", "disagrees"),
    Act.REFER: ("take_up", "disagrees"),
    Act.DECISION: ("decision", "resolved"),
    Act.ACCEPT_DATE: ("confirms", "date"),
    Act.REFUSE_DATE: ("disagrees", "date"),
    Act.PROPOSE_DATE: ("date", "confirms"),
    Act.PROTECTIVE_DATE: ("needed_by", "date", "take_up"),
    Act.HANDOVER: ("handover", "person"),
    Act.ADD_PERSON: ("person", "off"),
    Act.REMOVE_PERSON: ("off", "person"),
    Act.WITHDRAW: ("withdraw", "resolved"),
    Act.REOPEN: ("reopen", "take_up", "did_not_happen"),
    Act.UNDO: ("undo", "corrects"),
    Act.CORRECT: ("corrects", "undo"),
    Act.MET: ("met",),
    Act.CHILD_STATUS: ("child_status",),
    Act.HAPPENED: ("done", "confirms", "resolved"),
    Act.ACTION_DONE: ("done", "confirms"),
    Act.NOT_HAPPENED: ("did_not_happen", "disagrees"),
    Act.FEEDBACK: ("feedback",),
    Act.CONFERENCE_REQUEST: ("conference",),
}
TALKS = frozenset({Act.NOTE, Act.HOLD, Act.QUESTION, Act.STATUS, Act.FORM, Act.IMMEDIATE_RISK})
_OUTCOMES = ("resolved", "confirms", "disagrees", "take_up", "withdraw", "did_not_happen", "reopen", "done", "undo",
             "decision")  # fmt: skip
_BESIDE = ("met", "person", "off", "handover", "child_status", "date", "corrects", "feedback", "needed_by")


@dataclass(frozen=True, slots=True)
class Evidence:
    """For one act: the sentence that tells it, and each thing that speaks for or against it by its name."""

    act: Act
    said: str
    speaks: Mapping[str, float]


def strength(likely: float) -> float:
    """A likelihood as it is added up: 0 for one half, from about -6 to 6."""
    kept = min(max(likely, 0.0025), 0.9975)
    return log(kept / (1 - kept))


def evidence(
    told: Told, rules: tuple[Intent, ...], whole: Listened, each: HeardEach, more: frozenset[str]
) -> tuple[Evidence, ...]:
    """What speaks for each act that may be meant here, in the one sentence that tells it best: beside what the rules
    read, and ``more`` signs of the message as a whole."""
    read = {intent.act for intent in rules if intent.sure is not Sure.UNSURE} - TALKS
    asked = any(intent.sure is Sure.UNSURE for intent in rules)
    places = {}
    for act in sorted(open_to(told.scene)) if each else ():
        at = max(range(len(each)), key=lambda place: (_likely(each[place][1], act), -place))
        if _likely(each[at][1], act) >= FAINTEST or clause_signs(told, act, ""):
            places[act] = at
    own = {act: strength(each[at][1].of(LABELS[act][0])) for act, at in places.items()}
    found, weights, words = [], acts_by_words(), weighed_words(told.scene.own)
    for act, at in places.items():
        signs = {*more, *(("rules same",) if act in read else ("rules other",) if read else ())}
        signs |= {"rules ask"} if asked else set()
        signs |= {f"rules read {other.value}" for other in read}
        speaks = dict(_speaks(told, act, at, whole, each)) | dict.fromkeys(sorted(signs), 1.0)
        lead = own[act] - max((of for other, of in own.items() if other is not act), default=-6.0)
        if weights is not None:
            speaks[BY_WORDS] = weights.speak(act.value, weighed_words(each[at][0]), words)
        found.append(Evidence(act, each[at][0], speaks | {"lead": lead}))
    return tuple(found)


def _likely(heard: Listened, act: Act) -> float:
    first, *kin = LABELS[act]
    return max(heard.of(first), *(heard.of(label) / 2 for label in kin), 0.0)


def _speaks(told: Told, act: Act, at: int, whole: Listened, each: HeardEach) -> Iterator[tuple[str, float]]:
    (own, *kin), (said, here) = LABELS[act], each[at]
    rest = [heard for place, (_, heard) in enumerate(each) if place != at]
    mine = (own, *kin)
    yield f"act {act.value}", 1.0
    mine_here = strength(here.of(own))
    yield "own", mine_here
    yield "own less else", mine_here - strength(here.of(ELSE))
    yield "own less talk", mine_here - strength(here.of(TALK))
    yield "own whole", strength(whole.of(own))
    yield "kin", strength(max((here.of(label) for label in kin), default=0.0))
    for name, label in (("else", ELSE), ("talk", TALK), ("question", QUESTION), ("wish", "wish"), ("danger", "danger")):
        yield name, strength(here.of(label))
    yield "alone", float(not rest)
    for name, rivals in (("outcome", _OUTCOMES), ("beside", _BESIDE)):
        others = [label for label in rivals if label not in mine]
        yield f"{name} here", strength(here.strongest(others)[1])
        if rest:
            yield f"{name} elsewhere", strength(max(heard.strongest(others)[1] for heard in rest))
    for name, label in (("own", own), ("else", ELSE), ("question", QUESTION), ("undo", "undo")) if rest else ():
        yield f"{name} elsewhere", strength(max(heard.of(label) for heard in rest))
    for label in here.likely:
        yield f"here {label}", strength(here.of(label))
        if rest:
            yield f"elsewhere {label}", strength(max(heard.of(label) for heard in rest))
    yield "words here", log(1 + len(said.split())) - 2
    yield "sentences", log(len(each))
    yield "first", float(at == 0)
    yield "last", float(at == len(each) - 1)
    for sign in (*sentence_signs(said), *clause_signs(told, act, said)):
        yield sign, 1.0
    for sign in {one for sentence, _ in each if sentence != said for one in sentence_signs(sentence)}:
        yield f"{sign} elsewhere", 1.0
