<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

/**
 * Hides personal data where objects are printed.
 *
 * @internal
 */
final class Mask
{
    private const HIDDEN = '***';

    /**
     * The public properties that are set. Of extra fields only the names: what they hold is unknown, and may be personal.
     *
     * @param array<string, Shown> $shown what may not be printed as it is
     *
     * @return array<string, mixed>
     */
    public static function fields(object $object, array $shown): array
    {
        $fields = array_filter(get_object_vars($object), static fn (mixed $value): bool => $value !== null);
        foreach (array_intersect_key($shown, $fields) as $name => $how) {
            $fields[$name] = $how === Shown::LastFour ? self::number($fields[$name]) : self::HIDDEN;
        }
        if (isset($fields['extra'])) {
            $fields['extra'] = array_keys($fields['extra']);
        }
        return $fields;
    }

    /** All digits but the last four become stars. */
    private static function number(string $number): string
    {
        return preg_replace('/\d(?=(?:\D*\d){4})/', '*', $number) ?? self::HIDDEN;
    }
}
