"""What people write instead of the command words: phrases with their senses, the traps beside them, and how they are
heard.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from mailbot.mail.text.spelling_and_sentences import sentences

# What people write instead of the command words: each phrase, and the sense it has when nothing clouds it.
#
# A table and nothing else. The traps that make the same words mean less, and the code that applies both, are in
# ``hearing.py``; which senses rule each other out is decided in ``spoken.py``.


class Sense(StrEnum):
    SETTLED = "settled"  # both have agreed, or the writer accepts
    ASSENT = "assent"  # "happy with that": agrees to whatever was put
    UNSETTLED = "unsettled"  # not agreed, and said so finally
    OBJECTION = "objection"  # what was reported as resolved is not
    CONTRARY = "contrary"  # still disagrees, without saying what next
    UP = "up"  # asks for the next stage
    REFER = "refer"
    MORE_TIME = "more time"
    REFUSAL = "refusal"
    HANDOVER = "handover"
    LEFT = "left"
    CONFERENCE = "conference"
    EXCEPTIONAL = "exceptional"
    WITHDRAWN = "withdrawn"
    REOPEN = "reopen"
    UNDO = "undo"
    MET = "met"
    DONE = "done"
    REMOVE = "remove"
    ADD = "add"
    CHILD_STATUS = "child status"
    DECISION = "decision"
    STATUS = "status"
    GUIDE = "guide"
    DEADLINE_AGREED = "deadline agreed"
    MEETING_AGREED = "meeting agreed"
    TIME_AGREED = "time agreed"  # agreement to a date and to nothing else
    CHILD_DATE = "child date"


_US = r"(?:we|both|us|all|both sides|all parties|everyone|[a-z]+ and i|myself and [a-z]+)"
_HAVE = r"(?:have|'ve|has|are|'re|both|all|now|have now|have both|'ve now|'ve both|have all|had)"
_IT = (
    r"(?:this|it|that|the (?:matter|issue|dispute|disagreement|case|concern|escalation)|matters?|things"
    r"|everything|all)"
)
# Order matters within one sentence: what is matched is struck out before the next row looks, so that
# "agreed to disagree" and "not resolved" never reach "agreed" and "resolved".
PHRASES: tuple[tuple[Sense, str], ...] = (
    (
        Sense.GUIDE,
        r"\bwhat(?:'s| is) the process\b|\bhow do (?:i|we|you)\b|\bis there a form\b|\bwhat do (?:i|we) (?:do"
        r"|need)\b|\bhow does (?:this|it|the)\b|\bwhat happens (?:next|now|if)\b|\bwho do (?:i|we) (?:contact"
        r"|ask|escalate)\b|\bcan you (?:explain|advise)\b|\bdo i (?:need|have) to\b|\bwhat words\b"
        r"|\bcould you (?:send|tell) (?:me|us) (?:the|how|what)\b|\bwhat is the (?:policy|procedure"
        r"|protocol)\b|\bwhere (?:can|do) (?:i|we) find\b|\bhow (?:to|can|should) (?:i|we)?\b",
    ),
    (
        Sense.OBJECTION,
        rf"\b(?:don'?t|do not|cannot|can'?t) (?:agree|accept) (?:that )?{_IT} (?:is|has been|was|are|have been) "
        rf"(?:now |all |fully )*(?:resolved|sorted|settled|closed)\b|\bdisagree that {_IT} (?:is|has been|was) "
        rf"(?:now )?(?:resolved|sorted|settled|closed)\b|\b{_IT} (?:should not|shouldn't|must not|cannot|can't) "
        rf"(?:be|have been) (?:closed|marked (?:as )?resolved|recorded as resolved)\b",
    ),
    (
        Sense.CONTRARY,
        r"(?:\bnot|n't) (?:at all )?(?:happy|satisfied|content|agree(?:d)?) (?:with|about) (?:this"
        r"|that|the) (?:decision|response|outcome|rationale|threshold)\b",
    ),
    (
        Sense.UNDO,
        r"\b(?:that'?s|that is|this is|it'?s) not what i (?:meant|said|asked)\b|\byou(?:'ve"
        r"| have)? (?:mis(?:read|understood)|got (?:that|this|it) wrong)\b|\bplease undo\b",
    ),
    (
        Sense.REOPEN,
        r"\b(?:re-?open)(?:ed|ing)? (?:this|it|the|please)\b|\bplease re-?open\b|\b(?:this|it) (?:to be"
        r"|be) re-?opened\b",
    ),
    (
        Sense.CONTRARY,
        r"\b(?:did not|didn't|never|have not|haven't|had not|hadn't) agreed? "
        r"(?:to |with )?(?:this|that|it|the|any\w*)\b",
    ),
    (
        Sense.TIME_AGREED,
        r"\bagreed?(?: to)? (?:that date|the (?:new )?date|the \d{1,2}(?:st|nd|rd|th)?\b"
        r"|(?:mon|tues|wednes|thurs|fri)day\b)|\b(?:happy|fine|ok|okay|content) with"
        r" (?:the \d{1,2}(?:st|nd|rd|th)\b|that date"
        r"|the date|(?:mon|tues|wednes|thurs|fri)day\b)",
    ),
    (
        Sense.ASSENT,
        r"\b(?:is|that's|are|was) (?:exactly |also )?what (?:was|we|i|we'd|we had) agreed\b"
        r"|\b(?:happy|content|glad|pleased|able) to (?:confirm|agree)\b"
        r"(?! (?:to|that i|receipt|that there))"
        r"|^(?:yes,? )?(?:confirmed|agreed) (?:from|on behalf of|by) (?:our|us|the|my)\b",
    ),
    (
        Sense.UNSETTLED,
        r"\bagree(?:d)? to disagree\b|\b(?:at|reached|hit) (?:an |a )?(?:impasse|stalemate|deadlock"
        r"|stand-?off)\b|\bstalemate\b",
    ),
    (
        Sense.UNSETTLED,
        r"(?:\bnot|n't|\bnever|\bcannot) (?:yet |been |be |fully |able to |actually |really |going to "
        r"|in fact )*(?:resolved?|settled?|sorted|reach(?:ed)? (?:an )?(?:agreement|resolution|consensus)"
        r"|come to an agreement)\b",
    ),
    (
        Sense.UNSETTLED,
        r"\b(?:un|ir)resolved\b|\b(?:unable|failed|no longer able) to (?:resolve|agree|reach|settle)\b"
        r"|\bno (?:agreement|resolution)\b(?: (?:was |has been |could be )?reached)?|\bcould(?:n't"
        r"| not) (?:agree|resolve|reach)\b|\bunable to agree\b|\bdid(?:n't| not) (?:reach"
        r"|come to) (?:an )?agreement\b|\bdid(?:n't| not) (?:manage to )?resolve\b",
    ),
    (
        Sense.UP,
        r"\bescalat(?:e|ing|ed) (?:to|this|it|the (?:matter|dispute|issue|case)|up|further|please|now)\b"
        r"|\b(?:please|to|will|would like to|want to|must|need to|i|we|can you|could you|now|so) escalate\b"
        r"|\bmov(?:e|ing) (?:this |it )?(?:up |on )?to (?:the next stage|stage|step)\b",
    ),
    (Sense.UP, r"\b(?:mov|pass|send|push|tak|kick)(?:e|ing)? (?:this|it) up(?:wards)?\b"),
    (
        Sense.UP,
        r"\btak(?:e|ing) (?:this|it) (?:up|further|higher|to (?:the next|stage|step|my (?:senior "
        r"|line )?manager|senior))\b|\b(?:next (?:stage|step|level)|(?:stage|step) \w+) (?:please|then)\b"
        r"|\b(?:go|going|goes|proceed"
        r"|progress)(?:ing)? to (?:the next stage|stage \w|step \w|senior)\b|\bover to [A-Z][a-z]+ [A-Z][a-z]+",
    ),
    (
        Sense.REFER,
        r"\brefer(?:ring)? (?:this |it |the matter )?(?:on )?to (?:the )?(?:delegated|safeguarding partner|dsp"
        r"|partnership|board|gscp|sscp|panel|independent)\w*",
    ),
    (Sense.EXCEPTIONAL, r"\bexceptional (?:circumstances|provision|route)\b"),
    (
        Sense.CONTRARY,
        r"\b(?:still |really |simply |strongly |just )*(?:don'?t|do not|cannot|can'?t) (?:agree|accept)\b"
        r"|\bdisagree\b|\b(?:our|my|the) position (?:is|remains|has not|hasn't|is still)? ?(?:unchanged"
        r"|the same|changed|not changed)\b|\bposition unchanged\b|\bnot happy (?:with|about|at)\b"
        r"|\bno change in (?:our )?position\b|\bstand by (?:our|my|the) (?:decision|position)\b",
    ),
    (
        Sense.MEETING_AGREED,
        r"\bagreed to (?:meet|speak|talk|discuss|have a (?:meeting|call|chat)|call|ring|arrange|set up"
        r"|reconvene|catch up|review|look|think|consider|try|go away|share|send|check)\b",
    ),
    (
        Sense.DEADLINE_AGREED,
        r"\bagreed (?:that (?:we|i) (?:will|would) |to )?(?:come|get|be) back\b(?: to each other)?"
        r"|\bagreed (?:a date|a deadline|timescale|by|until|to extend|on a date|to respond by|to reply by"
        r"|to resolve (?:this )?by|an extension)\b",
    ),
    (
        Sense.WITHDRAWN,
        r"\b(?:withdraw(?:ing|n)?|retract(?:ing)?) (?:this|it|the|our|my)\b|\bdrop (?:this|the (?:dispute"
        r"|escalation|matter))\b|\b(?:no longer|don't|do not) (?:wish|want|need) to (?:pursue|continue"
        r"|take (?:this|it) forward|proceed)\b|\bwithdraw please\b",
    ),
    (
        Sense.DECISION,
        r"\b(?:the |our )?(?:partners|dsps|panel|chair|partnership|we) (?:have|has) (?:now )?(?:decided"
        r"|determined|directed)\b|\b(?:our|the|my) (?:final )?decision is\b",
    ),
    (
        Sense.CONFERENCE,
        r"\b(?:request(?:ing|s|ed)?|ask(?:ing|ed)? for|convene|want|need|calling for) (?:that )?(?:an? "
        r"|the )?(?:initial |review )?(?:child protection |cp )(?:case )?conference\b|\brequest for (?:a "
        r"|an )?(?:initial )?(?:child protection |cp )conference\b",
    ),
    (
        Sense.CHILD_STATUS,
        r"\b(?:is|are|was|were|been|became|becomes?|now|will be|has become|made|went) (?:now |also |both |all "
        r"|being |made |a |on a |on |subject (?:to|of) (?:a )?|no longer )*(?:looked[- ]after|lac\b|cla\b"
        r"|(?:child protection|cp)(?: plan)?\b|child in need|cin\b|accommodated|section 20|s\.?20)|\b(?:came"
        r"|come|taken|removed|stepped) (?:off|down from) (?:the |a |his |her |their )?(?:child protection|cp"
        r"|child in need|cin)\b|\b(?:interim )?care order (?:was |has been )?(?:granted|made)\b",
    ),
    (
        Sense.REMOVE,
        r"\b(?:remove|take) (?P<gone>me|[A-Z][a-z]+(?: [A-Z][a-z'-]+)?) (?:off|from|out)\b"
        r"|\bno longer (?:involved|need to be (?:copied|on))\b|\bplease remove\b|\bunsubscribe\b",
    ),
    (
        Sense.ADD,
        r"\b(?:please |can you |could you )(?:also )?(?:add|include"
        r"|copy in) (?P<more>[A-Z][a-z]+(?: [A-Z][a-z'-]+)?)\b",
    ),
    (
        Sense.HANDOVER,
        r"\b(?:speak|talk|write|refer|direct \w+|send \w+|reply) (?:to|with)\b|\bplease (?:contact|email"
        r"|liaise with|use|ring|call|copy)\b|\bcover(?:ing|ed)? (?:is|for me|for us|by|the team|my|in my|while"
        r"|will be)\b|\bcover is\b|\bhand(?:ing|ed)? (?:this |it |over |this over |it over )+to\b|\btak(?:en"
        r"|ing|es) over\b|\bcontact (?:is|will be) now\b|\bin my absence\b|\bis (?:now )?covering\b"
        r"|\bwill be (?:dealing|picking (?:this|it) up|covering)\b|\bmy replacement\b",
    ),
    (Sense.LEFT, r"\b(?:has|have|'ve|'s) (?:now )?left (?:the|our|us|for)\b|\bno longer (?:works?|working|with)\b"),
    (
        Sense.MORE_TIME,
        r"\b(?:can|could|may) (?:we|i|you) (?:please )?(?:just )?(?:have|say|get|make it|do|extend|push|move"
        r"|agree|leave|give|allow|go for|aim for)\b|\b(?:need|like|want|have) (?:until|till|a (?:bit|little"
        r"|few|couple)|more time|another|longer|an extension|a couple more)\b|\bmore time\b|\bextend(?:ed"
        r"|ing)? (?:this |it |the \w+ )?(?:to|until|by)\b|\bextension\b|\bpropose (?:a date|the \d|mon|tue|wed"
        r"|thu|fri|that we|\d|we (?:say|agree))",
    ),
    (
        Sense.REFUSAL,
        r"\b(?:can't|cannot|not able to|unable to|won't) (?:wait|agree to (?:that|the|more|an|any)|extend"
        r"|accept (?:that|the) date|do (?:that|the|mon|tue|wed|thu|fri))\b|\b(?:too (?:late|long)"
        r"|that doesn't work|does not work|doesn't work)\b",
    ),
    (
        Sense.SETTLED,
        rf"\b{_US} ?{_HAVE} (?:now |both |all |also )?(?:agreed|reached (?:an )?agreement|resolved|sorted"
        rf"|settled|come to an agreement)\b|\b(?:agreed|reached) (?:a|an|the) (?:way forward|agreement|plan"
        rf"|resolution|outcome)\b|\bagreed way forward\b|\b(?:been|is|are|was|it's|that's|this is|now"
        rf"|all) (?:now |all |been |fully |happily )*(?:resolved|sorted|settled|agreed)\b",
    ),
    (
        Sense.SETTLED,
        r"\b(?:we|both|sides|and i) (?:are|'re) (?:now |all |both )*in (?:full )?agreement\b|\bin agreement now\b"
        r"|\b(?:resolution|agreement) (?:was |has been |has now been |now )?reached\b",
    ),
    (
        Sense.SETTLED,
        rf"\b{_IT} (?:can|could|may|is) (?:now |please )?(?:be )?(?:closed|signed off|ready to close)\b"
        rf"|\b(?:happy|ok|okay|content|fine) (?:for (?:this|it|that) to be|to) (?:close|closed|sign)\b"
        rf"|\bno (?:further|need (?:to|for)|need for (?:any )?(?:further)?) ?(?:escalation|escalate|escalating"
        rf"|dispute)\b|\bplease close\b|\bmoved on this\b",
    ),
    (
        Sense.SETTLED,
        r"\b(?:accept|understand|happy with|satisfied with|content with) (?:the|your|their|csc's) (?:rationale"
        r"|reasons?(?:ing)?|explanation|decision|outcome|response)\b|\bagree with (?:the|your"
        r"|their) (?:rationale|reasoning|decision|outcome|plan)\b|^(?:all )?(?:sorted|resolved"
        r"|settled)[ .!,]*(?:thanks|thank you|now)?[ .!]*$|\bwe agreed (?:that|the)\b",
    ),
    (
        Sense.ASSENT,
        r"\b(?:happy|content|fine|ok|okay|satisfied|good) with (?:that|this|it|the (?:above|plan|summary|date"
        r"|outcome|resolution)|us|me)\b|^(?:yes|yep|agreed|great|ok|okay|perfect|lovely"
        r"|fine)\b[ ,.!-]*(?:agreed|confirmed|that'?s (?:right|correct|fine|good|agreed)|i agree|we agree"
        r"|happy with (?:that|this)|fine|all agreed|works for (?:me|us)|thanks?|thank you)?[ .!,]*$"
        r"|\bi (?:can )?(?:confirm|agree)\b(?! (?:to|with some|in part|with part|receipt|that i))"
        r"|\bwe (?:can )?(?:confirm|agree)\b(?! (?:to|receipt))|\b(?:that|this"
        r"|\w+day)(?: \w+)? works (?:for (?:me|us))?|\bthat'?s (?:right|correct|agreed|fine|what we agreed)\b"
        r"|\ball agreed\b|^(?:yes,? )?agreed?\b(?=\W*$|[,.;!-]| (?:thanks|thank|and|all|from our|by us)\b)"
        r"|\bagreed\b\W*$"
        r"|\bworks for (?:me|us)\b|\bfine (?:by|for) (?:me|us)\b",
    ),
    (Sense.MET, r"\b(?:we|i) (?:have |'ve )?(?:both )?(?:met|spoke|spoken|had a (?:meeting|call)|talked)\b"),
    (
        Sense.CHILD_DATE,
        r"\b(?:need(?:s|ed)?|must|has to) (?:to )?(?:be )?(?:\w+ ){0,4}(?:by|before)\b|\b(?:ideally"
        r"|preferably) (?:by|before)\b",
    ),
    (
        Sense.DONE,
        r"^(?:all )?(?:done|completed|actioned|visit(?:ed)? (?:done|completed|today)|this is done"
        r"|that'?s done)\b|\b(?:has|have|'s) (?:now )?been (?:done|completed|sent|made|booked|actioned"
        r"|carried out)\b",
    ),
    (
        Sense.STATUS,
        r"\bwhere (?:are we|is this|does this stand|has this got)\b|\bwhat(?:'s| is) the (?:status|latest"
        r"|position|deadline|limit|time ?scale)\b|\bwhat stage\b|\bwhen is (?:this|it) due\b|\bany update\b"
        r"|\bwho (?:has (?:this|it)|is (?:this|it) with)\b",
    ),
)

# What makes the same words mean less than they say: a question, a hope, hearsay, a part, a joke.
#
# Tables and nothing else; ``hearing.py`` applies them sentence by sentence, ``accounting.py`` across the whole text.
# A trap costs its writer one more short letter. A trap that is missing costs a dispute closed or moved by nobody.

# What makes a phrase in the same sentence mean less than it says.
TRAPS: tuple[tuple[str, str], ...] = (
    (
        "question",
        r"\?\s*$|^(?:is|are|was|can|could|do|does|did|has|have|should|shall|would|will|when|what|who|why|how"
        r"|where) (?:this|that|it|we|i|you|they|there|the|everyone|anything)\b.*\?"
        r"|^(?:is|are|was|were|am|has|have|had|did|does|do|shall|should|would)(?:n't)? (?:this|that|it|we|i|you|they"
        r"|there|he|she|everyone|anything)\b|\b(?:isn't it|aren't (?:we|they)|or not|or what|don't you think)\b",
    ),
    (
        "condition",
        r"\b(?:if|unless|provided(?: that)?|subject to(?! (?:an? )?(?:interim |initial )?(?:child|cp"
        r"|care))|assuming|depending|as long as|on condition|so long as"
        r"|in the event|conditional)\b",
    ),
    (
        "future",
        r"\b(?:once|hopefully|hope(?: to| that)?|hoping|until (?:we|i|they|he|she|it|that|this"
        r"|the (?:visit|meeting|assessment|review))|when (?:it|this|we|i|the|they|you|he|she)"
        r"|(?:will|'ll) (?:get|soon|have|then|need|let|confirm|reply|see|consider|discuss|think"
        r"|decide|try|probably)|soon|before (?:it|this|we)|aim(?:ing)? to|try(?:ing)? to|expect"
        r"|nearly|almost|not far|close to|getting there|about to"
        r"|plan to|want(?:ed)? to (?:be|get)|in order to|likely)\b",
    ),
    (
        "promise",
        r"\b(?:should be|(?:will|'ll) be|going to be|to be (?:agreed|resolved|sorted|confirmed)|needs? to be"
        r"|would be)\b",
    ),
    (
        "part",
        r"\b(?:mostly|partly|partially|in part|apart from|except|other than|all but|largely|some of|most of"
        r"|half(?![ -]term)|in principle|for now|for the moment|provisional\w*|but not|aside from|bar the|the rest"
        r"|more or less|broadly|one (?:issue|point|part|thing)|still (?:need|waiting|outstanding)"
        r"|tentative\w*|(?:two|three|four|five|some|most|half|part|all but one) of (?:the|our|my|their|these|those|it)"
        r"|(?:first|second|third|last|other|next|one) (?:point|part|issue|question|action|item|bit|paragraph)"
        r"|only|as far as|so far|otherwise|in theory|technically|on paper|up to a point|not quite|as such"
        r"|to (?:a|some) (?:degree|extent)|for (?:our|my|their) part)\b",
    ),
    (
        "wish",
        r"\b(?:can|could|must|should|get|let|want\w*|need\w*) (?:this |it |that |to )*(?:be )?"
        r"(?:resolved|sorted|settled)\b|\bplease (?:can|could) (?:this|it)\b",
    ),
    ("history", r"\bbefore(?: and|[,.]|$)|\bworked out\b|\bin the past\b"),
    (
        "passing",
        r"\bfor (?:today|the time being|the present|this week)\b|\buntil next\b|%|\bper cent\b"
        r"|, not (?:with|the|about|to|on)\b",
    ),
    (
        "supposition",
        r"\b(?:whether|might|may|maybe|perhaps|possibly|could be|would (?:like to think|have|say)|i think we(?:'re"
        r"| are)|not sure|unsure|seems?|appears?|thought|considering|thinking (?:about|of)|wonder\w*"
        r"|apparently|supposed\w*|allegedly|unclear|don't know|if anything|guess|suppose|assume|reckon|doubt\w*"
        r"|less sure|(?:not|n't) (?:so |quite |entirely |really )?(?:sure|certain|convinced)|hesitate|kind of|sort of"
        r"|can't remember|made (?:my|our) mind up|might|neither)\b",
    ),
    ("but", r"\b(?:but|however|although|though|yet|even so|nevertheless|still (?:disput|disagre|not)\w*)\b"),
    (
        "belief",  # somebody else's, or the writer's own short of saying so
        r"\b(?:thinks|believes|reckons|feels|wants|gathers|considers|insists|hopes|seemed|seems|(?:they|school"
        r"|csc|police"
        r"|mum|dad) (?:think|believe|reckon|feel|want|consider))\b|\bas far as (?:we're|we are|i'm|i am) concerned\b"
        r"|\bwe consider\b|\bmy understanding\b|\b(?:point of view|their (?:view|opinion))\b",
    ),
    ("one side", r"\bfrom (?:our|their|my|his|her|your|one) (?:side|end|part|perspective)\b"),
    ("own belief", r"\b(?:i|we) (?:think|believe|gather|understand (?:that|it|we|they|from))\b"),
    (
        "report",
        r"\b(?:told (?:me|us|that)|tells|says|(?:they|people|some|school|csc|parents) say|(?:i|we) hear|said"
        r"|claims?|claimed|assures?|assured|heard|informed|according to"
        r"|reports|mentioned|they (?:think|say|believe|feel)|confirms)\b",
    ),
    (
        "old",
        r"\b(?:previously|last (?:year|time|month|term)|back in|as before|used to|earlier (?:dispute|email|message)"
        r"|other (?:case|dispute|child)|different (?:case|matter|child|issue|dispute)|ago"
        r"|at the (?:start|beginning|time)"
        r"|originally|(?:was|were) (?:\w+ )?in (?:january|february|march|april|may|june|july|august|september|october"
        r"|november|december)|and then|came undone|at conference|as agreed)\b",
    ),
    (
        "joke",
        r"!{2,}|\?!|!\?|\b(?:lol|ha(?:ha)+|yeah right|as if|if only|i wish|said nobody|pigs|pull the other|jok(?:e|ing)"
        r"|whatever|oh|of course|wonderful|really\?|if i must|miracle)\b|[\"'](?:re)?(?:resolved|sorted|agreed|settled"
        r"|closed|confirmed)[\"']|[\U0001F644\U0001F937\U0001F928\U0001F62C\U0001F602\U0001F923\U0001F612\U0001F621]",
    ),
    ("quoted", r"^[\"\u201c]|[\"\u201c][^\"\u201d]*\b(?:resolved|sorted|agree\w*|settled|escalate\w*|confirm\w*)\b"),
)
# Traps that do not cloud these: to ask for time or the guide is to ask a question.
_ALL = frozenset(name for name, _ in TRAPS)
IMMUNE: dict[Sense, frozenset[str]] = {
    Sense.MORE_TIME: _ALL - {"joke"},
    Sense.STATUS: _ALL,
    Sense.GUIDE: _ALL,
    Sense.UP: frozenset({"but", "own belief", "promise"}),
    Sense.HANDOVER: frozenset({"promise", "but", "future", "condition", "part", "old"}),
    Sense.REMOVE: frozenset({"promise", "question", "future"}),
    Sense.ADD: frozenset({"promise", "question", "future"}),
    Sense.CONFERENCE: frozenset({"promise", "future"}),
    Sense.CHILD_STATUS: frozenset({"old"}),
    Sense.DEADLINE_AGREED: frozenset({"promise", "future", "part"}),
    Sense.MEETING_AGREED: _ALL,
    Sense.UNSETTLED: frozenset({"one side", "report", "old", "part", "own belief"}),
    Sense.OBJECTION: frozenset({"report", "old", "part", "but", "own belief"}),
    Sense.CHILD_DATE: frozenset({"wish", "future", "promise", "supposition"}),
    Sense.CONTRARY: frozenset({"own belief", "one side"}),
    Sense.ASSENT: frozenset({"one side"}),
    Sense.REFUSAL: frozenset({"promise", "but", "future", "condition"}),
}
# Somebody else does it: "Iris is happy with this", "she will escalate", "school can escalate". Looked for just before
# the phrase. "Rosalind and I", "both of us", "the matter" are not somebody else.
SOMEBODY_ELSE = (
    r"(?:\b(?:he|she|they|mum|mother|dad|father|parents|family|surgery|hospital|nursery|school|council|social care|csc"
    r"|police|gp|head|chair|worker|visitor|nurse|teacher|deputy|colleague|manager|team|side|panel|office)"
    r"|\b(?!(?:This|That|It|All|Both|We|There|Everything|Everyone|Matter|Matters|Things|Who|What|Which|Resolution)\b)"
    r"[A-Z][a-z]+)(?:'s|'d|'ll)?(?: (?:is|are|was|were|has|have|had|will|would|can|could|should|might|may|must|does|do"
    r"|did|now|also|always|both|wants?|wishes|needs?|going|able|ready|to|be|been|not)(?:n't)?){1,5}\W*$"
)
# Words that may stand between a negation and what it denies: "we have not yet been able to agree" denies the
# agreement. "I wouldn't say it's resolved" and "not able to confirm that we agreed" do not: they go round it.
DENIES = frozenset(
    {
        "yet",
        "been",
        "be",
        "fully",
        "really",
        "actually",
        "have",
        "has",
        "had",
        "is",
        "are",
        "was",
        "were",
        "we",
        "this",
        "it",
        "that",
        "i",
        "think",
        "believe",
        "feel",
        "consider",
        "all",
        "the",
        "matter",
        "issue",
        "dispute",
        "now",
        "able",
        "to",
        "properly",
        "in",
        "any",
        "fact",
        "us",
        "either",
        "of",
        "here",
        "both",
        "at",
        "way",
        "even",
        "it's",
        "that's",
        "a",
        "an",
        "by",
        "anyone",
        "from",
        "school",
        "our",
        "side",
        "sides",
        "we've",
        "i've",
        "agreement",
        "as",
        "you",
        "they",
    }
)
# The phrase is not this dispute's end but an arrangement: a time, a venue, a talk.
ARRANGEMENT = (
    r"^(?: (?:that|on|a|the|to|about|our|another|we|they|would|will|should|both|dates?|times?|venue|of|for))*"
    r" (?:meet|meeting|talk|speak|call|ring|time|date|venue|agenda|chat|discussion|sports|room|visit to|photo)\b"
)

# Phrases heard in sentences, with the traps beside them.
#
# A sense is *clear* when its phrase stands in a sentence with no trap, *clouded* when the sentence asks, supposes,
# looks ahead or takes a part back. A negation just before it turns agreement round, and leaves nothing of the rest.

_BARE = re.compile(r"\b(?:resolved|sorted|settled)\b", re.IGNORECASE)
_COMPILED = (
    *((sense, re.compile(pattern, re.IGNORECASE)) for sense, pattern in PHRASES),
    (Sense.SETTLED, _BARE),
)
_TRAPS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in TRAPS)
_NEGATION = re.compile(
    r"(?:\b(?:not|never|no|nor|hardly|cannot|without|nothing|nobody|neither|far from)\b|n't\b)[^,;:.]{0,48}$", re.I
)
_NOT = re.compile(
    r"(?:\b(?:not|never|cannot|without|no (?:need|reason|wish|plans?|intention))\b|n't\b)[^,;:.]*$|\bno\s*$", re.I
)
_GREETING = re.compile(
    r"^(?:hi|hello|hiya|dear|morning|afternoon)(?: (?:all|both|there|[A-Z][a-z]+))?, (?=\w)", re.IGNORECASE
)
_BUT = re.compile(r"[,;:] | - | (?:but|so|and|because|as) ")
_NEAR, _FAR = 24, 60  # characters before a phrase in which a negation turns it: an agreement can be denied from afar
_TURNED = {Sense.SETTLED: Sense.UNSETTLED, Sense.ASSENT: Sense.CONTRARY, Sense.TIME_AGREED: Sense.CONTRARY}
_NOT_NEGATED = frozenset(
    {
        Sense.UNSETTLED,
        Sense.CONTRARY,
        Sense.MORE_TIME,
        Sense.STATUS,
        Sense.GUIDE,
        Sense.LEFT,
        Sense.REFUSAL,
        Sense.UNDO,
        Sense.HANDOVER,
        Sense.MEETING_AGREED,
        Sense.OBJECTION,
    }
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One phrase in one sentence. ``traps`` empty means it is clear; ``start`` is where it stands in the sentence."""

    sense: Sense
    words: str
    sentence: str
    start: int
    traps: tuple[str, ...] = ()

    @property
    def is_clear(self) -> bool:
        return not self.traps


