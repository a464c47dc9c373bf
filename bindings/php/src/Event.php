<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\Message;

/**
 * What a push of the platform says: a `StatusEvent`, a `FeeEvent`, or an `UnknownEvent`. Never changes. It can be
 * serialized, for a queue say: what travels is the text of the message.
 */
abstract class Event
{
    /** What happened; null for what this version does not know. */
    public readonly ?EventType $type;

    /** The same as the platform names it, e.g. `disconnect` or `fee`. */
    public readonly string $typeName;

    protected readonly Message $message;

    /** @internal events come from `Webhook` */
    public function __construct(Message $message)
    {
        $this->message = $message;
        $this->typeName = $message->typeName();
        $this->type = EventType::tryFrom($this->typeName);
    }

    /** The JSON text of the message, as it came: what to store. Holds personal data. */
    public function raw(): string
    {
        return $this->message->raw(Message::WHOLE);
    }

    /**
     * The message as JSON under wire names: whole numbers as numbers, times in RFC 3339, undocumented fields as they came,
     * absent ones left out. Holds personal data.
     */
    public function toJson(): string
    {
        return $this->message->natural(Message::WHOLE)->json();
    }

    /** @return array{raw: string} */
    public function __serialize(): array
    {
        return ['raw' => $this->raw()];
    }

    /** @param array{raw: string} $data */
    public function __unserialize(#[\SensitiveParameter] array $data): void
    {
        $this->__construct(Message::parsed($data['raw']));
    }
}
