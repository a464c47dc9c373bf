# From the archive, from the package of Debian, and from the wheel.
. "$SCRIPTS/command.sh"
dpkg-deb -x "$DIST/voicecall-cli_${VERSION}_"*.deb installed
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-index --find-links "$DIST" voicecall-cli
for program in voicecall installed/usr/bin/voicecall venv/bin/voicecall; do
    "$program" --version
    "$program" demo >demo.txt 2>&1 || { cat demo.txt; exit 1; }
done
. "$SCRIPTS/platform.sh"
call=$(voicecall notify --display-nbr +867550000088 --callee-nbr +8613800000021 --notify-voice notifyvoice.wav)
echo "calling: $(grep -o -m1 '1201_[0-9_]*' <<<"$call")"
