"""A request whose process is killed anywhere between its decision and its answer ends as if it had not been."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from ombud.app.requests.deciding import approve, review
from ombud.app.requests.desk import Asked, Desk
from ombud.app.requests.receiving import Incoming, Shown, identify, receive
from ombud.app.requests.working import Worked, work
from ombud.rights.model import Proof, RequestKind, State
from tests.cli.conftest import SHOP_SQL, made
from tests.conftest import named
from tests.crash.asking import Worker, as_composed, desk_of, worker
from tests.crash.scene import CASES

ADA, BEA, ROW = "email=ada@x.example", "email=bea@x.example", "shop/customer/1"


@dataclass(frozen=True)
class Story:
    """A request that is decided, and not begun."""

    kind: RequestKind
    subjects: tuple[str, ...]
    settings: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()


STORIES = {
    "an erasure of whoever has a row": Story(RequestKind.ERASE, (ROW,)),
    "an erasure of whoever has an address": Story(RequestKind.ERASE, (ADA,)),
    "an erasure of a row that was taken in": Story(
        RequestKind.ERASE, ("email=home@x.example",), taken=("shop/customer/5",)
    ),
    "a correction of an address": Story(
        RequestKind.RECTIFY,
        (BEA,),
        (
            "shop/customer/2.email=beata@x.example",
            "shop/customer/2.name=Beata",
            "shop/orders/12.deliver_to=Beata",
            "desk/ticket/2.email=beata@x.example",
            "desk/ticket/2.body",
        ),
    ),
    "a correction of an address of whoever has a row": Story(
        RequestKind.RECTIFY,
        ("shop/customer/2",),
        (
            "shop/customer/2.email=beata@x.example",
            "shop/orders/12.deliver_to=Beata",
            "desk/ticket/2.email=beata@x.example",
        ),
    ),
}
"""Those that name a row are told in the normal run; all of them with OMBUD_CASES."""

TOLD = {name: story for name, story in STORIES.items() if CASES or name.endswith("has a row")}


@pytest.fixture(autouse=True)
def plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters that are not set in type, as in the process that is killed."""
    monkeypatch.setattr("ombud.app.requests.answering.render", as_composed)


@pytest.fixture(scope="module")
def dying() -> Iterator[Worker]:
    with worker() as process:
        yield process


@dataclass
class Scene:
    """A project at a moment, and where its shop is: in its directory, or in a database of PostgreSQL."""

    directory: Path
    shop: str = ""

    @property
    def environ(self) -> Mapping[str, str]:
        return {"SHOP": self.shop or "sqlite:///shop.db"}

    @property
    def desk(self) -> Desk:
        return desk_of(self.directory, self.environ)

    def copied(self, to: Path) -> Scene:
        """The same as it is now, to be spoilt."""
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.directory, to)
        if not self.shop:
            return Scene(to)
        database = f"{self.shop.rpartition('/')[2].removesuffix('_spoilt')}_spoilt"
        with psycopg.connect(named(self.shop, "postgres"), autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            whole = self.shop.rpartition("/")[2]
            server.execute(f'CREATE DATABASE "{database}" TEMPLATE "{whole}"')
        return Scene(to, named(self.shop, database))

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """What the application sees."""
        found = {}
        for source, table in (("shop", "customer"), ("shop", "orders"), ("desk", "ticket")):
            url = (source == "shop" and self.shop) or f"sqlite:///{self.directory}/{source}.db"
            engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=sa.NullPool)
            with engine.connect() as connection:
                rows = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id")
                found[table] = [tuple(map(str, row)) for row in rows]
        return found


@pytest.fixture(params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    place = made(tmp_path / "whole")
    place.replace("ombud.yaml", "sqlite:///shop.db", "${SHOP}")
    place.replace("policy/group.yaml", "for: P12M}\n    erasure: stays", "for: P12M}\n    erasure: ends")
    shop = ""
    if request.param == "postgresql":
        shop = request.getfixturevalue("postgresql_url").replace("+psycopg", "")
        with psycopg.connect(shop, autocommit=True) as connection:
            for statement in filter(str.strip, SHOP_SQL.split(";")):
                connection.execute(statement)
    place.environ["SHOP"] = shop or "sqlite:///shop.db"
    assert place.run("mark", "held", "--subject", BEA, "--purpose", "bookkeeping", "--ground", "case 1").exit_code == 0
    yield Scene(place.directory, shop)
    if shop:
        with psycopg.connect(named(shop, "postgres"), autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{shop.rpartition("/")[2]}_spoilt" WITH (FORCE)')


def decided(scene: Scene, story: Story) -> str:
    """The request, as far as it goes before anything of it is done."""
    desk = scene.desk
    opened = receive(desk, Incoming(story.kind, Asked(story.subjects, story.settings)), "KL")
    identify(desk, opened, Shown(Proof.E_IDENTIFICATION, "shown"), "KL")
    worked = work(desk, opened.id)
    if story.taken:
        review(desk, worked.opened, "KL", rows=story.taken)
        worked = work(desk, opened.id)
    assert worked.opened.request.state is State.DECISION, worked.findings
    approve(desk, worked.opened, "KL")
    desk.close()
    return opened.id


@dataclass
class End:
    """What came of a request: what the sources hold, what is marked, and what the person is told."""

    content: dict[str, list[tuple[Any, ...]]]
    marks: list[tuple[Any, ...]]
    answers: list[bytes] = field(repr=False)
    state: State


def ended(scene: Scene, id: str) -> End:
    desk = scene.desk
    marks = sorted(
        (str(mark.act), str(mark.purpose), str(mark.company), sorted(map(str, mark.refs)), mark.request)
        for mark in desk.loaded.marks()
    )
    kept = [each for each in desk.store.answers(id) if each.wiped_on is None]
    answers = [desk.store.answer_content(id, each.number) for each in kept]
    end = End(scene.content(), marks, answers, desk.read(id).request.state)
    desk.close()
    return end


def goes_on(scene: Scene, id: str) -> Worked:
    """A new process takes it on."""
    desk = scene.desk
    worked = work(desk, id, by="KL")
    desk.close()
    return worked


@pytest.mark.parametrize("story", TOLD.values(), ids=TOLD)
def test_whoever_is_killed_goes_on_and_ends_alike(story: Story, scene: Scene, dying: Worker, tmp_path: Path) -> None:
    id = decided(scene, story)
    spoilt = scene.copied(tmp_path / "spoilt")
    *written, last = dying.works(spoilt.directory, spoilt.environ, id)
    whole = ended(spoilt, id)
    assert whole.state is State.CARRIED_OUT
    assert whole.content != scene.content()
    assert len(written) > 6
    # Right after each write, of one engine every other in a normal run; and before it, where there is time.
    moments = [m for n in written for m in (n - 1, n)] if CASES else written[int(not scene.shop) :: 2]
    for moment in moments:
        spoilt = scene.copied(tmp_path / "spoilt")
        if dying.works(spoilt.directory, spoilt.environ, id, moment):
            continue  # it came to its end sooner: there was no lock to wait for this time
        killed = f"killed at {moment} of {last}, having written at {written}"
        assert goes_on(spoilt, id).findings == (), killed
        assert ended(spoilt, id) == whole, killed
