<?php

declare(strict_types=1);

namespace VoiceCall\Testing;

use VoiceCall\Client;

/**
 * A local VoiceCall platform for tests: the command `voicecall sandbox`. Nobody is rung. It stops with the last reference
 * to it, and with the program.
 */
final class Sandbox
{
    /** Base URL of the five calls. */
    public readonly string $endpoint;

    /** Base URL of the admin API, by which tests look into the platform. */
    public readonly string $admin;

    /** Key of its application. */
    public readonly string $appKey;

    /** Secret of its application. */
    public readonly string $appSecret;

    /**
     * Numbers that may be shown to called parties.
     *
     * @var list<string>
     */
    public readonly array $displayNumbers;

    /**
     * Voice files that requests may name.
     *
     * @var list<string>
     */
    public readonly array $voiceFiles;

    /**
     * Templates that requests may name.
     *
     * @var list<array{id: string, content: string}>
     */
    public readonly array $templates;

    /**
     * @param resource|null $process
     * @param resource $input
     * @param array<string, mixed> $ready
     */
    private function __construct(private $process, private $input, array $ready)
    {
        $this->endpoint = $ready['endpoint'];
        $this->admin = $ready['admin'];
        $this->appKey = $ready['app_key'];
        $this->appSecret = $ready['app_secret'];
        $this->displayNumbers = $ready['display_numbers'];
        $this->voiceFiles = $ready['voice_files'];
        $this->templates = $ready['templates'];
    }

    public function __destruct()
    {
        $this->stop();
    }

    /**
     * Starts a platform on a free port, and waits until it listens.
     *
     * @param float $speed How many times faster than real time its clock runs.
     * @param string|null $command The command. Default: what `VOICECALL_COMMAND` names, else `voicecall` on the PATH.
     *
     * @throws \RuntimeException It did not start.
     */
    public static function start(float $speed = 1.0, ?string $command = null): self
    {
        $command ??= getenv('VOICECALL_COMMAND') ?: 'voicecall';
        $pipes = [];
        $process = @proc_open(
            [$command, 'sandbox', '--json', '--speed', (string) $speed],
            [['pipe', 'r'], ['pipe', 'w'], STDERR],
            $pipes,
        );
        $line = $process === false ? false : fgets($pipes[1]);
        if ($line === false) {
            throw new \RuntimeException("The command $command does not start: install it, or name it in VOICECALL_COMMAND.");
        }
        return new self($process, $pipes[0], json_decode($line, true, 512, JSON_THROW_ON_ERROR));
    }

    /**
     * A client of this platform.
     *
     * @param mixed ...$settings Further settings by name.
     */
    public function client(mixed ...$settings): Client
    {
        return new Client(...$settings + [
            'appKey' => $this->appKey,
            'appSecret' => $this->appSecret,
            'endpoint' => $this->endpoint,
        ]);
    }

    /** Stops the platform; everything in it is gone. As often as you like. */
    public function stop(): void
    {
        if ($this->process !== null) {
            // It stops when its standard input closes, so that it also ends with the program that started it.
            fclose($this->input);
            proc_close($this->process);
            $this->process = null;
        }
    }
}
