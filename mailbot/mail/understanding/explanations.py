"""Explanations: what may stand below a command and takes nothing from it: thanks, a reason, a plain fact, a plan.

People take a command back in words without end ("only kidding", "that was my son"), so those are not listed. What is
understood to leave it as it is, is. Whatever else somebody says beside an act that closes, hands over or puts off what
a child is waiting for, they are asked whether they meant it.
"""

import re
from datetime import date

from mailbot.core.record.intents import Act, Intent
from mailbot.mail import lexicon
from mailbot.mail.text.dates import first_date
from mailbot.mail.text.labelled_lines import field_for
from mailbot.mail.text.phrases import hear
from mailbot.mail.text.spelling_and_sentences import plain, sentences
from mailbot.mail.understanding.commands import GREETING_LINE, Command
from mailbot.mail.understanding.context import Scene
from mailbot.mail.understanding.plainness import is_plain, supports
from mailbot.mail.understanding.questions import UNEXPLAINED, ask

# The acts that a child or a party pays for most when they were not meant: they end it, give it away, or make it longer.
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
CAUTIONS = lexicon.pattern("told.cautions")
_PASSED_OVER = lexicon.pattern("courtesies.passed_over")
_FAREWELL = lexicon.pattern("courtesies.farewell_line")
_SORRY = re.compile(
    r"(?:sorry|apologies|my apologies) for (?:the |my )?(?:delay|late|slow)|have a (?:good|nice|lovely)", re.I
)
_FACTS = lexicon.vocabulary("plain_facts")
_YES = frozenset(
    word
    for table in ("plain_subjects", "plain_links", "plain_manners", "plain_yes")
    for word in lexicon.vocabulary_in_order(table)
)
_ADDRESS = re.compile(r"<?[^\s@<>(),;:]+@[\w.-]*\w>?")
_CLAUSE = re.compile(r"^\W*(?:and|so|because|as|since|for|due to|owing to|following|after|now that|given that)\b", re.I)
# Who or what a plain fact is said of; and a fact without anybody, "Settled by telephone", "Talking it through, …".
_FRAGMENTS = lexicon.vocabulary("plain_fragments")
_MATTERS = _YES | _FACTS | lexicon.vocabulary("plain_matters") | lexicon.vocabulary("plain_days")
_SUBJECT = re.compile(
    r"\W*(?:I|We|we|He|he|She|she|They|they|It|it|There|there|This|this|That|that|Both|both|All|all|Everyone|everyone"
    r"|Everybody|everybody|Everything|everything|(?:[Tt]he|[Oo]ur|[Mm]y|[Hh]is|[Hh]er|[Tt]heir|[Aa]n?)\s[\w'-]+"
    r"|(?P<named>[A-Z][\w'-]*)\.?(?:[A-Z]\.)*)(?:'(?:s|m|ve|re|ll|d))?\s+(?:[\w'-]+\s+){0,4}?([a-z'-]+)\b"
)
_WORD = re.compile(r"[a-z']+")
_FRAGMENT = re.compile(r"^\W*(?:now |all |both |already |since |jointly )*([A-Za-z]+)\b")
_TALKED = re.compile(r"^\W*(?:talking|having|speaking|looking|thinking|reading)\b.{0,60}?,\s*", re.I)
_UNTIL = re.compile(r"\b(?:until|till)\b", re.I)  # a handover may be for a time
_ERRAND = lexicon.pattern("told.errand")
_STANCE = lexicon.pattern("told.stance")
_ASKED_POLITELY = re.compile(r"^\W*(?:please|could you|can you|would you|let me know|do let me know|happy to)\b", re.I)
_ARGUMENT = lexicon.vocabulary("argument_words")


def explained(intent: Intent, scene: Scene, command: Command | None) -> Intent:
    """``intent`` where all that its writer says beside it is an explanation of it; else the question whether they mean
    it."""
    if intent.act not in _HELD_TO_IT:
        return intent
    odd = next((said for said in _beside(intent.act, scene, command) if not explains(said, intent.act, scene)), "")
    if not odd and not _is_of_another_day(intent.act, scene):
        return intent
    word = command.name if command is not None else "one word for it"
    return ask(UNEXPLAINED.format(word=word), intent.words or scene.own, *intent.flags)


def _beside(act: Act, scene: Scene, command: Command | None) -> tuple[str, ...]:
    """The sentences beside the command and its arguments, or beside the words that tell the act."""
    if command is None:
        return tuple(
            said for said in sentences(scene.own) if not any(supports(act, heard) for heard in hear(said, scene.names))
        )
    first, _, below = command.rest.partition("\n")
    if act in (Act.HANDOVER, Act.ADD_PERSON, Act.REMOVE_PERSON, Act.PROPOSE_DATE, Act.ACCEPT_DATE):
        first = _without_arguments(first, scene)
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
    if not re.search(r"\w", bare) or _is_courtesy(bare) or _is_name(bare, scene):
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
        return all(_is_plain_word(word, scene) for word in _WORD.findall(bare.lower())) and _begins_plainly(bare, scene)
    return bool(_CLAUSE.match(bare)) or begins_as_fact(_TALKED.sub("", bare), _named(scene))


def _is_plain_word(word: str, scene: Scene) -> bool:
    return len(word) == 1 or word.strip("'") in _MATTERS or word.removesuffix("'s") in _MATTERS | _named(scene)


def _begins_plainly(said: str, scene: Scene) -> bool:
    """An answer of plain words is an assent, a reason or a fact; "See first what the visit brings" is none."""
    words = _WORD.findall(said.lower())
    return all(word in _YES for word in words) or bool(_CLAUSE.match(said)) or begins_as_fact(said, _named(scene))


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
    return any(word in _FACTS for word in _WORD.findall(said.lower()))


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
