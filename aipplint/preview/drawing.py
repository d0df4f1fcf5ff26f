"""The geometry as an SVG drawing: the source with its crop, and the output with its padding, with sizes."""

from __future__ import annotations

from aipplint.hardware.size import Size
from aipplint.preview.parameters import Parameters

_ROOM, _TEXT = 400.0, 14


def svg(parameters: Parameters) -> str:
    """Return the drawing."""
    window = parameters.window
    scale = _ROOM / max(*window.source, *window.output)
    right = window.source.width * scale + 60
    shapes = [
        _box(0, 0, window.source, scale, "#dde6f0", f"source {window.source}"),
        _box(
            window.start.height * scale,
            window.start.width * scale,
            window.crop,
            scale,
            "#f4b8b0",
            f"crop {window.crop}",
        ),
        _label(window.start.height * scale, window.start.width * scale, f"from {window.start}", 2),
        _box(0, right, window.output, scale, "#d8d8d8", f"output {window.output}"),
        _box(window.before.height * scale, right + window.before.width * scale, window.crop, scale, "#f4b8b0", "image"),
        _label(window.before.height * scale, right + window.before.width * scale, f"at {window.before}", 2),
    ]
    width = right + window.output.width * scale + 80
    height = max(window.source.height, window.output.height) * scale + 40
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -25 {width:.0f} {height:.0f}" '
        f'font-family="sans-serif" font-size="{_TEXT}">\n' + "".join(f"  {shape}\n" for shape in shapes) + "</svg>\n"
    )


def _box(top: float, left: float, size: Size, scale: float, colour: str, text: str) -> str:
    box = (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{size.width * scale:.1f}" height="{size.height * scale:.1f}" '
        f'fill="{colour}" stroke="black"/>'
    )
    return box + _label(top, left, text, 1)


def _label(top: float, left: float, text: str, line: int) -> str:
    return f'<text x="{left + 4:.1f}" y="{top + line * (_TEXT + 2):.1f}">{text}</text>'
