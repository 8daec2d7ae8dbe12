"""A message interpreted: own words, who wrote them and in which dispute -> what the message asks.

The order is the order of safety: instructions aimed at the mailbox are set aside, danger is answered first, then a
command, then plain sentences. When it could mean two things nothing is done and one question is asked.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from mailbot.core.decisions.after_closing import was_asked
from mailbot.core.decisions.stages import is_partnership_stage
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.dispute import Dispute, State
from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.mail import lexicon
from mailbot.mail.body.passed_on import introduces
from mailbot.mail.body.signatures_banners_disclaimers import ending_of
from mailbot.mail.body.standing_sentences import without_standing_sentences
from mailbot.mail.second_reader.both_readers import (
    CERTAIN,
    DOUBTFUL,
    Audience,
    Circumstances,
    Supposed,
    agree,
    is_guess,
    likelihood,
    said_to,
    with_alarm,
)
from mailbot.mail.second_reader.linear_model import DANGER, Listened, listen, listen_each, meant_from, trees_of_acts
from mailbot.mail.text.child_issue_and_impact import identifies_in_subject, names_another_child
from mailbot.mail.text.labelled_lines import field_for
from mailbot.mail.text.phrases import hear
from mailbot.mail.text.several_disputes import with_its_name_left_out
from mailbot.mail.text.spelling_and_sentences import MOST_WORDS, is_in_another_language, plain, sentences
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.after_closing import of_the_end, or_ask
from mailbot.mail.understanding.commands import (
    GREETING_LINE,
    Command,
    asks_for_records,
    command_below,
    command_spoken_of,
    command_typed,
    is_aimed_at_the_mailbox,
    read_command,
)
from mailbot.mail.understanding.context import Said, Scene, scene_of
from mailbot.mail.understanding.danger import (
    danger_in,
    danger_words_shown,
    risk_in,
    without_standing,
    worry_in,
)
from mailbot.mail.understanding.for_those_who_decide import for_those_who_decide
from mailbot.mail.understanding.handovers_routes_statuses import (
    beside,
    forms_with,
    person_told,
)
from mailbot.mail.understanding.intents_in_prose import ends_alone, understand
from mailbot.mail.understanding.intents_of_commands import obey, read_named, resolution
from mailbot.mail.understanding.opening import read_opening
from mailbot.mail.understanding.questions import ask
from mailbot.mail.whether_meant.below_a_command import facts_below, second_command
from mailbot.mail.whether_meant.explained import IN_OTHER_WORDS, alone, if_explained, is_signed_by_another
from mailbot.mail.whether_meant.kept_private import nothing_passed_on_unasked
from mailbot.mail.whether_meant.other_terms import asks_to_add, reopens_another, withdraws_another
from mailbot.mail.whether_meant.plainness import accounted, is_receipt
from mailbot.mail.whether_meant.somebody_elses_words import is_addressed_to_its_writer, is_ascribed
from mailbot.mail.whether_meant.supposed import Evidence, HeardEach, Told, day_signs, evidence, means, told_in
from mailbot.mail.whether_meant.under_pressure import PRESSED, nothing_done_under_threat, nothing_ended_beside_danger
from mailbot.mail.whether_meant.within_one_side import nothing_settled_within_one_side

__all__ = ["FOR_THE_OFFICE", "Said", "asks_for_records", "interpret"]
NOT_ENGLISH, _OTHER_CHILD = "not in English", "possible details of another child"
# A person at the partnership looks, whatever else is done.
FOR_THE_OFFICE = frozenset({NOT_ENGLISH, _OTHER_CHILD, PRESSED})


def interpret(said: Said, dispute: Dispute | None, partnership: Partnership) -> tuple[Intent, ...]:
    """The intents of a message interpreted whole, danger first; never empty. UNSURE intents carry the question to
    ask, and change nothing."""
    scene = scene_of(said, dispute, partnership)
    understood = nothing_settled_within_one_side(scene, for_those_who_decide(scene, _interpreted(scene)))
    understood = nothing_passed_on_unasked(understood, scene.own)
    if dispute is not None and all(intent.act in _ANSWERED | {Act.HOLD} for intent in understood):
        understood = _with_somebody_added(scene, understood)
    closing = any(intent.act in _ANSWERED for intent in understood)
    first = [intent for intent in understood if closing and intent.act is Act.ADD_PERSON]  # they hear how it ends
    return (*first, *(intent for intent in understood if intent not in first))


def _with_somebody_added(scene: Scene, understood: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """A message interpreted as an answer with the request beside it that somebody is added: each for itself. As
    ``understood`` where there is no such request, or what remains is no plain answer."""
    requests = [one for one in sentences(scene.said.own) if asks_to_add(one, scene)]
    added = person_told(scene, requests[0]) if len(requests) == 1 else None
    own = scene.said.own.replace(requests[0], "").strip() if added is not None else ""
    if added is None or not own:
        return understood
    answer = _interpreted(replace(scene, own=own, said=replace(scene.said, own=own)))
    return (*answer, added) if answer and all(intent.act in _ANSWERED for intent in answer) else understood


def _interpreted(scene: Scene) -> tuple[Intent, ...]:
    """The intents of a message interpreted in one piece."""
    said, dispute = scene.said, scene.dispute
    heard = _heard(scene)
    rules = nothing_done_under_threat(as_the_rules_read(scene), scene, heard)
    if dispute is None:
        return with_alarm(rules, heard, scene.own) if heard.of(DANGER) >= CERTAIN else rules
    here = circumstances(scene)
    held = any(IN_OTHER_WORDS in intent.flags for intent in rules)
    if said.others or (held and here.typed):
        return with_alarm(rules, heard, scene.own)
    if here.typed and not here.in_capitals and all(intent.act is Act.HOLD for intent in rules):
        here = replace(here, typed=False)  # a word of command in small letters, which the rules did not obey: prose
    weighed = () if here.typed else _weighed(scene, rules, heard)
    likely = {one.act: of for one, of in weighed}
    meant = agree(rules, heard, here, _supposed(scene, weighed), likely)
    read = {intent.act for intent in rules}
    explained = tuple(i if i.act in read else _as_supposed(i, scene, likely.get(i.act, 0.0)) for i in meant)
    unpressed = nothing_done_under_threat(nothing_ended_beside_danger(explained, scene), scene, heard)
    return _own_and_at_the_top(scene, unpressed)


def _weighed(scene: Scene, rules: tuple[Intent, ...], heard: Listened) -> tuple[tuple[Evidence, float], ...]:
    """What a message may be interpreted as: each act with how likely it is meant, by all that speaks for and against
    it."""
    told = told_in(scene)
    if told is None or _is_only_mentioned(scene):
        return ()
    return tuple((one, likelihood(one)) for one in evidence_in(told, rules, heard, listen_each(scene.own)))


def weighed_because(said: Said, dispute: Dispute, partnership: Partnership) -> str:
    """As what the message is likeliest to be interpreted, how likely, from where on it would be done, and what speaks
    most for and against it; "" where nothing is weighed."""
    scene, trees = scene_of(said, dispute, partnership), trees_of_acts()
    weighed = _weighed(scene, as_the_rules_read(scene), _heard(scene))
    if not weighed or trees is None:
        return ""
    one, likely = max(weighed, key=lambda each: each[1])
    because = trees.because(one.speaks)
    speak_for = ", ".join([name for name, by in because if by > 0][:MOST_REASONS])
    against = ", ".join([name for name, by in because if by < 0][:MOST_REASONS])
    act = one.act.value.replace("_", " ")
    return f"{act} {likely:.2f} of {meant_from(one.act.value):.2f}; for it: {speak_for}; against it: {against}"


MOST_REASONS = 4


def _supposed(scene: Scene, weighed: tuple[tuple[Evidence, float], ...]) -> tuple[Supposed, ...]:
    """Of what a message may be interpreted as, the acts that have all they need."""
    told = told_in(scene) if weighed else None
    if told is None:
        return ()
    found = ((means(told, one.act, one.said), likely) for one, likely in weighed if likely >= DOUBTFUL)
    return tuple(Supposed(intent, likely) for intent, likely in found if intent is not None)


def evidence_in(told: Told, rules: tuple[Intent, ...], heard: Listened, each: HeardEach) -> tuple[Evidence, ...]:
    """For each act that a message may be interpreted as, what speaks for and against it; how it came and what is waited
    for as well."""
    here = circumstances(told.scene)
    more = frozenset({f"to {said_to(here)}", f"awaited {here.awaited}", *day_signs(told.scene)})
    return evidence(told, rules, heard, each, more)


def _as_supposed(intent: Intent, scene: Scene, likely: float) -> Intent:
    """An act interpreted by supposition. A bare assent at the top of it, unless it is all but certain, says no more
    than what follows lets it say: "Agreed that this is a shambles."; and what is withdrawn may be something else."""
    own = with_its_name_left_out(scene.own, scene.dispute)
    another = intent.act is Act.WITHDRAW and withdraws_another(own)
    if intent.act is Act.REOPEN and reopens_another(scene.own):
        return ask(asking.REOPEN_OR_NOT, scene.own, *intent.flags)
    told = "\n".join(map(plain, sentences(scene.own)))  # what is not had in one sentence is not what ends in the next
    goes_on = _GOES_ON.search(_DOES_NOT_GO_ON.sub(" ", told)) or _GIVES_UP_ANOTHER.search(scene.own)
    if intent.act is Act.WITHDRAW and goes_on:
        return ask(asking.WITHDRAW_OR_NOT, scene.own, *intent.flags)
    bare = intent.act is Act.CONFIRM_RESOLUTION and likely < ALL_BUT_SURE and _ASSENT.match(scene.own)
    return if_explained(intent, scene, None) if another or bare else intent


_GOES_ON, _DOES_NOT_GO_ON = lexicon.pattern("told.goes_on"), lexicon.pattern("told.does_not_go_on")
_GIVES_UP_ANOTHER = lexicon.pattern("told.gives_up_another")
_ASSENT = re.compile(r"\W*(?:yes|yep|ok|okay|agreed|confirmed|confirming|confirm)\b", re.I)
ALL_BUT_SURE = 0.9


def _is_only_mentioned(scene: Scene) -> bool:
    """A message whose command is interpreted as spoken of, or whose yes as a receipt: asked about, and nothing is
    supposed of it ("Escalating this would help nobody", "Yes, received.")."""
    command = read_command(scene.own, scene.names)
    return is_receipt(scene.own) or (command is not None and command.clouded)


def _heard(scene: Scene) -> Listened:
    """For a message to be interpreted, what the second reader hears in the writer's words; and danger wherever they put
    it."""
    standing = scene.protocol.risk.line
    heard = listen(without_standing(scene.own, standing))
    elsewhere = listen(without_standing(f"{scene.said.own[MOST_WORDS:]}\n{_beside_the_words(scene)}", standing))
    return replace(heard, likely={**heard.likely, DANGER: max(heard.of(DANGER), elsewhere.of(DANGER))})


def _beside_the_words(scene: Scene) -> str:
    """What is interpreted beside the words, the boxes of a form and the subject: danger may stand in either."""
    written = "\n".join(box.value for paper in scene.said.papers for box in paper.boxes)
    return f"{written}\n\n{scene.said.subject}"


def as_the_rules_read(scene: Scene) -> tuple[Intent, ...]:
    """A message interpreted by the rules alone."""
    said, protocol, dispute = scene.said, scene.protocol, scene.dispute
    if is_aimed_at_the_mailbox(scene.own):
        return (Intent(Act.QUARANTINE, words=scene.own, flags=("gives instructions to the mailbox",)),)
    alarm = risk_in(f"{said.own}\n\n{_beside_the_words(scene)}", protocol.risk.line)
    asked = _or_of_its_own(_in_dispute(scene), scene) if dispute is not None else _without_dispute(scene)
    if identifies_in_subject(said.subject):
        asked = (replace(asked[0], flags=(*asked[0].flags, "identifiers in the subject")), *asked[1:])
    if not alarm:
        return tuple(_with_worry(intent, scene) for intent in asked)
    risk = Intent(Act.IMMEDIATE_RISK, words=alarm, flags=("possible immediate risk",))
    return (risk, *(_beside_danger(intent, scene) for intent in asked))


def circumstances(scene: Scene) -> Circumstances:
    """Interpreting a message begins with how it came: to whom it is said, in answer to what, and what its writer is
    asked at present."""
    said, command = scene.said, read_command(scene.own)
    audience = Audience.MAILBOX if said.mailbox_only else Audience.BOTH if said.to_mailbox else Audience.OTHERS
    to_somebody = _greets_somebody(scene)
    another = said.answers_another or (to_somebody and audience is Audience.OTHERS)
    if to_somebody and audience is Audience.BOTH:
        audience = Audience.OTHERS
    return Circumstances(
        scene.own,
        audience,
        (command is not None and not _is_told_in_prose(scene.own, command)) or read_named(scene) is not None,
        command is not None and command.is_in_capitals,
        another,
        said.answers_no_letter,
        _awaited(scene),
        _up(scene),
        ends_alone(scene),
    )


# "Please note that he has moved" tells something, and is no NOTE to be filed unread.
_PLEASE_NOTE = re.compile(r"\W*(?:please|pls|kindly) note (?!:)(?:that|the|my|our|we|i|he|she|they|there)\b", re.I)


_IN_PROSE = frozenset({"MET", "CORRECT"})  # words that begin sentences: "Met with Rosalind, no agreement", "Correct."


def _is_told_in_prose(own: str, command: Command) -> bool:
    """A message whose first word is a command's, and yet to be interpreted as prose."""
    return _PLEASE_NOTE.match(own) is not None or (command.name in _IN_PROSE and not command.is_in_capitals)


