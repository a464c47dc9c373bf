<?php

declare(strict_types=1);

namespace VoiceCall\Tests\Support;

/** A script under the web server of PHP, which is what PHP-FPM is to FFI: not the command line. */
final class Server
{
    /** @var resource|null */
    private $process;

    /** @var array<int, resource> */
    private array $pipes = [];

    /**
     * @param list<string> $options of PHP
     * @param array<string, string> $environment
     */
    public function __construct(string $script, public readonly string $address, array $options, array $environment)
    {
        $command = [PHP_BINARY, ...$options, '-S', $address, $script];
        $this->process = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $this->pipes, dirname($script), $environment);
        $line = (string) fgets($this->pipes[2]);
        str_contains($line, 'started') || throw new \RuntimeException("$line" . stream_get_contents($this->pipes[2]));
    }

    public function __destruct()
    {
        proc_terminate($this->process);
        proc_close($this->process);
    }

    /** An address that is free. It has to be known before the server starts: it is part of what the platform signs. */
    public static function freeAddress(): string
    {
        $listener = stream_socket_server('tcp://127.0.0.1:0');
        return stream_socket_get_name($listener, false);
    }

    /** The next line that the script prints to standard output; null when none comes in time. */
    public function line(float $until): ?string
    {
        $ready = [$this->pipes[1]];
        $none = null;
        $left = max(0, $until - microtime(true));
        $comes = stream_select($ready, $none, $none, (int) $left, (int) (1e6 * fmod($left, 1)));
        return $comes === 1 && ($line = fgets($this->pipes[1])) !== false ? rtrim($line, "\n") : null;
    }
}
