<?php

declare(strict_types=1);

namespace VoiceCall;

/** A page of calls. */
final class CallPage
{
    /**
     * The calls, the latest first.
     *
     * @var list<Call>
     */
    public readonly array $calls;

    /** `after` of the filter for the next page; null on the last. */
    public readonly ?string $next;

    /**
     * @internal
     *
     * @param array<string, mixed> $page
     */
    public function __construct(#[\SensitiveParameter] array $page)
    {
        $this->calls = array_map(static fn (array $call): Call => new Call($call), $page['calls']);
        $this->next = $page['next'] ?? null;
    }
}
