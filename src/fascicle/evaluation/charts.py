"""Charts by hand as SVG, readable in print and on a dark page: no colour carries a meaning by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from fascicle.evaluation.calibration import Bin

_SIZE, _PAD = 360, 48
_STYLE = (
    "<style>svg{background:#fff}text{font:12px sans-serif;fill:#222}path,line,circle,rect{stroke:#222;fill:none}"
    ".grid{stroke:#bbb;stroke-dasharray:2 3}.chance{stroke-dasharray:2 3}.dot{fill:#222}.bar{fill:#ddd}"
    ".small{font-size:10px}</style>"
)
_DASHES = ("", "6 3", "2 3", "9 3 2 3", "1 4")


def reliability(bins: Sequence[Bin], title: str) -> str:
    """Stated probability against how often it came true, a bar for each Wilson interval and the diagonal of a perfect one."""
    parts = [f'<path class="grid" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>']
    for one in bins:
        low, high = one.came_true.interval
        x = _x(one.mean)
        parts.append(f'<line x1="{x}" x2="{x}" y1="{_y(low)}" y2="{_y(high)}"/>')
        parts.append(f'<circle class="dot" cx="{x}" cy="{_y(one.came_true.share)}" r="4"/>')
        parts.append(f'<text x="{x + 6:.1f}" y="{_y(one.came_true.share) - 6:.1f}">{one.came_true.of}</text>')
    parts += [f'<text x="{_x(tick / 4) - 12}" y="{_SIZE - _PAD + 18}">{25 * tick} %</text>' for tick in range(5)]
    return _frame(parts, title, "stated", "came true (number of cases beside each point)")


def curves(lines: Mapping[str, Sequence[float]], title: str, across: str) -> str:
    """Shares from 0 to 1 against a count, one dash pattern a line, named at its end."""
    longest = max((len(values) for values in lines.values()), default=1)
    parts = []
    for i, (name, values) in enumerate(lines.items()):
        points = " ".join(f"{_x(n / max(longest - 1, 1))},{_y(v)}" for n, v in enumerate(values))
        dash = f' stroke-dasharray="{_DASHES[i % len(_DASHES)]}"' if _DASHES[i % len(_DASHES)] else ""
        parts.append(f'<path d="M{points.replace(" ", "L")}"{dash}/>')
        parts.append(f'<text x="{_SIZE - _PAD - 160}" y="{_SIZE - _PAD - 8 - 14 * i}">{escape(name)}</text>')
        y = _SIZE - _PAD - 12 - 14 * i
        parts.append(f'<line x1="{_SIZE - _PAD - 44}" x2="{_SIZE - _PAD - 4}" y1="{y}" y2="{y}"{dash}/>')
    return _frame(parts, title, f"{across} (0 to {longest - 1})", "share of cases")


def ranks(counts: Sequence[int], title: str) -> str:
    """A bar for each of equally wide bins of ranks; the dotted lines are the mean, and where 99 of 100 bars lie by chance."""
    cases, bins = sum(counts), len(counts)
    mean = cases / bins
    reach = 2.576 * (mean * (1 - 1 / bins)) ** 0.5
    top = 1.25 * max(*counts, mean + reach, 1)
    parts = []
    for i, count in enumerate(counts):
        x, y, wide = _x(i / bins), _y(count / top), (_SIZE - 2 * _PAD) / bins - 2
        parts.append(f'<rect class="bar" x="{x + 1:.1f}" y="{y}" width="{wide:.1f}" height="{_SIZE - _PAD - y:.1f}"/>')
        parts.append(f'<text class="small" x="{x + 3:.1f}" y="{y - 4:.1f}">{count}</text>')
    for level in (mean - reach, mean, mean + reach):
        y = _y(max(level, 0.0) / top)
        parts.append(f'<line class="chance" x1="{_x(0)}" x2="{_x(1)}" y1="{y}" y2="{y}"/>')
    parts.append(f'<text x="{_x(0)}" y="{_SIZE - _PAD + 16}">below all draws</text>')
    parts.append(f'<text x="{_x(1) - 78}" y="{_SIZE - _PAD + 16}">above all draws</text>')
    return _drawn(
        parts,
        title,
        "share of the weighted draws below the truth",
        "cases in each bin; dotted: mean and 99 % by chance",
    )


def _frame(parts: Sequence[str], title: str, across: str, up: str) -> str:
    grid = [
        f'<line class="grid" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(tick / 4)}" y2="{_y(tick / 4)}"/>'
        f'<text x="6" y="{_y(tick / 4) + 4}">{25 * tick} %</text>'
        for tick in range(5)
    ]
    return _drawn([*grid, *parts], title, across, up)


def _drawn(parts: Sequence[str], title: str, across: str, up: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE} {_SIZE}" role="img" aria-label="{escape(title)}">'
        f"{_STYLE}<title>{escape(title)}</title>"
        f'<text x="{_PAD}" y="18">{escape(title)}</text><text x="{_PAD}" y="34">{escape(up)}</text>'
        f"{''.join(parts)}"
        f'<text x="{_PAD}" y="{_SIZE - 14}">{escape(across)}</text></svg>\n'
    )


def _x(share: float) -> float:
    return round(_PAD + share * (_SIZE - 2 * _PAD), 1)


def _y(share: float) -> float:
    return round(_SIZE - _PAD - share * (_SIZE - 2 * _PAD), 1)
