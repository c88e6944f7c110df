"""Search also looks into notes, takes addresses whole, and finds companies the same way."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import CURRENT, PlatformFunction

# An address is found by the words before its @, each with the domain behind it: `gmail` alone
# stands in every third row, `keller@gmail` in one.
WORDS = """
CREATE FUNCTION leads_address_words(text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(word || '@' || split_part(lower($1), '@', 2)), '{}')
    FROM unnest(public.leads_words_of(split_part($1, '@', 1))) AS word
    WHERE split_part($1, '@', 2) <> ''
$$;
CREATE FUNCTION leads_words_asked(text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN $1 ~ '^[-+0-9 ()./]+$'
        THEN array_remove(ARRAY[regexp_replace($1, '[^0-9]', '', 'g')], '')
        ELSE ARRAY(
            SELECT DISTINCT word FROM regexp_split_to_table($1, '\\s+') AS token
            CROSS JOIN LATERAL unnest(CASE
                WHEN token ~ '^[^@]*[[:alnum:]][^@]*@[[:alnum:]][^@]*$'
                THEN public.leads_address_words(token)
                ELSE public.leads_words_of(token) END) AS word)
        END
$$;
CREATE FUNCTION leads_marked(uuid, text[]) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT DISTINCT right($1::text, 8) || word FROM unnest($2) AS word WHERE word <> ''))
$$;
CREATE OR REPLACE FUNCTION leads_search_words(
    workspace_id uuid, name text, email text, phone text, company text
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT public.leads_marked(workspace_id,
        public.leads_words_of(concat_ws(' ', name, email, company))
        || public.leads_address_words(email)
        || ARRAY(SELECT right(regexp_replace(phone, '[^0-9]', '', 'g'), tail)
                 FROM unnest(ARRAY[40, 10, 9, 8, 7]) AS tail))
$$;
"""

# `words` are those of the profile and of the notes; `notes` remembers which are of the notes.
# The list of rows not yet sorted into the index is read by each search, so it stays short.
NOTES = """
ALTER TABLE leads_search ADD COLUMN notes tsvector NOT NULL DEFAULT '';
ALTER INDEX leads_search_words SET (gin_pending_list_limit = 512);
CREATE INDEX activity_note ON leads_activity (workspace_id, lead_id) WHERE kind = 'note';

CREATE FUNCTION leads_note_words(workspace uuid, lead uuid) RETURNS tsvector
LANGUAGE sql STABLE AS $$
    SELECT leads_marked(workspace, (leads_words_of(string_agg(text, ' ')))[:5000]) FROM (
        SELECT properties->>'text' AS text FROM leads_activity
        WHERE workspace_id = workspace AND lead_id = lead AND kind = 'note'
        ORDER BY occurred_at DESC LIMIT 200) AS note
$$;

CREATE OR REPLACE FUNCTION leads_search_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE leads_search SET words = notes || leads_search_words(
        new.workspace_id, new.name, new.email, new.phone,
        (SELECT company.name FROM leads_company AS company
         WHERE company.workspace_id = new.workspace_id AND company.id = new.company_id))
    WHERE workspace_id = new.workspace_id AND lead_id = new.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION leads_search_rename() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE leads_search SET words = notes || leads_search_words(
        new.workspace_id, lead.name, lead.email, lead.phone, new.name)
    FROM leads_lead AS lead
    WHERE lead.workspace_id = new.workspace_id AND lead.company_id = new.id
      AND leads_search.workspace_id = new.workspace_id AND leads_search.lead_id = lead.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION leads_search_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO leads_search (workspace_id, lead_id, words)
    SELECT lead.workspace_id, lead.id, leads_search_words(
        lead.workspace_id, lead.name, lead.email, lead.phone, company.name)
    FROM added AS lead LEFT JOIN leads_company AS company
        ON company.workspace_id = lead.workspace_id AND company.id = lead.company_id
    ON CONFLICT (workspace_id, lead_id) DO UPDATE
        SET words = leads_search.notes || excluded.words;
    RETURN NULL;
END $$;

CREATE FUNCTION leads_search_note(workspace uuid, lead uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO leads_search (workspace_id, lead_id, notes, words)
    SELECT workspace, lead, said.notes, said.notes || leads_search_words(
        workspace, person.name, person.email, person.phone, company.name)
    FROM leads_lead AS person
    LEFT JOIN leads_company AS company
        ON company.workspace_id = workspace AND company.id = person.company_id
    CROSS JOIN leads_note_words(workspace, lead) AS said (notes)
    WHERE person.workspace_id = workspace AND person.id = lead
    ON CONFLICT (workspace_id, lead_id) DO UPDATE
        SET notes = excluded.notes, words = excluded.words
$$;
CREATE FUNCTION leads_search_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF tg_op <> 'INSERT' THEN PERFORM leads_search_note(old.workspace_id, old.lead_id); END IF;
    IF tg_op <> 'DELETE' THEN PERFORM leads_search_note(new.workspace_id, new.lead_id); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER leads_search_note_added AFTER INSERT ON leads_activity
    FOR EACH ROW WHEN (new.kind = 'note') EXECUTE FUNCTION leads_search_noted();
CREATE TRIGGER leads_search_note_moved AFTER UPDATE OF lead_id, properties ON leads_activity
    FOR EACH ROW WHEN (new.kind = 'note'
        AND (old.lead_id, old.properties) IS DISTINCT FROM (new.lead_id, new.properties))
    EXECUTE FUNCTION leads_search_noted();
CREATE TRIGGER leads_search_note_gone AFTER DELETE ON leads_activity
    FOR EACH ROW WHEN (old.kind = 'note') EXECUTE FUNCTION leads_search_noted();
"""

# There are few companies: each word is kept from each of its letters on, so that `wind` finds
# Nordwind.
COMPANIES = f"""
CREATE TABLE leads_companysearch (
    workspace_id uuid NOT NULL REFERENCES workspaces_workspace (id) DEFERRABLE INITIALLY DEFERRED,
    company_id uuid NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (workspace_id, company_id),
    CONSTRAINT leads_companysearch_company_id_ref FOREIGN KEY (workspace_id, company_id)
        REFERENCES leads_company (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX leads_companysearch_words ON leads_companysearch USING gin (words)
    WITH (gin_pending_list_limit = 512);
ALTER TABLE leads_companysearch ENABLE ROW LEVEL SECURITY;
ALTER TABLE leads_companysearch FORCE ROW LEVEL SECURITY;
CREATE POLICY in_workspace ON leads_companysearch
    USING (workspace_id = {CURRENT}) WITH CHECK (workspace_id = {CURRENT});
CREATE FUNCTION leads_company_words(workspace_id uuid, name text, domain text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT leads_marked(workspace_id, ARRAY(
        SELECT substr(word, start) FROM unnest(leads_words_of(concat_ws(' ', name, domain))) AS word
        CROSS JOIN generate_series(1, greatest(length(word) - 1, 1)) AS start))
$$;
CREATE FUNCTION leads_companysearch_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO leads_companysearch (workspace_id, company_id, words)
    VALUES (new.workspace_id, new.id, leads_company_words(new.workspace_id, new.name, new.domain))
    ON CONFLICT (workspace_id, company_id) DO UPDATE SET words = excluded.words;
    RETURN NULL;
END $$;
CREATE TRIGGER leads_companysearch_add AFTER INSERT ON leads_company
    FOR EACH ROW EXECUTE FUNCTION leads_companysearch_keep();
CREATE TRIGGER leads_companysearch_change AFTER UPDATE OF name, domain ON leads_company
    FOR EACH ROW WHEN ((old.name, old.domain) IS DISTINCT FROM (new.name, new.domain))
    EXECUTE FUNCTION leads_companysearch_keep();
"""  # noqa: S608  # nothing but our own constant goes in

FILLED = """
UPDATE leads_search AS search
SET words = words || leads_marked(lead.workspace_id, leads_address_words(lead.email))
FROM leads_lead AS lead
WHERE lead.workspace_id = search.workspace_id AND lead.id = search.lead_id AND lead.email <> '';
SELECT leads_search_note(workspace_id, lead_id) FROM (
    SELECT DISTINCT workspace_id, lead_id FROM leads_activity
    WHERE kind = 'note' AND lead_id IS NOT NULL) AS noted;
INSERT INTO leads_companysearch (workspace_id, company_id, words)
SELECT workspace_id, id, leads_company_words(workspace_id, name, domain) FROM leads_company;
"""


def found(table: str, id: str) -> str:
    """All words asked for must begin a word of the row.

    Single letters begin so many that the index is asked for the others only; alone, they must be
    words themselves.
    """
    return f"""
WITH asked AS MATERIALIZED (
    SELECT quote_literal(right({CURRENT}::text, 8) || word) AS word, length(word) > 1 AS is_long
    FROM unnest(leads_words_asked(asked)) AS word
), query AS MATERIALIZED (
    SELECT coalesce(string_agg(word || ':*', ' & ') FILTER (WHERE is_long),
                    string_agg(word, ' & '))::tsquery AS indexed,
        string_agg(word || ':*', ' & ') FILTER (WHERE NOT is_long)::tsquery AS others,
        bool_or(is_long) AS has_long
    FROM asked
)
SELECT {id} FROM {table}
WHERE workspace_id = {CURRENT} AND words @@ (SELECT indexed FROM query)
  AND ((SELECT others IS NULL OR NOT has_long FROM query)
       OR (words || '') @@ (SELECT others FROM query))
LIMIT least(most, 10000)
"""  # noqa: S608  # nothing but our own names goes in


class Migration(migrations.Migration):
    """Rows of before are read again; the triggers keep what comes after."""

    dependencies: ClassVar = [("leads", "0010_traits")]

    operations: ClassVar = [
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
        migrations.RunSQL(NOTES, migrations.RunSQL.noop),
        migrations.RunSQL(COMPANIES, migrations.RunSQL.noop),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        PlatformFunction(
            "platform_find_leads", "asked text, most int", "SETOF uuid",
            found("leads_search", "lead_id"),
        ),
        PlatformFunction(
            "platform_find_companies", "asked text, most int", "SETOF uuid",
            found("leads_companysearch", "company_id"),
        ),
    ]  # fmt: skip
