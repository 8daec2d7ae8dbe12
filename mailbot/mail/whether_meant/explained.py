"""Explained: is what stands beside a command an explanation of it: thanks, a reason, a plain fact, a plan?

People take a command back in words without end ("only kidding", "that was my son"), so those are not listed. What is
understood to leave it as it is, is. Whatever else somebody says beside an act that closes, hands over or puts off what
a child is waiting for, they are asked whether they meant it.
"""

import re
from dataclasses import replace
from datetime import date

from mailbot.core.record.intents import Act, Intent
from mailbot.mail import lexicon
from mailbot.mail.body.own_words import answers_inside
from mailbot.mail.body.passed_on import introduces
from mailbot.mail.body.standing_sentences import is_standing, without_standing_sentences
from mailbot.mail.body.whose_signature import is_own_name, is_own_post, looks_like_a_name, others_name
from mailbot.mail.text.dates import first_date
from mailbot.mail.text.labelled_lines import field_for
from mailbot.mail.text.phrases import hear
from mailbot.mail.text.several_disputes import with_its_name_left_out
from mailbot.mail.text.spelling_and_sentences import plain, sentences
from mailbot.mail.understanding.commands import GREETING_LINE, Command
from mailbot.mail.understanding.context import Scene, roles_meant, writer_of
from mailbot.mail.understanding.questions import GOES_ON, UNEXPLAINED, UP_OR_NOT, ask
from mailbot.mail.whether_meant.other_terms import (
    reopens_another,
    repeats_what_was_put,
    says_other_terms,
    turns,
    withdraws_another,
    without_what_was_put,
)
from mailbot.mail.whether_meant.plainness import ERRAND, PARTS_OF_DAYS, STANCE, WORDS, is_plain, shows_doubt, supports
from mailbot.mail.whether_meant.reasons import agrees, called, demand_met, needs_it_no_more

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
# What remains unresolved, or why it is not agreed, is told in any words: of those, only what is said of the request.
_FREELY_TOLD = frozenset({Act.MOVE_UP, Act.REFER, Act.REOPEN, Act.OBJECT_RESOLUTION, Act.PROPOSE_RESOLUTION})
# Looking again at what was closed takes nothing from a child: only what is said of the request itself is asked about.
_ASKS_ON = frozenset({Act.MOVE_UP, Act.REFER})
CAUTIONS = lexicon.pattern("told.cautions")
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
_ADDRESS = re.compile(r"<?(?:mailto:)?[^\s@<>(),;:]+@[\w.-]*\w>?")
# "For us this is settled", and not "for discussion": what a word is given for is no reason of it.
_CLAUSE = re.compile(
    r"^\W*(?:and|so|because|as|since|due to|owing to|now that|given that"
    r"|for (?:the (?:reasons?|moment|school)|all|both|our|my|me|us|his|her|their|these|those|this|that|him|them|what)"
    r"|following (?:\w+ ){0,3}(?:calls?|discussions?|meetings?|conversations?|e-?mails?|letters?|supervision))\b",
    re.I,
)
# Who or what a plain fact is said of; and a fact without anybody, "Settled by telephone", "Talking it through, …".
_FRAGMENTS = lexicon.vocabulary("plain_fragments")
_MATTERS = _ASSENTS | _FACTS | lexicon.vocabulary("plain_matters") | frozenset(PARTS_OF_DAYS)
_SUBJECT = re.compile(
    r"\W*(?:I|We|we|He|he|She|she|They|they|It|it|There|there|This|this|That|that|Both|both|All|all|Everyone|everyone"
    r"|Everybody|everybody|Everything|everything|(?:[Tt]he|[Oo]ur|[Mm]y|[Hh]is|[Hh]er|[Tt]heir|[Aa]n?)\s[\w'-]+"
    r"|(?P<named>[A-Z][\w'-]*)\.?(?:[A-Z]\.)*)(?:'(?:s|m|ve|re|ll|d))?\s+(?:[\w'-]+\s+){0,4}?([a-z'-]+)\b"
)
_FRAGMENT = re.compile(r"^\W*(?:now |all |both |already |since |jointly )*([A-Za-z]+)\b")
_TALKED = re.compile(r"^\W*(?:talking|having|speaking|looking|thinking|reading)\b.{0,60}?,\s*", re.I)
_REFERENCE = re.compile(r"^\W*[A-Z]{2,6}-\d{2}-\d{4}\b\W*")
_UNTIL = re.compile(r"\b(?:until|till)\b", re.I)  # a handover may be for a time
_ASKED_POLITELY = re.compile(r"^\W*(?:please|could you|can you|would you|let me know|do let me know|happy to)\b", re.I)
_ARGUMENT = lexicon.vocabulary("argument_words")
_GROUNDS = lexicon.vocabulary("plain_grounds")


