<?php

declare(strict_types=1);

namespace VoiceCall\Tests;

use PHPUnit\Framework\TestCase;
use VoiceCall\Testing\Sandbox;
use VoiceCall\Tests\Support\Place;
use VoiceCall\Tests\Support\Server;
use VoiceCall\Webhook;

/** The programs in the READMEs, as a reader would run them. */
final class ReadmeTest extends TestCase
{
    private const PACKAGE = __DIR__ . '/../README.md';
    private const REPOSITORY = __DIR__ . '/../../../README.md';

    public function test_every_program_is_tested(): void
    {
        self::assertCount(5, self::snippets(self::PACKAGE));
        self::assertCount(1, self::snippets(self::REPOSITORY));
    }

    public function test_the_first_call_is_placed(): void
    {
        $sandbox = Sandbox::start();
        foreach ([self::PACKAGE, self::REPOSITORY] as $readme) {
            $place = new Place();
            $printed = $place->output([PHP_BINARY, self::program($place, $readme, 0)], Place::environment($sandbox));
            self::assertMatchesRegularExpression('/^calling: 1201_\S+\n$/', $printed);
            $wrong = ['VOICECALL_APP_SECRET' => 'wrong'] + Place::environment($sandbox);
            $printed = $place->output([PHP_BINARY, self::program($place, $readme, 0)], $wrong);
            self::assertStringContainsString('PasswordDigest', $printed);
        }
    }

    /**
     * @testWith [1]
     *           [2]
     */
    public function test_the_webhook_is_answered(int $index): void
    {
        $place = new Place();
        $address = Server::freeAddress();
        $log = "$place->folder/log";
        $program = self::program($place, self::PACKAGE, $index);
        file_put_contents($program, str_replace('/var/lib/app', $place->folder, file_get_contents($program)));
        $server = new Server($program, $address, ['-d', 'ffi.enable=1', '-d', "error_log=$log"], getenv());
        $headers = Webhook::sign('your app key', 'your app secret', 'https://example.com/voice/fee');
        $lines = array_map(static fn (string $name, string $value): string => "$name: $value", array_keys($headers), $headers);
        $body = '{"eventType":"fee","feeLst":[{"sessionId":"session-1"}]}';
        $request = ['method' => 'POST', 'header' => $lines, 'content' => $body, 'ignore_errors' => true];
        file_get_contents("http://$server->address/voice/fee", false, stream_context_create(['http' => $request]));
        self::assertStringContainsString(' 200 ', $http_response_header[0]);
        self::assertStringContainsString('session-1: ', file_get_contents($log));
    }

    public function test_a_recording_is_kept(): void
    {
        $place = new Place();
        $script = self::program($place, self::PACKAGE, 3);
        file_put_contents($script, <<<'PHP'

            $sound = VoiceCall\Tests\Support\Peer::answering(str_repeat('sound', 100));
            $record = ['sessionId' => 's', 'recordFlag' => 1, 'recordFileDownloadUrl' => "$sound->url/a.wav"];
            $cdr = VoiceCall\Webhook::parse(json_encode(['eventType' => 'fee', 'feeLst' => [$record]]))->cdrs[0];
            keep(VoiceCall\Tests\Support\Given::client('http://127.0.0.1:9'), $cdr);
            PHP, FILE_APPEND);
        $bootstrap = __DIR__ . '/bootstrap.php';
        $printed = $place->output([PHP_BINARY, '-d', "auto_prepend_file=$bootstrap", $script], getenv());
        self::assertStringEndsWith("500 of 500 bytes\n", $printed);
        self::assertSame(500, filesize("$place->folder/s.wav"));
    }

    public function test_the_local_platform_is_called(): void
    {
        $place = new Place();
        $printed = $place->output([PHP_BINARY, self::program($place, self::PACKAGE, 4)], getenv());
        self::assertMatchesRegularExpression('/^called: 1201_\S+\n$/', $printed);
    }

    private static function program(Place $place, string $readme, int $index): string
    {
        $path = "$place->folder/snippet.php";
        file_put_contents($path, "<?php\n" . self::snippets($readme)[$index]);
        return $path;
    }

    /** @return list<string> */
    private static function snippets(string $file): array
    {
        preg_match_all('/^```php\n(.*?)^```$/ms', file_get_contents($file), $found);
        return $found[1];
    }
}
