<?php

declare(strict_types=1);

namespace VoiceCall\Tests;

use PHPUnit\Framework\TestCase;
use VoiceCall\CreatedZone;
use VoiceCall\Exception\ClosedException;
use VoiceCall\Exception\ConfigurationException;
use VoiceCall\Exception\InvalidArgumentException;
use VoiceCall\Exception\MalformedWebhookException;
use VoiceCall\Exception\SignatureException;
use VoiceCall\Intake;
use VoiceCall\Policy;
use VoiceCall\Tests\Support\Given;
use VoiceCall\Tests\Support\Peer;
use VoiceCall\Tests\Support\Script;
use VoiceCall\Webhook;

/** The store of pushes: what is kept, what is answered, and what can be asked. */
final class IntakeTest extends TestCase
{
    private const ENDED = '{"eventType":"fee","feeLst":[{"sessionId":"session-0001","icid":"i-1",'
        . '"callerNum":"+867550000088","calleeNum":"+8613800000021","callOutAnswerTime":"2019-01-24 03:04:31",'
        . '"fwdAnswerTime":"2019-01-24 03:04:38","callEndTime":"2019-01-24 03:04:49","ulFailReason":"0",'
        . '"fwdDstNum":"+8613800000022"}]}';
    private const WITH_A_BAD_RECORD = '{"eventType":"fee","feeLst":[{"sessionId":"session-0002","icid":"i-2"},{"icid":7}]}';

    private string $folder;

    protected function setUp(): void
    {
        $this->folder = sys_get_temp_dir() . '/voicecall-intake-' . bin2hex(random_bytes(8));
        mkdir($this->folder);
    }

    protected function tearDown(): void
    {
        array_map('unlink', glob("$this->folder/*"));
        rmdir($this->folder);
    }

    private function intake(mixed ...$settings): Intake
    {
        return new Intake(...['store' => "sqlite:$this->folder/calls.db"] + $settings);
    }

    public function test_what_comes_twice_is_known_also_after_reopening(): void
    {
        $intake = $this->intake();
        $receipt = $intake->receive([], self::ENDED);
        self::assertSame(200, $receipt->reply->status);
        self::assertSame([1, 0, 0, 0], [$receipt->accepted, $receipt->duplicates, $receipt->conflicts, $receipt->rejected]);
        self::assertTrue($receipt->isNew(0));
        self::assertFalse($receipt->isNew(1));
        self::assertSame('session-0001', $receipt->newCdrs()[0]->sessionId);
        self::assertSame('not_checked', $receipt->verdict->name);
        self::assertSame(1, $intake->receive([], self::ENDED)->duplicates);
        unset($intake);
        $receipt = $this->intake()->receive([], self::ENDED);
        self::assertSame([0, 1], [$receipt->accepted, $receipt->duplicates]);
        self::assertSame([], $receipt->newCdrs());
        self::assertNotNull($receipt->event);
    }

    public function test_a_bad_record_is_kept_beside_its_good_neighbour_and_a_broken_body_too(): void
    {
        $intake = $this->intake();
        $receipt = $intake->receive([], self::WITH_A_BAD_RECORD);
        self::assertSame([200, 1, 1], [$receipt->reply->status, $receipt->accepted, $receipt->rejected]);
        self::assertSame('{"icid":7}', $intake->rejected(['class' => 'record'])['texts'][0]['raw']);
        self::assertNull($receipt->error);
        $broken = $intake->receive([], '{');
        self::assertSame(500, $broken->reply->status);
        self::assertInstanceOf(MalformedWebhookException::class, $broken->error);
        self::assertNull($broken->event);
    }

    public function test_a_signature_that_does_not_hold_is_refused(): void
    {
        $intake = $this->intake(
            urls: [Given::PUSH_URL],
            applications: [['appKey' => Given::APP_KEY, 'appSecret' => Given::APP_SECRET]],
            policy: Policy::Require,
        );
        $refused = $intake->receive([], self::ENDED);
        self::assertSame(401, $refused->reply->status);
        self::assertInstanceOf(SignatureException::class, $refused->error);
        $headers = Webhook::sign(Given::APP_KEY, Given::APP_SECRET, Given::PUSH_URL);
        self::assertTrue($intake->receive($headers, self::ENDED)->verdict->isValid());
    }

