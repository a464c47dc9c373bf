"""Models and enumerations: values that never change, keep what they do not know, and show nothing personal."""

from __future__ import annotations

import copy
import pickle

import pytest

from voicecall import (
    CalleeMedia,
    EventType,
    PlacedCall,
    PlayContentInfo,
    Recording,
    VoiceCallback,
    VoiceNotification,
    VoiceVerificationCode,
)

CALLBACK = VoiceCallback(
    display_nbr="+867550000088",
    caller_nbr="+8613800000021",
    display_callee_nbr="+867550000089",
    callee_nbr="+8613800000022",
    max_duration=5,
    record_flag=True,
    callee_media="fail",
    status_url="https://push.example.com/status",
    extra={"bindNbr": "+867550000099", "nested": {"list": [1, 2.5, None, True, "x"]}},
)
ITEM = PlayContentInfo(template_id="alarm", template_paras=["north", "3"])
NOTIFICATION = VoiceNotification(
    display_nbr="+867550000088",
    callee_nbr="+8613800000021",
    play_info_list=[
        PlayContentInfo(notify_voice="notifyvoice.wav", collect_ind=1),
        ITEM,
    ],
)


@pytest.mark.parametrize("model", [CALLBACK, NOTIFICATION, PlacedCall(session_id="1")], ids=lambda m: type(m).__name__)
def test_a_model_is_a_value(model: VoiceCallback) -> None:
    twin = copy.deepcopy(model)
    assert twin == model and hash(twin) == hash(model) and twin is not model
    assert pickle.loads(pickle.dumps(model)) == model == copy.copy(model)
    assert model != "something else" and model != model.replace(extra={"another": 1})


def test_a_model_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        CALLBACK.max_duration = 6  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del CALLBACK.max_duration
    with pytest.raises(AttributeError):
        CALLBACK.no_such_field = 6  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        CALLBACK.extra["bindNbr"] = "another"  # type: ignore[index]
    assert isinstance(NOTIFICATION.play_info_list, tuple)


def test_a_copy_with_changes_leaves_the_original_alone() -> None:
    longer = CALLBACK.replace(max_duration=60)
    assert (longer.max_duration, CALLBACK.max_duration) == (60, 5)
    assert longer.replace(max_duration=5) == CALLBACK
    with pytest.raises(TypeError):
        CALLBACK.replace(no_such_field=1)


def test_what_is_given_is_not_shared() -> None:
    items, extra = [PlayContentInfo(notify_voice="notifyvoice.wav")], {"a": 1}
    request = VoiceNotification(display_nbr="+1", callee_nbr="+2", play_info_list=items, extra=extra)
    items.clear()
    extra.clear()
    assert len(request.play_info_list) == 1 and dict(request.extra) == {"a": 1}


def test_the_wire_form_is_what_travels() -> None:
    assert CALLBACK.to_dict() == {
        "displayNbr": "+867550000088",
        "callerNbr": "+8613800000021",
        "displayCalleeNbr": "+867550000089",
        "calleeNbr": "+8613800000022",
        "maxDuration": 5,
        "calleeMedia": "fail",
        "statusUrl": "aHR0cHM6Ly9wdXNoLmV4YW1wbGUuY29tL3N0YXR1cw==",
        "recordFlag": "true",
        "bindNbr": "+867550000099",
        "nested": {"list": [1, 2.5, None, True, "x"]},
    }
    assert NOTIFICATION.to_dict()["playInfoList"][1] == {"templateId": "alarm", "templateParas": ["north", "3"]}


def test_models_can_be_matched() -> None:
    match CALLBACK:
        case VoiceCallback(callee_nbr=callee, callee_media=CalleeMedia.FAIL):
            assert callee == "+8613800000022"
        case _:
            pytest.fail("no match")


def test_nothing_personal_is_shown() -> None:
    code = VoiceVerificationCode(
        display_nbr="+867550000088",
        callee_nbr="+8613800000021",
        language_type=2,
        pre_tone="a.wav",
        verify_code="987654",
    )
    shown = f"{CALLBACK!r} {NOTIFICATION} {code}"
    assert "+*********0021" in shown and "callee_media=<CalleeMedia.FAIL: 'fail'>" in shown
    for secret in ("13800000021", "67550000088", "987654", "north", "67550000099"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: CALLBACK.replace(display_nbr=1), "display_nbr must be a str, not int"),
        (lambda: CALLBACK.replace(max_duration="5"), "max_duration must be an int, not str"),
        (lambda: CALLBACK.replace(max_duration=True), "max_duration must be an int, not bool"),
        (lambda: CALLBACK.replace(max_duration=5.0), "max_duration must be an int, not float"),
        (lambda: CALLBACK.replace(record_flag="true"), "record_flag must be a bool, not str"),
        (lambda: CALLBACK.replace(callee_media=1), "callee_media must be a str, not int"),
        (lambda: CALLBACK.replace(extra=[1]), "extra must be a dict, not list"),
        (lambda: CALLBACK.replace(extra={"a": [object()]}), "must be a value that JSON has, not object"),
        (lambda: ITEM.replace(template_paras="abc"), "template_paras must be an iterable of str, not str"),
        (lambda: ITEM.replace(template_paras=["a", 1]), r"template_paras\[1\] must be a str, not int"),
        (lambda: NOTIFICATION.replace(play_info_list=[{}]), r"play_info_list\[0\] must be of type PlayContentInfo, not dict"),
        (lambda: NOTIFICATION.replace(play_info_list=1), "play_info_list must be an iterable of PlayContentInfo, not int"),
        (lambda: Recording(file_name="a"), "record_domain"),  # type: ignore[call-arg]
        (lambda: Recording(file_name="a", record_domain="b").replace(domain="c"), "domain"),
    ],
)  # fmt: skip
def test_a_wrong_type_is_named(make: object, complaint: str) -> None:
    with pytest.raises(TypeError, match=complaint):
        make()  # type: ignore[operator]


def test_the_value_of_a_wrong_type_is_not_told() -> None:
    with pytest.raises(TypeError) as raised:
        CALLBACK.replace(callee_nbr=b"+8613800000021")
    assert "13800000021" not in str(raised.value)


def test_what_holds_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="nested too deeply"):
        CALLBACK.replace(extra={"a": endless})


def test_half_a_surrogate_pair_is_no_text() -> None:
    with pytest.raises(ValueError, match="user_data holds half of a surrogate pair"):
        CALLBACK.replace(user_data="\ud83d")


def test_a_number_of_more_than_64_bits_is_refused() -> None:
    with pytest.raises(OverflowError, match="max_duration"):
        CALLBACK.replace(max_duration=2**64)


def test_members_are_texts() -> None:
    wire: str = EventType.COLLECT_INFO
    assert wire == "collectInfo" and EventType("collectInfo") is EventType.COLLECT_INFO
    assert f"{EventType.ANSWER} {EventType.ANSWER!s}" == "answer answer"
    assert {EventType.ANSWER: 1}["answer"] == 1  # type: ignore[index]


def test_an_unknown_word_is_kept() -> None:
    word = CalleeMedia("holographic")
    assert (word, word.value, word.name, word.known) == ("holographic", "holographic", "UNKNOWN", False)
    assert CalleeMedia.ALL.known and "UNKNOWN" not in CalleeMedia.__members__
    assert pickle.loads(pickle.dumps(word)) == word and type(pickle.loads(pickle.dumps(word))) is CalleeMedia
    assert CALLBACK.replace(callee_media="holographic").callee_media == word
    with pytest.raises(ValueError, match="1 is not a valid CalleeMedia"):
        CalleeMedia(1)  # type: ignore[arg-type]
