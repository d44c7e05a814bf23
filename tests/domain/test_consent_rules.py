"""Which fields a form may offer."""

from datetime import date

import pytest

from gridworker import discover
from gridworker.domain import consent_rules
from gridworker.domain.consent_rules import withheld_fields
from gridworker.record import Value

TODAY = date(2026, 3, 18)
CHILD = "2014-01-01"
NUMBERS = frozenset({"phones", "id_number", "id_last4", "id_hash"})


def consent(scope: str, method: str = "oral", **more: str) -> dict[str, Value]:
    return {"scope": scope, "method": method, "given_on": "2026-01-01", **more}


def test_numbers_need_consent() -> None:
    assert withheld_fields(TODAY, [], birth_date="1948-01-01") == NUMBERS
    assert withheld_fields(TODAY, [consent("phone")], birth_date="1948-01-01") == {"id_number", "id_last4", "id_hash"}
    assert withheld_fields(TODAY, [consent("phone"), consent("id_number")]) == frozenset()


@pytest.mark.parametrize("over", [{"given_on": "2026-03-19"}, {"expires_on": "2026-03-17"}])
def test_a_consent_that_is_not_in_force_opens_nothing(over: dict[str, str]) -> None:
    assert withheld_fields(TODAY, [consent("phone id_number", **over)]) == NUMBERS


def test_after_a_no_nothing_more_is_asked_and_ones_own_word_comes_first() -> None:
    no = consent("basic phone id_number", withdrawn_on="2026-03-18")
    assert withheld_fields(TODAY, [no]) >= NUMBERS | {"birth_date", "sex", "tags", "note"}
    own = {**consent("phone id_number"), "resident_id": 5}
    assert withheld_fields(TODAY, [no, own]) == frozenset()
    assert "phones" in withheld_fields(TODAY, [consent("phone"), {**no, "resident_id": 5}])
    assert withheld_fields(TODAY, [no, consent("phone id_number")]) == frozenset(), "they thought better of it"


def test_a_refusal_outlasts_an_older_yes_that_comes_later_and_one_mistake_taken_back_is_none() -> None:
    yes = consent("phone id_number", given_on="2026-03-03")
    no = consent("basic phone", given_on="2026-03-05", withdrawn_on="2026-03-05")
    assert consent_rules.declined_on([yes, no], TODAY) == "2026-03-05"
    assert "phones" in withheld_fields(TODAY, [yes, no])
    assert consent_rules.declined_on([{**yes, "given_on": "2026-03-06"}, no], TODAY) is None
    assert (
        consent_rules.declined_on([yes, {**no, "given_on": "2026-03-19", "withdrawn_on": "2026-03-19"}], TODAY) is None
    )
    mistake = {**no, "expires_on": "2026-03-05"}
    assert withheld_fields(TODAY, [yes, mistake]) == frozenset(), "it was no word on what was agreed to before"


@pytest.mark.parametrize(
    ("agreed", "refused", "ends"),
    [
        ("file visits", "file visits", True),
        ("file visits", "file", True),
        ("file visits", "visits", False),
        ("file agency", "agency", False),
        ("agency", "agency issue", True),
        ("agency", "file", False),
        ("file agency", "file", True),
    ],
)
def test_a_no_to_one_thing_ends_it_for_the_purposes_that_were_asked(agreed: str, refused: str, ends: bool) -> None:
    yes = consent("basic phone", purpose=agreed)
    no = consent("phone", purpose=refused, given_on="2026-03-05", withdrawn_on="2026-03-05")
    assert consent_rules.declined_on([yes, no], TODAY) is None
    assert ("phones" in withheld_fields(TODAY, [yes, no])) == ends


def test_what_one_refused_the_yes_of_the_household_does_not_open() -> None:
    own = {**consent("phone", given_on="2025-12-01", withdrawn_on="2025-12-01"), "resident_id": 5}
    assert withheld_fields(TODAY, [consent("basic phone id_number"), own]) == {"phones"}
    assert "tags" in withheld_fields(TODAY, [consent("care", given_on="2026-03-05", withdrawn_on="2026-03-05")])


def test_what_was_taken_back_is_to_go_and_what_was_agreed_to_anew_stays() -> None:
    over = consent("phone birth_date", withdrawn_on="2026-02-01")
    assert consent_rules.refused_fields(TODAY, [over]) == {"phones", "birth_date", "sex"}
    assert consent_rules.refused_fields(TODAY, [over, consent("phone", given_on="2026-03-01")]) == {"birth_date", "sex"}
    assert consent_rules.refused_fields(TODAY, [consent("phone", expires_on="2026-02-01")]) == frozenset()


def test_a_consent_counts_on_its_last_day() -> None:
    assert consent_rules.in_force(consent("phone", expires_on="2026-03-18", given_on="2026-03-18"), TODAY)


def test_of_a_child_only_name_and_year_without_the_guardian() -> None:
    closed = withheld_fields(TODAY, [consent("phone id_number basic birth_date care")], birth_date=CHILD)
    assert closed >= NUMBERS | {"birth_date", "sex", "tags", "note"}
    assert not closed & {"name", "birth_year", "status", "basis"}
    opened = withheld_fields(TODAY, [consent("phone basic", "guardian")], birth_date=CHILD)
    assert closed - opened == {"phones", "resident_kind", "registered_elsewhere"}


@pytest.mark.parametrize(
    ("born", "year", "child"),
    [
        ("2012-03-18", None, False),
        ("2012-03-19", None, True),
        (None, 2012, True),
        (None, 2011, False),
        (None, None, False),
        ("2000-01-01", 2020, False),
    ],
)
def test_under_fourteen(born: str | None, year: int | None, *, child: bool) -> None:
    assert consent_rules.is_child(TODAY, born, year) is child


def test_scopes_and_fields_are_those_of_the_kinds() -> None:
    scopes = discover.kinds()["consent"].kind.specs["scope"].codes
    assert scopes is not None
    assert consent_rules.OPENS.keys() | {"photos"} == scopes.labels.keys()
    assert frozenset().union(*consent_rules.OPENS.values()) <= discover.kinds()["resident"].kind.specs.keys()
