"""Bundles between devices: sealed files, exchange, receipts, enrolment.

Where to begin: ``post`` packs and takes in bundles, ``bundle`` says what the file is, byte by byte.

- The file: ``bundle``, ``header``, ``parts``, ``sections``, ``payload``, ``columns``, ``frame``,
  ``canonical``, ``seal``.
- Out: ``outgoing``, ``attaching``, ``traces``. In: ``incoming``, ``judge`` (what a laptop may change), ``early``,
  ``pending_references``, ``guard``, ``forks``; ``prefetch``, and ``bundle_batch`` for many small ones.
- Scope: ``passage``, ``departing``, ``letting_go``. The office's word: ``rulings``, ``accepting``.
- A restored office: ``life``, ``asks``, ``returns``, ``giving``, ``taking_back``. Erasure: ``redact``.
- Who is who: ``enrol``, ``kit``, ``keys``, ``signers``, ``known``, ``code``, ``words``, ``reset_code``, ``approval``.
"""
