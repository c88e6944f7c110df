"""What people write over their columns, in English, German, Russian, Ukrainian and Greek."""

import re
import unicodedata

SYNONYMS = {
    "name": "name, full name, contact, contact name, person, lead, lead name, имя и фамилия, фио, "
    "ф.и.о., контакт, контактное лицо, піб, п.і.б., ім'я та прізвище, контактна особа, "
    "ονοματεπώνυμο, όνομα και επώνυμο, επαφή",
    "first_name": "first name, given name, forename, vorname, имя, ім'я, имя контакта, όνομα",
    "last_name": "last name, surname, family name, nachname, фамилия, прізвище, επώνυμο, επίθετο",
    "email": "email, e-mail, email address, mail, work email, business email, email id, "
    "contact email, электронная почта, эл. почта, почта, емейл, имейл, адрес электронной почты, "
    "електронна пошта, ел. пошта, пошта, ел. адреса, ηλεκτρονικό ταχυδρομείο, ηλ. ταχυδρομείο, "
    "ηλεκτρονική διεύθυνση, ημέιλ, ιμέιλ",
    "phone": "phone, phone number, telephone, tel, mobile, mobile phone, cell, cell phone, "
    "work phone, telefon, телефон, тел, номер телефона, мобильный, мобильный телефон, сотовый, "
    "номер телефону, мобільний, мобільний телефон, τηλέφωνο, τηλ, κινητό, αριθμός τηλεφώνου, "
    "κινητό τηλέφωνο",
    "external_id": "external id, id, prospect id, lead id, contact id, customer id, record id, "
    "crm id, uuid, ид, идентификатор, код клиента, ідентифікатор, код клієнта, κωδικός, "
    "κωδικός πελάτη, αναγνωριστικό",
    "job_title": "job title, title, position, role, должность, посада, θέση, θέση εργασίας, "
    "ιδιότητα",
    "country": "country, country name, nation, land, страна, країна, χώρα",
    "city": "city, town, stadt, город, місто, πόλη",
    "source": "source, lead source, utm source, original source, источник, джерело, πηγή",
    "medium": "medium, utm medium, канал, κανάλι, μέσο",
    "do_not_email": "do not email, email opt out, opt out, unsubscribed, no email, не писать, "
    "отписан, отписался, не писати, відписаний, όχι email, διαγραφή από λίστα",
    "do_not_call": "do not call, call opt out, no call, dnc, не звонить, не дзвонити, "
    "όχι κλήσεις, μην καλείτε",
    "first_seen_at": "first seen, first seen at, first seen on, created, created at, created on, "
    "create date, date created, signup date, дата создания, создан, дата створення, створено, "
    "ημερομηνία δημιουργίας, δημιουργήθηκε",
    "tags": "tags, tag, labels, теги, метки, мітки, ετικέτες",
    "company_name": "company, company name, organisation, organization, account, account name, "
    "firm, employer, business, firma, компания, организация, фирма, название компании, компанія, "
    "організація, фірма, назва компанії, εταιρεία, εταιρία, επωνυμία, επιχείρηση, οργανισμός",
    "company_domain": "company domain, domain, домен, домен компании, домен компанії, τομέας",
    "company_website": "website, web site, company website, web, url, homepage, сайт, веб-сайт, "
    "вебсайт, сайт компании, сайт компанії, ιστοσελίδα, ιστότοπος",
    "company_industry": "industry, company industry, sector, branche, отрасль, сфера, "
    "сфера деятельности, галузь, сфера діяльності, κλάδος",
    "company_country": "company country, страна компании, країна компанії, χώρα εταιρείας",
    "company_city": "company city, город компании, місто компанії, πόλη εταιρείας",
    "company_phone": "company phone, switchboard, телефон компании, телефон компанії, "
    "τηλέφωνο εταιρείας",
    "company_employees": "employees, number of employees, company size, headcount, mitarbeiter, "
    "сотрудники, количество сотрудников, число сотрудников, численность, співробітники, "
    "кількість співробітників, εργαζόμενοι, αριθμός εργαζομένων, υπάλληλοι",
}


def plain_word(text: str) -> str:
    """Letters and digits only, small and without accents: “E-mail” and “Όνομα” lose their marks."""
    parts = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"[\W_]", "", "".join(each for each in parts if not unicodedata.combining(each)))


BY_SYNONYM = {
    plain_word(word): target for target, words in SYNONYMS.items() for word in words.split(",")
}
