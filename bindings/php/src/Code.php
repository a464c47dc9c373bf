<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\Text;
use VoiceCall\Internal\Value;

/** A code of the platform, and what its table says of it. What the table does not say is null. */
final class Code
{
    /** Whether the table has it. */
    public readonly bool $isKnown;

    /** Whether the service's documentation has dropped it. */
    public readonly bool $isOutdated;

    /** The code as the table has it; a range such as `400~699` stands for all its codes. */
    public readonly ?string $range;

    /** The platform's name for it, in Chinese. */
    public readonly ?string $nameZh;

    /** The platform's text for it. */
    public readonly ?string $text;

    /** The HTTP status that it comes with. */
    public readonly ?int $httpStatus;

    /** What it means. */
    public readonly ?string $meaning;

    /** What to do. */
    public readonly ?string $advice;

    /** Whether placing the call again makes sense. */
    public readonly ?Retry $retry;

    /** @param array<string, mixed> $row */
    private function __construct(array $row)
    {
        $this->isKnown = $row['known'];
        $this->isOutdated = $row['outdated'];
        $this->range = $row['code'] ?? null;
        $this->nameZh = $row['name_zh'] ?? null;
        $this->text = $row['text'] ?? null;
        $this->httpStatus = $row['http_status'] ?? null;
        $this->meaning = $row['meaning'] ?? null;
        $this->advice = $row['advice'] ?? null;
        $this->retry = Retry::tryFrom($row['retry'] ?? '');
    }

    /**
     * Looks a code up. An unknown one is no error: the platform has more codes than it documents.
     *
     * @param string $table `result` (of an answer), `state` (stateCode of a disconnect event), `release_point`
     *     (ulFailReason of a CDR) or `q850` (callOutUnaswRsn and fwdUnaswRsn of a CDR).
     * @param string $code The code as text, e.g. `1010002`.
     * @param int|null $httpStatus What came with a result code, if known.
     * @param string|null $text The platform's text that came with a result code, if known.
     */
    public static function find(string $table, string $code, ?int $httpStatus = null, ?string $text = null): self
    {
        return new self(Value::make(
            'voicecall_code_find',
            Text::terminated($table, 'table'),
            Text::terminated($code, 'code'),
            $httpStatus ?? 0,
            Text::terminated($text, 'text'),
        )->decoded());
    }
}
