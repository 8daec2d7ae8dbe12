"""The table of planted bugs: what is broken, by which edit, and the tests that must notice.

The short numbers are those of the bank that every release is held against (B1 and on); the rest have words only.
"""

from tests.breaking import Broken, replaced

AGAIN = "tests/unit/turns/test_trying_again.py"
LIMITS = "tests/unit/core/clocks/test_limits.py"
NS = "tests/scenarios/north_somerset"
STORE = "tests/unit/shell/store"


def _bug(what: str, file: str, old: str, new: str, *asked: str) -> Broken:
    return Broken(what, ((f"mailbot/{file}", replaced((old, new))),), asked)


DUE, POST, LEDGER = "core/decisions/due.py", "turns/sending_and_filing.py", "turns/ledger_and_outbox.py"
PLANTED_BUGS = (
    # What was tried again, and how often
    _bug("a poison message is never given up", "turns/take_in.py", "STRIKES = 3", "STRIKES = 300", AGAIN),
    _bug(
        "back-off does not grow",
        POST,
        "doubled: timedelta = FIRST_RETRY * 2 ** min(max(attempts - 1, 0), 8)",
        "doubled: timedelta = FIRST_RETRY",
        AGAIN,
    ),
    _bug("back-off grows without end", POST, "return now + min(doubled, LAST_RETRY)", "return now + doubled", AGAIN),
    _bug(
        "one filing fails, and the rest of its batch stays claimed",
        POST,
        "left = filings[len(ended) :]",
        "left = filings[:0]",
        AGAIN,
    ),
    _bug(
        "B13 misfire limit back to a second",
        "shell/schedule.py",
        '"misfire_grace_time": None',
        '"misfire_grace_time": 1',
        AGAIN,
    ),
    _bug(
        "B21 what is stale is not withdrawn when its stage ends",
        LEDGER,
        "if any(isinstance(event, e.StageEnded) for event in step.events):",
        "if False:",
        AGAIN,
    ),
    # Numbers
    _bug(
        "the latest protective date holds",
        "core/clocks/limits.py",
        "sorted(dispute.protective, key=lambda set_for: set_for.on)",
        "sorted(dispute.protective, key=lambda set_for: set_for.on, reverse=True)",
        LIMITS,
    ),
    _bug("the latest cap holds", "core/clocks/limits.py", "cap = min(ahead,", "cap = max(ahead,", LIMITS),
    _bug(
        "stale reminders go after an outage",
        DUE,
        "stale = moment.what is What.REMIND and moment.limit <= now and not _keeps(moment.clock)",
        "stale = False",
        AGAIN,
    ),
    _bug(
        "silence after RESOLVED is told after 3 days",
        DUE,
        "CONFIRM_WITHIN_DAYS, TOLD_WITHIN = 2,",
        "CONFIRM_WITHIN_DAYS, TOLD_WITHIN = 3,",
        AGAIN,
    ),
    _bug("nobody is known: told after 40 hours", DUE, "= 2, timedelta(hours=4)", "= 2, timedelta(hours=40)", AGAIN),
    _bug(
        "a cap that passed is never told",
        DUE,
        'yield Moment(f"cap {cap.id}", limit.holds, What.CAP, cap.id, limit.holds, cap.at_limit)',
        "pass",
        AGAIN,
    ),
    # Time
    _bug(
        "a clock that jumps is believed where no server can be asked",
        "keeping/clock_watch.py",
        "return not self.wrong and self._is_borne_out(now)",
        "return not self.wrong",
        f"{NS}/test_wrong_clocks.py",
    ),
    _bug(
        "B12 time is looked at before the mail",
        "turns/bot.py",
        'turns = [("take in", self.take_in), ("tick", self.tick),',
        'turns = [("tick", self.tick), ("take in", self.take_in),',
        f"{NS}/test_at_the_door.py",
        f"{NS}/test_hazards.py",
        "tests/scenarios/wolverhampton",
    ),
    _bug(
        "a limit passes over people who were not told",
        "turns/bot.py",
        "untold = agencies_untold(dispute, partnership, self.store.letters(self.site.id, reference))",
        "untold = ()",
        f"{NS}/test_nobody_was_told.py",
    ),
    # The record
    _bug(
        "an entry's hash leaves out its words",
        "core/record/ledger.py",
        '"sha256", entry.was or words_hash(entry.text)]',
        '"sha256"]',
        "tests/unit/core/record/test_ledger.py",
    ),
    _bug(
        "B23 the witness is not compared",
        "core/record/witness.py",
        "return witness.decisions > here.decisions or (witness.newest is not None and not has_newest)",
        "return False",
        "tests/acceptance/test_older_record.py",
        "tests/unit/core/record/test_witness.py",
    ),
    _bug(
        "B8 the database is not durable",
        "shell/store/database.py",
        '("synchronous", "FULL", 2)',
        '("synchronous", "OFF", 0)',
        STORE,
    ),
    _bug(
        "B22 a missing database is made anew",
        "shell/store/store.py",
        "if file is not None and not create and (not file.is_file() or file.stat().st_size == 0):",
        "if False:",
        STORE,
        "tests/acceptance/test_backup.py",
    ),
    _bug(
        "B14 whoever lost the lease commits",
        "shell/store/decisions.py",
        "if found != epoch:",
        "if False:",
        STORE,
        "tests/acceptance/test_lease.py",
    ),
    _bug(
        "B9 a message is known by its number alone",
        "shell/store/stored_values.py",
        "digest = hashlib.sha256(arrival.raw).hexdigest()",
        "digest = hashlib.sha256(message_id_of(arrival.raw).encode()).hexdigest()",
        STORE,
    ),
    _bug(
        "B10 a mailbox that was renumbered is not read again",
        "shell/store/incoming_mail.py",
        '    | (t.mailbox.c.uidvalidity != bindparam("here_validity"))\n',
        "",
        STORE,
        f"{NS}/test_hazards.py",
    ),
    _bug(
        "B7 a claim that has run out is not taken again",
        "turns/sending_and_filing.py",
        "if self._letters_left:",
        "if False:",
        f"{NS}/test_after_a_kill.py",
        f"{NS}/test_letters_that_cannot_leave.py",
        "tests/acceptance/killed/test_kill.py",
    ),
    _bug(
        "B4 a filing is appended without looking for it",
        "shell/servers/maildir.py",
        "must_have_message_id(raw)",
        "must_have_message_id(raw) + 'x'",
        "tests/unit/shell/servers/test_mailbox.py",
    ),
    # Keeping and forgetting
    _bug(
        "a purged dispute's chain is not followed",
        "shell/forgetting/replacements.py",
        "        yield from _broken_chain(row)\n",
        "",
        f"{NS}/test_purged.py",
    ),
    _bug(
        "a hold keeps nothing back",
        "core/record/retention.py",
        "return any(hold in (EVERYTHING, reference) for hold in holds)",
        "return False",
        f"{NS}/test_purged.py",
    ),
    _bug(
        "what was cut out is not sealed",
        "shell/forgetting/replacements.py",
        "if key and not fits(row.seal, _seal(key, dict(row._mapping))):",
        "if False:",
        f"{NS}/test_names_struck_out.py",
    ),
    _bug(
        "a name stays in the emails as they came",
        "shell/forgetting/redacting.py",
        "if not raw or not hidden_in(raw, veil):",
        "if True:",
        f"{NS}/test_names_struck_out.py",
    ),
    _bug(
        "a letter that waits goes with the name",
        LEDGER,
        "redact_waiting(work, self._site.id, step.reference)",
        "pass",
        f"{NS}/test_names_struck_out.py",
    ),
    _bug(
        "a rebuilt record acts at once",
        "shell/store/to_another_database.py",
        "connection.execute(insert(t.note).values(partnership=partnership, what=REBUILT, at=now))",
        "pass",
        f"{NS}/test_rebuilt_from_the_mailbox.py",
    ),
    _bug(
        "a damaged backup is put in place",
        "commands/keeping/restore_and_rebuild.py",
        "    must_be_whole(folder, settings)\n",
        "",
        "tests/acceptance/test_restore_and_rebuild.py",
    ),
    _bug(
        "what is written is not encrypted",
        "shell/encryption.py",
        "        if cipher is not None:\n            return cipher.lock(value)\n",
        "",
        "tests/acceptance/test_encrypted.py",
    ),
)
