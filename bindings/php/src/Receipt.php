<?php

declare(strict_types=1);

namespace VoiceCall;

use VoiceCall\Internal\Handle;
use VoiceCall\Internal\Library;
use VoiceCall\Internal\Message;
use VoiceCall\Internal\Value;

/** What became of a push that an `Intake` received, and what to answer. Never changes. */
final class Receipt
{
    /**
     * What to answer: 200 if and only if each readable record is on the disk, whether it was new or known; 500 only when the
     * store cannot write; 401 only when the policy refuses the signature.
     */
    public readonly Reply $reply;

    /** How many of its records were new. */
    public readonly int $accepted;

    /** How many were known; conflicts are among them. */
    public readonly int $duplicates;

    /** How many contradict what is known. They are kept beside it. */
    public readonly int $conflicts;

    /** How many could not be read; a body that is no push counts as one. They are kept raw. */
    public readonly int $rejected;

    /** What the check of the signature found. */
    public readonly Verdict $verdict;

    /** What the push says; null when it was refused, cannot be read or cannot be stored. */
    public readonly ?Event $event;

    /**
     * Why there is no event: a `SignatureException` or a `MalformedWebhookException`, both kept raw, or a `StorageException`
     * when the store could not write.
     */
    public readonly ?VoiceCallException $error;

    /** @var list<int> positions of the records that were new */
    private readonly array $positions;

    /** @internal receipts come from `Intake` */
    public function __construct(Handle $receipt)
    {
        $all = Value::make('voicecall_receipt_value', $receipt)->decoded();
        $this->reply = new Reply($all['reply']);
        $this->accepted = $all['accepted'];
        $this->duplicates = $all['duplicates'];
        $this->conflicts = $all['conflicts'];
        $this->rejected = $all['rejected'];
        $this->verdict = new Verdict($all['verdict']);
        $this->positions = $all['new'];
        $event = $error = null;
        try {
            $event = (new Message(Library::get()->make('event', 'voicecall_receipt_event', $receipt)))->event();
        } catch (VoiceCallException $error) {
            // Told by what this is, not thrown: the push has to be answered.
        }
        $this->event = $event;
        $this->error = $error;
    }

    /**
     * Whether the record at this position came for the first time: to act once on what comes more than once. An event that is
     * no CDR push is at position 0.
     */
    public function isNew(int $position): bool
    {
        return in_array($position, $this->positions, true);
    }

    /**
     * The CDRs that came for the first time.
     *
     * @return list<Cdr>
     */
    public function newCdrs(): array
    {
        $cdrs = $this->event instanceof FeeEvent ? $this->event->cdrs : [];
        $new = [];
        foreach ($cdrs as $position => $cdr) {
            if ($this->isNew($position)) {
                $new[] = $cdr;
            }
        }
        return $new;
    }
}
