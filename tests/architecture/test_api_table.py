"""The access table of the API against the views: every route × method × scope, no row left out.

See test_api_access for keys that are none, and rows of another workspace.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from capture.actions.uploading import upload_import
from funnel.health.drafting import start_draft as start_health_draft
from funnel.models import (
    CloseReason,
    CompanyRule,
    Definition,
    HealthPlan,
    Playbook,
    PlaybookDraft,
    Qualification,
    RoutingPlan,
)
from funnel.routing.drafting import start_draft as start_routing_draft
from leadmgmt.access import API
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Absence, Member, Scope
from leads.actions.consents import save_purpose
from leads.actions.files import add_file
from leads.actions.views import save_view
from leads.api.reading import StrictJSONParser
from leads.bulk.exporting import path_of
from leads.models import (
    BulkAction,
    CompanyMerge,
    CustomField,
    Duplicate,
    Merge,
    Purpose,
    RetentionRule,
    Tag,
)
from nurturing.actions.enrolling import enrol_lead
from nurturing.models import Enrolment, Message, Step
from reports.actions import enter_cost
from scoring.actions.backtesting import start_back_test
from scoring.actions.drafting import start_draft
from scoring.actions.foreseeing import ask_radius
from scoring.actions.models import add_model
from scoring.actions.simulating import start_simulation
from scoring.actions.starting import publish_first_model
from scoring.cases import Study
from scoring.models import BackTest, ModelVersion, PredictiveModel, Release, ScoreModel, Simulation
from sla.actions import start_policy
from sla.models import Clock, Policy
from tests import builders
from tests.architecture.sides import text as text_of
from tests.clients import JsonClient, api_of
from tests.scoring.builders import a_draft, a_profile_rule
from tests.worlds import GLOBEX, World

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PLAIN = {"activity-batch"}  # a view of Django's, not of the framework
ROWS = [(name, method, scope) for name, row in API.items() for method, scope in row.items()]


def patterns(found: Any, prefix: str = "") -> Iterator[URLPattern]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns)
        else:
            yield each


def routes() -> dict[str, URLPattern]:
    resolvers = [each for each in get_resolver().url_patterns if isinstance(each, URLResolver)]
    below: Any = chain.from_iterable(each.url_patterns for each in resolvers)
    [api] = [each for each in below if getattr(each, "namespace", "") == "api"]
    return {str(each.name): each for each in patterns(api.url_patterns)}


ROUTES = routes()
WORDS = {
    "figure-rows": "leads",
    "funnel-rows": "mql",
    "journey-rows": "bought",
    "ready-model-detail": "software",
}
"""What stands in addresses that name no row."""
WITH_ID = [row for row in ROWS if ROUTES[row[0]].pattern.converters and row[0] not in WORDS]


def methods_of(view: Any) -> dict[str, dict[str, Scope]]:
    """Method → the scopes of the view, as the router bound them."""
    scopes = getattr(view, "initkwargs", {}).get("scopes", view.cls.scopes)
    bound = getattr(view, "actions", None) or [
        name for name in view.cls.http_method_names if hasattr(view.cls, name)
    ]
    allowed = view.cls.http_method_names
    methods = [each.upper() for each in bound if each in allowed]
    return {each: scopes for each in methods if each not in ("HEAD", "OPTIONS")}


def test_every_route_is_in_the_table() -> None:
    assert set(ROUTES) == set(API)


@pytest.mark.parametrize("name", sorted(set(API) - PLAIN))
def test_the_view_asks_for_the_scope_of_the_table(name: str) -> None:
    methods = methods_of(ROUTES[name].callback)
    asked = {
        method: scopes["read" if method == "GET" else "write"] for method, scopes in methods.items()
    }
    assert asked == API[name]


@pytest.mark.parametrize("name", sorted(set(API) - PLAIN))
def test_what_is_written_is_read_strictly(name: str) -> None:
    view: Any = ROUTES[name].callback
    if set(API[name]) & {"POST", "PATCH"}:
        assert StrictJSONParser in view.cls.parser_classes


def address(name: str, id: UUID | str | None = None) -> str:
    names = list(ROUTES[name].pattern.converters)
    return reverse(f"api:{name}", kwargs={each: id or uuid4() for each in names})


def send(client: JsonClient, method: str, path: str) -> Any:
    return getattr(client, method.lower())(path, *([] if method == "GET" else [{}]))


def keyed_address(name: str) -> str:
    return address(name, WORDS.get(name))


@pytest.mark.parametrize(("name", "method", "scope"), ROWS)
def test_a_key_needs_the_scope(ada: Member, name: str, method: str, scope: Scope) -> None:
    path = keyed_address(name)
    others = set(Scope.values) - {scope.value}
    refused = send(api_of(builders.a_key(ada, *others)), method, path)
    assert refused.status_code == 403
    assert scope.value in refused.json()["detail"]
    let_in = send(api_of(builders.a_key(ada, scope.value)), method, path)
    assert let_in.status_code not in (401, 403)
    assert let_in.status_code < 500


@pytest.fixture
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def theirs(world: World, media: None) -> dict[str, UUID]:
    """One row of globex for each noun of the API."""
    with inside(GLOBEX):
        return rows_of(world.gus)


def rows_of(member: Member) -> dict[str, UUID]:
    lead = builders.a_lead(stage="mql")
    sequence = builders.a_sequence()
    enrol_lead(lead, sequence=sequence, by=None, now=NOW)
    enrolment = Enrolment.objects.get()
    policy = Policy.objects.first() or start_policy(by=None, now=NOW)
    file = SimpleUploadedFile("people.csv", b"Name,Email\nA,a@firm.example\n")
    step = Step.objects.filter(version__sequence=sequence)[0]
    made = {
        "member": member,
        "team": builders.a_team("", member),
        "routing-version": a_plan_with_a_draft(),
        "handover": builders.a_handover(lead),
        "absence": Absence.objects.create(member=member, from_on=NOW.date(), until_on=NOW.date()),
        "import": upload_import("people.csv", file.chunks(), by=None, now=NOW),
        "form": builders.a_form(),
        "lead": lead,
        "company": builders.a_company(),
        "view": save_view(
            subject="lead", name="V", facts={}, is_shared=True, by=member, now=NOW
        ),
        "segment": builders.a_segment(lead),
        "persona": builders.a_persona(),
        "campaign": builders.a_campaign(),
        "task-kind": builders.a_task_kind(),
        "purpose": save_purpose(Purpose(), name="News", wording=""),
        "retention-rule": RetentionRule.objects.create(
            name="Old", condition={"field": "country", "is": "Spain"}
        ),
        "note": builders.an_activity(kind="note", lead=lead, properties={"text": "x"}),
        "task": builders.a_task(),
        "file": add_file(lead, name="x.txt", content=ContentFile(b"x"), by=None, now=NOW),
        "customer": builders.a_customer(),
        "health-rules-version": health_rules_with_a_draft(),
        "deal": (deal := builders.a_deal()),
        "pipeline": deal.stage.pipeline,
        "pipeline-stage": deal.stage,
        "product": builders.a_product(),
        "close-reason": CloseReason.objects.create(status="lost", name="Too dear"),
        "onboarding-step": builders.an_onboarding_step(),
        "training-content": builders.a_training_content(),
        "training-content-file": builders.a_training_content(
            address="", file=ContentFile(b"x", name="x.txt")
        ),
        "training": builders.a_training(lead),
        "checklist-item": (item := builders.a_checklist_item()),
        "renewal": builders.a_renewal(item.customer),
        "cycle": builders.a_closed_cycle(lead),
        "company-rule": CompanyRule.objects.create(version=1, state="draft"),
        "definition": Definition.objects.create(stage="mql", version=1, explanation="x"),
        "qualification": Qualification.objects.create(lead=lead),
        "queue": lead,
        "playbook": Playbook.objects.create(version=1, reason="First"),
        "playbook-draft": PlaybookDraft.objects.create(),
        "sequence": sequence,
        "enrolment": enrolment,
        "message": Message.objects.create(
            enrolment=enrolment, sequence=sequence, step=step, step_key=uuid4(), lead=lead,
            planned_at=NOW, due_at=NOW,
        ),
        "sla-policy": policy,
        "sla-clock": Clock.objects.create(lead=lead, policy=policy, due_at=NOW),
        "field": CustomField.objects.create(key="size", label="Size"),
        "tag": Tag.objects.create(name="VIP", key="vip"),
        "bulk": an_export(),
        "score-model": a_model_foreseen(),
        "score-version": (version := publish_first_version()),
        "score-release": Release.objects.create(
            version=version, effects=["mql"], shares=[100], asked_at=NOW
        ),
        "simulation": a_simulation(),
        "back-test": a_back_test(),
        "merge": Merge.objects.create(lead=lead, gone_id=uuid4(), merged_at=NOW),
        "company-merge": CompanyMerge.objects.create(
            company=builders.a_company(), gone_id=uuid4(), merged_at=NOW
        ),
        "duplicate": Duplicate.objects.create(first=lead, second=lead, certainty=80),
        "predictive-model": PredictiveModel.objects.create(
            number=1, asked_at=NOW, study=Study(NOW - timedelta(days=9), NOW).as_json()
        ),
        "indicator-version": builders.a_list_of_indicators(member),
        "cost": enter_cost(
            100, campaign=None, lever="ads", starts_on=NOW.date(), ends_on=NOW.date(), by=None
        ),
    }  # fmt: skip
    return {noun: row.pk for noun, row in made.items()}


def a_plan_with_a_draft() -> RoutingPlan:
    """In force, and the next one being written."""
    plan = builders.a_plan(now=NOW)
    start_routing_draft(by=None, now=NOW)
    return plan


def health_rules_with_a_draft() -> HealthPlan:
    """In force, and the next ones being written."""
    asked = {"field": "country", "is": "Spain"}
    plan = builders.health_rules(("Spanish", "any", asked, "watch"))
    start_health_draft(by=None, now=NOW)
    return plan


def a_model_foreseen() -> ScoreModel:
    """With a draft whose blast radius is known."""
    made = add_model(purpose="product", name="Lifts", now=NOW)
    ask_radius(start_draft(made, by=None, now=NOW), now=NOW)
    return made


def publish_first_version() -> ModelVersion:
    publish_first_model(now=NOW)
    return ModelVersion.objects.main().exclude(number=None).get()


def a_simulation() -> Simulation:
    """Of the main model's draft."""
    draft = a_draft(a_profile_rule(5))
    return start_simulation(draft, by=None, now=NOW)


