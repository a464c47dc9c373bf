<?php

/*
 * A complete receiver of webhooks: judges the signature, stores the body, and only then says yes, because the platform sends
 * a CDR again only until it hears a yes. Status events are never sent again.
 *
 * It is not a database: it appends each message to a file, and leaves it to others to read the same CDR twice without harm.
 *
 * Usage: php -d ffi.enable=1 -S 127.0.0.1:8080 webhook_receiver.php
 *   That server is for trying out. Under PHP-FPM set opcache.preload instead of ffi.enable; see bindings/php/README.md.
 * Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_PUSH_URL (the address as you registered it),
 *   VOICECALL_STORE (the file)
 */

declare(strict_types=1);

use VoiceCall\Event;
use VoiceCall\Policy;
use VoiceCall\Webhook;

// With Composer: vendor/autoload.php.
require_once __DIR__ . '/../../bindings/php/autoload.php';

$webhook = new Webhook(
    urls: [(string) getenv('VOICECALL_PUSH_URL')],
    applications: [['appKey' => (string) getenv('VOICECALL_APP_KEY'), 'appSecret' => (string) getenv('VOICECALL_APP_SECRET')]],
    policy: Policy::Require,
);
$received = $webhook->receive();
if ($received->error !== null) {
    say("refused: {$received->error->getMessage()}");
}
$isStored = true;
if ($received->event !== null) {
    $isStored = store($received->event);
    say($received->event->typeName . ($isStored ? ': stored' : ': not stored'));
}
$received->reply($isStored)->send();

/** True when it is on the disk. */
function store(Event $event): bool
{
    $line = $event->raw() . "\n";
    $file = @fopen((string) getenv('VOICECALL_STORE'), 'a');
    return $file !== false && flock($file, LOCK_EX) && fwrite($file, $line) === strlen($line) && fsync($file);
}

/** To whoever watches the server; what is printed goes to the platform. */
function say(string $line): void
{
    file_put_contents('php://stdout', "$line\n");
}
