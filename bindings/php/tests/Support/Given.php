<?php

declare(strict_types=1);

namespace VoiceCall\Tests\Support;

use VoiceCall\Client;

/** What tests start from. All numbers, keys and secrets are fictitious. */
final class Given
{
    public const APP_KEY = 'TestAppKey0001';
    public const APP_SECRET = 'TestAppSecret0001';
    public const PUSH_URL = 'https://example.com/voice';
    public const SUCCESS = '{"resultcode":"0","resultdesc":"Success","sessionId":"session-0001","idlePort":3}';

    public const NOTIFICATION = [
        'displayNbr' => '+867550000088',
        'calleeNbr' => '+8613800000021',
        'playInfoList' => [['notifyVoice' => 'alarm.wav']],
    ];

    public static function client(string $endpoint, mixed ...$settings): Client
    {
        return new Client(...$settings + ['appKey' => self::APP_KEY, 'appSecret' => self::APP_SECRET, 'endpoint' => $endpoint, 'retries' => 0]);
    }

    /** A CDR push of this many records. */
    public static function fee(int $records): string
    {
        $all = array_map(static fn (int $i): string => '{"sessionId":"session-' . $i . '","calleeNum":"+8613800000021",'
            . '"callOutStartTime":"2019-01-24 03:04:24","ulFailReason":0,"userData":"李先生"}', range(0, $records - 1));
        return '{"eventType":"fee","feeLst":[' . implode(',', $all) . ']}';
    }
}
