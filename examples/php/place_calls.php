<?php

/*
 * Performs the five operations: a notification that waits for a key, a callback that is recorded and ended again, a
 * verification code, and the address of a recording. With the real platform's address real phones ring, and each call costs
 * money.
 *
 * It does not wait for what becomes of the calls: webhooks tell that, see webhook_receiver.php.
 *
 * Usage: php place_calls.php CUSTOMER AGENT
 *   CUSTOMER, AGENT: telephone numbers, e.g. +8613800000021
 * Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_ENDPOINT (default: the real platform),
 *   VOICECALL_DISPLAY_NBR (a number that you ordered), VOICECALL_PUSH_URL (optional: where webhooks go)
 */

declare(strict_types=1);

use VoiceCall\Client;
use VoiceCall\Delivery;
use VoiceCall\Exception\RejectedException;
use VoiceCall\VoiceCallException;

// With Composer: vendor/autoload.php.
require __DIR__ . '/../../bindings/php/autoload.php';

if ($argc !== 3) {
    fwrite(STDERR, "usage: php place_calls.php CUSTOMER AGENT\n");
    exit(2);
}
[, $customer, $agent] = $argv;

try {
    // On the real platform an application has one business type, so these would be three clients with three keys.
    $client = Client::fromEnv();
    notify($client, $customer);
    connectAndEnd($client, $agent, $customer);
    readOutCode($client, $customer);
    findRecording($client);
} catch (VoiceCallException $exception) {
    fwrite(STDERR, "place_calls: {$exception->getMessage()}\n{$exception->getAdvice()}\n");
    if ($exception->getDelivery() === Delivery::Unknown) {
        fwrite(STDERR, "The phone may be ringing: wait for a webhook, or ask the person. Do not call again.\n");
    }
    exit(1);
}

/** What all three calls have in common; what is null is not set, and the address in the console applies. */
function common(): array
{
    $pushUrl = getenv('VOICECALL_PUSH_URL') ?: null;
    return ['displayNbr' => (string) getenv('VOICECALL_DISPLAY_NBR'), 'statusUrl' => $pushUrl, 'feeUrl' => $pushUrl];
}

/** Two things are played, and one key is waited for. */
function notify(Client $client, string $customer): void
{
    $call = $client->createVoiceNotification(
        ...common(),
        calleeNbr: $customer,
        playInfoList: [
            ['notifyVoice' => 'notifyvoice.wav'],
            ['templateId' => 'sandbox_pickup', 'templateParas' => ['李先生', '2026/11/30', '18:00'], 'collectInd' => 1],
        ],
        userData: 'parcel-4711', // Comes back in every webhook of the call.
    );
    echo "notification: session $call->sessionId\n";
}

/** The platform calls the agent first, then the customer, and joins them. The example then changes its mind. */
function connectAndEnd(Client $client, string $agent, string $customer): void
{
    $call = $client->createVoiceCallback(
        ...common(),
        callerNbr: $agent,
        displayCalleeNbr: common()['displayNbr'],
        calleeNbr: $customer,
        maxDuration: 30,
        recordFlag: true,
        returnIdlePort: true,
        timeoutMs: 10_000, // For this call; the client's own limit otherwise.
    );
    echo "callback: session $call->sessionId\n";
    if ($call->idlePort !== null) {
        echo "callback: the platform tells its idle ports\n";
    }
    $client->terminateCall($call->sessionId);
    echo "callback: ended\n";
}

function readOutCode(Client $client, string $customer): void
{
    $call = $client->createVoiceVerificationCode(
        ...common(),
        calleeNbr: $customer,
        languageType: 2,
        preTone: 'pretone.wav',
        verifyCode: '20408',
        times: 2, // Not set: 3 times. 0: without end.
    );
    echo "verification code: session $call->sessionId\n";
}

/** File name and domain come in the CDR of a recorded call; these are of a call that never was. */
function findRecording(Client $client): void
{
    try {
        $url = $client->getRecordingDownloadUrl('19012411042412019775.wav', 'ostor.huawei.com');
        echo "recording: $url\n";
    } catch (RejectedException $exception) {
        echo "recording: {$exception->getResultCode()}, {$exception->getMeaning()}\n";
    }
}
