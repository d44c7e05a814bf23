"""How closely each field is kept (domain.md 2.1 and 7): a class that is weakened by a slip is noticed here."""

import pytest

from gridworker import discover
from gridworker.record import Privacy

KEPT = {
    Privacy.SENSITIVE: {
        "community": "id_key",
        "resident": "id_number id_hash",
        "care_membership": "reason_note",
    },
    Privacy.PERSONAL: {
        "building": "head_name property_phone",
        "dwelling": "owner_contact",
        "household": "living_arrangement contact_phone access_need remark head_name booklet_no party_plaque",
        "resident": "name sex birth_date birth_year phones id_last4 note tags",
        "household_member": "relation",
        "consent": "witness",
        "visit": "accompany met_other resident_words situation_note",
        "issue": "title place_text summary words",
        "issue_step": "note to_person solve_person",
        "care_membership": "care_group living_arrangement priority_services",
        "care_contact": "name relation phone",
        "staff": "phone",
        "issue_party": "display_name phone",
        "attachment": "sha256 caption_text",
        "handover_request": "reason to_address answer",
        "merchant": "contact_name phone demands party_plaque",
        "need": "title words answer",
        "service_request": "item materials received_by",
        "volunteer_service": "name content review",
        "post_assignment": "holder review",
    },
}


@pytest.mark.parametrize("privacy", KEPT, ids=lambda privacy: privacy.name)
def test_fields_are_kept_as_closely_as_they_were(privacy: Privacy) -> None:
    found = {
        record.kind.name: {spec.name for spec in record.kind.specs.values() if spec.privacy is privacy}
        for record in discover.kinds().values()
    }
    assert {name: fields for name, fields in found.items() if fields} == {
        name: set(fields.split()) for name, fields in KEPT[privacy].items()
    }
