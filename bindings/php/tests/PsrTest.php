<?php

declare(strict_types=1);

namespace VoiceCall\Tests;

use PHPUnit\Framework\TestCase;
use VoiceCall\Intake;
use VoiceCall\Testing\Sandbox;
use VoiceCall\Tests\Support\Place;
use VoiceCall\Tests\Support\Server;
use VoiceCall\Webhook;

/** Requests of PSR-7, behind a real server. */
final class PsrTest extends TestCase
{
    private const SCRIPT = __DIR__ . '/Support/psr_receiver.php';
    private const FFI = ['-d', 'ffi.enable=1', '-d', 'display_errors=0'];

    private Place $place;
    private string $address;
    private string $store;

    protected function setUp(): void
    {
        $this->place = new Place();
        $this->address = Server::freeAddress();
        $this->store = "{$this->place->folder}/calls.db";
    }

    public function test_the_webhooks_of_a_call_are_stored(): void
    {
        $sandbox = Sandbox::start(speed: 60);
        $server = $this->server(Place::environment($sandbox));
        $url = "http://$this->address/voice";
        $item = ['notifyVoice' => $sandbox->voiceFiles[0], 'collectInd' => 1];
        $placed = $sandbox->client()->createVoiceNotification($sandbox->displayNumbers[0], '+8613800000041', [$item], statusUrl: $url, feeUrl: $url);
        $call = (new Intake(store: "sqlite:$this->store"))->waitFor($placed->sessionId, 'billed', 20_000);
        self::assertNotNull($call);
        self::assertTrue($call->answered);
    }

    public function test_a_body_that_was_read_before_is_read_again(): void
    {
        $server = $this->server(['READ_BEFORE' => 'once']);
        self::assertSame(200, $this->post()[0]);
        self::assertNotNull((new Intake(store: "sqlite:$this->store"))->call('session-1'));
    }

    public function test_a_body_that_cannot_be_read_again_is_not_acknowledged(): void
    {
        $server = $this->server(['READ_BEFORE' => 'and cannot be rewound']);
        [$status, $told] = $this->post();
        self::assertSame(500, $status);
        self::assertStringContainsString('before every middleware that reads requests', $told);
        self::assertNull((new Intake(store: "sqlite:$this->store"))->call('session-1'));
    }

    /** @param array<string, string> $environment */
    private function server(array $environment): Server
    {
        $own = ['VOICECALL_PUSH_URL' => "http://$this->address/voice", 'VOICECALL_STORE' => $this->store];
        $known = ['VOICECALL_APP_KEY' => 'app-key-0001', 'VOICECALL_APP_SECRET' => 'example-secret-0001'];
        return new Server(self::SCRIPT, $this->address, self::FFI, $own + $environment + $known + getenv());
    }

    /** @return array{int, string} status and body of the answer to a signed CDR */
    private function post(): array
    {
        $headers = Webhook::sign('app-key-0001', 'example-secret-0001', "http://$this->address/voice");
        $lines = ['Content-Type: application/json'];
        foreach ($headers as $name => $value) {
            $lines[] = "$name: $value";
        }
        $http = [
            'method' => 'POST',
            'header' => $lines,
            'content' => '{"eventType":"fee","feeLst":[{"sessionId":"session-1"}]}',
            'ignore_errors' => true,
        ];
        $told = file_get_contents("http://$this->address/voice", false, stream_context_create(['http' => $http]));
        return [(int) explode(' ', $http_response_header[0])[1], (string) $told];
    }
}
