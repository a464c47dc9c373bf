<?php

declare(strict_types=1);

namespace VoiceCall\Tests;

use PHPUnit\Framework\TestCase;
use VoiceCall\CalleeMedia;
use VoiceCall\Client;
use VoiceCall\Exception\ClosedException;
use VoiceCall\Exception\ConfigurationException;
use VoiceCall\Exception\InvalidArgumentException;
use VoiceCall\Internal\Handle;
use VoiceCall\RecordingSource;
use VoiceCall\Tests\Support\Given;
use VoiceCall\Tests\Support\Peer;

/** What a client takes, gives and survives. */
final class ClientTest extends TestCase
{
    public function test_named_arguments_and_a_spread_array_are_the_same_request(): void
    {
        $peer = Peer::answering(Given::SUCCESS);
        $client = Given::client($peer->url);
        $call = $client->createVoiceNotification(
            displayNbr: '+867550000088',
            calleeNbr: '+8613800000021',
            playInfoList: [['notifyVoice' => 'alarm.wav']],
        );
        self::assertSame(['session-0001', 3], [$call->sessionId, $call->idlePort]);
        self::assertSame(['resultcode', 'resultdesc'], array_values(array_diff(['resultcode', 'resultdesc'], array_keys($call->extra))));
        $client->createVoiceNotification(...Given::NOTIFICATION);
        [$first, $second] = array_map(static fn (string $request): string => substr($request, strpos($request, "\r\n\r\n")), $peer->requests());
        self::assertSame($first, $second);
        self::assertStringContainsString('"notifyVoice":"alarm.wav"', $first);
    }

    public function test_enumerations_are_members_or_words(): void
    {
        $client = Given::client('http://127.0.0.1:9');
        $numbers = array_fill_keys(['displayNbr', 'callerNbr', 'displayCalleeNbr', 'calleeNbr'], '+8613800000021');
        foreach ([CalleeMedia::Fail, 'fail'] as $media) {
            self::assertStringContainsString('"calleeMedia":"fail"', $client->preview('createVoiceCallback', $numbers + ['calleeMedia' => $media]));
        }
        $this->expectException(InvalidArgumentException::class);
        $client->createVoiceCallback(...$numbers, calleeMedia: 'loud');
    }

    public function test_undocumented_fields_travel_in_extra(): void
    {
        $peer = Peer::answering(Given::SUCCESS);
        Given::client($peer->url)->createVoiceNotification(...Given::NOTIFICATION, extra: ['newField' => ['a' => 1.5]]);
        self::assertStringEndsWith('"newField":{"a":1.5}}', $peer->requests()[0]);
    }

    public function test_settings_come_from_the_environment_and_named_ones_go_before(): void
    {
        $peer = Peer::answering(Given::SUCCESS);
        $names = ['VOICECALL_APP_KEY' => 'FromEnvironment', 'VOICECALL_APP_SECRET' => 'x', 'VOICECALL_ENDPOINT' => $peer->url];
        try {
            array_walk($names, static fn (string $value, string $name) => putenv("$name=$value"));
            Client::fromEnv()->terminateCall('session-0001');
            Client::fromEnv(['appKey' => 'Named', 'timeoutMs' => 5000])->terminateCall('session-0001');
            putenv('VOICECALL_APP_SECRET');
            try {
                Client::fromEnv();
                self::fail('a client without a secret');
            } catch (ConfigurationException $exception) {
                self::assertSame('/appSecret', $exception->getField());
            }
        } finally {
            array_walk($names, static fn (string $value, string $name) => putenv($name));
        }
        [$environment, $named] = $peer->requests();
        self::assertStringContainsString('Username="FromEnvironment"', $environment);
        self::assertStringContainsString('Username="Named"', $named);
    }

    public function test_wrong_types_are_errors_of_php_itself(): void
    {
        $client = Given::client('http://127.0.0.1:9');
        foreach (
            [
                [\TypeError::class, fn () => $client->createVoiceNotification(null, null, null)],
                [\ArgumentCountError::class, fn () => $client->createVoiceNotification('+867550000088')],
                [\Error::class, fn () => $client->createVoiceNotification(...Given::NOTIFICATION, calleNbr: 'x')],
                [\TypeError::class, fn () => $client->createVoiceNotification(...Given::NOTIFICATION, extra: ['x' => fopen('php://memory', 'r')])],
                [\ValueError::class, fn () => $client->createVoiceNotification(...Given::NOTIFICATION, extra: ['x' => NAN])],
                [\ValueError::class, fn () => $client->terminateCall('session-0001', timeoutMs: 0)],
                [\ValueError::class, fn () => $client->terminateCall('session-0001', timeoutMs: -1)],
                [\ValueError::class, fn () => $client->downloadRecording(new RecordingSource('a', 'b'), "a\0b")],
            ] as [$expected, $call]
        ) {
            try {
                $call();
                self::fail('nothing fails');
            } catch (\Error $error) {
                self::assertInstanceOf($expected, $error);
            }
        }
    }

