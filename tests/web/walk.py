"""Fills in the pages without a browser: reads a form as a browser would send it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from starlette.testclient import TestClient

Fields = list[tuple[str, str]]
FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}


class _Forms(HTMLParser):
    """Every form of a page: its address and what it would send untouched, and the values its buttons add."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, Fields, list[str]]] = []
        self.named: dict[str, list[str]] = {}
        self._text: str | None = None
        self._words = ""
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect one element."""
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(
                (held.get("action", ""), [], self.named.setdefault(held.get("id", ""), []) if "id" in held else [])
            )
        elif tag == "button" and "form" in held:  # it stands outside the form it belongs to
            self.named.setdefault(held["form"], []).append(held.get("value", ""))
            return
        if not self.forms:
            return
        _, fields, buttons = self.forms[-1]
        name = held.get("name", "")
        ticked = held.get("type") not in ("checkbox", "radio") or "checked" in held
        if tag == "input" and name and ticked:
            fields.append((name, held.get("value", "")))
        elif tag == "textarea" and name:
            self._text, self._words = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in held:
            fields.append((self._select, held.get("value", "")))
        elif tag == "button":
            buttons.append(held.get("value", ""))

    def handle_data(self, data: str) -> None:
        """Collect the words of a text field."""
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        """Close a text field."""
        if tag == "textarea" and self._text and self.forms:
            self.forms[-1][1].append((self._text, self._words))
            self._text = None


def forms(html: str) -> list[tuple[str, Fields, list[str]]]:
    """Every form of a page: address, fields as they stand, values of its buttons."""
    parser = _Forms()
    parser.feed(html)
    return parser.forms


def form_with(html: str, go: str) -> tuple[str, Fields]:
    """The form that has this button."""
    return next((action, fields) for action, fields, buttons in forms(html) if go in buttons)


def press(client: TestClient, html: str, go: str, add: Iterable[tuple[str, str]] = (), drop: Iterable[str] = ()) -> Any:
    """Send the form with this button, some fields added and others dropped."""
    action, fields = form_with(html, go)
    kept = [(name, value) for name, value in fields if name not in set(drop)]
    return client.post(action, content=urlencode([*kept, *add, ("go", go)]), headers=FORM)


def at(html: str) -> str:
    """The name of the page."""
    found = re.search(r'name="at" value="(\w+)"', html)
    return found[1] if found else ""


def items(html: str) -> list[str]:
    """The findings a question asks for."""
    return re.findall(r'name="item" value="(\w+)"', html)


def answered(client: TestClient, html: str, yes: Iterable[str] = ()) -> Any:
    """Answer one question: these findings are so, the rest is not."""
    so = [item for item in items(html) if item in set(yes)]
    if 'id="answer-present"' in html:
        return press(client, html, "next", [("answer", "present" if so else "absent")])
    if 'id="none"' in html:
        return press(client, html, "next", [("f", item) for item in so] or [("none", "1")], ["f", "none"])
    return press(client, html, "next", [("f", so[0] if so else items(html)[0])])


def to_movement(client: TestClient, danger: Iterable[str] = ()) -> str:
    """From the first page to the movement, with nothing told but these urgent signs."""
    html = client.get("/dog").text
    ticks = [("f", finding) for finding in danger] or [("none", "1")]
    html = press(client, html, "next", ticks).text
    if at(html) == "alarm":
        html = press(client, html, "more").text
    html = press(client, html, "skip").text
    return str(press(client, html, "next").text)


def to_questions(client: TestClient, kind: str = "flinch_pain_on_back_touch", family: str = "skin_and_touch") -> str:
    """From the first page to the first question of the interview."""
    html = press(client, to_movement(client), "next", [("family", family)]).text
    return str(press(client, html, "next", [("f", kind)]).text)


def to_check(client: TestClient, yes: Iterable[str] = ()) -> str:
    """From the first page to where the answers are checked."""
    html = to_questions(client)
    while at(html) == "question":
        html = answered(client, html, yes).text
    return html
