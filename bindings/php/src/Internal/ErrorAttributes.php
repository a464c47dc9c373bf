<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

use VoiceCall\Delivery;
use VoiceCall\ErrorKind;
use VoiceCall\Retry;

/**
 * What every exception of this library tells; see `VoiceCallException`.
 *
 * @internal
 */
trait ErrorAttributes
{
    /** @var array<string, mixed> as the library names them */
    private array $attributes;

    /**
     * @param array<string, mixed> $attributes kind, delivery, message, retry, advice and, where they apply, field, rule,
     *     measured, result_code, result_desc, http_status, meaning, attempt_tag
     */
    public function __construct(array $attributes)
    {
        parent::__construct($attributes['message']);
        $this->attributes = $attributes;
    }

    public function getKind(): ?ErrorKind
    {
        return ErrorKind::tryFrom($this->attributes['kind']);
    }

    public function getKindName(): string
    {
        return $this->attributes['kind'];
    }

    public function getDelivery(): Delivery
    {
        // Whatever else a later library may say: nothing is safe that it does not call so.
        return Delivery::tryFrom($this->attributes['delivery']) ?? Delivery::Unknown;
    }

    public function getRetry(): Retry
    {
        return Retry::tryFrom($this->attributes['retry']) ?? Retry::Never;
    }

    public function getAdvice(): string
    {
        return $this->attributes['advice'];
    }

    public function getField(): ?string
    {
        return $this->attributes['field'] ?? null;
    }

    public function getRule(): ?string
    {
        return $this->attributes['rule'] ?? null;
    }

    public function getMeasured(): ?string
    {
        $measured = $this->attributes['measured'] ?? null;
        return $measured === null ? null : (string) $measured;
    }

    public function getResultCode(): ?string
    {
        return $this->attributes['result_code'] ?? null;
    }

    public function getResultDesc(): ?string
    {
        return $this->attributes['result_desc'] ?? null;
    }

    public function getMeaning(): ?string
    {
        return $this->attributes['meaning'] ?? null;
    }

    public function getHttpStatus(): ?int
    {
        return $this->attributes['http_status'] ?? null;
    }

    public function getAttemptTag(): ?string
    {
        return $this->attributes['attempt_tag'] ?? null;
    }
}
