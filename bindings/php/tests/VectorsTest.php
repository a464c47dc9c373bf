<?php

declare(strict_types=1);

namespace VoiceCall\Tests;

use PHPUnit\Framework\TestCase;
use VoiceCall\Cdr;
use VoiceCall\Code;
use VoiceCall\Event;
use VoiceCall\FeeEvent;
use VoiceCall\Internal\Value;
use VoiceCall\Received;
use VoiceCall\StatusEvent;
use VoiceCall\Tests\Support\Json;
use VoiceCall\Tests\Support\Signer;
use VoiceCall\VoiceCallException;
use VoiceCall\Webhook;

/** The language-neutral cases of core/tests/vectors; the format is described beside them. */
final class VectorsTest extends TestCase
{
    private const KEYS = ['id', 'kind', 'contract', 'given', 'expected'];

    /** Requests that the typed methods cannot hold, and go through the generic entry point. */
    private int $generic = 0;

    /** @dataProvider files */
    public function test_every_vector_holds(string $file, string $kind, \Closure $outcome): void
    {
        $cases = json_decode(self::file($file), false, 512, JSON_THROW_ON_ERROR);
        self::assertSame(1, preg_match('/^\| `' . preg_quote($file, '/') . '` \|[^|]*\| (\d+) \|/m', self::file('README.md'), $row));
        self::assertCount((int) $row[1], $cases, $file);
        $faults = [];
        foreach ($cases as $case) {
            self::assertSame(self::KEYS, array_keys(get_object_vars($case)), $case->id);
            self::assertSame($kind, $case->kind, $case->id);
            $fault = $this->fault($case->expected, fn () => $outcome->call($this, Json::arrays($case->given), $case->given));
            $fault === null || $faults[] = "$case->id: $fault";
        }
        self::assertSame([], $faults);
        if ($kind === 'request') {
            self::assertLessThan(count($cases) / 4, $this->generic, 'most requests go through the typed methods');
        }
    }

    /** @return iterable<string, array{string, string, \Closure}> */
    public static function files(): iterable
    {
        yield 'requests' => ['requests.json', 'request', fn (array $given, object $raw) => $this->request($given, $raw)];
        yield 'responses' => ['responses.json', 'response', fn (array $given) => $this->response($given)];
        yield 'webhooks' => ['webhooks.json', 'webhook', fn (array $given) => $this->webhook($given)];
        yield 'cdrs' => ['cdrs.json', 'cdr', fn (array $given, object $raw) => $this->cdr($given, $raw)];
        yield 'signatures' => ['signatures.json', 'signature', fn (array $given) => $this->signature($given)];
        yield 'signing' => ['signing.json', 'signing', fn (array $given) => $this->signing($given)];
        yield 'codes' => ['codes.json', 'code', fn (array $given) => $this->code($given)];
    }

    private static function file(string $name): string
    {
        return file_get_contents((getenv('VOICECALL_VECTORS') ?: __DIR__ . '/../../../core/tests/vectors') . "/$name");
    }

    /** What is wrong; null for nothing. */
    private function fault(object $expected, \Closure $outcome): ?string
    {
        try {
            $actual = Json::canonical($outcome());
            $wanted = Json::canonical($expected);
            return $actual === $wanted ? null : "expected $wanted, got $actual";
        } catch (VoiceCallException $exception) {
            $told = [
                'kind' => $exception->getKind()?->value,
                'delivery' => $exception->getDelivery()->value,
                'retry' => $exception->getRetry()->value,
                'field' => $exception->getField(),
                'rule' => $exception->getRule(),
                'measured' => is_numeric($exception->getMeasured()) ? (int) $exception->getMeasured() : $exception->getMeasured(),
                'result_code' => $exception->getResultCode(),
                'result_desc' => $exception->getResultDesc(),
                'http_status' => $exception->getHttpStatus(),
            ];
            $wanted = get_object_vars($expected->error ?? (object) ['no' => 'error']);
            return array_diff_key($wanted, $told) === [] && array_intersect_key($told, $wanted) == $wanted
                ? null
                : 'expected ' . json_encode($expected) . ", got $exception";
        }
    }

