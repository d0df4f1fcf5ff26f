"""Listing the files of a repository with git, without executing anything that the repository configures.

A repository brings its own settings (``.git/config``), and with them could have git start programs, fetch objects that
it says are elsewhere, or wait for a pipe that nobody writes to. That is why git refuses repositories of other users
("dubious ownership", usual in containers). Here every repository is taken to be hostile, whoever owns it, and so git
may be asked about those as well.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

_OPTIONS = (
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "safe.bareRepository=explicit",
    "-c",
    "core.quotePath=false",
)
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # An object that is missing stays missing. Releases of git that do not know the first one obey the second, which
    # no setting of a repository can widen.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
}
_PATIENCE = 60.0
"""Seconds after which git is not waited for any more."""
_ODD = rb"\.\.|(?:\A|\0)[/\\\0]|:"
"""What stands in a list with a path that may lead out of the folder."""
_GLANCE = 0.5
"""Seconds between two checks of git's progress."""
_IDLE = 3
"""Number of consecutive checks without progress: git waits for something that may never happen."""


class Git:
    """A command of git in a folder, running from its making on."""

    def __init__(self, folder: str, *words: str) -> None:
        import subprocess

        env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | _ENVIRONMENT
        # For the one command and the one folder; releases of git before 2.38 do not listen, and refuse.
        owned = ("-c", f"safe.directory={os.path.realpath(folder)}")
        null, pipe = subprocess.DEVNULL, subprocess.PIPE
        try:
            self._process: subprocess.Popen[bytes] | None = subprocess.Popen(
                ("git", *_OPTIONS, *owned, *words), cwd=folder, env=env, stdin=null, stdout=pipe, stderr=null
            )
        except OSError:
            self._process = None

    def __del__(self) -> None:
        """End the process if nothing waits for it."""
        if self._process is not None and self._process.stdout and not self._process.stdout.closed:
            _end(self._process)

    def output(self) -> bytes | None:
        """Return the output of the command; None if it fails or hangs."""
        import subprocess

        if self._process is None:
            return None
        work, idle = "", 0
        for _ in range(int(_PATIENCE / _GLANCE)):
            try:
                output, _ = self._process.communicate(timeout=_GLANCE)
            except subprocess.TimeoutExpired:
                before, work = work, _work_of(self._process.pid)
                idle = idle + 1 if work and work == before else 0
                if idle == _IDLE:
                    break
                continue
            # grep: 1 says that nothing was found.
            good = self._process.returncode == 0 or (self._process.returncode == 1 and not output)
            return output if good else None
        _end(self._process)
        return None

    def paths(self) -> list[str] | None:
        """The paths that a command lists with ``-z``, from the folder; None if it fails or prints other text."""
        output = self.output()
        if output is None or (output and not output.endswith(b"\0")):
            return None
        names = os.fsdecode(output).split("\0")[:-1]
        # Most lists are long and have nothing that needs a look at each name.
        return [name for name in names if not _leads_up(name)] if re.search(_ODD, output) else names


def answers(folder: str) -> bool:
    """Whether git is there and works in a folder."""
    return Git(folder, "rev-parse", "--is-inside-work-tree").output() == b"true\n"


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process. Its child processes may continue and keep the pipe open, so nothing more is read from it."""
    process.kill()
    if process.stdout is not None:
        process.stdout.close()
    process.wait()


def _leads_up(name: str) -> bool:
    """Whether a path does not stay below the folder. git makes none of these; a forged index can hold them."""
    return not name or os.path.isabs(name) or ".." in name.split("/")


def _work_of(process: int) -> str:
    """The processor time of a process if all of its threads are asleep; empty if they are not.

    Only Linux tells.
    """
    used = ""
    import glob

    for path in glob.glob(f"/proc/{process}/task/*/stat"):
        try:
            with open(path, encoding="ascii", errors="replace") as file:
                state, *numbers = file.read().rpartition(")")[2].split()
        except OSError:
            return ""
        if state != "S":
            return ""
        used += f"{numbers[10]} {numbers[11]} "
    return used
