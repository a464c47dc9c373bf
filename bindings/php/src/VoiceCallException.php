<?php

declare(strict_types=1);

namespace VoiceCall;

/**
 * Why something failed: what happened, whether a phone may have rung, and what to do. Every exception of this library is
 * one; the class tells the kind. Names no secret and no full phone number. Look at `getDelivery()` before placing a call
 * again.
 */
interface VoiceCallException extends \Throwable
{
    /** What kind of thing went wrong; null for a kind that only a later version of this package knows. */
    public function getKind(): ?ErrorKind;

    /** The same as text, stable and the same in every language, e.g. `invalid_argument`. */
    public function getKindName(): string;

    /**
     * Whether the request reached the platform. After `Delivery::Unknown` the phone may be ringing: do not place the call
     * again by program.
     */
    public function getDelivery(): Delivery;

    /** Whether placing the call again makes sense. */
    public function getRetry(): Retry;

    /** What to do. */
    public function getAdvice(): string;

    /** JSON pointer to the argument or setting at fault, e.g. `/playInfoList/2/templateParas`. */
    public function getField(): ?string;

    /** The rule that the field breaks, e.g. `length`. */
    public function getRule(): ?string;

    /** What was found at the field, in the unit of the rule. */
    public function getMeasured(): ?string;

    /** The platform's result code; of `invalid_argument` the one that the platform would have answered. */
    public function getResultCode(): ?string;

    /** The platform's text for the result code, phone numbers masked. */
    public function getResultDesc(): ?string;

    /** What the result code means. */
    public function getMeaning(): ?string;

    /** The HTTP status of the platform's answer. */
    public function getHttpStatus(): ?int;

    /**
     * The mark that the request carried in its user data, by which the call is recognised in webhooks; only with the setting
     * `attemptTag`.
     */
    public function getAttemptTag(): ?string;
}
