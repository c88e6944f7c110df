"""Changing how a workspace qualifies: every change is a version with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from funnel.models import DispositionKind, Playbook
from funnel.playbook import Demand, Question, Reason, read_questions
from funnel.queries.playbooks import playbook_in_force
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member, Workspace

MOST_QUESTIONS = 40
MOST_REASONS = 30
MOST_DAYS = 365
LONGEST_LABEL = 120
LONGEST_HINT = 300
LONGEST_REASON = 100
OWN = "own_"


class CannotPublishPlaybook(Refusal):
    """The playbook makes no sense as written."""


class PlaybookMovedOn(Conflict):
    """Somebody has published another version meanwhile."""


@dataclass(frozen=True)
class NewPlaybook:
    """What is to be in force. A question without a key is new; who is left out is retired."""

    questions: Sequence[Question]
    reasons: Mapping[str, Sequence[str]]
    least_in_favour: int = 0
    needs_authorised: bool = True
    cool_off_days: int = 30


def publish_playbook(
    new: NewPlaybook, *, reason: str, by: Member | None, now: datetime, after: int | None = None
) -> Playbook:
    """Put a new version in force; qualifications that are concluded keep theirs.

    `after`: the version it was written from; refuses when there is a later one. The same again
    changes nothing. Refuses a playbook that asks nothing, asks twice, or wants more than can be.
    """
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())
        last = playbook_in_force()
        if after is not None and after != last.version:
            sentence = _("Version %(number)d was published meanwhile. Reload, then change that.")
            raise PlaybookMovedOn(sentence % {"number": last.version})
        playbook = drawn_up(new, last)
        playbook.reason, playbook.by, playbook.published_at = reason.strip(), by, now
        if not playbook.reason:
            raise CannotPublishPlaybook(_("Say why, so that others can follow."), field="reason")
        if _is_same(playbook, last):
            return last
        playbook.save(force_insert=True)
    return playbook


def drawn_up(new: NewPlaybook, last: Playbook) -> Playbook:
    """The version after the `last`, not written yet; refuses what makes no sense."""
    playbook = Playbook(
        version=last.version + 1,
        questions=[asdict(each) for each in _keyed(new.questions, last)],
        reasons={kind: _worded(new.reasons.get(kind, ()), kind, last) for kind in KINDS},
        least_in_favour=new.least_in_favour,
        needs_authorised=new.needs_authorised,
        cool_off_days=new.cool_off_days,
    )
    _refuse_senseless(playbook)
    return playbook


KINDS = tuple(DispositionKind.values)
SAID = ("questions", "reasons", "least_in_favour", "needs_authorised", "cool_off_days")


def _is_same(one: Playbook, other: Playbook) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in SAID)


def _keyed(questions: Sequence[Question], last: Playbook) -> list[Question]:
    """With keys for the new ones, and the old ones that are not asked any more at the end."""
    known = {each.key: each for each in read_questions(last.questions)}
    taken = [int(key.removeprefix(OWN)) for key in known if key.startswith(OWN)]
    number, keyed = max(taken, default=0), []
    for each in questions:
        if not each.key:
            number += 1
        elif each.key not in known:
            sentence = _("“%(key)s” is no question we know; leave the key out for a new one.")
            raise CannotPublishPlaybook(sentence % {"key": each.key[:40]}, field="questions")
        keyed.append(each if each.key else replace(each, key=f"{OWN}{number}"))
    asked = {each.key for each in keyed}
    gone = [replace(each, is_retired=True) for key, each in known.items() if key not in asked]
    return keyed + gone


def _worded(labels: Sequence[str], kind: str, last: Playbook) -> list[dict[str, Any]]:
    """Reasons by their words: who keeps the words keeps the key."""
    known = {Reason(**row).words: row for row in last.reasons.get(kind, ())}
    taken = {row["key"] for row in known.values()}
    rows = []
    for label in dict.fromkeys(each.strip() for each in labels if each.strip()):
        key = slugify(label).replace("-", "_")[:30] or "reason"
        while label not in known and key in taken:
            key += "_"
        taken.add(key)
        rows.append(known.get(label) or asdict(Reason(key, label)))
    return rows


def _refuse_senseless(playbook: Playbook) -> None:
    _refuse_vague_reasons(playbook)
    questions = read_questions(playbook.questions)
    asked = [each for each in questions if not each.is_retired]
    for each in asked:
        _refuse_odd(each)
    words = [each.words.casefold() for each in asked]
    if not asked or len(questions) > MOST_QUESTIONS:
        sentence = _("Ask at least one question, and at most %(most)d with retired ones.")
        raise CannotPublishPlaybook(sentence % {"most": MOST_QUESTIONS}, field="questions")
    if len(set(words)) < len(words):
        raise CannotPublishPlaybook(_("Two questions have the same words."), field="questions")
    if not 0 <= playbook.least_in_favour <= len(asked):
        sentence = _("%(least)d of %(count)d answers cannot speak for buying.")
        values = {"least": playbook.least_in_favour, "count": len(asked)}
        raise CannotPublishPlaybook(sentence % values, field="least_in_favour")
    if not 0 <= playbook.cool_off_days <= MOST_DAYS:
        sentence = _("%(days)d days do not do; choose from 0 to %(most)d.")
        values = {"days": playbook.cool_off_days, "most": MOST_DAYS}
        raise CannotPublishPlaybook(sentence % values, field="cool_off_days")


def _refuse_vague_reasons(playbook: Playbook) -> None:
    for kind, rows in playbook.reasons.items():
        is_long = any(len(row["label"]) > LONGEST_REASON for row in rows)
        if not 1 <= len(rows) <= MOST_REASONS or is_long:
            sentence = _("%(kind)s: give from 1 to %(most)d reasons of at most %(long)d letters.")
            values = {
                "kind": DispositionKind(kind).label,
                "most": MOST_REASONS,
                "long": LONGEST_REASON,
            }
            raise CannotPublishPlaybook(sentence % values, field=kind)


def _refuse_odd(question: Question) -> None:
    is_sound = question.in_favour in ("yes", "no") and question.demand in list(Demand)
    if not question.label.strip() or len(question.label) > LONGEST_LABEL:
        sentence = _("“%(label)s” is no question; write from 1 to %(most)d letters.")
        values = {"label": question.label[:40], "most": LONGEST_LABEL}
        raise CannotPublishPlaybook(sentence % values, field="questions")
    if len(question.hint) > LONGEST_HINT or not is_sound:
        sentence = _(
            "“%(label)s”: the hint has at most %(most)d letters, yes or no speaks for buying, and "
            "the demand is empty, known, not_against or in_favour."
        )
        values = {"label": question.label, "most": LONGEST_HINT}
        raise CannotPublishPlaybook(sentence % values, field="questions")
