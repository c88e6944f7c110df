"""Products, and the lines of deals."""

from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.math
from django.db import migrations, models

import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0015_care_catalogue"),
        ("workspaces", "0010_closer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Product",
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
                    "code",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="code"),
                ),
                (
                    "unit",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="unit"),
                ),
                ("price", models.BigIntegerField(verbose_name="price")),
                ("cost", models.BigIntegerField(default=0, verbose_name="cost")),
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
            name="DealLine",
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
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "quantity",
                    models.DecimalField(decimal_places=3, max_digits=10, verbose_name="quantity"),
                ),
                ("unit_price", models.BigIntegerField(verbose_name="price of one")),
                ("unit_cost", models.BigIntegerField(verbose_name="cost of one")),
                (
                    "discount",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=5, verbose_name="discount"
                    ),
                ),
                (
                    "amount",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.math.Round(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("quantity"), "*", models.F("unit_price")
                                        ),
                                        "*",
                                        django.db.models.expressions.CombinedExpression(
                                            models.Value(100), "-", models.F("discount")
                                        ),
                                    ),
                                    "*",
                                    models.Value(Decimal("0.01")),
                                )
                            ),
                            models.BigIntegerField(),
                        ),
                        output_field=models.BigIntegerField(),
                    ),
                ),
                (
                    "margin",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.math.Round(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("quantity"), "*", models.F("unit_price")
                                            ),
                                            "*",
                                            django.db.models.expressions.CombinedExpression(
                                                models.Value(100), "-", models.F("discount")
                                            ),
                                        ),
                                        "*",
                                        models.Value(Decimal("0.01")),
                                    ),
                                    "-",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("quantity"), "*", models.F("unit_cost")
                                    ),
                                )
                            ),
                            models.BigIntegerField(),
                        ),
                        output_field=models.BigIntegerField(),
                    ),
                ),
                (
                    "deal",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="funnel.deal",
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
                    "product",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="funnel.product",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                fields=("workspace", "name"), name="product_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True),
                fields=("workspace", "code"),
                name="product_code_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost__gte", 0), ("price__gte", 0)),
                name="product_asks_nothing_negative",
            ),
        ),
        migrations.AddIndex(
            model_name="dealline",
            index=models.Index(fields=["workspace", "deal", "position", "id"], name="line_of_deal"),
        ),
        migrations.AddConstraint(
            model_name="dealline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="deal_line_has_some"
            ),
        ),
        migrations.AddConstraint(
            model_name="dealline",
            constraint=models.CheckConstraint(
                condition=models.Q(("discount__gte", 0), ("discount__lte", 100)),
                name="deal_line_discount_in_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="dealline",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_cost__gte", 0), ("unit_price__gte", 0)),
                name="deal_line_asks_nothing_negative",
            ),
        ),
        Fence("Product", "DealLine"),
    ]
