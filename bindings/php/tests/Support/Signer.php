<?php

declare(strict_types=1);

namespace VoiceCall\Tests\Support;

use VoiceCall\Internal\Operations;
use VoiceCall\Internal\Value;

/** The operations as the client has them, whose requests are signed and not sent. */
final class Signer
{
    use Operations;

    /** @var array<string, mixed>|null the request */
    private ?array $signed = null;

    /** @param array<string, mixed> $config */
    public function __construct(private readonly array $config, private readonly ?string $nonce, private readonly int $time)
    {
    }

    /**
     * The request of these arguments through the typed method; null when that cannot hold them: unknown and missing
     * arguments, wrong types.
     *
     * @param array<string, mixed> $arguments under their wire names
     *
     * @return array<string, mixed>|null
     */
    public function typed(string $operation, array $arguments): ?array
    {
        $method = new \ReflectionMethod($this, str_replace('_', '', ucwords($operation, '_')));
        $names = array_map(static fn (\ReflectionParameter $parameter): string => $parameter->getName(), $method->getParameters());
        $names = array_combine(array_map(strtolower(...), $names), $names);
        $named = [];
        foreach ($arguments as $wire => $argument) {
            $name = $names[strtolower($wire)] ?? null;
            // In PHP the case of a name does not tell apart what the wire does.
            if ($name === null || !in_array($wire, [$name, 'lastMinToUE', 'sessionid'], true) || $wire === 'timeoutMs') {
                return null;
            }
            $named[$name] = $argument;
        }
        try {
            $this->{$method->getName()}(...$named);
        } catch (\TypeError $error) {
            return $this->signed ?? null;
        }
        return $this->signed;
    }

    /**
     * @param array<string, mixed> $arguments
     *
     * @return array<string, mixed>
     */
    public function generic(string $operation, array $arguments): array
    {
        return $this->perform($operation, $arguments, null);
    }

    private function perform(string $operation, array $arguments, ?int $timeoutMs): array
    {
        $config = Value::of($this->config);
        $value = Value::of($arguments);
        $this->signed = Value::make(
            'voicecall_request_sign',
            $config->handle,
            $operation,
            $value->handle,
            $this->nonce,
            $this->time,
        )->decoded();
        return $this->signed + ['url' => ''];
    }
}