def _greets_somebody(scene: Scene) -> bool:
    """A message interpreted as greeting somebody, "Barnaby, please could you …": said to a person on the message, with
    the mailbox among the rest."""
    said = plain(scene.own).split()[:3]
    names = {word for p in (*scene.said.to, *scene.said.cc) for word in plain(p.name).split()[:2] if len(word) > 2}
    return any(word in names for word in said)


def _awaited(scene: Scene) -> str:
    dispute = scene.dispute
    if dispute is None:
        return ""
    if dispute.state is State.CLOSED:
        return "end" if was_asked(dispute) and scene.side is not Side.RECEIVING else "closed"
    if dispute.is_open and scene.decides:
        return "decision"
    if scene.answers_proposal or (scene.is_raiser and dispute.state is State.PROPOSED):
        return "proposal"
    if scene.answers_date:
        return "date"
    stage, party = scene.stage, dispute.party(scene.said.sender.address)
    acts = stage is not None and party is not None and party.role in (*stage.raising, *stage.receiving)
    return "stage" if acts else ""


def _up(scene: Scene) -> str:
    """The word by which this writer moves it on."""
    if scene.side is Side.RECEIVING:
        return "NOT RESOLVED"
    following = scene.following
    return "REFER" if following is not None and is_partnership_stage(following) else "ESCALATE"


