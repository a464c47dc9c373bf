<?php

declare(strict_types=1);

namespace VoiceCall\Tests;

use PHPUnit\Framework\TestCase;
use VoiceCall\Client;
use VoiceCall\RecordingSource;
use VoiceCall\Tests\Support\Given;
use VoiceCall\VoiceCallException;
use VoiceCall\Webhook;

/** Nothing secret or personal is seen where objects and errors are printed. */
final class PrivacyTest extends TestCase
{
    private const SECRETS = [Given::APP_SECRET, '13800000021', '20408', '李先生', 'https://example.com/secret.wav'];

    public function test_printed_objects_hide_what_is_personal(): void
    {
        $cdr = Webhook::parse('{"eventType":"fee","feeLst":[{"sessionId":"s","calleeNum":"+8613800000021","fwdDstNum":"+8613800000021",'
            . '"bindNum":"+8613800000021","digitInfo":"20408","new":"李先生"},{"sessionId":1,"calleeNum":"+8613800000021"}]}');
        $status = Webhook::parse('{"eventType":"collectInfo","statusInfo":{"sessionId":"s","called":"+8613800000021","digitInfo":"20408"}}');
        foreach (
            [
                Given::client('http://127.0.0.1:9'),
                WebhookTest::receiver(),
                WebhookTest::receiver()->receive(Webhook::sign(Given::APP_KEY, Given::APP_SECRET, Given::PUSH_URL), $cdr->raw()),
                $cdr,
                $cdr->cdrs[0]->summary(),
                $cdr->rejected(),
                $status,
                new RecordingSource(recordFileDownloadUrl: 'https://example.com/secret.wav'),
            ] as $object
        ) {
            $this->hidesAll(print_r($object, true));
            ob_start();
            var_dump($object);
            $this->hidesAll(ob_get_clean());
        }
        self::assertStringContainsString('*********0021', print_r($cdr, true));
    }

    public function test_traces_of_errors_hide_what_was_given(): void
    {
        if (PHP_VERSION_ID < 80200) {
            self::markTestSkipped('PHP 8.1 cannot keep arguments out of traces: README.md says what to set.');
        }
        $client = Given::client('http://127.0.0.1:9');
        $code = ['displayNbr' => '+867550000088', 'calleeNbr' => '+8613800000021', 'languageType' => 2, 'preTone' => '', 'verifyCode' => '20408'];
        foreach (
            [
                fn () => $client->createVoiceVerificationCode(...$code),
                fn () => $client->createVoiceNotification('1', '+8613800000021', [['templateId' => 't', 'templateParas' => ['李先生']]]),
                fn () => $client->createVoiceNotification('1', '+8613800000021', [['templateParas' => ["\xff李先生"]]]),
                fn () => $client->preview('createVoiceVerificationCode', $code),
                fn () => new Client('', Given::APP_SECRET),
                fn () => Client::fromEnv(['appKey' => '', 'appSecret' => Given::APP_SECRET]),
                fn () => new Webhook(['x'], [['appKey' => '', 'appSecret' => Given::APP_SECRET]]),
                fn () => Webhook::sign(Given::APP_KEY, Given::APP_SECRET, 'x', '!'),
                fn () => Webhook::parse('{"calleeNum":"+8613800000021"}'),
                fn () => $client->downloadRecording(['recordFileDownloadUrl' => 'https://example.com/secret.wav'], __FILE__),
            ] as $call
        ) {
            try {
                $call();
                self::fail('nothing fails');
            } catch (VoiceCallException $exception) {
                $this->hidesAll((string) $exception);
                $frames = array_filter($exception->getTrace(), static fn (array $frame): bool => str_starts_with($frame['class'] ?? '', 'VoiceCall\\')
                    && !str_starts_with($frame['class'], 'VoiceCall\\Tests\\'));
                $this->hidesAll(print_r(array_column($frames, 'args'), true));
            }
        }
    }

    public function test_what_holds_a_secret_is_not_serialized(): void
    {
        foreach ([Given::client('http://127.0.0.1:9'), WebhookTest::receiver()] as $object) {
            try {
                serialize($object);
                self::fail('it is serialized');
            } catch (\LogicException $exception) {
                self::assertStringContainsString('cannot be serialized', $exception->getMessage());
            }
            $this->hidesAll(print_r((array) $object, true));
        }
    }

    private function hidesAll(string $printed): void
    {
        foreach (self::SECRETS as $secret) {
            self::assertStringNotContainsString($secret, $printed);
        }
    }
}
