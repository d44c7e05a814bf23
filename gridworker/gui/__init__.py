"""The window. Qt lives only here; no SQL and no domain rules do.

Where to begin: ``start`` opens the program, ``window`` shows the front or the ``desk``, ``page`` is the contract of all
pages, ``entries`` lists them.

- Pages: ``pages``, a module or a folder each. What several of them open: ``household``, ``person``, ``export``,
  ``recovery``. Controls without knowledge of the store: ``widgets``.
- Slow work: ``background`` is the only way to threads, ``messages`` the only way to message boxes, ``filedialogs`` the
  only way to files. By itself: ``watching``.
- A save: a form (``draftform``, ``autosave``) keeps its draft while it is typed, then calls a service
  of gridworker.app.
- Start and end: ``loading``, ``frontdoor``, ``closed_store``, ``process``, ``crash``. Locking: ``locking``,
  ``onlookers``.
- Look and keys: ``look``, ``shortcuts``, ``keysheet``, ``preferences``.
"""

from gridworker.gui.process.plainimports import leave_sources_unread

leave_sources_unread()
