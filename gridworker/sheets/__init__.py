"""Spreadsheets in and out.

Where to begin: ``roster`` reads a ledger of people into households; ``write`` writes any table.

- Files: ``read``, ``delimited``, ``container``, ``rawlook*`` (error cells), ``table``.
- Which column is what: ``header``, ``mapping``, ``meanings``, ``words``, ``refining``, ``content``, ``remembered``.
- Rows: ``sheet_reading``, ``usual_rows`` (the quick way), ``doors``, ``residents``, ``relations``, ``members``,
  ``days``.
- Ledgers that are no lists: ``turned`` and what it tries (``people_in_columns``, ``label_cards``, ``door_grid`` ...).
"""
