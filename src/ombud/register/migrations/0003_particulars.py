"""What a row says of a handing-over."""

# mypy: allow-subclassing-any

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("ombud_register", "0002_only_added"),)

    operations = (
        migrations.CreateModel(
            name="Particulars",
            fields=[
                (
                    "disclosure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="ombud_register.disclosure",
                    ),
                ),
                ("row", models.CharField(blank=True, default="", max_length=64)),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("known_as", models.BinaryField(null=True)),
                ("told", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "db_table": "ombud_particulars",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("row", ""), _negated=True),
                        fields=("row",),
                        name="ombud_particulars_row_once",
                    )
                ],
            },
        ),
    )
