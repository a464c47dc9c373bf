<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

use FFI;
use FFI\CData;

/**
 * An object of the library, freed with the last reference to it. Neither copied nor serialized: two owners would free it
 * twice.
 *
 * After a fork the child does not free a client or an intake that its parent made: the connections and the store's locks are
 * the parent's, who goes on using them.
 *
 * @internal
 */
final class Handle extends Lent
{
    /** The process that made it, where that matters. */
    private readonly ?int $process;

    public function __construct(private readonly FFI $ffi, private readonly string $type, CData $made)
    {
        parent::__construct($made);
        $this->process = in_array($type, ['client', 'intake'], true) ? getmypid() : null;
    }

    public function __destruct()
    {
        // Nothing is set in an object that was not constructed: made by reflection, say.
        if (isset($this->type) && $this->isOfThisProcess()) {
            $this->ffi->{"voicecall_{$this->type}_free"}($this->address);
        }
    }

    public function isOfThisProcess(): bool
    {
        return $this->process === null || $this->process === getmypid();
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
