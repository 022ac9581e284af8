"""Pages that look at the queue of a workspace, told which of its proposals changed."""

from weakref import WeakSet, WeakValueDictionary

from apps.core.live import frames, process
from apps.core.live.hub import Hub
from apps.core.live.mailbox import Mailbox, Mailboxes
from apps.reviews.announcing import News


class Desk:
    """All the pages of one workspace; lives as long as one of them."""

    def __init__(self) -> None:
        self._mailboxes: WeakSet[Mailbox] = WeakSet()

    def add(self, mailbox: Mailbox) -> None:
        self._mailboxes.add(mailbox)

    def tell(self, frame: bytes) -> None:
        for each in list(self._mailboxes):
            each.put(frame)


class Reviewers:
    """Hands the hub's news to the pages of the workspace that they are of."""

    def __init__(self, hub: Hub, mailboxes: Mailboxes) -> None:
        self._hub = hub
        self._mailboxes = mailboxes
        self._desks: WeakValueDictionary[str, Desk] = WeakValueDictionary()
        hub.tell(self)

    async def of_queue(self, workspace_id: str) -> Mailbox:
        """From now on nothing is missed."""
        await self._hub.ready()
        desk = self._desks.get(workspace_id) or Desk()
        self._desks[workspace_id] = desk
        desk.add(mailbox := self._mailboxes.open(desk))
        return mailbox

    def hear(self, payload: str) -> None:
        news = News.read(payload)
        desk = self._desks.get(news.workspace_id) if news is not None else None
        if news is not None and desk is not None:
            desk.tell(frames.note({"changed": news.proposal_id}))

    def miss(self) -> None:
        """Anything may have changed while nobody listened."""
        for desk in list(self._desks.values()):
            desk.tell(ANYTHING)


ANYTHING = frames.note({"changed": None})
reviewers = Reviewers(process.hub, process.mailboxes)
