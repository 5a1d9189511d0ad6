"""Own drawings for the pages: body maps, pictures of movements, icons. All are trusted inline SVG."""

from fascicle.web.art.bodymap import BodyMap, Zone, body_map
from fascicle.web.art.movement import movement, movement_parts, movements, words
from fascicle.web.art.picture import ICONS, icon, portrait, wordmark

__all__ = [
    "ICONS",
    "BodyMap",
    "Zone",
    "body_map",
    "icon",
    "movement",
    "movement_parts",
    "movements",
    "portrait",
    "wordmark",
    "words",
]
