<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

use FFI;

/**
 * Texts on their way in and out.
 *
 * @internal
 */
final class Text
{
    /** A text that a function gives by its address and length. */
    public static function of(string $function, mixed ...$arguments): string
    {
        $library = Library::get();
        $text = $library->place('text');
        $length = $library->place('length');
        array_push($arguments, $text, $length);
        return $library->call($function, ...$arguments) ? FFI::string($text[0], $length[0]) : '';
    }

    /**
     * A text that ends with a NUL where the library reads it, so that none may stand in it: the rest would be cut off
     * without a word.
     */
    public static function terminated(?string $text, string $name): ?string
    {
        if ($text !== null && str_contains($text, "\0")) {
            throw new \ValueError("\$$name must not contain any null bytes");
        }
        return $text;
    }
}
