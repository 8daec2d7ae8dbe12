"""Plainness: is an outcome told so plainly, and everything else that was said so harmless, that it may be acted on?"""

import re
from dataclasses import dataclass
from datetime import date

from mailbot.core.record.intents import Act, Intent
from mailbot.mail import lexicon
from mailbot.mail.lexicon import Names, Sense
from mailbot.mail.text.dates import first_date
from mailbot.mail.text.labelled_lines import field_for
from mailbot.mail.text.phrases import Heard, hear, traps_in
from mailbot.mail.text.spelling_and_sentences import plain, sentences
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.commands import GREETING_LINE, Command
from mailbot.mail.understanding.context import Scene
from mailbot.mail.understanding.questions import UNEXPLAINED, ask

# Is an outcome told so plainly that it may be acted on? A closed list, not an open one.
#
# ``traps.py`` lists what makes words mean less; people always find another ("resolved, my foot"). So it is asked from
# the other end as well: the words round the phrase must all be of kinds that are known to take nothing away. Whoever
# writes something richer is asked one question.
#
# Three parts: what may stand before the phrase in its clause, how it may go on, and, where a resolution goes on
# freely, that it goes on with something that can be agreed: somebody does something, or there is a date.

_WORDS = re.compile(r"[a-z']+")
_SUBJECTS = lexicon.vocabulary_in_order("plain_subjects")
_LINKS = lexicon.vocabulary_in_order("plain_links")
_MANNERS = lexicon.vocabulary_in_order("plain_manners")
_YES = lexicon.vocabulary_in_order("plain_yes")
_NO = lexicon.vocabulary_in_order("plain_no")
_REASONS = lexicon.vocabulary_in_order("plain_reasons")
_MONTHS = lexicon.vocabulary_in_order("month")
_DAYS = (
    *lexicon.vocabulary_in_order("plain_days"),
    *_MONTHS,
    *(month[:3] for month in _MONTHS),
    *lexicon.vocabulary_in_order("weekday"),
)
_UP = lexicon.vocabulary_in_order("plain_up")


def _of(*lists: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for one in lists for word in one)


@dataclass(frozen=True, slots=True)
class Shape:
    """``senses`` that support the outcome; ``before`` the words that may precede the phrase in its clause; ``after``
    how the sentence may go on; ``free`` that it may go on with what was agreed."""

    senses: frozenset[Sense]
    before: frozenset[str]
    after: re.Pattern[str]
    free: bool = False


_END = r"[\s.!,;:)]*$"
# A reason or a next step may follow a refusal in any words: it does not make it less of one.
_REASON = lexicon.pattern("told.reason", cased=True)
_CONTENT = lexicon.pattern("told.content", cased=True)
_OUTCOME = _of(_SUBJECTS, _LINKS, _MANNERS)
_SHAPES: dict[Act, Shape] = {
    Act.PROPOSE_RESOLUTION: Shape(
        frozenset({Sense.SETTLED}), _OUTCOME | _of(("agreed", "accept", "accepted"), _REASONS), _CONTENT, True
    ),
    Act.CONFIRM_RESOLUTION: Shape(
        frozenset({Sense.SETTLED, Sense.ASSENT}),
        _of(_SUBJECTS, _LINKS, _MANNERS, _YES, ("they", "these")),
        re.compile(r"(?s).*"),
    ),
    Act.ACCEPT_DATE: Shape(
        frozenset({Sense.ASSENT, Sense.TIME_AGREED, Sense.DEADLINE_AGREED}),
        _of(_SUBJECTS, _LINKS, _MANNERS, _YES, _DAYS),
        re.compile(r"(?s).*"),
    ),
    Act.OBJECT_RESOLUTION: Shape(
        frozenset({Sense.OBJECTION, Sense.UNSETTLED, Sense.CONTRARY}), _of(_SUBJECTS, _LINKS, _NO, _YES), _REASON
    ),
    Act.MOVE_UP: Shape(
        frozenset({Sense.UP, Sense.UNSETTLED, Sense.REFER}), _of(_SUBJECTS, _LINKS, _MANNERS, _NO, _UP), _REASON
    ),
    Act.REFER: Shape(frozenset({Sense.UP, Sense.REFER, Sense.UNSETTLED}), _of(_SUBJECTS, _LINKS, _UP, _NO), _REASON),
    Act.WITHDRAW: Shape(
        frozenset({Sense.WITHDRAWN}), _of(_SUBJECTS, _LINKS, _MANNERS, ("like", "wish", "want")), _REASON
    ),
    Act.REOPEN: Shape(frozenset({Sense.REOPEN}), _of(_SUBJECTS, _LINKS, ("want", "like", "need", "you")), _REASON),
}
# "Resolved the confusion about the address" is news of something else.
_MENDED = ("resolved", "sorted", "settled")
_OBJECT = re.compile(r"\s+(?:a|an|the|his|her|their)\b")
_WHOLE = frozenset({Sense.SETTLED, Sense.UNSETTLED})  # nothing else may come first: "Ha, resolved"
_PLAIN_ANSWERS = frozenset({Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE})
_CLAUSE = re.compile(r"[,;:.(]\s|\s-+\s|\s(?:so|and|because|but|as|since|therefore)\s")
# "Rosalind and I", "with Ms Peake", "between Rosalind and me": who was spoken to, not who says so.
_COMPANY = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-z]+(?: [A-Z][a-z]+)? and (?:I|me|myself)\b"
    r"|\b(?:I|me|myself) and [A-Z][a-z]+\b"
    r"|\b(?i:with|to|rang|met|between|from|phoned) (?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-z]+(?: [A-Z][a-z]+)?\b"
    r"|\b[a-z]+ and i\b"
    r"|\b(?i:thanks|thank you|cheers),? (?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-z]+(?: [A-Z][a-z]+)?\b"
)
_DOES = lexicon.pattern("told.does")


