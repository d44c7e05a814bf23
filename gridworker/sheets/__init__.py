"""Spreadsheets in and out.

Where to begin: ``roster`` reads a ledger of people into households; ``write`` writes any table.

- Files: ``read``, ``delimited``, ``markup``, ``container``, ``ole``, ``rawlook*`` (error cells), ``cells``, ``table``.
- Which column is what: ``candidates`` (which sheets at all), ``header``, ``headers_below``, ``meanings``, ``words``,
  ``refining``, ``content``, ``said_of_heads``; ``mapping``, ``mapping_file`` and ``remembered`` for what a
  person chose.
- Rows: ``sheet_reading``, ``usual_rows`` (the quick way), ``asides`` (rows that are no people), ``no_names``,
  ``residents``, ``relations``, ``members``, ``days``, ``clean``, ``lost_tails``; ``alike_rows`` (one person in
  several), ``corrections``.
- Doors: ``doors`` (whose row is it), ``doortext``, ``place_columns``, ``floors``, ``cards``.
- Ledgers that are no lists: ``turned`` and what it tries (``people_in_columns``, ``label_cards``, ``door_grid`` ...).
- What comes of it: ``people``, ``findings``.
- Out: ``write``, ``sheet_rows``, ``dropdowns``.
"""
