"""A version asked about the past: asked for, worked out part by part, kept; or cancelled."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads.conditions import calendar_at
from scoring.actions.rehearsals import CannotTry, beside_of, finish, has_changed, take_rehearsal
from scoring.backtest.asking import score_part
from scoring.backtest.ending import asked_in, result_of, versions_of
from scoring.backtest.fingerprints import fingerprint
from scoring.backtest.judging import is_enough
from scoring.backtest.suspecting import suspects_of
from scoring.cases import Cases, Moments, Study, check_study, find_cases
from scoring.events import BackTestsMoved
from scoring.models import BackTest, BackTestPart, ModelVersion, RehearsalState

MOST_IN_WORK = 3  # of one workspace
NOTHING = "{}"  # counted, where no rule gave anything


class TooManyRehearsals(Conflict):
    """Some are worked out already."""


def start_back_test(
    version: ModelVersion, study: Study, *, by: Member | None, now: datetime
) -> BackTest:
    """Have the version asked about the past in the background, beside the one in force.

    Refuses a study that cannot be asked, a version without rules, and more than three at a time.
    """
    study = check_study(study)
    if study.is_by_field:  # nobody may be told the outcome
        study = Study(**{**vars(study), "without": study.without | {study.field}})
    with transaction.atomic():
        version = ModelVersion.objects.select_related("model").get(pk=version.pk)
        _refuse(version)
        beside = beside_of(version)
        test: BackTest = BackTest.objects.create(
            model=version.model,
            version=version,
            fingerprint=fingerprint(version),
            beside=beside,
            study=study.as_json(),
            asked_by=by,
            asked_at=now,
        )
        publish(BackTestsMoved((test.pk,)))
    return test


def cancel_back_test(test: BackTest, *, now: datetime) -> None:
    """Stop it; refuses one that is at its end."""
    with transaction.atomic():
        stopped = BackTest.objects.in_work().filter(pk=test.pk)
        if not stopped.update(state=RehearsalState.CANCELLED, finished_at=now):
            raise CannotTry(_("This back-test is at its end already."))


def advance_back_tests(ids: Iterable[UUID], *, now: datetime) -> None:
    """The next step of each: find the cases, then part after part, then the figures."""
    for test_id in ids:
        with transaction.atomic():
            take_rehearsal(test_id)
            tests = BackTest.objects.in_work().select_related("version__model", "beside__model")
            test = tests.filter(pk=test_id).first()
            if test is None:
                BackTestPart.objects.filter(back_test_id=test_id).delete()
            else:
                _advance(test, now)


def _advance(test: BackTest, now: datetime) -> None:
    if has_changed(test):
        finish(test, now, state=RehearsalState.OVERTAKEN)
        return
    if test.state == RehearsalState.ASKED:
        _find(test, now)
        return
    part = test.parts.filter(scores=[]).order_by("number").first()
    if part is None:
        finish(test, now, result=result_of(test))
        test.parts.all().delete()
        return
    _work_out(test, part)
    BackTest.objects.in_work().filter(pk=test.pk).update(done=test.done + len(part.lead_ids))
    publish(BackTestsMoved((test.pk,)))


def _refuse(version: ModelVersion) -> None:
    rules = version.decisions if version.is_by_decisions else version.rules
    if not rules.exists():
        raise CannotTry(_("A version without rules has nothing to try; add a rule first."))
    if BackTest.objects.in_work().count() >= MOST_IN_WORK:
        raise TooManyRehearsals(
            _("%(most)s back-tests are worked out already; wait for one, or cancel it.")
            % {"most": MOST_IN_WORK}
        )


def _find(test: BackTest, now: datetime) -> None:
    """The cases, kept in parts; too few of them are the result."""
    study = Study.from_json(test.study)
    found = find_cases(study, now=test.asked_at)
    if not is_enough(len(found), found.won):
        test.total = test.done = len(found)
        finish(test, now, result=_cases_told(found) | {"verdict": "too_few"})
        return
    start = 0
    for number, part in enumerate(found.parts()):
        end = start + len(part.ids)
        BackTestPart.objects.create(
            back_test=test,
            number=number,
            lead_ids=part.ids,
            moments=part.moments,
            is_won=found.is_won[start:end],
        )
        start = end
    test.result = _cases_told(found) | {"suspects": suspects_of(versions_of(test), study, found)}
    test.total, test.state = len(found), RehearsalState.WORKING
    if (
        BackTest.objects.in_work()
        .filter(pk=test.pk)
        .update(total=test.total, state=test.state, result=test.result)
    ):
        publish(BackTestsMoved((test.pk,)))


def _cases_told(found: Cases) -> dict[str, Any]:
    return {"cases": len(found), "won": found.won, "open": found.open, "early": found.early}


def _work_out(test: BackTest, part: BackTestPart) -> None:
    moments = Moments(part.lead_ids, part.moments)
    statement = score_part(moments, part.is_won, asked_in(test), calendar_at(test.asked_at))
    ((scores, rules, *other),) = fetch(statement.text, **statement.values)
    part.scores, part.rules = scores, json.loads(rules or NOTHING)
    if other:
        part.beside_scores, part.beside_rules = other[0], json.loads(other[1] or NOTHING)
    part.save(update_fields=["scores", "rules", "beside_scores", "beside_rules"])
