"""Bugs in keeping and forgetting, in what a service says of itself, and in the files that it is made of."""

from tests.planted.planting import ACCEPTANCE, NS, STORE, UNIT, bug

AGAIN = f"{UNIT}/turns/test_trying_again.py"
WELL = f"{NS}/test_is_all_well.py"
PURGED = f"{NS}/test_purged.py"
STRUCK = f"{NS}/test_names_struck_out.py"
FILES = f"{ACCEPTANCE}/test_files_that_change.py"
PROTOCOL = f"{UNIT}/shell/protocol_files/test_protocol_file.py"
FAULTS, HEALTH = "shell/protocol_files/faults.py", "watching/health.py"
KEEPING = (
    # Every unit by itself
    bug(
        "a poison message is never given up",
        "turns/take_in.py",
        "STRIKES = 3",
        "STRIKES = 300",
        f"{AGAIN}::test_a_message_that_fails_three_times_is_given_up_and_put_before_a_person",
    ),
    bug(
        "an exception while reading is swallowed",
        "turns/take_in.py",
        '            note_fault(self._store, self._site.id, f"reading message {stored.digest[:12]}", error, now)\n',
        "",
        f"{UNIT}/turns/test_faults_of_ours.py::test_a_message_that_we_cannot_read_is_put_before_the_office_and_every_try_is_noted",
    ),
    bug(
        "one message that fails is the end of the turn",
        "turns/take_in.py",
        "            if strikes > STRIKES:\n                raise",
        "            if True:\n                raise",
        f"{NS}/test_at_the_door.py::test_one_bad_message_never_stops_the_next",
        f"{AGAIN}::test_a_message_that_fails_three_times_is_given_up_and_put_before_a_person",
    ),
    bug(
        "one dispute whose time cannot be looked at stops all the others",
        "turns/bot.py",
        "            self._set_aside[reference] = now + SET_ASIDE\n",
        "            raise\n",
        f"{AGAIN}::test_a_dispute_whose_record_is_damaged_stops_no_other",
    ),
    bug(
        "an exception while time is looked at is swallowed",
        "turns/bot.py",
        '            note_fault(self.store, self.site.id, f"deciding what is due in {reference}", error, now)\n',
        "            pass\n",
        f"{AGAIN}::test_a_dispute_whose_record_is_damaged_stops_no_other",
    ),
    bug(
        "the process that stands by reads all the same",
        "turns/service.py",
        "        return epoch is not None\n\n    def _epoch",
        "        return True\n\n    def _epoch",
        f"{WELL}::test_the_heart_of_a_service_beats_while_all_is_well_and_the_mailbox_is_its_own",
    ),
    # What it says of itself
    bug(
        "all is well of what nobody has tried",
        HEALTH,
        '            wrong.append(f"{words} yet")\n',
        "            pass\n",
        f"{WELL}::test_nothing_is_well_of_what_nobody_has_tried",
    ),
    bug(
        "all is well while letters do not leave",
        HEALTH,
        "if (channel := down(store, site.id)) is not None:",
        "if (channel := None) is not None:",
        f"{WELL}::test_what_was_tried_and_failed_has_not_succeeded",
    ),
    bug(
        "all is well while the mailbox cannot be read",
        HEALTH,
        "        elif last < since:\n",
        "        elif False:\n",
        f"{WELL}::test_a_mailbox_that_cannot_be_read_is_red_though_letters_leave",
    ),
    bug(
        "all is well while the database is older than its record",
        HEALTH,
        "if store.last(site.id, STANDS_STILL) is not None else []",
        "if False else []",
        f"{ACCEPTANCE}/test_older_record.py::test_a_backup_that_was_put_back_sends_nothing_but_word_to_the_office",
    ),
    bug(
        "the numbers say well whatever is wrong",
        HEALTH,
        "lambda s, now: _one(float(s.is_well), s)",
        "lambda s, now: _one(1.0, s)",
        f"{WELL}::test_the_numbers_are_what_prometheus_reads_and_name_nobody",
    ),
    bug(
        "the heart beats whatever is wrong",
        "turns/service.py",
        "if not self._waiting and health(self._bot.site, self.store, now).is_well:",
        "if not self._waiting:",
        f"{WELL}::test_the_heart_of_a_service_beats_while_all_is_well_and_the_mailbox_is_its_own",
    ),
    bug(
        "that letters do not leave is told by letter alone",
        "watching/sending_channel.py",
        '            self._alarms.tell("channel", said, now)\n',
        "",
        f"{NS}/test_letters_that_cannot_leave.py::test_where_the_mailbox_may_not_send_every_letter_waits_and_goes_when_it_may_again",
    ),
    bug(
        "an alarm that one way does not take is given by no other",
        "watching/alarms.py",
        "            except Exception as error:\n",
        "            except ZeroDivisionError as error:\n",
        f"{NS}/test_letters_that_cannot_leave.py::test_a_mailbox_that_cannot_be_read_for_half_an_hour_is_told_of_by_another_way",
    ),
    # The record
    bug(
        "an entry's hash leaves out its words",
        "core/record/ledger.py",
        '"sha256", entry.was or words_hash(entry.text)]',
        '"sha256"]',
        f"{UNIT}/core/record/test_ledger.py::test_a_change_to_any_part_of_an_entry_shows",
    ),
    bug(
        "the end of a record may be cut off",
        "core/record/ledger.py",
        "    if head and head_of(entries) != head:\n",
        "    if False:\n",
        f"{UNIT}/core/record/test_ledger.py::test_an_end_cut_off_shows_against_the_head_kept_apart",
    ),
    bug(
        "the witness is not filed",
        "watching/witness_in_mailbox.py",
        "        if not self._store.record_key(self._site.id) or not self._wanted(now):\n            return\n",
        "        if True:\n            return\n",
        f"{ACCEPTANCE}/test_older_record.py::test_a_first_start_a_lost_witness_and_a_second_turn_lock_nobody_out",
    ),
    bug(
        "an older record sends what it has",
        "turns/bot.py",
        "only_urgent=self.witness.stands_still or self._by_wrong_clock)",
        "only_urgent=False)",
        f"{NS}/test_wrong_clocks.py::test_what_waits_to_be_sent_waits_while_the_clock_is_wrong",
    ),
    # Keeping and forgetting
    bug(
        "a purged dispute's chain is not followed",
        "shell/forgetting/replacements.py",
        "        yield from _broken_chain(row)\n",
        "",
        f"{PURGED}::test_what_is_left_of_a_purged_dispute_cannot_be_changed_unseen",
    ),
    bug(
        "a hold keeps nothing back",
        "core/record/retention.py",
        "return any(hold in (EVERYTHING, reference) for hold in holds)",
        "return False",
        f"{PURGED}::test_what_is_on_hold_stays",
    ),
    bug(
        "what is open still is purged",
        "shell/forgetting/purging.py",
        "closed = (t.dispute.c.partnership == partnership) & (t.dispute.c.state == State.CLOSED.value)",
        "closed = t.dispute.c.partnership == partnership",
        f"{PURGED}::test_the_dry_run_shows_each_class_when_its_time_has_come_and_not_before",
    ),
    bug(
        "mail that waits for a person is purged",
        "shell/forgetting/purging.py",
        '(t.message_bytes.c.raw != b"", t.message.c.digest.not_in(waiting))',
        '(t.message_bytes.c.raw != b"")',
        f"{PURGED}::test_mail_that_waits_for_a_person_is_kept_until_somebody_has_looked",
    ),
    bug(
        "the bytes of a purged email stay",
        "shell/forgetting/purging.py",
        '        work._connection.execute(update(t.message_bytes).where(named).values(raw=b""))\n',
        "",
        f"{PURGED}::test_emails_and_letters_go_and_the_record_is_whole",
    ),
    bug(
        "what was cut out is not sealed",
        "shell/forgetting/replacements.py",
        "if key and not fits(row.seal, _seal(key, dict(row._mapping))):",
        "if False:",
        f"{STRUCK}::test_words_put_where_a_name_was_cut_are_found",
    ),
    bug(
        "a name stays in the emails as they came",
        "shell/forgetting/redacting.py",
        "if not raw or not hidden_in(raw, veil):",
        "if True:",
        f"{STRUCK}::test_after_two_hours_the_name_is_in_nothing_that_is_stored_but_the_order_to_cut_it",
    ),
    bug(
        "a letter that waits goes with the name",
        "turns/ledger_and_outbox.py",
        "redact_waiting(work, self._site.id, step.reference)",
        "pass",
        f"{STRUCK}::test_a_letter_that_waits_goes_out_with_initials",
    ),
    bug(
        "a rebuilt record acts at once",
        "shell/store/to_another_database.py",
        "connection.execute(insert(t.note).values(partnership=partnership, what=REBUILT, at=now))",
        "pass",
        f"{NS}/test_rebuilt_from_the_mailbox.py::test_it_sends_nothing_until_a_person_has_looked_and_then_goes_on",
    ),
    bug(
        "a damaged backup is put in place",
        "commands/keeping/restore_and_rebuild.py",
        "    must_be_whole(folder, settings)\n",
        "",
        f"{ACCEPTANCE}/test_restore_and_rebuild.py::test_a_copy_that_was_changed_or_damaged_is_put_nowhere",
    ),
    bug(
        "an email that was changed in a bundle is not found",
        "commands/keeping/export_verifier.py",
        '        if not one.get("replaced") and _sha256(content) != digest:\n',
        "        if False:\n",
        f"{ACCEPTANCE}/test_export.py::test_an_email_that_was_changed_added_or_taken_away_is_found",
    ),
    bug(
        "an entry that was changed in a bundle is not found",
        "commands/keeping/export_verifier.py",
        '        if must is not None and entry["hash"] not in must:\n',
        "        if False:\n",
        f"{ACCEPTANCE}/test_export.py::test_a_ledger_that_was_changed_is_found_though_every_file_fits_its_manifest",
    ),
    bug(
        "what is written is not encrypted",
        "shell/encryption.py",
        "        if cipher is not None:\n            return cipher.lock(value)\n",
        "",
        f"{ACCEPTANCE}/test_encrypted.py::test_nothing_that_people_wrote_can_be_read_in_the_file_and_everything_works",
    ),
    bug(
        "a locked value that was changed is read",
        "shell/encryption.py",
        "        except (InvalidTag, ValueError):\n"
        "            raise StoreRefused("
        '"a value in the database does not open with this key, or was changed") from None\n',
        '        except (InvalidTag, ValueError):\n            return b""\n',
        f"{ACCEPTANCE}/test_encrypted.py::test_a_value_that_was_changed_is_not_read_as_anything",
    ),
    bug(
        "others on the machine may read the database",
        "shell/private_files.py",
        "            path.chmod(mode & ~OF_OTHERS)\n",
        "            pass\n",
        f"{UNIT}/shell/test_private_files.py::test_init_once_more_shuts_an_open_database",
    ),
    bug(
        "what a database error says has the values in it",
        "shell/store/database.py",
        "hide_parameters=True",
        "hide_parameters=False",
        f"{STORE}/test_maintenance.py::test_no_values_stand_in_the_words_of_an_error_that_sqlalchemy_words",
    ),
    bug(
        "what SQLite's own error says has the values in it",
        "shell/sqlite_transaction.py",
        "        with _named(sql, self.dialect):\n",
        '        with _named(f"{sql} {values}", self.dialect):\n',
        f"{STORE}/test_maintenance.py::test_no_values_stand_in_the_words_of_a_database_error",
    ),
    # What changed while it runs
    bug(
        "half of a change is used",
        "watching/file_watch.py",
        "if found == self._used or now - self._still_since < QUIET_FOR:",
        "if found == self._used:",
        f"{FILES}::test_half_of_a_change_is_never_used",
    ),
    bug(
        "a change that is not sound ends what was before",
        "watching/file_watch.py",
        "        except BadConfiguration as bad:\n            return bad.faults\n",
        "        except ZeroDivisionError as bad:\n            return ()\n",
        f"{FILES}::test_what_is_not_sound_is_said_once_and_what_was_before_still_holds",
    ),
    bug(
        "that a changed file cannot be used is told to nobody",
        "turns/bot.py",
        '            self._word.tell(CHANGED_FILE, f"{now.isoformat()}", f"{beginning}{listed(new)}.", now)\n',
        "            pass\n",
        f"{FILES}::test_an_unsound_row_stops_that_rows_person_only",
    ),
    # A procedure's file
    bug(
        "a procedure without a line about danger is taken",
        FAULTS,
        "    if not protocol.risk.line.strip():\n",
        "    if False:\n",
        f"{PROTOCOL}::test_a_risk_line_without_a_word_is_refused_even_where_a_number_says_999",
    ),
    bug(
        "a stage that nobody can reach is taken",
        FAULTS,
        "        if reached and stage not in reached:\n",
        "        if False:\n",
        f"{PROTOCOL}::test_a_stage_nobody_can_reach_is_a_fault",
    ),
    bug(
        "a procedure in which one side decides its own dispute is taken",
        FAULTS,
        "        if role is not None and role.side in (Side.RAISING, Side.RECEIVING):\n",
        "        if False:\n",
        f"{UNIT}/shell/protocol_files/test_doubts.py::test_a_contradiction_is_refused",
        f"{UNIT}/shell/protocol_files/test_faults.py::test_a_wrong_file_is_told_what_is_wrong_in_words_at_its_line",
    ),
    bug(
        "a procedure that nobody could move on after silence is taken",
        FAULTS,
        "    if not protocol.silence.may_move_on:\n",
        "    if False:\n",
        f"{UNIT}/shell/protocol_files/test_doubts.py::test_a_contradiction_is_refused",
        f"{UNIT}/shell/protocol_files/test_faults.py::test_a_wrong_file_is_told_what_is_wrong_in_words_at_its_line",
    ),
)
