"""Models that say beside their columns what the map says: made by the program, as an application's engineers run it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from ombud.integrations.declared import Model, Refers, Unsaid, datamap
from ombud.terms import Place
from tests.cli.conftest import POLICY

SQLALCHEMY = """\
from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    __ombud__ = {
        "source": "shop",
        "company": "north",
        "times": {"encoding": "date"},
        "grace": 2,
        "subjects": {"customer": {"table": "customer", "identifiers": {"email": "email"}}},
    }


class Customer(Base):
    __tablename__ = "customer"
    __ombud__ = {
        "owner": "customer", "born": "created", "purposes": {"delivery": "all"}, "moments": {"ended": "ended_at"},
    }
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(info={"ombud": "contact.name"})
    email: Mapped[str] = mapped_column(info={"ombud": "contact.email"})
    flag: Mapped[int] = mapped_column(info={"ombud": "not personal"})
    created: Mapped[date]
    ended_at: Mapped[date | None]


class Order(Base):
    __tablename__ = "orders"
    __ombud__ = {
        "born": "placed", "purposes": {"delivery": "all", "bookkeeping": ["goods"]}, "moments": {"booked": "placed"},
        "links": {"customer": {"if_none": "not_yet"}},
    }
    no: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customer.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), info={"ombud": "not personal"})
    goods: Mapped[str] = mapped_column(info={"ombud": "purchases"})
    placed: Mapped[date]


class Product(Base):
    __tablename__ = "product"
    __ombud__ = "not personal"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


sa.Table("between", Base.metadata, sa.Column("id", sa.Integer, primary_key=True), info={"ombud": "not personal"})
"""

DJANGO_SETTINGS = """\
SECRET_KEY = "for a test alone"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "store"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.db"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
OMBUD = {
    "source": "shop",
    "company": "north",
    "times": {"encoding": "timestamp", "zone": "UTC", "columns": {"ended_at": "date"}},
    "grace": 2,
    "subjects": {
        "customer": {"table": "store_customer", "identifiers": {"email": "email"}},
        "staff": {"table": "auth_user", "identifiers": {"email": "email"}},
    },
    "tables": {
        "auth_user": {
            "owner": "staff", "born": "date_joined", "purposes": {"delivery": "all"},
            "moments": {"ended": "last_login"},
            "columns": {"username": "contact.name", "first_name": "contact.name", "last_name": "contact.name",
                        "email": "contact.email", "password": "contact"},
            "not_personal": ["is_*"],
        },
    },
    "not_personal": ["django_*", "auth_permission", "auth_group*", "auth_user_*"],
}
"""

DJANGO_MODELS = """\
from django.db import models

from ombud.integrations.django import personal


class Person(models.Model):
    name = personal(models.TextField(), "contact.name")

    class Meta:
        abstract = True


class Tag(models.Model):
    title = models.TextField()
    Ombud = "not personal"


class Customer(Person):
    email = personal(models.EmailField(), "contact.email")
    created = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateField(null=True)
    tags = personal(models.ManyToManyField(Tag), {"born": "unknown", "not_personal": ["tag_id"]})

    class Ombud:
        owner = "customer"
        born = "created"
        purposes = {"delivery": "all"}
        moments = {"ended": "ended_at"}


class Order(models.Model):
    buyer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_column="customer")
    goods = personal(models.TextField(), "purchases")

    class Ombud:
        born = "unknown"
