<?php

declare(strict_types=1);

namespace VoiceCall;

/** Why a call ended as it did: the code that tells most, and what the other codes add. */
final class Explanation extends Cause
{
    /** The call was connected and ended normally. */
    public readonly bool $succeeded;

    /**
     * What the other codes add.
     *
     * @var list<Cause>
     */
    public readonly array $details;

    /**
     * @internal
     *
     * @param array<string, mixed> $explanation
     */
    public function __construct(array $explanation)
    {
        parent::__construct($explanation['cause']);
        $this->succeeded = $explanation['succeeded'] ?? false;
        $this->details = array_map(static fn (array $cause): Cause => new Cause($cause), $explanation['details'] ?? []);
    }

    /**
     * The one in a summary; null when there is none.
     *
     * @internal
     *
     * @param array<string, mixed> $summary
     */
    public static function at(#[\SensitiveParameter] array $summary): ?self
    {
        return isset($summary['explanation']) ? new self($summary['explanation']) : null;
    }
}
