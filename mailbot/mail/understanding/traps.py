"""What makes the same words mean less than they say: a question, a hope, hearsay, a part, a joke.

Tables and nothing else; ``hearing.py`` applies them sentence by sentence, ``accounting.py`` across the whole text. A
trap costs its writer one more short letter. A trap that is missing costs a dispute closed or moved by nobody.
"""

from mailbot.mail.understanding.phrases import Sense

# What makes a phrase in the same sentence mean less than it says.
TRAPS: tuple[tuple[str, str], ...] = (
    ("question",
        r"\?\s*$|^(?:is|are|was|can|could|do|does|did|has|have|should|shall|would|will|when|what|who|why|how"
        r"|where) (?:this|that|it|we|i|you|they|there|the|everyone|anything)\b.*\?"
        r"|^(?:is|are|was|were|am|has|have|had|did|does|do|shall|should|would)(?:n't)? (?:this|that|it|we|i|you|they"
        r"|there|he|she|everyone|anything)\b|\b(?:isn't it|aren't (?:we|they)|or not|or what|don't you think)\b"),
    ("condition",
        r"\b(?:if|unless|provided(?: that)?|subject to(?! (?:an? )?(?:interim |initial )?(?:child|cp"
        r"|care))|assuming|depending|as long as|on condition|so long as"
        r"|in the event|conditional)\b"),
    ("future",
        r"\b(?:once|hopefully|hope(?: to| that)?|hoping|until (?:we|i|they|he|she|it|that|this"
        r"|the (?:visit|meeting|assessment|review))|when (?:it|this|we|i|the|they|you|he|she)"
        r"|(?:will|'ll) (?:get|soon|have|then|need|let|confirm|reply|see|consider|discuss|think"
        r"|decide|try|probably)|soon|before (?:it|this|we)|aim(?:ing)? to|try(?:ing)? to|expect"
        r"|nearly|almost|not far|close to|getting there|about to"
        r"|plan to|want(?:ed)? to (?:be|get)|in order to|likely)\b"),
    ("promise",
        r"\b(?:should be|(?:will|'ll) be|going to be|to be (?:agreed|resolved|sorted|confirmed)|needs? to be"
        r"|would be)\b"),
    ("part",
        r"\b(?:mostly|partly|partially|in part|apart from|except|other than|all but|largely|some of|most of"
        r"|half(?![ -]term)|in principle|for now|for the moment|provisional\w*|but not|aside from|bar the|the rest"
        r"|more or less|broadly|one (?:issue|point|part|thing)|still (?:need|waiting|outstanding)"
        r"|tentative\w*|(?:two|three|four|five|some|most|half|part|all but one) of (?:the|our|my|their|these|those|it)"
        r"|(?:first|second|third|last|other|next|one) (?:point|part|issue|question|action|item|bit|paragraph)"
        r"|only|as far as|so far|otherwise|in theory|technically|on paper|up to a point|not quite|as such"
        r"|to (?:a|some) (?:degree|extent)|for (?:our|my|their) part)\b"),
    ("wish",
        r"\b(?:can|could|must|should|get|let|want\w*|need\w*) (?:this |it |that |to )*(?:be )?"
        r"(?:resolved|sorted|settled)\b|\bplease (?:can|could) (?:this|it)\b"),
    ("history", r"\bbefore(?: and|[,.]|$)|\bworked out\b|\bin the past\b"),
    ("passing", r"\bfor (?:today|the time being|the present|this week)\b|\buntil next\b|%|\bper cent\b"
        r"|, not (?:with|the|about|to|on)\b"),
    ("supposition",
        r"\b(?:whether|might|may|maybe|perhaps|possibly|could be|would (?:like to think|have|say)|i think we(?:'re"
        r"| are)|not sure|unsure|seems?|appears?|thought|considering|thinking (?:about|of)|wonder\w*"
        r"|apparently|supposed\w*|allegedly|unclear|don't know|if anything|guess|suppose|assume|reckon|doubt\w*"
        r"|less sure|(?:not|n't) (?:so |quite |entirely |really )?(?:sure|certain|convinced)|hesitate|kind of|sort of"
        r"|can't remember|made (?:my|our) mind up|might|neither)\b"),
    ("but", r"\b(?:but|however|although|though|yet|even so|nevertheless|still (?:disput|disagre|not)\w*)\b"),
    ("belief",  # somebody else's, or the writer's own short of saying so
        r"\b(?:thinks|believes|reckons|feels|wants|gathers|considers|insists|hopes|seemed|seems|(?:they|school"
        r"|csc|police"
        r"|mum|dad) (?:think|believe|reckon|feel|want|consider))\b|\bas far as (?:we're|we are|i'm|i am) concerned\b"
        r"|\bwe consider\b|\bmy understanding\b|\b(?:point of view|their (?:view|opinion))\b"),
    ("one side", r"\bfrom (?:our|their|my|his|her|your|one) (?:side|end|part|perspective)\b"),
    ("own belief", r"\b(?:i|we) (?:think|believe|gather|understand (?:that|it|we|they|from))\b"),
    ("report",
        r"\b(?:told (?:me|us|that)|tells|says|(?:they|people|some|school|csc|parents) say|(?:i|we) hear|said"
        r"|claims?|claimed|assures?|assured|heard|informed|according to"
        r"|reports|mentioned|they (?:think|say|believe|feel)|confirms)\b"),
    ("old",
        r"\b(?:previously|last (?:year|time|month|term)|back in|as before|used to|earlier (?:dispute|email|message)"
        r"|other (?:case|dispute|child)|different (?:case|matter|child|issue|dispute)|ago"
        r"|at the (?:start|beginning|time)"
        r"|originally|(?:was|were) (?:\w+ )?in (?:january|february|march|april|may|june|july|august|september|october"
        r"|november|december)|and then|came undone|at conference|as agreed)\b"),
    ("joke",
        r"!{2,}|\?!|!\?|\b(?:lol|ha(?:ha)+|yeah right|as if|if only|i wish|said nobody|pigs|pull the other|jok(?:e|ing)"
        r"|whatever|oh|of course|wonderful|really\?|if i must|miracle)\b|[\"'](?:re)?(?:resolved|sorted|agreed|settled"
        r"|closed|confirmed)[\"']|[\U0001F644\U0001F937\U0001F928\U0001F62C\U0001F602\U0001F923\U0001F612\U0001F621]"),
    ("quoted", r"^[\"\u201c]|[\"\u201c][^\"\u201d]*\b(?:resolved|sorted|agree\w*|settled|escalate\w*|confirm\w*)\b"),
)  # fmt: skip
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
DENIES = frozenset({
    "yet", "been", "be", "fully", "really", "actually", "have", "has", "had", "is", "are", "was", "were", "we", "this",
    "it", "that", "i", "think", "believe", "feel", "consider", "all", "the", "matter", "issue", "dispute", "now",
    "able", "to", "properly", "in", "any", "fact", "us", "either", "of", "here", "both", "at", "way", "even", "it's",
    "that's", "a", "an", "by", "anyone", "from", "school", "our", "side", "sides", "we've", "i've", "agreement", "as",
    "you", "they",
})  # fmt: skip
# The phrase is not this dispute's end but an arrangement: a time, a venue, a talk.
ARRANGEMENT = (
    r"^(?: (?:that|on|a|the|to|about|our|another|we|they|would|will|should|both|dates?|times?|venue|of|for))*"
    r" (?:meet|meeting|talk|speak|call|ring|time|date|venue|agenda|chat|discussion|sports|room|visit to|photo)\b"
)
