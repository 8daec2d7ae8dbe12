"""Who must not be named, in every writing of the name; and what points to a child as surely."""

from dataclasses import replace

import pytest

from mailbot.mail.veil.known_names import Veil, naming_words, subject_of_whom_nothing_is_known, veil_of
from tests.people import CSC
from tests.unit.mail.understanding.scenes import OPEN

HERE = replace(OPEN, receiving_agencies=(CSC,))


def _veil(child: str) -> Veil:
    return veil_of(replace(HERE, child=child))


@pytest.mark.parametrize(
    ("child", "said", "shown"),
    [
        ("Jo Li", "jo li was seen, and Jo-Li's plan, JO LI; li, jo", "J. L. was seen, and J.-L.'s plan, J. L.; L., J."),
        ("Ruby Whitcombe", "Rubys coat and ruby's, RUBY", "R.'s coat and R.'s, R."),
        ("Ruby Whitcombe", "rubywhitcombe and Whitcombes", "R.W. and W.'s"),
        ("Ruby Whitcombe", "ruby.whitcombe ruby_whitcombe", "R.W. R._W."),
        ("Siân Llŷr", "Sian Llyr, SIA\u0302N LLY\u0302R, siân", "S. L., S. L., S."),
        ("Zoe O\u2019Neill", "Zoë O'Neill, zoe oneill, O\u02bcNeill's", "Z. O'N., Z. O., O\u02bcN.'s"),
        ("Łukasz Ćwik", "Lukasz Cwik and LUKASZ", "L. C. and L."),
        ("R\u00adu\u200bby Moss", "Ruby and Ru\u200bby and R\u00aduby", "R. and R. and R."),
        ("Ruby Moss", "Rub\u0443 and \uff32\uff55\uff42\uff59", "R. and R."),
        ("May Brown", "May Brown may go in May. Brown hair, may brown", "M. B. may go in M. Brown hair, M. B."),
        ("An Do", "an do went home, so An did. Do not wait", "A. D. went home, so A. did. Do not wait"),
    ],
)
def test_a_name_in_every_writing(child: str, said: str, shown: str) -> None:
    assert _veil(child).words(said) == shown


def test_a_full_name_behind_initials_is_hidden_word_by_word_once_it_is_written() -> None:
    veil = veil_of(replace(HERE, child="R.W.", fields={"issue": "Ruby Whitcombe is hungry."}))
    assert veil.words("ruby, whitcombe and Ruby") == "R., W. and R."
    assert _veil("R.W.").words("Ruby Whitcombe, Whitcombe, Ruby") == "R.W., R.W."


def test_a_relation_whom_the_record_names_is_hidden_wherever_they_are_named_again() -> None:
    issue = "Mum Danielle O'Brien and dad (Darren Hughes) were not told, nor was her uncle, Tobias Fenn's friend."
    veil = veil_of(replace(HERE, child="K.W.", fields={"issue": issue}))
    assert veil.free("Tobias Fenn rings danielle, then Darren.") == "Tobias Fenn rings D., then D."
    assert veil.free("The mother was told, and Dad was not.") == "The mother was told, and Dad was not."


@pytest.mark.parametrize("child", ["K.W.", "R.C.", "D.N.", "E.H.", "A.S."])
def test_no_word_that_a_letter_asks_for_is_taken_for_a_childs_name(child: str) -> None:
    asked = (
        "Reply WRONG CASE, ESCALATE, WITHDRAW, CONFIRM, DISAGREE, HANDOVER TO a colleague, STATUS, RELEASE or DISMISS."
    )
    assert _veil(child).free(asked) == asked


def test_a_professional_keeps_a_name_that_the_child_has_too() -> None:
    veil = _veil("Rosalind Hartwell")
    assert veil.words("Imogen Hartwell saw Rosalind Hartwell") == "Imogen Hartwell saw R. H."
    assert veil.words("ROSALIND PEAKE and rosalind") == "ROSALIND PEAKE and R."


