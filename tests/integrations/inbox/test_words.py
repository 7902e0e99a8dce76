import time
from email.message import EmailMessage

import pytest

from commonhall.integrations.inbox.letters import read
from commonhall.integrations.inbox.markup import as_text
from commonhall.integrations.inbox.words import MOST_READ, above, answer_in

LINE = above("Write your answer above this line")


def answer(text, subtype="plain", **parameters):
    letter = EmailMessage()
    letter["From"] = "priya@lakeside.example"
    letter.set_content(text, subtype=subtype)
    for name, value in parameters.items():
        letter.set_param(name, value)
    return answer_in(read(letter.as_bytes())).text


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("Yes.\n\nOn Mon, 3 Mar 2026 at 10:00, Commonhall <a@b.example>\nwrote:\n\n> Hello\n", "Yes."),
        (f"Yes.\n\nOn Monday Commonhall wrote:\n> {LINE}\n> Hello\n", "Yes."),
        (f"On Mon, 3 Mar 2026 at 10:00, X <a@b.example> wrote:\n\n> {LINE}\n> Hello\n\nYes, below.", "Yes, below."),
        ("Oui.\n\nLe lun. 3 mars 2026 à 10:00, X <a@b.example> a écrit :\n\n> Bonjour\n", "Oui."),
        ("Ja.\n\nAm Mo., 3. März 2026 um 10:00 Uhr schrieb X <a@b.example>:\n\n> Hallo\n", "Ja."),
        ("Fine.\n\n" + "_" * 32 + "\nFrom: X <a@b.example>\nSent: Monday\nTo: Y\nSubject: Z\n\nHello", "Fine."),
        ("Ok\n\nSent from my iPhone\n\n> On 3 Mar 2026, at 10:00, X <a@b.example> wrote:\n> \n> Hi\n", "Ok"),
        ("Yes.\n\nBest regards,\nKwabena\nParking\n-- \nEastmere", "Yes."),
        ("Yes.\n-- \nKwabena\n", "Yes."),
        # what only looks like a quotation or a signature is kept
        ("Hi,\n\nThank you, that helps. Thursday suits.\nBring the plan.", None),
        ("Two things:\n- one\n- two", None),
        ("Sent from my desk was the paper", None),
        ("I read this:\nFrom: now on\nand laughed", None),
        ("Best regards,\nKwabena", None),
        ("> only\n> quoted", ""),
        ("  \n\n", ""),
    ],
)
def test_of_an_answer_the_words_of_its_writer_are_kept(written, own):
    assert answer(written) == (written if own is None else own)


def test_lines_that_flow_are_one_paragraph():
    assert answer("One \ntwo \nthree.\n\nFour.", format="flowed") == "One two three.\n\nFour."


WORD = """<html><head><style>p.MsoNormal {margin:0}</style><!--[if gte mso 9]><xml>x</xml><![endif]--></head>
<body lang=EN-GB><div class=WordSection1><p class=MsoNormal>Thursday<o:p></o:p> suits&nbsp;me.</p>
<ul><li>the map</li><li>the table</li></ul><script>alert(1)</script>
<div id="divRplyFwdMsg"><b>From:</b> Commonhall</div><p>Quoted</p></body></html>"""


@pytest.mark.parametrize(
    ("html", "own"),
    [
        (WORD, "Thursday suits me.\n\n- the map\n- the table"),
        (
            '<div>Yes.<div><br></div></div><div class="gmail_quote">On Monday<blockquote>Hi</blockquote></div>',
            "Yes.",
        ),
        ("Yes.<blockquote type=cite>Can we?</blockquote>Online.", "Yes.\n\nOnline."),
        ("<p>Un<b>closed <i>tags", "Unclosed tags"),
        ("<blockquote>" * 2000 + "x", ""),
    ],
)
def test_of_an_answer_in_html_the_same(html, own):
    assert answer(html, subtype="html") == own


@pytest.mark.parametrize("piece", ["On ", "\n", "\n \n", "_", "> ", "a\n", "Am ", "From: \n", "\n-", "<p>", "&#x"])
def test_a_hostile_letter_takes_no_time(piece):
    text = piece * (3 * MOST_READ // len(piece))
    begun = time.process_time()
    answer(text)
    as_text(text)
    assert time.process_time() - begun < 5
