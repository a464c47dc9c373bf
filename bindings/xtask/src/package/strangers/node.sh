. "$SCRIPTS/command.sh"
echo '{ "private": true }' >package.json
npm install --silent --no-audit --no-fund --omit=optional "$DIST/voicecall-$VERSION.tgz" "$DIST"/voicecall-linux-*.tgz
cat >call.mjs <<'JS'
import { Sandbox } from 'voicecall/testing';

const platform = await Sandbox.start({ speed: 60 });
const client = platform.client();
const call = await client.createVoiceVerificationCode({
  displayNbr: platform.displayNumbers[0],
  calleeNbr: '+8613800000021',
  languageType: 2,
  preTone: platform.voiceFiles[0],
  verifyCode: '1234',
});
console.log('calling:', call.sessionId);
client.close();
await platform.stop();
JS
node call.mjs
