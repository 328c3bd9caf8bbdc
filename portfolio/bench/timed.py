"""A command of the program that tells what it cost itself, without the loading of the program.

    python -m portfolio.bench.timed flags evaluate --all

The last line of the errors is the processor time in seconds, as `own 1.234`.
"""

import sys
import time

from flask.cli import ScriptInfo

from portfolio import create_app
from portfolio.bench.program import MARK


def main() -> None:
    """Load the program, run the command, tell its processor time."""
    app = create_app()
    info = ScriptInfo(create_app=lambda: app)
    begun = time.process_time()
    app.cli.main(sys.argv[1:], "flask", standalone_mode=False, obj=info)
    print(f"\n{MARK}{time.process_time() - begun:.6f}", file=sys.stderr)  # noqa: T201  its answer


if __name__ == "__main__":
    main()
