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
