<?php

declare(strict_types=1);

namespace VoiceCall\Tests\Support;

/** A script in a process of its own, for what may end a process. */
final class Script
{
    /**
     * Runs code with the classes of the package.
     *
     * @param list<string> $options of PHP
     *
     * @return array{int, string} exit code (a signal is negative) and what it printed
     */
    public static function run(string $code, array $options = []): array
    {
        $bootstrap = var_export(dirname(__DIR__) . '/bootstrap.php', true);
        $command = [PHP_BINARY, '-d', 'display_errors=stderr', '-d', 'log_errors=0', ...$options, '-r', "require $bootstrap; $code"];
        $process = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], ['redirect', 1]], $pipes);
        fclose($pipes[0]);
        $printed = stream_get_contents($pipes[1]);
        // Asked before the process is closed: only here a signal is told.
        do {
            $status = proc_get_status($process);
        } while ($status['running'] && usleep(1000) === null);
        proc_close($process);
        return [$status['signaled'] ? -$status['termsig'] : $status['exitcode'], $printed];
    }
}
