"""Each request of the API on rows made for it, and nothing of it kept."""

from collections.abc import Callable
from threading import Lock

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from apps.conformance import seeding


class UndoingMiddleware:
    """Makes the rows, lets the request be answered, and rolls all of it back.

    One at a time: two transactions that make rows of the same ids would wait for each other.
    A stream's first look at the database is inside, and it lives on without one.
    """

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._turn = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/v1/"):
            return self.get_response(request)
        with self._turn, transaction.atomic():
            seeding.seed()
            response = self.get_response(request)
            transaction.set_rollback(True)
        return response
