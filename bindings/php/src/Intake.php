<?php

declare(strict_types=1);

namespace VoiceCall;

use Psr\Http\Message\MessageInterface;
use VoiceCall\Internal\Export;
use VoiceCall\Internal\Handle;
use VoiceCall\Internal\Headers;
use VoiceCall\Internal\IntakeSettings;
use VoiceCall\Internal\Library;
use VoiceCall\Internal\Psr;
use VoiceCall\Internal\Text;
use VoiceCall\Internal\TextList;
use VoiceCall\Internal\Time;
use VoiceCall\Internal\Value;

/**
 * Keeps pushes in a SQLite file: recognises what comes twice, and says yes to the platform only when everything is on the disk.
 *
 * Any number of processes may use one file, so every PHP worker opens its own. PostgreSQL is for the command
 * `voicecall listen`. All methods throw a `VoiceCallException`: of the kind `storage` when the store cannot read or write, of the
 * kind `closed` behind `close()`.
 *
 * It survives `pcntl_fork()`: each process opens the file anew.
 */
final class Intake
{
    use IntakeSettings;

    private readonly Value $store;
    private readonly Value $webhook;
    private Handle $intake;
    private bool $isClosed = false;

    /**
     * Receives the push that this script was called for, and returns when everything in it is on the disk; then send the reply.
     * Throws for wrong arguments only: a push that is refused, cannot be read or cannot be stored is told by what this returns.
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
    ): Receipt {
        $library = Library::get();
        $headers = new Headers($headers ?? Headers::ofServer($_SERVER));
        $names = new TextList($library, $headers->names);
        $values = new TextList($library, $headers->values);
        $body ??= (string) file_get_contents('php://input');
        return new Receipt($library->make(
            'receipt',
            'voicecall_intake_receive',
            $this->handle(),
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
    ): Receipt {
        return $this->receive($request->getHeaders(), Psr::body($request), $now);
    }

    /** Everything that is known of a call; null when nothing is. */
    public function call(string $sessionId): ?Call
    {
        return self::story($this->perform('call', ['sessionId' => $sessionId]));
    }

    /**
     * Waits until something has happened in a call; null when it has not within this time, or cannot any more.
     *
     * @param string $condition A state as in `Call::$state` (come so far, or further), `a_answered`, `b_answered` or `digits`.
     * @param int $timeoutMs The longest wait in milliseconds.
     */
    public function waitFor(string $sessionId, string $condition, int $timeoutMs): ?Call
    {
        $arguments = ['sessionId' => $sessionId, 'condition' => $condition, 'timeoutMs' => $timeoutMs];
        return self::story($this->perform('wait_for', $arguments));
    }

