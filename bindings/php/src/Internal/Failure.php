<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

use FFI\CData;
use VoiceCall\Exception\UnexpectedException;
use VoiceCall\VoiceCallException;

/**
 * Makes exceptions of the library's errors.
 *
 * @internal
 */
final class Failure
{
    /** The exception of an error, which is freed. */
    public static function of(Library $library, CData $error): VoiceCallException
    {
        $attributes = $library->place('value');
        try {
            $read = $library->ffi->voicecall_error_value($error, $attributes, null);
            $read === Numbers::OK || throw new \RuntimeException('libvoicecall tells no error.');
            $attributes = (new Value(new Handle($library->ffi, 'value', $attributes[0])))->decoded();
        } finally {
            $library->ffi->voicecall_error_free($error);
        }
        $class = Exceptions::OF_KIND[$attributes['kind']] ?? UnexpectedException::class;
        return new $class($attributes);
    }
}