def _with_worry(intent: Intent, scene: Scene) -> Intent:
    """An opening interpreted beside words that worry without saying danger: a person is reminded to ask (D1, G2)."""
    if intent.act is not Act.OPEN or not worry_in(scene.own):
        return intent
    return replace(intent, flags=(*intent.flags, f"ask: {danger_words_shown(scene.own)} at risk of immediate harm?"))


def _beside_danger(intent: Intent, scene: Scene) -> Intent:
    """An intent interpreted beside danger: nobody is asked riddles, and nothing is closed on a guess, so
    such a message is a note."""
    closing = intent.act in (Act.PROPOSE_RESOLUTION, Act.CONFIRM_RESOLUTION, Act.WITHDRAW, Act.HAPPENED)
    doubtful = intent.act is Act.HOLD and scene.dispute is not None and IN_OTHER_WORDS not in intent.flags
    if doubtful or (closing and intent.sure is not Sure.SURE):
        return Intent(Act.NOTE, words=intent.words)
    return intent


def _without_dispute(scene: Scene) -> tuple[Intent, ...]:
    """A message interpreted where no dispute is known: an opening; one that is not in English opens by its tag all the
    same, and a person is told."""
    asked = read_opening(scene)
    if not is_in_another_language(scene.own):
        return asked
    flag = (NOT_ENGLISH,)
    return tuple(
        replace(i, flags=i.flags + flag, question=asking.ENGLISH if i.act is Act.HOLD else i.question) for i in asked
    )


