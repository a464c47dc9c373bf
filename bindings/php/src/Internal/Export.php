<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

use FFI\CData;
use VoiceCall\VoiceCallException;

/**
 * One export, and the way of its pieces to the program.
 *
 * Nothing may be thrown through the library, as in `Download`.
 *
 * @internal
 */
final class Export
{
    /** The library's view of `taken()`: one for all exports, because PHP frees none before the end of the script. */
    private static ?CData $taken = null;

    /** @var list<self> the exports that run: one that is begun while another is written ends before it */
    private static array $running = [];

    private ?\Throwable $thrown = null;

    private function __construct(private readonly \Closure $write)
    {
    }

    /** @return int the number of CDRs */
    public static function run(Handle $intake, Value $arguments, callable $write): int
    {
        $library = Library::get();
        $records = $library->ffi->new('uint64_t');
        $export = new self($write(...));
        self::$running[] = $export;
        try {
            $place = \FFI::addr($records);
            $library->call('voicecall_intake_export', $intake, $arguments->handle, self::callback($library), null, $place);
        } catch (VoiceCallException $exception) {
            throw $export->thrown ?? $exception;
        } finally {
            array_pop(self::$running);
        }
        return $records->cdata;
    }

    private static function callback(Library $library): CData
    {
        if (self::$taken === null) {
            self::$taken = $library->ffi->new('voicecall_write[1]');
            self::$taken[0] = static fn (CData $bytes, int $length, ?CData $user): int => self::taken($bytes, $length);
        }
        return self::$taken[0];
    }

    /** 0 to go on. */
    private static function taken(CData $bytes, int $length): int
    {
        $export = end(self::$running);
        try {
            ($export->write)(\FFI::string($bytes, $length));
            return 0;
        } catch (\Throwable $thrown) {
            $export->thrown = $thrown;
            return 1;
        }
    }
}
