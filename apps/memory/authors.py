"""Who wrote a version: an actor of the contract, by type, id, and the name it had then."""

from dataclasses import dataclass

from apps.accounts.acting import Actor


@dataclass(frozen=True, slots=True)
class Author:
    """A person, a key, a session; all empty is the system itself."""

    type: str = ""
    id: str = ""
    name: str = ""

    @classmethod
    def of(cls, actor: Actor) -> "Author":
        if actor.user is not None:
            return cls("user_actor", actor.user.public_id, actor.name)
        if actor.api_key is not None:
            return cls("api_actor", actor.api_key.pk, actor.name)
        return cls()

    @classmethod
    def session(cls, session_id: str, name: str = "") -> "Author":
        """An agent that wrote through its mount."""
        return cls("session_actor", session_id, name)

    @property
    def chained(self) -> str:
        """As the chain has it."""
        return f"{self.type}:{self.id}" if self.type else ""
