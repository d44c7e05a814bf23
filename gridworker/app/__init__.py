"""What a person can do: the Workspace that windows and commands hold, and its services.

Where to begin: ``workspace`` lists the services, ``session`` writes for them, ``gate`` says who may call what.

- A service is named like its page or command (``households``, ``issues``, ``exchange``, ``backups``, ``rosters`` ...);
  ``*_views`` and ``*_view`` are the plain values it gives, ``*_words`` its sentences.
- Households: ``household_*`` (list, file, timeline, life), ``people``, ``consents``, ``buildings`` and ``building_*``.
- Visits and Today: ``visit_*``, ``today_*``, ``outlook``, ``cases``. Issues: ``issue_*``.
- Ledgers in: ``rosters`` and ``roster_*`` (people), ``ledger_*`` (our own forms); out: ``ledgers``, ``presets``.
- Exchange: ``exchange``, ``watched``, ``merge``, ``asides``, ``duplicates``, ``devices``, ``grids``.
- Safekeeping: ``opening``, ``backups``, ``restoring``, ``rescuing``, ``audit``, ``erasing``, ``retention``,
  ``recovery``.
"""