def hear(text: str) -> tuple[Heard, ...]:
    """The phrases heard in ``text``, every one, sentence by sentence, with what clouds it."""
    pieces = (" ".join(sentence.split())[:2000] for sentence in sentences(text))
    return tuple(heard for piece in pieces for heard in _in_sentence(_GREETING.sub("", piece)))


def traps_in(sentence: str) -> frozenset[str]:
    """The names of the traps that stand beside a phrase in one sentence."""
    return frozenset(name for name, pattern in _TRAPS if pattern.search(sentence))


def _in_sentence(sentence: str) -> Iterator[Heard]:
    left = sentence
    traps = tuple((name, m.start()) for name, pattern in _TRAPS if (m := pattern.search(sentence)))
    for sense, pattern in _COMPILED:
        for match in pattern.finditer(left):
            if not match[0].strip():
                continue
            meant = _as_meant(sense, sentence, match)
            left = left[: match.start()] + "\0" * len(match[0]) + left[match.end() :]
            if meant is not None:
                kept = tuple(t for t, at in traps if t not in _immune(meant, at > match.end()))
                more = _round_about(sense, sentence, match)
                yield Heard(meant, match[0], sentence, match.start(), (*kept, *more))


_ELSE = re.compile(SOMEBODY_ELSE)
_ARRANGED = re.compile(ARRANGEMENT, re.IGNORECASE)
_SPOKEN_FOR = frozenset(
    {Sense.SETTLED, Sense.ASSENT, Sense.UP, Sense.REFER, Sense.WITHDRAWN, Sense.REOPEN, Sense.CONTRARY, Sense.REFUSAL}
)
_DENIED_TWICE = frozenset({Sense.UNSETTLED, Sense.CONTRARY, Sense.OBJECTION, Sense.REFUSAL})
_DENIAL = re.compile(r"\b(?:not|never|no|nor|hardly|cannot|without|nothing|nobody|neither)\b|n't\b", re.IGNORECASE)


