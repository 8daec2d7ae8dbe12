"""Words that the reader of an HTML mail does not see were not said."""

import pytest

from mailbot.mail.body.html_to_text import html_to_text, shown_by

SEEN = "<p style='color:black;visibility:visible'>I will think about it.</p>"


@pytest.mark.parametrize(
    "page",
    [
        "<s>CONFIRM</s>",
        "<del>CONFIRM</del>",
        "<strike>CONFIRM</strike>",
        "<p style='text-decoration: underline line-through'>CONFIRM</p>",
        "<p style='text-decoration-line:line-through'><b>CONFIRM</b></p>",
        "<ins><del>CONFIRM</del></ins>",
    ],
)
def test_what_is_struck_out_is_not_said(page: str) -> None:
    assert html_to_text(page + SEEN) == "I will think about it."


@pytest.mark.parametrize(
    "page",
    [
        "<p hidden>CONFIRM</p>",
        "<p style='display:none'>CONFIRM</p>",
        r"<p style='d\isplay:none'>CONFIRM</p>",
        "<p style='DISPLAY : NONE'>CONFIRM</p>",
        "<p style='visibility:hidden'>CONFIRM</p>",
        "<div style='visibility:hidden'><table><tr><td><b>CONFIRM</b></td></tr></table></div>",
        "<style>.q{display:none}</style><p class='a q'>CONFIRM</p>",
        "<style>@media screen{p.q{display:none}}</style><p class=q>CONFIRM</p>",
        "<style>/* a */ #k > p.q, .z {visibility:hidden}</style><div id=k><p class=q>CONFIRM</p></div>",
        "<style>.q{display:none!important}</style><p class=q style='display:block'>CONFIRM</p>",
        "<noscript>CONFIRM</noscript>",
        "<template>CONFIRM</template>",
        "<dialog>CONFIRM</dialog>",
        "<details><summary></summary>CONFIRM</details>",
    ],
)
def test_what_is_hidden_is_not_said(page: str) -> None:
    assert html_to_text(page + SEEN) == "I will think about it."


@pytest.mark.parametrize(
    "page",
    [
        "<p style='color:#ffffff'>CONFIRM</p>",
        "<p style='color:#FEFDFE ;'>CONFIRM</p>",
        "<font color=white>CONFIRM</font>",
        "<p style='color:transparent'>CONFIRM</p>",
        "<p style='color:rgba(0,0,0,.02)'>CONFIRM</p>",
        "<p style='color:hsl(0,0%,100%)'>CONFIRM</p>",
        "<p style='-webkit-text-fill-color:#fff'>CONFIRM</p>",
        "<div style='background:#000'><span style='color:#050505'>CONFIRM</span></div>",
        "<table><tr><td bgcolor=navy><font color='#000080'>CONFIRM</font></td></tr></table>",
        "<style>div > p.q{color:white!important}</style><div><p class=q style='color:red'>CONFIRM</p></div>",
    ],
)
def test_words_in_the_colour_of_their_ground_are_not_said(page: str) -> None:
    assert html_to_text(page + SEEN) == "I will think about it."


@pytest.mark.parametrize(
    "page",
    [
        "<p style='font-size:1px'>CONFIRM</p>",
        "<div style='font-size:0;color:#fff'>CONFIRM<br>more</div>",
        "<p style='font:1px/1px Arial'>CONFIRM</p>",
        "<p style='font-size:20%'><span style='font-size:50%'>CONFIRM</span></p>",
    ],
)
def test_words_without_size_are_not_said(page: str) -> None:
    assert html_to_text(page + SEEN) == "I will think about it."


@pytest.mark.parametrize(
    "page",
    [
        "<textarea>CONFIRM</textarea>",
        "<select><option>CONFIRM</option></select>",
        "<input value='CONFIRM'>",
        "<button>CONFIRM</button>",
        "<img alt='CONFIRM' src='x.png'>",
        "<p title='CONFIRM'></p>",
    ],
)
def test_fields_and_attributes_say_nothing(page: str) -> None:
    assert html_to_text(page + SEEN) == "I will think about it."


@pytest.mark.parametrize(
    "page",
    [
        "<p style='color:#777'>CONFIRM</p>",
        "<p style='color:yellow'>CONFIRM</p>",
        "<p style='color:windowtext;font-size:8pt;line-height:0'>CONFIRM</p>",
        "<table width=0><tr><td bgcolor='#003366'><font color=white>CONFIRM</font></td></tr></table>",
        "<body style='background:black;color:white'><p>CONFIRM</p>",
        "<p style='background-image:url(x.png);color:#fff'>CONFIRM</p>",
        "<del style='text-decoration:none'>CONFIRM</del>",
        "<div style='visibility:hidden'><p style='visibility:visible'>CONFIRM</p></div>",
        "<span style='font-size:0'><span style='font-size:12pt'>CONFIRM</span></span>",
        "<p style='text-indent:-18pt;margin-left:36pt'>CONFIRM</p>",
        "<p style='position:relative;left:-4px;max-width:600px;max-height:none;height:0'>CONFIRM</p>",
        "<style>@media print{p{display:none}} a:hover{display:none}</style><p>CONFIRM</p>",
        "<style>@media (max-width:600px){p{display:none}}</style><p>CONFIRM</p>",
        "<style>@font-face{font-family:x} .MsoNormal{margin:0cm;color:black}</style><p class=MsoNormal>CONFIRM</p>",
        "<details open>CONFIRM</details>",
    ],
)
def test_what_a_reader_does_see_is_never_lost(page: str) -> None:
    assert html_to_text(page) == "CONFIRM"


def test_what_was_not_seen_is_kept_apart() -> None:
    found = shown_by("<p><s>RESOLVED</s> We still disagree.</p><p style='display:none'>and this</p>")
    assert found.text == "We still disagree."
    assert found.unseen == "RESOLVED\nand this"


def test_a_page_made_to_be_slow_is_kept_for_a_person() -> None:
    rules = "".join(f".a .b .c .d{n} p {{color:red}} .c{n} {{color:blue}}" for n in range(600))
    found = shown_by(f"<style>{rules}</style>" + "<div class='a b c'><p>one</p></div>" * 9_000 + "still here")
    assert found.text == ""
    assert found.unseen.endswith("still here")


def test_words_that_no_parser_reaches_are_kept_for_a_person() -> None:
    found = shown_by("<style>p{color:red}</style>" + "<div><p>" * 20_000 + "still here")
    assert (found.text, found.unseen) == ("", "still here")
