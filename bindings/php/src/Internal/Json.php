<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

/**
 * JSON text of what a program gives.
 *
 * @internal
 */
final class Json
{
    public static function encode(#[\SensitiveParameter] object $document): string
    {
        try {
            return json_encode($document, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
        } catch (\JsonException $exception) {
            if ($exception->getCode() === JSON_ERROR_UTF8) {
                self::refuse((array) $document, '');
            }
            // Not chained: what it was about is in its trace.
            throw $exception->getCode() === JSON_ERROR_UNSUPPORTED_TYPE
                ? new \TypeError('An argument is neither text, number, truth value, list nor array of these.')
                : new \ValueError('An argument cannot be written as JSON: ' . lcfirst($exception->getMessage()) . '.');
        }
    }

    /**
     * Lets the library refuse the first text that is not UTF-8: its error names the field.
     *
     * @param array<mixed> $members
     */
    private static function refuse(#[\SensitiveParameter] array $members, string $pointer): void
    {
        foreach ($members as $name => $member) {
            $at = $pointer . '/' . strtr((string) $name, ['~' => '~0', '/' => '~1']);
            if (is_array($member) || $member instanceof \stdClass) {
                self::refuse((array) $member, $at);
            } elseif (is_string($member) && preg_match('//u', $member) !== 1) {
                $library = Library::get();
                $value = $library->make('value', 'voicecall_value_new');
                $library->call('voicecall_value_set_text', $value, $at, $member, strlen($member));
            }
        }
    }
}
