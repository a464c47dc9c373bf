<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\Mask;
use VoiceCall\Internal\Shown;
use VoiceCall\Internal\Time;

/** One leg of a call as far as its story goes. What is not known is null. */
final class CallLeg
{
    /** `a` is the first leg, or the only one; `b` the second leg of a callback. */
    public readonly string $name;

    /** The called number, as the store keeps it. Personal data. */
    public readonly ?string $number;

    /** The number shown there. */
    public readonly ?string $displayNumber;

    /** How far this leg has come. */
    public readonly string $state;

    /** When the platform began to call. */
    public readonly ?\DateTimeImmutable $callingAt;

    /** When the phone rang. */
    public readonly ?\DateTimeImmutable $ringingAt;

    /** When it was answered. */
    public readonly ?\DateTimeImmutable $answeredAt;

    /** Seconds from the answer to the end; known from the CDR. */
    public readonly ?int $talkSeconds;

    /** Whole minutes, each started one counted; known from the CDR. */
    public readonly ?int $billableMinutes;

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
        $this->state = $leg['state'];
        $this->callingAt = Time::of($leg['calling_at'] ?? null);
        $this->ringingAt = Time::of($leg['ringing_at'] ?? null);
        $this->answeredAt = Time::of($leg['answered_at'] ?? null);
        $this->talkSeconds = $leg['talk_seconds'] ?? null;
        $this->billableMinutes = $leg['billable_minutes'] ?? null;
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return Mask::fields($this, ['number' => Shown::LastFour, 'displayNumber' => Shown::LastFour]);
    }
}