    /**
     * The calls that fit a filter, the latest first.
     *
     * @param array<string, string|int> $filter Any of `from`, `until` (such as 2026-01-27T15:30:00Z, or a day, in UTC),
     *     `number`, `displayNumber`, `appKey`, `userData`, `state`, `limit` (of a page) and `after` (`CallPage::$next`).
     */
    public function calls(#[\SensitiveParameter] array $filter = []): CallPage
    {
        return new CallPage($this->perform('calls', ['filter' => (object) $filter]));
    }

    /**
     * Calls without a CDR that began longer ago than this, and attempts whose outcome is unknown: money that somebody should
     * look after.
     *
     * @param int|null $olderThanMs In milliseconds. Default: 7 hours, after which the platform sends no CDR again.
     *
     * @return list<Call> the oldest first
     */
    public function unsettled(?int $olderThanMs = null): array
    {
        return (new CallPage($this->perform('unsettled', ['olderThanMs' => $olderThanMs])))->calls;
    }

    /**
     * What came and could not be taken: records that cannot be read, bodies that are no push, and what the signature's policy
     * refused.
     *
     * @param array<string, string|int> $filter Any of `class` (`record`, `malformed` or `refused`), `limit` (of a page) and
     *     `after` (the `next` of the page before).
     *
     * @return array{texts: list<array<string, mixed>>, next?: string} the oldest first, each with `id`, `class`, `received_at`,
     *     `reason`, `verdict`, `size`, `raw` (or `raw_base64` of what is no UTF-8) and, where they apply, `position` and `field`
     */
    public function rejected(#[\SensitiveParameter] array $filter = []): array
    {
        return $this->perform('rejected', ['filter' => (object) $filter]);
    }

    /**
     * Reads again what could not be read, and takes in what this version can read. What was refused for its signature is left
     * alone.
     *
     * @return array{taken: int, left: int, accepted: int, duplicates: int, conflicts: int} the numbers of texts taken and left,
     *     and of records
     */
    public function retryRejected(): array
    {
        return $this->perform('retry_rejected', []);
    }

    /**
     * Takes in these texts though their signature was refused. Their records have the verdict `admitted`: they count more than
     * unsigned ones and less than those with a valid signature.
     *
     * @param list<int> $ids The `id` of each, as `rejected()` lists them.
     *
     * @return array{taken: int, left: int, accepted: int, duplicates: int, conflicts: int} as `retryRejected()`
     */
    public function admitRejected(array $ids): array
    {
        return $this->perform('admit_rejected', ['ids' => array_map(strval(...), array_values($ids))]);
    }

    /**
     * Adds up the CDRs.
     *
     * @param array<string, string|int> $filter As for `calls()`, by the time at which calls ended; without `state`, `limit` and
     *     `after`.
     * @param list<string> $by Any of `month`, `app_key`, `display_number` and `user_data`; none: one total.
     * @param string|null $pricePerMinute Price of a minute of one leg as decimal text, e.g. 0.18.
     * @param CreatedZone|string|null $zone Where a month begins. The platform's pages do not say in which zone it settles.
     *     Default: in UTC.
     *
     * @return list<array<string, mixed>> with a member for each of `$by`, and `calls`, `answered`, `talk_seconds`,
     *     `billable_minutes`, `inferred`, `without_minutes` and, with a price, `price`
     */
    public function totals(
        #[\SensitiveParameter] array $filter = [],
        array $by = [],
        ?string $pricePerMinute = null,
        CreatedZone|string|null $zone = null,
    ): array {
        $arguments = ['filter' => (object) $filter, 'by' => $by, 'pricePerMinute' => $pricePerMinute, 'zone' => $zone];
        return $this->perform('totals', $arguments)['totals'];
    }

    /**
     * Writes the CDRs that fit a filter, the one that ended first first.
     *
     * @param resource|callable(string): mixed $output A stream, which stays open, or a function that takes the pieces. What it
     *     throws ends the export and comes out here.
     * @param string $format `ndjson`, `csv`, or `csv_for_spreadsheets`: with a byte order mark, and nothing that a spreadsheet
     *     takes for a formula.
     * @param array<string, string|int> $filter As for `totals()`.
     * @param string|null $pricePerMinute As for `totals()`.
     *
     * @return int the number of CDRs
     */
    public function export(
        mixed $output,
        string $format,
        #[\SensitiveParameter] array $filter = [],
        ?string $pricePerMinute = null,
    ): int {
        $arguments = ['format' => $format, 'filter' => (object) $filter, 'pricePerMinute' => $pricePerMinute];
        $write = is_callable($output) ? $output : static function (string $piece) use ($output): void {
            if (@fwrite($output, $piece) !== strlen($piece)) {
                throw new \RuntimeException('The export cannot be written.');
            }
        };
        return Export::run($this->handle(), Value::of($arguments), $write);
    }

    /**
     * Registers a call that is about to be placed, so that it is noticed if no push ever tells of it; to be safe from a crash
     * too.
     *
     * @param string $operation Name of the operation, e.g. `createVoiceCallback`.
     * @param array<string, mixed> $arguments Its arguments under the service's names.
     *
     * @return array{attemptTag: string, request: array<string, mixed>} the mark of the attempt, and the arguments to place the
     *     call with, by a client without `attemptTag`
     */
    public function attempt(string $operation, #[\SensitiveParameter] array $arguments): array
    {
        return $this->perform('attempt', ['operation' => self::wireName($operation), 'request' => (object) $arguments]);
    }

    /**
     * Registers a call that the platform has accepted: its story begins with the request, and it is among the unsettled until
     * its CDR is here.
     *
     * @param string $operation As for `attempt()`.
     * @param array<string, mixed> $arguments As for `attempt()`.
     * @param string|null $attemptTag The mark of its attempt, if it had one.
     */
    public function placed(
        string $operation,
        #[\SensitiveParameter] array $arguments,
        PlacedCall $call,
        ?string $attemptTag = null,
    ): void {
        $this->perform('placed', [
            'operation' => self::wireName($operation),
            'request' => (object) $arguments,
            'sessionId' => $call->sessionId,
            'attemptTag' => $attemptTag,
        ]);
    }

    /** Forgets an attempt that has rung nobody: its error's delivery was not `Delivery::Unknown`. */
    public function withdraw(string $attemptTag): void
    {
        $this->perform('withdraw', ['attemptTag' => $attemptTag]);
    }

    /**
     * Deletes for good what ended or was received before this time. A CDR that the platform sends again after that is taken for
     * a new one; it may do so for six hours after the call.
     *
     * @return array{calls: int, attempts: int, others: int} how much was deleted
     */
    public function purge(\DateTimeInterface $before): array
    {
        return $this->perform('purge', ['before' => $before->getTimestamp()]);
    }

    /** Looks the whole store over for damage; takes as long as reading all of it. */
    public function check(): void
    {
        $this->perform('check', []);
    }

    /** Finds out whether the store can write: for health checks. */
    public function probe(): void
    {
        $this->perform('probe', []);
    }

    /** A telephone number as the store keeps it: as it is, or hashed under `numbersKey`. */
    public function storedNumber(#[\SensitiveParameter] string $number): string
    {
        return $this->perform('stored_number', ['number' => $number])['number'];
    }

    /** Refuses everything new. As often as you like. */
    public function close(): void
    {
        $this->isClosed = true;
        Library::get()->call('voicecall_intake_close', $this->handle());
    }

    private function open(#[\SensitiveParameter] array $store, #[\SensitiveParameter] array $webhook): void
    {
        $this->store = Value::of($store);
        $this->webhook = Value::of($webhook);
        $this->intake = $this->opened();
    }

    private function opened(): Handle
    {
        return Library::get()->make('intake', 'voicecall_intake_new', $this->store->handle, $this->webhook->handle);
    }

    /** The library's intake, one for each process: locks of a file belong to the process that took them. */
    private function handle(): Handle
    {
        if (!$this->intake->isOfThisProcess()) {
            $this->intake = $this->opened();
            $this->isClosed && $this->close();
        }
        return $this->intake;
    }

    /**
     * @param array<string, mixed> $arguments
     *
     * @return array<string, mixed>|null null when the library has no answer
     */
    private function perform(string $action, #[\SensitiveParameter] array $arguments): ?array
    {
        $arguments = Value::of($arguments);
        $answer = Library::get()->make('value', 'voicecall_intake_perform', $this->handle(), $action, $arguments->handle);
        return $answer === null ? null : (new Value($answer))->decoded();
    }

    /** @param array<string, mixed>|null $answer */
    private static function story(#[\SensitiveParameter] ?array $answer): ?Call
    {
        return $answer === null ? null : new Call($answer);
    }

    private static function wireName(string $operation): string
    {
        return strtolower(preg_replace('/[A-Z]/', '_$0', Text::terminated($operation, 'operation')));
    }
}
