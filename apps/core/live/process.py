"""What there is once in every web process: its hub, and all of its open streams."""

from apps.core.live.hub import Hub
from apps.core.live.mailbox import Mailboxes

hub = Hub()
mailboxes = Mailboxes()


async def end() -> None:
    """End every stream properly, so that a process that is told to stop need not wait for them."""
    mailboxes.close_all()
    await hub.close()
