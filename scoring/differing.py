"""What one version says otherwise than another, in words."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.models import LeadClass
from scoring.models import Decision, ModelState, ModelVersion, Rule, RuleGroup
from scoring.wording import decision_read, matrix_sentences, sentence_of

BOUNDS = {
    "hot_from": gettext_lazy("Hot from"),
    "warm_from": gettext_lazy("Warm from"),
    "least": gettext_lazy("No score below"),
    "most": gettext_lazy("No score above"),
}


def version_before(version: ModelVersion) -> ModelVersion | None:
    """What a version follows: a draft the one in force, another the number below."""
    versions = ModelVersion.objects.of(version.model)
    found: ModelVersion | None
    if version.state == ModelState.DRAFT or version.number is None:
        found = versions.published().first()
    else:
        found = versions.filter(number__lt=version.number).order_by("-number").first()
    return found


def differences(
    before: ModelVersion, after: ModelVersion, *, is_pointless: bool = False
) -> list[str]:
    """Sentences: how it sorts, rules that came, went and changed, groups, decision rules.

    `is_pointless`: rules are named, and no sentence tells points.
    """
    said = [*(_turned(before, after) if is_pointless else _sorting(before, after))]
    if not (before.is_by_decisions and after.is_by_decisions):
        rules = [list(_of_points(each)) for each in (before, after)]
        said += _named_rules(*rules) if is_pointless else _rules(*rules)
        said += () if is_pointless else _groups(before, after)
    said += _decisions(before, after)
    return said


def _of_points(version: ModelVersion) -> list[Rule]:
    if version.is_by_decisions:
        return []
    return list(version.rules.select_related("group").order_by("position", "id"))


def _turned(before: ModelVersion, after: ModelVersion) -> Iterator[str]:
    if before.mode != after.mode:
        yield _("Sorted by: %(new)s; it was: %(old)s.") % {
            "new": str(after.get_mode_display()).lower(),
            "old": str(before.get_mode_display()).lower(),
        }


def _sorting(before: ModelVersion, after: ModelVersion) -> Iterator[str]:
    yield from _turned(before, after)
    if not after.is_by_decisions:
        for name in BOUNDS:
            yield from _value(before, after, name)
        old, new = matrix_sentences(before), matrix_sentences(after)
        yield from (_("Now: %(said)s") % {"said": each} for each in new if each not in old)
        yield from (_("No longer: %(said)s") % {"said": each} for each in old if each not in new)
    if before.grades != after.grades:
        yield _("Grades start at %(new)s; they started at %(old)s.") % {
            "new": ", ".join(map(str, after.grades)),
            "old": ", ".join(map(str, before.grades)),
        }


def _value(before: ModelVersion, after: ModelVersion, name: str) -> Iterator[str]:
    old, new = getattr(before, name), getattr(after, name)
    if old != new:
        label = str(BOUNDS[name])
        yield _("“%(label)s” is %(new)s; it was %(old)s.") % {
            "label": label,
            "new": _("nothing") if new is None else new,
            "old": _("nothing") if old is None else old,
        }


# Rules are the same when they have the same name, or else when they look for the same.


def _rules(before: list[Rule], after: list[Rule]) -> Iterator[str]:
    pairs = [(rule, _twin(rule, before, after)) for rule in after]
    for rule, twin in pairs:
        if twin is None:
            yield _("New rule “%(name)s”: %(words)s, %(points)s points.") % _words(rule)
        elif said := "; ".join(_changes(twin, rule)):
            yield _("Rule “%(name)s”: %(said)s.") % {"name": rule.name, "said": said}
    kept = {twin.pk for _rule, twin in pairs if twin is not None}
    for rule in before:
        if rule.pk not in kept:
            yield _("Gone: rule “%(name)s”: %(words)s, %(points)s points.") % _words(rule)


def _named_rules(before: list[Rule], after: list[Rule]) -> Iterator[str]:
    """The same, told without points."""
    pairs = [(rule, _twin(rule, before, after)) for rule in after]
    for rule, twin in pairs:
        name = {"name": rule.name}
        if twin is None:
            yield _("New rule “%(name)s”.") % name
        elif any(_changes(twin, rule)):
            yield _("Rule “%(name)s” is another.") % name
    kept = {twin.pk for _rule, twin in pairs if twin is not None}
    for rule in before:
        if rule.pk not in kept:
            yield _("Gone: rule “%(name)s”.") % {"name": rule.name}


def _twin(rule: Rule, before: Sequence[Rule], after: Sequence[Rule]) -> Rule | None:
    named = [each for each in before if (each.name, each.kind) == (rule.name, rule.kind)]
    if named:
        same_name = [each for each in after if (each.name, each.kind) == (rule.name, rule.kind)]
        nth = [each.pk for each in same_name].index(rule.pk)
        return named[nth] if nth < len(named) else None
    names = {each.name for each in after}
    alike = (each for each in before if each.condition == rule.condition and each.name not in names)
    return next((each for each in alike if each.kind == rule.kind), None)


def _changes(old: Rule, new: Rule) -> Iterator[str]:
    if old.name != new.name:
        yield _("it was called “%(old)s”") % {"old": old.name}
    if old.points != new.points:
        yield _("%(new)s points, before %(old)s") % {
            "new": f"{new.points:+d}",
            "old": f"{old.points:+d}",
        }
    words, was = sentence_of(new), sentence_of(old)
    if words != was:
        yield _("now: %(new)s; before: %(old)s") % {"new": words, "old": was}
    groups = [each.group.name if each.group else _("no group") for each in (new, old)]
    if groups[0] != groups[1]:
        yield _("in “%(new)s”, before in “%(old)s”") % {"new": groups[0], "old": groups[1]}


def _words(rule: Rule) -> dict[str, Any]:
    return {"name": rule.name, "words": sentence_of(rule), "points": f"{rule.points:+d}"}


def _groups(before: ModelVersion, after: ModelVersion) -> Iterator[str]:
    old, new = ({each.name: each for each in _capped(one)} for one in (before, after))
    for name, group in new.items():
        if name not in old or old[name].cap != group.cap:
            yield _("“%(name)s” gives at most %(cap)s points together.") % {
                "name": name,
                "cap": group.cap,
            }
    for name in old:
        if name not in new:
            yield _("“%(name)s” is no longer capped together.") % {"name": name}


def _capped(version: ModelVersion) -> list[RuleGroup]:
    return [] if version.is_by_decisions else list(version.groups.order_by("position"))


def _decisions(before: ModelVersion, after: ModelVersion) -> Iterator[str]:
    old, new = ({each.name: each for each in _deciding(one)} for one in (before, after))
    for name, rule in new.items():
        if name not in old:
            yield _("New decision rule “%(name)s”: %(class)s when %(when)s.") % _decided(rule)
        elif _decided(old[name]) != _decided(rule):
            yield _("Decision rule “%(name)s” is now: %(class)s when %(when)s.") % _decided(rule)
    for name in old:
        if name not in new:
            yield _("Gone: decision rule “%(name)s”.") % {"name": name}
    shared = [name for name in old if name in new]
    if shared != [name for name in new if name in old]:
        yield _("Decision rules are asked in another order.")


def _deciding(version: ModelVersion) -> list[Decision]:
    return list(version.decisions.order_by("position", "id")) if version.is_by_decisions else []


def _decided(rule: Decision) -> dict[str, Any]:
    label = str(LeadClass(rule.lead_class).label).lower()
    return {"name": rule.name, "class": label, "when": decision_read(rule)}
