"""A stand-in to point a console at: `python -m tests.standin --port 8099`."""

import argparse
import sys
import threading

from tests.standin.answering import sensible
from tests.standin.server import KEY, StandIn


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.standin", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--key", default=KEY, help="what clients send as x-api-key")
    parser.add_argument("--batch-seconds", type=float, default=5, help="how long a batch takes")
    given = parser.parse_args()
    there = StandIn(sensible, key=given.key, port=given.port, host=given.host)
    there.batches.seconds = given.batch_seconds
    with there:
        say(f"ANTHROPIC_BASE_URL={there.url} ANTHROPIC_API_KEY={given.key}")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            say(f"{len(there.answered)} answers, {there.billed}")


if __name__ == "__main__":
    main()
