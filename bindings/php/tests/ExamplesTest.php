<?php

declare(strict_types=1);

namespace VoiceCall\Tests;

use PHPUnit\Framework\TestCase;
use VoiceCall\Intake;
use VoiceCall\Testing\Sandbox;
use VoiceCall\Tests\Support\Place;
use VoiceCall\Tests\Support\Server;

/** The programs in examples/php, with what they have to print in examples/expected. */
final class ExamplesTest extends TestCase
{
    private const ROOT = __DIR__ . '/../../..';
    private const PACKAGE = self::ROOT . '/bindings/php';
    /** Webhooks that take longer do not come. */
    private const PATIENCE = 60;
    /** One for each call that is placed. */
    private const CDRS = 3;

    private Sandbox $sandbox;
    private Place $place;

    protected function setUp(): void
    {
        $this->sandbox = Sandbox::start(speed: 30);
        $this->place = new Place();
    }

    public function test_place_calls_prints_what_it_should(): void
    {
        $printed = $this->placeCalls(Place::environment($this->sandbox));
        $expected = file_get_contents(self::ROOT . '/examples/expected/place_calls_recording.txt');
        self::assertSame($expected, preg_replace('/: session \S+/', ': session ...', $printed));
    }

    public function test_place_calls_explains_what_goes_wrong(): void
    {
        $printed = $this->placeCalls(['VOICECALL_APP_SECRET' => ''] + Place::environment($this->sandbox));
        self::assertStringStartsWith('place_calls: /appSecret', $printed);
    }

    /**
     * @dataProvider waysToAllowFfi
     *
     * @param list<string> $options
     */
    public function test_the_receiver_stores_every_webhook_of_three_calls(array $options): void
    {
        $address = Server::freeAddress();
        $store = $this->place->folder . '/webhooks.db';
        $environment = ['VOICECALL_PUSH_URL' => "http://$address/voice", 'VOICECALL_STORE' => $store] + Place::environment($this->sandbox);
        $server = new Server(realpath(self::ROOT . '/examples/php/webhook_receiver.php'), $address, $options, $environment);
        $this->placeCalls($environment);
        $until = microtime(true) + self::PATIENCE;
        $lines = [];
        while (count(array_keys($lines, 'fee: stored')) < self::CDRS) {
            $line = $server->line($until);
            self::assertNotNull($line, 'CDRs are missing after ' . implode(', ', $lines));
            $lines[] = $line;
        }
        // In which order the webhooks of different calls come is not said.
        $kinds = array_unique($lines);
        sort($kinds);
        self::assertSame(file_get_contents(self::ROOT . '/examples/expected/webhook_receiver.txt'), implode("\n", $kinds) . "\n");
        self::assertSame(self::CDRS, (new Intake(store: "sqlite:$store"))->totals()[0]['calls']);
        $refused = file_get_contents("http://$address/voice", false, stream_context_create(['http' => ['method' => 'POST', 'ignore_errors' => true]]));
        self::assertStringNotContainsString('Fatal', $refused);
        self::assertSame('not stored', strtok((string) $this->refusal($server), ':'));
    }

    /** @return iterable<string, array{list<string>}> */
    public static function waysToAllowFfi(): iterable
    {
        yield 'FFI for all' => [['-d', 'ffi.enable=1']];
        $preload = ['-d', 'ffi.enable=preload', '-d', 'opcache.preload=' . self::PACKAGE . '/preload.php', '-d', 'opcache.preload_user=' . get_current_user()];
        yield 'FFI for the package' => [$preload];
        yield 'FFI for the package, functions declared once' => [[...$preload, '-d', 'ffi.preload=' . self::PACKAGE . '/include/preload.h']];
    }

    /** The line about the push without a signature, behind what else is still to come. */
    private function refusal(Server $server): ?string
    {
        $until = microtime(true) + self::PATIENCE;
        do {
            $line = $server->line($until);
        } while ($line !== null && !str_starts_with($line, 'not stored'));
        return $line;
    }

    private function placeCalls(array $environment): string
    {
        $program = realpath(self::ROOT . '/examples/php/place_calls.php');
        return $this->place->output([PHP_BINARY, $program, '+8613800000021', '+8613800000022'], $environment);
    }
}
