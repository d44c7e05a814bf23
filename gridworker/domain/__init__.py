"""The kinds, one file each, and the rules. Knows no clock, file, Qt or database session; ``today`` is passed in.

A file of a kind declares its fields and checks; what a field may hold is in ``codes`` and its sisters ``codes_*``.

- Places: ``community``, ``grid``, ``building``, ``dwelling``, ``merchant``; ``address``, ``numerals``, ``door_plan``.
- People: ``household``, ``household_member``, ``resident``; ``household_life`` (what happens to them), ``kinship``,
  ``likeness`` (on the books twice?), ``identity``, ``id_parts``, ``names``, ``phones``, ``tags``.
- Care: ``visit``, ``care_membership``, ``care_contact``, ``need``; ``visit_due`` with ``visit_policy`` and
  ``visit_regular`` (when next), ``today_order``, ``need_score``, ``home_hazards``.
- Issues: ``issue``, ``issue_step``, ``issue_party``; ``issue_flow`` (how far one has come) with ``issue_steps``,
  ``issue_actions``, ``deadline``, ``return_visits``.
- Rights: ``consent``, ``consent_rules``, ``rights`` (who may do what), ``masking``, ``retention``, ``audit_event``.
- Office: ``staff``, ``device``, ``device_grid``, ``handover_request``, ``clock_correction``; plain registers such as
  ``duty_shift``, ``disclosure``, ``training_record``; ``export_preset``, ``ledger_columns``.
- For all: ``findings`` (looks wrong, stops nobody), ``ranges``, ``moments``, ``numbering``, ``links``, ``divisions``.
"""
