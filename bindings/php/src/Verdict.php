<?php

declare(strict_types=1);

namespace VoiceCall;

/** What the check of a push's signature found. What does not apply is null. */
final class Verdict
{
    /**
     * `valid`, `unsigned` (and none is required), `not_checked` or `refused`. A signature does not cover the body: check
     * that the session id is that of a call that was placed.
     */
    public readonly string $name;

    /** Of a valid one: key of the application that signed. */
    public readonly ?string $appKey;

    /** Of a valid one: the registered address that the signature covers. */
    public readonly ?string $url;

    /** Of a valid one: what the digest was made over. */
    public readonly ?DigestForm $form;

    /** Of a valid one: the zone in which its time is recent; null when in neither. */
    public readonly ?CreatedZone $zone;

    /** Of a valid one: which of the application's secrets it was made with; 0 for the one that was set first. */
    public readonly ?int $secretIndex;

    /**
     * Of a valid one: whether the same push was received before, byte for byte. Its event is handed over again, because the
     * first time may have come to nothing.
     */
    public readonly bool $repeated;

    /**
     * Of a refused one: `missing_header`, `unreadable_header`, `unknown_application`, `digest_mismatch`, `stale` or
     * `replayed`.
     */
    public readonly ?string $reason;

    /** The same as a sentence, with the usual cause. Names no digest. */
    public readonly ?string $message;

    /** What is nearly right: `trailing_slash` or `other_application`. */
    public readonly ?string $hint;

    /** Of a stale one: how far the signature's time is behind the clock; negative when ahead. */
    public readonly ?int $ageSeconds;

    /**
     * @internal
     *
     * @param array<string, mixed> $verdict
     */
    public function __construct(array $verdict)
    {
        $this->name = $verdict['verdict'];
        $this->appKey = $verdict['app_key'] ?? null;
        $this->url = $verdict['url'] ?? null;
        $this->form = DigestForm::tryFrom($verdict['form'] ?? '');
        $this->zone = CreatedZone::tryFrom($verdict['zone'] ?? '');
        $this->secretIndex = $verdict['secret_index'] ?? null;
        $this->repeated = $verdict['repeated'] ?? false;
        $this->reason = $verdict['reason'] ?? null;
        $this->message = $verdict['message'] ?? null;
        $this->hint = $verdict['hint'] ?? null;
        $this->ageSeconds = $verdict['age_seconds'] ?? null;
    }

    /** Whether the signature holds. */
    public function isValid(): bool
    {
        return $this->name === 'valid';
    }

    /** Whether the push is not accepted. */
    public function isRefused(): bool
    {
        return $this->name === 'refused';
    }
}