_OF_ITS_OWN = lexicon.pattern("openings.of_its_own")
_NOT_RAISED = re.compile(r"(?:\b(?:not|never|no|without|instead of|nor)\b|n't\b)[^.?!\n]{0,30}$", re.I)


def _or_of_its_own(asked: tuple[Intent, ...], scene: Scene) -> tuple[Intent, ...]:
    """A message in a dispute's thread interpreted: who raises another, and asks nothing of this one, is told how."""
    talk = (Act.NOTE, Act.HOLD) if read_command(scene.own, scene.names) else (Act.NOTE, Act.HOLD, Act.REOPEN)
    if any(intent.act not in talk or (intent.fields and intent.act is not Act.REOPEN) for intent in asked):
        return asked
    said = _OF_ITS_OWN.search(scene.own)
    if said is None or _NOT_RAISED.search(scene.own[: said.start()]):
        return asked
    tag = f"[{scene.protocol.tags[0].upper()}]" if scene.protocol.tags else f"“{scene.protocol.stage_word} 1”"
    return (ask(asking.RAISE_YOUR_OWN.format(tag=tag), scene.own, IN_OTHER_WORDS),)


def _in_dispute(scene: Scene) -> tuple[Intent, ...]:
    if scene.opened is not None:
        return (ask(asking.LEFT_EMPTY[scene.opened], scene.own),)
    if scene.said.others and read_command(scene.own, scene.names) is not None:
        return (ask(asking.PASSED_ON, scene.own, "somebody else's words"),)  # whose word it is, nobody can tell
    if not plain(scene.own) or scene.said.others:
        return _wordless(scene)
    if is_in_another_language(scene.own):
        return (ask(asking.ENGLISH, scene.own, NOT_ENGLISH),)
    if _is_of_another_child(scene):
        return (ask(asking.OTHER_CHILD_OR_NOT, scene.own, _OTHER_CHILD),)
    closed = scene.dispute is not None and scene.dispute.state is State.CLOSED
    if closed:
        ended = of_the_end(scene)
        if ended:
            return ended
    named = read_named(scene)
    if named is not None:
        return (named,)
    command = read_command(scene.own, scene.names)
    if command is None:
        found = (accounted(intent, scene.own, scene.names) for intent in understand(scene))
        understood = tuple(if_explained(intent, scene, None) for intent in found)
        return or_ask(scene, understood) if closed else understood
    return _by_command(scene, command)


