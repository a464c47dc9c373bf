<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

use FFI\CData;
use VoiceCall\VoiceCallException;

/**
 * One download, and the way of its progress to the program.
 *
 * Nothing may be thrown through the library: PHP ends a script that does. So what the program's function throws is kept,
 * the download is stopped, and it is thrown again on this side.
 *
 * @internal
 */
final class Download
{
    /** The library's view of `told()`: one for all downloads, because PHP frees none before the end of the script. */
    private static ?CData $told = null;

    /** @var list<self> the downloads that run: one that is begun in a function for the progress of another ends before it */
    private static array $running = [];

    private ?\Throwable $thrown = null;

    private function __construct(private readonly \Closure $progress)
    {
    }

    public static function run(
        Handle $client,
        Value $source,
        string $path,
        bool $overwrite,
        int $timeout,
        ?callable $progress,
    ): int {
        $library = Library::get();
        $bytes = $library->ffi->new('uint64_t');
        $arguments = [$client, $source->handle, $path, $timeout, $overwrite ? Numbers::DOWNLOAD_OVERWRITE : 0];
        $end = [null, \FFI::addr($bytes)];
        if ($progress === null) {
            $library->call('voicecall_client_download_recording', ...$arguments, ...[null], ...$end);
            return $bytes->cdata;
        }
        $download = new self($progress(...));
        self::$running[] = $download;
        try {
            $library->call('voicecall_client_download_recording', ...$arguments, ...[self::callback($library)], ...$end);
        } catch (VoiceCallException $exception) {
            throw $download->thrown ?? $exception;
        } finally {
            array_pop(self::$running);
        }
        return $bytes->cdata;
    }

    private static function callback(Library $library): CData
    {
        if (self::$told === null) {
            self::$told = $library->ffi->new('voicecall_progress[1]');
            self::$told[0] = static fn (int $bytes, int $total, ?CData $user): int => self::told($bytes, $total);
        }
        return self::$told[0];
    }

    /** 0 to go on. */
    private static function told(int $bytes, int $total): int
    {
        $download = end(self::$running);
        try {
            return ($download->progress)($bytes, $total < 0 ? null : $total) === false ? 1 : 0;
        } catch (\Throwable $thrown) {
            $download->thrown = $thrown;
            return 1;
        }
    }
}