def supports(act: Act, heard: Heard) -> bool:
    shape = _SHAPES.get(act)
    return shape is None or heard.sense in shape.senses


def is_plain(act: Act, heard: Heard) -> bool:
    """Is a phrase, where it stands, so plain that it tells ``act`` and nothing less?"""
    shape = _SHAPES.get(act)
    if shape is None:
        return True
    if heard.sense not in shape.senses:
        return False
    before, after = heard.sentence[: heard.start], heard.sentence[heard.start + len(heard.words) :]
    if act in _PLAIN_ANSWERS:
        return _only(shape.before, f"{before} {after}")
    clause = before if heard.sense in _WHOLE else _CLAUSE.split(before)[-1]
    named = heard.sense is Sense.CONTRARY and heard.words.lower().endswith(
        (" the", " this", " that", " any")
    )  # what it refuses follows, in any words
    return _only(shape.before, clause) and (named or _goes_on(shape, after, heard.words))


def goes_on_plainly(act: Act, after: str) -> bool:
    """Does a sentence go on plainly after its command word, and tell ``act`` and nothing less?"""
    shape = _SHAPES.get(act)
    if shape is None:
        return True
    return _only(shape.before, after) if act in _PLAIN_ANSWERS else _goes_on(shape, f" {after}", "resolved")


def _only(words: frozenset[str], text: str) -> bool:
    return all(word.strip("'") in words or word in words for word in _WORDS.findall(_COMPANY.sub(" ", text).lower()))


def _goes_on(shape: Shape, after: str, phrase: str) -> bool:
    if not shape.free:
        return shape.after.match(after) is not None
    if _only(shape.before, after):
        return True
    if phrase.lower().endswith(_MENDED) and _OBJECT.match(after):
        return False
    return shape.after.match(after) is not None and _DOES.search(f"{phrase}{after}") is not None


# Is everything the writer said accounted for? Before a message acts, each of its sentences must either support what
# it was read as, or be of a kind that takes nothing back.
#
# ``hearing.py`` asks whether one phrase is clear in its own sentence. That is not enough: "Iris is happy with this. I
# haven't made my mind up." Agreement is held to more than refusal, because what is refused stays open and is looked
# at again, and what is agreed is closed.