    public function test_text_that_is_not_utf_8_is_named(): void
    {
        $client = Given::client('http://127.0.0.1:9');
        try {
            $client->createVoiceNotification('+867550000088', '+8613800000021', [['templateId' => 't', 'templateParas' => ['a', "\xff"]]]);
            self::fail('it is sent');
        } catch (InvalidArgumentException $exception) {
            self::assertSame('/playInfoList/0/templateParas/1', $exception->getField());
        }
    }

    public function test_a_client_that_was_taken_apart_harms_nobody(): void
    {
        $copy = clone Given::client('http://127.0.0.1:9');
        $again = clone $copy;
        unset($copy);
        gc_collect_cycles();
        self::assertStringContainsString('session-0001', $again->preview('terminateCall', ['sessionid' => 'session-0001']));
        $empty = (new \ReflectionClass(Client::class))->newInstanceWithoutConstructor();
        $this->expectException(\Error::class);
        $empty->terminateCall('session-0001');
    }

    public function test_what_somebody_else_serialized_makes_no_handle(): void
    {
        self::assertInstanceOf(Client::class, unserialize('O:16:"VoiceCall\Client":0:{}'));
        self::assertNotNull((new \ReflectionClass(Handle::class))->newInstanceWithoutConstructor());
        $this->expectException(\LogicException::class);
        unserialize('O:25:"VoiceCall\Internal\Handle":0:{}');
    }

    public function test_a_download_tells_how_far_it_is(): void
    {
        $peer = Peer::answering(str_repeat('sound', 20000));
        $path = self::newPath();
        $told = [];
        $bytes = Given::client($peer->url)->downloadRecording(
            ['recordFileDownloadUrl' => "$peer->url/a.wav"],
            $path,
            progress: function (int $bytes, ?int $total) use (&$told): void {
                $told[] = [$bytes, $total];
            },
        );
        self::assertSame([100000, 100000], [$bytes, filesize($path)]);
        self::assertSame([100000, 100000], end($told));
        unlink($path);
    }

    public function test_a_download_is_stopped_by_false_and_by_what_is_thrown(): void
    {
        $peer = Peer::answering(str_repeat('sound', 20000));
        $client = Given::client($peer->url);
        $path = self::newPath();
        $source = ['recordFileDownloadUrl' => "$peer->url/a.wav"];
        try {
            $client->downloadRecording($source, $path, progress: static fn (): bool => false);
            self::fail('it goes on');
        } catch (ClosedException) {
            self::assertFileDoesNotExist($path);
        }
        $thrown = new \DomainException('enough');
        try {
            $client->downloadRecording($source, $path, progress: static fn () => throw $thrown);
            self::fail('it goes on');
        } catch (\DomainException $exception) {
            self::assertSame($thrown, $exception);
            self::assertFileDoesNotExist($path);
        }
    }

    public function test_a_download_may_be_begun_or_closed_while_another_tells_its_progress(): void
    {
        $peer = Peer::answering(str_repeat('sound', 20000));
        $client = Given::client($peer->url);
        $source = ['recordFileDownloadUrl' => "$peer->url/a.wav"];
        [$outer, $inner] = [self::newPath(), self::newPath()];
        $innerTold = 0;
        $client->downloadRecording($source, $outer, progress: function () use ($client, $source, $inner, &$innerTold): void {
            if (!is_file($inner)) {
                $client->downloadRecording($source, $inner, progress: function () use (&$innerTold): void {
                    $innerTold++;
                });
            }
        });
        self::assertSame([100000, 100000], [filesize($outer), filesize($inner)]);
        self::assertGreaterThan(0, $innerTold);
        unlink($outer);
        unlink($inner);
        $this->expectException(ClosedException::class);
        $client->downloadRecording($source, $outer, progress: static fn () => $client->close());
    }

    private static function newPath(): string
    {
        return sys_get_temp_dir() . '/voicecall-' . bin2hex(random_bytes(8)) . '.wav';
    }
}
