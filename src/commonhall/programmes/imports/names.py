"""Names of people as they are compared: nicknames stand for the names they are short for."""

_SHORT = (
    "robert bob rob bobby | william bill will billy | richard dick rick | elizabeth liz beth betty lizzie | "
    "katherine kate kathy | catherine cathy kate | margaret maggie peggy meg | anthony tony | john jack | "
    "edward ted ed eddie | henry harry | susan sue | james jim jimmy jamie | michael mike mick | "
    "stephen steve | steven steve | david dave | thomas tom | joseph joe | andrew andy drew | "
    "alexander alex sandy | christopher chris kit | patricia pat trish | deborah debbie | "
    "jennifer jen jenny | rebecca becky bex | charles charlie chuck | francis frank | lawrence larry | "
    "terence terry | gerald gerry | jacqueline jackie | theresa tess terry | victoria vicky tori | "
    "alexandra alex sandra | abigail abby | mohammed mo | muhammad mo | nicholas nick | natasha tash | "
    "isabella bella | eleanor nell ellie | helena nell | dorothy dot | frederick fred | geoffrey geoff | "
    "leonard len | peter pete"
)
_LONG_OF: dict[str, set[str]] = {}
for _group in _SHORT.split("|"):
    _long, *_shorts = _group.split()
    for _short in _shorts:
        _LONG_OF.setdefault(_short, set()).add(_long)


def alike(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """One full name, or one surname after a first name and its short form; words as of `conflicts.name_words`."""
    if a == b:
        return True
    if len(a) < 2 or len(b) < 2 or a[1:] != b[1:]:
        return False
    short, long = sorted((a[0], b[0]), key=len)
    if len(short) >= 3 and long.startswith(short):
        return True
    return bool((_LONG_OF.get(short, set()) | {short}) & (_LONG_OF.get(long, set()) | {long}))
