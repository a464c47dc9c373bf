# With Composer, from a folder of archives. Nothing but the package brings libvoicecall.
. "$SCRIPTS/command.sh"
cat >composer.json <<JSON
{
    "repositories": [{ "type": "artifact", "url": "$DIST" }, { "packagist.org": false }],
    "require": { "voicecall/voicecall": "$VERSION" }
}
JSON
COMPOSER_ALLOW_SUPERUSER=1 composer install --quiet --no-interaction
cat >call.php <<'PHP'
<?php
require 'vendor/autoload.php';

$platform = VoiceCall\Testing\Sandbox::start(speed: 60);
$call = $platform->client()->createVoiceVerificationCode(
    displayNbr: $platform->displayNumbers[0],
    calleeNbr: '+8613800000021',
    languageType: 2,
    preTone: $platform->voiceFiles[0],
    verifyCode: '1234',
);
echo "calling: $call->sessionId\n";
$platform->stop();
PHP
php call.php
