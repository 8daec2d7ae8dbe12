"""What is not understood of a page's style leaves its words uncertain; what mail programs write is understood."""

import pytest

from mailbot.mail.body.alternatives import Piece, text_of_pieces

SEEN = "<p>I will think about it.</p>"


def _is_uncertain(page: str, plain: str = "") -> bool:
    return text_of_pieces([Piece(plain, (page,))]).uncertain


@pytest.mark.parametrize(
    "style",
    """
    opacity:0 | opacity:.4 | filter:opacity(0%) | filter:blur(9px) | mso-hide:all | max-height:0;overflow:hidden
    height:1px;overflow:hidden | width:0;overflow:hidden | overflow:hidden;height:14px | clip:rect(0 0 0 0)
    clip-path:inset(50%) | clip-path:circle(0) | mask:linear-gradient(#0000,#0000) | -webkit-mask-image:url(x.png)
    transform:scale(0) | transform:rotateY(90deg) | scale:0 | translate:-999px | rotate:x 90deg | zoom:0 | zoom:.01
    position:absolute;left:-9999px | position:fixed;top:-500px | position:absolute | position:relative;top:-20px
    text-indent:-9999px | text-indent:-100% | margin-left:-9999px | margin-left:-100% | margin-top:-40px
    font-size:calc(1px*0) | font-size:clamp(0px,0px,0px) | font-size:var(--x) | font-size:6px | font-size:0.1vw
    color:oklch(1 0 0) | color:color-mix(in srgb,white,white) | color:lab(100 0 0) | color:#f4f4f4;background:#fff
    color:#fff;background:linear-gradient(#fff,#fff) | background:url(white.png) | color:rgb(from white r g b)
    color:light-dark(#fff,#000) | -webkit-text-fill-color:color(srgb 1 1 1) | -webkit-text-security:disc
    letter-spacing:-1em | letter-spacing:-99px | word-spacing:9999px | line-height:0 | line-height:0.01
    display:-webkit-box;-webkit-line-clamp:1;overflow:hidden | content-visibility:hidden | animation:a 1s forwards
    visibility:hidden;visibility:visble | all:unset | unicode-bidi:bidi-override;direction:rtl | direction:rtl
    writing-mode:vertical-rl | float:right | order:-1 | flex-direction:row-reverse;display:flex | columns:9
    mix-blend-mode:difference | backdrop-filter:blur(9px) | text-shadow:0 0 9px #fff | box-shadow:inset 0 0 0 99px #fff
    content:url(x.png) | offset-path:path('M0 9') | perspective:1px | shape-outside:circle() | inset:999px
    list-style-type:'not ' | font-family:Wingdings | font:0/0 a | text-size-adjust:1% | outline:900px solid white
    border-right:2000px solid white | padding-left:4000px | text-decoration:underline 40px white | d:none;x:"y
    """.replace("\n", "|").split("|"),
)
def test_a_style_that_is_not_understood_leaves_the_words_uncertain(style: str) -> None:
    if not (style := style.strip()):
        return
    page = f'<div style="{style.replace(chr(34), "&quot;")}"><p>CONFIRM</p></div>'
    assert _is_uncertain(page + SEEN)
    assert _is_uncertain(SEEN + page)
    assert _is_uncertain(f"<style>.q{{{style}}}</style><div class=q><p>CONFIRM</p></div>{SEEN}")
    assert _is_uncertain(page + SEEN, "CONFIRM\n\nI will think about it."), "where the plain part says it too"


