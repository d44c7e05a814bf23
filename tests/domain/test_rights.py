"""The table of rights against the same said the other way round: for every action on every class, who may."""

import pytest

from gridworker import text
from gridworker.domain.codes_office import STAFF_ROLE
from gridworker.domain.rights import ROLES, Action, Matter, may, refusal, rises

FIELD = "grid_worker branch_secretary"
ALL_STAFF = "grid_worker branch_secretary building_head duty office administrator auditor"
NO_AUDITOR = "grid_worker branch_secretary building_head duty office administrator"
MANAGING = "office administrator"

WHO: dict[Matter, dict[Action, str]] = {
    Matter.AREAS: {
        Action.READ: ALL_STAFF, Action.CREATE: MANAGING, Action.CHANGE: MANAGING, Action.DELETE: MANAGING,
    },
    Matter.PLACES: {
        Action.READ: NO_AUDITOR,
        **dict.fromkeys((Action.CREATE, Action.CHANGE, Action.DELETE), f"{FIELD} office"),
    },
    Matter.PEOPLE: {
        Action.MASKED: NO_AUDITOR,
        **dict.fromkeys(
            (Action.READ, Action.REVEAL, Action.SEARCH, Action.CREATE, Action.CHANGE, Action.DELETE, Action.IMPORT,
             Action.EXPORT, Action.PRINT), f"{FIELD} office",
        ),
        **dict.fromkeys((Action.ERASE, Action.DECIDE, Action.APPROVE), "office"),
    },
    Matter.CARE: {
        **dict.fromkeys((Action.READ, Action.REVEAL, Action.CREATE, Action.CHANGE, Action.DELETE), f"{FIELD} office"),
        Action.DECIDE: "branch_secretary office",
        Action.ERASE: "office",
    },
    Matter.VISITS: {
        Action.MASKED: f"{FIELD} building_head office administrator",
        **dict.fromkeys(
            (Action.READ, Action.REVEAL, Action.CREATE, Action.CHANGE, Action.DELETE, Action.PRINT), f"{FIELD} office"
        ),
        Action.ERASE: "office",
    },
    Matter.ISSUES: {
        Action.MASKED: NO_AUDITOR,
        Action.READ: f"{FIELD} duty office",
        Action.REVEAL: f"{FIELD} duty office",
        Action.CREATE: f"{FIELD} building_head duty office",
        Action.CHANGE: f"{FIELD} duty office",
        Action.DELETE: f"{FIELD} office",
        Action.DECIDE: "branch_secretary office",
        Action.ERASE: "office",
    },
    Matter.FILES: {
        Action.READ: f"{FIELD} duty office",
        Action.CREATE: f"{FIELD} duty office",
        Action.CHANGE: f"{FIELD} duty office",
        Action.DELETE: f"{FIELD} office",
        Action.EXPORT: f"{FIELD} office",
        Action.ERASE: "office",
    },
    Matter.STAFF: {
        Action.READ: ALL_STAFF,
        Action.REVEAL: f"{FIELD} {MANAGING}",
        **dict.fromkeys((Action.CREATE, Action.CHANGE, Action.DELETE), MANAGING),
        Action.ERASE: "office",
    },
    Matter.DEVICES: {
        Action.READ: ALL_STAFF,
        **dict.fromkeys((Action.CREATE, Action.CHANGE, Action.DELETE), MANAGING),
        Action.ENROL: "office",
    },
    Matter.HANDOVERS: {
        Action.READ: f"{FIELD} {MANAGING}", Action.CREATE: f"{FIELD} office", Action.DECIDE: "office",
    },
    Matter.CONFLICTS: {Action.READ: f"{FIELD} office", Action.DECIDE: "office"},
    Matter.AUDIT: dict.fromkeys((Action.READ, Action.EXPORT, Action.PRINT), "office auditor"),
    Matter.OWN_LOG: {Action.READ: ALL_STAFF},
    Matter.BUNDLES: {Action.READ: ALL_STAFF, Action.EXCHANGE: NO_AUDITOR},
    Matter.STORE: {Action.READ: ALL_STAFF, Action.CREATE: NO_AUDITOR, Action.CHANGE: NO_AUDITOR},
    Matter.SETTINGS: {Action.READ: ALL_STAFF, Action.CHANGE: NO_AUDITOR},
    Matter.RULES: {Action.READ: ALL_STAFF, Action.CHANGE: MANAGING},
    Matter.KEYS: {Action.READ: ALL_STAFF, Action.CHANGE: f"{FIELD} {MANAGING}", Action.EXPORT: "office"},
    Matter.TASKS: {Action.READ: "volunteer"},
}  # fmt: skip


def _expected(role: str, action: Action, matter: Matter) -> bool:
    who = WHO[matter]
    listed = set(who.get(action, "").split())
    if action is Action.MASKED:
        listed |= set(who.get(Action.READ, "").split())
    return role in listed


@pytest.mark.parametrize("role", ROLES)
def test_role_by_action_by_class_is_as_said(role: str) -> None:
    wrong = [
        (action.name, matter.name)
        for action in Action
        for matter in Matter
        if may(role, action, matter) != _expected(role, action, matter)
    ]
    assert wrong == []


@pytest.mark.parametrize("role", [None, "", "mayor", "GRID_WORKER"])
def test_who_has_no_known_role_may_nothing(role: str | None) -> None:
    assert not any(may(role, action, matter) for action in Action for matter in Matter)


def test_the_volunteer_has_a_task_slip_and_nothing_else() -> None:
    allowed = [(action, matter) for action in Action for matter in Matter if may("volunteer", action, matter)]
    assert allowed == [(Action.READ, Matter.TASKS), (Action.MASKED, Matter.TASKS)]


def test_the_auditor_sees_nobody_and_the_administrator_nobody_in_clear() -> None:
    of_people = (Matter.PLACES, Matter.PEOPLE, Matter.CARE, Matter.VISITS, Matter.ISSUES, Matter.FILES)
    assert not any(may("auditor", action, matter) for action in Action for matter in of_people)
    assert not any(may("administrator", Action.REVEAL, matter) for matter in of_people)
    assert not any(may("administrator", Action.READ, matter) for matter in of_people if matter is not Matter.PLACES)


def test_a_role_rises_where_it_may_do_one_thing_more() -> None:
    falling = {(role, to) for role in (*ROLES, None) for to in ROLES if not rises(role, to)}
    assert {to for role, to in falling if role == "office"} == set(ROLES)
    assert {to for role, to in falling if role == "administrator"} == {"administrator", "volunteer"}
    assert {to for role, to in falling if role == "grid_worker"} == {
        "grid_worker", "building_head", "duty", "volunteer",
    }  # fmt: skip
    assert {to for role, to in falling if role is None} == {"volunteer"}
    assert ("grid_worker", "branch_secretary") not in falling
    assert ("branch_secretary", "grid_worker") in falling


def test_nobody_writes_the_audit() -> None:
    writing = (Action.CREATE, Action.CHANGE, Action.DELETE, Action.ERASE, Action.IMPORT)
    assert not any(may(role, action, Matter.AUDIT) for role in ROLES for action in writing)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_refusal_says_who_may(language: str) -> None:
    before = text.language()
    text.use(language)
    try:
        for matter in Matter:
            for action in Action:
                for role in (*ROLES, None):
                    if may(role, action, matter):
                        continue
                    said = str(refusal(role, action, matter))
                    named = [one for one in ROLES if may(one, action, matter)]
                    assert all(STAFF_ROLE.label(one) in said for one in named)
                    assert "{" not in said
    finally:
        text.use(before)
