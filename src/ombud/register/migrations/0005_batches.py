"""Batches: many requests of one file."""

# mypy: allow-subclassing-any

import django.db.models.deletion
from django.db import migrations, models

import ombud.register.models.fields


class Migration(migrations.Migration):
    dependencies = (("ombud_register", "0004_contact_points"),)

    operations = (
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=32)),
                ("made", ombud.register.models.fields.Instant()),
                ("by", models.CharField(max_length=200)),
                ("lines", models.IntegerField(default=0)),
                ("whole", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "ombud_batch",
            },
        ),
        migrations.CreateModel(
            name="Batched",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="ombud_register.request",
                    ),
                ),
                ("line", models.IntegerField()),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ombud_register.batch",
                    ),
                ),
            ],
            options={
                "db_table": "ombud_batched",
                "constraints": [models.UniqueConstraint(fields=("batch", "line"), name="ombud_batched_line")],
            },
        ),
    )
