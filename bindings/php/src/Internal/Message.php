<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

use VoiceCall\Event;
use VoiceCall\FeeEvent;
use VoiceCall\StatusEvent;
use VoiceCall\UnknownEvent;

/**
 * A push as the library keeps it: its texts, and what its records say.
 *
 * @internal
 */
final class Message
{
    /** VOICECALL_WHOLE_MESSAGE: SIZE_MAX, which is what becomes of -1 as a size. */
    public const WHOLE = -1;

    public function __construct(private readonly Handle $event)
    {
    }

    /** The event of a body. */
    public static function parsed(#[\SensitiveParameter] string $body): self
    {
        return new self(Library::get()->make('event', 'voicecall_event_parse', $body, strlen($body)));
    }

    public function event(): Event
    {
        return match (Library::get()->ffi->voicecall_event_kind($this->event->address)) {
            Numbers::EVENT_STATUS => new StatusEvent($this),
            Numbers::EVENT_FEE => new FeeEvent($this),
            default => new UnknownEvent($this),
        };
    }

    public function typeName(): string
    {
        return Library::get()->ffi->voicecall_event_type($this->event->address);
    }

    /** The natural form of the message, or of one of its records, under wire names. */
    public function natural(int $record): Value
    {
        return Value::make('voicecall_event_value', $this->event, $record);
    }

    /** The text of the message, or of one of its records, as it came. */
    public function raw(int $record): string
    {
        return Text::of('voicecall_event_raw', $this->event, $record);
    }

    /**
     * What a record says when its fields are taken together.
     *
     * @return array<string, mixed>
     */
    public function summary(int $record, ?string $pricePerMinute = null): array
    {
        $price = Text::terminated($pricePerMinute, 'pricePerMinute');
        return Value::make('voicecall_event_summary', $this->event, $record, $price)->decoded();
    }

    /** @return list<array<string, mixed>> */
    public function rejected(): array
    {
        return Value::make('voicecall_event_rejected', $this->event)->decoded();
    }
}
