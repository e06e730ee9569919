"""What proving who asks takes: codes, how often messages were started, registered addresses."""

# mypy: allow-subclassing-any

import django.db.models.deletion
from django.db import migrations, models

import ombud.register.models.fields


class Migration(migrations.Migration):
    dependencies = (("ombud_register", "0003_particulars"),)

    operations = (
        migrations.CreateModel(
            name="Registered",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="ombud_register.request",
                    ),
                ),
                ("entry", models.BinaryField()),
                ("at", ombud.register.models.fields.Instant()),
            ],
            options={
                "db_table": "ombud_registered",
            },
        ),
        migrations.CreateModel(
            name="Started",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.CharField(max_length=16)),
                ("digest", models.CharField(max_length=64)),
                ("instants", models.JSONField(default=list)),
                ("newest", ombud.register.models.fields.Instant()),
            ],
            options={
                "db_table": "ombud_started",
                "indexes": [models.Index(fields=["newest"], name="ombud_started_newest")],
                "constraints": [models.UniqueConstraint(fields=("scope", "digest"), name="ombud_started_once")],
            },
        ),
        migrations.CreateModel(
            name="Challenge",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("point", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("until", ombud.register.models.fields.Instant()),
                ("tried", models.IntegerField(default=0)),
                ("spent", models.BooleanField(default=False)),
                ("asked", models.BinaryField(null=True)),
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="ombud_register.request",
                    ),
                ),
            ],
            options={
                "db_table": "ombud_challenge",
                "indexes": [models.Index(fields=["until"], name="ombud_challenge_until")],
            },
        ),
    )
