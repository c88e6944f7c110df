"""More to know about companies, custom fields for them too, and more kinds of field."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0005_class"),
        ("workspaces", "0003_notice"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="customfield",
            name="field_key_once",
        ),
        migrations.AddField(
            model_name="company",
            name="attributes",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="company",
            name="changed_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name="company",
            name="city",
            field=models.CharField(blank=True, db_default="", max_length=100, verbose_name="city"),
        ),
        migrations.AddField(
            model_name="company",
            name="phone",
            field=models.CharField(blank=True, db_default="", max_length=40, verbose_name="phone"),
        ),
        migrations.AddField(
            model_name="company",
            name="website",
            field=models.CharField(
                blank=True, db_default="", max_length=300, verbose_name="website"
            ),
        ),
        migrations.AddField(
            model_name="customfield",
            name="subject",
            field=models.CharField(
                choices=[("lead", "Leads"), ("company", "Companies")],
                db_default="lead",
                default="lead",
                max_length=7,
                verbose_name="about",
            ),
        ),
        migrations.AlterField(
            model_name="customfield",
            name="kind",
            field=models.CharField(
                choices=[
                    ("text", "Text"),
                    ("number", "Number"),
                    ("money", "Money"),
                    ("date", "Date"),
                    ("choice", "Choice"),
                    ("choices", "Many choices"),
                    ("yes_no", "Yes or no"),
                    ("link", "Link"),
                    ("person", "Person"),
                ],
                default="text",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.UniqueConstraint(
                fields=("workspace", "subject", "key"),
                name="field_key_once",
                violation_error_message="Another field already has this key.",
            ),
        ),
    ]
