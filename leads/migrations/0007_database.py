"""Tags, segments, views, bulk actions, tasks, files, merges, personas, privacy."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0006_company_fields"),
        ("workspaces", "0003_notice"),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkAction",
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
                ("kind", models.CharField(max_length=20)),
                (
                    "subject",
                    models.CharField(
                        choices=[("lead", "Leads"), ("company", "Companies")],
                        default="lead",
                        max_length=7,
                    ),
                ),
                ("parameters", models.JSONField(default=dict)),
                ("selection", models.JSONField(default=dict)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                            ("failed", "Stopped by a fault"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("cursor", models.UUIDField(blank=True, null=True)),
                ("total", models.PositiveIntegerField(default=0)),
                ("handled", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=500)),
                ("file", models.CharField(blank=True, default="", max_length=300)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("moved_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
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
        migrations.CreateModel(
            name="BulkChange",
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
                ("before", models.JSONField(default=dict)),
                (
                    "bulk",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="leads.bulkaction",
                    ),
                ),
                (
                    "lead",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="leads.lead",
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
        migrations.CreateModel(
            name="Duplicate",
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
                ("certainty", models.PositiveSmallIntegerField()),
                ("reasons", models.JSONField(default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "To be looked at"),
                            ("dismissed", "Two people"),
                            ("merged", "Merged"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                (
                    "found_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
                    ),
                ),
                (
                    "first",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="leads.lead",
                    ),
                ),
                (
                    "second",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="leads.lead",
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
        migrations.CreateModel(
            name="Merge",
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
                ("gone_id", models.UUIDField()),
                ("gone_label", models.CharField(max_length=254)),
                ("before", models.JSONField(default=dict)),
                ("moved", models.JSONField(default=dict)),
                ("merged_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
                    ),
                ),
                (
                    "lead",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merges",
                        to="leads.lead",
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
        migrations.CreateModel(
            name="PrivacyRequest",
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
                        choices=[("access", "What do you know about me?"), ("erase", "Forget me")],
                        max_length=6,
                    ),
                ),
                ("lead_id", models.UUIDField()),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("counts", models.JSONField(default=dict)),
                ("requested_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
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
        migrations.CreateModel(
            name="ProfileChange",
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
                ("field", models.CharField(max_length=80)),
                ("old", models.JSONField(null=True)),
                ("new", models.JSONField(null=True)),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("person", "a person"),
                            ("form", "a form"),
                            ("import", "an import"),
                            ("api", "the API"),
                            ("bulk", "a bulk action"),
                            ("merge", "a merge"),
                            ("tracking", "tracking"),
                        ],
                        max_length=8,
                    ),
                ),
                ("via_id", models.UUIDField(blank=True, null=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
                    ),
                ),
                (
                    "lead",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="profile_changes",
                        to="leads.lead",
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
        migrations.CreateModel(
            name="Purpose",
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
                ("key", models.SlugField(max_length=40, verbose_name="key")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "wording",
                    models.TextField(
                        blank=True, default="", max_length=2000, verbose_name="wording"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
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
        migrations.CreateModel(
            name="Consent",
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
                ("is_given", models.BooleanField()),
                ("source", models.CharField(blank=True, default="", max_length=100)),
                ("wording", models.TextField(blank=True, default="", max_length=2000)),
                ("proof", models.JSONField(default=dict)),
                ("occurred_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
                    ),
                ),
                (
                    "lead",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="leads.lead",
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
                (
                    "purpose",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="leads.purpose",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RemovedLead",
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
                ("lead_id", models.UUIDField()),
                ("label", models.CharField(max_length=254)),
                ("rows", models.JSONField(default=dict)),
                ("cause", models.CharField(max_length=10)),
                ("cause_id", models.UUIDField(blank=True, null=True)),
                ("removed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
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
        migrations.CreateModel(
            name="RetentionRule",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("condition", models.JSONField(default=dict, verbose_name="condition")),
                ("is_on", models.BooleanField(default=False, verbose_name="on")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("ran_at", models.DateTimeField(blank=True, null=True)),
                ("erased", models.PositiveIntegerField(default=0)),
                (
                    "by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
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
        migrations.CreateModel(
            name="SavedView",
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
                    "subject",
                    models.CharField(
                        choices=[("lead", "Leads"), ("company", "Companies")],
                        default="lead",
                        max_length=7,
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "is_shared",
                    models.BooleanField(default=False, verbose_name="shared with everybody"),
                ),
                ("query", models.JSONField(default=dict)),
                ("condition", models.JSONField(default=dict)),
                ("columns", models.JSONField(default=list)),
                ("sort", models.CharField(blank=True, default="", max_length=60)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "owner",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspaces.member",
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
        migrations.CreateModel(
            name="Segment",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "description",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="description"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("live", "Live"), ("frozen", "Frozen")],
                        default="live",
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                ("condition", models.JSONField(default=dict, verbose_name="condition")),
                ("size", models.PositiveIntegerField(default=0)),
                ("refreshed_on", models.DateField(blank=True, null=True)),
                ("is_stale", models.BooleanField(default=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
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
        migrations.CreateModel(
            name="Persona",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "whom",
                    models.TextField(
                        blank=True, default="", max_length=2000, verbose_name="whom we sell to"
                    ),
                ),
                (
                    "job",
                    models.TextField(
                        blank=True, default="", max_length=2000, verbose_name="their job"
                    ),
                ),
                (
                    "place",
                    models.TextField(
                        blank=True, default="", max_length=2000, verbose_name="where they are"
                    ),
                ),
                (
                    "why",
                    models.TextField(
                        blank=True, default="", max_length=2000, verbose_name="why they buy"
                    ),
                ),
                (
                    "goals",
                    models.TextField(blank=True, default="", max_length=2000, verbose_name="goals"),
                ),
                (
                    "needs",
                    models.TextField(blank=True, default="", max_length=2000, verbose_name="needs"),
                ),
                (
                    "pains",
                    models.TextField(blank=True, default="", max_length=2000, verbose_name="pains"),
                ),
                ("reasons", models.JSONField(default=list, verbose_name="reasons to buy from us")),
                (
                    "story",
                    models.TextField(
                        blank=True, default="", max_length=5000, verbose_name="story for the seller"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
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
                (
                    "segment",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="personas",
                        to="leads.segment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
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
                ("entered_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lead",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="leads.lead",
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
                (
                    "segment",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="leads.segment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tag",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("key", models.CharField(editable=False, max_length=60)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
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
        migrations.CreateModel(
            name="LeadTag",
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
                    "tagged_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
                    ),
                ),
                (
                    "lead",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lead_tags",
                        to="leads.lead",
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
                (
                    "tag",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lead_tags",
                        to="leads.tag",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskKind",
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
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "is_promise",
                    models.BooleanField(default=False, verbose_name="promised to the lead"),
                ),
                (
                    "due_hours",
                    models.PositiveSmallIntegerField(
                        default=24, verbose_name="due after, in hours"
                    ),
                ),
                (
                    "remind_hours",
                    models.PositiveSmallIntegerField(
                        blank=True, default=1, null=True, verbose_name="remind before, in hours"
                    ),
                ),
                (
                    "escalate_hours",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=24,
                        null=True,
                        verbose_name="tell the managers when late by, in hours",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
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
        migrations.CreateModel(
            name="Task",
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
                ("title", models.CharField(max_length=200, verbose_name="what to do")),
                (
                    "note",
                    models.TextField(blank=True, default="", max_length=5000, verbose_name="note"),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("remind_at", models.DateTimeField(blank=True, null=True)),
                ("escalate_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assignee",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
                    ),
                ),
                (
                    "by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
                    ),
                ),
                (
                    "company",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="leads.company",
                    ),
                ),
                (
                    "done_by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
                    ),
                ),
                (
                    "lead",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="leads.lead",
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
                (
                    "kind",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="leads.taskkind",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tombstone",
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
                ("kind", models.CharField(max_length=8)),
                ("value_hash", models.CharField(max_length=64)),
                ("erased_at", models.DateTimeField()),
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
        migrations.CreateModel(
            name="Attachment",
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
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("content_type", models.CharField(blank=True, default="", max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("path", models.CharField(editable=False, max_length=300)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
                    ),
                ),
                (
                    "company",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="leads.company",
                    ),
                ),
                (
                    "lead",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="leads.lead",
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
            options={
                "indexes": [
                    models.Index(
                        fields=["workspace", "lead", "-created_at"], name="attachment_lead"
                    ),
                    models.Index(
                        fields=["workspace", "company", "-created_at"], name="attachment_company"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="bulkaction",
            index=models.Index(fields=["workspace", "-created_at", "-id"], name="bulk_newest"),
        ),
        migrations.AddIndex(
            model_name="bulkchange",
            index=models.Index(fields=["workspace", "lead"], name="bulk_change_lead"),
        ),
        migrations.AddConstraint(
            model_name="bulkchange",
            constraint=models.UniqueConstraint(
                fields=("workspace", "bulk", "lead"), name="bulk_change_once"
            ),
        ),
        migrations.AddIndex(
            model_name="duplicate",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["workspace", "-certainty", "id"],
                name="duplicate_open",
            ),
        ),
        migrations.AddIndex(
            model_name="duplicate",
            index=models.Index(fields=["workspace", "second"], name="duplicate_second"),
        ),
        migrations.AddConstraint(
            model_name="duplicate",
            constraint=models.UniqueConstraint(
                fields=("workspace", "first", "second"), name="duplicate_once"
            ),
        ),
        migrations.AddIndex(
            model_name="merge",
            index=models.Index(fields=["workspace", "gone_id"], name="merge_gone"),
        ),
        migrations.AddIndex(
            model_name="merge",
            index=models.Index(fields=["workspace", "lead", "-merged_at"], name="merge_lead"),
        ),
        migrations.AddIndex(
            model_name="privacyrequest",
            index=models.Index(fields=["workspace", "-requested_at", "-id"], name="privacy_newest"),
        ),
        migrations.AddIndex(
            model_name="profilechange",
            index=models.Index(
                fields=["workspace", "lead", "-changed_at"], name="profile_change_lead"
            ),
        ),
        migrations.AddIndex(
            model_name="profilechange",
            index=models.Index(
                condition=models.Q(("via_id__isnull", False)),
                fields=["workspace", "via_id"],
                name="profile_change_via",
            ),
        ),
        migrations.AddConstraint(
            model_name="purpose",
            constraint=models.UniqueConstraint(
                fields=("workspace", "key"),
                name="purpose_once",
                violation_error_message="Another purpose already has this key.",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                fields=["workspace", "lead", "purpose", "-occurred_at", "-id"], name="consent_lead"
            ),
        ),
        migrations.AddIndex(
            model_name="removedlead",
            index=models.Index(fields=["workspace", "cause_id"], name="removed_cause"),
        ),
        migrations.AddIndex(
            model_name="removedlead",
            index=models.Index(fields=["workspace", "expires_at"], name="removed_expires"),
        ),
        migrations.AddIndex(
            model_name="removedlead",
            index=models.Index(fields=["workspace", "-removed_at", "-id"], name="removed_newest"),
        ),
        migrations.AddConstraint(
            model_name="removedlead",
            constraint=models.UniqueConstraint(
                fields=("workspace", "lead_id"), name="removed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionrule",
            constraint=models.UniqueConstraint(
                fields=("workspace", "name"),
                name="retention_rule_once",
                violation_error_message="Another retention rule already has this name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("workspace", "subject", "owner", "name"),
                name="view_name_once",
                violation_error_message="You already have a view with this name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.UniqueConstraint(
                fields=("workspace", "name"),
                name="segment_name_once",
                violation_error_message="Another segment already has this name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="persona",
            constraint=models.UniqueConstraint(
                fields=("workspace", "name"),
                name="persona_once",
                violation_error_message="Another persona already has this name.",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["workspace", "lead", "-entered_at"], name="membership_lead"),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                fields=["workspace", "segment", "-entered_at"], name="membership_entered"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)),
                fields=("workspace", "segment", "lead"),
                name="membership_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(
                fields=("workspace", "key"),
                name="tag_once",
                violation_error_message="Another tag already has this name.",
            ),
        ),
        migrations.AddIndex(
            model_name="leadtag",
            index=models.Index(fields=["workspace", "tag", "lead"], name="lead_tag_leads"),
        ),
        migrations.AddConstraint(
            model_name="leadtag",
            constraint=models.UniqueConstraint(
                fields=("workspace", "lead", "tag"), name="lead_tag_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="taskkind",
            constraint=models.UniqueConstraint(
                fields=("workspace", "name"),
                name="task_kind_once",
                violation_error_message="Another kind of task already has this name.",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["workspace", "lead", "due_at"], name="task_lead"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("done_at", None), ("dropped_at", None)),
                fields=["workspace", "assignee", "due_at", "id"],
                name="task_open",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(
                    ("done_at", None), ("dropped_at", None), ("remind_at__isnull", False)
                ),
                fields=["workspace", "remind_at"],
                name="task_remind",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(
                    ("done_at", None), ("dropped_at", None), ("escalate_at__isnull", False)
                ),
                fields=["workspace", "escalate_at"],
                name="task_escalate",
            ),
        ),
        migrations.AddConstraint(
            model_name="tombstone",
            constraint=models.UniqueConstraint(
                fields=("workspace", "kind", "value_hash"), name="tombstone_once"
            ),
        ),
        Fence("Tag", "LeadTag", "Segment", "Membership", "SavedView"),
        Fence("BulkAction", "BulkChange", "TaskKind", "Task", "Attachment"),
        Fence("Duplicate", "Merge", "RemovedLead", "Persona", "ProfileChange"),
        Fence("Purpose", "Consent", "Tombstone", "PrivacyRequest", "RetentionRule"),
    ]
