<?php

declare(strict_types=1);

/*
 * CPU of one call on a connection that is kept: this library, or what a careful program does with the extension curl. Prints
 * `cpu 12.3 us`.
 *
 * Usage: calls.php voicecall|other URL   (of a platform that says yes to everything)
 */

use VoiceCall\Client;

require __DIR__ . '/../autoload.php';

const CALLS = 10_000;
const APP_KEY = 'ExampleAppKey0001';
const APP_SECRET = 'example-secret-0001';
const ARGUMENTS = [
    'displayNbr' => '+8675500000001',
    'calleeNbr' => '+8613800000021',
    'playInfoList' => [['templateId' => '10000001', 'templateParas' => ['3', '12:30'], 'collectInd' => 1]],
    'userData' => 'example-0001',
];

[, $name, $url] = $argv;
$client = new Client(APP_KEY, APP_SECRET, $url);
$curl = curl_init("$url/rest/httpsessions/callnotify/v2.0");
curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT_MS => 30_000, CURLOPT_CONNECTTIMEOUT_MS => 5_000]);

$call = $name === 'voicecall'
    ? static fn (): ?string => $client->createVoiceNotification(...ARGUMENTS)->sessionId
    : static fn (): ?string => withCurl($curl);
$call();
printf("cpu %.3f us\n", cpu($call));

/** A fresh nonce and time, the digest, headers, the body, the post, the session id. */
function withCurl(CurlHandle $curl): ?string
{
    $nonce = strtoupper(bin2hex(random_bytes(16)));
    $created = gmdate('Y-m-d\TH:i:s\Z');
    $digest = base64_encode(hash_hmac('sha256', $nonce . $created, APP_SECRET, true));
    curl_setopt_array($curl, [
        CURLOPT_HTTPHEADER => [
            'Content-Type: application/json;charset=UTF-8',
            'Authorization: AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
            'X-AKSK: UsernameToken Username="' . APP_KEY . "\",PasswordDigest=\"$digest\",Nonce=\"$nonce\",Created=\"$created\"",
        ],
        CURLOPT_POSTFIELDS => json_encode(ARGUMENTS),
    ]);
    return json_decode((string) curl_exec($curl), true)['sessionId'] ?? null;
}

/** User and system time of this process for one call, in microseconds. */
function cpu(callable $call): float
{
    $before = getrusage();
    for ($i = 0; $i < CALLS; $i++) {
        $call() === 'session-0001' || throw new RuntimeException('A call fails.');
    }
    $after = getrusage();
    $spent = static fn (string $what): float => 1e6 * ($after["$what.tv_sec"] - $before["$what.tv_sec"])
        + $after["$what.tv_usec"] - $before["$what.tv_usec"];
    return ($spent('ru_utime') + $spent('ru_stime')) / CALLS;
}
