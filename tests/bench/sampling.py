"""Something looked at again and again in a thread of its own, while other work is done."""

from __future__ import annotations

import threading


class Sampler:
    """Calls `look` every `every_s` seconds while it is entered."""

    every_s = 0.5

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self.every_s):
            self.look()

    def look(self) -> None:
        """Note what there is now."""
        raise NotImplementedError
