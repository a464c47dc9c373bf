<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\Mask;
use VoiceCall\Internal\Shown;

/** One leg of a call: the platform and one phone. What the record does not tell is null. */
final class Leg
{
    /** `a` is the first leg, or the only one; `b` the second leg of a callback. */
    public readonly string $name;

    /** The called number. Personal data. */
    public readonly ?string $number;

    /** The number shown to the called party. */
    public readonly ?string $displayNumber;

    /** Whether it was answered. */
    public readonly bool $answered;

    /** Seconds from the answer to the end of the call: 0 when unanswered. */
    public readonly ?int $talkSeconds;

    /** Whole minutes, each started minute counted. */
    public readonly ?int $billableMinutes;

    /** Whether the start of this leg's billing is inferred. The bill decides. */
    public readonly bool $inferred;

    /**
     * @internal
     *
     * @param array<string, mixed> $leg
     */
    public function __construct(#[\SensitiveParameter] array $leg)
    {
        $this->name = $leg['leg'];
        $this->number = $leg['number'] ?? null;
        $this->displayNumber = $leg['display_number'] ?? null;
        $this->answered = $leg['answered'];
        $this->talkSeconds = $leg['talk_seconds'] ?? null;
        $this->billableMinutes = $leg['billable_minutes'] ?? null;
        $this->inferred = $leg['inferred'] ?? true;
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return Mask::fields($this, ['number' => Shown::LastFour, 'displayNumber' => Shown::LastFour]);
    }
}
