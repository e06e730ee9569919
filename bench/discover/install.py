"""How an application comes to a folder: a virtual environment, or a Debian package unpacked and not installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment(folder: Path, *requirements: str) -> Path:
    """The Python of a virtual environment in `folder` that holds `requirements`; made once."""
    python = folder / "venv" / "bin" / "python"
    ready = folder / "venv" / ".ready"
    if not ready.exists():
        run(sys.executable, "-m", "venv", "--clear", str(folder / "venv"))
        run(str(python), "-m", "pip", "install", "--quiet", "--prefer-binary", *requirements)
        ready.touch()
    return python


def package(folder: Path, name: str) -> Path:
    """The tree of the Debian package `name`, unpacked in `folder`; made once."""
    tree = folder / name
    if not tree.exists():
        run("apt-get", "download", "--quiet", name, cwd=folder)
        (archive,) = folder.glob(f"{name}_*.deb")
        run("dpkg-deb", "--extract", str(archive), str(tree))
    return tree


def fill(python: Path, module: str, folder: Path, **variables: str) -> None:
    """Run `module` of this folder in the application's own Python; it finds its way by `folder`."""
    run(str(python), "-m", module, str(folder), cwd=ROOT, **variables)


def run(*words: str, cwd: Path | None = None, **variables: str) -> None:
    """Run a command to its end; what it prints goes to standard error: standard output carries the URL alone."""
    subprocess.run(words, cwd=cwd, env={**os.environ, **variables}, stdout=sys.stderr, check=True)
