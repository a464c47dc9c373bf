<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\Message;
use VoiceCall\Internal\StatusEventFields;

/** One event in the life of a call: it is dialled, rings, is answered, keys are pressed, it ends. */
final class StatusEvent extends Event
{
    use StatusEventFields;

    /** @internal events come from `Webhook` */
    public function __construct(Message $message)
    {
        parent::__construct($message);
        $fields = $message->natural(Message::WHOLE)->decoded();
        unset($fields['eventType']);
        $this->fill($fields);
    }

    /** Why the call ended; null for an event without a state code. */
    public function explain(): ?Explanation
    {
        return Explanation::at($this->message->summary(0));
    }
}
