"""Does an email without a known dispute raise one; and if it does, what does it say?

It opens by a tag in the subject, by two or more labels, or by a phrase of disagreement with another agency in it (D2).
Anything else is asked about: a candidate is never dropped. Labels win over prose; what is taken from prose makes the
opening PROBABLE, and is shown back to be corrected.
"""

import re
from dataclasses import replace

from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Act, Intent, Sure
from mailbot.core.procedure.directory import Directory
from mailbot.core.procedure.protocol import Protocol
from mailbot.mail.understanding import asking
from mailbot.mail.understanding.asking import ask
from mailbot.mail.understanding.chains import read_chain
from mailbot.mail.understanding.commands import read_command
from mailbot.mail.understanding.hearing import hear
from mailbot.mail.understanding.labels import read_labels
from mailbot.mail.understanding.opened import opened
from mailbot.mail.understanding.phrases import Sense
from mailbot.mail.understanding.prose import child_in
from mailbot.mail.understanding.scene import Scene
from mailbot.mail.understanding.spelling import MOST_WORDS, is_near, plain, sentences, tidy

_PREFIX = re.compile(
    r"^\s*(?:(?:re|fw|fwd|sv|aw)\s*:|\[(?:external|ext|official(?:[- ]sensitive)?|secure|encrypt(?:ed)?"
    r"|spam)[^\]]{0,20}\]|(?:official(?:-sensitive)?)\s*:)\s*",
    re.I,
)
# Words that tag a subject under any protocol, beside the protocol's own tags.
TAGS = ("escalation", "escalate", "professional difference", "professional differences", "professional disagreement",
        "issue resolution", "dispute", "dispute resolution", "resolution of professional", "professional challenge",
        "restorative challenge", "escalating", "case resolution", "rpd", "formal challenge", "disputes")  # fmt: skip
DISAGREES = re.compile(
    r"\b(?:disagree(?:s|ment|d)?|(?:do not|don't|can't|cannot|does not|doesn't|did not|didn't"
    r"|not) (?:\w+ )?(?:agree|accept|support)\b|not happy with|unhappy with|difference of (?:opinion|view)"
    r"|differences? of|professional (?:difference|challenge|disagreement|dispute)|escalat\w+|challeng(?:e"
    r"|ing) (?:the|this|your|that)|disput(?:e|ing)\b|please reconsider|reconsider (?:the|your|this)"
    r"|nfa'?d?\b|no further action|stepp?(?:ed|ing)? (?:\w+ )?down|threshold (?:is |was |has )?(?:not"
    r"|wasn't|isn't) (?:been )?met|below threshold|(?:was|been|has|have|were|is being|are) (?:refused"
    r"|declined|rejected|closed|bounced back)"
    r"|refus(?:ed|ing|al)\b|bounced back|clos(?:ed|ing) (?:the|this|their|her|his|your|[A-Z])"
    r"|no one has (?:got|come) back|nobody has (?:got|come) back|no (?:reply|response) (?:from|to)"
    r"|restorative challenge"
    r"|(?:don't|do not) think \w+[^.?]{0,80} (?:is|are|was) (?:the )?(?:right|safe|appropriate|enough"
    r"|correct)|not the right (?:decision|thing)|wrong decision|concerned (?:about|that|by) (?:the"
    r"|your) decision|please log|rpd\b|issue resolution)",
    re.IGNORECASE,
)  # fmt: skip
_ABOUT_A_WORKER = re.compile(
    r"\b(?:whistle-?blow\w*|(?:a|the|this|that|another|my) (?:worker|colleague|social worker|teacher"
    r"|member of staff|staff member|manager|nurse|officer|employee"
    r"|professional)\b[^.\n]{0,60}\b(?:drinking|drunk|bully\w*|"
    r"shout\w*|swor\w*|racis\w*|rude|abus\w*|assault\w*|inappropriate\w*|relationship with|hit|slapp\w+"
    r"|hurt|harass\w*|steal\w*|stole|fraud\w*|lied|lying|unprofessional\w*|drugs|misconduct|attitude"
    r"|alcohol|text(?:ed|ing) (?:a|the) (?:child|pupil))"
    r"|(?:allegation|complaint|complain) (?:against|about|regarding) (?:a |the |my |your |an? "
    r"|this )?(?:\w+ ){0,2}(?:worker|colleague|teacher|member of staff|staff|manager|nurse|officer"
    r"|professional|conduct|behaviour|practice of|attitude)"
    r"|(?:make|making|raise|raising|submit|lodge) a (?:formal )?complaint|grievance (?:against|about)"
    r"|allegation (?:against|about) (?:a|the|my)|lado\b|conduct of (?:a|the|one of))",
    re.IGNORECASE,
)  # fmt: skip
_WITHIN_ONE = re.compile(
    r"\b(?:my own (?:manager|organisation|agency|team)|within (?:my|our) (?:own )?(?:team|organisation|agency"
    r"|school|service)|my (?:line )?manager (?:won't|will not|refuses|has refused|and i disagree)"
    r"|internal (?:disagreement|dispute))\b",
    re.I,
)
_PORTAL = re.compile(
    r"\b(?:you have received (?:a|an) (?:secure|encrypted) (?:e-?mail|message)|sign in to (?:the portal|read"
    r"|view)|(?:read|view|open) (?:the|your|this) (?:secure|encrypted|protected) message"
    r"|click (?:here )?to (?:read|view) (?:the|your) (?:secure|message))",
    re.I,
)
_LOG_IT = re.compile(
    r"\b(?:log|record|raise|open|treat)(?:ing)? (?:this |it |a |an |as |the ){0,3}(?:at )?(?:stage|step|escalation"
    r"|dispute"
    r"|disagreement|professional)\b", re.I,
)  # fmt: skip
_PROCESS = re.compile(
    r"\b(?:policy|process|procedure|protocol|form|stages?|steps?|escalat\w+|dispute|mailbox|who|how)\b", re.I
)
_NUMBERED = re.compile(
    r"^\s*(?:\(?\d{1,2}[.)]|[-*]\s|(?:child|dispute|issue|matter|case) (?:\d{1,2}|one|two|three"
    r"|[a-d])\b[:.)-]?)\s*",
    re.I,
)
_ITEM = re.compile(r"^\s*\(?\d{1,2}[.)]\s+(?:[A-Z]\.\s?[A-Z]\b|[A-Z][a-z]+ [A-Z]\b)")  # "1. A.A. - ..."
MOST_DISPUTES = 12


