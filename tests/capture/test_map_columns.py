"""Columns find their place in four languages, by their values, and as they did before."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from capture.actions import uploading
from capture.actions.uploading import CannotReread, reread_import
from capture.importing.leftout import left_out
from capture.models import ImportStatus
from capture.queries import each_problem
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.actions.tagging import tag_called
from leads.models import Consent, CustomField, Lead, LeadTag, Purpose, Tag
from tests.clients import client_of
from tests.imports import an_import, an_upload, moved, run, settled

RUSSIAN = "Фамилия;Имя;Эл. почта;Телефон;Компания;Должность;Город;Бюджет;Теги\n" + "".join(
    f"{last};{first};{n}@ромашка.example;8 (495) 123-45-6{n};ООО Ромашка;Директор;Москва;12,5;a\n"
    for n, (last, first) in enumerate([("Петров", "Иван"), ("Сидорова", "Мария")])
)
UKRAINIAN = "Прізвище;Ім'я;Електронна пошта;Компанія;Місто;Країна\n" + "".join(
    f"{last};{first};{n}@firma.example;Їжак;Київ;Україна\n"
    for n, (last, first) in enumerate([("Гнатюк", "Євген"), ("Шевченко", "Олена")])
)
GREEK = "Ονοματεπώνυμο;Ηλεκτρονικό ταχυδρομείο;Κινητό;Εταιρεία;Πόλη;Χώρα\n" + "".join(
    f"{name};{n}@etaireia.example;+30 210 123456{n};Εταιρεία Α.Ε.;Αθήνα;Ελλάδα\n"
    for n, name in enumerate(["Ελένη Παπαδοπούλου", "Γιώργος Νικολαΐδης"])
)

RUSSIAN_COLUMNS = "last_name first_name email phone company_name job_title city new:number tags"


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize(
    ("text", "encoding", "mapping"),
    [
        (RUSSIAN, "cp1251", RUSSIAN_COLUMNS),
        (RUSSIAN, "koi8-r", RUSSIAN_COLUMNS),
        (UKRAINIAN, "cp1251", "last_name first_name email company_name city country"),
        (UKRAINIAN, "koi8-u", "last_name first_name email company_name city country"),
        (UKRAINIAN, "utf-16", "last_name first_name email company_name city country"),
        (UKRAINIAN, "utf-16-le", "last_name first_name email company_name city country"),
        (GREEK, "cp1253", "name email phone company_name city country"),
        (GREEK, "iso8859-7", "name email phone company_name city country"),
        (GREEK, "utf-8", "name email phone company_name city country"),
    ],
)  # fmt: skip
def test_headers_are_understood_in_their_language(
    mara: Member, text: str, encoding: str, mapping: str
) -> None:
    made = an_upload(mara, text.encode(encoding))
    assert (made.mapping, made.delimiter) == (mapping.split(), ";")
    done = run(made)
    assert (done.created, done.rejected) == (2, 0)


def test_names_and_decimal_commas_come_in_whole(mara: Member) -> None:
    an_import(mara, RUSSIAN.encode("cp1251"))
    lead = Lead.objects.get(name="Иван Петров")
    assert (lead.city, lead.attributes) == ("Москва", {"field": 12.5})
    assert LeadTag.objects.count() == 2


def test_columns_without_a_telling_name_are_told_by_their_values(mara: Member) -> None:
    made = an_upload(mara, "Who,A,B,C\nAnna,a@b.example,+30 210 1234567,https://firm.example\n")
    assert made.mapping == ["new:text", "email", "phone", "company_website"]


def test_a_wrong_guess_is_corrected_and_shown(mara: Member) -> None:
    made = an_upload(mara, "name;note\nЙосип;так\n".encode("koi8-u"))
    client = client_of(mara)
    answer = client.post(
        workspace_reverse("capture:import_reread", id=made.pk),
        {"encoding": "koi8-u", "delimiter": ";"},
        follow=True,
    )
    assert "Йосип" in answer.content.decode()
    reread_import(made.pk, encoding="koi8-u", delimiter=",", now=timezone.now())
    made.refresh_from_db()
    assert len(made.columns) == 1
    with pytest.raises(CannotReread):
        reread_import(made.pk, encoding="rot13", delimiter=",", now=timezone.now())


def test_the_mapping_of_a_file_with_the_same_columns_is_offered(mara: Member) -> None:
    text = "Mail,Remark,Who\na@b.example,x,Anna\n"
    first = an_upload(mara, text)
    run(settled(first, mapping=["email", "job_title", "name"], known="overwrite"))
    again = an_upload(mara, text.replace("Anna", "Bo"))
    assert (again.mapping, again.known) == (["email", "job_title", "name"], "overwrite")
    page = client_of(mara).get(workspace_reverse("capture:import_mapping", id=again.pk))
    assert "Mapped like “people.csv”" in page.content.decode()
    assert an_upload(mara, text.replace("Who", "Whom")).like_id is None


def test_rows_left_out_are_corrected_and_come_in(mara: Member) -> None:
    text = "Name,Mail address,Phone\nAnna,a@b.example,\nBo,not-an-email,+49 30 1234567\n"
    first = settled(an_upload(mara, text), mapping=["name", "email", "phone"], identity="")
    run(first)
    file = "".join(left_out(first, each_problem(first)))
    assert "'+49" in file
    again = an_upload(mara, file.replace("not-an-email", "bo@b.example"))
    assert again.mapping == ["name", "email", "phone", "", ""]
    assert (run(again).created, again.rejected) == (1, 0)
    assert Lead.objects.get(email="bo@b.example").phone == "+49301234567"


def test_tags_consents_and_fields_of_companies_are_made_on_the_way(mara: Member) -> None:
    Purpose.objects.create(key="news", name="Newsletter", wording="May we write?")
    made = an_upload(mara, "Email,Tags,News,Fleet\na@firm.example,vip; fair,yes,12\n")
    run(settled(made, mapping=["email", "tags", "consent.news", "new_of_company:number"]))
    lead = Lead.objects.get()
    assert {each.tag.name for each in lead.lead_tags.all()} == {"vip", "fair"}
    consent = Consent.objects.get()
    assert (consent.lead_id, consent.is_given, consent.wording) == (lead.pk, True, "May we write?")
    assert consent.proof["row"] == 2
    assert lead.company is not None
    assert lead.company.attributes == {"fleet": 12}
    assert CustomField.objects.get().subject == "company"


def test_tags_of_a_file_are_the_ones_people_have_put_on(mara: Member) -> None:
    tag = tag_called("GROSSE STRASSE")
    made = an_upload(mara, "Email,Tags\na@firm.example,Große Straße; new\n")
    run(settled(made, mapping=["email", "tags"]))
    assert Lead.objects.get().lead_tags.filter(tag=tag).exists()
    assert Tag.objects.count() == 2


def test_a_large_file_is_read_by_a_worker(mara: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "SMALL_FILE", 10)
    made = an_upload(mara, "Name,Email\nAnna,a@b.example\n")
    page = workspace_reverse("capture:import", id=made.pk)
    assert "read by a worker" in client_of(mara).get(page).content.decode()
    assert moved(made).status == ImportStatus.DRAFT
    assert made.mapping == ["name", "email"]
    bad = moved(an_upload(mara, 'Name,Email\n"Anna,' + "x" * 100_000))
    assert bad.status == ImportStatus.UNREADABLE
    shown = client_of(mara).get(workspace_reverse("capture:import", id=bad.pk))
    assert "quotation mark" in shown.content.decode()
