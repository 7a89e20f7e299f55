"""The one kind of error a person is shown: what is wrong, where, and what to do next."""

from __future__ import annotations


class BobaoError(Exception):
    """Something the person at the desk can act on; `bobao.cli` prints it and exits with 1.

    `what` is one plain sentence, `where` names a file (``path`` or ``path:line``), `advice` says
    what to do next. Anything else that is raised is a defect of bobao and keeps its traceback.
    """

    def __init__(self, what: str, *, where: str = "", advice: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.advice = advice

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n  {self.advice}" if self.advice else head
