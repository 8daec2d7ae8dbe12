"""Bugs in limits, calendars and clocks: when something is due, for whom, and by which clock."""

from tests.planted.planting import NS, UNIT, bug

AGAIN = f"{UNIT}/turns/test_sending_and_filing.py"
LIMITS = f"{UNIT}/core/clocks/test_limits.py"
DAYS = f"{UNIT}/core/procedure/test_working_days.py"
CLOCKS = f"{NS}/test_wrong_clocks.py"
OUTAGE = f"{NS}/test_at_the_door.py"
DUE, LIMIT, COUNT = "core/decisions/due.py", "core/clocks/limits.py", "core/procedure/working_days.py"
TIME = (
    bug(
        "a clock that jumps where no server has one is believed at once",
        "watching/clock_watch.py",
        "and self._jump(now) > MAY_DIFFER and",
        "and False and",
        f"{CLOCKS}::test_where_no_server_has_a_clock_a_jump_of_days_moves_nothing_until_patience_has_run_out",
    ),
    # Which limit holds
    bug(
        "the latest protective date holds",
        LIMIT,
        "sorted(dispute.protective, key=lambda set_for: set_for.on)",
        "sorted(dispute.protective, key=lambda set_for: set_for.on, reverse=True)",
        f"{LIMITS}::test_of_two_protective_dates_the_earlier_holds_whichever_was_given_first",
    ),
    bug(
        "the latest cap holds",
        LIMIT,
        "cap = min(ahead,",
        "cap = max(ahead,",
        f"{LIMITS}::test_of_two_caps_still_ahead_the_earlier_holds",
    ),
    bug(
        "a date for the child makes a limit later",
        LIMIT,
        "if limit.start < on < limit.holds:",
        "if limit.start < on:",
        f"{LIMITS}::test_a_protective_date_never_lengthens",
    ),
    bug(
        "a later date is agreed where the procedure allows none",
        LIMIT,
        "if on <= limit.own or clock.agreed in (Agreed.ANY_DATE, Agreed.MUST_BE_SET_ANY):",
        "if True:",
        f"{LIMITS}::test_a_later_date_is_refused_where_the_protocol_gives_no_such_power",
        f"{LIMITS}::test_an_agreed_date_over_the_maximum_leaves_the_maximum",
    ),
    bug(
        "a closed day taken back shortens a limit that was told",
        LIMIT,
        "    if told <= limit.holds:\n",
        "    if True:\n",
        f"{NS}/test_calendar_changes.py::test_a_closed_day_that_is_taken_back_makes_nobodys_time_shorter",
    ),
    bug(
        "the longest length holds until somebody says how urgent it is",
        LIMIT,
        "shortest = min(known.values(), key=about_hours)",
        "shortest = max(known.values(), key=about_hours)",
        "tests/scenarios/sixth/test_sixth.py::test_while_nobody_has_said_how_urgent_it_is_the_shortest_length_holds",
    ),
    bug(
        "a bank holiday is a working day",
        COUNT,
        "closed = {**self.closed, **self.rule.also_closed}",
        "closed = {**self.rule.also_closed}",
        f"{DAYS}::test_two_days_over_christmas_skip_the_holidays_and_say_why",
    ),
    bug(
        "the day something begins counts as day one",
        COUNT,
        "ends = calendar.nth_after(origin, count - 1 if begins else count)",
        "ends = calendar.nth_after(origin, count - 1)",
        f"{DAYS}::test_two_days_over_christmas_skip_the_holidays_and_say_why",
    ),
    bug(
        "a closed day typed in moves nothing that is open",
        "turns/bot.py",
        "dispute.is_open and self._limit_now(",
        "dispute.is_open and False and self._limit_now(",
        f"{NS}/test_calendar_changes.py::test_a_day_of_mourning_moves_an_open_limit_and_says_so_in_the_thread",
    ),
    # What is due
    bug(
        "stale reminders go after an outage",
        DUE,
        "stale = moment.what is What.REMIND and ",
        "stale = False and moment.what is What.REMIND and ",
        f"{AGAIN}::test_after_an_outage_no_stale_reminder_goes",
    ),
    bug(
        "silence after RESOLVED is told after 3 days",
        DUE,
        "CONFIRM_WITHIN_DAYS, TOLD_WITHIN = 2,",
        "CONFIRM_WITHIN_DAYS, TOLD_WITHIN = 3,",
        f"{AGAIN}::test_silence_after_resolved_is_told_at_the_close_of_the_second_working_day",
    ),
    bug(
        "nobody is known: told after 40 hours",
        DUE,
        "= 2, timedelta(hours=4)",
        "= 2, timedelta(hours=40)",
        f"{AGAIN}::test_that_nobody_on_the_other_side_is_known_is_told_after_four_hours",
    ),
    bug(
        "a cap that passed is never told",
        DUE,
        'yield Moment(f"cap {cap.id}", limit.holds, What.CAP, cap.id, limit.holds, cap.at_limit)',
        "pass",
        f"{AGAIN}::test_a_cap_that_passes_is_recorded_and_told",
    ),
    bug(
        "it moves on though the office held it",
        DUE,
        "held = then is AtLimit.MOVE_UP and ",
        "held = False and then is AtLimit.MOVE_UP and ",
        f"{NS}/test_office_by_mail.py::test_held_over_its_limit_nothing_moves_and_all_are_told_and_go_on_moves_it",
    ),
    bug(
        "a resolution that the side asked reports holds the move back",
        DUE,
        "proposal.side is not Side.RAISING:",
        "proposal.side is None:",
        "tests/authority/test_stories.py::test_resolved_by_the_side_asked_holds_nothing_and_stands_when_it_moves_on",
    ),
    bug(
        "a resolution that the raising side reports holds the move back for ever",
        DUE,
        "yield replace(moment, at=max(moment.at, until)) if until else moment",
        "yield from () if until else (moment,)",
        "tests/authority/test_stories.py::test_resolved_by_the_raising_side_holds_the_move_for_two_working_days",
    ),
    bug(
        "a stage that is entered late begins when its limit was",
        DUE,
        "return limit if now <= calendar.morning_of(next_day) else now",
        "return limit",
        f"{OUTAGE}::test_after_a_long_outage_nothing_stale_goes_out_and_nobody_is_born_overdue",
    ),
    bug(
        "people are asked about a cap that had passed before they could hear of it",
        DUE,
        'if moment.what is What.CAP and visit.how == "limit" and moment.limit < visit.entered:',
        "if False:",
        f"{NS}/test_nobody_was_told.py::test_after_twelve_days_nobody_is_asked_about_a_limit_by_the_letter_after_the_first_that_told_of_it",
    ),
    bug(
        "the ladder of reminders goes up twice in a morning",
        "core/clocks/silence.py",
        "last = calendar.local(max((*begun, *climbed))).date()",
        "last = calendar.local(max(begun)).date()",
        f"{UNIT}/core/clocks/test_silence.py",
    ),
    bug(
        "the ladder of reminders stops at its first rung",
        "core/clocks/silence.py",
        "if not begun or len(climbed) >= len(protocol.silence.remind):",
        "if not begun or len(climbed) >= 1:",
        f"{UNIT}/core/clocks/test_silence.py",
    ),
    bug(
        "nobody else may move on what a silent person leaves lying",
        "core/clocks/silence.py",
        "return bool(address) and waits_for_nobody(dispute, protocol) and _is_named(dispute, protocol, address)",
        "return False",
        f"{NS}/test_silence.py::test_the_raiser_may_refer_once_the_time_has_passed",
    ),
    # What was read, and who was told
    bug(
        "a limit passes while the answer lies unread",
        "turns/bot.py",
        "as_of = now if overdue else min(now, drained)",
        "as_of = now",
        f"{OUTAGE}::test_nothing_is_declared_passed_while_the_mailbox_cannot_be_read",
    ),
    bug(
        "a mailbox that cannot be read holds every limit for ever",
        "turns/bot.py",
        "overdue = now - drained > self.site.patience",
        "overdue = False",
        f"{OUTAGE}::test_nothing_is_declared_passed_while_the_mailbox_cannot_be_read",
    ),
    bug(
        "that the mailbox could not be read up to the limit is not said",
        "turns/bot.py",
        "since = drained if overdue else None",
        "since = None",
        f"{OUTAGE}::test_nothing_is_declared_passed_while_the_mailbox_cannot_be_read",
    ),
    bug(
        "the mailbox counts as read before what was read is decided",
        "turns/take_in.py",
        "        self._is_owed = self._ask_again(mailbox, now)\n        return False\n",
        "        self._is_owed = self._ask_again(mailbox, now)\n        self.all_decided()\n        return False\n",
        f"{NS}/test_after_a_kill.py::test_the_mailbox_counts_as_read_only_when_what_was_read_is_decided",
    ),
    bug(
        "a limit passes over people who were not told",
        "turns/bot.py",
        "untold = agencies_untold(",
        "untold = () and agencies_untold(",
        f"{NS}/test_nobody_was_told.py::test_one_side_that_could_not_be_told_is_enough_to_wait",
    ),
    bug(
        "a limit waits for ever for people who cannot be told",
        DUE,
        "if untold and moment.then is AtLimit.MOVE_UP and moment.key not in ",
        "if untold and moment.then is AtLimit.MOVE_UP and moment.key + '!' not in ",
        f"{NS}/test_nobody_was_told.py::test_a_limit_waits_a_working_day_for_letters_that_cannot_leave_and_then_says_so",
    ),
    # Clocks
    bug(
        "a clock that jumps is believed where no server can be asked",
        "watching/clock_watch.py",
        "return not self.wrong and self._is_borne_out(now)",
        "return not self.wrong",
        f"{CLOCKS}::test_a_clock_that_jumps_while_no_server_can_be_asked_moves_nothing_until_patience_has_run_out_on_it",
    ),
    bug(
        "a clock that the mail server contradicts is believed",
        "watching/clock_watch.py",
        "if theirs is not None and abs(theirs - now) > MAY_DIFFER:",
        "if False:",
        f"{CLOCKS}::test_a_clock_three_days_ahead_sends_nothing_but_word_to_the_office",
    ),
    bug(
        "an instant in the future proves that something was done",
        "watching/clock_watch.py",
        "return instant is not None and instant - now > FUTURE",
        "return False",
        f"{CLOCKS}::test_what_was_last_read_in_the_future_is_no_proof_that_anything_was_read",
    ),
    bug(
        "time in the record goes back with the clock",
        "core/record/ledger.py",
        "(head.sequence, head.hash, max(now, head.at))",
        "(head.sequence, head.hash, now)",
        f"{UNIT}/shell/store/test_decisions.py::test_time_in_the_ledger_does_not_go_back_with_the_clock",
    ),
)
