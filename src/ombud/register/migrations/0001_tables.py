"""The register's first tables, as the models say them. Written by Django's makemigrations."""

# mypy: allow-subclassing-any

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import ombud.register.models.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = ()

    operations = (
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("year", models.IntegerField(primary_key=True, serialize=False)),
                ("last", models.IntegerField()),
            ],
            options={
                "db_table": "ombud_counter",
            },
        ),
        migrations.CreateModel(
            name="Fingerprint",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("of_key", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "ombud_fingerprint",
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("protected", models.BooleanField(default=False)),
                ("why_protected", models.CharField(blank=True, default="", max_length=200)),
                ("seen_by", models.JSONField(default=list)),
                ("forgotten", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "ombud_person",
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=64)),
                ("about", models.CharField(max_length=200)),
                ("by", models.CharField(max_length=200)),
                ("at", ombud.register.models.fields.Instant()),
            ],
            options={
                "db_table": "ombud_approval",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("what"),
                        models.F("about"),
                        django.db.models.functions.text.Lower("by"),
                        name="ombud_approval_once_each",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recipient", models.CharField(max_length=64)),
                ("purpose", models.CharField(max_length=64)),
                ("company", models.CharField(blank=True, default="", max_length=64)),
                ("categories", models.JSONField(default=list)),
                ("day", models.DateField()),
                ("agreement", models.CharField(blank=True, default="", max_length=64)),
                ("source", models.CharField(blank=True, default="", max_length=64)),
                ("table", models.CharField(blank=True, default="", max_length=200)),
                ("until", models.DateField(null=True)),
            ],
            options={
                "db_table": "ombud_disclosure",
                "indexes": [models.Index(fields=["until"], name="ombud_disclosure_until")],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=16)),
                ("purpose", models.CharField(max_length=64)),
                ("company", models.CharField(blank=True, default="", max_length=64)),
                ("text_version", models.CharField(max_length=64)),
                ("text_sha256", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=16)),
                ("shown_at", ombud.register.models.fields.Instant(null=True)),
                ("at", ombud.register.models.fields.Instant()),
                ("how", models.CharField(max_length=200)),
                ("mark", models.BigIntegerField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ombud_register.person"
                    ),
                ),
            ],
            options={
                "db_table": "ombud_consent",
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=32)),
                ("state", models.CharField(max_length=32)),
                ("received", models.DateField()),
                ("company", models.CharField(max_length=64, null=True)),
                ("protected", models.BooleanField(default=False)),
                ("said", models.JSONField()),
                ("created", ombud.register.models.fields.Instant()),
                ("entries", models.IntegerField()),
                ("over_on", models.DateField(null=True)),
                ("forgotten", models.BooleanField(default=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ombud_register.person"
                    ),
                ),
            ],
            options={
                "db_table": "ombud_request",
            },
        ),
        migrations.CreateModel(
            name="Proven",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rung", models.CharField(max_length=32)),
                ("how", models.CharField(max_length=200)),
                ("at", ombud.register.models.fields.Instant()),
                ("by", models.CharField(blank=True, default="", max_length=200)),
                ("second", models.CharField(blank=True, default="", max_length=200)),
                ("reference", models.CharField(blank=True, default="", max_length=200)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ombud_register.request"
                    ),
                ),
            ],
            options={
                "db_table": "ombud_proven",
            },
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=64)),
                ("state", models.CharField(max_length=32)),
                ("attempts", models.IntegerField(default=0)),
                ("trouble", models.CharField(blank=True, default="", max_length=32)),
                ("done_at", ombud.register.models.fields.Instant(null=True)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ombud_register.request"
                    ),
                ),
            ],
            options={
                "db_table": "ombud_part",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recipient", models.CharField(max_length=64)),
                ("why", models.CharField(max_length=32)),
                ("channel", models.CharField(max_length=16)),
                ("key", models.CharField(max_length=64, unique=True)),
                ("content", models.BinaryField(null=True)),
                ("made", ombud.register.models.fields.Instant()),
                ("attempts", models.IntegerField(default=0)),
                ("next_attempt", ombud.register.models.fields.Instant(null=True)),
                ("trouble", models.CharField(blank=True, default="", max_length=32)),
                ("lease", models.CharField(blank=True, default="", max_length=32)),
                ("leased_until", ombud.register.models.fields.Instant(null=True)),
                ("sent_at", ombud.register.models.fields.Instant(null=True)),
                ("receipt", models.TextField(blank=True, default="")),
                ("given_up", models.TextField(blank=True, default="")),
                ("given_up_by", models.CharField(blank=True, default="", max_length=200)),
                (
                    "disclosure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ombud_register.disclosure",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ombud_register.request",
                    ),
                ),
            ],
            options={
                "db_table": "ombud_notice",
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("text", models.BinaryField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ombud_register.request"
                    ),
                ),
            ],
            options={
                "db_table": "ombud_note",
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("kind", models.CharField(max_length=64)),
                ("day", models.DateField()),
                ("at", ombud.register.models.fields.Instant()),
                ("actor", models.CharField(max_length=200)),
                ("payload", models.JSONField(default=dict)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ombud_register.request"
                    ),
                ),
            ],
            options={
                "db_table": "ombud_event",
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("source", models.CharField(max_length=64)),
                ("table", models.CharField(max_length=200)),
                ("cell", models.CharField(max_length=200)),
                ("change", models.BinaryField(null=True)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ombud_register.request"
                    ),
                ),
            ],
            options={
                "db_table": "ombud_correction",
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("content", models.BinaryField(null=True)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("made", ombud.register.models.fields.Instant()),
                ("keep_until", models.DateField()),
                ("delivered_at", ombud.register.models.fields.Instant(null=True)),
                ("wiped_on", models.DateField(null=True)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ombud_register.request"
                    ),
                ),
            ],
            options={
                "db_table": "ombud_answer",
            },
        ),
        migrations.CreateModel(
            name="DisclosedPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                (
                    "disclosure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="persons",
                        to="ombud_register.disclosure",
                    ),
                ),
            ],
            options={
                "db_table": "ombud_disclosed_person",
                "constraints": [
                    models.UniqueConstraint(fields=("digest", "kind", "disclosure"), name="ombud_disclosed_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Identifier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("source", models.CharField(blank=True, default="", max_length=64)),
                ("value", models.BinaryField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="ombud_register.person"
                    ),
                ),
            ],
            options={
                "db_table": "ombud_identifier",
                "indexes": [models.Index(fields=["digest", "kind"], name="ombud_identifier_digest")],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "kind", "digest", "source"), name="ombud_identifier_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=["received", "id"],
                name="ombud_request_open",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(fields=["over_on"], name="ombud_request_over"),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("forgotten", False), ("over_on__isnull", False), _connector="OR"),
                name="ombud_request_forgotten_after_its_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="proven",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rung", "staff"), _negated=True),
                    models.Q(
                        models.Q(("by", ""), _negated=True),
                        models.Q(("second", ""), _negated=True),
                        models.Q(("second", models.F("by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="ombud_proven_by_two_of_staff",
            ),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.UniqueConstraint(fields=("request", "source"), name="ombud_part_source"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("given_up", ""), ("sent_at__isnull", True)),
                fields=["next_attempt", "id"],
                name="ombud_notice_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(fields=("request", "number"), name="ombud_note_number"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(fields=("request", "number"), name="ombud_event_number"),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(fields=("request", "number"), name="ombud_correction_number"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("request", "number"), name="ombud_answer_number"),
        ),
    )
