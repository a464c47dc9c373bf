<?php

declare(strict_types=1);

namespace VoiceCall\Tests\Support;

/** A platform that misbehaves as a test wants, in a process of its own: this one waits while it calls. */
final class Peer
{
    public readonly string $url;

    /** Connections with requests on them, known when it has ended. */
    public int $connections = 0;

    /** @var resource|null */
    private $process;

    /** @var array<int, resource> */
    private array $pipes = [];

    private function __construct(string $answer, string $then)
    {
        $this->process = proc_open([PHP_BINARY, '-n', __DIR__ . '/peer.php', $then], [['pipe', 'r'], ['pipe', 'w'], STDERR], $this->pipes);
        fwrite($this->pipes[0], base64_encode($answer) . "\n");
        $this->url = 'http://127.0.0.1:' . trim(fgets($this->pipes[1]));
    }

    public function __destruct()
    {
        $this->requests();
    }

    /** Gives these bytes as the answer to every request, and ends the connection. */
    public static function writing(string $bytes): self
    {
        return new self($bytes, 'close');
    }

    public static function answering(string $body, string $status = '200 OK', string $headers = ''): self
    {
        return self::writing(self::answer($body, $status, $headers));
    }

    /** Keeps its connections. */
    public static function keeping(string $body): self
    {
        return new self(self::answer($body, '200 OK', "Connection: keep-alive\r\n"), 'keep');
    }

    public static function silent(): self
    {
        return new self('', 'keep');
    }

    /**
     * Ends it, and tells the requests that came.
     *
     * @return list<string>
     */
    public function requests(): array
    {
        if ($this->process === null) {
            return [];
        }
        fclose($this->pipes[0]);
        preg_match_all('/^(\d+) (.+)$/m', stream_get_contents($this->pipes[1]), $lines);
        proc_close($this->process);
        $this->process = null;
        $this->connections = count(array_unique($lines[1]));
        return array_map(base64_decode(...), $lines[2]);
    }

    private static function answer(string $body, string $status, string $headers): string
    {
        return "HTTP/1.1 $status\r\n{$headers}Content-Length: " . strlen($body) . "\r\n\r\n$body";
    }
}
