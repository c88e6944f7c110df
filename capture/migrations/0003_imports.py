"""Imports that can be tried, remembered and undone; whose people they hold."""

import django.db.models.deletion
from django.db import migrations, models

import capture.models.imports
import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import Fence, FenceReference


class Migration(migrations.Migration):
    dependencies = [
        ("capture", "0002_fence"),
        ("leads", "0008_order"),
        ("workspaces", "0005_one_look_at_a_key"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportTrace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=leadmgmt.kernel.fencing.UUIDv7(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lead", "Lead made"),
                            ("company", "Company made"),
                            ("changed", "Company changed"),
                            ("field", "Custom field made"),
                            ("tag", "Tag put on a lead"),
                            ("consent", "Consent recorded"),
                        ],
                        max_length=8,
                    ),
                ),
                ("object_id", models.UUIDField()),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                (
                    "of",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="traces",
                        to="capture.import",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        default=leadmgmt.kernel.context.current_workspace_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspaces.workspace",
                    ),
                ),
            ],
        ),
        migrations.RenameField("import", "overwrites", "known"),
        # By the statement itself: row security hides the rows from an UPDATE of the owner.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE capture_import ALTER COLUMN known TYPE varchar(10)"
                    " USING CASE WHEN known THEN 'overwrite' ELSE 'fill' END",
                    "ALTER TABLE capture_import ALTER COLUMN known TYPE boolean"
                    " USING known = 'overwrite'",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="import",
                    name="known",
                    field=models.CharField(
                        choices=[
                            ("fill", "Fill in only what we do not know yet"),
                            ("overwrite", "Replace what we know with what the file says"),
                            ("skip", "Leave them as they are, skip the row"),
                        ],
                        default="fill",
                        max_length=10,
                        verbose_name="known people",
                    ),
                )
            ],
        ),
        migrations.AddField(
            model_name="import",
            name="date_order",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not said"),
                    ("dmy", "Day first: 3/4/2026 is 3 April"),
                    ("mdy", "Month first: 3/4/2026 is March 4"),
                ],
                db_default="",
                default="",
                max_length=3,
                verbose_name="dates",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="expired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="import",
            name="expires_on",
            field=models.DateField(blank=True, null=True, verbose_name="to be used until"),
        ),
        migrations.AddField(
            model_name="import",
            name="header_key",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="import",
            name="licence",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=300, verbose_name="licence"
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="like",
            field=leadmgmt.kernel.fencing.WorkspaceForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="capture.import",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="origin",
            field=models.CharField(
                choices=[
                    ("own", "Our own"),
                    ("fair", "Trade fair or event"),
                    ("partner", "From a partner"),
                    ("bought", "Bought"),
                    ("rented", "Rented"),
                    ("public", "Public sources"),
                ],
                db_default="own",
                default="own",
                max_length=8,
                verbose_name="origin",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="problem",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="import",
            name="trial",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="import",
            name="undone",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="import",
            name="undone_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="import",
            name="uses",
            field=models.JSONField(
                db_default=["email", "call", "post", "ads"],
                default=capture.models.imports.every_use,
                verbose_name="permitted uses",
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="identity",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Whatever is known: external id, then email, then phone"),
                    ("email", "Email"),
                    ("phone", "Phone"),
                    ("external_id", "External id"),
                    ("email_or_phone", "Email or phone"),
                ],
                default="",
                max_length=20,
                verbose_name="identity",
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="status",
            field=models.CharField(
                choices=[
                    ("reading", "Being read"),
                    ("unreadable", "Cannot be read"),
                    ("draft", "Not started"),
                    ("checking", "Being tried"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("cancelled", "Cancelled"),
                    ("undoing", "Being undone"),
                    ("undone", "Undone"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(
                fields=["workspace", "header_key", "-started_at"], name="import_like"
            ),
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(
                condition=models.Q(("expired_at", None), ("expires_on__isnull", False)),
                fields=["workspace", "expires_on"],
                name="import_expires",
            ),
        ),
        migrations.AddIndex(
            model_name="importtrace",
            index=models.Index(fields=["workspace", "of", "kind", "object_id"], name="trace_of"),
        ),
        migrations.AddIndex(
            model_name="importtrace",
            index=models.Index(fields=["workspace", "object_id"], name="trace_object"),
        ),
        Fence("ImportTrace", is_referenced=False),
        FenceReference("Import", "like"),
    ]
