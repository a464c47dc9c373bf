<?php

/* The driver in PHP; see README.md beside this file. */

declare(strict_types=1);

use VoiceCall\Client;
use VoiceCall\VoiceCallException;

require __DIR__ . '/../../php/autoload.php';

$client = Client::fromEnv(['caFile' => getenv('VOICECALL_CA_FILE') ?: null]);
while (($line = fgets(STDIN)) !== false) {
    [$operation, $timeout, $words] = [...array_slice(explode("\t", rtrim($line, "\n")), 0, 2), array_slice(explode("\t", rtrim($line, "\n")), 2)];
    try {
        $answer = perform($client, $operation, (int) $timeout, $words);
        echo "ok\t$answer\n";
    } catch (VoiceCallException $exception) {
        echo "{$exception->getKindName()}\t{$exception->getDelivery()->value}\n";
    }
}

/** @param list<string> $words */
function perform(Client $client, string $operation, int $timeoutMs, array $words): string
{
    switch ($operation) {
        case 'create_voice_callback':
            [$display, $caller, $callee] = $words;
            return $client->createVoiceCallback(
                displayNbr: $display,
                callerNbr: $caller,
                displayCalleeNbr: $display,
                calleeNbr: $callee,
                timeoutMs: $timeoutMs,
            )->sessionId;
        case 'create_voice_notification':
            return $client->createVoiceNotification(
                displayNbr: $words[0],
                calleeNbr: $words[1],
                playInfoList: [['notifyVoice' => 'notifyvoice.wav']],
                timeoutMs: $timeoutMs,
            )->sessionId;
        case 'create_voice_verification_code':
            return $client->createVoiceVerificationCode(
                displayNbr: $words[0],
                calleeNbr: $words[1],
                languageType: 2,
                preTone: 'pretone.wav',
                verifyCode: '20408',
                timeoutMs: $timeoutMs,
            )->sessionId;
        case 'terminate_call':
            $client->terminateCall($words[0], timeoutMs: $timeoutMs);
            return '';
        default:
            return $client->getRecordingDownloadUrl($words[0], $words[1], timeoutMs: $timeoutMs);
    }
}