    private function request(array $given, object $raw): array
    {
        $config = $given['config'];
        $signer = new Signer([
            'appKey' => $config['app_key'],
            'appSecret' => $config['app_secret'],
            'endpoint' => $config['endpoint'] ?? null,
            'createdZone' => $config['created_zone'] ?? null,
            'validation' => $given['validation'] ?? null,
        ], $given['nonce'], $given['time']);
        $request = $signer->typed($given['operation'], $given['arguments']);
        if ($request !== null) {
            return $request;
        }
        $this->generic++;
        return $signer->generic($given['operation'], get_object_vars($raw->arguments));
    }

    private static function body(array $given): string
    {
        if (isset($given['body_base64'])) {
            return base64_decode($given['body_base64']);
        }
        if (isset($given['body_repeat'])) {
            ['prefix' => $prefix, 'repeat' => $repeat, 'count' => $count, 'suffix' => $suffix] = $given['body_repeat'];
            return $prefix . str_repeat($repeat, $count) . $suffix;
        }
        return $given['body'] ?? '';
    }

    private function response(array $given): array
    {
        $headers = array_change_key_case($given['headers'] ?? []);
        $body = self::body($given);
        $answer = Value::make(
            'voicecall_response_read',
            $given['operation'],
            $given['http_status'],
            $headers['location'] ?? null,
            $body,
            strlen($body),
        );
        return ['value' => json_decode($answer->json())];
    }

    private function webhook(array $given): array
    {
        $event = Webhook::parse(self::body($given));
        if ($event instanceof FeeEvent && isset($given['body_repeat'])) {
            return ['counts' => ['feeLst' => count($event->cdrs), 'rejected' => count($event->rejected())]];
        }
        $natural = json_decode($event->toJson());
        foreach ($natural->rejected ?? [] as $rejected) {
            // An English sentence, which is left to the library.
            unset($rejected->reason);
        }
        $this->checkModels($event, Json::arrays($natural));
        return ['event' => $natural];
    }

    /** The properties of an event against its natural form. */
    private function checkModels(Event $event, array $natural): void
    {
        self::assertSame($natural['eventType'], $event->typeName);
        self::assertNotSame('', $event->raw());
        if ($event instanceof StatusEvent) {
            unset($natural['eventType']);
            $this->checkFields($event, $natural);
        }
        if ($event instanceof FeeEvent) {
            self::assertCount(count($natural['feeLst']), $event->cdrs);
            foreach ($event->cdrs as $index => $cdr) {
                $this->checkFields($cdr, $natural['feeLst'][$index]);
                self::assertSame(Json::canonical($natural['feeLst'][$index]), Json::canonical(Json::arrays(json_decode($cdr->toJson()))));
            }
            self::assertEquals(array_diff_key($natural, ['eventType' => 1, 'feeLst' => 1, 'rejected' => 1, 'incomplete' => 1]), $event->extra);
        }
    }

    private function checkFields(StatusEvent|Cdr $record, array $natural): void
    {
        $told = $record->extra;
        $properties = array_diff_key(get_object_vars($record), ['extra' => 1, 'type' => 1, 'typeName' => 1]);
        $names = array_combine(array_map(strtolower(...), array_keys($properties)), array_keys($properties));
        foreach ($natural as $wire => $value) {
            $property = array_key_exists($wire, $told) ? null : $names[strtolower($wire)];
            if ($property !== null) {
                $read = $properties[$property];
                self::assertSame($value, $read instanceof \DateTimeInterface ? $read->format('Y-m-d\TH:i:s\Z') : $read, $wire);
                unset($properties[$property]);
            }
        }
        self::assertSame([], array_filter($properties, static fn (mixed $value): bool => $value !== null), 'nothing else is told');
        self::assertEquals(array_intersect_key($natural, $told), $told);
    }

