"""The tables of the five procedures together; what is only read; and the keys that other tests see obeyed."""

from collections.abc import Mapping

from tests.requirements import gloucestershire, north_somerset, plymouth, sunderland, wolverhampton

ROWS = (
    *north_somerset.ROWS,
    *plymouth.ROWS,
    *gloucestershire.ROWS,
    *sunderland.ROWS,
    *wolverhampton.ROWS,
)
# Requirements that no story fails for, with the reason: the page of requirements says "read" of them.
READ: Mapping[str, str] = {
    "WO-20": "the stage begins at the close of a day, where 24 hours and one working day end together",
}
# Keys of a protocol file that a test elsewhere sees obeyed.
_FILES, _SIXTH = "tests/unit/shell/protocol_files/test_protocol_reader.py", "tests/scenarios/sixth/test_sixth.py"
_SAYS = "tests/scenarios/sixth/test_what_a_file_can_say.py"
ELSEWHERE: Mapping[str, str] = {
    "clock.*.within_by_urgency": f"{_SIXTH}::test_how_long_a_rung_lasts_goes_by_urgency",
    "digest.heartbeat": "tests/scenarios/north_somerset/test_word_to_the_office.py::test_no_word_comes_while_nothing_is_open",
    "digest.stand_in": "tests/scenarios/north_somerset/test_who_is_there.py::test_whoever_stands_in_for_the_office_is_told_of_danger_and_may_act",
    "like": f"{_FILES}::test_a_file_may_be_like_another_and_hold_only_what_differs",
    "like_version": f"{_FILES}::test_a_change_of_the_file_that_a_file_is_like_is_told_by_its_mark",
    "mailbox.tags": "tests/scenarios/north_somerset/test_at_the_door.py::test_a_candidate_without_a_tag_is_asked_and_opens_on_open",
    "protocol.id": f"{_FILES}::test_a_protocol_is_found_by_its_id_and_an_unknown_one_names_the_nearest",
    "remove": f"{_FILES}::test_a_file_may_be_like_another_and_hold_only_what_differs",
    "role.*.rather": f"{_SAYS}::test_the_named_professional_is_asked_rather_than_line_management",
    "role.*.agency": f"{_SAYS}::test_a_role_may_always_be_of_one_agency",
    "role.*.stand_in.address": f"{_SIXTH}::test_somebody_stands_in_for_a_sector_that_has_no_head_of_service",
    "role.*.stand_in.sector": f"{_SIXTH}::test_somebody_stands_in_for_a_sector_that_has_no_head_of_service",
    "role.*.stand_in.title": f"{_SIXTH}::test_somebody_stands_in_for_a_sector_that_has_no_head_of_service",
    "stage.*.begun_by": f"{_SAYS}::test_what_a_manager_raises_begins_where_the_file_has_it_begin",
    "stage.*.skipped_by": f"{_SAYS}::test_a_manager_passes_over_a_stage_by_judgement_where_the_file_lets_them",
    # The day a number was rung is asked about by the check of a deployment.
    "risk.phones.checked_on": "tests/acceptance/test_check.py::test_a_number_nobody_has_rung_lately_is_to_be_looked_at",
    "route.*.contact.checked_on": "tests/acceptance/test_check.py::test_a_number_nobody_has_rung_lately_is_to_be_looked_at",
}
