<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\Mask;
use VoiceCall\Internal\Shown;

/** A record of a CDR push that could not be read. */
final class RejectedRecord
{
    /** Position in the message's list of records. */
    public readonly int $index;

    /** JSON pointer to what is at fault, e.g. `/feeLst/1/callEndTime`. */
    public readonly string $field;

    /** What is wrong with it. */
    public readonly string $reason;

    /** The JSON text of the record, as it came. Holds personal data. */
    public readonly string $raw;

    /**
     * @internal
     *
     * @param array<string, mixed> $rejected
     */
    public function __construct(#[\SensitiveParameter] array $rejected)
    {
        $this->index = $rejected['index'];
        $this->field = $rejected['field'];
        $this->reason = $rejected['reason'];
        $this->raw = $rejected['raw'];
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return Mask::fields($this, ['raw' => Shown::Hidden]);
    }
}
