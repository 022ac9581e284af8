"""One web process: `python -m agentsite.web --host 0.0.0.0 --port 8000`."""

import argparse
import os
import socket

import uvicorn

STOP_WITHIN = 3  # seconds for what is under way; open streams end at once


class Server(uvicorn.Server):
    """Ends the open streams before it waits for whatever else is under way."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if end_streams := self.lifespan.state.get("end_streams"):
            await end_streams()
        await super().shutdown(sockets)


def main() -> None:
    parser = argparse.ArgumentParser(prog="agentsite.web", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fd", type=int, help="a socket that listens already")
    options = parser.parse_args()
    os.environ.setdefault("DATABASE_POOL", "true")
    config = uvicorn.Config(
        "agentsite.asgi:application",
        host=options.host,
        port=options.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,  # Django's
        access_log=False,  # RequestIdMiddleware writes a better one
        server_header=False,
        proxy_headers=False,  # whom to believe is said in settings, once
        timeout_graceful_shutdown=STOP_WITHIN,
    )
    given = None if options.fd is None else [socket.socket(fileno=options.fd)]
    Server(config).run(sockets=given)


if __name__ == "__main__":
    main()
