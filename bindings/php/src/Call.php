<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\Time;

/** Everything that is known about one call. What is not known is null. */
final class Call
{
    /** Identifies the call. Null for an attempt whose outcome is unknown: nothing has named it yet. */
    public readonly ?string $sessionId;

    /** The mark by which the attempt is recognised, if it had one. */
    public readonly ?string $attemptTag;

    /** How far the call has come: `attempted`, `placed`, `calling`, `ringing`, `answered`, `ended` or `billed`. */
    public readonly string $state;

    /** What kind of call it is: `callback`, `play` or `unknown`. */
    public readonly string $scene;

    /** The operation that placed it; known only if the placing was registered. */
    public readonly ?string $operation;

    /** Key of the application; known from the CDR. */
    public readonly ?string $appKey;

    /** The request's user data, without the attempt tag. */
    public readonly ?string $userData;

    /** When it was placed; known only if the placing was registered. */
    public readonly ?\DateTimeImmutable $placedAt;

    /** Whether it reached the person it was for: B of a callback, else the callee. */
    public readonly bool $answered;

    /** How long the parties could talk; known from the CDR. */
    public readonly ?int $talkSeconds;

    /** The billable minutes of all legs; known from the CDR. */
    public readonly ?int $billableMinutes;

    /**
     * The legs: A and B of a callback, else one.
     *
     * @var list<CallLeg>
     */
    public readonly array $legs;

    /**
     * The keys that were pressed, in order of time.
     *
     * @var list<string>
     */
    public readonly array $digits;

    /** Whether it has ended. */
    public readonly bool $isOver;

    /** When it ended. */
    public readonly ?\DateTimeImmutable $endedAt;

    /** The leg that hung up first, `a` or `b`. Inferred. */
    public readonly ?string $hungUp;

    /** Why it ended, and what to do. */
    public readonly ?Explanation $explanation;

    /** How many pushes contradict another about the same thing. They are kept, and do not count. */
    public readonly int $conflicts;

    /**
     * Everything, with its timeline and its CDRs; see `call` of `voicecall_intake_perform()` in voicecall.h. Personal data.
     *
     * @var array<string, mixed>
     */
    public readonly array $all;

    /**
     * @internal
     *
     * @param array<string, mixed> $call
     */
    public function __construct(#[\SensitiveParameter] array $call)
    {
        $ending = $call['ending'] ?? [];
        $this->sessionId = $call['session_id'] ?? null;
        $this->attemptTag = $call['attempt_tag'] ?? null;
        $this->state = $call['state'];
        $this->scene = $call['scene'];
        $this->operation = $call['operation'] ?? null;
        $this->appKey = $call['app_key'] ?? null;
        $this->userData = $call['user_data'] ?? null;
        $this->placedAt = Time::of($call['placed_at'] ?? null);
        $this->answered = $call['answered'];
        $this->talkSeconds = $call['talk_seconds'] ?? null;
        $this->billableMinutes = $call['billable_minutes'] ?? null;
        $this->legs = array_map(static fn (array $leg): CallLeg => new CallLeg($leg), $call['legs']);
        $this->digits = array_column($call['digits'] ?? [], 'keys');
        $this->isOver = isset($call['ending']);
        $this->endedAt = Time::of($ending['at'] ?? null);
        $this->hungUp = $ending['hung_up'] ?? null;
        $this->explanation = Explanation::at($ending);
        $this->conflicts = $call['conflicts'] ?? 0;
        $this->all = $call;
    }

    /** @return array<string, mixed> nothing personal */
    public function __debugInfo(): array
    {
        return ['sessionId' => $this->sessionId, 'state' => $this->state, 'answered' => $this->answered, 'legs' => $this->legs];
    }
}
