import pytest

from mailbot.mail.text.labelled_lines import field_for, read_labels


def _values(text: str) -> dict[str, str]:
    return {label.key: label.value for label in read_labels(text)}


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Child", "child"),
        ("chid", "child"),
        ("Pupil", "child"),
        ("Young person", "child"),
        ("Case number", "child_ref"),
        ("Agences", "agencies"),
        ("Line manger", "raising_manager"),
        ("My manager", "raising_manager"),
        ("Your line manager", "responding_manager"),
        ("Their senior manager", "responding_senior"),
        ("Senoir manager", "raising_senior"),
        ("Line manager (yours)", "responding_manager"),
        ("Isue", "issue"),
        ("Imapct on child", "impact"),
        ("Effect on her", "impact"),
        ("Outcome saught", "outcome_sought"),
        ("We want", "outcome_sought"),
        ("Date of Stage 1", "stage_1_date"),
        ("Needed by", "child_date"),
        ("Stage 3 summary", "summary:3"),
        ("What remains unresolved", "unresolved"),
        ("IRO", "iro"),
        ("School", ""),
        ("Dear colleagues", ""),
        ("Chips", ""),
        ("", ""),
    ],
)
def test_a_label_is_known_however_it_is_spelled_and_whosever_it_is(label: str, key: str) -> None:
    assert field_for(label) == key


@pytest.mark.parametrize(
    "line",
    [
        "Impact: hungry",
        "impact - hungry",
        "IMPACT = hungry",
        "Impact; hungry",
        "* **Impact:** hungry",
        "Impact\thungry",
        "| Impact | hungry |",
        "- Impact on child: hungry",
        "1. Impact: hungry",
    ],
)
def test_any_mark_between_label_and_value_will_do(line: str) -> None:
    assert _values(line) == {"impact": "hungry"}


def test_a_value_runs_to_the_next_label_or_blank_line() -> None:
    text = (
        "Issue: the plan says weekly visits and there has been\none visit in seven weeks\n"
        "Impact: hungry\n\nKind regards"
    )
    assert _values(text) == {
        "issue": "the plan says weekly visits and there has been one visit in seven weeks",
        "impact": "hungry",
    }


def test_a_label_with_nothing_beside_it_takes_the_next_paragraph() -> None:
    assert _values("Outcome sought:\n\nA joint visit.\nBefore Friday.\n\nThanks") == {
        "outcome_sought": "A joint visit. Before Friday."
    }


def test_a_name_takes_one_line_and_leaves_the_prose_below_it() -> None:
    text = "Child - Wren P, dob known to both\nPolice / CSC\nWe asked for a meeting."
    assert _values(text) == {"child": "Wren P, dob known to both"}


@pytest.mark.parametrize("value", ["tbc", "N/A", "ASAP", "as discussed", "To be confirmed", ""])
def test_tbc_and_asap_are_no_answers(value: str) -> None:
    assert not read_labels(f"Senior manager: {value}")[0].is_answer


def test_a_sentence_that_begins_with_a_label_word_is_left_alone() -> None:
    assert read_labels("The child was seen at home.\nMy manager agrees with me.\nFrom what I hear - nobody went.") == ()


def test_the_protocol_s_own_title_is_a_label_too() -> None:
    titles = {"head of service": "raising_strategic"}
    assert read_labels("My head of service: Ada Wren", titles)[0].key == "raising_strategic"
