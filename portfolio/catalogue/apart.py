"""The press in a process of its own, with limits.

A layout engine that is fed a hostile or simply enormous text may want all memory and all day. In a
child process it can be stopped without harm to the worker. The child knows nothing but the HTML: no
settings, no secrets, no database. It tells its progress line by line and hands the file over last.

The child is started with the arguments MEMORY_BYTES CPU_SECONDS EXPECTED_PAGES.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from portfolio.catalogue.faults import ForbiddenAddress, PressError
from portfolio.catalogue.progress import Progress, Report, Step, nobody
from portfolio.settings import CHECKOUT

_KEPT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CACHE_HOME",
)
_SAID_AT_MOST = 4000
# The package is put together by hand, so that the child does not load the whole program to print.
_START = """
import sys, types
package = types.ModuleType("portfolio")
package.__path__ = [sys.argv.pop(1)]
sys.modules["portfolio"] = package
from portfolio.catalogue.apart import print_in_child
print_in_child(*map(int, sys.argv[1:]))
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one build may use: address space in bytes, CPU seconds, and seconds by the clock."""

    memory: int = 1536 * 1024 * 1024
    cpu_seconds: int = 600
    seconds: float = 600


class TooLong(PressError):
    """The build was stopped because it used up its time."""


class TooLarge(PressError):
    """The build was stopped because it used up its memory."""


class Killed(PressError):
    """The build ended without an answer: it was killed from outside, or it crashed."""


def press_apart(
    html: str, *, limits: Limits, report: Report = nobody, expected_pages: int = 0
) -> bytes:
    """`press` in a child process within ``limits``; the same bytes, the same errors, and three more.

    An exception that ``report`` raises (somebody cancelled) stops the child and comes out here.
    """
    with (
        tempfile.TemporaryFile() as said,
        _child(limits, expected_pages, said) as (child, timed_out),
    ):
        with suppress(BrokenPipeError):
            child.stdin.write(html.encode())  # type: ignore[union-attr]
            child.stdin.close()  # type: ignore[union-attr]
        pdf = _listen(child.stdout, report)  # type: ignore[arg-type]
        status = child.wait()
        if pdf is not None and status == 0:
            return pdf
        raise _reason(status, timed_out=timed_out.is_set(), said=said)


@contextmanager
def _child(
    limits: Limits, expected_pages: int, said: IO[bytes]
) -> Iterator[tuple["subprocess.Popen[bytes]", threading.Event]]:
    numbers = (limits.memory, limits.cpu_seconds, expected_pages)
    child = subprocess.Popen(  # noqa: S603  our own interpreter and module
        [sys.executable, "-c", _START, str(CHECKOUT / "portfolio"), *map(str, numbers)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        cwd=CHECKOUT,
        env=_kept_environment(),
        start_new_session=True,
    )
    timed_out = threading.Event()

    def stop() -> None:
        timed_out.set()
        child.kill()

    timer = threading.Timer(limits.seconds, stop)
    timer.start()
    try:
        yield child, timed_out
    finally:
        timer.cancel()
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]


def _kept_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


def _listen(stdout: IO[bytes], report: Report) -> bytes | None:
    """Pass progress on until the file comes; None when the child ends without one."""
    for line in stdout:
        message: dict[str, Any] = json.loads(line)
        if "forbidden" in message:
            raise ForbiddenAddress(message["forbidden"])
        if "error" in message:
            raise PressError(message["error"])
        if "size" in message:
            pdf = stdout.read(message["size"])
            return pdf if len(pdf) == message["size"] else None
        report(Progress(Step(message["step"]), message["done"], message["total"]))
    return None


def _reason(status: int, *, timed_out: bool, said: IO[bytes]) -> PressError:
    said.seek(0)
    words = said.read()[-_SAID_AT_MOST:].decode(errors="replace").strip()
    if timed_out or status == -signal.SIGXCPU:
        return TooLong("the build took longer than allowed")
    # Python answers a refused allocation with an exception, the C libraries below it by aborting.
    if (
        status in {_NO_MEMORY, -signal.SIGABRT, -signal.SIGTRAP, -signal.SIGSEGV}
        or "MemoryError" in words
    ):
        return TooLarge(f"the build needed more memory than allowed: {words}")
    return Killed(f"the build ended with status {status}: {words}")


# In the child --------------------------------------------------------------------------------

_NO_MEMORY = 75


def _largest_size() -> int:
    """The most address space that this process has had, in bytes; 0 where nobody counts it."""
    with suppress(OSError), Path("/proc/self/status").open() as status:
        for line in status:
            if line.startswith("VmPeak:"):
                return int(line.split()[1]) * 1024
    return 0


def print_in_child(memory: int, cpu_seconds: int, expected_pages: int) -> None:
    """What the child does: limit itself, read HTML, tell its progress, write the PDF."""
    # Only a child that prints loads the layout engine: it doubles the start and the memory of a process.
    from portfolio.catalogue.press import press  # noqa: PLC0415

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    out = sys.stdout.buffer

    def say(**message: object) -> None:
        out.write(json.dumps(message).encode() + b"\n")
        out.flush()

    def report(progress: Progress) -> None:
        say(step=progress.step, done=progress.done, total=progress.total)

    try:
        pdf = press(sys.stdin.buffer.read().decode(), report=report, expected_pages=expected_pages)
    except MemoryError:
        os._exit(_NO_MEMORY)
    except ForbiddenAddress as error:
        say(forbidden=str(error))
    except PressError as error:
        say(error=str(error))
    except Exception:
        # Libraries below Python answer a refused allocation with whatever they stumble over next.
        if _largest_size() > memory * 0.9:
            os._exit(_NO_MEMORY)
        raise
    else:
        say(size=len(pdf))
        out.write(pdf)
        out.flush()