def if_explained(intent: Intent, scene: Scene, command: Command | None) -> Intent:
    """``intent`` where all that its writer says beside it is an explanation of it; else the question whether they mean
    it."""
    if intent.act in _FREELY_TOLD:
        return _if_told_freely(intent, scene, command)
    if intent.act is Act.UNDO and any(_JEST.fullmatch(said.strip(" .,!")) for said in sentences(scene.own)):
        return ask(UNEXPLAINED.format(word="WRONG"), scene.own, *intent.flags, IN_OTHER_WORDS)
    if intent.act not in _HELD_TO_IT:
        return intent
    beside = tuple(said for said in _beside(intent.act, scene, command) if not _only_names_it(said, scene))
    odd = shows_doubt(command.rest if command is not None else scene.own)
    odd = odd or any(not explains(said, intent, scene) for said in beside)
    another = intent.act is Act.WITHDRAW and withdraws_another(with_its_name_left_out(scene.own, scene.dispute))
    if not (odd or another or _is_of_another_day(intent.act, scene) or _unsays_below(scene)):
        return intent
    word = command.name if command is not None else "one word for it"
    return ask(UNEXPLAINED.format(word=word), intent.words or scene.own, *intent.flags, IN_OTHER_WORDS)


def _only_names_it(said: str, scene: Scene) -> bool:
    """Is no more said beside a request than which dispute it is for: "WITHDRAW A.K."?"""
    return plain(with_its_name_left_out(said, scene.dispute)) == "this dispute"


def _unsays_below(scene: Scene) -> bool:
    """Beside a command, does the first line of a signature, where a name or a closing is expected, explain nothing and
    take back: "Kind regards / Not really"? What follows a name (working days, excuses for a telephone) is of every
    email."""
    below = (line.strip() for line in scene.said.signature.split("\n"))
    first = next((line for line in below if line.strip("-_ ") and not _is_courtesy(line, scene)), "")
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
    first, _, below = command.rest.partition("\n")
    if act in (Act.HANDOVER, Act.ADD_PERSON, Act.REMOVE_PERSON, Act.PROPOSE_DATE, Act.ACCEPT_DATE):
        first = _without_arguments(first, scene)
    if act is Act.PROPOSE_DATE and CAUTIONS.search(first) is None:
        first = ""  # the letter asks for the date "and why": what follows it is the reason
    return sentences(f"{first}\n{below}")


def alone(command: Command, scene: Scene) -> Command:
    """A command, whatever explains it, without what people repeat on its line and means nothing more."""
    for without in (_without_its_reference, without_what_was_put, _without_its_own_behalf):
        command = without(command, scene)
    return command


def _without_its_reference(command: Command, scene: Scene) -> Command:
    """A command, whatever explains it, without the reference of the very dispute, which people like to repeat; that of
    another stays, and is asked about."""
    begun = _REFERENCE.match(command.rest)
    if begun is None or _names_another(begun[0], scene):
        return command
    after = _REFERENCE.sub("", command.after, count=1)
    return replace(command, rest=command.rest[begun.end() :], after=after)


