"""A worker may be a thread in which an event loop runs already."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.engine.bridging import Bridge


def test_a_thread_with_a_loop_can_wait_for_another():
    async def outer():
        bridge = Bridge()
        return bridge.run(bridge.call(lambda: 42))

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, outer()).result() == 42


def test_what_fails_in_the_thread_fails_where_it_was_asked_for():
    bridge = Bridge()

    with pytest.raises(ZeroDivisionError):
        bridge.run(bridge.call(lambda: 1 / 0))


def test_a_thread_that_is_told_to_stop_stops_the_loop():
    bridge, began = Bridge(), []

    async def endless():
        began.append(1)
        await bridge.call(stop)
        await asyncio.sleep(3600)

    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bridge.run(endless())

    assert began