def clean_subject(subject: str) -> str:
    """Without "RE:", "FW:", "[EXTERNAL]" and protective markings, however many stand before it."""
    for _ in range(12):
        shorter = _PREFIX.sub("", subject, count=1)
        if shorter == subject:
            break
        subject = shorter
    return subject.strip()


def has_tag(subject: str, scene: Scene) -> bool:
    """A tag, one of the protocol's own, or its word for a stage with a number; spelling forgiven."""
    return has_tag_in(subject, scene.protocol)


def has_tag_in(subject: str, protocol: Protocol) -> bool:
    words = plain(clean_subject(subject)).split()
    tags = {plain(t) for t in (*protocol.tags, *TAGS)}
    stage = protocol.stage_word.lower()
    if re.search(rf"\b(?:{re.escape(stage)}|stage|step) ?(?:\d|one|two|three|four|five)\b", " ".join(words)):
        return True
    for tag in tags:
        wanted = tag.split()
        for at in range(len(words) - len(wanted) + 1):
            if all(is_near(w, t) for w, t in zip(words[at : at + len(wanted)], wanted, strict=True)):
                return True
    return False


def raises_another(own: str, dispute: Dispute, directory: Directory) -> bool:
    """Does a reply raise a dispute of its own: with its child, its agencies and its issue in lines of their own, and
    another child or other agencies than those of the dispute it answers?"""
    found = {label.key: label.value for label in reversed(read_labels(own)) if label.is_answer}
    if read_command(own) is not None or not {"child", "issue"} <= found.keys():
        return False
    named = {
        a.name for piece in re.split(r"[/,;]|\band\b", found.get("agencies", "")) if (a := directory.find_agency(piece))
    }
    other = directory.find_agency(found.get("receiving_agency", ""))
    named |= {other.name} if other else set()
    letters = child_in(found["child"], "", "")[0]
    another_child = bool(letters) and bool(dispute.child) and letters != dispute.child
    ours = {dispute.raising, *dispute.receiving_agencies}
    return bool(named) and (another_child or not named & set(dispute.receiving_agencies) or not named <= ours)


def read_opening(scene: Scene) -> tuple[Intent, ...]:
    """OPEN (one for each child or issue), QUESTION, OUT_OF_SCOPE, or HOLD with the question to ask."""
    said, own = scene.said, scene.own
    text = f"{own}\n\n{read_chain(tidy(said.quoted), scene.today).text}"[:MOST_WORDS] if said.forwarded else own
    if _PORTAL.search(text) and len(own) < 3000:
        return (ask(asking.SECURE, own, "unreadable secure message"),)
    answer = _answer(scene) or _not_a_dispute(scene, text)
    if answer is not None:
        return (answer,)
    return _raised(scene, text)


def _not_a_dispute(scene: Scene, text: str) -> Intent | None:
    """About a worker, or nothing to read."""
    said, own = scene.said, scene.own
    if _is_about_a_worker(text, said.subject, len(read_labels(text))):
        flags = ("possible allegation against a worker",)
        return Intent(Act.OUT_OF_SCOPE, fields={"what": "whistleblowing"}, words=own, flags=flags)
    only = bool(said.attachments) and len(own.split()) < 13 and "attach" in own.lower()
    if (only or not plain(own)) and not said.forwarded:
        return ask(asking.PASTE_IT, own, "attachment only") if said.attachments else ask(asking.OPEN_OR_IGNORE, own)
    return None