@pytest.mark.parametrize(
    "said",
    """
    943 476 5919|9434765919|943-476-5919|94 34 76 59 19|943\u00a0476\u00a05919|943.476.5919|943\u2013476\u20135919
    NHS 1234567890|nhs no. 123 456 7890|NHS number: 1234567890|DOB 3/2/15|d.o.b. is 3rd February 2015|born on 3 Feb 2015
    born in Bristol on 03-02-2015|date of birth 2015-02-03|birthday: Feb 3, 2015|Date of Birth - 03022015|b. 3.2.15
    """.replace("\n", "|").split("|"),
)
def test_numbers_and_days_of_birth_go_from_everything(said: str) -> None:
    shown = Veil().words(f"K {said.strip()} here")
    assert not any(digit in shown for digit in "0123456789"), shown


@pytest.mark.parametrize(
    "said",
    """
    bs48 1ab|BS481AB|Bs48  1aB|ec1a 1bb|12 Acacia Road|12 acacia road|12a, long acre lane|flat 3, acacia house
    R.W. (03/02/2015)|K. 3.2.15
    """.replace("\n", "|").split("|"),
)
def test_addresses_go_from_what_people_write(said: str) -> None:
    shown = Veil().free(f"We went to {said.strip()} then")
    assert not any(digit in shown for digit in "0123456789"), shown


# What points to a family by its shape, in words about K.W. of 2026; the piece after the stroke must be gone.
POINTS = """
K lives at The Old Forge, Wrington | Forge
a visit to Rose Cottage, Mill Lane is made | Rose|Mill
a visit in Acacia Road is made | Acacia
the family is at 14 The Paddocks now | Paddocks
caravan 12 at Sunny Sands is looked at | Sunny
her address is Hillcrest, Top Road, Wrington | Hillcrest|Wrington
K turns eight on the fourth of March | fourth
K's birthday is 4 March | 4 March
K (the fourth of March 2018) is seen | fourth
K (the fourth of March, two thousand and eighteen) is seen | fourth
04.03.2018 is on the referral | 2018
K, 4 Mar 2018, is seen | 2018
K was born in March 2018 | 2018
2018-03-04 | 2018
mum is rung on 01934 622 117 | 622
mum's landline (0117 496 0123) is rung | 496
gran on +44 117 4960123 is rung | 4960
karen.w@hotmail.example is written to | karen
mum's address is karen@her-shop.example | karen
M/a/e/v/e is seen | e/v
M, a, e, v, e is seen | e, v
M–a–e–v–e is seen | e–v
"""
# What meetings, offices and plans are told with, and what stays.
POINTS_TO_NOBODY = """
The meeting is at Larkfield Primary School on 18 September 2026.
Mill Lane Surgery sends its notes by 14 September 2026.
Mill Lane Primary School and the Acacia Road Children's Centre are asked.
The assessment of 4 March 2026 and that of 12 November 2025 are sent.
The family court sits on 30 November 2026; High Court, Crown Court.
Ring Tobias on 01934 888 801, or the duty desk on 01275 888 808.
The school is on 0117 496 0145.
The meeting is in the school's hall, Larkfield Lodge.
The way forward, a close eye and a walk to school are agreed.
Stage 2, option a, b or c, 2 visits a week from 14 September.
Tobias Fenn, tobias.fenn@seamoor.example, visits on 14/09/2026.
The farm visit and the step-down lodge are agreed.
"""


@pytest.mark.parametrize("row", POINTS.strip().split("\n"))
def test_what_points_to_a_family_by_its_shape_goes(row: str) -> None:
    said, gone = row.split(" | ")
    shown = _veil("K.W.").free(said)
    assert not [one for one in gone.split("|") if one in shown], shown


