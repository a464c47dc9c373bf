<?php

declare(strict_types=1);

namespace VoiceCall;

/** One code and what it means. A code that no table has is a value without meaning, not an error. */
class Cause
{
    /** Name of the field that holds the code. */
    public readonly string $field;

    /** The code. */
    public readonly int $code;

    /** The table that has the code, or would have it; null for a SIP status, of which the platform has no table. */
    public readonly ?string $table;

    /** The platform's name for it, in Chinese. */
    public readonly ?string $nameZh;

    /** What it means. */
    public readonly ?string $meaning;

    /** What to do. */
    public readonly ?string $advice;

    /**
     * @internal
     *
     * @param array<string, mixed> $cause
     */
    public function __construct(array $cause)
    {
        $this->field = $cause['field'];
        $this->code = $cause['code'];
        $this->table = $cause['table'] ?? null;
        $this->nameZh = $cause['name_zh'] ?? null;
        $this->meaning = $cause['meaning'] ?? null;
        $this->advice = $cause['advice'] ?? null;
    }
}
