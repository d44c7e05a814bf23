"""The numbers of kinds and fields as released: bundles between versions rest on them, so they never change."""

import pytest

from gridworker import discover

RELEASED = {
    (1, "community"): "1:code 2:name 3:province 4:city 5:district 6:subdistrict 7:office_name 8:export_cap "
    "9:retention 10:short_ids 11:id_key",
    (
        2,
        "grid",
    ): "1:name 2:community_id 3:code 4:boundary_note 5:planned_household_count 6:public_contact 7:merged_into "
    "8:grid_kind",
    (3, "building"): (
        "1:grid_id 2:estate_name 3:building_name 4:floor_count 5:unit_count 6:household_count 7:building_type "
        "8:has_elevator 9:head_name 10:remark 11:head_staff_id 12:property_company 13:property_phone"
    ),
    (
        4,
        "dwelling",
    ): "1:building_id 2:unit_no 3:floor 4:room_no 5:usage 6:grid_id 7:hazard_note 8:vacancy 9:owner_contact",
    (5, "household"): (
        "1:household_no 2:dwelling_id 3:head_id 4:residence_status 5:living_arrangement 6:contact_phone "
        "7:contact_preference 8:visit_wish 9:access_need 10:status 11:status_date 12:remark 13:head_name "
        "14:people_count 15:booklet_no 16:visit_policy 17:party_plaque"
    ),
    (6, "resident"): (
        "1:name 2:sex 3:birth_date 4:birth_year 5:phones 6:id_number 7:id_last4 8:resident_kind "
        "9:registered_elsewhere 10:status 11:status_date 12:basis 13:note 14:tags 15:id_hash"
    ),
    (7, "household_member"): "1:household_id 2:resident_id 3:relation 4:lives_here 5:valid_from 6:valid_to",
    (8, "consent"): (
        "1:resident_id 2:household_id 3:purpose 4:scope 5:method 6:given_on 7:expires_on 8:withdrawn_on 9:witness "
        "10:paper_scan"
    ),
    (9, "visit"): (
        "1:visit_no 2:household_id 3:started_at 4:ended_at 5:visitor_id 6:accompany 7:channel 8:visit_kind "
        "9:outcome 10:met 11:met_other 12:topics 13:resident_words 14:situation_note 15:measures "
        "16:home_checks 17:follow_up_on 18:satisfaction 19:confirmed_by 20:backdated_reason "
        "21:visitor_ids 22:merchant_id 23:grid_id 24:roster_changes"
    ),
    (10, "issue"): (
        "1:issue_no 2:title 3:category 4:subcategory 5:track 6:severity 7:scale 8:early_sign 9:source_channel "
        "10:reported_at 11:occurred_at 12:place_text 13:grid_id 14:building_id 15:household_id 16:visit_id "
        "17:people_count 18:summary 19:words 20:owner_id 21:visibility 22:on_site 23:merchant_id 24:co_orgs "
        "25:accept_due_at 26:due_at 27:extended_days"
    ),
    (11, "issue_step"): (
        "1:issue_id 2:action 3:follows 4:actor_id 5:at 6:due_on 7:note 8:to_org 9:result 10:satisfaction 11:method "
        "12:to_person 13:solve_method 14:solve_org 15:solve_person"
    ),
    (12, "care_membership"): (
        "1:resident_id 2:household_id 3:care_group 4:living_arrangement 5:basis 6:reason_note 7:start_on "
        "8:review_on 9:end_on 10:owner_id 11:cadence 12:priority_services"
    ),
    (13, "staff"): "1:name 2:role 3:phone 4:active 5:employment",
    (14, "device"): "1:number 2:label 3:staff_id 4:state 5:issued_on",
    (15, "device_grid"): "1:device_id 2:grid_id",
    (16, "audit_event"): "1:at 2:staff_id 3:device 4:action 5:record_kind 6:record 7:count 8:purpose 9:detail",
    (17, "issue_party"): "1:issue_id 2:role 3:display_name 4:resident_id 5:phone",
    (34, "service_request"): (
        "1:request_no 2:requested_on 3:item 4:household_id 5:materials 6:promised_on 7:finished_on "
        "8:charge 9:fee_note 10:received_by 11:returned_on 12:satisfaction 13:owner_id 14:grid_id"
    ),
    (35, "volunteer_service"): "1:name 2:team 3:activity 4:day 5:hours 6:content 7:household_id 8:grid_id 9:review",
    (36, "duty_shift"): "1:day 2:slot 3:staff_id 4:swap_of 5:checked_in_at 6:visitor_count 7:matters 8:handover",
    (37, "training_record"): "1:staff_id 2:topic 3:mode 4:start_on 5:end_on 6:days 7:organiser 8:certificate",
    (38, "post_assignment"): "1:post 2:duty 3:holder 4:building_id 5:grid_id 6:since 7:until 8:pledge 9:review",
    (41, "care_contact"): "1:name 2:relation 3:phone 4:care_id",
    (39, "disclosure"): (
        "1:item 2:item_class 3:period 4:basis 5:approved_by 6:posted_on 7:removed_on 8:channel 9:feedback"
    ),
}


@pytest.mark.parametrize(("number", "name"), RELEASED)
def test_released_numbers_stand(number: int, name: str) -> None:
    kind = discover.kinds()[name].kind
    assert kind.number == number
    for field in RELEASED[number, name].split():
        at, _, called = field.partition(":")
        assert kind.numbered[int(at)].name == called
