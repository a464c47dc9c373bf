python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-index --find-links "$DIST" 'voicecall[cli]'
cat >call.py <<'PY'
from voicecall.testing import Sandbox

with Sandbox(speed=60) as platform, platform.client() as client:
    call = client.create_voice_verification_code(
        display_nbr=platform.display_numbers[0],
        callee_nbr="+8613800000021",
        language_type=2,
        pre_tone=platform.voice_files[0],
        verify_code="1234",
    )
    print("calling:", call.session_id)
PY
venv/bin/python call.py
