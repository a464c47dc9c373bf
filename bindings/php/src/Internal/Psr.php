<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

use Psr\Http\Message\MessageInterface;

/**
 * Requests of PSR-7. This package needs its interfaces only where a program uses them.
 *
 * @internal
 */
final class Psr
{
    /**
     * The raw body. Reading it as text starts at its beginning again, where the stream can.
     *
     * @throws \LogicException Something has read it, and it cannot be read again.
     */
    public static function body(MessageInterface $request): string
    {
        $body = (string) $request->getBody();
        if ($body === '' && ($request->getHeaderLine('Content-Length') > 0 || $request->hasHeader('Transfer-Encoding'))) {
            throw new \LogicException('The body of a webhook was read before the receiver got it. Put the receiver before every middleware that reads requests, or give the request a stream that can be rewound.');
        }
        return $body;
    }
}