def _without_its_own_behalf(command: Command, scene: Scene) -> Command:
    """A command, whatever explains it, without "on behalf of" the writer's own agency, for which they answer anyway,
    and without the child's initials, "CONFIRM for K"."""
    line, _, below = command.rest.partition("\n")
    said = line.strip(" .!)(")
    kept = _without_own_behalf(said, scene)
    if kept == said:
        return command
    kept = kept.strip(" .!()-\u2013\u2014,")
    return replace(command, rest=f"{kept}\n{below}".strip(), after=f" {kept}" if kept else "")


def _without_arguments(line: str, scene: Scene) -> str:
    """A command's own line without whom and when it names, which stand first, and as what, in the file's own words for
    its roles; "" where no more is said."""
    role = _AS_WHAT.search(line)
    if role is not None and roles_meant(role[1], scene.protocol, scene.side):
        line = line[: role.start()]
    found = first_date(line, scene.today)
    rest = _ADDRESS.sub(" ", line.replace(found.words, " ") if found is not None else line)
    rest = re.sub(r"^\W*please\b[\s,]*", "", rest, flags=re.I)
    pieces = _PIECES.split(rest)
    while pieces and _only_arguments(pieces[0]):
        pieces.pop(0)
    return ". ".join(piece.strip() for piece in pieces if not _only_arguments(piece))


_AS_WHAT = re.compile(r"\bas (?:an? |the )?(.{3,60}?)[\s.]*$", re.I)
_PIECES = re.compile(r"[,;.(]\s|\s[-\u2013\u2014]+\s|(?<=\s)[,;.]+(?=\s)|\n")


def _only_arguments(piece: str) -> bool:
    """Is a piece of a command's line made of nothing but whom and when it names? "I" is no name."""
    words = [w for w in re.findall(r"[\w'-]+", piece) if w == "I" or not (w[:1].isupper() or w.isdigit())]
    return all(word.lower() in _ARGUMENT and word != "I" for word in words)


def _is_of_another_day(act: Act, scene: Scene) -> bool:
    """Does an answer name a coming day that is none of those it is asked to agree to?"""
    dispute = scene.dispute
    days: set[date] = set()
    if dispute is not None and act is Act.CONFIRM_RESOLUTION and dispute.proposal is not None:
        days = {action.by for action in dispute.proposal.actions if action.by is not None}
    if dispute is not None and act is Act.ACCEPT_DATE and dispute.open_date is not None:
        days = {dispute.open_date.on}
    text = "\n".join(one for line in scene.own.split("\n") for one in sentences(line) if not is_standing(one))
    while days and (found := first_date(text, scene.today)) is not None:
        if found.on is not None and found.on > scene.today and found.on not in days:
            return True
        text = text[max(found.end, 1) :]
    return False


def explains(said: str, intent: Intent, scene: Scene) -> bool:
    """Is a sentence an explanation of the act beside it: a courtesy, an assent, a name, a filled line, a reason, or a
    plain fact, in which no word turns, doubts, puts off or is somebody else's?"""
    act = intent.act
    bare = said.strip(" \t-*_>.,!")
    if shows_doubt(bare) or _is_of_another_voice(bare, scene) or turns(act, bare):
        return False
    if not re.search(r"[^\W\d_]", bare) or _is_courtesy(bare, scene) or _is_name(bare, scene):
        return True
    put_again = act is Act.CONFIRM_RESOLUTION and repeats_what_was_put(bare, scene.dispute)
    if put_again or _PLEASE_ALONE.fullmatch(bare) or _SENT_FROM.match(bare):  # whose device it was is asked elsewhere
        return True
    if OF_THE_REQUEST.search(bare):
        return False
    if act is Act.WITHDRAW and _was_never_meant(bare):
        return True
    if _names_another(bare, scene):
        return False
    if (act is Act.WITHDRAW and needs_it_no_more(bare, scene)) or (act in _ANSWERS and agrees(bare, scene)):
        return True
    if act in (Act.HANDOVER, Act.PROPOSE_DATE):  # for a time, or longer than they had
        bare = _UNTIL.sub(" ", bare)
    label, colon, value = bare.partition(":")
    if act in _ANSWERS and (bare := _WE_COULD.sub("glad that we", _NO_TROUBLE.sub("", bare))) == "":
        return True
    if (bare := _without_own_behalf(bare, scene)) == "":
        return True
    if CAUTIONS.search(bare) is not None:
        return _is_errand(bare)
    if act in _ANSWERS and _is_kind(bare, act, scene):
        return True
    if colon and value.strip() and _is_label(label):
        return True
    if act is not Act.WITHDRAW and act not in _OF_PEOPLE and _is_heard(said, act, scene):
        return act is not Act.CONFIRM_RESOLUTION or not says_other_terms(bare, scene)
    if _ASKED_POLITELY.match(bare):
        return _is_errand(bare)
    return _EXPLAINS.get(act, _explains_a_change)(bare, said, intent, scene)


