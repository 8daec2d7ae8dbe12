"""What people write instead of the command words: each phrase, and the sense it has when nothing clouds it.

A table and nothing else. The traps that make the same words mean less, and the code that applies both, are in
``hearing.py``; which senses rule each other out is decided in ``spoken.py``.
"""

from enum import StrEnum


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
    (Sense.GUIDE,
        r"\bwhat(?:'s| is) the process\b|\bhow do (?:i|we|you)\b|\bis there a form\b|\bwhat do (?:i|we) (?:do"
        r"|need)\b|\bhow does (?:this|it|the)\b|\bwhat happens (?:next|now|if)\b|\bwho do (?:i|we) (?:contact"
        r"|ask|escalate)\b|\bcan you (?:explain|advise)\b|\bdo i (?:need|have) to\b|\bwhat words\b"
        r"|\bcould you (?:send|tell) (?:me|us) (?:the|how|what)\b|\bwhat is the (?:policy|procedure"
        r"|protocol)\b|\bwhere (?:can|do) (?:i|we) find\b|\bhow (?:to|can|should) (?:i|we)?\b"),
    (Sense.OBJECTION,
        rf"\b(?:don'?t|do not|cannot|can'?t) (?:agree|accept) (?:that )?{_IT} (?:is|has been|was|are|have been) "
        rf"(?:now |all |fully )*(?:resolved|sorted|settled|closed)\b|\bdisagree that {_IT} (?:is|has been|was) "
        rf"(?:now )?(?:resolved|sorted|settled|closed)\b|\b{_IT} (?:should not|shouldn't|must not|cannot|can't) "
        rf"(?:be|have been) (?:closed|marked (?:as )?resolved|recorded as resolved)\b"),
    (Sense.CONTRARY,
        r"(?:\bnot|n't) (?:at all )?(?:happy|satisfied|content|agree(?:d)?) (?:with|about) (?:this"
        r"|that|the) (?:decision|response|outcome|rationale|threshold)\b"),
    (Sense.UNDO,
        r"\b(?:that'?s|that is|this is|it'?s) not what i (?:meant|said|asked)\b|\byou(?:'ve"
        r"| have)? (?:mis(?:read|understood)|got (?:that|this|it) wrong)\b|\bplease undo\b"),
    (Sense.REOPEN,
        r"\b(?:re-?open)(?:ed|ing)? (?:this|it|the|please)\b|\bplease re-?open\b|\b(?:this|it) (?:to be"
        r"|be) re-?opened\b"),
    (Sense.CONTRARY,
        r"\b(?:did not|didn't|never|have not|haven't|had not|hadn't) agreed? "
        r"(?:to |with )?(?:this|that|it|the|any\w*)\b"),
    (Sense.TIME_AGREED,
        r"\bagreed?(?: to)? (?:that date|the (?:new )?date|the \d{1,2}(?:st|nd|rd|th)?\b"
        r"|(?:mon|tues|wednes|thurs|fri)day\b)|\b(?:happy|fine|ok|okay|content) with"
        r" (?:the \d{1,2}(?:st|nd|rd|th)\b|that date"
        r"|the date|(?:mon|tues|wednes|thurs|fri)day\b)"),
    (Sense.ASSENT,
        r"\b(?:is|that's|are|was) (?:exactly |also )?what (?:was|we|i|we'd|we had) agreed\b"
        r"|\b(?:happy|content|glad|pleased|able) to (?:confirm|agree)\b"
        r"(?! (?:to|that i|receipt|that there))"
        r"|^(?:yes,? )?(?:confirmed|agreed) (?:from|on behalf of|by) (?:our|us|the|my)\b"),
    (Sense.UNSETTLED,
        r"\bagree(?:d)? to disagree\b|\b(?:at|reached|hit) (?:an |a )?(?:impasse|stalemate|deadlock"
        r"|stand-?off)\b|\bstalemate\b"),
    (Sense.UNSETTLED,
        r"(?:\bnot|n't|\bnever|\bcannot) (?:yet |been |be |fully |able to |actually |really |going to "
        r"|in fact )*(?:resolved?|settled?|sorted|reach(?:ed)? (?:an )?(?:agreement|resolution|consensus)"
        r"|come to an agreement)\b"),
    (Sense.UNSETTLED,
        r"\b(?:un|ir)resolved\b|\b(?:unable|failed|no longer able) to (?:resolve|agree|reach|settle)\b"
        r"|\bno (?:agreement|resolution)\b(?: (?:was |has been |could be )?reached)?|\bcould(?:n't"
        r"| not) (?:agree|resolve|reach)\b|\bunable to agree\b|\bdid(?:n't| not) (?:reach"
        r"|come to) (?:an )?agreement\b|\bdid(?:n't| not) (?:manage to )?resolve\b"),
    (Sense.UP,
        r"\bescalat(?:e|ing|ed) (?:to|this|it|the (?:matter|dispute|issue|case)|up|further|please|now)\b"
        r"|\b(?:please|to|will|would like to|want to|must|need to|i|we|can you|could you|now|so) escalate\b"
        r"|\bmov(?:e|ing) (?:this |it )?(?:up |on )?to (?:the next stage|stage|step)\b"),
    (Sense.UP, r"\b(?:mov|pass|send|push|tak|kick)(?:e|ing)? (?:this|it) up(?:wards)?\b"),
    (Sense.UP,
        r"\btak(?:e|ing) (?:this|it) (?:up|further|higher|to (?:the next|stage|step|my (?:senior "
        r"|line )?manager|senior))\b|\b(?:next (?:stage|step|level)|(?:stage|step) \w+) (?:please|then)\b"
        r"|\b(?:go|going|goes|proceed"
        r"|progress)(?:ing)? to (?:the next stage|stage \w|step \w|senior)\b|\bover to [A-Z][a-z]+ [A-Z][a-z]+"),
    (Sense.REFER,
        r"\brefer(?:ring)? (?:this |it |the matter )?(?:on )?to (?:the )?(?:delegated|safeguarding partner|dsp"
        r"|partnership|board|gscp|sscp|panel|independent)\w*"),
    (Sense.EXCEPTIONAL, r"\bexceptional (?:circumstances|provision|route)\b"),
    (Sense.CONTRARY,
        r"\b(?:still |really |simply |strongly |just )*(?:don'?t|do not|cannot|can'?t) (?:agree|accept)\b"
        r"|\bdisagree\b|\b(?:our|my|the) position (?:is|remains|has not|hasn't|is still)? ?(?:unchanged"
        r"|the same|changed|not changed)\b|\bposition unchanged\b|\bnot happy (?:with|about|at)\b"
        r"|\bno change in (?:our )?position\b|\bstand by (?:our|my|the) (?:decision|position)\b"),
    (Sense.MEETING_AGREED,
        r"\bagreed to (?:meet|speak|talk|discuss|have a (?:meeting|call|chat)|call|ring|arrange|set up"
        r"|reconvene|catch up|review|look|think|consider|try|go away|share|send|check)\b"),
    (Sense.DEADLINE_AGREED,
        r"\bagreed (?:that (?:we|i) (?:will|would) |to )?(?:come|get|be) back\b(?: to each other)?"
        r"|\bagreed (?:a date|a deadline|timescale|by|until|to extend|on a date|to respond by|to reply by"
        r"|to resolve (?:this )?by|an extension)\b"),
    (Sense.WITHDRAWN,
        r"\b(?:withdraw(?:ing|n)?|retract(?:ing)?) (?:this|it|the|our|my)\b|\bdrop (?:this|the (?:dispute"
        r"|escalation|matter))\b|\b(?:no longer|don't|do not) (?:wish|want|need) to (?:pursue|continue"
        r"|take (?:this|it) forward|proceed)\b|\bwithdraw please\b"),
    (Sense.DECISION,
        r"\b(?:the |our )?(?:partners|dsps|panel|chair|partnership|we) (?:have|has) (?:now )?(?:decided"
        r"|determined|directed)\b|\b(?:our|the|my) (?:final )?decision is\b"),
    (Sense.CONFERENCE,
        r"\b(?:request(?:ing|s|ed)?|ask(?:ing|ed)? for|convene|want|need|calling for) (?:that )?(?:an? "
        r"|the )?(?:initial |review )?(?:child protection |cp )(?:case )?conference\b|\brequest for (?:a "
        r"|an )?(?:initial )?(?:child protection |cp )conference\b"),
    (Sense.CHILD_STATUS,
        r"\b(?:is|are|was|were|been|became|becomes?|now|will be|has become|made|went) (?:now |also |both |all "
        r"|being |made |a |on a |on |subject (?:to|of) (?:a )?|no longer )*(?:looked[- ]after|lac\b|cla\b"
        r"|(?:child protection|cp)(?: plan)?\b|child in need|cin\b|accommodated|section 20|s\.?20)|\b(?:came"
        r"|come|taken|removed|stepped) (?:off|down from) (?:the |a |his |her |their )?(?:child protection|cp"
        r"|child in need|cin)\b|\b(?:interim )?care order (?:was |has been )?(?:granted|made)\b"),
    (Sense.REMOVE,
        r"\b(?:remove|take) (?P<gone>me|[A-Z][a-z]+(?: [A-Z][a-z'-]+)?) (?:off|from|out)\b"
        r"|\bno longer (?:involved|need to be (?:copied|on))\b|\bplease remove\b|\bunsubscribe\b"),
    (Sense.ADD,
        r"\b(?:please |can you |could you )(?:also )?(?:add|include"
        r"|copy in) (?P<more>[A-Z][a-z]+(?: [A-Z][a-z'-]+)?)\b"),
    (Sense.HANDOVER,
        r"\b(?:speak|talk|write|refer|direct \w+|send \w+|reply) (?:to|with)\b|\bplease (?:contact|email"
        r"|liaise with|use|ring|call|copy)\b|\bcover(?:ing|ed)? (?:is|for me|for us|by|the team|my|in my|while"
        r"|will be)\b|\bcover is\b|\bhand(?:ing|ed)? (?:this |it |over |this over |it over )+to\b|\btak(?:en"
        r"|ing|es) over\b|\bcontact (?:is|will be) now\b|\bin my absence\b|\bis (?:now )?covering\b"
        r"|\bwill be (?:dealing|picking (?:this|it) up|covering)\b|\bmy replacement\b"),
    (Sense.LEFT, r"\b(?:has|have|'ve|'s) (?:now )?left (?:the|our|us|for)\b|\bno longer (?:works?|working|with)\b"),
    (Sense.MORE_TIME,
        r"\b(?:can|could|may) (?:we|i|you) (?:please )?(?:just )?(?:have|say|get|make it|do|extend|push|move"
        r"|agree|leave|give|allow|go for|aim for)\b|\b(?:need|like|want|have) (?:until|till|a (?:bit|little"
        r"|few|couple)|more time|another|longer|an extension|a couple more)\b|\bmore time\b|\bextend(?:ed"
        r"|ing)? (?:this |it |the \w+ )?(?:to|until|by)\b|\bextension\b|\bpropose (?:a date|the \d|mon|tue|wed"
        r"|thu|fri|that we|\d|we (?:say|agree))"),
    (Sense.REFUSAL,
        r"\b(?:can't|cannot|not able to|unable to|won't) (?:wait|agree to (?:that|the|more|an|any)|extend"
        r"|accept (?:that|the) date|do (?:that|the|mon|tue|wed|thu|fri))\b|\b(?:too (?:late|long)"
        r"|that doesn't work|does not work|doesn't work)\b"),
    (Sense.SETTLED,
        rf"\b{_US} ?{_HAVE} (?:now |both |all |also )?(?:agreed|reached (?:an )?agreement|resolved|sorted"
        rf"|settled|come to an agreement)\b|\b(?:agreed|reached) (?:a|an|the) (?:way forward|agreement|plan"
        rf"|resolution|outcome)\b|\bagreed way forward\b|\b(?:been|is|are|was|it's|that's|this is|now"
        rf"|all) (?:now |all |been |fully |happily )*(?:resolved|sorted|settled|agreed)\b"),
    (Sense.SETTLED,
        r"\b(?:we|both|sides|and i) (?:are|'re) (?:now |all |both )*in (?:full )?agreement\b|\bin agreement now\b"
        r"|\b(?:resolution|agreement) (?:was |has been |has now been |now )?reached\b"),
    (Sense.SETTLED,
        rf"\b{_IT} (?:can|could|may|is) (?:now |please )?(?:be )?(?:closed|signed off|ready to close)\b"
        rf"|\b(?:happy|ok|okay|content|fine) (?:for (?:this|it|that) to be|to) (?:close|closed|sign)\b"
        rf"|\bno (?:further|need (?:to|for)|need for (?:any )?(?:further)?) ?(?:escalation|escalate|escalating"
        rf"|dispute)\b|\bplease close\b|\bmoved on this\b"),
    (Sense.SETTLED,
        r"\b(?:accept|understand|happy with|satisfied with|content with) (?:the|your|their|csc's) (?:rationale"
        r"|reasons?(?:ing)?|explanation|decision|outcome|response)\b|\bagree with (?:the|your"
        r"|their) (?:rationale|reasoning|decision|outcome|plan)\b|^(?:all )?(?:sorted|resolved"
        r"|settled)[ .!,]*(?:thanks|thank you|now)?[ .!]*$|\bwe agreed (?:that|the)\b"),
    (Sense.ASSENT,
        r"\b(?:happy|content|fine|ok|okay|satisfied|good) with (?:that|this|it|the (?:above|plan|summary|date"
        r"|outcome|resolution)|us|me)\b|^(?:yes|yep|agreed|great|ok|okay|perfect|lovely"
        r"|fine)\b[ ,.!-]*(?:agreed|confirmed|that'?s (?:right|correct|fine|good|agreed)|i agree|we agree"
        r"|happy with (?:that|this)|fine|all agreed|works for (?:me|us)|thanks?|thank you)?[ .!,]*$"
        r"|\bi (?:can )?(?:confirm|agree)\b(?! (?:to|with some|in part|with part|receipt|that i))"
        r"|\bwe (?:can )?(?:confirm|agree)\b(?! (?:to|receipt))|\b(?:that|this"
        r"|\w+day)(?: \w+)? works (?:for (?:me|us))?|\bthat'?s (?:right|correct|agreed|fine|what we agreed)\b"
        r"|\ball agreed\b|^(?:yes,? )?agreed?\b(?=\W*$|[,.;!-]| (?:thanks|thank|and|all|from our|by us)\b)"
        r"|\bagreed\b\W*$"
        r"|\bworks for (?:me|us)\b|\bfine (?:by|for) (?:me|us)\b"),
    (Sense.MET, r"\b(?:we|i) (?:have |'ve )?(?:both )?(?:met|spoke|spoken|had a (?:meeting|call)|talked)\b"),
    (Sense.CHILD_DATE,
        r"\b(?:need(?:s|ed)?|must|has to) (?:to )?(?:be )?(?:\w+ ){0,4}(?:by|before)\b|\b(?:ideally"
        r"|preferably) (?:by|before)\b"),
    (Sense.DONE,
        r"^(?:all )?(?:done|completed|actioned|visit(?:ed)? (?:done|completed|today)|this is done"
        r"|that'?s done)\b|\b(?:has|have|'s) (?:now )?been (?:done|completed|sent|made|booked|actioned"
        r"|carried out)\b"),
    (Sense.STATUS,
        r"\bwhere (?:are we|is this|does this stand|has this got)\b|\bwhat(?:'s| is) the (?:status|latest"
        r"|position|deadline|limit|time ?scale)\b|\bwhat stage\b|\bwhen is (?:this|it) due\b|\bany update\b"
        r"|\bwho (?:has (?:this|it)|is (?:this|it) with)\b"),
)  # fmt: skip
