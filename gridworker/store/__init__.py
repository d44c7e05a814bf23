"""The log, the tables read from it, keys, search. SQL lives only here.

Where to begin: ``store`` holds a store open, ``intake/transaction`` is the one write path, ``log/op`` the shape of what
is logged. A folder per concern; it may import those of the lines below its own and none beside it (pyproject.toml,
"Folders of store point down"):

- ``backup``: verified backups, restore, salvage.
- ``health``: is the store whole, and is it the one that was closed here last? ``health/sidecar``: what outlives it.
- ``erasure``: values taken out for good; also ``forgetting``, ``settling``, ``concerned``, ``mentions``, ``relink``.
- ``upgrade``: tables of this version, made and read anew.
- ``intake``: changes become ops, ops are merged and written; ``intake/fast_path`` for a small save.
- ``queries``: one module a page. ``search``: the index and what is found by it.
- ``keys``: the data key and its slots. ``scope``: what a laptop may hold. ``tables``: records read from the log.
- ``log``: ops, clock, journal (``log/journal``), the merge rule (``log/heads``), verdicts; ``log/sheaves``: values
  of many creations in one compressed block.
- ``engine``: the encrypted file, connections, one writer, locks, safe writing.

Beside the folders: ``undo`` and what stays all the same (``still_referenced``), ``history``, ``conflicts``; for the
exchange ``streams``, ``waiting``, ``recall``, ``known``, ``parcels``, ``attached``; ``drafts`` and what else is in no
log (``meta``, ``remembering``).
"""
