<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

/**
 * The library's client, one for each process: a child of a fork has its parent's sockets, on which two processes would talk
 * into each other's answers.
 *
 * @internal
 */
final class Connection
{
    private Handle $client;
    private bool $isClosed = false;

    /** @param Value $settings kept for the next process; the secret in it is seen by nobody and wiped by the library */
    public function __construct(private readonly Value $settings)
    {
        $this->client = $this->opened();
    }

    public function handle(): Handle
    {
        if (!$this->client->isOfThisProcess()) {
            $this->client = $this->opened();
            $this->isClosed && $this->close();
        }
        return $this->client;
    }

    /**
     * Performs an operation: JSON text in, the answer's members out.
     *
     * @return array<string, mixed>
     */
    public function perform(string $operation, #[\SensitiveParameter] string $arguments, int $timeout): array
    {
        $library = Library::get();
        $answer = $library->place('value');
        $json = $library->place('text');
        $length = $library->place('length');
        $error = $library->place('error');
        $status = $library->ffi->voicecall_client_call_json(
            $this->handle()->address,
            $operation,
            $arguments,
            strlen($arguments),
            $timeout,
            $answer,
            $json,
            $length,
            $error,
        );
        $status === Numbers::OK || throw Failure::of($library, $error[0]);
        try {
            // The text is the answer's.
            return json_decode(\FFI::string($json[0], $length[0]), true, 512, JSON_THROW_ON_ERROR);
        } finally {
            $library->ffi->voicecall_value_free($answer[0]);
        }
    }

    public function close(): void
    {
        $this->isClosed = true;
        Library::get()->call('voicecall_client_close', $this->handle());
    }

    private function opened(): Handle
    {
        return Library::get()->make('client', 'voicecall_client_new', $this->settings->handle);
    }
}
