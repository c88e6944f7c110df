"""Addresses of the funnel, inside a workspace."""

from django.urls import path

from funnel.views import (
    cycles,
    deals,
    deciding,
    definitions,
    playbooks,
    queue,
    routing,
    routing_drafts,
    working,
)

app_name = "funnel"

urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("queue/next/", queue.claim_next, name="claim_next"),
    path("leads/<uuid:id>/claim/", queue.claim, name="claim"),
    path("leads/<uuid:id>/hand-back/", queue.hand_back, name="hand_back"),
    path("leads/<uuid:id>/hand-over/", deciding.hand_over, name="hand_over"),
    path("leads/<uuid:id>/snooze/", deciding.snooze, name="snooze"),
    path("leads/<uuid:id>/wake/", deciding.wake, name="wake"),
    path("leads/<uuid:id>/accept/", deciding.accept, name="accept"),
    path("leads/<uuid:id>/reject/", deciding.reject, name="reject"),
    path("leads/<uuid:id>/recycle/", deciding.recycle, name="recycle"),
    path("leads/<uuid:id>/attempt/", working.attempt, name="attempt"),
    path("leads/<uuid:id>/qualification/", working.qualification, name="qualification"),
    path("leads/<uuid:id>/stage/", working.move, name="move"),
    path("leads/<uuid:id>/cycle/", cycles.cycle_close, name="cycle_close"),
    path("playbook/", playbooks.playbook, name="playbook"),
    path("playbook/change/", playbooks.playbook_change, name="playbook_change"),
    path("routing/", routing.routing, name="routing"),
    path("routing/off/", routing.routing_off, name="routing_off"),
    path("routing/waiting/", routing.routing_waiting, name="routing_waiting"),
    path("routing/versions/<uuid:id>/", routing.routing_version, name="routing_version"),
    path("routing/draft/", routing_drafts.draft, name="routing_draft"),
    path("routing/draft/start/", routing_drafts.draft_start, name="routing_draft_start"),
    path("routing/draft/discard/", routing_drafts.draft_discard, name="routing_draft_discard"),
    path("routing/draft/dry-run/", routing_drafts.dry_run, name="routing_dry_run"),
    path("routing/draft/publish/", routing_drafts.publish, name="routing_publish"),
    path("routing/draft/rules/new/", routing_drafts.rule_add, name="routing_rule_add"),
    path("routing/draft/rules/<uuid:id>/", routing_drafts.rule_edit, name="routing_rule"),
    path("routing/draft/rules/<uuid:id>/move/", routing_drafts.rule_move, name="routing_rule_move"),
    path(
        "routing/draft/rules/<uuid:id>/remove/",
        routing_drafts.rule_remove,
        name="routing_rule_remove",
    ),
    path("teams/<uuid:id>/shares/", routing.team_shares, name="team_shares"),
    path("teams/<uuid:id>/shares/<uuid:member>/", routing.team_share, name="team_share"),
    path("cycles/", cycles.cycle_list, name="cycle_list"),
    path("cycles/<uuid:id>/", cycles.cycle, name="cycle"),
    path("cycles/<uuid:id>/reopen/", cycles.cycle_reopen, name="cycle_reopen"),
    path("deals/", deals.deal_list, name="deal_list"),
    path("deals/new/", deals.deal_add, name="deal_add"),
    path("deals/<uuid:id>/", deals.deal, name="deal"),
    path("deals/<uuid:id>/won/", deals.deal_win, name="deal_win"),
    path("deals/<uuid:id>/lost/", deals.deal_lose, name="deal_lose"),
    path("definitions/", definitions.definitions, name="definitions"),
    path(
        "definitions/<slug:stage>/change/", definitions.definition_change, name="definition_change"
    ),
    path(
        "definitions/<slug:stage>/publish/",
        definitions.definition_publish,
        name="definition_publish",
    ),
    path(
        "definitions/<slug:stage>/discard/",
        definitions.definition_discard,
        name="definition_discard",
    ),
]