    private function cdr(array $given, object $raw): array
    {
        $event = Webhook::parse('{"eventType":"fee","feeLst":[' . json_encode($raw->record) . ']}');
        $summary = $event->cdrs[0]->summary($given['tariff'] ?? null);
        $why = $summary->explanation;
        return self::set([
            'scene' => $summary->scene,
            'answered' => $summary->answered,
            'legs' => array_map(static fn ($leg): array => self::set([
                'leg' => $leg->name,
                'number' => $leg->number,
                'answered' => $leg->answered,
                'talk_seconds' => $leg->talkSeconds,
                'billable_minutes' => $leg->billableMinutes,
                'inferred' => $leg->inferred,
            ]), $summary->legs),
            'billable_minutes' => $summary->billableMinutes,
            'price' => $summary->price,
            'explanation' => $why === null ? null : ['table' => $why->table, 'code' => (string) $why->code, 'meaning' => $why->meaning],
        ]);
    }

    private static function set(array $members): array
    {
        return array_filter($members, static fn (mixed $member): bool => $member !== null);
    }

    private function signature(array $given): array
    {
        $applications = [];
        foreach ($given['applications'] as $key => $secrets) {
            foreach ((array) $secrets as $secret) {
                $applications[] = ['appKey' => (string) $key, 'appSecret' => $secret];
            }
        }
        $webhook = new Webhook(
            urls: $given['urls'],
            applications: $applications,
            policy: $given['policy'],
            toleranceMs: isset($given['tolerance_s']) ? 1000 * $given['tolerance_s'] : null,
            cdrToleranceMs: isset($given['cdr_tolerance_s']) ? 1000 * $given['cdr_tolerance_s'] : null,
        );
        $now = new \DateTimeImmutable('@' . $given['now']);
        $body = $given['event'] === 'fee'
            ? '{"eventType":"fee","feeLst":[{"sessionId":"1"}]}'
            : '{"eventType":"callout","statusInfo":{"sessionId":"1"}}';
        foreach (['seen_nonces' => $body . ' ', 'seen_pushes' => $body] as $nonces => $seenBody) {
            foreach ($given[$nonces] ?? [] as $nonce) {
                $seen = Webhook::sign($applications[0]['appKey'], $applications[0]['appSecret'], $given['urls'][0], $nonce, $now);
                $verdict = $webhook->receive($seen, $seenBody, $now)->verdict;
                self::assertTrue($verdict->isValid(), 'a push that was seen before is valid');
            }
        }
        return self::told($webhook->receive($given['headers'], $body, $now));
    }

    private static function told(Received $received): array
    {
        $verdict = $received->verdict;
        self::assertSame($verdict->isRefused(), $received->error !== null, 'a refused push has an error');
        self::assertSame($verdict->isRefused(), $received->event === null, 'and no event');
        return self::set([
            'verdict' => $verdict->name,
            'reply_status' => $received->reply()->status,
            'form' => $verdict->form?->value,
            'url' => $verdict->url,
            'secret_index' => $verdict->secretIndex,
            'repeated' => $verdict->isValid() ? $verdict->repeated : null,
            'reason' => $verdict->reason,
            'hint' => $verdict->hint,
        ]);
    }

    private function signing(array $given): array
    {
        $config = ['appKey' => $given['app_key'], 'appSecret' => $given['secret'], 'createdZone' => $given['zone']];
        $signer = new Signer($config, $given['nonce'], $given['time']);
        $header = $signer->typed('terminate_call', ['sessionid' => 'session-0001'])['headers']['x-aksk'];
        preg_match('/PasswordDigest="([^"]*)".*Created="([^"]*)"/', $header, $parts);
        return ['x_aksk' => $header, 'digest' => $parts[1], 'created' => $parts[2]];
    }

    private function code(array $given): array
    {
        $code = Code::find($given['table'], $given['code'], $given['http_status'] ?? null, $given['text'] ?? null);
        $told = ['known' => $code->isKnown, 'outdated' => $code->isOutdated, 'meaning' => $code->meaning, 'advice' => $code->advice];
        return $told + self::set(['retry' => $code->retry?->value]);
    }
}
