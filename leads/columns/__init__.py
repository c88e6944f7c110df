"""What lists show: one table a subject that pages, the API, exports and saved views read.

`LEADS` and `COMPANIES` are ours, `custom_columns` what a workspace asks for beyond them. To read
some columns of some rows: `SELECT {column.sql}, … FROM leads_lead lead {LEADS.tables(sql)}`.
"""

from leads.columns.column import Column, Label, Look, Sort, Table
from leads.columns.companies import COMPANIES
from leads.columns.custom import custom_columns
from leads.columns.hiding import useful
from leads.columns.leads import LEADS

__all__ = [
    "COMPANIES",
    "LEADS",
    "Column",
    "Label",
    "Look",
    "Sort",
    "Table",
    "custom_columns",
    "useful",
]