_AGREES = frozenset({Act.PROPOSE_RESOLUTION, Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE})
_ANSWERED_BY = frozenset({Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE})  # to words of ours: nothing needs adding to a yes
_QUESTIONS: dict[Act, str] = {
    Act.PROPOSE_RESOLUTION: asking.RESOLVED_OR_NOT,
    Act.CONFIRM_RESOLUTION: asking.CONFIRM_OR_NOT,
    Act.OBJECT_RESOLUTION: asking.CONFIRM_OR_NOT,
    Act.ACCEPT_DATE: asking.WHICH_DATE,
    Act.REFUSE_DATE: asking.WHICH_DATE,
    Act.MOVE_UP: asking.UP_OR_NOT,
    Act.REFER: asking.UP_OR_NOT,
    Act.WITHDRAW: asking.WITHDRAW_OR_NOT,
    Act.REOPEN: asking.REOPEN_OR_NOT,
}
_AGAINST = frozenset({Sense.UNSETTLED, Sense.CONTRARY, Sense.OBJECTION, Sense.UP, Sense.REFER, Sense.REFUSAL})
_FOR = frozenset({Sense.SETTLED, Sense.ASSENT})
# Traps that take an agreement back from the sentence next to it; a plan or a promise does not.
_TAKES_BACK = frozenset({"joke", "quoted", "supposition", "belief", "own belief", "condition", "part", "but"})
_STANCE = lexicon.pattern("told.stance")
_ERRAND = lexicon.pattern("told.errand")
_DENIAL = lexicon.pattern("told.denial")
# "Nobody has visited since", "I haven't seen it": said of what has happened, not of what was agreed.
_UNMET = lexicon.pattern("told.unmet")
_DEMANDS = lexicon.pattern("told.demands")
_LABELLED = re.compile(r"[A-Z][\w' ]{2,40}: ?")
_RECEIVED = lexicon.pattern("told.received")
_WAITS = lexicon.pattern("told.waits")
_RIVALS: dict[str, frozenset[Act]] = {
    "ESCALATE": frozenset({Act.MOVE_UP, Act.REFER}),
    "REFER": frozenset({Act.MOVE_UP, Act.REFER}),
    "RESOLVED": frozenset({Act.PROPOSE_RESOLUTION, Act.CONFIRM_RESOLUTION}),
    "CONFIRM": frozenset({Act.CONFIRM_RESOLUTION, Act.PROPOSE_RESOLUTION, Act.OBJECT_RESOLUTION}),
    "DISAGREE": frozenset({Act.OBJECT_RESOLUTION, Act.REFUSE_DATE, Act.MOVE_UP}),
    "WITHDRAW": frozenset({Act.WITHDRAW}),
}


def accounted(intent: Intent, own: str, names: Names, command: Command | None = None) -> Intent:
    """An intent told plainly enough to act on, with every sentence accounted for, or the question to ask instead of it.

    ``command`` is the word on the first line that gave it. In capitals, as the letters print it, what follows a
    "RESOLVED" is what was agreed, in whatever words; only a second answer or a joke in it is asked about.
    """
    question = _QUESTIONS.get(intent.act)
    if question is None:
        return intent
    if intent.act in _ANSWERED_BY and is_receipt(own):
        return ask(question, intent.words or own, *intent.flags)
    parts = [" ".join(piece.split())[:2000] for piece in sentences(own)]
    lenient = command is not None and command.is_in_capitals and intent.act not in _ANSWERED_BY
    judge = _contradicts if lenient else undermines
    plain = lenient or _is_told(intent.act, own, names, command)
    if not plain or _shouts_another(intent.act, parts) or any(judge(intent.act, part, names) for part in parts):
        return ask(question, intent.words or own, *intent.flags)
    return intent


def is_receipt(own: str) -> bool:
    """Does a yes say no more plainly than that the letter has come, "Yes, received."?"""
    first = next(iter(sentences(own)), "")
    return _RECEIVED.search(first) is not None


def _is_told(act: Act, own: str, names: Names, command: Command | None) -> bool:
    """Is an act told plainly in some sentence? Of an agreement, does every sentence that agrees do so?"""
    if command is not None:
        first = next(iter(sentences(command.after)), "")
        return goes_on_plainly(act, first if command.after.lstrip().startswith(first) else "")
    told = [is_plain(act, heard) for heard in hear(own, names) if heard.is_clear and supports(act, heard)]
    return bool(told) and (all(told) if act in _AGREES else any(told))


def _shouts_another(act: Act, parts: list[str]) -> bool:
    """Is an act not plain because another is shouted beside it, "RESOLVED on the visits. ESCALATE on the plan."?"""
    words = [re.match(r"[A-Z]{5,10}\b", part) for part in parts[1:]]
    names = {w[0].rstrip("D") + "D" if w[0].startswith("RESOLV") else w[0] for w in words if w}
    return any(act not in _RIVALS[name] for name in names if name in _RIVALS)


