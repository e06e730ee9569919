"""Puts the flagship example into a built package, so that `ombud demo` runs where there is no source tree."""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithExample(build_py):
    """The package, and `examples/cag` as data of it: `ombud/example/examples/cag`."""

    def run(self) -> None:
        super().run()
        if getattr(self, "editable_mode", False):
            return
        for path in sorted(Path("examples").rglob("*")):
            if path.suffix in (".py", ".sql", ".yaml", ".md"):
                target = Path(self.build_lib, "ombud", "example", path)
                target.parent.mkdir(parents=True, exist_ok=True)
                self.copy_file(str(path), str(target))


setup(cmdclass={"build_py": WithExample})
