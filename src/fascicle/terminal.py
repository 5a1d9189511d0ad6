"""The interview in a terminal: numbered answers, “not sure” everywhere, back, why, and the urgency at once."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from fascicle import output, scope, triage
from fascicle.case_saving import Saved
from fascicle.evidence import gather
from fascicle.interview import answered
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.properties import kind_group
from fascicle.model import Assessment, Case, Level, Question
from fascicle.pipeline import assess
from fascicle.report import plain, text

KEYS = "numbers of what is so (such as 1 3), n none of these, s not sure, ? why, b back, q finish"
ONE_KEYS = "the number of what fits best, s not sure, ? why, b back, q finish"
AGE_KEYS = "a number of years, s not told, q finish"
YES_NO_KEYS = "1 yes, 2 no, 3 not sure, ? why, b back, q finish"
UNSURE = {KEYS: ("s",), ONE_KEYS: ("s",), YES_NO_KEYS: ("s", "3")}
NONE = {KEYS: ("n", "none", "0"), ONE_KEYS: (), YES_NO_KEYS: ("n", "no", "2")}
MORE_EXACTLY = "More exactly: tick every line that fits."
ALL_ASKED = "No further question would change much."
ALL_SAFETY_ASKED = "Those were the questions about danger signs."
"""Where nothing could be weighed, nobody knows what a further question would change."""

Ask = Callable[[str], str]


class _Back(Exception):
    """The person wants the question before this one again."""


class _Finish(Exception):
    """The person wants the answer now."""


@dataclass(frozen=True)
class Answered:
    """Where the interview stands: what was told, and which questions were put."""

    case: Case
    put: tuple[str, ...] = ()
    shown: Level = Level.NORMAL


def interview(knowledge: Knowledge, *, as_json: bool = False, save: Path | None = None, ask: Ask | None = None) -> None:
    """Ask until no question is worth asking, then print the assessment.

    With as_json everything but the JSON goes to stderr. save: a case file that holds the answers from the first one on,
    however the interview ends.
    """
    saved = None if save is None else Saved(save)
    if saved is not None:
        saved.try_out()
    say = _Say(err=as_json)
    ask = ask or _prompt(err=as_json)
    say.welcome(knowledge)
    history = [Answered(Case(species=knowledge.species))]
    try:
        history = [Answered(_aged(history[0].case, knowledge, ask, say.line))]
        while True:
            state = history[-1]
            if saved is not None:
                saved.keep(state.case, told=_told(state))
            result = assess(state.case, knowledge, skip=state.put)
            try:
                state = history[-1] = say.urgency(result, state, knowledge, ask)
                question = scope.worth_asking(result)
                if question is None:
                    say.line(ALL_ASKED if result.urgency.probabilistic is not None else ALL_SAFETY_ASKED)
                    break
                case = put(question, state.case, knowledge, ask, say.line, number=len(history))
            except _Back:
                if len(history) > 1:
                    history.pop()
                else:
                    say.line("This is the first question.")
                continue
            if question.group == kind_group(knowledge) and case is state.case:  # not sure
                case = replace(case, unclear=True)
            history.append(Answered(case, (*state.put, question.id), state.shown))
    except _Finish:
        pass
    except (EOFError, KeyboardInterrupt, click.Abort):
        say.line("\nStopped. Nothing is lost: this is the answer to what you told so far.")
    kept = saved is not None and saved.finish(history[-1].case, say.line, told=_told(history[-1]))
    result = assess(history[-1].case, knowledge, skip=history[-1].put)
    say.line("")
    if as_json:
        output.print_json(plain.assessment(result, knowledge))
    else:
        click.echo(text.assessment(result, knowledge), nl=False)
    if kept:
        say.line(f"Your answers are in {save}; see them again with: fascicle assess {save}")


def _told(state: Answered) -> bool:
    """Whether anything at all was answered, be it with none or not sure."""
    return bool(state.put) or state.case.age_years is not None


def _aged(case: Case, knowledge: Knowledge, ask: Ask, say: Callable[[str], None]) -> Case:
    """The case with the age, asked first where the pages do not hold for everyone. Raises _Finish."""
    if not knowledge.profile.stops:
        return case
    limit = knowledge.profile.limits.age_years
    while True:
        reply = ask(f"\nHow old, in years?\n   ({AGE_KEYS})\n   > ").strip().lower()
        if reply == "q":
            raise _Finish
        if reply in ("", "s"):
            return case
        try:
            age = float(reply.replace(",", "."))
        except ValueError:
            age = limit.low - 1
        if limit.low <= age <= limit.high:
            return replace(case, age_years=age)
        say(text.paragraph(f"Give a number from {limit.low:g} to {limit.high:g}, or s.", indent=3))


def put(
    question: Question, case: Case, knowledge: Knowledge, ask: Ask, say: Callable[[str], None], *, number: int
) -> Case:
    """Put one question until it is answered; return the case with the answer. Raises _Back or _Finish.

    With families it is put in two steps, and back leads from the second to the first; of an overview the second step is one list
    for each family opened.
    """
    title = f"{number}. {question.text}"
    while question.families:
        opened = _families(question, title, knowledge, ask, say)
        if not opened:
            return case if opened is None else answered(case, question, (), knowledge)
        try:
            found = _opened(question, title.split(" ")[0], opened, knowledge, ask, say)
        except _Back:
            continue
        return case if found is None else answered(case, question, found, knowledge)
    ticked = _items(question, title, knowledge, ask, say)
    return case if ticked is None else answered(case, question, ticked, knowledge)


def _opened(
    question: Question, number: str, opened: Sequence[str], knowledge: Knowledge, ask: Ask, say: Callable[[str], None]
) -> list[str] | None:
    """The items ticked in the families opened: options of a group in one list, other findings family by family."""
    if question.group is not None:
        return _items(question.within(opened), MORE_EXACTLY, knowledge, ask, say)
    found = []
    for family in (f for f in question.families if f.id in opened):
        title = f"{number} {family.text}: tick what is so."
        found += _items(question.within([family.id]), title, knowledge, ask, say) or []
    return found


def _families(
    question: Question, title: str, knowledge: Knowledge, ask: Ask, say: Callable[[str], None]
) -> list[str] | None:
    """The families ticked, [] for none of them, None for not sure; `?` names what is in each."""
    say("")
    say(text.paragraph(title))
    for i, family in enumerate(question.families, start=1):
        say(text.item(i, family.text))
    held = [f"{f.text}: {'; '.join(knowledge.findings[i].name for i in f.findings)}" for f in question.families]
    numbers = _reply(KEYS, len(question.families), [f"Why: {question.why}", *held], ask, say)
    return None if numbers is None else [question.families[i - 1].id for i in numbers]


def _items(
    question: Question, title: str, knowledge: Knowledge, ask: Ask, say: Callable[[str], None]
) -> list[str] | None:
    """The items ticked, [] for none of them, None for not sure. A single item that is no option is a yes or no."""
    keys = KEYS if question.group is None or knowledge.groups[question.group].several else ONE_KEYS
    findings = [knowledge.findings[identity] for identity in question.findings]
    helps = [f"{finding.name}: {finding.help}" for finding in findings]
    say("")
    if question.group is None and len(findings) == 1:
        keys, helps = YES_NO_KEYS, []
        say(text.paragraph(f"{title.split(' ')[0]} {findings[0].ask[knowledge.species]}"))
        say(text.paragraph(findings[0].help, indent=3))
    else:
        say(text.paragraph(title))
        for i, finding in enumerate(findings, start=1):
            # the options of a group in their full words, others by name
            say(text.item(i, finding.name if question.group is None else finding.ask[knowledge.species]))
    numbers = _reply(keys, len(findings), [f"Why: {question.why}", *helps], ask, say)
    return None if numbers is None else [question.findings[i - 1] for i in numbers]


def _reply(keys: str, most: int, reasons: Sequence[str], ask: Ask, say: Callable[[str], None]) -> list[int] | None:
    """The numbers somebody gives, [] for none of these, None for not sure. Raises _Back or _Finish."""
    while True:
        reply = ask(f"   ({keys})\n   > ").strip().lower()
        if reply == "b":
            raise _Back
        if reply == "q":
            raise _Finish
        if reply == "?":
            for reason in reasons:
                say(text.paragraph(reason, indent=3))
            continue
        if reply in UNSURE[keys]:
            return None
        if reply in NONE[keys]:
            return []
        chosen = [1] if reply in ("y", "yes") and keys == YES_NO_KEYS else _numbers(reply, most)
        if chosen is not None and (keys != ONE_KEYS or len(chosen) == 1):
            return chosen
        say(text.paragraph(f"That was not understood. Please give {keys}.", indent=3))


def _numbers(reply: str, most: int) -> list[int] | None:
    """The numbers in a reply such as “1 3” or “1,3”, None when it is anything else."""
    known = {str(number): number for number in range(1, most + 1)}  # looked up: Python refuses to count endless digits
    parts = [part.lstrip("0") for part in reply.replace(",", " ").split()]
    return sorted({known[part] for part in parts}) if parts and known.keys() >= set(parts) else None


def take_any_bytes() -> None:
    """Let a byte that is no text be read as a sign nobody asked for, so that the question is put again."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        with contextlib.suppress(io.UnsupportedOperation):  # something was read before
            sys.stdin.reconfigure(errors="replace")


