<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

use FFI;
use FFI\CData;
use FFI\CType;
use VoiceCall\Exception\ConfigurationException;

/**
 * The native library behind everything here: finds it, and calls its functions by the rules of voicecall.h.
 *
 * @internal
 */
final class Library
{
    private const SCOPE = 'voicecall';
    private const HEADER = __DIR__ . '/../../include/voicecall.h';
    /** Where a package with the library in it has it, in a folder for each platform. */
    private const BUNDLED = __DIR__ . '/../../lib';

    private static ?self $library = null;

    /** @var array<string, CType> places for what functions give, by name; looked up once, because C is parsed for each */
    private array $places = [];

    private function __construct(public readonly FFI $ffi)
    {
        foreach (['client', 'error', 'event', 'intake', 'receipt', 'received', 'value', 'webhook'] as $name) {
            $this->places[$name] = $ffi->type("voicecall_$name *[1]");
        }
        $this->places['text'] = $ffi->type('char *[1]');
        $this->places['length'] = $ffi->type('size_t[1]');
    }

    public static function get(): self
    {
        return self::$library ??= self::load();
    }

    /**
     * An empty place for what a function gives: an array of one, which C takes by its address.
     *
     * Each call has places of its own, because one may come amid another: a signal handler's, say.
     */
    public function place(string $type): CData
    {
        return $this->ffi->new($this->places[$type]);
    }

    /**
     * Calls a function whose last parameter is the error. True on success, false when there is no such value; throws what
     * went wrong.
     *
     * Handles and lists are given as they are, not by their addresses: so they live until the function has returned, even
     * where nobody else refers to them.
     */
    public function call(string $function, #[\SensitiveParameter] mixed ...$arguments): bool
    {
        $addresses = [];
        foreach ($arguments as $argument) {
            $addresses[] = $argument instanceof Lent ? $argument->address : $argument;
        }
        $addresses[] = $error = $this->place('error');
        $status = $this->ffi->$function(...$addresses);
        if ($status === Numbers::OK) {
            return true;
        }
        return $status === Numbers::ABSENT ? false : throw Failure::of($this, $error[0]);
    }

    /** Calls a function that makes something: the place for it is the parameter before the error. */
    public function make(string $type, string $function, #[\SensitiveParameter] mixed ...$arguments): ?Handle
    {
        $arguments[] = $made = $this->place($type);
        return $this->call($function, ...$arguments) ? new Handle($this->ffi, $type, $made[0]) : null;
    }

    private static function load(): self
    {
        try {
            $library = new self(self::ffi());
        } catch (FFI\Exception $exception) {
            $present = array_map('basename', glob(self::BUNDLED . '/*', GLOB_ONLYDIR) ?: []);
            throw self::unusable($exception->getMessage() . ' (this is ' . self::platform() . '; this package has it for '
                . ($present === [] ? 'no platform' : implode(', ', $present)) . ')');
        }
        // Functions of another ABI version may take other arguments: calling them could end the process.
        $version = $library->ffi->voicecall_abi_version();
        if ($version !== Numbers::ABI_VERSION) {
            throw self::unusable("libvoicecall has the ABI version $version, not " . Numbers::ABI_VERSION);
        }
        return $library;
    }

    private static function ffi(): FFI
    {
        if (!extension_loaded('ffi')) {
            throw self::unusable('the extension ffi of PHP is not loaded');
        }
        $named = getenv('VOICECALL_LIBRARY');
        if ($named !== false && $named !== '') {
            return FFI::cdef(file_get_contents(self::HEADER), $named);
        }
        try {
            return FFI::scope(self::SCOPE);
        } catch (FFI\Exception) {
            // Nobody has preloaded it.
            return FFI::cdef(file_get_contents(self::HEADER), self::file());
        }
    }

    /** The library's file: the one in the package, or a name that the system's loader looks for. */
    private static function file(): string
    {
        $version = Numbers::ABI_VERSION;
        $name = match (PHP_OS_FAMILY) {
            'Windows' => 'voicecall.dll',
            'Darwin' => "libvoicecall.$version.dylib",
            default => "libvoicecall.so.$version",
        };
        $bundled = self::BUNDLED . '/' . self::platform() . "/$name";
        return is_file($bundled) ? $bundled : $name;
    }

    /** The folder of this platform in the package. A machine may have the loaders of both C libraries; one is mapped. */
    private static function platform(): string
    {
        $system = strtolower(PHP_OS_FAMILY);
        $mapped = $system === 'linux' ? @file_get_contents('/proc/self/maps') : '';
        return $system . (str_contains((string) $mapped, '/ld-musl-') ? '-musl-' : '-') . php_uname('m');
    }

    private static function unusable(string $why): ConfigurationException
    {
        return new ConfigurationException([
            'kind' => 'configuration',
            'delivery' => 'not_sent',
            'retry' => 'after_fix',
            'message' => "libvoicecall cannot be used: $why",
            'advice' => 'Install libvoicecall, or name its file in VOICECALL_LIBRARY; enable FFI (ffi.enable), or preload '
                . 'this package.',
        ]);
    }
}
