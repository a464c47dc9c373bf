<?php

declare(strict_types=1);

namespace VoiceCall\Internal;

/**
 * A JSON document of the library, on its way from or to PHP's arrays.
 *
 * @internal
 */
final class Value
{
    public function __construct(public readonly Handle $handle)
    {
    }

    /**
     * An object with these members; what is null is not set.
     *
     * @param array<string, mixed> $members
     */
    public static function of(#[\SensitiveParameter] array $members): self
    {
        return self::parse(self::written($members));
    }

    /**
     * The same as JSON text.
     *
     * @param array<string, mixed> $members
     */
    public static function written(#[\SensitiveParameter] array $members): string
    {
        foreach ($members as $name => $member) {
            if ($member === null) {
                unset($members[$name]);
            }
        }
        return Json::encode((object) $members);
    }

    /**
     * A list of objects: an empty array in it is an object without members.
     *
     * @param array<mixed>|null $items
     *
     * @return array<mixed>|null
     */
    public static function objects(#[\SensitiveParameter] ?array $items): ?array
    {
        return $items === null ? null : array_map(static fn (mixed $item): mixed => is_array($item) ? (object) $item : $item, $items);
    }

    public static function parse(#[\SensitiveParameter] string $json): self
    {
        return self::make('voicecall_value_parse', $json, strlen($json));
    }

    /** What a function of the library makes. */
    public static function make(string $function, #[\SensitiveParameter] mixed ...$arguments): self
    {
        $handle = Library::get()->make('value', $function, ...$arguments);
        return new self($handle ?? throw new \OutOfBoundsException("$function: there is no such record"));
    }

    /** The document as PHP has it: objects become arrays. */
    public function decoded(): mixed
    {
        return json_decode($this->json(), true, 512, JSON_THROW_ON_ERROR);
    }

    public function json(): string
    {
        return Text::of('voicecall_value_print', $this->handle, '');
    }
}
