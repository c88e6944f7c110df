"""What sales said about MQLs, by the rule that made them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from funnel.actions.deciding import accept_mql, recycle_mql, reject_mql
from funnel.actions.stages import enter_stage
from funnel.models import Definition
from funnel.queries.rejections import verdicts
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.models import Lead
from tests.builders import a_key, a_lead
from tests.clients import api_of, client_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def rule() -> Definition:
    made: Definition = Definition.objects.create(stage="mql", version=3, explanation="x")
    return made


def an_mql(by: Member, rule: Definition | None, now: datetime = NOW) -> Lead:
    lead = a_lead(owner=by)
    enter_stage([lead.pk], stage="mql", reason="x", definition=rule, now=now)
    lead.refresh_from_db()
    return lead


def test_each_rule_answers_for_its_mqls(rita: Member, rule: Definition) -> None:
    first, second, third, _silent = (an_mql(rita, rule) for _ in range(4))
    by_hand, later = an_mql(rita, None), an_mql(rita, rule, NOW + 40 * DAY)
    for lead in (first, by_hand, later):
        reject_mql(lead, reason="wrong_firm", words="Too small", by=rita, now=NOW + 41 * DAY)
    recycle_mql(second, reason="silent", return_on=date(2026, 9, 1), by=rita, now=NOW + DAY)
    accept_mql(third, reason="fits", by=rita, now=NOW + DAY)
    found = verdicts(NOW - DAY, NOW + DAY)
    ours, hand = found.by_definition
    assert (ours.rule, ours.made, ours.accepted, ours.rejected, ours.recycled, ours.undecided) == (
        rule, 4, 1, 1, 1, 1,
    )  # fmt: skip
    assert (hand.rule, hand.made, hand.rejected) == (None, 1, 1)
    assert ours.reasons == {"wrong_firm": 1, "silent": 1}
    assert found.by_reason[0] == ("rejected", "wrong_firm", 2)


def test_page_and_api_tell_it(rita: Member, ada: Member, rule: Definition) -> None:
    now = datetime.now(UTC)
    lead = an_mql(rita, rule, now - DAY)
    reject_mql(lead, reason="wrong_firm", words="Too small", by=rita, now=now)
    shown: Any = client_of(rita).get(workspace_reverse("funnel:rejections"))
    for words in ("version 3", "Not a firm we sell to", "Too small"):
        assert words in shown.content.decode()
    [row] = api_of(a_key(ada)).get("/api/v1/mql-feedback/").json()["by_definition"]
    assert (row["rule"], row["made"], row["rejected_share"]) == (str(rule.pk), 1, 1.0)
    bad = {"since": "2026-01-01T00:00:00Z", "until": "2025-01-01T00:00:00Z"}
    assert api_of(a_key(ada)).get("/api/v1/mql-feedback/", bad).status_code == 422


def test_each_number_opens_the_very_mqls(rita: Member, ada: Member, rule: Definition) -> None:
    now = datetime.now(UTC)
    first, second = (an_mql(rita, rule, now - DAY) for _ in range(2))
    by_hand = an_mql(rita, None, now - 2 * DAY)
    reject_mql(first, reason="wrong_firm", words="Too small", by=rita, now=now)
    browser, client = client_of(rita), api_of(a_key(ada))
    page = browser.get(workspace_reverse("funnel:rejections")).content.decode()
    address, api = workspace_reverse("funnel:rejection_list"), "/api/v1/mql-feedback/mqls/"
    expected: dict[str, set[Lead]] = {
        f"definition={rule.pk}": {first, second},
        "definition=none": {by_hand},
        f"kind=rejected&definition={rule.pk}": {first},
        f"kind=undecided&definition={rule.pk}": {second},
        "kind=rejected&reason=wrong_firm": {first},
        "score=none": {first, second, by_hand},
    }
    for query, leads in expected.items():
        assert f"{address}?days=90&amp;{query}".replace("&amp;", "&") in page.replace("&amp;", "&")
        shown = browser.get(f"{address}?days=90&{query}").content.decode()
        assert {each for each in (first, second, by_hand) if each.name in shown} == leads
        told = client.get(f"{api}?{query}").json()["results"]
        assert {each["lead"] for each in told} == {str(lead.pk) for lead in leads}
    assert "Too small" in browser.get(f"{address}?kind=rejected").content.decode()
    assert client.get(f"{api}?definition=x").status_code == 422
    assert "Nobody here" in browser.get(f"{address}?kind=accepted").content.decode()
