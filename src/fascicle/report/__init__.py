"""Renderings of an assessment. They format; they do not compute."""
