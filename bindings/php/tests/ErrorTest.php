<?php

declare(strict_types=1);

namespace VoiceCall\Tests;

use PHPUnit\Framework\TestCase;
use VoiceCall\Client;
use VoiceCall\Delivery;
use VoiceCall\Exception\UnexpectedException;
use VoiceCall\Internal\Exceptions;
use VoiceCall\Internal\Library;
use VoiceCall\Internal\Numbers;
use VoiceCall\ErrorKind;
use VoiceCall\RecordingSource;
use VoiceCall\Retry;
use VoiceCall\Tests\Support\Given;
use VoiceCall\Tests\Support\Peer;
use VoiceCall\VoiceCallException;
use VoiceCall\Webhook;

/** Every kind of error and every delivery, from a platform that misbehaves. */
final class ErrorTest extends TestCase
{
    private const BLACKLISTED = '{"resultcode":"1013004","resultdesc":"callee 8613800000021 is on a black list"}';

    public function test_a_broken_rule_is_told_before_anything_is_sent(): void
    {
        $peer = Peer::answering(Given::SUCCESS);
        $call = fn () => Given::client($peer->url)->createVoiceNotification(...Given::NOTIFICATION, userData: str_repeat('x', 300));
        $error = $this->fails(ErrorKind::InvalidArgument, Delivery::NotSent, $call);
        self::assertInstanceOf(\InvalidArgumentException::class, $error);
        self::assertSame(['/userData', 'length', '300'], [$error->getField(), $error->getRule(), $error->getMeasured()]);
        self::assertSame('invalid_argument', $error->getKindName());
        self::assertSame(Retry::AfterFix, $error->getRetry());
        self::assertNull($error->getHttpStatus());
        self::assertSame([], $peer->requests());
    }

    public function test_a_bad_setting_is_named(): void
    {
        $error = $this->fails(ErrorKind::Configuration, Delivery::NotSent, fn () => new Client('key', ''));
        self::assertSame('/appSecret', $error->getField());
        $error = $this->fails(ErrorKind::Configuration, Delivery::NotSent, fn () => Given::client('http://127.0.0.1:9', timeoutMs: 0));
        self::assertSame('/timeoutMs', $error->getField());
        $error = $this->fails(ErrorKind::Configuration, Delivery::NotSent, fn () => Given::client('http://127.0.0.1:9', createdZone: 'moon'));
        self::assertSame('/createdZone', $error->getField());
    }

    public function test_nobody_listening_means_not_sent(): void
    {
        $listener = stream_socket_server('tcp://127.0.0.1:0');
        $address = stream_socket_get_name($listener, false);
        fclose($listener);
        $this->notificationFails("http://$address", ErrorKind::Connect, Delivery::NotSent);
    }

    public function test_a_peer_without_tls_means_not_sent(): void
    {
        $peer = Peer::answering(Given::SUCCESS);
        $this->notificationFails(str_replace('http:', 'https:', $peer->url), ErrorKind::Tls, Delivery::NotSent);
    }

    public function test_a_peer_that_says_nothing_means_unknown(): void
    {
        $peer = Peer::silent();
        $call = fn () => Given::client($peer->url)->createVoiceNotification(...Given::NOTIFICATION, timeoutMs: 200);
        self::assertSame(Retry::Never, $this->fails(ErrorKind::Timeout, Delivery::Unknown, $call)->getRetry());
        self::assertCount(1, $peer->requests());
    }

    public function test_a_connection_that_breaks_means_unknown(): void
    {
        $error = $this->peerFails(Peer::writing(''), ErrorKind::ConnectionLost, Delivery::Unknown);
        self::assertStringContainsString('Do not place the call again', $error->getAdvice());
        $cut = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"resu";
        $this->peerFails(Peer::writing($cut), ErrorKind::ConnectionLost, Delivery::Unknown);
    }

    public function test_an_answer_that_cannot_be_read_is_told(): void
    {
        $this->peerFails(Peer::writing("SSH-2.0-OpenSSH_9.6\r\n"), ErrorKind::Protocol, Delivery::Unknown);
        $this->peerFails(Peer::answering('<html>'), ErrorKind::Protocol, Delivery::Unknown);
        $this->peerFails(Peer::answering('<html>', '404 Not Found'), ErrorKind::Protocol, Delivery::Answered);
    }

    public function test_a_refusal_is_explained(): void
    {
        $error = $this->peerFails(Peer::answering(self::BLACKLISTED, '403 Forbidden'), ErrorKind::Rejected, Delivery::Answered);
        self::assertSame('1013004', $error->getResultCode());
        self::assertSame('callee *********0021 is on a black list', $error->getResultDesc());
        self::assertSame(403, $error->getHttpStatus());
        self::assertNotNull($error->getMeaning());
    }

    public function test_each_sort_of_refusal_has_its_kind(): void
    {
        foreach (
            [
                ['1013001', ErrorKind::Throttled, Delivery::Answered],
                ['1010003', ErrorKind::Authentication, Delivery::Answered],
                ['1023002', ErrorKind::Rejected, Delivery::Unknown],
            ] as [$code, $kind, $delivery]
        ) {
            $peer = Peer::answering('{"resultcode":"' . $code . '","resultdesc":"no"}');
            self::assertSame($code, $this->peerFails($peer, $kind, $delivery)->getResultCode());
        }
    }

