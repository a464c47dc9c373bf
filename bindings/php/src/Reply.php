<?php

declare(strict_types=1);

namespace VoiceCall;

/** What to answer to a push. */
final class Reply
{
    /** HTTP status. */
    public readonly int $status;

    /**
     * HTTP headers.
     *
     * @var array<string, string>
     */
    public readonly array $headers;

    /** JSON text, or empty. */
    public readonly string $body;

    /**
     * @internal
     *
     * @param array<string, mixed> $reply
     */
    public function __construct(array $reply)
    {
        $this->status = $reply['status'];
        $this->headers = $reply['headers'];
        $this->body = $reply['body'];
    }

    /** Sends it as the answer to the request that this script serves. Print nothing else. */
    public function send(): void
    {
        http_response_code($this->status);
        foreach ($this->headers as $name => $value) {
            header("$name: $value");
        }
        echo $this->body;
    }
}
