"""An event loop beside a worker's thread: the loop waits for answers, the thread keeps them.

Whatever touches the database is sent back to the thread, and so to the one connection it has.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, TypeVar

R = TypeVar("R")


class Bridge:
    """One run of a coroutine, and the steps that it has done in the thread that waits for it."""

    def __init__(self) -> None:
        self._steps: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._stop: Callable[[], object] = lambda: None

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        """Run it in a loop of its own, and its steps here, until it has ended."""
        with ThreadPoolExecutor(1, "engine") as pool:
            ended = pool.submit(asyncio.run, self._stoppable(work))
            ended.add_done_callback(lambda _: self._steps.put(None))
            try:
                while (step := self._steps.get()) is not None:
                    step()
            except BaseException:  # this thread is told to stop: so is the loop
                self._stop()
                raise
        return ended.result()

    async def call(self, step: Callable[..., R], *given: Any) -> R:
        """Have a step done in the thread that waits, and wait for it."""
        done: Future[R] = Future()
        self._steps.put(lambda: _do(done, step, given))
        return await asyncio.wrap_future(done)

    async def _stoppable(self, work: Coroutine[Any, Any, R]) -> R:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is not None:
            self._stop = lambda: loop.call_soon_threadsafe(task.cancel)
        return await work


def _do(done: "Future[R]", step: Callable[..., R], given: tuple[Any, ...]) -> None:
    if not done.set_running_or_notify_cancel():
        return
    try:
        done.set_result(step(*given))
    except Exception as error:  # noqa: BLE001 -- it belongs to whoever waits for it
        done.set_exception(error)
