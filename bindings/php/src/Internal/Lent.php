<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

use FFI\CData;

/**
 * What a function of the library is lent for the length of a call.
 *
 * @internal
 */
abstract class Lent
{
    protected function __construct(public readonly ?CData $address)
    {
    }
}
