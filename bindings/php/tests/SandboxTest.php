<?php

declare(strict_types=1);

namespace VoiceCall\Tests;

use PHPUnit\Framework\TestCase;
use VoiceCall\Testing\Sandbox;

/** The five operations against the local platform. */
final class SandboxTest extends TestCase
{
    public function test_all_operations_work_against_the_local_platform(): void
    {
        $sandbox = Sandbox::start(speed: 200);
        $client = $sandbox->client();
        [$display] = $sandbox->displayNumbers;
        $callback = [
            'displayNbr' => $display,
            'callerNbr' => '+8613800000021',
            'displayCalleeNbr' => $display,
            'calleeNbr' => '+8613800000022',
            'recordFlag' => true,
            'returnIdlePort' => true,
        ];
        self::assertGreaterThan(0, $client->createVoiceCallback(...$callback)->idlePort);
        $client->terminateCall($client->createVoiceCallback(...$callback)->sessionId);
        $templates = array_column($sandbox->templates, 'id');
        self::assertNotSame([], $templates);
        $item = ['notifyVoice' => $sandbox->voiceFiles[0]];
        self::assertNotNull($client->createVoiceNotification($display, '+8613800000021', [$item])->sessionId);
        $code = $client->createVoiceVerificationCode($display, '+8613800000021', 2, $sandbox->voiceFiles[0], '2048');
        self::assertNotNull($code->sessionId);
        $sandbox->stop();
        $sandbox->stop();
    }

    public function test_a_command_that_is_not_there_is_named(): void
    {
        $this->expectExceptionMessage('voicecall-that-is-not-there');
        Sandbox::start(command: 'voicecall-that-is-not-there');
    }
}
