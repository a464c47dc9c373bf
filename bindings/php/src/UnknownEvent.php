<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\Mask;

/** A push of a kind that this version does not know. Store and acknowledge it like any other. */
final class UnknownEvent extends Event
{
    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return Mask::fields($this, []);
    }
}
