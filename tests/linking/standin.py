"""The other side of a link, over real HTTP: it pages as the vendor does, and fails when told to."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

KEY = "sk-ant-test-0123456789abcdef"
NOW = "2026-11-20T10:00:00Z"
Json = dict[str, Any]


@dataclass
class Fault:
    """What happens to the requests for a path, as often as it says (0: always)."""

    path: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    times: int = 1
    after: int = 0
    sleep: float = 0
    cut: bool = False

    def applies_to(self, path: str) -> bool:
        if self.path not in path:
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times == 1:
            self.path = "\x00 spent"
        self.times -= self.times > 1
        return True


class StandIn:
    """A workspace of agents, environments and sessions that can be asked for."""

    def __init__(self) -> None:
        self.agents: list[Json] = []  # every version of each, the newest last
        self.environments: list[Json] = []
        self.sessions: list[Json] = []
        self.threads: dict[str, list[Json]] = {}
        self.events: dict[str, list[Json]] = {}  # by session, or by "session/thread"
        self.faults: list[Fault] = []
        self.rows_per_page = 100
        self.asked: list[str] = []
        self.credentials: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "StandIn":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    # ---- what is there --------------------------------------------------------------------------

    def agent(self, public_id: str, *, version: int = 1, **more: Any) -> Json:
        made = {
            "id": public_id,
            "type": "agent",
            "name": public_id.removeprefix("agent_"),
            "model": {"id": "claude-sonnet-4-5", "effort": {"type": "high"}},
            "system": f"Version {version}.",
            "description": None,
            "tools": [],
            "mcp_servers": [],
            "skills": [],
            "multiagent": None,
            "metadata": {},
            "execution_identity": {"type": "service_account"},
            "version": version,
            "created_at": NOW,
            "updated_at": NOW,
            "archived_at": None,
        } | more
        self.agents.append(made)
        return made

    def environment(self, public_id: str, **more: Any) -> Json:
        made = {
            "id": public_id,
            "type": "environment",
            "name": public_id.removeprefix("env_"),
            "description": None,
            "config": {"type": "cloud", "networking": {"type": "unrestricted"}},
            "metadata": {"team": "a"},
            "scope": "workspace",
            "created_at": NOW,
            "updated_at": NOW,
            "archived_at": None,
        } | more
        self.environments.append(made)
        return made

    def session(self, public_id: str, *said: str, created: str = NOW, **more: Any) -> Json:
        """A session with a primary thread, which said these texts."""
        made = {
            "id": public_id,
            "type": "session",
            "title": f"About {public_id}",
            "status": "idle",
            "agent": {"id": "agent_a", "type": "agent", "name": "a", "version": 1},
            "environment_id": "env_a",
            "metadata": {},
            "resources": [],
            "vault_ids": [],
            "outcome_evaluations": [],
            "stats": {},
            "usage": {},
            "budget": None,
            "deployment_id": None,
            "created_at": created,
            "updated_at": created,
            "archived_at": None,
        } | more
        self.sessions.append(made)
        self.threads[public_id] = []
        self.events[public_id] = []
        self.thread(public_id, f"sthr_{public_id}", name="a")
        for number, text in enumerate(said):
            self.say(public_id, text, second=number)
        return made

    def thread(self, session: str, public_id: str, *, name: str, parent: str | None = None) -> None:
        self.threads[session].append(
            {
                "id": public_id,
                "type": "session_thread",
                "session_id": session,
                "agent": {"name": name, "type": "agent", "id": f"agent_{name}"},
                "status": "idle",
                "parent_thread_id": parent,
                "created_at": NOW,
                "updated_at": NOW,
                "archived_at": None,
                "stats": None,
                "usage": None,
                "workflow_run_id": None,
            }
        )
        if parent is not None:
            self.events[f"{session}/{public_id}"] = []

    def say(
        self, session: str, text: str = "", *, second: float = 0, thread: str = "", **more: Any
    ) -> Json:
        """An event of the session's stream, or of a child thread's."""
        stream = self.events[f"{session}/{thread}" if thread else session]
        event = {
            "id": f"sevt_{session}_{thread}_{len(stream)}",
            "type": "agent.message",
            "processed_at": f"2026-11-20T10:00:{second:09.6f}Z",
            "content": [{"type": "text", "text": text}],
        } | more
        stream.append(event)
        return event

    def change(self, public_id: str, **more: Any) -> None:
        """The session is not what it was; by when it changed, too."""
        session = next(each for each in self.sessions if each["id"] == public_id)
        session |= {"updated_at": f"2026-11-21T{len(self.asked) % 24:02}:00:00Z"} | more

    # ---- how it answers -------------------------------------------------------------------------

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        there = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                there._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        url = urlsplit(request.path)
        self.asked.append(request.path)
        credential = request.headers.get("authorization", "")
        self.credentials.add(credential)
        fault = next((each for each in self.faults if each.applies_to(request.path)), None)
        if fault is not None:
            time.sleep(fault.sleep)
        if fault is not None and fault.cut:
            request.wfile.write(b'HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n{"data": [')
            request.close_connection = True
        elif fault is not None and fault.status:
            _send(request, fault.status, fault.body or _error(fault.status), fault.headers)
        elif credential != f"Bearer {KEY}":
            _send(request, 401, _error(401))
        else:
            self._page(request, unquote(url.path), parse_qs(url.query))

    def _page(
        self, request: BaseHTTPRequestHandler, path: str, query: dict[str, list[str]]
    ) -> None:
        rows = self._rows(path, query)
        if rows is None:
            _send(request, 404, _error(404))
            return
        size = min(int(query.get("limit", ["20"])[0]), self.rows_per_page)
        try:
            start = int(query.get("page", ["at-0"])[0].removeprefix("at-"))
        except ValueError:
            _send(request, 400, _error(400, "page: this is no cursor of this list"))
            return
        end = start + size
        following = f"at-{end}" if end < len(rows) else None
        _send(request, 200, {"data": rows[start:end], "next_page": following})

    def _rows(self, path: str, query: dict[str, list[str]]) -> list[Json] | None:
        since = query.get("created_at[gte]", [""])[0].replace("+00:00", "Z")
        rows: list[Json] | None = None
        match path.removeprefix("/v1/").split("/"):
            case ["agents"]:
                rows = list({each["id"]: each for each in self.agents}.values())
            case ["agents", agent, "versions"]:
                rows = [each for each in self.agents if each["id"] == agent]
            case ["environments"]:
                rows = self.environments
            case ["sessions"]:
                rows = [each for each in self.sessions if each["created_at"] >= since]
                rows.sort(key=lambda each: each["created_at"])
            case ["sessions", session, "threads"]:
                rows = self.threads.get(session)
            case ["sessions", session, "events"]:
                rows = self.events.get(session)
            case ["sessions", session, "threads", thread, "events"]:
                rows = self.events.get(f"{session}/{thread}")
        return rows


def _error(status: int, message: str = "") -> Json:
    return {
        "type": "error",
        "error": {"type": "an_error", "message": message or f"status {status}"},
        "request_id": "req_1",
    }


def _send(
    request: BaseHTTPRequestHandler, status: int, body: Any, headers: dict[str, str] | None = None
) -> None:
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    request.send_response(status)
    for name, value in (headers or {}).items():
        request.send_header(name, value)
    request.send_header("content-type", "application/json")
    request.send_header("content-length", str(len(data)))
    request.end_headers()
    request.wfile.write(data)