def _contradicts(act: Act, part: str, names: Names) -> bool:
    """Is an act told by a word in capitals not plain because this sentence gives the other answer, or laughs at it?"""
    if "joke" in traps_in(part):
        return True
    if _LABELLED.match(part):
        return False  # "Agreed: none" fills in the form
    return any(h.sense in _rivals(act) and h.is_clear for h in hear(part, names))


def _rivals(act: Act) -> frozenset[Sense]:
    """The senses that make an act less than plain, since they cannot be meant along with it. A dispute may well be
    withdrawn because it is settled."""
    if act is Act.WITHDRAW:
        return frozenset({Sense.UP, Sense.REFER})
    return _AGAINST if act in _AGREES else _FOR


def undermines(act: Act, part: str, names: Names) -> bool:
    """Is an act not plain because of what this sentence says beside it?"""
    heard = hear(part, names)
    traps = traps_in(part)
    if "joke" in traps:
        return True
    if act in _AGREES:
        return _unsettles(act, part, heard, traps)
    if "question" in traps and _STANCE.search(part):
        return True
    return any(h.sense in _rivals(act) and h.is_clear for h in heard) or _WAITS.search(part) is not None


def _unsettles(act: Act, part: str, heard: tuple[Heard, ...], traps: frozenset[str]) -> bool:
    """Is an agreement not plain because this sentence leaves it open?"""
    if any(h.sense in _AGAINST for h in heard):
        return True
    if "question" in traps:
        return not _ERRAND.search(part) or bool(_STANCE.search(part))
    if any(h.sense in _FOR and h.is_clear for h in heard):
        return False
    if traps & _TAKES_BACK or _UNMET.search(part):
        return True
    return act in _ANSWERED_BY and bool("report" in traps or _DENIAL.search(part) or _DEMANDS.search(part))


# Is what stands beside a command an explanation of it: thanks, a reason, a plain fact, a plan?
#
# People take a command back in words without end ("only kidding", "that was my son"), so those are not listed. What is
# understood to leave it as it is, is. Whatever else somebody says beside an act that closes, hands over or puts off
# what a child is waiting for, they are asked whether they meant it.

# The acts that a child or a party pays for most when they were not meant: they end it, give it away, or make it longer.
IN_OTHER_WORDS = "other words stand beside what was asked for"
_HELD_TO_IT = frozenset(
    {
        Act.CONFIRM_RESOLUTION,
        Act.WITHDRAW,
        Act.ACCEPT_DATE,
        Act.PROPOSE_DATE,
        Act.HANDOVER,
        Act.ADD_PERSON,
        Act.REMOVE_PERSON,
    }
)
_TURNS = lexicon.pattern("told.cautions")
CAUTIONS = re.compile(f"{_TURNS.pattern}|{lexicon.pattern('told.mild_cautions').pattern}", _TURNS.flags)
_PASSED_OVER = lexicon.pattern("courtesies.passed_over")
_FAREWELL = lexicon.pattern("courtesies.farewell_line")
_SORRY = re.compile(
    r"(?:sorry|apologies|my apologies) for (?:the |my )?(?:delay|late|slow)|have a (?:good|nice|lovely)", re.I
)
_FACTS = lexicon.vocabulary("plain_facts")
_ASSENTS = frozenset(
    word
    for table in ("plain_subjects", "plain_links", "plain_manners", "plain_yes")
    for word in lexicon.vocabulary_in_order(table)
)
_ADDRESS = re.compile(r"<?[^\s@<>(),;:]+@[\w.-]*\w>?")
_CLAUSE = re.compile(
    r"^\W*(?:and|so|because|as|since|for|due to|owing to|now that|given that"
    r"|following (?:\w+ ){0,3}(?:calls?|discussions?|meetings?|conversations?|e-?mails?|letters?|supervision))\b",
    re.I,
)
# Who or what a plain fact is said of; and a fact without anybody, "Settled by telephone", "Talking it through, …".
_FRAGMENTS = lexicon.vocabulary("plain_fragments")
_MATTERS = _ASSENTS | _FACTS | lexicon.vocabulary("plain_matters") | frozenset(_DAYS)
_SUBJECT = re.compile(
    r"\W*(?:I|We|we|He|he|She|she|They|they|It|it|There|there|This|this|That|that|Both|both|All|all|Everyone|everyone"
    r"|Everybody|everybody|Everything|everything|(?:[Tt]he|[Oo]ur|[Mm]y|[Hh]is|[Hh]er|[Tt]heir|[Aa]n?)\s[\w'-]+"
    r"|(?P<named>[A-Z][\w'-]*)\.?(?:[A-Z]\.)*)(?:'(?:s|m|ve|re|ll|d))?\s+(?:[\w'-]+\s+){0,4}?([a-z'-]+)\b"
)
_FRAGMENT = re.compile(r"^\W*(?:now |all |both |already |since |jointly )*([A-Za-z]+)\b")
# A reason to withdraw may be anything that happened to those concerned; nothing about its writer or the email.
_OF_THE_CASE = re.compile(
    r"\W*(?:the|his|her|their|both|all) [\w'-]+ (?!.*\b(?:i|me|my|we|us|our|this|that|it|email|message|button)\b)"
    r"[a-z'-]+ \w",
    re.I,
)
_TALKED = re.compile(r"^\W*(?:talking|having|speaking|looking|thinking|reading)\b.{0,60}?,\s*", re.I)
_REFERENCE = re.compile(r"^\W*[A-Z]{2,6}-\d{2}-\d{4}\b\W*")
_UNTIL = re.compile(r"\b(?:until|till)\b", re.I)  # a handover may be for a time
_ASKED_POLITELY = re.compile(r"^\W*(?:please|could you|can you|would you|let me know|do let me know|happy to)\b", re.I)
_ARGUMENT = lexicon.vocabulary("argument_words")