@pytest.mark.parametrize(
    "page",
    [
        "<style>p:not(.k){display:none}</style><p>CONFIRM</p>",
        "<style>p:nth-of-type(1){display:none}</style><p>CONFIRM</p>",
        "<style>:is(p,b){font-size:0}</style><p>CONFIRM</p>",
        "<style>div:has(p){color:#fff}</style><div><p>CONFIRM</p></div>",
        "<style>div{color:black; p{display:none}}</style><div><p>CONFIRM</p></div>",
        "<style>@media (max-width:600px){p{display:none}}</style><p>CONFIRM</p>",
        "<style>@media (prefers-color-scheme:dark){p{color:#fff}}</style><p>CONFIRM</p>",
        "<style>@supports (display:grid){p{display:none}}</style><p>CONFIRM</p>",
        "<style media='(min-width:1px)'>p{display:none}</style><p>CONFIRM</p>",
        "<style>p{display:none}</style><p>CONFIRM</p>",
        "<style>@layer a{p{color:#fff}}</style><p>CONFIRM</p>",
        "<style>@import url(x.css);</style><p>CONFIRM</p>",
        "<link rel=stylesheet href=x.css><p>CONFIRM</p>",
        "<style>p::before{content:'I do not '}</style><p>CONFIRM</p>",
        "<style>p:after{content:'? Never.'}</style><p>CONFIRM</p>",
        "<style>p::first-line{color:#fff}</style><p>CONFIRM</p>",
        "<style>@font-face{font-family:gone;src:url(x.woff)} p{font-family:gone}</style><p>CONFIRM</p>",
        "<style type='text/less'>p{color:black}</style><p>CONFIRM</p>",
        "<style>q{content:'}p{display:none}'}</style><p>CONFIRM</p>",
        "<p popover>CONFIRM</p>",
        "<math><semantics><mi>x</mi><annotation>CONFIRM</annotation></semantics></math>",
        "<p>I do not <button>CONFIRM</button></p>",
        "<noscript>I do not</noscript><p>CONFIRM</p>",
        "<p>CONFIRM</p><textarea>is not what I want</textarea>",
        "<svg><text>I do not</text></svg><p>CONFIRM</p>",
        "<marquee>CONFIRM</marquee>",
        "<bdo dir=rtl>MRIFNOC</bdo><p>CONFIRM</p>",
        "<ruby>CONFIRM<rt>not</rt></ruby>",
        "<details><summary>CONFIRM</summary>I do not</details>",
        "<p style='color:#fff'>I do not</p><p>CONFIRM</p>",
        "<p>CONFIRM</p><div style='position:absolute;top:0;left:0;width:100%;height:90px;background:#fff'></div>",
        "<p>CONFIRM</p><img src=x.png style='margin-top:-60px'>",
        "<!--> I do not <!-- --><p>CONFIRM</p>",
        "<!-- --!> I do not <!-- --><p>CONFIRM</p>",
        "<!--[if mso]><p>I do not</p><![endif]--><p>CONFIRM</p>",
        "<p>CONFIRM</p><plaintext>is not what I want",
        "<p style='font-family:&quot;/*&quot;;color:#fff;x:&quot;*/&quot;'>CONFIRM</p>",
        r"<p style='c\olor:#fff'>CONFIRM</p>",
        "<p>CONFIRM \u202e</p>",
    ],
)
def test_a_page_that_two_programs_may_show_in_two_ways_is_uncertain(page: str) -> None:
    assert _is_uncertain(page + SEEN)


WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta name=Generator content="Microsoft Word 15 (filtered medium)">
<!--[if !mso]><style>v\\:* {behavior:url(#default#VML);} o\\:* {behavior:url(#default#VML);}</style><![endif]-->
<style><!--
/* Font Definitions */
@font-face {font-family:"Cambria Math"; panose-1:2 4 5 3 5 4 6 3 2 4;}
@font-face {font-family:Aptos;}
/* Style Definitions */
p.MsoNormal, li.MsoNormal, div.MsoNormal
 {margin:0cm; font-size:11.0pt; font-family:"Aptos",sans-serif; mso-ligatures:standardcontextual;
  mso-fareast-language:EN-US;}
a:link, span.MsoHyperlink {mso-style-priority:99; color:#467886; text-decoration:underline;}
a:visited, span.MsoHyperlinkFollowed {mso-style-priority:99; color:#96607D; text-decoration:underline;}
p.MsoListParagraph {mso-style-priority:34; margin-top:0cm; margin-right:0cm; margin-left:36.0pt;}
span.EmailStyle17 {mso-style-type:personal-compose; font-family:"Aptos",sans-serif; color:windowtext;}
.MsoChpDefault {mso-style-type:export-only; font-size:10.0pt; mso-ligatures:none;}
@page WordSection1 {size:612.0pt 792.0pt; margin:72.0pt 72.0pt 72.0pt 72.0pt;}
div.WordSection1 {page:WordSection1;}
@list l0 {mso-list-id:1;} @list l0:level1 {mso-level-number-format:bullet; font-family:Symbol;}
ol {margin-bottom:0cm;} ul {margin-bottom:0cm;}
--></style><!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit" spidmax="1026" /></xml><![endif]--></head>
<body lang=EN-GB link="#467886" vlink="#96607D" style='word-wrap:break-word;-webkit-nbsp-mode: space;
line-break:after-white-space'><div class=WordSection1>
<p class=MsoNormal><span style='mso-fareast-language:EN-US'>CONFIRM<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>&middot;<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>The visit is booked.</p>
<p class=MsoNormal><span style='color:#1F497D'>Thanks <span style='font-family:Wingdings'>J</span></span></p>
<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>From:</b> The
mailbox &lt;a@b.example&gt; <br><b>Sent:</b> 9 September 2026 10:00<br><b>To:</b> D<br><b>Subject:</b> x</p></div>
<p class=MsoNormal style='mso-margin-top-alt:auto;background:white'><span style='position:absolute'>Dear D</span></p>
</div></body></html>"""
ORDINARY = {
    "Outlook, from Word": WORD.replace("position:absolute", "font-size:12.0pt;color:black"),
    "the new Outlook and on the web": """<html><head><style type="text/css" style="display:none;"> P {margin-top:0;
margin-bottom:0;} </style></head><body dir="ltr"><div class="elementToProof" style="text-align: left; text-indent: 0px;
background-color: rgb(255, 255, 255); margin: 1em 0px; font-family: Aptos, Aptos_EmbeddedFont, Aptos_MSFontService,
Calibri, Helvetica, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);">CONFIRM</div><div id="Signature"><div
style="font-family: Calibri; color: rgb(255,255,255);">D</div></div><div id="appendonsend"></div>
<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri,
sans-serif" style="font-size:11pt" color="#000000"><b>From:</b> The mailbox &lt;a@b.example&gt;<br><b>Sent:</b>
9 September 2026 10:00<br><b>To:</b> D<br><b>Subject:</b> x</font></div></body></html>""",
    "Outlook on a telephone": """<html><body><div style="color: rgb(33, 33, 33); background-color: rgb(255, 255, 255);"
dir="auto"><span style="font-family: -apple-system, HelveticaNeue; font-size: 14.6667px; display: inline !important;">
CONFIRM</span><br></div><div id="ms-outlook-mobile-signature" dir="auto"><div><br></div>Get <a
href="https://aka.ms/o0ukef">Outlook for iOS</a></div></body></html>""",
    "Gmail": """<div dir="ltr"><div class="gmail_default" style="font-family:arial,sans-serif;color:#222222">CONFIRM
</div><div>The visit is booked.</div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Wed, 9 Sept
2026 at 10:00, M &lt;<a href="mailto:a@b.example">a@b.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote"
style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"><u></u>Dear D</blockquote>
</div>""",
    "pasted in Gmail": """<div dir="ltr"><span style="background-image:initial;background-position:initial;
background-size:initial;background-repeat:initial;background-origin:initial;background-clip:initial;font-variant-numeric:
normal;font-variant-east-asian:normal;font-size:10.5pt;line-height:16.8667px;border:1pt none windowtext;padding:0in">
CONFIRM</span></div>""",
    "Apple Mail": """<html><head></head><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break:
after-white-space;" class="">CONFIRM<div class=""><br class=""></div><div><span
style="caret-color: rgb(0, 0, 0); font-family: Helvetica; font-size: 12px; font-style: normal; font-variant-caps:
normal; font-weight: normal; letter-spacing: normal; text-align: start; text-indent: 0px;
text-transform: none; white-space: normal; word-spacing: 0px; -webkit-text-stroke-width: 0px;
text-decoration: none; float: none; display: inline !important;">The visit is
booked.</span></div><div><br><blockquote type="cite"><div>On 9 Sep 2026, at 10:00, M wrote:</div></blockquote></div>
</body></html>""",
    "an iPhone": """<html><head></head><body dir="auto">CONFIRM<br><div dir="ltr"><span style="-webkit-text-size-adjust:
100%; background-color: rgba(255, 255, 255, 0); caret-color: rgb(0, 0, 0); -webkit-tap-highlight-color: rgba(26, 26, 26,
0.3);">D</span></div><div dir="ltr"><br><blockquote type="cite">On 9 Sep 2026, at 10:00, M wrote:</blockquote></div>
</body></html>""",
    "Thunderbird": """<html><head></head><body text="#000000" bgcolor="#FFFFFF"><p>CONFIRM<br></p><div
class="moz-cite-prefix">On 09/09/2026 10:00, M wrote:<br></div><blockquote type="cite" cite="mid:x@b.example"><pre
class="moz-quote-pre" wrap="">Dear D</pre></blockquote><div class="moz-signature">-- <br>D</div></body></html>""",
    "Samsung": """<html><head></head><body dir="auto"><div dir="auto">CONFIRM</div><div dir="auto"><br></div><div
id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757" dir="auto">Sent from my Galaxy</div></div>
</body></html>""",
    "Yahoo": """<html><head></head><body><div class="ydp1yahoo-style-wrap" style="font-family:Helvetica Neue, Helvetica,
Arial, sans-serif;font-size:16px;"><div dir="ltr" data-setdir="false">CONFIRM</div></div></body></html>""",
    "Proton": """<div style="font-family: Arial, sans-serif; font-size: 14px; color: rgb(0, 0, 0); background-color:
rgb(255, 255, 255);">CONFIRM</div>""",
    "Zimbra": """<html><body><div style="font-family: arial, helvetica, sans-serif; font-size: 12pt; color: #000000">
<div>CONFIRM</div><br><hr id="zwchr" data-marker="__DIVIDER__"></div></body></html>""",
    "GroupWise": """<html><body style="margin: 4px 4px 1px; font: 10pt Tahoma"><div>CONFIRM</div></body></html>""",
    "Notes": """<font size=2 face="sans-serif">CONFIRM</font><br><br><font size=1 color=#5f5f5f
face="sans-serif">From:</font>""",
    "a gateway's warning": """<table border=0 cellspacing=0 cellpadding=0 align=left width="100%"><tr><td
style="background:#ffb900;padding:5.0pt 2.0pt 5.0pt 2.0pt"></td><td width="100%" cellpadding="7px 6px 7px 15px"
style="background:#fff8e5;padding:5.0pt 4.0pt 5.0pt 12.0pt;word-wrap:break-word"><div style="color:#222222;">You don't
often get email from this address.</div></td></tr></table><div><p>CONFIRM</p></div>""",
    "a table of Word's": """<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;
border:none;mso-border-alt:solid windowtext .5pt;mso-yfti-tbllook:1184;mso-padding-alt:0cm 5.4pt 0cm 5.4pt;margin-left:
-5.4pt'><tr style='mso-yfti-irow:0;height:14.6pt'><td width=301 valign=top style='width:225.4pt;border:solid windowtext
1.0pt;mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt 0cm 5.4pt;height:14.6pt'><p class=MsoNormal
style='margin-bottom:0cm;line-height:normal'>CONFIRM</p></td></tr></table>""",
    "a highlighted word": """<p>CONFIRM <span style="background:yellow;mso-highlight:yellow">by Friday</span> <mark>or
sooner</mark> <s>Thursday</s></p>""",
}  # fmt: skip


@pytest.mark.parametrize("program", ORDINARY)
def test_what_mail_programs_write_is_understood(program: str) -> None:
    found = text_of_pieces([Piece("", (ORDINARY[program],))])
    assert "CONFIRM" in found.read
    assert not found.uncertain


def test_what_is_only_quoted_may_look_as_it_likes() -> None:
    page = ORDINARY["Gmail"].replace("<u></u>", "<p style='opacity:.5;font-size:1px'>Offer</p>")
    assert not _is_uncertain(page)
