<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

/**
 * How much of a value may be printed.
 *
 * @internal
 */
enum Shown
{
    case LastFour;
    case Hidden;
}
