<?php

declare(strict_types=1);

namespace VoiceCall\Tests;

use PHPUnit\Framework\TestCase;
use VoiceCall\Tests\Support\Given;
use VoiceCall\Tests\Support\Peer;
use VoiceCall\Tests\Support\Place;
use VoiceCall\Tests\Support\Script;
use VoiceCall\Webhook;

/** What ends a process, begins one, or lasts as long as one. */
final class ProcessTest extends TestCase
{
    private const MEGABYTE = 1024 * 1024;

    /** @requires extension pcntl */
    public function test_a_forked_child_talks_on_a_connection_of_its_own(): void
    {
        $peer = Peer::keeping(Given::SUCCESS);
        [$code, $printed] = Script::run(sprintf(<<<'PHP'
            $client = VoiceCall\Tests\Support\Given::client(%s);
            $call = fn () => $client->createVoiceNotification(...VoiceCall\Tests\Support\Given::NOTIFICATION)->sessionId . "\n";
            echo $call();
            if (pcntl_fork() === 0) {
                echo $call();
                exit(0);
            }
            pcntl_wait($status);
            echo $call(), pcntl_wexitstatus($status);
            PHP, var_export($peer->url, true)));
        self::assertSame([0, str_repeat("session-0001\n", 3) . '0'], [$code, $printed]);
        self::assertCount(3, $peer->requests());
        self::assertSame(2, $peer->connections);
    }

    /** @requires extension pcntl */
    public function test_a_client_that_was_closed_is_closed_in_a_child_too(): void
    {
        [$code, $printed] = Script::run(<<<'PHP'
            $client = VoiceCall\Tests\Support\Given::client('http://127.0.0.1:9');
            $client->close();
            if (pcntl_fork() === 0) {
                try {
                    $client->terminateCall('session-0001');
                } catch (VoiceCall\Exception\ClosedException) {
                    echo 'closed';
                }
                exit(0);
            }
            pcntl_wait($status);
            PHP);
        self::assertSame([0, 'closed'], [$code, $printed]);
    }

    public function test_a_script_that_ends_while_objects_live_ends_well(): void
    {
        foreach (['exit(3);', 'class Late { function __destruct() { $GLOBALS["c"]->preview("terminateCall", ["sessionid" => "s"]); } } $l = new Late(); exit(3);'] as $end) {
            [$code, $printed] = Script::run(
                '$c = VoiceCall\Tests\Support\Given::client("http://127.0.0.1:9"); $w = new VoiceCall\Webhook();'
                . '$e = VoiceCall\Webhook::parse(VoiceCall\Tests\Support\Given::fee(3)); $r = $w->receive([], "{}");' . $end,
            );
            self::assertSame([3, ''], [$code, $printed]);
        }
    }

    public function test_a_script_that_ends_itself_in_the_midst_of_a_download_is_not_killed_by_a_signal(): void
    {
        $peer = Peer::answering(str_repeat('sound', 20000));
        $place = new Place();
        [$code, $printed] = Script::run(sprintf(
            'VoiceCall\Tests\Support\Given::client(%1$s)->downloadRecording(["recordFileDownloadUrl" => %1$s], %2$s, progress: fn () => exit(3));',
            var_export($peer->url, true),
            var_export("$place->folder/call.wav", true),
        ));
        self::assertSame(255, $code, $printed);
        self::assertStringContainsString('Throwing from FFI callbacks is not allowed', $printed);
    }

    public function test_a_library_that_is_not_there_and_ffi_that_is_off_are_told_as_configuration(): void
    {
        $try = 'try { new VoiceCall\Client("k", "s"); } catch (VoiceCall\Exception\ConfigurationException $e) { echo $e->getMessage(); }';
        [$code, $printed] = Script::run('putenv("VOICECALL_LIBRARY=/no/such/library.so");' . $try);
        self::assertSame(0, $code);
        self::assertStringStartsWith("libvoicecall cannot be used: Failed loading '/no/such/library.so'", $printed);
        [$code, $printed] = Script::run($try, ['-d', 'ffi.enable=0']);
        self::assertSame(0, $code);
        self::assertStringStartsWith('libvoicecall cannot be used: FFI API is restricted', $printed);
        [$code, $printed] = Script::run($try, ['-n']);
        self::assertSame(0, $code);
        self::assertStringStartsWith('libvoicecall cannot be used: the extension ffi of PHP is not loaded', $printed);
    }

    public function test_forgotten_objects_are_freed(): void
    {
        $work = static function (int $times): void {
            $webhook = new Webhook();
            for ($i = 0; $i < $times; $i++) {
                $event = $webhook->receive([], Given::fee(50))->event;
                if ($event->cdrs[49]->sessionId !== 'session-49' || $i % 10 > 0) {
                    continue;
                }
                try {
                    Given::client('http://127.0.0.1:9')->terminateCall('');
                } catch (\InvalidArgumentException) {
                    continue;
                }
            }
        };
        $work(300);
        $before = self::resident();
        $work(2000);
        self::assertLessThan(16 * self::MEGABYTE, self::resident() - $before);
    }

    private static function resident(): int
    {
        preg_match('/^VmRSS:\s+(\d+)/m', file_get_contents('/proc/self/status'), $found);
        return 1024 * (int) $found[1];
    }
}