def _without_own_behalf(said: str, scene: Scene) -> str:
    """A sentence, whatever it explains, without "on behalf of" the writer's own agency, "From the school", or the child
    of the very dispute, "for K"."""
    behalf = _BEHALF.search(said) or _FROM.fullmatch(said)
    theirs = behalf is not None and (
        set(plain(behalf[1]).split()) <= writer_of(scene).own_agency or called(behalf[1], scene) == "child"
    )
    return said.replace(behalf[0], "").strip() if behalf is not None and theirs else said


def _was_never_meant(said: str) -> bool:
    """Is it an explanation of why there should be no dispute: raised twice, in error; or is nothing left of it?"""
    return _NOTHING_LEFT.fullmatch(said) is not None or all(
        _NEVER_MEANT.search(one.strip()) for one in re.split(r",| and ", said)
    )


_ANSWERS = frozenset({Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE})
_KIND_WORDS, _UNKIND_WORDS = lexicon.pattern("told.kind_words", cased=True), lexicon.pattern("told.unkind_words")
_FIGURES = lexicon.pattern("told.figures_of_speech")
_LEAVES_OPEN, _WE_COULD = lexicon.pattern("told.leaves_open"), lexicon.pattern("told.pleased_we_could")
_GOOD_OF_A_DATE, _NO_TROUBLE = lexicon.pattern("told.good_of_a_date", cased=True), lexicon.pattern("told.no_trouble")


def _is_kind(said: str, act: Act, scene: Scene) -> bool:
    """Is it kind words, whatever for, or beside a date what that is good for: no explanation that brings a term, or a
    day, of its own?"""
    lowered = f"{said[:1].lower()}{said[1:]}"
    kind = _KIND_WORDS.search(lowered) is not None and _UNKIND_WORDS.search(said) is None
    if act is Act.ACCEPT_DATE and _GOOD_OF_A_DATE.search(lowered) is not None:
        kind = kind or _LEAVES_OPEN.search(said) is None
    if not kind or _names_a_coming_day(said, scene):
        return False
    return act is not Act.CONFIRM_RESOLUTION or not says_other_terms(_FIGURES.sub(" ", said), scene)


def _names_a_coming_day(said: str, scene: Scene) -> bool:
    found = first_date(said, scene.today)
    return found is not None and found.on is not None and found.on > scene.today


def _is_of_another_voice(said: str, scene: Scene) -> bool:
    """Does it begin as somebody else's words do, "From Tobias: please withdraw this"?"""
    voice = _VOICE.match(said)
    mine = {*plain(scene.said.sender.name).split(), "me", "us"}
    return voice is not None and not set(plain(voice[1]).split()) <= mine


