<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

use FFI;
use FFI\CData;

/**
 * A list of texts as an array of addresses, for the length of one call.
 *
 * @internal
 */
final class TextList extends Lent
{
    /** What the addresses point into. */
    private readonly CData $bytes;

    /**
     * @param list<string> $texts what comes from a stranger's headers: a NUL becomes a question mark, and does not throw
     */
    public function __construct(Library $library, array $texts)
    {
        if ($texts === []) {
            parent::__construct(null);
            return;
        }
        $texts = array_map(static fn (string $text): string => strtr($text, "\0", '?') . "\0", $texts);
        $all = implode('', $texts);
        $this->bytes = $library->ffi->new('char[' . strlen($all) . ']');
        FFI::memcpy($this->bytes, $all, strlen($all));
        $addresses = $library->ffi->new('const char *[' . count($texts) . ']');
        $next = $library->ffi->cast('char *', FFI::addr($this->bytes));
        foreach ($texts as $index => $text) {
            $addresses[$index] = $next;
            $next += strlen($text);
        }
        parent::__construct($addresses);
    }
}
