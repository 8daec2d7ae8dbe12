"""Danger: words that may mean a child is in danger now. A false alarm costs a phone call;
silence may cost a child (G2).

One alarming phrase is enough, or two of the weaker words in one breath ("tonight" and "scared"). A phrase that its
own clause denies ("no immediate risk", "not an emergency") is not counted, and nothing else is: doubt about the denial
("not sure he isn't in danger") is an alarm. The bot does not grade risk; finding none suppresses nothing.
"""

import re

from mailbot.mail.text.spelling_and_sentences import sentences, tidy

_ALARMS: tuple[str, ...] = (
    r"(?:immediate|imminent|immediate and serious|serious and immediate) (?:risk|harm|danger|threat|safety)",
    r"(?:at risk of|in) (?:immediate|imminent|grave|real|serious|terrible) (?:\w+ )?(?:harm|danger)",
    r"\bin danger\b",
    r"\bemergency\b(?! (?:duty|contact|department|services? team|protection|foster|housing|plan))",
    r"\blife[- ](?:threatening|or death|and death)\b",
    r"\bfear(?:s|ful|ing)? for (?:his|her|their|the child'?s) (?:life|safety)\b",
    r"\b(?:not|isn't|aren't|never|un) ?safe (?:to (?:go|return|be|stay)|at home|there|tonight|now"
    r"|for (?:him|her|them) to)",
    r"\bunsafe (?:to (?:go|return|be|stay)|at home|tonight|now)\b",
    r"\b(?:going|go|goes|sent|send|return(?:ed|ing)?|back|taken|taking \w+) home (?:\w+ ){0,3}(?:tonight"
    r"|today|now|this (?:afternoon|evening))\b",
    r"\b(?:fresh|new|unexplained|visible|more) (?:\w+ )?(?:bruis\w*|injur\w*|burns?|cuts?|marks|bite marks"
    r"|handprints?)\b",
    r"\b(?:has|have|is|are|been) (?:gone )?missing (?:since|from (?:home|school|care|placement)|today"
    r"|tonight|now|again|overnight)\b",
    r"\b(?:gone|went|reported|still|currently) missing\b(?! (?:appointment|meeting|information|form))",
    r"\b(?:threaten\w*|said|says|going|wants?|plan\w*|trying|tried|about) (?:\w+ ){0,3}(?:to )?kill\b",
    r"\bwould kill\b",
    r"\bkill (?:him|her|them|me|my|the|our)(?:self|selves)?\b",
    r"\bsuicid\w*",
    r"\boverdos\w*",
    r"\b(?:end|take|taking|ending) (?:his|her|their) (?:own )?li(?:fe|ves)\b",
    r"\bself[- ]?harm(?:ed|ing) (?:today|tonight|again|this)\b",
    r"\bcan'?t (?:do|cope with|take|go on with) this any ?more\b",
    r"\bcan'?t go on\b",
    r"\bno (?:answer|reply|response) (?:at|from) the (?:house|home|door|flat|address)\b",
    r"\b(?:hasn't|has not|didn't|did not|not) (?:come|turned up|arrived|been seen|come in"
    r"|seen since)\b[^.]{0,40}\b(?:today|no answer|yesterday|since)",
    r"\bsomething (?:\w+ )?(?:has|have|might|may|could|'s|will|is going to) (?:\w+ )?happen",
    r"\bworried (?:something|for (?:his|her|their) (?:life|safety))",
    r"\b(?:terrified|scared|frightened|afraid|petrified) (?:to go|of going|to return|to be|of being"
    r"|for (?:his|her|their))\b",
    r"\bdoesn'?t (?:want|feel safe) to go home\b",
    r"\b(?:refus\w+|too (?:scared|frightened)) to go home\b",
    r"\b(?:has|with|had|got) a (?:knife|gun|weapon|machete)\b",
    r"\b(?:being|was|been) (?:\w+ )?(?:strangled|raped|beaten|stabbed)\b",
    r"\bstrangl\w+\b",
    r"\bleft alone (?:\w+ ){0,2}(?:tonight|today|now|all night|overnight)\b",
    r"\bneeds? (?:\w+ )?help (?:right )?now\b",
    r"\bunconscious\b",
    r"\bnot breathing\b",
    r"\b(?:call|called|ring|rang|dial|dialled|phoned) 999\b",
    r"\burgent(?:ly)? (?:\w+ )?protection\b",
    r"\bdisclosed (?:today|this morning|this afternoon|tonight|just now)\b",
    r"\bjust disclosed\b",
    r"\bcannot keep (?:him|her|them) safe\b",
    r"\bcan'?t keep (?:him|her|them|(?:him|her)self) safe\b",
)
_ALARM = re.compile("|".join(f"(?:{a})" for a in _ALARMS), re.IGNORECASE)
# Alone these say little; one of the first kind with one of the second in the same or next sentence is an alarm.
_NOW = re.compile(
    r"\b(?:today|tonight|right now|at this moment|this (?:morning|afternoon|evening)|as we speak|just now)\b", re.I
)
_GRAVE = re.compile(
    r"\b(?:(?:really|very|extremely|seriously|so|deeply) (?:worried|scared|frightened|concerned for (?:his"
    r"|her|their) safety)"
    r"|scared|terrified|frightened|missing(?! (?:episode|information|form|appointment|from the))|bruis\w+"
    r"|bleeding|violen(?:t|ce)|assault\w*|hit (?:him|her|them)"
    r"|attack\w*|drunk|intoxicated|no answer|locked (?:out|in)|abduct\w*|weapon|knife|hurt (?:him|her|them)\w*|unsafe"
    r"|absconded|home alone|on (?:his|her|their) own|police (?:have been )?called|collaps\w+"
    r"|hospital with injur\w+)\b",
    re.I,
)
_DENIED = re.compile(
    r"\b(?:no|not|nor|never|without|n't|isn't|aren't|wasn't|neither|no longer|nothing|rather than|not an?)\b"
    r"(?:[ ]+(?!but\b|because\b|though\b)[a-z'/]+){0,6}[ ]*$",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:not (?:sure|certain|convinced|confident|clear|known)|don'?t (?:know|think)|can'?t (?:say|be sure|rule out)"
    r"|cannot (?:say|rule out|be sure)|no one|nobody|no doubt|not only|not just|no choice|no idea|unless)\b",
    re.I,
)
_CLAUSE = re.compile(r"[,;:]| - | but | and (?:he|she|they|i|we) ", re.IGNORECASE)
# The standing line that every procedure prints, when a letter repeats it.
_STANDING = re.compile(
    r"\b(?:if (?:a|you|the|any)[^.\n]{0,120}(?:immediate|danger|emergency|harm)|in an emergency|for emergencies"
    r"|(?:this|the) (?:mailbox|inbox|email|account) is not[^.\n]{0,60}(?:emergenc|monitored))",
    re.IGNORECASE,
)


