"""What the demo scores for beside the main score: the fit, and one product line."""

from datetime import datetime
from typing import Any

from leadmgmt.workspaces.models import Member
from leads.kinds import Kind
from scoring.actions.content import Content, Grouped, GroupWords, replace_content
from scoring.actions.drafting import start_draft
from scoring.actions.models import add_model
from scoring.actions.publishing import publish_model
from scoring.actions.ready import start_ready
from scoring.actions.words import RuleWords
from scoring.gallery import GALLERY
from scoring.models import Decay, Per, Purpose, RuleKind


def add_models(*, by: Member, now: datetime) -> None:
    """Grade the fit as a software firm would, and score the interest in the mobile app."""
    fit = start_ready(GALLERY["software"], purpose=Purpose.FIT, by=by, now=now)
    publish_model(fit, by=by, reason="Whom we can help best", now=now)
    made = add_model(purpose=Purpose.PRODUCT, name="Mobile app", now=now)
    draft = start_draft(made, by=by, now=now)
    replace_content(draft, _mobile_app())
    publish_model(draft, by=by, reason="The app is sold by itself from now on", now=now)


def _mobile_app() -> Content:
    """Reading fades by half in three weeks; asking does not."""
    works_outside: dict[str, Any] = {
        "any": [{"field": "job_title", "contains": each} for each in ("field", "service", "techn")]
    }
    return Content(
        rules=(
            Grouped(RuleWords("Works in the field", RuleKind.PROFILE, works_outside, 10)),
            _reads("Reads about the app", "/product/mobile-app", 12),
            _reads("Reads prices", "/pricing", 6),
            Grouped(
                RuleWords(
                    *("Sends a form", RuleKind.BEHAVIOUR, {"activity": Kind.FORM_SUBMITTED.value}),
                    *(15, Per.ONCE, 180),
                )
            ),
        ),
        groups=(GroupWords("Reading", 40),),
        hot_from=40,
        warm_from=15,
        least=0,
    )


def _reads(name: str, path: str, points: int) -> Grouped:
    condition = {
        "activity": Kind.PAGE_VIEW.value,
        "where": [{"property": "path", "contains": path}],
    }
    words = RuleWords(
        *(name, RuleKind.BEHAVIOUR, condition, points, Per.DAY, 180),
        decay=Decay.HALF_LIFE,
        half_life_days=21,
    )
    return Grouped(words, "Reading")
