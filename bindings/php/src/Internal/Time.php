<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

/**
 * Times as the library gives and takes them.
 *
 * @internal
 */
final class Time
{
    /** VOICECALL_NOW: the clock's. */
    private const NOW = PHP_INT_MIN;

    private static ?\DateTimeZone $utc = null;

    /** The time of a text such as 2019-01-24T03:04:24Z. */
    public static function of(?string $text): ?\DateTimeImmutable
    {
        return $text === null ? null : new \DateTimeImmutable(rtrim($text, 'Z'), self::$utc ??= new \DateTimeZone('UTC'));
    }

    public static function seconds(?\DateTimeInterface $time): int
    {
        return $time?->getTimestamp() ?? self::NOW;
    }

    /** The longest time for one call; 0 is the client's own. */
    public static function out(?int $milliseconds): int
    {
        if ($milliseconds !== null && $milliseconds <= 0) {
            throw new \ValueError('$timeoutMs must be greater than 0; null is the client\'s own');
        }
        return $milliseconds ?? 0;
    }
}
