<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\Mask;
use VoiceCall\Internal\Message;

/**
 * Call detail records (CDRs, 话单) of finished calls. A record that cannot be read is told by `rejected()` and never costs
 * its neighbours.
 */
final class FeeEvent extends Event
{
    /**
     * The records that could be read, in the order of the message.
     *
     * @var list<Cdr>
     */
    public readonly array $cdrs;

    /**
     * Fields beside the records that the service's documentation does not describe, as they came.
     *
     * @var array<string, mixed>
     */
    public readonly array $extra;

    /** @internal events come from `Webhook` */
    public function __construct(Message $message)
    {
        parent::__construct($message);
        $whole = $message->natural(Message::WHOLE)->decoded();
        $cdrs = [];
        foreach ($whole['feeLst'] as $index => $record) {
            $cdrs[] = new Cdr($record, $message, $index);
        }
        $this->cdrs = $cdrs;
        $this->extra = array_diff_key($whole, ['eventType' => true, 'feeLst' => true, 'rejected' => true, 'incomplete' => true]);
    }

    /**
     * The records that could not be read. Acknowledge the push all the same, and store them: they are CDRs too.
     *
     * @return list<RejectedRecord>
     */
    public function rejected(): array
    {
        return array_map(static fn (array $record) => new RejectedRecord($record), $this->message->rejected());
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return Mask::fields($this, []);
    }
}
