"""The bank that every release is held against: twenty-four bugs that a mail robot has sooner or later (B1 to B24)."""

from tests.planted.planting import ACCEPTANCE, NS, STORE, UNIT, bug, bug_in_places

AGAIN = f"{UNIT}/turns/test_sending_and_filing.py"
KILLED = f"{ACCEPTANCE}/killed/test_kill.py"
SMTP = f"{UNIT}/shell/servers/test_smtp.py"
DOOR = f"{NS}/test_at_the_door.py"
FROM_WHOM = f"{UNIT}/mail/incoming/test_sender_and_authentication.py"
INTAKE, POST = "turns/take_in.py", "turns/sending_and_filing.py"
BANK = (
    bug_in_places(
        "B1 a message is moved before it is kept",
        {
            INTAKE: (
                (
                    "coming, self._coming = self._coming, None",
                    "self._box, coming, self._coming = mailbox, self._coming, None",
                ),
                (
                    '                self._passing("fetched")\n',
                    '                self._box.move(arrival.place, ("Bot", "Automatic"))\n'
                    '                self._passing("fetched")\n',
                ),
            )
        },
        f"{KILLED}::test_killed_and_started_again_nothing_is_lost_and_nothing_is_done_twice[fetched-2]",
    ),
    bug(
        "B2 a letter gets its Message-ID when it is sent",
        POST,
        "x.recipient, x.raw)",
        'x.recipient, x.raw.replace(b"Message-ID: <", b"Message-ID: <%d." % x.attempts, 1))',
        f"{NS}/test_hazards.py::test_a_server_that_is_down_is_tried_again_and_nothing_goes_twice",
        f"{KILLED}::test_killed_and_started_again_nothing_is_lost_and_nothing_is_done_twice[sent-1]",
    ),
    bug(
        "B3 a letter is marked as sent before it is sent",
        POST,
        "        told: list[Delivery] = []\n        try:",
        "        told: list[Delivery] = []\n"
        '        self._store.letters_done([LetterEnding(one, Outcome.ACCEPTED, "") for one in by_id], now)\n'
        "        try:",
        f"{KILLED}::test_killed_and_started_again_nothing_is_lost_and_nothing_is_done_twice[sent-1]",
        f"{AGAIN}::test_a_letter_that_is_deferred_goes_at_the_next_of_these_instants_and_at_none_between",
    ),
    bug(
        "B4 a filing is appended without looking for it",
        "shell/servers/maildir.py",
        "must_have_message_id(raw)",
        "must_have_message_id(raw) + 'x'",
        f"{UNIT}/shell/servers/test_mailbox_interface.py",
    ),
    bug(
        "B5 what a message is known by changes with where it lies",
        "shell/store/stored_values.py",
        "digest = hashlib.sha256(arrival.raw).hexdigest()",
        "digest = hashlib.sha256(arrival.raw + str(arrival.place.uid).encode()).hexdigest()",
        f"{DOOR}::test_the_same_message_fetched_twice_is_one_message",
        f"{STORE}/test_incoming_mail.py::test_the_same_bytes_are_kept_once_and_their_newest_place_is_known",
    ),
    bug_in_places(
        "B6 what follows from a message is decided in one transaction, and that it is decided in another",
        {
            INTAKE: (
                (
                    "        work.dispose("
                    "self._site.id, stored.digest, found.disposition.value, found.reason, reference)\n",
                    "        self._decided = (stored.digest, found.disposition.value, found.reason, reference)\n",
                ),
                ("        if len(waiting) == 1:\n            return waiting\n", "        return waiting\n"),
                (
                    "                self._decide(work, stored, now, strikes > STRIKES)\n"
                    '            self._passing("committed")\n',
                    "                self._decide(work, stored, now, strikes > STRIKES)\n"
                    '            self._passing("committed")\n'
                    "            with self._deciding() as work:\n"
                    "                work.dispose(self._site.id, *self._decided)\n",
                ),
            )
        },
        f"{KILLED}::test_killed_and_started_again_nothing_is_lost_and_nothing_is_done_twice[committed-1]",
        f"{KILLED}::test_killed_and_started_again_nothing_is_lost_and_nothing_is_done_twice[committed-3]",
    ),
    bug(
        "B7 a claim that has run out is not taken again",
        POST,
        "if self._letters_left and",
        "if False and",
        f"{NS}/test_after_a_kill.py::test_letters_that_the_dead_had_claimed_go_with_the_next_turn",
    ),
    bug(
        "B8 the database is not durable",
        "shell/store/database.py",
        '("synchronous", "FULL", 2)',
        '("synchronous", "OFF", 0)',
        f"{STORE}/test_maintenance.py::test_sqlite_is_durable_and_overwrites_what_is_deleted",
    ),
    bug(
        "B9 a message is known by its number alone",
        "shell/store/stored_values.py",
        "digest = hashlib.sha256(arrival.raw).hexdigest()",
        "digest = hashlib.sha256(message_id_of(arrival.raw).encode()).hexdigest()",
        f"{STORE}/test_incoming_mail.py::test_the_same_message_id_over_other_bytes_is_another_message",
    ),
    bug(
        "B10 a mailbox that was renumbered is not read again",
        "shell/store/incoming_mail.py",
        '    | (t.mailbox.c.uidvalidity != bindparam("here_validity"))\n',
        "",
        f"{STORE}/test_incoming_mail.py::test_a_watermark_goes_back_only_when_the_server_has_renumbered",
    ),
    bug(
        "B11 a close of business is counted in UTC and not by the clock on the wall",
        "core/procedure/working_days.py",
        "datetime.combine(day, wall, tzinfo=self.zone)",
        "datetime.combine(day, wall, tzinfo=UTC)",
        f"{UNIT}/core/procedure/test_working_days.py::test_five_in_the_afternoon_stays_five_when_the_clocks_go_forward",
    ),
    bug(
        "B12 time is looked at before the mail",
        "turns/bot.py",
        'turns = [("take in", self.take_in), ("tick", self.tick),',
        'turns = [("tick", self.tick), ("take in", self.take_in),',
        f"{AGAIN}::test_what_is_due_is_done_in_the_very_turn_that_has_read_the_mail_up_to_it",
    ),
    bug(
        "B13 misfire limit back to a second",
        "shell/schedule.py",
        '"misfire_grace_time": None',
        '"misfire_grace_time": 1',
        f"{AGAIN}::test_a_wake_that_is_late_is_not_dropped",
    ),
    bug(
        "B14 whoever lost the lease commits",
        "shell/store/decisions.py",
        "if found != epoch:",
        "if False:",
        f"{STORE}/test_decisions.py::test_nobody_commits_under_a_lease_that_has_passed_on",
    ),
    bug(
        "B15 an open dispute follows whichever version is in force",
        "turns/running_partnership.py",
        "return self.versions[(dispute.protocol, dispute.version)]",
        "return self.current",
        f"{NS}/test_versions.py::test_an_open_dispute_stays_on_its_version_when_a_new_file_is_in_force",
    ),
    bug(
        "B16 whoever the headers name is written to",
        "shell/servers/smtp.py",
        "            await client.rcpt(envelope.recipient, timeout=self._timeouts.command)\n",
        '            named = re.findall(r"(?im)^(?:to|cc|bcc):.*", envelope.raw.decode("latin-1"))\n'
        '            for one in dict.fromkeys(re.findall(r"[\\w.+-]+@[\\w.-]+", " ".join(named))):\n'
        "                await client.rcpt(one, timeout=self._timeouts.command)\n",
        f"{SMTP}::test_nobody_named_in_the_headers_is_written_to",
    ),
    bug(
        "B17 that a recipient was refused is passed over",
        "shell/servers/smtp.py",
        "            return await _not_taken(client, envelope, error)\n        try:\n            answer",
        "            pass\n        try:\n            answer",
        f"{SMTP}::test_a_refusal_after_its_reader_was_named_is_the_letters_own_until_others_are_refused_alike",
    ),
    bug_in_places(
        "B18 whoever From shows is believed, as the standard library reads it",
        {
            "mail/incoming/sender_and_authentication.py": (
                (
                    '    values = headers.all("from")\n',
                    "    from email.utils import parseaddr\n\n"
                    '    shown, address = parseaddr((headers.all("from") or [""])[0])\n'
                    '    if "@" in address:\n        return Sender(address.lower(), shown, ())\n'
                    '    values = headers.all("from")\n',
                ),
            )
        },
        f"{FROM_WHOM}::test_a_from_with_two_readings_has_no_address",
        f"{FROM_WHOM}::test_two_from_headers_have_no_address",
    ),
    bug(
        "B19 whatever server says that it checked is believed",
        "mail/incoming/sender_and_authentication.py",
        "if server and server in trusted and not _came_with_it(headers, server):",
        "if server:",
        f"{FROM_WHOM}::test_anything_less_is_unknown",
    ),
    bug(
        "B20 what is quoted is read as its sender's own words",
        "mail/body/own_words.py",
        "        if whose is QuotedLine.OWN and last is QuotedLine.QUOTED:\n            blocks.append([])\n"
        "        if whose is QuotedLine.OWN:\n",
        "        if True:\n",
        f"{UNIT}/mail/body/test_own_words.py::test_answers_between_questions_are_kept_and_flagged_and_the_questions_are_not",
        "tests/hostile/test_nobody_else_is_obeyed.py::test_what_only_looks_like_a_command_changes_nothing",
    ),
    bug(
        "B21 what is stale is not withdrawn when its stage ends",
        "turns/ledger_and_outbox.py",
        "if any(isinstance(event, e.StageEnded) for event in step.events):",
        "if False:",
        f"{AGAIN}::test_what_is_stale_when_its_stage_ends_is_withdrawn_and_never_goes",
    ),
    bug(
        "B22 a missing database is made anew",
        "shell/store/store.py",
        "if file is not None and not create and (not file.is_file() or file.stat().st_size == 0):",
        "if False:",
        f"{STORE}/test_maintenance.py::test_a_missing_store_is_refused_and_not_made",
    ),
    bug(
        "B23 the witness is not compared",
        "core/record/witness.py",
        "return witness.decisions > here.decisions or (witness.newest is not None and not has_newest)",
        "return False",
        f"{UNIT}/core/record/test_witness.py::test_a_record_is_behind_where_its_witness_saw_more",
    ),
    bug(
        "B24 what somebody wrote stands in the log of a fault",
        "turns/faults_of_ours.py",
        'return f"{type(error).__name__}{where}"',
        'return f"{type(error).__name__} {error}{where}"',
        f"{UNIT}/turns/test_faults_of_ours.py::test_what_is_said_names_the_place_and_not_what_was_written",
    ),
)