def if_explained(intent: Intent, scene: Scene, command: Command | None) -> Intent:
    """``intent`` where all that its writer says beside it is an explanation of it; else the question whether they mean
    it."""
    if intent.act not in _HELD_TO_IT:
        return intent
    odd = next((said for said in _beside(intent.act, scene, command) if not explains(said, intent.act, scene)), "")
    another = intent.act is Act.WITHDRAW and withdraws_another(scene.own)
    if not (odd or another or _is_of_another_day(intent.act, scene) or _unsays_below(scene)):
        return intent
    word = command.name if command is not None else "one word for it"
    return ask(UNEXPLAINED.format(word=word), intent.words or scene.own, *intent.flags, IN_OTHER_WORDS)


def left_unexplained(intent: Intent, scene: Scene, command: Command | None) -> str | None:
    """The sentences beside ``intent`` that are no explanation of it, where none of them turns, doubts or puts off by
    any word that is known to: whether they take it back is for the second reader to hear. None where one does."""
    another = intent.act is Act.WITHDRAW and withdraws_another(scene.own)
    if another or _is_of_another_day(intent.act, scene) or _unsays_below(scene):
        return None
    odd = [said for said in _beside(intent.act, scene, command) if not explains(said, intent.act, scene)]
    if any(_TURNS.search(said) or traps_in(said) - _PLANS for said in odd):
        return None
    return "\n".join(odd)


_PLANS = frozenset({"future", "promise", "one side", "part"})
_WITHDRAWS_ANOTHER = re.compile(
    r"\bwithdr[ae]w\w*\s+(?:(?:him|her|them|[a-z][\w'-]*|(?-i:[A-Z][\w.'-]*))\s+(?:\w+\s+)?from\b"
    r"|(?:my|our|his|her|their|the|a|an)\s+(?:\w+\s+)?(?:consent|permission|agreement to|invitation|offer|place"
    r"|application|support|funding|statement|allegation|complaint|request for)\b)",
    re.I,
)


def withdraws_another(own: str) -> bool:
    """Is something else withdrawn, and not plainly what was raised: "withdraw K from swimming", "my consent"?"""
    return _WITHDRAWS_ANOTHER.search(own) is not None


def _unsays_below(scene: Scene) -> bool:
    """Does the first line of a signature, where a name or a closing is expected, explain nothing and take back: "Kind
    regards / Not really"? What follows a name (working days, excuses for a telephone) is of every email."""
    below = (line.strip() for line in scene.said.signature.split("\n"))
    first = next((line for line in below if line.strip("-_ ") and not _is_courtesy(line)), "")
    return CAUTIONS.search(first) is not None and not (_DEVICE.search(first) or _is_name(first, scene))