    public function test_a_closed_client_refuses_calls(): void
    {
        $client = Given::client('http://127.0.0.1:9');
        $client->close();
        $client->close();
        $this->fails(ErrorKind::Closed, Delivery::NotSent, fn () => $client->terminateCall('session-0001'));
        $this->fails(ErrorKind::Closed, Delivery::NotSent, fn () => $client->downloadRecording(['fileName' => 'a', 'recordDomain' => 'b'], 'x'));
    }

    public function test_a_webhook_cut_short_is_malformed(): void
    {
        $error = $this->fails(ErrorKind::MalformedWebhook, Delivery::NotSent, fn () => Webhook::parse('{"eventType":'));
        self::assertInstanceOf(\UnexpectedValueException::class, $error);
    }

    public function test_a_webhook_without_its_signature_is_refused(): void
    {
        $received = WebhookTest::receiver()->receive([], Given::fee(1));
        self::assertSame([ErrorKind::Signature, Delivery::NotSent], [$received->error->getKind(), $received->error->getDelivery()]);
    }

    public function test_a_file_that_exists_or_cannot_be_made_is_named(): void
    {
        $peer = Peer::answering('sound');
        $client = Given::client($peer->url);
        $source = new RecordingSource(recordFileDownloadUrl: "$peer->url/a.wav");
        $path = tempnam(sys_get_temp_dir(), 'voicecall');
        try {
            $exists = $this->fails(ErrorKind::InvalidArgument, null, fn () => $client->downloadRecording($source, $path));
            self::assertSame('/path', $exists->getField());
            $this->fails(ErrorKind::Storage, null, fn () => $client->downloadRecording($source, "$path/a.wav"));
        } finally {
            unlink($path);
        }
    }

    public function test_the_mark_of_an_attempt_is_told_when_its_outcome_is_unknown(): void
    {
        $peer = Peer::writing('');
        $client = Given::client($peer->url, attemptTag: true);
        $error = $this->fails(ErrorKind::ConnectionLost, Delivery::Unknown, fn () => $client->createVoiceNotification(...Given::NOTIFICATION));
        self::assertNotSame('', (string) $error->getAttemptTag());
    }

    public function test_words_are_those_of_every_language(): void
    {
        $ffi = Library::get()->ffi;
        foreach (ErrorKind::cases() as $kind) {
            $number = constant(Numbers::class . '::' . strtoupper($kind->value));
            self::assertSame($kind->value, $ffi->voicecall_status_name($number));
            self::assertArrayHasKey($kind->value, Exceptions::OF_KIND);
        }
        foreach (Delivery::cases() as $delivery) {
            $number = constant(Numbers::class . '::DELIVERY_' . strtoupper($delivery->value));
            self::assertSame($delivery->value, $ffi->voicecall_delivery_name($number));
        }
        foreach (Retry::cases() as $retry) {
            $number = constant(Numbers::class . '::RETRY_' . strtoupper($retry->value));
            self::assertSame($retry->value, $ffi->voicecall_retry_name($number));
        }
    }

    public function test_words_of_a_later_library_are_kept_and_nothing_is_safe_by_them(): void
    {
        $error = new UnexpectedException(['kind' => 'moon', 'delivery' => 'half', 'retry' => 'x', 'message' => 'm', 'advice' => 'a']);
        self::assertSame([null, 'moon'], [$error->getKind(), $error->getKindName()]);
        self::assertSame([Delivery::Unknown, Retry::Never], [$error->getDelivery(), $error->getRetry()]);
    }

    public function test_every_attribute_of_the_library_can_be_read(): void
    {
        foreach ((new \ReflectionClass(Numbers::class))->getConstants() as $name => $number) {
            if (str_starts_with($name, 'ERROR_') && $name !== 'ERROR_MESSAGE') {
                $getter = 'get' . str_replace('_', '', ucwords(strtolower(substr($name, strlen('ERROR_'))), '_'));
                self::assertTrue(method_exists(VoiceCallException::class, $getter), $getter);
            }
        }
    }

    private function fails(ErrorKind $kind, ?Delivery $delivery, \Closure $call): VoiceCallException
    {
        try {
            $call();
        } catch (VoiceCallException $exception) {
            self::assertSame($kind, $exception->getKind(), (string) $exception);
            self::assertSame(Exceptions::OF_KIND[$kind->value], $exception::class);
            $delivery === null || self::assertSame($delivery, $exception->getDelivery(), (string) $exception);
            self::assertNotSame('', $exception->getMessage() . $exception->getAdvice());
            self::assertStringNotContainsString('13800000021', (string) $exception);
            return $exception;
        }
        self::fail('nothing fails');
    }

    private function notificationFails(string $endpoint, ErrorKind $kind, Delivery $delivery): VoiceCallException
    {
        return $this->fails($kind, $delivery, fn () => Given::client($endpoint)->createVoiceNotification(...Given::NOTIFICATION));
    }

    private function peerFails(Peer $peer, ErrorKind $kind, Delivery $delivery): VoiceCallException
    {
        $error = $this->notificationFails($peer->url, $kind, $delivery);
        self::assertCount(1, $peer->requests(), 'requests of one call');
        return $error;
    }
}