def _by_command(scene: Scene, command: Command) -> tuple[Intent, ...]:
    """A message in a dispute interpreted by the word of command at its top."""
    if (own := without_standing_sentences(scene.own)) != scene.own:
        scene = replace(scene, own=ending_of(own, scene.said.sender.name)[0])
        again = read_command(scene.own, scene.names) or command
        command = replace(again, clouded=again.clouded or command.clouded)
    scene, facts = facts_below(scene, command)
    command = alone(replace(read_command(scene.own, scene.names) or command, clouded=command.clouded), scene)
    intent = if_explained(accounted(obey(scene, command), scene.own, scene.names, command), scene, command)
    if command.name in _REFUSES and (up := _up_beside(scene, command)):
        return (intent, *up) if intent.act is Act.OBJECT_RESOLUTION and not scene.moves_it_up else up
    if intent.act in (Act.NOTE, Act.HOLD):
        return (*(facts if intent.act is Act.NOTE else ()), intent, *forms_with(scene))
    more = tuple(
        i for i in beside(scene, hear(command.rest, scene.names)) if i.act in _COME_ALONG and i.act is not intent.act
    )
    second = () if more else second_command(scene, command, intent)
    if intent.act is Act.UNDO:  # what is recorded now is not what is taken back
        return (intent, *more, *second, *facts)
    return (*facts, intent, *more, *second)


