<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

/**
 * The headers of a request as two lists. A header that came more than once stands in them as often.
 *
 * @internal
 */
final class Headers
{
    /** @var list<string> */
    public readonly array $names;

    /** @var list<string> */
    public readonly array $values;

    /** @param array<string, string|list<string>> $headers */
    public function __construct(#[\SensitiveParameter] array $headers)
    {
        $names = $values = [];
        foreach ($headers as $name => $all) {
            foreach ((array) $all as $value) {
                is_scalar($value) || throw new \TypeError('A header is a text, or a list of texts.');
                $names[] = (string) $name;
                $values[] = (string) $value;
            }
        }
        $this->names = $names;
        $this->values = $values;
    }

    /**
     * The headers as PHP has them beside other variables: `HTTP_X_AKSK` is `X-AKSK`.
     *
     * @param array<string, mixed> $server
     *
     * @return array<string, string>
     */
    public static function ofServer(#[\SensitiveParameter] array $server): array
    {
        $headers = [];
        foreach ($server as $name => $value) {
            if (is_string($value) && str_starts_with((string) $name, 'HTTP_')) {
                $headers[strtr(substr($name, strlen('HTTP_')), '_', '-')] = $value;
            }
        }
        // Apache keeps this one from scripts, unless a rewriting rule brings it back under this name.
        if (!isset($headers['AUTHORIZATION']) && isset($server['REDIRECT_HTTP_AUTHORIZATION'])) {
            $headers['AUTHORIZATION'] = $server['REDIRECT_HTTP_AUTHORIZATION'];
        }
        return $headers;
    }
}
