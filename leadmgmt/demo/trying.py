"""What the people of the demo have just set going; the worker does it once the product runs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from capture.actions.importing import settle_import, start_import
from capture.actions.mapping import Settings
from capture.actions.uploading import upload_import
from leadmgmt.workspaces.models import Member
from leads.actions.bulk import start_bulk
from leads.actions.removing import take_out
from leads.actions.resolving import resolve_leads
from leads.bulk import verb_called
from leads.bulk.selecting import selection_of
from leads.conditions import calendar_at
from leads.models import Campaign, RemovedCause
from leads.rows import NewLead
from scoring.actions.backtesting import start_back_test
from scoring.actions.training import ask_training
from scoring.backtest.forms import usual_study
from scoring.models import ModelVersion, Purpose

FILE = "service-expo-visitors.csv"
VISITORS = """\
Name,Email,Phone,Company,Job title,Country,City,Source
Ioanna Vlachou,ioanna.vlachou@thessalylifts.example,+30 2410 555 101,Thessaly Lifts,Head of operations,Greece,Larissa,service expo
Bram Hendriks,bram.hendriks@deltaklimaat.example,+31 10 555 0102,Delta Klimaat,Service manager,Netherlands,Rotterdam,service expo
Oksana Marchenko,oksana.marchenko@dniprotelecom.example,+380 56 555 0103,Dnipro Telecom,Field manager,Ukraine,Dnipro,service expo
Pilar Santos,pilar.santos@aguasdelsur.example,+34 95 555 0104,Aguas del Sur,Managing director,Spain,Seville,service expo
Jan Zielinski,jan.zielinski@gdanskwinda.example,+48 58 555 0105,Gdansk Winda,Dispatcher,Poland,Gdansk,service expo
Petra Lange,petra.lange@nordstrom-service.example,+49 40 555 0106,Nordstrom Service,Head of service,Germany,Hamburg,service expo
Stavros Iliadis,stavros.iliadis@,+30 2310 555 107,Vardar Energy,Technician,Greece,Thessaloniki,service expo
Anouk Maas,anouk.maas@polderwater.example,+31 20 555 0108,Polder Water,Operations manager,Netherlands,Amsterdam,service expo
Ioanna Vlachou,ioanna.vlachou@thessalylifts.example,+30 2410 555 101,Thessaly Lifts,Head of operations,Greece,Larissa,service expo
,,,Blue Harbour,,Spain,,service expo
"""  # noqa: E501
TAGGED = {"query": {"source": "google"}}
TRIED = (("Test Test", "test@northlight.example"), ("Asdf", "asdf@northlight.example"))

DECIDED_AFTER = 3  # days; later most good leads of the demo are SQLs already


def try_things(members: Mapping[str, UUID], *, now: datetime) -> None:
    """Bring in a file, tag in bulk, take out who was a test, ask the past, and train a version."""
    marketer = Member.objects.get(pk=members["marketer"])
    manager = Member.objects.get(pk=members["manager"])
    _bring_in(by=marketer, now=now)
    _tag(by=manager, now=now)
    _clear_up(by=marketer, now=now)
    _ask_the_past(by=marketer, now=now)


def _bring_in(*, by: Member, now: datetime) -> None:
    made = upload_import(FILE, [VISITORS.encode()], by=by, now=now)
    fair = Campaign.objects.get(key="service-expo")
    settings = Settings(made.mapping, made.identity, made.unknown_words, campaign_id=fair.pk)
    settle_import(made.pk, settings)
    start_import(made.pk, by=by, now=now)


def _tag(*, by: Member, now: datetime) -> None:
    kept = selection_of(TAGGED, member=by)
    if verb := verb_called("tag"):
        start_bulk(verb, parameters={"tag": "Came by search"}, selection=kept, by=by, now=now)


def _clear_up(*, by: Member, now: datetime) -> None:
    """Somebody tried the form out, and took the traces away."""
    rows = [NewLead(name=name, email=email) for name, email in TRIED]
    made = [each.lead_id for each in resolve_leads(rows, now=now, by=by, is_quiet=True)]
    take_out(made, cause=RemovedCause.PERSON, by=by, now=now)


def _ask_the_past(*, by: Member, now: datetime) -> None:
    study = replace(usual_study(calendar_at(now)), wait_days=DECIDED_AFTER)
    main = ModelVersion.objects.published().get(model__purpose=Purpose.MAIN)
    start_back_test(main, study, by=by, now=now)
    ask_training(study, by=by, now=now)