_VOICE = re.compile(
    r"\W*(?:(?:message|note|word|text|email) )?(?:from|via|per) ([\w.' -]{2,40}?)\s*[:\u2013\u2014]", re.I
)
_BEHALF = re.compile(r"\b(?:for and )?on behalf of ([\w' -]{2,60})\Z", re.I)
_FROM = re.compile(r"\W*(?:from|for) ([\w'. -]{1,60})", re.I)
_NOTHING_LEFT = lexicon.pattern("told.nothing_left")
_PLEASE_ALONE = re.compile(r"\W*(?:(?:please|pls|plz|os gwelwch yn dda|ta|thx|tks|thanks|thank you)\b\W*){1,2}", re.I)
_SENT_FROM = re.compile(r"sent from [\w-]+['\u2019]s (?:i?phone|i?pad|tablet|mobile|galaxy|laptop|android)\W*$", re.I)


def _names_another(said: str, scene: Scene) -> bool:
    """Is a reference in it that is not this dispute's, mistyped or another partnership's?"""
    mine = scene.dispute.reference if scene.dispute is not None else ""
    child = scene.dispute.child.rstrip(".") if scene.dispute is not None else ""
    if child and any(found != child for found in re.findall(r"\b[A-Z]\.[A-Z]\b", said)):
        return True
    return any(found[0].upper() != mine for found in _ANY_REFERENCE.finditer(said))


_ANY_REFERENCE = re.compile(r"\b[A-Z]{2,6}-\d{2}-\d{3,6}\b", re.I)


def _is_label(label: str) -> bool:
    return bool(field_for(re.sub(r"^\W*(?:stage|step|level)\s+\w+\s+", "", label, flags=re.I).strip()))


def _explains_an_answer(bare: str, said: str, intent: Intent, scene: Scene) -> bool:
    """A confirmation is explained by what ``reasons`` lists, by a bare assent, and by nothing else; a later date by
    any plain fact as well."""
    words = WORDS.findall(bare.lower())
    if intent.act is Act.CONFIRM_RESOLUTION:
        assents = bool(_YES & set(words)) and all(word in _ASSENTS for word in words)
        return assents and not (says_other_terms(bare, scene) or _COMPLETES.match(bare))
    return _in_plain_words(bare, scene) and _begins_plainly(bare, scene)


_YES = lexicon.vocabulary("plain_assents")
# "CONFIRM" and below it "That I will be at the meeting": the one sentence that goes on, and says what is confirmed.
_COMPLETES = re.compile(r"^\W*that (?:I|we|he|she|they|you|the|my|our|his|her)\b", re.I)


def _explains_a_withdrawal(bare: str, said: str, intent: Intent, scene: Scene) -> bool:
    """A withdrawal is explained by what ``reasons`` lists, and by being said again in plain words."""
    return _in_plain_words(bare, scene, _GROUNDS) and _is_heard(said, intent.act, scene)


def _explains_a_change(bare: str, said: str, intent: Intent, scene: Scene) -> bool:
    """An explanation of who takes part, or of a later date: a reason, or a plain fact; of who takes part, one that is
    said of them or of the writer, and of nobody and nothing else."""
    if intent.act not in _OF_PEOPLE:
        named = _named(scene)
        return bool(_CLAUSE.match(bare)) or begins_as_fact(_TALKED.sub("", bare), named)
    meant = frozenset(plain(intent.person.name).split() if intent.person is not None else ())
    told = _BEGUN.sub("", " ".join(bare.split()), count=1)
    if intent.act is Act.REMOVE_PERSON and FOR_A_TIME.search(told) is not None:
        return False
    if _ABSENT.search(told) is not None:
        return True
    of_them = _OF_THEM.match(told)
    if of_them is None or (of_them["named"] and of_them["named"].lower() not in meant):
        return False
    words = WORDS.findall(told.lower())
    facts = _FACTS | _OF_SOMEBODYS_PART
    return any(word in facts for word in words) or all(word in _ARGUMENT | _MATTERS | meant for word in words)


