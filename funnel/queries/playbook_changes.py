"""Two playbooks compared, in the words of their page."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from funnel.models import DispositionKind
from funnel.models.playbooks import PlaybookWords
from funnel.playbook import DEMANDS, Question, read_questions, read_reasons
from funnel.queries.differences import Difference


def changes_of(before: PlaybookWords, after: PlaybookWords) -> list[Difference]:
    """What the later one changes: questions, their order, the rule, the reasons."""
    told = [*_questions(before, after), *_rule(before, after), *_reasons(before, after)]
    return [each for each in told if each.before != each.after]


def _questions(before: PlaybookWords, after: PlaybookWords) -> Iterator[Difference]:
    """By their keys: what keeps its key is the same question, however it is worded."""
    old, new = _asked(before), _asked(after)
    for key in dict.fromkeys([*new, *old]):
        was, will = old.get(key), new.get(key)
        name = was or will
        what = _("Question “%s”") % (name.words if name else key)
        yield Difference(what, _told(was), _told(will))
    lasting = [[each for each in asked if each in old and each in new] for asked in (old, new)]
    if lasting[0] != lasting[1]:
        yield Difference(_("Order of the questions"), _names(old.values()), _names(new.values()))


def _asked(playbook: PlaybookWords) -> dict[str, Question]:
    asked = read_questions(playbook.questions)
    return {each.key: each for each in asked if not each.is_retired}


def _told(question: Question | None) -> str:
    """All there is to say about it, a thing a line."""
    if question is None:
        return ""
    speaks = _("Yes") if question.in_favour == "yes" else _("No")
    lines = [
        question.words,
        question.advice,
        _("Speaks for buying: %s") % speaks,
        _("For “Qualified”: %s") % dict(DEMANDS)[question.demand],
        _("Asks for a date, or words for one") if question.is_dated else "",
    ]
    return "\n".join(each for each in lines if each)


def _rule(before: PlaybookWords, after: PlaybookWords) -> Iterator[Difference]:
    for (what, was), (_same, will) in zip(_terms(before), _terms(after), strict=True):
        yield Difference(what, was, will)


def _terms(playbook: PlaybookWords) -> Iterator[tuple[str, str]]:
    asked, waived = _("Must have been spoken to"), _("Not needed")
    yield _("Somebody who may decide"), asked if playbook.needs_authorised else waived
    least = playbook.least_in_favour
    enough = _("at least %(count)s") % {"count": least} if least else _("any number")
    yield _("Answers that speak for buying"), enough
    days = playbook.cool_off_days
    yield _("Cool-off"), ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def _reasons(before: PlaybookWords, after: PlaybookWords) -> Iterator[Difference]:
    """Those that go and those that come; all of them where only their order changes."""
    for kind in DispositionKind:
        old, new = _words(before, kind), _words(after, kind)
        gone = [each for each in old if each not in new]
        fresh = [each for each in new if each not in old]
        shown = (gone, fresh) if gone or fresh else (old, new)
        what = _("Reasons: %(label)s") % {"label": kind.label}
        yield Difference(what, "\n".join(shown[0]), "\n".join(shown[1]))


def _words(playbook: PlaybookWords, kind: str) -> list[str]:
    return [each.words for each in read_reasons(playbook.reasons.get(kind, ()))]


def _names(questions: Iterable[Question]) -> str:
    return "\n".join(each.words for each in questions)
