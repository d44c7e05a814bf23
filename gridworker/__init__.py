"""Gridworker: know every household, act at the first moment, lose nothing on the way to the office.

Each package may import only those after it, and its ``__init__`` has a map of its modules:

- ``gui`` (the window) and ``cli`` (commands): what a person sees and types.
- ``app``: what a person can do; services that both of them call.
- ``sync``: sealed bundles between laptops and office. ``sheets``: ledgers and rosters in files.
- ``store``: the encrypted log and the tables read from it; all SQL.
- ``domain``: kinds of records and rules, without any input or output.
"""

__version__ = "0.1.0"
