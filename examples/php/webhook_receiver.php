<?php

/*
 * A complete receiver of webhooks: judges the signature, stores what came in a SQLite file, and only then says yes, because the
 * platform sends a CDR again only until it hears a yes. Status events are never sent again. What comes twice is stored once.
 *
 * Others may read the file meanwhile:
 *   sqlite3 -readonly FILE "SELECT session_id, state, talk_seconds FROM calls"
 *
 * Usage: php -d ffi.enable=1 -S 127.0.0.1:8080 webhook_receiver.php
 *   That server is for trying out. Under PHP-FPM set opcache.preload instead of ffi.enable; see bindings/php/README.md.
 * Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_PUSH_URL (the address as you registered it),
 *   VOICECALL_STORE (the file)
 */

declare(strict_types=1);

use VoiceCall\Intake;
use VoiceCall\Policy;

// With Composer: vendor/autoload.php.
require_once __DIR__ . '/../../bindings/php/autoload.php';

$intake = new Intake(
    store: 'sqlite:' . getenv('VOICECALL_STORE'),
    urls: [(string) getenv('VOICECALL_PUSH_URL')],
    applications: [['appKey' => (string) getenv('VOICECALL_APP_KEY'), 'appSecret' => (string) getenv('VOICECALL_APP_SECRET')]],
    policy: Policy::Require,
);
$receipt = $intake->receive();
if ($receipt->error !== null) {
    say("not stored: {$receipt->error->getMessage()}");
}
if ($receipt->event !== null) {
    say($receipt->event->typeName . ($receipt->accepted > 0 ? ': stored' : ': known'));
}
$receipt->reply->send();

/** To whoever watches the server; what is printed goes to the platform. */
function say(string $line): void
{
    file_put_contents('php://stdout', "$line\n");
}