    public function test_the_story_of_a_call_is_told_counted_and_exported(): void
    {
        $intake = $this->intake();
        self::assertNull($intake->call('session-0001'));
        $intake->receive([], self::ENDED);
        $call = $intake->call('session-0001');
        self::assertSame(['billed', 'callback', true, true, 11], [$call->state, $call->scene, $call->answered, $call->isOver, $call->talkSeconds]);
        self::assertEquals(new \DateTimeImmutable('2019-01-24T03:04:49Z'), $call->endedAt);
        self::assertSame('+8613800000022', $call->legs[1]->number);
        self::assertSame('i-1', $call->all['cdrs'][0]['icid']);
        self::assertStringNotContainsString('13800000022', print_r($call, true));
        $intake->receive([], self::WITH_A_BAD_RECORD);
        $page = $intake->calls(['limit' => 1]);
        self::assertCount(1, $page->calls);
        self::assertNull($intake->calls(['limit' => 1, 'after' => $page->next])->next);
        self::assertCount(1, $intake->calls(['number' => '+8613800000022'])->calls);
        self::assertSame([], $intake->unsettled());
        [$total] = $intake->totals(['from' => '2019-01-01'], ['month'], '0.18', CreatedZone::Beijing);
        self::assertSame(['2019-01', 1, 1], [$total['month'], $total['calls'], $total['answered']]);
        self::assertArrayHasKey('price', $total);
        self::assertSame('+8613800000022', $intake->storedNumber('+8613800000022'));
        try {
            $intake->totals(zone: 'moon');
            self::fail('it is taken');
        } catch (InvalidArgumentException $exception) {
            self::assertSame('/zone', $exception->getField());
        }
        $csv = fopen('php://memory', 'w+');
        self::assertSame(2, $intake->export($csv, 'csv'));
        rewind($csv);
        self::assertStringContainsString('session-0001', stream_get_contents($csv));
        $intake->check();
        $intake->probe();
        $this->expectExceptionMessage('full');
        $intake->export(static fn (string $piece) => throw new \RuntimeException('full'), 'ndjson');
    }

    public function test_a_wait_ends_with_the_push_or_with_its_time(): void
    {
        $intake = $this->intake();
        self::assertNull($intake->waitFor('session-0001', 'billed', 10));
        $intake->receive([], self::ENDED);
        self::assertSame('billed', $intake->waitFor('session-0001', 'billed', 60000)->state);
        self::assertNull($intake->waitFor('session-0001', 'digits', 10));
    }

    public function test_an_attempt_carries_its_mark_and_a_placed_call_begins_its_story(): void
    {
        $intake = $this->intake();
        $attempt = $intake->attempt('createVoiceNotification', Given::NOTIFICATION + ['userData' => 'order-7']);
        self::assertSame("order-7-{$attempt['attemptTag']}", $attempt['request']['userData']);
        $intake->receive([], '{"eventType":"callout","statusInfo":{"sessionId":"session-0009","timestamp":"2019-01-24 03:04:49",'
            . '"userData":"' . $attempt['request']['userData'] . '"}}');
        $call = $intake->call('session-0009');
        self::assertSame(['create_voice_notification', 'order-7', $attempt['attemptTag']], [$call->operation, $call->userData, $call->attemptTag]);
        $peer = Peer::answering(Given::SUCCESS);
        $placed = Given::client($peer->url)->createVoiceNotification(...Given::NOTIFICATION);
        $intake->placed('createVoiceNotification', Given::NOTIFICATION, $placed);
        self::assertSame('placed', $intake->call($placed->sessionId)->state);
        $intake->withdraw($intake->attempt('createVoiceNotification', Given::NOTIFICATION)['attemptTag']);
    }

    public function test_what_is_purged_is_gone(): void
    {
        $intake = $this->intake();
        $intake->receive([], self::ENDED);
        self::assertSame(0, $intake->purge(new \DateTimeImmutable('2019-01-01'))['calls']);
        self::assertSame(1, $intake->purge(new \DateTimeImmutable('2019-02-01'))['calls']);
        self::assertNull($intake->call('session-0001'));
    }

    public function test_mistakes_are_named(): void
    {
        $intake = $this->intake();
        try {
            $intake->waitFor('s', 'soon', 1);
            self::fail('a condition that there is not');
        } catch (InvalidArgumentException $exception) {
            self::assertSame('/condition', $exception->getField());
        }
        $intake->close();
        $intake->close();
        try {
            $intake->calls();
            self::fail('a closed intake');
        } catch (ClosedException) {
            // As it should be.
        }
        $this->expectException(ConfigurationException::class);
        new Intake(store: 'postgres://127.0.0.1:9/d');
    }

    /** @requires extension pcntl */
    public function test_a_child_of_a_fork_opens_the_store_anew(): void
    {
        [$code, $printed] = Script::run(sprintf(<<<'PHP'
            $push = static fn (int $number): string => '{"eventType":"fee","feeLst":[{"sessionId":"s-' . $number . '","icid":"i"}]}';
            $intake = new VoiceCall\Intake(store: %s);
            echo $intake->receive([], $push(1))->accepted;
            if (pcntl_fork() === 0) {
                echo $intake->receive([], $push(1))->duplicates, $intake->receive([], $push(2))->accepted;
                exit(0);
            }
            pcntl_wait($status);
            echo $intake->call('s-2')->state, $intake->receive([], $push(1))->duplicates, pcntl_wexitstatus($status);
            PHP, var_export("sqlite:$this->folder/calls.db", true)));
        self::assertSame([0, '111billed10'], [$code, $printed]);
    }
}