_DEVICE = re.compile(
    r"\b(?:i?phone|i?pad|mobile|tablet|blackberry|android|outlook|galaxy|keyboard|thumbs?|device)\b", re.I
)


def _beside(act: Act, scene: Scene, command: Command | None) -> tuple[str, ...]:
    """The sentences beside the command and its arguments, or beside the words that tell the act."""
    if command is None and act is Act.CONFIRM_RESOLUTION:
        return tuple(sentences(scene.own))  # what is confirmed stands in the same sentence: "Confirmed: he hit her."
    if command is None:
        return tuple(
            said for said in sentences(scene.own) if not any(supports(act, heard) for heard in hear(said, scene.names))
        )
    first, _, below = _REFERENCE.sub("", command.rest, count=1).partition("\n")
    if act in (Act.HANDOVER, Act.ADD_PERSON, Act.REMOVE_PERSON, Act.PROPOSE_DATE, Act.ACCEPT_DATE):
        first = _without_arguments(first, scene)
    if act is Act.PROPOSE_DATE and CAUTIONS.search(first) is None:
        first = ""  # the letter asks for the date "and why": what follows it is the reason
    return sentences(f"{first}\n{below}")


def _without_arguments(line: str, scene: Scene) -> str:
    """A command's own line without whom and when it names; "" where no more is said."""
    found = first_date(line, scene.today)
    rest = _ADDRESS.sub(" ", line.replace(found.words, " ") if found is not None else line)
    rest = re.sub(r"^\W*please\b[\s,]*", "", rest, flags=re.I)
    words = [word for word in re.findall(r"[\w'-]+", rest) if not (word[:1].isupper() or word.isdigit())]
    return "" if all(word.lower() in _ARGUMENT for word in words) else rest


def _is_of_another_day(act: Act, scene: Scene) -> bool:
    """Does an answer name a coming day that is none of those it is asked to agree to?"""
    dispute = scene.dispute
    days: set[date] = set()
    if dispute is not None and act is Act.CONFIRM_RESOLUTION and dispute.proposal is not None:
        days = {action.by for action in dispute.proposal.actions if action.by is not None}
    if dispute is not None and act is Act.ACCEPT_DATE and dispute.open_date is not None:
        days = {dispute.open_date.on}
    text = scene.own
    while days and (found := first_date(text, scene.today)) is not None:
        if found.on is not None and found.on > scene.today and found.on not in days:
            return True
        text = text[max(found.end, 1) :]
    return False


def explains(said: str, act: Act, scene: Scene) -> bool:
    """Is a sentence an explanation of the act beside it: a courtesy, an assent, a name, a filled line, a reason, or a
    plain fact, in which no word turns, doubts, puts off or is somebody else's?"""
    bare = said.strip(" \t-*_>.,!")
    if not re.search(r"[^\W\d_]", bare) or _is_courtesy(bare) or _is_name(bare, scene):
        return True
    if act is Act.WITHDRAW and _NEVER_MEANT.search(bare):
        return True
    if act in (Act.HANDOVER, Act.PROPOSE_DATE):  # for a time, or longer than they had
        bare = _UNTIL.sub(" ", bare)
    label, colon, value = bare.partition(":")
    if CAUTIONS.search(bare) is not None:
        return _is_errand(bare)
    if colon and value.strip() and field_for(label.strip()):
        return True
    if any(heard.is_clear and supports(act, heard) and is_plain(act, heard) for heard in hear(said, scene.names)):
        return True
    if _ASKED_POLITELY.match(bare):
        return _is_errand(bare)
    if act in (Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE):
        return all(_is_plain_word(word, scene) for word in _WORDS.findall(bare.lower())) and _begins_plainly(
            bare, scene
        )
    of_the_case = act is Act.WITHDRAW and _OF_THE_CASE.match(bare) is not None
    return of_the_case or bool(_CLAUSE.match(bare)) or begins_as_fact(_TALKED.sub("", bare), _named(scene))


def _is_plain_word(word: str, scene: Scene) -> bool:
    return len(word) == 1 or word.strip("'") in _MATTERS or word.removesuffix("'s") in _MATTERS | _named(scene)