def _raised(scene: Scene, text: str) -> tuple[Intent, ...]:
    """The disputes it raises, once it is known to be meant as one; else the question that decides that."""
    said, own = scene.said, scene.own
    tagged = has_tag(said.subject, scene) or bool(_LOG_IT.search(own[:600]))
    substance = len({label.key for label in read_labels(text)}) >= 2
    disagrees = bool(DISAGREES.search(text)) or bool(DISAGREES.search(clean_subject(said.subject)))
    if _is_question(scene, disagrees, substance):
        return (Intent(Act.QUESTION, Sure.PROBABLE, words=own),)
    sections = _sections(own)
    intents = tuple(opened(scene, section, len(sections) > 1) for section in sections or (text,))
    if len(intents) > 1:
        intents = tuple(replace(i, flags=(*i.flags, _several(len(intents)))) for i in intents)
    other = any(i.fields.get("receiving_agency") for i in intents)
    if _WITHIN_ONE.search(own) and not other:
        return (ask(asking.OWN_PROCEDURE, own, "single agency"),)
    if not (tagged or substance or (disagrees and other)):
        return (ask(asking.OPEN_OR_IGNORE, own),)
    if all(_is_one_agency(i) for i in intents):
        return (ask(asking.OWN_PROCEDURE, own, "single agency"),)
    return intents


_COUNT = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def _several(number: int) -> str:
    return f"one email opened {_COUNT[number]} disputes"


def _answer(scene: Scene) -> Intent | None:
    """OPEN and IGNORE answer our question about an email held earlier; STATUS and HELP ask for the guide."""
    command = read_command(scene.own)
    if command is None:
        return None
    rest = len(command.rest.split())
    if command.name == "OPEN" and not command.clouded:
        found = opened(scene, command.rest, False)
        return Intent(
            Act.OPEN, fields=found.fields, people=found.people, words=scene.own, flags=("answers our question",)
        )
    if command.name == "IGNORE" and rest < 12:
        return Intent(Act.NOTE, fields={"answer": "ignore"}, words=scene.own)
    if command.name in ("HELP", "STATUS") and rest < 12:
        return Intent(Act.QUESTION, words=scene.own)
    return None


def _is_about_a_worker(text: str, subject: str, labels: int) -> bool:
    """Conduct of a person, never a dispute: not forwarded, not quoted (G8). A labelled dispute may mention a LADO."""
    hit = _ABOUT_A_WORKER.search(f"{text}\n{subject}")
    return hit is not None and (labels < 3 or "whistle" in hit[0].lower() or "allegation" in hit[0].lower())


def _is_question(scene: Scene, disagrees: bool, substance: bool) -> bool:
    """Asks how it works, and says nothing of a child, an issue, or anybody it is with."""
    if substance:
        return False
    asks = [h for h in hear(scene.own) if h.sense in (Sense.GUIDE, Sense.STATUS)]
    parts = sentences(scene.own)
    questions = [s for s in parts if s.rstrip().endswith("?") and _PROCESS.search(s)]
    if not asks and not (questions and len(questions) * 2 >= len(parts) and not scene.said.to):
        return False
    hypothetical = bool(re.search(r"\b(?:if|when|what if) (?:i|we|you|they|there)\b", scene.own, re.I))
    child = re.search(r"\b[A-Z]\.\s?[A-Z]\.?(?=\W|$)|\b(?:child|pupil|patient)\s*[:=-]", scene.own)
    return child is None and (hypothetical or not disagrees or len(scene.own) < 200) and not _others(scene)


def _others(scene: Scene) -> bool:
    mine = scene.said.sender.agency
    return any(p.agency and p.agency != mine for p in scene.said.to)


def _is_one_agency(intent: Intent) -> bool:
    raising, receiving = intent.fields.get("raising_agency", ""), intent.fields.get("receiving_agency", "")
    return bool(raising) and raising == receiving


def _sections(own: str) -> tuple[str, ...]:
    """One text for each child with its own matter: numbered items, or a "Child:" line that starts again."""
    lines = own.split("\n")
    child_lines = [label.line for label in read_labels(own) if label.key == "child"]
    child_lines = child_lines or [at for at, line in enumerate(lines) if _ITEM.match(line)]
    if len(child_lines) < 2 or len(child_lines) > MOST_DISPUTES:
        return ()
    starts = child_lines
    ends = [*starts[1:], len(lines)]
    parts = ["\n".join(lines[a:b]) for a, b in zip(starts, ends, strict=True)]
    parts = [_NUMBERED.sub("", part, count=1) for part in parts]
    with_matter = [p for p in parts if len(p.split()) > 6]
    return tuple(parts) if len(with_matter) == len(parts) else ()
