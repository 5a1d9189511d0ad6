"""The interview in a terminal: numbered answers, “not sure” everywhere, back, why, and the urgency at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import click

from fascicle import triage
from fascicle.errors import CaseError, shown
from fascicle.evidence import gather
from fascicle.interview import answered
from fascicle.knowledge.base import Knowledge
from fascicle.model import Assessment, Case, Level, Question
from fascicle.pipeline import assess
from fascicle.report import plain, text

KEYS = "numbers of what is so (such as 1 3), n none of these, s not sure, ? why, b back, q finish"
ONE_KEYS = "the number of what fits best, s not sure, ? why, b back, q finish"
YES_NO_KEYS = "1 yes, 2 no, 3 not sure, ? why, b back, q finish"

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

    With as_json everything but the JSON goes to stderr. save: a case file to write, also when interrupted.
    """
    if save is not None:
        _try_out(save)
    say = _Say(err=as_json)
    ask = ask or _prompt(err=as_json)
    say.welcome(knowledge)
    history = [Answered(Case(species=knowledge.species))]
    try:
        while True:
            state = history[-1]
            result = assess(state.case, knowledge, skip=state.put)
            state = say.urgency(result, state, knowledge, ask)
            history[-1] = state
            question = result.next_question
            if question is None:
                say.line("No further question would change much.")
                break
            try:
                case = put(question, state.case, knowledge, ask, say.line, number=len(history))
            except _Back:
                if len(history) > 1:
                    history.pop()
                else:
                    say.line("This is the first question.")
                continue
            history.append(Answered(case, (*state.put, question.id), state.shown))
    except _Finish:
        pass
    except (EOFError, KeyboardInterrupt, click.Abort):
        say.line("\nStopped. Nothing is lost: this is the answer to what you told so far.")
    kept = save is not None and _keep(save, case_file(history[-1].case), say.line)
    result = assess(history[-1].case, knowledge, skip=history[-1].put)
    say.line("")
    if as_json:
        click.echo(json.dumps(plain.assessment(result, knowledge), indent=2, ensure_ascii=False))
    else:
        click.echo(text.assessment(result, knowledge), nl=False)
    if kept:
        say.line(f"Your answers are in {save}; see them again with: fascicle assess {save}")


def _try_out(file: Path) -> None:
    """Refuse a file that cannot be written before the first question, without touching what it holds."""
    try:
        file.open("a", encoding="utf-8").close()
    except OSError as error:
        raise CaseError(
            f"--save {shown(str(file))}: cannot be written ({error.strerror}). Give another file."
        ) from None


def _keep(file: Path, told: str, say: Callable[[str], None]) -> bool:
    """Write the answers; if that fails after all, print them instead."""
    try:
        file.write_text(told, encoding="utf-8")
    except OSError as error:
        say(f"{file} could not be written ({error.strerror}). Your answers, to copy:\n\n{told}")
        return False
    return True


def put(
    question: Question, case: Case, knowledge: Knowledge, ask: Ask, say: Callable[[str], None], *, number: int
) -> Case:
    """Put one question until it is answered; return the case with the answer. Raises _Back or _Finish."""
    several = question.group is None or knowledge.groups[question.group].several
    yes_no = question.group is None and len(question.findings) == 1
    say("")
    if yes_no:
        finding = knowledge.findings[question.findings[0]]
        say(text.paragraph(f"{number}. {finding.ask[knowledge.species]}"))
        say(text.paragraph(finding.help, indent=3))
    else:
        say(text.paragraph(f"{number}. {question.text}"))
        for i, identity in enumerate(question.findings, start=1):
            say(text.item(i, _words(identity, question, knowledge)))
    keys = YES_NO_KEYS if yes_no else KEYS if several else ONE_KEYS
    while True:
        reply = ask(f"   ({keys})\n   > ").strip().lower()
        if reply == "b":
            raise _Back
        if reply == "q":
            raise _Finish
        if reply == "?":
            say(text.paragraph(f"Why: {question.why}", indent=3))
            if not yes_no:
                for identity in question.findings:
                    finding = knowledge.findings[identity]
                    say(text.paragraph(f"{finding.name}: {finding.help}", indent=3))
            continue
        if reply in ("s", "3" if yes_no else "s"):
            return case
        if yes_no and reply in ("1", "y", "yes", "2", "n", "no"):
            return answered(case, question, question.findings if reply in ("1", "y", "yes") else (), knowledge)
        if several and not yes_no and reply in ("n", "none", "0"):
            return answered(case, question, (), knowledge)
        chosen = _numbers(reply, len(question.findings))
        if chosen is None or (not several and len(chosen) != 1):
            say(text.paragraph(f"That was not understood. Please give {keys}.", indent=3))
            continue
        return answered(case, question, [question.findings[i - 1] for i in chosen], knowledge)


def _words(identity: str, question: Question, knowledge: Knowledge) -> str:
    """How an item reads in a list: the options of a group in their full words, others by name."""
    finding = knowledge.findings[identity]
    return finding.ask[knowledge.species] if question.group is not None else finding.name


def _numbers(reply: str, most: int) -> list[int] | None:
    """The numbers in a reply such as “1 3” or “1,3”, None when it is anything else."""
    parts = reply.replace(",", " ").split()
    if not parts or not all(part.isascii() and part.isdigit() and 1 <= int(part) <= most for part in parts):
        return None
    return sorted({int(part) for part in parts})


def _prompt(*, err: bool) -> Ask:
    """Ask on the terminal; the end of input raises EOFError."""

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
                f"computer. If {knowledge.profile.yours} is fitting, has collapsed, cannot breathe or may have eaten "
                f"poison, ring a {knowledge.profile.expert} now and answer later."
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
            reply = ask("   1 stop here and show what to do, 2 go on to prepare the call [1] > ").strip()
            if reply != "2":
                raise _Finish
        return replace(state, shown=level)


def case_file(case: Case) -> str:
    """The case as YAML that `fascicle assess` reads."""
    lines = [f"species: {case.species}"]
    for name in ("present", "absent"):
        values = list(getattr(case, name))
        if values:
            lines.append(f"{name}: [{', '.join(values)}]")
    if case.choices:
        lines.append("choices: {" + ", ".join(f"{g}: {o}" for g, o in case.choices.items()) + "}")
    return "\n".join(lines) + "\n"
