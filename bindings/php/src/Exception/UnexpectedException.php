<?php

declare(strict_types=1);

namespace VoiceCall\Exception;

use VoiceCall\Internal\ErrorAttributes;
use VoiceCall\VoiceCallException;

/** An error of a kind that this version of the package does not know: the library is newer. `getKindName()` names it. */
final class UnexpectedException extends \RuntimeException implements VoiceCallException
{
    use ErrorAttributes;
}