def _prompt(*, err: bool) -> Ask:
    """Ask on the terminal; the end of input raises EOFError."""
    take_any_bytes()

    def ask(words: str) -> str:
        click.echo(words, nl=False, err=err)
        return input()

    return ask


@dataclass(frozen=True)
class _Say:
    """Where the words go."""

    err: bool

    def line(self, words: str) -> None:
        """One line or paragraph."""
        click.echo(words, err=self.err)

    def welcome(self, knowledge: Knowledge) -> None:
        """What this is, in three lines."""
        self.line(
            text.paragraph(
                f"A few questions about {knowledge.profile.yours}, the most important first. Nothing leaves this "
                f"computer. {knowledge.wording.first_aid}"
            )
        )

    def urgency(self, result: Assessment, state: Answered, knowledge: Knowledge, ask: Ask) -> Answered:
        """Show a red flag the moment it is met; at an emergency offer to stop asking."""
        flags = triage.red_flags(gather(state.case, knowledge), knowledge)
        level = max((flag.level for flag in flags), default=Level.NORMAL)
        if level <= state.shown:
            return state
        acts = {rule.id: rule.act for rule in knowledge.red_flags}
        self.line("")
        self.line("!  " + text.red_flag(flags[0], acts[flags[0].id], knowledge).replace("\n", "\n   "))
        if level == Level.EMERGENCY_NOW:
            self.line("")
            keys = "1 stop here and show what to do, 2 go on to prepare the call, b back"
            while (reply := ask(f"   {keys} [1] > ").strip().lower()) not in ("", "1", "2", "b", "q"):
                self.line("   That is not understood.")
            if reply == "b":
                raise _Back
            if reply != "2":
                raise _Finish
        return replace(state, shown=level)
