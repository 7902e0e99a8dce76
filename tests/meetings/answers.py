"""Answers as the calendars of three makers write them: the same few facts in the shape that each gives them."""

import base64
from datetime import UTC
from email.message import EmailMessage

from commonhall.core import ids
from commonhall.meetings.replies import reply_address

OUTLOOK = """BEGIN:VCALENDAR
METHOD:{method}
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:GMT Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT={answer};CN={name}:mailto:{email}
COMMENT;LANGUAGE=en-GB:{comment}\\n
UID:{uid}{extra}
SUMMARY;LANGUAGE=en-GB:{subject}: Meeting
DTSTART;TZID=GMT Standard Time:{local}
DTEND;TZID=GMT Standard Time:{local_end}
CLASS:PRIVATE
PRIORITY:5
DTSTAMP:20261123T100100Z
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:{sequence}
X-MICROSOFT-CDO-APPT-SEQUENCE:{sequence}
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT
END:VCALENDAR
"""
GOOGLE = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:{method}
BEGIN:VEVENT
DTSTART:{utc}
DTEND:{utc_end}
DTSTAMP:20261123T100100Z
ORGANIZER;CN=Commonhall:mailto:{organiser}
UID:{uid}{extra}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={answer};CN={name}
 ;X-NUM-GUESTS=0;X-RESPONSE-COMMENT="{comment}":mailto:{email}
SEQUENCE:{sequence}
STATUS:CONFIRMED
SUMMARY:Meeting
END:VEVENT
END:VCALENDAR
"""
APPLE = """BEGIN:VCALENDAR
CALSCALE:GREGORIAN
METHOD:{method}
PRODID:-//Apple Inc.//macOS 15.1//EN
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;CN="{name}";CUTYPE=INDIVIDUAL;EMAIL="{email}";PARTSTAT={answer};ROLE=REQ-PARTICI
 PANT:mailto:{email}
COMMENT:{comment}
DTEND:{utc_end}
DTSTAMP:20261123T100100Z
DTSTART:{utc}
ORGANIZER;CN="Commonhall";EMAIL="{organiser}":mailto:{organiser}
SEQUENCE:{sequence}
SUMMARY:Meeting
UID:{uid}{extra}
END:VEVENT
END:VCALENDAR
"""
WORDS = {"ACCEPTED": "Accepted", "DECLINED": "Declined", "TENTATIVE": "Tentative"}


def facts(meeting, user, answer, *, comment="", starts_at=None, **more):
    starts_at = starts_at or meeting.starts_at
    length = meeting.ends_at - meeting.starts_at
    local = starts_at.astimezone(UTC)
    return {
        "method": "REPLY" if starts_at == meeting.starts_at else "COUNTER",
        "answer": answer,
        "name": user.name,
        "email": user.email,
        "comment": comment,
        "uid": meeting.uid,
        "subject": WORDS.get(answer, answer),
        "organiser": reply_address(meeting, user),
        "sequence": meeting.sequence,
        "utc": f"{local:%Y%m%dT%H%M%SZ}",
        "utc_end": f"{local + length:%Y%m%dT%H%M%SZ}",
        "local": f"{local:%Y%m%dT%H%M%S}",
        "local_end": f"{local + length:%Y%m%dT%H%M%S}",
        "extra": "",
        **more,
    }


def envelope(said, **headers):
    letter = EmailMessage()
    letter["From"] = f"{said['name']} <{said['email']}>"
    letter["To"] = said["organiser"]
    letter["Subject"] = f"{said['subject']}: Meeting"
    letter["Message-ID"] = f"<{ids.token(12)}@mail.example>"
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    return letter


def written(pattern, said):
    return pattern.format(**said).replace("\n", "\r\n")


def calendar_part(content, method, *, base=False):
    part = EmailMessage()
    part["Content-Type"] = f'text/calendar; charset="utf-8"; method={method}'
    part["Content-Transfer-Encoding"] = "base64" if base else "8bit"
    part.set_payload(base64.encodebytes(content.encode()).decode() if base else content)
    return part


def outlook(meeting, user, answer, **more):
    said = facts(meeting, user, answer, **more)
    headers = {"X-MS-Has-Attach": "", "X-MS-TNEF-Correlator": "", "Accept-Language": "en-GB"}
    letter = envelope(said, Thread_Topic="Meeting", **headers)
    letter.set_content(said["comment"] or "\n")
    letter.make_alternative()
    letter.attach(calendar_part(written(OUTLOOK, said), said["method"], base=True))
    return letter


def google(meeting, user, answer, **more):
    said = facts(meeting, user, answer, **more)
    sender = "Google Calendar <calendar-notification@google.com>"
    letter = envelope(said, Sender=sender, Auto_Submitted="auto-generated", Reply_To=said["email"])
    letter.set_content(f"{said['name']} has answered this invitation.")
    letter.add_alternative("<p>An answer</p>", subtype="html")
    letter.attach(calendar_part(written(GOOGLE, said), said["method"]))
    letter.make_mixed()
    file = written(GOOGLE, said).encode()
    letter.add_attachment(file, maintype="application", subtype="ics", filename="invite.ics")
    return letter


def apple(meeting, user, answer, **more):
    """A telephone sends nothing but the calendar."""
    said = facts(meeting, user, answer, **more)
    letter = envelope(said, X_Mailer="iPhone Mail (23B85)")
    letter["Content-Type"] = f"text/calendar; method={said['method']}; charset=utf-8; name=iCal-20261123-100100.ics"
    letter["Content-Transfer-Encoding"] = "quoted-printable"
    letter.set_payload(written(APPLE, said).replace("=", "=3D"))
    return letter


MAKERS = {"Outlook": outlook, "Google": google, "Apple": apple}
