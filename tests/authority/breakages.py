"""Rules of authority broken on purpose, one at a time: a test must fail every time.

``python -m tests.authority.breakages`` copies the package, breaks one rule, runs the tests named beside it, and lists
what survived; with words after it, only the rules whose names have one of them.
"""

import sys
from dataclasses import dataclass

from tests.breaking import Broken, main, replaced

STORIES, TABLE = "tests/authority/test_stories.py", "tests/authority/test_table.py"
STYLES, VEIL = "tests/unit/mail/body/test_understood_styles.py", "tests/unit/mail/letters/test_veil.py"
EXPLAINED = "tests/unit/mail/understanding/test_explanations.py"
SECOND = "tests/authority/test_second_attacker.py"
TOGETHER, UNSCRIPTED = "tests/authority/test_deciding_together.py", "tests/authority/test_unscripted.py"


@dataclass(frozen=True)
class Breakage:
    """``rule`` in words; in ``file`` of the package ``old`` becomes ``new``; ``tests`` is a -k expression, asked of the
    file ``among``. ``also``: a second guard of the same rule in that file, broken with the first, (old, new)."""

    rule: str
    file: str
    old: str
    new: str
    tests: str
    among: str = STORIES
    also: tuple[str, str] = ("", "")


AUTHORITY = "core/decisions/authority.py"
BREAKAGES: tuple[Breakage, ...] = (
    # The table and its judge
    Breakage(
        "proof is weighed first", AUTHORITY, "if proof not in rule.proof:", "if False:", "proof_that_lacks", TABLE
    ),
    Breakage("who is put before why not", AUTHORITY, "if held & who:", "if not held & who:", "cell", TABLE),
    Breakage(
        "only those who decide, decide",
        AUTHORITY,
        "yes=frozenset({_C.DECIDER}),",
        "yes=EITHER_SIDE,",
        "cell and decision",
        TABLE,
    ),
    Breakage(
        "the receiving side does not move it up",
        AUTHORITY,
        "Act.MOVE_UP,\n        On.IT,\n        yes=frozenset({_C.RAISING_ACTING, _C.MOVES_ON}),",
        "Act.MOVE_UP,\n        On.IT,\n        yes=EITHER_SIDE,",
        "cell and move_up",
        TABLE,
    ),
    Breakage(
        "withdrawing is the raiser's and their managers'",
        AUTHORITY,
        "yes=frozenset({_C.RAISER, _C.RAISING_ACTING, _C.RAISING_BEFORE}) | OFFICE,",
        "yes=RAISING | OFFICE | {_C.SUPPORTER},",
        "withdraw or brought_in",
        TABLE,
    ),
    Breakage(
        "one side does not confirm itself",
        AUTHORITY,
        "return On.OURS if said & mine else On.THEIRS",
        "return On.THEIRS",
        "does_not_confirm",
        TABLE,
    ),
    Breakage(
        "a stranger is nobody",
        AUTHORITY,
        "return frozenset(found or {_C.NOBODY})",
        "return frozenset(found or {_C.RAISER})",
        "speaks",
        TABLE,
    ),
    Breakage(
        "whoever has left is nobody",
        AUTHORITY,
        "if dispute is not None and address and not has_left(address, partnership):",
        "if dispute is not None and address:",
        "struck_out",
        TABLE,
    ),
    Breakage(
        "a row struck out revokes", "turns/running_partnership.py", "struck_out=listed - present", "", "row_struck_out"
    ),
    Breakage(
        "whoever was struck out is not written to",
        "core/partnership/directory.py",
        "in self.approved_domains and address.lower() not in self.struck_out",
        "in self.approved_domains",
        "struck_out",
        TABLE,
    ),
    Breakage(
        "who is brought in from another agency is no colleague",
        AUTHORITY,
        'if party.role == "supporter" and whose(party.person, dispute, partnership) is not party.side:',
        "if False:",
        "brought_in",
    ),
    Breakage(
        "an earlier stage's people no longer act",
        AUTHORITY,
        "order[order.index(dispute.stage) :]",
        "order",
        "earlier_stage",
        TABLE,
    ),
    Breakage(
        "a practitioner stands in where nobody acts",
        AUTHORITY,
        "if not _anybody_acting(dispute, dispute.voice(party.side, dispute.agency_of(party)), partnership):",
        "if False:",
        "nobody_acting",
        TABLE,
    ),
    Breakage(
        "a move by the limit takes no answer away",
        AUTHORITY,
        "if proposal is None or dispute.voice(party.side, dispute.agency_of(party)) in dispute.confirmed:",
        "if True:",
        "limit",
        TABLE,
    ),
    Breakage("nobody stands on both sides", AUTHORITY, "return On.BOTH", "pass", "both_sides"),
    Breakage(
        "a third agency's people are a third's",
        AUTHORITY,
        "if sides and theirs not in sides:",
        "if False:",
        "third_agency",
    ),
    Breakage(
        "the office's lines must be proven", AUTHORITY, "proof=PROVEN_ALONE)", "proof=ANY_PROOF)", "who_wrote_it", TABLE
    ),
    # People and facts
    Breakage(
        "one side names no others",
        "core/decisions/people.py",
        "judged = judge(request, dispute, partnership, NAME_PERSON, on)",
        "judged = Judgement(Verdict.YES)",
        "put_to_that_side",
    ),
    Breakage(
        "one side takes out no others",
        "core/decisions/people.py",
        "return On.OURS if party.side is mine else On.THEIRS",
        "return On.OURS",
        "takes_nobody",
    ),
    Breakage(
        "the last of a role leaves a question",
        "core/decisions/people.py",
        "return [*removed, *_holes(dispute, request, partnership, found)]",
        "return [*removed]",
        "leaves_a_question",
    ),
    Breakage(
        "the agency complained of is the raising side's to change",
        "core/decisions/people.py",
        "return On.NEITHER if known and not adds else On.IT",
        "return On.IT",
        "agency_complained_of",
    ),
    Breakage(
        "a dispute is not with whoever raised it",
        "core/decisions/people.py",
        'key == "receiving_agency" and value == dispute.raising',
        "False",
        "agency_complained_of",
    ),
    # In answer to what, once
    Breakage(
        "an answer counts for what was shown",
        "core/decisions/in_answer_to.py",
        "if before in (None, now) or",
        "if True or",
        "was_shown",
    ),
    Breakage(
        "an old letter moves nothing on",
        "core/decisions/in_answer_to.py",
        "shown is None or now is None or shown == now:",
        "True:",
        "moved_since",
    ),
    Breakage(
        "a decision is for the referral that was put",
        "core/decisions/in_answer_to.py",
        ', Act.DECISION: "DECISION and the words"}',
        "}",
        "for_the_referral",
    ),
    Breakage(
        "what is gone is shown",
        "core/decisions/decide.py",
        "(what_is_gone(dispute, request), intent.question)",
        "(intent.question,)",
        "what_is_gone",
    ),
    Breakage(
        "what one was asked another does not confirm",
        "core/decisions/in_answer_to.py",
        "and p.topic == topic and p.of.address == to.address",
        "and p.topic == topic",
        "not_confirmed_by_another",
    ),
    Breakage(
        "a bare decision is for the words its letter put",
        "core/decisions/in_answer_to.py",
        "request.answers is not None and request.answers.decision != now",
        "False",
        "words_that_its_letter_put",
        TOGETHER,
        also=("if not kind or (act is Act.DECISION and request.intent.words):", "if not kind or act is Act.DECISION:"),
    ),
    Breakage(
        "those who decide together say the same",
        "core/decisions/decide.py",
        "if said.get(role) != put.words.split()",
        "if role not in said",
        "other_words or changed_their_mind",
        TOGETHER,
    ),
    Breakage(
        "WRONG is said of the letter it answers",
        "core/decisions/decide.py",
        "_message_answered(dispute, request) or ",
        "",
        "it_answers_told_of",
    ),
    Breakage(
        "whoever is brought in is told",
        "core/notices/announcements.py",
        'if event.role == "supporter" and event.by',
        "if False and event.by",
        "brought_in_is_told",
    ),
    Breakage(
        "where two were put, a typed answer is asked about",
        "core/decisions/in_answer_to.py",
        "return theirs[-1] if theirs else None",
        "return None",
        "two_were_put",
    ),
    Breakage(
        "a button names what its letter put",
        "mail/incoming/button_tokens.py",
        "*([put] if put else [])",
        "*[]",
        "button_counts",
    ),
    Breakage(
        "a yes to a colleague is talk",
        "mail/understanding/both_readers.py",
        "here.answers_no_letter and act in (Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE)",
        "False",
        "colleague",
    ),
    Breakage(
        "an answer is proven where the server checks",
        "turns/take_in.py",
        "if waiting and not counts_as_answer(reading, self._site.door):",
        "if False:",
        "cannot_vouch_for or neither_it_nor_its_yes",
        UNSCRIPTED,
    ),
    Breakage(
        "the same mail counts once",
        "turns/take_in.py",
        "if isinstance(before, Message) and same_mail(before, reading.message):",
        "if False:",
        "question_counts_once",
    ),
    Breakage(
        "the same mail in a dispute counts once, by another road too",
        "door/consider.py",
        "if not (release or into) and (already := came_before(reading, desk)):",
        "if already := '':",
        "by_another_road",
    ),
    Breakage(
        "WRONG has an end",
        "core/decisions/decide.py",
        "if request.at > _until(done[0].at, days, partnership):",
        "if False:",
        "wrong_reaches",
    ),
    Breakage(
        "WRONG has a shorter end behind a closing",
        "core/decisions/decide.py",
        "days = WITHIN_DAYS_OF_AN_END if ended else WITHIN_DAYS",
        "days = 30",
        "wrong_reaches",
    ),
    Breakage(
        "WRONG takes nothing from under others",
        "core/decisions/decide.py",
        "if any(isinstance(past, _RESTS_ON) and _by(past) != request.by.address for past in since):",
        "if False:",
        "rests_on",
    ),
    # Proof at the door
    Breakage(
        "the office's unproven lines wait",
        "door/office_email.py",
        "if not may_order(by, reading, partnership, proof_of(reading, door, release)).is_allowed:",
        "if False:",
        "offices_name",
    ),
    Breakage(
        "what failed does not act when let in",
        "door/gatekeeping.py",
        "        return Proof.FAILED\n",
        "        return Proof.VOUCHED\n",
        "failed_its_check_may",
    ),
    Breakage(
        "its own answer lets it act",
        "door/gatekeeping.py",
        "if release and release == reading.sender:",
        "if False:",
        "failed_its_check_may",
    ),
    Breakage("a failed yes is none", "turns/take_in.py", "or reading.trust is Trust.FAILED", "", "yes_that_failed"),
    Breakage(
        "only yes is yes",
        "turns/take_in.py",
        "if first is None or not all(_COURTESY.fullmatch(line) or _NAME.fullmatch(line) for line in lines[1:]):",
        "if first is None:",
        "begins_with_yes",
    ),
    Breakage(
        "the question shows no words of the mail",
        "door/mail_not_acted_on.py",
        "subject = safe_subject(subject_of_whom_nothing_is_known(message.subject, agencies))",
        "subject = message.text",
        "hour_the_subject",
    ),
    Breakage(
        "the question says what would be done",
        "door/mail_not_acted_on.py",
        'would = f" What it asks for: {halt.would}." if halt.would else ""',
        'would = ""',
        "hour_the_subject",
    ),
    Breakage(
        "an unproven absence is told to nobody",
        "door/mail_not_acted_on.py",
        "and proof is Proof.PROVEN",
        "",
        "automatic_reply",
    ),
    Breakage(
        "a cover is never written to",
        "core/notices/announcements.py",
        "cover = [deputy] if deputy else []",
        "cover = [c for c in (event.cover, deputy) if c]",
        "automatic_reply",
    ),
    Breakage(
        "a report names whom the letter went to",
        "door/mail_not_acted_on.py",
        "if recipient not in bounce.recipients:",
        "if False:",
        "never_had_the_letter",
    ),
    Breakage(
        "a report is proven",
        "door/mail_not_acted_on.py",
        "if proof is not Proof.PROVEN:",
        "if False:",
        "report_of_any_other",
    ),
    Breakage(
        "a report is of a server that had the letter",
        "door/mail_not_acted_on.py",
        "any(_is_of(reported_by, server) for server in had_it)",
        "True",
        "report_of_any_other",
    ),
    Breakage(
        "a colleague is no server",
        "door/mail_not_acted_on.py",
        'MAILER.match(reading.sender.partition("@")[0]) and ',
        "",
        "report_of_any_other",
    ),
    Breakage(
        "what is refused is told beside danger",
        "core/notices/notice.py",
        "or _is_owed(n))",
        ")",
        "beside_danger",
    ),
    Breakage(
        "a word of danger stands alone",
        "core/notices/notice.py",
        '"urgent_told": DANGER,',
        "",
        "their_turn",
    ),
    # Only what the writer says
    Breakage(
        "what is unseen is not said", "mail/incoming/html_to_text.py", "look.is_seen", "True", "reader_does_not_see"
    ),
    Breakage(
        "what is passed on asks nothing",
        "mail/body/passed_on.py",
        "def apart(own: str, is_answer: bool, introducing: frozenset[str] = frozenset()) -> tuple[str, str]:\n",
        "def apart(own: str, is_answer: bool, introducing: frozenset[str] = frozenset()) -> tuple[str, str]:\n"
        "    return own, ''\n",
        "passed_on_asks",
    ),
    Breakage(
        "danger is heard in what is passed on",
        "mail/understanding/other_voices.py",
        'alarm = danger_in(f"{said.passed_on}\\n\\n{said.inside}", protocol.risk.line)',
        'alarm = ""',
        "danger_in_what",
    ),
    Breakage(
        "orders stand at the top",
        "mail/understanding/office_lines.py",
        "if not read or read[0].act is OfficeAct.UNKNOWN:",
        "if not read:",
        "below_other_words",
        also=("if told is not None:", "if False:"),
    ),
    Breakage(
        "an order below a sentence is not one of those above it",
        "mail/understanding/office_lines.py",
        "if told is not None:",
        "if False:",
        "below_a_sentence",
    ),
    # Leaving, and budgets
    Breakage(
        "who may have it is asked again when it goes",
        "turns/sending_and_filing.py",
        "if self._is_theirs(one, disputes.get(one.reference), now)",
        "",
        "withdrawn_from",
    ),
    Breakage(
        "a flood in a name is not its owner's",
        "turns/letter_allowances.py",
        "return When.LATER if",
        "return When.WITHHELD if",
        "flood_of_forged",
    ),
    Breakage(
        "the office has one letter for many",
        "turns/letter_allowances.py",
        "MOST_TOLD = 6",
        "MOST_TOLD = 600",
        "many_mails",
    ),
    Breakage(
        "one address does not end everything",
        "door/consider.py",
        "if ends and desk.ended_by(by, since) >= MOST_ENDS:",
        "if False:",
        "ends_three",
    ),
    Breakage(
        "what was too much is let in by the office",
        "door/consider.py",
        "if not asks or heard.looked_at or",
        "if not asks or",
        "lets_it_in",
        "tests/authority/test_unscripted.py",
    ),
    Breakage(
        "what is beyond an allowance is answered later",
        "turns/letter_allowances.py",
        "return When.LATER if self._count(address, answers",
        "return When.NEVER if self._count(address, answers",
        "answered_later",
        "tests/authority/test_unscripted.py",
    ),
    Breakage(
        "whoever was brought in does not move it on after silence",
        "core/clocks/silence.py",
        "and p.role in _here_or_above(dispute, protocol)",
        "",
        "after_silence",
        "tests/authority/test_unscripted.py",
    ),
    Breakage(
        "a command stands at the top",
        "mail/understanding/interpret.py",
        "    if all(intent.act in _GIVES_NOTHING for intent in understood):",
        "    if True:",
        "not_his",
        "tests/authority/test_whole_emails.py",
    ),
    Breakage(
        "a bare assent is to a letter that asked",
        "door/consider.py",
        "if shown is not None and not pressed:",
        "if False:",
        "put_nothing",
        "tests/authority/test_unscripted.py",
    ),
    Breakage(
        "a handover is to nobody of another stage",
        "core/decisions/people.py",
        "if two := next((both for both in clashes if both[1]), None):",
        "if two := None:",
        "in_vain",
        "tests/authority/test_unscripted.py",
    ),
    Breakage(
        "who decides is named by the office",
        AUTHORITY,
        "Rule(Act.ADD_PERSON, On.PANEL, yes=OFFICE",
        "Rule(Act.ADD_PERSON, On.PANEL, yes=ACTING | OFFICE",
        "cell and add_person",
        TABLE,
    ),
    Breakage(
        "a flood is one line of the digest",
        "core/reports/digest_needs.py",
        "flood = len(found) > MOST_ALIKE + 1",
        "flood = False",
        "one_line",
        "tests/unit/core/reports/test_digest.py",
    ),
    Breakage(
        "danger in a flood is told in minutes",
        "turns/letter_allowances.py",
        "soon = DANGER_TOLD if danger else HOUR",
        "soon = HOUR",
        "flood_of_danger",
    ),
    # Where the directory is silent
    Breakage(
        "whom the directory does not place the office is asked about",
        AUTHORITY,
        "Rule(Act.HANDOVER, On.SHARED, put=EITHER_SIDE",
        "Rule(Act.HANDOVER, On.SHARED, yes=EITHER_SIDE",
        "cell and handover",
        TABLE,
    ),
    Breakage(
        "a shared domain says of no agency that somebody is of it",
        AUTHORITY,
        "return On.SHARED if len(sides) > 1 else On.OURS",
        "return On.OURS",
        "does_not_place",
        UNSCRIPTED,
    ),
    Breakage(
        "an agency of neither side that shares the domain counts",
        AUTHORITY,
        "found | {Side.OTHER} if beside and (found or",
        "found | {Side.OTHER} if beside and not found and (found or",
        "does_not_place",
        UNSCRIPTED,
    ),
    # What a reader sees, and whose it is
    Breakage(
        "a style that is not understood leaves words uncertain",
        "mail/body/understood_styles.py",
        "return weighs(value, size) if weighs is not None else _WORDS_OWN.fullmatch(bare) is not None",
        "return True",
        "not_understood",
        STYLES,
    ),
    Breakage(
        "a selector that is not weighed may hold",
        "mail/body/visibility.py",
        "may_hide = self._declared_by_rules(element)",
        "may_hide = (self._declared_by_rules(element)[0], False)",
        "two_ways",
        STYLES,
    ),
    Breakage(
        "what is laid over words makes the page uncertain",
        "mail/body/visibility.py",
        "if may_cover(unclear, declared):",
        "if False:",
        "two_ways",
        STYLES,
    ),
    Breakage(
        "a source that is read in two ways is uncertain",
        "mail/incoming/html_to_text.py",
        "or is_read_in_two_ways(source)",
        "",
        "two_ways",
        STYLES,
    ),
    Breakage(
        "words that some programs show make the rest uncertain",
        "mail/body/visibility.py",
        "elsewhere=tag in BY_SOME or tag not in NEVER_SHOWN",
        "elsewhere=False",
        "two_ways",
        STYLES,
    ),
    Breakage(
        "nothing is done on what may not be seen",
        "door/consider.py",
        "elif reading.message.uncertain and not _asks_nothing(intents):",
        "elif False:",
        "may_not_see",
        SECOND,
    ),
    Breakage(
        "the office's lines must be seen too",
        "door/office_email.py",
        "or not reading.is_certain:",
        ":",
        "office_may_not_see",
        SECOND,
    ),
    Breakage(
        "an answer that may not be seen lets nothing in",
        "turns/take_in.py",
        'answer_in(reading.words.own) if reading.is_certain else ""',
        "answer_in(reading.words.own)",
        "answer_that_may_not",
        SECOND,
    ),
    Breakage(
        "whose words a bare blockquote holds is uncertain",
        "mail/incoming/html_to_text.py",
        '_SET_IN = {"blockquote", "figure", "dd"}',
        '_SET_IN = {"figure"}',
        "somebody_elses",
        SECOND,
    ),
    Breakage(
        "any space may stand before a quotation's mark",
        "mail/incoming/quotation.py",
        'rf"{_SPACES}{{0,8}}(?:>',
        'rf"[ ]{{0,3}}(?:>',
        "somebody_elses",
        SECOND,
    ),
    Breakage(
        "an email that says it is somebody else's is asked about",
        "mail/understanding/interpret.py",
        "or is_ascribed(scene):",
        ":",
        "says_it_is_somebody",
        EXPLAINED,
    ),
    # What stands beside a command
    Breakage(
        "words beside an act that are not understood are asked about",
        "mail/beside/explained.py",
        "if intent.act not in _HELD_TO_IT:",
        "if True:",
        "explain_nothing",
        EXPLAINED,
    ),
    Breakage(
        "a word of caution explains nothing",
        "mail/beside/explained.py",
        "if CAUTIONS.search(bare) is not None:",
        "if False:",
        "explain_nothing",
        EXPLAINED,
    ),
    Breakage(
        "a confirmation of another day is asked about",
        "mail/beside/explained.py",
        "or _is_of_another_day(intent.act, scene)",
        "",
        "explain_nothing",
        EXPLAINED,
    ),
    Breakage(
        "an office's line is alone, or explained",
        "mail/understanding/office_lines.py",
        "if line.act in _HELD_TO_IT else line",
        "if False else line",
        "office_says_beside",
        SECOND,
    ),
    # A button in other hands
    Breakage(
        "a button made out to another is filed",
        "door/button_replies.py",
        "if theirs and (pressed.present or not asks):",
        "if pressed.present or not asks:",
        "own_name",
        "tests/authority/test_other_hands.py",
    ),
    Breakage(
        "a deputy is of the same agency",
        "core/partnership/directory.py",
        "return bool(deputy.agency) and deputy.agency == officer.person.agency",
        "return True",
        "deputy",
        "tests/authority/test_other_hands.py",
    ),
    # The veil
    Breakage(
        "names are compared as they read",
        "mail/letters/veil.py",
        'lower = (c for c in unicodedata.normalize("NFKD", letter.casefold()) if not unicodedata.combining(c))',
        "lower = (c for c in letter)",
        "every_writing",
        VEIL,
    ),
    Breakage(
        "a possessive names too",
        "mail/letters/veil.py",
        'if word.endswith("s") and word[:-1] in known:',
        "if False:",
        "every_writing",
        VEIL,
    ),
    Breakage(
        "an NHS number needs no name",
        "mail/letters/veil.py",
        "return check % 11 == int(digits[9]) and check != 10",
        "return False",
        "numbers_and_days",
        VEIL,
    ),
    Breakage(
        "a subject that is said back is veiled",
        "door/mail_not_acted_on.py",
        "safe_subject(subject_of_whom_nothing_is_known(message.subject, agencies))",
        "safe_subject(message.subject)",
        "round_trip_letter_names",
        SECOND,
    ),
    Breakage(
        "the veil is laid over letters in the last step",
        "turns/ledger_and_outbox.py",
        "raw = compose(letter.shown, at,",
        "raw = compose(letter.rendered, at,",
        "leaves_with_the_name",
        SECOND,
    ),
    # RESOLVED changes no limit
    Breakage(
        "RESOLVED holds nothing by itself",
        "core/decisions/due.py",
        "yield replace(moment, at=max(moment.at, until)) if until else moment",
        "pass",
        "holds_nothing",
    ),
    Breakage(
        "a proposal stands when it moves on",
        "core/record/dispute.py",
        'if event.how == "limit" and d.state is State.PROPOSED:',
        "if False:",
        "holds_nothing",
    ),
    Breakage(
        "the raising side's RESOLVED holds two days",
        "core/decisions/due.py",
        "HELD_FOR_DAYS = 2",
        "HELD_FOR_DAYS = 0",
        "two_working_days",
    ),
)


def broken(breakage: Breakage) -> Broken:
    edit = replaced((breakage.old, breakage.new), breakage.also)
    return Broken(breakage.rule, ((f"mailbot/{breakage.file}", edit),), (breakage.among, "-k", breakage.tests))


if __name__ == "__main__":
    raise SystemExit(main("tests.authority.breakages", map(broken, BREAKAGES), sys.argv[1:]))
