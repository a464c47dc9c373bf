<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\Handle;
use VoiceCall\Internal\Library;
use VoiceCall\Internal\Message;
use VoiceCall\Internal\Value;

/** A push that was received: the verdict on its signature, what it says, and what to answer. Never changes. */
final class Received
{
    /** What the push says; null when it was refused or cannot be read. */
    public readonly ?Event $event;

    /** Why there is no event: a `SignatureException` or a `MalformedWebhookException`. Keep the raw body then. */
    public readonly ?VoiceCallException $error;

    /** What the check of the signature found. */
    public readonly Verdict $verdict;

    /** @internal pushes come from `Webhook` */
    public function __construct(private readonly Handle $received)
    {
        $this->verdict = new Verdict(Value::make('voicecall_received_verdict', $received)->decoded());
        $event = $error = null;
        try {
            $event = (new Message(Library::get()->make('event', 'voicecall_received_event', $received)))->event();
        } catch (VoiceCallException $error) {
            // Told by what this is, not thrown: the push has to be answered.
        }
        $this->event = $event;
        $this->error = $error;
    }

    /**
     * What to answer.
     *
     * @param bool $stored Whether the event is now where it will not be lost. If not, it is answered so that the platform
     *     sends CDRs again; status events it never does.
     */
    public function reply(bool $stored = true): Reply
    {
        return new Reply(Value::make('voicecall_received_reply', $this->received, $stored)->decoded());
    }
}