def _begins_plainly(said: str, scene: Scene) -> bool:
    """An answer of plain words is an assent, a reason or a fact; "See first what the visit brings" is none."""
    words = _WORDS.findall(said.lower())
    return all(word in _ASSENTS for word in words) or bool(_CLAUSE.match(said)) or begins_as_fact(said, _named(scene))


def _is_errand(said: str) -> bool:
    """A small thing asked beside: "Please send me the minutes", "Could you ring Imogen?"."""
    bare = _PLEASE.sub("", said)
    politely = _ASKED_POLITELY.match(said) is not None
    return (
        politely
        and _ERRAND.search(bare) is not None
        and not (_STANCE.search(bare) or CAUTIONS.search(bare.replace("?", "")))
    )


_PLEASE = re.compile(r"^\W*(?:please|could you|can you|would you)\b", re.I)
_NEVER_MEANT = re.compile(
    r"^(?:(?:this|it)\s)?(?:was |has been )?(?:raised|opened|reported|recorded|logged)\b.{0,30}\b(?:in error|by mistake"
    r"|twice)\b|^(?:this is )?(?:a )?duplicate\b|\bno longer\b(?!.{0,40}\b(?:but|if|unless)\b)",
    re.I,
)


def _is_courtesy(said: str) -> bool:
    return bool(
        _PASSED_OVER.fullmatch(said) or _SORRY.match(said) or _FAREWELL.match(said) or GREETING_LINE.match(said)
    )


def _is_name(said: str, scene: Scene) -> bool:
    """Is a line the writer's own name, or part of it, with what they are?"""
    name = plain(scene.said.sender.name).split()
    mine = {*name, *plain(scene.said.sender.designation).split(), *(word[:1] for word in name)}
    words = plain(said).split()
    return bool(words) and (set(words) <= mine or plain(said) == "".join(word[:1] for word in name))


def begins_as_fact(said: str, named: frozenset[str] = frozenset()) -> bool:
    """Does an explanation say of somebody (``named`` are those who may be meant), or of something, what they are, did
    or will do?"""
    begins = _FRAGMENT.match(said)
    if begins is not None and begins[1].lower() in _FRAGMENTS:
        return True
    met = _SUBJECT.match(said)
    if met is None or (met["named"] and met["named"].lower().removesuffix("'s") not in named | _NOUNS):
        return False
    return any(word in _FACTS for word in _WORDS.findall(said.lower()))


def _named(scene: Scene) -> frozenset[str]:
    """The names that a fact may be said of: everybody's in the dispute, the agencies', the child's initials."""
    dispute = scene.dispute
    if dispute is None:
        return frozenset()
    people = (*scene.people, *scene.said.to, *scene.said.cc, scene.said.sender)
    written = (*(p.name for p in people), dispute.raising, *dispute.receiving_agencies, dispute.child.replace(".", ""))
    words = {word for one in written for word in (*plain(one).split(), plain(one).replace(" ", ""))}
    return frozenset(words | set("abcdefghjklmnopqrstuvwxyz") | _NOUNS)  # a letter is a child's initial


_ASCRIBED = tuple(re.compile(one, re.IGNORECASE | re.MULTILINE) for one in lexicon.loaded().lists["told.ascribed"])
_OURS = re.compile(
    r"(?:us|our|my|both|all|everyone|everybody|the (?:school|team|trust|council|service|agency|practice|surgery|force"
    r"|ward|college|nursery|governors?|board|child|department))\b",
    re.I,
)


def is_ascribed(scene: Scene) -> bool:
    """Does an email say, above its signature or in it, that what stands there is somebody else's, and no explanation of
    its writer's own: sent on behalf of a person, from another's telephone, because somebody asked for it?"""
    mine = {*plain(scene.said.sender.name).split(), *plain(scene.said.sender.agency).split()}
    for text in (scene.own, scene.said.signature):
        for pattern in _ASCRIBED:
            for met in pattern.finditer(text.replace("\u2019", "'")):
                who = next((one for one in met.groupdict().values() if one), "")
                if not who or not (_OURS.match(who) or set(plain(who).split()) & mine):
                    return True
    return False


_NOUNS = frozenset({"social", "school", "mum", "dad", "parents", "family", "police", "health", "nursery", "visits"})
