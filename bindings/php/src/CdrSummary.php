<?php

declare(strict_types=1);

namespace VoiceCall;

/** What a CDR says when its fields are taken together. What the record does not tell is null. */
final class CdrSummary
{
    /**
     * What kind of call it was: `callback`, `play` (nothing in a record tells notifications and verification codes apart)
     * or `unknown`.
     */
    public readonly string $scene;

    /** Whether the call reached the person it was for: B in a callback, else the callee. */
    public readonly bool $answered;

    /** How long the parties could talk: 0 when there was no answer. */
    public readonly ?int $talkSeconds;

    /**
     * The legs: A and B of a callback, else one.
     *
     * @var list<Leg>
     */
    public readonly array $legs;

    /** The billable minutes of all legs. Partly inferred, see `Leg::$inferred`. */
    public readonly ?int $billableMinutes;

    /** The minutes times the price that was asked with, exact decimal text. */
    public readonly ?string $price;

    /** Where the recording is, for `Client::downloadRecording()`. It is kept for 7 days. */
    public readonly ?RecordingSource $recording;

    /** Why the call ended. */
    public readonly ?Explanation $explanation;

    /**
     * @internal
     *
     * @param array<string, mixed> $summary
     */
    public function __construct(#[\SensitiveParameter] array $summary)
    {
        $this->scene = $summary['scene'];
        $this->answered = $summary['answered'];
        $this->talkSeconds = $summary['talk_seconds'] ?? null;
        $this->legs = array_map(static fn (array $leg): Leg => new Leg($leg), $summary['legs']);
        $this->billableMinutes = $summary['billable_minutes'] ?? null;
        $this->price = $summary['price']['amount'] ?? null;
        $this->recording = isset($summary['recording']) ? new RecordingSource(...$summary['recording']) : null;
        $this->explanation = Explanation::at($summary);
    }
}
