"""Own drawings for the pages: body maps, pictures of movements, icons. All are trusted inline SVG."""

from fascicle.web.art.movement import movement, movement_parts, movements, words

__all__ = ["movement", "movement_parts", "movements", "words"]
