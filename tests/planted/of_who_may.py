"""Bugs in who may do what, in who is believed and in what is done with a doubtful reading."""

from tests.planted.planting import AUTHORITY, NS, UNIT, bug, bug_in_places

TABLE = f"{AUTHORITY}/test_table.py"
STORIES = f"{AUTHORITY}/test_stories.py"
UNSCRIPTED = f"{AUTHORITY}/test_unscripted.py"
DOOR = f"{NS}/test_at_the_door.py"
WORDS = f"{UNIT}/mail/incoming/test_no_word_is_lost.py"
HAZARDS = f"{NS}/test_hazards.py"
TO_THE_END = f"{NS}/test_to_the_end.py"
ROWS = "core/decisions/who_may/table.py"
GATE, JUDGE, DECIDE = "door/gatekeeping.py", "core/decisions/who_may/authority.py", "core/decisions/decide.py"
CONSIDER, NOT_ACTED_ON = "door/consider.py", "door/mail_not_acted_on.py"
WHO_MAY = (
    # Who may decide
    bug(
        "anybody of the two sides may give the decision",
        ROWS,
        "yes=frozenset({_C.DECIDER}),",
        "yes=EITHER_SIDE,",
        f"{TABLE}::test_every_cell_is_what_the_table_answers",
    ),
    bug_in_places(
        "a side confirms its own resolution",
        {
            JUDGE: (
                (
                    "return On.OURS if said & {dispute.voice(p.side, dispute.agency_of(p)) for p in entries} else",
                    "return",
                ),
            ),
            "core/decisions/resolution.py": (
                (
                    "if proposal is None or side is None or ",
                    "if proposal is None or side is None or False and ",
                ),
            ),
        },
        f"{TABLE}::test_one_side_does_not_confirm_what_it_proposed",
    ),
    bug(
        "an unsure reading is acted on",
        DECIDE,
        "if intent.sure is Sure.UNSURE or intent.act is Act.HOLD:",
        "if intent.act is Act.HOLD:",
        f"{UNIT}/core/decisions/test_decide.py",
    ),
    bug(
        "a closed dispute takes commands",
        DECIDE,
        "is_open and intent.act not in AFTER_CLOSING:",
        "is_open and False:",
        f"{UNIT}/core/decisions/test_decide.py",
    ),
    bug(
        "what was resolved before it moved by itself is not put right",
        "core/decisions/resolution.py",
        "if moved_by_limit and on <= ",
        "if False and on <= ",
        f"{UNIT}/core/decisions/test_decide.py",
    ),
    bug(
        "whoever is no party may have things done",
        DECIDE,
        "    recorded = capacities(",
        "    recorded = True or capacities(",
        f"{NS}/test_office_by_mail.py::test_a_professional_who_is_no_party_is_filed_there_and_the_raising_side_is_asked_who_they_are",
    ),
    bug(
        "one of a panel decides for all of it",
        DECIDE,
        ".together:\n",
        ".together or True:\n",
        f"{AUTHORITY}/test_deciding_together.py",
    ),
    bug(
        "a panel decides that lacks a member",
        "core/decisions/deciding_together.py",
        '        if lacking:\n            return (\n                f"The procedure wants',
        '        if False:\n            return (\n                f"The procedure wants',
        "tests/scenarios/gloucestershire/test_gloucestershire.py::test_a_resolution_panel_hears_both_with_its_membership_gone_through",
    ),
    bug(
        "a decision that is final for everybody is opened again",
        "core/decisions/resolution.py",
        "    if is_binding(",
        "    if False and is_binding(",
        f"{UNIT}/core/decisions/test_decide.py",
    ),
    bug(
        "a resolution without an actual date is put to the other side",
        "core/decisions/resolution.py",
        "    if undated is not None:\n",
        "    if False:\n",
        f"{TO_THE_END}::test_asap_is_not_a_date",
    ),
    bug(
        "it is withdrawn without a reason",
        "core/decisions/resolution.py",
        "    if not reason:\n",
        "    if False:\n",
        f"{UNIT}/core/decisions/test_decide.py",
    ),
    bug(
        "one address ends as many disputes in an hour as it likes",
        CONSIDER,
        "if not ends or heard.looked_at or desk.ended_by(heard.said.sender.address, since) + ends <= MOST_ENDS:",
        "if True:",
        f"{STORIES}::test_one_address_ends_three_disputes_in_an_hour_and_the_rest_wait",
    ),
    # Several agencies
    bug(
        "one of several agencies agrees for all of them",
        "core/record/dispute.py",
        "return tuple(voice for voice in self.voices() if voice not in self.confirmed)",
        "spoke = {voice.side for voice in self.confirmed}\n"
        "        return tuple(voice for voice in self.voices() if voice.side not in spoke)",
        f"{NS}/test_several_agencies.py::test_it_closes_when_every_agency_has_agreed_and_not_before",
    ),
    bug(
        "one of several agencies agrees a date for all of them",
        "core/decisions/agreed_dates.py",
        "if any(other not in (*waiting.accepted, voice) for ",
        "if False and any(other not in (*waiting.accepted, voice) for ",
        f"{UNIT}/core/decisions/test_decide.py::test_a_date_holds_when_every_agency_has_agreed_to_it_and_not_before",
    ),
    # Who is believed
    bug(
        "what the sending domain disowns is read",
        GATE,
        "    if reading.trust is not Trust.FAILED:\n        return None\n",
        "    if True:\n        return None\n",
        f"{DOOR}::test_a_domain_that_disowns_the_mail_is_believed",
    ),
    bug(
        "what nothing proves is done",
        CONSIDER,
        "    if proof is Proof.PROVEN or (vouched and not partnership.may_write_to(reading.sender)):\n",
        "    if True:\n",
        f"{NS}/test_without_proof.py::test_whatever_asks_for_a_change_waits_for_the_address_on_record",
    ),
    bug(
        "a header that stands twice is read once",
        GATE,
        "    if twice:\n",
        "    if False:\n",
        "tests/hostile/test_nobody_else_is_obeyed.py::test_a_header_that_may_stand_once_and_stands_twice_is_not_acted_on",
    ),
    bug(
        "a look-alike domain is told to nobody",
        GATE,
        'return Stopped(Disposition.QUARANTINED, why, True, kind, flag="unknown domain")',
        'return Stopped(Disposition.QUARANTINED, why, False, kind, flag="unknown domain")',
        f"{DOOR}::test_a_look_alike_domain_is_told_to_the_business_manager_at_once",
    ),
    bug(
        "a stranger's mail is read like anybody's",
        GATE,
        "    if partnership.may_write_to(sender.address):\n        return None\n",
        "    if True:\n        return None\n",
        f"{DOOR}::test_a_stranger_is_answered_by_nobody_and_waits_with_the_reason",
    ),
    bug(
        "a yes that nothing proves lets a message in",
        "turns/take_in.py",
        "if waiting and not self._counts(reading, waiting[0]):",
        "if False:",
        f"{UNSCRIPTED}::test_where_the_server_checks_a_yes_that_it_cannot_vouch_for_lets_nothing_in",
    ),
    bug(
        "the office's lines need no proof",
        ROWS,
        "*(Rule(act, yes=OFFICE, why=_OFFICE_ONLY) for",
        "*(Rule(act, yes=OFFICE, why=_OFFICE_ONLY, proof=ANY_PROOF) for",
        f"{TABLE}::test_what_must_show_who_wrote_it",
    ),
    bug(
        "the office's lines are anybody's, and nobody hears of it",
        "door/office_email.py",
        "    if not acts or (in_dispute and not acts & FOR_THE_OFFICE_ALONE):\n",
        "    if True:\n",
        f"{NS}/test_office_by_mail.py::test_the_same_lines_from_a_practitioner_do_nothing_and_wait_and_are_told",
    ),
    # Machines, and mail that goes in circles
    bug(
        "an automatic reply is read like a person's",
        GATE,
        '    if kind.name != "human":\n',
        "    if False:\n",
        f"{DOOR}::test_an_automatic_reply_is_recorded_and_never_answered",
    ),
    bug(
        "a machine without marks is answered for ever",
        "turns/letter_allowances.py",
        "MOST_ANSWERS, MOST_ANSWERS_A_DAY = 6, 24",
        "MOST_ANSWERS, MOST_ANSWERS_A_DAY = 6_000, 24_000",
        f"{HAZARDS}::test_a_machine_that_answers_every_letter_is_not_answered_for_ever",
    ),
    bug_in_places(
        "a letter of our own that comes back is read",
        {
            GATE: (("    if message.message_id and ours(message.message_id):\n", "    if False:\n"),),
            "mail/incoming/automatic_mail.py": (
                ("    if message.message_id and ours(message.message_id):\n", "    if False:\n"),
            ),
        },
        f"{HAZARDS}::test_a_letter_of_ours_that_a_list_sends_on_as_somebody_elses_is_known_by_its_number",
    ),
    bug(
        "that a word of a refusal was refused is told again, and so for ever",
        "turns/bot.py",
        'if dispute is None or letter.letter == "not_delivered":',
        "if dispute is None:",
        f"{HAZARDS}::test_nothing_that_comes_back_goes_round_in_circles",
    ),
    bug(
        "the same mail counts each time it comes",
        "turns/take_in.py",
        "if isinstance(before, Message) and same_mail(before, reading.message):",
        "if False:",
        f"{STORIES}::test_a_question_counts_once_whatever_it_gained_on_the_way",
    ),
    # Danger
    bug(
        "danger in mail that is held is told to nobody",
        NOT_ACTED_ON,
        '    if not danger_in(f"{reading.for_danger}\\n\\n{reading.message.subject}", '
        "partnership.protocol.risk.line):\n",
        "    if True:\n",
        f"{HAZARDS}::test_danger_told_by_a_stranger_reaches_the_business_manager_at_once",
        f"{HAZARDS}::test_danger_in_mail_that_proves_nothing_is_not_kept_waiting_for_proof",
    ),
    bug(
        "danger is told to its writer alone",
        "core/notices/announcements_of_mail.py",
        '"urgent_told", [*others, *',
        '"urgent_told", [] and [*others, *',
        f"{TO_THE_END}::test_danger_is_answered_at_once_and_with_nothing_else",
    ),
    bug(
        "danger told by somebody who is no party is not answered",
        CONSIDER,
        "    for risk in (i for i in heard.intents if i.act is Act.IMMEDIATE_RISK):\n",
        "    for risk in ():\n",
        f"{HAZARDS}::test_danger_beside_a_command_of_somebody_who_is_no_party_is_answered_and_the_command_is_not",
    ),
    bug(
        "danger told about a dispute whose record is damaged is answered by nobody",
        "turns/take_in.py",
        "            self._outlived.add(stored.digest)\n",
        "",
        f"{UNIT}/turns/test_sending_and_filing.py::test_danger_told_about_a_dispute_whose_record_is_damaged_is_answered_all_the_same",
    ),
    bug(
        "letters of danger wait their turn among all others",
        "shell/store/outbox.py",
        ".order_by(table.c.urgent.desc())",
        ".order_by(table.c.urgent)",
        "tests/scenarios/test_danger_first.py::test_a_letter_of_danger_is_claimed_before_every_other_however_old",
    ),
    bug(
        "nobody looks ahead for danger in what waits",
        "turns/take_in.py",
        "return self._store.waits_more_than(self._site.id, at_once) and self._look_at_some() == LOOKED_AT",
        "return False",
        "tests/scenarios/test_danger_first.py::test_of_two_hundred_that_wait_the_newest_that_speaks_of_danger_is_among_the_first",
    ),
    bug(
        "while all stands still danger is not answered",
        "watching/standing_still.py",
        "        for digest in self._store.alarming(self._site.id):\n",
        "        for digest in ():\n",
        f"{NS}/test_wrong_clocks.py::test_danger_is_answered_by_a_wrong_clock_as_by_a_right_one",
    ),
    bug(
        "danger that only the second reader hears is not heard",
        "mail/understanding/danger.py",
        "    if found or not is_danger(listen(left)):\n",
        "    if True:\n",
        f"{UNIT}/mail/second_reader/test_both_readers.py::test_danger_is_heard_by_one_or_the_other_wherever_it_stands",
    ),
    # Whose words
    bug(
        "sentences below one another are taken for the head of a quotation",
        "mail/body/quotation.py",
        "    return bool(OPENS_ATTRIBUTION.match(rest)) or _SENTENCE_END",
        "    return False and _SENTENCE_END",
        f"{WORDS}::test_a_new_message_is_kept_whole",
    ),
    bug(
        "what is told beside an address is taken for the head of a quotation",
        "mail/body/quotation.py",
        "    if addresses and _tells(",
        "    if False and _tells(",
        f"{WORDS}::test_each_sentence_alone_is_kept_whole_above_what_is_answered",
        f"{WORDS}::test_a_new_message_is_kept_whole",
    ),
    bug(
        "a sentence between two labels makes a quotation's head of them",
        "mail/body/quotation.py",
        "_of_the_labels(lines[at : last + 1])",
        "lines[at : last + 1]",
        f"{WORDS}::test_answers_below_and_between_marked_lines_are_kept",
    ),
    # The list of people, changed by mail
    bug(
        "an agency's contact changes the list without the office",
        "turns/roster.py",
        "        if not stored.released or stored.released == by.address:\n            return False\n",
        "        if True:\n            return True\n",
        f"{NS}/test_rosters.py::test_what_a_contact_corrects_waits_for_the_office_and_its_yes_is_written_into_the_list",
    ),
    bug(
        "a row struck out of the list revokes nothing",
        "turns/running_partnership.py",
        "struck_out=listed - present",
        "struck_out=frozenset()",
        f"{STORIES}::test_a_row_struck_out_revokes_and_a_colleague_who_never_had_one_still_counts",
    ),
)
