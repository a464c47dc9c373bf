<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\ConfigSettings;
use VoiceCall\Internal\Connection;
use VoiceCall\Internal\Download;
use VoiceCall\Internal\Operations;
use VoiceCall\Internal\Text;
use VoiceCall\Internal\Time;
use VoiceCall\Internal\Value;

/**
 * A connection to the platform for one application. Make one and keep it: it holds connections open.
 *
 * A call costs money and rings a human being. The library never rings twice by itself. Whether a call that failed may be
 * placed again is told by `VoiceCallException::getDelivery()`.
 *
 * It survives `pcntl_fork()`: each process talks on connections of its own.
 */
final class Client
{
    use ConfigSettings;
    use Operations;

    private readonly Connection $connection;

    /**
     * A client of `VOICECALL_APP_KEY`, `VOICECALL_APP_SECRET` and, where it is set, `VOICECALL_ENDPOINT`.
     *
     * @param array<string, mixed> $settings Further settings by the names of the constructor's parameters; they go before
     *     the environment's.
     *
     * @throws VoiceCallException of the kind `configuration`
     */
    public static function fromEnv(#[\SensitiveParameter] array $settings = []): self
    {
        $endpoint = getenv('VOICECALL_ENDPOINT');
        return new self(...$settings + [
            'appKey' => (string) getenv('VOICECALL_APP_KEY'),
            'appSecret' => (string) getenv('VOICECALL_APP_SECRET'),
            'endpoint' => $endpoint === false || $endpoint === '' ? null : $endpoint,
        ]);
    }

    /**
     * Shows the exact request that a call would send, and sends nothing: request line, headers, body; digest, codes and
     * template values hidden, phone numbers masked.
     *
     * @param string $operation Name of the operation, e.g. `createVoiceCallback`.
     * @param array<string, mixed> $arguments Its arguments under the service's names.
     */
    public function preview(string $operation, #[\SensitiveParameter] array $arguments): string
    {
        $operation = strtolower(preg_replace('/[A-Z]/', '_$0', Text::terminated($operation, 'operation')));
        $client = $this->connection->handle();
        $value = Value::of($arguments);
        return Value::make('voicecall_client_preview', $client, $operation, $value->handle)->decoded();
    }

    /**
     * Fetches a recording into a file: whole or not at all. A connection that breaks on the way is taken up where it broke,
     * if the server allows it.
     *
     * @param RecordingSource|array<string, string> $source Which one: `CdrSummary::$recording` tells; or an array with
     *     `fileName` and `recordDomain`, or with `recordFileDownloadUrl`.
     * @param string $path The file. After an error there is no file that was not there before.
     * @param bool $overwrite Whether a file that exists is replaced.
     * @param int|null $timeoutMs Longest time for the whole download in milliseconds. Default: none but those of each step.
     * @param (callable(int, int|null): mixed)|null $progress Told bytes in the file so far, and bytes of the whole recording
     *     where the server tells. False stops the download; so does what it throws, which comes out here. It must not end
     *     the script.
     *
     * @return int the length of the file in bytes
     *
     * @throws VoiceCallException of the kind `storage` when the file cannot be written
     */
    public function downloadRecording(
        #[\SensitiveParameter] RecordingSource|array $source,
        string $path,
        bool $overwrite = false,
        ?int $timeoutMs = null,
        ?callable $progress = null,
    ): int {
        return Download::run(
            $this->connection->handle(),
            Value::of(is_array($source) ? $source : get_object_vars($source)),
            Text::terminated($path, 'path'),
            $overwrite,
            Time::out($timeoutMs),
            $progress,
        );
    }

    /** Ends this client: what is called after it is refused with a `ClosedException`. As often as you like. */
    public function close(): void
    {
        $this->connection->close();
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return [];
    }

    private function open(#[\SensitiveParameter] array $settings): void
    {
        $this->connection = new Connection(Value::of($settings));
    }

    private function perform(string $operation, #[\SensitiveParameter] array $arguments, ?int $timeoutMs): array
    {
        return $this->connection->perform($operation, Value::written($arguments), Time::out($timeoutMs));
    }
}
