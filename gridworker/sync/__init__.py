"""Bundles between devices: sealed files, exchange, receipts, enrolment.

Where to begin: ``post`` packs and takes in bundles, ``format/bundle`` says what the file is, byte by byte.

- ``format``: the file. ``format/header``, ``format/sections``, ``format/payload``, ``format/columns``, ``format/seal``.
- Out: ``preparing``, ``outgoing``, ``news``. In: ``incoming``, ``standing``, ``forks``, ``prefetch``;
  ``bundle_batch`` for many small ones. ``judging``: what a laptop may change (``judging/judge``), and the office's word
  (``judging/rulings``).
- ``files``: bundles on disks, attachments in bundles. Scope: ``passage``, ``departing``. Erasure: ``redact``.
- ``returning``: an office that was restored gets back what laptops had from it.
- ``enrolment``: a laptop's store, keys and codes. Who is who: ``kit``, ``signers``, ``known``.

What a folder may import of the others is held by a contract in pyproject.toml, "Folders of sync point down".
"""
