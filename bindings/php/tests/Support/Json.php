<?php

declare(strict_types=1);

namespace VoiceCall\Tests\Support;

/** JSON values compared as values: the order of members does not matter, `1` and `"1"` differ, and so do `{}` and `[]`. */
final class Json
{
    public static function canonical(mixed $value): string
    {
        return json_encode(self::sorted($value), JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION);
    }

    /** An object, or what is in it, as arrays. */
    public static function arrays(mixed $value): mixed
    {
        return json_decode(json_encode($value, JSON_THROW_ON_ERROR), true, 512, JSON_THROW_ON_ERROR);
    }

    private static function sorted(mixed $value): mixed
    {
        if (is_array($value) && array_is_list($value)) {
            return array_map(self::sorted(...), $value);
        }
        if (is_array($value) || is_object($value)) {
            $members = array_map(self::sorted(...), (array) $value);
            ksort($members, SORT_STRING);
            return (object) $members;
        }
        return $value;
    }
}