"""


@dataclass
class Application:
    """A directory with an application, a policy and no map."""

    directory: Path

    def write(self, name: str, text: str) -> None:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, *words: str, program: str = "python") -> subprocess.CompletedProcess[str]:
        """A program beside Python, or Python, in the directory."""
        source = str(Path(__file__).parents[2] / "src")
        return subprocess.run(
            [str(Path(sys.executable).parent / program), *words],
            cwd=self.directory, env={**os.environ, "PYTHONPATH": source}, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def ombud(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run(*words, program="ombud")

    def map(self) -> str:
        return (self.directory / "datamap/shop.yaml").read_text(encoding="utf-8")


@pytest.fixture
def application(tmp_path: Path) -> Application:
    found = Application(tmp_path)
    found.write("policy/group.yaml", POLICY)
    found.write("ombud.yaml", 'policy: policy/\ndatamaps: datamap/\nsources:\n  shop: {url: "sqlite:///shop.db"}\n')
    (tmp_path / "datamap").mkdir()
    return found


def sqlalchemy_at(application: Application, text: str = SQLALCHEMY, *, database: bool = False) -> Application:
    application.write("store.py", text)
    if not database:
        return application
    create = "import sqlalchemy as sa, store; store.Base.metadata.create_all(sa.create_engine('sqlite:///shop.db'))"
    assert application.run("-c", create).returncode == 0
    return application


def test_models_of_sqlalchemy_become_a_map_that_fits_their_database(application: Application) -> None:
    sqlalchemy_at(application, database=True)
    made = application.ombud("models", "store", "--out", "datamap/shop.yaml")
    assert made.returncode == 0, made.stderr
    fits = application.ombud("check", "--live")
    assert fits.returncode == 0, f"{fits.stderr}\n{application.map()}"
    assert "customer: {to: customer, by: customer_id, if_none: not_yet}" in application.map()
    assert "key: no" in application.map()
    assert "columns: {name: contact.name, email: contact.email}" in application.map()


def test_models_of_django_become_a_map_that_fits_their_database(application: Application) -> None:
    application.write("site_settings.py", DJANGO_SETTINGS)
    application.write("store/__init__.py", "")
    application.write("store/models.py", DJANGO_MODELS)
    migrate = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'site_settings'; import django; django.setup(); "
    migrate += "from django.core.management import call_command as c; c('migrate', run_syncdb=True, verbosity=0)"
    migrated = application.run("-c", migrate)
    assert migrated.returncode == 0, migrated.stderr
    made = application.ombud("models", "--django", "site_settings", "--out", "datamap/shop.yaml")
    assert made.returncode == 0, made.stderr
    fits = application.ombud("check", "--live")
    assert fits.returncode == 0, f"{fits.stderr}\n{application.map()}"
    assert "customer: {to: store_customer, by: customer}" in application.map()
    assert "auth_user:" in application.map()
    assert "store_customer_tags:" in application.map()
    assert "store_tag" in application.map().partition("\nnot_personal:")[2]


def test_the_map_is_compared_with_the_models_in_a_check(application: Application) -> None:
    sqlalchemy_at(application)
    assert application.ombud("models", "store:Base", "--out", "datamap/shop.yaml").returncode == 0
    assert application.ombud("models", "store", "--out", "datamap/shop.yaml", "--check").returncode == 0
    application.write("store.py", SQLALCHEMY.replace('"ombud": "contact.name"', '"ombud": "contact.email"'))
    before = application.map()
    differs = application.ombud("models", "store", "--out", "datamap/shop.yaml", "--check")
    assert differs.returncode == 1
    assert "C082" in differs.stderr
    assert "+    columns: {name: contact.email, email: contact.email}" in differs.stdout
    assert application.map() == before
    assert application.ombud("models", "store", "--out", "datamap/shop.yaml").returncode == 0
    assert application.map() != before


def test_a_new_column_that_says_nothing_is_asked_for(application: Application) -> None:
    sqlalchemy_at(application, SQLALCHEMY.replace("    flag:", "    phone: Mapped[str]\n    flag:"), database=True)
    assert application.ombud("models", "store", "--out", "datamap/shop.yaml").returncode == 0
    asked = application.ombud("check", "--live")
    assert asked.returncode == 1
    assert "customer.phone is neither mapped nor said not to be personal" in asked.stderr


def test_a_model_that_says_nothing_is_refused_with_its_line(application: Application) -> None:
    sqlalchemy_at(application, SQLALCHEMY.replace('    __ombud__ = "not personal"\n', ""))
    refused = application.ombud("models", "store", "--out", "datamap/shop.yaml")
    assert refused.returncode == 1
    line = SQLALCHEMY.replace('    __ombud__ = "not personal"\n', "").splitlines().index("class Product(Base):") + 1
    assert f"store.py:{line}:0: error M009: the model of product says nothing of persons" in refused.stderr
    assert not (application.directory / "datamap/shop.yaml").exists()


def test_somebodys_map_is_not_overwritten(application: Application) -> None:
    sqlalchemy_at(application)
    application.write("datamap/shop.yaml", "source: shop\n")
    refused = application.ombud("models", "store", "--out", "datamap/shop.yaml")
    assert refused.returncode == 1
    assert "C075" in refused.stderr
    assert application.map() == "source: shop\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no_such_module",), "cannot be imported (ModuleNotFoundError"),
        (("store:Nobody",), "there is no Nobody"),
        (("json",), "there are 0 declarative bases"),
        (("--django", "no_such_settings"), "cannot be imported"),
    ],
)
def test_what_cannot_be_imported_is_told(application: Application, words: tuple[str, ...], said: str) -> None:
    sqlalchemy_at(application)
    refused = application.ombud("models", *words)
    assert refused.returncode == 1
    assert "C079" in refused.stderr
    assert said in " ".join(refused.stderr.split())


@pytest.mark.parametrize("code", ["0", "3"])
def test_an_application_that_exits_is_told_and_is_no_success(application: Application, code: str) -> None:
    application.write("store.py", f"import sys\nsys.exit({code})\n")
    application.write("datamap/shop.yaml", "garbage")
    refused = application.ombud("models", "store", "--out", "datamap/shop.yaml", "--check")
    assert refused.returncode == 1
    assert "C079" in refused.stderr


def test_what_an_application_prints_is_not_in_the_map(application: Application) -> None:
    sqlalchemy_at(application, SQLALCHEMY + "\nprint('hello')\n")
    told = application.ombud("models", "store")
    assert told.stdout.startswith("# Made from ")
    assert "hello" in told.stderr


def test_the_map_has_the_form_that_format_gives(application: Application) -> None:
    sqlalchemy_at(application)
    assert application.ombud("models", "store", "--out", "datamap/shop.yaml").returncode == 0
    assert application.ombud("format", "--check", "datamap/shop.yaml").returncode == 0


def test_what_an_applications_error_says_is_not_repeated(application: Application) -> None:
    application.write("store.py", "raise RuntimeError('postgresql://shop:s3cret@db/shop does not answer')\n")
    refused = application.ombud("models", "store")
    assert refused.returncode == 1
    assert "RuntimeError" in refused.stderr
    assert "s3cret" not in refused.stdout + refused.stderr


def model(table: str, said: object = "not personal", **rest: object) -> Model:
    return Model(Place("app.py", 1), table, ("id",), said, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (model("a", "nobody"), "the model of a says 'nobody'"),
        (model("a", columns={"x": "contact"}), "the model of a is said not to be personal, and x is"),
    ],
)
def test_a_model_that_says_what_cannot_be_is_told(made: Model, said: str) -> None:
    with pytest.raises(Unsaid) as refused:
        datamap({"source": "shop"}, [made], "app")
    assert refused.value.findings[0].message == said


def test_two_tables_of_one_name_are_told() -> None:
    with pytest.raises(Unsaid) as refused:
        datamap({"source": "shop"}, [model("a"), model("b"), model("a")], "app")
    assert [each.message for each in refused.value.findings] == ["another model's table is called a too"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"tables": {"prson": {"owner": "person"}}}, "tables says something of prson, and no model is called so"),
        ({"tables": {"person": {"born": "at"}}}, "tables says something of person, and its model does too"),
        ({"tables": ["person"]}, "outside the models, tables is a list"),
        ({"company": object()}, "outside the models, company holds a object, which no file can"),
        ({"subjects": "person"}, "outside the models, subjects is 'person'"),
        ({"titles": "Namn"}, "outside the models, titles is 'Namn'"),
    ],
)
def test_what_stands_outside_the_models_and_fits_nothing_is_told(source: dict[str, object], said: str) -> None:
    with pytest.raises(Unsaid) as refused:
        datamap({"source": "shop", **source}, [model("person", {"owner": "person"}), model("a")], "app")
    assert [each.message for each in refused.value.findings] == [said]


def test_what_columns_are_called_stands_beside_them_too() -> None:
    street = {"street": {"sv": "Gata", "en": "Street"}}
    text = datamap({"source": "shop", "titles": street}, [model("person", {"born": "at", "titles": street})], "app")
    assert text.count("street: {sv: Gata, en: Street}") == 2


@pytest.mark.parametrize("said", ["text", ("text",), {"text"}])
def test_one_name_is_a_list_of_one(said: object) -> None:
    text = datamap(
        {"source": "shop", "not_personal": said}, [model("person", {"born": "at", "not_personal": said})], "app"
    )
    assert "    not_personal: [text]\n" in text
    assert text.endswith("not_personal:\n  - text\n")


def test_the_names_of_a_set_are_in_order() -> None:
    names = {f"t{n}_*" for n in range(9)}
    text = datamap({"source": "shop", "not_personal": names}, [model("person", {"born": "at"})], "app")
    assert [line.strip("- ") for line in text.splitlines()[-9:]] == sorted(names)


def test_a_source_without_a_name_is_told() -> None:
    with pytest.raises(Unsaid, match="M009"):
        datamap({}, [model("a")], "app")


def test_two_references_to_one_table_and_one_of_two_columns_have_links_of_their_own() -> None:
    person = model("person", {"owner": "person"})
    refers = (
        Refers(("buyer_id",), "person", ("id",)),
        Refers(("shop", "payer"), "person", ("shop", "no")),
        Refers(("shop", "by"), "person", ("shop", "nr")),
    )
    text = datamap({"source": "shop"}, [person, model("orders", {"born": "at"}, refers=refers)], "app")
    assert "buyer: {to: person, by: buyer_id}" in text
    assert "shop: {to: person, by: [shop, payer], target: [shop, no]}" in text
    assert "shop_by: {to: person, by: [shop, by], target: [shop, nr]}" in text


def test_what_a_mixin_or_an_abstract_base_says_holds_for_a_model_that_says_nothing(application: Application) -> None:
    mixin = "class Dated:\n    __ombud__ = {'born': 'placed'}\n    placed: Mapped[date]\n\n\n"
    said = SQLALCHEMY.index('    __ombud__ = {\n        "born": "placed"')
    end = SQLALCHEMY.index("    no: Mapped")
    text = SQLALCHEMY[:said] + SQLALCHEMY[end:]
    text = text.replace("class Order(Base):", mixin + "class Order(Dated, Base):").replace(
        "    placed: Mapped[date]\n\n\nclass Product", "\n\nclass Product"
    )
    sqlalchemy_at(application, text)
    told = application.ombud("models", "store")
    assert told.returncode == 0, told.stderr
    assert "    born: placed\n" in told.stdout


def test_what_an_abstract_model_of_django_says_holds_for_a_model_that_says_nothing_or_builds_on_it(
    application: Application,
) -> None:
    dated = (
        '\n\nclass Dated(models.Model):\n    class Ombud:\n        born = "unknown"\n\n'
        "    class Meta:\n        abstract = True\n"
    )
    text = DJANGO_MODELS.replace("\n\nclass Order(models.Model)", f"{dated}\n\nclass Order(Dated)")
    text = text.replace('    class Ombud:\n        born = "unknown"\n', "", 2) + (
        '\n\nclass Note(Dated):\n    text = personal(models.TextField(), "text")\n\n'
        '    class Ombud(Dated.Ombud):\n        owner = "nobody"\n'
    )
    text = text.replace(
        "class Dated(models.Model):\n", 'class Dated(models.Model):\n    class Ombud:\n        born = "unknown"\n'
    )
    application.write("site_settings.py", DJANGO_SETTINGS)
    application.write("store/__init__.py", "")
    application.write("store/models.py", text)
    told = application.ombud("models", "--django", "site_settings")
    assert told.returncode == 0, told.stderr
    order = told.stdout.partition("  store_order:\n")[2].partition("\n\n")[0]
    note = told.stdout.partition("  store_note:\n")[2].partition("\n\n")[0]
    assert "born: unknown" in order
    assert "born: unknown" in note
    assert "owner: nobody" in note