@pytest.mark.parametrize("said", POINTS_TO_NOBODY.strip().split("\n"))
def test_what_plans_are_told_with_stays(said: str) -> None:
    assert _veil("K.W.").free(said) == said


def test_a_known_day_of_birth_goes_however_it_is_written() -> None:
    veil = Veil(born=(2015, 2, 3))
    for said in ("3 February 2015", "03/02/2015", "3.2.15", "2015-02-03", "3rd of Feb 2015", "03022015"):
        assert veil.free(f"seen ({said})") in ("seen ((date of birth))", "seen ((date of birth)"), said
    assert veil.free("seen on 3 February 2026") == "seen on 3 February 2026"


@pytest.mark.parametrize(
    "said",
    [
        "Ring 999, or 01632 960123, or +44 7700 900123.",
        "By 5pm on Thursday 10 September 2026, at the latest.",
        "NS-26-0012 is at Stage 2, 2 working days, 3rd visit, s1 2nd term.",
        "2 weeks of visits and 3 more on the road; 14 days close to it",
        "The reference is 9434765918.",
        "Message 1234567, 12:30, 2026-09-10",
    ],
)
def test_what_points_to_nobody_stays(said: str) -> None:
    assert Veil(naming_words("Ruby Whitcombe")).free(said) == said


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("RE: [NS-26-0012] Ruby Whitcombe DOB 3/2/15", "RE: [NS-26-0012] R. W. (date of birth)"),
        ("jo li - urgent", "j. l. - urgent"),
        ("[ESCALATION] Stage 1 - K.W.", "[ESCALATION] Stage 1 - K.W."),
        ("Fwd: visit to bs48 1ab", "Fwd: visit to (postcode)"),
    ],
)
def test_a_subject_that_is_said_back_names_nobody(subject: str, shown: str) -> None:
    assert subject_of_whom_nothing_is_known(subject) == shown


@pytest.mark.parametrize(
    "said",
    [
        "DOB 3/2/2015",
        "d.o.b. is 3rd February 2015",
        "D O B: 3/2/15",
        "b. 3.2.15",
        "Bırth date 3 February 2015",
        "born on 3 Feb 2015",
        "Date of Birth - 03022015",
        "NHS no. 123 456 7890",
        "nhſ: 1234567890",
        "943 476 5919",
    ],
)
@pytest.mark.parametrize("beside", ["", " Ring 01275 888 808 by 5pm on Thu 10 Sep.", " Siân’s letter"])
def test_between_the_tags_of_a_page_no_number_stands_that_points_to_a_child(said: str, beside: str) -> None:
    shown = Veil().page(f'<p title="{said}">K: {said}.{beside}</p>')
    hidden = "(NHS number)" if "n" in said.casefold()[:1] or said[0] == "9" else "(date of birth)"
    assert shown == f'<p title="{said}">K: {hidden}.{beside}</p>'


@pytest.mark.parametrize("written", ["Éowyn Whitlock", "Eowyn Whitlock", "Whitlock, Éowyn", "Eowyn Ŵhitlock"])
def test_a_name_with_accents_or_without_is_behind_the_same_initials(written: str) -> None:
    veil = _veil("E.W.")
    assert veil.words(f"We saw {written} and Elin Parry.") == "We saw E.W. and Elin Parry."
    assert veil.words(f"Siân saw {written}.") == "Siân saw E.W.."


@pytest.mark.parametrize("written", ["𝐓𝐚𝐛𝐢𝐭𝐡𝐚", "Tabítha", "TABITHA", "Ｔａｂｉｔｈａ", "T\u200babitha"])
def test_a_name_in_signs_that_look_like_letters_is_cut_between_the_tags_of_a_page_too(written: str) -> None:
    shown = _veil("Tabitha W.").page(f"<p>\u034f\u200c\u00a0</p><td>{written} was seen.</td>")
    assert shown == "<p>\u034f\u200c\u00a0</p><td>T. was seen.</td>"
