"""A folder of files: what is named in it goes, nothing outside of it does, and nothing is missing where it is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ombud.adapters.files import Directory, within
from ombud.engine.files import Fate


@pytest.fixture
def store(tmp_path: Path) -> Directory:
    """A folder with a file, beside one that is nobody's business."""
    (tmp_path / "store" / "below").mkdir(parents=True)
    (tmp_path / "store" / "below" / "a.jpg").write_text("a face")
    (tmp_path / "secret.txt").write_text("not yours")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.jpg").write_text("not yours")
    os.symlink(tmp_path / "outside", tmp_path / "store" / "door")
    os.symlink(tmp_path / "secret.txt", tmp_path / "store" / "window")
    return Directory(tmp_path / "store")


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "below/../../secret.txt",
        "/etc/hostname",
        "door/a.jpg",
        "window",
        "below",
        "",
        ".",
        "below//a.jpg",
        "./below/a.jpg",
        "below/a.jpg/",
        "below/a.jpg/b",
        "a\0b",
        "x" * 300,
        "\udcff\ud800",
    ],
)
def test_what_is_no_plain_file_inside_the_folder_is_refused_and_stays(store: Directory, path: str) -> None:
    before = sorted(store.root.parent.rglob("*"))
    assert store.remove(path, "") is Fate.REFUSED
    assert sorted(store.root.parent.rglob("*")) == before


def test_a_file_goes_once_and_is_missing_after(store: Directory) -> None:
    assert store.remove("below/a.jpg", "") is Fate.REMOVED
    assert store.remove("below/a.jpg", "") is Fate.MISSING
    assert store.remove("never/was.jpg", "") is Fate.MISSING


def test_nothing_is_missing_from_a_folder_that_is_not_there_or_not_mounted(tmp_path: Path) -> None:
    assert Directory(tmp_path / "nowhere").remove("a.jpg", "") is Fate.FAILED
    (tmp_path / "empty").mkdir()
    assert Directory(tmp_path / "empty").remove("a.jpg", "") is Fate.FAILED
    assert Directory(tmp_path / "empty").remove("a.jpg", Directory(tmp_path).identity()) is Fate.FAILED
    assert Directory(tmp_path / "empty").identity() == Directory(tmp_path / "nowhere").identity() == ""
    (tmp_path / "a file").write_text("")
    assert Directory(tmp_path / "a file").remove("a.jpg", "") is Fate.FAILED


def test_a_folder_that_is_mounted_twice_is_one_by_either_path(tmp_path: Path) -> None:
    for name in ("one/below", "other"):
        (tmp_path / name).mkdir(parents=True)
    asked = "from pathlib import Path; from ombud.adapters.files import within as w; "
    asked += "print(w(Path('one'))[0] == w(Path('other'))[0], w(Path('one'))[0] in w(Path('other/below')))"
    script = 'mount --bind one other || exit 77; "$0" -c "$1"'
    unshare = shutil.which("unshare") or pytest.skip("unshare is not here, and mounts would be everybody's")
    command = [unshare, "--map-root-user", "--mount", "sh", "-c", script, sys.executable, asked]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    if done.returncode == 77 or "unshare: " in done.stderr:
        pytest.skip("this machine does not let its user mount")
    assert done.stdout.split() == ["True", "True"], done.stderr
    assert within(tmp_path / "one")[0] != within(tmp_path / "other")[0]
