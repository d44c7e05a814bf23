"""The log, the tables read from it, keys, search. SQL lives only here.

Where to begin: ``store`` holds a store open, ``transaction`` is the one write path, ``op`` the shape of what is logged.

- File and connections: ``database``, ``connection``, ``writer``, ``checkpoint``, ``pages``, ``lock``, ``filesafe``.
- Log and merge: ``log``, ``intake``, ``heads`` (the rule), ``projection`` (the tables), ``batch`` (the journal),
  ``creations`` and ``fast_path`` (fast paths for bulk creation and for a small save), ``undo``, ``history``.
- What a laptop holds: ``scope`` and ``scope_*``, ``departed``, ``eviction``, ``spans``. Exchange: ``streams``,
  ``verdicts``, ``waiting``, ``recall``.
- Keys: ``vault``, ``slots``, ``sealing``, ``kdf``, ``escrow``, ``reset``, ``rekey``.
- Safekeeping: ``backup`` and ``backup_*``, ``restore``, ``check``, ``rescue``, ``freshness``, ``lives``, ``reread``.
- Forgetting: ``erasure``, ``blanking``, ``forgetting``, ``relink``, ``compaction``.
- Search: ``search`` is the entry; ``search_*`` its parts; ``pinyin``. Lists and pages: ``queries``, one module a page.
"""
