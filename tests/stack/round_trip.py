"""What every generation of the vendor's client can do here: `round_trip.py BASE_URL API_KEY`.

It runs under the client that is installed, so that the tests can run it under several.
"""

import sys
import threading
from typing import Any

import anthropic


def main(base_url: str, api_key: str) -> None:
    client = anthropic.Anthropic(api_key=api_key, base_url=base_url, max_retries=0)
    environment = client.beta.environments.create(name="round trip")
    helper = client.beta.agents.create(name="helper", model="claude-opus-5")
    lead = client.beta.agents.create(
        name="lead",
        model="claude-opus-5",
        tools=[{"type": "agent_toolset_20260401"}],
        multiagent={"type": "coordinator", "agents": [helper.id, {"type": "self"}]},
    )
    assert lead.version == 1
    session: Any = client.beta.sessions.create(
        agent=lead.id,
        environment_id=environment.id,
        initial_events=[said("first")],
    )
    heard = follow(client, session.id, lambda: send(client, session.id, "second"))
    assert heard == "user.message", heard
    texts = [
        event.content[0].text
        for event in client.beta.sessions.events.list(session.id, limit=1)
        if event.type == "user.message"
    ]
    assert texts == ["first", "second"], texts
    assert [
        thread.parent_thread_id for thread in client.beta.sessions.threads.list(session.id)
    ] == [None]
    assert session.id in [each.id for each in client.beta.sessions.list(limit=1)]
    files(client)
    refused(client)
    client.beta.sessions.delete(session.id)


def said(text: str) -> Any:
    return {"type": "user.message", "content": [{"type": "text", "text": text}]}


def send(client: anthropic.Anthropic, session_id: str, text: str) -> None:
    client.beta.sessions.events.send(session_id, events=[said(text)])


def follow(client: anthropic.Anthropic, session_id: str, then: Any) -> str:
    """Open the stream, do something else meanwhile, and return the type of the first event."""
    with client.beta.sessions.events.stream(session_id) as stream:
        threading.Thread(target=then).start()
        return next(iter(stream)).type


def files(client: anthropic.Anthropic) -> None:
    kept = client.beta.files.upload(file=("notes.txt", b"remember", "text/plain"))
    assert client.beta.files.retrieve_metadata(kept.id).size_bytes == 8
    assert kept.id in [each.id for each in client.beta.files.list(limit=1)]
    client.beta.files.delete(kept.id)


def refused(client: anthropic.Anthropic) -> None:
    """Raises NotFoundError with the id of its request, or something else."""
    said_no = None
    try:
        client.beta.agents.retrieve("agent_that_is_not")
    except anthropic.NotFoundError as missing:
        said_no = missing
    assert said_no is not None
    assert said_no.request_id


if __name__ == "__main__":
    main(*sys.argv[1:])
    sys.stdout.write(f"anthropic {anthropic.__version__}: fine\n")
