# A local platform in the background, and what a client needs to call it.
mkfifo ready keep
voicecall sandbox --json --speed 60 <keep >ready &
exec 8>keep 9<ready
read -r -u 9 line
told() { python3 -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$line" "$1"; }
VOICECALL_ENDPOINT=$(told endpoint)
VOICECALL_APP_KEY=$(told app_key)
VOICECALL_APP_SECRET=$(told app_secret)
export VOICECALL_ENDPOINT VOICECALL_APP_KEY VOICECALL_APP_SECRET
