"""Charts as inline SVG text: pure functions of the numbers they show.

Every chart is readable without colour, carries its numbers in words as title and description, and uses classes of the
style sheet with plain attributes as a fallback, never a style attribute. Text is escaped here; the result is safe markup.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from textwrap import wrap

from fascicle.knowledge.schema import Telling
from fascicle.model import Contribution, Level
from fascicle.report.shares import percent

DENOMINATORS = (100, 1000, 10_000)
_COLUMNS = {100: 20, 1000: 50, 10_000: 125}
_BASE = "base rate"

_PAGE = "M6 3h20a3 3 0 0 1 3 3v20a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z"
_EYE = "M1 16C6 7 11 5 16 5s10 2 15 11c-5 9-10 11-15 11S6 25 1 16z"
_MARKS = {
    Level.EMERGENCY_NOW: ("Emergency", "#a4161a", "M10.5 2h11L30 10.5v11L21.5 30h-11L2 21.5v-11z", "M16 8v10"),
    Level.TODAY: ("Today", "#b14a00", "M16 2.5 30.5 28h-29z", "M16 11v8"),
    Level.WITHIN_DAYS: ("Within days", "#f2bf38", "M16 1.5 30.5 16 16 30.5 1.5 16z", "M16 9v7l5 4"),
    Level.ROUTINE: ("Ordinary appointment", "#1f5091", _PAGE, "M9 12h14M9 18h14M9 24h8M11 6v3M21 6v3"),
    Level.WATCH: ("Watch at home", "#0d6a6a", _EYE, "M16 10.5a5.5 5.5 0 1 1-.01 0z"),
    Level.NORMAL: ("No action needed", "#35683a", "M16 2a14 14 0 1 1-.01 0z", "M9 16.5l5 5 9.5-11"),
}
_DOTTED = {Level.EMERGENCY_NOW: 23, Level.TODAY: 24, Level.WATCH: 16}


def level_mark(level: Level, decorative: bool = False) -> str:
    """Return the mark of an urgency level: a shape, a sign in it and a colour of its own, all three different for each level.

    decorative: hidden from screen readers, for a place where the level stands in words right beside it.
    """
    name, colour, shape, sign = _MARKS[level]
    dark = "#14262c" if level is Level.WITHIN_DAYS else "#ffffff"
    says = 'aria-hidden="true"' if decorative else 'role="img"'
    title = "" if decorative else f"<title>{escape(name)}</title>"
    dot = f'<circle class="mark-dot" cx="16" cy="{_DOTTED[level]}" r="2" fill="{dark}"/>' if level in _DOTTED else ""
    return (
        f'<svg class="mark mark-{level.id}" viewBox="0 0 32 32" width="24" height="24" {says}>{title}'
        f'<path class="mark-shape" d="{shape}" fill="{colour}"/>'
        f'<path class="mark-sign" d="{sign}" fill="none" stroke="{dark}" stroke-width="3" stroke-linecap="round" '
        f'stroke-linejoin="round"/>{dot}</svg>'
    )


def icon_array(share: float, low: float, high: float, of: int = 100) -> str:
    """Return a field of squares, one for each of so many alike cases, the share filled and its range outlined.

    of: the denominator, 100 throughout a page. A share that rounds to none of it is told as “fewer than 1 in 100” above a
    finer field of 1,000 or 10,000, so that rare is seen as rare. Raises ValueError for figures outside 0 and 1.
    """
    _check(share, low, high)
    if of not in DENOMINATORS:
        raise ValueError(f"of is {of}; it must be one of {', '.join(map(str, DENOMINATORS))}")
    field = next((n for n in DENOMINATORS if n >= of and _count(share, n)), DENOMINATORS[-1])
    n, least, most = _count(share, field), _count(low, field), _count(high, field)
    columns = _COLUMNS[field]
    rows, pitch = field // columns, 300 / columns
    side = round(pitch * 0.78, 2)
    words = f"{frequency(share, field)}; it could be {least:,} to {most:,} in {field:,}"
    zoomed = field != of
    top = 30 if zoomed else 0
    tall = round(rows * pitch + top, 1)
    body = [
        _dots(range(max(n, most), field), columns, pitch, round(side * 0.32, 2), top),
        _squares("cell cell-may", range(n, most), columns, pitch, side * 0.82, top, None),
        _squares("cell cell-on", range(least, n), columns, pitch, side, top, "#0b5a66", hole=True),
        _squares("cell cell-sure", range(min(n, least)), columns, pitch, side, top, "#0b5a66"),
    ]
    if zoomed:
        body.insert(0, _text(0, 17, f"Fewer than 1 in {of}, so out of {field:,}:", "chart-words"))
    return _svg(f"icons icons-{field}", 300, tall, words, f"Each square is one of {field:,} alike cases.", body)


def icon_key() -> str:
    """Return the key to the squares, once on a page."""
    rows = [
        ("cell cell-sure", "#0b5a66", False, 1.0, "explained by this"),
        ("cell cell-on", "#0b5a66", True, 1.0, "likely this, but within the doubt"),
        ("cell cell-may", None, False, 0.82, "perhaps this, within the doubt"),
        ("cell cell-none", "#6b7d83", False, 0.32, "something else"),
    ]
    body = []
    for i, (kind, fill, hole, scale, words) in enumerate(rows):
        y = 24 * i
        body.append(_squares(kind, range(1), 1, 24, 17 * scale, y, fill, hole=hole))
        body.append(_text(32, y + 17, words, "chart-words"))
    return _svg("icons icons-key", 300, 96, "Key", "; ".join(words for *_, words in rows), body)


def range_bar(p: float, low: float, high: float, telling: Telling) -> str:
    """Return a line from 0 to 100 % with the range as a band and the estimate as an upright mark."""
    _check(p, low, high)
    left, wide = 8, 304
    at = [round(left + wide * x, 1) for x in (p, low, high)]
    words = f"{percent(p, telling)}, range {percent(low, telling)} to {percent(high, telling)}"
    body = [
        f'<path class="axis" d="M{left} 14h{wide}" stroke="#6b7d83" stroke-width="2"/>',
        f'<rect class="band" x="{at[1]}" y="7" width="{round(max(at[2] - at[1], 2), 1)}" height="14" rx="3" fill="#8fb9bf"/>',
        f'<rect class="point" x="{round(at[0] - 2, 1)}" y="2" width="4" height="24" rx="1" fill="#0b5a66"/>',
        *(
            _text(left + wide * share, 42, words_at, "chart-tick", anchor)
            for share, words_at, anchor in ((0, "0 %", "start"), (0.5, "50 %", "middle"), (1, "100 %", "end"))
        ),
    ]
    return _svg("range-bar", 320, 46, words, "The band is the range, the upright mark the estimate.", body)


def waterfall(steps: Sequence[Contribution], most: int = 8) -> str:
    """Return what each answer did to one cause: bars that start where the one before ended, on a scale of log-odds.

    steps: the contributions of one cause, its base rate first. Answers beyond the `most` strongest are one bar together, so
    that the bars still add up. The scale is marked in cases out of a hundred, which log-odds are not.
    """
    if not steps or steps[0].step != _BASE or len({step.cause for step in steps}) != 1:
        raise ValueError("a waterfall needs the contributions of one cause, its base rate first")
    rows = _rows(steps, most)
    ends = [rows[0][1]]
    for _, change in rows[1:]:
        ends.append(ends[-1] + change)
    scale = _Scale(min(ends), max(ends))
    body, y = [], 24.0
    spoken = []
    for i, ((words, change), end) in enumerate(zip(rows, ends, strict=True)):
        start = scale.low if i == 0 else ends[i - 1]
        lines = wrap(words, 30) or [""]
        body += [_text(0, y + 14 + 16 * k, line, "chart-words") for k, line in enumerate(lines)]
        body.append(_text(320, y + 14, _change(change) if i else "", "chart-change", "end"))
        y += 16 * len(lines) + 6
        body += [
            f'<path class="grid" d="M{scale(_logit(share))} {y - 1}v15" stroke="#d3dad8"/>'
            for share, _ in scale.ticks()
        ]
        body.append(
            _bar(scale(start), scale(end), y, "start" if i == 0 else "for" if change >= 0 else "against", change)
        )
        body.append(f'<path class="link-line" d="M{scale(end)} {y + 13}v10" stroke="#6b7d83"/>')
        spoken.append(f"{words}: {frequency(_share(end), 100 if _share(end) >= 0.005 else 10_000)}")
        y += 20
    y += 8
    body.append(_text(0, y + 14, "All together", "chart-words chart-sum"))
    body.append(
        _text(320, y + 14, frequency(_share(ends[-1]), _fine(_share(ends[-1]))), "chart-words chart-sum", "end")
    )
    y += 30
    grid = [_text(scale(_logit(share)), 14, words, "chart-tick", "middle") for share, words in scale.ticks()]
    return _svg("waterfall", 320, round(y), "What each answer did", ". ".join(spoken) + ".", [*grid, *body])


def frequency(share: float, of: int) -> str:
    """Return the share as “about 23 in 100”, never as none or all of it when it is between."""
    n = _count(share, of)
    if n == 0:
        return f"fewer than 1 in {of:,}"
    return f"more than {of - 1:,} in {of:,}" if share * of > of - 0.5 else f"about {n:,} in {of:,}"


_TICKS = (
    (1e-4, "1 in 10,000"),
    (1e-3, "1 in 1,000"),
    (0.01, "1 in 100"),
    (0.1, "1 in 10"),
    (0.5, "half"),
    (0.9, "9 in 10"),
    (0.99, "99 in 100"),
)


class _Scale:
    """Places log-odds between two ends on the width of a chart."""

    def __init__(self, low: float, high: float) -> None:
        self.low = math.floor(min(low, -2.3) - 0.7)
        self.high = math.ceil(max(high, 0.0) + 0.7)

    def __call__(self, log_odds: float) -> float:
        return round(4 + 312 * (log_odds - self.low) / (self.high - self.low), 1)

    def ticks(self) -> list[tuple[float, str]]:
        room: list[tuple[float, str]] = []
        reach = -10.0
        for share, words in reversed(_TICKS):
            x, half = self(_logit(share)), 3.4 * len(words)
            if x - half < 0 or x + half > 320 or (room and x + half + 6 > reach):
                continue
            room.append((share, words))
            reach = x - half
        return room[::-1]


def _rows(steps: Sequence[Contribution], most: int) -> list[tuple[str, float]]:
    strongest = sorted(steps[1:], key=lambda step: -abs(step.log_odds))[:most]
    kept = {id(step) for step in strongest if abs(step.log_odds) >= 0.05}
    rest = [step for step in steps[1:] if id(step) not in kept]
    if len(rest) == 1 and len(kept) < most:
        kept, rest = {*kept, id(rest[0])}, []
    rows = [("Before any answer", steps[0].log_odds)]
    rows += [(_capital(step.text), step.log_odds) for step in steps[1:] if id(step) in kept]
    if rest:
        words = "1 other answer" if len(rest) == 1 else f"{len(rest)} other answers together"
        rows.append((words, math.fsum(step.log_odds for step in rest)))
    return rows


def _change(log_odds: float) -> str:
    size = abs(log_odds)
    if size < 0.05:
        return "no change"
    much = "far " if size >= 2 else "" if size >= 0.7 else "a little "
    return f"{much}{'more' if log_odds > 0 else 'less'} likely"


def _bar(start: float, end: float, y: float, kind: str, change: float) -> str:
    """A bar from start to end with a pointed head, so that its direction is a shape."""
    head = min(5.0, abs(end - start))
    neck = round(end - math.copysign(head, end - start), 1)
    points = f"M{start} {y}H{neck}L{end} {y + 6.5:g}L{neck} {y + 13:g}H{start}z"
    fill = {"start": "#6b7d83", "for": "#0b5a66", "against": "#ffffff"}[kind]
    return f'<path class="bar bar-{kind}" data-log-odds="{change:.4f}" d="{points}" fill="{fill}" stroke="#0b5a66"/>'


def _squares(
    kind: str, places: range, columns: int, pitch: float, side: float, top: float, fill: str | None, hole: bool = False
) -> str:
    """Squares at these places of the field, as one path; a square is one M, a hole in it one m."""
    if not places:
        return ""
    s, inner = round(side, 1), round(side * 0.36, 1)
    gap, inset = (pitch - side) / 2, (side - inner) / 2
    parts = []
    for place in places:
        x, y = place % columns * pitch + gap, top + place // columns * pitch + gap
        parts.append(f"M{x:.4g} {y:.4g}h{s}v{s}h-{s}z")
        if hole:
            parts.append(f"m{inset:.2g} {inset:.2g}v{inner}h{inner}v-{inner}z")
    paint = f'fill="{fill}"' if fill else 'fill="none" stroke="#0b5a66"'
    return f'<path class="{kind}" {paint} d="{"".join(parts)}"/>'


def _dots(places: range, columns: int, pitch: float, side: float, top: float) -> str:
    """Small squares to the end of the field, as one dashed line a row: ten thousand of them are few bytes."""
    if not places:
        return ""
    parts = []
    for row in range(places.start // columns, places.stop // columns):
        first = max(places.start - row * columns, 0)
        x, y = (first + 0.5) * pitch - side / 2, top + (row + 0.5) * pitch
        parts.append(f"M{x:.5g} {y:.5g}h{(columns - first) * pitch:.5g}")
    return (
        f'<path class="cell-off" fill="none" stroke="#6b7d83" stroke-width="{side:g}" '
        f'stroke-dasharray="{side:g} {pitch - side:.4g}" d="{"".join(parts)}"/>'
    )


def _svg(kind: str, wide: float, tall: float, title: str, describe: str, body: Sequence[str]) -> str:
    return (
        f'<svg class="drawn {kind}" viewBox="0 0 {wide:g} {tall:g}" role="img"><title>{escape(_capital(title))}</title>'
        f"<desc>{escape(describe)}</desc>{''.join(body)}</svg>"
    )


def _text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    if not words:
        return ""
    put = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text class="{kind}" x="{x:g}" y="{y:g}"{put} font-size="13">{escape(words)}</text>'


def _count(share: float, of: int) -> int:
    """How many of so many; all of them only when the share is 1."""
    n = math.floor(share * of + 0.5)
    return of - 1 if n == of and share < 1 else n


def _fine(share: float) -> int:
    return next((n for n in DENOMINATORS if _count(share, n)), DENOMINATORS[-1])


def _check(share: float, low: float, high: float) -> None:
    # The estimate may lie a little outside the interval of the draws, so it is not asked to be between.
    if not (0 <= low <= high <= 1 and 0 <= share <= 1):
        raise ValueError(f"share {share}, low {low}, high {high}: all must be within 0 and 1, and low not above high")


def _share(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