def risk_in(text: str, standing: str = "") -> str:
    """The sentence that raises the alarm of danger, in the writer's words; "" when there is none.

    ``standing`` is the protocol's own risk line, which an email may quote without meaning anything by it.
    """
    tidied = tidy(text)
    before = ""
    for sentence in sentences(tidied):
        flat = " ".join(sentence.split())
        if (standing and flat and flat in standing) or _is_standing(flat):
            before = ""
            continue
        if any(not _is_denied(flat, alarm.start()) for alarm in _ALARM.finditer(flat)):
            return flat
        pair = f"{before} {flat}"
        grave = [g for g in _GRAVE.finditer(pair) if not _is_denied(pair, g.start())]
        if grave and _NOW.search(pair):
            return pair.strip()
        before = flat
    return ""


# Not danger in so many words, yet the next question of anybody who knows the work would be whether it is.
_WORRIES = re.compile(
    r"\b(?:exploit(?:ed|ation|ing)|groom(?:ed|ing)|traffick\w+|county lines|radicalis\w+|forced marriage|fgm"
    r"|(?:adult|older|unknown|unidentified) (?:male|man|men|woman|boyfriend)s?|gang|missing episodes?"
    r"|domestic (?:abuse|violence)|self[- ]?harm\w*|strangl\w*|threats? (?:to|of|from)|weapons?)\b",
    re.I,
)


def worry_in(text: str) -> bool:
    """Does any sentence worry about danger without naming it, and not in denying it?"""
    for sentence in sentences(tidy(text)):
        flat = " ".join(sentence.split())
        if any(not _is_denied(flat, worry.start()) for worry in _WORRIES.finditer(flat)):
            return True
    return False


def danger_words_shown(text: str) -> str:
    """The child in the question about danger: "is she", "is he" or "are they" by the words used; "is the child" where
    they say neither, or both."""
    she, he = (len(re.findall(words, text, re.I)) for words in (r"\b(?:she|her)\b", r"\b(?:he|him|his)\b"))
    if (she > 0) is not (he > 0):
        return "is she" if she else "is he"
    return "is the child"


def _is_standing(sentence: str) -> bool:
    return bool(_STANDING.match(sentence)) and bool(
        re.search(r"999|do not wait|dial|contact|ring|call|tell|monitored|emergenc", sentence, re.I)
    )


def _is_denied(sentence: str, at: int) -> bool:
    """Is a word of danger denied in the same clause, shortly before it? Never by a denial that is itself in doubt."""
    clause = _CLAUSE.split(sentence[max(0, at - 160) : at])[-1]
    return bool(_DENIED.search(clause)) and not _UNSURE.search(clause)