_OF_SOMEBODYS_PART = frozenset({"hospital", "briefed", "caseload", "operation", "maternity", "paternity", "surgery"})
# What may stand before what is said of them: "Thanks Cassius, ", "as ", "because ".
_BEGUN = re.compile(
    r"^\W*(?:(?:thanks|thank you|many thanks|hi|hello)(?: [A-Z]\w+)?[,.!\s-]+)?"
    r"(?:(?:and|so|because|as|since|while|whilst|now that|given that)\s+)?",
    re.I,
)
_OF_THEM = re.compile(
    r"(?:I|[Ww]e|[Hh]e|[Ss]he|[Tt]hey|(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er) (?:last|leave|annual|maternity|paternity|new|cover"
    r"|deputy|contract|post|role|secondment|phased|working|days?)|(?P<named>[A-Z][\w'-]*?)(?: [A-Z][\w'-]*)?)"
    r"(?:'(?:s|m|ve|re|ll|d))?\s+[a-z']"
)
_ABSENT, FOR_A_TIME = lexicon.pattern("told.absent"), lexicon.pattern("told.for_a_time")
_JEST = lexicon.pattern("told.jest")
_OF_PEOPLE = frozenset({Act.HANDOVER, Act.ADD_PERSON, Act.REMOVE_PERSON})
_EXPLAINS = {
    Act.CONFIRM_RESOLUTION: _explains_an_answer,
    Act.ACCEPT_DATE: _explains_an_answer,
    Act.WITHDRAW: _explains_a_withdrawal,
}


def _is_heard(said: str, act: Act, scene: Scene) -> bool:
    return any(one.is_clear and supports(act, one) and is_plain(act, one) for one in hear(said, scene.names))


def _in_plain_words(said: str, scene: Scene, more: frozenset[str] = frozenset()) -> bool:
    known, named = _MATTERS | more, _named(scene)
    return all(
        len(word) == 1 or word.strip("'") in known or word.removesuffix("'s") in known | named
        for word in WORDS.findall(said.lower())
    )


def _begins_plainly(said: str, scene: Scene) -> bool:
    """An answer of plain words is an assent, a reason or a fact; "See first what the visit brings" is none."""
    words = WORDS.findall(said.lower())
    return all(word in _ASSENTS for word in words) or bool(_CLAUSE.match(said)) or begins_as_fact(said, _named(scene))


def _is_errand(said: str) -> bool:
    """A small thing asked beside: "Please send me the minutes", "Could you ring Imogen?"."""
    bare = _PLEASE.sub("", said)
    politely = _ASKED_POLITELY.match(said) is not None
    return (
        politely
        and ERRAND.search(bare) is not None
        and not (STANCE.search(bare) or CAUTIONS.search(bare.replace("?", "")))
    )


_PLEASE = re.compile(r"^\W*(?:please|could you|can you|would you)\b", re.I)
_NEVER_MEANT = re.compile(
    r"^(?:(?:this|it)\s)?(?:was |has been )?(?:raised|opened|reported|recorded|logged)\b.{0,30}\b(?:in error|by mistake"
    r"|twice)\b\W*$|^(?:(?:this|it) (?:is|was) )?(?:a )?duplicate\b(?: of (?:\S+ ?){1,4})?\W*$",
    re.I,
)


def _is_courtesy(said: str, scene: Scene) -> bool:
    """A courtesy, and to whom: thanks to anybody by name, and nothing more that somebody may mean by it."""
    if _SORRY.match(said) or _FAREWELL.match(said) or is_standing(said):
        return True
    signed = _SIGNED.match(said)
    if signed is not None and _is_name(said[signed.end() :], scene):
        return True
    pieces = re.split(r",\s+", said)
    if len(pieces) > 1 and all(_is_courtesy(piece, scene) for piece in pieces):
        return True
    if not (_PASSED_OVER.fullmatch(said) or GREETING_LINE.match(said)):
        return False
    begun = _BEGINS_KINDLY.match(said)
    rest = said[begun.end() :] if begun is not None else said
    called = rest if not re.match(r"\s*[,.!\u2013\u2014-]", rest) and looks_like_a_name(rest.strip(" .,!")) else ""
    known = _ASSENTS | _named(scene) - _NOUNS | _KINDLY
    return bool(called.strip()) or all(word.removesuffix("'s") in known for word in WORDS.findall(rest.lower()))


