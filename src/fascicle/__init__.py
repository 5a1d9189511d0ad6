"""fascicle: how soon to act on a twitch, what explains it, and how likely that is."""

__version__ = "0.1.0"