def _round_about(sense: Sense, sentence: str, match: re.Match[str]) -> tuple[str, ...]:
    """The traps round about a phrase, by where it stands: whose it is, how it is denied, what it is about."""
    before = sentence[: match.start()]
    clause = _BUT.split(before[-_FAR:])[-1]
    found = []
    if sense in _SPOKEN_FOR and _ELSE.search(clause):
        found.append("somebody else's")
    if sense in _TURNED and (denial := _last_denial(clause)) and not _denies_plainly(clause[denial.end() :]):
        found.append("denied in a roundabout way")
    if sense is Sense.UP and "escalated" in match[0].lower() and not re.search(r"\b(?:be|this|it)\b", clause[-12:]):
        found.append("done already")
    if sense in _DENIED_TWICE and _DENIAL.search(clause):
        found.append("denied twice")
    if sense is Sense.SETTLED and not _is_about_this(sentence, match):
        found.append("another matter")
    if sense is Sense.SETTLED and _ARRANGED.match(sentence[match.end() :]):
        found.append("an arrangement")
    return tuple(found)


def _last_denial(clause: str) -> re.Match[str] | None:
    return max(_DENIAL.finditer(clause), key=lambda m: m.start(), default=None)


def _denies_plainly(between: str) -> bool:
    return all(word in DENIES for word in re.findall(r"[a-z']+", between.lower()))


