<?php

/* A receiver with a request of PSR-7, as frameworks hand it on; READ_BEFORE says whether middleware has read it. */

declare(strict_types=1);

use GuzzleHttp\Psr7\NoSeekStream;
use GuzzleHttp\Psr7\ServerRequest;
use VoiceCall\Intake;
use VoiceCall\Policy;

require_once __DIR__ . '/../../autoload.php';
require_once 'GuzzleHttp/Psr7/autoload.php';

$request = ServerRequest::fromGlobals();
if (getenv('READ_BEFORE') === 'and cannot be rewound') {
    $request = $request->withBody(new NoSeekStream($request->getBody()));
}
if (getenv('READ_BEFORE')) {
    $request->getBody()->getContents();
}
$intake = new Intake(
    store: 'sqlite:' . getenv('VOICECALL_STORE'),
    urls: [(string) getenv('VOICECALL_PUSH_URL')],
    applications: [['appKey' => (string) getenv('VOICECALL_APP_KEY'), 'appSecret' => (string) getenv('VOICECALL_APP_SECRET')]],
    policy: Policy::Require,
);
try {
    $intake->receiveRequest($request)->reply->send();
} catch (LogicException $exception) {
    http_response_code(500);
    echo $exception->getMessage();
}
