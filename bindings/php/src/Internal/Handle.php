<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

use FFI\CData;

/**
 * An object of the library, freed with the last reference to it.
 *
 * Neither copied nor serialized: two owners would free it twice. After a fork the child does not free what its parent
 * made: a client's connections are the parent's, who goes on talking on them.
 *
 * @internal
 */
final class Handle
{
    private readonly int $process;

    public function __construct(private readonly Library $library, private readonly string $type, public readonly CData $pointer)
    {
        $this->process = getmypid();
    }

    public function __destruct()
    {
        // It is not set in an object that was not constructed: made by reflection, say.
        if (isset($this->process) && $this->isOfThisProcess()) {
            $this->library->ffi->{"voicecall_{$this->type}_free"}($this->pointer);
        }
    }

    public function isOfThisProcess(): bool
    {
        return $this->process === getmypid();
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return [];
    }

    /** @return array<string, mixed> */
    public function __serialize(): array
    {
        throw new \LogicException('An object that holds a connection, or a secret, cannot be serialized.');
    }

    /** @param array<string, mixed> $data */
    public function __unserialize(array $data): void
    {
        throw new \LogicException('An object of the library cannot be made of a text.');
    }

    private function __clone()
    {
    }
}
