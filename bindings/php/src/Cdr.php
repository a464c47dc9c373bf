<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\CdrFields;
use VoiceCall\Internal\Message;

/** A call detail record (CDR, 话单): what became of one call. It can be serialized: what travels is its text. */
final class Cdr
{
    use CdrFields;

    private readonly Message $message;
    private readonly int $index;

    /**
     * @internal records come from a `FeeEvent`
     *
     * @param array<string, mixed> $fields
     */
    public function __construct(#[\SensitiveParameter] array $fields, Message $message, int $index)
    {
        $this->message = $message;
        $this->index = $index;
        $this->fill($fields);
    }

    /** The JSON text of the record, as it came: what to store. Holds personal data. */
    public function raw(): string
    {
        return $this->message->raw($this->index);
    }

    /** The record as JSON under wire names; see `Event::toJson()`. Holds personal data. */
    public function toJson(): string
    {
        return $this->message->natural($this->index)->json();
    }

    /**
     * What the fields say together: legs, minutes, price, recording, and why the call ended.
     *
     * @param string|null $pricePerMinute Price of a minute of one leg as decimal text, e.g. `0.18`; null: no price is told.
     *
     * @throws VoiceCallException The price is no plain decimal number.
     */
    public function summary(?string $pricePerMinute = null): CdrSummary
    {
        return new CdrSummary($this->message->summary($this->index, $pricePerMinute));
    }

    /** Why the call ended. */
    public function explain(): ?Explanation
    {
        return $this->summary()->explanation;
    }

    /** @return array{raw: string} */
    public function __serialize(): array
    {
        return ['raw' => $this->raw()];
    }

    /** @param array{raw: string} $data */
    public function __unserialize(#[\SensitiveParameter] array $data): void
    {
        $message = Message::parsed('{"eventType":"fee","feeLst":[' . $data['raw'] . ']}');
        $this->__construct($message->natural(0)->decoded(), $message, 0);
    }
}
