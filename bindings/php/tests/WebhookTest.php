<?php

declare(strict_types=1);

namespace VoiceCall\Tests;

use PHPUnit\Framework\TestCase;
use VoiceCall\EventType;
use VoiceCall\FeeEvent;
use VoiceCall\Policy;
use VoiceCall\StatusEvent;
use VoiceCall\Tests\Support\Given;
use VoiceCall\UnknownEvent;
use VoiceCall\VoiceCallException;
use VoiceCall\Webhook;

/** Pushes: what they say, whether they are trusted, and what is answered. */
final class WebhookTest extends TestCase
{
    public static function receiver(): Webhook
    {
        return new Webhook(
            urls: [Given::PUSH_URL],
            applications: [['appKey' => Given::APP_KEY, 'appSecret' => Given::APP_SECRET]],
            policy: Policy::Require,
        );
    }

    public function test_a_signed_push_is_read_and_answered(): void
    {
        $received = self::receiver()->receive(Webhook::sign(Given::APP_KEY, Given::APP_SECRET, Given::PUSH_URL), Given::fee(2));
        self::assertTrue($received->verdict->isValid());
        self::assertSame(Given::APP_KEY, $received->verdict->appKey);
        self::assertNull($received->error);
        self::assertInstanceOf(FeeEvent::class, $received->event);
        self::assertSame(EventType::Fee, $received->event->type);
        self::assertSame('李先生', $received->event->cdrs[1]->userData);
        self::assertEquals(new \DateTimeImmutable('2019-01-24T03:04:24Z'), $received->event->cdrs[0]->callOutStartTime);
        self::assertSame(200, $received->reply()->status);
        self::assertGreaterThanOrEqual(500, $received->reply(stored: false)->status);
        self::assertArrayHasKey('content-type', array_change_key_case($received->reply()->headers));
    }

    public function test_headers_are_taken_as_frameworks_have_them(): void
    {
        $headers = array_map(static fn (string $value): array => [$value], Webhook::sign(Given::APP_KEY, Given::APP_SECRET, Given::PUSH_URL));
        $received = self::receiver()->receive(array_change_key_case($headers, CASE_UPPER), Given::fee(1));
        self::assertTrue($received->verdict->isValid());
    }

    public function test_headers_are_found_in_the_variables_of_the_server(): void
    {
        $server = ['HTTP_HOST' => 'example.com', 'REQUEST_TIME' => 1, 'CONTENT_TYPE' => 'application/json'];
        foreach (Webhook::sign(Given::APP_KEY, Given::APP_SECRET, Given::PUSH_URL) as $name => $value) {
            $server['HTTP_' . strtr(strtoupper($name), '-', '_')] = $value;
        }
        $before = $_SERVER;
        try {
            $_SERVER = $server;
            self::assertTrue(self::receiver()->receive(body: Given::fee(1))->verdict->isValid());
            $_SERVER['REDIRECT_HTTP_AUTHORIZATION'] = $_SERVER['HTTP_AUTHORIZATION'];
            unset($_SERVER['HTTP_AUTHORIZATION']);
            self::assertTrue(self::receiver()->receive(body: Given::fee(1))->verdict->isValid());
            $_SERVER = [];
            self::assertSame('missing_header', self::receiver()->receive(body: Given::fee(1))->verdict->reason);
        } finally {
            $_SERVER = $before;
        }
    }

    public function test_strange_headers_harm_nobody(): void
    {
        $headers = ["x\0y" => "\xff\0", '' => '', 7 => '7', 'X-AKSK' => ['a', 'b'], 'none' => []];
        self::assertTrue(self::receiver()->receive($headers, '')->verdict->isRefused());
    }

    public function test_a_push_of_another_sender_is_refused_with_a_reason(): void
    {
        $received = self::receiver()->receive(Webhook::sign(Given::APP_KEY, 'another', Given::PUSH_URL), Given::fee(1));
        self::assertSame('digest_mismatch', $received->verdict->reason);
        self::assertNotSame('', $received->verdict->message);
        self::assertNull($received->event);
        self::assertGreaterThanOrEqual(400, $received->reply()->status);
    }

