"""A small list of participants, and what is sound and wrong in it."""

HEADINGS = "Role,Name,E-mail,Organisation,Job title,Service area,Level,Wants,Offers,Capacity,Languages,Days,Not with"
ROWS = [
    "Mentee,Zoë Müller,zoe.muller@harbour.example,Harbour Borough Council,Planner,Planning policy,3,To chair,,,English"
    ",Monday,",
    "Mentor,Adam Bell,adam.bell@harbour.example,Harbour Borough Council,Head of Parking,Parking,6,,Tariffs,2"
    ',English; Welsh,"Monday, Friday",Nobody from Hilltop District Council',
    "Mentee,Mo Khan,mo.khan@hilltop.example,Hilltop District Council,Officer,Housing,2,To lead,,,English,Tuesday,",
]


def sheet(*rows, headings=HEADINGS):
    return "\n".join([headings, *rows]).encode()


WRONG = "Mentee,Nobody,not-an-address,Atlantis,,,99,,,,,,"