_SIGNED = re.compile(
    f"(?:{lexicon.pattern('courtesies.signed_thanks').pattern}|{lexicon.pattern('courtesies.signed_farewell').pattern})"
    r"\s*[,.!\u2013\u2014-]*\s*",
    re.I,
)
_BEGINS_KINDLY = lexicon.pattern("courtesies.begins_kindly")
_KINDLY = lexicon.vocabulary("acknowledging") | frozenset({"team", "colleagues", "folks", "kind", "kindly", "time"})
_LONGEST_SIGNATURE = 4  # lines


def is_signed_by_another(scene: Scene) -> bool:
    """Is an email, whatever explains it, signed with a name that is not its writer's? A footer names its people too."""
    below = scene.said.passed_on if len(scene.said.passed_on.split("\n")) <= _LONGEST_SIGNATURE else ""
    signed = scene.said.signature or below  # a name under a ruled line is nobody's words passed on
    own, signature = (without_standing_sentences(text) for text in (scene.said.own, signed))
    return others_name(own, signature, writer_of(scene)) != ""


def _is_name(said: str, scene: Scene) -> bool:
    """Does a line beside a command need no explanation: the writer's own name, as people sign with it, or what they
    are?"""
    return is_own_name(said, writer_of(scene)) or is_own_post(said, scene.own, writer_of(scene))


def begins_as_fact(said: str, named: frozenset[str] = frozenset()) -> bool:
    """Does an explanation say of somebody (``named`` are those who may be meant), or of something, what they are, did
    or will do?"""
    begins = _FRAGMENT.match(said)
    if begins is not None and begins[1].lower() in _FRAGMENTS:
        return True
    met = _SUBJECT.match(said)
    if met is None or (met["named"] and met["named"].lower().removesuffix("'s") not in named | _NOUNS):
        return False
    return any(word in _FACTS for word in WORDS.findall(said.lower()))


def _named(scene: Scene) -> frozenset[str]:
    """The names that a fact may be said of: everybody's in the dispute, the agencies', the child's initials."""
    dispute = scene.dispute
    if dispute is None:
        return frozenset()
    people = (*scene.people, *scene.said.to, *scene.said.cc, scene.said.sender)
    written = (*(p.name for p in people), dispute.raising, *dispute.receiving_agencies, dispute.child.replace(".", ""))
    words = {word for one in written for word in (*plain(one).split(), plain(one).replace(" ", ""))}
    return frozenset(words | set("abcdefghjklmnopqrstuvwxyz") | _NOUNS)  # a letter is a child's initial


_NOUNS = frozenset(
    {"social", "school", "mum", "dad", "parents", "family", "police", "health", "nursery", "visits"}
    | {"staff", "governors", "colleagues", "teachers"}
)


# What is said of a request whose reasons may be told in any words: that it is a draft, somebody else's, or not yet.

OF_THE_REQUEST = lexicon.pattern("told.of_the_request")
_UNASKED = lexicon.pattern("told.unasked")
_DENIED = lexicon.pattern("told.denied_request")
_SENDS_ANOTHER = lexicon.pattern("told.sends_another")
_OF_THE_MATTER = (
    (lexicon.vocabulary("plain_matters") | lexicon.vocabulary("terms_agreed"))
    - lexicon.vocabulary("plain_subjects")
    - lexicon.vocabulary("plain_links")
    - lexicon.vocabulary("says_nothing_of_the_matter")
)
_STILL, _FAMILYS_WORDS = lexicon.pattern("told.still_so"), lexicon.pattern("told.familys_words")


