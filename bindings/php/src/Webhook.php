<?php

declare(strict_types=1);

namespace VoiceCall;

use Psr\Http\Message\MessageInterface;
use VoiceCall\Internal\Handle;
use VoiceCall\Internal\Headers;
use VoiceCall\Internal\Library;
use VoiceCall\Internal\Message;
use VoiceCall\Internal\Psr;
use VoiceCall\Internal\Text;
use VoiceCall\Internal\TextList;
use VoiceCall\Internal\Time;
use VoiceCall\Internal\Value;
use VoiceCall\Internal\WebhookConfigSettings;

/**
 * Receives pushes: judges signatures, and knows what to answer.
 *
 * It remembers nonces as long as it lives, which under PHP-FPM is one request. A push that is sent twice on purpose is found
 * out there only by its age, and by your own store: the records of one call have one session id.
 */
final class Webhook
{
    use WebhookConfigSettings;

    private readonly Handle $webhook;

    /**
     * Receives the push that this script was called for. Throws for wrong arguments only: a push that is refused or cannot
     * be read is told by what this returns.
     *
     * @param array<string, string|list<string>>|null $headers The headers of the request, in any letter case and order.
     *     Default: those in `$_SERVER`.
     * @param string|null $body The raw bytes of the request. What a parser made of them cannot be used. Default:
     *     `php://input`.
     * @param \DateTimeInterface|null $now The time to judge by. Default: the clock's.
     */
    public function receive(
        #[\SensitiveParameter] ?array $headers = null,
        #[\SensitiveParameter] ?string $body = null,
        ?\DateTimeInterface $now = null,
    ): Received {
        $library = Library::get();
        $headers = new Headers($headers ?? Headers::ofServer($_SERVER));
        $names = new TextList($library, $headers->names);
        $values = new TextList($library, $headers->values);
        $body ??= (string) file_get_contents('php://input');
        return new Received($library->make(
            'received',
            'voicecall_webhook_receive',
            $this->webhook,
            $names,
            $values,
            count($headers->names),
            $body,
            strlen($body),
            Time::seconds($now),
        ));
    }

    /**
     * The same for a request of PSR-7 (Slim, Mezzio, Symfony with its bridge).
     *
     * @throws \LogicException Something has read the body before, and it cannot be read again.
     */
    public function receiveRequest(
        #[\SensitiveParameter] MessageInterface $request,
        ?\DateTimeInterface $now = null,
    ): Received {
        return $this->receive($request->getHeaders(), Psr::body($request), $now);
    }

    /**
     * Reads the body of a push, without looking at its signature.
     *
     * @throws Exception\MalformedWebhookException It cannot be read.
     */
    public static function parse(#[\SensitiveParameter] string $body): Event
    {
        return Message::parsed($body)->event();
    }

    /**
     * Signs a push as the platform does, in the newest form and UTC, for tests of a receiver.
     *
     * @param string $appKey Of the application that pushes.
     * @param string $appSecret Of the application that pushes.
     * @param string $url The address that is pushed to, as registered.
     * @param string|null $nonce 1 to 128 digits and letters. Default: a random one.
     * @param \DateTimeInterface|null $now The time. Default: the clock's.
     *
     * @return array<string, string> the headers of the push
     */
    public static function sign(
        string $appKey,
        #[\SensitiveParameter] string $appSecret,
        string $url,
        ?string $nonce = null,
        ?\DateTimeInterface $now = null,
    ): array {
        return Value::make(
            'voicecall_webhook_sign',
            Text::terminated($appKey, 'appKey'),
            Text::terminated($appSecret, 'appSecret'),
            Text::terminated($url, 'url'),
            Text::terminated($nonce, 'nonce'),
            Time::seconds($now),
        )->decoded();
    }

    private function open(#[\SensitiveParameter] array $settings): void
    {
        $this->webhook = Library::get()->make('webhook', 'voicecall_webhook_new', Value::of($settings)->handle);
    }
}
