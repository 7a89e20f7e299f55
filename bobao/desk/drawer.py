"""The drawer of a script: its earlier versions, for undo, and who has signed it.

All of it is files beside the scripts (`Workspace.drawer`), written before the script is, so that
nothing is lost with the desk's process.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bobao.errors import BobaoError
from bobao.files import sha256, write_bytes, write_text

KEPT = 200
"""Versions of a script that are kept each way."""
STAGES = {"first": "一校", "second": "二校", "third": "三校"}
"""三审三校: who reads a proof, in this order."""
_SIGNED = "signed.json"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who has signed which version of a script, and when (ISO 8601, local time)."""

    stage: str
    name: str
    time: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Drawer:
    """The drawer in `folder` of the script in the file `script`."""

    folder: Path
    script: Path

    def replace(self, before: bytes, after: bytes) -> None:
        """Write the script, keeping what it was. Raises `BobaoError` where it is not `before`."""
        self._check(before)
        self._keep("before", before, after)
        for path in self._versions("after"):
            path.unlink()
        write_bytes(self.script, after)

    def undo(self) -> None:
        """Put back what the script was before the last act. Raises `BobaoError` where none is."""
        self._back("before", "after", "没有可以撤销的")

    def redo(self) -> None:
        """Do again what was undone last."""
        self._back("after", "before", "没有可以重做的")

    def steps(self) -> tuple[int, int]:
        """How many acts can be undone, and how many done again."""
        return len(self._versions("before")), len(self._versions("after"))

    def versions(self) -> tuple[tuple[str, float], ...]:
        """Earlier versions, the youngest first: the name of each, and when it was put aside."""
        found = reversed(self._versions("before"))
        return tuple((path.stem, path.stat().st_mtime) for path in found)

    def restore(self, name: str) -> None:
        """Put an earlier version back; what is there now can be had again by `undo`."""
        wanted = next((path for path in self._versions("before") if path.stem == name), None)
        if wanted is None:
            raise BobaoError("没有这个版本", advice="请刷新页面。")
        self.replace(self.script.read_bytes(), wanted.read_bytes())

    def _back(self, source: str, target: str, nothing: str) -> None:
        versions = self._versions(source)
        if not versions:
            raise BobaoError(nothing, advice="再早的版本已经不在了。")
        last, now = versions[-1], self.script.read_bytes()
        if last.stem.split("-")[1] != sha256(now)[:16]:
            raise BobaoError(
                "口播稿后来在别处改过，不能撤销",
                where=str(self.script),
                advice=f"以前的版本都在 {self.folder}。",
            )
        older = last.read_bytes()
        self._keep(target, now, older)
        write_bytes(self.script, older)
        last.unlink()

    def _keep(self, way: str, version: bytes, result: bytes) -> None:
        """Keep a version under a number and the digest of what came after it."""
        there = self._versions(way)
        number = int(there[-1].stem.split("-")[0]) + 1 if there else 1
        write_bytes(self.folder / way / f"{number:06}-{sha256(result)[:16]}.md", version)
        for path in there[: max(0, len(there) + 1 - KEPT)]:
            path.unlink()

    def _versions(self, way: str) -> list[Path]:
        return sorted((self.folder / way).glob("*-*.md"))

    def _check(self, before: bytes) -> None:
        if self.script.read_bytes() != before:
            raise BobaoError("口播稿刚刚在别处改了", advice="请再做一次。")

    # ── Signatures ──────────────────────────────────────────────────────────────────────────────

    def signatures(self) -> tuple[Signature, ...]:
        """Who has signed, in the order of the stages; the last of each stage counts."""
        try:
            rows = json.loads((self.folder / _SIGNED).read_text("utf-8"))
            found = {row["stage"]: Signature(**row) for row in rows}
        except (OSError, ValueError, TypeError, KeyError):
            return ()
        return tuple(found[stage] for stage in STAGES if stage in found)

    def sign(self, signature: Signature) -> None:
        """Put a name to a stage. Raises `BobaoError` for a stage that there is not, or no name."""
        if signature.stage not in STAGES or not 0 < len(signature.name.strip()) <= 40:
            raise BobaoError("签字要有校次和姓名", advice="请写上姓名。")
        rows = [each for each in self.signatures() if each.stage != signature.stage]
        rows.append(signature)
        made = json.dumps([asdict(each) for each in rows], ensure_ascii=False, indent=1)
        write_text(self.folder / _SIGNED, made + "\n")
