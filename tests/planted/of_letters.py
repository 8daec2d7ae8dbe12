"""Bugs in what leaves and in what is counted: to whom, once, when, with whose name in it, and what the figures say."""

from tests.planted.planting import ACCEPTANCE, NS, UNIT, bug, bug_in_places

AGAIN = f"{UNIT}/turns/test_sending_and_filing.py"
NOT_LEAVING = f"{NS}/test_letters_that_cannot_leave.py"
KILL = f"{NS}/test_after_a_kill.py"
VEIL = f"{UNIT}/mail/veil/test_known_names.py"
FORMS = f"{NS}/test_forms.py"
AFTER = f"{NS}/test_afterwards.py"
SMTP = f"{UNIT}/shell/servers/test_smtp.py"
IMAP = f"{UNIT}/shell/servers/test_imap.py"
POST, SCRIBE, MEASURES = "turns/sending_and_filing.py", "turns/ledger_and_outbox.py", "core/reports/measures.py"
LETTERS = (
    # Tried again
    bug(
        "back-off does not grow",
        POST,
        "doubled: timedelta = FIRST_RETRY * 2 ** min(max(attempts - 1, 0), 8)",
        "doubled: timedelta = FIRST_RETRY",
        f"{AGAIN}::test_the_wait_doubles_from_five_minutes_to_sixty_seven",
    ),
    bug(
        "back-off grows without end",
        POST,
        "return now + min(doubled, LAST_RETRY)",
        "return now + doubled",
        f"{AGAIN}::test_the_wait_doubles_from_five_minutes_to_sixty_seven",
    ),
    bug(
        "one filing fails, and the rest of its batch stays claimed",
        POST,
        "left = [one for one in filings if one.id not in did]",
        "left = filings[:0]",
        f"{AGAIN}::test_a_filing_that_fails_defers_the_rest_of_its_batch_and_they_are_done_next_time",
    ),
    bug(
        "a filing that cannot be done stops those behind it",
        POST,
        "        except ValueError as error:\n            return FilingEnding(filing.id, False, str(error))\n",
        "        except ZeroDivisionError as error:\n            return FilingEnding(filing.id, False, str(error))\n",
        f"{AGAIN}::test_a_filing_that_can_never_be_done_is_put_aside_and_the_rest_is_filed",
    ),
    # The channel and the person
    bug(
        "a refusal that is about us is the reader's own",
        "watching/sending_channel.py",
        "if _alike(delivery.words) in ours or (is_refused and letter.recipient in office):",
        "if False:",
        f"{NOT_LEAVING}::test_several_refused_by_a_policy_wait_though_others_leave",
    ),
    bug(
        "what waited for the channel does not go with the first that leaves",
        "watching/sending_channel.py",
        "count = self._store.hasten(self._site.id, now)",
        "count = 0",
        f"{NOT_LEAVING}::test_all_that_waited_goes_at_once_with_the_first_that_leaves",
    ),
    bug(
        "a letter is refused in one transaction and told of in another",
        POST,
        '            self._passing("given up")\n            if state is LetterState.REFUSED:\n'
        "                self._returned(work, told, words, now)\n",
        '        self._passing("given up")\n        if state is LetterState.REFUSED:\n'
        "            with self._deciding() as work:\n"
        "                self._returned(work, told, words, now)\n",
        f"{NOT_LEAVING}::test_whoever_dies_between_refused_and_told_tells_it_the_next_time",
    ),
    bug(
        "that a letter came back is told to nobody",
        "turns/bot.py",
        '        self._scribe.write(work, step, Cause("limit", f"refused {letter.key}"), now)\n',
        "",
        f"{NOT_LEAVING}::test_one_reader_who_is_unknown_is_that_readers_alone",
    ),
    bug(
        "a letter whose last answer was lost counts as taken",
        "shell/servers/smtp.py",
        "return Delivery(envelope.id, Outcome.UNCERTAIN, 0, words), None",
        "return Delivery(envelope.id, Outcome.ACCEPTED, 0, words), None",
        f"{SMTP}::test_when_the_answer_after_the_last_dot_is_lost_nobody_knows",
    ),
    bug(
        "what is not now is never",
        "shell/servers/smtp.py",
        "outcome = Outcome.REFUSED if 500 <= code < 600 else Outcome.DEFERRED",
        "outcome = Outcome.REFUSED",
        f"{SMTP}::test_a_not_now_at_any_step_defers",
    ),
    bug(
        "a letter that is refused alone is its reader's fault though nothing has left since",
        "watching/sending_channel.py",
        "return Whose.READER if is_clear else Whose.OPEN",
        "return Whose.READER",
        f"{NOT_LEAVING}::test_one_letter_alone_refused_in_words_about_nobody_waits_until_another_shows_whose_fault_it_was",
    ),
    bug(
        "a reader that is refused is never found to be the cause",
        "watching/sending_channel.py",
        "is_clear = works or not is_refused",
        "is_clear = not is_refused",
        f"{NOT_LEAVING}::test_where_the_word_to_the_office_leaves_it_was_the_readers_refusal",
    ),
    bug(
        "letters that are all put off in the same words count as sent",
        "watching/sending_channel.py",
        "or (delivery.outcome is Outcome.DEFERRED and not delivery.ours)",
        "",
        f"{NOT_LEAVING}::test_where_everybody_is_put_off_in_the_same_words_nothing_leaves_and_status_says_so_at_once",
    ),
    bug(
        "a right to send that Graph takes away is nobody's trouble",
        "shell/servers/graph_postman.py",
        "code, str(error), ours=True), str(error)",
        "code, str(error)), str(error)",
        f"{UNIT}/shell/servers/test_graph_mailbox.py::test_only_what_is_the_letters_own_fate_refuses_it",
    ),
    bug(
        "danger waits for a mail server that hangs over another letter",
        "turns/service.py",
        "if not is_free:",
        "if False:",
        "tests/scenarios/test_danger_first.py::test_danger_is_answered_while_the_mail_server_hangs_over_another_letter",
    ),
    bug(
        "a password goes out in clear where the server offers no TLS",
        "shell/servers/imap.py",
        '            if not client.has_capability("STARTTLS"):\n'
        '                raise Unreachable(account.address, "does not offer STARTTLS, and nothing is sent in clear")\n'
        "            client.starttls(context)\n",
        '            if client.has_capability("STARTTLS"):\n                client.starttls(context)\n',
        f"{IMAP}::test_a_server_without_starttls_never_sees_the_password",
    ),
    # The mailbox
    bug(
        "a line break goes into a command of IMAP",
        "shell/servers/imap.py",
        'if not text.isascii() or any(letter in text for letter in "\\r\\n\\0"):',
        "if False:",
        f"{IMAP}::test_what_would_be_a_command_of_its_own_is_not_written_into_one",
    ),
    bug(
        "what people have marked as deleted goes with what is moved",
        "shell/servers/imap.py",
        "            client.uid_expunge([place.uid])\n",
        "            client.expunge()\n",
        f"{IMAP}::test_without_move_only_this_uid_is_expunged",
    ),
    bug(
        "a message that the server lists and does not give is passed by",
        "turns/take_in.py",
        "                    self._note_withheld(arrival.place, now)\n",
        "",
        f"{NS}/test_withheld_mail.py::test_the_rest_flows_and_what_was_withheld_is_read_when_it_is_given",
    ),
    bug(
        "one damaged message keeps the others back",
        "shell/servers/imap.py",
        "        half = len(uids) // 2\n"
        "        return _told_of(client, uids[:half], items) | _told_of(client, uids[half:], items)\n",
        "        raise\n",
        f"{IMAP}::test_one_damaged_message_does_not_keep_the_others_back",
    ),
    # Who may have it
    bug(
        "whoever has left gets the letters that were waiting for them",
        "core/decisions/who_may/authority.py",
        "if has_left(address, partnership) or not partnership.may_write_to(address):",
        "if False:",
        "tests/authority/test_stories.py::test_a_letter_that_waited_is_withdrawn_from_whoever_has_left_and_the_office_is_told",
    ),
    bug(
        "whoever was taken out gets the letters that were waiting for them",
        "core/decisions/who_may/authority.py",
        'return "they were taken out of the dispute" if address in removed else ""',
        'return ""',
        f"{AGAIN}::test_a_letter_that_waits_is_not_sent_to_somebody_who_was_taken_out_meanwhile",
    ),
    bug(
        "a letter whose reader was changed in the database goes to them",
        POST,
        "        if not letter.is_whole:\n",
        "        if False:\n",
        f"{AGAIN}::test_a_waiting_letter_whose_reader_was_changed_in_the_database_goes_to_nobody",
    ),
    bug(
        "a filing that was changed in the database is done",
        "shell/store/outbox.py",
        "            if row.id not in changed\n",
        "            if True\n",
        f"{AGAIN}::test_a_filing_that_was_changed_in_the_database_is_not_done_and_is_told",
    ),
    bug(
        "a parent who was copied in is written to",
        "core/partnership/directory.py",
        "return listed and domain_of(address) in self.approved_domains",
        "return listed",
        f"{NS}/test_at_the_door.py::test_a_parent_copied_in_is_never_written_to",
    ),
    bug(
        "that a parent was copied in is told to nobody",
        "door/consider.py",
        "    if heard.outsiders:\n",
        "    if False:\n",
        f"{NS}/test_at_the_door.py::test_a_parent_copied_into_an_answer_is_told_of_and_never_written_to",
    ),
    # Whose name stands in it
    bug(
        "the veil sees a name as it was recorded and in no other writing",
        "mail/veil/known_names.py",
        "return cls(_UNCOMMON.sub(lambda some: some[0].translate(_FOLDING), text).lower(), text)",
        "return cls(text, text)",
        f"{VEIL}::test_a_name_in_every_writing",
    ),
    bug(
        "numbers that point to a child stay",
        "mail/veil/known_names.py",
        "text = without_numbers(text) if self.numbers and _DIGIT.search(text) else text",
        "pass",
        f"{VEIL}::test_numbers_and_days_of_birth_go_from_everything",
    ),
    bug(
        "no veil is laid over a letter",
        SCRIBE,
        "shown = replace(made, subject=veil.words(made.subject), text=veil.words(made.text), "
        "html=veil.page(made.html))",
        "shown = made",
        "tests/authority/test_second_attacker.py::test_nothing_leaves_with_the_name_in_another_writing",
    ),
    bug(
        "what the office has struck out stands in later letters",
        "core/record/dispute.py",
        "e.WordsRedacted: lambda d, event: d.but(redacted=(*d.redacted, event.words)),",
        "e.WordsRedacted: lambda d, event: d,",
        f"{NS}/test_office_by_mail.py::test_redacted_words_are_initials_from_then_on_also_in_the_transcript",
    ),
    # Forms
    bug(
        "the form of another dispute is read into this one",
        "core/decisions/recording_form.py",
        "    if paper.reference != ",
        "    if False and paper.reference != ",
        f"{FORMS}::test_the_form_of_another_dispute_changes_neither",
    ),
    bug(
        "a form that the other side fills in is the record",
        "core/decisions/recording_form.py",
        "    mine = judge(request, case, RECORD_BOX, On.IT).is_allowed\n",
        "    mine = True\n",
        f"{FORMS}::test_what_the_other_side_fills_in_is_put_to_the_side_that_keeps_the_form",
    ),
    bug_in_places(
        "a document that holds macros is opened",
        {
            "mail/documents/word_reading.py": (
                ('    if b"macroenabled" in parts[CONTENT_TYPES].lower():\n', "    if False:\n"),
                ("        if _PROGRAMS.search(member.filename.lower()):\n", "        if False:\n"),
            )
        },
        f"{UNIT}/mail/documents/test_word_reading.py::test_it_is_refused_with_a_reason_and_nothing_of_it_is_read",
    ),
    bug(
        "words that begin like a formula go into a spreadsheet as they are",
        "mail/documents/meeting_report.py",
        'return f"\'{plain}" if seen.startswith(("=", "+", "-", "@")) or',
        'return f"\'{plain}" if',
        f"{UNIT}/mail/documents/test_meeting_report.py::test_what_people_wrote_is_there_behind_the_guard",
        f"{UNIT}/mail/documents/test_meeting_report.py::test_no_cell_is_a_formula_whatever_people_wrote",
    ),
    # After the closing
    bug(
        "a no to whether it happened opens nothing again",
        "core/decisions/after_closing.py",
        "return [no, *reopen(",
        "return [no] or [no, *reopen(",
        f"{AFTER}::test_a_no_opens_it_again_with_its_reason_and_wrong_closes_it_again",
    ),
    bug(
        "whether it happened is asked before it can have happened",
        "core/decisions/after_closing.py",
        "if earliest is not None and earliest >= first:",
        "if False:",
        f"{UNIT}/core/decisions/test_after_closing.py::test_nothing_is_asked_before_any_of_it_can_have_happened",
    ),
    bug(
        "after a withdrawal people are asked whether it happened",
        "core/decisions/after_closing.py",
        "    if not has_something_to_happen(",
        "    if False and not has_something_to_happen(",
        f"{AFTER}::test_a_withdrawn_dispute_is_asked_nothing",
    ),
    # What is counted
    bug(
        "what was withdrawn counts as closed with an outcome",
        MEASURES,
        "CLOSED_APART = (WITHDRAWN, OUT_OF_SCOPE)",
        "CLOSED_APART = (OUT_OF_SCOPE,)",
        f"{UNIT}/core/reports/test_digest.py::test_withdrawn_is_shown_apart_and_counts_as_no_outcome",
    ),
    bug(
        "a percentage is made of three cases",
        MEASURES,
        "FEWEST_FOR_PERCENT = 10",
        "FEWEST_FOR_PERCENT = 3",
        f"{UNIT}/core/reports/test_measures.py::test_a_share_of_few_is_never_a_percentage",
    ),
    bug(
        "of an even count the upper middle number is the median",
        MEASURES,
        "return (lower + upper) / 2",
        "return upper",
        f"{UNIT}/core/reports/test_measures.py::test_a_spread_is_a_median_and_a_range_and_says_of_how_many",
    ),
    bug(
        "what WRONG put back is counted",
        MEASURES,
        "if place not in undone)",
        "if place >= 0)",
        f"{UNIT}/core/reports/test_measures.py::test_every_figure_is_what_a_clerk_counts_from_the_ledger",
    ),
    bug(
        "a small number can be worked out from the totals",
        "core/reports/small_numbers.py",
        "    if not is_derivable(hidden):\n",
        "    if True:\n",
        f"{UNIT}/core/reports/test_small_numbers.py",
    ),
    bug(
        "an agency is told the numbers of the others",
        "core/reports/agency_counts.py",
        "open_now=counted.open_now[agency],",
        "open_now=counted.open_now.total(),",
        f"{UNIT}/core/reports/test_agency_counts.py",
    ),
    bug(
        "a week in which nothing ran yet gets a digest",
        "turns/digest_and_reports.py",
        "if began < moment <= now and self._is_read(moment, now):",
        "if moment <= now and self._is_read(moment, now):",
        f"{NS}/test_hazards.py::test_a_server_that_is_down_is_tried_again_and_nothing_goes_twice",
    ),
    bug(
        "the digest does not wait until the mailbox was read",
        "turns/digest_and_reports.py",
        "return drained is None or drained >= moment or now - moment > self._site.patience",
        "return True",
        f"{NS}/test_word_to_the_office.py::test_a_mailbox_out_of_reach_is_said_with_the_hour_it_was_last_read",
    ),
    bug_in_places(
        "an email that goes to two partnerships is opened in both",
        {"door/consider.py": (("if not is_a_neighbours(heard, i)]", "]"),)},
        f"{ACCEPTANCE}/test_two_partnerships.py::test_one_mail_that_went_to_both_opens_where_its_agency_is_and_nowhere_else",
    ),
)
