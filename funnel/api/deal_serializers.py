"""What the API says and takes of deals."""

from rest_framework import serializers

from funnel.models import CloseReason, Deal, DealChange, PipelineStage, Product
from leads.api.fields import PresentMemberField, by_member, one_of
from leads.api.leads import StrictFields
from leads.models import Lead


class DealSerializer(serializers.ModelSerializer[Deal]):
    """A sale under way or decided; money in cents, `probability` its own in percent, if any."""

    lead = one_of(Lead)

    class Meta:
        model = Deal
        exclude: tuple[str, ...] = ("workspace", "key", "closes_on")


class DealChangesSerializer(StrictFields):
    """What to change of an open deal; a field that is not named stays as it is."""

    name = serializers.CharField(max_length=200, required=False)
    amount = serializers.IntegerField(required=False, allow_null=True)
    margin = serializers.IntegerField(required=False, allow_null=True)
    expected_on = serializers.DateField(required=False, allow_null=True)
    probability = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=100
    )
    next_step = serializers.CharField(max_length=200, required=False, allow_blank=True)
    next_step_on = serializers.DateField(required=False, allow_null=True)
    owner = PresentMemberField(required=False, allow_null=True)
    by = by_member()


class ToldDealLineSerializer(StrictFields):
    """A line as it shall be: with `id` one there is, with `key` a new one, once."""

    id = serializers.UUIDField(required=False)
    key = serializers.CharField(required=False, max_length=100)
    product = one_of(Product)
    quantity = serializers.DecimalField(max_digits=10, decimal_places=3)
    unit_price = serializers.IntegerField(required=False, allow_null=True)
    unit_cost = serializers.IntegerField(required=False, allow_null=True)
    discount = serializers.DecimalField(max_digits=5, decimal_places=2, required=False)


class NewDealSerializer(DealChangesSerializer):
    """Open a deal; the same `key` again opens no other. Without `stage` it begins in the first.

    With `lines`, in their order, amount and margin are their sums and need not be told.
    """

    lead = one_of(Lead)
    name = serializers.CharField(max_length=200)
    stage = one_of(PipelineStage, required=False)
    key = serializers.CharField(required=False, max_length=100)
    lines = ToldDealLineSerializer(many=True, required=False)


class MovedSerializer(StrictFields):
    """The stage it goes to; `seen_in`: where it was when that was decided (409 if it is not)."""

    stage = one_of(PipelineStage)
    seen_in = one_of(PipelineStage, required=False)
    by = by_member()


class WhySerializer(StrictFields):
    """A reason of the list, and words."""

    close_reason = one_of(CloseReason, required=False, allow_null=True)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    by = by_member()


class WonSerializer(WhySerializer):
    """What winning needs, in cents; a deal with lines has the figures already."""

    amount = serializers.IntegerField(required=False, default=None)
    margin = serializers.IntegerField(required=False, default=None)


class LostSerializer(WhySerializer):
    """What losing needs: at least one of the two."""


class OpenedAgainSerializer(StrictFields):
    """Who does it."""

    by = by_member()


class ChangeSerializer(serializers.ModelSerializer[DealChange]):
    """One field, before and after; names and sums as they were then."""

    class Meta:
        model = DealChange
        fields = ("id", "field", "old", "new", "by", "changed_at")