_REFUSES = frozenset({"NO", "DISAGREE"})


def _up_beside(scene: Scene, command: Command) -> tuple[Intent, ...]:
    """A message interpreted that says no, and asks beside it for the next stage: "Not agreed, please take to stage
    3."."""
    rest = replace(scene, own=command.rest, said=replace(scene.said, own=command.rest))
    asked = understand(rest) if plain(command.rest) and not scene.answers_date else ()
    return tuple(replace(intent, words=scene.own) for intent in asked if intent.act in _UP)


_GIVES_NOTHING = frozenset({Act.NOTE, Act.FEEDBACK, Act.HOLD, Act.STATUS, Act.QUESTION, Act.FORM, Act.IMMEDIATE_RISK})


def _own_and_at_the_top(scene: Scene, understood: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """A message interpreted, and what it would do: asked about where a command stands below other words, for whose it
    is there nobody can tell; and where it begins "Dear" and its own writer's name, a letter they had and pasted."""
    kept = tuple(intent for intent in understood if intent.act in (Act.FORM, Act.IMMEDIATE_RISK))
    if all(intent.act in _GIVES_NOTHING for intent in understood):
        return understood
    if is_addressed_to_its_writer(scene) or is_ascribed(scene):
        return (*kept, ask(asking.PASSED_ON, scene.own, "somebody else's words"))
    if _NO_ANSWER.search(scene.said.subject):
        return (*kept, ask(asking.SUBJECT_OF_NO_ANSWER, scene.own, IN_OTHER_WORDS))
    command = read_command(scene.own, scene.names)
    if is_signed_by_another(scene):
        question = asking.SIGNED_BY_ANOTHER.format(word=command.name if command is not None else "one word for it")
        return (*kept, ask(question, scene.own, "signed by somebody else", IN_OTHER_WORDS))
    word = "" if command is not None else command_below(scene.own, scene.names)
    if word and not (word == "RESOLVED" and _ends_with_it(word, scene)):
        return (*kept, ask(asking.BELOW_OTHER_WORDS.format(word=word), scene.own))
    word = "" if command is not None and command.is_in_capitals else command_spoken_of(scene.own)
    typed = command_typed(scene.own) if command is None or not command.is_in_capitals else ""
    if not word and typed and not any(intent.act in _OF_WORD.get(typed, _EVERY_ACT) for intent in understood):
        nothing_waits = typed == "CONFIRM" and scene.dispute is not None and scene.dispute.state is State.OPEN
        question = asking.NOTHING_TO_AGREE if nothing_waits else asking.BEHIND_OTHER_WORDS.format(word=typed)
        return (*kept, ask(question, scene.own, IN_OTHER_WORDS))
    if command is None and any(intent.act in _ANSWERED for intent in understood) and _is_behind_a_label(scene):
        return (*kept, ask(asking.BEHIND_OTHER_WORDS.format(word="Your answer"), scene.own, IN_OTHER_WORDS))
    if not any(intent.act in _OF_WORD.get(word, _NO_ACTS) for intent in understood):
        return understood
    if word == "RESOLVED" and _is_settled_without(word, scene):
        return understood
    return (*kept, ask(asking.BEHIND_OTHER_WORDS.format(word=word), scene.own, IN_OTHER_WORDS))


_NO_ANSWER = lexicon.pattern("commands.subject_of_no_answer")


def _is_settled_without(word: str, scene: Scene) -> bool:
    """Is a message interpreted as put to the other side by its other sentences alone: "It is sorted. He visits on
    Thursday, so that is a RESOLVED from us."?"""
    own = " ".join(sentence for sentence in sentences(scene.own) if word not in sentence)
    rest = replace(scene, own=own, said=replace(scene.said, own=own))
    return any(intent.act is Act.PROPOSE_RESOLUTION for intent in as_the_rules_read(rest))


def _ends_with_it(word: str, scene: Scene) -> bool:
    """Is a message interpreted that tells in its writer's own words what was agreed, and closes with the word for it on
    a line of its own?"""
    *above, last = [line for line in scene.own.split("\n") if line.strip()]
    if plain(last) != word.lower() or any(line.rstrip().endswith(":") or introduces(line) for line in above):
        return False
    told = resolution(scene, "\n".join(above)).actions
    return _is_settled_without(word, scene) or any(action.who and action.by for action in told)


# What a word that our letters print asks for, where it stands in a sentence.
_NO_ACTS: frozenset[Act] = frozenset()
_EVERY_ACT = frozenset(Act)
_UP = frozenset({Act.MOVE_UP, Act.REFER})
_SETTLED = frozenset({Act.PROPOSE_RESOLUTION, Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE})
_OF_WORD: Mapping[str, frozenset[Act]] = {
    "ESCALATE": _UP,
    "REFER": _UP,
    "RESOLVED": _SETTLED,
    "CONFIRM": _SETTLED,
    "AGREE": _SETTLED,
    "DISAGREE": frozenset({Act.OBJECT_RESOLUTION, Act.REFUSE_DATE}),
    "WITHDRAW": frozenset({Act.WITHDRAW}),
    "REOPEN": frozenset({Act.REOPEN}),
    "NEEDED BY": frozenset({Act.PROTECTIVE_DATE}),
    "AGREE BY": frozenset({Act.PROPOSE_DATE, Act.ACCEPT_DATE}),
    "HANDOVER": frozenset({Act.HANDOVER}),
    "ADD": frozenset({Act.ADD_PERSON}),
    "REMOVE": frozenset({Act.REMOVE_PERSON}),
    "CHILD STATUS": frozenset({Act.CHILD_STATUS}),
    "DECISION": frozenset({Act.DECISION}),
}


_ANSWERED = frozenset({Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE, Act.WITHDRAW})
_MAY_HEAD = frozenset(
    word
    for table in ("may_lead_to_a_command", "plain_manners", "plain_subjects", "plain_links", "heads_an_answer")
    for word in lexicon.vocabulary_in_order(table)
)
_HEADED = re.compile(r"\W*([^:.!?\n]{1,60}?)\s*:\s*\S")


def _is_behind_a_label(scene: Scene) -> bool:
    """Is a message interpreted by words that stand behind others and a colon, "Rosalind: agreed", "My notes: agreed",
    which are not the writer's own way to begin?"""
    headed = _HEADED.match(scene.own)
    if headed is None or GREETING_LINE.match(headed[1]) or field_for(headed[1]) not in ("", "notes"):
        return False
    mine = {*plain(scene.said.sender.name).split(), *plain(scene.said.sender.agency).split()}
    return not all(word in _MAY_HEAD or word in mine for word in plain(headed[1]).split())


def _is_of_another_child(scene: Scene) -> bool:
    """Is a message to be interpreted as one about another child? NOTE on the first line is its sender's answer that it
    belongs here after all, and so does a person's at the partnership who let it in."""
    command = read_command(scene.own, scene.names)
    if scene.dispute is None or scene.said.looked_at or (command is not None and command.name == "NOTE"):
        return False
    return names_another_child(scene.dispute, scene.own, scene.said.quoted)


_COME_ALONG = frozenset({Act.HANDOVER, Act.CHILD_STATUS, Act.CONFERENCE_REQUEST, Act.FORM})


def _wordless(scene: Scene) -> tuple[Intent, ...]:
    """A message without words interpreted, only attachments, or nothing at all: stored and listed by
    name, nothing invented."""
    forms = beside(scene, ())
    if forms:
        return forms
    if scene.said.attachments:
        return (ask(asking.PASTE_IT, "", "attachment only"),)
    if scene.said.mailbox_only and not scene.said.others and not scene.said.quoted:
        return (ask(asking.NO_WORDS, ""),)
    return (Intent(Act.NOTE, words=""),)


# What stands in a message besides its writer's certain words: heard for danger, asked about, and never obeyed.
#
# Three things stand there: what the writer passes on of somebody else's, a quotation that may hold the writer's
# answers, and emails attached to theirs. Whoever sent them meant something by it, so silence would be wrong; whose
# words they are cannot be told, so acting would be too.

_SHORT = 30
_TALK = frozenset({Act.NOTE, Act.FORM, Act.IMMEDIATE_RISK})


def hear_whole(said: Said, dispute: Dispute | None, partnership: Partnership) -> tuple[Intent, ...]:
    """What ``said`` asks by its writer's own words, with what has to be said of the other voices' words beside them."""
    intents = interpret(said, dispute, partnership)
    if dispute is None or any(intent.act is Act.QUARANTINE for intent in intents):
        return intents
    alarm = danger_in(f"{said.passed_on}\n\n{said.inside}", partnership.protocol.risk.line)
    if alarm and all(intent.act is not Act.IMMEDIATE_RISK for intent in intents):
        clear = tuple(intent for intent in intents if intent.act is not Act.HOLD)  # "Please see what mum sent me"
        intents = (Intent(Act.IMMEDIATE_RISK, words=alarm, flags=("possible immediate risk",)), *clear)
    if any(intent.act not in (*_TALK, Act.HOLD) for intent in intents) or alarm:
        return intents
    unsure = not all(_is_talk(intent) for intent in intents)
    if unsure and not (said.passed_on and _asks_something(said, dispute, partnership)):
        return intents
    if said.inside:
        return (*_without_notes(intents), ask(asking.ANSWERS_INSIDE, said.own, "answers inside a quotation"))
    if said.passed_on and _asks_something(said, dispute, partnership):
        return (*_without_notes(intents), ask(asking.PASSED_ON, said.own, "somebody else's words"))
    if said.encloses_emails and len(said.own.split()) <= _SHORT:
        return (*_without_notes(intents), ask(asking.ATTACHED_EMAIL, said.own, "attached email not read"))
    return intents


def _asks_something(said: Said, dispute: Dispute, partnership: Partnership) -> bool:
    """Whether the words of other voices, passed on, would ask for something, were they the writer's."""
    whole = replace(said, own=said.passed_on, passed_on="", inside="", papers=())
    return not all(_is_talk(intent) for intent in interpret(whole, dispute, partnership))


def _is_talk(intent: Intent) -> bool:
    """Nothing that was understood: what the other voices say tells its sender more than a guess at it would."""
    return intent.act in _TALK or is_guess(intent)


def _without_notes(intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
    return tuple(intent for intent in intents if intent.act not in (Act.NOTE, Act.HOLD))