    public function test_a_signature_belongs_to_one_body_as_long_as_its_receiver_lives(): void
    {
        $receiver = self::receiver();
        $headers = Webhook::sign(Given::APP_KEY, Given::APP_SECRET, Given::PUSH_URL);
        $body = '{"eventType":"callout","statusInfo":{"sessionId":"1"}}';
        self::assertTrue($receiver->receive($headers, $body)->verdict->isValid());
        $again = $receiver->receive($headers, $body);
        self::assertSame([true, true, 200], [$again->verdict->isValid(), $again->verdict->repeated, $again->reply()->status]);
        self::assertSame('replayed', $receiver->receive($headers, "$body ")->verdict->reason);
        self::assertTrue(self::receiver()->receive($headers, "$body ")->verdict->isValid());
    }

    public function test_a_status_event_tells_when_and_why(): void
    {
        $body = '{"eventType":"disconnect","statusInfo":{"timestamp":"2019-01-24 03:04:49","sessionId":"s","stateCode":8102,'
            . '"stateDesc":"busy","future":1},"beside":{}}';
        $event = Webhook::parse($body);
        self::assertInstanceOf(StatusEvent::class, $event);
        self::assertSame(EventType::Disconnect, $event->type);
        self::assertSame('2019-01-24T03:04:49+00:00 UTC', $event->timestamp->format('c e'));
        self::assertSame(8102, $event->stateCode);
        self::assertNull($event->digitInfo);
        self::assertStringContainsString('busy', $event->explain()->meaning);
        self::assertSame($body, $event->raw());
        self::assertEquals(['future' => 1, 'beside' => []], $event->extra);
    }

    public function test_a_record_that_cannot_be_read_does_not_cost_its_neighbours(): void
    {
        $event = Webhook::parse('{"eventType":"fee","feeLst":[{"sessionId":"a"},{"sessionId":7},{"sessionId":"c"}]}');
        self::assertSame(['a', 'c'], array_map(static fn ($cdr) => $cdr->sessionId, $event->cdrs));
        self::assertSame('{"sessionId":"c"}', $event->cdrs[1]->raw());
        [$rejected] = $event->rejected();
        self::assertSame([1, '{"sessionId":7}'], [$rejected->index, $rejected->raw]);
    }

    public function test_an_unknown_event_is_kept(): void
    {
        $event = Webhook::parse('{"eventType":"moon","x":1}');
        self::assertInstanceOf(UnknownEvent::class, $event);
        self::assertSame([null, 'moon', '{"eventType":"moon","x":1}'], [$event->type, $event->typeName, $event->raw()]);
    }

    public function test_an_event_outlives_its_receiver(): void
    {
        $received = (new Webhook())->receive([], Given::fee(1000));
        self::assertSame('not_checked', $received->verdict->name);
        $cdr = $received->event->cdrs[999];
        unset($received);
        self::assertSame('session-999', $cdr->sessionId);
        self::assertCount(1, $cdr->summary('0.18')->legs);
        self::assertStringContainsString('session-999', $cdr->raw());
    }

    public function test_events_and_records_survive_a_queue(): void
    {
        $event = Webhook::parse(Given::fee(2));
        $again = unserialize(serialize($event));
        self::assertSame($event->raw(), $again->raw());
        self::assertEquals($event->cdrs[1]->callOutStartTime, $again->cdrs[1]->callOutStartTime);
        $cdr = unserialize(serialize($event->cdrs[1]));
        self::assertSame([$event->cdrs[1]->raw(), 'session-1'], [$cdr->raw(), $cdr->sessionId]);
        $status = unserialize(serialize(Webhook::parse('{"eventType":"answer","statusInfo":{"sessionId":"s"}}')));
        self::assertSame([EventType::Answer, 's'], [$status->type, $status->sessionId]);
    }

    public function test_a_price_that_is_no_number_is_refused(): void
    {
        $this->expectException(VoiceCallException::class);
        Webhook::parse(Given::fee(1))->cdrs[0]->summary('cheap');
    }
}