_PASSIVE = re.compile(r"(?:been|is|are|was|all|now)\b", re.IGNORECASE)
_THIS = re.compile(
    r"(?:^|\b(?:this|it|that|everything|all|we|matters?|things|now|(?:the|our) (?:matter|issue|dispute"
    r"|disagreement|escalation"
    r"|concern|difference)s?))\W*(?:(?:has|have|had|is|are|was|now|all|finally|also|been|s|ve|fully"
    r"|both)\b\W*)*$",
    re.IGNORECASE,
)


def _is_about_this(sentence: str, match: re.Match[str]) -> bool:
    """Is a phrase about this dispute? "The transport issue has been resolved" is news of something else; "this has
    been resolved" is not."""
    if not _PASSIVE.match(match[0]):
        return True
    return bool(_THIS.search(_BUT.split(sentence[max(0, match.start() - _FAR) : match.start()])[-1]))


def _immune(sense: Sense, is_after: bool) -> frozenset[str]:
    """The traps a phrase is immune to: a promise after it is what was agreed ("it will be
    done"), not a doubt about it."""
    return IMMUNE.get(sense, frozenset()) | (frozenset({"promise"}) if is_after else frozenset())


def _as_meant(sense: Sense, sentence: str, match: re.Match[str]) -> Sense | None:
    """A phrase's sense as meant, turned round by a negation just before it; None when that leaves nothing."""
    if sense in _NOT_NEGATED or match[0].lower().startswith("no "):
        return sense
    reach = _FAR if sense in _TURNED else _NEAR
    clause = _BUT.split(sentence[max(0, match.start() - reach) : match.start()])[-1]
    denied = _NEGATION.search(clause) if sense in _TURNED else _NOT.search(clause)
    if denied or re.search(r"\bdisagree|\bnot\b|n't\b", match[0], re.I):
        return _TURNED.get(sense)
    return sense
