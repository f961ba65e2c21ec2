"""Many clients at once: threads that a barrier releases together."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def release(actions: list[Callable[[], object]]) -> list[tuple[object, float]]:
    """Run every action in its own thread, started at one moment.

    :return: for each action its result (an exception counts as result) and its seconds
    """
    barrier = threading.Barrier(len(actions))

    def run(action):
        barrier.wait()
        started = time.monotonic()
        try:
            result = action()
        except Exception as error:  # noqa: BLE001 - whatever happened is the finding
            result = error
        return result, time.monotonic() - started

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))
