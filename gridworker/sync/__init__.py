"""Bundles between devices: sealed files, exchange, receipts, enrolment."""