def a_back_test() -> BackTest:
    """Of the same."""
    draft = ModelVersion.objects.draft().main().get()
    return start_back_test(draft, Study(NOW - timedelta(days=9), NOW), by=None, now=NOW)


def noun_of(name: str, ids: dict[str, UUID]) -> str:
    return max((noun for noun in ids if name.startswith(noun)), key=len)


def an_export() -> BulkAction:
    """Done, without a row."""
    told = {"format": "csv", "columns": ["email"]}
    made: BulkAction = BulkAction.objects.create(kind="export", parameters=told, status="done")
    path_of(made.pk).parent.mkdir(parents=True, exist_ok=True)
    path_of(made.pk).touch()
    return made


@pytest.mark.parametrize(("name", "method", "scope"), WITH_ID)
def test_a_foreign_row_does_not_exist(
    ada: Member, theirs: dict[str, UUID], name: str, method: str, scope: Scope
) -> None:
    client = api_of(builders.a_key(ada))
    foreign = send(client, method, address(name, theirs[noun_of(name, theirs)]))
    missing = send(client, method, address(name))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content


@pytest.mark.parametrize("name", [name for name, row in API.items() if "GET" in row])
def test_lists_and_rows_of_ones_own_open(
    ada: Member, theirs: dict[str, UUID], media: None, name: str
) -> None:
    ours = rows_of(ada)
    client = api_of(builders.a_key(ada))
    if name in ("score-model", "lead-score", "lead-probability"):
        return  # nothing is published here; see the journey
    if name == "sla-attainment":
        query = {"since": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}
        answer = client.get(address(name), query)
    elif name in WORDS:
        answer = client.get(address(name, WORDS[name]))
    else:
        own = ours[noun_of(name, ours)] if ROUTES[name].pattern.converters else None
        answer = client.get(address(name, own))
    assert answer.status_code == 200
    text = text_of(answer)
    assert not [noun for noun, id in theirs.items() if str(id) in text]