def _if_told_freely(intent: Intent, scene: Scene, command: Command | None) -> Intent:
    """``intent`` where what stands beside it tells of the matter and explains it; else the question whether it is
    meant."""
    if command is not None and intent.act is Act.REOPEN and reopens_another(command.line):
        return ask(UNEXPLAINED.format(word=command.name), intent.words or scene.own, *intent.flags, IN_OTHER_WORDS)
    if command is None or not command.is_in_capitals:
        return intent
    pieces = [" ".join(piece.split()).strip(" \t-*_>") for piece in _said_beside(command)]
    asks_on = intent.act in _ASKS_ON
    odd = any(OF_THE_REQUEST.search(one) or (asks_on and not _tells_of_it(one, scene)) for one in pieces if one)
    odd = odd or (intent.act is Act.PROPOSE_RESOLUTION and any(_FAMILYS_WORDS.search(one) for one in pieces))
    begun = _REFERENCE.match(command.rest)
    if not (odd or begun is not None or (asks_on and _sends_on_another(command, pieces, scene))):
        return intent
    question = UP_OR_NOT if asks_on else UNEXPLAINED.format(word=command.name)
    question = GOES_ON.format(up=command.name) if asks_on and scene.confirms_going else question
    return ask(question, intent.words or scene.own, *intent.flags, IN_OTHER_WORDS)


def _sends_on_another(command: Command, pieces: list[str], scene: Scene) -> bool:
    """Is what is to go on something else than the dispute, "the complaint about the bus", or told by nobody but
    somebody whose words are passed on below: no explanation of the writer's own?"""
    of_another = re.match(r"\s*[^\s.,:;(–—-]", command.after) and _SENDS_ANOTHER.search(command.after)
    theirs = [one for one in pieces if one and introduces(one)]
    own = [one for one in pieces if one and not (introduces(one) or _is_courtesy(one.strip(" .,!"), scene))]
    return bool(of_another) or (bool(scene.said.passed_on) and bool(theirs) and not own)


def _said_beside(command: Command) -> tuple[str, ...]:
    """The sentences beside a command, each line of them an explanation by itself: nobody ends "(draft)" with a stop."""
    return tuple(said for line in command.rest.split("\n") for said in sentences(line))


def _tells_of_it(said: str, scene: Scene) -> bool:
    """Does a sentence beside a request to go on tell of the matter, or nothing; and not that nothing is asked?"""
    bare = said.strip(" .,!")
    if not re.search(r"[^\W\d_]", bare) or _is_courtesy(bare, scene) or _is_name(bare, scene):
        return True
    if _PLEASE_ALONE.fullmatch(bare):
        return True
    label, colon, value = bare.partition(":")
    if (colon and value.strip() and _is_label(label)) or answers_inside(bare):
        return True
    met = demand_met(bare, scene.stage)
    if _UNASKED.search(bare) or _DENIED.search(bare) or met is False:
        return False
    if introduces(said) or _OF_OTHERS.match(bare) or met:
        return True
    words = {word.removesuffix("'s") for word in WORDS.findall(bare.lower())}
    of_it = words & (_OF_THE_MATTER | (_named(scene) - frozenset("abcdefghijklmnopqrstuvwxyz")))
    return bool(of_it) or _only_arguments(bare) or _STILL.search(bare) is not None or len(words) > _LONG


# What somebody else, or something, did or does; "I", "we", "it" and "this" may be said of the request.
_OF_OTHERS = re.compile(
    r"(?:He|She|They|Nobody|No one|Neither"
    r"|(?:The|Our|Their) (?!(?:[\w'-]+ ){0,2}(?:request|above|below|following|word|command|escalation|referral|email"
    r"|message|letter|draft|reply|text|complaint|ticket|order|booking|claim)\b)"
    r"(?:[\w'-]+ ){1,6}?(?:is|are|was|were|has|have|had|did"
    r"|does|do|will|would|cannot|could|refus\w+|declin\w+)"
    r"|(?!(?:I|We|It|This|That|There|The|Is|As|For|Not|No|On|In|At|If|See|Sent|All"
    r"|Just|Only|Will|Draft)\b)[A-Z][\w'-]+(?: [A-Z][\w'-]+)?)\s+[a-z]+(?:s|ed|t|d|e)?\b",
)
_LONG = 12  # words: whoever writes that much tells of the matter
