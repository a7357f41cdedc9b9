"""The page about the command line, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import typer

from callboard.cli import app
from callboard.reference.markdown import code, sentence, table


def commands(command: Any = None, name: str = "callboard") -> Iterator[tuple[str, Any]]:
    """Every command with its name, groups before their own."""
    found: Any = typer.main.get_command(app) if command is None else command
    yield name, found
    for inner, child in getattr(found, "commands", {}).items():
        yield from commands(child, f"{name} {inner}")


def options_of(name: str) -> dict[str, str]:
    """The options of a command by parameter name."""
    command = dict(commands())[f"callboard {name}"]
    return {p.name: p.opts[0] for p in command.params if p.opts and p.opts[0].startswith("--")}


def _is_argument(parameter: Any) -> bool:
    return str(parameter.param_type_name) == "argument"


WORDS: Final = {"int": "integer", "str": "text", "Path": "path"}


def _kind(parameter: Any) -> str:
    if getattr(parameter, "is_flag", False):
        return "switch"
    inner = str(parameter.bare_type()).removeprefix("list[").removesuffix("]")
    bounds = f", {parameter.min} or more" if getattr(parameter, "min", None) is not None else ""
    return WORDS.get(inner, inner) + bounds + (", any number" if parameter.nargs == -1 or parameter.multiple else "")


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    if parameter.default in (None, "", False, ()):
        return ""
    return "on" if parameter.default is True else code(parameter.default)


def _rows(command: Any) -> Iterator[tuple[str, str, str, str]]:
    for parameter in command.params:
        names = [parameter.name.upper()] if _is_argument(parameter) else [*parameter.opts, *parameter.secondary_opts]
        yield ", ".join(map(code, names)), _kind(parameter), _default(parameter), sentence(parameter.help or "")


def _usage(name: str, command: Any) -> str:
    if hasattr(command, "commands"):
        return f"{name} COMMAND"
    arguments = [f"[{p.name.upper()}]" if not p.required else p.name.upper() for p in command.params if _is_argument(p)]
    needed = [f"{p.opts[0]} {p.name.upper()}" for p in command.params if not _is_argument(p) and p.required]
    return " ".join([name, *needed, *(["[OPTIONS]"] if command.params else []), *arguments])


def _section(name: str, command: Any) -> str:
    listed = table(("Parameter", "Type", "Default", "Meaning"), list(_rows(command)))
    inner = "".join(f"- {code(f'{name} {n}')}: {sentence((c.help or '').splitlines()[0])}\n" for n, c in _children(command))
    return "\n".join(
        filter(None, (f"## {name}\n", sentence(command.help or "") + "\n", f"`{_usage(name, command)}`\n", listed, inner))
    )


def _children(command: Any) -> list[tuple[str, Any]]:
    return list(getattr(command, "commands", {}).items())


def cli_page() -> str:
    """Every command, its arguments and options."""
    return (
        "# Commands\n\nExit codes: 0 done, 1 something was wrong (said on standard error), 2 the command's words were wrong, 3 a "
        "check failed. Commands that need facts ask a running server through the socket in its data folder, and open the folder "
        "themselves when there is none.\n\n" + "\n".join(_section(name, command) for name, command in commands())
    )
