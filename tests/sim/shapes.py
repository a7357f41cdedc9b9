"""The keys of Zoom's sample payloads: of `payload.object`, and of the participant in it."""

MEETING = "id uuid host_id topic type start_time timezone duration"
PERSON = "user_id user_name id participant_uuid email registrant_id participant_user_id customer_key phone_number"

SHAPES = {
    "started": (MEETING, ""),
    "ended": (f"{MEETING} end_time", ""),
    "alert": (f"{MEETING} issues", ""),
    "recording.started": (f"{MEETING} recording_file", ""),
    "recording.stopped": (f"{MEETING} recording_file", ""),
    "participant_joined": (f"{MEETING} participant", f"{PERSON} join_time"),
    "participant_left": (f"{MEETING} participant", f"{PERSON} leave_time leave_reason"),
    "participant_role_changed": (
        f"{MEETING} participant",
        "user_id user_name email registrant_id participant_user_id participant_uuid date_time old_role new_role id",
    ),
    "participant_joined_waiting_room": (f"{MEETING} participant", f"{PERSON} date_time"),
    "participant_admitted": (f"{MEETING} participant", f"{PERSON} date_time"),
    "participant_left_waiting_room": (f"{MEETING} participant", f"{PERSON} date_time"),
    "participant_joined_breakout_room": (f"{MEETING} breakout_room_uuid participant", f"{PERSON} parent_user_id join_time"),
    "participant_left_breakout_room": (
        f"{MEETING} breakout_room_uuid participant",
        f"{PERSON} parent_user_id leave_time leave_reason",
    ),
    "sharing_started": (f"{MEETING} participant", "user_id user_name id sharing_details"),
    "sharing_ended": (f"{MEETING} participant", "user_id user_name id sharing_details"),
    "participant_qos": ("uuid participant", "user_id participant_user_id email qos"),
    "participant_qos_summary": ("uuid participant", "participant_id user_name id email qos"),
    "participant_data": ("uuid participant", "participant_id participant_user_id email data"),
    "participant_data_summary": ("uuid id participant", "participant_id participant_user_id email data"),
    "participant_feedback": ("id uuid participant", "participant_uuid participant_user_id user_name feedback"),
}
