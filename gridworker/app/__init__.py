"""What a person can do: the Workspace that windows and commands hold, and its services.

Where to begin: ``workspace`` lists the services, ``session`` writes for them, ``gate`` says who may call what.

A folder per concern, named in the singular; a service in it is named like its page or command (``issue/issues``,
``backup/backups``), its plain values are in "view" or "views", its sentences in "words". A folder may import those of
the lines below its own and none beside it (pyproject.toml, "Folders of app point down"):

- ``demo``: a sample community, and a walk through the whole circle without a window.
- ``inbox``: conflicts, changes set aside, duplicates. ``rights``: consent, one's own file, erasure, retention.
- ``building``, ``register``, ``search``, ``visit``: what their pages show and do.
- ``household``: the list, one file, its timeline, what can happen to a household and its people.
- ``backup``: made and put back, the self-check. ``roster``: ledgers of residents taken in.
- ``access``: stores made and opened, keys, audit. ``issue``. ``ledger``: our own ledgers, out and in. ``today``.
- ``exchange``: bundles, shared folder, laptops, grids. ``due``: when a household is called on next. ``attachment``.
- ``words``, ``entry`` (what is asked of a record that is typed), ``staff``, ``files``: for all above.

What lies beside the folders serves several of them: ``drafts``, ``office_rules``, ``forgetting`` (an erasure carried to
wherever a value may lie), ``files_back`` (a missing file brought out of a backup), ``places``, ``openers``,
``undoing``.
"""
